//! What a deployment lacks of a plan, stated in an order it admits.

use std::collections::{BTreeMap, BTreeSet};

use event::vocabulary::{CatalogueDigest, ShortText};
use event::{Event, PartyId, PublicKey, SiteId, StatementId};

use super::plan::{Plan, PlannedSite};
use crate::import::assessor::{Speaker, state_assessor};

/// What a deployment has of IPIS already, by IPIS's numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The party with the reference `ipis` of the source `ipis`.
    pub monitor: Option<PartyId>,
    /// Keys that are authorized, or were, for whichever party.
    pub keys: BTreeSet<PublicKey>,
    /// Groups, by their site's number.
    pub groups: BTreeMap<ShortText, PartyId>,
    /// Sites, by their number.
    pub sites: BTreeMap<ShortText, SiteId>,
    /// Catalogues that are published.
    pub catalogues: BTreeSet<CatalogueDigest>,
    /// References of assessments.
    pub assessments: BTreeSet<ShortText>,
}

impl Plan {
    /// Has everything stated that `known` lacks, each after what it refers to, and adds it to `known`.
    ///
    /// `state` signs and keeps or sends, and answers with the statement's id: ids derive from it, so that nothing has
    /// to be admitted before the next statement can be written. Stated twice is stated once: what was cut short is
    /// finished by asking the deployment what it has and calling this again.
    pub fn state_missing<E>(
        &self,
        known: &mut Known,
        monitor_key: PublicKey,
        mut state: impl FnMut(Speaker, Event) -> Result<StatementId, E>,
    ) -> Result<(), E> {
        let Known { monitor, keys, .. } = known;
        let monitor = state_assessor(&self.monitor, monitor, keys, monitor_key, &mut state)?;
        for site in &self.sites {
            let operator = site.state_group(known, &mut state)?;
            site.state_site(known, operator, &mut state)?;
        }
        for catalogue in &self.catalogues {
            if !known.catalogues.contains(&catalogue.digest()) {
                state(Speaker::Scheme, Event::CataloguePublished(catalogue.clone()))?;
                known.catalogues.insert(catalogue.digest());
            }
        }
        for assessment in &self.assessments {
            if !known.assessments.contains(&assessment.reference.value) {
                let site = known.sites[&assessment.site];
                state(
                    Speaker::Assessor(monitor),
                    Event::AssessmentSubmitted(assessment.submitted(site)),
                )?;
                known.assessments.insert(assessment.reference.value.clone());
            }
        }
        Ok(())
    }
}

impl PlannedSite {
    fn state_group<E>(
        &self,
        known: &mut Known,
        state: &mut impl FnMut(Speaker, Event) -> Result<StatementId, E>,
    ) -> Result<PartyId, E> {
        if let Some(group) = known.groups.get(&self.number) {
            return Ok(*group);
        }
        let group = PartyId::derive(state(Speaker::Scheme, Event::PartyEnrolled(self.group.clone()))?, 0);
        known.groups.insert(self.number.clone(), group);
        Ok(group)
    }

    fn state_site<E>(
        &self,
        known: &mut Known,
        operator: PartyId,
        state: &mut impl FnMut(Speaker, Event) -> Result<StatementId, E>,
    ) -> Result<(), E> {
        if known.sites.contains_key(&self.number) {
            return Ok(());
        }
        let said = state(Speaker::Scheme, Event::SiteRegistered(self.registered(operator)))?;
        known.sites.insert(self.number.clone(), SiteId::derive(said, 0));
        Ok(())
    }
}
