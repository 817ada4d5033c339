//! A report as a small tree. Both of its forms are written from one, so that they cannot differ.

use catalogue::Language;

use super::html::html;
use super::markdown::markdown;

/// A whole report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// In which language.
    pub language: Language,
    /// What it is called.
    pub title: Text,
    /// What it says, in order.
    pub blocks: Vec<Block>,
}

/// A part of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// The title of what follows.
    Heading(Level, Text),
    /// A few sentences.
    Paragraph(Text),
    /// What must not be overlooked.
    Note(Text),
    /// One thing below another.
    List(Vec<Text>),
    /// Rows and columns.
    Table(Table),
    /// Figures, and a picture of them where a picture can be.
    Chart(Table, Picture),
}

/// How deep a heading stands; the title of the report stands above all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// A part of the report.
    Part,
    /// Within a part.
    Section,
    /// Within a section.
    Item,
}

impl Level {
    /// Under how many others, the title among them.
    #[must_use]
    pub const fn depth(self) -> usize {
        match self {
            Self::Part => 2,
            Self::Section => 3,
            Self::Item => 4,
        }
    }
}

/// Rows and columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// What it shows; may be empty.
    pub caption: Text,
    /// What each column holds.
    pub header: Vec<Text>,
    /// The rows; a cell for each column.
    pub rows: Vec<Vec<Text>>,
}

/// What a table of figures looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picture {
    /// A bar for each row, in parts one after the other.
    Bars {
        /// What the parts are, and how they are shaded.
        parts: Vec<(Text, Shade)>,
        /// What each bar is, and how long its parts are.
        bars: Vec<(Text, Vec<u64>)>,
    },
    /// What was measured, day by day; the days in order.
    Line(Vec<Point>),
}

/// How a part of a bar looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shade {
    /// As bad as can be.
    Worst,
    /// Bad.
    Bad,
    /// Neither.
    Middling,
    /// Good.
    Good,
    /// As good as can be.
    Best,
    /// Nothing is known.
    NoData,
}

impl Shade {
    /// That of a level out of those up to `max`.
    #[must_use]
    pub const fn of_level(level: usize, max: usize) -> Self {
        match level * 4 / if max == 0 { 1 } else { max } {
            0 => Self::Worst,
            1 => Self::Bad,
            2 => Self::Middling,
            3 => Self::Good,
            _ => Self::Best,
        }
    }
}

/// What was measured once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// On which day.
    pub day: event::Date,
    /// How much.
    pub value: u64,
}

/// A few words. Where they come from decides how they are written, never whether they are escaped: all are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(Vec<Span>);

/// Words of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// The report's own.
    Ours(String),
    /// The report's own, and they weigh.
    Strong(String),
    /// Somebody else's: a name, a reason, a question.
    Said(String),
    /// An id, a digest, a position.
    Code(String),
}

impl Document {
    /// As Markdown.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        markdown(self)
    }

    /// As a page that stands alone.
    #[must_use]
    pub fn to_html(&self) -> String {
        html(self)
    }
}

impl Text {
    /// The words, in order.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        &self.0
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// With other words behind.
    #[must_use]
    pub fn and(mut self, other: impl Into<Self>) -> Self {
        self.0.extend(other.into().0);
        self
    }

    /// One after the other, with `between` between them.
    #[must_use]
    pub fn join(texts: impl IntoIterator<Item = Self>, between: &str) -> Self {
        let mut joined = Self::default();
        for text in texts {
            if !joined.is_empty() {
                joined = joined.and(ours(between));
            }
            joined = joined.and(text);
        }
        joined
    }
}

impl From<Span> for Text {
    fn from(span: Span) -> Self {
        Self(vec![span])
    }
}

/// The report's own words.
#[must_use]
pub fn ours(words: impl Into<String>) -> Text {
    Span::Ours(words.into()).into()
}

/// The report's own words that weigh.
#[must_use]
pub fn strong(words: impl Into<String>) -> Text {
    Span::Strong(words.into()).into()
}

/// Somebody else's words; none where there are none.
#[must_use]
pub fn said(words: impl Into<String>) -> Text {
    let words = words.into();
    if words.is_empty() {
        return Text::default();
    }
    Span::Said(words).into()
}

/// An id, a digest, a position; none where there is none.
#[must_use]
#[expect(
    clippy::needless_pass_by_value,
    reason = "callers have numbers and borrowed texts alike"
)]
pub fn code(what: impl ToString) -> Text {
    let what = what.to_string();
    if what.is_empty() {
        return Text::default();
    }
    Span::Code(what).into()
}

/// A phrase with something in the place of each `{name}`. A name that nothing is given for stays as it is.
#[must_use]
pub fn fill(phrase: &str, given: &[(&str, Text)]) -> Text {
    let mut filled = Text::default();
    let mut rest = phrase;
    while let Some((before, from_name)) = rest.split_once('{') {
        let found = from_name
            .split_once('}')
            .and_then(|(name, after)| Some((given.iter().find(|(known, _)| *known == name)?, after)));
        let Some(((_, text), after)) = found else {
            break;
        };
        if !before.is_empty() {
            filled = filled.and(ours(before));
        }
        filled = filled.and(text.clone());
        rest = after;
    }
    if !rest.is_empty() {
        filled = filled.and(ours(rest));
    }
    filled
}
