//! What follows for an organization from what is known, now and as time passes.
//!
//! Standing changes by statements, and by time alone: a report grows too old, a plan's clock runs out, an answer no
//! longer prevails. All of that is known in advance. A [`Course`] says what follows at every instant as long as nothing
//! is said, so that nobody has to decide it anew to see it later.

use std::borrow::Cow;
use std::sync::Arc;

use event::vocabulary::{AssessmentKind, Module, Pillar, Scale, Standing, Subject};
use event::{Date, StreamPosition, Timestamp};
use ledger::standing::{Basis, Derived, State, Word, prevailing};
use ledger::{Conduct, CriterionNumber, Policy};
use serde::{Deserialize, Serialize};

use crate::rows::{CatalogueRow, Gates, Newest, Present, Says};

/// Pillars, in the order in which levels are kept.
pub(crate) const PILLARS: [Pillar; 4] = [
    Pillar::Organizational,
    Pillar::Environmental,
    Pillar::Social,
    Pillar::Governance,
];
/// Legitimacy scenarios that a course names; no catalogue that we know has more than five.
const SCENARIOS_MAX: usize = 64;
/// Instants that a stored course looks ahead. Whoever asks for a later one looks ahead himself. A row of 16 legs with 64
/// scenarios of 5 bytes each stays below 6 KiB.
const AHEAD_MAX: usize = 16;

/// What a list shows of what follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Outlook {
    pub(crate) standing: Standing,
    /// Modules 1 to 4.
    pub(crate) met: [bool; 4],
    /// The legitimacy scenarios that apply.
    pub(crate) scenarios: Vec<CriterionNumber>,
    /// The lowest level of module 5 under each pillar that has one.
    pub(crate) levels: [Option<u8>; PILLARS.len()],
}

/// Since when a standing has been so without a break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Since {
    pub(crate) at: Timestamp,
    /// The record that made it so; 0 where time alone did.
    pub(crate) position: StreamPosition,
}

/// What follows from one instant on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Leg {
    pub(crate) from: Timestamp,
    pub(crate) since: Since,
    pub(crate) outlook: Outlook,
}

/// What follows, leg by leg, as long as nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Course {
    /// In the order of time; none for a party that neither digs nor processes.
    pub(crate) legs: Vec<Leg>,
    /// From which instant on it was not looked at; none where it was looked at to the end.
    pub(crate) until: Option<Timestamp>,
}

/// What stands for one subject, under the catalogue that standings follow from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Held {
    /// On modules 1 to 4.
    pub(crate) gates: Gates,
    /// On all criteria of that catalogue, in the order of their numbers.
    pub(crate) answers: Vec<Present>,
}

/// Everything that a standing, and what is shown beside it, follows from.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// The catalogue with the gates, where there is one.
    pub(crate) catalogue: Option<Arc<CatalogueRow>>,
    pub(crate) policy: Policy,
    pub(crate) conduct: Conduct,
    /// The organization itself, and its sites.
    pub(crate) subjects: Vec<(Subject, Arc<Held>)>,
}

impl Present {
    /// The answer that stands on `today`.
    pub(crate) fn prevailing(&self, policy: &Policy, today: Date) -> Option<(AssessmentKind, Newest)> {
        let word = |newest: &Newest| Word {
            day: newest.place.day,
            position: newest.place.position,
            is_unmet: newest.says == Says::Unmet,
        };
        prevailing(self.by_kind, word, policy, today)
    }

    /// How many kinds of answers it is chosen from.
    pub(crate) fn kinds(&self) -> usize {
        self.by_kind.iter().flatten().count()
    }
}

impl Held {
    /// What stands on a criterion.
    pub(crate) fn on(&self, number: CriterionNumber) -> Option<&Present> {
        let place = self.answers.binary_search_by_key(&number, |present| present.number);
        place.ok().map(|place| &self.answers[place])
    }
}

impl Known {
    /// What the ledger derives standings from.
    pub(crate) fn basis(&self) -> Basis<'_> {
        Basis {
            catalogue: self.catalogue.as_ref().map(|catalogue| &catalogue.numbered),
            policy: &self.policy,
            conduct: &self.conduct,
            answers: self
                .subjects
                .iter()
                .map(|(subject, held)| (*subject, &held.gates))
                .collect(),
        }
    }

    /// What follows at `at`.
    pub(crate) fn outlook(&self, at: Timestamp) -> Outlook {
        let derived = self.basis().derive(at);
        let gates = derived
            .gates
            .iter()
            .map(|gate| gate.is_met() && self.catalogue.is_some());
        let mut met = [false; 4];
        for (met, is_met) in met.iter_mut().zip(gates) {
            *met = is_met;
        }
        let mut scenarios = self.scenarios(&derived);
        scenarios.truncate(SCENARIOS_MAX);
        Outlook {
            standing: derived.standing,
            met,
            scenarios,
            levels: PILLARS.map(|pillar| {
                let levels = self.levels(pillar);
                levels.filter_map(|number| self.level(number, at.date())).min()
            }),
        }
    }

    /// The legitimacy scenarios that apply.
    pub(crate) fn scenarios(&self, derived: &Derived) -> Vec<CriterionNumber> {
        let criteria = self.catalogue.as_ref().map(|catalogue| &catalogue.numbered.criteria);
        let is_scenario = |place: u16| {
            let criterion = criteria.and_then(|criteria| criteria.get(usize::from(place)));
            criterion.is_some_and(|criterion| criterion.scale == Scale::Scenario)
        };
        let met = derived.criteria.iter().filter(|rolled| rolled.state == State::Met);
        met.filter(|rolled| is_scenario(rolled.place))
            .map(|rolled| rolled.number)
            .collect()
    }

    /// Criteria of module 5 under one pillar that are answered by a level.
    pub(crate) fn levels(&self, pillar: Pillar) -> impl Iterator<Item = CriterionNumber> {
        let is_level = |scale: Scale| matches!(scale, Scale::Level { .. });
        self.improvements(pillar)
            .filter(move |(_, scale)| is_level(*scale))
            .map(|(number, _)| number)
    }

    /// Criteria of module 5 under one pillar.
    pub(crate) fn improvements(&self, pillar: Pillar) -> impl Iterator<Item = (CriterionNumber, Scale)> {
        let catalogue = self.catalogue.iter();
        let criteria = catalogue.flat_map(|catalogue| {
            let numbered = catalogue.numbered.criteria.iter();
            catalogue.published.criteria.iter().zip(numbered)
        });
        criteria
            .filter(move |(asked, _)| asked.module == Some(Module::Improvement) && asked.pillar == Some(pillar))
            .map(|(asked, numbered)| (numbered.number, asked.scale))
    }

    /// The level of a criterion: the lowest among those it was asked about.
    pub(crate) fn level(&self, number: CriterionNumber, today: Date) -> Option<u8> {
        let answers = self.subjects.iter().filter_map(|(_, held)| held.on(number));
        let standing = answers.filter_map(|present| present.prevailing(&self.policy, today));
        let levels = standing.filter_map(|(_, newest)| match newest.says {
            Says::Level(level) => Some(level),
            Says::Unmet | Says::Other => None,
        });
        levels.min()
    }

    /// The first instant after `after` at which time alone may change what follows.
    pub(crate) fn next_change(&self, after: Timestamp) -> Option<Timestamp> {
        let levels = PILLARS.into_iter().flat_map(|pillar| self.levels(pillar));
        let answers = levels.flat_map(|number| self.subjects.iter().filter_map(move |(_, held)| held.on(number)));
        // Where there is only one answer, it stands however old it is.
        let chosen = answers.filter(|present| 1 < present.kinds());
        let newest = chosen.flat_map(|present| present.by_kind.iter().flatten());
        let expiries = newest.map(|newest| {
            let last_day = newest.place.day.plus_days(self.policy.assurance_days_max);
            last_day.plus_days(1).start()
        });
        let expiries = expiries.filter(|instant| after < *instant);
        self.basis().next_change(after).into_iter().chain(expiries).min()
    }

    /// The course from `at` on, where a record at `position` made it so; `before` is what followed right before.
    pub(crate) fn course(&self, before: Option<&Leg>, at: Timestamp, position: StreamPosition) -> Course {
        let outlook = self.outlook(at);
        let same = before.filter(|before| before.outlook.standing == outlook.standing);
        let since = same.map_or(Since { at, position }, |before| before.since);
        let first = Leg {
            from: at,
            since,
            outlook,
        };
        let mut course = Course {
            legs: vec![first],
            until: None,
        };
        course.until = self.look_ahead(&mut course.legs, at, |seen, _| seen < AHEAD_MAX);
        course
    }

    /// The leg that holds at `at` on a course that was not looked at so far ahead.
    pub(crate) fn leg_beyond(&self, course: &Course, at: Timestamp) -> Option<Leg> {
        let mut legs = vec![course.legs.last()?.clone()];
        let seen = course.until.unwrap_or(at).plus_ms(-1);
        self.look_ahead(&mut legs, seen, |_, next| next <= at);
        legs.pop()
    }

    /// Adds what changes after `seen`, and says from when on it was not looked at.
    fn look_ahead(
        &self,
        legs: &mut Vec<Leg>,
        mut seen: Timestamp,
        goes_on: impl Fn(usize, Timestamp) -> bool,
    ) -> Option<Timestamp> {
        let mut count = 0;
        while let Some(next) = self.next_change(seen) {
            if !goes_on(count, next) {
                return Some(next);
            }
            let outlook = self.outlook(next);
            if let Some(last) = legs.last().filter(|last| last.outlook != outlook) {
                let by_time = Since {
                    at: next,
                    position: StreamPosition::START,
                };
                let is_same = last.outlook.standing == outlook.standing;
                let since = if is_same { last.since } else { by_time };
                legs.push(Leg {
                    from: next,
                    since,
                    outlook,
                });
            }
            (seen, count) = (next, count + 1);
        }
        None
    }
}

impl Course {
    /// What follows at `at`; `known` is asked where nobody looked so far ahead. None for a party that has no standing.
    pub(crate) fn leg<E>(
        &self,
        at: Timestamp,
        known: impl FnOnce() -> Result<Known, E>,
    ) -> Result<Option<Cow<'_, Leg>>, E> {
        if self.until.is_some_and(|until| until <= at) {
            return Ok(known()?.leg_beyond(self, at).map(Cow::Owned));
        }
        Ok(self.leg_seen(at).map(Cow::Borrowed))
    }

    /// What follows since the latest of the terms that came into force after those of this course: `later` says where
    /// and when. `known` is asked what is known under the terms of a position.
    pub(crate) fn renewed<E>(
        &self,
        mut under: StreamPosition,
        later: &[(StreamPosition, Timestamp)],
        mut known: impl FnMut(StreamPosition) -> Result<Known, E>,
    ) -> Result<Self, E> {
        let mut course = self.clone();
        if course.legs.is_empty() {
            return Ok(course);
        }
        for (position, since) in later.iter().copied() {
            let before = course.leg(since, || known(under))?.map(Cow::into_owned);
            course = known(position)?.course(before.as_ref(), since, position);
            under = position;
        }
        Ok(course)
    }

    /// What follows at `at`, which was looked at.
    pub(crate) fn leg_seen(&self, at: Timestamp) -> Option<&Leg> {
        let later = self.legs.partition_point(|leg| leg.from <= at);
        self.legs.get(later.saturating_sub(1))
    }
}
