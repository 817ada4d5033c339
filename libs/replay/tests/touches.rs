//! Which map keys each event touches: frozen, for the log's root depends on it.

use std::collections::{BTreeMap, BTreeSet};

use event::key::Digest;
use event::vocabulary::{
    AccreditationWithdrawn, AssessmentConfirmed, AssessmentContested, AssessmentWithdrawn, AssessorAccredited,
    Confidence, CustodyAccepted, CustodyDeclined, CustodyOffered, DelegationGranted, DelegationRevoked,
    DeploymentFounded, EventKind, IncidentCategory, IncidentClosed, IncidentOutcome, IncidentReported, IncidentUpdated,
    KeyAuthorized, KeyRevoked, LotRetired, MilestoneReported, MilestoneState, OfferWithdrawn, PartyKind, PlanAdopted,
    PlanClosed, PlanExtended, PlanOutcome, PolicySet, ReportPublished, RevocationReason, SealState, Severity, Standing,
    StandingDecided, Subject, Term,
};
use event::{
    AssessmentId, Event, IncidentId, List, LotId, Mass, PartyId, PlanId, PublicKey, SiteId, StatementId,
    VerifiedStatement,
};
use replay::{Touched, touches};
use tests::world::{self, Signer, World, day, key, line, list, profile, short};

/// No statement has this id.
const SOMETHING: StatementId = StatementId::from_bytes([9; 32]);

fn other_key() -> PublicKey {
    key(77).verifying_key().into()
}

/// Ids as the cases name them.
struct Names {
    me: PartyId,
    other: PartyId,
    site: SiteId,
    lot: LotId,
}

impl Names {
    fn of(signer: &Signer) -> Self {
        Self {
            me: signer.party,
            other: PartyId::derive(SOMETHING, 0),
            site: SiteId::derive(SOMETHING, 0),
            lot: LotId::derive(SOMETHING, 0),
        }
    }

    /// What is touched, in words; `new` is what the statement itself makes.
    fn in_words(&self, statement: &VerifiedStatement, touched: &Touched) -> String {
        let id = statement.id();
        let known: BTreeMap<Vec<u8>, &str> = [
            (self.me.as_bytes().to_vec(), "me"),
            (self.other.as_bytes().to_vec(), "other"),
            (self.site.as_bytes().to_vec(), "site"),
            (self.lot.as_bytes().to_vec(), "lot"),
            (PartyId::derive(id, 0).as_bytes().to_vec(), "new"),
            (SiteId::derive(id, 0).as_bytes().to_vec(), "new"),
            (LotId::derive(id, 0).as_bytes().to_vec(), "new"),
            (statement.key().as_bytes().to_vec(), "my key"),
            (other_key().as_bytes().to_vec(), "other key"),
            (b"S-1".to_vec(), "S-1"),
            (b"S-2".to_vec(), "S-2"),
            (Vec::new(), "all"),
        ]
        .into();
        format!(
            "{} {}",
            touched.kind.as_str(),
            known.get(&touched.id).unwrap_or(&"unknown")
        )
    }
}

/// Every event once, and what can be refused for naming a thing twice or oneself; with what it touches, sorted.
fn cases(names: &Names) -> Vec<(Event, Vec<&'static str>)> {
    [
        registry(names),
        progress(names),
        conduct(names),
        incidents(names),
        custody(names),
    ]
    .concat()
}

fn registry(names: &Names) -> Vec<(Event, Vec<&'static str>)> {
    let (party, to) = (names.other, names.other);
    let delegated = |to| {
        Event::DelegationGranted(DelegationGranted {
            to,
            kinds: list(vec![EventKind::LotDeclared]),
            sites: list(vec![names.site, names.site]),
            gross_mass_max: None,
            until: day().to,
        })
    };
    let founded = DeploymentFounded {
        name: line("a deployment"),
        scheme: profile(PartyKind::Scheme, "a scheme"),
        policy: list(vec![Term::RuleVersion(1)]),
    };
    let reason = RevocationReason::Lost;
    let accredited = AssessorAccredited {
        assessor: names.other,
        until: day().to,
        basis: line("its record"),
    };
    let withdrawn = AccreditationWithdrawn {
        assessor: names.other,
        reason: line("its record"),
    };
    vec![
        (
            Event::DeploymentFounded(founded),
            vec!["key my key", "party new", "policy all"],
        ),
        (
            Event::PartyEnrolled(profile(PartyKind::Trader, "a trader")),
            vec!["party new"],
        ),
        (
            Event::KeyAuthorized(KeyAuthorized {
                party,
                key: other_key(),
            }),
            vec!["key other key", "party other"],
        ),
        (
            Event::KeyRevoked(KeyRevoked {
                key: other_key(),
                reason,
            }),
            vec!["key other key"],
        ),
        (
            Event::SiteRegistered(world::site(names.other, "a site")),
            vec!["site new"],
        ),
        (
            Event::PolicySet(PolicySet {
                terms: list(vec![Term::RuleVersion(1)]),
            }),
            vec!["policy all"],
        ),
        (delegated(to), vec!["party me"]),
        (delegated(names.me), vec!["party me"]),
        (Event::DelegationRevoked(DelegationRevoked { to }), vec!["party me"]),
        (
            Event::DelegationRevoked(DelegationRevoked { to: names.me }),
            vec!["party me"],
        ),
        (Event::AssessorAccredited(accredited), vec!["party other"]),
        (Event::AccreditationWithdrawn(withdrawn), vec!["party other"]),
    ]
}

fn progress(names: &Names) -> Vec<(Event, Vec<&'static str>)> {
    let catalogue = world::catalogue();
    let digest = catalogue.digest();
    let assessment = AssessmentId::derive(SOMETHING, 0);
    let criteria = || list(vec![0]);
    let confirmed = |subject| {
        Event::AssessmentConfirmed(AssessmentConfirmed {
            subject,
            assessment,
            criteria: criteria(),
            note: None,
            evidence: List::empty(),
        })
    };
    let contested = |subject| {
        Event::AssessmentContested(AssessmentContested {
            subject,
            assessment,
            criteria: criteria(),
            reason: line("it is not so"),
            evidence: List::empty(),
        })
    };
    let withdrawn = |subject| {
        Event::AssessmentWithdrawn(AssessmentWithdrawn {
            subject,
            assessment,
            reason: line("a mistake"),
        })
    };
    let (site, party) = (Subject::Site(names.site), Subject::Party(names.other));
    vec![
        (Event::CataloguePublished(catalogue), vec!["policy all"]),
        (
            Event::AssessmentSubmitted(world::assessment(names.site, digest, true)),
            vec!["progress site"],
        ),
        (confirmed(site), vec!["progress site"]),
        (confirmed(party), vec!["progress other"]),
        (contested(site), vec!["progress site"]),
        (contested(Subject::Party(names.me)), vec!["progress me"]),
        (withdrawn(site), vec!["progress site"]),
        (withdrawn(party), vec!["progress other"]),
    ]
}

fn conduct(names: &Names) -> Vec<(Event, Vec<&'static str>)> {
    let plan = PlanId::derive(SOMETHING, 0);
    let adopted = PlanAdopted {
        catalogue: world::catalogue().digest(),
        criteria: list(vec![0]),
        milestones: List::empty(),
    };
    let reached = MilestoneReported {
        organization: names.other,
        plan,
        milestone: 0,
        state: MilestoneState::Done,
        note: None,
        evidence: List::empty(),
    };
    let extended = PlanExtended {
        plan,
        milestone: 0,
        due: day().to,
        reason: line("the rains"),
    };
    let closed = PlanClosed {
        organization: names.other,
        plan,
        outcome: PlanOutcome::Achieved,
        note: None,
    };
    let reported = ReportPublished {
        period: day(),
        summary: Digest::from_bytes([8; 32]),
        full: None,
    };
    let decided = |organization| {
        Event::StandingDecided(StandingDecided {
            organization,
            standing: Standing::Suspended,
            reason: line("what the board found"),
            evidence: List::empty(),
        })
    };
    vec![
        (Event::PlanAdopted(adopted), vec!["progress me"]),
        (Event::MilestoneReported(reached), vec!["progress other"]),
        (Event::PlanExtended(extended), vec!["progress me"]),
        (Event::PlanClosed(closed), vec!["progress other"]),
        (Event::ReportPublished(reported), vec!["progress me"]),
        (decided(names.other), vec!["party other", "progress other"]),
        (decided(names.me), vec!["party me", "progress me"]),
    ]
}

fn incidents(names: &Names) -> Vec<(Event, Vec<&'static str>)> {
    let incident = IncidentId::derive(SOMETHING, 0);
    let (site, party) = (Subject::Site(names.site), Subject::Party(names.other));
    let happened = |subject| {
        Event::IncidentReported(IncidentReported {
            subject,
            category: IncidentCategory::Accident,
            confidence: Confidence::Allegation,
            severity: Severity::Minor,
            period: day(),
            summary: line("what happened"),
            evidence: List::empty(),
            reference: None,
        })
    };
    let updated = IncidentUpdated {
        subject: site,
        incident,
        confidence: Confidence::Known,
        severity: Severity::Minor,
        note: line("what is new"),
        evidence: List::empty(),
    };
    let settled = IncidentClosed {
        subject: party,
        incident,
        outcome: IncidentOutcome::Remedied,
        note: line("what was done"),
    };
    vec![
        (happened(site), vec!["progress site"]),
        (happened(party), vec!["progress other"]),
        (Event::IncidentUpdated(updated), vec!["progress site"]),
        (Event::IncidentClosed(settled), vec!["progress other"]),
    ]
}

fn custody(names: &Names) -> Vec<(Event, Vec<&'static str>)> {
    let (lot, after, reason) = (names.lot, SOMETHING, || line("not today"));
    let sealed = |seals: &[&str]| {
        let mut declared = world::lot(names.site, 10);
        declared.seals = list(seals.iter().map(|seal| short(seal)).collect());
        Event::LotDeclared(declared)
    };
    let accepted = CustodyAccepted {
        lot,
        after,
        gross_mass: Mass::from_micrograms(1),
        seals: SealState::None,
    };
    vec![
        (sealed(&[]), vec!["lot new"]),
        (sealed(&["S-1", "S-2"]), vec!["lot new", "seal S-1", "seal S-2"]),
        (sealed(&["S-2", "S-1", "S-2"]), vec!["lot new", "seal S-1", "seal S-2"]),
        (
            Event::CustodyOffered(CustodyOffered {
                lot,
                after,
                to: names.other,
            }),
            vec!["lot lot"],
        ),
        (Event::CustodyAccepted(accepted), vec!["lot lot"]),
        (
            Event::CustodyDeclined(CustodyDeclined {
                lot,
                after,
                reason: reason(),
            }),
            vec!["lot lot"],
        ),
        (Event::OfferWithdrawn(OfferWithdrawn { lot, after }), vec!["lot lot"]),
        (
            Event::LotRetired(LotRetired {
                lot,
                after,
                reason: reason(),
            }),
            vec!["lot lot"],
        ),
    ]
}

#[test]
fn every_event_touches_what_it_is_about() {
    let (mut world, _) = World::found(1);
    let (mut signer, _) = world.enrol(PartyKind::MinersOrganization, "Miners");
    let names = Names::of(&signer);
    let mut kinds = BTreeSet::new();
    for (event, expected) in cases(&names) {
        let kind = event.kind();
        let statement = signer.say(world.deployment, event).verify(world.deployment).unwrap();
        let touched = touches(&statement);
        let mut words: Vec<_> = touched.iter().map(|one| names.in_words(&statement, one)).collect();
        words.sort();
        assert_eq!(words, expected, "{kind:?}");
        let once: BTreeSet<_> = touched.iter().map(Touched::key).collect();
        assert_eq!(once.len(), touched.len(), "{kind:?} is one record about each thing");
        kinds.insert(kind);
    }
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), EventKind::ALL);
}
