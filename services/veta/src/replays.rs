//! `veta replay`: a log decided again from its first entry, as an auditor would, and compared with what was signed.

mod comparison;
mod course;
mod difference;
mod export;
mod finding;
pub(crate) mod founding;
#[cfg(fuzzing)]
pub mod fuzzing;
mod kept;
mod sample;
mod source;
mod tally;
mod tell;

use std::path::{Path, PathBuf};

use remote::log::{Address, RemoteLog};
use service::clock::Stopwatch;
use service::exit::Exit;
use service::scratch::Scratch;
use tlog::map::Map;
use tlog::note::NOTE_BYTES_MAX;
use tlog::policy::Policy;
use tlog::{Origin, TreeHead, TreeSize};

use self::comparison::{Signed, Verdict, compare};
use self::course::{Course, Outcome, Plan};
use self::finding::Kind;
use self::kept::Kept;
use self::source::{Opened, Source, tiles};
use self::tell::Told;
use crate::files;
use crate::print;
use crate::submit::bar;
use crate::trouble::{Done, Trouble};

pub use self::sample::{SAMPLE_MAX, Sampling, sample};
pub use self::source::Place;

/// What is asked of a replay.
#[derive(Debug)]
pub struct Asked {
    /// Where the log is.
    pub place: Place,
    /// Whom to believe; the key that the source names, if nobody.
    pub policy: Option<Policy>,
    /// The checkpoint to compare with, in place of the one that the source offers.
    pub checkpoint: Option<PathBuf>,
    /// Where a checkpoint is read if the source has none, as the stream has none.
    pub beside: Option<Address>,
    /// The seed of a NATS user that may read the stream.
    pub nkey: Option<PathBuf>,
    /// Where to keep what was fetched.
    pub keep: Option<PathBuf>,
    /// Up to which position to decide.
    pub as_of: Option<TreeSize>,
    /// Between which positions to count what changed.
    pub between: Option<(TreeSize, TreeSize)>,
    /// For programs.
    pub json: bool,
}

impl Asked {
    /// The last position that is asked about, where it is not the end.
    fn last(&self) -> Option<TreeSize> {
        self.as_of.or(self.between.map(|(_, to)| to))
    }
}

/// What is replayed, once it is open.
struct Ready {
    source: Source,
    signed: Option<Signed>,
    origin: Origin,
    /// Entries to read.
    size: TreeSize,
    kept: Option<Kept>,
}

/// Replays a log, and tells what it came to.
pub async fn replay(asked: Asked) -> Done {
    let mut ready = ready(&asked).await?;
    let plan = plan(&asked, &ready)?;
    let until = plan.until;
    let watch = Stopwatch::start();
    let mut course = Course::begin(&ready.origin, map(asked.keep.as_deref())?, plan);
    run(&mut ready, &mut course, until).await?;
    let mut outcome = tokio::task::block_in_place(|| course.end())?;
    let ms = watch.elapsed().as_millis().max(1);
    if let Some(kept) = &mut ready.kept
        && let Some(differs) = kept.end(&outcome)?
    {
        outcome
            .findings
            .find(outcome.end.head.size.get(), Kind::Earlier, differs);
    }
    let at_end = head_at(&ready, until).await?;
    let verdict = compare(&outcome, ready.signed.as_ref(), at_end);
    let rate = u128::from(outcome.end.head.size.get()) * 1_000 / ms;
    let state = asked.last().and_then(|last| outcome.marks.get(&last));
    let told = Told {
        state: state.unwrap_or(&outcome.end),
        outcome: &outcome,
        signed: ready.signed.as_ref(),
        verdict,
        between: asked.between,
        entries_per_second: u64::try_from(rate).unwrap_or(u64::MAX),
    };
    if asked.json {
        print::json(&told.to_json());
    } else {
        told.tell();
    }
    ended(verdict, &outcome)
}

/// Opens the source and the checkpoint that it is compared with.
async fn ready(asked: &Asked) -> Done<Ready> {
    let Opened { source, note, vkey } = asked.place.open(asked.nkey.as_deref()).await?;
    let own_key = || vkey.map(Policy::trusting);
    let by_own_key = asked.policy.is_none();
    let policy = asked.policy.clone().or_else(own_key).ok_or_else(|| {
        Trouble::usage("whose log? name its key with --vkey, a policy with --policy, or a deployment with --state")
    })?;
    let (mut source, mut note, mut kept) = (source, note, None);
    if let Some(dir) = &asked.keep {
        let Source::Tiles(log, _) = &source else {
            return Err(Trouble::usage(
                "--resume keeps what is fetched from tiles: other sources are read from their beginning",
            ));
        };
        let copy = Kept::fetch(dir, log, &policy).await?;
        Opened { source, note, .. } = tiles(copy.log()?).await?;
        kept = Some(copy);
    }
    if let Some(file) = &asked.checkpoint {
        note = Some(files::read(file, "a checkpoint", NOTE_BYTES_MAX as u64)?);
    } else if let (None, Some(address)) = (&note, &asked.beside) {
        note = Some(RemoteLog::new(address)?.checkpoint().await?);
    }
    let signed = note.map(|note| Signed::open(&note, &policy, by_own_key)).transpose()?;
    let checkpoint = signed.as_ref().map(|signed| &signed.checkpoint);
    let size = source.size(checkpoint).await?;
    let origin = checkpoint.map_or_else(|| origin(&policy), |checkpoint| Ok(checkpoint.origin.clone()))?;
    Ok(Ready {
        source,
        signed,
        origin,
        size,
        kept,
    })
}

/// The log that a policy is about, where no checkpoint says it.
fn origin(policy: &Policy) -> Done<Origin> {
    let log = policy.logs().first().expect("a policy without logs is not taken");
    Origin::new(log.vkey.name().as_str()).map_err(Trouble::at("the name of the log's key"))
}

/// How far is decided, and where is looked.
fn plan(asked: &Asked, ready: &Ready) -> Done<Plan> {
    let last = asked.last();
    if let Some(last) = last.filter(|last| ready.size < *last) {
        return Err(Trouble::usage(format_args!(
            "position {last} is not reached: there are {} entries",
            ready.size
        )));
    }
    // Where nobody has hashed the records into entries, all of them are decided, to compare the tree.
    let until = last.filter(|_| ready.source.has_entries() || ready.signed.is_none());
    let marks = [last.filter(|_| until.is_none()), asked.between.map(|(from, _)| from)];
    let light_marks = ready.kept.as_ref().and_then(Kept::position);
    Ok(Plan {
        until,
        marks: marks.into_iter().flatten().collect(),
        light_marks: light_marks.into_iter().collect(),
        between: asked.between,
    })
}

/// The verifiable map, most of it on the disk where it is large.
fn map(keep: Option<&Path>) -> Done<Map> {
    let dir = keep.map_or_else(std::env::temp_dir, Path::to_owned);
    let path = dir.join(format!(".veta-replay-{}", std::process::id()));
    let pages = Scratch::open(&path).map_err(Trouble::at(format_args!("cannot write in {}", dir.display())))?;
    Ok(Map::on(Box::new(pages)))
}

/// Reads everything there is, as far as it is needed.
async fn run(ready: &mut Ready, course: &mut Course, until: Option<TreeSize>) -> Done {
    let length = until.unwrap_or(ready.size).get();
    let bar = bar(usize::try_from(length).unwrap_or(usize::MAX), "replaying");
    // Of tiles, the signed tree itself says which head it had; of an export, the rest must be hashed to know.
    let needs_rest = !matches!(ready.source, Source::Tiles(..));
    while needs_rest || !course.is_done() {
        let given = ready.source.next(course.taken(), ready.size).await?;
        if given.is_empty() {
            break;
        }
        tokio::task::block_in_place(|| course.take(given))?;
        bar.set_position(course.taken().get());
        if let Some(kept) = &mut ready.kept {
            kept.note(&course.so_far())?;
        }
    }
    if ready.source.is_cut_short() {
        course.find_at_end(Kind::Malformed, "the export is cut short within an entry")?;
    }
    bar.finish_and_clear();
    Ok(())
}

/// The head that the signed tree had where deciding stopped; nothing where all of it was read.
async fn head_at(ready: &Ready, until: Option<TreeSize>) -> Done<Option<TreeHead>> {
    let (Some(signed), Some(until), Source::Tiles(log, _)) = (&ready.signed, until, &ready.source) else {
        return Ok(None);
    };
    let mut tree = log.verified(signed.checkpoint.head()).await?;
    Ok(Some(tree.head_at(until).await?))
}

fn ended(verdict: Verdict, outcome: &Outcome) -> Done {
    match verdict {
        Verdict::Equal | Verdict::NotCompared => Ok(()),
        Verdict::NotCosigned => Err(Trouble::verdict(
            Exit::Failed,
            "the records lead to the signed checkpoint, which fewer have cosigned than the policy asks for",
        )),
        Verdict::Different => Err(Trouble::failed(format_args!(
            "the records do not lead to the signed checkpoint; {} findings",
            outcome.findings.count()
        ))),
    }
}
