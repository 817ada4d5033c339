//! How many organizations stand at once, each as of its own time, with the statements that it rests on.
//!
//! What is decided is decided elsewhere: this picks out what whoever buys gold must know, and how far it is assured.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use event::vocabulary::{AssessmentKind, Module, Subject};
use event::{PartyId, StreamPosition};
use ledger::CriterionNumber;
use ledger::standing::{Found, Rolled, State};
use rpc::limits::{BRIEF_CAUSES_MAX, BRIEF_INCIDENTS_MAX, BRIEF_PLANS_MAX, BRIEF_SCENARIOS_MAX, BRIEF_UNMET_MAX};
use rpc::progress::{
    AsOf, BriefCause, BriefDecision, BriefIncident, BriefPlan, BriefScenario, Confidence, CriterionState, GateWord,
    GetStandingsResponse, IncidentCategory, ModuleBrief, Severity, Standing, StandingBrief, StandingEntry,
    StandingsQuery, UnmetCriterion,
};

use super::Result;
use super::conduct::{incident_row, latest_word, plan_rows};
use super::message;
use super::present::freshness;
use super::standing::{Follows, follows, gate_message};
use crate::reading::Reading;
use crate::rows::{INCIDENT_STEPS, OpenIncident, OpenPlan, Place, Seat};

pub(crate) fn standings(reading: &mut Reading<'_>, query: &StandingsQuery) -> Result<GetStandingsResponse> {
    if let Some(digest) = reading.terms().1.gating {
        // It is the one of most positions that are asked for, and at hand for all of them.
        reading.catalogue(digest)?;
    }
    // Those of one time are read together.
    let mut times: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (place, asked) in query.asked.iter().enumerate() {
        let AsOf { at, instant } = asked.as_of;
        times.entry((at.as_of, instant)).or_default().push(place);
    }
    let mut entries = vec![StandingEntry::default(); query.asked.len()];
    for places in times.into_values() {
        let mut then = reading.again(query.asked[places[0]].as_of, reading.now())?;
        for place in places {
            entries[place] = entry(&mut then, query.asked[place].organization)?;
        }
    }
    Ok(GetStandingsResponse { entries })
}

fn entry(reading: &mut Reading<'_>, id: PartyId) -> Result<StandingEntry> {
    let party = reading.party(id)?;
    let follows = match party {
        Some(_) => follows(reading, id)?,
        None => None,
    };
    Ok(StandingEntry {
        party_id: id.to_string(),
        position: reading.at().get(),
        evaluated_at_unix_ms: reading.now().unix_ms(),
        organization: party.map(|party| message::organization(id, &party)),
        standing: follows.map(|follows| follows.brief(reading)).transpose()?,
    })
}

/// What was found about one subject on one criterion, and stands.
#[derive(Clone, Copy)]
struct Word<'a> {
    rolled: &'a Rolled,
    subject: Subject,
    kind: AssessmentKind,
    found: Found,
}

impl Follows {
    fn brief(&self, reading: &mut Reading<'_>) -> Result<StandingBrief> {
        let Self { row, leg, known, .. } = self;
        let published = known.catalogue.as_ref().map(|catalogue| &catalogue.published);
        let decision = |decided: ledger::Decided| {
            Ok::<_, crate::reading::ReadError>(BriefDecision {
                standing: Standing::from(decided.standing).into(),
                rests_on: Some(reading.statement(decided.position)?),
            })
        };
        let decision = row.conduct.decided.map(decision).transpose()?;
        let since = Some(leg.since.position).filter(|position| *position != StreamPosition::START);
        let mut brief = StandingBrief {
            standing: Standing::from(self.derived.standing).into(),
            since_unix_ms: leg.since.at.unix_ms(),
            since: since.map(|position| reading.statement(position)).transpose()?,
            decision,
            freshness: freshness(reading, row.newest).into(),
            catalogue_slug: published
                .map(|published| published.slug.to_string())
                .unwrap_or_default(),
            catalogue_version: published
                .map(|published| published.version.to_string())
                .unwrap_or_default(),
            ..StandingBrief::default()
        };
        self.add_causes(reading, &mut brief)?;
        self.add_modules(reading, &mut brief)?;
        self.add_incidents(reading, &mut brief)?;
        self.add_plans(reading, &mut brief)?;
        Ok(brief)
    }

    fn add_causes(&self, reading: &Reading<'_>, brief: &mut StandingBrief) -> Result<()> {
        for cause in self.derived.causes.iter().take(BRIEF_CAUSES_MAX) {
            let (kind, rolled, position) = self.behind(*cause);
            brief.causes.push(BriefCause {
                kind: kind.into(),
                criterion_slug: rolled.map(|rolled| self.slug(rolled)).unwrap_or_default(),
                rests_on: position.map(|position| reading.statement(position)).transpose()?,
            });
        }
        brief.causes_left_out = left_out(self.derived.causes.len(), brief.causes.len());
        Ok(())
    }

    /// Modules with the answers that they look at, which of these are contested, and the scenarios that apply.
    fn add_modules(&self, reading: &mut Reading<'_>, brief: &mut StandingBrief) -> Result<()> {
        if self.known.catalogue.is_none() {
            return Ok(());
        }
        let (words, scenarios) = self.words(reading);
        for (module, gate) in Module::ALL.into_iter().zip(self.derived.gates) {
            let mut module_brief = ModuleBrief {
                gate: Some(gate_message(gate, module.number().into())),
                ..ModuleBrief::default()
            };
            self.add_unmet(reading, module, &mut module_brief)?;
            let of_module = || words.iter().filter(|word| word.rolled.module == module);
            let weakest = of_module().min_by_key(|word| (word.kind, word.found.day, word.found.position));
            let oldest = of_module().min_by_key(|word| (word.found.day, word.kind, word.found.position));
            module_brief.weakest = weakest.map(|word| self.gate_word(reading, word)).transpose()?;
            module_brief.oldest = oldest.map(|word| self.gate_word(reading, word)).transpose()?;
            brief.modules.push(module_brief);
        }
        let oldest_day = words.iter().map(|word| word.found.day).min();
        brief.oldest_gate_day = oldest_day.map(|day| day.to_string()).unwrap_or_default();
        add_contested(reading, &words, brief)?;
        for word in scenarios.iter().take(BRIEF_SCENARIOS_MAX) {
            brief.scenarios.push(BriefScenario {
                slug: self.slug(word.rolled),
                site_id: site_id(word.subject),
                kind: rpc::progress::AssessmentKind::from(word.kind).into(),
                day: word.found.day.to_string(),
                rests_on: Some(reading.statement(word.found.position)?),
            });
        }
        brief.scenarios_left_out = left_out(scenarios.len(), brief.scenarios.len());
        Ok(())
    }

    /// What the modules look at; and the scenarios that apply to somebody.
    fn words(&self, reading: &Reading<'_>) -> (Vec<Word<'_>>, Vec<Word<'_>>) {
        let rolled = self.derived.criteria.iter().map(|rolled| (rolled.number, rolled));
        let by_number: BTreeMap<CriterionNumber, &Rolled> = rolled.collect();
        let (mut words, mut scenarios) = (Vec::new(), Vec::new());
        for (subject, held) in &self.known.subjects {
            let first_scenario = scenarios.len();
            for answers in &held.gates.0 {
                let Some(rolled) = by_number.get(&answers.number) else {
                    continue;
                };
                let Some((kind, found)) = answers.prevailing(&self.known.policy, reading.today()) else {
                    continue;
                };
                let word = Word {
                    rolled,
                    subject: *subject,
                    kind,
                    found,
                };
                if !rolled.is_scenario {
                    words.push(word);
                } else if found.given.is_met() {
                    scenarios.push(word);
                }
            }
            // One of them is enough.
            let surest = scenarios[first_scenario..]
                .iter()
                .max_by_key(|word| (word.kind, word.found.day, word.found.position));
            words.extend(surest.copied());
        }
        (words, scenarios)
    }

    fn add_unmet(&self, reading: &Reading<'_>, module: Module, brief: &mut ModuleBrief) -> Result<()> {
        let of_module = self.derived.criteria.iter().filter(|rolled| rolled.module == module);
        let unmet = of_module.filter(|rolled| !rolled.is_scenario && rolled.state != State::Met);
        let unmet: Vec<_> = unmet.collect();
        for rolled in unmet.iter().take(BRIEF_UNMET_MAX) {
            let found = rolled.decided_by.map(|(.., found)| found.position);
            brief.unmet.push(UnmetCriterion {
                criterion_slug: self.slug(rolled),
                state: CriterionState::from(rolled.state).into(),
                rests_on: found.map(|position| reading.statement(position)).transpose()?,
            });
        }
        brief.unmet_left_out = left_out(unmet.len(), brief.unmet.len());
        Ok(())
    }

    fn gate_word(&self, reading: &Reading<'_>, word: &Word<'_>) -> Result<GateWord> {
        Ok(GateWord {
            criterion_slug: self.slug(word.rolled),
            kind: rpc::progress::AssessmentKind::from(word.kind).into(),
            day: word.found.day.to_string(),
            site_id: site_id(word.subject),
            rests_on: Some(reading.statement(word.found.position)?),
        })
    }

    fn add_incidents(&self, reading: &Reading<'_>, brief: &mut StandingBrief) -> Result<()> {
        brief.open_incidents = self.row.open_incidents_count;
        let mut found = Vec::new();
        for OpenIncident { incident, is_grave } in self.row.open_incidents.iter().copied() {
            let row = incident_row(reading, incident)?;
            let steps = reading.last(INCIDENT_STEPS, incident.as_bytes(), 1)?;
            let (confidence, severity, said_at) = latest_word(&row, &steps);
            let weight = (Reverse((is_grave, confidence, severity)), row.position);
            found.push((weight, incident, row, said_at));
        }
        found.sort_by_key(|(weight, ..)| *weight);
        for ((Reverse((is_grave, confidence, severity)), _), incident, row, said_at) in
            found.into_iter().take(BRIEF_INCIDENTS_MAX)
        {
            brief.incidents.push(BriefIncident {
                incident_id: incident.to_string(),
                site_id: site_id(row.reported.subject),
                category: IncidentCategory::from(row.reported.category).into(),
                confidence: Confidence::from(confidence).into(),
                severity: Severity::from(severity).into(),
                is_grave,
                rests_on: Some(reading.statement(said_at)?),
            });
        }
        Ok(())
    }

    fn add_plans(&self, reading: &Reading<'_>, brief: &mut StandingBrief) -> Result<()> {
        let open = &self.row.open_plans;
        let is_overdue = |open: &OpenPlan| open.due.is_some_and(|due| due < reading.today());
        brief.open_plans = count(open.len());
        brief.overdue_plans = count(open.iter().filter(|open| is_overdue(open)).count());
        for open in open.iter().take(BRIEF_PLANS_MAX) {
            let (row, _) = plan_rows(reading, open.plan)?;
            brief.plans.push(BriefPlan {
                plan_id: open.plan.to_string(),
                due: open.due.map(|due| due.to_string()).unwrap_or_default(),
                is_overdue: is_overdue(open),
                rests_on: Some(reading.statement(row.position)?),
            });
        }
        Ok(())
    }

    fn slug(&self, rolled: &Rolled) -> String {
        let catalogue = self.known.catalogue.as_ref();
        let criteria = catalogue.map(|catalogue| &catalogue.published.criteria);
        let asked = criteria.and_then(|criteria| criteria.get(usize::from(rolled.place)));
        asked.map(|asked| asked.slug.to_string()).unwrap_or_default()
    }
}

fn add_contested(reading: &mut Reading<'_>, words: &[Word<'_>], brief: &mut StandingBrief) -> Result<()> {
    let mut latest = None;
    for Word {
        rolled, subject, found, ..
    } in words.iter().copied()
    {
        let place = Place {
            day: found.day,
            position: found.position,
        };
        let contest = reading.last_judged(Seat { subject, place }, true, rolled.number)?;
        brief.contested += u32::from(contest.is_some());
        latest = latest.max(contest);
    }
    brief.contest = latest.map(|position| reading.statement(position)).transpose()?;
    Ok(())
}

fn site_id(subject: Subject) -> String {
    match subject {
        Subject::Site(site) => site.to_string(),
        Subject::Party(_) => String::new(),
    }
}

fn left_out(all: usize, shown: usize) -> u32 {
    count(all - shown)
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}
