//! What an operator sees of a witness.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use tlog::{Origin, TreeSize};

use crate::store::Kept;

/// Figures of one witness. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    answers: Family<[(&'static str, String); 1], Counter>,
    sizes: Family<[(&'static str, String); 1], Gauge>,
    times: Family<[(&'static str, String); 1], Gauge>,
    replayed: Family<[(&'static str, String); 1], Gauge>,
}

impl Metrics {
    /// Registers them with the prefix `witness`.
    pub fn register(registry: &mut Registry) -> Self {
        let metrics = Self::default();
        let registry = registry.sub_registry_with_prefix("witness");
        registry.register("answers", "Requests to cosign, by status", metrics.answers.clone());
        registry.register(
            "cosigned_size",
            "Leaves of the tree cosigned last",
            metrics.sizes.clone(),
        );
        registry.register(
            "cosigned_at_seconds",
            "When a checkpoint was cosigned last, since 1970",
            metrics.times.clone(),
        );
        registry.register("replayed_size", "Leaves replayed", metrics.replayed.clone());
        metrics
    }

    pub(crate) fn answered(&self, status: u16) {
        self.answers.get_or_create(&[("status", status.to_string())]).inc();
    }

    pub(crate) fn cosigned(&self, origin: &Origin, kept: Option<&Kept>) {
        let Some(kept) = kept else { return };
        let log = [("log", origin.to_string())];
        self.sizes
            .get_or_create(&log)
            .set(as_figure(kept.checkpoint.size.get()));
        if let Some(time) = kept.time {
            self.times.get_or_create(&log).set(as_figure(time.get()));
        }
    }

    pub(crate) fn replayed(&self, origin: &Origin, size: TreeSize) {
        let log = [("log", origin.to_string())];
        self.replayed.get_or_create(&log).set(as_figure(size.get()));
    }
}

fn as_figure(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
