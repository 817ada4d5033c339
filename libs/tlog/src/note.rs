//! Signed notes (c2sp.org/signed-note) with Ed25519 keys.
//!
//! ```text
//! <text ending in a newline>
//!
//! — <key name> <base64(key id, 4 bytes big-endian ‖ signature)>
//! ```
//!
//! Signatures by keys that are not asked about are kept as they are: they may be cosignatures, or of a type yet to come.

use core::fmt;
use core::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{PUBLIC_KEY_LENGTH, Signature, Signer as _, SigningKey, VerifyingKey};
use thiserror::Error;

use crate::hash::Hash;

/// Longest note, text and signatures together; the limit of golang.org/x/mod/sumdb/note.
pub const NOTE_BYTES_MAX: usize = 1_000_000;

/// Most signatures on a note; the same source. The specification asks for at least 16.
pub const NOTE_SIGNATURES_MAX: usize = 100;

/// Longest key name. A name is a schema-less URL; cosigned subtrees write its length in one byte.
pub const KEY_NAME_BYTES_MAX: usize = 255;

/// Longest signature with its key id. The largest of an assigned type, ML-DSA-44 with a timestamp, has 4 + 8 + 2,420 bytes.
const SIGNATURE_BYTES_MAX: usize = 8_192;

/// Bytes of a key id before a signature.
const KEY_ID_BYTES: usize = 4;

/// Signature type of plain Ed25519 over the note's text.
const TYPE_ED25519: u8 = 0x01;

/// Signature type of a timestamped Ed25519 cosignature of a checkpoint; see [`crate::cosignature`].
pub(crate) const TYPE_COSIGNATURE: u8 = 0x04;

/// What a signature line begins with: an em dash and a space.
const SIGNATURE_PREFIX: &str = "\u{2014} ";

/// Name of a key: not empty, without Unicode spaces, control characters and `+`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName(String);

/// A hint which key signed: the first four bytes of SHA-256(name ‖ newline ‖ type ‖ public key). Not a fingerprint: anyone can
/// find a key with the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoteKeyId(u32);

/// A public key with its name. Its text is `<name>+<8 hexadecimal digits of the key id>+<base64(type ‖ public key)>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vkey(NamedKey<TYPE_ED25519>);

/// An Ed25519 public key with its name, for signatures of type `KIND`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamedKey<const KIND: u8> {
    name: KeyName,
    id: NoteKeyId,
    key: VerifyingKey,
}

/// A secret key with its name.
#[derive(Clone)]
pub struct NoteSigner {
    vkey: Vkey,
    key: SigningKey,
}

/// One signature of a note, by any key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    /// Name of the key.
    pub name: KeyName,
    /// Id of the key.
    pub id: NoteKeyId,
    /// What the key made of the text; its form depends on the type of the key.
    pub signature: Vec<u8>,
}

/// A text and its signatures. Parsing verifies none of them: trust the text after [`Note::verify`] only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// Why a note cannot be read, written or trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NoteError {
    /// More than [`NOTE_BYTES_MAX`].
    #[error("a note of {0} bytes is longer than 1000000")]
    TooLong(usize),
    /// More than [`NOTE_SIGNATURES_MAX`].
    #[error("a note has at most 100 signatures")]
    TooManySignatures,
    /// Not UTF-8, or with a control character other than newline.
    #[error("a note is UTF-8 without control characters other than newline")]
    NotText,
    /// The text does not end in a newline.
    #[error("the text of a note ends in a newline")]
    NoNewlineAtEnd,
    /// There is no blank line followed by signature lines.
    #[error("a note ends in a blank line and one or more signature lines, each with its newline")]
    NoSignatures,
    /// A signature line in another form.
    #[error("signature line {0} is not an em dash, a key name and the base64 of a key id and a signature")]
    BadSignatureLine(usize),
    /// The key asked about has not signed.
    #[error("the note has no signature by the key asked for")]
    NotSigned,
    /// The key asked about has more than one line. Only one of them can be its doing.
    #[error("the note has more than one signature by the same key")]
    SignedTwice,
    /// The signature by the key asked about does not verify.
    #[error("the signature does not belong to this text and key")]
    BadSignature,
    /// A cosignature with a time later than any that can be written.
    #[error("the time of the cosignature is later than 2^63 - 1 seconds")]
    BadTime,
}

/// Why text is not a verifying key or a key name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum VkeyError {
    /// Empty, too long, or with a space, a control character or a plus.
    #[error("a key name has 1 to 255 bytes, without spaces, control characters and '+'")]
    BadName,
    /// Not the three parts of a verifying key.
    #[error("a verifying key is <name>+<8 lower-case hexadecimal digits>+<base64>")]
    NotAVkey,
    /// Of another type than is asked for.
    #[error(
        "a key of type {0} is of no use here: a log's key has type 1 (Ed25519), a witness' key type 4 (Ed25519 cosignatures)"
    )]
    UnknownType(u8),
    /// Not a point of the curve, or one of the few for which anyone can sign.
    #[error("not a usable Ed25519 public key")]
    UnusableKey,
    /// The key id is not that of this name and key: one of the three was mistyped.
    #[error("the key id does not belong to this name and key")]
    WrongKeyId,
}

impl KeyName {
    /// Checks a name.
    pub fn new(name: impl Into<String>) -> Result<Self, VkeyError> {
        let name = name.into();
        let forbidden = |c: char| c.is_whitespace() || c < ' ' || c == '+';
        if name.is_empty() || name.len() > KEY_NAME_BYTES_MAX || name.contains(forbidden) {
            return Err(VkeyError::BadName);
        }
        Ok(Self(name))
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl NoteKeyId {
    /// From the number that stands, big-endian, before a signature.
    #[must_use]
    pub const fn new(id: u32) -> Self {
        Self(id)
    }

    /// As a number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Id of a key of type `kind`, as the specification recommends.
    #[must_use]
    pub fn of(name: &KeyName, kind: u8, public_key: &[u8]) -> Self {
        let hash = Hash::of(&[name.0.as_bytes(), b"\n", &[kind], public_key]);
        let [a, b, c, d, ..] = *hash.as_bytes();
        Self(u32::from_be_bytes([a, b, c, d]))
    }
}

impl Vkey {
    /// Names a public key; refuses keys of small order, for which anyone can sign.
    pub fn new(name: KeyName, public_key: &[u8; PUBLIC_KEY_LENGTH]) -> Result<Self, VkeyError> {
        NamedKey::new(name, public_key).map(Self)
    }

    /// Name of the key.
    #[must_use]
    pub fn name(&self) -> &KeyName {
        self.0.name()
    }

    /// Id of the key.
    #[must_use]
    pub fn id(&self) -> NoteKeyId {
        self.0.id()
    }

    /// The Ed25519 public key.
    #[must_use]
    pub fn public_key(&self) -> &[u8; PUBLIC_KEY_LENGTH] {
        self.0.public_key()
    }
}

impl<const KIND: u8> NamedKey<KIND> {
    pub(crate) fn new(name: KeyName, public_key: &[u8; PUBLIC_KEY_LENGTH]) -> Result<Self, VkeyError> {
        let key = VerifyingKey::from_bytes(public_key).map_err(|_| VkeyError::UnusableKey)?;
        if key.is_weak() {
            return Err(VkeyError::UnusableKey);
        }
        let id = NoteKeyId::of(&name, KIND, public_key);
        Ok(Self { name, id, key })
    }

    pub(crate) fn name(&self) -> &KeyName {
        &self.name
    }

    pub(crate) fn id(&self) -> NoteKeyId {
        self.id
    }

    pub(crate) fn public_key(&self) -> &[u8; PUBLIC_KEY_LENGTH] {
        self.key.as_bytes()
    }

    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), NoteError> {
        let signature = Signature::from_slice(signature).map_err(|_| NoteError::BadSignature)?;
        self.key
            .verify_strict(message, &signature)
            .map_err(|_| NoteError::BadSignature)
    }

    /// The line of `note` by this key, which has exactly one.
    pub(crate) fn line<'a>(&self, note: &'a Note) -> Result<&'a NoteSignature, NoteError> {
        let mut lines = note.by(&self.name, self.id);
        let line = lines.next().ok_or(NoteError::NotSigned)?;
        if lines.next().is_some() {
            return Err(NoteError::SignedTwice);
        }
        Ok(line)
    }
}

impl NoteSigner {
    /// Names a secret key.
    pub fn new(name: KeyName, key: SigningKey) -> Result<Self, VkeyError> {
        let vkey = Vkey::new(name, key.verifying_key().as_bytes())?;
        Ok(Self { vkey, key })
    }

    /// The public half.
    #[must_use]
    pub fn vkey(&self) -> &Vkey {
        &self.vkey
    }

    fn sign(&self, text: &str) -> NoteSignature {
        let signature = self.key.sign(text.as_bytes()).to_bytes().to_vec();
        NoteSignature {
            name: self.vkey.name().clone(),
            id: self.vkey.id(),
            signature,
        }
    }
}

impl Note {
    /// An unsigned note. The text ends in a newline.
    pub fn new(text: impl Into<String>) -> Result<Self, NoteError> {
        let text = text.into();
        check_characters(&text)?;
        if !text.ends_with('\n') {
            return Err(NoteError::NoNewlineAtEnd);
        }
        Ok(Self {
            text,
            signatures: Vec::new(),
        })
    }

    /// Reads a note, strictly; verifies nothing.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > NOTE_BYTES_MAX {
            return Err(NoteError::TooLong(bytes.len()));
        }
        let note = str::from_utf8(bytes).map_err(|_| NoteError::NotText)?;
        check_characters(note)?;
        let blank = note.rfind("\n\n").ok_or(NoteError::NoSignatures)?;
        let (text, lines) = (&note[..=blank], &note[blank + 2..]);
        let lines = lines.strip_suffix('\n').ok_or(NoteError::NoSignatures)?;
        if lines.split('\n').count() > NOTE_SIGNATURES_MAX {
            return Err(NoteError::TooManySignatures);
        }
        let signatures = lines
            .split('\n')
            .enumerate()
            .map(|(at, line)| parse_signature(line).ok_or(NoteError::BadSignatureLine(at + 1)))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            text: text.to_owned(),
            signatures,
        })
    }

    /// What is signed, with its final newline.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All signatures, in the order of their lines.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Adds a signature by `signer`, which must not have signed before.
    pub fn sign(&mut self, signer: &NoteSigner) -> Result<(), NoteError> {
        self.add(signer.sign(&self.text))
    }

    /// Adds a signature made elsewhere, such as a witness' cosignature.
    pub fn add(&mut self, signature: NoteSignature) -> Result<(), NoteError> {
        if self.by(&signature.name, signature.id).next().is_some() {
            return Err(NoteError::SignedTwice);
        }
        if self.signatures.len() == NOTE_SIGNATURES_MAX {
            return Err(NoteError::TooManySignatures);
        }
        if !(1..=SIGNATURE_BYTES_MAX - KEY_ID_BYTES).contains(&signature.signature.len()) {
            return Err(NoteError::BadSignature);
        }
        self.signatures.push(signature);
        Ok(())
    }

    /// The bytes of the note; refuses one without signatures, and one too long to be read again.
    pub fn encode(&self) -> Result<String, NoteError> {
        if self.signatures.is_empty() {
            return Err(NoteError::NoSignatures);
        }
        let lines: String = self
            .signatures
            .iter()
            .map(|signature| signature.to_string() + "\n")
            .collect();
        let note = format!("{}\n{lines}", self.text);
        if note.len() > NOTE_BYTES_MAX {
            return Err(NoteError::TooLong(note.len()));
        }
        Ok(note)
    }

    /// Holds if this key signed the text, once. Signatures by other keys are ignored, even under the same name.
    pub fn verify(&self, vkey: &Vkey) -> Result<(), NoteError> {
        let line = vkey.0.line(self)?;
        vkey.0.verify(self.text.as_bytes(), &line.signature)
    }

    /// Those of these keys that signed the text: at least one, and each of them once. A line by one of them that does not verify
    /// refuses the note, whatever the others say.
    pub fn verify_any<'a>(&self, vkeys: impl IntoIterator<Item = &'a Vkey>) -> Result<Vec<&'a Vkey>, NoteError> {
        let mut signed = Vec::new();
        for vkey in vkeys {
            match self.verify(vkey) {
                Ok(()) => signed.push(vkey),
                Err(NoteError::NotSigned) => {}
                Err(error) => return Err(error),
            }
        }
        if signed.is_empty() {
            return Err(NoteError::NotSigned);
        }
        Ok(signed)
    }

    /// The same text with the lines by these keys alone.
    #[must_use]
    pub fn only_by<'a>(&self, vkeys: impl IntoIterator<Item = &'a Vkey>) -> Self {
        let lines = vkeys.into_iter().flat_map(|vkey| self.by(vkey.name(), vkey.id()));
        Self {
            text: self.text.clone(),
            signatures: lines.cloned().collect(),
        }
    }

    fn by(&self, name: &KeyName, id: NoteKeyId) -> impl Iterator<Item = &NoteSignature> {
        self.signatures
            .iter()
            .filter(move |signature| signature.id == id && signature.name == *name)
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for KeyName {
    type Err = VkeyError;

    fn from_str(text: &str) -> Result<Self, VkeyError> {
        Self::new(text)
    }
}

/// As in a verifying key: eight hexadecimal digits.
impl fmt::Display for NoteKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

impl fmt::Display for Vkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Vkey {
    type Err = VkeyError;

    fn from_str(text: &str) -> Result<Self, VkeyError> {
        text.parse().map(Self)
    }
}

impl<const KIND: u8> fmt::Display for NamedKey<KIND> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let typed = [&[KIND], self.public_key().as_slice()].concat();
        write!(f, "{}+{}+{}", self.name, self.id, STANDARD.encode(typed))
    }
}

impl<const KIND: u8> FromStr for NamedKey<KIND> {
    type Err = VkeyError;

    fn from_str(text: &str) -> Result<Self, VkeyError> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(VkeyError::NotAVkey);
        };
        let typed = STANDARD.decode(key).map_err(|_| VkeyError::NotAVkey)?;
        let (&kind, public_key) = typed.split_first().ok_or(VkeyError::NotAVkey)?;
        if kind != KIND {
            return Err(VkeyError::UnknownType(kind));
        }
        let public_key = public_key.try_into().map_err(|_| VkeyError::UnusableKey)?;
        let vkey = Self::new(KeyName::new(name)?, public_key)?;
        if vkey.id.to_string() != id {
            return Err(VkeyError::WrongKeyId);
        }
        Ok(vkey)
    }
}

/// Shows the public half only.
impl fmt::Debug for NoteSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NoteSigner({})", self.vkey)
    }
}

/// The signature line, without its newline.
impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.id.0.to_be_bytes().as_slice(), &self.signature].concat();
        write!(f, "{SIGNATURE_PREFIX}{} {}", self.name, STANDARD.encode(bytes))
    }
}

fn check_characters(text: &str) -> Result<(), NoteError> {
    if text.contains(|c: char| c < ' ' && c != '\n') {
        return Err(NoteError::NotText);
    }
    Ok(())
}

/// Reads a signature line, without its newline.
pub(crate) fn parse_signature(line: &str) -> Option<NoteSignature> {
    let (name, encoded) = line.strip_prefix(SIGNATURE_PREFIX)?.split_once(' ')?;
    let bytes = STANDARD
        .decode(encoded)
        .ok()
        .filter(|bytes| bytes.len() <= SIGNATURE_BYTES_MAX)?;
    let (id, signature) = bytes.split_first_chunk::<KEY_ID_BYTES>()?;
    if signature.is_empty() {
        return None;
    }
    let id = NoteKeyId(u32::from_be_bytes(*id));
    Some(NoteSignature {
        name: KeyName::new(name).ok()?,
        id,
        signature: signature.to_vec(),
    })
}
