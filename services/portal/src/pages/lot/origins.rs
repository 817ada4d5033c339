//! Where the gold in a lot comes from, and how those who declared it stood and stand.

use std::collections::BTreeMap;

use rpc::custody::{Declaration, GetOriginsResponse, Origin, SitePermit};
use rpc::progress::{StandingAsked, StandingEntry};
use serde::Serialize;
use utoipa::ToSchema;

use crate::shell::{Named, word_key};

/// Where the gold comes from: the largest parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Origins {
    /// The largest part first.
    pub(crate) parts: Vec<Part>,
    /// How many parts there are, of which these are the largest.
    pub(crate) total: u32,
}

/// A part of the gold in a lot: what one organization declared of one site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Origin)]
pub(crate) struct Part {
    /// Where it was dug.
    pub(crate) site: Named,
    /// The country of the site, in two letters; empty where it is not known.
    pub(crate) country: String,
    /// Who declared it.
    pub(crate) operator: Named,
    /// How much gold it is, in micrograms; absent where the gold in the lot is not known.
    pub(crate) fine_ug: Option<u64>,
    /// Which part of the gold in the lot, in parts per million.
    pub(crate) share_ppm: u32,
    /// How many declared lots it comes from.
    pub(crate) lots: u32,
    /// Its first declaration.
    pub(crate) first: Declared,
    /// Its last declaration.
    pub(crate) last: Declared,
    /// The permit that covered the last declaration, as it was known then; absent where none did.
    pub(crate) permit_then: Option<Permit>,
    /// The permit that is in force now; absent where none is.
    pub(crate) permit_now: Option<Permit>,
}

/// The declaration of a lot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Declaration)]
pub(crate) struct Declared {
    /// Which lot.
    pub(crate) lot_id: String,
    /// The statement, in hexadecimal.
    pub(crate) statement_id: String,
    /// Its position in the stream.
    pub(crate) position: u64,
    /// When it was admitted, in milliseconds since 1970.
    pub(crate) admitted_at_unix_ms: i64,
}

/// A permit that covers a site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = OriginPermit)]
pub(crate) struct Permit {
    /// Its id: `permit-…`.
    pub(crate) permit_id: String,
    /// Its number in the register.
    pub(crate) number: String,
    /// Who issued it.
    pub(crate) authority: String,
    /// How it was last said to stand, such as `permit-status-in-force`.
    pub(crate) status: String,
    /// The last day on which it is valid, such as `2027-01-31`; empty where it has none.
    pub(crate) until: String,
    /// The position of the statement that says how it stands.
    pub(crate) position: u64,
}

/// How an organization stood when it last declared gold that is in the lot, and how it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = StandingsThenAndNow)]
pub(crate) struct Standings {
    /// Which one.
    pub(crate) organization: Named,
    /// Its last declaration of gold that is in the lot.
    pub(crate) declared: Declared,
    /// How it stood then; absent where that is not known.
    pub(crate) then: Option<Standing>,
    /// How it stands; absent where that is not known.
    pub(crate) now: Option<Standing>,
}

/// How an organization stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BriefStanding)]
pub(crate) struct Standing {
    /// The word, such as `standing-candidate`.
    pub(crate) standing: String,
    /// Since when without a break, in milliseconds since 1970.
    pub(crate) since_unix_ms: i64,
    /// The position of the statement that made it so; 0 where time alone did.
    pub(crate) since_position: u64,
    /// Incidents that are open, of it and at its sites.
    pub(crate) open_incidents: u32,
}

impl From<GetOriginsResponse> for Origins {
    fn from(answer: GetOriginsResponse) -> Self {
        Self {
            parts: answer.origins.into_iter().map(Part::from).collect(),
            total: answer.origins_total,
        }
    }
}

impl From<Origin> for Part {
    fn from(origin: Origin) -> Self {
        Self {
            site: origin.site.map(Named::from).unwrap_or_default(),
            country: origin.country,
            operator: origin.operator.map(Named::from).unwrap_or_default(),
            fine_ug: origin.fine_mass_micrograms,
            share_ppm: origin.share_ppm,
            lots: origin.lots,
            first: origin.first.map(Declared::from).unwrap_or_default(),
            last: origin.last.map(Declared::from).unwrap_or_default(),
            permit_then: origin.permit_then.map(Permit::from),
            permit_now: origin.permit_now.map(Permit::from),
        }
    }
}

impl From<Declaration> for Declared {
    fn from(declaration: Declaration) -> Self {
        Self {
            lot_id: declaration.lot_id,
            statement_id: declaration.statement_id,
            position: declaration.position,
            admitted_at_unix_ms: declaration.admitted_at_unix_ms,
        }
    }
}

impl From<SitePermit> for Permit {
    fn from(permit: SitePermit) -> Self {
        Self {
            status: word_key(permit.status().as_str_name()),
            permit_id: permit.permit_id,
            number: permit.number.unwrap_or_default().value,
            authority: permit.authority,
            until: permit.until,
            position: permit.position,
        }
    }
}

/// The last declaration of each organization among the parts, in the order of the parts.
fn declared_last(parts: &[Part]) -> Vec<(&Named, &Declared)> {
    let mut places = BTreeMap::new();
    let mut last: Vec<(&Named, &Declared)> = Vec::new();
    for part in parts {
        let place = *places.entry(part.operator.id.as_str()).or_insert_with(|| {
            last.push((&part.operator, &part.last));
            last.len() - 1
        });
        if last[place].1.position < part.last.position {
            last[place].1 = &part.last;
        }
    }
    last
}

/// What is asked about the standings of those who declared these parts: of each, then and now.
pub(super) fn standings_asked(parts: &[Part]) -> Vec<StandingAsked> {
    let asked = |party: &Named, as_of_position| StandingAsked {
        party_id: party.id.clone(),
        as_of_position,
    };
    let both = declared_last(parts)
        .into_iter()
        .flat_map(|(party, last)| [asked(party, last.position), asked(party, 0)]);
    both.collect()
}

/// The answers to [`standings_asked`].
pub(super) fn standings(parts: &[Part], entries: &[StandingEntry]) -> Vec<Standings> {
    let told = declared_last(parts).into_iter().zip(entries.chunks(2));
    told.map(|((party, last), entries)| Standings {
        organization: party.clone(),
        declared: last.clone(),
        then: entries.first().and_then(standing),
        now: entries.get(1).and_then(standing),
    })
    .collect()
}

fn standing(entry: &StandingEntry) -> Option<Standing> {
    let brief = entry.standing.as_ref()?;
    Some(Standing {
        standing: word_key(brief.standing().as_str_name()),
        since_unix_ms: brief.since_unix_ms,
        since_position: brief.since.as_ref().map_or(0, |since| since.position),
        open_incidents: brief.open_incidents,
    })
}

impl Standing {
    /// How it is shown beside its word.
    pub(crate) fn chip(&self) -> &'static str {
        match self.standing.as_str() {
            "standing-candidate" | "standing-affiliate" => "good",
            "standing-suspended" => "bad",
            "standing-lapsed" => "warn",
            _ => "none",
        }
    }
}

#[cfg(test)]
mod tests {
    use rpc::progress::{Standing as Word, StandingBrief, StatementAt};

    use super::*;

    fn part(operator: &str, last: u64) -> Part {
        Part {
            operator: Named {
                id: operator.to_owned(),
                name: String::new(),
            },
            last: Declared {
                position: last,
                ..Declared::default()
            },
            ..Part::default()
        }
    }

    fn entry(standing: Option<Word>) -> StandingEntry {
        let brief = |standing: Word| StandingBrief {
            standing: standing.into(),
            since_unix_ms: 7,
            since: Some(StatementAt {
                position: 3,
                ..StatementAt::default()
            }),
            ..StandingBrief::default()
        };
        StandingEntry {
            standing: standing.map(brief),
            ..StandingEntry::default()
        }
    }

    #[test]
    fn each_organization_is_asked_about_once_then_and_now() {
        let parts = [part("org-a", 5), part("org-b", 9), part("org-a", 8)];
        let asked = standings_asked(&parts);
        let asked: Vec<_> = asked
            .iter()
            .map(|asked| (asked.party_id.as_str(), asked.as_of_position))
            .collect();
        assert_eq!(asked, [("org-a", 8), ("org-a", 0), ("org-b", 9), ("org-b", 0)]);

        let entries = [Some(Word::Candidate), Some(Word::Suspended), None, Some(Word::Lapsed)].map(entry);
        let told = standings(&parts, &entries);
        let word = |standing: &Option<Standing>| standing.as_ref().map(|told| (told.standing.clone(), told.chip()));
        let told: Vec<_> = told.iter().map(|told| (word(&told.then), word(&told.now))).collect();
        let said = |word: &str, chip| Some((format!("standing-{word}"), chip));
        assert_eq!(
            told,
            [
                (said("candidate", "good"), said("suspended", "bad")),
                (None, said("lapsed", "warn"))
            ]
        );
    }
}
