//! A catalogue with gates, and organizations that come through them.

use event::key::Digest;
use event::vocabulary::{
    Answer, AssessmentConfirmed, AssessmentContested, AssessmentKind, AssessmentSubmitted, AssessmentWithdrawn,
    CataloguePublished, Confidence, Criterion, IncidentCategory, IncidentClosed, IncidentOutcome, IncidentReported,
    IncidentUpdated, Indicator, Measurement, Milestone, MilestoneReported, MilestoneState, Module, Period, Pillar,
    PlanAdopted, PlanClosed, PlanExtended, PlanOutcome, ReportPublished, Scale, Severity, Standing, StandingDecided,
    Subject, Unit,
};
use event::{AssessmentId, Date, Event, IncidentId, List, PlanId, StatementId};
use rpc::progress::progress_service_server::ProgressService;
use rpc::progress::{GetOrganizationRequest, GetOrganizationResponse, get_organization_request};
use tests::world::{self, line, list};
use tonic::Request;

use crate::support::{Folded, Said, Stream, catalogue};

const DAY_MS: i64 = 86_400_000;

/// Whose word it is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Who {
    Operator(usize),
    Assessor,
    Scheme,
}

/// A criterion of each module: one to manage, two scenarios, one abuse, one to mend in time, two with levels, and one more.
pub(crate) fn gates(version: &str) -> CataloguePublished {
    let asked = [
        ("manage", Scale::PassFail, Module::Management, Pillar::Organizational),
        ("title", Scale::Scenario, Module::Legitimacy, Pillar::Governance),
        ("pending", Scale::Scenario, Module::Legitimacy, Pillar::Governance),
        ("children", Scale::PassFail, Module::Disengagement, Pillar::Social),
        ("taxes", Scale::PassProgressFail, Module::Mitigation, Pillar::Governance),
        (
            "water",
            Scale::Level { max: 4 },
            Module::Improvement,
            Pillar::Environmental,
        ),
        (
            "mercury-free",
            Scale::Level { max: 4 },
            Module::Improvement,
            Pillar::Environmental,
        ),
        ("minutes", Scale::PassFail, Module::Improvement, Pillar::Organizational),
    ];
    let criterion = |(name, scale, module, pillar): (&str, Scale, Module, Pillar)| Criterion {
        module: Some(module),
        pillar: Some(pillar),
        ..world::question(name, scale, name)
    };
    let indicator = |name: &str, unit| Indicator {
        slug: world::slug(name),
        unit,
        question: line(name),
        pillar: Some(Pillar::Environmental),
        replaces: None,
    };
    CataloguePublished {
        criteria: list(asked.into_iter().map(criterion).collect()),
        indicators: list(vec![
            indicator("mercury-used", Unit::Milligrams),
            indicator("members", Unit::People),
        ]),
        ..catalogue("g", version, &[])
    }
}

/// Answers that leave nothing to be done in modules 1 to 4.
pub(crate) fn all_met() -> Vec<Said<'static>> {
    vec![
        ("manage", Answer::Pass),
        ("title", Answer::Pass),
        ("children", Answer::Pass),
        ("taxes", Answer::Pass),
    ]
}

/// The same with one answer otherwise.
pub(crate) fn all_met_but(other: Said<'static>) -> Vec<Said<'static>> {
    let mut said: Vec<_> = all_met().into_iter().filter(|(name, _)| *name != other.0).collect();
    said.push(other);
    said
}

impl Stream {
    pub(crate) fn publish(&mut self, catalogue: CataloguePublished) -> u64 {
        self.catalogues.push(catalogue.clone());
        self.scheme_says(Event::CataloguePublished(catalogue));
        self.end()
    }

    /// With the catalogue `g@1`.
    pub(crate) fn with_gates() -> Self {
        let mut stream = Self::begin();
        stream.publish(gates("1"));
        stream
    }

    pub(crate) fn later(&mut self, days: i64) {
        self.now = self.now.plus_ms(days * DAY_MS);
    }

    pub(crate) fn today(&self) -> Date {
        self.now.date()
    }

    pub(crate) fn says(&mut self, who: Who, event: Event) -> StatementId {
        let deployment = self.world.deployment;
        let signer = match who {
            Who::Operator(n) => &mut self.operators[n],
            Who::Assessor => &mut self.assessor,
            Who::Scheme => &mut self.world.scheme,
        };
        let statement = signer.say(deployment, event);
        self.append(&statement);
        self.world.id(&statement)
    }

    fn days_ago(&self, days: i32) -> Period {
        let day = Date::from_unix_days(self.today().unix_days() - days);
        Period { from: day, to: day }
    }

    /// An assessment of the organization `n` itself, or of a site, about some days ago.
    pub(crate) fn find(
        &mut self,
        subject: Subject,
        kind: AssessmentKind,
        days_ago: i32,
        catalogue: &str,
        said: &[Said<'_>],
        measured: &[(u16, u64)],
    ) -> AssessmentId {
        let known = self
            .catalogues
            .iter()
            .find(|known| crate::support::name(known) == catalogue);
        let known = known.unwrap();
        let measurement = |(indicator, value): &(u16, u64)| Measurement {
            indicator: *indicator,
            value: *value,
        };
        let submitted = AssessmentSubmitted {
            subject,
            kind,
            period: self.days_ago(days_ago),
            catalogue: known.digest(),
            findings: crate::support::findings(known, said),
            measurements: list(measured.iter().map(measurement).collect()),
            reference: None,
        };
        let owner = match subject {
            Subject::Party(party) => self.operators.iter().position(|operator| operator.party == party),
            Subject::Site(site) => self.sites.iter().position(|known| *known == site).map(|site| site % 2),
        };
        let who = match kind {
            AssessmentKind::SelfReported => Who::Operator(owner.unwrap()),
            _ => Who::Assessor,
        };
        let statement = self.says(who, Event::AssessmentSubmitted(submitted));
        AssessmentId::derive(statement, 0)
    }

    pub(crate) fn organization(&self, n: usize) -> Subject {
        Subject::Party(self.operators[n].party)
    }

    /// An assessment of an organization itself, by a monitor, about today.
    pub(crate) fn found(&mut self, n: usize, said: &[Said<'_>]) -> AssessmentId {
        self.find(self.organization(n), AssessmentKind::Monitor, 0, "g@1", said, &[])
    }

    pub(crate) fn report(&mut self, n: usize) {
        let report = ReportPublished {
            period: self.days_ago(1),
            summary: Digest::from_bytes([3; 32]),
            full: None,
        };
        self.says(Who::Operator(n), Event::ReportPublished(report));
    }

    /// Everything met, and reported: an affiliate.
    pub(crate) fn affiliate(&mut self, n: usize) {
        self.found(n, &all_met());
        self.report(n);
    }

    /// A plan for the criterion at a place of `g@1`, with milestones due in so many days.
    pub(crate) fn plan(&mut self, n: usize, criterion: u16, due_in: &[u16]) -> PlanId {
        let milestone = |days: &u16| Milestone {
            criterion,
            action: line("Pay what is owed"),
            due: self.today().plus_days(*days),
            after: List::empty(),
        };
        let plan = PlanAdopted {
            catalogue: gates("1").digest(),
            criteria: list(vec![criterion]),
            milestones: list(due_in.iter().map(milestone).collect()),
        };
        PlanId::derive(self.says(Who::Operator(n), Event::PlanAdopted(plan)), 0)
    }

    pub(crate) fn milestone(&mut self, n: usize, plan: PlanId, milestone: u8, state: MilestoneState) {
        let reported = MilestoneReported {
            organization: self.operators[n].party,
            plan,
            milestone,
            state,
            note: Some(line("As agreed")),
            evidence: List::empty(),
        };
        self.says(Who::Operator(n), Event::MilestoneReported(reported));
    }

    pub(crate) fn extend(&mut self, n: usize, plan: PlanId, milestone: u8, due_in: u16) {
        let extended = PlanExtended {
            plan,
            milestone,
            due: self.today().plus_days(due_in),
            reason: line("The rains came early"),
        };
        self.says(Who::Operator(n), Event::PlanExtended(extended));
    }

    pub(crate) fn close(&mut self, n: usize, plan: PlanId) {
        let closed = PlanClosed {
            organization: self.operators[n].party,
            plan,
            outcome: PlanOutcome::Achieved,
            note: None,
        };
        self.says(Who::Operator(n), Event::PlanClosed(closed));
    }

    pub(crate) fn incident(
        &mut self,
        subject: Subject,
        category: IncidentCategory,
        confidence: Confidence,
    ) -> IncidentId {
        let reported = IncidentReported {
            subject,
            category,
            confidence,
            severity: Severity::Serious,
            period: self.days_ago(2),
            summary: line("Seen at the pit"),
            evidence: List::empty(),
            reference: None,
        };
        IncidentId::derive(self.says(Who::Assessor, Event::IncidentReported(reported)), 0)
    }

    pub(crate) fn update(&mut self, subject: Subject, incident: IncidentId, confidence: Confidence) {
        let updated = IncidentUpdated {
            subject,
            incident,
            confidence,
            severity: Severity::Critical,
            note: line("Two witnesses"),
            evidence: List::empty(),
        };
        self.says(Who::Assessor, Event::IncidentUpdated(updated));
    }

    pub(crate) fn resolve(&mut self, subject: Subject, incident: IncidentId) {
        let closed = IncidentClosed {
            subject,
            incident,
            outcome: IncidentOutcome::Remedied,
            note: line("The children are at school"),
        };
        self.says(Who::Assessor, Event::IncidentClosed(closed));
    }

    pub(crate) fn judge(
        &mut self,
        who: Who,
        subject: Subject,
        assessment: AssessmentId,
        criteria: &[u16],
        contests: bool,
    ) {
        let criteria = list(criteria.to_vec());
        let event = if contests {
            Event::AssessmentContested(AssessmentContested {
                subject,
                assessment,
                criteria,
                reason: line("We saw otherwise"),
                evidence: List::empty(),
            })
        } else {
            Event::AssessmentConfirmed(AssessmentConfirmed {
                subject,
                assessment,
                criteria,
                note: None,
                evidence: List::empty(),
            })
        };
        self.says(who, event);
    }

    pub(crate) fn withdraw(&mut self, who: Who, subject: Subject, assessment: AssessmentId) {
        let withdrawn = AssessmentWithdrawn {
            subject,
            assessment,
            reason: line("Another site was meant"),
        };
        self.says(who, Event::AssessmentWithdrawn(withdrawn));
    }

    pub(crate) fn decide(&mut self, n: usize, standing: Standing) {
        let decided = StandingDecided {
            organization: self.operators[n].party,
            standing,
            reason: line("By the board"),
            evidence: List::empty(),
        };
        self.says(Who::Scheme, Event::StandingDecided(decided));
    }
}

impl Folded {
    /// An organization as of a position, and an instant; 0 for neither.
    pub(crate) async fn organization_as_of(
        &self,
        party: event::PartyId,
        as_of_position: u64,
        as_of_unix_ms: i64,
    ) -> GetOrganizationResponse {
        let organization = Some(get_organization_request::Organization::PartyId(party.to_string()));
        let request = GetOrganizationRequest {
            organization,
            as_of_position,
            as_of_unix_ms,
            at_least_position: 0,
        };
        let answer = self.door.get_organization(Request::new(request)).await;
        answer.unwrap().into_inner()
    }
}
