//! What a table of events says, as what is to be stated.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use catalogue::{Catalogue, scheme_certifications};
use event::codec::List;
use event::vocabulary::{
    Answer, AssessmentKind, AssessmentSubmitted, CRITERIA_MAX, CatalogueDigest, CataloguePublished, Country, Finding,
    Line, PartyKind, PartyProfile, Period, Reference, ShortText, Subject,
};
use event::{PartyId, Text};

use super::date::Precision;
use super::file::{COUNTRY, DATE, DATE_PRECISION, DETAIL, EVENT, EventFile, Row};
use crate::import::noted::{Note, Noted, note};
use crate::import::text::fit;

/// Whose numbers the references are.
pub const SOURCE: &str = "certification-pages";
/// Where the references of parties name the compiler: no organization has this number.
pub const OWN_NUMBER: &str = "compiler";
/// What the compiler is. No scheme signs what it says, and whoever reads its name reads that.
pub const COMPILER: &str = "compiler of published certification pages (no scheme signed this)";
/// How the file marks a country that was not read on the page.
const NOT_READ: &str = "country from general knowledge";

/// What a file asks to be stated: organizations in the order of their numbers, events by their last day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Who compiled it.
    pub compiler: PartyProfile,
    /// About whom it is.
    pub organizations: Vec<PlannedOrganization>,
    /// What is asked.
    pub catalogue: CataloguePublished,
    /// What happened; of one last day, in file order.
    pub events: Vec<PlannedEvent>,
    /// What became of the rows.
    pub report: Report,
}

/// An organization as its rows have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedOrganization {
    /// Its number.
    pub number: ShortText,
    /// Who it is.
    pub profile: PartyProfile,
}

/// An assessment that lacks only the id of its organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedEvent {
    /// The organization's number.
    pub organization: ShortText,
    /// The event's number.
    pub reference: Reference,
    /// What its date leaves open.
    pub period: Period,
    /// Under which catalogue.
    pub catalogue: CatalogueDigest,
    /// Every question of the catalogue, so that all present answers are of one event.
    pub findings: List<Finding, CRITERIA_MAX>,
}

/// What became of a file's rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows below the header.
    pub rows: usize,
    /// Rows that are events of their own.
    pub events: usize,
    /// Organizations that they are about.
    pub organizations: usize,
    /// Columns that are asked and that the file does not have: nothing is known about them.
    pub columns_absent: Vec<String>,
    /// What was passed over, left out or changed, by kind.
    pub notes: BTreeMap<Note, Noted>,
}

impl Plan {
    /// The plan of a whole file.
    #[must_use]
    pub fn of(file: &EventFile) -> Self {
        let catalogue = scheme_certifications();
        let asked = catalogue.criteria().filter_map(|criterion| criterion.column);
        let absent = asked.filter(|column| !file.has(column)).map(str::to_owned);
        let mut report = Report {
            rows: file.rows().len(),
            columns_absent: absent.collect(),
            ..Report::default()
        };
        let organizations = organizations(file, &mut report);
        let mut earlier: BTreeMap<ShortText, PlannedEvent> = BTreeMap::new();
        let mut events = Vec::new();
        for row in file.rows() {
            let (event, mut noted) = event(file, row, catalogue);
            match earlier.entry(event.reference.value.clone()) {
                Entry::Vacant(place) => events.push(place.insert(event).clone()),
                Entry::Occupied(earlier) if *earlier.get() == event => noted = vec![(Note::EventRepeated, EVENT)],
                Entry::Occupied(_) => noted = vec![(Note::EventToldOtherwise, EVENT)],
            }
            for (about, column) in noted {
                note(&mut report.notes, about, row.number(), column);
            }
        }
        events.sort_by_key(|event| event.period.to);
        report.events = events.len();
        report.organizations = organizations.len();
        Self {
            compiler: profile(PartyKind::Assessor, line(COMPILER), Country::NONE, text(OWN_NUMBER)),
            organizations,
            catalogue: catalogue.published().clone(),
            events,
            report,
        }
    }
}

impl PlannedEvent {
    /// The assessment, of `organization`.
    #[must_use]
    pub fn submitted(&self, organization: PartyId) -> AssessmentSubmitted {
        AssessmentSubmitted {
            subject: Subject::Party(organization),
            kind: AssessmentKind::ThirdParty,
            period: self.period,
            catalogue: self.catalogue,
            findings: self.findings.clone(),
            measurements: List::empty(),
            reference: Some(self.reference.clone()),
        }
    }
}

/// Every organization, at home where any of its rows says.
fn organizations(file: &EventFile, report: &mut Report) -> Vec<PlannedOrganization> {
    let mut rows: BTreeMap<ShortText, Vec<&Row>> = BTreeMap::new();
    for row in file.rows() {
        rows.entry(row.organization_number()).or_default().push(row);
    }
    let organization = |(number, rows): (ShortText, Vec<&Row>)| {
        let country = rows.iter().find_map(|row| row.country());
        if country.is_none() {
            note(&mut report.notes, Note::NoCountry, rows[0].number(), COUNTRY);
        }
        let name = rows[0].organization().clone();
        PlannedOrganization {
            profile: profile(
                PartyKind::MinersOrganization,
                name,
                country.unwrap_or(Country::NONE),
                number.clone(),
            ),
            number,
        }
    };
    rows.into_iter().map(organization).collect()
}

/// An event, and what is to be noted about it, by column.
fn event(file: &EventFile, row: &Row, catalogue: &'static Catalogue) -> (PlannedEvent, Vec<(Note, &'static str)>) {
    let mut noted = Vec::new();
    if row.precision() == Precision::Unknown {
        noted.push((Note::NoDate, DATE));
    }
    if file.words(row, DETAIL).contains(NOT_READ) {
        noted.push((Note::CountryNotRead, COUNTRY));
    }
    let findings = catalogue.criteria().map(|asked| {
        let column = asked.column.unwrap_or_default();
        let (answer, note) = answer(file, row, column);
        noted.extend(note.map(|note| (note, column)));
        Finding {
            criterion: asked.place,
            answer,
            evidence: List::empty(),
        }
    });
    let findings = List::try_from(findings.collect::<Vec<_>>()).expect("no more findings than criteria");
    let event = PlannedEvent {
        organization: row.organization_number(),
        reference: reference(file.event_number(row)),
        period: row.period(),
        catalogue: catalogue.digest(),
        findings,
    };
    (event, noted)
}

/// What a row says in a column that is asked; and what is to be noted about it.
fn answer(file: &EventFile, row: &Row, column: &str) -> (Answer, Option<Note>) {
    let words = match (column, row.precision()) {
        (DATE, Precision::Unknown) => Precision::Unknown.word().to_owned(),
        (DATE_PRECISION, precision) => precision.to_string(),
        _ => file.words(row, column).to_owned(),
    };
    if words.is_empty() {
        return (nothing(), None);
    }
    let (text, note) = fit(&words);
    (text.map_or_else(nothing, Answer::Words), note)
}

fn nothing() -> Answer {
    Answer::NotApplicable(line("nothing was compiled here"))
}

fn profile(kind: PartyKind, name: Line, country: Country, number: ShortText) -> PartyProfile {
    PartyProfile {
        kind,
        name,
        country,
        languages: List::empty(),
        reference: Some(reference(number)),
    }
}

fn reference(number: ShortText) -> Reference {
    Reference {
        source: SOURCE.parse().expect("a slug"),
        value: number,
    }
}

fn line(words: &str) -> Line {
    Text::new(words).expect("a line")
}

fn text(words: &str) -> ShortText {
    Text::new(words).expect("a short text")
}
