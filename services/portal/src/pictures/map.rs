//! Marks on a map of the earth, which shows no more of it than they need.
//!
//! A mark stands in the middle of a square of a tenth of a degree: nothing finer is known here. Marks that would lie on one
//! another are one mark.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

/// Units across.
pub(crate) const WIDTH: i64 = 720;
/// Units from north to south.
pub(crate) const HEIGHT: i64 = 360;

/// The earth, in hundredths of a degree.
const EARTH_ACROSS: i64 = 36_000;
const EARTH_DOWN: i64 = 18_000;
/// The least that is shown, so that one sees where on earth it is: 16 degrees across.
const SHOWN_MIN: i64 = 1_600;
/// Marks nearer than this are one.
const NEAR: i64 = 26;
/// So many numbers and names stand beside a mark.
const NUMBERS_MAX: usize = 3;

/// A square of 0.1° by 0.1°, by its south-western corner in tenths of a degree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub(crate) struct Cell {
    /// -900 to 899.
    pub(crate) south_tenths: i32,
    /// -1800 to 1799.
    pub(crate) west_tenths: i32,
}

/// Something to be marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Marked {
    /// Its number in the list beside the map.
    pub(crate) number: usize,
    /// Its name.
    pub(crate) name: String,
    /// The path of its page.
    pub(crate) path: String,
    /// Where it is.
    pub(crate) cell: Cell,
}

/// The part of the earth that is shown, and the marks on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Map {
    /// Where the whole earth begins, from the left and from above.
    pub(crate) earth: (i64, i64),
    /// How large the whole earth is.
    pub(crate) earth_size: (i64, i64),
    /// The marks.
    pub(crate) marks: Vec<Mark>,
}

/// A mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// From the left.
    pub(crate) x: i64,
    /// From above.
    pub(crate) y: i64,
    /// The numbers of what it marks.
    pub(crate) label: String,
    /// The names of what it marks.
    pub(crate) names: String,
    /// The path of the page of what it marks; empty where it marks several.
    pub(crate) path: String,
    /// The number of the first that it marks.
    pub(crate) number: usize,
}

impl Cell {
    /// The cell on the wire.
    #[must_use]
    pub(crate) fn of(cell: Option<&rpc::progress::Cell>) -> Option<Self> {
        cell.map(|cell| Self {
            south_tenths: cell.south_tenths,
            west_tenths: cell.west_tenths,
        })
    }

    /// Its middle, in hundredths of a degree from the north-western corner of the earth.
    fn middle(self) -> (i64, i64) {
        let across = (i64::from(self.west_tenths) + 1_800) * 10 + 5;
        let down = (900 - i64::from(self.south_tenths)) * 10 - 5;
        (across.clamp(0, EARTH_ACROSS), down.clamp(0, EARTH_DOWN))
    }
}

impl Map {
    /// Of what is marked; nothing where nothing is.
    #[must_use]
    pub(crate) fn of(marked: &[Marked]) -> Option<Self> {
        let middles: Vec<_> = marked.iter().map(|marked| marked.cell.middle()).collect();
        let (west, east) = range(middles.iter().map(|middle| middle.0))?;
        let (north, south) = range(middles.iter().map(|middle| middle.1))?;
        let needed = (east - west).max((south - north) * EARTH_ACROSS / EARTH_DOWN);
        let across = (needed * 5 / 4).clamp(SHOWN_MIN, EARTH_ACROSS);
        let down = across * EARTH_DOWN / EARTH_ACROSS;
        let left = ((west + east - across) / 2).clamp(0, EARTH_ACROSS - across);
        let top = ((north + south - down) / 2).clamp(0, EARTH_DOWN - down);
        let placed = |(x, y): (i64, i64)| ((x - left) * WIDTH / across, (y - top) * HEIGHT / down);
        let mut near: BTreeMap<(i64, i64), Vec<usize>> = BTreeMap::new();
        for (place, middle) in middles.iter().enumerate() {
            let (x, y) = placed(*middle);
            near.entry((x / NEAR, y / NEAR)).or_default().push(place);
        }
        let mark = |places: &Vec<usize>| mark(marked, places, placed(middles[places[0]]));
        Some(Self {
            earth: placed((0, 0)),
            earth_size: (EARTH_ACROSS * WIDTH / across, EARTH_DOWN * HEIGHT / down),
            marks: near.values().map(mark).collect(),
        })
    }
}

/// One mark for what is at these places of `marked`.
fn mark(marked: &[Marked], places: &[usize], (x, y): (i64, i64)) -> Mark {
    let of_map: Vec<&Marked> = places.iter().map(|place| &marked[*place]).collect();
    let mut numbers: Vec<_> = of_map.iter().map(|marked| marked.number).collect();
    numbers.dedup();
    let shown: Vec<_> = numbers.iter().take(NUMBERS_MAX).map(ToString::to_string).collect();
    let more = if NUMBERS_MAX < numbers.len() { " …" } else { "" };
    let mut called: Vec<_> = of_map.iter().map(|marked| marked.name.as_str()).collect();
    called.dedup();
    let first = called.iter().take(NUMBERS_MAX).copied().collect::<Vec<_>>().join(", ");
    Mark {
        x,
        y,
        label: format!("{}{more}", shown.join(" ")),
        names: format!("{first}{}", if NUMBERS_MAX < called.len() { ", …" } else { "" }),
        path: match numbers.as_slice() {
            [_] => of_map[0].path.clone(),
            _ => String::new(),
        },
        number: numbers[0],
    }
}

fn range(values: impl Iterator<Item = i64> + Clone) -> Option<(i64, i64)> {
    values.clone().min().zip(values.max())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(cells: &[(i32, i32)]) -> Map {
        let marked = cells.iter().enumerate().map(|(place, (south, west))| Marked {
            number: place + 1,
            name: format!("n{place}"),
            path: format!("/orgs/{place}"),
            cell: Cell {
                south_tenths: *south,
                west_tenths: *west,
            },
        });
        Map::of(&marked.collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn every_mark_is_on_the_map_wherever_on_earth_it_is() {
        for cells in [
            &[(0, 0)][..],
            &[(899, 1799)],
            &[(-900, -1800)],
            &[(-900, -1800), (899, 1799)],
            &[(-17, 293), (13, 301), (-55, 150)],
        ] {
            let map = at(cells);
            for mark in &map.marks {
                assert!(
                    (0..=WIDTH).contains(&mark.x) && (0..=HEIGHT).contains(&mark.y),
                    "{cells:?}: {mark:?}"
                );
            }
            let (earth, size) = (map.earth, map.earth_size);
            assert!(earth.0 <= 0 && earth.1 <= 0, "{cells:?}");
            assert!(
                WIDTH <= earth.0 + size.0 + 1 && HEIGHT <= earth.1 + size.1 + 1,
                "{cells:?}"
            );
        }
    }

    #[test]
    fn marks_that_would_lie_on_one_another_are_one() {
        let map = at(&[(-17, 293), (-17, 293), (-17, 293), (-17, 293), (40, 200)]);
        let mut marks: Vec<_> = map
            .marks
            .iter()
            .map(|mark| (mark.label.as_str(), mark.path.as_str()))
            .collect();
        marks.sort_unstable();
        assert_eq!(marks, [("1 2 3 …", ""), ("5", "/orgs/4")]);
        let crowd = map.marks.iter().find(|mark| mark.path.is_empty()).unwrap();
        assert_eq!((crowd.names.as_str(), crowd.number), ("n0, n1, n2, …", 1));
        assert_eq!(Map::of(&[]), None);
    }
}
