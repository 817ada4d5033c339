//! Tiles against the tree they are cut from.

use std::cell::Cell;
use std::collections::BTreeMap;

use crate::support::{NaiveTree, leaf};
use proptest::prelude::*;
use tlog::leaf::LEAF_BYTES_MAX;
use tlog::tiles::{TILE_WIDTH, TileBuilder, TileError, TileId, TilePath, TileReader, decode_entries, encode_entries};
use tlog::tree::{NodeReader, ProofError, leaf_hash, prove_consistency, prove_inclusion, root};
use tlog::{LeafIndex, TreeHead, TreeSize};

/// Rows as a store would keep them.
type Rows = BTreeMap<TileId, Vec<u8>>;

fn store(rows: &mut Rows, builder: &mut TileBuilder) {
    for tile in builder.changed_tiles() {
        assert!((1..=TILE_WIDTH).contains(&tile.hashes.len()));
        assert_eq!(tile.hashes.len(), tile.id.width_at(builder.size()));
        rows.insert(tile.id, tile.to_bytes());
    }
}

/// Appends in steps, each by a builder resumed from the rows.
fn rows_in_steps(tree: &NaiveTree, steps: &[usize]) -> Rows {
    let mut rows = Rows::new();
    let mut done = 0;
    for step in steps {
        let size = TreeSize::new(done as u64);
        let mut builder = TileBuilder::resume(size, |id| rows.get(&id).cloned()).unwrap();
        tree.0
            .iter()
            .skip(done)
            .take(*step)
            .for_each(|hash| builder.push(*hash));
        done = tree.0.len().min(done + step);
        store(&mut rows, &mut builder);
    }
    rows
}

fn reader(rows: &Rows, size: u64) -> TileReader<impl Fn(TileId) -> Option<Vec<u8>>> {
    TileReader::new(TreeSize::new(size), |id| rows.get(&id).cloned())
}

fn two_level_rows(size: u64) -> (NaiveTree, Rows) {
    let tree = NaiveTree::of_size(size);
    let rows = rows_in_steps(&tree, &[tree.0.len()]);
    (tree, rows)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn steps_do_not_matter(steps in prop::collection::vec(1..400_usize, 1..6)) {
        let tree = NaiveTree::of_size(steps.iter().sum::<usize>() as u64);
        prop_assert_eq!(rows_in_steps(&tree, &steps), rows_in_steps(&tree, &[tree.0.len()]));
    }

    #[test]
    fn every_smaller_tree_is_read_from_the_same_rows(size in 1..1_500_u64, smaller: prop::sample::Index, picks: [prop::sample::Index; 8]) {
        let (tree, rows) = two_level_rows(size);
        let size = smaller.index(usize::try_from(size).unwrap()) as u64 + 1;
        let reader = reader(&rows, size);
        let head = TreeHead { size: TreeSize::new(size), root: tree.root(size) };
        prop_assert_eq!(root(head.size, &reader), Ok(head.root));
        prop_assert_eq!(reader.check_since(TreeSize::EMPTY), Ok(head.root));
        for pick in picks {
            let at = pick.index(usize::try_from(size).unwrap());
            let index = LeafIndex::new(at as u64);
            prop_assert_eq!(prove_inclusion(index, head.size, &reader).unwrap().verify(&tree.0[at], index, &head), Ok(()));
            let old = TreeHead { size: index.size_with(), root: tree.root(index.size_with().get()) };
            prop_assert_eq!(prove_consistency(old.size, head.size, &reader).unwrap().verify(&old, &head), Ok(()));
        }
    }

    #[test]
    fn paths_have_one_spelling(level in 0..=63_u8, n: u64, width in 1..=256_u16) {
        for path in [TilePath::Hashes { id: TileId { level, n }, width }, TilePath::Entries { n, width }] {
            prop_assert_eq!(path.to_string().parse(), Ok(path));
        }
    }

    #[test]
    fn no_path_or_bundle_panics(path in "(tile/)?(entries/|[0-9]{0,2}/)?[x0-9/.p+]{0,40}", bundle: Vec<u8>) {
        if let Ok(parsed) = path.parse::<TilePath>() {
            prop_assert_eq!(parsed.to_string(), path);
        }
        if let Ok(leaves) = decode_entries(&bundle) {
            prop_assert_eq!(encode_entries(leaves).unwrap(), bundle);
        }
    }
}

#[test]
fn nodes_of_every_level_are_those_of_the_tree() {
    let (tree, rows) = two_level_rows(1_300);
    let reader = reader(&rows, 1_300);
    for level in 0..12 {
        for index in 0..1_301 >> level {
            let expected = if (index + 1) << level <= 1_300 {
                tree.node(level, index)
            } else {
                None
            };
            assert_eq!(reader.node(level, index), expected, "node {index} of level {level}");
        }
    }
    assert_eq!(reader.node(255, 0), None);
}

#[test]
fn a_tree_of_three_tile_levels() {
    let (tree, rows) = two_level_rows(66_000);
    assert_eq!(rows.keys().map(|id| id.level).max(), Some(2));
    assert_eq!(
        reader(&rows, 66_000).check_since(TreeSize::new(65_000)),
        Ok(tree.root(66_000))
    );
}

#[test]
fn a_proof_fetches_each_tile_once() {
    let (_, rows) = two_level_rows(1_300);
    let fetched = Cell::new(0);
    let reader = TileReader::new(TreeSize::new(1_300), |id| {
        fetched.set(fetched.get() + 1);
        rows.get(&id).cloned()
    });
    prove_inclusion(LeafIndex::new(700), TreeSize::new(1_300), &reader).unwrap();
    // The leaf's own tile, the one that is still growing, and the one above both.
    assert_eq!(fetched.get(), 3);
}

#[test]
fn damaged_rows_are_noticed() {
    let (tree, rows) = two_level_rows(1_300);
    let size = TreeSize::new(1_300);
    let resume = |rows: &Rows| TileBuilder::resume(size, |id| rows.get(&id).cloned()).err();
    let edge = TileId { level: 0, n: 5 };
    for cut in [0, 31, 19 * 32] {
        let mut short = rows.clone();
        short.get_mut(&edge).unwrap().truncate(cut);
        assert_eq!(resume(&short), Some(TileError::Incomplete(edge)), "cut to {cut} bytes");
    }
    let mut missing = rows.clone();
    missing.remove(&edge);
    assert_eq!(resume(&missing), Some(TileError::Incomplete(edge)));
    assert_eq!(
        root(size, &reader(&missing, 1_300)),
        Err(ProofError::MissingNode { level: 4, index: 80 })
    );
    // A bit of a full tile leaves the root as it is, but not the check.
    let mut flipped = rows.clone();
    flipped.get_mut(&TileId { level: 0, n: 4 }).unwrap()[77] ^= 1;
    assert_eq!(root(size, &reader(&flipped, 1_300)), Ok(tree.root(1_300)));
    assert_eq!(
        reader(&flipped, 1_300).check_since(TreeSize::new(1_100)),
        Err(ProofError::RootMismatch)
    );
    assert_eq!(
        TileBuilder::resume(TreeSize::new(1 << 63), |_| None).err(),
        Some(TileError::TreeTooLarge(TreeSize::new(1 << 63)))
    );
}

#[track_caller]
fn check_path(path: &str, expected: Result<TilePath, TileError>) {
    assert_eq!(path.parse(), expected, "{path}");
}

#[test]
fn paths() {
    let hashes = |level, n, width| {
        Ok(TilePath::Hashes {
            id: TileId { level, n },
            width,
        })
    };
    check_path("tile/0/000", hashes(0, 0, 256));
    check_path("tile/0/x001/x234/067", hashes(0, 1_234_067, 256));
    check_path("tile/1/x001/x234/067.p/5", hashes(1, 1_234_067, 5));
    check_path("tile/63/999.p/255", hashes(63, 999, 255));
    check_path("tile/entries/273.p/112", Ok(TilePath::Entries { n: 273, width: 112 }));
    check_path("tile/0/x018/x446/x744/x073/x709/x551/615", hashes(0, u64::MAX, 256));
    for bad in [
        "",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/1",
        "tile/0/0001",
        "tile/0/x000/001",
        "tile/0/001/234",
        "tile/0/x001",
        "tile/64/000",
        "tile/00/000",
        "tile/-1/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/05",
        "tile/0/000.p/",
        "tile/0/000.p/5/",
        "tile/data/000",
        "/tile/0/000",
        "tile/0/../000",
        "tile/0/x018/x446/x744/x073/x709/x551/616",
    ] {
        check_path(bad, Err(TileError::NotAPath));
    }
}

#[test]
fn widths_at_the_size_of_the_specification() {
    let size = TreeSize::new(70_000);
    let width = |level, n| TileId { level, n }.width_at(size);
    assert_eq!(
        (width(0, 0), width(0, 272), width(0, 273), width(0, 274)),
        (256, 256, 112, 0)
    );
    assert_eq!((width(1, 0), width(1, 1), width(2, 0), width(3, 0)), (256, 17, 1, 0));
    assert_eq!(
        TileId {
            level: 200,
            n: u64::MAX
        }
        .width_at(size),
        0
    );
}

#[test]
fn entry_bundles() {
    let longer = vec![7; LEAF_BYTES_MAX + 1];
    let leaves: Vec<Vec<u8>> = (0..256).map(leaf).chain([longer[1..].to_vec()]).collect();
    let slices = |range: std::ops::Range<usize>| leaves[range].iter().map(Vec::as_slice);
    let bundle = encode_entries(slices(1..257)).unwrap();
    let decoded = decode_entries(&bundle).unwrap();
    assert_eq!(decoded, slices(1..257).collect::<Vec<_>>());
    assert_eq!(leaf_hash(decoded[0]), leaf_hash(&leaf(1)));
    let too_many = encode_entries(slices(0..257)).unwrap();
    for bad in [&too_many[..], &bundle[..bundle.len() - 1], &bundle[..1], &[]] {
        assert_eq!(decode_entries(bad), Err(TileError::NotABundle));
    }
    assert_eq!(encode_entries([&longer[..]]), Err(TileError::NotABundle));
}
