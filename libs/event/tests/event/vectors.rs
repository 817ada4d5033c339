//! Golden vectors: one file per case, with what is expected of it written inside.
//!
//! The files freeze the wire format and are meant for any language: lines of `name: value`, bytes in hexadecimal.
//! `testdata/README.md` says what each field means. `VETA_REGENERATE=1` writes them anew from the seeds in `good` and `bad`.

mod bad;
mod good;
mod requests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Debug, Display, Write as _};
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use event::codec::encode;
use event::id::IdError;
use event::{
    AssessmentId, DeploymentId, Event, IncidentId, LotId, PartyId, PermitId, PlanId, PublicKey, Record, Request,
    SignedRequest, SignedStatement, SiteId, Statement, StatementId, VerifiedStatement,
};
use serde_json::Value;

pub(crate) use requests::{a_request, request, sign_in};

/// Set to write the files instead of comparing with them.
const REGENERATE: &str = "VETA_REGENERATE";

#[test]
fn every_file_is_as_it_expects() {
    let files = files();
    assert!(files.len() > 200, "only {} vectors are there", files.len());
    for (name, text) in &files {
        check(name, text);
    }
}

#[test]
fn the_bytes_are_frozen() {
    let made: BTreeMap<String, String> = good::vectors()
        .into_iter()
        .chain(bad::vectors())
        .chain(requests::vectors())
        .map(|vector| (vector.name.clone(), vector.text()))
        .collect();
    if std::env::var_os(REGENERATE).is_some() {
        write(&made);
    }
    let files = files();
    let names = |vectors: &BTreeMap<String, String>| vectors.keys().cloned().collect::<Vec<_>>();
    assert_eq!(
        names(&files),
        names(&made),
        "a vector is missing, or nobody makes it any more"
    );
    for (name, text) in &made {
        assert!(
            files[name] == *text,
            "{name}: these bytes are frozen, but other ones are made now:\n{text}"
        );
    }
}

#[test]
fn every_kind_of_value_has_a_vector() {
    let mut missing = every_kind_of_value();
    for vector in good::vectors() {
        vector
            .field("json")
            .into_iter()
            .for_each(|json| said(json, &mut missing));
    }
    assert!(missing.is_empty(), "no vector says {missing:?}");
}

/// The statement that most vectors carry, for whom and with which key it is signed.
pub(crate) fn a_signed_statement() -> (Statement, DeploymentId, SigningKey) {
    (
        good::statement(2, good::withdrawal()),
        good::deployment(),
        good::founder(),
    )
}

/// Every variant of every enum in the vocabulary: where it stands in JSON, and its name.
pub(crate) fn every_kind_of_value() -> BTreeSet<(String, String)> {
    let named = good::every_enum().into_iter();
    named
        .flat_map(|(place, names)| names.into_iter().map(|name| (place.to_owned(), name)))
        .collect()
}

/// Takes from `missing` what a statement in JSON says.
pub(crate) fn said(json: &str, missing: &mut BTreeSet<(String, String)>) {
    fn walk(place: &str, value: &Value, missing: &mut BTreeSet<(String, String)>) {
        let named = |name: &String| (place.to_owned(), name.clone());
        match value {
            Value::String(name) => _ = missing.remove(&named(name)),
            Value::Array(values) => values.iter().for_each(|value| walk(place, value, missing)),
            Value::Object(members) => {
                for (name, value) in members {
                    missing.remove(&named(name));
                    walk(name, value, missing);
                }
            }
            _ => {}
        }
    }
    walk("", &serde_json::from_str(json).expect("JSON"), missing);
}

/// One case: what is in its file.
pub(crate) struct Vector {
    name: String,
    fields: Vec<(&'static str, String)>,
}

impl Vector {
    fn new(kind: &'static str, name: &str, expect: &str, comment: &str) -> Self {
        Self {
            name: format!("{kind}-{name}"),
            fields: Vec::new(),
        }
        .with("kind", kind)
        .with("expect", expect)
        .with("comment", comment)
    }

    fn with(mut self, field: &'static str, value: impl Display) -> Self {
        self.fields.push((field, value.to_string()));
        self
    }

    fn field(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(field, _)| *field == name)
            .map(|(_, value)| value.as_str())
    }

    fn text(&self) -> String {
        self.fields.iter().fold(String::new(), |text, (field, value)| {
            text + field
                + ": "
                + value
                + "
"
        })
    }
}

/// A file as it was read.
struct Fields<'a> {
    file: &'a str,
    values: BTreeMap<&'a str, &'a str>,
}

impl<'a> Fields<'a> {
    fn read(file: &'a str, text: &'a str) -> Self {
        let line = |line: &'a str| {
            line.split_once(": ")
                .unwrap_or_else(|| panic!("{file}: no field in {line:?}"))
        };
        Self {
            file,
            values: text.lines().map(line).collect(),
        }
    }

    fn text(&self, name: &str) -> &'a str {
        self.values
            .get(name)
            .unwrap_or_else(|| panic!("{}: no field {name}", self.file))
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        unhex(self.text(name)).unwrap_or_else(|| panic!("{}: {name} is not hexadecimal", self.file))
    }

    /// Asserts that `value` is what the file says under `name`.
    fn agree(&self, name: &str, value: impl Display) {
        assert_eq!(self.text(name), value.to_string(), "{}: {name}", self.file);
    }
}

/// The one check that every file goes through.
fn check(name: &str, text: &str) {
    let fields = Fields::read(name, text);
    match fields.text("kind") {
        "statement" => check_statement(&fields),
        "record" => check_record(&fields),
        "request" => check_request(&fields),
        "id" => check_id(&fields),
        "key" => check_key(&fields),
        other => panic!("{name}: no vectors are of kind {other}"),
    }
}

fn check_statement(fields: &Fields) {
    let deployment: DeploymentId = fields.text("deployment").parse().expect("a deployment id");
    let signed = fields.bytes("signed");
    let verified = SignedStatement::decode(&signed).and_then(|statement| statement.verify(deployment));
    fields.agree("expect", outcome(&verified, "verified"));
    let Ok(verified) = verified else { return };
    assert_eq!(verified.signed().encode(), signed, "{}: encoded again", fields.file);
    fields.agree("key-usable", verified.key().is_usable());
    fields.agree("id", verified.id());
    fields.agree("creates", created(&verified));
    fields.agree("topic", verified.event().kind().topic().subject(verified.party()));
    let json: Statement = serde_json::from_str(fields.text("json")).expect("a statement in JSON");
    assert_eq!(json, *verified.statement(), "{}: json", fields.file);
    assert_eq!(encode(&json), verified.signed().body.0, "{}: json encoded", fields.file);
}

fn check_record(fields: &Fields) {
    let payload = fields.bytes("payload");
    let record = Record::decode(&payload);
    fields.agree("expect", outcome(&record, "decoded"));
    let Ok(record) = record else { return };
    assert_eq!(record.encode(), payload, "{}: encoded again", fields.file);
    fields.agree("admitted-at", record.admitted_at().unix_ms());
    fields.agree("signed", hex(&record.statement().encode()));
}

fn check_request(fields: &Fields) {
    let deployment: DeploymentId = fields.text("deployment").parse().expect("a deployment id");
    let signed = fields.bytes("signed");
    let verified = SignedRequest::decode(&signed).and_then(|request| request.verify(deployment));
    fields.agree("expect", outcome(&verified, "verified"));
    let Ok(verified) = verified else { return };
    fields.agree("id", verified.id());
    let json: Request = serde_json::from_str(fields.text("json")).expect("a request in JSON");
    assert_eq!(json, *verified.request(), "{}: json", fields.file);
    assert!(signed.ends_with(&encode(&json)), "{}: json encoded", fields.file);
}

fn check_id(fields: &Fields) {
    let text = fields.text("text");
    match fields.text("prefix") {
        "org" => agree_on_id(fields, text.parse::<PartyId>(), |id| *id.as_bytes()),
        "site" => agree_on_id(fields, text.parse::<SiteId>(), |id| *id.as_bytes()),
        "lot" => agree_on_id(fields, text.parse::<LotId>(), |id| *id.as_bytes()),
        "assessment" => agree_on_id(fields, text.parse::<AssessmentId>(), |id| *id.as_bytes()),
        "plan" => agree_on_id(fields, text.parse::<PlanId>(), |id| *id.as_bytes()),
        "incident" => agree_on_id(fields, text.parse::<IncidentId>(), |id| *id.as_bytes()),
        "permit" => agree_on_id(fields, text.parse::<PermitId>(), |id| *id.as_bytes()),
        other => panic!("{}: no ids start with {other}", fields.file),
    }
}

fn agree_on_id<Id: Display>(fields: &Fields, id: Result<Id, IdError>, bytes: impl Fn(&Id) -> [u8; 16]) {
    fields.agree("expect", outcome(&id, "id"));
    let Ok(id) = id else { return };
    fields.agree("bytes", hex(&bytes(&id)));
    fields.agree("canonical", id);
}

fn check_key(fields: &Fields) {
    let key: PublicKey = fields.text("key").parse().expect("32 bytes");
    fields.agree("expect", if key.is_usable() { "usable" } else { "unusable" });
}

/// The name of the error's variant, or `good`.
fn outcome<T, E: Debug>(result: &Result<T, E>, good: &str) -> String {
    let Err(error) = result else { return good.to_owned() };
    let named = format!("{error:?}");
    named.split([' ', '(']).next().unwrap_or_default().to_owned()
}

/// The ids that a statement brings into the world, in their order, or `nothing`.
fn created(statement: &VerifiedStatement) -> String {
    let id: StatementId = statement.id();
    match statement.event() {
        Event::DeploymentFounded(_) | Event::PartyEnrolled(_) => PartyId::derive(id, 0).to_string(),
        Event::SiteRegistered(_) => SiteId::derive(id, 0).to_string(),
        Event::AssessmentSubmitted(_) => AssessmentId::derive(id, 0).to_string(),
        Event::PlanAdopted(_) => PlanId::derive(id, 0).to_string(),
        Event::IncidentReported(_) => IncidentId::derive(id, 0).to_string(),
        Event::LotDeclared(_) => LotId::derive(id, 0).to_string(),
        Event::PermitRecorded(_) => PermitId::derive(id, 0).to_string(),
        Event::LotsTransformed(event) if !event.outputs.is_empty() => {
            let places = (0..).take(event.outputs.len());
            let lots: Vec<_> = places.map(|place| LotId::derive(id, place).to_string()).collect();
            lots.join(" ")
        }
        _ => "nothing".to_owned(),
    }
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/vectors")
}

/// Every file in the directory: its name without the ending, and its text.
fn files() -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(directory()).expect("the directory of the vectors");
    let paths = entries.map(|entry| entry.expect("an entry of the directory").path());
    paths
        .map(|path| (stem(&path), std::fs::read_to_string(&path).expect("a text file")))
        .collect()
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .and_then(|stem| stem.to_str())
        .expect("a name in UTF-8")
        .to_owned()
}

fn write(vectors: &BTreeMap<String, String>) {
    for name in files().keys().filter(|name| !vectors.contains_key(*name)) {
        std::fs::remove_file(directory().join(format!("{name}.txt"))).expect("removed a vector nobody makes");
    }
    for (name, text) in vectors {
        std::fs::write(directory().join(format!("{name}.txt")), text).expect("wrote a vector");
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
    }
    text
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
