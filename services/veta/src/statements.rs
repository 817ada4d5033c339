//! `veta statement draft | sign | submit`.

use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use event::statement::STATEMENT_BODY_BYTES_MAX;
use event::vocabulary::EventKind;
use event::{DeploymentId, PartyId, SignedStatement, Statement};
use serde_json::json;
use service::clock::{Clock, SystemClock};
use tonic::transport::Channel;

use crate::drafts::{self, Draft, sample};
use crate::keys;
use crate::print;
use crate::queue::Queue;
use crate::submit::{bar, submit_all};
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

/// What `sign` needs besides the draft.
#[derive(Debug)]
pub struct Sign<'a> {
    /// The private key.
    pub key: &'a Path,
    /// In whose name, where the draft does not say.
    pub party: Option<PartyId>,
    /// For which deployment.
    pub deployment: DeploymentId,
    /// Where it waits.
    pub queue: &'a Path,
    /// Do not ask.
    pub yes: bool,
    /// For programs.
    pub json: bool,
}

/// Shows a draft in plain words, signs it, and puts it into the queue. Needs no network.
pub fn sign(draft: &Path, how: &Sign<'_>) -> Done {
    let draft: Draft = serde_json::from_str(&read(draft)?).map_err(Trouble::at("this is no draft"))?;
    let key = keys::read(how.key)?;
    let founding = matches!(draft.event, event::Event::DeploymentFounded(_));
    let deployment = if founding {
        DeploymentId::FOUNDING
    } else {
        how.deployment
    };
    let party = if founding {
        Some(PartyId::FOUNDER)
    } else {
        draft.party.or(how.party)
    };
    let party = party.ok_or_else(|| {
        Trouble::usage(
            "in whose name? write \"party\" into the draft, or name it with --party (`veta keys show` tells)",
        )
    })?;
    let queue = Queue::open(how.queue)?;
    let now = SystemClock.now();
    let number = queue.next_number(keys::public(&key), now)?;
    let sentence = words::sentence(&draft.event);
    confirm(&sentence, party, how)?;
    let statement = Statement {
        party,
        number,
        stated_at: now,
        event: draft.event,
    };
    let signed = SignedStatement::sign(&statement, deployment, &key).map_err(Trouble::failed)?;
    let path = queue.keep(&signed, number, deployment)?;
    tell(&statement, &signed, deployment, &path, &sentence, how.json);
    Ok(())
}

/// Submits everything in the queue, in order. What is cut short is finished by doing it again.
pub async fn submit(channel: &Channel, dir: &Path, json: bool) -> Done {
    let queue = Queue::open(dir)?;
    let waiting = queue.waiting()?;
    let bytes: Vec<_> = waiting.iter().map(|waiting| waiting.bytes.clone()).collect();
    let bar = bar(bytes.len(), "submitting");
    let mut refused = 0;
    submit_all(channel, &bytes, |place, outcome| {
        queue.settle(&waiting[place], &outcome)?;
        bar.inc(1);
        refused += usize::from(outcome.is_err());
        bar.suspend(|| match (&outcome, json) {
            (Ok(done), true) => print::json(&json!({"position": done.position, "statement_id": done.statement, "admitted_at": done.admitted_at.to_string()})),
            (Ok(done), false) => print::line(format_args!("recorded at position {}: {}", done.position, done.statement)),
            (Err(why), true) => print::json(&json!({"refused": why.code(), "name": why.name(), "reason": why.to_string()})),
            (Err(why), false) => print::line(format_args!("refused ({}, {}): {why}", why.code(), why.name())),
        });
        Ok(())
    })
    .await?;
    bar.finish_and_clear();
    if 0 < refused {
        let dir = dir.join("refused");
        return Err(Trouble::failed(format_args!(
            "{refused} of {} statements were refused; they are in {}",
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

/// Asks at a terminal; a program that signs has asked already.
fn confirm(sentence: &str, party: PartyId, how: &Sign<'_>) -> Done {
    if how.yes || how.json || !std::io::stdin().is_terminal() {
        return Ok(());
    }
    print::line(format_args!(
        "In the name of {party}:\n  {sentence}\nSign this? Type yes:"
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

fn tell(
    statement: &Statement,
    signed: &SignedStatement,
    deployment: DeploymentId,
    path: &PathBuf,
    sentence: &str,
    json: bool,
) {
    let id = signed.id(deployment);
    let created = words::created(&statement.event, id);
    if json {
        print::json(&json!({"statement_id": id, "created": created, "number": statement.number, "file": path}));
        return;
    }
    print::line(format_args!("signed {id}\n  {sentence}"));
    if let Some(created) = created {
        print::line(format_args!("  creates {created}"));
    }
    print::line(format_args!("  waits in {}", path.display()));
}
