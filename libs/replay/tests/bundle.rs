//! A bundle proves everything about a lot, or nothing.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

use std::collections::BTreeMap;

use bytes::Bytes;
use ed25519_dalek::SigningKey;
use event::vocabulary::{
    Confidence, DelegationGranted, EventKind, IncidentCategory, IncidentReported, PartyKind, Severity, Standing,
    StandingDecided, Subject,
};
use event::{Date, Event, List, LotId, Mass, SignedStatement};
use ledger::Refusal;
use replay::bundle::{BundleError, Source, build, verify};
use replay::{Replica, check};
use tests::world::{BEGIN, Signer, World, day, line, list, lot, record, short};
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
        let leaf = step.leaf.expect("this replica keeps a log");
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
        Ok(self.replica.prove(key).expect("this replica keeps a log"))
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
    for (name, bytes) in [
        ("sold-once.veta-proof", log.bundle(lot)),
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
