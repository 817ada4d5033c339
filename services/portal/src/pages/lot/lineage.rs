//! What a lot was made of and what became of it, as far as one page shows it: as a picture, and the same as nested lists.

use std::collections::{BTreeMap, BTreeSet};

use rpc::custody::{LineageLot, LineageStep};
use serde::Serialize;
use utoipa::ToSchema;

use crate::pictures::lineage::{Edge, Node, Picture};
use crate::shell::{Named, Shell, word_key};

/// Transformations away that are shown where the address does not say, and by which one sees further.
pub(crate) const DEPTH: u32 = 3;
/// Transformations away at most.
pub(crate) const DEPTH_MAX: u32 = 24;
/// Lots and transformations on one page.
pub(super) const NODES_MAX: usize = 200;
/// So many of them are few: they are shown up to those that were dug.
const NODES_FEW: usize = 40;

/// What a lot was made of and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Lineage {
    /// How many transformations away at most.
    pub(crate) depth: u32,
    /// The transformations that led to it, the nearest first.
    pub(crate) made_of: Vec<Made>,
    /// Those that it went into, and so on, the nearest first.
    pub(crate) became: Vec<Made>,
    /// Whether there is more than is told here.
    pub(crate) has_more: bool,
}

/// How lots became others. Only those that have to do with the lot are told one by one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Transformation)]
pub(crate) struct Made {
    /// Its position in the stream.
    pub(crate) position: u64,
    /// The statement, in hexadecimal.
    pub(crate) statement_id: String,
    /// How, such as `transformation-kind-melt`.
    pub(crate) how: String,
    /// The number of the melt; empty where there is none.
    pub(crate) melt: String,
    /// Who did it.
    pub(crate) by: Named,
    /// When it was admitted, in milliseconds since 1970.
    pub(crate) admitted_at_unix_ms: i64,
    /// How many transformations away, on the shortest way; 1 for the nearest.
    pub(crate) depth: u32,
    /// What went in.
    pub(crate) inputs: Vec<Kin>,
    /// How many lots went in.
    pub(crate) inputs_total: usize,
    /// What came out.
    pub(crate) outputs: Vec<Kin>,
    /// How many lots came out.
    pub(crate) outputs_total: usize,
    /// The gross mass that was stated to be lost, in micrograms.
    pub(crate) lost_gross_ug: u64,
    /// The gold that was stated to be lost, in micrograms.
    pub(crate) lost_fine_ug: u64,
}

/// A lot of a lineage, as it went in or came out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LineageLot)]
pub(crate) struct Kin {
    /// Its id: `lot-…`.
    pub(crate) lot_id: String,
    /// What it looked like, such as `lot-form-dust`.
    pub(crate) form: String,
    /// Its gross mass, in micrograms.
    pub(crate) gross_ug: u64,
    /// The gold in it, in micrograms.
    pub(crate) fine_ug: u64,
    /// The site it was dug at; absent where several gave it.
    pub(crate) site: Option<Named>,
    /// Who declared or made it.
    pub(crate) by: Named,
    /// Whether it was made out of others.
    pub(crate) is_made: bool,
    /// Whether it was made of others, or became others, that are not told here.
    pub(crate) goes_on: bool,
}

/// Characters of the number of a melt in a box.
const MELT_SHOWN: usize = 16;

/// Which way a lineage is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// To what a lot was made of.
    Up,
    /// To what became of it.
    Down,
}

/// How far a page tells these transformations, which are all there are, where its address does not say: all of them where they
/// and their lots are few, and the nearest otherwise.
pub(super) fn depth_of_few<'a>(all: impl Iterator<Item = &'a LineageStep> + Clone) -> u32 {
    let nodes: usize = all.clone().map(|step| 1 + step.inputs.len() + step.outputs.len()).sum();
    let deepest = all.map(|step| step.depth).max().unwrap_or(DEPTH);
    if nodes <= NODES_FEW && deepest <= DEPTH_MAX {
        deepest
    } else {
        DEPTH
    }
}

/// The transformations next to a lot that fit: no further than `depth`, no more than `room` of them and their lots together.
/// Says besides whether anything was left out.
pub(super) fn nearest(way: Way, lot_id: &str, steps: Vec<LineageStep>, depth: u32, room: usize) -> (Vec<Made>, bool) {
    let mut told: Vec<Made> = steps.into_iter().map(Made::from).collect();
    told.sort_by_key(|made| made.depth);
    let beyond: BTreeSet<_> = told
        .iter()
        .flat_map(|made| made.near(way).iter().map(|kin| kin.lot_id.clone()))
        .collect();
    let (mut room, mut left_out) = (room, false);
    let mut known = BTreeSet::from([lot_id.to_owned()]);
    told.retain_mut(|made| {
        let is_reached = made.near(way).iter().any(|kin| known.contains(&kin.lot_id));
        if depth < made.depth || room < 2 || !is_reached {
            left_out = true;
            return false;
        }
        room -= 1;
        let far = made.far(way);
        left_out |= room < far.len();
        far.truncate(room);
        room -= far.len();
        known.extend(far.iter().map(|kin| kin.lot_id.clone()));
        true
    });
    let behind: BTreeSet<_> = told
        .iter()
        .flat_map(|made| made.near(way).iter().map(|kin| kin.lot_id.clone()))
        .collect();
    for made in &mut told {
        made.keep_near(way, &known);
        for kin in made.far(way) {
            let is_behind_more = beyond.contains(&kin.lot_id) || way == Way::Up && kin.is_made;
            kin.goes_on = is_behind_more && !behind.contains(&kin.lot_id);
        }
    }
    (told, left_out)
}

impl Made {
    /// The lots on the side of the lot that is shown.
    fn near(&self, way: Way) -> &[Kin] {
        match way {
            Way::Up => &self.outputs,
            Way::Down => &self.inputs,
        }
    }

    fn far(&mut self, way: Way) -> &mut Vec<Kin> {
        match way {
            Way::Up => &mut self.inputs,
            Way::Down => &mut self.outputs,
        }
    }

    fn keep_near(&mut self, way: Way, known: &BTreeSet<String>) {
        let near = match way {
            Way::Up => &mut self.outputs,
            Way::Down => &mut self.inputs,
        };
        near.retain(|kin| known.contains(&kin.lot_id));
    }
}

impl From<LineageStep> for Made {
    fn from(step: LineageStep) -> Self {
        Self {
            position: step.position,
            how: word_key(step.how().as_str_name()),
            statement_id: step.statement_id,
            melt: step.melt,
            by: step.by.map(Named::from).unwrap_or_default(),
            admitted_at_unix_ms: step.admitted_at_unix_ms,
            depth: step.depth,
            inputs_total: step.inputs.len(),
            inputs: step.inputs.into_iter().map(Kin::from).collect(),
            outputs_total: step.outputs.len(),
            outputs: step.outputs.into_iter().map(Kin::from).collect(),
            lost_gross_ug: step.lost_gross_mass_micrograms,
            lost_fine_ug: step.lost_fine_mass_micrograms,
        }
    }
}

impl From<LineageLot> for Kin {
    fn from(lot: LineageLot) -> Self {
        let nameless = |id: String| Named {
            id,
            name: String::new(),
        };
        Self {
            form: word_key(lot.form().as_str_name()),
            lot_id: lot.lot_id,
            gross_ug: lot.gross_mass_micrograms,
            fine_ug: lot.fine_mass_micrograms,
            site: (!lot.site_id.is_empty()).then(|| nameless(lot.site_id)),
            by: nameless(lot.by_id),
            is_made: lot.is_made,
            goes_on: false,
        }
    }
}

impl Lineage {
    /// Puts names to sites and parties, by their ids.
    pub(super) fn name(&mut self, names: &BTreeMap<String, String>) {
        for made in self.made_of.iter_mut().chain(&mut self.became) {
            for kin in made.inputs.iter_mut().chain(&mut made.outputs) {
                for named in [Some(&mut kin.by), kin.site.as_mut()].into_iter().flatten() {
                    if let Some(name) = names.get(&named.id) {
                        named.name.clone_from(name);
                    }
                }
            }
        }
    }

    /// Whether there is nothing to show.
    pub(crate) fn is_empty(&self) -> bool {
        self.made_of.is_empty() && self.became.is_empty()
    }

    /// What it was made of, as lines of nested lists.
    pub(crate) fn made_of_lines<'a>(&'a self, lot_id: &'a str) -> Vec<Line<'a>> {
        lines(Way::Up, lot_id, &self.made_of)
    }

    /// What became of it, as lines of nested lists.
    pub(crate) fn became_lines<'a>(&'a self, lot_id: &'a str) -> Vec<Line<'a>> {
        lines(Way::Down, lot_id, &self.became)
    }

    /// What it was made of as a picture, in which the lot is the last to the right.
    pub(crate) fn made_of_picture(&self, s: &Shell, lot_id: &str) -> Picture {
        picture(s, Way::Up, lot_id, &self.made_of)
    }

    /// What became of it as a picture, in which the lot is the first to the left.
    pub(crate) fn became_picture(&self, s: &Shell, lot_id: &str) -> Picture {
        picture(s, Way::Down, lot_id, &self.became)
    }
}

fn picture(s: &Shell, way: Way, lot_id: &str, steps: &[Made]) -> Picture {
    let mut drawn = Drawn::new(s, lot_id);
    for (made, column) in steps.iter().zip(columns(way, lot_id, steps)) {
        let column = match way {
            Way::Up => -column,
            Way::Down => column,
        };
        drawn.step(made, column);
    }
    Picture::of(s.t("lineage-picture"), drawn.nodes, &drawn.edges)
}

/// How far from the lot each transformation stands: odd columns, each behind all that it leads to. Even ones are of lots.
fn columns(way: Way, lot_id: &str, steps: &[Made]) -> Vec<i32> {
    let mut of_lots = BTreeMap::from([(lot_id, 0)]);
    let mut columns = vec![0; steps.len()];
    let mut order: Vec<_> = (0..steps.len()).collect();
    // In the order of the stream, from the lot on: every transformation comes behind all between it and the lot.
    order.sort_by_key(|place| steps[*place].position);
    if way == Way::Up {
        order.reverse();
    }
    for place in order {
        let made = &steps[place];
        let near = made.near(way).iter().filter_map(|kin| of_lots.get(kin.lot_id.as_str()));
        let column = near.max().map_or(1, |lot| lot + 1);
        columns[place] = column;
        let far = match way {
            Way::Up => &made.inputs,
            Way::Down => &made.outputs,
        };
        of_lots.extend(far.iter().map(|kin| (kin.lot_id.as_str(), column + 1)));
    }
    columns
}

/// A picture while it is put together.
struct Drawn<'a> {
    s: &'a Shell,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    places: BTreeMap<String, usize>,
}

impl<'a> Drawn<'a> {
    fn new(s: &'a Shell, lot_id: &str) -> Self {
        let here = Node {
            column: 0,
            to: String::new(),
            lines: [short(lot_id), s.t("lineage-this-lot"), String::new()],
            label: format!("{lot_id}: {}", s.t("lineage-this-lot")),
            class: "here",
        };
        Self {
            s,
            nodes: vec![here],
            edges: Vec::new(),
            places: BTreeMap::from([(lot_id.to_owned(), 0)]),
        }
    }

    fn step(&mut self, made: &Made, column: i32) {
        let place = self.nodes.len();
        let (how, number) = (self.s.t(&made.how), made.position);
        self.nodes.push(Node {
            column,
            to: self.s.link(&format!("/log/{}", made.position.saturating_sub(1))),
            label: format!("{how} {} #{number}", made.melt),
            lines: [how, made.melt.chars().take(MELT_SHOWN).collect(), format!("#{number}")],
            class: "step",
        });
        for kin in &made.inputs {
            let from = self.lot(kin, column - 1);
            self.edges.push(Edge { from, to: place });
        }
        for kin in &made.outputs {
            let to = self.lot(kin, column + 1);
            self.edges.push(Edge { from: place, to });
        }
    }

    fn lot(&mut self, kin: &Kin, column: i32) -> usize {
        if let Some(place) = self.places.get(&kin.lot_id) {
            return *place;
        }
        let (form, mass) = (self.s.t(&kin.form), self.s.grams_of_ug(kin.gross_ug));
        self.nodes.push(Node {
            column,
            to: self.s.link(&format!("/lots/{}", kin.lot_id)),
            label: format!("{}: {form}, {mass}", kin.lot_id),
            lines: [short(&kin.lot_id), form, mass],
            class: if kin.goes_on { "goes-on" } else { "" },
        });
        self.places.insert(kin.lot_id.clone(), self.nodes.len() - 1);
        self.nodes.len() - 1
    }
}

/// The beginning and the end of an id: what tells it from others in one picture.
fn short(lot_id: &str) -> String {
    const KEPT: (usize, usize) = (10, 4);
    let end = lot_id.len().saturating_sub(KEPT.1);
    match (lot_id.get(..KEPT.0), lot_id.get(end..)) {
        (Some(begin), Some(rest)) if KEPT.0 < end => format!("{begin}…{rest}"),
        _ => lot_id.to_owned(),
    }
}

/// A line of nested lists: a lot, and what it was made of or became.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    /// The lot; absent for the one that is shown.
    pub(crate) kin: Option<&'a Kin>,
    /// The transformation behind it; absent where there is none, or it is not told.
    pub(crate) step: Option<&'a Made>,
    /// Whether that transformation was written out above.
    pub(crate) is_above: bool,
    /// Whether a list of the lots behind it begins here.
    pub(crate) opens: bool,
    /// How many lists end behind it.
    pub(crate) closes: usize,
}

/// A lineage as lines; what is reached on several ways is written out once.
fn lines<'a>(way: Way, lot_id: &'a str, steps: &'a [Made]) -> Vec<Line<'a>> {
    let mut behind = BTreeMap::new();
    for made in steps {
        behind.extend(made.near(way).iter().map(|kin| (kin.lot_id.as_str(), made)));
    }
    let mut written = BTreeSet::new();
    let mut told: Vec<(usize, Line<'a>)> = Vec::new();
    // What is still to be written, the next at the end: a lineage may be deeper than a stack.
    let mut open: Vec<(usize, &str, Option<&'a Kin>)> = vec![(0, lot_id, None)];
    while let Some((level, id, kin)) = open.pop() {
        let step = behind.get(id).copied();
        let is_above = step.is_some_and(|made| !written.insert(made.position));
        if let Some(made) = step.filter(|_| !is_above) {
            let far = match way {
                Way::Up => &made.inputs,
                Way::Down => &made.outputs,
            };
            open.extend(far.iter().rev().map(|kin| (level + 1, kin.lot_id.as_str(), Some(kin))));
        }
        let (opens, closes) = (false, 0);
        told.push((
            level,
            Line {
                kin,
                step,
                is_above,
                opens,
                closes,
            },
        ));
    }
    for place in 0..told.len() {
        let next = told.get(place + 1).map_or(0, |next| next.0);
        let (level, line) = &mut told[place];
        line.opens = *level < next;
        line.closes = level.saturating_sub(next);
    }
    told.into_iter().map(|(_, line)| line).collect()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::*;
    use crate::asked::Query;
    use crate::language::Language;

    /// A lot by its number; those below a hundred were dug.
    fn lot(number: u64) -> LineageLot {
        LineageLot {
            lot_id: format!("lot-{number}"),
            is_made: 100 <= number,
            ..LineageLot::default()
        }
    }

    /// A transformation at a position and a depth.
    fn step(position: u64, depth: u32, inputs: impl IntoIterator<Item = u64>, outputs: &[u64]) -> LineageStep {
        LineageStep {
            position,
            depth,
            inputs: inputs.into_iter().map(lot).collect(),
            outputs: outputs.iter().copied().map(lot).collect(),
            ..LineageStep::default()
        }
    }

    /// Lot 500 came of a melt of 300 and 401; 401 was split off what lot 300 was split off, too, one step further.
    ///
    /// ```text
    /// 1, 2 → melt → 200 → split → 300 ──────────────────→ melt → 500
    ///                           → 301 → refine → 401, 402 ↗
    /// ```
    fn crossed() -> Vec<LineageStep> {
        vec![
            step(40, 1, [300, 401], &[500]),
            step(30, 2, [301], &[401, 402]),
            step(20, 2, [200], &[300, 301]),
            step(10, 3, [1, 2], &[200]),
        ]
    }

    /// Each transformation with what is told to go into it and to come out of it.
    fn told(steps: &[Made]) -> Vec<String> {
        let ids = |kin: &[Kin]| -> Vec<String> {
            let told = kin
                .iter()
                .map(|kin| format!("{}{}", &kin.lot_id[4..], if kin.goes_on { "+" } else { "" }));
            told.collect()
        };
        let told = steps.iter().map(|made| {
            let (inputs, outputs) = (ids(&made.inputs), ids(&made.outputs));
            format!("{}: {} > {}", made.position, inputs.join(" "), outputs.join(" "))
        });
        told.collect()
    }

    #[track_caller]
    fn check(depth: u32, room: usize, expected: &[&str], expected_more: bool) {
        let (steps, left_out) = nearest(Way::Up, "lot-500", crossed(), depth, room);
        assert_eq!(
            (told(&steps), left_out),
            (expected.iter().map(ToString::to_string).collect(), expected_more)
        );
    }

    #[test]
    fn the_nearest_transformations_are_told_as_far_as_there_is_room() {
        let whole = [
            "40: 300 401 > 500",
            "30: 301 > 401",
            "20: 200 > 300 301",
            "10: 1 2 > 200",
        ];
        check(3, 100, &whole, false);
        check(
            2,
            100,
            &["40: 300 401 > 500", "30: 301 > 401", "20: 200+ > 300 301"],
            true,
        );
        check(1, 100, &["40: 300+ 401+ > 500"], true);
        check(
            3,
            10,
            &[
                "40: 300 401 > 500",
                "30: 301 > 401",
                "20: 200 > 300 301",
                "10: 1 2 > 200",
            ],
            false,
        );
        // The last melt has room for one of its inputs.
        check(
            3,
            9,
            &["40: 300 401 > 500", "30: 301 > 401", "20: 200 > 300 301", "10: 1 > 200"],
            true,
        );
        // Lot 401 has no room, so what led to it is not told either.
        check(3, 2, &["40: 300+ > 500"], true);
        check(3, 1, &[], true);

        // From the other end, with depths as they are from there.
        let down = vec![
            step(10, 1, [1, 2], &[200]),
            step(20, 2, [200], &[300, 301]),
            step(30, 3, [301], &[401, 402]),
            step(40, 3, [300, 401], &[500]),
        ];
        let (steps, left_out) = nearest(Way::Down, "lot-1", down.clone(), 3, 100);
        let whole = [
            "10: 1 > 200",
            "20: 200 > 300 301",
            "30: 301 > 401 402",
            "40: 300 401 > 500",
        ];
        assert_eq!((told(&steps), left_out), (whole.map(str::to_owned).to_vec(), false));
        let (steps, left_out) = nearest(Way::Down, "lot-1", down, 2, 100);
        assert_eq!(
            (told(&steps), left_out),
            (vec!["10: 1 > 200".to_owned(), "20: 200 > 300+ 301+".to_owned()], true)
        );
    }

    #[test]
    fn a_lineage_of_ten_thousand_lots_stays_small() {
        let chain: Vec<_> = (0..10_000_u64)
            .map(|n| {
                step(
                    20_000 - n,
                    u32::try_from(n).unwrap() + 1,
                    [10_200 - n - 1],
                    &[10_200 - n],
                )
            })
            .collect();
        let (steps, left_out) = nearest(Way::Up, "lot-10200", chain, DEPTH_MAX, NODES_MAX - 1);
        assert_eq!((steps.len(), left_out), (24, true));

        let wide = vec![step(9, 1, 1..10_000, &[100_000])];
        let (steps, left_out) = nearest(Way::Up, "lot-100000", wide, DEPTH, NODES_MAX - 1);
        assert_eq!(
            (steps[0].inputs.len(), steps[0].inputs_total, left_out),
            (NODES_MAX - 2, 9_999, true)
        );
        let lineage = Lineage {
            made_of: steps,
            ..Lineage::default()
        };
        let shell = Shell::new(Language::En, "/", Query::default(), &HeaderMap::new());
        assert_eq!(lineage.made_of_picture(&shell, "lot-100000").boxes(), NODES_MAX);
        assert_eq!(lineage.made_of_lines("lot-100000").len(), NODES_MAX - 1);
    }

    #[test]
    fn lists_are_nested_as_lots_were_made_and_nothing_is_written_twice() {
        let (made_of, _) = nearest(Way::Up, "lot-500", crossed(), 3, 100);
        let lineage = Lineage {
            made_of,
            ..Lineage::default()
        };
        let lines = lineage.made_of_lines("lot-500");
        let written = lines.iter().map(|line| {
            let id = line.kin.map_or("-", |kin| &kin.lot_id[4..]);
            let behind = line.step.map_or(0, |made| made.position);
            (id, behind, line.is_above, line.opens, line.closes)
        });
        let expected = [
            ("-", 40, false, true, 0),
            ("300", 20, false, true, 0),
            ("200", 10, false, true, 0),
            ("1", 0, false, false, 0),
            ("2", 0, false, false, 2),
            ("401", 30, false, true, 0),
            ("301", 20, true, false, 2),
        ];
        assert_eq!(written.collect::<Vec<_>>(), expected);
        // As many lists end as begin.
        let (opened, closed) = lines.iter().fold((0, 0), |(opened, closed), line| {
            (opened + usize::from(line.opens), closed + line.closes)
        });
        assert_eq!(opened, closed);
    }

    #[test]
    fn every_transformation_stands_behind_all_that_it_leads_to() {
        let (steps, _) = nearest(Way::Up, "lot-500", crossed(), 3, 100);
        // The split leads to the melt directly and by the refining: it stands behind both.
        let columns = columns(Way::Up, "lot-500", &steps);
        let columns: Vec<_> = steps.iter().map(|made| made.position).zip(columns).collect();
        assert_eq!(columns, [(40, 1), (30, 3), (20, 5), (10, 7)]);
    }
}
