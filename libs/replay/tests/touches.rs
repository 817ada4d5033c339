//! Which map keys each event touches: frozen, for the log's root depends on it.

use std::collections::{BTreeMap, BTreeSet};

use event::key::Digest;
use event::vocabulary::{
    AccreditationWithdrawn, AssayPurpose, AssessmentConfirmed, AssessmentContested, AssessmentWithdrawn,
    AssessorAccredited, Bar, CapacityEstablished, CapacityPeriod, Confidence, CorrectionConfirmed, CorrectionProposed,
    CustodyAccepted, CustodyDeclined, CustodyModel, CustodyOffered, DelegationGranted, DelegationRevoked,
    DeploymentFounded, EventKind, FinenessClaim, FinenessMethod, IncidentCategory, IncidentClosed, IncidentOutcome,
    IncidentReported, IncidentUpdated, KeyAuthorized, KeyRevoked, Loss, LotAfter, LotAssayed, LotExported, LotForm,
    LotHeld, LotLost, LotReceived, LotReleased, LotRetired, LotSampled, LotSealed, LotWeighed, LotsTransformed,
    MilestoneReported, MilestoneState, OfferWithdrawn, Output, PartyKind, PermitKind, PermitRecorded, PermitStatus,
    PermitStatusChanged, PlanAdopted, PlanClosed, PlanExtended, PlanOutcome, PolicySet, Reference, ReportPublished,
    RevocationReason, SealBroken, SealState, Severity, ShortText, SiteAmended, Standing, StandingDecided, Subject,
    Term, TitleTransferred, Transformation,
};
use event::{
    AssessmentId, Event, Fineness, IncidentId, List, LotId, Mass, PartyId, PermitId, PlanId, PublicKey, SiteId,
    StatementId, VerifiedStatement,
};
use replay::{Touched, touches};
use tests::world::{self, Signer, World, day, key, line, list, profile, short, slug};

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
            (SiteId::derive(SOMETHING, 1).as_bytes().to_vec(), "other site"),
            (LotId::derive(SOMETHING, 1).as_bytes().to_vec(), "other lot"),
            (LotId::derive(id, 1).as_bytes().to_vec(), "new 1"),
            (b"register\nC-1".to_vec(), "C-1"),
            (
                [self.me.as_bytes(), b"\nUMOJA\n17\n2026".as_slice()].concat(),
                "UMOJA 17",
            ),
            (
                [self.me.as_bytes(), b"\nUMOJA\n17\n2027".as_slice()].concat(),
                "UMOJA 17 of later",
            ),
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
        permits(names),
        measured(names),
        transformed(names),
        exported(names),
        stopped(names),
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
                with_title: true,
                documents: List::empty(),
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

fn permits(names: &Names) -> Vec<(Event, Vec<&'static str>)> {
    let other_site = SiteId::derive(SOMETHING, 1);
    let amended = |operator| {
        Event::SiteAmended(SiteAmended {
            site: names.site,
            operator,
            name: None,
            deposit: None,
            fineness_band: None,
            reason: line("as the register says"),
        })
    };
    let recorded = |sites: Vec<SiteId>| {
        Event::PermitRecorded(PermitRecorded {
            kind: PermitKind::Mining,
            number: number("P-1"),
            authority: line("The authority"),
            holder: names.other,
            from: day().to,
            until: None,
            sites: list(sites),
            document: None,
            checked: None,
        })
    };
    let changed = |sites: Vec<SiteId>| {
        Event::PermitStatusChanged(PermitStatusChanged {
            permit: PermitId::derive(SOMETHING, 0),
            sites: list(sites),
            status: PermitStatus::Suspended,
            from: day().to,
            checked: None,
            reason: line("rent is due"),
        })
    };
    let established = CapacityEstablished {
        site: names.site,
        per: CapacityPeriod::Month,
        fine_mass_max: Mass::from_micrograms(1),
        miners_max: None,
        basis: line("by plan"),
    };
    vec![
        (amended(None), vec!["site site"]),
        (amended(Some(names.other)), vec!["site site"]),
        (recorded(vec![names.site]), vec!["site site"]),
        (
            recorded(vec![names.site, other_site, names.site]),
            vec!["site other site", "site site"],
        ),
        (recorded(Vec::new()), Vec::new()),
        (changed(vec![names.site]), vec!["site site"]),
        (
            changed(vec![other_site, names.site, other_site]),
            vec!["site other site", "site site"],
        ),
        (Event::CapacityEstablished(established), vec!["site site"]),
    ]
}

fn measured(names: &Names) -> Vec<(Event, Vec<&'static str>)> {
    let (lot, after, witness) = (names.lot, SOMETHING, Some(names.other));
    let weighed = LotWeighed {
        lot,
        after,
        gross_mass: Mass::from_micrograms(1),
        scale: None,
        calibrated: None,
        witness,
        documents: List::empty(),
    };
    let sampled = |samples: &[&str]| {
        Event::LotSampled(LotSampled {
            lot,
            after,
            samples: numbers(samples),
            melt: None,
            witness,
        })
    };
    let assayed = LotAssayed {
        lot,
        after,
        method: FinenessMethod::Xrf,
        gold: Fineness::PURE,
        silver: None,
        uncertainty_ppm: None,
        purpose: AssayPurpose::Control,
        sample: Some(short("S-1")),
        melt: None,
        replaces: Some(SOMETHING),
        documents: List::empty(),
    };
    let sealed = |seals: &[&str]| {
        Event::LotSealed(LotSealed {
            lot,
            after,
            seals: numbers(seals),
            documents: List::empty(),
        })
    };
    let broken = |seals: &[&str]| {
        Event::SealBroken(SealBroken {
            lot,
            after,
            seals: numbers(seals),
            reason: line("to look"),
        })
    };
    let both = || vec!["lot lot", "seal S-1", "seal S-2"];
    vec![
        (Event::LotWeighed(weighed), vec!["lot lot"]),
        (sampled(&["S-1", "S-2"]), both()),
        (sampled(&["S-2", "S-2", "S-1"]), both()),
        (Event::LotAssayed(assayed), vec!["lot lot"]),
        (sealed(&["S-1", "S-2"]), both()),
        (sealed(&["S-1", "S-2", "S-1"]), both()),
        (broken(&["S-1", "S-2"]), both()),
        (broken(&["S-1", "S-1", "S-2"]), both()),
    ]
}

fn transformed(names: &Names) -> Vec<(Event, Vec<&'static str>)> {
    let other_lot = LotId::derive(SOMETHING, 1);
    let bar = |year| Bar {
        brand: short("UMOJA"),
        serial: short("17"),
        year,
    };
    let output = |seals: &[&str], bar: Option<Bar>| Output {
        form: LotForm::Fine,
        gross_mass: Mass::from_micrograms(1),
        fineness: FinenessClaim {
            fineness: Fineness::PURE,
            method: FinenessMethod::FireAssay,
        },
        seals: numbers(seals),
        bar,
    };
    let melt = |inputs: &[LotId], outputs: Vec<Output>| {
        Event::LotsTransformed(LotsTransformed {
            how: Transformation::Melt,
            inputs: list(inputs.iter().copied().map(known).collect()),
            outputs: list(outputs),
            custody_model: CustodyModel::Segregated,
            lost_gross_mass: Mass::ZERO,
            lost_fine_mass: Mass::ZERO,
            melt: None,
            witness: Some(names.other),
            documents: List::empty(),
        })
    };
    let (lot, none) = (names.lot, || output(&[], None));
    vec![
        (melt(&[], Vec::new()), Vec::new()),
        (melt(&[lot], vec![none()]), vec!["lot lot", "lot new"]),
        (
            melt(&[lot, other_lot], vec![none(), none()]),
            vec!["lot lot", "lot new", "lot new 1", "lot other lot"],
        ),
        (melt(&[lot, lot], vec![none()]), vec!["lot lot", "lot new"]),
        (
            melt(
                &[lot],
                vec![output(&["S-1"], Some(bar(2026))), output(&["S-2"], Some(bar(2027)))],
            ),
            vec![
                "bar UMOJA 17",
                "bar UMOJA 17 of later",
                "lot lot",
                "lot new",
                "lot new 1",
                "seal S-1",
                "seal S-2",
            ],
        ),
        (
            melt(
                &[lot],
                vec![output(&["S-1"], Some(bar(2026))), output(&["S-1"], Some(bar(2026)))],
            ),
            vec!["bar UMOJA 17", "lot lot", "lot new", "lot new 1", "seal S-1"],
        ),
    ]
}

fn exported(names: &Names) -> Vec<(Event, Vec<&'static str>)> {
    let other_lot = LotId::derive(SOMETHING, 1);
    let export = |lots: &[LotId]| {
        Event::LotExported(LotExported {
            lots: list(lots.iter().copied().map(known).collect()),
            certificate: number("C-1"),
            authority: line("The authority"),
            issued: day().to,
            expires: day().to,
            certified_gross_mass: Mass::from_micrograms(1),
            from: "CD".parse().expect("a country"),
            to: "AE".parse().expect("a country"),
            importer: names.other,
            hs_code: short("7108.12"),
            documents: List::empty(),
        })
    };
    let received = LotReceived {
        lot: names.lot,
        after: SOMETHING,
        refinery_lot: short("R-1"),
        arrived: day().to,
        after_melt_mass: Mass::from_micrograms(1),
        discrepancy: None,
        documents: List::empty(),
    };
    let title = TitleTransferred {
        lot: names.lot,
        after: SOMETHING,
        to: names.other,
        documents: List::empty(),
    };
    vec![
        (export(&[]), vec!["certificate C-1"]),
        (
            export(&[names.lot, other_lot, names.lot]),
            vec!["certificate C-1", "lot lot", "lot other lot"],
        ),
        (Event::LotReceived(received), vec!["lot lot"]),
        (Event::TitleTransferred(title), vec!["lot lot"]),
    ]
}

fn stopped(names: &Names) -> Vec<(Event, Vec<&'static str>)> {
    let (lot, after, reason) = (names.lot, SOMETHING, || line("as was seen"));
    let held = LotHeld {
        lot,
        reason: reason(),
        incident: Some(IncidentId::derive(SOMETHING, 0)),
        documents: List::empty(),
    };
    let released = LotReleased { lot, reason: reason() };
    let gone = LotLost {
        lot,
        after,
        how: Loss::Lost,
        reason: reason(),
        report: None,
    };
    let proposed = CorrectionProposed {
        lot,
        after,
        target: SOMETHING,
        gross_mass: Mass::from_micrograms(1),
        reason: reason(),
    };
    let confirmed = CorrectionConfirmed {
        lot,
        after,
        proposal: SOMETHING,
    };
    vec![
        (Event::LotHeld(held), vec!["lot lot"]),
        (Event::LotReleased(released), vec!["lot lot"]),
        (Event::LotLost(gone), vec!["lot lot"]),
        (Event::CorrectionProposed(proposed), vec!["lot lot"]),
        (Event::CorrectionConfirmed(confirmed), vec!["lot lot"]),
    ]
}

fn known(lot: LotId) -> LotAfter {
    LotAfter { lot, after: SOMETHING }
}

fn number(value: &str) -> Reference {
    Reference {
        source: slug("register"),
        value: short(value),
    }
}

fn numbers<const MAX: usize>(numbers: &[&str]) -> List<ShortText, MAX> {
    list(numbers.iter().map(|number| short(number)).collect())
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
