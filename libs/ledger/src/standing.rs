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

use std::collections::{BTreeMap, BTreeSet};

use event::vocabulary::{Answer, AssessmentKind, Module, Scale, Standing, Subject};
use event::{Date, PartyId, StreamPosition, Timestamp};
use serde::{Deserialize, Serialize};

use crate::policy::Policy;
use crate::state::{Catalogue, Clock, Conduct, Criterion, CriterionNumber, Ledger};

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
        let word = |found: &Found| Word {
            day: found.day,
            position: found.position,
            is_unmet: !found.given.is_met(),
        };
        prevailing(self.by_kind, word, policy, today)
    }
}

/// What decides which of several answers stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// The last day that it speaks about.
    pub day: Date,
    /// Where its assessment stands.
    pub position: StreamPosition,
    /// Whether it says that something is not met.
    pub is_unmet: bool,
}

/// What stands on `today` of the newest that was said in each kind, the kind that gives least assurance first; `word` tells
/// what decides. Of those that are not older than policy lets assurance prevail, the one that gives the most; where all
/// are older, the newest.
///
/// That something is not met does not pass with time: such a word goes before those of less assurance until one of its own
/// kind, or of a surer one, follows it. Who waits long enough cannot clear himself.
#[must_use]
pub fn prevailing<T>(
    newest: [Option<T>; AssessmentKind::ALL.len()],
    word: impl Fn(&T) -> Word,
    policy: &Policy,
    today: Date,
) -> Option<(AssessmentKind, T)> {
    let words = newest.each_ref().map(|said| said.as_ref().map(&word));
    let said = AssessmentKind::ALL.into_iter().zip(newest);
    let said = said.filter_map(|(kind, said)| Some((kind, said?)));
    said.max_by_key(|(kind, said)| {
        let Word {
            day,
            position,
            is_unmet,
        } = word(said);
        let surer = words[*kind as usize + 1..].iter().flatten();
        let is_answered = surer
            .into_iter()
            .any(|other| (day, position) < (other.day, other.position));
        let holds = today <= day.plus_days(policy.assurance_days_max) || (is_unmet && !is_answered);
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
    /// Whether it is one of those of which one must apply.
    pub is_scenario: bool,
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
    /// What follows at `at`. Reads every answer once.
    #[must_use]
    pub fn derive(&self, at: Timestamp) -> Derived {
        let (criteria, legitimacy) = self.rolled(at);
        let gates = gates(&criteria, legitimacy);
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

    /// The criteria of any number that are met at `at`, by the organization and its sites together. Reads every answer.
    pub(crate) fn met(&self, at: Timestamp) -> BTreeSet<CriterionNumber> {
        let mut worst = BTreeMap::new();
        for answers in self.answers.iter().flat_map(|(_, answers)| &answers.0) {
            if let Some((_, found)) = answers.prevailing(self.policy, at.date()) {
                let given = worst.entry(answers.number).or_insert(found.given);
                *given = found.given.max(*given);
            }
        }
        let met = worst.into_iter().filter(|(_, given)| given.is_met());
        met.map(|(number, _)| number).collect()
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

    fn gating_criteria(&self) -> impl Iterator<Item = (u16, &Criterion, Module)> {
        let criteria = self.catalogue.iter().flat_map(|catalogue| &catalogue.criteria);
        let gates = (0..).zip(criteria).filter(|(_, criterion)| criterion.is_gate());
        gates.filter_map(|(place, criterion)| Some((place, criterion, criterion.module?)))
    }

    /// Every gate of the catalogue; and whether for each of those about whom it was asked, one of the scenarios applies.
    fn rolled(&self, at: Timestamp) -> (Vec<Rolled>, State) {
        let mut gates: Vec<_> = self.gating_criteria().map(unanswered).collect();
        // In the order of their numbers, as answers are, whatever the order of the catalogue.
        let mut places: Vec<_> = gates.iter().map(|gate| gate.number).zip(0..).collect();
        places.sort_unstable();
        let mut legitimacy = State::Unanswered;
        for (subject, answers) in &self.answers {
            let mut best_scenario: Option<Given> = None;
            for answers in &answers.0 {
                let Ok(place) = places.binary_search_by_key(&answers.number, |(number, _)| *number) else {
                    continue;
                };
                let Some((kind, found)) = answers.prevailing(self.policy, at.date()) else {
                    continue;
                };
                let gate: &mut Rolled = &mut gates[places[place].1];
                if gate.is_scenario {
                    best_scenario = Some(best_scenario.map_or(found.given, |best| best.min(found.given)));
                }
                if gate
                    .decided_by
                    .is_none_or(|(.., before)| gate.rank(&before) < gate.rank(&found))
                {
                    gate.decided_by = Some((*subject, kind, found));
                }
            }
            legitimacy = match best_scenario {
                None => legitimacy,
                Some(best) if best.is_met() && legitimacy != State::NotMet => State::Met,
                Some(_) => State::NotMet,
            };
        }
        for gate in &mut gates {
            gate.clock = self.clock(gate);
            gate.state = self.state(gate.decided_by.map(|(.., found)| found), gate.clock, at);
        }
        (gates, legitimacy)
    }

    /// The clock that runs for a gate. What was module 4 in an older version may be module 3 in this one, where nothing
    /// is waited for.
    fn clock(&self, gate: &Rolled) -> Option<Clock> {
        let clocks = &self.conduct.clocks;
        let place = clocks.binary_search_by_key(&gate.number, |clock| clock.number).ok()?;
        (gate.module == Module::Mitigation).then_some(clocks[place])
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
    /// What goes before others: the worst, or of scenarios, of which one is enough, the best; the newest of equals.
    const fn rank(&self, found: &Found) -> (u8, Date, StreamPosition) {
        let badness = found.given as u8;
        let rank = if self.is_scenario { u8::MAX - badness } else { badness };
        (rank, found.day, found.position)
    }

    /// Met, or getting better in time.
    fn is_good_enough(&self) -> bool {
        let given = self.decided_by.map(|(.., found)| found.given);
        self.state == State::Met || (self.state == State::Mending && given == Some(Given::Progress))
    }
}

fn unanswered((place, criterion, module): (u16, &Criterion, Module)) -> Rolled {
    Rolled {
        place,
        number: criterion.number,
        module,
        is_scenario: criterion.scale == Scale::Scenario,
        state: State::Unanswered,
        decided_by: None,
        clock: None,
    }
}

fn gates(criteria: &[Rolled], legitimacy: State) -> [Gate; 4] {
    let mut gates = [Gate::default(); 4];
    for rolled in criteria.iter().filter(|rolled| !rolled.is_scenario) {
        gates[usize::from(rolled.module.number()) - 1].count(rolled.state);
    }
    if criteria.iter().any(|rolled| rolled.is_scenario) {
        gates[1].count(legitimacy);
    }
    gates
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
