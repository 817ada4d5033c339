//! What a standing follows from, read from rows.

use std::collections::BTreeSet;
use std::sync::Arc;

use event::vocabulary::{CatalogueDigest, Slug, Subject};
use event::{PartyId, SiteId};
use ledger::standing::GateAnswers;
use ledger::{Change, Conduct, CriterionNumber};

use super::{Folding, ProgressView, Result, get};
use crate::course::{Held, Known};
use crate::rows::{
    ANSWERS, Answers, CATALOGUES, CatalogueRow, GATES, GatesRow, OPERATED, RowError, Terms, catalogue_key, gates_block,
    gates_key,
};

/// Catalogues kept at hand: 53 KiB each at most, so 4 MiB.
const CATALOGUES_AT_HAND_MAX: usize = 64;
/// Subjects kept at hand: 8 KiB each for 56 criteria, so some 128 MiB.
const HELD_AT_HAND_MAX: usize = 16_384;
/// Running clocks in a row, of 25 bytes each: more than one catalogue has criteria.
const CLOCKS_MAX: usize = 1_024;

impl ProgressView {
    /// Everything a standing follows from under `terms`, which are in force.
    pub(super) fn known(
        &mut self,
        folding: &mut Folding<'_>,
        organization: PartyId,
        conduct: &Conduct,
        terms: &Terms,
    ) -> Result<Known> {
        let catalogue = self.gating(folding, terms)?;
        let mut subjects = Vec::new();
        for subject in folding.subjects(organization)? {
            subjects.push((subject, self.held(folding, subject, catalogue.as_deref())?));
        }
        Ok(Known {
            catalogue,
            policy: terms.policy,
            conduct: conduct.clone(),
            subjects,
        })
    }

    /// The same under terms that may no longer be in force.
    pub(super) fn known_then(
        &mut self,
        folding: &mut Folding<'_>,
        organization: PartyId,
        conduct: &Conduct,
        terms: &Terms,
    ) -> Result<Known> {
        let catalogue = self.gating(folding, terms)?;
        let mut subjects = Vec::new();
        for subject in folding.subjects(organization)? {
            subjects.push((subject, Arc::new(folding.held(subject, catalogue.as_deref())?)));
        }
        Ok(Known {
            catalogue,
            policy: terms.policy,
            conduct: conduct.clone(),
            subjects,
        })
    }

    /// What stands for a subject under the catalogue that standings follow from.
    fn held(
        &mut self,
        folding: &mut Folding<'_>,
        subject: Subject,
        catalogue: Option<&CatalogueRow>,
    ) -> Result<Arc<Held>> {
        if let Some(held) = self.held.get(&subject) {
            return Ok(Arc::clone(held));
        }
        let held = Arc::new(folding.held(subject, catalogue)?);
        self.hold(subject, Arc::clone(&held));
        Ok(held)
    }

    fn hold(&mut self, subject: Subject, held: Arc<Held>) {
        if self.held.len() == HELD_AT_HAND_MAX {
            self.held.clear();
        }
        self.held.insert(subject, held);
    }

    /// What an assessment under `slug` leaves standing is what will be asked for next.
    pub(super) fn hold_assessed(
        &mut self,
        folding: &mut Folding<'_>,
        subject: Subject,
        slug: &Slug,
        answers: Answers,
    ) -> Result<()> {
        self.held.remove(&subject);
        let (_, terms) = self.in_force(folding)?;
        let gating = self.gating(folding, &terms)?;
        let Some(catalogue) = gating.filter(|gating| gating.published.slug == *slug) else {
            return Ok(());
        };
        let changed = folding.changes.iter().find_map(|change| match change {
            Change::Answers(of, gates) if *of == subject => Some(&gates.0),
            _ => None,
        });
        if let Some(gates) = changed {
            let blocks = blocks(&catalogue);
            let of_catalogue = |gate: &&GateAnswers| blocks.contains(&gates_block(gate.number));
            let gates = gates.iter().filter(of_catalogue).copied().collect();
            self.hold(subject, Arc::new(held(gates, answers)));
        }
        Ok(())
    }

    pub(super) fn catalogue(
        &mut self,
        folding: &mut Folding<'_>,
        digest: CatalogueDigest,
    ) -> Result<Arc<CatalogueRow>> {
        if let Some(catalogue) = self.catalogues.get(&digest) {
            return Ok(Arc::clone(catalogue));
        }
        let row: Option<CatalogueRow> = get(folding.rows, CATALOGUES, digest.as_bytes())?;
        let row = Arc::new(row.ok_or(RowError::Missing { table: CATALOGUES })?);
        if self.catalogues.len() == CATALOGUES_AT_HAND_MAX {
            self.catalogues.clear();
        }
        self.catalogues.insert(digest, Arc::clone(&row));
        Ok(row)
    }

    fn gating(&mut self, folding: &mut Folding<'_>, terms: &Terms) -> Result<Option<Arc<CatalogueRow>>> {
        terms.gating.map(|digest| self.catalogue(folding, digest)).transpose()
    }
}

impl Folding<'_> {
    /// An organization itself and the sites it works, those of this record among them.
    pub(super) fn subjects(&mut self, organization: PartyId) -> Result<Vec<Subject>> {
        let sites: Vec<SiteId> = get(self.rows, OPERATED, organization.as_bytes())?.unwrap_or_default();
        let itself = core::iter::once(Subject::Party(organization));
        Ok(itself.chain(sites.into_iter().map(Subject::Site)).collect())
    }

    /// What stands for a subject under a catalogue.
    fn held(&mut self, subject: Subject, catalogue: Option<&CatalogueRow>) -> Result<Held> {
        let Some(catalogue) = catalogue else {
            return Ok(Held::default());
        };
        let mut gates = Vec::new();
        for block in blocks(catalogue) {
            let found: Option<GatesRow> = self.last(GATES, &gates_key(subject, block))?;
            gates.extend(found.into_iter().flat_map(|found| found.0.0));
        }
        let key = catalogue_key(subject, &catalogue.published.slug);
        let answers: Option<Answers> = self.last(ANSWERS, &key)?;
        Ok(held(gates, answers.unwrap_or_default()))
    }
}

/// The blocks of numbers that a catalogue's criteria lie in, in order.
pub(crate) fn blocks(catalogue: &CatalogueRow) -> BTreeSet<u32> {
    let numbers = catalogue.numbered.criteria.iter().map(|criterion| criterion.number);
    numbers.map(gates_block).collect()
}

/// From the rows of a subject, blocks of gates in their order.
pub(crate) fn held(gates: Vec<ledger::standing::GateAnswers>, answers: Answers) -> Held {
    let mut answers = answers.criteria;
    answers.sort_by_key(|present| present.number);
    Held {
        gates: ledger::standing::Answers(gates),
        answers,
    }
}

/// What of an organization's conduct is kept in its row: no standing follows from clocks that have ended.
pub(super) fn without_ended(conduct: &Conduct) -> Conduct {
    let mut kept = Conduct {
        ended: Vec::new(),
        ..conduct.clone()
    };
    if CLOCKS_MAX < kept.clocks.len() {
        kept.clocks.sort_by_key(|clock| core::cmp::Reverse(clock.number));
        kept.clocks.truncate(CLOCKS_MAX);
        kept.clocks
            .sort_by_key(|clock: &ledger::Clock| -> CriterionNumber { clock.number });
    }
    kept
}
