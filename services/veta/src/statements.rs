//! `veta statement draft | sign | submit`.

use std::collections::BTreeSet;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use event::statement::STATEMENT_BODY_BYTES_MAX;
use event::vocabulary::EventKind;
use event::{DeploymentId, Event, PartyId, SignedStatement, Statement, StatementId};
use serde_json::json;
use service::clock::{Clock, SystemClock};
use signer::drafts::{self, Draft, sample};
use signer::statements::{created, signed_for};
use tonic::transport::Channel;

use crate::keys;
use crate::print;
use crate::queue::Queue;
use crate::submit::{bar, refused, refused_json, submit_all};
use crate::trouble::{Done, Trouble};
use crate::words;

/// The longest draft: a statement of the longest body, in JSON.
const DRAFT_BYTES_MAX: u64 = 16 * STATEMENT_BODY_BYTES_MAX as u64;

/// Prints a draft to fill in.
pub fn draft(name: &str) -> Done {
    let unknown = || {
        let names: Vec<_> = EventKind::ALL.iter().map(|kind| kind.name()).collect();
        Trouble::usage(format_args!(
            "there is no statement {name:?}; there are {}",
            names.join(", ")
        ))
    };
    let event = sample(drafts::kind(name).ok_or_else(unknown)?, SystemClock.now());
    let draft = Draft { party: None, event };
    print::line(serde_json::to_string_pretty(&draft).expect("our own values have a JSON form"));
    Ok(())
}

/// Who signs, for what, and where it waits.
#[derive(Clone, Debug)]
pub struct Signer {
    /// The private key.
    pub key: PathBuf,
    /// In whose name, where what is signed does not say.
    pub party: Option<PartyId>,
    /// For which deployment.
    pub deployment: DeploymentId,
    /// Where it waits.
    pub queue: PathBuf,
    /// Do not ask.
    pub yes: bool,
    /// For programs.
    pub json: bool,
}

/// A statement that was signed and waits.
#[derive(Clone, Debug)]
pub struct Signed {
    /// Its id.
    pub id: StatementId,
    /// Its number among those of its key.
    pub number: u64,
    /// What it says.
    pub event: Event,
    /// The file it waits in.
    pub path: PathBuf,
}

/// Shows a draft in plain words, signs it, and puts it into the queue. Needs no network.
pub fn sign(draft: &Path, signer: &Signer) -> Done {
    let draft: Draft = serde_json::from_str(&read(draft)?).map_err(Trouble::at("this is no draft"))?;
    let founding = matches!(draft.event, Event::DeploymentFounded(_));
    let party = if founding {
        Some(PartyId::FOUNDER)
    } else {
        draft.party.or(signer.party)
    };
    let party = party.ok_or_else(nameless)?;
    confirm(&words::sentence(&draft.event), &[party], signer)?;
    for signed in sign_all(vec![(party, draft.event)], signer)? {
        tell(&signed, signer.json);
    }
    Ok(())
}

/// What to do where nobody has said who speaks.
#[must_use]
pub fn nameless() -> Trouble {
    Trouble::usage("in whose name? write \"party\" into the draft, or name it with --party (`veta keys show` tells)")
}

/// Signs events, each in a party's name, and puts them into the queue in order. Where one cannot be signed, none is.
pub fn sign_all(events: Vec<(PartyId, Event)>, signer: &Signer) -> Done<Vec<Signed>> {
    let key = keys::read(&signer.key)?;
    let queue = Queue::open(&signer.queue)?;
    let now = SystemClock.now();
    let first = queue.next_number(keys::public(&key), now)?;
    let first_place = queue.next_place(first)?;
    let mut ready = Vec::with_capacity(events.len());
    for (number, (party, event)) in (first..).zip(events) {
        let deployment = signed_for(&event, signer.deployment);
        let statement = Statement {
            party,
            number,
            stated_at: now,
            event,
        };
        let envelope = SignedStatement::sign(&statement, deployment, &key).map_err(Trouble::failed)?;
        ready.push((statement, envelope, deployment));
    }
    let keep = |(place, (statement, envelope, deployment)): (u64, (Statement, SignedStatement, DeploymentId))| {
        let path = queue.keep(&envelope, place, deployment)?;
        Ok(Signed {
            id: envelope.id(deployment),
            number: statement.number,
            event: statement.event,
            path,
        })
    };
    (first_place..).zip(ready).map(keep).collect()
}

/// Submits everything in the queue, in order. What is cut short is finished by doing it again.
pub async fn submit(channel: &Channel, dir: &Path, json: bool) -> Done {
    let queue = Queue::open(dir)?;
    let waiting = queue.waiting()?;
    let bytes: Vec<_> = waiting.iter().map(|waiting| waiting.bytes.clone()).collect();
    let bar = bar(bytes.len(), "submitting");
    let mut denied = 0;
    submit_all(channel, &bytes, |place, outcome| {
        queue.settle(&waiting[place], &outcome)?;
        bar.inc(1);
        denied += usize::from(outcome.is_err());
        bar.suspend(|| match (&outcome, json) {
            (Ok(done), true) => print::json(&json!({"position": done.position, "statement_id": done.statement, "admitted_at": done.admitted_at.to_string()})),
            (Ok(done), false) => print::line(format_args!("recorded at position {}: {}", done.position, done.statement)),
            (Err(denial), true) => print::json(&refused_json(denial)),
            (Err(denial), false) => print::line(refused(denial)),
        });
        Ok(())
    })
    .await?;
    bar.finish_and_clear();
    if 0 < denied {
        let dir = dir.join("refused");
        return Err(Trouble::failed(format_args!(
            "{denied} of {} statements were refused; they are in {}",
            bytes.len(),
            dir.display()
        )));
    }
    Ok(())
}

fn read(path: &Path) -> Done<String> {
    let mut text = String::new();
    let mut source: Box<dyn Read> = if path == Path::new("-") {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(std::fs::File::open(path).map_err(Trouble::at(format_args!("cannot read {}", path.display())))?)
    };
    let read = source.by_ref().take(DRAFT_BYTES_MAX + 1).read_to_string(&mut text);
    read.map_err(Trouble::at(format_args!("cannot read {}", path.display())))?;
    if DRAFT_BYTES_MAX < text.len() as u64 {
        return Err(Trouble::failed(format_args!(
            "{} is too long for a draft",
            path.display()
        )));
    }
    Ok(text)
}

/// Asks at a terminal; a program that signs has asked already. `parties` are those in whose name it is said.
pub fn confirm(words: &str, parties: &[PartyId], signer: &Signer) -> Done {
    if signer.yes || signer.json || !std::io::stdin().is_terminal() {
        return Ok(());
    }
    let parties: BTreeSet<_> = parties.iter().map(ToString::to_string).collect();
    let parties = Vec::from_iter(parties).join(", ");
    print::line(format_args!(
        "In the name of {parties}:\n  {words}\nSign this? Type yes:"
    ));
    let mut answer = String::new();
    std::io::stdin()
        .read_line(&mut answer)
        .map_err(Trouble::at("no answer"))?;
    if answer.trim() != "yes" {
        return Err(Trouble::failed("not signed"));
    }
    Ok(())
}

/// Tells what was signed, and where it waits.
pub fn tell(signed: &Signed, json: bool) {
    let Signed {
        id,
        number,
        event,
        path,
    } = signed;
    let created = created(event, *id);
    if json {
        print::json(
            &json!({"statement_id": id, "created": created.first(), "all_created": created, "number": number, "file": path}),
        );
        return;
    }
    print::line(format_args!("signed {id}\n  {}", words::sentence(event)));
    for created in created {
        print::line(format_args!("  creates {created}"));
    }
    print::line(format_args!("  waits in {}", path.display()));
}
