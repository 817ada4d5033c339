//! `veta assess`: from questions to a signed assessment, without a network.
//!
//! # In scope
//! - [`interview`](fn@interview): question by question on a terminal, kept after every answer.
//! - [`template`](fn@template): a CSV sheet or an XLSForm to fill in.
//! - [`read`](fn@read): a filled sheet, an export of KoboToolbox, or an interview's file, checked as a whole and signed.
//!
//! # Out of scope
//! - What is asked: `catalogue`. Whether it may be said: `ledger`. Sending: `veta statement submit`.
//!
//! # Invariants
//! - Nothing is signed of a file that has one fault, and every fault has its row and column.
//! - What was not asked stands nowhere; no value is guessed.
//! - Files of evidence never leave the machine: their digests do.
//! - The same assessment has the same number in the register, so that it is recorded once.

mod answers;
mod fault;
mod filled;
mod form;
#[cfg(fuzzing)]
pub mod fuzzing;
mod gathered;
mod interview;
mod mapping;
mod names;
mod phrases;
mod plain;
mod reading;
mod session;
mod sheet;
mod template;
mod workbook;

pub use answers::AnswerError;
pub use fault::{Fault, Faults};
pub use gathered::{Head, kind, subject};
pub use interview::{Dialogue, Ended};
pub use mapping::Mapping;
pub use reading::{Reading, read};
pub use session::Session;
pub use sheet::{Row, Sheet, SheetError};

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use ::catalogue::{Catalogue, Language};
use event::{Date, Event};

use crate::print;
use crate::statements::{self, Signer};
use crate::trouble::{Done, Trouble};

use self::interview::Interview;
pub(crate) use self::phrases::Phrases;

/// How a template is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A sheet for a person at a desk.
    Csv,
    /// A form for a phone: KoboToolbox, ODK and others take it.
    Xlsform,
}

/// What a template is made of.
#[derive(Debug)]
pub struct Template<'a> {
    /// What is asked.
    pub catalogue: &'a Catalogue,
    /// In which language; a form has them all.
    pub language: Language,
    /// What is known already.
    pub head: &'a Head,
    /// Whether a form asks for photos.
    pub photos: bool,
    /// The day on which it is made.
    pub today: Date,
}

/// Writes a template into a new file. What is there already is not written over: it may be filled in.
pub fn template(format: Format, template: &Template<'_>, output: &Path) -> Done {
    let bytes = match format {
        Format::Csv => template::csv(template.catalogue, template.language, template.head),
        Format::Xlsform => template::xlsform(template.catalogue, template.head, template.photos, template.today)
            .map_err(Trouble::at("cannot make the form"))?,
    };
    let opened = OpenOptions::new().write(true).create_new(true).open(output);
    let written = opened.and_then(|mut file| file.write_all(&bytes));
    written.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Trouble::failed(format_args!(
            "{} is there already and may be filled in: choose another name",
            output.display()
        )),
        _ => Trouble::failed(format_args!("cannot write {}: {error}", output.display())),
    })?;
    print::line(format_args!(
        "{} has {} criteria and {} indicators of {} {}",
        output.display(),
        template.catalogue.criteria().count(),
        template.catalogue.indicators().count(),
        template.catalogue.slug(),
        template.catalogue.version()
    ));
    Ok(())
}

/// What an interview needs.
#[derive(Debug)]
pub struct Asking<'a> {
    /// What is asked.
    pub catalogue: &'a Catalogue,
    /// In which language; that of the file where it is left out.
    pub language: Option<Language>,
    /// What is known already.
    pub head: &'a Head,
    /// Where it is kept.
    pub path: &'a Path,
    /// Who signs, where that is known.
    pub signer: Option<&'a Signer>,
    /// The day it is.
    pub today: Date,
}

/// Begins an interview, or goes on with the one that is kept at the path; at its end, shows what was said and signs it.
pub fn interview(asking: &Asking<'_>, dialogue: &mut Dialogue<'_>) -> Done {
    if !reading::is_session(asking.path) {
        return Err(Trouble::usage("name a file for the answers that ends in .json"));
    }
    let mut session = resumed(asking)?;
    let ended = Interview::of(asking.catalogue, &mut session, asking.path).run(dialogue)?;
    let path = asking.path.display();
    if ended == Ended::Stopped {
        return dialogue.say(format_args!("{path}: kept; the same command goes on"));
    }
    let gathered = session.gathered(asking.catalogue).map_err(|wrong| joined(&wrong))?;
    let assessment = gathered
        .statement(asking.catalogue, asking.today)
        .map_err(|wrong| joined(&wrong))?;
    dialogue.say(plain::whole(asking.catalogue, &assessment, session.language))?;
    let Some(signer) = asking.signer else {
        return dialogue.say(format_args!(
            "{path}: kept, not signed; `veta assess read {path} --key KEY --deployment ID --queue DIR` signs it"
        ));
    };
    let party = reading::speaker(&assessment, signer)
        .map_err(|trouble| Trouble::failed(format_args!("{trouble}; {path} keeps the answers")))?;
    if let Some(there) = reading::signed_before(signer)?.get(&(party, assessment.reference.clone())) {
        return dialogue.say(format_args!("{there}: signed before, nothing to do"));
    }
    if !signer.yes {
        let phrases = Phrases::of(session.language);
        dialogue.say(format_args!("{} {party}. {}", phrases.in_the_name_of, phrases.sign))?;
        if !dialogue.hear()?.is_some_and(|line| phrases.agrees(&line)) {
            return Err(Trouble::failed(format_args!("not signed; {path} keeps the answers")));
        }
    }
    let waiting = statements::sign_all(vec![(party, Event::AssessmentSubmitted(assessment))], signer)?;
    for statement in &waiting {
        session.signed = Some(statement.id);
        statements::tell(statement, signer.json);
    }
    session.keep(asking.path)
}

/// The session that is kept, or a new one.
fn resumed(asking: &Asking<'_>) -> Done<Session> {
    let Some(mut session) = Session::find(asking.path)? else {
        let language = asking.language.unwrap_or(Language::En);
        return Ok(Session::begin(asking.catalogue, language, asking.head));
    };
    // Whatever does not fit is said before anything is asked.
    let gathered = session.gathered(asking.catalogue).map_err(|wrong| joined(&wrong))?;
    let head = gathered.head.or(asking.head).map_err(Trouble::failed)?;
    if let Some(id) = session.signed {
        return Err(Trouble::failed(format_args!(
            "{} was signed as {id}: name a new file for another assessment",
            asking.path.display()
        )));
    }
    (session.subject, session.kind, session.from, session.to) = (head.subject, head.kind, head.from, head.to);
    session.language = asking.language.unwrap_or(session.language);
    Ok(session)
}

fn joined(wrong: &[String]) -> Trouble {
    Trouble::failed(wrong.join("\n  "))
}
