//! How far an organization has come, as it follows from what was found and done, on any day.
//!
//! Knows answers, clocks and policy; knows no statement. The rules ask it when a lot moves, and views ask
//! it for any time: standing changes by statements, and by time alone when a clock runs out.
//!
//! ```text
//! applicant -- modules 1 and 2 met, a report --> registered -- module 3 met --> candidate -- module 4 met or better in time --> affiliate
//! any -- module 3 not met, or a grave incident known or founded; module 4 not better in time --> suspended
//! any -- the latest report too old --> lapsed
//! ```

use event::vocabulary::{Answer, AssessmentKind, Module, Scale, Standing, Subject};
use event::{Date, PartyId, StreamPosition, Timestamp};
use serde::{Deserialize, Serialize};

use crate::state::{Catalogue, Clock, Conduct, Criterion, CriterionNumber, Ledger, Policy};

/// An answer to a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Given {
    /// Does not apply.
    NotApplicable,
    /// Met.
    Pass,
    /// Partly met, and better than before.
    Progress,
    /// Not met.
    Fail,
}

impl Given {
    /// What an answer means for a gate of this scale, where it means anything. That a scenario is not applicable says
    /// that it does not apply: who marks all of them so has shown none.
    #[must_use]
    pub const fn of(answer: &Answer, scale: Scale) -> Option<Self> {
        match (answer, scale) {
            (Answer::Fail, _) | (Answer::NotApplicable(_), Scale::Scenario) => Some(Self::Fail),
            (Answer::NotApplicable(_), _) => Some(Self::NotApplicable),
            (Answer::Pass, _) => Some(Self::Pass),
            (Answer::Progress, _) => Some(Self::Progress),
            (Answer::Observed | Answer::NoneObserved | Answer::Level(_) | Answer::Count(_) | Answer::Words(_), _) => {
                None
            }
        }
    }

    /// Whether nothing is left to be done.
    #[must_use]
    pub const fn is_met(self) -> bool {
        matches!(self, Self::Pass | Self::NotApplicable)
    }
}

/// A finding on a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Found {
    /// The last day it speaks about.
    pub day: Date,
    /// Where its assessment stands.
    pub position: StreamPosition,
    /// What it says.
    pub given: Given,
}

/// The newest finding of each kind on one gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateAnswers {
    /// Which criterion.
    pub number: CriterionNumber,
    /// By who looked, the one that gives least assurance first.
    pub by_kind: [Option<Found>; AssessmentKind::ALL.len()],
}

/// What stands for one subject on the gates, in the order of the criteria's numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers(pub Vec<GateAnswers>);

impl Answers {
    /// The newest findings on one criterion.
    #[must_use]
    pub fn on(&self, number: CriterionNumber) -> Option<&GateAnswers> {
        let place = self.0.binary_search_by_key(&number, |answers| answers.number);
        place.ok().map(|place| &self.0[place])
    }

    /// Sets the newest finding of a kind.
    pub(crate) fn set(&mut self, number: CriterionNumber, kind: AssessmentKind, found: Option<Found>) {
        let place = self.0.binary_search_by_key(&number, |answers| answers.number);
        let place = place.unwrap_or_else(|place| {
            let by_kind = [None; AssessmentKind::ALL.len()];
            self.0.insert(place, GateAnswers { number, by_kind });
            place
        });
        self.0[place].by_kind[kind as usize] = found;
    }
}

impl GateAnswers {
    /// The finding that stands on `today`.
    #[must_use]
    pub fn prevailing(&self, policy: &Policy, today: Date) -> Option<(AssessmentKind, Found)> {
        prevailing(self.by_kind, |found| (found.day, found.position), policy, today)
    }
}

/// What stands on `today` of the newest that was said in each kind, the kind that gives least assurance first; `place`
/// tells the last day that something speaks about, and where its assessment stands. Of those that are not older than
/// policy lets assurance prevail, the one that gives the most; where all are older, the newest.
#[must_use]
pub fn prevailing<T>(
    newest: [Option<T>; AssessmentKind::ALL.len()],
    place: impl Fn(&T) -> (Date, StreamPosition),
    policy: &Policy,
    today: Date,
) -> Option<(AssessmentKind, T)> {
    let said = AssessmentKind::ALL.into_iter().zip(newest);
    let said = said.filter_map(|(kind, said)| Some((kind, said?)));
    said.max_by_key(|(kind, said)| {
        let (day, position) = place(said);
        let holds = today <= day.plus_days(policy.assurance_days_max);
        (holds, holds.then_some(*kind), day, position)
    })
}

/// Everything a standing follows from.
#[derive(Clone, Debug)]
pub struct Basis<'a> {
    /// The catalogue with the gates, where there is one.
    pub catalogue: Option<&'a Catalogue>,
    /// The terms in force.
    pub policy: &'a Policy,
    /// What the organization did.
    pub conduct: &'a Conduct,
    /// What was found about the organization itself and about each of its sites.
    pub answers: Vec<(Subject, &'a Answers)>,
}

/// What follows at one instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived {
    /// How far it has come.
    pub standing: Standing,
    /// Modules 1 to 4.
    pub gates: [Gate; 4],
    /// Every criterion of these modules, in the catalogue's order.
    pub criteria: Vec<Rolled>,
    /// Why it is suspended, if it is.
    pub causes: Vec<Cause>,
}

/// How many criteria of a module are how far; its scenarios count as one criterion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gate {
    /// Met.
    pub met: u16,
    /// Not met, and a plan's clock is running.
    pub mending: u16,
    /// Not met, and a plan's clock has run out without any progress since it began.
    pub overdue: u16,
    /// Not met.
    pub not_met: u16,
    /// Nobody said anything.
    pub unanswered: u16,
}

impl Gate {
    /// Whether nothing is left to be done.
    #[must_use]
    pub const fn is_met(&self) -> bool {
        self.mending == 0 && self.overdue == 0 && self.not_met == 0 && self.unanswered == 0
    }

    fn count(&mut self, state: State) {
        let count = match state {
            State::Met => &mut self.met,
            State::Mending => &mut self.mending,
            State::Overdue => &mut self.overdue,
            State::NotMet => &mut self.not_met,
            State::Unanswered => &mut self.unanswered,
        };
        *count += 1;
    }
}

/// How far one criterion is, the organization and its sites together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing is left to be done.
    Met,
    /// Not met, and a plan's clock is running.
    Mending,
    /// Not met, and a plan's clock has run out without any progress since it began.
    Overdue,
    /// Not met, and no plan's clock is running, or it has run out after some progress.
    NotMet,
    /// Nobody said anything.
    Unanswered,
}

/// One criterion, the organization and its sites together: an organization is as good as the worst of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rolled {
    /// Its place in the catalogue.
    pub place: u16,
    /// Its number.
    pub number: CriterionNumber,
    /// Its module.
    pub module: Module,
    /// How far it is.
    pub state: State,
    /// The finding that decides, with whom or what it is about and who looked.
    pub decided_by: Option<(Subject, AssessmentKind, Found)>,
    /// Since when a plan has been mending it.
    pub clock: Option<Clock>,
}

/// Why an organization is suspended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A criterion of module 3, by place, is not met.
    Abuse(u16),
    /// A criterion of module 4, by place, got no better within its time.
    Overdue(u16),
    /// There are open incidents of module 3 that are known or founded, the first since this position.
    Incident(StreamPosition),
}

impl Basis<'_> {
    /// What follows at `at`.
    #[must_use]
    pub fn derive(&self, at: Timestamp) -> Derived {
        let criteria = self.rolled(at);
        let gates = self.gates(&criteria, at);
        let causes = self.causes(&criteria);
        Derived {
            standing: self.standing(&gates, &criteria, &causes, at),
            gates,
            criteria,
            causes,
        }
    }

    /// The first instant after `after` at which time alone may change what follows; none while no clock is running.
    #[must_use]
    pub fn next_change(&self, after: Timestamp) -> Option<Timestamp> {
        let reported = self.conduct.reported.map(|reported| reported.at);
        let report = reported.map(|at| at.plus_days(self.policy.report_days_max).plus_ms(1));
        let due = |clock: &Clock| clock.since.plus_days(self.policy.mitigation_days_max).plus_ms(1);
        let clocks = self.conduct.clocks.iter().map(due);
        let given = self.answers.iter().flat_map(|(_, answers)| &answers.0);
        let given = given.flat_map(|answers| answers.by_kind).flatten();
        let expiries = given.map(|found| found.day.plus_days(self.policy.assurance_days_max).plus_days(1).start());
        report
            .into_iter()
            .chain(clocks)
            .chain(expiries)
            .filter(|instant| after < *instant)
            .min()
    }

    /// Whether a criterion of any number is met at `at`, by the organization and its sites together.
    pub(crate) fn is_met(&self, number: CriterionNumber, at: Timestamp) -> bool {
        let given = |(_, answers): &(Subject, &Answers)| answers.on(number)?.prevailing(self.policy, at.date());
        let worst = self
            .answers
            .iter()
            .filter_map(given)
            .map(|(_, found)| found.given)
            .max();
        worst.is_some_and(Given::is_met)
    }

    fn standing(&self, gates: &[Gate; 4], criteria: &[Rolled], causes: &[Cause], at: Timestamp) -> Standing {
        if !causes.is_empty() {
            return Standing::Suspended;
        }
        let Some(reported) = self.conduct.reported else {
            return Standing::Applicant;
        };
        if reported.at.plus_days(self.policy.report_days_max) < at {
            return Standing::Lapsed;
        }
        let [management, legitimacy, abuses, _] = gates;
        if self.catalogue.is_none() || !management.is_met() || !legitimacy.is_met() {
            return Standing::Applicant;
        }
        if !abuses.is_met() {
            return Standing::Registered;
        }
        let mut mitigation = criteria.iter().filter(|rolled| rolled.module == Module::Mitigation);
        if mitigation.all(Rolled::is_good_enough) {
            return Standing::Affiliate;
        }
        Standing::Candidate
    }

    fn causes(&self, criteria: &[Rolled]) -> Vec<Cause> {
        let incident = self.conduct.grave_since.filter(|_| 0 < self.conduct.grave);
        let cause = |rolled: &Rolled| match (rolled.module, rolled.state) {
            (Module::Disengagement, State::NotMet) => Some(Cause::Abuse(rolled.place)),
            (_, State::Overdue) => Some(Cause::Overdue(rolled.place)),
            _ => None,
        };
        let causes = criteria.iter().filter_map(cause);
        causes.chain(incident.map(Cause::Incident)).collect()
    }

    fn gates(&self, criteria: &[Rolled], at: Timestamp) -> [Gate; 4] {
        let mut gates = [Gate::default(); 4];
        for rolled in criteria {
            if !self.is_scenario(rolled) {
                gates[usize::from(rolled.module.number()) - 1].count(rolled.state);
            }
        }
        if criteria.iter().any(|rolled| self.is_scenario(rolled)) {
            gates[1].count(self.legitimacy(at));
        }
        gates
    }

    fn is_scenario(&self, rolled: &Rolled) -> bool {
        let criterion = self
            .catalogue
            .and_then(|catalogue| catalogue.criteria.get(usize::from(rolled.place)));
        criterion.is_some_and(|criterion| criterion.scale == Scale::Scenario)
    }

    /// Whether for each of those about whom it was asked, one of the scenarios applies.
    fn legitimacy(&self, at: Timestamp) -> State {
        let mut state = State::Unanswered;
        for (_, answers) in &self.answers {
            let scenarios = self
                .gating_criteria()
                .filter(|(_, criterion, _)| criterion.scale == Scale::Scenario);
            let given = scenarios.filter_map(|(_, criterion, _)| answers.on(criterion.number));
            let given = given.filter_map(|answers| answers.prevailing(self.policy, at.date()));
            match given.map(|(_, found)| found.given).min() {
                None => {}
                Some(best) if best.is_met() => state = State::Met,
                Some(_) => return State::NotMet,
            }
        }
        state
    }

    fn gating_criteria(&self) -> impl Iterator<Item = (u16, &Criterion, Module)> {
        let criteria = self.catalogue.iter().flat_map(|catalogue| &catalogue.criteria);
        let gates = (0..).zip(criteria).filter(|(_, criterion)| criterion.is_gate());
        gates.filter_map(|(place, criterion)| Some((place, criterion, criterion.module?)))
    }

    fn rolled(&self, at: Timestamp) -> Vec<Rolled> {
        let rolled = |(place, criterion, module): (u16, &Criterion, Module)| {
            let decided_by = self.decided_by(*criterion, at);
            let clocks = &self.conduct.clocks;
            let clock = clocks.binary_search_by_key(&criterion.number, |clock| clock.number);
            let clock = clock.ok().map(|clock| clocks[clock]);
            // What was module 4 in an older version may be module 3 in this one, where nothing is waited for.
            let clock = clock.filter(|_| module == Module::Mitigation);
            Rolled {
                place,
                number: criterion.number,
                module,
                state: self.state(decided_by.map(|(.., found)| found), clock, at),
                decided_by,
                clock,
            }
        };
        self.gating_criteria().map(rolled).collect()
    }

    /// The finding that decides: the worst, or of scenarios, of which one is enough, the best; the newest of equals.
    fn decided_by(&self, criterion: Criterion, at: Timestamp) -> Option<(Subject, AssessmentKind, Found)> {
        let standing = |(subject, answers): &(Subject, &Answers)| {
            let (kind, found) = answers.on(criterion.number)?.prevailing(self.policy, at.date())?;
            Some((*subject, kind, found))
        };
        let found = self.answers.iter().filter_map(standing);
        let newest = |found: &Found| (found.day, found.position);
        if criterion.scale == Scale::Scenario {
            return found.max_by_key(|(.., found)| (core::cmp::Reverse(found.given), newest(found)));
        }
        found.max_by_key(|(.., found)| (found.given, newest(found)))
    }

    fn state(&self, found: Option<Found>, clock: Option<Clock>, at: Timestamp) -> State {
        let Some(found) = found else {
            return State::Unanswered;
        };
        if found.given.is_met() {
            return State::Met;
        }
        let Some(clock) = clock else {
            return State::NotMet;
        };
        if at <= clock.since.plus_days(self.policy.mitigation_days_max) {
            return State::Mending;
        }
        // What was better before the plan did not get better under it.
        let improved = found.given == Given::Progress && clock.since.date() <= found.day;
        if improved { State::NotMet } else { State::Overdue }
    }
}

impl Rolled {
    /// Met, or getting better in time.
    fn is_good_enough(&self) -> bool {
        let given = self.decided_by.map(|(.., found)| found.given);
        self.state == State::Met || (self.state == State::Mending && given == Some(Given::Progress))
    }
}

/// What an organization did that did nothing yet.
static NOTHING_DONE: Conduct = Conduct {
    reported: None,
    decided: None,
    clocks: Vec::new(),
    ended: Vec::new(),
    grave: 0,
    grave_since: None,
};

impl Ledger {
    /// What an organization's standing follows from now.
    #[must_use]
    pub fn basis(&self, organization: PartyId) -> Basis<'_> {
        let sites = self.sites_of(&organization).iter().map(|site| Subject::Site(*site));
        let subjects = core::iter::once(Subject::Party(organization)).chain(sites);
        Basis {
            catalogue: self.gating().and_then(|digest| self.catalogue(&digest)),
            policy: self.policy(),
            conduct: self.conduct(&organization).unwrap_or(&NOTHING_DONE),
            answers: subjects
                .filter_map(|subject| Some((subject, self.answers(&subject)?)))
                .collect(),
        }
    }

    /// Whether nobody may trade with an organization at `at`: by what follows from the record, or by the scheme's word.
    #[must_use]
    pub fn is_suspended(&self, organization: PartyId, at: Timestamp) -> bool {
        let basis = self.basis(organization);
        let decided = basis.conduct.decided.map(|decided| decided.standing);
        decided == Some(Standing::Suspended) || basis.derive(at).standing == Standing::Suspended
    }
}
