//! What stands beside a lot: its seals and assays, what stops it, what deserves a second look.

use ledger::FlagKind;
use rpc::custody::{Assay, FlagCount, FlagOnLot, FlagUnit, GetProvenanceResponse, HoldOnLot, SealOnLot, Suspect};
use serde::Serialize;
use utoipa::ToSchema;

use super::facts::said;
use crate::shell::{Named, Said, Shell, word_key};

/// Something that deserves a second look. It was admitted all the same, and nothing follows from it by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Flag {
    /// Its permanent name, such as `near-capacity`.
    pub(crate) kind: String,
    /// Its permanent number.
    pub(crate) code: u32,
    /// What its figures count, such as `flag-unit-days`; empty where it has none.
    pub(crate) unit: String,
    /// What was found; 0 where it has no figures.
    pub(crate) found: u64,
    /// Where policy draws the line; 0 where it has no figures.
    pub(crate) line: u64,
    /// On which lot.
    pub(crate) lot_id: String,
    /// The other lot that has to do with it; empty where there is none.
    pub(crate) other_lot_id: String,
    /// The statement that raised it, in hexadecimal.
    pub(crate) statement_id: String,
    /// Its position in the stream.
    pub(crate) position: u64,
    /// How many of this kind there are, of which this is the first; 1 for a flag by itself.
    pub(crate) count: u32,
}

/// A hold that reaches a lot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Hold {
    /// The lot that is held: the same, or one that it was made of.
    pub(crate) source_lot_id: String,
    /// Who holds it.
    pub(crate) by: Named,
    /// Why, in the words of who holds it.
    pub(crate) reason: String,
    /// The incident that is the reason; empty where none is named.
    pub(crate) incident_id: String,
    /// The statement, in hexadecimal.
    pub(crate) statement_id: String,
    /// Its position in the stream.
    pub(crate) position: u64,
}

/// A measurement of how fine a lot is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Assay)]
pub(crate) struct Measured {
    /// Who measured, when that was admitted, and where it is recorded.
    pub(crate) said: Said,
    /// Gold, in parts per million.
    pub(crate) gold_ppm: u32,
    /// Silver, in parts per million; absent where it was not measured.
    pub(crate) silver_ppm: Option<u32>,
    /// How far off it may be, in parts per million; absent where nothing was said.
    pub(crate) uncertainty_ppm: Option<u32>,
    /// How, such as `fineness-method-fire-assay`.
    pub(crate) method: String,
    /// What for, such as `assay-purpose-settlement`.
    pub(crate) purpose: String,
    /// The sample that was assayed, by its seal; empty where it was the lot itself.
    pub(crate) sample: String,
    /// The melt it was taken from; empty where none is named.
    pub(crate) melt: String,
    /// Whether its assayer has replaced it since.
    pub(crate) is_replaced: bool,
}

/// A seal on a lot, or on a sample of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Seal {
    /// Its number.
    pub(crate) number: String,
    /// How it is, such as `seal-use-whole`.
    pub(crate) state: String,
    /// The position of the statement that says so.
    pub(crate) since_position: u64,
}

/// A key that is not to be believed, and spoke of the lot or of what it was made of since then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct SuspectKey {
    /// The key, in hexadecimal.
    pub(crate) key: String,
    /// The position of the statement that says so.
    pub(crate) revocation_position: u64,
    /// The position since which it is not to be believed.
    pub(crate) since_position: u64,
    /// The lot that its last statement is about.
    pub(crate) spoke_lot_id: String,
    /// The position of that statement.
    pub(crate) spoke_position: u64,
}

/// What is known against all that a lot was made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Provenance)]
pub(crate) struct Behind {
    /// The flags of all it was made of, as they were when it was made; each kind once.
    pub(crate) flags: Vec<Flag>,
    /// Keys that are not to be believed; 64 at most.
    pub(crate) suspects: Vec<SuspectKey>,
    /// Whether there are more of them.
    pub(crate) more_suspects: bool,
    /// How many sites gave it gold.
    pub(crate) sites: u32,
    /// How many organizations declared that gold.
    pub(crate) organizations: u32,
    /// In which countries it was dug, in two letters each.
    pub(crate) countries: Vec<String>,
}

impl From<FlagOnLot> for Flag {
    fn from(flag: FlagOnLot) -> Self {
        Self {
            unit: said(flag.unit().as_str_name(), flag.unit),
            kind: flag.kind,
            code: flag.code,
            found: flag.found,
            line: flag.line,
            lot_id: flag.lot_id,
            other_lot_id: flag.other_lot_id,
            statement_id: flag.statement_id,
            position: flag.position,
            count: 1,
        }
    }
}

/// What a program found; which statement raised it is known beside it.
impl From<&ledger::Flag> for Flag {
    fn from(flag: &ledger::Flag) -> Self {
        let unit = unit_of(flag.kind);
        Self {
            kind: flag.kind.name().to_owned(),
            code: u32::from(flag.kind as u16),
            unit: if unit.is_empty() {
                String::new()
            } else {
                format!("flag-unit-{unit}")
            },
            found: flag.found,
            line: flag.line,
            lot_id: flag.lot.to_string(),
            other_lot_id: flag.other.map(|other| other.to_string()).unwrap_or_default(),
            count: 1,
            ..Self::default()
        }
    }
}

/// What the figures of a kind count, in one word; empty where it has none.
pub(crate) const fn unit_of(kind: FlagKind) -> &'static str {
    match kind.unit() {
        ledger::FlagUnit::None => "",
        ledger::FlagUnit::Ppm => "ppm",
        ledger::FlagUnit::Micrograms => "micrograms",
        ledger::FlagUnit::Days => "days",
        ledger::FlagUnit::Times => "times",
    }
}

impl Flag {
    fn of_kind(kind: FlagCount) -> Option<Self> {
        let count = kind.count;
        let first = Self::from(kind.first?);
        Some(Self { count, ..first })
    }

    /// Its figures, such as "91.2%, where the line is 80%"; nothing where it has none.
    pub(crate) fn figures(&self, s: &Shell) -> Option<String> {
        let figure = |found: u64| {
            let of = |unit: FlagUnit| word_key(unit.as_str_name()) == self.unit;
            if of(FlagUnit::Ppm) {
                return Some(s.percent(found));
            }
            if of(FlagUnit::Micrograms) {
                return Some(s.grams_of_ug(found));
            }
            if of(FlagUnit::Days) {
                return Some(s.count("lot-days", found));
            }
            of(FlagUnit::Times).then(|| s.count("lot-times", found))
        };
        let (found, line) = (figure(self.found)?, figure(self.line)?);
        Some(s.say2("lot-flag-figures", ("found", &found), ("line", &line)))
    }
}

impl From<HoldOnLot> for Hold {
    fn from(hold: HoldOnLot) -> Self {
        Self {
            source_lot_id: hold.source_lot_id,
            by: hold.by.map(Named::from).unwrap_or_default(),
            reason: hold.reason,
            incident_id: hold.incident_id,
            statement_id: hold.statement_id,
            position: hold.position,
        }
    }
}

impl From<Assay> for Measured {
    fn from(assay: Assay) -> Self {
        Self {
            method: word_key(assay.method().as_str_name()),
            purpose: word_key(assay.purpose().as_str_name()),
            said: Said {
                by: assay.by.map(Named::from).unwrap_or_default(),
                statement_id: assay.statement_id,
                position: assay.position,
                admitted_at_unix_ms: assay.admitted_at_unix_ms,
            },
            gold_ppm: assay.gold_ppm,
            silver_ppm: assay.silver_ppm,
            uncertainty_ppm: assay.uncertainty_ppm,
            sample: assay.sample,
            melt: assay.melt,
            is_replaced: assay.is_replaced,
        }
    }
}

impl From<SealOnLot> for Seal {
    fn from(seal: SealOnLot) -> Self {
        Self {
            state: word_key(seal.r#use().as_str_name()),
            number: seal.number,
            since_position: seal.since_position,
        }
    }
}

impl From<Suspect> for SuspectKey {
    fn from(suspect: Suspect) -> Self {
        Self {
            key: suspect.key,
            revocation_position: suspect.revocation_position,
            since_position: suspect.since_position,
            spoke_lot_id: suspect.spoke_lot_id,
            spoke_position: suspect.spoke_position,
        }
    }
}

impl From<GetProvenanceResponse> for Behind {
    fn from(answer: GetProvenanceResponse) -> Self {
        Self {
            flags: answer.inherited_flags.into_iter().filter_map(Flag::of_kind).collect(),
            suspects: answer.suspects.into_iter().map(SuspectKey::from).collect(),
            more_suspects: answer.more_suspects,
            sites: answer.sites,
            organizations: answer.organizations,
            countries: answer.countries,
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::*;
    use crate::asked::Query;
    use crate::language::Language;

    #[track_caller]
    fn check(unit: FlagUnit, found: u64, line: u64, expected: Option<&str>) {
        let flag = Flag::from(FlagOnLot {
            unit: unit.into(),
            found,
            line,
            ..FlagOnLot::default()
        });
        let shell = Shell::new(Language::En, "/", Query::default(), &HeaderMap::new());
        assert_eq!(flag.figures(&shell).as_deref(), expected);
    }

    #[test]
    fn figures_of_a_flag_are_told_in_their_unit() {
        check(FlagUnit::Unspecified, 0, 0, None);
        check(FlagUnit::Ppm, 912_500, 800_000, Some("91.25%, where the line is 80%"));
        check(
            FlagUnit::Micrograms,
            1_500_000,
            50_000,
            Some("1.5\u{a0}g, where the line is 0.05\u{a0}g"),
        );
        check(FlagUnit::Days, 1, 30, Some("1 day, where the line is 30 days"));
        check(
            FlagUnit::Times,
            8,
            1_000,
            Some("8 times, where the line is 1,000 times"),
        );
    }
}
