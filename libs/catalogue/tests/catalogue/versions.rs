//! Two versions of one catalogue: what the newer one says of the older, and what has changed.

use std::collections::BTreeSet;

use catalogue::{Catalogue, CatalogueError, Change, ChangeKind, Language, Part, diff, lint};
use event::vocabulary::{CatalogueDigest, Module, Pillar, Scale, Unit};

use crate::support::{SMALL, SMALL_NEXT, slug, with};

fn older() -> Catalogue {
    Catalogue::parse(SMALL).expect("the older version")
}

fn newer() -> Catalogue {
    Catalogue::parse_superseding(SMALL_NEXT, older().published()).expect("the newer version")
}

fn criterion(name: &str) -> Part {
    Part::Criterion(slug(name))
}

fn indicator(name: &str) -> Part {
    Part::Indicator(slug(name))
}

/// The newer version with `changes`, read after the older one, has exactly the faults `expected`.
#[track_caller]
fn check(changes: &[(&str, &str)], expected: &[CatalogueError]) {
    let faults = lint(&with(SMALL_NEXT, changes), Some(older().published()));
    assert_eq!(faults, expected);
}

#[test]
fn the_stream_says_what_replaces_what() {
    let (old, new) = (older(), newer());
    assert_eq!(new.published().supersedes, Some(old.digest()));
    let replaces: Vec<_> = new
        .criteria()
        .map(|criterion| {
            criterion
                .replaces
                .map(|place| old.published().criteria[usize::from(place)].slug.to_string())
        })
        .collect();
    let names = ["rules", "case1", "case2", "abuse", "bribes", "helmets"].map(|name| Some(name.to_owned()));
    assert_eq!(replaces[..6], names);
    assert_eq!(replaces[6..], [None, None]);
    let replaces: Vec<_> = new.indicators().map(|indicator| indicator.replaces).collect();
    assert_eq!(replaces, [Some(0), None]);
    assert!(old.criteria().all(|criterion| criterion.replaces.is_none()));
}

#[test]
fn what_supersedes_is_read_with_what_it_supersedes() {
    let (old, new) = (older(), newer());
    let missing = CatalogueError::SupersededMissing(old.digest());
    assert_eq!(lint(SMALL_NEXT, None), [missing]);
    let other = CatalogueError::SupersededOther {
        named: old.digest(),
        given: new.digest(),
    };
    assert_eq!(lint(SMALL_NEXT, Some(new.published())), [other]);
    check(
        &[("version = \"2\"", "version = \"1\"")],
        &[CatalogueError::NotALaterVersion],
    );
    check(
        &[("slug = \"small\"", "slug = \"other\"")],
        &[CatalogueError::NotALaterVersion],
    );
    check(
        &[("version = \"1\"", "version = \"0\"")],
        &[CatalogueError::NotALaterVersion],
    );
    assert_eq!(
        lint(SMALL, Some(new.published())),
        [],
        "a file that supersedes none needs none"
    );
}

#[test]
fn what_replaces_is_like_what_it_replaces() {
    use CatalogueError::{ReplacedTwice, ReplacedUnknown, ReplacedUnlike, ReplacesForgotten, ReplacesNothing};
    let unknown = ReplacedUnknown {
        part: criterion("rules"),
        replaced: slug("ruled"),
    };
    check(&[("replaces = \"rules\"", "replaces = \"ruled\"")], &[unknown]);
    check(
        &[("replaces = \"case2\"", "replaces = \"case1\"")],
        &[ReplacedTwice(criterion("case2"))],
    );
    check(
        &[("replaces = \"rules\"\n", "")],
        &[ReplacesForgotten(criterion("rules"))],
    );
    check(
        &[("replaces = \"members\"\n", "")],
        &[ReplacesForgotten(indicator("members"))],
    );
    check(
        &[("replaces = \"abuse\"", "replaces = \"diggers\"")],
        &[ReplacedUnlike(criterion("abuse"))],
    );
    check(
        &[("replaces = \"members\"", "replaces = \"hurt\"")],
        &[ReplacedUnlike(indicator("members"))],
    );
    let (before, rest) = SMALL_NEXT.split_once("[supersedes]").expect("it supersedes");
    let (_, after) = rest.split_once("\n\n").expect("more follows");
    let alone = format!("{before}{after}");
    assert_eq!(lint(&alone, None).first(), Some(&ReplacesNothing(criterion("rules"))));
}

#[test]
fn changes_are_told_with_whether_answers_carry_over() {
    let diff = diff(&older(), &newer());
    assert!(diff.supersedes);
    let wording = |languages: &[Language]| ChangeKind::Wording {
        languages: languages.iter().copied().collect(),
    };
    let expected = [
        (criterion("rules"), wording(&[Language::Es]), true),
        (
            criterion("bribes"),
            ChangeKind::Module {
                from: Some(Module::Mitigation),
                to: Some(Module::Improvement),
            },
            true,
        ),
        (
            criterion("ohs.helmets"),
            ChangeKind::Renamed { from: slug("helmets") },
            true,
        ),
        (
            criterion("ohs.helmets"),
            ChangeKind::Pillar {
                from: Some(Pillar::Social),
                to: Some(Pillar::Organizational),
            },
            true,
        ),
        (
            criterion("ohs.helmets"),
            ChangeKind::Theme {
                from: Some(slug("safety")),
                to: Some(slug("health")),
            },
            true,
        ),
        (
            criterion("diggers"),
            ChangeKind::Scale {
                from: Scale::Count,
                to: Scale::Words,
            },
            false,
        ),
        (criterion("noise"), ChangeKind::Added, false),
        (criterion("mercury"), ChangeKind::Removed, false),
        (
            indicator("hurt"),
            ChangeKind::Unit {
                from: Unit::Occurrences,
                to: Unit::People,
            },
            false,
        ),
        (
            indicator("hurt"),
            ChangeKind::Theme {
                from: Some(slug("safety")),
                to: Some(slug("health")),
            },
            true,
        ),
    ];
    let told: Vec<_> = diff
        .changes
        .iter()
        .map(|change| (change.part.clone(), change.kind.clone(), diff.comparable(change)))
        .collect();
    assert_eq!(told, expected);
}

#[test]
fn without_supersedes_nothing_carries_over() {
    let old = older();
    let reworded = with(
        SMALL,
        &[
            ("version = \"1\"", "version = \"1b\""),
            ("Are there rules?", "Any rules?"),
        ],
    );
    let diff = diff(&old, &Catalogue::parse(&reworded).unwrap());
    let change = Change {
        part: criterion("rules"),
        kind: ChangeKind::Wording {
            languages: BTreeSet::from([Language::En]),
        },
    };
    assert!(!diff.supersedes && !diff.comparable(&change));
    assert_eq!(diff.changes, [change]);
    assert_eq!(catalogue::diff(&old, &old).changes, []);
}

#[test]
fn changes_read_as_sentences() {
    let told: Vec<_> = diff(&older(), &newer()).changes.iter().map(Change::to_string).collect();
    assert_eq!(
        told,
        [
            "the criterion rules is worded differently: es",
            "the criterion bribes is in module 5, was in 4",
            "the criterion ohs.helmets was called helmets",
            "the criterion ohs.helmets is under Organizational, was under Social",
            "the criterion ohs.helmets has the theme health, had safety",
            "the criterion diggers is answered as Words, was Count",
            "the criterion noise is new",
            "the criterion mercury is gone",
            "the indicator hurt is measured in People, was Occurrences",
            "the indicator hurt has the theme health, had safety",
        ]
    );
}

/// The pin of the older version, which the newer one's file holds.
#[test]
fn the_digests_of_the_example() {
    let pinned: CatalogueDigest = "af3d08d58b9293a6dc8262c1288ea07a7264e825f623dd6235e85b1924fc4e4f"
        .parse()
        .unwrap();
    assert_eq!(older().digest(), pinned);
    assert_eq!(
        newer().digest(),
        "cad5d445ccecee9293d8194854319c745a71a170e4a896c0aa016f811290c5c7"
            .parse()
            .unwrap()
    );
}
