//! A bundle proves everything about a lot, or nothing.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::SigningKey;
use event::statement::SignatureBytes;
use event::vocabulary::{
    Confidence, CustodyModel, CustodyOffered, DelegationGranted, EventKind, FinenessClaim, FinenessMethod,
    IncidentCategory, IncidentReported, LotAfter, LotDeclared, LotExported, LotForm, LotHeld, LotsTransformed, Output,
    PartyKind, Reference, SealBroken, Severity, Standing, StandingDecided, Subject, TitleTransferred, Transformation,
};
use event::{Date, DeploymentId, Event, Fineness, List, LotId, Mass, PublicKey, SignedStatement, StatementId};
use ledger::{End, Refusal};
use replay::Touched;
use replay::bundle::{Asked, BUNDLE_OLDER_MAX, BundleError, ComesFrom, Published, Report, Source, build, verify};
use serde_json::{Value, json};
use tests::log::{Log, traded};
use tests::world::{BEGIN, Signer, World, day, line, list, lot, record, short, slug};
use tlog::cosignature::{CosignTime, Cosigner};
use tlog::map::{MapHead, MapKey, MapMultiProofError, MapProof};
use tlog::multiproof::prove_all;
use tlog::note::{Note, NoteSigner};
use tlog::policy::{Policy, PolicyError};
use tlog::tree::{NodeReader, prove_consistency};
use tlog::{Checkpoint, Hash, LeafIndex, TreeSize};

/// A lot that was sold once and tried to be sold twice, among other lots, garbage and assessments.
fn sold_once() -> (Log, LotId) {
    let mut log = Log::new();
    let (mut world, founded) = World::found(1);
    assert_eq!(log.append(b"before anything"), Refusal::MalformedRecord.code());
    log.say(&founded);
    let (mut miner, said) = world.enrol(PartyKind::MinersOrganization, "Miners");
    for statement in &said {
        log.say(statement);
    }
    let (mut trader, said) = world.enrol(PartyKind::Trader, "Trader");
    for statement in &said {
        log.say(statement);
    }
    let (rival, said) = world.enrol(PartyKind::Trader, "Rival");
    for statement in &said {
        log.say(statement);
    }
    let (mut monitor, said) = world.enrol(PartyKind::Assessor, "Monitor");
    for statement in &said {
        log.say(statement);
    }
    let (site, said) = world.site(&miner, "Hill");
    log.say(&said);
    let (catalogue, said) = world.catalogue();
    log.say(&said);
    let (lot, declared) = world.declare(&mut miner, site, 20);
    log.say(&declared);
    let (other, said) = world.declare(&mut miner, site, 30);
    log.say(&said);
    let offered = world.offer(&mut miner, lot, world.id(&declared), &trader);
    log.say(&offered);
    let again = world.offer(&mut miner, lot, world.id(&declared), &rival);
    assert_eq!(log.append(&record(&again)), Refusal::Superseded.code());
    let accepted = world.accept(&mut trader, lot, world.id(&offered), 20);
    log.say(&accepted);
    let said = world.offer(&mut miner, other, world.id(&said), &trader);
    log.say(&said);
    log.say(&world.assess(&mut monitor, site, catalogue, true));
    (log, lot)
}

#[test]
fn a_bundle_tells_who_has_the_lot_and_what_was_refused() {
    let (log, lot) = sold_once();
    let report = verify(&log.bundle(lot), &log.policy()).unwrap();
    let custodian = &report.names[&report.lot.custodian];
    let history: Vec<_> = report
        .history
        .iter()
        .map(|e| (e.statement.event().kind().name(), e.refused))
        .collect();
    let expected = vec![
        ("LotDeclared", None),
        ("CustodyOffered", None),
        ("CustodyOffered", Some(Refusal::Superseded)),
        ("CustodyAccepted", None),
    ];
    assert_eq!((custodian.as_str(), history), ("Trader", expected));
    assert_eq!(report.cosigned.checkpoint.size, log.size());
    assert!(report.rests_on_log.is_empty());
}

#[test]
fn a_bundle_of_every_prefix_verifies() {
    let (whole, lot) = sold_once();
    let mut log = Log::new();
    let mut proved = 0;
    for record in whole.records() {
        log.append(record);
        if log.ledger().lot(&lot).is_some() {
            verify(&log.bundle(lot), &log.policy()).unwrap();
            proved += 1;
        }
    }
    assert_eq!(proved, 7);
}

/// A mine with a site, and a trader, in a log of their own.
struct Market {
    log: Log,
    world: World,
    miner: Signer,
    trader: Signer,
    site: event::SiteId,
}

impl Market {
    fn new() -> Self {
        let mut log = Log::new();
        let (mut world, founded) = World::found(1);
        log.say(&founded);
        let (miner, enrolled) = world.enrol(PartyKind::MinersOrganization, "Miners");
        let (trader, also) = world.enrol(PartyKind::Trader, "Trader");
        let (site, registered) = world.site(&miner, "Hill");
        for statement in enrolled.iter().chain(&also).chain([&registered]) {
            log.say(statement);
        }
        Self {
            log,
            world,
            miner,
            trader,
            site,
        }
    }

    /// The scheme says it.
    fn decree(&mut self, event: Event) {
        let said = self.world.scheme.say(self.world.deployment, event);
        self.log.say(&said);
    }

    /// The miners let the trader declare this many grams in their name.
    fn delegate(&mut self, grams: u64) {
        let granted = DelegationGranted {
            to: self.trader.party,
            kinds: list(vec![EventKind::LotDeclared]),
            sites: list(vec![self.site]),
            gross_mass_max: Some(Mass::from_micrograms(grams * 1_000_000)),
            until: Date::from_unix_days(BEGIN.date().unix_days() + 30),
        };
        let said = self.miner.say(self.world.deployment, Event::DelegationGranted(granted));
        self.log.say(&said);
    }

    /// The trader's key in the miners' name.
    fn helper(&self) -> Signer {
        Signer {
            party: self.miner.party,
            ..self.trader.clone()
        }
    }
}

#[test]
fn a_lot_declared_under_a_delegation_is_proved_with_it() {
    let mut market = Market::new();
    market.delegate(50);
    let mut helper = market.helper();
    let mut declare = |grams, seal: &str| {
        let mut declared = lot(market.site, grams);
        declared.seals = list(vec![short(seal)]);
        helper.say(market.world.deployment, Event::LotDeclared(declared))
    };
    let (first, other, too_much) = (declare(20, "S-1"), declare(25, "S-2"), declare(6, "S-1"));
    market.log.say(&first);
    market.log.say(&other);
    let id = LotId::derive(market.world.id(&first), 0);
    let report = verify(&market.log.bundle(id), &market.log.policy()).unwrap();
    assert_eq!(report.names[&report.lot.custodian], "Miners");
    assert!(report.rests_on_log.is_empty());
    // That only five grams were left rests on a lot that is not in the bundle.
    assert_eq!(market.log.append(&record(&too_much)), Refusal::DelegatedMass.code());
    let report = verify(&market.log.bundle(id), &market.log.policy()).unwrap();
    assert_eq!(report.rests_on_log, [market.last()]);
}

type Reason<'a> = &'a dyn Fn(&Market) -> Event;

#[test]
fn what_a_suspension_held_back_is_told() {
    let decided = |market: &Market| {
        Event::StandingDecided(StandingDecided {
            organization: market.miner.party,
            standing: Standing::Suspended,
            reason: line("what the board found"),
            evidence: List::empty(),
        })
    };
    let reported = |market: &Market| {
        Event::IncidentReported(IncidentReported {
            subject: Subject::Site(market.site),
            category: IncidentCategory::ArmedGroup,
            confidence: Confidence::Known,
            severity: Severity::Critical,
            period: day(),
            summary: line("what happened"),
            evidence: List::empty(),
            reference: None,
        })
    };
    // The scheme's word is in the bundle with the party; what was found about it is not.
    let reasons: [(Reason<'_>, bool); 2] = [(&decided, false), (&reported, true)];
    for (reason, rests_on_log) in reasons {
        let mut market = Market::new();
        let mut declared = lot(market.site, 20);
        declared.seals = list(vec![short("S-1")]);
        let declared = market.miner.say(market.world.deployment, Event::LotDeclared(declared));
        market.log.say(&declared);
        let id = LotId::derive(market.world.id(&declared), 0);
        let event = reason(&market);
        market.decree(event);
        let offered = market
            .world
            .offer(&mut market.miner, id, market.world.id(&declared), &market.trader);
        assert_eq!(market.log.append(&record(&offered)), Refusal::LotHeld.code());
        let mut again = lot(market.site, 30);
        again.seals = list(vec![short("S-1")]);
        let again = market.miner.say(market.world.deployment, Event::LotDeclared(again));
        assert_eq!(market.log.append(&record(&again)), Refusal::OperatorSuspended.code());
        let report = verify(&market.log.bundle(id), &market.log.policy()).unwrap();
        let history: Vec<_> = report.history.iter().map(|entry| entry.refused).collect();
        assert_eq!(history, [None, Some(Refusal::LotHeld)]);
        let last = market.last().get();
        let told: Vec<_> = [last - 1, last].map(LeafIndex::new).into();
        assert_eq!(report.rests_on_log, if rests_on_log { told } else { Vec::new() });
    }
}

/// Strangers cannot fill a party's history: that they let it speak for them is not in its proofs.
#[test]
fn what_others_delegate_is_not_in_the_bundle() {
    let mut market = Market::new();
    let (lot, declared) = market.world.declare(&mut market.miner, market.site, 20);
    market.log.say(&declared);
    let alone = verify(&market.log.bundle(lot), &market.log.policy()).unwrap();
    let (mut stranger, enrolled) = market.world.enrol(PartyKind::Processor, "Stranger");
    for statement in &enrolled {
        market.log.say(statement);
    }
    for _ in 0..20 {
        let granted = DelegationGranted {
            to: market.miner.party,
            kinds: list(vec![EventKind::LotDeclared]),
            sites: List::empty(),
            gross_mass_max: None,
            until: BEGIN.date(),
        };
        let said = stranger.say(market.world.deployment, Event::DelegationGranted(granted));
        market.log.say(&said);
    }
    let report = verify(&market.log.bundle(lot), &market.log.policy()).unwrap();
    assert_eq!(report.names, alone.names);
}

/// A lot that came out of a split of what was molten of two lots; it left the country, and one of those two is held since.
struct Descent {
    market: Market,
    /// What was dug.
    dug: [LotId; 2],
    /// What was molten of both, and what was split of that.
    molten: LotId,
    split: [LotId; 2],
    /// Where each thing that was said about them stands in the log.
    said: Vec<(&'static str, LeafIndex)>,
}

impl Descent {
    fn new() -> Self {
        let mut market = Market::new();
        let mut said = Vec::new();
        let dug = [20, 30].map(|grams| {
            let declared = LotDeclared {
                fineness: Some(claim()),
                ..lot(market.site, grams)
            };
            let declared = market.miners_say(Event::LotDeclared(declared));
            said.push(("a lot that went in", market.last()));
            declared
        });
        let inputs = dug.map(|statement| (LotId::derive(statement, 0), statement));
        let melt = market.miners_say(transformed(Transformation::Melt, &inputs, &[50]));
        said.push(("the melt", market.last()));
        let molten = LotId::derive(melt, 0);
        let split = market.miners_say(transformed(Transformation::Split, &[(molten, melt)], &[20, 30]));
        said.push(("the split", market.last()));
        let lots = [0, 1].map(|place| LotId::derive(split, place));
        let export = market.exported(lots[0], split);
        let export = market.miners_say(export);
        said.push(("the export", market.last()));
        market.decree(Event::LotHeld(LotHeld {
            lot: inputs[0].0,
            reason: line("children were seen at the pit"),
            incident: None,
            documents: List::empty(),
        }));
        said.push(("the hold on a lot that went in", market.last()));
        let offered = market.world.offer(&mut market.miner, lots[0], export, &market.trader);
        assert_eq!(market.log.append(&record(&offered)), Refusal::HoldOpen.code());
        said.push(("that it was offered", market.last()));
        // Of no other lot: what the log ends with is in every bundle.
        market.delegate(50);
        Self {
            market,
            dug: inputs.map(|(lot, _)| lot),
            molten,
            split: lots,
            said,
        }
    }
}

impl Market {
    fn miners_say(&mut self, event: Event) -> StatementId {
        let said = self.miner.say(self.world.deployment, event);
        self.log.say(&said);
        self.world.id(&said)
    }

    fn trader_says(&mut self, event: Event) -> StatementId {
        let said = self.trader.say(self.world.deployment, event);
        self.log.say(&said);
        self.world.id(&said)
    }

    /// To the trader, with its title.
    fn sold(&mut self, lot: LotId, after: StatementId, grams: u64) -> StatementId {
        let offered = self.miners_say(Event::CustodyOffered(CustodyOffered {
            lot,
            after,
            to: self.trader.party,
            with_title: true,
            documents: List::empty(),
        }));
        let accepted = self.world.accept(&mut self.trader, lot, offered, grams);
        self.log.say(&accepted);
        self.world.id(&accepted)
    }

    /// Where the latest record stands.
    fn last(&self) -> LeafIndex {
        self.log.size().last_index().unwrap()
    }

    /// To the trader, in another country.
    fn exported(&self, lot: LotId, after: StatementId) -> Event {
        Event::LotExported(LotExported {
            lots: list(vec![LotAfter { lot, after }]),
            certificate: Reference {
                source: slug("register"),
                value: short("C-1"),
            },
            authority: line("The authority"),
            issued: BEGIN.date(),
            expires: BEGIN.date(),
            certified_gross_mass: grams(20),
            from: "CD".parse().unwrap(),
            to: "AE".parse().unwrap(),
            importer: self.trader.party,
            hs_code: short("7108.12"),
            documents: List::empty(),
        })
    }
}

fn grams(grams: u64) -> Mass {
    Mass::from_micrograms(grams * 1_000_000)
}

fn claim() -> FinenessClaim {
    FinenessClaim {
        fineness: Fineness::from_ppm(900_000).unwrap(),
        method: FinenessMethod::Density,
    }
}

fn transformed(how: Transformation, inputs: &[(LotId, StatementId)], outputs: &[u64]) -> Event {
    let mut inputs: Vec<_> = inputs
        .iter()
        .map(|(lot, after)| LotAfter {
            lot: *lot,
            after: *after,
        })
        .collect();
    inputs.sort_by_key(|input| input.lot);
    let output = |mass: &u64| Output {
        form: LotForm::Dore,
        gross_mass: grams(*mass),
        fineness: claim(),
        seals: List::empty(),
        bar: None,
    };
    Event::LotsTransformed(LotsTransformed {
        how,
        inputs: list(inputs),
        outputs: list(outputs.iter().map(output).collect()),
        custody_model: CustodyModel::IdentityPreserved,
        lost_gross_mass: Mass::ZERO,
        lost_fine_mass: Mass::ZERO,
        melt: None,
        witness: None,
        documents: List::empty(),
    })
}

#[test]
fn a_lot_is_proved_with_all_that_it_was_made_of() {
    let descent = Descent::new();
    let log = &descent.market.log;
    let report = verify(&log.bundle(descent.split[0]), &log.policy()).unwrap();
    let history: Vec<_> = report
        .history
        .iter()
        .map(|e| (e.statement.event().kind().name(), e.refused))
        .collect();
    let expected = [
        ("LotsTransformed", None),
        ("LotExported", None),
        ("CustodyOffered", Some(Refusal::HoldOpen)),
    ];
    assert_eq!(history, expected);
    assert_eq!(report.lot.fine_mass(), Some(grams(18)));
    assert_eq!(report.lot.exported, Some("CD".parse().unwrap()));
    assert!(report.rests_on_log.is_empty());
    // What each of them became, and whether it is held; the other one that was dug is not, and nothing else is free.
    for (lot, outputs, is_held) in [
        (descent.dug[0], Some(1), false),
        (descent.dug[1], Some(1), false),
        (descent.molten, Some(2), false),
        (descent.split[0], None, true),
        (descent.split[1], None, true),
    ] {
        let report = verify(&log.bundle(lot), &log.policy()).unwrap();
        let became = match report.lot.end {
            Some(End::Transformed { outputs, .. }) => Some(outputs),
            _ => None,
        };
        assert_eq!((became, report.is_held), (outputs, is_held), "{lot}");
    }
}

/// A log whose operator leaves a record out wherever it is asked for.
struct LeavesOut<'a> {
    log: &'a Log,
    left_out: LeafIndex,
}

impl NodeReader for LeavesOut<'_> {
    fn node(&self, level: u8, index: u64) -> Option<Hash> {
        self.log.node(level, index)
    }
}

impl Source for LeavesOut<'_> {
    type Error = core::convert::Infallible;

    fn leaf(&self, index: LeafIndex) -> Result<Vec<u8>, Self::Error> {
        self.log.leaf(index)
    }

    fn indexes(&self, key: &MapKey, max: usize) -> Result<Vec<LeafIndex>, Self::Error> {
        let mut indexes = self.log.indexes(key, max)?;
        indexes.retain(|index| *index != self.left_out);
        Ok(indexes)
    }

    fn map(&self, key: &MapKey) -> Result<(Option<MapHead>, MapProof), Self::Error> {
        self.log.map(key)
    }
}

/// Whoever leaves out a record, and proves the others without it, proves nothing.
#[test]
fn nothing_that_a_lot_was_made_of_can_be_left_out() {
    let descent = Descent::new();
    let log = &descent.market.log;
    let without = |left_out: LeafIndex| {
        let source = LeavesOut { log, left_out };
        let asked = Asked::all_of(descent.split[0]);
        verify(&log.bundle_from(&source, asked), &log.policy())
    };
    for (what, index) in &descent.said {
        assert!(without(*index).is_err(), "{what}");
    }
    // Nor any other record that is in the bundle; the last one is there for the map's root, whatever it says.
    for index in (0..log.size().get() - 1).map(LeafIndex::new) {
        assert!(without(index).is_err(), "leaf {index}");
    }
    // Neither the hold, which a verdict would tell of, nor the offer, which nothing tells of.
    for place in [5, 6] {
        let (_, left_out) = descent.said[place];
        let missing = Some(BundleError::Map(MapMultiProofError::RootMismatch));
        assert_eq!(without(left_out).err(), missing);
    }
}

/// Before anybody tried to move the lot, no verdict tells of the hold: the map does.
#[test]
fn a_hold_that_nobody_met_cannot_be_left_out() {
    let descent = Descent::new();
    let whole = &descent.market.log;
    let (_, hold) = descent.said[5];
    let mut log = Log::new();
    for record in whole.records().take(usize::try_from(hold.get()).unwrap() + 1) {
        log.append(record);
    }
    log.append(b"nothing about it");
    let (lot, policy) = (descent.split[0], log.policy());
    assert!(verify(&log.bundle(lot), &policy).unwrap().is_held);
    let source = LeavesOut {
        log: &log,
        left_out: hold,
    };
    let bundle = log.bundle_from(&source, Asked::all_of(lot));
    assert_eq!(
        verify(&bundle, &policy).err(),
        Some(BundleError::Map(MapMultiProofError::RootMismatch))
    );
}

#[test]
fn another_key_proves_nothing() {
    let (log, lot) = sold_once();
    let other = NoteSigner::new(log.vkey().name().clone(), SigningKey::from_bytes(&[8; 32])).unwrap();
    let policy = Policy::trusting(other.vkey().clone());
    assert!(matches!(
        verify(&log.bundle(lot), &policy),
        Err(BundleError::Policy(PolicyError::Log(_)))
    ));
}

/// As a policy, but that asks for all of its witnesses.
fn all_of_them(policy: &Policy) -> String {
    policy.to_string().replace("group others any", "group others all")
}

/// A witness whose line is made unreadable is one that the reader does not know: where he asks for all of them, nothing is left
/// that anybody could change; where he asks for some, what is left of them is told.
#[test]
fn every_changed_byte_is_refused() {
    let (log, lot) = sold_once();
    let (bundle, policy) = (log.bundle(lot), log.policy());
    let all = all_of_them(&policy).parse().unwrap();
    let mut fewer = 0;
    for (place, changed) in with_changed_bytes(&bundle) {
        assert!(verify(&changed, &all).is_err(), "byte {place} of {}", bundle.len());
        if let Ok(report) = verify(&changed, &policy) {
            assert_eq!(report.cosigned.by.len(), 2, "byte {place} of {}", bundle.len());
            fewer += 1;
        }
    }
    assert!((1..60).contains(&fewer), "{fewer} bytes of two names and key ids");
    for length in (0..bundle.len()).step_by(97) {
        assert!(verify(&bundle[..length], &policy).is_err(), "cut at {length}");
    }
}

fn with_changed_bytes(bundle: &[u8]) -> impl Iterator<Item = (usize, Vec<u8>)> {
    (0..bundle.len()).map(|place| {
        let mut changed = bundle.to_vec();
        changed[place] ^= 1;
        (place, changed)
    })
}

/// Where it is the line of an older checkpoint, that one tells nothing any more: of no record an earlier or a later time follows.
#[test]
fn no_changed_byte_narrows_a_time() {
    let (log, bundle) = with_times(&CHECKPOINTS[1..4]);
    let all = all_of_them(&log.policy()).parse().unwrap();
    let whole = verify(&bundle, &all).unwrap();
    let mut fewer = 0;
    for (place, changed) in with_changed_bytes(&bundle) {
        let Ok(report) = verify(&changed, &all) else { continue };
        assert_eq!(report.older.len() + 1, whole.older.len(), "byte {place}");
        for ((before, after), (not_before, not_after)) in minutes(&report).into_iter().zip(minutes(&whole)) {
            assert!(before <= not_before && not_after <= after, "byte {place}");
        }
        fewer += 1;
    }
    assert!(
        (3 * 3 * 12..3 * 3 * 20).contains(&fewer),
        "{fewer} bytes of nine names and key ids"
    );
}

/// The last sale is left out of the lists, and everything is proved as well as an operator can who keeps the true tree.
#[test]
fn a_sale_left_out_is_noticed() {
    let (log, lot) = sold_once();
    let whole = verify(&log.bundle(lot), &log.policy()).unwrap();
    let sale = whole.history.last().unwrap();
    assert_eq!(sale.statement.event().kind().name(), "CustodyAccepted");
    let source = LeavesOut {
        log: &log,
        left_out: sale.index,
    };
    let without = log.bundle_from(&source, Asked::all_of(lot));
    let refused = Some(BundleError::Map(MapMultiProofError::RootMismatch));
    assert_eq!(verify(&without, &log.policy()).err(), refused);
    // The map as it was before the sale stands under no root that witnesses have seen since.
    let mut older = Log::new();
    for record in log.records().take(usize::try_from(sale.index.get()).unwrap()) {
        older.append(record);
    }
    let checkpoint = |bundle: &[u8]| {
        let text = String::from_utf8(bundle.to_vec()).unwrap();
        let note = text[text.find("\"checkpoint\"").unwrap()..text.find(",\"older\"").unwrap()].to_owned();
        (text, note)
    };
    let ((text, then), (_, now)) = (checkpoint(&older.bundle(lot)), checkpoint(&log.bundle(lot)));
    let forged = text.replace(&then, &now);
    assert!(matches!(
        verify(forged.as_bytes(), &log.policy()),
        Err(BundleError::Tree(_))
    ));
    // An older checkpoint that is shown as it was verifies, and its time tells how old it is.
    let asked = Asked::all_of(lot);
    let old = build(asked, log.ledger().deployment().unwrap(), &older.published(10), &older).unwrap();
    let old = verify(&old, &log.policy()).unwrap();
    assert_eq!(old.names[&old.lot.custodian], "Miners");
    assert!(old.cosigned.as_of < whole.cosigned.as_of);
    assert!(
        old.to_string()
            .contains("complete as of 2026-01-01T00:10:01Z (16 entries)"),
        "{old}"
    );
}

#[test]
fn where_the_gold_comes_from_is_told_to_the_microgram() {
    let descent = Descent::new();
    let log = &descent.market.log;
    let report = verify(&log.bundle(descent.split[0]), &log.policy()).unwrap();
    let by = descent.market.miner.party;
    let dug = ComesFrom::Dug {
        site: descent.market.site,
        by,
    };
    let shares: Vec<_> = report
        .origins
        .iter()
        .map(|share| (share.from, share.fine, share.ppm))
        .collect();
    assert_eq!(shares, [(dug, grams(18), 1_000_000)]);
    assert_eq!(report.site_names[&descent.market.site], "Hill");
    assert_eq!(report.owner, Some(by));
    let holds: Vec<_> = report
        .holds
        .iter()
        .map(|hold| (hold.lot, hold.reason.as_str()))
        .collect();
    assert_eq!(holds, [(descent.dug[0], "children were seen at the pit")]);
    // Nobody said how fine it is: it has no gold that anybody could divide.
    let (log, lot) = sold_once();
    let report = verify(&log.bundle(lot), &log.policy()).unwrap();
    assert!(report.origins.is_empty());
}

#[test]
fn whose_word_a_report_rests_on_is_told() {
    let (log, lot) = sold_once();
    let bundle = log.bundle(lot);
    let report = verify(&bundle, &log.policy()).unwrap();
    let names = |names: &[tlog::policy::PolicyName]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&report.cosigned.auditors), ["a1"]);
    assert_eq!(report.cosigned.by.len(), 3);
    let signers: Vec<_> = report
        .signers
        .iter()
        .map(|party| report.names[party].as_str())
        .collect();
    assert_eq!(signers.len(), 2, "{signers:?}");
    let json = report.to_json();
    assert_eq!(json["log"]["complete_as_of"], "2026-01-01T01:00:01Z");
    assert_eq!(json["history"].as_array().unwrap().len(), 4);
    assert_eq!(json["rests_on"]["signer_names"], serde_json::json!(signers));
    assert_eq!(
        (&json["form"], &json["bar"]),
        (&"Dore".into(), &serde_json::Value::Null)
    );
    assert_eq!(json["rests_on"]["auditing_witnesses"], serde_json::json!(["a1"]));
    // By a policy that knows no witness, nobody says when.
    let report = verify(&bundle, &Policy::trusting(log.vkey())).unwrap();
    assert_eq!(report.to_json()["log"]["complete_as_of"], serde_json::Value::Null);
    assert!(
        report.to_string().contains("no auditing witness of your policy"),
        "{report}"
    );
    // By one that asks for a witness who did not cosign, nothing is verified.
    let other = Cosigner::new("x.test".parse().unwrap(), SigningKey::from_bytes(&[7; 32])).unwrap();
    let asks = format!("log {}\nwitness x {}\nquorum x\n", log.vkey(), other.vkey());
    assert!(matches!(
        verify(&bundle, &asks.parse().unwrap()),
        Err(BundleError::Policy(PolicyError::NoQuorum { .. }))
    ));
}

/// Checkpoints that were published of the lot that was sold once: after how many records, how many minutes after the world began.
/// Its records are the leaves 12, 14, 15 and 16.
const CHECKPOINTS: [(usize, u64); 8] = [
    (5, 5),
    (12, 10),
    (13, 15),
    (13, 20),
    (15, 30),
    (15, 35),
    (17, 40),
    (18, 50),
];

/// That lot's log with checkpoints of the past.
fn published_at(checkpoints: &[(usize, u64)]) -> (Log, LotId) {
    let (whole, lot) = sold_once();
    let mut log = Log::new();
    for (count, record) in (1..).zip(whole.records()) {
        log.append(record);
        for (_, minutes) in checkpoints.iter().filter(|(after, _)| *after == count) {
            log.keep(*minutes);
        }
    }
    (log, lot)
}

/// Its proof with the times of every record.
fn with_times(checkpoints: &[(usize, u64)]) -> (Log, Vec<u8>) {
    let (log, lot) = published_at(checkpoints);
    let asked = Asked {
        times: true,
        ..Asked::all_of(lot)
    };
    let bundle = log.bundle_from(&log, asked);
    (log, bundle)
}

/// Between which minutes after the world began each record came; 60 is when the checkpoint itself was cosigned.
fn minutes(report: &Report) -> Vec<(Option<u64>, Option<u64>)> {
    let begin = u64::try_from(BEGIN.unix_ms() / 1_000).unwrap();
    let minutes = |time: CosignTime| (time.get() - begin) / 60;
    let brackets = report.history.iter().map(|entry| report.bracket(entry.index));
    brackets
        .map(|came| (came.not_before.map(minutes), came.not_after.map(minutes)))
        .collect()
}

/// The sizes of the older checkpoints in a bundle, and how many notes there are of each.
fn older_in(bundle: &[u8], log: &Log) -> Vec<(u64, usize)> {
    let value: Value = serde_json::from_slice(bundle).unwrap();
    let older = value["older"].as_array().unwrap().iter().map(|of_size| {
        let notes = of_size["checkpoints"].as_array().unwrap();
        let checkpoint = Checkpoint::open(notes[0].as_str().unwrap().as_bytes(), &log.vkey()).unwrap();
        (checkpoint.size.get(), notes.len())
    });
    older.collect()
}

#[track_caller]
fn check_times(checkpoints: &[(usize, u64)], times: bool, sizes: &[(u64, usize)], brackets: [(u64, u64); 4]) {
    let (log, lot) = published_at(checkpoints);
    let asked = Asked {
        times,
        ..Asked::all_of(lot)
    };
    let bundle = log.bundle_from(&log, asked);
    assert_eq!(older_in(&bundle, &log), sizes);
    let told = minutes(&verify(&bundle, &log.policy()).unwrap());
    let expected = brackets.map(|(before, after)| ((before != 0).then_some(before), Some(after)));
    assert_eq!(told, expected);
}

#[test]
fn older_checkpoints_say_between_which_times_a_record_came() {
    // The last checkpoint without each record, and the first with it; as it was cosigned last, and published first.
    check_times(
        &CHECKPOINTS,
        true,
        &[(12, 1), (13, 2), (15, 2), (17, 1)],
        [(10, 15), (20, 30), (35, 40), (35, 40)],
    );
    check_times(&CHECKPOINTS, false, &[(15, 1)], [(0, 35), (0, 35), (35, 60), (35, 60)]);
    check_times(&[], true, &[], [(0, 60); 4]);
    check_times(&[(9, 20)], false, &[(9, 1)], [(20, 60); 4]);
    check_times(&[(9, 20)], true, &[(9, 1)], [(20, 60); 4]);
    // One note is enough where it serves for one thing alone.
    check_times(
        &[(14, 20), (14, 25)],
        true,
        &[(14, 2)],
        [(0, 20), (25, 60), (25, 60), (25, 60)],
    );
    check_times(&[(12, 20), (12, 25)], true, &[(12, 1)], [(25, 60); 4]);
    check_times(&[(17, 20), (17, 25)], true, &[(17, 1)], [(0, 20); 4]);
    check_times(&[(17, 20), (17, 25)], false, &[], [(0, 60); 4]);
    // The checkpoint itself is no older one.
    check_times(
        &[(16, 20), (19, 30)],
        true,
        &[(16, 1)],
        [(0, 20), (0, 20), (0, 20), (20, 60)],
    );
}

#[test]
fn the_times_of_every_record_are_told() {
    let (log, bundle) = with_times(&CHECKPOINTS);
    let report = verify(&bundle, &log.policy()).unwrap();
    let json = report.to_json();
    let second = &json["history"][1];
    assert_eq!(
        (&second["not_before"], &second["not_after"]),
        (&json!("2026-01-01T00:20:01Z"), &json!("2026-01-01T00:30:01Z"))
    );
    assert_eq!(
        json["older_checkpoints"][1],
        json!({"tree_size": 13, "as_of": "2026-01-01T00:15:01Z"})
    );
    let (told, came) = (
        report.to_string(),
        "between 2026-01-01T00:20:01Z and 2026-01-01T00:30:01Z",
    );
    assert!(
        told.contains(&format!("entry 14 at 2026-01-01T00:00:00Z: {came}\n")),
        "{told}"
    );
    // A reader who trusts no witness has no time of any.
    let report = verify(&bundle, &Policy::trusting(log.vkey())).unwrap();
    assert_eq!(minutes(&report), [(None, None); 4]);
    assert!(report.to_string().contains("no time known"), "{report}");
}

/// Whose lines make up the quorum is the reader's to say: what is short by his policy tells him nothing, and the rest holds.
#[test]
fn an_older_checkpoint_without_the_readers_quorum_tells_no_time() {
    let (log, bundle) = with_times(&CHECKPOINTS);
    let short = with_older(&bundle, |older| {
        for place in [1, 3] {
            let note = &mut older[place]["checkpoints"][0];
            *note = without_line(note.as_str().unwrap(), "a1.test").into();
        }
    });
    let report = verify(&short, &log.policy()).unwrap();
    assert_eq!(
        minutes(&report),
        [
            (Some(10), Some(20)),
            (Some(20), Some(30)),
            (Some(35), Some(60)),
            (Some(35), Some(60)),
        ]
    );
    let sizes: Vec<_> = report.older.iter().map(|older| older.checkpoint.size.get()).collect();
    assert_eq!(sizes, [12, 13, 15, 15]);
}

/// A bundle with other older checkpoints.
fn with_older(bundle: &[u8], change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let text = core::str::from_utf8(bundle).unwrap();
    let (begin, rest) = text.split_once("\"older\":").unwrap();
    let (older, end) = rest.split_once(",\"leaves\":").unwrap();
    let mut older: Value = serde_json::from_str(older).unwrap();
    change(&mut older);
    format!("{begin}\"older\":{older},\"leaves\":{end}").into_bytes()
}

fn without_line(note: &str, name: &str) -> String {
    let lines = note.split_inclusive('\n');
    lines.filter(|line| !line.contains(&format!(" {name} "))).collect()
}

/// The older checkpoint of a size as an honest log proves it: with these notes of it.
fn of_size(log: &Log, size: u64, notes: &[&str]) -> Value {
    let proof = prove_consistency(TreeSize::new(size), log.size(), log).unwrap();
    let hashes: Vec<u8> = proof.hashes.iter().flat_map(|hash| *hash.as_bytes()).collect();
    json!({"checkpoints": notes, "consistency": STANDARD.encode(hashes)})
}

/// A checkpoint of the log when the lot that was sold once had so many records.
fn note_at((count, minutes): (usize, u64)) -> String {
    let mut log = Log::new();
    for record in sold_once().0.records().take(count) {
        log.append(record);
    }
    log.published(minutes).note
}

#[track_caller]
fn check_older(policy: &Policy, change: impl FnOnce(&mut Vec<Value>), expected: Result<(), &str>) {
    let (_, bundle) = with_times(&CHECKPOINTS);
    let changed = with_older(&bundle, |older| change(older.as_array_mut().unwrap()));
    let verified = verify(&changed, policy);
    let told = verified.as_ref().map(|_| ()).map_err(BundleError::name);
    assert_eq!(told, expected, "{:?}", verified.as_ref().err());
}

#[test]
fn an_older_checkpoint_that_does_not_hold_is_refused() {
    let (log, _) = with_times(&CHECKPOINTS);
    let elsewhere = NoteSigner::new("veta.test/other".parse().unwrap(), SigningKey::from_bytes(&[8; 32])).unwrap();
    let both = format!("log {}\nlog {}\nquorum none\n", log.vkey(), elsewhere.vkey());
    let (both, careful): (Policy, _) = (both.parse().unwrap(), log.policy());
    let edited = |policy: &Policy, edit: &dyn Fn(&str) -> String, expected| {
        let edit = |older: &mut Vec<Value>| {
            let note = &mut older[0]["checkpoints"][0];
            *note = edit(note.as_str().unwrap()).into();
        };
        check_older(policy, edit, expected);
    };
    for policy in [&both, &careful] {
        edited(policy, &str::to_owned, Ok(()));
        edited(policy, &|note| note.replace("\n\n", "\n"), Err("older"));
        edited(policy, &|note| note.replace("\n12\n", "\n13\n"), Err("older"));
        edited(policy, &|note| without_line(note, "veta.test/log"), Err("older"));
        edited(policy, &|note| without_line(note, "a1.test"), Ok(()));
    }
    // A cosignature of another checkpoint, which only those notice who ask for that witness.
    let line = |note: &str| note.lines().find(|line| line.contains(" a1.test ")).unwrap().to_owned();
    let other = line(&note_at((13, 10)));
    let cosigned = |note: &str| note.replace(&line(note), &other);
    edited(&both, &cosigned, Ok(()));
    edited(&careful, &cosigned, Err("older"));
    let of_elsewhere = |note: &str| {
        let note = Note::parse(note.as_bytes()).unwrap();
        let mut note = Note::new(note.text().replace("veta.test/log", "veta.test/other")).unwrap();
        note.sign(&elsewhere).unwrap();
        note.encode().unwrap()
    };
    edited(&both, &of_elsewhere, Err("older-of-another-log"));
    // Signed by the log, and not what it grew from.
    let mut fork = Log::new();
    for number in 0..12 {
        fork.append(format!("another record {number}").as_bytes());
    }
    let forked = |older: &mut Vec<Value>| older[0]["checkpoints"][0] = fork.published(10).note.into();
    check_older(&careful, forked, Err("not-grown"));
    let proof = |older: &mut Vec<Value>| older[0]["consistency"] = older[1]["consistency"].clone();
    check_older(&careful, proof, Err("not-grown"));
    let beside = |older: &mut Vec<Value>| older[1]["checkpoints"][1] = note_at((12, 20)).into();
    check_older(&careful, beside, Err("older-differ"));
}

#[test]
fn older_checkpoints_are_in_order_and_none_is_there_for_nothing() {
    let (log, _) = with_times(&CHECKPOINTS);
    let policy = log.policy();
    let check = |change: &dyn Fn(&mut Vec<Value>), expected| check_older(&policy, change, expected);
    let of = |at: (usize, u64)| of_size(&log, at.0 as u64, &[&note_at(at)]);
    check(&|older| older.swap(0, 1), Err("older-not-ordered"));
    check(&|older| older.insert(0, older[0].clone()), Err("older-not-ordered"));
    check(&|older| older.push(of((19, 60))), Err("older-not-ordered"));
    // Before the last one without any record, and after the first one with the last.
    check(&|older| older.insert(0, of((5, 5))), Err("older-not-needed"));
    check(&|older| older.push(of((18, 50))), Err("older-not-needed"));
    check(&|older| older.insert(2, of((14, 25))), Err("older-not-needed"));
    // Nothing in the file tells that a later one would have served as well.
    check(&|older| older[0] = of((5, 5)), Ok(()));
    check(&|older| older.truncate(1), Ok(()));
    check(&Vec::clear, Ok(()));
    // Two of one size.
    let twice = |at: (usize, u64), again: u64| {
        let size = at.0 as u64;
        of_size(&log, size, &[&note_at(at), &note_at((at.0, again))])
    };
    check(&|older| older[1] = twice((13, 15), 20), Ok(()));
    check(&|older| older[1] = twice((13, 15), 15), Err("older-not-needed"));
    check(&|older| older[0] = twice((12, 10), 11), Err("older-not-needed"));
    check(&|older| older[3] = twice((17, 40), 41), Err("older-not-needed"));
    let notes = [15, 20, 25].map(|minutes| note_at((13, minutes)));
    let notes = notes.each_ref().map(String::as_str);
    check(&|older| older[1] = of_size(&log, 13, &notes), Err("malformed"));
    check(&|older| older[1] = of_size(&log, 13, &[]), Err("malformed"));
    check(&|older| older[1]["consistency"] = "AAAA".into(), Err("malformed"));
    check(
        &|older| *older = vec![older[0].clone(); BUNDLE_OLDER_MAX + 1],
        Err("malformed"),
    );
}

/// A log whose operator gives the latest of the older checkpoints that it keeps, whatever was asked for.
struct Lies<'a> {
    log: &'a Log,
}

impl NodeReader for Lies<'_> {
    fn node(&self, level: u8, index: u64) -> Option<Hash> {
        self.log.node(level, index)
    }
}

impl Source for Lies<'_> {
    type Error = core::convert::Infallible;

    fn leaf(&self, index: LeafIndex) -> Result<Vec<u8>, Self::Error> {
        self.log.leaf(index)
    }

    fn indexes(&self, key: &MapKey, max: usize) -> Result<Vec<LeafIndex>, Self::Error> {
        self.log.indexes(key, max)
    }

    fn map(&self, key: &MapKey) -> Result<(Option<MapHead>, MapProof), Self::Error> {
        self.log.map(key)
    }

    fn before(&self, _most: TreeSize) -> Result<Option<Published>, Self::Error> {
        self.log.before(TreeSize::new(u64::MAX))
    }
}

/// Where that checkpoint has the last record already, it does not pass for the last without it: it is the first with it.
#[test]
fn a_checkpoint_with_the_last_record_does_not_say_when_it_was_not_there() {
    for (kept_after, told) in [(9, (Some(20), 60)), (16, (Some(20), 60)), (17, (None, 20))] {
        let (log, lot) = published_at(&[(kept_after, 20)]);
        let bundle = log.bundle_from(&Lies { log: &log }, Asked::all_of(lot));
        let report = verify(&bundle, &log.policy()).unwrap();
        assert_eq!(minutes(&report)[3], (told.0, Some(told.1)), "{kept_after}");
    }
}

fn to_depth(lot: LotId, depth: Option<u16>) -> Asked {
    Asked {
        depth,
        ..Asked::all_of(lot)
    }
}

/// A bundle that goes back so far and no further is accepted as that, and says so.
#[test]
fn a_lot_is_proved_down_to_a_stated_depth() {
    let descent = Descent::new();
    let log = &descent.market.log;
    let lot = descent.split[0];
    let bundle = |depth| log.bundle_from(log, to_depth(lot, depth));
    let (dug, molten) = (descent.dug.to_vec(), vec![descent.molten]);
    let by = descent.market.miner.party;
    // How far back, what lies below, whether the hold on what was dug is seen, and where the gold comes from.
    let below = ComesFrom::Below { made: lot };
    let below_molten = ComesFrom::Below { made: descent.molten };
    let whole = ComesFrom::Dug {
        site: descent.market.site,
        by,
    };
    for (depth, lies_below, is_held, from) in [
        (Some(0), molten, false, below),
        (Some(1), dug, false, below_molten),
        (Some(2), Vec::new(), true, whole),
        (None, Vec::new(), true, whole),
    ] {
        let report = verify(&bundle(depth), &log.policy()).unwrap();
        let is_cut = !lies_below.is_empty();
        assert_eq!(report.depth, depth.filter(|_| is_cut), "{depth:?}");
        let mut expected = lies_below;
        expected.sort_unstable();
        assert_eq!(report.below.iter().copied().collect::<Vec<_>>(), expected, "{depth:?}");
        assert_eq!(report.is_held, is_held, "{depth:?}");
        assert_eq!(
            report.origins.iter().map(|share| share.from).collect::<Vec<_>>(),
            [from],
            "{depth:?}"
        );
        assert_eq!(report.lot.fine_mass(), Some(grams(18)), "{depth:?}");
        assert_eq!(
            (report.lot.custodian, report.owner),
            (by, (!is_cut).then_some(by)),
            "{depth:?}"
        );
        let refused: Vec<_> = report.history.iter().map(|entry| entry.refused).collect();
        assert_eq!(refused, [None, None, Some(Refusal::HoldOpen)], "{depth:?}");
        let held = &report.to_json()["held"];
        let told = if is_cut {
            serde_json::Value::Null
        } else {
            is_held.into()
        };
        assert_eq!(*held, told, "{depth:?}");
    }
    let text = |depth| String::from_utf8(bundle(depth)).unwrap();
    let changed = |depth, from: &str, to: &str| {
        let changed = text(depth).replacen(&format!("\"depth\":{from}"), &format!("\"depth\":{to}"), 1);
        verify(changed.as_bytes(), &log.policy()).map(|_| ())
    };
    assert_eq!(changed(None, "null", "2"), Err(BundleError::DepthNotReached));
    assert_eq!(
        changed(None, "null", "1"),
        Err(BundleError::KeyNotNeeded { kind: "lot" })
    );
    assert_eq!(
        changed(Some(1), "1", "null"),
        Err(BundleError::KeyMissing { kind: "lot" })
    );
    assert_eq!(changed(Some(1), "1", "2"), Err(BundleError::KeyMissing { kind: "lot" }));
    assert_eq!(
        changed(Some(1), "1", "0"),
        Err(BundleError::KeyNotNeeded { kind: "lot" })
    );
}

/// Of every lot of a longer descent, with sales, titles and melts by several, every depth is accepted and says nothing false.
#[test]
fn every_depth_of_every_lot_is_proved() {
    let mut market = Market::new();
    let dug = [20, 30, 25].map(|grams| {
        let declared = LotDeclared {
            fineness: Some(claim()),
            seals: list(vec![short(&format!("S-{grams}"))]),
            ..lot(market.site, grams)
        };
        let said = market.miners_say(Event::LotDeclared(declared));
        let broken = market.miners_say(Event::SealBroken(SealBroken {
            lot: LotId::derive(said, 0),
            after: said,
            seals: list(vec![short(&format!("S-{grams}"))]),
            reason: line("to melt it"),
        }));
        (LotId::derive(said, 0), broken)
    });
    let melt = market.miners_say(transformed(Transformation::Melt, &dug[..2], &[50]));
    let molten = (LotId::derive(melt, 0), melt);
    let bought = [(molten, 50), (dug[2], 25)].map(|((lot, after), grams)| (lot, market.sold(lot, after, grams)));
    let melt = market.trader_says(transformed(Transformation::Melt, &bought, &[75]));
    let mixed = (LotId::derive(melt, 0), melt);
    let split = market.trader_says(transformed(Transformation::Split, &[mixed], &[35, 40]));
    let parts = [0, 1].map(|place| LotId::derive(split, place));
    let titled = market.trader_says(Event::TitleTransferred(TitleTransferred {
        lot: parts[0],
        after: split,
        to: market.miner.party,
        documents: List::empty(),
    }));
    let last = market.trader_says(transformed(Transformation::Melt, &[(parts[0], titled)], &[35]));
    let last = LotId::derive(last, 0);
    // Every lot, and how many transformations it is away from what was dug.
    let lots = [
        (dug[0].0, 0),
        (dug[2].0, 0),
        (molten.0, 1),
        (mixed.0, 2),
        (parts[0], 3),
        (parts[1], 3),
        (last, 4),
    ];
    let (log, policy) = (&market.log, market.log.policy());
    for (lot, steps) in lots {
        let truth = *log.ledger().lot(&lot).unwrap();
        for depth in (0..6).map(Some).chain([None]) {
            let report = verify(&log.bundle_from(log, to_depth(lot, depth)), &policy);
            let report = report.unwrap_or_else(|error| panic!("{lot}, {steps} steps, {depth:?}: {error}"));
            assert_eq!(report.lot.custodian, truth.custodian, "{lot} {depth:?}");
            assert!(report.owner.is_none_or(|owner| owner == truth.owner), "{lot} {depth:?}");
            assert_eq!(report.lot.fine_mass(), truth.fine_mass(), "{lot} {depth:?}");
            assert_eq!(report.lot.end, truth.end, "{lot} {depth:?}");
            let parts = report.origins.iter().map(|share| share.fine).sum();
            assert_eq!(Some(parts), truth.fine_mass(), "{lot} {depth:?}");
            let is_cut = depth.is_some_and(|depth| depth < steps);
            // What was molten with it may come from further back than the lot itself.
            assert_eq!(report.depth.is_some(), !report.below.is_empty(), "{lot} {depth:?}");
            assert_eq!(report.is_cut, is_cut, "{lot} {depth:?}");
            assert!(is_cut || report.owner.is_some(), "{lot} {depth:?}");
        }
    }
}

/// Whose a lot is follows from who gives its title away, where what it was made of is not in the bundle.
#[test]
fn an_owner_below_the_depth_is_learned() {
    let mut descent = Descent::new();
    let (_, hold) = descent.said[5];
    let mut log = Log::new();
    for record in descent.market.log.records().take(usize::try_from(hold.get()).unwrap()) {
        log.append(record);
    }
    descent.market.log = log;
    let market = &mut descent.market;
    let lot = descent.split[1];
    let after = market.log.ledger().lot(&lot).unwrap().latest;
    let titled = market.miners_say(Event::TitleTransferred(TitleTransferred {
        lot,
        after,
        to: market.trader.party,
        documents: List::empty(),
    }));
    let asked = to_depth(lot, Some(0));
    let report = verify(&market.log.bundle_from(&market.log, asked), &market.log.policy()).unwrap();
    assert_eq!(report.owner, Some(market.trader.party));
    assert_eq!(report.lot.latest, titled);
}

/// What a log looks like whose operator writes something false, and signs it with his witnesses.
type Lie = fn(&mut Market, LotId);

/// Every lie, by what the verifier calls it first.
const LIES: [(&str, &str, Lie); 9] = [
    ("garbage-about-the-lot", "no-statement", |market, lot| {
        market.log.write(b"garbage", 0, &[Touched::lot(lot)], |_| ());
    }),
    ("signed-for-another-deployment", "no-statement", |market, lot| {
        let elsewhere = DeploymentId::from_bytes([7; 32]);
        let said = market.miner.say(elsewhere, held(lot));
        market.log.write(&record(&said), 0, &[Touched::lot(lot)], |_| ());
    }),
    ("key-of-small-order", "no-statement", |market, lot| {
        // The neutral point as key and first half, and nothing as second: the equation holds for every message.
        let mut neutral = [0; 32];
        neutral[0] = 1;
        let mut signature = [0; 64];
        signature[0] = 1;
        let said = SignedStatement {
            key: PublicKey::from_bytes(neutral),
            signature: SignatureBytes(signature),
            ..market.miner.say(market.world.deployment, held(lot))
        };
        market.log.write(&record(&said), 0, &[Touched::lot(lot)], |_| ());
    }),
    ("signature-plus-the-order", "no-statement", |market, lot| {
        let mut said = market.miner.say(market.world.deployment, held(lot));
        let mut carry = 0;
        for (digit, order) in said.signature.0[32..].iter_mut().zip(ORDER) {
            let sum = u16::from(*digit) + u16::from(order) + carry;
            *digit = sum.to_le_bytes()[0];
            carry = sum >> 8;
        }
        market.log.write(&record(&said), 0, &[Touched::lot(lot)], |_| ());
    }),
    ("under-a-lot-that-it-does-not-name", "wrongly-listed", |market, lot| {
        let (_, said) = market.world.declare(&mut market.miner, market.site, 30);
        market.log.write(&record(&said), 0, &[Touched::lot(lot)], |_| ());
    }),
    ("double-sale-admitted", "wrong-verdict", |market, lot| {
        let after = market.log.ledger().lot(&lot).unwrap().latest;
        let sold = market.world.offer(&mut market.miner, lot, after, &market.trader);
        market.log.say(&sold);
        let again = market.world.offer(&mut market.miner, lot, after, &market.trader);
        market.log.write(&record(&again), 0, &[Touched::lot(lot)], |_| ());
    }),
    ("not-chained", "broken-chain", |market, lot| {
        let after = market.log.ledger().lot(&lot).unwrap().latest;
        let sold = market.world.offer(&mut market.miner, lot, after, &market.trader);
        market
            .log
            .write(&record(&sold), 0, &[Touched::lot(lot)], |leaf| leaf[1] ^= 1);
    }),
    ("leaf-of-another-version", "bad-leaf", |market, lot| {
        let after = market.log.ledger().lot(&lot).unwrap().latest;
        let sold = market.world.offer(&mut market.miner, lot, after, &market.trader);
        market
            .log
            .write(&record(&sold), 0, &[Touched::lot(lot)], |leaf| leaf[0] = 2);
    }),
    ("another-map", "map", |market, _| {
        let refused = Refusal::MalformedRecord.code();
        market.log.write(b"about nothing", refused, &[], |leaf| leaf[33] ^= 1);
    }),
];

/// The order of the group, 2^252 + 27742317777372353535851937790883648493, little-endian.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

fn held(lot: LotId) -> Event {
    Event::LotHeld(LotHeld {
        lot,
        reason: line("a reason"),
        incident: None,
        documents: List::empty(),
    })
}

/// That witnesses cosigned it does not make a lie true: each is refused for what it is. As files for other verifiers:
/// `VETA_REGENERATE=1` writes them anew.
#[test]
fn what_an_operator_forges_is_refused_for_what_it_is() {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/bundle/refused");
    let mut forged = Vec::new();
    for (name, reason, lie) in LIES {
        let mut market = Market::new();
        let (lot, declared) = market.world.declare(&mut market.miner, market.site, 20);
        market.log.say(&declared);
        lie(&mut market, lot);
        forged.push((name, reason, market.log.bundle(lot), market.log.policy()));
    }
    let (log, lot) = sold_once();
    let size = log.size().get();
    forged.push((
        "without-the-last-leaf",
        "last-leaf-missing",
        with_leaves(&log, lot, |leaves| _ = leaves.pop()),
        log.policy(),
    ));
    forged.push((
        "with-a-leaf-about-nothing",
        "stray-leaf",
        with_leaves(&log, lot, |leaves| {
            leaves.insert(leaves.len() - 1, LeafIndex::new(size - 2));
        }),
        log.policy(),
    ));
    for (name, reason, bundle, policy) in forged {
        let refused = verify(&bundle, &policy)
            .map(|_| "verified")
            .map_err(|error| error.name());
        assert_eq!(refused, Err(reason), "{name}");
        let path = dir.join(format!("{name}.veta-proof"));
        if std::env::var_os("VETA_REGENERATE").is_some() {
            std::fs::create_dir_all(&dir).unwrap();
            std::fs::write(&path, &bundle).unwrap();
        }
        assert_eq!(std::fs::read(&path).unwrap(), bundle, "{name}");
    }
}

/// The bundle of a lot with other leaves, and the proof that the tree has just these.
fn with_leaves(log: &Log, lot: LotId, change: impl FnOnce(&mut Vec<LeafIndex>)) -> Vec<u8> {
    let whole = String::from_utf8(log.bundle(lot)).unwrap();
    let value: serde_json::Value = serde_json::from_str(&whole).unwrap();
    let mut indexes: Vec<_> = value["leaves"]
        .as_array()
        .unwrap()
        .iter()
        .map(|leaf| LeafIndex::new(leaf[0].as_u64().unwrap()))
        .collect();
    change(&mut indexes);
    let leaf = |index: &LeafIndex| serde_json::json!([index.get(), STANDARD.encode(log.leaf(*index).unwrap())]);
    let leaves: Vec<_> = indexes.iter().map(leaf).collect();
    let proof = prove_all(&indexes, log.size(), log).unwrap();
    let hashes: Vec<u8> = proof.hashes.iter().flat_map(|hash| *hash.as_bytes()).collect();
    let (before, rest) = whole.split_once("\"leaves\":").unwrap();
    let (_, after) = rest.split_once(",\"keys\"").unwrap();
    let leaves = serde_json::Value::from(leaves);
    format!(
        "{before}\"leaves\":{leaves},\"tree\":\"{}\",\"keys\"{after}",
        STANDARD.encode(hashes)
    )
    .into_bytes()
}

/// How long a bundle is grows with what is said of the lot and by how many, and with the logarithm of the log. Times of every
/// statement are two checkpoints for each, with the proofs that the log grew from there. Another number of leaves is named by
/// `VETA_BUNDLE_LEAVES`.
#[test]
fn a_bundle_is_small() {
    let named = std::env::var("VETA_BUNDLE_LEAVES").ok();
    let leaves: u64 = named.map_or(20_000, |leaves| leaves.parse().unwrap());
    for (statements, traders, kib_max, with_times_max) in
        [(5, 2, 16, 30), (12, 2, 24, 57), (12, 4, 27, 60), (40, 4, 50, 162)]
    {
        let (log, lot) = traded((statements, traders), leaves, leaves / 10 * 3);
        let size = |times: bool| {
            let asked = Asked {
                times,
                ..Asked::all_of(lot)
            };
            let bundle = log.bundle_from(&log, asked);
            let report = verify(&bundle, &log.policy()).unwrap();
            assert_eq!(report.history.len() as u64, statements);
            (bundle.len(), with_older(&bundle, |older| *older = json!([])).len())
        };
        let ((one, none), (times, _)) = (size(false), size(true));
        let told = format!(
            "{statements} statements by a miner and {traders} traders among {leaves} leaves: {none} bytes; {one} with the last \
             checkpoint before the last of them, {times} with the times of all"
        );
        println!("{told}");
        assert!(none < kib_max * 1_024 && times < with_times_max * 1_024, "{told}");
    }
}

/// The bytes of bundles, and the policy they verify under, as files: `VETA_REGENERATE=1` writes them anew.
#[test]
fn the_bytes_are_frozen() {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/bundle");
    let mut descent = Descent::new();
    let (log, lot) = sold_once();
    descent.market.log.keep(30);
    let market = &mut descent.market;
    let lots = descent.split;
    let after = market.log.ledger().lot(&lots[1]).unwrap().latest;
    let offered = market.world.offer(&mut market.miner, lots[1], after, &market.trader);
    market.log.append(&record(&offered));
    let of = |lot, depth| market.log.bundle_from(&market.log, to_depth(lot, depth));
    for (name, bytes) in [
        ("sold-once.veta-proof", log.bundle(lot)),
        ("made-of-others.veta-proof", of(lots[0], None)),
        ("made-of-others-depth-1.veta-proof", of(lots[0], Some(1))),
        ("after-an-older-checkpoint.veta-proof", of(lots[1], None)),
        ("with-times.veta-proof", with_times(&CHECKPOINTS).1),
        ("log.policy", log.policy().to_bytes()),
        ("log-alone.policy", Policy::trusting(log.vkey()).to_bytes()),
        ("all-witnesses.policy", all_of_them(&log.policy()).into_bytes()),
        ("log.vkey", format!("{}\n", log.vkey()).into_bytes()),
    ] {
        let path = dir.join(name);
        if std::env::var_os("VETA_REGENERATE").is_some() {
            std::fs::create_dir_all(&dir).unwrap();
            std::fs::write(&path, &bytes).unwrap();
        }
        assert_eq!(std::fs::read(&path).unwrap(), bytes, "{name}");
    }
}
