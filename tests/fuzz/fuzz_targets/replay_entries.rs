//! The entries of another's log as `veta replay` decides them: it finds the log intact exactly if every entry is the one that the
//! records lead to, and where it is not, says something of it.
#![no_main]

use bytes::Bytes;
use ed25519_dalek::SigningKey;
use event::vocabulary::{PartyKind, PartyProfile};
use event::{DeploymentId, Event, List, PartyId, Record, SignedStatement, Statement, Timestamp};
use fuzz::directory::{Damage, Files, damage, head};
use fuzz::{founding, log_origin};
use libfuzzer_sys::fuzz_target;
use replay::{Replica, check};
use tlog::Leaf;
use veta::replays::fuzzing::decided;

const STARTED_AT: Timestamp = Timestamp::from_unix_ms(1_780_228_800_000);

/// Records that follow a few good ones, and what is done to the entries: they are files in their order.
type Input<'a> = (Vec<&'a [u8]>, Vec<Damage<'a>>);

fuzz_target!(|input: Input<'_>| {
    let (records, damages) = input;
    let mut replica = Replica::with_log(&log_origin());
    let mut leaves = good(&mut replica);
    leaves.extend(records.iter().map(|record| entry(&mut replica, record)));
    let honest = decided(&log_origin(), &leaves);
    assert!(honest.intact);
    assert_eq!((honest.derived, honest.given), (head(&leaves), head(&leaves)));
    let name = |at: usize| format!("{at:08}");
    let mut files: Files = (0..).map(name).zip(leaves).collect();
    for one in damages {
        damage(&mut files, one);
    }
    let leaves: Vec<Vec<u8>> = files.into_values().collect();
    let derived = derived(&leaves);
    let found = decided(&log_origin(), &leaves);
    assert_eq!((found.derived, found.given), (head(&derived), head(&leaves)));
    assert_eq!(found.intact, derived == leaves);
    assert!(found.intact || !found.findings.is_empty());
});

/// A deployment is founded, a trader enrolled, and enrolled again under a number that leaves others out.
fn good(replica: &mut Replica) -> Vec<Vec<u8>> {
    let founded = said(DeploymentId::FOUNDING, PartyId::FOUNDER, 1, founding());
    let scheme = PartyId::derive(founded.id(DeploymentId::FOUNDING), 0);
    let mut leaves = vec![entry(replica, &recorded(founded))];
    let deployment = replica.deployment().expect("it was founded just now");
    for number in [2, 9] {
        let trader = Event::PartyEnrolled(PartyProfile {
            kind: PartyKind::Trader,
            name: "Trader".parse().expect("a name"),
            country: "CD".parse().expect("a country"),
            languages: List::empty(),
            reference: None,
        });
        leaves.push(entry(replica, &recorded(said(deployment, scheme, number, trader))));
    }
    leaves
}

fn said(deployment: DeploymentId, party: PartyId, number: u64, event: Event) -> SignedStatement {
    let statement = Statement {
        party,
        number,
        stated_at: STARTED_AT,
        event,
    };
    SignedStatement::sign(&statement, deployment, &SigningKey::from_bytes(&[1; 32])).expect("a short statement")
}

fn recorded(statement: SignedStatement) -> Vec<u8> {
    Record::new(STARTED_AT, statement).encode()
}

/// The entry of a record.
fn entry(replica: &mut Replica, record: &[u8]) -> Vec<u8> {
    let step = replica.step(check(replica.deployment(), Bytes::copy_from_slice(record)));
    step.logged().expect("memory does not fail").bytes.clone()
}

/// The entries that the records in these lead to; what is no entry has none.
fn derived(leaves: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut replica = Replica::with_log(&log_origin());
    let record = |leaf: &Vec<u8>| Leaf::parse(leaf).map_or_else(|_| Vec::new(), |read| read.record.to_vec());
    leaves.iter().map(|leaf| entry(&mut replica, &record(leaf))).collect()
}
