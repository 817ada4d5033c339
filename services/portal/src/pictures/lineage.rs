//! Boxes in columns, and lines between them: how lots became others.

use askama::Template;
use askama::filters::HtmlSafe;

/// How wide a box is, and how wide with the gap behind it.
const WIDTH: usize = 144;
const COLUMN: usize = WIDTH + 20;
/// How high a box is, and how high with the gap below it.
const HEIGHT: usize = 60;
const ROW: usize = HEIGHT + 14;
/// Room around all of it, for the frames of what has the focus.
const MARGIN: usize = 4;

/// A box.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Node {
    /// In which column, from the left to the right; any numbers.
    pub(crate) column: i32,
    /// Where it leads; empty for nowhere.
    pub(crate) to: String,
    /// What stands in it.
    pub(crate) lines: [String; 3],
    /// The same in full, for who hears it.
    pub(crate) label: String,
    /// How it is drawn: `here`, `step`, `goes-on`, or nothing.
    pub(crate) class: &'static str,
}

/// A line from a box to another one, by their places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Edge {
    /// From its right side.
    pub(crate) from: usize,
    /// To the left side of this one.
    pub(crate) to: usize,
}

/// Boxes where they stand, none over another, and the lines between them.
#[derive(Debug, Template)]
#[template(path = "pictures/lineage.html")]
pub(crate) struct Picture {
    label: String,
    width: usize,
    height: usize,
    lines: Vec<String>,
    boxes: Vec<Placed>,
}

#[derive(Debug)]
struct Placed {
    node: Node,
    x: usize,
    y: usize,
}

impl HtmlSafe for Picture {}

impl Placed {
    /// Each line of text, and how far down it stands.
    fn texts(&self) -> impl Iterator<Item = (usize, &String)> {
        (18..).step_by(18).zip(&self.node.lines)
    }
}

impl Picture {
    /// Whether it is looked at without much turning of the page.
    pub(crate) fn is_small(&self) -> bool {
        const SMALL: usize = 12 * ROW;
        self.height <= SMALL
    }

    /// How many boxes there are.
    #[cfg(test)]
    pub(crate) fn boxes(&self) -> usize {
        self.boxes.len()
    }

    /// Puts each box into its column, beside those that it is tied to, and the columns from left to right.
    pub(crate) fn of(label: String, nodes: Vec<Node>, edges: &[Edge]) -> Self {
        let columns = in_columns(&nodes, edges);
        let rows = columns.iter().map(Vec::len).max().unwrap_or_default();
        let mut at = vec![(0, 0); nodes.len()];
        for (column, places) in columns.iter().enumerate() {
            let above = (rows - places.len()) * ROW / 2;
            for (row, place) in places.iter().enumerate() {
                at[*place] = (MARGIN + column * COLUMN, MARGIN + above + row * ROW);
            }
        }
        let lines = edges.iter().map(|edge| line(at[edge.from], at[edge.to])).collect();
        let boxes = nodes.into_iter().zip(at).map(|(node, (x, y))| Placed { node, x, y });
        Self {
            label,
            width: 2 * MARGIN + (columns.len() * COLUMN).saturating_sub(COLUMN - WIDTH),
            height: 2 * MARGIN + (rows * ROW).saturating_sub(ROW - HEIGHT),
            lines,
            boxes: boxes.collect(),
        }
    }
}

/// The places of the boxes by columns, each column in the order in which it is drawn.
///
/// Columns are ordered outwards from that of the first box: each box as far down as those, on the average, that it is tied to in
/// columns that are ordered already.
fn in_columns(nodes: &[Node], edges: &[Edge]) -> Vec<Vec<usize>> {
    let mut numbers: Vec<_> = nodes.iter().map(|node| node.column).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let column_of = |place: usize| numbers.binary_search(&nodes[place].column).expect("it is one of them");
    let mut columns = vec![Vec::new(); numbers.len()];
    for place in 0..nodes.len() {
        columns[column_of(place)].push(place);
    }
    let Some(begin) = (!nodes.is_empty()).then(|| column_of(0)) else {
        return columns;
    };
    let mut tied = vec![Vec::new(); nodes.len()];
    for edge in edges {
        tied[edge.from].push(edge.to);
        tied[edge.to].push(edge.from);
    }
    let mut down: Vec<Option<usize>> = vec![None; nodes.len()];
    let (left, right) = ((0..begin).rev(), begin + 1..columns.len());
    for column in core::iter::once(begin).chain(left).chain(right) {
        let mean = |place: &usize| {
            let known: Vec<_> = tied[*place].iter().filter_map(|other| down[*other]).collect();
            // In 256ths of a row, so that means that are close are told apart.
            known.iter().sum::<usize>() * 256 / known.len().max(1)
        };
        columns[column].sort_by_key(|place| (mean(place), *place));
        let rows = columns[column].len();
        for (row, place) in columns[column].iter().enumerate() {
            // Columns are drawn in the middle: what counts is how far from it.
            down[*place] = Some(2 * row + nodes.len() - rows + 1);
        }
    }
    columns
}

/// A curve from the right side of a box to the left side of another one.
fn line(from: (usize, usize), to: (usize, usize)) -> String {
    let (x, y) = (from.0 + WIDTH, from.1 + HEIGHT / 2);
    let (to_x, to_y) = (to.0, to.1 + HEIGHT / 2);
    let middle = x.midpoint(to_x);
    format!("M{x} {y}C{middle} {y} {middle} {to_y} {to_x} {to_y}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that are the same every time.
    struct Seeded(u64);

    impl Seeded {
        fn below(&mut self, end: usize) -> usize {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).unwrap() % end
        }
    }

    /// Boxes in some columns, each but the first tied to an earlier one.
    fn tangled(seed: u64) -> (Vec<Node>, Vec<Edge>) {
        let mut seeded = Seeded(seed);
        let count = 1 + seeded.below(200);
        let node = |seeded: &mut Seeded| Node {
            column: i32::try_from(seeded.below(17)).unwrap() - 8,
            ..Node::default()
        };
        let nodes = (0..count).map(|_| node(&mut seeded)).collect();
        let edge = |place| Edge {
            from: seeded.below(place),
            to: place,
        };
        (nodes, (1..count).map(edge).collect())
    }

    #[test]
    fn no_box_lies_over_another_or_outside_and_every_line_ties_two() {
        for seed in 0..200 {
            let (nodes, edges) = tangled(seed);
            let picture = Picture::of(String::new(), nodes.clone(), &edges);
            assert_eq!(picture.boxes.len(), nodes.len());
            for (place, one) in picture.boxes.iter().enumerate() {
                assert!(
                    one.x + WIDTH <= picture.width && one.y + HEIGHT <= picture.height,
                    "seed {seed}"
                );
                for other in &picture.boxes[..place] {
                    let apart = WIDTH < one.x.abs_diff(other.x) || HEIGHT < one.y.abs_diff(other.y);
                    assert!(apart, "seed {seed}: {one:?} over {other:?}");
                    let is_left = other.node.column.cmp(&one.node.column);
                    assert_eq!(
                        other.x.cmp(&one.x),
                        is_left,
                        "seed {seed}: columns go from left to right"
                    );
                }
            }
            for (edge, line) in edges.iter().zip(&picture.lines) {
                let (from, to) = (&picture.boxes[edge.from], &picture.boxes[edge.to]);
                let (begin, end) = (
                    format!("M{} {}C", from.x + WIDTH, from.y + HEIGHT / 2),
                    format!(" {} {}", to.x, to.y + HEIGHT / 2),
                );
                assert!(line.starts_with(&begin) && line.ends_with(&end), "seed {seed}: {line}");
            }
        }
    }

    #[test]
    fn what_is_tied_stands_side_by_side() {
        // Two pairs that cross if the right column keeps its order.
        let node = |column| Node {
            column,
            ..Node::default()
        };
        let nodes = vec![node(0), node(0), node(1), node(1)];
        let picture = Picture::of(
            String::new(),
            nodes,
            &[Edge { from: 0, to: 3 }, Edge { from: 1, to: 2 }],
        );
        let y = |place: usize| picture.boxes[place].y;
        assert_eq!((y(0), y(1)), (y(3), y(2)));
    }

    #[test]
    fn words_of_others_are_text_and_nothing_else() {
        let node = Node {
            to: "/en/lots/lot-1".to_owned(),
            lines: ["<script>".to_owned(), String::new(), String::new()],
            label: "\"><script>".to_owned(),
            ..Node::default()
        };
        let drawn = Picture::of(String::new(), vec![node], &[]).render().unwrap();
        assert!(
            !drawn.contains("<script") && drawn.contains("href=\"/en/lots/lot-1\""),
            "{drawn}"
        );
    }
}
