//! Whom a reader of a log trusts, and for what (c2sp.org/tlog-policy): logs, witnesses, and how many of them must have cosigned.
//!
//! ```text
//! log <vkey> [<url>]
//! witness <name> <vkey> [<url>]
//! group <name> all|any|<k> <name>...
//! quorum <name>|none
//! ```
//!
//! A checkpoint holds by a policy if one of its logs signed it and its quorum cosigned it. Witnesses with Ed25519 keys (type 4)
//! are read; a policy that names another is refused, not read without it.
//!
//! One name has a meaning here that the specification does not give it: what is in a group `auditors`, or in a group within it, is an
//! *auditing witness*, which has replayed every record before it cosigns. Other readers see an ordinary group.

use core::fmt;
use core::str::FromStr;
use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use crate::checkpoint::{Checkpoint, CheckpointError, parse_decimal};
use crate::cosignature::{CosignTime, CosignerVkey};
use crate::note::{Note, NoteError, Vkey, VkeyError};

/// Longest text of a policy: its 192 lines at more than 1,300 octets each, four times what a line has with the longest key name and
/// a URL as long again.
pub const POLICY_BYTES_MAX: usize = 256 * 1_024;

/// Most logs of a policy. The specification asks for at least 32.
pub const POLICY_LOGS_MAX: usize = 64;

/// Most witnesses of a policy; with the log's own two lines fewer than a note has room for. The specification asks for at least 32.
pub const POLICY_WITNESSES_MAX: usize = 64;

/// Most groups of a policy. The specification asks for at least 32.
pub const POLICY_GROUPS_MAX: usize = 64;

/// The quorum that asks for no cosignature.
const NONE: &str = "none";

/// The group whose members are auditing witnesses.
const AUDITORS: &str = "auditors";

/// What a witness or a group is called in one policy, and nowhere else: octets, which should be UTF-8.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PolicyName(Vec<u8>);

/// Logs, witnesses and a quorum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<PolicyLog>,
    witnesses: Vec<PolicyWitness>,
    groups: Vec<Group>,
    quorum: Quorum,
}

/// A log of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyLog {
    /// Its key, which bears the log's origin as its name. While a log replaces its key it is listed with both.
    pub vkey: Vkey,
    /// Where it is read; its meaning is the application's.
    pub url: Option<String>,
}

/// A witness of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyWitness {
    /// What the policy calls it.
    pub name: PolicyName,
    /// Its key.
    pub vkey: CosignerVkey,
    /// Where it is asked: its submission prefix.
    pub url: Option<String>,
}

/// A checkpoint that holds by a policy, and what stands behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosigned {
    /// What is signed.
    pub checkpoint: Checkpoint,
    /// The log's key that signed it; of several, the first that the policy lists.
    pub log: Vkey,
    /// The policy's witnesses that cosigned it, in the policy's order, with their times.
    pub by: Vec<(PolicyName, CosignTime)>,
    /// The latest time at which the quorum stands: the earliest cosignature among the latest that make it up. `None` if the policy
    /// needs none. Whether that is too old, or lies ahead of the reader's clock, is for the reader to say.
    pub as_of: Option<CosignTime>,
    /// Those of `by` that are auditing witnesses.
    pub auditors: Vec<PolicyName>,
}

/// Why a text is no policy: which line, what is wrong, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line} of the policy: {why}")]
pub struct PolicyTextError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub why: PolicyFault,
}

/// What is wrong with a line of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PolicyFault {
    /// Longer than [`POLICY_BYTES_MAX`].
    #[error("the text of {0} bytes is longer than 262144")]
    TooLong(usize),
    /// A control character.
    #[error(
        "the octet 0x{0:02x} is not allowed; write lines that end in a newline alone, with spaces or tabs between words"
    )]
    BadOctet(u8),
    /// The first word is none of the four.
    #[error("a line begins with 'log', 'witness', 'group', 'quorum' or '#', not with '{0}'")]
    UnknownKeyword(PolicyName),
    /// Too few or too many words.
    #[error("write: {0}")]
    BadForm(&'static str),
    /// A key or URL in another encoding.
    #[error("keys and URLs are UTF-8")]
    NotUtf8,
    /// The key cannot be used.
    #[error("the key: {0}")]
    BadKey(#[from] VkeyError),
    /// Another line has the same public key, perhaps under another name.
    #[error("the key stands on another line too; list each key once")]
    DuplicateKey,
    /// Another line defines the same name.
    #[error("the name '{0}' is defined on another line too; names of witnesses and groups differ")]
    DuplicateName(PolicyName),
    /// `none` is defined already.
    #[error("the name 'none' is for the quorum alone; choose another")]
    ReservedName,
    /// Too many of a kind.
    #[error("a policy has at most {1} {0}")]
    TooMany(&'static str, usize),
    /// The threshold of a group is no number that its members can reach.
    #[error("write 'all', 'any' or a number from 1 to the {0} members of the group")]
    BadThreshold(usize),
    /// No line before defines the name.
    #[error("'{0}' is not defined on a line before this one; define witnesses and groups first")]
    UnknownName(PolicyName),
    /// The member stands in a group already.
    #[error("'{0}' is a member of a group already; each name may be in one group, once")]
    InTwoGroups(PolicyName),
    /// There is a quorum already.
    #[error("there is a quorum already; write one")]
    SecondQuorum,
    /// The text ends without a quorum.
    #[error("the text ends without a quorum; write 'quorum <name>', or 'quorum none' to ask for no cosignature")]
    NoQuorum,
}

/// Why a checkpoint does not hold by a policy.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PolicyError {
    /// The policy names no log: which one is meant must be known from elsewhere.
    #[error("the policy lists no log; add a line 'log <vkey>'")]
    NoLog,
    /// No log of the policy signed it, or one of their lines does not verify, or the text is not that log's.
    #[error("by the policy's logs: {0}")]
    Log(#[from] CheckpointError),
    /// The line by a witness of the policy does not hold. Whoever left it there is not to be trusted with the rest.
    #[error("the cosignature by witness '{0}': {1}")]
    Witness(PolicyName, NoteError),
    /// Too few witnesses cosigned.
    #[error("the quorum '{quorum}' is not reached: {} of the policy's witnesses cosigned{}", by.len(), listed(by))]
    NoQuorum {
        /// The quorum's name.
        quorum: PolicyName,
        /// Who cosigned.
        by: Vec<PolicyName>,
    },
}

/// At least `threshold` of these must have cosigned.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Group {
    name: PolicyName,
    threshold: usize,
    members: Vec<Member>,
}

/// A witness or a group by its place in the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Member {
    Witness(usize),
    Group(usize),
}

/// Who must have cosigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quorum {
    Nobody,
    Of(Member),
}

/// A policy while its lines are read.
#[derive(Default)]
struct Reader {
    logs: Vec<PolicyLog>,
    witnesses: Vec<PolicyWitness>,
    groups: Vec<Group>,
    /// What the lines so far define.
    names: BTreeMap<PolicyName, Member>,
    /// What is in a group already.
    grouped: BTreeSet<Member>,
    quorum: Option<Quorum>,
}

impl PolicyName {
    /// Its octets.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Policy {
    /// One log, and no witness.
    #[must_use]
    pub fn trusting(log: Vkey) -> Self {
        Self {
            logs: vec![PolicyLog { vkey: log, url: None }],
            witnesses: Vec::new(),
            groups: Vec::new(),
            quorum: Quorum::Nobody,
        }
    }

    /// Reads the octets of a policy, strictly.
    pub fn parse(text: &[u8]) -> Result<Self, PolicyTextError> {
        let lines = || text.split(|octet| *octet == b'\n');
        let at = |line, why| PolicyTextError { line, why };
        if text.len() > POLICY_BYTES_MAX {
            return Err(at(1, PolicyFault::TooLong(text.len())));
        }
        let mut reader = Reader::default();
        for (number, line) in (1..).zip(lines()) {
            reader.line(line).map_err(|why| at(number, why))?;
        }
        let quorum = reader
            .quorum
            .ok_or_else(|| at(lines().count(), PolicyFault::NoQuorum))?;
        Ok(Self {
            logs: reader.logs,
            witnesses: reader.witnesses,
            groups: reader.groups,
            quorum,
        })
    }

    /// The octets of this policy, without comments, in one order and spelling.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut lines = Vec::new();
        for log in &self.logs {
            lines.push(words(&[b"log", log.vkey.to_string().as_bytes()], log.url.as_deref()));
        }
        for witness in &self.witnesses {
            let vkey = witness.vkey.to_string();
            lines.push(words(
                &[b"witness", &witness.name.0, vkey.as_bytes()],
                witness.url.as_deref(),
            ));
        }
        for group in &self.groups {
            let threshold = threshold_word(group);
            let mut line = vec![b"group".as_slice(), &group.name.0, threshold.as_bytes()];
            line.extend(group.members.iter().map(|member| self.name(*member).as_bytes()));
            lines.push(words(&line, None));
        }
        let quorum = match self.quorum {
            Quorum::Nobody => NONE.as_bytes(),
            Quorum::Of(member) => self.name(member).as_bytes(),
        };
        lines.push(words(&[b"quorum", quorum], None));
        lines.concat()
    }

    /// The logs, any of which may have signed.
    #[must_use]
    pub fn logs(&self) -> &[PolicyLog] {
        &self.logs
    }

    /// The witnesses, in the order of their lines; also those that the quorum does not count.
    #[must_use]
    pub fn witnesses(&self) -> &[PolicyWitness] {
        &self.witnesses
    }

    /// Whether the quorum cannot be reached without an auditing witness.
    #[must_use]
    pub fn requires_auditor(&self) -> bool {
        let auditors = self.auditors();
        let others = (0..self.witnesses.len()).filter(|at| !auditors.contains(at)).collect();
        match self.quorum {
            Quorum::Nobody => false,
            Quorum::Of(member) => !self.holds(member, &others),
        }
    }

    /// Whether a witness is an auditing one: a member of the group of that name.
    #[must_use]
    pub fn is_auditing(&self, witness: &PolicyName) -> bool {
        self.auditors().iter().any(|at| self.witnesses[*at].name == *witness)
    }

    /// Whether these of the policy's witnesses would make up its quorum, if they cosigned.
    #[must_use]
    pub fn would_hold(&self, witnesses: &[PolicyName]) -> bool {
        let places = (0..self.witnesses.len()).filter(|at| witnesses.contains(&self.witnesses[*at].name));
        match self.quorum {
            Quorum::Nobody => true,
            Quorum::Of(member) => self.holds(member, &places.collect()),
        }
    }

    /// Holds if one of the policy's logs signed the note, and its quorum cosigned it. A line by a key of the policy that does not
    /// verify refuses the note, even if the quorum stands without it; lines by others are ignored.
    pub fn check(&self, note: &Note) -> Result<Cosigned, PolicyError> {
        if self.logs.is_empty() {
            return Err(PolicyError::NoLog);
        }
        let (checkpoint, log) = Checkpoint::from_note_by(note, self.logs.iter().map(|log| &log.vkey))?;
        let cosigned = self.cosignatures(note)?;
        let as_of = self.as_of(&cosigned)?;
        let auditors = self.auditors();
        let names = |at: &usize| self.witnesses[*at].name.clone();
        Ok(Cosigned {
            log: log.clone(),
            as_of,
            auditors: cosigned.keys().filter(|at| auditors.contains(at)).map(names).collect(),
            by: cosigned.iter().map(|(at, time)| (names(at), *time)).collect(),
            checkpoint,
        })
    }

    /// The witnesses that cosigned, by their places.
    fn cosignatures(&self, note: &Note) -> Result<BTreeMap<usize, CosignTime>, PolicyError> {
        let mut cosigned = BTreeMap::new();
        for (at, witness) in self.witnesses.iter().enumerate() {
            match note.cosigned(&witness.vkey) {
                Ok(time) => cosigned.insert(at, time),
                Err(NoteError::NotSigned) => continue,
                Err(error) => return Err(PolicyError::Witness(witness.name.clone(), error)),
            };
        }
        Ok(cosigned)
    }

    /// Takes cosignatures, the latest first, until the quorum holds.
    fn as_of(&self, cosigned: &BTreeMap<usize, CosignTime>) -> Result<Option<CosignTime>, PolicyError> {
        let Quorum::Of(quorum) = self.quorum else {
            return Ok(None);
        };
        let mut latest: Vec<_> = cosigned.iter().map(|(at, time)| (*time, *at)).collect();
        latest.sort_unstable();
        let mut taken = BTreeSet::new();
        for (time, at) in latest.into_iter().rev() {
            taken.insert(at);
            if self.holds(quorum, &taken) {
                return Ok(Some(time));
            }
        }
        Err(PolicyError::NoQuorum {
            quorum: self.name(quorum).clone(),
            by: cosigned.keys().map(|at| self.witnesses[*at].name.clone()).collect(),
        })
    }

    /// Whether these witnesses make up what is asked for. Each name is in one group only, so every member is looked at once.
    fn holds(&self, member: Member, cosigned: &BTreeSet<usize>) -> bool {
        match member {
            Member::Witness(at) => cosigned.contains(&at),
            Member::Group(at) => {
                let group = &self.groups[at];
                let holding = group.members.iter().filter(|member| self.holds(**member, cosigned));
                holding.count() >= group.threshold
            }
        }
    }

    /// The places of the auditing witnesses.
    fn auditors(&self) -> BTreeSet<usize> {
        let group = self.groups.iter().position(|group| group.name.0 == AUDITORS.as_bytes());
        let mut auditors = BTreeSet::new();
        let mut open: Vec<_> = group.map(Member::Group).into_iter().collect();
        while let Some(member) = open.pop() {
            match member {
                Member::Witness(at) => drop(auditors.insert(at)),
                Member::Group(at) => open.extend(&self.groups[at].members),
            }
        }
        auditors
    }

    fn name(&self, member: Member) -> &PolicyName {
        match member {
            Member::Witness(at) => &self.witnesses[at].name,
            Member::Group(at) => &self.groups[at].name,
        }
    }
}

impl Reader {
    fn line(&mut self, line: &[u8]) -> Result<(), PolicyFault> {
        let forbidden = |octet: &&u8| (**octet < b' ' && **octet != b'\t') || **octet == 0x7f;
        if let Some(octet) = line.iter().find(forbidden) {
            return Err(PolicyFault::BadOctet(*octet));
        }
        let mut words = line
            .split(|octet| matches!(octet, b' ' | b'\t'))
            .filter(|word| !word.is_empty());
        let Some(keyword) = words.next() else {
            return Ok(());
        };
        let words: Vec<_> = words.collect();
        match keyword {
            [b'#', ..] => Ok(()),
            b"log" => self.log(&words),
            b"witness" => self.witness(&words),
            b"group" => self.group(&words),
            b"quorum" => self.quorum(&words),
            _ => Err(PolicyFault::UnknownKeyword(PolicyName(keyword.to_vec()))),
        }
    }

    fn log(&mut self, words: &[&[u8]]) -> Result<(), PolicyFault> {
        let (vkey, url) = match words {
            [vkey] => (vkey, None),
            [vkey, url] => (vkey, Some(url)),
            _ => return Err(PolicyFault::BadForm("log <vkey> [<url>]")),
        };
        let vkey: Vkey = utf8(vkey)?.parse()?;
        let url = url.map(|url| utf8(url).map(str::to_owned)).transpose()?;
        if self.logs.iter().any(|log| log.vkey.public_key() == vkey.public_key()) {
            return Err(PolicyFault::DuplicateKey);
        }
        room(self.logs.len(), "logs", POLICY_LOGS_MAX)?;
        self.logs.push(PolicyLog { vkey, url });
        Ok(())
    }

    fn witness(&mut self, words: &[&[u8]]) -> Result<(), PolicyFault> {
        let (name, vkey, url) = match words {
            [name, vkey] => (name, vkey, None),
            [name, vkey, url] => (name, vkey, Some(url)),
            _ => return Err(PolicyFault::BadForm("witness <name> <vkey> [<url>]")),
        };
        let vkey: CosignerVkey = utf8(vkey)?.parse()?;
        let url = url.map(|url| utf8(url).map(str::to_owned)).transpose()?;
        let same = |witness: &PolicyWitness| witness.vkey.public_key() == vkey.public_key();
        if self.witnesses.iter().any(same) {
            return Err(PolicyFault::DuplicateKey);
        }
        room(self.witnesses.len(), "witnesses", POLICY_WITNESSES_MAX)?;
        let name = self.define(name, Member::Witness(self.witnesses.len()))?;
        self.witnesses.push(PolicyWitness { name, vkey, url });
        Ok(())
    }

    fn group(&mut self, words: &[&[u8]]) -> Result<(), PolicyFault> {
        let [name, threshold, members @ ..] = words else {
            return Err(PolicyFault::BadForm("group <name> all|any|<k> <name>..."));
        };
        if members.is_empty() {
            return Err(PolicyFault::BadForm(
                "group <name> all|any|<k> <name>..., with at least one member",
            ));
        }
        let threshold = parse_threshold(threshold, members.len())?;
        room(self.groups.len(), "groups", POLICY_GROUPS_MAX)?;
        let members = members
            .iter()
            .map(|name| self.member(name))
            .collect::<Result<Vec<_>, _>>()?;
        let name = self.define(name, Member::Group(self.groups.len()))?;
        self.groups.push(Group {
            name,
            threshold,
            members,
        });
        Ok(())
    }

    fn quorum(&mut self, words: &[&[u8]]) -> Result<(), PolicyFault> {
        let [name] = words else {
            return Err(PolicyFault::BadForm("quorum <name>, or: quorum none"));
        };
        if self.quorum.is_some() {
            return Err(PolicyFault::SecondQuorum);
        }
        self.quorum = Some(match *name {
            name if name == NONE.as_bytes() => Quorum::Nobody,
            name => Quorum::Of(self.defined(name)?),
        });
        Ok(())
    }

    fn define(&mut self, name: &[u8], member: Member) -> Result<PolicyName, PolicyFault> {
        let name = PolicyName(name.to_vec());
        if name.0 == NONE.as_bytes() {
            return Err(PolicyFault::ReservedName);
        }
        if self.names.contains_key(&name) {
            return Err(PolicyFault::DuplicateName(name));
        }
        self.names.insert(name.clone(), member);
        Ok(name)
    }

    fn defined(&self, name: &[u8]) -> Result<Member, PolicyFault> {
        let name = PolicyName(name.to_vec());
        self.names.get(&name).copied().ok_or(PolicyFault::UnknownName(name))
    }

    fn member(&mut self, name: &[u8]) -> Result<Member, PolicyFault> {
        let member = self.defined(name)?;
        if !self.grouped.insert(member) {
            return Err(PolicyFault::InTwoGroups(PolicyName(name.to_vec())));
        }
        Ok(member)
    }
}

/// Octets that are not UTF-8 are shown as replacement characters.
impl fmt::Display for PolicyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

impl fmt::Debug for PolicyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

impl PartialEq<str> for PolicyName {
    fn eq(&self, other: &str) -> bool {
        self.0 == other.as_bytes()
    }
}

impl PartialEq<&str> for PolicyName {
    fn eq(&self, other: &&str) -> bool {
        self == *other
    }
}

impl FromStr for Policy {
    type Err = PolicyTextError;

    fn from_str(text: &str) -> Result<Self, PolicyTextError> {
        Self::parse(text.as_bytes())
    }
}

/// As [`Policy::to_bytes`]. Octets of names that are not UTF-8 are shown as replacement characters.
impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.to_bytes()))
    }
}

fn utf8(word: &[u8]) -> Result<&str, PolicyFault> {
    str::from_utf8(word).map_err(|_| PolicyFault::NotUtf8)
}

fn room(have: usize, kind: &'static str, most: usize) -> Result<(), PolicyFault> {
    if have == most {
        return Err(PolicyFault::TooMany(kind, most));
    }
    Ok(())
}

fn parse_threshold(word: &[u8], members: usize) -> Result<usize, PolicyFault> {
    match word {
        b"all" => Ok(members),
        b"any" => Ok(1),
        _ => str::from_utf8(word)
            .ok()
            .and_then(parse_decimal)
            .and_then(|number| usize::try_from(number).ok())
            .filter(|number| (1..=members).contains(number))
            .ok_or(PolicyFault::BadThreshold(members)),
    }
}

fn threshold_word(group: &Group) -> String {
    match group.threshold {
        all if all == group.members.len() => "all".into(),
        1 => "any".into(),
        threshold => threshold.to_string(),
    }
}

fn words(words: &[&[u8]], last: Option<&str>) -> Vec<u8> {
    let mut line = words.to_vec();
    line.extend(last.map(str::as_bytes));
    let mut line = line.join(b" ".as_slice());
    line.push(b'\n');
    line
}

fn listed(names: &[PolicyName]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let names: Vec<_> = names.iter().map(PolicyName::to_string).collect();
    format!(" ({})", names.join(", "))
}
