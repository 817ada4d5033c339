//! A log in memory: what is said in a world, its tree and map, witnesses that cosign it, and proofs of its lots. Records that
//! nobody looks at can stand between, so that a log of a million is made in seconds.

use core::convert::Infallible;
use std::collections::BTreeMap;

use bytes::Bytes;
use ed25519_dalek::SigningKey;
use event::vocabulary::{LotWeighed, PartyKind};
use event::{Event, List, LotId, Mass, SignedStatement, StatementId, StreamPosition};
use ledger::Ledger;
use replay::bundle::{Asked, Published, Source, build};
use replay::{Touched, check, touches};
use tlog::cosignature::{CosignTime, Cosigner};
use tlog::leaf::genesis_prev;
use tlog::map::{Map, MapHead, MapKey, MapKind, MapProof, leaf_core_hash, map_key};
use tlog::note::{Note, NoteSigner, Vkey};
use tlog::policy::Policy;
use tlog::tree::{NodeReader, TreeHead, leaf_hash, node_hash, root};
use tlog::{Checkpoint, Hash, Leaf, LeafIndex, Origin, TreeSize};

use crate::world::{BEGIN, World, lot, record};

/// A log in memory.
#[derive(Debug)]
pub struct Log {
    ledger: Ledger,
    map: Map,
    /// Those leaves that somebody may ask for.
    leaves: BTreeMap<LeafIndex, Vec<u8>>,
    index: BTreeMap<MapKey, Vec<LeafIndex>>,
    /// The complete subtrees of each level.
    nodes: Vec<Vec<Hash>>,
    origin: Origin,
    signer: NoteSigner,
    /// Two that look at the tree alone, and one that decides every record again.
    witnesses: [Cosigner; 3],
    /// Older checkpoints, for whoever asks for one, in their order.
    older: Vec<Published>,
}

impl Default for Log {
    fn default() -> Self {
        let origin = Origin::new("veta.test/log").expect("a good name");
        let signer = NoteSigner::new(origin.key_name().clone(), SigningKey::from_bytes(&[9; 32]));
        let witnesses = [("w1.test", 11), ("w2.test", 12), ("a1.test", 13)].map(|(name, seed)| {
            let name = name.parse().expect("a good name");
            Cosigner::new(name, SigningKey::from_bytes(&[seed; 32])).expect("a good key")
        });
        Self {
            ledger: Ledger::new(),
            map: Map::in_memory(),
            leaves: BTreeMap::new(),
            index: BTreeMap::new(),
            nodes: vec![Vec::new()],
            signer: signer.expect("a good key"),
            origin,
            witnesses,
            older: Vec::new(),
        }
    }
}

impl Log {
    /// The log without records.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends whatever a message of the stream holds, and says with which verdict.
    pub fn append(&mut self, payload: &[u8]) -> u16 {
        let index = self.size().next_index();
        let checked = check(self.ledger.deployment(), Bytes::copy_from_slice(payload));
        self.ledger.skip_to(StreamPosition::new(index.get()));
        let read = checked.read();
        let verdict = match read {
            Ok((admitted_at, statement)) => match self.ledger.admit(statement, *admitted_at) {
                Ok(admitted) => {
                    self.ledger.apply(admitted);
                    0
                }
                Err(refusal) => refusal.code(),
            },
            Err(refusal) => refusal.code(),
        };
        let touched = read.map(|(_, statement)| touches(statement)).unwrap_or_default();
        self.write(payload, verdict, &touched, |_| ());
        verdict
    }

    /// Appends a leaf as an operator writes it who lies: with this verdict, under these keys, and then with its bytes twisted.
    pub fn write(&mut self, payload: &[u8], verdict: u16, touched: &[Touched], twist: impl FnOnce(&mut [u8])) {
        let index = self.size().next_index();
        let keys: Vec<_> = touched.iter().map(Touched::key).collect();
        for key in &keys {
            self.index.entry(*key).or_default().push(index);
        }
        let core = leaf_core_hash(verdict, payload);
        self.map.touch(&keys, index, &core).expect("memory does not fail");
        let prev = self.nodes[0].last().copied();
        let leaf = Leaf {
            prev: prev.unwrap_or_else(|| genesis_prev(&self.origin)),
            map_root: self.map.root(),
            verdict,
            record: payload,
        };
        let mut leaf = leaf.encode().expect("tests say short things");
        twist(&mut leaf);
        self.push(leaf_hash(&leaf));
        self.leaves.insert(index, leaf);
    }

    /// Appends what is admitted.
    ///
    /// # Panics
    /// If it is not.
    pub fn say(&mut self, statement: &SignedStatement) {
        assert_eq!(self.append(&record(statement)), 0, "{statement:?}");
    }

    /// Appends so many leaves that nobody will ask for, and takes as many keys into the map.
    pub fn fill(&mut self, leaves: u64, keys: u64) {
        let begin = self.size().get();
        let made_up = |kind: &str, number: u64| map_key(MapKind::Progress, format!("{kind} {number}").as_bytes());
        for number in begin..begin + leaves {
            self.push(Hash::from_bytes(*made_up("leaf", number).as_bytes()));
        }
        let head = |number: u64| {
            let key = made_up("key", number);
            let chain = Hash::from_bytes(*key.as_bytes());
            let last = LeafIndex::new(number);
            (key, MapHead { count: 1, last, chain })
        };
        for first in (begin..begin + keys).step_by(1_000) {
            let heads: Vec<_> = (first..(begin + keys).min(first + 1_000)).map(head).collect();
            self.map.set(&heads).expect("memory does not fail");
        }
    }

    /// How many leaves there are.
    #[must_use]
    pub fn size(&self) -> TreeSize {
        TreeSize::new(self.nodes[0].len() as u64)
    }

    /// What it made of its records.
    #[must_use]
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The records of all leaves that somebody may ask for, in their order.
    pub fn records(&self) -> impl Iterator<Item = &[u8]> {
        let leaves = self.leaves.values();
        leaves.map(|leaf| Leaf::parse(leaf).expect("it was encoded").record)
    }

    /// Its key.
    #[must_use]
    pub fn vkey(&self) -> Vkey {
        self.signer.vkey().clone()
    }

    /// What a careful reader asks for: the log, one of two witnesses, and the auditing one.
    #[must_use]
    pub fn policy(&self) -> Policy {
        let [w1, w2, a1] = self.witnesses.each_ref().map(Cosigner::vkey);
        let text = format!(
            "log {}\nwitness w1 {w1}\nwitness w2 {w2}\nwitness a1 {a1}\ngroup auditors any a1\ngroup others any w1 w2\n\
             group enough all auditors others\nquorum enough\n",
            self.vkey()
        );
        text.parse().expect("a good policy")
    }

    /// The present head, cosigned a second after each other, so many minutes after the world began.
    #[must_use]
    pub fn published(&self, minutes: u64) -> Published {
        let size = self.size();
        let root = root(size, self).expect("every node is kept");
        let checkpoint = Checkpoint::new(self.origin.clone(), TreeHead { size, root });
        let mut note = Note::new(checkpoint.to_text()).expect("a good text");
        note.sign(&self.signer).expect("it has not signed");
        for (second, witness) in (0..).zip(&self.witnesses) {
            let cosignature = witness.cosign(&note, time(60 * minutes + second));
            note.add(cosignature).expect("it has not signed");
        }
        let note = note.encode().expect("a short note");
        Published { note, size }
    }

    /// Keeps the present head for later proofs, cosigned so many minutes after the world began.
    pub fn keep(&mut self, minutes: u64) {
        self.older.push(self.published(minutes));
    }

    /// The proof of a lot, an hour after the world began.
    #[must_use]
    pub fn bundle(&self, lot: LotId) -> Vec<u8> {
        self.bundle_from(self, Asked::all_of(lot))
    }

    /// The proof that is made of what a source gives, which may leave something out.
    ///
    /// # Panics
    /// If there is none.
    pub fn bundle_from<S: Source<Error = Infallible>>(&self, source: &S, asked: Asked) -> Vec<u8> {
        let deployment = self.ledger.deployment().expect("founded");
        build(asked, deployment, &self.published(60), source).expect("the lot is in the log")
    }

    fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for level in 0.. {
            if self.nodes.len() == level {
                self.nodes.push(Vec::new());
            }
            let nodes = &mut self.nodes[level];
            nodes.push(hash);
            if nodes.len() % 2 == 1 {
                return;
            }
            hash = node_hash(&nodes[nodes.len() - 2], &nodes[nodes.len() - 1]);
        }
    }
}

/// So many seconds after every world begins.
fn time(seconds: u64) -> CosignTime {
    let begin = u64::try_from(BEGIN.unix_ms() / 1_000).expect("after the epoch");
    CosignTime::new(begin + seconds).expect("before the end of time")
}

impl NodeReader for Log {
    fn node(&self, level: u8, index: u64) -> Option<Hash> {
        let nodes = self.nodes.get(usize::from(level))?;
        nodes.get(usize::try_from(index).ok()?).copied()
    }
}

impl Source for Log {
    type Error = Infallible;

    fn leaf(&self, index: LeafIndex) -> Result<Vec<u8>, Infallible> {
        Ok(self.leaves[&index].clone())
    }

    fn indexes(&self, key: &MapKey, _max: usize) -> Result<Vec<LeafIndex>, Infallible> {
        Ok(self.index.get(key).cloned().unwrap_or_default())
    }

    fn map(&self, key: &MapKey) -> Result<(Option<MapHead>, MapProof), Infallible> {
        Ok(self.map.prove(key).expect("memory does not fail"))
    }

    fn before(&self, most: TreeSize) -> Result<Option<Published>, Infallible> {
        Ok(self.older.iter().rfind(|older| older.size <= most).cloned())
    }

    fn since(&self, least: TreeSize) -> Result<Option<Published>, Infallible> {
        Ok(self.older.iter().find(|older| least <= older.size).cloned())
    }
}

/// A log of so many leaves and map keys with one lot, of which so many statements say something: who dug it, and so many traders,
/// at most four, who weigh it and hand it on. Its last tenth is when that happened; the parties were enrolled at its very beginning.
/// Right before and after every statement there is a checkpoint.
///
/// # Panics
/// If there is not room for all of it.
#[must_use]
pub fn traded((statements, traders): (u64, usize), leaves: u64, keys: u64) -> (Log, LotId) {
    let mut log = Log::new();
    let (mut world, founded) = World::found(1);
    log.say(&founded);
    let names = [
        (PartyKind::MinersOrganization, "A miners' cooperative"),
        (PartyKind::Trader, "A trader in the village"),
        (PartyKind::Trader, "A trader in the town"),
        (PartyKind::Trader, "A trader in the capital"),
        (PartyKind::Trader, "A trader abroad"),
    ];
    let mut parties = Vec::new();
    for (kind, name) in names.into_iter().take(1 + traders) {
        let (party, said) = world.enrol(kind, name);
        for said in &said {
            log.say(said);
        }
        parties.push(party);
    }
    let (site, registered) = world.site(&parties[0], "A hill with a name");
    log.say(&registered);
    log.fill(leaves / 10 * 9, keys);
    let between = (leaves - log.size().get()) / (statements + 1);
    let mut latest = parties[0].say(world.deployment, Event::LotDeclared(lot(site, 20)));
    let id = LotId::derive(world.id(&latest), 0);
    log.keep(0);
    log.say(&latest);
    log.keep(0);
    let mut holder = 0;
    for step in (0..3).cycle().take(usize::try_from(statements - 1).expect("few")) {
        log.fill(between, 0);
        let (after, next) = (world.id(&latest), 1 + holder % traders);
        latest = match step {
            0 => parties[holder].say(world.deployment, Event::LotWeighed(weighed(id, after))),
            1 => {
                let to = parties[next].clone();
                world.offer(&mut parties[holder], id, after, &to)
            }
            _ => {
                holder = next;
                world.accept(&mut parties[next], id, after, 20)
            }
        };
        log.keep(0);
        log.say(&latest);
        log.keep(0);
    }
    log.fill(leaves - log.size().get() - 1, 0);
    log.append(b"what the log ends with");
    (log, id)
}

fn weighed(lot: LotId, after: StatementId) -> LotWeighed {
    LotWeighed {
        lot,
        after,
        gross_mass: Mass::from_micrograms(20_000_000),
        scale: None,
        calibrated: None,
        witness: None,
        documents: List::empty(),
    }
}
