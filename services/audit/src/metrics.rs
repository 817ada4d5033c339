//! What an operator sees of the log.

use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// Figures of the log. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    /// Those of every view.
    pub view: views::Metrics,
    pub(crate) locked: Gauge,
    pub(crate) published: Gauge,
    pub(crate) cosigned: Gauge,
    pub(crate) short: Gauge,
    pub(crate) read_only: Gauge,
    pub(crate) witnesses: Family<Vec<(&'static str, String)>, Gauge>,
}

impl Metrics {
    /// Registers them with the prefix `log`, and those of the view, in the registry of one service.
    pub fn register(registry: &mut Registry) -> Self {
        let metrics = Self {
            view: views::Metrics::register(registry),
            ..Self::default()
        };
        let registry = registry.sub_registry_with_prefix("log");
        let gauges = [
            (
                "locked_size",
                "Leaves of the tree head that is held and signed",
                &metrics.locked,
            ),
            (
                "published_size",
                "Leaves of the published checkpoint",
                &metrics.published,
            ),
            (
                "newest_cosignature_seconds",
                "When the quorum of witnesses had cosigned the published checkpoint, in seconds since 1970",
                &metrics.cosigned,
            ),
            (
                "quorum_short",
                "1 while fewer witnesses than the quorum have cosigned the newest checkpoint",
                &metrics.short,
            ),
            ("read_only", "1 where nothing is signed any more", &metrics.read_only),
        ];
        for (name, help, gauge) in gauges {
            registry.register(name, help, gauge.clone());
        }
        registry.register(
            "witness_size",
            "Leaves that a witness has cosigned, as it said last",
            metrics.witnesses.clone(),
        );
        metrics
    }
}
