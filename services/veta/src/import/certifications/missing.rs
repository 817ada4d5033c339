//! What a deployment lacks of a plan, stated in an order it admits.

use std::collections::{BTreeMap, BTreeSet};

use event::vocabulary::{AssessorAccredited, CatalogueDigest, ShortText};
use event::{Date, Event, PartyId, PublicKey, StatementId, Text};

use super::plan::{Plan, PlannedOrganization};
use crate::import::assessor::{Speaker, state_assessor};

/// On what grounds the compiler is accredited: no more than what it does.
const BASIS: &str = "tells as history what certification schemes published about others; accredited for one import";

/// What a deployment has of these events already, by their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The compiler.
    pub compiler: Option<PartyId>,
    /// Keys that are authorized, or were, for whichever party.
    pub keys: BTreeSet<PublicKey>,
    /// Organizations, by their number.
    pub organizations: BTreeMap<ShortText, PartyId>,
    /// Catalogues that are published.
    pub catalogues: BTreeSet<CatalogueDigest>,
    /// Events, by their number.
    pub events: BTreeSet<ShortText>,
}

impl Plan {
    /// Has everything stated that `known` lacks, each after what it refers to, and adds it to `known`. Where no event is
    /// missing, nothing is.
    ///
    /// The compiler is accredited until `accredited_until`, which is the day of the import or the next one: a third party
    /// needs it, and nobody needs it longer. `state` signs and keeps or sends, and answers with the statement's id.
    pub fn state_missing<E>(
        &self,
        known: &mut Known,
        compiler_key: PublicKey,
        accredited_until: Date,
        mut state: impl FnMut(Speaker, Event) -> Result<StatementId, E>,
    ) -> Result<(), E> {
        if self
            .events
            .iter()
            .all(|event| known.events.contains(&event.reference.value))
        {
            return Ok(());
        }
        let Known { compiler, keys, .. } = known;
        let compiler = state_assessor(&self.compiler, compiler, keys, compiler_key, &mut state)?;
        for organization in &self.organizations {
            organization.state(known, &mut state)?;
        }
        if !known.catalogues.contains(&self.catalogue.digest()) {
            state(Speaker::Scheme, Event::CataloguePublished(self.catalogue.clone()))?;
            known.catalogues.insert(self.catalogue.digest());
        }
        let accredited = AssessorAccredited {
            assessor: compiler,
            until: accredited_until,
            basis: Text::new(BASIS).expect("a line"),
        };
        state(Speaker::Scheme, Event::AssessorAccredited(accredited))?;
        for event in &self.events {
            if !known.events.contains(&event.reference.value) {
                let submitted = event.submitted(known.organizations[&event.organization]);
                state(Speaker::Assessor(compiler), Event::AssessmentSubmitted(submitted))?;
                known.events.insert(event.reference.value.clone());
            }
        }
        Ok(())
    }
}

impl PlannedOrganization {
    fn state<E>(
        &self,
        known: &mut Known,
        state: &mut impl FnMut(Speaker, Event) -> Result<StatementId, E>,
    ) -> Result<(), E> {
        if known.organizations.contains_key(&self.number) {
            return Ok(());
        }
        let said = state(Speaker::Scheme, Event::PartyEnrolled(self.profile.clone()))?;
        known
            .organizations
            .insert(self.number.clone(), PartyId::derive(said, 0));
        Ok(())
    }
}
