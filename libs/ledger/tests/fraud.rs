//! The known patterns of fraud, each under its number in the documentation of [`ledger::flag`]: refused, flagged, or out
//! of reach, and then how far.

use event::key::Digest;
use event::vocabulary::{
    Answer, AssessmentKind, Confidence, CustodyModel, EventKind, FinenessBand, FinenessClaim, FinenessMethod,
    IncidentCategory, LotForm, Output, PartyKind, Period, Reaction, RevocationReason, SealState, Standing, Term,
    Transformation,
};
use event::{DeploymentId, Mass, StreamPosition};
use ledger::{Change, FlagKind, Refusal};

use crate::support::{
    CHILDREN, EMISSIONS, NOON, Say, World, accepted, amended, assayed, authorized, capacity, check, claim, days,
    decided, declared, delegated, dug, enrolled, exported, grams, handed, happened, held, judged, judged_market, list, looked_up,
    lost, made, melts, micrograms, milestone, offered, out, permitted, planned, policy, ppm, registered, reported, retired, revoked, says,
    sealed, settles, texts, trade,
};

/// The kinds of flags that a statement raises, which must be admitted.
#[track_caller]
fn flags(given: &World, say: &Say) -> Vec<FlagKind> {
    let changes = given.clone().hear(say).unwrap();
    let flag = |change: &Change| match change {
        Change::Flag(flag) => Some(flag.kind),
        _ => None,
    };
    changes.iter().filter_map(flag).collect()
}

fn takes(who: &str, lot: &str, mass: Mass) -> Say {
    says(who, accepted(lot, mass).but(|e| e.seals = SealState::None))
}

fn ore() -> World {
    trade().and(says("mine", dug("pit")).called("ore"))
}

#[test]
fn fraud_01_double_sale() {
    let open = ore().and(says("mine", offered("ore", "trader")));
    check(&open, says("mine", offered("ore", "exporter")), Refusal::OfferOpen);
    let first = ore().latest("ore");
    let sold = open.and(takes("trader", "ore", grams(100)));
    check(&sold, says("mine", offered("ore", "exporter")), Refusal::NotCustodian);
    check(&sold, says("mine", offered("ore", "exporter").but(move |e| e.after = first)), Refusal::Superseded);
    let molten = ore().and(says("mine", melts(&["ore"], &[out(grams(100), 900_000)])));
    check(&molten, says("mine", offered("ore", "trader")), Refusal::LotTransformed);
    // The same thing under another name still bears the same seal.
    let closed = ore().and(says("mine", sealed("ore", &["S-1"])));
    check(&closed, says("mine", dug("pit").but(|e| e.seals = texts(&["S-1"]))), Refusal::SealTaken);
}

#[test]
fn fraud_02_more_than_the_site_can_give() {
    let world = trade().and(says("monitor", capacity("pit", grams(100), Some(1))));
    assert_eq!(flags(&world, &says("mine", dug("pit"))), [FlagKind::NearCapacity]);
    let used = world.clone().and(says("mine", dug("pit")));
    check(&used, says("mine", dug("pit")), Refusal::CapacityExceeded);
    // Nor do days of long ago have a capacity of their own.
    let long_ago = dug("pit").but(|e| e.extracted = Period { from: days(-300), to: days(-290) });
    check(&used, says("mine", long_ago), Refusal::CapacityExceeded);
    assert_eq!(flags(&trade(), &says("mine", dug("pit").but(|e| e.miners = Some(2)))), [FlagKind::AboveMinerDay]);
    let few = trade().and(says("monitor", capacity("pit", grams(9_000), Some(1))));
    let large = dug("pit").but(|e| e.gross_mass = grams(500));
    assert_eq!(flags(&few, &says("mine", large)), [FlagKind::AboveMinerYear]);
}

#[test]
fn fraud_03_mass_from_nowhere() {
    let world = ore();
    check(&world, says("mine", melts(&["ore"], &[out(grams(101), 900_000)])), Refusal::GrossUnbalanced);
    check(&world, says("mine", melts(&["ore"], &[out(grams(100), 950_000)])), Refusal::FineMassGrew);
    check(&world, says("mine", dug("nowhere")), Refusal::UnknownSite);
    check(&world, says("trader", dug("pit")), Refusal::NotOperator);
    check(&world, says("trader", melts(&[], &[out(grams(100), 900_000)])), Refusal::LotsNotOrdered);
    let open = world.and(says("mine", offered("ore", "trader")));
    check(&open, takes("trader", "ore", grams(101)), Refusal::MassGrew);
}

#[test]
fn fraud_04_hidden_mixing_and_dilution() {
    let world = handed(ore(), "ore", "mine", "trader", grams(100));
    let world = world.and(says("rival", dug("creek")).called("other"));
    let world = handed(world, "other", "rival", "trader", grams(100));
    let both = |model| says("trader", melts(&["ore", "other"], &[out(grams(200), 900_000)]).but(move |e| e.custody_model = model));
    check(&world, both(CustodyModel::IdentityPreserved), Refusal::ModelTooStrong);
    assert_eq!(flags(&world, &both(CustodyModel::Segregated)), []);
    // Gold that is added breaks the gross mass; copper that is added too, and with a lie about the mass the fineness.
    check(&world, says("trader", melts(&["ore"], &[out(grams(120), 900_000)])), Refusal::GrossUnbalanced);
    check(&world, says("trader", melts(&["ore"], &[out(grams(120), 750_000)])), Refusal::GrossUnbalanced);
    check(&world, says("trader", melts(&["ore"], &[out(grams(100), 750_000)])), Refusal::FineUnbalanced);
    let apart = [out(grams(50), 820_000), Output { form: LotForm::Residue, ..out(grams(50), 980_000) }];
    assert_eq!(flags(&world, &says("trader", melts(&["ore"], &apart))), [FlagKind::FinenessOutsideInputs]);
    // Silver that drifts.
    let silver = |of| says("assayer", assayed("ore", 900_000).but(move |e| e.silver = Some(ppm(of))));
    assert_eq!(flags(&world.and(silver(50_000)), &silver(90_000)), [FlagKind::AssaysDiffer]);
}

#[test]
fn fraud_05_fineness_moved() {
    let world = ore();
    check(&world, says("mine", settles("ore", 900_000)), Refusal::SettlementBySeller);
    let band = FinenessBand { from: ppm(600_000), to: ppm(700_000) };
    let vein = world.clone().and(says("scheme", amended("pit").but(move |e| e.fineness_band = Some(band))));
    assert_eq!(flags(&vein, &says("mine", dug("pit"))), [FlagKind::FinenessOutsideBand]);
    assert_eq!(
        flags(&world, &says("assayer", settles("ore", 860_000))),
        [FlagKind::AssaysDiffer]
    );
    assert_eq!(
        flags(&world, &says("assayer", settles("ore", 940_000))),
        [FlagKind::AssaysDiffer, FlagKind::AssayAboveLimit]
    );
}

#[test]
fn fraud_06_backdating() {
    let world = ore();
    let at = NOON.plus_ms(40 * 86_400_000);
    let late = says("mine", dug("pit")).admitted_at(at);
    assert_eq!(flags(&world, &late), [FlagKind::Late]);
    // A number that was used is used, whatever its time says.
    check(&world, says("mine", dug("pit")).numbered(1), Refusal::NumberNotIncreasing);
    // A permit covers the days of digging and the day on which the record comes in, which nobody backdates.
    let strict = trade().and(says("scheme", policy([Term::Unpermitted(Reaction::Refuse)])));
    let after_its_end = NOON.plus_ms(366 * 86_400_000);
    check(&strict, says("mine", dug("pit")).admitted_at(after_its_end), Refusal::NoPermit);
    let before_it = dug("pit").but(|e| e.extracted = Period { from: days(-400), to: days(-390) });
    check(&strict, says("mine", before_it), Refusal::NoPermit);
}

/// What a compromised key said before it was revoked stands in the ledger, and is suspect in the views: nothing is undone.
#[test]
fn fraud_07_a_stolen_key() {
    let thief = says("mine/2", dug("pit")).called("stolen");
    let world = trade().and(says("scheme", authorized("mine", "mine/2"))).and(thief);
    let since = RevocationReason::Compromised { since: StreamPosition::new(20) };
    let revoked = world.and(says("scheme", revoked("mine/2").but(move |e| e.reason = since)));
    check(&revoked, says("mine/2", dug("pit")), Refusal::RevokedKey);
    assert!(revoked.ledger.lot(&revoked.lot("stolen")).is_some());
    // The scheme stops what it said; the organization goes on with its other key.
    let mut stopped = revoked.and(says("scheme", held("stolen")));
    check(&stopped, says("mine", offered("stolen", "trader")), Refusal::HoldOpen);
    assert!(stopped.hear(&says("mine", dug("pit"))).is_ok());
    // Whoever speaks for others speaks within limits.
    let limited = delegated("trader", &[EventKind::LotDeclared]).but(|e| e.gross_mass_max = Some(grams(150)));
    let spoken_for = trade().and(says("mine", limited)).and(says("trader", dug("pit")).in_the_name_of("mine"));
    check(&spoken_for, says("trader", dug("pit")).in_the_name_of("mine"), Refusal::DelegatedMass);
}

#[test]
fn fraud_08_an_expired_or_borrowed_permit() {
    let strict = trade().and(says("scheme", policy([Term::Unpermitted(Reaction::Refuse)])));
    let shaft = strict.and(says("scheme", registered("mine")).called("shaft"));
    check(&shaft, says("mine", dug("shaft")), Refusal::NoPermit);
    let with = |permit| shaft.clone().and(says("mine", permit));
    let own = || permitted("9", "mine", &["shaft"]);
    check(&with(own().but(|e| e.until = Some(days(-1)))), says("mine", dug("shaft")), Refusal::NoPermit);
    let borrowed = shaft.clone().and(says("ministry", permitted("9", "rival", &["shaft"])));
    assert_eq!(flags(&borrowed, &says("mine", dug("shaft"))), [FlagKind::PermitOfAnother]);
    let unseen = with(own().but(|e| e.checked = None));
    assert_eq!(flags(&unseen, &says("mine", dug("shaft"))), [FlagKind::PermitUnchecked]);
    let ending = with(own().but(|e| (e.until, e.checked) = (Some(days(10)), Some(looked_up(0)))));
    assert_eq!(flags(&ending, &says("mine", dug("shaft"))), [FlagKind::PermitEnding]);
}

#[test]
fn fraud_09_a_suspended_organization_trades_on() {
    let world = ore().and(says("mine", dug("pit")).called("sold"));
    let world = handed(world, "sold", "mine", "trader", grams(100));
    let world = world.and(says("trader", melts(&["sold"], &[out(grams(100), 900_000)])).called("bar"));
    let suspended = world.and(says("scheme", decided("mine", Standing::Suspended)));
    check(&suspended, says("mine", dug("pit")), Refusal::OperatorSuspended);
    check(&suspended, says("mine", offered("ore", "trader")), Refusal::LotHeld);
    check(&suspended, says("mine", melts(&["ore"], &[out(grams(100), 900_000)])), Refusal::LotHeld);
    // What left its hands is held by those who watch, and the hold reaches what became of it.
    let held = suspended.and(says("scheme", held("sold")));
    check(&held, says("trader", offered("bar", "refiner")), Refusal::HoldOpen);
}

#[test]
fn fraud_10_seals_used_again() {
    let world = ore().and(says("mine", sealed("ore", &["S-1"])));
    check(&world, says("rival", dug("creek").but(|e| e.seals = texts(&["S-1"]))), Refusal::SealTaken);
    let gone = world.clone().and(says("mine", crate::support::opened("ore", &["S-1"]))).and(says("mine", retired("ore")));
    check(&gone, says("mine", dug("pit").but(|e| e.seals = texts(&["S-1"]))), Refusal::SealTaken);
    check(&world, says("mine", crate::support::opened("ore", &["S-2"])), Refusal::SealNotOnLot);
    let open = world.and(says("mine", offered("ore", "trader")));
    assert_eq!(flags(&open, &takes("trader", "ore", grams(100))), [FlagKind::SealsDiffer]);
}

/// Two who agree on a lie sign it, and no ledger sees the pit. What made-up figures look like is shown.
#[test]
fn fraud_11_collusion_at_entry() {
    let mut world = trade();
    for _ in 0..7 {
        world = world.and(says("mine", dug("pit")));
    }
    assert_eq!(flags(&world, &says("mine", dug("pit"))), [FlagKind::RoundMasses, FlagKind::RepeatedMasses]);
    let photo = || dug("pit").but(|e| e.documents = list([Digest::from_bytes([5; 32])]));
    let one = trade().and(says("mine", photo()));
    assert_eq!(flags(&one, &says("mine", photo())), [FlagKind::DocumentReused]);
    // A likely lie about a likely lot passes.
    assert_eq!(flags(&trade(), &says("mine", dug("pit").but(|e| e.gross_mass = micrograms(97_123_456)))), []);
}

#[test]
fn fraud_12_recycled_as_mined() {
    let fine = |of| says("mine", dug("pit").but(move |e| e.fineness = Some(claim(of))));
    assert_eq!(flags(&trade(), &fine(999_000)), [FlagKind::TooFineForDug]);
    check(&trade(), says("mine", dug("pit").but(|e| e.form = LotForm::Fine)), Refusal::FormNotDug);
    let back = handed(ore(), "ore", "mine", "trader", grams(100)).and(says("trader", offered("ore", "rival")));
    assert_eq!(flags(&back, &takes("rival", "ore", grams(100))), [FlagKind::FlowsBack]);
}

#[test]
fn fraud_13_one_document_for_several_shipments() {
    let world = ore().and(says("mine", dug("pit")).called("more"));
    let world = handed(handed(world, "ore", "mine", "exporter", grams(100)), "more", "mine", "exporter", grams(100));
    let sent = world.clone().and(says("exporter", exported(&["ore"], "1")));
    check(&sent, says("exporter", exported(&["more"], "1")), Refusal::CertificateTaken);
    let both = exported(&["ore", "more"], "1").but(|e| e.certified_gross_mass = grams(100));
    check(&world, says("exporter", both), Refusal::CertifiedMassDiffers);
    let stale = exported(&["ore"], "1").but(|e| (e.issued, e.expires) = (days(-90), days(-1)));
    check(&world, says("exporter", stale), Refusal::CertificateNotValid);
    let papers = |lot: &str, number| exported(&[lot], number).but(|e| e.documents = list([Digest::from_bytes([3; 32])]));
    let one = world.and(says("exporter", papers("ore", "1")));
    assert_eq!(flags(&one, &says("exporter", papers("more", "2"))), [FlagKind::DocumentReused]);
}

#[test]
fn fraud_14_smuggling_under_another_origin() {
    let abroad = enrolled(PartyKind::Trader).but(|e| e.country = "UG".parse().unwrap());
    let world = ore().and(says("scheme", abroad).called("kampala")).and(says("scheme", authorized("kampala", "kampala")));
    let open = world.and(says("mine", offered("ore", "kampala")));
    assert_eq!(flags(&open, &takes("kampala", "ore", grams(100))), [FlagKind::CrossedBorder]);
    let over = open.and(takes("kampala", "ore", grams(100)));
    let as_ugandan = exported(&["ore"], "1").but(|e| e.from = "UG".parse().unwrap());
    assert_eq!(flags(&over, &says("kampala", as_ugandan)), [FlagKind::OtherOrigin]);
    let months_later = NOON.plus_ms(61 * 86_400_000);
    let weighs = says("kampala", crate::support::weighed("ore", grams(100))).admitted_at(months_later).stated_at(months_later);
    assert_eq!(flags(&over, &weighs), [FlagKind::Gap]);
}

#[test]
fn fraud_15_split_below_a_threshold() {
    let just_below = |more: u64| says("mine", dug("pit").but(move |e| e.gross_mass = micrograms(1_100_000_001 + more)));
    let mut world = trade();
    for more in 0..7 {
        world = world.and(just_below(more));
    }
    assert_eq!(flags(&world, &just_below(7)), [FlagKind::NearThreshold]);
}

/// Who the members are never enters the stream; what each of them would have dug does.
#[test]
fn fraud_16_ghost_members() {
    let of = |miners| says("mine", dug("pit").but(move |e| e.miners = Some(miners)));
    assert_eq!(flags(&trade(), &of(3)), [FlagKind::AboveMinerDay]);
    // Enough names make any mass believable: whether they dig is for those who visit.
    assert_eq!(flags(&trade(), &of(300)), []);
    let known = trade().and(says("monitor", capacity("pit", grams(9_000), Some(1))));
    assert_eq!(flags(&known, &says("mine", dug("pit").but(|e| e.gross_mass = grams(500)))), [FlagKind::AboveMinerYear]);
}

#[test]
fn fraud_17_who_verifies_himself() {
    let world = judged_market();
    let own = judged("mine", &[(CHILDREN, Answer::Pass)]).but(|e| e.kind = AssessmentKind::ThirdParty);
    check(&world, says("mine", own), Refusal::OwnSubject);
    let spoken_for = world.clone().and(says("mine", delegated("monitor", &[EventKind::AssessmentSubmitted])));
    let captured = judged("mine", &[(CHILDREN, Answer::Pass)]).but(|e| e.kind = AssessmentKind::ThirdParty);
    check(&spoken_for, says("monitor", captured), Refusal::AssessorNotIndependent);
    check(&trade(), says("mine", capacity("pit", grams(1), None)), Refusal::MayNotEstablishCapacity);
    let at_the_assayer = handed(ore(), "ore", "mine", "assayer", grams(100));
    let umpire = assayed("ore", 900_000).but(|e| e.purpose = event::vocabulary::AssayPurpose::Umpire);
    check(&at_the_assayer, says("assayer", umpire), Refusal::UmpireNotIndependent);
}

/// The clock of a plan runs on whatever is planned anew, what nobody answered is no pass, and old reports lapse.
#[test]
fn fraud_18_progress_on_paper() {
    let at = |say: Say, day: i64| {
        let at = NOON.plus_ms(day * 86_400_000);
        say.admitted_at(at).stated_at(at)
    };
    let fails = judged("mine", &[(EMISSIONS, Answer::Fail)]);
    let world = judged_market().and(says("mine", reported())).and(says("monitor", fails));
    let due = |day: i64| {
        let day = i32::try_from(day).unwrap();
        list([event::vocabulary::Milestone { due: days(day + 30), ..milestone(EMISSIONS) }])
    };
    let planned = |world: World, name: &'static str, day| world.and(at(says("mine", planned("gates", &[EMISSIONS]).but(move |e| e.milestones = due(day))), day).called(name));
    let again = planned(planned(planned(world, "one", 0), "two", 90), "three", 170);
    let standing = |world: &World, day: i64| world.ledger.basis(world.party("mine")).derive(NOON.plus_ms(day * 86_400_000)).standing;
    assert_ne!(standing(&again, 180), Standing::Suspended);
    assert_eq!(standing(&again, 181), Standing::Suspended);
    // Nothing was said about most gates: that is not met.
    let silent = judged_market().and(says("mine", reported()));
    assert_eq!(standing(&silent, 0), Standing::Applicant);
    let old = reported().but(|e| e.period = Period { from: days(-900), to: days(-700) });
    check(&silent, says("mine", old), Refusal::ReportOutdated);
}

/// What comes out of a mixed lot is never more than went in, and never promises more.
#[test]
fn fraud_19_claimed_more_than_went_in() {
    let lot = |site: &str| dug(site).but(|e| e.custody_model = CustodyModel::MassBalance);
    let world = trade().and(says("mine", lot("pit")).called("a"));
    let parts = |one: u64, other: u64| {
        let part = |mass| Output { form: LotForm::Dust, ..out(grams(mass), 900_000) };
        says("mine", made(Transformation::Split, &["a"], &[part(one), part(other)]).but(|e| e.custody_model = CustodyModel::MassBalance))
    };
    check(&world, parts(60, 50), Refusal::GrossUnbalanced);
    let sure = |of| Output { fineness: FinenessClaim { fineness: ppm(of), method: FinenessMethod::FireAssay }, ..out(grams(100), of) };
    check(&world, says("mine", melts(&["a"], &[sure(950_000)]).but(|e| e.custody_model = CustodyModel::MassBalance)), Refusal::FineMassGrew);
    check(&world, says("mine", melts(&["a"], &[sure(900_000)])), Refusal::ModelTooStrong);
}

#[test]
fn fraud_20_loss_as_a_leak() {
    let world = ore();
    let leak = |left: u64, lost: u64, fine: u64| {
        let melt = melts(&["ore"], &[out(grams(left), 900_000)]);
        says("mine", melt.but(move |e| (e.lost_gross_mass, e.lost_fine_mass) = (grams(lost), grams(fine))))
    };
    check(&world, leak(85, 15, 13), Refusal::LossTooLarge);
    check(&world, leak(93, 7, 0), Refusal::FineUnbalanced);
    assert_eq!(flags(&world, &leak(93, 7, 6)), [FlagKind::UnusualLoss; 2]);
    assert_eq!(flags(&world, &says("mine", lost("ore").but(|e| e.report = None))), [FlagKind::LossUnreported]);
}

#[test]
fn fraud_21_weight_skimmed_from_miners() {
    let open = ore().and(says("mine", offered("ore", "trader")));
    assert_eq!(flags(&open, &takes("trader", "ore", grams(98))), [FlagKind::WeighingsDiffer]);
    // A little each time, and always to the same side.
    let mut world = trade();
    for number in 0..8_u64 {
        let name = format!("lot {number}");
        let lot = dug("pit").but(move |e| e.gross_mass = micrograms(100_000_001 + number));
        world = world.and(says("mine", lot).called(&name)).and(says("mine", offered(&name, "trader")));
    }
    for number in 0..7 {
        world = world.and(takes("trader", &format!("lot {number}"), micrograms(99_950_000)));
    }
    assert_eq!(flags(&world, &takes("trader", "lot 7", micrograms(99_950_000))), [FlagKind::AlwaysLighter]);
}

#[test]
fn fraud_24_replay_and_reordering() {
    let world = ore();
    let offer = says("mine", offered("ore", "trader"));
    let signed = world.verified(&offer);
    let sold = world.clone().and(offer).and(takes("trader", "ore", grams(100)));
    // The very same statement again.
    assert_eq!(sold.ledger.admit(&signed, NOON).err(), Some(Refusal::NumberNotIncreasing));
    // One that was signed for another situation.
    let first = world.latest("ore");
    let back = sold.and(says("trader", offered("ore", "mine"))).and(takes("mine", "ore", grams(100)));
    let stale = offered("ore", "trader").but(move |e| e.after = first);
    check(&back, says("mine", stale), Refusal::Superseded);
    // One that was signed elsewhere.
    let elsewhere = says("mine", dug("pit")).signed_for(DeploymentId::from_bytes([7; 32]));
    check(&world, elsewhere, Refusal::BadSignature);
}

#[test]
fn fraud_25_a_made_up_incident() {
    let world = judged_market().and(says("mine", declared("pit")).called("ore"));
    let rumour = |confidence| happened("pit", IncidentCategory::ArmedGroup).but(move |e| e.confidence = confidence);
    check(&world, says("rival", rumour(Confidence::Known)), Refusal::ConfidenceNotAllowed);
    check(&world, says("rival", held("ore")), Refusal::MayNotHold);
    let mut alleged = world.and(says("rival", rumour(Confidence::Allegation)));
    assert!(alleged.hear(&says("mine", offered("ore", "trader"))).is_ok());
}
