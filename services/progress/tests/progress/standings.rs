//! Many standings at once: each as of its own position, with the statements that it rests on.

use event::vocabulary::AssessmentKind::{Implementer, Monitor, SelfReported, ThirdParty};
use event::vocabulary::{Answer, Confidence, IncidentCategory, MilestoneState, Standing, Subject};
use event::{PartyId, StreamPosition};
use rpc::limits::{BRIEF_INCIDENTS_MAX, BRIEF_PLANS_MAX, STANDINGS_MAX};
use rpc::progress::progress_service_server::ProgressService;
use rpc::progress::{
    CriterionState, GetOrganizationResponse, GetStandingsRequest, ScaleKind, StandingAsked, StandingBrief,
    StandingEntry, StatementAt,
};
use tonic::{Code, Request};

use crate::gates::{Who, all_met, all_met_but};
use crate::support::{Folded, Stream, code};

/// Checks how organization 0 stands after a history, in words; positions count from the first statement of the history.
#[track_caller]
fn check(history: impl FnOnce(&mut Stream), expected: &[&str]) {
    let mut stream = Stream::with_gates();
    let before = stream.end();
    history(&mut stream);
    let folded = stream.fold_all();
    let entry = block_on(folded.standing_as_of(stream.operators[0].party, 0, 0));
    assert_eq!(told(&stream, &entry, before), expected);
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(future)
}

impl Folded {
    /// Organizations, each as of a position, or, where it is 0, as of those of the request.
    pub(crate) async fn standings(
        &self,
        asked: &[(PartyId, u64)],
        as_of_position: u64,
        as_of_unix_ms: i64,
    ) -> Vec<StandingEntry> {
        let one = |(party, as_of_position): &(PartyId, u64)| StandingAsked {
            party_id: party.to_string(),
            as_of_position: *as_of_position,
        };
        let request = GetStandingsRequest {
            asked: asked.iter().map(one).collect(),
            as_of_position,
            at_least_position: 0,
            as_of_unix_ms,
        };
        let answer = self.door.get_standings(Request::new(request)).await;
        answer.unwrap().into_inner().entries
    }

    /// One organization as of a position, and an instant; 0 for neither.
    pub(crate) async fn standing_as_of(
        &self,
        party: PartyId,
        as_of_position: u64,
        as_of_unix_ms: i64,
    ) -> StandingEntry {
        let asked = [(party, 0)];
        self.standings(&asked, as_of_position, as_of_unix_ms).await.remove(0)
    }
}

/// Everything that an entry and the answer about the organization alone both say, in the same words.
#[derive(Debug, PartialEq)]
pub(crate) struct Common {
    name: String,
    position: u64,
    evaluated_at_unix_ms: i64,
    standing: i32,
    since: (i64, u64),
    decided: Option<(i32, String, u64)>,
    causes: Vec<(i32, String, String)>,
    gates: Vec<rpc::progress::Gate>,
    unmet: Vec<(String, i32, String)>,
    open_incidents: usize,
    incidents: Vec<String>,
    open_plans: Vec<(String, bool, String)>,
    freshness_of_newest: (String, String),
}

fn statement(at: Option<&StatementAt>) -> String {
    at.map(|at| at.statement_id.clone()).unwrap_or_default()
}

/// What an entry says.
pub(crate) fn of_entry(entry: &StandingEntry) -> Common {
    let brief = entry.standing.as_ref().unwrap();
    let unmet = brief.modules.iter().flat_map(|module| &module.unmet);
    let mut incidents: Vec<_> = brief.incidents.iter().map(|open| open.incident_id.clone()).collect();
    incidents.sort();
    let plan =
        |plan: &rpc::progress::BriefPlan| (plan.plan_id.clone(), plan.is_overdue, statement(plan.rests_on.as_ref()));
    let mut open_plans: Vec<_> = brief.plans.iter().map(plan).collect();
    open_plans.sort();
    Common {
        name: entry.organization.as_ref().unwrap().name.clone(),
        position: entry.position,
        evaluated_at_unix_ms: entry.evaluated_at_unix_ms,
        standing: brief.standing,
        since: (
            brief.since_unix_ms,
            brief.since.as_ref().map_or(0, |since| since.position),
        ),
        decided: brief.decision.as_ref().map(|decided| {
            let at = decided.rests_on.as_ref().unwrap();
            (decided.standing, at.statement_id.clone(), at.position)
        }),
        causes: brief
            .causes
            .iter()
            .map(|cause| {
                (
                    cause.kind,
                    cause.criterion_slug.clone(),
                    statement(cause.rests_on.as_ref()),
                )
            })
            .collect(),
        gates: brief.modules.iter().map(|module| module.gate.unwrap()).collect(),
        unmet: unmet
            .map(|unmet| {
                (
                    unmet.criterion_slug.clone(),
                    unmet.state,
                    statement(unmet.rests_on.as_ref()),
                )
            })
            .collect(),
        open_incidents: usize::try_from(brief.open_incidents).unwrap(),
        incidents,
        open_plans,
        freshness_of_newest: (brief.catalogue_slug.clone(), brief.catalogue_version.clone()),
    }
}

/// What the answer about the organization alone says of the same.
pub(crate) fn of_organization(response: &GetOrganizationResponse) -> Common {
    let standing = response.standing.as_ref().unwrap();
    let source = |source: &Option<rpc::progress::Source>| {
        source
            .as_ref()
            .map(|source| source.statement_id.clone())
            .unwrap_or_default()
    };
    let is_scenario = |criterion: &rpc::progress::Criterion| criterion.scale.unwrap().kind() == ScaleKind::Scenario;
    let unmet = standing
        .criteria
        .iter()
        .filter(|rolled| rolled.state() != CriterionState::Met && !is_scenario(rolled.criterion.as_ref().unwrap()));
    let mut unmet: Vec<_> = unmet.collect();
    unmet.sort_by_key(|rolled| rolled.criterion.as_ref().unwrap().module);
    let open = response.incidents.iter().filter(|incident| incident.end.is_none());
    let mut incidents: Vec<_> = open.map(|incident| incident.incident_id.clone()).collect();
    incidents.sort();
    let open_incidents = incidents.len();
    let open = response.plans.iter().filter(|plan| plan.end.is_none());
    let mut open_plans: Vec<_> = open
        .map(|plan| (plan.plan_id.clone(), 0 < plan.overdue, source(&plan.source)))
        .collect();
    open_plans.sort();
    Common {
        name: response.organization.as_ref().unwrap().name.clone(),
        position: response.position,
        evaluated_at_unix_ms: response.evaluated_at_unix_ms,
        standing: standing.standing,
        since: (standing.since_unix_ms, standing.since_position),
        decided: standing.decision.as_ref().map(|decided| {
            let at = decided.source.as_ref().unwrap();
            (decided.standing, at.statement_id.clone(), at.position)
        }),
        causes: standing
            .causes
            .iter()
            .map(|cause| {
                let criterion = cause.criterion.as_ref().map(|asked| asked.slug.clone());
                (cause.kind, criterion.unwrap_or_default(), source(&cause.source))
            })
            .collect(),
        gates: standing.gates.clone(),
        unmet: unmet
            .into_iter()
            .map(|rolled| {
                let said = rolled.attribution.as_ref().map(|said| said.statement_id.clone());
                (
                    rolled.criterion.as_ref().unwrap().slug.clone(),
                    rolled.state,
                    said.unwrap_or_default(),
                )
            })
            .collect(),
        open_incidents,
        incidents,
        open_plans,
        freshness_of_newest: (standing.catalogue_slug.clone(), standing.catalogue_version.clone()),
    }
}

/// An entry in words, a line for each thing that it says; what is not there has no line.
fn told(stream: &Stream, entry: &StandingEntry, before: u64) -> Vec<String> {
    let brief = entry.standing.as_ref().unwrap();
    let at = |at: &Option<StatementAt>| match at {
        None => String::new(),
        Some(at) => {
            let record = event::Record::decode(&stream.records[usize::try_from(at.position - 1).unwrap()]).unwrap();
            assert_eq!(stream.world.id(record.statement()).to_string(), at.statement_id);
            match at.position.checked_sub(before) {
                Some(place @ 1..) => format!(" [{place}]"),
                _ => " [before]".to_owned(),
            }
        }
    };
    let site = |id: &str| {
        let known = stream.sites.iter().position(|site| site.to_string() == id);
        known.map(|n| format!(" at site {n}")).unwrap_or_default()
    };
    let mut lines = vec![format!("{:?}{}", brief.standing(), at(&brief.since))];
    lines.extend(
        brief
            .decision
            .iter()
            .map(|decided| format!("decided {:?}{}", decided.standing(), at(&decided.rests_on))),
    );
    for cause in &brief.causes {
        lines.push(format!(
            "{:?} {}{}",
            cause.kind(),
            cause.criterion_slug,
            at(&cause.rests_on)
        ));
    }
    for module in &brief.modules {
        let gate = module.gate.unwrap();
        let word = |word: &rpc::progress::GateWord| {
            let place = site(&word.site_id);
            format!("{} {:?}{place}{}", word.criterion_slug, word.kind(), at(&word.rests_on))
        };
        let words = [&module.weakest, &module.oldest].map(|said| said.as_ref().map(word).unwrap_or_default());
        let state = if gate.is_met { "met" } else { "not met" };
        let [weakest, oldest] = words;
        let line = format!("{} {state}; weakest {weakest}; oldest {oldest}", gate.module);
        // Modules about which nothing is said say nothing here.
        lines.extend((gate.is_met || !weakest.is_empty()).then_some(line));
        let unmet = |unmet: &rpc::progress::UnmetCriterion| {
            format!("{} {:?}{}", unmet.criterion_slug, unmet.state(), at(&unmet.rests_on))
        };
        let answered = module
            .unmet
            .iter()
            .filter(|unmet| unmet.state() != CriterionState::Unanswered);
        lines.extend(answered.map(unmet));
    }
    lines.extend(told_beside(brief, &site, &at));
    lines
}

fn told_beside(
    brief: &StandingBrief,
    site: &impl Fn(&str) -> String,
    at: &impl Fn(&Option<StatementAt>) -> String,
) -> Vec<String> {
    let mut lines = Vec::new();
    for applies in &brief.scenarios {
        let place = site(&applies.site_id);
        lines.push(format!(
            "{} applies, {:?}{place}{}",
            applies.slug,
            applies.kind(),
            at(&applies.rests_on)
        ));
    }
    for open in &brief.incidents {
        let (what, place, grave) = (
            open.category(),
            site(&open.site_id),
            if open.is_grave { ", grave" } else { "" },
        );
        let (sure, bad) = (open.confidence(), open.severity());
        lines.push(format!("{what:?} {sure:?} {bad:?}{place}{grave}{}", at(&open.rests_on)));
    }
    for plan in &brief.plans {
        let late = if plan.is_overdue { "overdue" } else { "in time" };
        lines.push(format!("plan {late}{}", at(&plan.rests_on)));
    }
    if 0 < brief.contested {
        lines.push(format!("{} contested{}", brief.contested, at(&brief.contest)));
    }
    lines
}

#[test]
fn a_standing_names_what_it_rests_on() {
    check(|_| {}, &["Applicant [before]"]);
}

#[test]
fn the_scheme_s_word_stands_beside_what_follows() {
    check(
        |stream| {
            stream.affiliate(0);
            stream.decide(0, Standing::Registered);
        },
        &[
            "Affiliate [2]",
            "decided Registered [3]",
            "1 met; weakest manage Monitor [1]; oldest manage Monitor [1]",
            "2 met; weakest title Monitor [1]; oldest title Monitor [1]",
            "3 met; weakest children Monitor [1]; oldest children Monitor [1]",
            "4 met; weakest taxes Monitor [1]; oldest taxes Monitor [1]",
            "title applies, Monitor [1]",
        ],
    );
}

#[test]
fn a_suspension_has_its_causes() {
    check(
        |stream| {
            let itself = stream.organization(0);
            stream.find(itself, Monitor, 0, "g@1", &[("children", Answer::Fail)], &[]);
            stream.incident(
                Subject::Site(stream.sites[0]),
                IncidentCategory::ArmedGroup,
                Confidence::Known,
            );
        },
        &[
            "Suspended [1]",
            "Abuse children [1]",
            "Incident  [2]",
            "3 not met; weakest children Monitor [1]; oldest children Monitor [1]",
            "children NotMet [1]",
            "ArmedGroup Known Serious at site 0, grave [2]",
        ],
    );
}

#[test]
fn a_module_is_as_sure_as_the_least_sure_of_what_it_looks_at() {
    // The organization by an independent assessor, the site by the operator's own word, however new and good.
    check(
        |stream| {
            let (itself, site) = (stream.organization(0), Subject::Site(stream.sites[0]));
            stream.find(itself, ThirdParty, 9, "g@1", &all_met(), &[]);
            stream.find(
                site,
                SelfReported,
                1,
                "g@1",
                &[("manage", Answer::Pass), ("children", Answer::Pass)],
                &[],
            );
            stream.find(site, Implementer, 300, "g@1", &[("taxes", Answer::Pass)], &[]);
            stream.report(0);
        },
        &[
            "Affiliate [4]",
            "1 met; weakest manage SelfReported at site 0 [2]; oldest manage ThirdParty [1]",
            "2 met; weakest title ThirdParty [1]; oldest title ThirdParty [1]",
            "3 met; weakest children SelfReported at site 0 [2]; oldest children ThirdParty [1]",
            "4 met; weakest taxes Implementer at site 0 [3]; oldest taxes Implementer at site 0 [3]",
            "title applies, ThirdParty [1]",
        ],
    );
}

#[test]
fn one_scenario_is_enough_and_each_is_told() {
    check(
        |stream| {
            let (itself, site) = (stream.organization(0), Subject::Site(stream.sites[0]));
            let both = [("title", Answer::Pass), ("pending", Answer::Pass)];
            stream.find(itself, SelfReported, 5, "g@1", &both, &[]);
            stream.find(itself, Monitor, 6, "g@1", &[("pending", Answer::Pass)], &[]);
            let other = [("title", Answer::Fail), ("pending", Answer::Pass)];
            stream.find(site, ThirdParty, 7, "g@1", &other, &[]);
        },
        &[
            "Applicant [before]",
            // Of those of the organization itself, the surer one.
            "2 met; weakest pending Monitor [2]; oldest pending ThirdParty at site 0 [3]",
            "title applies, SelfReported [1]",
            "pending applies, Monitor [2]",
            "pending applies, ThirdParty at site 0 [3]",
        ],
    );
}

#[test]
fn contested_answers_are_counted_and_the_latest_contest_is_named() {
    check(
        |stream| {
            let itself = stream.organization(0);
            let found = stream.found(0, &all_met_but(("taxes", Answer::Progress)));
            stream.judge(Who::Scheme, itself, found, &[0, 3], true);
            stream.judge(Who::Scheme, itself, found, &[4], false);
            stream.judge(Who::Scheme, itself, found, &[3], true);
        },
        &[
            "Applicant [before]",
            "1 met; weakest manage Monitor [1]; oldest manage Monitor [1]",
            "2 met; weakest title Monitor [1]; oldest title Monitor [1]",
            "3 met; weakest children Monitor [1]; oldest children Monitor [1]",
            "4 not met; weakest taxes Monitor [1]; oldest taxes Monitor [1]",
            "taxes NotMet [1]",
            "title applies, Monitor [1]",
            "2 contested [4]",
        ],
    );
}

#[test]
fn overdue_plans_come_first() {
    check(
        |stream| {
            stream.found(0, &[("taxes", Answer::Fail)]);
            stream.plan(0, 4, &[90]);
            stream.plan(0, 4, &[10, 60]);
            let done = stream.plan(0, 4, &[5]);
            stream.milestone(0, done, 0, MilestoneState::Done);
            stream.later(20);
            stream.report(0);
        },
        &[
            "Applicant [before]",
            "4 not met; weakest taxes Monitor [1]; oldest taxes Monitor [1]",
            "taxes Mending [1]",
            "plan overdue [3]",
            "plan in time [2]",
            // Nothing of it is left to be done.
            "plan in time [4]",
        ],
    );
}

#[test]
fn the_gravest_incidents_are_shown_and_all_are_counted() {
    let mut stream = Stream::with_gates();
    let site = Subject::Site(stream.sites[0]);
    for _ in 0..BRIEF_INCIDENTS_MAX {
        stream.incident(site, IncidentCategory::Accident, Confidence::Known);
    }
    stream.incident(site, IncidentCategory::Accident, Confidence::Allegation);
    let worse = stream.incident(site, IncidentCategory::Theft, Confidence::Allegation);
    let grave = stream.incident(site, IncidentCategory::ChildLabour, Confidence::FoundedSuspicion);
    let closed = stream.incident(site, IncidentCategory::ChildLabour, Confidence::Known);
    stream.resolve(site, closed);
    stream.update(site, worse, Confidence::Known);
    let update = stream.end();
    for _ in 0..=BRIEF_PLANS_MAX {
        stream.plan(0, 4, &[30]);
    }
    let entry = block_on(stream.fold_all().standing_as_of(stream.operators[0].party, 0, 0));
    let brief = entry.standing.unwrap();
    assert_eq!(usize::try_from(brief.open_incidents).unwrap(), BRIEF_INCIDENTS_MAX + 3);
    assert_eq!(brief.incidents.len(), BRIEF_INCIDENTS_MAX);
    let ids: Vec<_> = brief.incidents.iter().map(|open| open.incident_id.clone()).collect();
    // Grave, then as sure as others and worse since the update.
    assert_eq!(ids[..2], [grave.to_string(), worse.to_string()]);
    assert_eq!(brief.incidents[1].rests_on.as_ref().unwrap().position, update);
    assert!(brief.incidents[2..].windows(2).all(|two| {
        let position = |at: usize| two[at].rests_on.as_ref().unwrap().position;
        position(0) < position(1)
    }));
}

#[tokio::test]
async fn each_is_told_as_of_its_own_position_in_the_order_of_the_request() {
    let mut stream = Stream::with_gates();
    let enrolled = stream.end();
    stream.affiliate(0);
    let affiliate = stream.end();
    stream.later(400);
    stream.report(1);
    let folded = stream.fold_all();
    let [first, second] = [0, 1].map(|n| stream.operators[n].party);
    let nobody = PartyId::from_bytes([7; 16]);
    let asked = [
        (first, affiliate),
        (nobody, 0),
        (first, 0),
        (stream.assessor.party, 0),
        (second, 0),
        (first, enrolled),
        (first, 1),
        (first, affiliate),
    ];
    let entries = folded.standings(&asked, 0, 0).await;
    let told = |entry: &StandingEntry| {
        let standing = entry.standing.as_ref().map(|brief| format!("{:?}", brief.standing()));
        (
            entry.organization.is_some(),
            standing.unwrap_or_default(),
            entry.position,
        )
    };
    let told: Vec<_> = entries.iter().map(told).collect();
    let end = stream.end();
    let of = |is_known, standing: &str, position| (is_known, standing.to_owned(), position);
    assert_eq!(
        told,
        [
            of(true, "Affiliate", affiliate),
            of(false, "", end),
            // Its report is too old by now.
            of(true, "Lapsed", end),
            of(true, "", end),
            of(true, "Applicant", end),
            of(true, "Applicant", enrolled),
            of(false, "", 1),
            of(true, "Affiliate", affiliate),
        ]
    );
    assert_eq!(entries[0], entries[7]);
    assert!(
        entries
            .iter()
            .zip(&asked)
            .all(|(entry, (party, _))| entry.party_id == party.to_string())
    );
    // The request's own instant is for those without a position of their own.
    let instant = stream.now.plus_days(1).unix_ms();
    let entries = folded.standings(&asked[..3], 0, instant).await;
    assert_eq!(entries[2].evaluated_at_unix_ms, instant);
    assert!(entries[0].evaluated_at_unix_ms < instant);
}

#[tokio::test]
async fn a_position_that_is_not_reached_is_waited_for() {
    let mut stream = Stream::with_gates();
    let mut folded = stream.fold_all();
    let (party, wanted) = (stream.operators[0].party, stream.end() + 2);
    let door = folded.door.clone();
    let asked = vec![StandingAsked {
        party_id: party.to_string(),
        as_of_position: wanted,
    }];
    let request = GetStandingsRequest {
        asked,
        ..GetStandingsRequest::default()
    };
    let waiting = tokio::spawn(async move { door.get_standings(Request::new(request)).await });
    let before = stream.end();
    stream.affiliate(0);
    folded.append(&stream, before);
    let entries = waiting.await.unwrap().unwrap().into_inner().entries;
    assert_eq!(entries[0].position, wanted);
    assert_eq!(
        entries[0].standing.as_ref().unwrap().standing(),
        Standing::Affiliate.into()
    );
}

#[tokio::test]
async fn nobody_too_many_and_what_no_stream_reaches_are_refused() {
    let stream = Stream::begin();
    let folded = stream.fold_all();
    let party_id = stream.operators[0].party.to_string();
    let one = |as_of_position| StandingAsked {
        party_id: party_id.clone(),
        as_of_position,
    };
    let end = StreamPosition::new(stream.end()).get();
    let cases = [
        (Vec::new(), Some(Code::InvalidArgument)),
        (vec![one(0); STANDINGS_MAX], None),
        (vec![one(0); STANDINGS_MAX + 1], Some(Code::InvalidArgument)),
        (vec![one(u64::MAX)], Some(Code::InvalidArgument)),
        (vec![StandingAsked::default()], Some(Code::InvalidArgument)),
        (vec![one(end)], None),
    ];
    for (asked, expected) in cases {
        let named = format!("{} of {:?}", asked.len(), asked.first());
        let request = GetStandingsRequest {
            asked,
            ..GetStandingsRequest::default()
        };
        let answer = folded.door.get_standings(Request::new(request)).await;
        match expected {
            None => assert!(answer.is_ok(), "{named}"),
            Some(expected) => assert_eq!(code(answer), expected, "{named}"),
        }
    }
}
