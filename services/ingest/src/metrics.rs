//! What an operator sees of ingest.

use event::StreamPosition;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// Counters of one ingest process. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    position: Gauge,
    recorded: Counter,
    refused: Counter,
    unanswered: Counter,
    batches: Counter,
    records: Counter,
    conflicts: Counter,
    unknowns: Counter,
    malformed: Counter,
}

impl Metrics {
    /// Registers them with the prefix `ingest`.
    pub fn register(registry: &mut Registry) -> Self {
        let metrics = Self::default();
        let registry = registry.sub_registry_with_prefix("ingest");
        registry.register("position", "Stream position of the state", metrics.position.clone());
        registry.register("recorded", "Statements with a receipt", metrics.recorded.clone());
        registry.register("refused", "Statements the rules refused", metrics.refused.clone());
        registry.register(
            "malformed",
            "Submissions that are not a statement of anyone",
            metrics.malformed.clone(),
        );
        registry.register(
            "unanswered",
            "Statements with an unknown outcome",
            metrics.unanswered.clone(),
        );
        registry.register("batches", "Batches sent to the stream", metrics.batches.clone());
        registry.register("records", "Records sent to the stream", metrics.records.clone());
        registry.register(
            "conflicts",
            "Batches another writer was ahead of",
            metrics.conflicts.clone(),
        );
        registry.register(
            "unknowns",
            "Batches without an acknowledgement",
            metrics.unknowns.clone(),
        );
        metrics
    }

    pub(crate) fn position(&self, position: StreamPosition) {
        self.position.set(i64::try_from(position.get()).unwrap_or(i64::MAX));
    }

    pub(crate) fn batch(&self, records: usize) {
        self.batches.inc();
        self.records.inc_by(u64::try_from(records).unwrap_or(u64::MAX));
    }

    pub(crate) fn answered(&self, recorded: usize, refused: u64) {
        self.recorded.inc_by(u64::try_from(recorded).unwrap_or(u64::MAX));
        self.refused.inc_by(refused);
    }

    pub(crate) fn malformed(&self) {
        self.malformed.inc();
    }

    pub(crate) fn unanswered(&self) {
        self.unanswered.inc();
    }

    pub(crate) fn conflict(&self) {
        self.conflicts.inc();
    }

    pub(crate) fn unknown(&self) {
        self.unknowns.inc();
    }
}
