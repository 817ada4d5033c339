//! What lots were made of, from rows: where their gold comes from, who spoke of it, what is flagged.
//!
//! The same for whoever folds and whoever reads: both ask a [`Source`]. How gold is divided is [`ledger::origin`]'s, never
//! worked out here.

use std::collections::BTreeMap;

use event::{LotId, Mass, PartyId, PublicKey, SiteId, StreamPosition};
use ledger::FlagKind;
use ledger::origin::{Part, divided, of_output, pooled};
use serde::Serialize;
use serde::de::DeserializeOwned;
use views::Row;

use crate::rows::{
    BIRTH_BYTES, Birth, DeclarationRow, FLAG_TALLIES, FlagTally, LOTS, ORIGINS, OriginRow, RowError, SIGNERS, STEPS,
    SignerRow, StepRow, TRANSFORMATIONS, TransformationRow, USES_OF, birth_key, decode, flag_key, key_at, missing,
    position_key, position_of, unreadable,
};

/// Where rows are looked up.
pub(crate) trait Source {
    /// Why they cannot be.
    type Error: From<RowError>;

    /// The value at a key.
    fn value(&mut self, table: &'static str, key: &[u8]) -> Result<Option<Vec<u8>>, Self::Error>;

    /// The last row whose key is at least `from` and lies before `before`.
    fn last_row(&mut self, table: &'static str, from: &[u8], before: &[u8]) -> Result<Option<Row>, Self::Error>;

    /// The row at a key.
    fn get<T: Serialize + DeserializeOwned>(
        &mut self,
        table: &'static str,
        key: &[u8],
    ) -> Result<Option<T>, Self::Error> {
        let value = self.value(table, key)?;
        Ok(value.map(|bytes| decode(table, &bytes)).transpose()?)
    }

    /// The row at a key that another row names.
    fn named<T: Serialize + DeserializeOwned>(&mut self, table: &'static str, key: &[u8]) -> Result<T, Self::Error> {
        Ok(self.get(table, key)?.ok_or(missing(table))?)
    }

    /// The last of the rows `key ‖ position` up to a position, with its own.
    fn last_at<T: Serialize + DeserializeOwned>(
        &mut self,
        table: &'static str,
        key: &[u8],
        at: StreamPosition,
    ) -> Result<Option<(StreamPosition, T)>, Self::Error> {
        let (from, before) = (key_at(key, StreamPosition::START), key_at(key, at.next()));
        let row = self.last_row(table, &from, &before)?;
        Ok(row
            .map(|row| Ok::<_, RowError>((position_of(table, &row.key)?, decode(table, &row.value)?)))
            .transpose()?)
    }
}

/// What went into a transformation.
pub(crate) struct Pool {
    pub(crate) row: TransformationRow,
    /// In the order of site and operator.
    origins: Vec<OriginRow>,
}

/// Pools that are at hand while one thing is worked out.
#[derive(Default)]
pub(crate) struct Pools(BTreeMap<StreamPosition, Pool>);

/// Of how many pools at hand the origins are kept; more are read again.
const POOLS_AT_HAND_MAX: usize = 64;

/// By what origins are told apart.
type Of = (SiteId, PartyId);

impl Pool {
    fn read<S: Source>(source: &mut S, position: StreamPosition) -> Result<Self, S::Error> {
        let row: TransformationRow = source.named(TRANSFORMATIONS, &position_key(position))?;
        let mut origins = Vec::new();
        for number in 0..row.origin_rows {
            let some: Vec<OriginRow> = source.named(ORIGINS, &birth_key(position, number))?;
            origins.extend(some);
        }
        Ok(Self { row, origins })
    }

    /// What of it is in the output at a place, which has so much gold now.
    fn parts(&self, place: u16, gold: Mass) -> Vec<OriginRow> {
        let whole: Vec<Part<Of>> = self.origins.iter().map(part).collect();
        let outputs = self.row.outputs.iter().map(|output| output.fine);
        let golds = divided(self.row.fine_in, outputs, self.row.lost_fine);
        let known = |part: Part<Of>| {
            let place = self.origins.binary_search_by_key(&part.of, |origin| origin.of);
            let place = place.expect("a part of the pool");
            OriginRow {
                fine: part.fine,
                ..self.origins[place]
            }
        };
        let parts = of_output(&whole, &golds, usize::from(place), gold);
        parts.into_iter().map(known).collect()
    }
}

impl Pools {
    /// What went into the transformation at a position.
    pub(crate) fn at<S: Source>(&mut self, source: &mut S, position: StreamPosition) -> Result<&Pool, S::Error> {
        if !self.0.contains_key(&position) {
            if self.0.len() == POOLS_AT_HAND_MAX {
                self.0.clear();
            }
            self.0.insert(position, Pool::read(source, position)?);
        }
        Ok(&self.0[&position])
    }

    /// Where so much gold in a lot comes from, in the order of site and operator.
    pub(crate) fn origins<S: Source>(
        &mut self,
        source: &mut S,
        lot: LotId,
        gold: Mass,
    ) -> Result<Vec<OriginRow>, S::Error> {
        let birth: Birth = source.named(LOTS, lot.as_bytes())?;
        if birth.is_made {
            return Ok(self.at(source, birth.position)?.parts(birth.place, gold));
        }
        let (_, first): (_, StepRow) = source
            .last_at(STEPS, lot.as_bytes(), birth.position)?
            .ok_or(missing(STEPS))?;
        let site = first.after.site.ok_or(unreadable(STEPS))?;
        let declaration = DeclarationRow {
            position: birth.position,
            lot,
        };
        Ok(vec![OriginRow {
            of: (site, first.after.by),
            fine: gold,
            first: declaration,
            last: declaration,
            lots: 1,
        }])
    }
}

/// Origins of several lots together, each once, in the order of site and operator.
pub(crate) fn together(lots: &[Vec<OriginRow>]) -> Vec<OriginRow> {
    let mut known: BTreeMap<Of, OriginRow> = BTreeMap::new();
    for origin in lots.iter().flatten() {
        known
            .entry(origin.of)
            .and_modify(|row| join(row, origin))
            .or_insert(*origin);
    }
    let masses = pooled(lots.iter().map(|lot| lot.iter().map(part).collect()));
    masses
        .into_iter()
        .map(|part| OriginRow {
            fine: part.fine,
            ..known[&part.of]
        })
        .collect()
}

/// Takes over what is known of another one, but for the gold.
pub(crate) fn join(row: &mut OriginRow, other: &OriginRow) {
    row.first = row.first.min(other.first);
    row.last = row.last.max(other.last);
    row.lots = row.lots.saturating_add(other.lots);
}

const fn part(origin: &OriginRow) -> Part<Of> {
    Part {
        of: origin.of,
        fine: origin.fine,
    }
}

/// The keys that spoke of a lot up to a position, each with its last word; not those that spoke of what it was made of.
pub(crate) fn own_signers<S: Source>(
    source: &mut S,
    lot: LotId,
    at: StreamPosition,
) -> Result<Vec<SignerRow>, S::Error> {
    let mut signers = Vec::new();
    let mut before = [lot.as_bytes().as_slice(), &[u8::MAX; 41]].concat();
    while let Some(row) = source.last_row(USES_OF, lot.as_bytes(), &before)? {
        let key = row.key.get(16..48).and_then(|key| key.try_into().ok());
        let key = PublicKey::from_bytes(key.ok_or(unreadable(USES_OF))?);
        let prefix = [lot.as_bytes().as_slice(), key.as_bytes()].concat();
        let last = source.last_row(
            USES_OF,
            &key_at(&prefix, StreamPosition::START),
            &key_at(&prefix, at.next()),
        )?;
        if let Some(last) = last {
            let last = position_of(USES_OF, &last.key)?;
            signers.push(SignerRow { key, last, lot });
        }
        before = key_at(&prefix, StreamPosition::START);
    }
    signers.reverse();
    Ok(signers)
}

/// The keys that spoke of what went into a transformation.
pub(crate) fn pooled_signers<S: Source>(
    source: &mut S,
    position: StreamPosition,
    rows: u16,
) -> Result<Vec<SignerRow>, S::Error> {
    let mut signers = Vec::new();
    for number in 0..rows {
        let some: Vec<SignerRow> = source.named(SIGNERS, &birth_key(position, number))?;
        signers.extend(some);
    }
    Ok(signers)
}

/// Takes over each key's last word.
pub(crate) fn hear(heard: &mut BTreeMap<[u8; 32], SignerRow>, signers: &[SignerRow]) {
    for signer in signers {
        let known = heard.entry(*signer.key.as_bytes()).or_insert(*signer);
        if known.last < signer.last {
            *known = *signer;
        }
    }
}

/// The flags of a lot itself up to a position, each kind once, in the order of their numbers.
pub(crate) fn own_flags<S: Source>(source: &mut S, lot: LotId, at: StreamPosition) -> Result<Vec<FlagTally>, S::Error> {
    let mut tallies = Vec::new();
    let mut before = [lot.as_bytes().as_slice(), &[u8::MAX; BIRTH_BYTES + 1]].concat();
    while let Some(row) = source.last_row(FLAG_TALLIES, lot.as_bytes(), &before)? {
        before = row.key.get(..18).ok_or(unreadable(FLAG_TALLIES))?.to_vec();
        let tally: Option<(_, FlagTally)> = source.last_at(FLAG_TALLIES, &before, at)?;
        tallies.extend(tally.map(|(_, tally)| tally));
    }
    tallies.reverse();
    Ok(tallies)
}

/// Of one lot, flags of one kind.
pub(crate) fn tally_key(lot: LotId, kind: FlagKind) -> Vec<u8> {
    [lot.as_bytes().as_slice(), &flag_key(kind)].concat()
}

/// Counts flags together, each kind once.
pub(crate) fn count(counted: &mut BTreeMap<FlagKind, FlagTally>, tallies: &[FlagTally]) {
    for tally in tallies {
        let known = counted
            .entry(tally.first.flag.kind)
            .or_insert(FlagTally { count: 0, ..*tally });
        known.count = known.count.saturating_add(tally.count);
        if tally.first.position < known.first.position {
            known.first = tally.first;
        }
    }
}
