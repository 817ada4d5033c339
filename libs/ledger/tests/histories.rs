//! Histories at random, legal and illegal: what holds in every one of them.

mod progress;

use core::ops::Range;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use event::key::Digest;
use event::vocabulary::{Answer, AssessmentKind, EventKind, PartyKind, Reference, RevocationReason, ShortText, Term};
use event::{
    Event, LotId, Mass, PartyId, PublicKey, SiteId, StatementId, StreamPosition, Timestamp, VerifiedStatement,
};
use ledger::{ACCEPTANCE_GAIN_PPM_MAX, Change, Key, Ledger, LedgerDigest, Lot, Party, Refusal, Site};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};

use crate::support::{
    NOON, Say, TITLE, World, accepted, authorized, declared, declined, enrolled, found, founded, grams, judged_history,
    judged_market, list, next_changes_are_exact, offered, policy, published, reference, registered, retired, revoked,
    says, shows, visited, withdrawn,
};
use progress::{Progress, Progressed};

const HISTORIES: u32 = 48;
const MOVES_MAX: usize = 120;
const DAY_MS: i64 = 86_400_000;
const SEED: u64 = 2_026;
const ACTORS: [&str; 10] = [
    "scheme", "mine", "rival", "trader", "refiner", "thief", "monitor", "auditor", "mine/2", "scheme/2",
];
/// Those of them who may be let speak for others.
const HELPERS: Range<usize> = 3..6;
/// Those of them who take gold.
const HOLDERS: Range<usize> = 1..6;
const KINDS: [PartyKind; 4] = [
    PartyKind::Trader,
    PartyKind::Processor,
    PartyKind::Assessor,
    PartyKind::Scheme,
];
/// What is newly created takes one of so many names, so that later moves meet it.
const NAMES: usize = 4;

/// Who says it, when and under which number, and what. Plain numbers, so that a failing history shrinks.
#[derive(Clone, Debug)]
struct Move {
    /// Seven times in eight the one who may; else this actor.
    actor: Option<usize>,
    number: Number,
    admitted_after_ms: i64,
    stated_ahead_ms: i64,
    /// Whose key speaks in the name of the one who may, where not its own.
    helper: Option<usize>,
    /// Whether a custody statement names the latest statement on its lot.
    informed: bool,
    deed: Deed,
}

#[derive(Clone, Debug)]
enum Number {
    Next,
    Gap(u64),
    Zero,
}

#[derive(Clone, Debug)]
enum Deed {
    Found,
    Enrol {
        kind: usize,
        reference: Option<usize>,
    },
    Authorize {
        party: usize,
        key: usize,
    },
    Revoke {
        key: usize,
        since: Option<u64>,
    },
    Register {
        operator: usize,
        reference: Option<usize>,
    },
    SetPolicy {
        gain_ppm: u32,
    },
    Publish {
        version: usize,
    },
    Assess {
        own: bool,
        third_party: bool,
        criterion: u16,
        reference: Option<usize>,
    },
    Declare {
        site: usize,
        grams: u64,
        seals: BTreeSet<usize>,
    },
    Offer {
        lot: usize,
        to: usize,
    },
    Accept {
        lot: usize,
        parts_per_thousand: u64,
    },
    Decline {
        lot: usize,
    },
    Withdraw {
        lot: usize,
    },
    Retire {
        lot: usize,
    },
    Progress(Progress),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let actor = prop_oneof![7 => Just(None), 1 => (0..ACTORS.len()).prop_map(Some)];
    let number = prop_oneof![12 => Just(Number::Next), 2 => (1..9_u64).prop_map(Number::Gap), 1 => Just(Number::Zero)];
    let admitted = prop_oneof![
        8 => Just(0),
        4 => 1..1_000_i64,
        2 => (1..60_i64).prop_map(|days| days * DAY_MS),
        1 => (1..60_i64).prop_map(|days| days * DAY_MS + 1),
        1 => Just(-1),
    ];
    let helper = prop_oneof![9 => Just(None), 1 => HELPERS.prop_map(Some)];
    let stated = prop_oneof![9 => -1_000..=60_000_i64, 1 => Just(60_001)];
    let informed = prop::bool::weighted(0.9);
    let deed = prop_oneof![2 => deeds(), 3 => progress::progress().prop_map(Deed::Progress)];
    let a_move = (actor, number, admitted, stated, helper, informed, deed);
    let a_move = a_move.prop_map(
        |(actor, number, admitted_after_ms, stated_ahead_ms, helper, informed, deed)| Move {
            actor,
            number,
            admitted_after_ms,
            stated_ahead_ms,
            helper,
            informed,
            deed,
        },
    );
    vec(a_move, 20..MOVES_MAX)
}

fn deeds() -> impl Strategy<Value = Deed> {
    let actor = || 0..ACTORS.len();
    let name = || prop_oneof![1 => Just(0), 2 => 0..NAMES + 1];
    let receiver = || prop_oneof![4 => HOLDERS, 1 => actor()];
    let reference = || proptest::option::of(0..3_usize);
    let seals = proptest::collection::btree_set(0..12_usize, 0..3);
    let assess = (any::<bool>(), any::<bool>(), 0..7_u16, reference());
    prop_oneof![
        1 => Just(Deed::Found),
        2 => (0..KINDS.len(), reference()).prop_map(|(kind, reference)| Deed::Enrol { kind, reference }),
        3 => (actor(), actor()).prop_map(|(party, key)| Deed::Authorize { party, key }),
        2 => (actor(), proptest::option::of(0..60_u64)).prop_map(|(key, since)| Deed::Revoke { key, since }),
        2 => (actor(), reference()).prop_map(|(operator, reference)| Deed::Register { operator, reference }),
        1 => (0..=ACCEPTANCE_GAIN_PPM_MAX + 1).prop_map(|gain_ppm| Deed::SetPolicy { gain_ppm }),
        2 => (0..4_usize).prop_map(|version| Deed::Publish { version }),
        3 => assess.prop_map(|(own, third_party, criterion, reference)| Deed::Assess {
            own,
            third_party,
            criterion,
            reference
        }),
        5 => (name(), 0..200_u64, seals).prop_map(|(site, grams, seals)| Deed::Declare { site, grams, seals }),
        9 => (name(), receiver()).prop_map(|(lot, to)| Deed::Offer { lot, to }),
        9 => (name(), 900..1_110_u64).prop_map(|(lot, parts)| Deed::Accept { lot, parts_per_thousand: parts }),
        2 => name().prop_map(|lot| Deed::Decline { lot }),
        2 => name().prop_map(|lot| Deed::Withdraw { lot }),
        1 => name().prop_map(|lot| Deed::Retire { lot }),
    ]
}

/// Names that moves give out, beside those of [`market`].
fn site_name(index: usize) -> String {
    if index == 0 {
        "pit".to_owned()
    } else {
        format!("site {index}")
    }
}

fn lot_name(index: usize) -> String {
    if index == 0 {
        "dust".to_owned()
    } else {
        format!("lot {index}")
    }
}

fn party_of(actor: usize) -> &'static str {
    ACTORS[actor].split('/').next().unwrap()
}

impl Move {
    /// The statement in words; `turn` names what it creates.
    fn say(&self, world: &World, turn: usize) -> Say {
        let right = self.right_key(world);
        let speaker = self.helper.or(self.actor);
        let key = speaker.map_or_else(|| right.clone(), |actor| ACTORS[actor].to_owned());
        let said = self.deed_by(world, key.clone(), turn);
        let admitted_at = world.ledger.clock().max(NOON).plus_ms(self.admitted_after_ms);
        let said = said
            .admitted_at(admitted_at)
            .stated_at(admitted_at.plus_ms(self.stated_ahead_ms));
        let said = match self.helper {
            Some(_) => said.in_the_name_of(right.split('/').next().unwrap()),
            None => said,
        };
        let last = world.ledger.key(&crate::support::key(&key)).map_or(0, |key| key.number);
        match self.number {
            Number::Next => said,
            Number::Gap(gap) => said.numbered(last + 1 + gap),
            Number::Zero => said.numbered(0),
        }
    }

    /// The key of one who may say it, if anyone.
    fn right_key(&self, world: &World) -> String {
        let lot = |index: &usize| world.ledger.lot(&world.lot(&lot_name(*index)));
        let name = |party: Option<PartyId>| party.map_or("mine", |id| world.name_of(id, PartyId::derive)).to_owned();
        match &self.deed {
            Deed::Publish { .. } => "monitor".to_owned(),
            Deed::Progress(progress) => progress.right_key(world),
            Deed::Assess { own, .. } => if *own { "mine" } else { "monitor" }.to_owned(),
            Deed::Declare { site, .. } => name(
                world
                    .ledger
                    .site(&world.site(&site_name(*site)))
                    .map(|site| site.operator),
            ),
            Deed::Offer { lot: index, .. } | Deed::Withdraw { lot: index } | Deed::Retire { lot: index } => {
                name(lot(index).map(|lot| lot.custodian))
            }
            Deed::Accept { lot: index, .. } | Deed::Decline { lot: index } => {
                name(lot(index).and_then(|lot| lot.offer).map(|offer| offer.to))
            }
            _ => "scheme".to_owned(),
        }
    }

    fn deed_by(&self, world: &World, key: String, turn: usize) -> Say {
        let new = 1 + turn % NAMES;
        match self.deed.clone() {
            Deed::Found => says(key, founded()),
            Deed::Enrol { kind, reference } => {
                let reference = reference.map(numbered);
                says(
                    key,
                    enrolled(KINDS[kind]).but(move |e| e.reference.clone_from(&reference)),
                )
            }
            Deed::Authorize { party, key: which } => says(key, authorized(party_of(party), ACTORS[which])),
            Deed::Revoke { key: which, since } => {
                let since = since.map(|since| RevocationReason::Compromised {
                    since: StreamPosition::new(since),
                });
                says(
                    key,
                    revoked(ACTORS[which]).but(move |e| e.reason = since.unwrap_or(e.reason)),
                )
            }
            Deed::Register { operator, reference } => {
                let reference = reference.map(numbered);
                let site = registered(party_of(operator)).but(move |e| e.reference.clone_from(&reference));
                says(key, site).called(site_name(new))
            }
            Deed::SetPolicy { gain_ppm } => says(key, policy([Term::AcceptanceGainPpmMax(gain_ppm)])),
            Deed::Publish { version } => says(key, published(&version.to_string())).called("visits"),
            Deed::Assess {
                own,
                third_party,
                criterion,
                reference,
            } => {
                let reference = reference.map(numbered);
                says(
                    key,
                    visited("pit").but(move |e| {
                        e.kind = match (own, third_party) {
                            (true, _) => AssessmentKind::SelfReported,
                            (false, true) => AssessmentKind::ThirdParty,
                            (false, false) => AssessmentKind::Monitor,
                        };
                        if criterion >= TITLE {
                            e.findings = list([found(criterion, Answer::Pass)]);
                        }
                        e.reference.clone_from(&reference);
                    }),
                )
            }
            Deed::Declare {
                site,
                grams: mass,
                seals,
            } => {
                let seals: Vec<ShortText> = seals
                    .iter()
                    .map(|seal| format!("N-{seal:02}").parse().unwrap())
                    .collect();
                let lot = declared(&site_name(site)).but(move |e| {
                    e.gross_mass = grams(mass);
                    e.seals = list(seals.clone());
                });
                says(key, lot).called(lot_name(new))
            }
            Deed::Progress(progress) => progress.say(world, key, turn),
            custody => self.custody_by(world, key, custody),
        }
    }

    fn custody_by(&self, world: &World, key: String, deed: Deed) -> Say {
        let informed = self.informed;
        let after = move |after: &mut StatementId| {
            if !informed {
                *after = StatementId::from_bytes([3; 32]);
            }
        };
        match deed {
            Deed::Offer { lot, to } => says(
                key,
                offered(&lot_name(lot), party_of(to)).but(move |e| after(&mut e.after)),
            ),
            Deed::Accept {
                lot,
                parts_per_thousand,
            } => {
                let name = lot_name(lot);
                let now = world
                    .ledger
                    .lot(&world.lot(&name))
                    .map_or(grams(1), |lot| lot.gross_mass);
                let mass = Mass::from_micrograms(now.micrograms() / 1_000 * parts_per_thousand);
                says(key, accepted(&name, mass).but(move |e| after(&mut e.after)))
            }
            Deed::Decline { lot } => says(key, declined(&lot_name(lot)).but(move |e| after(&mut e.after))),
            Deed::Withdraw { lot } => says(key, withdrawn(&lot_name(lot)).but(move |e| after(&mut e.after))),
            Deed::Retire { lot } => says(key, retired(&lot_name(lot)).but(move |e| after(&mut e.after))),
            other => unreachable!("{other:?} is no custody"),
        }
    }
}

fn numbered(number: usize) -> Reference {
    reference(&format!("register/{number}"))
}

/// What a follower knows that has only seen the changes.
#[derive(Default)]
struct Follower {
    parties: BTreeMap<PartyId, Party>,
    keys: BTreeMap<PublicKey, Key>,
    sites: BTreeMap<SiteId, Site>,
    lots: BTreeMap<LotId, Lot>,
    references: BTreeSet<Digest>,
    seals: BTreeSet<ShortText>,
    /// The last statement admitted on each lot, by what statements name.
    last_on: BTreeMap<LotId, StatementId>,
    scheme_keys: u32,
    progress: Progressed,
}

impl Follower {
    /// Checks what must hold from one state to the next, then takes the changes over.
    fn follow(&mut self, statement: &VerifiedStatement, changes: &[Change]) {
        let before = self.keys.get(&statement.key()).map(|key| key.number);
        for change in changes {
            match change {
                Change::Party(id, party) => {
                    let old = self.parties.insert(*id, *party);
                    assert!(old.is_none_or(|old| old.kind == party.kind), "a party stays what it is");
                }
                Change::Key(id, key) => self.key(*id, *key),
                Change::Site(id, site) => assert_eq!(self.sites.insert(*id, *site), None, "registered twice"),
                Change::Lot(id, lot) => self.lot(*id, lot, statement),
                Change::Reference(digest) => assert!(self.references.insert(*digest), "a reference twice"),
                Change::Seal(seal, lot) => {
                    assert!(self.seals.insert(seal.clone()), "a seal twice");
                    assert_eq!(self.lots[&lot.lot].latest, statement.id(), "a seal on another lot");
                }
                Change::SchemeKeys(count) => self.scheme_keys = *count,
                other => self.progress.follow(other),
            }
        }
        let number = self.keys[&statement.key()].number;
        assert_eq!(number, statement.number());
        assert!(before < Some(number), "numbers of a key increase");
        if let Some(lot) = named_lot(statement) {
            self.last_on.insert(lot, statement.id());
        }
    }

    fn key(&mut self, id: PublicKey, key: Key) {
        if let Some(old) = self.keys.insert(id, key) {
            assert_eq!(
                (old.party, old.revoked),
                (key.party, None),
                "a key serves one party, and ends once"
            );
            assert!(old.number <= key.number);
        }
        assert!(self.parties.contains_key(&key.party));
    }

    fn lot(&mut self, id: LotId, lot: &Lot, statement: &VerifiedStatement) {
        assert_eq!(lot.latest, statement.id());
        assert!(
            lot.gross_mass <= lot.declared_mass.plus_ppm(ACCEPTANCE_GAIN_PPM_MAX),
            "gold out of nothing"
        );
        if let Some(offer) = lot.offer {
            assert!(lot.end.is_none() && offer.to != lot.custodian && self.parties[&offer.to].kind.holds_gold());
        }
        let Some(old) = self.lots.insert(id, *lot) else {
            let site = &lot.site.expect("a declared lot has one");
            assert_eq!((lot.custodian, lot.end), (self.sites[site].operator, None));
            return;
        };
        assert_eq!(old.end, None, "a retired lot never changes");
        assert_eq!((old.site, old.declared_mass), (lot.site, lot.declared_mass));
        let receiver = old.offer.map(|offer| offer.to);
        let moved = old.custodian != lot.custodian;
        assert!(
            !moved || receiver == Some(lot.custodian),
            "a lot goes to whom it was offered"
        );
        let signer = Some(statement.party());
        assert!(
            signer == Some(old.custodian) || signer == receiver,
            "said by who has it or by who gets it"
        );
        let open = old.open_offer(lot.latest_at);
        assert!(open.is_none() || lot.offer.is_none(), "one offer at a time");
    }

    /// Look-ups show what the changes said.
    fn agrees_with(&self, ledger: &Ledger) {
        self.progress.agrees_with(ledger);
        let parties = self.parties.iter().map(|(id, party)| Change::Party(*id, *party));
        let keys = self.keys.iter().map(|(id, key)| Change::Key(*id, *key));
        let sites = self.sites.iter().map(|(id, site)| Change::Site(*id, *site));
        let lots = self.lots.iter().map(|(id, lot)| Change::Lot(*id, Box::new(*lot)));
        for change in parties.chain(keys).chain(sites).chain(lots) {
            assert!(shows(ledger, &change), "{change:?}");
        }
        for (id, lot) in &self.lots {
            assert_eq!(
                self.last_on.get(id),
                Some(&lot.latest),
                "the latest on a lot is the last one admitted"
            );
        }
        let of_scheme = |key: &&Key| key.revoked.is_none() && self.parties[&key.party].kind == PartyKind::Scheme;
        let scheme_keys = self.keys.values().filter(of_scheme).count();
        assert_eq!(usize::try_from(self.scheme_keys), Ok(scheme_keys));
        assert!(0 < scheme_keys, "somebody can always go on");
    }
}

fn named_lot(statement: &VerifiedStatement) -> Option<LotId> {
    match statement.event() {
        Event::LotDeclared(_) => Some(LotId::derive(statement.id(), 0)),
        Event::CustodyOffered(event) => Some(event.lot),
        Event::CustodyAccepted(event) => Some(event.lot),
        Event::CustodyDeclined(event) => Some(event.lot),
        Event::OfferWithdrawn(event) => Some(event.lot),
        Event::LotRetired(event) => Some(event.lot),
        _ => None,
    }
}

/// One turn of a history, and the digest after it.
struct Turn {
    statement: VerifiedStatement,
    admitted_at: Timestamp,
    refusal: Option<Refusal>,
    digest: LedgerDigest,
    /// The ledger as it was then.
    ledger: Ledger,
}

/// Says the moves one by one to a ledger, with a follower beside it.
fn play(moves: &[Move]) -> Vec<Turn> {
    let mut world = World::default();
    let mut follower = Follower::default();
    let mut turns: Vec<Turn> = Vec::new();
    let mut turn = |world: &mut World, say: &Say| {
        let statement = world.verified(say);
        let before = world.ledger.digest();
        let verdict = world.hear(say);
        match &verdict {
            Ok(changes) => follower.follow(&statement, changes),
            Err(refusal) => assert_eq!(world.ledger.digest(), before, "{refusal:?} changed something"),
        }
        follower.agrees_with(&world.ledger);
        let (refusal, digest) = (verdict.err(), world.ledger.digest());
        turns.push(Turn {
            statement,
            admitted_at: say.admitted_at,
            refusal,
            digest,
            ledger: world.ledger.clone(),
        });
    };
    for say in judged_history() {
        turn(&mut world, &say);
    }
    assert_eq!(world.ledger.digest(), judged_market().ledger.digest());
    for (place, one) in moves.iter().enumerate() {
        let say = one.say(&world, place);
        turn(&mut world, &say);
    }
    turns
}

fn runner() -> TestRunner {
    TestRunner::new(ProptestConfig {
        rng_seed: RngSeed::Fixed(SEED),
        failure_persistence: None,
        ..ProptestConfig::with_cases(HISTORIES)
    })
}

/// And the histories are no empty ones: every event is admitted in some, and most refusals are given in some.
#[test]
fn what_holds_from_turn_to_turn() {
    let seen = RefCell::new((BTreeSet::new(), BTreeSet::new()));
    let spoken_for = RefCell::new(BTreeSet::new());
    let played = runner().run(&moves(), |moves| {
        let (events, refusals) = &mut *seen.borrow_mut();
        for turn in play(&moves) {
            let signer = turn.ledger.key(&turn.statement.key()).map(|key| key.party);
            let by_another = signer != Some(turn.statement.party()) && turn.statement.party() != PartyId::FOUNDER;
            if turn.refusal.is_none() && by_another {
                spoken_for.borrow_mut().insert(turn.statement.event().kind());
            }
            match turn.refusal {
                None => events.insert(turn.statement.event().kind()),
                Some(refusal) => refusals.insert(refusal.name()),
            };
        }
        Ok(())
    });
    played.unwrap();
    let (events, refusals) = seen.into_inner();
    let of_the_trade = EventKind::ALL
        .iter()
        .filter(|kind| EventKind::SiteAmended <= **kind)
        .count();
    assert_eq!(events.len(), EventKind::ALL.len() - of_the_trade, "{events:?}");
    assert!(60 < refusals.len(), "{} of {refusals:?}", refusals.len());
    let spoken_for = spoken_for.into_inner();
    assert!(2 < spoken_for.len(), "{spoken_for:?}");
}

/// The organizations of the beginning.
fn organizations(ledger: &World) -> [PartyId; 2] {
    ["mine", "rival"].map(|name| ledger.party(name))
}

/// Whoever asks what followed at an instant, then or later, from the state of then or from a replay up to then, gets
/// the same; and time alone changes it only at the instants that the ledger names.
#[test]
fn what_follows_at_an_instant() {
    let standings = RefCell::new(BTreeSet::new());
    let instants = RefCell::new(0);
    let played = runner().run(&(moves(), vec(0..u64::MAX, 6)), |(moves, picks)| {
        let turns = play(&moves);
        let organizations = organizations(&judged_market());
        let last = turns[turns.len() - 1].ledger.clock();
        let (first, days_after) = (NOON.unix_ms(), 400 * DAY_MS);
        let span = u64::try_from(last.unix_ms() + days_after - first).unwrap();
        for pick in picks {
            let at = NOON.plus_ms(i64::try_from(pick % span).unwrap());
            let replayed = replay(&turns, at);
            let then = turns.iter().rfind(|turn| turn.ledger.clock() <= at).unwrap();
            assert_eq!(replayed.digest(), then.ledger.digest());
            for organization in organizations {
                let (one, other) = (replayed.basis(organization), then.ledger.basis(organization));
                assert_eq!(one.derive(at), other.derive(at));
                assert_eq!(one.next_change(at), other.next_change(at));
                standings.borrow_mut().insert(one.derive(at).standing);
            }
        }
        for turn in &turns {
            for organization in organizations {
                let now = turn.ledger.basis(organization).derive(turn.ledger.clock());
                standings.borrow_mut().insert(now.standing);
                *instants.borrow_mut() += next_changes_are_exact(&turn.ledger, organization).len();
            }
        }
        Ok(())
    });
    played.unwrap();
    assert_eq!(standings.into_inner().len(), 6, "histories reach every standing");
    assert!(1_000 < instants.into_inner(), "and clocks run in them");
}

/// A ledger of its own, from the first statement to the last that was admitted by an instant.
fn replay(turns: &[Turn], until: Timestamp) -> Ledger {
    let mut ledger = Ledger::new();
    for turn in turns.iter().take_while(|turn| turn.ledger.clock() <= until) {
        if let Ok(admitted) = ledger.admit(&turn.statement, turn.admitted_at) {
            ledger.apply(admitted);
        }
    }
    ledger
}

/// However a history is cut into batches, and however often a batch is tried and dropped, the ledger is the same.
#[test]
fn batches_make_no_difference() {
    let cuts = vec((1..9_usize, any::<bool>()), MOVES_MAX + 32);
    let played = runner().run(&(moves(), cuts), |(moves, cuts)| {
        let turns = play(&moves);
        let mut ledger = Ledger::new();
        let mut rest = &turns[..];
        for (length, tried_before) in cuts {
            let (batch, later) = rest.split_at(length.min(rest.len()));
            if tried_before {
                let before = ledger.digest();
                stage(&mut ledger, batch, false);
                assert_eq!(ledger.digest(), before, "a dropped batch left something behind");
            }
            stage(&mut ledger, batch, true);
            rest = later;
            let done = turns.len() - rest.len();
            assert_eq!(ledger.digest(), turns[done - 1].digest);
        }
        Ok(())
    });
    played.unwrap();
}

fn stage(ledger: &mut Ledger, batch: &[Turn], commit: bool) {
    let mut staged = ledger.stage();
    for turn in batch {
        let admitted = staged.admit(&turn.statement, turn.admitted_at);
        assert_eq!(admitted.as_ref().err(), turn.refusal.as_ref());
        if let Ok(admitted) = admitted {
            staged.apply(admitted);
        }
        assert_eq!(staged.digest(), turn.digest);
    }
    if commit {
        staged.commit();
    }
}
