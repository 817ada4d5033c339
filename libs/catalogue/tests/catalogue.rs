//! The shipped catalogues pass, and each thing that can be wrong is named.

use catalogue::{CATALOGUE_BYTES_MAX, Catalogue, CatalogueError, ipis_site_qualification, ipis_site_visits};
use event::vocabulary::{Scale, Slug};

const HEAD: &str = "slug = \"c\"\nversion = \"1\"\nlicence = \"CC0-1.0\"\ntitle = \"t\"\n";

fn criterion(slug: &str, scale: &str, question: &str, more: &str) -> String {
    format!("[[criteria]]\nslug = \"{slug}\"\nscale = {scale}\nquestion = \"{question}\"\n{more}\n")
}

#[track_caller]
fn check(criteria: &[String], expected: &Result<usize, CatalogueError>) {
    let parsed = Catalogue::parse(&format!("{HEAD}{}", criteria.concat()));
    assert_eq!(parsed.map(|catalogue| catalogue.criteria().count()), *expected);
}

#[track_caller]
fn check_malformed(text: &str, named: &str) {
    match Catalogue::parse(text) {
        Err(CatalogueError::Malformed(why)) => assert!(why.contains(named), "{why}"),
        other => panic!("{other:?}"),
    }
}

fn slug(text: &str) -> Slug {
    text.parse().expect("a slug")
}

#[test]
fn the_shipped_catalogues_pass() {
    let visits = ipis_site_visits();
    assert_eq!(
        (visits.published().slug.as_str(), visits.criteria().count()),
        ("ipis-site-visits", 23)
    );
    let qualification = ipis_site_qualification();
    assert_eq!(qualification.published().slug.as_str(), "ipis-site-qualification");
    assert_eq!(qualification.criteria().count(), 3);
    for catalogue in [visits, qualification] {
        assert_eq!(catalogue.published().licence.as_str(), "CC-BY-SA-4.0");
        assert_eq!(catalogue.digest(), catalogue.published().digest());
        assert!(catalogue.criteria().all(|criterion| criterion.column.is_some()));
    }
}

/// Assessments in the stream pin these digests: a changed file needs a new version.
#[test]
fn a_published_version_does_not_change() {
    let pinned = [
        (
            ipis_site_visits(),
            "ea8d7cc139da355574cbada12df752e4d1914ab3584ccd248a93e3f247428243",
        ),
        (
            ipis_site_qualification(),
            "da7e7fecb29b0ba8cbb50188b27c72992077cfdc6ae457474d676635227faa99",
        ),
    ];
    for (catalogue, digest) in pinned {
        assert_eq!(catalogue.digest().to_string(), digest, "{}", catalogue.title());
    }
}

#[test]
fn a_criterion_is_found_by_its_slug() {
    let visits = ipis_site_visits();
    for (expected, criterion) in (0..).zip(visits.criteria()) {
        assert_eq!(criterion.place, expected);
        assert_eq!(visits.place(criterion.slug.as_str()), Some(expected));
    }
    let mercury = visits
        .criteria()
        .find(|criterion| criterion.slug.as_str() == "mercury")
        .unwrap();
    assert_eq!((mercury.scale, mercury.column), (Scale::Observation, Some("mercury")));
    assert_eq!(visits.place("cyanide"), None);
}

#[test]
fn what_is_wrong_is_named() {
    let first = criterion("a", "\"Words\"", "What?", "column = \"x\"");
    let level = |max: u8| criterion("l", &format!("{{ Level = {{ max = {max} }} }}"), "How far?", "");
    check(&[first.clone(), level(4)], &Ok(2));
    check(
        &[
            criterion("a", "\"Words\"", "What?", ""),
            criterion("b", "\"Words\"", "Who?", ""),
        ],
        &Ok(2),
    );
    check(&["criteria = []".to_owned()], &Err(CatalogueError::Empty));
    check(
        &[first.clone(), criterion("a", "\"Words\"", "Who?", "")],
        &Err(CatalogueError::SlugRepeated(slug("a"))),
    );
    check(
        &[first.clone(), criterion("b", "\"Count\"", "What?", "")],
        &Err(CatalogueError::QuestionRepeated(slug("b"))),
    );
    let same_column = criterion("b", "\"Count\"", "Who?", "column = \"x\"");
    check(&[first, same_column], &Err(CatalogueError::ColumnRepeated(slug("b"))));
    check(
        &[criterion("a", "\"Words\"", "Tell.", "")],
        &Err(CatalogueError::NoQuestion(slug("a"))),
    );
    check(&[level(0)], &Err(CatalogueError::NoLevels(slug("l"))));
}

#[test]
fn what_is_too_large_is_refused() {
    let many = |count: u32, question: &str| -> Vec<String> {
        (0..count)
            .map(|n| criterion(&format!("c{n}"), "\"Words\"", &format!("{n} {question}?"), ""))
            .collect()
    };
    check(&many(256, "what"), &Ok(256));
    check(&many(257, "what"), &Err(CatalogueError::TooManyCriteria));
    check(&many(256, &"w".repeat(200)), &Err(CatalogueError::DoesNotFit));
    check(&["#".repeat(CATALOGUE_BYTES_MAX)], &Err(CatalogueError::TooLong));
}

#[test]
fn what_is_no_catalogue_says_where() {
    check_malformed("slug", "line 1");
    check_malformed("slug = \"Not A Slug\"", "not a slug");
    check_malformed(HEAD, "criteria");
    check_malformed(&format!("{HEAD}colour = 1\ncriteria = []"), "colour");
    check_malformed(&format!("{HEAD}{}", criterion("a", "\"Guess\"", "What?", "")), "Guess");
    check_malformed(
        &format!("{HEAD}{}", criterion("a", "\"Words\"", &"w".repeat(257), "")),
        "256 bytes",
    );
}

#[test]
fn the_digest_covers_comments() {
    let text = format!("{HEAD}{}", criterion("a", "\"Words\"", "What?", ""));
    let plain = Catalogue::parse(&text).unwrap();
    let commented = Catalogue::parse(&format!("{text}# said aside\n")).unwrap();
    assert_ne!(plain.published().full_text, commented.published().full_text);
    assert_ne!(plain.digest(), commented.digest());
}
