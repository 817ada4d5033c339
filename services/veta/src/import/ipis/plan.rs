//! What a visit file says, as what is to be stated.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::{Catalogue, ipis_site_qualification, ipis_site_visits};
use event::codec::List;
use event::vocabulary::{
    AssessmentKind, AssessmentSubmitted, CRITERIA_MAX, CatalogueDigest, CataloguePublished, Cell, Country, Deposit,
    Finding, LANGUAGES_MAX, Line, PartyKind, PartyProfile, Period, Reference, ShortText, SiteRegistered, Slug, Subject,
};
use event::{PartyId, SiteId, Text};

use super::answer::answer;
use super::cell::cell;
use super::file::{ITSCI_PROJECT, OWN_NUMBER, Row, STATUS_PREFIX, VisitFile};
use super::report::{Report, Skipped};
use crate::import::noted::Note;
use crate::import::text::fit;

/// Whose numbers the references are.
const SOURCE: &str = "ipis";
/// The monitor by the name its data is to be credited to.
const MONITOR: &str = "International Peace Information Service (IPIS), open data";
/// The file covers the east of the Democratic Republic of the Congo.
const COUNTRY: &str = "CD";

/// What a file asks to be stated: parties and sites in the order of their numbers, assessments in date order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Who looked.
    pub monitor: PartyProfile,
    /// The sites, each with the group that works it.
    pub sites: Vec<PlannedSite>,
    /// What is asked.
    pub catalogues: Vec<CataloguePublished>,
    /// What was found; of one day, in file order.
    pub assessments: Vec<PlannedAssessment>,
    /// What became of the rows.
    pub report: Report,
}

/// A site as its latest row has it, and the informal group that works it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedSite {
    /// The site's number at IPIS.
    pub number: ShortText,
    /// The group, under the site's number.
    pub group: PartyProfile,
    /// What the site is called.
    pub name: Line,
    /// Province and territory.
    pub area: Option<Line>,
    /// Where it is, coarsely.
    pub cell: Option<Cell>,
}

/// An assessment that lacks only the id of its site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedAssessment {
    /// The site's number at IPIS.
    pub site: ShortText,
    /// The visit's number at IPIS; for a status, with `qualification-` in front.
    pub reference: Reference,
    /// The day of the visit.
    pub period: Period,
    /// Under which catalogue.
    pub catalogue: CatalogueDigest,
    /// What was found; what was not asked is not here.
    pub findings: List<Finding, CRITERIA_MAX>,
}

impl Plan {
    /// The plan of a whole file.
    #[must_use]
    pub fn of(file: &VisitFile) -> Self {
        let (visits, qualification) = (ipis_site_visits(), ipis_site_qualification());
        let mut report = started(file, &[visits, qualification]);
        let sites = sites(file, &mut report);
        let mut rows: Vec<_> = file.rows().iter().collect();
        rows.sort_by_key(|row| row.date());
        let mut assessments = Vec::new();
        for row in rows {
            if file.is_visit(row) {
                report.visits += 1;
                assessments.push(assessment(file, row, visits, row.visit(), &mut report));
            }
            if file.is_qualification(row) {
                report.qualifications += 1;
                let reference = format!("{STATUS_PREFIX}{}", row.visit());
                assessments.push(assessment(file, row, qualification, &reference, &mut report));
            }
            if let Some(reason) = skipped(file, row) {
                report.skip(reason);
            }
        }
        let catalogues = [visits, qualification]
            .map(|catalogue| catalogue.published().clone())
            .into();
        Self {
            monitor: monitor(),
            sites,
            catalogues,
            assessments,
            report,
        }
    }
}

impl PlannedSite {
    /// The site, worked by `operator`.
    #[must_use]
    pub fn registered(&self, operator: PartyId) -> SiteRegistered {
        SiteRegistered {
            operator,
            name: self.name.clone(),
            country: country(COUNTRY),
            area: self.area.clone(),
            cell: self.cell,
            deposit: Deposit::Unknown,
            point_commitment: None,
            fineness_band: None,
            reference: Some(reference(&self.number)),
        }
    }
}

impl PlannedAssessment {
    /// The assessment, of `site`.
    #[must_use]
    pub fn submitted(&self, site: SiteId) -> AssessmentSubmitted {
        AssessmentSubmitted {
            subject: Subject::Site(site),
            kind: AssessmentKind::Monitor,
            period: self.period,
            catalogue: self.catalogue,
            findings: self.findings.clone(),
            measurements: event::List::empty(),
            reference: Some(self.reference.clone()),
        }
    }
}

fn started(file: &VisitFile, catalogues: &[&Catalogue]) -> Report {
    let asked = catalogues
        .iter()
        .flat_map(|catalogue| catalogue.criteria())
        .filter_map(|criterion| criterion.column);
    let asked: BTreeSet<_> = asked.chain(PLACE_COLUMNS).collect();
    let columns_absent = asked
        .into_iter()
        .filter(|column| !file.has(column))
        .map(str::to_owned)
        .collect();
    let mut report = Report {
        rows: file.rows().len() + file.repeated(),
        columns_absent,
        ..Report::default()
    };
    for _ in 0..file.repeated() {
        report.skip(Skipped::VisitRepeated);
    }
    report
}

fn skipped(file: &VisitFile, row: &Row) -> Option<Skipped> {
    if file.is_visit(row) || file.is_qualification(row) {
        return None;
    }
    Some(match file.project(row) {
        ITSCI_PROJECT => Skipped::ItsciStatus,
        "" => Skipped::NoProject,
        _ => Skipped::NotByIpis,
    })
}

const LONGITUDE: &str = "longitude";
const LATITUDE: &str = "latitude";
const PROVINCE: &str = "province";
const TERRITORY: &str = "territoire";
const PLACE_COLUMNS: [&str; 4] = [LONGITUDE, LATITUDE, PROVINCE, TERRITORY];

/// Every site of the file, also one without a visit, as its latest row has it; of one day, the last row.
fn sites(file: &VisitFile, report: &mut Report) -> Vec<PlannedSite> {
    let mut latest: BTreeMap<&ShortText, &Row> = BTreeMap::new();
    for row in file.rows() {
        let kept = latest.entry(row.site()).or_insert(row);
        if kept.date() <= row.date() {
            *kept = row;
        }
    }
    latest.into_values().map(|row| site(file, row, report)).collect()
}

fn site(file: &VisitFile, row: &Row, report: &mut Report) -> PlannedSite {
    let number = row.site().clone();
    if file.name(row).is_empty() {
        report.note(Note::NoName, row.number(), "name");
    }
    let called = if file.name(row).is_empty() {
        number.as_str()
    } else {
        file.name(row)
    };
    let name = fitted(called, row, "name", report).unwrap_or_else(|| line(number.as_str()));
    // Cut a second time where the site's name is long; that the name was cut is noted above.
    let (group, _) = fit(&format!("informal miners' group at {name}"));
    let group = profile(
        PartyKind::InformalMinersGroup,
        group.expect("it begins with words"),
        COUNTRY,
        &[],
        &number,
    );
    PlannedSite {
        group,
        name,
        area: area(file, row, report),
        cell: square(file, row, report),
        number,
    }
}

fn area(file: &VisitFile, row: &Row, report: &mut Report) -> Option<Line> {
    let ladder = [PROVINCE, TERRITORY].map(|column| file.words(row, column));
    let named: Vec<_> = ladder.into_iter().filter(|words| !words.is_empty()).collect();
    fitted(&named.join(", "), row, PROVINCE, report)
}

fn square(file: &VisitFile, row: &Row, report: &mut Report) -> Option<Cell> {
    let (longitude, latitude) = (file.words(row, LONGITUDE), file.words(row, LATITUDE));
    if longitude.is_empty() && latitude.is_empty() {
        return None;
    }
    let cell = cell(longitude, latitude);
    if cell.is_none() {
        report.note(Note::NoPoint, row.number(), LONGITUDE);
    }
    cell
}

fn assessment(
    file: &VisitFile,
    row: &Row,
    catalogue: &Catalogue,
    number: &str,
    report: &mut Report,
) -> PlannedAssessment {
    let number = Text::new(number).expect("a visit's number leaves room for the prefix");
    PlannedAssessment {
        site: row.site().clone(),
        reference: reference(&number),
        period: Period {
            from: row.date(),
            to: row.date(),
        },
        catalogue: catalogue.digest(),
        findings: findings(file, row, catalogue, report),
    }
}

fn findings(file: &VisitFile, row: &Row, catalogue: &Catalogue, report: &mut Report) -> List<Finding, CRITERIA_MAX> {
    let mut findings = Vec::new();
    for criterion in catalogue.criteria() {
        let column = criterion.column.unwrap_or_default();
        let words = file.words(row, column);
        if words.is_empty() {
            continue;
        }
        let (answer, note) = answer(criterion.scale, words);
        if let Some(note) = note {
            report.note(note, row.number(), column);
        }
        let finding = |answer| Finding {
            criterion: criterion.place,
            answer,
            evidence: List::empty(),
        };
        findings.extend(answer.map(finding));
    }
    List::try_from(findings).expect("no more findings than criteria")
}

/// `words` as a line; none if there are none. What had to be changed is noted.
fn fitted(words: &str, row: &Row, column: &str, report: &mut Report) -> Option<Line> {
    let (text, note) = fit(words);
    if let Some(note) = note {
        report.note(note, row.number(), column);
    }
    text
}

fn monitor() -> PartyProfile {
    let number = Text::new(OWN_NUMBER).expect("a short text");
    profile(PartyKind::Assessor, line(MONITOR), "BE", &["en", "fr"], &number)
}

fn profile(kind: PartyKind, name: Line, home: &str, languages: &[&str], number: &ShortText) -> PartyProfile {
    let languages: Vec<ShortText> = languages
        .iter()
        .map(|tag| Text::new(tag).expect("a language tag"))
        .collect();
    let languages = List::<_, LANGUAGES_MAX>::try_from(languages).expect("two languages at most");
    PartyProfile {
        kind,
        name,
        country: country(home),
        languages,
        reference: Some(reference(number)),
    }
}

fn reference(number: &ShortText) -> Reference {
    let source: Slug = SOURCE.parse().expect("a slug");
    Reference {
        source,
        value: number.clone(),
    }
}

fn country(code: &str) -> Country {
    code.parse().expect("a country")
}

fn line(words: &str) -> Line {
    Text::new(words).expect("a line")
}
