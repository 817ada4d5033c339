//! A batch on top of the ledger: kept or forgotten as a whole.

use std::panic::{AssertUnwindSafe, catch_unwind};

use event::StreamPosition;
use event::vocabulary::{Answer, Confidence, EventKind, IncidentCategory, PartyKind, Standing, Term};
use ledger::{Change, Refusal, Staged};

use crate::support::{
    EMISSIONS, NOON, Say, World, accepted, accredited, authorized, closed, days, decided, declared, delegated,
    enrolled, gates, happened, judged, key, market, offered, planned, policy, published, registered, reported, retired,
    revoked, says, settled, shows, taken_back, texts, undelegated, visited,
};

/// Each touches another part of the ledger; later ones stand on earlier ones of the same batch.
fn batch() -> Vec<Say> {
    vec![
        says(
            "scheme",
            enrolled(PartyKind::Exporter).but(|e| e.reference = Some(crate::support::reference("rccm/1"))),
        )
        .called("exporter"),
        says("scheme", authorized("exporter", "exporter")),
        says("scheme", authorized("scheme", "scheme/2")),
        says("scheme", revoked("thief")),
        says("scheme", registered("mine")).called("shaft"),
        says("scheme", policy([Term::AcceptanceGainPpmMax(0)])),
        says("monitor", published("2")).called("visits"),
        says("monitor", visited("shaft")),
        says("mine", declared("shaft").but(|e| e.seals = texts(&["S-9"]))).called("sack"),
        says("mine", offered("sack", "exporter")),
        says("mine", offered("dust", "trader")),
        says("exporter", accepted("sack", crate::support::grams(100))),
        says("exporter", retired("sack")),
        says("scheme", gates("1")).called("gates"),
        says("scheme", accredited("monitor")),
        says("mine", delegated("trader", &[EventKind::ReportPublished])),
        says("trader", reported()).in_the_name_of("mine"),
        says("mine", undelegated("trader")),
        says("auditor", judged("mine", &[(EMISSIONS, Answer::Pass)])).called("old"),
        says("auditor", judged("mine", &[(EMISSIONS, Answer::Fail)])).called("bad"),
        says("mine", planned("gates", &[EMISSIONS])).called("plan"),
        // A row that goes within the batch, and what stood before it stands again.
        says("auditor", taken_back("bad")),
        says("mine", closed("plan")),
        says(
            "monitor",
            happened("pit", IncidentCategory::Torture).but(|e| e.confidence = Confidence::Known),
        )
        .called("it"),
        says("auditor", settled("it")),
        says("scheme", decided("mine", Standing::Affiliate)),
        says("scheme", revoked("scheme")).admitted_at(NOON.plus_ms(5)),
    ]
}

/// Says the batch on `staged`; `names` stands for the same ledger and only knows what things are called.
fn say_all(staged: &mut Staged<'_>, names: &mut World) -> Vec<Change> {
    let mut changes = Vec::new();
    for say in batch() {
        let statement = names.verified(&say);
        let admitted = staged.admit(&statement, say.admitted_at).unwrap();
        changes.extend(staged.apply(admitted));
        names.hear(&say).unwrap();
        assert_eq!(
            staged.digest(),
            names.ledger.digest(),
            "a batch shows as if it had been applied"
        );
    }
    changes
}

#[test]
fn dropped_it_never_was() {
    let mut ledger = market().ledger;
    let (before, position, deployment) = (ledger.digest(), ledger.position(), ledger.deployment());
    for _ in 0..2 {
        let mut staged = ledger.stage();
        let changes = say_all(&mut staged, &mut market());
        drop(staged);
        assert_eq!(ledger.digest(), before);
        assert_eq!(
            (ledger.position(), ledger.clock(), ledger.deployment()),
            (position, NOON, deployment)
        );
        assert!(ledger.key(&key("exporter")).is_none());
        let lots = changes.iter().filter(|change| matches!(change, Change::Lot(..)));
        assert!(lots.into_iter().all(|change| !shows(&ledger, change)));
    }
}

#[test]
fn committed_it_is_as_if_applied() {
    let (mut ledger, mut direct) = (market().ledger, market());
    let mut staged = ledger.stage();
    say_all(&mut staged, &mut direct);
    staged.commit();
    assert_eq!(ledger.digest(), direct.ledger.digest());
    assert_eq!(ledger.position(), direct.ledger.position());
    // And it stays after a next batch that is dropped.
    let _ = ledger.stage();
    assert_eq!(ledger.digest(), direct.ledger.digest());
}

/// A row that was kept goes in a batch: gone with it, there again without it.
#[test]
fn what_is_taken_back_in_a_batch_comes_back_without_it() {
    let given = crate::support::judged_market()
        .and(says("auditor", judged("mine", &[(EMISSIONS, Answer::Pass)])).called("old"))
        .and(says("auditor", judged("mine", &[(EMISSIONS, Answer::Fail)])).called("bad"));
    let (old, bad) = (
        says("auditor", taken_back("old")),
        says("auditor", taken_back("bad")).admitted_at(NOON.plus_ms(1)),
    );
    let direct = given.clone().and(old.clone()).and(bad.clone());
    for commit in [false, true] {
        let (mut ledger, mut names) = (given.ledger.clone(), given.clone());
        let mut staged = ledger.stage();
        for say in [&old, &bad] {
            let admitted = staged.admit(&names.verified(say), say.admitted_at).unwrap();
            staged.apply(admitted);
            names.hear(say).unwrap();
            assert_eq!(staged.digest(), names.ledger.digest());
        }
        if commit {
            staged.commit();
            assert_eq!(ledger.digest(), direct.ledger.digest());
            continue;
        }
        drop(staged);
        assert_eq!(ledger.digest(), given.ledger.digest());
        // Taken back alone, the newer one leaves the older one that the dropped batch had removed.
        let admitted = ledger.admit(&given.verified(&bad), bad.admitted_at).unwrap();
        ledger.apply(admitted);
        assert_eq!(ledger.digest(), given.clone().and(bad.clone()).ledger.digest());
        let answers = ledger.answers(&given.subject("mine")).unwrap();
        assert!(
            answers.0[0].by_kind.iter().any(Option::is_some),
            "the older answer stands again"
        );
    }
}

/// What stood before is found wherever it is: among what is kept, among what is staged, or between the two.
#[test]
fn what_stood_before_is_found_on_both_sides_of_a_batch() {
    const DAYS: [i32; 3] = [-5, -3, -1];
    let said = |day: i32| {
        let on_day = judged("mine", &[(EMISSIONS, Answer::Fail)]).but(move |e| {
            (e.period.from, e.period.to) = (days(day), days(day));
        });
        says("auditor", on_day).called(day.to_string())
    };
    for kept in 0..1_u8 << DAYS.len() {
        let is_kept = |place: usize| kept & (1 << place) != 0;
        let (before, batch): (Vec<_>, Vec<_>) = (0..DAYS.len()).partition(|place| is_kept(*place));
        let before = before.into_iter().map(|place| said(DAYS[place]));
        let mut names = before.fold(crate::support::judged_market(), World::and);
        let mut ledger = names.ledger.clone();
        let mut staged = ledger.stage();
        let batch = batch.into_iter().map(|place| said(DAYS[place]));
        for say in batch.chain([says("auditor", taken_back("-1"))]) {
            let admitted = staged.admit(&names.verified(&say), NOON).unwrap();
            staged.apply(admitted);
            names.hear(&say).unwrap();
        }
        assert_eq!(staged.digest(), names.ledger.digest(), "kept {kept:03b}");
        let answers = staged.answers(&names.subject("mine")).unwrap();
        let stands = answers.0[0].by_kind.iter().flatten().next().unwrap();
        assert_eq!(stands.day, days(-3), "kept {kept:03b}");
    }
}

#[test]
fn a_founding_statement_can_be_forgotten() {
    let mut world = World::default();
    let before = world.ledger.digest();
    let founding = says("scheme", crate::support::founded());
    let statement = world.verified(&founding);
    let mut staged = world.ledger.stage();
    let admitted = staged.admit(&statement, NOON).unwrap();
    staged.apply(admitted);
    assert!(staged.deployment().is_some());
    drop(staged);
    assert_eq!((world.ledger.digest(), world.ledger.deployment()), (before, None));
    assert!(world.hear(&founding).is_ok());
}

#[test]
fn a_key_lives_and_ends_within_one_batch() {
    let mut names = market();
    let mut ledger = names.ledger.clone();
    let mut staged = ledger.stage();
    let mut hear = |say: Say| {
        let verdict = staged.admit(&names.verified(&say), NOON);
        assert_eq!(names.hear(&say).err(), verdict.as_ref().err().copied());
        verdict.map(|admitted| staged.apply(admitted)).err()
    };
    assert_eq!(hear(says("mine/2", declared("pit"))), Some(Refusal::UnknownKey));
    assert_eq!(hear(says("mine", authorized("mine", "mine/2"))), None);
    assert_eq!(
        hear(says("mine", authorized("mine", "mine/2"))),
        Some(Refusal::KeyKnown)
    );
    assert_eq!(
        hear(says("mine/2", authorized("mine", "mine/2"))),
        Some(Refusal::KeyKnown)
    );
    assert_eq!(hear(says("mine/2", declared("pit"))), None);
    assert_eq!(hear(says("mine/2", revoked("mine/2"))), None);
    assert_eq!(hear(says("mine/2", declared("pit"))), Some(Refusal::RevokedKey));
    assert_eq!(hear(says("mine", revoked("mine/2"))), Some(Refusal::KeyAlreadyRevoked));
}

#[test]
fn a_copy_of_a_staged_ledger_goes_its_own_way() {
    let (mut original, mut names) = (market().ledger, market());
    let before = original.digest();
    let mut staged = original.stage();
    say_all(&mut staged, &mut names);
    let mut copy = staged.clone();
    drop(staged);
    assert_eq!(original.digest(), before);
    assert_eq!(copy.digest(), names.ledger.digest());
    // What the copy has, it keeps when a batch on top of it is dropped.
    drop(copy.stage());
    assert_eq!(copy.digest(), names.ledger.digest());
}

#[test]
fn a_panic_in_the_middle_forgets_the_batch() {
    let mut names = market();
    let mut ledger = names.ledger.clone();
    let before = ledger.digest();
    let twice = catch_unwind(AssertUnwindSafe(|| {
        let mut staged = ledger.stage();
        let admitted = staged
            .admit(&names.verified(&says("mine", declared("pit"))), NOON)
            .unwrap();
        staged.apply(admitted.clone());
        staged.apply(admitted);
    }));
    assert!(twice.is_err(), "what is admitted is applied once");
    assert_eq!(ledger.digest(), before);
    assert!(names.hear(&says("mine", declared("pit"))).is_ok());
}

#[test]
#[should_panic(expected = "admitted on another ledger")]
fn what_is_admitted_fits_one_position() {
    let mut world = market();
    let admitted = world
        .ledger
        .admit(&world.verified(&says("mine", declared("pit"))), NOON)
        .unwrap();
    world.ledger.skip_to(world.ledger.position().next());
    world.ledger.apply(admitted);
}

#[test]
fn refused_records_are_passed_over() {
    let mut world = market();
    world.ledger.skip_to(world.ledger.position());
    world.ledger.skip_to(StreamPosition::new(40));
    assert_eq!(world.ledger.position(), StreamPosition::new(40));
    let changes = world.hear(&says("mine", offered("dust", "trader"))).unwrap();
    assert_eq!(
        world.in_words(&changes[1]),
        "lot dust: 100 g from pit, with mine, on offer to trader since 41"
    );
}

#[test]
#[should_panic(expected = "does not go back")]
fn a_ledger_does_not_go_back() {
    market().ledger.skip_to(StreamPosition::START);
}
