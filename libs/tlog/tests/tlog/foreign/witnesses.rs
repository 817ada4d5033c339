//! What the tests of witnesses and of those who ask them expect: quorums of transparency-dev/formats, answers of
//! transparency-dev/witness, a policy that torchwood ships. Requests of litewitness' tests are in `testdata/add-checkpoint`.

use tlog::cosignature::{CosignTime, Cosigner};
use tlog::note::Note;
use tlog::policy::{Policy, PolicyError};
use tlog::tree::ConsistencyProof;
use tlog::witness::{AddCheckpoint, Refusal, decide};
use tlog::{Checkpoint, Hash, TreeHead, TreeSize};

use super::{secret, signer};

const LOG: &str = "PRIVATE+KEY+Log+2271c621+AdEIq9FLRQni54Wg68T96VJO+iayOaulswav2DUMKgvQ";
const WITNESSES: [&str; 3] = [
    "PRIVATE+KEY+Wit1+55ee4561+AeadRiG7XM4XiieCHzD8lxysXMwcViy5nYsoXURWGrlE",
    "PRIVATE+KEY+Wit2+85ecc407+AfPTvxw5eUcqSgivo2vaiC7JPOMUZ/9baHPSDrWqgdGm",
    "PRIVATE+KEY+Wit3+d3ed3be7+AR2Kg8k6ccBr5QXz5SHtnkOS4UGQGEQaWi6Gfr6Mm3X5",
];

fn cosigner(witness: usize) -> Cosigner {
    let (name, key) = secret(WITNESSES[witness - 1]);
    Cosigner::new(name, key).unwrap()
}

/// A quorum of the table of `TestGroup_Satisfied`, in the words of a policy, and who cosigned.
#[track_caller]
fn check_group(groups: &str, cosigned_by: &[usize], satisfied: bool) {
    let log = signer(LOG);
    let line = |witness| format!("witness wit{witness} {}\n", cosigner(witness).vkey());
    let witnesses: String = (1..=3).map(line).collect();
    let policy: Policy = format!("log {}\n{witnesses}{groups}", log.vkey()).parse().unwrap();
    let checkpoint = Checkpoint::new("Log".parse().unwrap(), TreeHead::empty());
    let mut note = Note::parse(checkpoint.sign(&log).unwrap().as_bytes()).unwrap();
    for witness in cosigned_by {
        let line = cosigner(*witness).cosign(&note, CosignTime::new(1).unwrap());
        note.add(line).unwrap();
    }
    let checked = policy.check(&note);
    let as_expected = match &checked {
        Ok(cosigned) => satisfied && cosigned.by.len() == cosigned_by.len(),
        Err(error) => !satisfied && matches!(error, PolicyError::NoQuorum { .. }),
    };
    assert!(as_expected, "{groups} by {cosigned_by:?}: {checked:?}");
}

/// The groups of which a policy can speak: those that need no member at all are left out (4 of 13).
#[test]
fn groups_of_formats() {
    let nested = "group inner any wit1\ngroup outer any inner\nquorum outer\n";
    let one_of_two = "group two any wit2 wit3\ngroup both all wit1 two\nquorum both\n";
    check_group("quorum none\n", &[], true);
    check_group("group one any wit1\nquorum one\n", &[1], true);
    check_group("group one any wit1\nquorum one\n", &[], false);
    check_group(nested, &[1], true);
    check_group(nested, &[], false);
    check_group(one_of_two, &[1, 2, 3], true);
    check_group(one_of_two, &[1, 2], true);
    check_group(one_of_two, &[1], false);
    check_group(one_of_two, &[2, 3], false);
}

const MONKEYS: &str = "PRIVATE+KEY+monkeys+db4d9f7e+ATWIAF3yVBG+Hv1rZFQoNt/BaURkLPtOFMAM2HrEeIr6";
const FIVE: &str = "monkeys\n5\n41smjBUiAU70EtKlT6lIOIYtRTYxYXsDB+XHfcvu/BE=\n\n— monkeys 202fftzGl3LVoqjXfwCFZZXs8I+5G22+Ek2K0AOyBuSJ/8/CZawNF+6fNlTKOCd622pbzJNkkJFWuw9DbicZCkEx9AY=\n";
const EIGHT: &str = "monkeys\n8\nV8K9aklZ4EPB+RMOk1/8VsJUdFZR77GDtZUQq84vSbo=\n\n— monkeys 202ffoUEboiQYpHzICeaFmoy3RNviHTpAxYrq/eO4QQVQMvu9UebKBMX2MJC76NLthZaKsnKbCA8GxrjePZhvDCH7Ag=\n";
const FIVE_TO_EIGHT: [&str; 4] = [
    "b9e1d62618f7fee8034e4c5010f727ab24d8e4705cb296c374bf2025a87a10d2",
    "aac66cd7a79ce4012d80762fe8eec3a77f22d1ca4145c3f4cee022e7efcd599d",
    "89d0f753f66a290c483b39cd5e9eafb12021293395fad3d4a2ad053cfbcfdc9e",
    "29e40bb79c966f4c6fe96aff6f30acfce5f3e8d84c02215175d6e018a5dee833",
];
const ROOT_OF_FIVE: &str = "e35b268c1522014ef412d2a54fa94838862d453631617b0307e5c77dcbeefc11";
const OTHER_ROOT: &str = "fffffffffffffffef412d2a54fa94838862d453631617b0307e5c77dcbeefc11";

fn hash(hexadecimal: &str) -> Hash {
    Hash::from_slice(&hex::decode(hexadecimal).unwrap()).unwrap()
}

/// A checkpoint as their tests make it. The empty tree may have a root there that it cannot have, which nothing here signs.
fn signed(size: u64, root: Hash) -> String {
    let mut note = Note::new(format!("monkeys\n{size}\n{root}\n")).unwrap();
    note.sign(&signer(MONKEYS)).unwrap();
    note.encode().unwrap()
}

/// A row of `TestUpdate`: what the witness has, what it is asked, and 200 or the status that the error stands for.
#[track_caller]
fn check_update(stored: &str, old: u64, new: &str, proof: &[&str], status: u16) {
    let vkey = signer(MONKEYS).vkey().clone();
    let stored = Checkpoint::open(stored.as_bytes(), &vkey).unwrap();
    let request = AddCheckpoint {
        old: TreeSize::new(old),
        proof: ConsistencyProof {
            hashes: proof.iter().map(|text| hash(text)).collect(),
        },
        checkpoint: Note::parse(new.as_bytes()).unwrap(),
    };
    let decided = decide(Some(&stored), &[vkey], &request);
    let found = decided.as_ref().map_or_else(Refusal::status, |_| 200);
    assert_eq!(found, status, "{old} to {new}: {decided:?}");
}

/// All rows but two, whose proofs are hashes of one and two bytes.
#[test]
fn updates_of_a_witness() {
    let empty = tlog::tree::empty_root();
    let (none, five) = (signed(0, empty), signed(5, hash(ROOT_OF_FIVE)));
    assert_eq!(five, FIVE);
    check_update(FIVE, 5, EIGHT, &FIVE_TO_EIGHT, 200);
    check_update(&none, 0, &none, &[], 200);
    check_update(&none, 0, &signed(0, hash(ROOT_OF_FIVE)), &[], 422);
    check_update(FIVE, 2, EIGHT, &[], 409);
    check_update(&none, 0, FIVE, &FIVE_TO_EIGHT, 422);
    check_update(FIVE, 5, FIVE, &[], 200);
    check_update(FIVE, 5, &signed(5, hash(OTHER_ROOT)), &[], 422);
    check_update(&signed(4, hash(ROOT_OF_FIVE)), 4, FIVE, &[], 422);
    check_update(EIGHT, 8, FIVE, &FIVE_TO_EIGHT, 400);
}

/// The policy that age-keylookup of torchwood comes with: three witnesses that run.
#[test]
fn a_policy_that_is_in_use() {
    let text = "\
log keyserver.geomys.org+16b31509+ARLJ+pmTj78HzTeBj04V+LVfB+GFAQyrg54CRIju7Nn8
witness TrustFabric transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM https://api.transparency.dev/dev/witness/little-garden/
witness Mullvad witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv https://witness.stagemole.eu/
witness Geomys witness.navigli.sunlight.geomys.org+a3e00fe2+BNy/co4C1Hn1p+INwJrfUlgz7W55dSZReusH/GhUhJ/G https://witness.navigli.sunlight.geomys.org/
group public 2 TrustFabric Mullvad Geomys
quorum public
";
    let policy: Policy = text.parse().unwrap();
    assert_eq!(policy.to_string(), text);
    assert_eq!((policy.logs().len(), policy.witnesses().len()), (1, 3));
    assert!(!policy.requires_auditor());
}
