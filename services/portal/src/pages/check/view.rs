//! A verdict with everything that it rests on.

use std::collections::BTreeMap;

use diligence::{About, Detail, Facts, Permit, Policy, Rests, Severity, StandingFacts, Term, Value, Verdict};
use event::LotId;
use inquiry::check::facts::Gathered;
use rpc::audit::GetCheckpointResponse;
use rpc::progress::Standing;
use serde::Serialize;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::asked::{Asked, Chosen};
use crate::pages::lot::facts::LotFacts;
use crate::shell::{Named, word_key};

/// A verdict, by whose policy, why, of what facts, and as of when: a dossier.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = Verdict)]
pub(crate) struct View {
    /// The stream position this is true of.
    pub(crate) position: u64,
    /// The instant at which clocks were read, in milliseconds since 1970.
    pub(crate) evaluated_at_unix_ms: i64,
    /// The lot.
    pub(crate) lot: LotFacts,
    /// The policy; absent where nobody named one, and what follows counts whatever a policy says.
    pub(crate) policy: Option<OfPolicy>,
    /// `eligible`, `needs-a-person` or `not-eligible`; absent where nobody named a policy.
    pub(crate) outcome: Option<&'static str>,
    /// Why, the worst first.
    pub(crate) reasons: Vec<Reason>,
    /// What was checked and holds.
    pub(crate) checked: Vec<&'static str>,
    /// Where its gold was dug and by whom, the largest part first.
    pub(crate) origins: Vec<Origin>,
    /// Kinds of documents that statements name, each with one that does.
    pub(crate) documents: Vec<Document>,
    /// How many facts were not gathered.
    pub(crate) left_out: u32,
    /// The log's latest checkpoint; absent where the log is away.
    pub(crate) checkpoint: Option<Checkpoint>,
    /// What no verdict says.
    pub(crate) caveat: &'static str,
}

/// By what was judged.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BuyerPolicy)]
pub(crate) struct OfPolicy {
    /// What its author calls it.
    pub(crate) name: String,
    /// Under which name it comes with the portal; absent where it is the reader's own.
    pub(crate) shipped: Option<&'static str>,
    /// The SHA-256 of its text, in hexadecimal.
    pub(crate) sha256: String,
    /// All of it.
    pub(crate) text: String,
}

/// One reason.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Reason {
    /// What it leads to: `not-eligible`, `needs-a-person` or `noted`.
    pub(crate) severity: &'static str,
    /// Which term it comes from.
    pub(crate) term: &'static str,
    /// Its kind.
    pub(crate) kind: &'static str,
    /// What it says, by a name that never changes.
    pub(crate) detail: &'static str,
    /// The values in it.
    pub(crate) values: BTreeMap<&'static str, Json>,
    /// What it says, in English.
    pub(crate) text: String,
    /// About whom or what.
    pub(crate) about: Subject,
    /// The share of the gold that is concerned, in parts per million; absent where it is not known, or is all of it.
    pub(crate) share_ppm: Option<u32>,
    /// The statements that it rests on; none where nobody said anything.
    pub(crate) rests_on: Vec<Stated>,
    #[serde(skip)]
    pub(crate) said: Detail,
}

/// About whom or what a reason is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Subject {
    /// `lot`, `site` or `organization`.
    pub(crate) kind: &'static str,
    /// Which one; a lot has no name.
    #[serde(flatten)]
    pub(crate) named: Named,
}

/// A statement that something rests on.
#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = StatementAt)]
pub(crate) struct Stated {
    /// Its position in the stream.
    pub(crate) position: u64,
    /// Which one, in hexadecimal.
    pub(crate) statement_id: String,
}

/// A part of the gold.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = VerdictOrigin)]
pub(crate) struct Origin {
    /// Where it was dug.
    pub(crate) site: Named,
    /// Who declared it.
    pub(crate) organization: Named,
    /// The country of the site, in two letters; empty where it is not known.
    pub(crate) country: String,
    /// Which part of the gold in the lot, in parts per million.
    pub(crate) share_ppm: u32,
    /// How much gold it is, in micrograms; absent where that is not known.
    pub(crate) fine_ug: Option<u64>,
    /// Its first declaration.
    pub(crate) first: Stated,
    /// Its last declaration.
    pub(crate) last: Stated,
    /// How the organization stood at each of these; empty where that is not known.
    pub(crate) then: Vec<Stood>,
    /// How it stands; absent where that is not known.
    pub(crate) now: Option<Stood>,
    /// Whether a permit covered every declaration: `in-force`, `not-in-force`, `none-recorded` or `not-known`.
    pub(crate) permit: &'static str,
    /// The statement that says so.
    pub(crate) permit_rests_on: Option<Stated>,
}

/// How an organization stands at one time.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StandingOfDay)]
pub(crate) struct Stood {
    /// The standing that follows from the record, such as `standing-candidate`.
    pub(crate) standing: String,
    /// Of which position.
    pub(crate) position: u64,
    /// Of which day, such as `2026-01-31`.
    pub(crate) day: String,
    /// What made it so; absent where time alone did.
    pub(crate) since: Option<Stated>,
    /// How many incidents are open.
    pub(crate) open_incidents: u32,
}

/// A document that a statement names.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Document {
    /// Its kind, such as `export-certificate`.
    pub(crate) kind: String,
    /// The statement that names it.
    pub(crate) rests_on: Stated,
}

/// A checkpoint of the log, as it is. Whether it holds, whoever keeps it checks himself.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Checkpoint {
    /// The signed note.
    pub(crate) note: String,
    /// Of how many entries it is.
    pub(crate) tree_size: u64,
    /// The root of the tree, in hexadecimal.
    pub(crate) root: String,
}

impl View {
    pub(crate) fn new(
        gathered: &Gathered,
        facts: &Facts,
        verdict: &Verdict,
        policy: Option<OfPolicy>,
        checkpoint: Option<Checkpoint>,
    ) -> Self {
        let origins = facts.origins.iter().zip(&gathered.origins);
        let documents = facts.documents.iter().map(|document| Document {
            kind: document.kind.to_string(),
            rests_on: document.rests_on.into(),
        });
        Self {
            position: facts.position.get(),
            evaluated_at_unix_ms: gathered.lot.evaluated_at_unix_ms,
            lot: gathered.lot.lot.clone().unwrap_or_default().into(),
            outcome: policy.as_ref().map(|_| verdict.outcome.name()),
            policy,
            reasons: verdict
                .reasons
                .iter()
                .map(|reason| Reason::new(reason, facts))
                .collect(),
            checked: verdict.checked.iter().copied().map(Term::name).collect(),
            origins: origins
                .map(|(origin, told)| Origin::new(origin, told.share_ppm))
                .collect(),
            documents: documents.collect(),
            left_out: facts.left_out,
            checkpoint,
            caveat: diligence::CAVEAT,
        }
    }

    /// The lot alone, where its policy is faulty.
    pub(crate) fn without_verdict(id: LotId) -> Self {
        Self {
            lot: LotFacts {
                lot_id: id.to_string(),
                ..LotFacts::default()
            },
            ..Self::default()
        }
    }

    /// How its banner is drawn.
    pub(crate) fn weighs(&self) -> &'static str {
        self.outcome.map_or("", |outcome| match outcome {
            "eligible" => "good",
            "not-eligible" => "bad",
            _ => "warn",
        })
    }
}

impl OfPolicy {
    pub(crate) fn new(policy: &Policy, asked: &Asked) -> Self {
        let (shipped, text) = match &asked.chosen {
            Chosen::Nothing => (None, ""),
            Chosen::Shipped(name, text) => (Some(*name), *text),
            Chosen::Own(text) => (None, text.as_str()),
        };
        Self {
            name: policy.name().to_owned(),
            shipped,
            sha256: hex::encode(Sha256::digest(text)),
            text: text.to_owned(),
        }
    }
}

impl Reason {
    fn new(reason: &diligence::Reason, facts: &Facts) -> Self {
        let values = reason.detail.values();
        Self {
            severity: reason.severity.name(),
            term: reason.term.name(),
            kind: reason.kind.name(),
            detail: reason.detail.name(),
            values: values.into_iter().map(|(name, value)| (name, plain(value))).collect(),
            text: reason.detail.to_string(),
            about: subject(reason.about, facts),
            share_ppm: reason.share_ppm,
            rests_on: reason.rests_on.iter().copied().map(Stated::from).collect(),
            said: reason.detail.clone(),
        }
    }

    /// How its chip is drawn.
    pub(crate) fn chip(&self) -> &'static str {
        match self.severity {
            severity if severity == Severity::NotEligible.name() => "bad",
            severity if severity == Severity::NeedsPerson.name() => "warn",
            _ => "none",
        }
    }
}

/// A value for programs.
fn plain(value: Value) -> Json {
    match value {
        Value::Text(text) => text.into(),
        Value::Number(number) => number.into(),
        Value::Ppm(ppm) => ppm.into(),
        Value::Day(day) => day.to_string().into(),
        Value::Words { words, .. } => json!(words),
        Value::Slugs(slugs) => slugs.iter().map(ToString::to_string).collect(),
        Value::Countries(countries) => countries.iter().map(ToString::to_string).collect(),
    }
}

fn subject(about: About, facts: &Facts) -> Subject {
    let origins = &facts.origins;
    let (kind, id, name) = match about {
        About::Lot(id) => ("lot", id.to_string(), None),
        About::Site(id) => {
            let site = origins.iter().map(|origin| &origin.site).find(|site| site.id == id);
            ("site", id.to_string(), site.map(|site| site.name.clone()))
        }
        About::Organization(id) => {
            let mut known = origins.iter().map(|origin| &origin.organization);
            let known = known.find(|organization| organization.id == id);
            ("organization", id.to_string(), known.map(|known| known.name.clone()))
        }
    };
    Subject {
        kind,
        named: Named {
            id,
            name: name.unwrap_or_default(),
        },
    }
}

impl From<Rests> for Stated {
    fn from(rests: Rests) -> Self {
        Self {
            position: rests.position.get(),
            statement_id: rests.statement.to_string(),
        }
    }
}

impl<Id: ToString> From<&diligence::Named<Id>> for Named {
    fn from(named: &diligence::Named<Id>) -> Self {
        Self {
            id: named.id.to_string(),
            name: named.name.clone(),
        }
    }
}

impl Origin {
    fn new(origin: &diligence::Origin, share_ppm: u32) -> Self {
        let (permit, rests_on) = match origin.permit {
            Some(Permit::InForce(rests_on)) => ("in-force", Some(rests_on)),
            Some(Permit::NotInForce(rests_on)) => ("not-in-force", Some(rests_on)),
            Some(Permit::NoneRecorded) => ("none-recorded", None),
            None => ("not-known", None),
        };
        Self {
            site: (&origin.site).into(),
            organization: (&origin.organization).into(),
            country: origin.country.map(|country| country.to_string()).unwrap_or_default(),
            share_ppm,
            fine_ug: origin.fine_mass.map(event::Mass::micrograms),
            first: origin.first.rests_on.into(),
            last: origin.last.rests_on.into(),
            then: origin.standings_then.iter().map(Stood::from).collect(),
            now: origin.standing_now.as_ref().map(Stood::from),
            permit,
            permit_rests_on: rests_on.map(Stated::from),
        }
    }
}

impl From<&StandingFacts> for Stood {
    fn from(facts: &StandingFacts) -> Self {
        Self {
            standing: word_key(Standing::from(facts.standing).as_str_name()),
            position: facts.position.get(),
            day: facts.day.to_string(),
            since: facts.since.map(Stated::from),
            open_incidents: facts.open_incidents,
        }
    }
}

impl From<GetCheckpointResponse> for Checkpoint {
    fn from(answer: GetCheckpointResponse) -> Self {
        Self {
            note: String::from_utf8_lossy(&answer.checkpoint_note).into_owned(),
            tree_size: answer.tree_size,
            root: hex::encode(answer.root),
        }
    }
}
