//! A bundle proves everything about a lot, or nothing.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use std::collections::BTreeMap;

use bytes::Bytes;
use ed25519_dalek::SigningKey;
use event::vocabulary::{
    Confidence, CustodyModel, DelegationGranted, EventKind, FinenessClaim, FinenessMethod, IncidentCategory,
    IncidentReported, LotAfter, LotDeclared, LotExported, LotForm, LotHeld, LotsTransformed, Output, PartyKind,
    Reference, Severity, Standing, StandingDecided, Subject, Transformation,
};
use event::{Date, Event, Fineness, List, LotId, Mass, SignedStatement, StatementId};
use ledger::{End, Refusal};
use replay::bundle::{BundleError, Source, build, verify};
use replay::{Replica, check};
use tests::world::{BEGIN, Signer, World, day, line, list, lot, record, short, slug};
use tlog::map::{MapHead, MapKey, MapProof};
use tlog::note::{NoteSigner, Vkey};
use tlog::tree::{Frontier, NodeReader, leaf_hash, node_hash};
use tlog::{Checkpoint, Hash, LeafIndex, Origin, TreeSize};

/// A log in memory.
struct Log {
    replica: Replica,
    leaves: Vec<Vec<u8>>,
    index: BTreeMap<MapKey, Vec<LeafIndex>>,
    origin: Origin,
    signer: NoteSigner,
}

impl Log {
    fn new() -> Self {
        let origin = Origin::new("veta.test/log").unwrap();
        let signer = NoteSigner::new(origin.key_name().clone(), SigningKey::from_bytes(&[9; 32])).unwrap();
        let replica = Replica::with_log(&origin);
        Self {
            replica,
            leaves: Vec::new(),
            index: BTreeMap::new(),
            origin,
            signer,
        }
    }

    fn append(&mut self, payload: Vec<u8>) -> u16 {
        let checked = check(self.replica.deployment(), Bytes::from(payload));
        let step = self.replica.step(checked);
        let leaf = step.leaf.expect("this replica keeps a log").unwrap();
        for touched in &leaf.touched {
            self.index.entry(touched.key()).or_default().push(leaf.index);
        }
        self.leaves.push(leaf.bytes);
        step.verdict.code()
    }

    fn say(&mut self, statement: &SignedStatement) {
        assert_eq!(self.append(record(statement)), 0, "{statement:?}");
    }

    fn vkey(&self) -> Vkey {
        self.signer.vkey().clone()
    }

    fn note(&self) -> String {
        let mut tree = Frontier::new();
        for leaf in &self.leaves {
            tree.push(leaf_hash(leaf));
        }
        Checkpoint::new(self.origin.clone(), tree.head())
            .sign(&self.signer)
            .unwrap()
    }

    fn bundle(&self, lot: LotId) -> Vec<u8> {
        let size = TreeSize::new(self.leaves.len() as u64);
        build(lot, self.replica.deployment().unwrap(), &self.note(), size, self).unwrap()
    }
}

impl NodeReader for Log {
    fn node(&self, level: u8, index: u64) -> Option<Hash> {
        if level == 0 {
            return self
                .leaves
                .get(usize::try_from(index).ok()?)
                .map(|leaf| leaf_hash(leaf));
        }
        Some(node_hash(
            &self.node(level - 1, 2 * index)?,
            &self.node(level - 1, 2 * index + 1)?,
        ))
    }
}

impl Source for Log {
    type Error = core::convert::Infallible;

    fn leaf(&self, index: LeafIndex) -> Result<Vec<u8>, Self::Error> {
        Ok(self.leaves[usize::try_from(index.get()).unwrap()].clone())
    }

    fn indexes(&self, key: &MapKey, _max: usize) -> Result<Vec<LeafIndex>, Self::Error> {
        Ok(self.index.get(key).cloned().unwrap_or_default())
    }

    fn map(&self, key: &MapKey) -> Result<(Option<MapHead>, MapProof), Self::Error> {
        Ok(self.replica.prove(key).expect("this replica keeps a log").unwrap())
    }
}

/// A lot that was sold once and tried to be sold twice, among other lots, garbage and assessments.
fn sold_once() -> (Log, LotId) {
    let mut log = Log::new();
    let (mut world, founded) = World::found(1);
    assert_eq!(log.append(b"before anything".to_vec()), Refusal::MalformedRecord.code());
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
    assert_eq!(log.append(record(&again)), Refusal::Superseded.code());
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
    let report = verify(&log.bundle(lot), &log.vkey()).unwrap();
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
    assert_eq!(report.checkpoint.size.get(), log.leaves.len() as u64);
    assert!(report.rests_on_log.is_empty());
}

#[test]
fn a_bundle_of_every_prefix_verifies() {
    let (whole, lot) = sold_once();
    let mut log = Log::new();
    let mut proved = 0;
    for leaf in &whole.leaves {
        log.append(tlog::Leaf::parse(leaf).unwrap().record.to_vec());
        if log.replica.ledger().lot(&lot).is_some() {
            verify(&log.bundle(lot), &log.vkey()).unwrap();
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
    let report = verify(&market.log.bundle(id), &market.log.vkey()).unwrap();
    assert_eq!(report.names[&report.lot.custodian], "Miners");
    assert!(report.rests_on_log.is_empty());
    // That only five grams were left rests on a lot that is not in the bundle.
    assert_eq!(market.log.append(record(&too_much)), Refusal::DelegatedMass.code());
    let last = market.log.leaves.len() as u64 - 1;
    let report = verify(&market.log.bundle(id), &market.log.vkey()).unwrap();
    assert_eq!(report.rests_on_log, [LeafIndex::new(last)]);
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
        assert_eq!(market.log.append(record(&offered)), Refusal::LotHeld.code());
        let mut again = lot(market.site, 30);
        again.seals = list(vec![short("S-1")]);
        let again = market.miner.say(market.world.deployment, Event::LotDeclared(again));
        assert_eq!(market.log.append(record(&again)), Refusal::OperatorSuspended.code());
        let report = verify(&market.log.bundle(id), &market.log.vkey()).unwrap();
        let history: Vec<_> = report.history.iter().map(|entry| entry.refused).collect();
        assert_eq!(history, [None, Some(Refusal::LotHeld)]);
        let last = market.log.leaves.len() as u64 - 1;
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
    let alone = verify(&market.log.bundle(lot), &market.log.vkey()).unwrap();
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
    let report = verify(&market.log.bundle(lot), &market.log.vkey()).unwrap();
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
        assert_eq!(market.log.append(record(&offered)), Refusal::HoldOpen.code());
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

    /// Where the latest record stands.
    fn last(&self) -> LeafIndex {
        LeafIndex::new(self.log.leaves.len() as u64 - 1)
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
    let report = verify(&log.bundle(descent.split[0]), &log.vkey()).unwrap();
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
        let report = verify(&log.bundle(lot), &log.vkey()).unwrap();
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
        let size = TreeSize::new(log.leaves.len() as u64);
        let deployment = log.replica.deployment().unwrap();
        let bundle = build(descent.split[0], deployment, &log.note(), size, &source).unwrap();
        verify(&bundle, &log.vkey())
    };
    for (what, index) in &descent.said {
        assert!(without(*index).is_err(), "{what}");
    }
    // Nor any other record that is in the bundle; the last one is there for the map's root, whatever it says.
    for index in (0..log.leaves.len() as u64 - 1).map(LeafIndex::new) {
        assert!(without(index).is_err(), "leaf {index}");
    }
    // The hold alone would be missed by nobody who decides again: that it is one of the records does not let it go.
    let (_, hold) = descent.said[5];
    let (_, offer) = descent.said[6];
    assert_eq!(hold.get() + 1, offer.get());
    assert!(matches!(without(hold), Err(BundleError::WrongVerdict { .. })));
    assert_eq!(without(offer).err(), Some(BundleError::Incomplete { kind: "lot" }));
}

/// Before anybody tried to move the lot, no verdict tells of the hold: the map does.
#[test]
fn a_hold_that_nobody_met_cannot_be_left_out() {
    let descent = Descent::new();
    let whole = &descent.market.log;
    let (_, hold) = descent.said[5];
    let mut log = Log::new();
    for leaf in &whole.leaves[..=usize::try_from(hold.get()).unwrap()] {
        log.append(tlog::Leaf::parse(leaf).unwrap().record.to_vec());
    }
    log.append(b"nothing about it".to_vec());
    let (lot, vkey) = (descent.split[0], log.vkey());
    assert!(verify(&log.bundle(lot), &vkey).unwrap().is_held);
    let source = LeavesOut {
        log: &log,
        left_out: hold,
    };
    let size = TreeSize::new(log.leaves.len() as u64);
    let bundle = build(lot, log.replica.deployment().unwrap(), &log.note(), size, &source).unwrap();
    assert_eq!(
        verify(&bundle, &vkey).err(),
        Some(BundleError::Incomplete { kind: "lot" })
    );
}

#[test]
fn another_key_proves_nothing() {
    let (log, lot) = sold_once();
    let other = NoteSigner::new(log.origin.key_name().clone(), SigningKey::from_bytes(&[8; 32])).unwrap();
    assert!(matches!(
        verify(&log.bundle(lot), other.vkey()),
        Err(BundleError::Checkpoint(_))
    ));
}

#[test]
fn every_changed_byte_is_refused() {
    let (log, lot) = sold_once();
    let (bundle, vkey) = (log.bundle(lot), log.vkey());
    for place in 0..bundle.len() {
        let mut changed = bundle.clone();
        changed[place] ^= 1;
        assert!(verify(&changed, &vkey).is_err(), "byte {place} of {}", bundle.len());
    }
    for length in (0..bundle.len()).step_by(97) {
        assert!(verify(&bundle[..length], &vkey).is_err(), "cut at {length}");
    }
}

/// An operator who leaves out the last sale must forge a map root, and so the signed tree.
#[test]
fn a_sale_left_out_is_noticed() {
    let (log, lot) = sold_once();
    let older = {
        let mut older = Log::new();
        // Everything but the acceptance, under a tree of the same records: the map then shows fewer records.
        for leaf in &log.leaves[..log.leaves.len() - 3] {
            older.append(tlog::Leaf::parse(leaf).unwrap().record.to_vec());
        }
        older.bundle(lot)
    };
    let text = String::from_utf8(older).unwrap();
    let newer = String::from_utf8(log.bundle(lot)).unwrap();
    let checkpoint = |text: &str| text[text.find("\"checkpoint\"").unwrap()..text.find(",\"map\"").unwrap()].to_owned();
    let forged = text.replace(&checkpoint(&text), &checkpoint(&newer));
    assert!(verify(forged.as_bytes(), &log.vkey()).is_err());
}

/// The bytes of a bundle, and the key it verifies under, as files: `VETA_REGENERATE=1` writes them anew.
#[test]
fn the_bytes_are_frozen() {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/bundle");
    let (log, lot) = sold_once();
    let descent = Descent::new();
    for (name, bytes) in [
        ("sold-once.veta-proof", log.bundle(lot)),
        ("made-of-others.veta-proof", descent.market.log.bundle(descent.split[0])),
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
