//! Following what changes.

use event::PartyId;
use rpc::progress::{Change, Standing, WatchChangesRequest};
use serde_json::{Value, json};
use tonic::transport::Channel;

use super::{in_words, instant};
use crate::print;
use crate::trouble::{Done, Trouble};

/// Who is watched, and how far it was told.
#[derive(Debug)]
pub struct Watch {
    organization: Option<PartyId>,
    after: u64,
    json: bool,
}

impl Watch {
    /// What touches an organization, or any, after a position.
    #[must_use]
    pub const fn new(organization: Option<PartyId>, after: u64, json: bool) -> Self {
        Self {
            organization,
            after,
            json,
        }
    }

    /// Prints every change as it comes, until nobody reads any more. A line that is cut ends it, with where to go on.
    pub async fn follow(&mut self, progress: &Channel) -> Done {
        let request = WatchChangesRequest {
            party_id: self.organization.map(|party| party.to_string()).unwrap_or_default(),
            after_position: self.after,
        };
        let mut client = rpc::client::progress(progress.clone());
        let mut changes = client.watch_changes(request).await?.into_inner();
        loop {
            let told = changes.message().await.map_err(|status| self.cut(status.message()))?;
            let told = told.ok_or_else(|| self.cut("the service is stopping"))?;
            self.after = told.position;
            let Some(change) = &told.change else {
                continue;
            };
            let line = if self.json {
                change_json(told.position, change).to_string()
            } else {
                change_words(told.position, change)
            };
            if !print::is_heard(line) {
                return Ok(());
            }
        }
    }

    /// For people: how to go on.
    pub fn tell_where_it_ended(&self) {
        if !self.json {
            print::line(format_args!("go on with --after {}", self.after));
        }
    }

    fn cut(&self, why: &str) -> Trouble {
        Trouble::try_again(format_args!("{why}: go on with --after {}", self.after))
    }
}

fn change_words(position: u64, change: &Change) -> String {
    let source = change.source.clone().unwrap_or_default();
    let by = source.by.map(|by| by.name).unwrap_or_default();
    let said = format!(
        "{position} {} {} by {by}",
        instant(source.admitted_at_unix_ms),
        change.kind
    );
    let organization = change.organization.as_ref();
    let organization = organization.map(|party| format!(": {} ({})", party.name, party.party_id));
    let site = change.site.as_ref();
    let site = site.map(|site| format!(", {} ({})", site.name, site.site_id));
    let (before, after) = (change.standing_before(), change.standing_after());
    let words = |standing: Standing| match standing {
        Standing::Unspecified => "none".to_owned(),
        known => in_words(known.as_str_name(), "STANDING_"),
    };
    let standing = (before != after).then(|| format!("; standing {} -> {}", words(before), words(after)));
    [Some(said), organization, site, standing]
        .into_iter()
        .flatten()
        .collect()
}

fn change_json(position: u64, change: &Change) -> Value {
    let source = change.source.clone().unwrap_or_default();
    let standing = |standing: Standing| {
        let words = in_words(standing.as_str_name(), "STANDING_");
        (standing != Standing::Unspecified).then_some(words)
    };
    json!({
        "position": position,
        "kind": change.kind,
        "by": source.by.as_ref().map(|by| by.name.clone()),
        "by_id": source.by.as_ref().map(|by| by.party_id.clone()),
        "statement_id": source.statement_id,
        "admitted_at": instant(source.admitted_at_unix_ms),
        "organization": change.organization.as_ref().map(|party| party.party_id.clone()),
        "site": change.site.as_ref().map(|site| site.site_id.clone()),
        "standing_before": standing(change.standing_before()),
        "standing_after": standing(change.standing_after()),
    })
}
