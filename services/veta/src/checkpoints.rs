//! `veta audit checkpoints`: what a log has published, and as of when it was complete, by the clocks of witnesses that the reader
//! trusts.

use rpc::audit::{ListCheckpointsRequest, PublishedCheckpoint};
use serde_json::{Value, json};
use service::exit::Exit;
use tlog::cosignature::CosignTime;
use tlog::note::Note;
use tlog::policy::Policy;
use tlog::{TreeHead, TreeSize};
use tonic::transport::Channel;

use crate::bracket::{contradicts, grew};
use crate::print;
use crate::trouble::{Done, Trouble};
use crate::trust::{self, instant};

/// How a published note stands by the reader's policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// No log of the policy has signed it, or a line of it does not hold.
    NotSigned,
    /// It is signed, and fewer have cosigned it than the policy asks for.
    NoQuorum,
    /// It holds, as of the time at which the quorum stood; of a policy that asks for no witness, nobody knows since when.
    Holds(Option<CosignTime>),
}

/// A size at which a checkpoint was published.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Listed {
    size: TreeSize,
    /// Nothing where no log of the policy has signed it.
    head: Option<TreeHead>,
    /// As it was published first.
    first: Standing,
    /// As it was cosigned last.
    last: Standing,
}

/// Tells which checkpoints were published, from a size on, as many as the service lists at once. Each must continue the one before.
pub async fn list(audit: &Channel, from: TreeSize, policy: &Policy, json: bool) -> Done {
    let mut client = rpc::client::audit(audit.clone());
    let request = ListCheckpointsRequest {
        start_tree_size: from.get(),
        max_count: 0,
    };
    let told = client.list_checkpoints(request).await?.into_inner();
    let listed = read(&told.checkpoints, from, policy)?;
    let heads: Vec<TreeHead> = listed.iter().filter_map(|listed| listed.head).collect();
    for pair in heads.windows(2) {
        grew(&mut client, &pair[0], &pair[1]).await?;
    }
    let next = (told.next_tree_size != 0).then_some(told.next_tree_size);
    if json {
        let checkpoints: Vec<_> = listed.iter().map(Listed::to_json).collect();
        print::json(&json!({"checkpoints": checkpoints, "next_size": next}));
    } else {
        let header = ["size", "first published as of", "last cosigned as of"];
        print::table(header, listed.iter().map(Listed::row));
        if let Some(next) = next {
            print::line(format_args!("there are more: go on with --from {next}"));
        }
    }
    match listed.iter().filter(|listed| listed.is_unsigned()).count() {
        0 => Ok(()),
        count => Err(Trouble::verdict(
            Exit::Failed,
            format_args!(
                "{count} of them no log of your policy has signed, or a line of a witness does not hold: was the log's key replaced? Name the old one in the policy, too"
            ),
        )),
    }
}

/// What was listed, in the order of sizes.
fn read(published: &[PublishedCheckpoint], from: TreeSize, policy: &Policy) -> Done<Vec<Listed>> {
    let mut start = from.get();
    let mut listed = Vec::new();
    for published in published {
        if published.tree_size < start {
            return Err(contradicts(
                "its checkpoints are not listed in the order of their sizes",
            ));
        }
        start = published.tree_size.saturating_add(1);
        listed.push(Listed::of(published, policy)?);
    }
    Ok(listed)
}

impl Listed {
    fn of(published: &PublishedCheckpoint, policy: &Policy) -> Done<Self> {
        let size = TreeSize::new(published.tree_size);
        let (head, first) = judge(&published.first_note, policy);
        let (again, last) = match published.freshest_note.as_slice() {
            [] => (head, first),
            note => judge(note, policy),
        };
        if head.iter().chain(&again).any(|head| head.size != size) {
            return Err(contradicts(format_args!(
                "a checkpoint that is listed under {size} entries is of another size"
            )));
        }
        if let (Some(head), Some(again)) = (head, again)
            && head != again
        {
            return Err(contradicts(format_args!("it has signed two trees of {size} entries")));
        }
        Ok(Self {
            size,
            head: head.or(again),
            first,
            last,
        })
    }

    fn is_unsigned(&self) -> bool {
        [self.first, self.last].contains(&Standing::NotSigned)
    }

    fn row(&self) -> [String; 3] {
        [self.size.to_string(), self.first.in_words(), self.last.in_words()]
    }

    fn to_json(&self) -> Value {
        json!({
            "size": self.size.get(),
            "root": self.head.map(|head| head.root.to_string()),
            "first": self.first.to_json(),
            "last": self.last.to_json(),
        })
    }
}

impl Standing {
    fn in_words(self) -> String {
        match self {
            Self::NotSigned => "NOT SIGNED".to_owned(),
            Self::NoQuorum => "not cosigned".to_owned(),
            Self::Holds(None) => "signed".to_owned(),
            Self::Holds(Some(time)) => instant(time).to_string(),
        }
    }

    fn to_json(self) -> Value {
        let (is_signed, holds, as_of) = match self {
            Self::NotSigned => (false, false, None),
            Self::NoQuorum => (true, false, None),
            Self::Holds(as_of) => (true, true, as_of),
        };
        json!({
            "signed": is_signed,
            "holds": holds,
            "as_of": as_of.map(|time| instant(time).to_string()),
            "as_of_unix_seconds": as_of.map(CosignTime::get),
        })
    }
}

/// The tree of a note that a log of the policy has signed, and how the note stands.
fn judge(note: &[u8], policy: &Policy) -> (Option<TreeHead>, Standing) {
    let opened = Note::parse(note).ok().and_then(|note| trust::open(&note, policy).ok());
    let Some(opened) = opened else {
        return (None, Standing::NotSigned);
    };
    let standing = match &opened.cosigned {
        Ok(cosigned) => Standing::Holds(cosigned.as_of),
        Err(_) => Standing::NoQuorum,
    };
    (Some(opened.checkpoint.head()), standing)
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;
    use tlog::cosignature::Cosigner;
    use tlog::note::NoteSigner;
    use tlog::{Checkpoint, Hash};

    use super::*;

    fn log(seed: u8) -> NoteSigner {
        NoteSigner::new("veta.test/log".parse().unwrap(), SigningKey::from_bytes(&[seed; 32])).unwrap()
    }

    fn witness() -> Cosigner {
        Cosigner::new("veta.test/w".parse().unwrap(), SigningKey::from_bytes(&[7; 32])).unwrap()
    }

    /// The log must have signed, and the witness cosigned.
    fn policy() -> Policy {
        let text = format!("log {}\nwitness w {}\nquorum w\n", log(1).vkey(), witness().vkey());
        text.parse().unwrap()
    }

    /// A note of a log with this key, cosigned at a time or not.
    fn note(seed: u8, size: u64, root: u8, time: Option<u64>) -> Vec<u8> {
        let head = TreeHead {
            size: TreeSize::new(size),
            root: Hash::from_bytes([root; 32]),
        };
        let signed = Checkpoint::new("veta.test/log".parse().unwrap(), head)
            .sign(&log(seed))
            .unwrap();
        let mut note = Note::parse(signed.as_bytes()).unwrap();
        if let Some(time) = time {
            note.add(witness().cosign(&note, CosignTime::new(time).unwrap()))
                .unwrap();
        }
        note.encode().unwrap().into_bytes()
    }

    fn published(size: u64, first: Vec<u8>, last: Vec<u8>) -> PublishedCheckpoint {
        PublishedCheckpoint {
            tree_size: size,
            first_note: first,
            freshest_note: last,
        }
    }

    #[track_caller]
    fn check(published: &[PublishedCheckpoint], from: u64, expected: Result<&[[&str; 3]], &str>) {
        match (read(published, TreeSize::new(from), &policy()), expected) {
            (Ok(listed), Ok(rows)) => assert!(listed.iter().map(Listed::row).eq(rows.iter().copied()), "{listed:?}"),
            (Err(trouble), Err(why)) => assert!(trouble.to_string().contains(why), "{trouble}"),
            (listed, expected) => panic!("{listed:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn checkpoints_stand_as_the_readers_policy_says() {
        let [early, late] = [Some(1_780_228_800), Some(1_780_228_860)];
        let (at_first, at_last) = ("2026-05-31T12:00:00Z", "2026-05-31T12:01:00Z");
        let of = |size, first, last: Option<Vec<u8>>| published(size, first, last.unwrap_or_default());
        check(&[], 0, Ok(&[]));
        check(
            &[of(3, note(1, 3, 9, early), None)],
            3,
            Ok(&[["3", at_first, at_first]]),
        );
        let refreshed = of(3, note(1, 3, 9, early), Some(note(1, 3, 9, late)));
        check(std::slice::from_ref(&refreshed), 0, Ok(&[["3", at_first, at_last]]));
        let late_only = of(4, note(1, 4, 9, None), Some(note(1, 4, 9, late)));
        let others = of(5, note(2, 5, 9, early), None);
        check(
            &[refreshed.clone(), late_only, others],
            0,
            Ok(&[
                ["3", at_first, at_last],
                ["4", "not cosigned", at_last],
                ["5", "NOT SIGNED", "NOT SIGNED"],
            ]),
        );
        check(
            &[of(3, b"no note".to_vec(), None)],
            0,
            Ok(&[["3", "NOT SIGNED", "NOT SIGNED"]]),
        );
        // What the service says that its own notes do not.
        let in_order = "not listed in the order";
        check(&[refreshed.clone(), refreshed.clone()], 0, Err(in_order));
        check(&[refreshed], 4, Err(in_order));
        check(&[of(4, note(1, 3, 9, early), None)], 0, Err("of another size"));
        let of_another = of(3, note(1, 3, 9, early), Some(note(1, 4, 9, late)));
        check(&[of_another], 0, Err("of another size"));
        let two = of(3, note(1, 3, 9, early), Some(note(1, 3, 8, late)));
        check(&[two], 0, Err("two trees of 3 entries"));
    }
}
