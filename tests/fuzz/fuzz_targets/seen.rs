//! What `veta monitor` noted, in which anything may lie: what is read is written down as the same and has nothing looked at that
//! was not there. Going on from it, a monitor that is told of nothing has seen all of the log; else it has forgotten nothing.
#![no_main]

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use fuzz::directory::{Files, head, published, write};
use fuzz::{in_place, log_origin, log_signer};
use libfuzzer_sys::fuzz_target;
use remote::log::Address;
use tlog::leaf::genesis_prev;
use tlog::policy::Policy;
use tlog::tree::leaf_hash;
use tlog::{Checkpoint, Hash, Leaf, TreeHead, TreeSize};
use veta::monitor::fuzzing::{Known, known, look};

/// Entries of the log.
const ENTRIES: u8 = 5;

/// Of how many entries a tree was seen, and whether that of another history; how many of them were looked at, and since when; and
/// where bytes take the place of others, and these bytes.
type Input<'a> = (u8, bool, u8, i64, u16, &'a [u8]);

/// A log that is whole.
struct Log {
    directory: PathBuf,
    leaves: Vec<Vec<u8>>,
    note: String,
}

static LOG: LazyLock<Log> = LazyLock::new(Log::write);
static MEMORY: LazyLock<PathBuf> =
    LazyLock::new(|| std::env::temp_dir().join(format!("veta-fuzz-seen-{}", std::process::id())));
static RUNTIME: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().expect("a runtime")
});

fuzz_target!(|input: Input<'_>| {
    let (size, is_other, read, since, at, bytes) = input;
    let note = LOG.noted(size % (ENTRIES + 2), is_other);
    let written = serde_json::json!({"note": note, "read": read, "changed_at_unix_ms": since}).to_string();
    let file = in_place(written.as_bytes(), at, bytes);
    let before = known(&file);
    if let Some(before) = &before {
        assert_eq!(known(&before.bytes).as_ref(), Some(before));
        assert!(before.read <= before.checkpoint.size.get());
    }
    // Nothing of the run before; there is none before the first.
    let _ = fs::remove_dir_all(&*MEMORY);
    fs::create_dir_all(&*MEMORY).expect("a directory");
    fs::write(MEMORY.join("seen.json"), &file).expect("a file");
    let address = Address::Directory(LOG.directory.clone());
    let policy = Policy::trusting(log_signer().vkey().clone());
    let looked = RUNTIME.block_on(look(&address, &policy, &MEMORY));
    check(before, looked, &file);
});

fn check(before: Option<Known>, looked: Option<(Known, bool)>, file: &[u8]) {
    let kept = fs::read(MEMORY.join("seen.json")).expect("it is there");
    let before = before.filter(|before| before.checkpoint.origin == log_origin());
    let (Some(before), Some((after, contradicted))) = (&before, &looked) else {
        assert!(before.is_none() && looked.is_none());
        assert_eq!(kept, file, "what cannot be gone on from stays as it is");
        return;
    };
    let head = before.checkpoint.head();
    assert_eq!(*contradicted, LOG.head(head.size) != Some(head));
    if *contradicted {
        assert_eq!((after, kept.as_slice()), (before, file));
        return;
    }
    assert_eq!(Some(after.checkpoint.head()), LOG.head(TreeSize::new(ENTRIES.into())));
    assert_eq!(after.read, u64::from(ENTRIES));
    assert_eq!(known(&kept).as_ref(), Some(after));
}

impl Log {
    fn write() -> Self {
        let origin = log_origin();
        let mut leaves: Vec<Vec<u8>> = Vec::new();
        for record in 0..ENTRIES {
            let prev = leaves
                .last()
                .map_or_else(|| genesis_prev(&origin), |leaf| leaf_hash(leaf));
            let leaf = Leaf {
                prev,
                map_root: Hash::ZERO,
                verdict: 0,
                record: &[record],
            };
            leaves.push(leaf.encode().expect("a short record"));
        }
        let log = Self {
            directory: std::env::temp_dir().join(format!("veta-fuzz-seen-log-{}", std::process::id())),
            note: signed(head(&leaves)),
            leaves,
        };
        let mut files: Files = published(&log.leaves);
        files.insert("checkpoint".to_owned(), log.note.clone().into_bytes());
        write(&log.directory, &files);
        log
    }

    /// The tree that it had at a size.
    fn head(&self, size: TreeSize) -> Option<TreeHead> {
        let size = usize::try_from(size.get()).ok()?;
        self.leaves.get(..size).map(head)
    }

    /// A checkpoint of so many entries, of this history or another.
    fn noted(&self, size: u8, is_other: bool) -> String {
        let size = TreeSize::new(size.into());
        let other = TreeHead {
            size,
            root: Hash::from_bytes([7; 32]),
        };
        let is_own = |_: &TreeHead| !is_other || size == TreeSize::EMPTY;
        signed(self.head(size).filter(is_own).unwrap_or(other))
    }
}

fn signed(head: TreeHead) -> String {
    let checkpoint = Checkpoint::new(log_origin(), head);
    checkpoint.sign(&log_signer()).expect("its own key signs it")
}
