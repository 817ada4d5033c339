//! `veta audit publish`: the log as a directory that any web server can serve.

use std::path::Path;
use std::time::Duration;

use indicatif::ProgressBar;
use remote::log::{Address, RemoteLog};
use serde_json::json;
use tlog::policy::Policy;
use tokio::time::sleep;

use crate::mirror::{Copied, Mirror, MirrorError};
use crate::print;
use crate::submit::bar;
use crate::trouble::{Done, Trouble};

/// What is published, and where.
#[derive(Debug)]
pub struct Publishing {
    mirror: Mirror,
    source: RemoteLog,
    policy: Policy,
    json: bool,
}

impl Publishing {
    /// Connects to nothing yet.
    pub fn new(dir: &Path, source: &Address, policy: Policy, json: bool) -> Done<Self> {
        Ok(Self {
            mirror: Mirror::open(dir)?,
            source: RemoteLog::new(source).map_err(MirrorError::from)?,
            policy,
            json,
        })
    }

    /// Publishes what there is now.
    pub async fn once(&self) -> Done {
        self.tell(&self.copy().await?);
        Ok(())
    }

    /// Publishes what there is, and every `interval` what is new, until it is interrupted. A source that does not answer for a
    /// while is waited for; one that contradicts what was published ends it.
    pub async fn follow(&self, interval: Duration) -> Done {
        loop {
            match self.copy().await {
                Ok(copied) if copied.noted => self.tell(&copied),
                Ok(_) => {}
                Err(error) if error.is_passing() => tracing::warn!(%error, "Nothing new could be published"),
                Err(error) => return Err(error.into()),
            }
            sleep(interval).await;
        }
    }

    async fn copy(&self) -> Result<Copied, MirrorError> {
        let mut shown: Option<ProgressBar> = None;
        let copied = self
            .mirror
            .copy(&self.source, &self.policy, |done, of| {
                let length = usize::try_from(of.get()).unwrap_or(usize::MAX);
                let bar = shown.get_or_insert_with(|| bar(length, "publishing"));
                bar.set_position(done.get());
            })
            .await;
        if let Some(bar) = shown {
            bar.finish_and_clear();
        }
        copied
    }

    fn tell(&self, copied: &Copied) {
        let checkpoint = &copied.checkpoint;
        if self.json {
            print::json(&json!({
                "origin": checkpoint.origin.to_string(),
                "size_before": copied.before.get(),
                "size": checkpoint.size.get(),
                "root": checkpoint.root.to_string(),
                "bundles_written": copied.bundles,
                "tiles_written": copied.tiles,
                "checkpoint_written": copied.noted,
            }));
            return;
        }
        print::line(format_args!("{} of {} entries", checkpoint.root, checkpoint.size));
        if copied.noted {
            print::line(format_args!(
                "{} entries are new; {} bundles and {} tiles written",
                checkpoint.size.get() - copied.before.get(),
                copied.bundles,
                copied.tiles
            ));
        } else {
            print::line("nothing new");
        }
    }
}

impl From<MirrorError> for Trouble {
    fn from(error: MirrorError) -> Self {
        if error.is_passing() {
            return Self::try_again(error);
        }
        Self::failed(error)
    }
}
