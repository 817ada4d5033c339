//! From steps to rows. Pure: the same steps make the same rows, whatever batches they come in.

mod assessments;
pub(crate) mod conduct;
pub(crate) mod known;
mod registry;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use event::codec::encode;
use event::vocabulary::{CatalogueDigest, SiteAmended, Subject};
use event::{Event, IncidentId, PartyId, SiteId, StreamPosition, Timestamp, VerifiedStatement};
use ledger::Change;
use replay::{Step, Verdict};
use serde::Serialize;
use serde::de::DeserializeOwned;
use views::{Rows, View};

use crate::course::{Held, Leg};
use crate::rows::{
    CHANGES, CLOCKS, CatalogueRow, ChangeRow, INCIDENTS, IncidentRow, ORGANIZATIONS, OrganizationRow, ROW_VERSION,
    Recorded, RowError, SITES, SiteRow, TERMS, Terms, Touched, Turn, decode, key_at, position_key, position_of,
};

type Result<T> = core::result::Result<T, RowError>;

/// Parties, sites, catalogues, assessments and conduct, as rows. A refused record changes none of them.
///
/// What it keeps beside the rows is read from them, so that they are not read for every record.
#[derive(Debug, Default)]
pub struct ProgressView {
    catalogues: BTreeMap<CatalogueDigest, Arc<CatalogueRow>>,
    /// Under the catalogue that standings follow from.
    held: BTreeMap<Subject, Arc<Held>>,
    /// The terms in force, and where they came into force; none until they are read.
    in_force: Option<(StreamPosition, Terms)>,
}

/// A record that is folded.
struct Folding<'a> {
    recorded: Recorded,
    statement: &'a VerifiedStatement,
    changes: &'a [Change],
    rows: &'a mut Rows,
}

/// Whom a record concerns.
#[derive(Clone, Copy)]
enum Concern {
    Nobody,
    Everyone,
    One(PartyId, Option<SiteId>),
    /// A site that goes from one to another.
    Moved(SiteId, PartyId, PartyId),
}

/// An organization that a record touches, as it was right before.
struct Before {
    organization: PartyId,
    row: OrganizationRow,
    /// What followed for it; none for a party that neither digs nor processes.
    leg: Option<Leg>,
}

impl View for ProgressView {
    type Error = RowError;

    const SERVICE: &'static str = "progress";
    const ROW_VERSION: u32 = ROW_VERSION;

    fn fold(&mut self, step: &Step, rows: &mut Rows) -> Result<()> {
        let (Verdict::Admitted(changes), Some(statement), Some(admitted_at)) =
            (&step.verdict, &step.statement, step.admitted_at)
        else {
            return Ok(());
        };
        put(rows, CLOCKS, &position_key(step.position), &admitted_at);
        let recorded = Recorded {
            position: step.position,
            statement: statement.id(),
            admitted_at,
        };
        let mut folding = Folding {
            recorded,
            statement,
            changes,
            rows,
        };
        let Some(concern) = folding.concern()? else {
            return Ok(());
        };
        self.set_terms(&mut folding)?;
        let touched = match concern {
            Concern::Nobody => {
                self.fold_event(&mut folding, &mut Before::nobody())?;
                Touched::Nobody
            }
            Concern::Everyone => {
                self.fold_event(&mut folding, &mut Before::nobody())?;
                Touched::Everyone
            }
            Concern::One(organization, site) => self.touch(&mut folding, organization, site)?,
            Concern::Moved(site, from, to) => self.move_site(&mut folding, site, from, to)?,
        };
        let change = ChangeRow {
            kind: statement.event().kind(),
            statement: recorded.statement,
            by: folding.speaker(),
            admitted_at,
            touched,
        };
        put(folding.rows, CHANGES, &position_key(step.position), &change);
        Ok(())
    }
}

impl ProgressView {
    /// Folds what concerns one organization, and what follows for it.
    fn touch(&mut self, folding: &mut Folding<'_>, organization: PartyId, site: Option<SiteId>) -> Result<Touched> {
        let mut before = self.before(folding, organization)?;
        self.fold_event(folding, &mut before)?;
        let Turn { before, after, .. } = self.turn(folding, before)?;
        Ok(Touched::One {
            organization,
            site,
            before,
            after,
        })
    }

    /// Folds that a site goes from one organization to another, and what follows for both: its answers go with it.
    fn move_site(&mut self, folding: &mut Folding<'_>, site: SiteId, from: PartyId, to: PartyId) -> Result<Touched> {
        let mut before = [self.before(folding, from)?, self.before(folding, to)?];
        self.fold_event(folding, &mut before[1])?;
        for before in &mut before {
            before.row.sites = folding.sites_now(before.organization);
            before.row.newest = self.newest(folding, before.organization)?;
        }
        let [from, to] = before;
        Ok(Touched::Moved {
            site,
            from: self.turn(folding, from)?,
            to: self.turn(folding, to)?,
        })
    }

    fn before(&mut self, folding: &mut Folding<'_>, organization: PartyId) -> Result<Before> {
        let row = folding.organization(organization)?.unwrap_or_default();
        let leg = self.leg_before(folding, organization, &row)?;
        Ok(Before { organization, row, leg })
    }

    /// Keeps what follows for an organization from this record, which is folded, on.
    fn turn(&mut self, folding: &mut Folding<'_>, before: Before) -> Result<Turn> {
        let Recorded {
            position, admitted_at, ..
        } = folding.recorded;
        let Before {
            organization,
            mut row,
            leg: before,
        } = before;
        for change in folding.changes {
            if let Change::Conduct(of, conduct) = change
                && *of == organization
            {
                row.conduct = known::without_ended(conduct);
            }
        }
        let (since, terms) = self.in_force(folding)?;
        row.terms = since;
        if before.is_some() || folding.enrols_producer() {
            let known = self.known(folding, organization, &row.conduct, &terms)?;
            row.course = known.course(before.as_ref(), admitted_at, position);
        }
        let after = row.course.leg_seen(admitted_at);
        let turn = Turn {
            organization,
            before: before.map(|leg| leg.outlook.standing),
            after: after.map(|leg| leg.outlook.standing),
        };
        folding.put_here(ORGANIZATIONS, organization.as_bytes(), &row);
        Ok(turn)
    }

    /// What followed for an organization right before this record.
    fn leg_before(
        &mut self,
        folding: &mut Folding<'_>,
        organization: PartyId,
        row: &OrganizationRow,
    ) -> Result<Option<Leg>> {
        let at = folding.recorded.admitted_at;
        let (last, _) = self.in_force(folding)?;
        let later = folding.terms_between(row.terms, last)?;
        let under = later.last().map_or(row.terms, |(position, _)| *position);
        let mut known = |position| {
            let terms = folding.terms(position)?;
            self.known_then(folding, organization, &row.conduct, &terms)
        };
        if later.is_empty() {
            let leg = row.course.leg(at, || known(under))?;
            return Ok(leg.map(Cow::into_owned));
        }
        let course = row.course.renewed(row.terms, &later, &mut known)?;
        let leg = course.leg(at, || known(under))?;
        Ok(leg.map(Cow::into_owned))
    }

    /// The terms in force, and where they came into force; nothing was before the founding.
    fn in_force(&mut self, folding: &mut Folding<'_>) -> Result<(StreamPosition, Terms)> {
        if let Some(in_force) = self.in_force {
            return Ok(in_force);
        }
        let in_force = folding.last_at(TERMS, b"")?.unwrap_or_default();
        Ok(*self.in_force.insert(in_force))
    }

    /// Keeps what every standing follows from, where this record changes it.
    fn set_terms(&mut self, folding: &mut Folding<'_>) -> Result<()> {
        let mut set = false;
        let (before, mut terms) = self.in_force(folding)?;
        for change in folding.changes {
            match change {
                Change::Policy(policy) => (terms.policy, set) = (*policy, true),
                Change::Gating(digest) => (terms.gating, set) = (Some(*digest), true),
                _ => {}
            }
        }
        if set {
            let terms = Terms {
                since: folding.recorded.admitted_at,
                before,
                ..terms
            };
            folding.put_here(TERMS, b"", &terms);
            self.in_force = Some((folding.recorded.position, terms));
        }
        Ok(())
    }

    fn fold_event(&mut self, folding: &mut Folding<'_>, before: &mut Before) -> Result<()> {
        let Before { organization, row, .. } = before;
        match folding.statement.event() {
            Event::DeploymentFounded(event) => folding.enrolled(&event.scheme),
            Event::PartyEnrolled(profile) => folding.enrolled(profile),
            Event::SiteRegistered(event) => folding.registered(event, row),
            Event::SiteAmended(event) => folding.amended(event)?,
            Event::CataloguePublished(event) => self.published(folding, event)?,
            Event::AssessmentSubmitted(event) => self.assessed(folding, event, row)?,
            Event::AssessmentWithdrawn(event) => self.withdrawn(folding, event, *organization, row)?,
            Event::AssessmentConfirmed(event) => folding.confirmed(event)?,
            Event::AssessmentContested(event) => folding.contested(event)?,
            Event::PlanAdopted(event) => folding.plan_adopted(event, row),
            Event::MilestoneReported(event) => folding.milestone_reported(event, row)?,
            Event::PlanExtended(event) => folding.plan_extended(event, row)?,
            Event::PlanClosed(event) => folding.plan_closed(event, row)?,
            Event::IncidentReported(event) => folding.incident_reported(event, *organization, row),
            Event::IncidentUpdated(event) => folding.incident_updated(event, row)?,
            Event::IncidentClosed(event) => folding.incident_closed(event, row)?,
            Event::ReportPublished(event) => folding.reported(event),
            Event::StandingDecided(event) => folding.decided(event),
            _ => {}
        }
        Ok(())
    }
}

impl Before {
    /// Stands where no organization is touched.
    fn nobody() -> Self {
        Self {
            organization: PartyId::FOUNDER,
            row: OrganizationRow::default(),
            leg: None,
        }
    }
}

impl Folding<'_> {
    /// Whom this record concerns; none where it is nothing to this view.
    fn concern(&mut self) -> Result<Option<Concern>> {
        let speaker = self.statement.party();
        let of = |organization| Concern::One(organization, None);
        let enrolled = || of(PartyId::derive(self.recorded.statement, 0));
        let concern = match self.statement.event() {
            Event::DeploymentFounded(_) | Event::PartyEnrolled(_) => enrolled(),
            Event::SiteRegistered(event) => {
                Concern::One(event.operator, Some(SiteId::derive(self.recorded.statement, 0)))
            }
            Event::SiteAmended(event) => self.amends(event)?,
            Event::PolicySet(_) => Concern::Everyone,
            Event::CataloguePublished(_) if self.changes.iter().any(|change| matches!(change, Change::Gating(_))) => {
                Concern::Everyone
            }
            Event::CataloguePublished(_) => Concern::Nobody,
            Event::AssessmentSubmitted(event) => self.owner(event.subject)?,
            Event::AssessmentConfirmed(event) => self.owner(event.subject)?,
            Event::AssessmentContested(event) => self.owner(event.subject)?,
            Event::AssessmentWithdrawn(event) => self.owner(event.subject)?,
            Event::IncidentReported(event) => self.owner(event.subject)?,
            Event::IncidentUpdated(event) => self.answers_for(event.incident, event.subject)?,
            Event::IncidentClosed(event) => self.answers_for(event.incident, event.subject)?,
            Event::PlanAdopted(_) | Event::PlanExtended(_) | Event::ReportPublished(_) => of(speaker),
            Event::MilestoneReported(event) => of(event.organization),
            Event::PlanClosed(event) => of(event.organization),
            Event::StandingDecided(event) => of(event.organization),
            _ => return Ok(None),
        };
        Ok(Some(concern))
    }

    /// In whose name this record speaks. Who founds a deployment has no id before that.
    fn speaker(&self) -> PartyId {
        match self.statement.event() {
            Event::DeploymentFounded(_) => PartyId::derive(self.recorded.statement, 0),
            _ => self.statement.party(),
        }
    }

    /// Who answers for a subject.
    fn owner(&mut self, subject: Subject) -> Result<Concern> {
        match subject {
            Subject::Party(party) => Ok(Concern::One(party, None)),
            Subject::Site(site) => Ok(Concern::One(self.operator(site)?, Some(site))),
        }
    }

    /// Who answers for an incident: whoever works the site since does not.
    fn answers_for(&mut self, incident: IncidentId, subject: Subject) -> Result<Concern> {
        let row: Option<IncidentRow> = get(self.rows, INCIDENTS, incident.as_bytes())?;
        let row = row.ok_or(RowError::Missing { table: INCIDENTS })?;
        let site = match subject {
            Subject::Party(_) => None,
            Subject::Site(site) => Some(site),
        };
        Ok(Concern::One(row.organization, site))
    }

    /// Whom it concerns that a site is amended.
    fn amends(&mut self, event: &SiteAmended) -> Result<Concern> {
        let operator = self.operator(event.site)?;
        Ok(match event.operator {
            Some(next) if next != operator => Concern::Moved(event.site, operator, next),
            _ => Concern::One(operator, Some(event.site)),
        })
    }

    /// Who works a site.
    fn operator(&mut self, site: SiteId) -> Result<PartyId> {
        let row: Option<SiteRow> = self.last(SITES, site.as_bytes())?;
        Ok(row.ok_or(RowError::Missing { table: SITES })?.registered.operator)
    }

    /// The terms that came into force at a position; none were before the founding.
    fn terms(&mut self, position: StreamPosition) -> Result<Terms> {
        if position == StreamPosition::START {
            return Ok(Terms::default());
        }
        get(self.rows, TERMS, &position_key(position))?.ok_or(RowError::Missing { table: TERMS })
    }

    /// Where and when terms came into force after a position and up to the last ones, in order.
    fn terms_between(
        &mut self,
        after: StreamPosition,
        last: StreamPosition,
    ) -> Result<Vec<(StreamPosition, Timestamp)>> {
        let mut between = Vec::new();
        let mut position = last;
        while after < position {
            let terms = self.terms(position)?;
            between.push((position, terms.since));
            position = terms.before;
        }
        between.reverse();
        Ok(between)
    }

    fn organization(&mut self, id: PartyId) -> Result<Option<OrganizationRow>> {
        self.last(ORGANIZATIONS, id.as_bytes())
    }

    /// The last of the rows `key ‖ position` up to this record's.
    fn last<T: Serialize + DeserializeOwned>(&mut self, table: &'static str, key: &[u8]) -> Result<Option<T>> {
        Ok(self.last_at(table, key)?.map(|(_, row)| row))
    }

    /// The same, with its position.
    fn last_at<T: Serialize + DeserializeOwned>(
        &mut self,
        table: &'static str,
        key: &[u8],
    ) -> Result<Option<(StreamPosition, T)>> {
        let (from, end) = (
            key_at(key, StreamPosition::START),
            key_at(key, self.recorded.position.next()),
        );
        let row = self.rows.last(table, &from, &end);
        row.map(|row| Ok((position_of(table, &row.key)?, decode(table, &row.value)?)))
            .transpose()
    }

    /// Puts a row at `key ‖ position` of this record.
    fn put_here(&mut self, table: &'static str, key: &[u8], row: &impl Serialize) {
        put(self.rows, table, &key_at(key, self.recorded.position), row);
    }
}

fn put(rows: &mut Rows, table: &'static str, key: &[u8], row: &impl Serialize) {
    rows.put(table, key, encode(row));
}

fn get<T: Serialize + DeserializeOwned>(rows: &mut Rows, table: &'static str, key: &[u8]) -> Result<Option<T>> {
    rows.get(table, key).map(|bytes| decode(table, &bytes)).transpose()
}
