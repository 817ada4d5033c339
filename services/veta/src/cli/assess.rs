//! `veta assess …`: its arguments.

use std::io;
use std::path::{Path, PathBuf};

use ::catalogue::Language;
use clap::{Args, Subcommand};
use event::Date;
use event::vocabulary::{AssessmentKind, Subject};
use service::clock::{Clock, SystemClock};

use super::catalogue::Before;
use super::signing::Signing;
use crate::assess::{self, Asking, Dialogue, Format, Head, Mapping, Reading, kind, subject};
use crate::catalogues::{Chosen, language};
use crate::trouble::Done;

#[derive(Debug, Subcommand)]
pub(super) enum AssessVerb {
    /// Ask question by question, on any terminal. Every answer is kept; the same command goes on. Needs no network.
    Interview(Interview),
    /// Write a file to fill in.
    Template(Template),
    /// Read a filled file, check all of it, show it in plain words, sign it, and queue it. Needs no network.
    ///
    /// The file is the CSV sheet of a template; or an export of KoboToolbox (CSV or XLSX, with XML values and headers),
    /// one submission a row; or the file of an interview. What was signed before is not signed again.
    Read(Box<Read>),
}

#[derive(Debug, Args)]
pub(super) struct Interview {
    /// Where the answers are kept, and taken up again: a file that ends in .json.
    #[arg(long, value_name = "FILE", default_value = "assessment.json")]
    session: PathBuf,
    #[command(flatten)]
    asked: AskedFor,
    #[command(flatten)]
    about: About,
    /// In which language: en, es, fr, pt or sw.
    #[arg(long, value_parser = language)]
    language: Option<Language>,
    #[command(flatten)]
    signing: Signing,
}

#[derive(Debug, Args)]
pub(super) struct Template {
    /// A new file.
    output: PathBuf,
    /// For whom.
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    #[command(flatten)]
    asked: AskedFor,
    #[command(flatten)]
    about: About,
    /// In which language a sheet is: en, es, fr, pt or sw. A form has every language of its catalogue.
    #[arg(long, default_value = "en", value_parser = language)]
    language: Language,
    /// Let a form ask for photos that support the answers.
    #[arg(long)]
    photos: bool,
}

#[derive(Debug, Args)]
pub(super) struct Read {
    /// The file.
    file: PathBuf,
    /// Which sheet of a workbook; the first where it is left out.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    #[command(flatten)]
    asked: AskedFor,
    #[command(flatten)]
    about: About,
    /// What the columns and values of somebody's own form mean.
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Where the files of evidence are. Of a sheet, beside it; of an export, photos are not read without this.
    #[arg(long, value_name = "DIR")]
    evidence: Option<PathBuf>,
    /// In which language it is shown: en, es, fr, pt or sw.
    #[arg(long, default_value = "en", value_parser = language)]
    language: Language,
    /// Check and show it; sign nothing.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    signing: Signing,
}

/// Under which catalogue.
#[derive(Debug, Args)]
pub(super) struct AskedFor {
    /// What is asked: a shipped catalogue, or the path of a catalogue file.
    #[arg(long, default_value = "craft-derived", value_name = "CATALOGUE")]
    catalogue: String,
    #[command(flatten)]
    before: Before,
}

/// Whom, how and when, where the file or the interview does not say.
#[derive(Debug, Args)]
pub(super) struct About {
    /// Who is assessed: an organization's id, org-…, or a site's, site-….
    #[arg(long, value_parser = subject)]
    subject: Option<Subject>,
    /// Who assesses: self, implementer, monitor or `third_party`.
    #[arg(long, value_parser = kind)]
    kind: Option<AssessmentKind>,
    /// The first day that it speaks about.
    #[arg(long, value_name = "DAY")]
    from: Option<Date>,
    /// The last day that it speaks about.
    #[arg(long, value_name = "DAY")]
    to: Option<Date>,
}

impl AskedFor {
    fn chosen(&self) -> Done<Chosen> {
        Chosen::named(&self.catalogue, self.before.files())
    }
}

impl About {
    fn head(&self) -> Head {
        Head {
            subject: self.subject,
            kind: self.kind,
            from: self.from,
            to: self.to,
            reference: None,
        }
    }
}

pub(super) fn run(verb: AssessVerb, state: Option<&Path>, json: bool) -> Done {
    let today = SystemClock.now().date();
    match verb {
        AssessVerb::Interview(interview) => interview.run(today, state, json),
        AssessVerb::Template(template) => template.run(today),
        AssessVerb::Read(read) => read.run(today, state, json),
    }
}

impl Interview {
    fn run(self, today: Date, state: Option<&Path>, json: bool) -> Done {
        // Who signs may be settled later: the answers are kept.
        let signer = self.signing.signer(state, json).ok();
        let catalogue = self.asked.chosen()?;
        let asking = Asking {
            catalogue: &catalogue,
            language: self.language,
            head: &self.about.head(),
            path: &self.session,
            signer: signer.as_ref(),
            today,
        };
        // For programs, standard output has nothing but JSON.
        let mut output: Box<dyn io::Write> = if json {
            Box::new(io::stderr())
        } else {
            Box::new(io::stdout())
        };
        let dialogue = &mut Dialogue {
            input: &mut io::stdin().lock(),
            output: &mut output,
        };
        assess::interview(&asking, dialogue)
    }
}

impl Template {
    fn run(self, today: Date) -> Done {
        let catalogue = self.asked.chosen()?;
        let template = assess::Template {
            catalogue: &catalogue,
            language: self.language,
            head: &self.about.head(),
            photos: self.photos,
            today,
        };
        assess::template(self.format, &template, &self.output)
    }
}

impl Read {
    fn run(self, today: Date, state: Option<&Path>, json: bool) -> Done {
        let mapping = self.mapping.as_deref().map(Mapping::read).transpose()?;
        let catalogue = self.asked.chosen()?;
        let reading = Reading {
            file: &self.file,
            sheet: self.sheet.as_deref(),
            catalogue: &catalogue,
            mapping: &mapping.unwrap_or_default(),
            head: &self.about.head(),
            evidence: self.evidence,
            language: self.language,
            today,
            json,
        };
        let signer = if self.check {
            None
        } else {
            Some(self.signing.signer(state, json)?)
        };
        assess::read(&reading, signer.as_ref())
    }
}
