//! Everything a buyer needs about one lot, in one file that verifies offline (`.veta-proof`).
//!
//! A bundle holds a checkpoint, the last leaf (which has the map's root), and for the lot and for every key, party,
//! site and seal that its statements rest on: a proof of what the map holds for it, and **all** leaves under it. So
//! nothing about the lot can have been left out without changing a hash that the checkpoint signs.
//!
//! # The file
//! Canonical JSON: these fields in this order, no spaces, byte strings in padded base64; read strictly, and refused
//! where it would not be written back the same.
//!
//! ```text
//! format      "veta-proof/v1"
//! lot         "lot-…"
//! depth       null, or how many transformations back the bundle goes: what lies below is not in it
//! checkpoint  the signed note, verbatim, with all its cosignatures
//! older       [{"checkpoints":[…],"consistency":"bytes"},…] in strictly increasing order of their tree sizes, all smaller than
//!             that of the checkpoint: one signed note, or the one published first and the one cosigned last of that size, and
//!             the hashes of the proof that the log grew from there to the checkpoint, one after the other
//! leaves      [[index,"bytes"],…]  in strictly increasing order; the last one is the log's last
//! tree        the hashes of the multiproof of the leaves (`tlog::multiproof`), one after the other
//! keys        [["lot","bytes",[place,…]],…]  kind and id in strictly increasing order of their map keys; places in `leaves`,
//!             counted from 0, in strictly increasing order. None claims that the map does not have the key
//! map         the multiproof of what the map holds for the keys (`tlog::map::MapMultiProof`)
//! ```
//!
//! How many records there are under a key, which is the last, and the chain over them all are not in the file: they follow from
//! the leaves that are listed, and the map must hold just that.
//!
//! # When
//! A record that a checkpoint has came before the time at which the reader's quorum had cosigned it, and one that it does not have
//! came after. So a record about the lot came between the latest time of those older checkpoints that are of its index or fewer
//! leaves, and the earliest of the others and of the checkpoint itself. An older checkpoint of which the reader's quorum is short
//! tells no time; one that cannot be read, or that the log did not sign, or did not grow from, is refused with its bundle.
//!
//! None is there for nothing, whoever cosigned it: between the size before it among those of the bundle and its own there is a
//! record about the lot (it is the first with it), or between its own and the next (it is the last without it). Two notes of one
//! size are there where both is so.
//!
//! # Who checks what
//! Whoever knows hashes and signatures checks everything up to here, and that every leaf is listed under a key, but for the last.
//! Whoever reads statements too checks besides that each is listed under just those keys it touches, that the keys are those that
//! the lot rests on, and decides the records anew.

mod build;
mod decided;
mod older;
mod origins;
mod proved;
mod reach;
mod report;
mod told;
mod verify;
mod wire;

use tlog::TreeSize;

pub use build::{Asked, BuildError, Published, Source, build};
pub use older::Bracket;
pub use origins::ComesFrom;
pub use report::{Entry, FLAGS_NOT_DECIDED, Held, Raised, Report, Share};
pub use verify::{BundleError, verify};

/// The longest bundle.
pub const BUNDLE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Leaves in one bundle: at 300 bytes each, a quarter of [`BUNDLE_BYTES_MAX`] in base64.
pub const BUNDLE_LEAVES_MAX: usize = 40_000;
/// Sizes of older checkpoints in one bundle: before and after each of 500 records; at 2,000 bytes each, a thirtieth of
/// [`BUNDLE_BYTES_MAX`].
pub const BUNDLE_OLDER_MAX: usize = 1_000;
/// Map keys in one bundle: a proof of 40 steps each is 1,400 bytes, so half of [`BUNDLE_BYTES_MAX`] in base64.
pub const BUNDLE_KEYS_MAX: usize = 15_000;
/// The largest log that a bundle can be of: programs for which all numbers are doubles read its indexes exactly.
pub const BUNDLE_TREE_SIZE_MAX: TreeSize = TreeSize::new((1 << 53) - 1);
