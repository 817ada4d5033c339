//! A queue and a terminal, where somebody says something of a lot and hands it over.

use std::io;
use std::path::Path;

use event::{DeploymentId, Event, Fineness, LotId, Mass, PartyId, VerifiedStatement};
use serde_json::json;
use service::clock::{Clock, SystemClock};
use service::durable;
use signer::handover::{FILE_BYTES_MAX, Handover, Opened, going_along};
use signer::lots::{self, Facts, History};
use signer::qr::{self, Code};

use super::deeds::At;
use super::label::Label;
use super::quantity;
use crate::files;
use crate::print;
use crate::queue::Queue;
use crate::statements::{Signer, confirm, sign_all, tell};
use crate::trouble::{Done, Trouble};
use crate::words;

/// Where a handover, or an answer to one, goes.
#[derive(Clone, Copy, Debug)]
pub struct Handing<'a> {
    /// A file.
    pub file: Option<&'a Path>,
    /// Codes on the terminal.
    pub codes: bool,
}

/// A queue for one deployment, and who looks at it.
#[derive(Debug)]
pub struct Desk {
    /// Where statements wait.
    pub queue: Queue,
    /// For which deployment.
    pub deployment: DeploymentId,
    /// For programs.
    pub json: bool,
}

/// An offer that is about to be answered.
#[derive(Clone, Debug)]
pub struct Offered {
    /// What the answer follows.
    pub at: At,
    /// What the lot is; none where nothing here tells.
    pub facts: Option<Facts>,
    /// What is offered and on whose word, for whoever is about to answer.
    pub about: String,
    /// What the giver handed over, where it came so.
    pub handed: Option<Opened>,
}

/// In whose name something is said of a lot.
pub fn party(signer: &Signer) -> Done<PartyId> {
    let nameless = "in whose name? name the party with --party (`veta keys show` tells whose a key is)";
    signer.party.ok_or_else(|| Trouble::usage(nameless))
}

/// Shows in plain words what is about to be said, and asks.
pub fn agree(event: &Event, about: &[String], signer: &Signer) -> Done {
    if !signer.json {
        about.iter().for_each(print::line);
    }
    confirm(&words::sentence(event), &[party(signer)?], signer)
}

/// Signs what was agreed to, and queues it.
pub fn sign(event: Event, signer: &Signer) -> Done {
    for signed in sign_all(vec![(party(signer)?, event)], signer)? {
        tell(&signed, signer.json);
    }
    Ok(())
}

/// Asks how much a lot weighs, until that is a mass. A program names it beforehand.
pub fn ask_mass() -> Done<Mass> {
    loop {
        print::line("How much does it weigh, in grams?");
        let mut answer = String::new();
        let length = io::stdin().read_line(&mut answer).map_err(Trouble::at("no answer"))?;
        if length == 0 {
            return Err(Trouble::usage(
                "how much does it weigh? name its gross mass with --mass",
            ));
        }
        match quantity::mass(answer.trim()) {
            Ok(mass) => return Ok(mass),
            Err(why) => print::line(why),
        }
    }
}

/// What is known of a lot, and how what was measured differs from it.
#[must_use]
pub fn weighed(facts: Option<Facts>, measured: Mass) -> String {
    match facts {
        Some(facts) => format!("measured: {}", quantity::difference(facts.gross_mass, measured)),
        None => "what was weighed before is not known here: nothing to compare with".to_owned(),
    }
}

/// What is known of how fine a lot is, beside what was measured.
#[must_use]
pub fn assayed(facts: Option<Facts>, measured: Fineness) -> Vec<String> {
    let Some(facts) = facts else { return Vec::new() };
    let gold = facts.gross_mass.fine(measured);
    let known = match facts.fineness {
        Some(claim) => format!("{} by {}", claim.fineness, lots::method(claim.method)),
        None => "not known".to_owned(),
    };
    vec![format!(
        "measured: {measured}, so {gold} of gold; its fineness so far: {known}"
    )]
}

/// Prints a label on the terminal, and writes it to a file for printing.
pub fn print_label(label: &Label, svg: Option<&Path>, json: bool) -> Done {
    if let Some(path) = svg {
        write(path, label.svg().as_bytes())?;
    }
    if json {
        print::json(&json!({"lot": label.lot, "code": label.text(), "lines": label.lines(), "file": svg}));
        return Ok(());
    }
    show(&label.code());
    label.lines().iter().for_each(print::line);
    if let Some(path) = svg {
        print::line(format_args!("to print, A7: {}", path.display()));
    }
    Ok(())
}

impl Desk {
    /// Reads a file that somebody handed over, or the text of codes; every signature in it holds.
    pub fn open(&self, path: &Path) -> Done<Opened> {
        let bytes = files::read(path, "a handover", FILE_BYTES_MAX)?;
        let opened = Handover::decode(&bytes).and_then(|handover| handover.open(self.deployment));
        opened.map_err(Trouble::at(path.display()))
    }

    /// Puts what somebody handed over into the queue, and tells what it is.
    pub fn take_in(&self, opened: &Opened) -> Done {
        let new = self
            .queue
            .take_in(&opened.statements, self.deployment, SystemClock.now())?;
        let (taken, known) = (new.len(), opened.statements.len() - new.len());
        if self.json {
            print::json(&json!({"lot": opened.lot, "taken_in": taken, "there_already": known}));
            return Ok(());
        }
        for said in new {
            print::line(format_args!("{} says: {}", said.party(), words::sentence(said.event())));
        }
        print::line(format_args!("taken into the queue: {taken}; there already: {known}"));
        Ok(())
    }

    /// The offer that a handover brings, if it is open and made to this party.
    pub fn offered(&self, handed: Opened, to: PartyId) -> Done<Offered> {
        let lot = handed.lot;
        let latest = handed.history.latest();
        let latest = latest.expect("an opened handover has a statement on its lot");
        let Event::CustodyOffered(said) = latest.event() else {
            return Err(Trouble::failed(format_args!(
                "the handover brings no open offer of {lot}; the last that it says is: {}",
                words::sentence(latest.event())
            )));
        };
        if said.to != to {
            return Err(Trouble::failed(format_args!(
                "{lot} is offered to {}, and you speak for {to}",
                said.to
            )));
        }
        let here = History::of(lot, &self.queue.stated(self.deployment)?);
        if let Some(since) = here.latest()
            && here.goes_on_after(latest.id())
        {
            return Err(Trouble::failed(format_args!(
                "this offer was answered here already: {}",
                words::sentence(since.event())
            )));
        }
        Ok(Offered {
            at: At {
                lot,
                after: latest.id(),
            },
            facts: handed.facts,
            about: about(&handed),
            handed: Some(handed),
        })
    }

    /// Shows, asks, puts what was handed over into the queue, and the answer behind it.
    pub fn answer(&self, offered: &Offered, event: Event, about: &[String], signer: &Signer) -> Done {
        agree(&event, about, signer)?;
        if let Some(handed) = &offered.handed {
            self.take_in(handed)?;
        }
        sign(event, signer)
    }

    /// Hands over a lot: what was recorded of it from here, and everything that waits up to the last statement on it.
    pub fn hand_over(&self, lot: LotId, facts: Option<Facts>, to: Handing<'_>) -> Done {
        if !to.is_somewhere() {
            return Ok(());
        }
        let statements = self.up_to_the_last_on(lot)?;
        let facts = History::of(lot, &statements).facts().or(facts);
        self.hand(lot, facts, &statements, to)
    }

    /// Hands an answer back, with whatever waits before it and the giver did not bring.
    pub fn hand_back(&self, offered: &Offered, to: Handing<'_>) -> Done {
        if !to.is_somewhere() {
            return Ok(());
        }
        let lot = offered.at.lot;
        let brought = offered.handed.iter().flat_map(|handed| &handed.statements);
        let brought: Vec<_> = brought.map(VerifiedStatement::id).collect();
        let mut statements = self.up_to_the_last_on(lot)?;
        statements.retain(|said| !brought.contains(&said.id()));
        self.hand(lot, None, &statements, to)
    }

    fn up_to_the_last_on(&self, lot: LotId) -> Done<Vec<VerifiedStatement>> {
        let waiting = self.queue.pending(self.deployment)?;
        let recorded = self.queue.recorded(self.deployment)?;
        let statements = going_along(lot, &recorded, waiting);
        if statements.is_empty() {
            return Err(Trouble::failed(format_args!(
                "nothing that is said of {lot} is in this queue: there is nothing to hand over"
            )));
        }
        Ok(statements)
    }

    fn hand(&self, lot: LotId, facts: Option<Facts>, statements: &[VerifiedStatement], to: Handing<'_>) -> Done {
        let handover = Handover::new(self.deployment, lot, facts, statements).map_err(Trouble::failed)?;
        let (bytes, count) = (handover.encode(), statements.len());
        if let Some(path) = to.file {
            write(path, &bytes)?;
        }
        let codes = if to.codes { qr::spread(&bytes) } else { Ok(Vec::new()) };
        let codes = codes.map_err(Trouble::failed)?;
        if self.json {
            print::json(
                &json!({"lot": lot, "statements": count, "bytes": bytes.len(), "file": to.file, "codes": codes}),
            );
            return Ok(());
        }
        if let Some(path) = to.file {
            print::line(format_args!(
                "to hand over: {} with {count} statements, {} bytes",
                path.display(),
                bytes.len()
            ));
        }
        for (place, text) in (1..).zip(&codes) {
            print::line(format_args!("code {place} of {}", codes.len()));
            show(&Code::of(text));
        }
        Ok(())
    }
}

impl Handing<'_> {
    const fn is_somewhere(&self) -> bool {
        self.file.is_some() || self.codes
    }
}

/// What is offered, and on whose word. Two who are offline cannot see that one lot is offered to both.
fn about(handed: &Opened) -> String {
    let is = match (handed.facts, handed.facts_are_signed) {
        (Some(facts), true) => format!("{facts}, as it was declared and signed"),
        (Some(facts), false) => format!("{facts}, on the giver's word alone"),
        (None, _) => "of which the giver does not say what it is".to_owned(),
    };
    format!(
        "offered: {}, {is}; until your answer is recorded, nobody knows whether it was offered to others, too",
        handed.lot
    )
}

/// White on black where it is a terminal: whatever colours that has, a code is read.
fn show(code: &Code) {
    let (before, after) = if io::IsTerminal::is_terminal(&io::stdout()) {
        ("\u{1b}[40;97m", "\u{1b}[0m")
    } else {
        ("", "")
    };
    for line in code.lines() {
        print::line(format_args!("{before}{line}{after}"));
    }
}

fn write(path: &Path, bytes: &[u8]) -> Done {
    durable::write(path, bytes).map_err(Trouble::at(format_args!("cannot write {}", path.display())))
}
