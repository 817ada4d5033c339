//! What a replay came to, in words and for programs.

use serde_json::{Value, json};
use tlog::TreeSize;
use tlog::cosignature::CosignTime;

use super::comparison::{Signed, Verdict};
use super::course::{Mark, Outcome};
use crate::print;
use crate::trust::instant;

/// Everything that is told at the end.
#[derive(Debug)]
pub(super) struct Told<'a> {
    /// The state that was asked about.
    pub(super) state: &'a Mark,
    pub(super) outcome: &'a Outcome,
    pub(super) signed: Option<&'a Signed>,
    pub(super) verdict: Verdict,
    /// The two positions between which was counted.
    pub(super) between: Option<(TreeSize, TreeSize)>,
    pub(super) entries_per_second: u64,
}

impl Verdict {
    /// How the last line begins.
    pub(super) const fn in_words(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::NotCosigned => "equal, but NOT COSIGNED as the policy asks",
            Self::Different => "DIFFERENT",
            Self::NotCompared => "not compared with any checkpoint",
        }
    }
}

impl Told<'_> {
    /// As tables and lines.
    pub(super) fn tell(&self) {
        let Self { outcome, .. } = self;
        self.tell_findings();
        if let Some((from, to)) = self.between {
            print::line(format_args!("\nfrom position {from} to {to}:"));
            outcome.tally.tell();
            if let Some(mark) = outcome.marks.get(&from) {
                print::line(format_args!("\nat position {from}"));
                tell_mark(mark);
            }
        }
        print::line("");
        tell_mark(self.state);
        if let Some(signed) = self.signed {
            tell_signed(signed);
        }
        print::line(format_args!("{} entries a second", self.entries_per_second));
        print::line(format_args!("replay: {}", self.verdict.in_words()));
    }

    fn tell_findings(&self) {
        let findings = &self.outcome.findings;
        let rows = findings.shown().into_iter().map(|finding| {
            let (index, kind) = (finding.index.to_string(), finding.kind.name().to_owned());
            [index, kind, finding.what.clone()]
        });
        if 0 < findings.count() {
            print::table(["entry", "finding", "what"], rows);
        }
        let counts = findings.counts();
        let each: Vec<String> = counts.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        let of = if each.is_empty() {
            String::new()
        } else {
            format!(": {}", each.join(", "))
        };
        print::line(format_args!("{} findings{of}", findings.count()));
    }

    /// One value.
    pub(super) fn to_json(&self) -> Value {
        let Self { outcome, .. } = self;
        let mut told = mark_json(self.state);
        let more = json!({
            "findings": outcome.findings.to_json(),
            "findings_count": outcome.findings.count(),
            "findings_by_kind": outcome.findings.counts(),
            "compared": self.verdict != Verdict::NotCompared,
            "equal": matches!(self.verdict, Verdict::Equal | Verdict::NotCosigned),
            "entries_per_second": self.entries_per_second,
        });
        extend(&mut told, more);
        if let Some(signed) = self.signed {
            extend(&mut told, signed_json(signed));
        }
        if let Some((from, _)) = self.between {
            let before = outcome.marks.get(&from).map(mark_json);
            extend(&mut told, json!({"from": before, "changes": outcome.tally.to_json()}));
        }
        told
    }
}

fn tell_mark(mark: &Mark) {
    print::line(format_args!("position      {}", mark.head.size));
    if let Some(digest) = mark.ledger {
        print::line(format_args!("ledger digest {digest}"));
    }
    print::line(format_args!("root          {}", mark.head.root));
    print::line(format_args!("map root      {}", mark.map_root));
}

fn tell_signed(signed: &Signed) {
    let checkpoint = &signed.checkpoint;
    print::line(format_args!(
        "checkpoint    {} of {} entries",
        checkpoint.root, checkpoint.size
    ));
    if signed.by_own_key {
        print::line(
            "              by the key that the source itself names: compare it with the one that its operator published",
        );
    }
    match &signed.cosigned {
        Err(why) => print::line(format_args!("cosigned      {why}")),
        Ok(cosigned) => {
            for (name, time) in &cosigned.by {
                print::line(format_args!("cosigned      by {name} at {}", instant(*time)));
            }
        }
    }
}

fn mark_json(mark: &Mark) -> Value {
    json!({
        "position": mark.head.size.get(),
        "ledger_digest": mark.ledger.map(|digest| digest.to_string()),
        "root": mark.head.root.to_string(),
        "map_root": mark.map_root.to_string(),
    })
}

fn signed_json(signed: &Signed) -> Value {
    let checkpoint = &signed.checkpoint;
    let cosigned = signed.cosigned.as_ref().ok();
    let by: Vec<Value> = cosigned
        .iter()
        .flat_map(|cosigned| &cosigned.by)
        .map(|(name, time)| json!({"name": name.to_string(), "unix_seconds": time.get()}))
        .collect();
    json!({
        "origin": checkpoint.origin.to_string(),
        "checkpoint_size": checkpoint.size.get(),
        "checkpoint_root": checkpoint.root.to_string(),
        "key_named_by_source": signed.by_own_key,
        "quorum": cosigned.is_some(),
        "quorum_lacking": signed.cosigned.as_ref().err(),
        "cosigned_by": by,
        "as_of_unix_seconds": cosigned.and_then(|cosigned| cosigned.as_of).map(CosignTime::get),
    })
}

fn extend(told: &mut Value, more: Value) {
    if let (Value::Object(told), Value::Object(more)) = (told, more) {
        told.extend(more);
    }
}
