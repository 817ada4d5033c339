//! What a page can ask, as JSON in, JSON out.
//!
//! A question is `{"ask": NAME, "with": {…}}`, an answer an object; where something is wrong it is
//! `{"error": {"reason": NAME, "message": …}}`, and of a handover also which `kind` of reason. Bytes are base64, ids and keys have their text forms, and an integer that can be
//! longer than 53 bits is text.
//!
//! | ask | with | answer |
//! |---|---|---|
//! | `sample` | `kind` (`LotDeclared`), `now_ms` | `event`: one to fill in, as a draft has it |
//! | `number` | `now_ms`, `waiting`: numbers of the key's statements that wait | `number`: the next |
//! | `draft` | `deployment`, `party`, `key`, `number`, `stated_at_ms`, `event` | `told`, `body`, `to_sign`, `statement_id`, `created` |
//! | `assemble` | `deployment`, `key`, `body`, `signature` | the statement, which holds |
//! | `read` | `deployment`, `signed` | the statement, which holds |
//! | `key` | `seed`: a private key | `key`: its public half |
//! | `sign` | `seed`, `to_sign` | `signature`; for where nothing else on the device makes one |
//! | `sign-in` | `deployment`, `party`, `key`, `site`, `challenge`, `nonce`, `now_ms` | `told`, `body`, `to_sign` |
//! | `assemble-request` | `deployment`, `key`, `body`, `signature` | `signed`: the request, which holds |
//! | `hand-over` | `deployment`, `lot`, `recorded`, `waiting`: signed statements | `file`, `bytes`, `statements`: how many, `codes` |
//! | `open` | `deployment`, and `file` or the text of `codes` | `lot`, `facts`, `facts_are_signed`, `statements` |
//! | `scan` | `width` and `height` of the picture beside the question | `texts` of the codes in it |
//! | `gathered` | the text of `codes` | of how many codes (`count`) which are `missing` |
//! | `id` | the `text` that somebody typed for an id | `id`: as it is written; null where it is none, or mistyped |
//! | `code` | a `text` of capital letters and digits | the code that shows it: `text`, `units`, `path` |
//!
//! A statement is `signed`, `statement_id`, `party`, `key`, `number`, `stated_at_ms`, `kind`, `told` ([`wording::Told`]),
//! `created` (the ids that it brings into the world), `lots` (those that it is on).

use core::fmt;
use core::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer, SigningKey};
use event::request::{Ask, Audience, Challenge, Nonce, SESSION_MS_MAX, SignIn};
use event::statement::{Body, SignatureBytes};
use event::{
    DeploymentId, Event, LotId, PartyId, PlanId, PublicKey, Request, RequestError, SignedRequest, SignedStatement,
    SiteId, Statement, Timestamp, VerifiedStatement, VerifyError,
};
use serde::{Deserialize, Deserializer, de};
use serde_json::{Value, from_value, json};
use thiserror::Error;
use wording::told;
use zeroize::Zeroizing;

use crate::handover::{Handover, HandoverError, going_along};
use crate::lots::History;
use crate::qr::{self, Code};
use crate::scan::{self, PictureError};
use crate::{drafts, numbers, statements};

/// The longest question: the longest handover of 512 KiB is 683 KiB in base64; what stands around it is short.
pub const QUESTION_BYTES_MAX: usize = 1024 * 1024;

/// The longest text of one code that is no part of a handover.
const CODE_CHARACTERS_MAX: usize = 256;

/// Answers any question that is about no picture.
#[must_use]
pub fn answer(question: &[u8]) -> String {
    answer_of(question, &[])
}

/// Answers any question: the picture beside it has one byte of grey for each pixel.
#[must_use]
pub fn answer_of(question: &[u8], picture: &[u8]) -> String {
    let answer = asked(question).and_then(|asked| asked.answer(picture));
    answer.unwrap_or_else(|error| error.to_json()).to_string()
}

fn asked(question: &[u8]) -> Result<Asked, AskError> {
    if QUESTION_BYTES_MAX < question.len() {
        return Err(AskError::TooLong);
    }
    Ok(serde_json::from_slice(question)?)
}

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum AskError {
    /// Longer than any question.
    #[error("the question is longer than the {QUESTION_BYTES_MAX} bytes allowed: hand over less at once")]
    TooLong,
    /// Not a question, or a field that is not of its type.
    #[error("{0}")]
    Question(#[from] serde_json::Error),
    /// Nothing that is answered here.
    #[error("{0:?} is nothing that can be asked")]
    Ask(String),
    /// No kind of statement.
    #[error("there is no statement {0:?}")]
    Kind(String),
    /// Not a statement that holds.
    #[error(transparent)]
    Statement(#[from] VerifyError),
    /// Not a handover that holds.
    #[error(transparent)]
    Handover(#[from] HandoverError),
    /// Not a picture.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// Not a request that holds.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// Nothing that one code shows.
    #[error("a code shows capital letters and digits, at most {CODE_CHARACTERS_MAX}")]
    Code,
    /// Nothing is on the lot.
    #[error("nothing that is said of {0} is here: there is nothing to hand over")]
    Silent(LotId),
}

impl AskError {
    fn to_json(&self) -> Value {
        let reason = match self {
            Self::TooLong => "too-long",
            Self::Question(_) => "question",
            Self::Ask(_) => "ask",
            Self::Kind(_) => "kind",
            Self::Statement(_) => "statement",
            Self::Handover(_) => "handover",
            Self::Picture(_) => "picture",
            Self::Request(_) => "request",
            Self::Code => "code",
            Self::Silent(_) => "silent",
        };
        let mut error = json!({"reason": reason, "message": self.to_string()});
        if let Self::Handover(why) = self {
            error["kind"] = why.name().into();
        }
        json!({ "error": error })
    }
}

/// A question before it is known what is asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    ask: String,
    with: Value,
}

impl Asked {
    fn answer(self, picture: &[u8]) -> Result<Value, AskError> {
        let with = self.with;
        match self.ask.as_str() {
            "sample" => from_value::<Sample>(with)?.answer(),
            "number" => Ok(from_value::<Number>(with)?.answer()),
            "draft" => from_value::<Draft>(with)?.answer(),
            "assemble" => from_value::<Assemble>(with)?.answer(),
            "read" => from_value::<Read>(with)?.answer(),
            "key" => Ok(from_value::<Seeded>(with)?.answer()),
            "sign" => Ok(from_value::<Sign>(with)?.answer()),
            "sign-in" => Ok(from_value::<SigningIn>(with)?.answer()),
            "assemble-request" => from_value::<AssembleRequest>(with)?.answer(),
            "hand-over" => from_value::<HandOver>(with)?.answer(),
            "open" => from_value::<Open>(with)?.answer(),
            "scan" => from_value::<Scan>(with)?.answer(picture),
            "gathered" => from_value::<Gathered>(with)?.answer(),
            "id" => Ok(from_value::<Typed>(with)?.answer()),
            "code" => from_value::<Shown>(with)?.answer(),
            _ => Err(AskError::Ask(self.ask)),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    kind: String,
    now_ms: i64,
}

impl Sample {
    fn answer(self) -> Result<Value, AskError> {
        let kind = drafts::kind(&self.kind).ok_or(AskError::Kind(self.kind))?;
        let event = drafts::sample(kind, Timestamp::from_unix_ms(self.now_ms));
        Ok(json!({ "event": event }))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Number {
    now_ms: i64,
    waiting: Vec<Long>,
}

impl Number {
    fn answer(self) -> Value {
        let waiting = self.waiting.into_iter().map(|number| number.0);
        let number = numbers::next(Timestamp::from_unix_ms(self.now_ms), waiting);
        json!({"number": number.to_string()})
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    deployment: DeploymentId,
    party: PartyId,
    key: PublicKey,
    number: Long,
    stated_at_ms: i64,
    event: Event,
}

impl Draft {
    fn answer(self) -> Result<Value, AskError> {
        let statement = Statement {
            party: self.party,
            number: self.number.0,
            stated_at: Timestamp::from_unix_ms(self.stated_at_ms),
            event: self.event,
        };
        let drafted = statements::draft(&statement, self.deployment, self.key)?;
        Ok(json!({
            "told": told(&statement.event),
            "body": STANDARD.encode(&drafted.body.0),
            "to_sign": STANDARD.encode(&drafted.to_sign),
            "statement_id": drafted.id,
            "created": statements::created(&statement.event, drafted.id),
        }))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Assemble {
    deployment: DeploymentId,
    key: PublicKey,
    body: Bytes,
    signature: Bytes,
}

impl Assemble {
    fn answer(self) -> Result<Value, AskError> {
        let signature = self.signature.0.try_into().map_err(|_| VerifyError::BadSignature)?;
        let said = statements::assemble(Body(self.body.0), self.deployment, self.key, SignatureBytes(signature))?;
        Ok(shown(&said))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    deployment: DeploymentId,
    signed: Bytes,
}

impl Read {
    fn answer(self) -> Result<Value, AskError> {
        Ok(shown(&self.signed.verified(self.deployment)?))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seeded {
    seed: Seed,
}

impl Seeded {
    fn answer(self) -> Value {
        json!({"key": PublicKey::from(self.seed.0.verifying_key())})
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sign {
    seed: Seed,
    to_sign: Bytes,
}

impl Sign {
    fn answer(self) -> Value {
        let signature = self.seed.0.sign(&self.to_sign.0);
        json!({"signature": STANDARD.encode(signature.to_bytes())})
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SigningIn {
    deployment: DeploymentId,
    party: PartyId,
    key: PublicKey,
    site: Audience,
    challenge: Challenge,
    nonce: Nonce,
    now_ms: i64,
}

impl SigningIn {
    fn answer(self) -> Value {
        let asked_at = Timestamp::from_unix_ms(self.now_ms);
        let told = json!({
            "party": self.party,
            "key": self.key,
            "site": self.site,
            "until_ms": asked_at.plus_ms(SESSION_MS_MAX).unix_ms(),
        });
        let request = Request {
            party: self.party,
            asked_at,
            nonce: self.nonce,
            ask: Ask::SignIn(SignIn {
                audience: self.site,
                challenge: self.challenge,
            }),
        };
        let (body, to_sign) = request.to_sign(self.deployment);
        json!({"told": told, "body": STANDARD.encode(&body.0), "to_sign": STANDARD.encode(&to_sign)})
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AssembleRequest {
    deployment: DeploymentId,
    key: PublicKey,
    body: Bytes,
    signature: Bytes,
}

impl AssembleRequest {
    fn answer(self) -> Result<Value, AskError> {
        let signature = self.signature.0.try_into().map_err(|_| RequestError::BadSignature)?;
        let signed = SignedRequest {
            key: self.key,
            signature: SignatureBytes(signature),
            body: Body(self.body.0),
        };
        signed.verify(self.deployment)?;
        Ok(json!({"signed": STANDARD.encode(signed.encode())}))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HandOver {
    deployment: DeploymentId,
    lot: LotId,
    recorded: Vec<Bytes>,
    waiting: Vec<Bytes>,
}

impl HandOver {
    fn answer(self) -> Result<Value, AskError> {
        let deployment = self.deployment;
        let all = |signed: Vec<Bytes>| -> Result<Vec<VerifiedStatement>, VerifyError> {
            signed.into_iter().map(|one| one.verified(deployment)).collect()
        };
        let statements = going_along(self.lot, &all(self.recorded)?, all(self.waiting)?);
        if statements.is_empty() {
            return Err(AskError::Silent(self.lot));
        }
        let facts = History::of(self.lot, &statements).facts();
        let file = Handover::new(deployment, self.lot, facts, &statements)?.encode();
        // What does not fit into codes is handed over as a file.
        let codes: Vec<_> = qr::spread(&file)
            .unwrap_or_default()
            .iter()
            .map(|text| drawn(text))
            .collect();
        Ok(json!({
            "file": STANDARD.encode(&file),
            "bytes": file.len(),
            "statements": statements.len(),
            "codes": codes,
        }))
    }
}

fn drawn(text: &str) -> Value {
    let code = Code::of(text);
    json!({"text": text, "units": code.units(), "path": code.path()})
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Open {
    deployment: DeploymentId,
    #[serde(default)]
    file: Option<Bytes>,
    #[serde(default)]
    codes: Option<String>,
}

impl Open {
    fn answer(self) -> Result<Value, AskError> {
        let bytes = match (self.file, self.codes) {
            (Some(file), None) => file.0,
            (None, Some(codes)) => codes.into_bytes(),
            _ => return Err(HandoverError::NotOne.into()),
        };
        let opened = Handover::decode(&bytes)?.open(self.deployment)?;
        let statements: Vec<_> = opened.statements.iter().map(shown).collect();
        Ok(json!({
            "lot": opened.lot,
            "facts": opened.facts,
            "facts_are_signed": opened.facts_are_signed,
            "statements": statements,
        }))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scan {
    width: usize,
    height: usize,
}

impl Scan {
    fn answer(self, picture: &[u8]) -> Result<Value, AskError> {
        let texts = scan::texts(self.width, self.height, picture)?;
        Ok(json!({ "texts": texts }))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Gathered {
    codes: String,
}

impl Gathered {
    fn answer(self) -> Result<Value, AskError> {
        let qr::Gathered { count, missing } = qr::gathered(&self.codes).map_err(HandoverError::from)?;
        Ok(json!({"count": count, "missing": missing}))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    text: String,
}

impl Typed {
    fn answer(&self) -> Value {
        let text = self.text.trim();
        let id = written_as::<PartyId>(text)
            .or_else(|| written_as::<SiteId>(text))
            .or_else(|| written_as::<LotId>(text))
            .or_else(|| written_as::<PlanId>(text));
        json!({ "id": id })
    }
}

/// How an id of one kind is written; none where the text is none of that kind.
fn written_as<T: FromStr + fmt::Display>(text: &str) -> Option<String> {
    text.parse::<T>().ok().map(|id| id.to_string())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shown {
    text: String,
}

impl Shown {
    fn answer(self) -> Result<Value, AskError> {
        let is_short = self.text.len() <= CODE_CHARACTERS_MAX;
        let fits = self
            .text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if !(is_short && fits) {
            return Err(AskError::Code);
        }
        Ok(drawn(&self.text))
    }
}

/// A statement that holds.
fn shown(said: &VerifiedStatement) -> Value {
    let lots: Vec<_> = said.event().lots_after().iter().map(|touched| touched.lot).collect();
    json!({
        "signed": STANDARD.encode(said.signed().encode()),
        "statement_id": said.id(),
        "party": said.party(),
        "key": said.key(),
        "number": said.number().to_string(),
        "stated_at_ms": said.stated_at().unix_ms(),
        "kind": said.event().kind().name(),
        "told": told(said.event()),
        "created": statements::created(said.event(), said.id()),
        "lots": lots,
    })
}

/// An integer as text.
struct Long(u64);

impl<'de> Deserialize<'de> for Long {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        written(deserializer, "an integer as text", |text| {
            u64::from_str(text).map(Self).ok()
        })
    }
}

/// Bytes as base64.
struct Bytes(Vec<u8>);

impl Bytes {
    fn verified(self, deployment: DeploymentId) -> Result<VerifiedStatement, VerifyError> {
        statements::verified(SignedStatement::decode(&self.0)?, deployment)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        written(deserializer, "bytes in base64", |text| {
            STANDARD.decode(text).map(Self).ok()
        })
    }
}

/// A private key: 32 bytes as base64.
struct Seed(SigningKey);

impl<'de> Deserialize<'de> for Seed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        written(deserializer, "32 bytes in base64", |text| {
            let seed = Zeroizing::new(STANDARD.decode(text).ok()?);
            Some(Self(SigningKey::from_bytes(seed.as_slice().try_into().ok()?)))
        })
    }
}

/// What is read from a text, or that the text is not of this form.
fn written<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    form: &'static str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<T, D::Error> {
    struct Text<F>(&'static str, F);
    impl<T, F: FnOnce(&str) -> Option<T>> de::Visitor<'_> for Text<F> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            (self.1)(text).ok_or_else(|| E::custom(format_args!("not {}", self.0)))
        }
    }
    deserializer.deserialize_str(Text(form, read))
}
