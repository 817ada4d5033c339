//! Organizations and what was said about them over five years. All of it is invented, from a seed: the same number of
//! organizations says the same, and an organization says the same beside however many others.

use event::key::Digest;
use event::vocabulary::{
    Answer, AssessmentConfirmed, AssessmentContested, AssessmentKind, AssessmentSubmitted, AssessorAccredited,
    CatalogueDigest, CataloguePublished, Confidence, Country, Criterion, Finding, IncidentCategory, IncidentClosed,
    IncidentOutcome, IncidentReported, Measurement, Milestone, MilestoneReported, MilestoneState, Module, PartyKind,
    PartyProfile, Period, PlanAdopted, PlanClosed, PlanOutcome, ReportPublished, Scale, Severity, SiteRegistered,
    Standing, StandingDecided, Subject,
};
use event::{
    AssessmentId, Date, DeploymentId, Event, IncidentId, List, PartyId, PlanId, SignedStatement, SiteId, Statement,
    StatementId, Timestamp,
};
use journal::Append;
use rayon::prelude::*;
use tests::world::{self, BEGIN, Signer, World, key, line, list, profile};

use crate::chance::Chance;
use crate::parties::enrol;
use crate::recorded::append;

/// Assessments of each organization.
pub(crate) const ROUNDS: u64 = 20;
/// From one round to the next: twenty of them are five years.
const ROUND_MS: u64 = 91 * 24 * 60 * 60 * 1_000;
/// Who looks at organizations from outside, in turns.
const ASSESSORS: u64 = 50;
/// Statements that one assessor makes about one organization in one round, at most.
const SAID_MAX: u64 = 8;
/// Where organizations are at home, and so where their sites lie.
const COUNTRIES: [&str; 8] = ["CO", "PE", "BO", "CD", "GH", "TZ", "MN", "HN"];
/// Administrative areas of each country.
const AREAS: u64 = 12;
/// From which everything follows.
const SEED: u64 = 0x5eed;

/// Everyone, and how far each has come.
pub(crate) struct Invented {
    deployment: DeploymentId,
    scheme: Signer,
    catalogue: CataloguePublished,
    digest: CatalogueDigest,
    assessors: Vec<Signer>,
    organizations: Vec<Organization>,
}

/// An organization, and what it began.
pub(crate) struct Organization {
    place: u64,
    signer: Signer,
    site: Option<SiteId>,
    plan: Option<(PlanId, Vec<u16>)>,
    incident: Option<IncidentId>,
}

/// What one organization, its assessor and the scheme say in one round.
struct Round<'a> {
    of: &'a Invented,
    number: u64,
    now: Timestamp,
    chance: Chance,
    said: u64,
    records: Vec<Append>,
}

impl Invented {
    /// The founding, and everyone's enrolment.
    pub(crate) fn found(organizations: u64) -> (Self, Vec<Append>) {
        let (mut world, founding) = World::found(SEED);
        let catalogue = catalogue::craft_derived().published().clone();
        let published = world
            .scheme
            .say(world.deployment, Event::CataloguePublished(catalogue.clone()));
        let mut registry = vec![founding, published];
        let mut assessors = Vec::new();
        for _ in 0..ASSESSORS {
            let (assessor, enrolled) = world.enrol(PartyKind::Assessor, "An invented assessor");
            registry.extend(enrolled);
            let accredited = Event::AssessorAccredited(AssessorAccredited {
                assessor: assessor.party,
                until: BEGIN.date().plus_days(10 * 365),
                basis: line("Invented for a bench"),
            });
            registry.push(world.scheme.say(world.deployment, accredited));
            assessors.push(assessor);
        }
        let mut records: Vec<_> = registry.iter().map(|statement| append(BEGIN, statement)).collect();
        let enrolled = (0..organizations).into_par_iter();
        let enrolled: Vec<_> = enrolled.map(|place| Organization::enrol(place, &world)).collect();
        let mut known = Vec::new();
        for (organization, said) in enrolled {
            known.push(organization);
            records.extend(said);
        }
        let invented = Self {
            deployment: world.deployment,
            scheme: world.scheme,
            digest: catalogue.digest(),
            catalogue,
            assessors,
            organizations: known,
        };
        (invented, records)
    }

    /// What everyone says in one round, in the order of time.
    pub(crate) fn round(&mut self, round: u64) -> Vec<Append> {
        let mut organizations = std::mem::take(&mut self.organizations);
        let apart = ROUND_MS / (organizations.len() as u64).max(1);
        let said: Vec<Vec<Append>> = organizations
            .par_iter_mut()
            .map(|organization| {
                let since = round * ROUND_MS + organization.place * apart;
                let day = 24 * 60 * 60 * 1_000;
                let now = BEGIN.plus_ms(i64::try_from(day + since).expect("some years"));
                let mut round = Round {
                    of: self,
                    number: round,
                    now,
                    chance: Chance::at(organization.place, round + 1),
                    said: 0,
                    records: Vec::new(),
                };
                round.run(organization);
                round.records
            })
            .collect();
        self.organizations = organizations;
        said.into_iter().flatten().collect()
    }

    pub(crate) fn organizations(&self) -> impl Iterator<Item = PartyId> {
        self.organizations.iter().map(|organization| organization.signer.party)
    }

    pub(crate) fn criteria(&self) -> usize {
        self.catalogue.criteria.len()
    }

    pub(crate) const fn deployment(&self) -> DeploymentId {
        self.deployment
    }
}

impl Organization {
    /// Enrolled, with a key of its own; three of four work a site.
    fn enrol(place: u64, world: &World) -> (Self, Vec<Append>) {
        let mut chance = Chance::at(place, 0);
        let (country, area) = (COUNTRIES[chance.below(8)], chance.below(AREAS));
        let country: Country = country.parse().expect("a country");
        let kind = [PartyKind::MinersOrganization, PartyKind::InformalMinersGroup][chance.below(5) / 4];
        let mut scheme = world.scheme.clone();
        scheme.number += place * 3;
        let name = format!("Invented cooperative {:05}", chance.below(100_000));
        let profile = PartyProfile {
            country,
            ..profile(kind, &name)
        };
        let (signer, enrolled) = enrol(world, &mut scheme, profile, key((SEED << 32) | place));
        let party = signer.party;
        let mut said = enrolled.to_vec();
        let mut site = None;
        if chance.percent(75) {
            let registered = SiteRegistered {
                country,
                area: Some(line(&format!("Area {area} of {country}"))),
                ..world::site(party, &format!("Invented pit {place}"))
            };
            let registered = scheme.say(world.deployment, Event::SiteRegistered(registered));
            site = Some(SiteId::derive(world.id(&registered), 0));
            said.push(registered);
        }
        let organization = Self {
            place,
            signer,
            site,
            plan: None,
            incident: None,
        };
        let at = BEGIN.plus_ms(i64::try_from(place).expect("not that many"));
        (organization, said.iter().map(|said| append(at, said)).collect())
    }

    /// The module up to which everything is met, rising with time for most; 0 to 4.
    fn grade(&self, round: u64) -> u8 {
        let (talent, pace) = (self.place % 4, 4 + self.place % 7);
        u8::try_from((talent + round / pace).min(4)).expect("at most 4")
    }
}

impl Round<'_> {
    fn run(&mut self, organization: &mut Organization) {
        self.assess(organization);
        self.plan(organization);
        self.incident(organization);
        if self.number % 4 == 3 && self.chance.percent(85) {
            self.report(organization);
        }
        if self.number == ROUNDS / 2 && self.chance.percent(3) {
            self.decide(organization);
        }
    }

    /// One assessment: by the organization itself about itself or its site, or by who looks from outside.
    fn assess(&mut self, organization: &mut Organization) {
        let kind = match self.number % 10 {
            4 => AssessmentKind::Monitor,
            7 => AssessmentKind::Implementer,
            9 => AssessmentKind::ThirdParty,
            _ => AssessmentKind::SelfReported,
        };
        let itself = Subject::Party(organization.signer.party);
        let site = organization.site.filter(|_| self.number % 5 == 2).map(Subject::Site);
        let subject = site.unwrap_or(itself);
        let grade = organization.grade(self.number);
        let criteria = &self.of.catalogue.criteria;
        let findings = (0..)
            .zip(criteria)
            .map(|(place, asked)| self.chance.finding(place, asked, grade));
        let findings: Vec<_> = findings.collect();
        let measured = 0..u16::try_from(self.of.catalogue.indicators.len()).expect("few indicators");
        let measured = measured.filter(|_| self.number.is_multiple_of(4));
        let measurements: Vec<_> = measured
            .map(|indicator| Measurement {
                indicator,
                value: self.chance.next() % 10_000,
            })
            .collect();
        let to_mend = failing(criteria, &findings);
        let submitted = AssessmentSubmitted {
            subject,
            kind,
            period: self.yesterday(),
            catalogue: self.of.digest,
            findings: list(findings),
            measurements: list(measurements),
            reference: None,
        };
        let submitted = Event::AssessmentSubmitted(submitted);
        if kind == AssessmentKind::SelfReported {
            self.say(&mut organization.signer, submitted);
        } else {
            let assessment = AssessmentId::derive(self.look(organization, 0, submitted), 0);
            self.judge(organization, subject, assessment);
        }
        if organization.plan.is_none() && self.number % 6 == 1 && !to_mend.is_empty() && self.chance.percent(60) {
            self.adopt(organization, to_mend);
        }
    }

    /// Somebody else confirms or contests some of it, now and then.
    fn judge(&mut self, organization: &Organization, subject: Subject, assessment: AssessmentId) {
        let first = u16::try_from(self.number % 7).expect("below 7");
        let criteria: Vec<u16> = (0..6).map(|at| at * 7 + first).collect();
        let evidence = List::empty();
        let event = match self.chance.below(10) {
            0 => Event::AssessmentContested(AssessmentContested {
                subject,
                assessment,
                criteria: list(criteria),
                reason: line("Invented: it was not so"),
                evidence,
            }),
            1 | 2 => Event::AssessmentConfirmed(AssessmentConfirmed {
                subject,
                assessment,
                criteria: list(criteria),
                note: None,
                evidence,
            }),
            _ => return,
        };
        self.look(organization, 1, event);
    }

    fn adopt(&mut self, organization: &mut Organization, criteria: Vec<u16>) {
        let milestone = |(at, criterion): (usize, &u16)| Milestone {
            criterion: *criterion,
            action: line("Invented: do what is missing"),
            due: self
                .now
                .date()
                .plus_days(60 + 30 * u16::try_from(at % 16).expect("small")),
            after: List::empty(),
        };
        let milestones = criteria.iter().take(4).enumerate().map(milestone).collect();
        let adopted = PlanAdopted {
            catalogue: self.of.digest,
            criteria: list(criteria.clone()),
            milestones: list(milestones),
        };
        let id = self.say(&mut organization.signer, Event::PlanAdopted(adopted));
        organization.plan = Some((PlanId::derive(id, 0), criteria));
    }

    /// A plan that runs: milestones are reached, and in the end it is closed, or forgotten.
    fn plan(&mut self, organization: &mut Organization) {
        let Some((plan, criteria)) = organization.plan.clone().filter(|_| self.number % 6 != 1) else {
            return;
        };
        let party = organization.signer.party;
        if self.number % 6 == 5 {
            if self.chance.percent(70) {
                let closed = PlanClosed {
                    organization: party,
                    plan,
                    outcome: PlanOutcome::Achieved,
                    note: None,
                };
                self.say(&mut organization.signer, Event::PlanClosed(closed));
                organization.plan = None;
            }
            return;
        }
        if self.chance.percent(50) {
            let reported = MilestoneReported {
                organization: party,
                plan,
                milestone: u8::try_from(self.chance.below(criteria.len().min(4) as u64)).expect("few milestones"),
                state: [MilestoneState::Started, MilestoneState::Done][self.chance.below(2)],
                note: None,
                evidence: List::empty(),
            };
            self.say(&mut organization.signer, Event::MilestoneReported(reported));
        }
    }

    /// One in twenty-five has an incident in a round; most are closed in the next.
    fn incident(&mut self, organization: &mut Organization) {
        let subject = Subject::Party(organization.signer.party);
        if let Some(incident) = organization.incident {
            if self.chance.percent(80) {
                organization.incident = None;
                let closed = IncidentClosed {
                    subject,
                    incident,
                    outcome: IncidentOutcome::Remedied,
                    note: line("Invented: it was put right"),
                };
                self.look(organization, 0, Event::IncidentClosed(closed));
            }
            return;
        }
        if !self.chance.percent(4) {
            return;
        }
        let category = [
            IncidentCategory::Accident,
            IncidentCategory::Environment,
            IncidentCategory::Bribery,
            IncidentCategory::ChildLabour,
        ][self.chance.below(4)];
        let reported = IncidentReported {
            subject,
            category,
            confidence: [Confidence::Allegation, Confidence::Known][self.chance.below(2)],
            severity: Severity::Serious,
            period: self.yesterday(),
            summary: line("Invented: something happened"),
            evidence: List::empty(),
            reference: None,
        };
        let id = self.look(organization, 0, Event::IncidentReported(reported));
        organization.incident = Some(IncidentId::derive(id, 0));
    }

    fn report(&mut self, organization: &mut Organization) {
        let published = ReportPublished {
            period: self.yesterday(),
            summary: self.chance.digest(),
            full: None,
        };
        self.say(&mut organization.signer, Event::ReportPublished(published));
    }

    fn decide(&mut self, organization: &Organization) {
        let decided = StandingDecided {
            organization: organization.signer.party,
            standing: [Standing::Candidate, Standing::Suspended][self.chance.below(2)],
            reason: line("Invented for a bench"),
            evidence: List::empty(),
        };
        // Registration took three numbers each; rounds come after it.
        let number = ((self.number + 1) << 32) | organization.place;
        self.sign(&self.of.scheme, number, Event::StandingDecided(decided));
    }

    fn yesterday(&self) -> Period {
        let day = Date::from_unix_days(self.now.date().unix_days() - 1);
        Period { from: day, to: day }
    }

    fn say(&mut self, signer: &mut Signer, event: Event) -> StatementId {
        signer.number += 1;
        self.sign(signer, signer.number, event)
    }

    /// One of the assessors says it: the one whose turn it is, or another one. Numbers leave gaps, so that they need
    /// not be handed from one organization to the next.
    fn look(&mut self, organization: &Organization, other: u64, event: Event) -> StatementId {
        let whose = (organization.place + self.number + other) % ASSESSORS;
        self.said += 1;
        let number = ((self.number + 1) << 40) | (organization.place * SAID_MAX + self.said);
        let assessor = &self.of.assessors[usize::try_from(whose).expect("few assessors")];
        self.sign(assessor, number, event)
    }

    fn sign(&mut self, signer: &Signer, number: u64, event: Event) -> StatementId {
        let statement = Statement {
            party: signer.party,
            number,
            stated_at: self.now,
            event,
        };
        let deployment = self.of.deployment;
        let said = SignedStatement::sign(&statement, deployment, &signer.key).expect("short things");
        self.records.push(append(self.now, &said));
        said.id(deployment)
    }
}

/// Criteria of module 4 that are not met.
fn failing(criteria: &[Criterion], findings: &[Finding]) -> Vec<u16> {
    let of_module = |place: u16| criteria[usize::from(place)].module == Some(Module::Mitigation);
    let failing = findings
        .iter()
        .filter(|finding| matches!(finding.answer, Answer::Fail | Answer::Progress));
    failing
        .map(|finding| finding.criterion)
        .filter(|place| of_module(*place))
        .collect()
}

impl Chance {
    fn at(place: u64, round: u64) -> Self {
        Self::of(SEED ^ (place << 16) ^ round)
    }

    const fn percent(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }

    fn digest(&mut self) -> Digest {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&self.next().to_be_bytes());
        Digest::from_bytes(bytes)
    }

    /// Modules up to the grade are met; of others, most. What must never be found is rare. One in twenty has evidence.
    fn finding(&mut self, criterion: u16, asked: &Criterion, grade: u8) -> Finding {
        let is_good = match asked.module {
            Some(Module::Disengagement) => 2 < grade || !self.percent(1),
            Some(module) => module.number() <= grade || self.percent(70),
            None => self.percent(70),
        };
        let answer = match asked.scale {
            _ if self.percent(1) => Answer::NotApplicable(line("Invented: there is no such thing here")),
            Scale::PassFail | Scale::Scenario | Scale::PassProgressFail if is_good => Answer::Pass,
            Scale::PassProgressFail if self.percent(50) => Answer::Progress,
            Scale::PassFail | Scale::Scenario | Scale::PassProgressFail => Answer::Fail,
            Scale::Observation if is_good => Answer::NoneObserved,
            Scale::Observation => Answer::Observed,
            Scale::Level { max } => {
                let least = u64::from(max.min(grade)) / 2;
                let level = least + self.below(u64::from(max) - least + 1) as u64;
                Answer::Level(u8::try_from(level).expect("a level"))
            }
            Scale::Count => Answer::Count(self.next() % 500),
            Scale::Words => Answer::Words(line("Invented words")),
        };
        let evidence = if self.percent(5) {
            list(vec![self.digest()])
        } else {
            List::empty()
        };
        Finding {
            criterion,
            answer,
            evidence,
        }
    }
}
