//! `veta permit …`: permits to mine, as somebody saw them.

use std::path::Path;

use clap::{Args, Subcommand};
use event::vocabulary::{
    Line, PERMIT_SITES_MAX, PermitKind, PermitRecorded, PermitStatus, PermitStatusChanged, Reference, RegisterCheck,
};
use event::{Date, Event, List, PartyId, PermitId, SiteId};
use service::clock::{Clock, SystemClock};

use super::org::named;
use super::signing::{Saying, reference};
use crate::evidence;
use crate::trouble::{Done, Trouble};

#[derive(Debug, Subcommand)]
pub(super) enum PermitVerb {
    /// Say that a permit was seen: sign it, and queue it. Needs no network without --submit.
    ///
    /// The one who holds it says so, or an assessor, an auditor, an authority or a scheme.
    Record(Box<Record>),
    /// Say how a permit stands, as an assessor, an auditor, an authority or a scheme who does not hold it.
    Status(Box<Status>),
}

#[derive(Debug, Args)]
pub(super) struct Record {
    /// What it allows: mining, formalization, subcontract or subsistence.
    #[arg(long, value_parser = kind)]
    kind: PermitKind,
    /// Whose register, and its number there, such as cami:PR-1234.
    #[arg(long, value_name = "REGISTER:NUMBER", value_parser = reference)]
    number: Reference,
    /// Who issued it, in its own words.
    #[arg(long, value_name = "NAME")]
    authority: Line,
    /// To whom: org-….
    #[arg(long, value_name = "PARTY")]
    holder: PartyId,
    /// The first day on which it is valid.
    #[arg(long, value_name = "DAY")]
    from: Date,
    /// The last day on which it is valid, where it has one.
    #[arg(long, value_name = "DAY")]
    until: Option<Date>,
    /// A site that it covers: site-…; again for several.
    #[arg(long, required = true)]
    site: Vec<SiteId>,
    /// The document that you saw: a file, of which the digest is stated, or that digest.
    #[arg(long, value_name = "FILE|DIGEST")]
    document: Option<String>,
    #[command(flatten)]
    look: Look,
    #[command(flatten)]
    saying: Saying,
}

#[derive(Debug, Args)]
pub(super) struct Status {
    /// Its id, permit-….
    permit: PermitId,
    /// A site that it covers, as it was recorded: site-…; again for several.
    #[arg(long, required = true)]
    site: Vec<SiteId>,
    /// How it stands: in-force, suspended or withdrawn.
    #[arg(long, value_parser = status)]
    status: PermitStatus,
    /// From which day on; today where it is left out.
    #[arg(long, value_name = "DAY")]
    from: Option<Date>,
    #[command(flatten)]
    look: Look,
    /// In your own words.
    #[arg(long)]
    reason: Line,
    #[command(flatten)]
    saying: Saying,
}

/// Where that was looked up.
#[derive(Debug, Args)]
struct Look {
    /// The register in which you looked it up, if you did.
    #[arg(long, value_name = "NAME")]
    register: Option<Line>,
    /// When you looked it up; today where it is left out.
    #[arg(long, value_name = "DAY", requires = "register")]
    checked: Option<Date>,
}

pub(super) async fn run(verb: PermitVerb, state: Option<&Path>, json: bool) -> Done {
    match verb {
        PermitVerb::Record(said) => {
            let event = said.event()?;
            said.saying.say(event, state, json).await
        }
        PermitVerb::Status(said) => {
            let event = said.event()?;
            said.saying.say(event, state, json).await
        }
    }
}

impl Record {
    fn event(&self) -> Done<Event> {
        if let Some(until) = self.until.filter(|until| *until < self.from) {
            return Err(Trouble::usage(format_args!(
                "it ends on {until}, before it begins on {}: exchange --from and --until",
                self.from
            )));
        }
        let document = self.document.as_deref().map(evidence::digest_of).transpose()?;
        Ok(Event::PermitRecorded(PermitRecorded {
            kind: self.kind,
            number: self.number.clone(),
            authority: self.authority.clone(),
            holder: self.holder,
            from: self.from,
            until: self.until,
            sites: sites(&self.site)?,
            document,
            checked: self.look.check()?,
        }))
    }
}

impl Status {
    fn event(&self) -> Done<Event> {
        Ok(Event::PermitStatusChanged(PermitStatusChanged {
            permit: self.permit,
            sites: sites(&self.site)?,
            status: self.status,
            from: self.from.unwrap_or_else(|| SystemClock.now().date()),
            checked: self.look.check()?,
            reason: self.reason.clone(),
        }))
    }
}

impl Look {
    fn check(&self) -> Done<Option<RegisterCheck>> {
        let today = SystemClock.now().date();
        let on = self.checked.unwrap_or(today);
        // Where the signer is, it may be tomorrow.
        if today.plus_days(1) < on {
            return Err(Trouble::usage(format_args!(
                "it cannot have been looked up on {on}: today is {today}"
            )));
        }
        let register = self.register.clone();
        Ok(register.map(|register| RegisterCheck { register, on }))
    }
}

/// In the order that the ledger asks for, each once.
fn sites(named: &[SiteId]) -> Done<List<SiteId, PERMIT_SITES_MAX>> {
    let mut sites = named.to_vec();
    sites.sort_unstable();
    let twice = sites.windows(2).find(|pair| pair[0] == pair[1]);
    if let Some([site, ..]) = twice {
        return Err(Trouble::usage(format_args!("{site} is named twice")));
    }
    let few = sites.try_into();
    few.map_err(|_| Trouble::usage(format_args!("one permit covers at most {PERMIT_SITES_MAX} sites")))
}

fn kind(text: &str) -> Result<PermitKind, String> {
    let kind = named(text, "PERMIT_KIND_", rpc::custody::PermitKind::as_str_name)?;
    kind.try_into().map_err(|error: rpc::InvalidMessage| error.to_string())
}

fn status(text: &str) -> Result<PermitStatus, String> {
    let status = named(text, "PERMIT_STATUS_", rpc::custody::PermitStatus::as_str_name)?;
    status
        .try_into()
        .map_err(|error: rpc::InvalidMessage| error.to_string())
}
