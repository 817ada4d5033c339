//! `veta lot …`: its arguments. What is measured, made, sent abroad or stopped is in modules of its own; here is what is
//! handed over, and what all of them share.

mod ask;
mod consign;
mod make;
mod measure;
mod stop;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use event::vocabulary::{
    CustodyModel, Evidence, FinenessClaim, FinenessMethod, Line, LotAfter, LotForm, Period, QuantityBasis, SealState,
    ShortText, Transformation,
};
use event::{Date, DeploymentId, Event, Fineness, IdError, LotId, Mass, PartyId, SiteId, StatementId};
use service::clock::{Clock, SystemClock};
use signer::lots::Facts;
use tonic::transport::Channel;

use super::org::named;
use super::signing::{Kept, Saying, reference};
use crate::evidence;
use crate::local::Local;
use crate::print;
use crate::queue::Queue;
use crate::statements::Signer;
use crate::trade::deeds::{self, At, Declaration};
use crate::trade::desk::{self, Desk, Handing, Offered, agree, sign};
use crate::trade::known::{self, Known};
use crate::trade::label::Label;
use crate::trade::quantity;
use crate::trouble::{Done, Trouble};

#[derive(Debug, Subcommand)]
pub(super) enum LotVerb {
    #[command(flatten)]
    Ask(ask::AskVerb),
    /// Say that a lot is there, as weighed: sign it, and queue it. Needs no network without --submit.
    Declare(Box<Declare>),
    /// Offer a lot to a party: sign it, and queue it. Needs no network without --submit.
    ///
    /// With --handover or --qr, everything that the receiver needs to accept it without a network goes along: what waits in
    /// the queue up to the offer, and what was recorded of the lot from here.
    Offer(Box<Offer>),
    /// Write the handover of a lot again that was offered, as a file or as codes.
    Handover(Box<Again>),
    /// Take a lot that is offered, as weighed: sign it, and queue it. Needs no network without --submit.
    ///
    /// With --handover, what the giver handed over is verified and put into the queue, and the answer behind it.
    Accept(Box<Accept>),
    /// Say that an offered lot is not taken, and why.
    Decline(Box<Decline>),
    /// Take an offer back that is not answered.
    Withdraw(Box<Withdraw>),
    /// Give the title to a lot to another party; whoever has the lot keeps it.
    Title(Box<stop::Title>),
    /// Weigh a lot again that you have.
    Weigh(Box<measure::Weigh>),
    /// Take samples of a lot that you have, each under its own seal.
    Sample(Box<measure::Sample>),
    /// Say how fine a lot is, as you measured it.
    Assay(Box<measure::Assay>),
    /// Close a lot that you have.
    Seal(Box<measure::Seal>),
    /// Open a lot that you have, or say that you found it open.
    Unseal(Box<measure::Unseal>),
    /// Melt lots, together where there are several. What goes in and what comes out is balanced before you sign.
    Melt(Box<make::Make>),
    /// Put lots together, as they are, into one.
    Merge(Box<make::Make>),
    /// Take a lot apart, as it is: --out names a mass alone.
    Split(Box<make::Make>),
    /// Make lots finer.
    Refine(Box<make::Make>),
    /// Pour refined gold into bars: one --bar for each --out.
    Cast(Box<make::Make>),
    /// Let lots leave a country under one certificate.
    Export(Box<consign::Export>),
    /// Take a lot that you have into a refinery's books.
    Receive(Box<consign::Receive>),
    /// Stop a lot and what became of it, until it is released. Waits for nobody.
    Hold(Box<stop::Hold>),
    /// Let a lot move again that was held.
    Release(Box<stop::Release>),
    /// Say that a lot is lost or stolen.
    Lose(Box<stop::Lose>),
    /// Say that a mass was stated wrongly. What two signed, the other one confirms.
    Correct(Box<stop::Correct>),
    /// Confirm a correction that the other one proposed.
    ConfirmCorrection(Box<stop::Confirm>),
    /// Say that a lot leaves the system, and why.
    Retire(Box<Retire>),
    /// Put into the queue what somebody handed over: an offer, or the answer to one. Nothing is signed.
    TakeIn {
        /// The file, or the text of its codes.
        file: PathBuf,
        #[command(flatten)]
        kept: Kept,
    },
    /// Show the code of a lot, and write its label for printing.
    Label {
        /// Its id, lot-….
        lot: LotId,
        /// A new file with the label: SVG, A7.
        #[arg(long, value_name = "FILE")]
        svg: Option<PathBuf>,
        #[command(flatten)]
        kept: Kept,
    },
}

#[derive(Debug, Args)]
pub(super) struct Declare {
    /// Where it was dug: site-….
    #[arg(long)]
    site: SiteId,
    /// What it looks like: concentrate, amalgam, sponge, dust, dore or fine.
    #[arg(long, value_parser = form)]
    form: LotForm,
    /// Its gross mass in grams, such as 12.5, or in troy ounces, such as "0.4 oz".
    #[arg(long, value_parser = quantity::mass)]
    mass: Mass,
    /// The quantity is invented, to show how the system works; every view says so.
    #[arg(long)]
    illustrative: bool,
    /// Its gold content, where known: in parts per thousand, such as 900, or in karats, such as 22k.
    #[arg(long, requires = "method")]
    fineness: Option<Fineness>,
    /// How that was found: estimate, touchstone, density, xrf or fire-assay.
    #[arg(long, requires = "fineness", value_parser = method)]
    method: Option<FinenessMethod>,
    /// The first day on which it was dug.
    #[arg(long, value_name = "DAY")]
    from: Date,
    /// The last day on which it was dug; the first where it is left out.
    #[arg(long, value_name = "DAY")]
    to: Option<Date>,
    /// What is promised about mixing: identity-preserved, segregated or mass-balance.
    #[arg(long, default_value = "identity-preserved", value_parser = custody_model, value_name = "MODEL")]
    custody_model: CustodyModel,
    /// The number of a seal or tag on it; again for several.
    #[arg(long, value_name = "NUMBER")]
    seal: Vec<ShortText>,
    /// How many miners dug it, where that is known.
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    miners: Option<u32>,
    #[command(flatten)]
    papers: Papers,
    #[command(flatten)]
    saying: Saying,
}

/// The lot that something is said of.
#[derive(Clone, Copy, Debug, Args)]
struct On {
    /// Its id, lot-….
    lot: LotId,
    /// The latest statement on it, in hexadecimal; what waits in the queue or the custody service says where it is left
    /// out.
    #[arg(long, value_name = "STATEMENT")]
    after: Option<StatementId>,
}

#[derive(Debug, Args)]
pub(super) struct Offer {
    #[command(flatten)]
    on: On,
    /// To whom: org-….
    #[arg(long, value_name = "PARTY")]
    to: PartyId,
    /// The title passes with it; else whoever owns the lot stays its owner.
    #[arg(long)]
    with_title: bool,
    #[command(flatten)]
    papers: Papers,
    #[command(flatten)]
    writing: Writing,
    #[command(flatten)]
    saying: Saying,
}

/// The lots that something is said of together.
#[derive(Debug, Args)]
struct Several {
    /// Their ids, lot-….
    #[arg(required = true, value_name = "LOT")]
    lots: Vec<LotId>,
    /// The latest statement on one of them, LOT=STATEMENT; what waits in the queue or the custody service says where it is
    /// left out. Again for several.
    #[arg(long, value_name = "LOT=STATEMENT", value_parser = lot_after)]
    after: Vec<LotAfter>,
}

impl Several {
    const fn count(&self) -> usize {
        self.lots.len()
    }

    /// What is known of each of them.
    async fn known(&self, signer: &Signer, state: Option<&Path>) -> Done<Vec<(LotId, Known)>> {
        if let Some(other) = self.after.iter().find(|named| !self.lots.contains(&named.lot)) {
            return Err(Trouble::usage(format_args!(
                "--after names {}, which is none of these lots",
                other.lot
            )));
        }
        let place = Place::of_signer(signer, state)?;
        let mut known = Vec::with_capacity(self.lots.len());
        for lot in &self.lots {
            let named = self.after.iter().find(|named| named.lot == *lot);
            let told = place.known(*lot, named.map(|named| named.after)).await?;
            told.goes_on(*lot)?;
            known.push((*lot, told));
        }
        Ok(known)
    }
}

/// What supports it.
#[derive(Debug, Args)]
struct Papers {
    /// A document that supports it: a file, of which the digest is stated, or that digest; again for several.
    #[arg(long, value_name = "FILE|DIGEST")]
    document: Vec<String>,
}

impl Papers {
    fn digests(&self) -> Done<Evidence> {
        evidence::digests(&self.document)
    }
}

/// Where a handover goes.
#[derive(Debug, Args)]
struct Writing {
    /// A file for the receiver's device: it ends in .veta-handover.
    #[arg(long, value_name = "FILE")]
    handover: Option<PathBuf>,
    /// Show it as codes for the receiver's camera, too.
    #[arg(long)]
    qr: bool,
}

#[derive(Debug, Args)]
pub(super) struct Again {
    /// Its id, lot-….
    lot: LotId,
    /// A file for the receiver's device: it ends in .veta-handover.
    #[arg(long, value_name = "FILE", required_unless_present = "qr")]
    file: Option<PathBuf>,
    /// Show it as codes for the receiver's camera, too.
    #[arg(long)]
    qr: bool,
    #[command(flatten)]
    kept: Kept,
}

/// The offer that is answered, and how.
#[derive(Debug, Args)]
struct Answering {
    /// Its id, lot-….
    #[arg(required_unless_present = "handover")]
    lot: Option<LotId>,
    /// The latest statement on it, in hexadecimal; what waits in the queue or the custody service says where it is left
    /// out.
    #[arg(long, value_name = "STATEMENT", conflicts_with = "handover")]
    after: Option<StatementId>,
    /// What the giver handed over: a file, or the text of its codes.
    #[arg(long, value_name = "FILE")]
    handover: Option<PathBuf>,
    /// A file with the answer, for the giver's device: it ends in .veta-handover.
    #[arg(long, value_name = "FILE")]
    reply: Option<PathBuf>,
    /// Show the answer as codes for the giver's camera, too.
    #[arg(long)]
    qr: bool,
}

#[derive(Debug, Args)]
pub(super) struct Accept {
    #[command(flatten)]
    answering: Answering,
    /// Its gross mass as the receiver weighed it, in grams, or in troy ounces, such as "0.4 oz"; asked for where it is left
    /// out.
    #[arg(long, value_parser = quantity::mass)]
    mass: Option<Mass>,
    /// How the seals were found: none, intact or broken.
    #[arg(long, value_parser = seals)]
    seals: SealState,
    #[command(flatten)]
    saying: Saying,
}

#[derive(Debug, Args)]
pub(super) struct Decline {
    #[command(flatten)]
    answering: Answering,
    /// Why.
    #[arg(long)]
    reason: Line,
    #[command(flatten)]
    saying: Saying,
}

#[derive(Debug, Args)]
pub(super) struct Withdraw {
    #[command(flatten)]
    on: On,
    #[command(flatten)]
    saying: Saying,
}

#[derive(Debug, Args)]
pub(super) struct Retire {
    #[command(flatten)]
    on: On,
    /// Why.
    #[arg(long)]
    reason: Line,
    #[command(flatten)]
    saying: Saying,
}

/// Where statements wait, and where a custody service may answer.
struct Place<'a> {
    desk: Desk,
    state: Option<&'a Path>,
}

pub(super) async fn run(verb: LotVerb, state: Option<&Path>, json: bool) -> Done {
    match verb {
        LotVerb::Ask(verb) => verb.run(state, json).await,
        LotVerb::Declare(said) => said.run(state, json).await,
        LotVerb::Offer(said) => said.run(state, json).await,
        LotVerb::Handover(again) => again.run(state, json).await,
        LotVerb::Accept(said) => said.run(state, json).await,
        LotVerb::Decline(said) => said.run(state, json).await,
        LotVerb::Withdraw(said) => said.run(state, json).await,
        LotVerb::Retire(said) => said.run(state, json).await,
        LotVerb::Title(said) => said.run(state, json).await,
        LotVerb::Weigh(said) => said.run(state, json).await,
        LotVerb::Sample(said) => said.run(state, json).await,
        LotVerb::Assay(said) => said.run(state, json).await,
        LotVerb::Seal(said) => said.run(state, json).await,
        LotVerb::Unseal(said) => said.run(state, json).await,
        LotVerb::Melt(said) => said.run(Transformation::Melt, state, json).await,
        LotVerb::Merge(said) => said.run(Transformation::Merge, state, json).await,
        LotVerb::Split(said) => said.run(Transformation::Split, state, json).await,
        LotVerb::Refine(said) => said.run(Transformation::Refine, state, json).await,
        LotVerb::Cast(said) => said.run(Transformation::Cast, state, json).await,
        LotVerb::Export(said) => said.run(state, json).await,
        LotVerb::Receive(said) => said.run(state, json).await,
        LotVerb::Hold(said) => said.run(state, json).await,
        LotVerb::Release(said) => said.run(state, json).await,
        LotVerb::Lose(said) => said.run(state, json).await,
        LotVerb::Correct(said) => said.run(state, json).await,
        LotVerb::ConfirmCorrection(said) => said.run(state, json).await,
        LotVerb::TakeIn { file, kept } => {
            let desk = Place::of(kept, state, json)?.desk;
            desk.take_in(&desk.open(&file)?)
        }
        LotVerb::Label { lot, svg, kept } => {
            let known = Place::of(kept, state, json)?.known(lot, None).await?;
            let unknown = "what this lot is, is not known here: ask where a service answers (--state)";
            let facts = known.facts.ok_or_else(|| Trouble::failed(unknown))?;
            desk::print_label(&Label { lot, facts }, svg.as_deref(), json)
        }
    }
}

async fn custody(state: Option<&Path>) -> Done<Channel> {
    Local::named(state)?.deployment()?.reach(|e| &e.custody).await
}

impl<'a> Place<'a> {
    fn of(kept: Kept, state: Option<&'a Path>, json: bool) -> Done<Self> {
        let (queue, deployment) = kept.found(state)?;
        Self::at(&queue, deployment, state, json)
    }

    fn of_signer(signer: &Signer, state: Option<&'a Path>) -> Done<Self> {
        // Whoever has not said in whose name is told so before anything else is looked for.
        desk::party(signer)?;
        Self::at(&signer.queue, signer.deployment, state, signer.json)
    }

    fn at(queue: &Path, deployment: DeploymentId, state: Option<&'a Path>, json: bool) -> Done<Self> {
        let desk = Desk {
            queue: Queue::open(queue)?,
            deployment,
            json,
        };
        Ok(Self { desk, state })
    }

    async fn known(&self, lot: LotId, after: Option<StatementId>) -> Done<Known> {
        // Nothing here needs a network: where no service answers, what is here must do.
        let custody = async || match self.state {
            Some(_) => custody(self.state).await.ok(),
            None => None,
        };
        known::known(lot, after, &self.desk.queue, self.desk.deployment, custody).await
    }
}

impl On {
    /// Says something of a lot that needs no more than its latest statement.
    async fn say(self, deed: impl FnOnce(At) -> Event, saying: Saying, state: Option<&Path>, json: bool) -> Done {
        self.say_seeing(|at, _| Ok((deed(at), Vec::new())), saying, state, json)
            .await
    }

    /// Says something of a lot, and shows first how it compares with what is known.
    async fn say_seeing(
        self,
        deed: impl FnOnce(At, &Known) -> Done<(Event, Vec<String>)>,
        saying: Saying,
        state: Option<&Path>,
        json: bool,
    ) -> Done {
        let signer = saying.signing.signer(state, json)?;
        let place = Place::of_signer(&signer, state)?;
        let known = place.known(self.lot, self.after).await?;
        self.sign(deed, &known, &signer)?;
        saying.submitting.run(signer.queue, state, json).await
    }

    fn sign(self, deed: impl FnOnce(At, &Known) -> Done<(Event, Vec<String>)>, known: &Known, signer: &Signer) -> Done {
        known.goes_on(self.lot)?;
        let at = At {
            lot: self.lot,
            after: known.after,
        };
        let (event, compared) = deed(at, known)?;
        let shown = [vec![about(self.lot, known)], compared].concat();
        agree(&event, &shown, signer)?;
        sign(event, signer)
    }
}

/// What is known of a lot, and who says so, for whoever is about to sign.
fn about(lot: LotId, known: &Known) -> String {
    let facts = |facts: Facts| format!("{lot} is {facts}");
    let is = known
        .facts
        .map_or_else(|| format!("what {lot} is, is not known here"), facts);
    format!("{is}; {}", known.source)
}

impl Declare {
    async fn run(self, state: Option<&Path>, json: bool) -> Done {
        let claim = |(fineness, method)| FinenessClaim { fineness, method };
        let basis = if self.illustrative {
            QuantityBasis::Illustrative
        } else {
            QuantityBasis::Weighed
        };
        let said = Declaration {
            site: self.site,
            form: self.form,
            gross_mass: self.mass,
            basis,
            fineness: self.fineness.zip(self.method).map(claim),
            extracted: Period {
                from: self.from,
                to: self.to.unwrap_or(self.from),
            },
            custody_model: self.custody_model,
            seals: self.seal,
            miners: self.miners,
            documents: self.papers.digests()?,
        };
        self.saying
            .say(deeds::declare(said, SystemClock.now().date())?, state, json)
            .await
    }
}

impl Offer {
    async fn run(self, state: Option<&Path>, json: bool) -> Done {
        let signer = self.saying.signing.signer(state, json)?;
        if Some(self.to) == signer.party {
            return Err(Trouble::usage(
                "a lot is offered to somebody else: name the receiver with --to",
            ));
        }
        let place = Place::of_signer(&signer, state)?;
        let known = place.known(self.on.lot, self.on.after).await?;
        let documents = self.papers.digests()?;
        let deed = |at, _: &Known| Ok((deeds::offer(at, self.to, self.with_title, documents), Vec::new()));
        self.on.sign(deed, &known, &signer)?;
        let to = Handing {
            file: self.writing.handover.as_deref(),
            codes: self.writing.qr,
        };
        place.desk.hand_over(self.on.lot, known.facts, to)?;
        self.saying.submitting.run(signer.queue, state, json).await
    }
}

impl Again {
    async fn run(self, state: Option<&Path>, json: bool) -> Done {
        let place = Place::of(self.kept, state, json)?;
        let known = place.known(self.lot, None).await?;
        let to = Handing {
            file: self.file.as_deref(),
            codes: self.qr,
        };
        place.desk.hand_over(self.lot, known.facts, to)
    }
}

impl Accept {
    async fn run(self, state: Option<&Path>, json: bool) -> Done {
        let signer = self.saying.signing.signer(state, json)?;
        let place = Place::of_signer(&signer, state)?;
        let offered = self.answering.offered(&place, &signer).await?;
        let mass = match self.mass {
            Some(mass) => mass,
            None if json => {
                return Err(Trouble::usage(
                    "how much does it weigh? name its gross mass with --mass",
                ));
            }
            None => {
                print::line(&offered.about);
                desk::ask_mass()?
            }
        };
        let about = [offered.about.clone(), desk::weighed(offered.facts, mass)];
        let event = deeds::accept(offered.at, mass, self.seals);
        place.desk.answer(&offered, event, &about, &signer)?;
        place.desk.hand_back(&offered, self.answering.reply())?;
        self.saying.submitting.run(signer.queue, state, json).await
    }
}

impl Decline {
    async fn run(self, state: Option<&Path>, json: bool) -> Done {
        let signer = self.saying.signing.signer(state, json)?;
        let place = Place::of_signer(&signer, state)?;
        let offered = self.answering.offered(&place, &signer).await?;
        let event = deeds::decline(offered.at, self.reason);
        let about = core::slice::from_ref(&offered.about);
        place.desk.answer(&offered, event, about, &signer)?;
        place.desk.hand_back(&offered, self.answering.reply())?;
        self.saying.submitting.run(signer.queue, state, json).await
    }
}

impl Withdraw {
    async fn run(self, state: Option<&Path>, json: bool) -> Done {
        self.on.say(deeds::withdraw, self.saying, state, json).await
    }
}

impl Retire {
    async fn run(self, state: Option<&Path>, json: bool) -> Done {
        let deed = |at| deeds::retire(at, self.reason);
        self.on.say(deed, self.saying, state, json).await
    }
}

impl Answering {
    /// The offer, from what was handed over, or as it is known here.
    async fn offered(&self, place: &Place<'_>, signer: &Signer) -> Done<Offered> {
        let Some(path) = &self.handover else {
            let lot = self.lot.expect("clap asks for it where there is no handover");
            let known = place.known(lot, self.after).await?;
            known.goes_on(lot)?;
            return Ok(Offered {
                at: At {
                    lot,
                    after: known.after,
                },
                facts: known.facts,
                about: about(lot, &known),
                handed: None,
            });
        };
        let opened = place.desk.open(path)?;
        if self.lot.is_some_and(|lot| lot != opened.lot) {
            return Err(Trouble::usage(format_args!(
                "{} hands over {}, which is another lot",
                path.display(),
                opened.lot
            )));
        }
        place.desk.offered(opened, desk::party(signer)?)
    }

    fn reply(&self) -> Handing<'_> {
        Handing {
            file: self.reply.as_deref(),
            codes: self.qr,
        }
    }
}

fn form(text: &str) -> Result<LotForm, String> {
    domain(named(text, "LOT_FORM_", rpc::custody::LotForm::as_str_name)?)
}

fn method(text: &str) -> Result<FinenessMethod, String> {
    domain(named(
        text,
        "FINENESS_METHOD_",
        rpc::custody::FinenessMethod::as_str_name,
    )?)
}

fn custody_model(text: &str) -> Result<CustodyModel, String> {
    domain(named(text, "CUSTODY_MODEL_", rpc::custody::CustodyModel::as_str_name)?)
}

fn seals(text: &str) -> Result<SealState, String> {
    domain(named(text, "SEAL_STATE_", rpc::custody::SealState::as_str_name)?)
}

/// Reads `lot-…=` and a statement in hexadecimal.
fn lot_after(text: &str) -> Result<LotAfter, String> {
    let (lot, after) = text.split_once('=').ok_or("write LOT=STATEMENT")?;
    Ok(LotAfter {
        lot: lot.parse().map_err(|error: IdError| error.to_string())?,
        after: after.parse().map_err(|error: event::key::HexError| error.to_string())?,
    })
}

/// A value of the wire as the vocabulary has it.
fn domain<W, D: TryFrom<W, Error: core::fmt::Display>>(value: W) -> Result<D, String> {
    D::try_from(value).map_err(|error| error.to_string())
}
