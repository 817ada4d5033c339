//! What is written down in the course of a report: its blocks, and everything that was cited in them.

use std::collections::BTreeMap;

use catalogue::Language;
use rpc::progress::{Answer, Attribution, Criterion, Source, answer};
use rpc::view::{PartyName, SiteName};

use super::asked::Versions;
use super::document::{Block, Document, Level, Picture, Table, Text, code, ours, said};
use super::gather::Gathered;
use super::phrases::{Phrases, Tongue, Word, word};
use crate::assess::Phrases as AnswerPhrases;
use crate::show::instant;

/// A report in the making.
pub(super) struct Writer<'a> {
    pub(super) gathered: &'a Gathered,
    pub(super) tongue: Tongue,
    pub(super) p: &'static Phrases,
    pub(super) versions: Versions,
    blocks: Vec<Block>,
    cited: BTreeMap<u64, Cited>,
}

/// A record that the report rests on.
#[derive(Clone, Debug)]
pub(super) struct Cited {
    pub(super) kind: &'static str,
    pub(super) statement_id: String,
    pub(super) by: Option<PartyName>,
    pub(super) admitted_at_unix_ms: Option<i64>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(gathered: &'a Gathered, tongue: Tongue) -> Self {
        Self {
            gathered,
            tongue,
            p: tongue.phrases(),
            versions: Versions::of(gathered),
            blocks: Vec::new(),
            cited: BTreeMap::new(),
        }
    }

    pub(super) fn document(self, title: Text) -> Document {
        Document {
            language: self.tongue.language(),
            title,
            blocks: self.blocks,
        }
    }

    pub(super) const fn language(&self) -> Language {
        self.tongue.language()
    }

    pub(super) fn word(&self, of: Word, value: i32) -> Text {
        ours(word(of, value, self.tongue))
    }

    pub(super) fn part(&mut self, title: &str) {
        self.blocks.push(Block::Heading(Level::Part, ours(title)));
    }

    pub(super) fn heading(&mut self, level: Level, title: Text) {
        self.blocks.push(Block::Heading(level, title));
    }

    pub(super) fn paragraph(&mut self, text: Text) {
        self.blocks.push(Block::Paragraph(text));
    }

    pub(super) fn note(&mut self, text: Text) {
        self.blocks.push(Block::Note(text));
    }

    pub(super) fn list(&mut self, items: Vec<Text>) {
        if !items.is_empty() {
            self.blocks.push(Block::List(items));
        }
    }

    pub(super) fn table<const N: usize>(&mut self, header: [&str; N], rows: Vec<[Text; N]>) {
        let table = Self::table_of(Text::default(), header, rows);
        self.blocks.push(Block::Table(table));
    }

    pub(super) fn chart(&mut self, table: Table, picture: Picture) {
        self.blocks.push(Block::Chart(table, picture));
    }

    pub(super) fn table_of<const N: usize>(caption: Text, header: [&str; N], rows: Vec<[Text; N]>) -> Table {
        Table {
            caption,
            header: header.map(ours).into(),
            rows: rows.into_iter().map(Into::into).collect(),
        }
    }

    /// Names a record that something rests on, by its position.
    pub(super) fn cite(&mut self, kind: &'static str, source: Option<&Source>) -> Text {
        let Some(source) = source else {
            return ours("–");
        };
        let cited = Cited {
            kind,
            statement_id: source.statement_id.clone(),
            by: source.by.clone(),
            admitted_at_unix_ms: Some(source.admitted_at_unix_ms),
        };
        self.cite_at(source.position, cited)
    }

    /// The same, of an assessment.
    pub(super) fn cite_assessment(&mut self, said: &Attribution) -> Text {
        let cited = Cited {
            kind: "AssessmentSubmitted",
            statement_id: said.statement_id.clone(),
            by: said.by.clone(),
            admitted_at_unix_ms: Some(said.admitted_at_unix_ms),
        };
        self.cite_at(said.position, cited)
    }

    pub(super) fn cite_at(&mut self, position: u64, cited: Cited) -> Text {
        let known = self.cited.entry(position).or_insert_with(|| cited.clone());
        if known.statement_id.is_empty() {
            *known = cited;
        }
        code(position)
    }

    /// The same, of a record of which no more than its position is told here.
    pub(super) fn cite_position(&mut self, position: u64) -> Text {
        let cited = Cited {
            kind: "–",
            statement_id: String::new(),
            by: None,
            admitted_at_unix_ms: None,
        };
        self.cite_at(position, cited)
    }

    /// Everything that was cited, in the order of the stream.
    pub(super) fn cited(&self) -> &BTreeMap<u64, Cited> {
        &self.cited
    }

    pub(super) fn answer(&self, asked: &Criterion, given: Option<&Answer>) -> Text {
        let words = AnswerPhrases::of(self.language());
        match given.and_then(|given| given.answer.as_ref()) {
            None => ours(self.p.no_data),
            Some(answer::Answer::NotApplicable(why)) => ours(format!("{}: ", words.not_applicable)).and(said(why)),
            Some(answer::Answer::Pass(())) => ours(words.yes),
            Some(answer::Answer::Fail(())) => ours(words.no),
            Some(answer::Answer::Progress(())) => ours(words.partly),
            Some(answer::Answer::Observed(())) => ours(words.observed),
            Some(answer::Answer::NoneObserved(())) => ours(words.none_observed),
            Some(answer::Answer::Level(level)) => {
                let meaning = self.versions.level(asked, *level, self.language());
                let meaning = meaning.map(|meaning| format!(" ({meaning})")).unwrap_or_default();
                ours(format!("{} {level}{meaning}", words.level))
            }
            Some(answer::Answer::Count(count)) => ours(count.to_string()),
            Some(answer::Answer::Words(words)) => said(words),
        }
    }

    /// With what is to be known beside it: whether it is stale, contested, contradicted.
    pub(super) fn marked(&self, state: Text, marks: [bool; 3]) -> Text {
        let words = [self.p.is_stale, self.p.is_contested, self.p.is_contradicted];
        let marks = words.into_iter().zip(marks).filter(|(_, holds)| *holds);
        marks.fold(state, |state, (mark, _)| state.and(ours(format!(", {mark}"))))
    }

    /// What a criterion is called, and its name for machines.
    pub(super) fn title(&self, criterion: &Criterion) -> Text {
        let title = self.versions.title(criterion, self.language());
        title.and(ours(" ")).and(code(&criterion.slug))
    }

    /// Where something is: a site, or the organization as a whole.
    pub(super) fn place(&self, site: Option<&SiteName>) -> Text {
        match site {
            Some(site) => said(&site.name).and(ours(" ")).and(code(&site.site_id)),
            None => ours(self.p.as_a_whole),
        }
    }
}

pub(super) fn name(party: Option<&PartyName>) -> Text {
    match party {
        Some(party) => said(&party.name).and(ours(" ")).and(code(&party.party_id)),
        None => ours("–"),
    }
}

/// A party's name alone, beside a position under which its id stands, too.
pub(super) fn who(party: Option<&PartyName>) -> Text {
    party.map(|party| said(&party.name)).unwrap_or_default()
}

/// An instant; none where the clock is at 0.
pub(super) fn moment(unix_ms: i64) -> Text {
    if unix_ms == 0 {
        return ours("–");
    }
    ours(instant(unix_ms))
}

/// From one day to another; one day where both are the same.
pub(super) fn days(from: &str, to: &str) -> Text {
    if from == to {
        return ours(to);
    }
    ours(format!("{from} – {to}"))
}

/// Digests, in a row.
pub(super) fn digests(digests: &[String]) -> Text {
    Text::join(digests.iter().map(code), ", ")
}

pub(super) fn number(count: u32) -> Text {
    ours(count.to_string())
}
