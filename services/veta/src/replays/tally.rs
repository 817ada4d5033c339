//! What changed between two positions.

use std::collections::BTreeMap;

use event::{LotId, PartyId, PublicKey, SiteId};
use ledger::Refusal;
use replay::{Step, Touched, Verdict};
use serde_json::{Value, json};
use tlog::map::MapKind;

use crate::print;

/// Things of one kind that are named; the rest are counted.
const NAMED_MAX: usize = 100;

/// What is counted from some entry on.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    admitted: BTreeMap<&'static str, u64>,
    refused: BTreeMap<u16, u64>,
    /// What statements were about, by its kind.
    touched: BTreeMap<MapKind, Things>,
}

/// Things of one kind. Which there are is known by the map: the first statement about a thing is its first.
#[derive(Clone, Debug, Default)]
struct Things {
    /// Statements about them.
    statements: u64,
    /// Those that no statement had named before.
    new: BTreeMap<Vec<u8>, u64>,
    /// Those that had been named before.
    changed: BTreeMap<Vec<u8>, u64>,
}

impl Tally {
    /// Counts what one entry did.
    pub(super) fn count(&mut self, step: &Step) {
        match &step.verdict {
            Verdict::Refused(refusal) => *self.refused.entry(refusal.code()).or_default() += 1,
            Verdict::Admitted(_) => {
                let kind = step.statement.as_ref().map(|said| said.event().kind().name());
                *self.admitted.entry(kind.unwrap_or("nothing")).or_default() += 1;
            }
        }
        let Ok(leaf) = step.logged() else { return };
        for (touched, (_, head)) in leaf.touched.iter().zip(&leaf.heads) {
            self.touched.entry(touched.kind).or_default().count(touched, head.count);
        }
    }

    /// As tables.
    pub(super) fn tell(&self) {
        let statements = self
            .admitted
            .iter()
            .map(|(kind, count)| [(*kind).to_owned(), count.to_string()]);
        print::table(["admitted", "statements"], statements);
        if !self.refused.is_empty() {
            let refused = self.refused.iter().map(|(code, count)| {
                let name = Refusal::from_code(*code).map_or("unknown", Refusal::name);
                [format!("{code} {name}"), count.to_string()]
            });
            print::table(["refused", "statements"], refused);
        }
        let rows = self.touched.iter().map(|(kind, things)| {
            let (new, changed) = (things.new.len().to_string(), things.changed.len().to_string());
            [kind.to_string(), new, changed, things.statements.to_string()]
        });
        print::table(["about", "new", "known before", "statements"], rows);
        for (kind, things) in &self.touched {
            for (what, some) in [("new", &things.new), ("changed", &things.changed)] {
                let named = some.iter().take(NAMED_MAX);
                for (id, statements) in named {
                    print::line(format_args!("{what:<8} {kind:<12} {} ({statements})", name(*kind, id)));
                }
                if NAMED_MAX < some.len() {
                    print::line(format_args!("and {} more", some.len() - NAMED_MAX));
                }
            }
        }
    }

    /// For programs.
    pub(super) fn to_json(&self) -> Value {
        let refused: BTreeMap<String, u64> = self.refused.iter().map(|(code, n)| (code.to_string(), *n)).collect();
        let touched: BTreeMap<&str, Value> = self
            .touched
            .iter()
            .map(|(kind, things)| (kind.as_str(), things.to_json(*kind)))
            .collect();
        json!({"admitted": self.admitted, "refused": refused, "about": touched})
    }
}

impl Things {
    fn count(&mut self, touched: &Touched, statements: u64) {
        self.statements += 1;
        let known = if let Some(new) = self.new.get_mut(&touched.id) {
            new
        } else if statements == 1 {
            self.new.entry(touched.id.clone()).or_default()
        } else {
            self.changed.entry(touched.id.clone()).or_default()
        };
        *known += 1;
    }

    fn to_json(&self, kind: MapKind) -> Value {
        let named = |some: &BTreeMap<Vec<u8>, u64>| -> Value {
            some.iter()
                .take(NAMED_MAX)
                .map(|(id, statements)| json!({"id": name(kind, id), "statements": statements}))
                .collect()
        };
        json!({
            "statements": self.statements,
            "new_count": self.new.len(),
            "new": named(&self.new),
            "changed_count": self.changed.len(),
            "changed": named(&self.changed),
        })
    }
}

/// An id as people write it.
fn name(kind: MapKind, id: &[u8]) -> String {
    let short = || <[u8; 16]>::try_from(id).ok();
    let named = match kind {
        MapKind::Lot => short().map(|id| LotId::from_bytes(id).to_string()),
        MapKind::Party => short().map(|id| PartyId::from_bytes(id).to_string()),
        MapKind::Site => short().map(|id| SiteId::from_bytes(id).to_string()),
        MapKind::Key => <[u8; 32]>::try_from(id)
            .ok()
            .map(|id| PublicKey::from_bytes(id).to_string()),
        MapKind::Seal | MapKind::Certificate | MapKind::Bar => {
            core::str::from_utf8(id).ok().map(|text| text.replace('\n', ":"))
        }
        MapKind::Policy | MapKind::Progress => None,
    };
    named.unwrap_or_else(|| data_encoding::HEXLOWER.encode(id))
}
