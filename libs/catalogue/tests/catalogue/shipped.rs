//! The catalogues that are part of the program.

use std::collections::BTreeSet;

use catalogue::{
    Catalogue, ContentStatus, CraftRef, CraftRefStatus, FeedKind, Language, Response, TranslationStatus, all,
    by_digest, craft_derived, ipis_site_qualification, ipis_site_visits, lint, scheme_certifications,
};
use ed25519_dalek::SigningKey;
use event::key::Digest;
use event::statement::{DeploymentId, STATEMENT_BODY_BYTES_MAX};
use event::vocabulary::{Event, Module, Pillar, Scale};
use event::{PartyId, SignedStatement, Statement, Timestamp};
use sha2::Digest as _;

use crate::support::{SMALL, with};

const FILES: [&str; 4] = [
    include_str!("../../data/craft-derived.toml"),
    include_str!("../../data/ipis-site-visits.toml"),
    include_str!("../../data/ipis-site-qualification.toml"),
    include_str!("../../data/scheme-certifications.toml"),
];

#[test]
fn they_pass() {
    for text in FILES {
        assert_eq!(lint(text, None), []);
    }
}

/// Assessments in the stream pin these digests: a changed file needs a new version.
#[test]
fn a_published_version_does_not_change() {
    let pinned = [
        (
            craft_derived(),
            "craft-derived 0.1.0 feccc8c799b05678fb237803b6d59bdaa0fdce7362c59fcd7bd943d7723c82bc",
        ),
        (
            ipis_site_visits(),
            "ipis-site-visits 2 e913acc8f606bef7aa6dfa62c3f8beb8c81f2493ecaf5ab9af8b8a1896057e67",
        ),
        (
            ipis_site_qualification(),
            "ipis-site-qualification 2 10a82eedaff30ebe9478f42a4fef70a951e935ac5f13405152714ba85d56c637",
        ),
        (
            scheme_certifications(),
            "scheme-certifications 1 5222a11462a1dd508acb37c50691b38538ad958f34e22f9ca26dd54e30326c15",
        ),
    ];
    for (catalogue, expected) in pinned {
        let told = format!("{} {} {}", catalogue.slug(), catalogue.version(), catalogue.digest());
        assert_eq!(told, expected);
        assert_eq!(catalogue.digest(), catalogue.published().digest());
        assert_eq!(by_digest(&catalogue.digest()), Some(catalogue));
    }
    assert_eq!(all(), pinned.map(|(catalogue, _)| catalogue));
    assert_eq!(by_digest(&Catalogue::parse(SMALL).unwrap().digest()), None);
}

/// The digest on the stream is of the file, so every language and every comment is under it.
#[test]
fn the_digest_covers_every_byte_of_the_file() {
    for (catalogue, text) in all().into_iter().zip(FILES) {
        let digest = Digest::from_bytes(sha2::Sha256::digest(text).into());
        assert_eq!(catalogue.published().full_text, digest);
    }
    let plain = Catalogue::parse(SMALL).unwrap();
    for changes in [
        [("¿Hay reglas?", "¿Hay normas?")],
        [("[sources]", "# said aside\n[sources]")],
    ] {
        let changed = Catalogue::parse(&with(SMALL, &changes)).unwrap();
        assert_ne!(plain.published().full_text, changed.published().full_text);
        assert_ne!(plain.digest(), changed.digest());
        let same = |catalogue: &Catalogue| catalogue.published().criteria.clone();
        assert_eq!(same(&plain), same(&changed), "the stream holds the original");
    }
}

#[test]
fn each_fits_one_statement() {
    let key = SigningKey::from_bytes(&[7; 32]);
    for catalogue in all() {
        let statement = Statement {
            party: PartyId::from_bytes([0xff; 16]),
            number: u64::MAX,
            stated_at: Timestamp::from_unix_ms(i64::MIN),
            event: Event::CataloguePublished(catalogue.published().clone()),
        };
        let signed = SignedStatement::sign(&statement, DeploymentId::FOUNDING, &key).expect("it fits");
        assert!(
            signed.encode().len() <= STATEMENT_BODY_BYTES_MAX,
            "{}",
            catalogue.slug()
        );
    }
}

#[test]
fn who_translated_is_said() {
    for catalogue in all() {
        let told: Vec<_> = catalogue
            .languages()
            .iter()
            .map(|entry| (entry.language, entry.status))
            .collect();
        let draft = TranslationStatus::Draft;
        assert_eq!(
            told,
            [
                (Language::En, TranslationStatus::Original),
                (Language::Es, draft),
                (Language::Fr, draft),
                (Language::Pt, draft),
            ]
        );
        for entry in &catalogue.languages()[1..] {
            assert!(entry.by.as_str().contains("machine") && entry.by.as_str().contains("not read by a native"));
        }
        assert_eq!(catalogue.published().licence.as_str(), "CC-BY-SA-4.0");
    }
}

/// Every text of a catalogue, as a page in `language` shows it.
fn shown(catalogue: &Catalogue, language: Language) -> Vec<&str> {
    let mut shown = vec![catalogue.title(language)];
    shown.extend(catalogue.themes().iter().map(|theme| theme.title.in_language(language)));
    shown.extend((0..5).filter_map(|level| catalogue.level(level, language)));
    for criterion in catalogue.criteria() {
        shown.extend([criterion.title(language), criterion.question(language)]);
        shown.extend(criterion.feeds.iter().map(|feed| feed.note.in_language(language)));
    }
    for indicator in catalogue.indicators() {
        shown.extend([indicator.title(language), indicator.question(language)]);
    }
    if let Some(origin) = catalogue.origin() {
        let texts = origin.changes.iter().chain([&origin.credit]);
        shown.extend(texts.map(|text| text.in_language(language)));
    }
    shown
}

#[test]
fn no_text_is_that_of_another_language() {
    for catalogue in all() {
        let languages: Vec<_> = catalogue.languages().iter().map(|entry| entry.language).collect();
        let pages: Vec<_> = languages.iter().map(|language| shown(catalogue, *language)).collect();
        for n in 0..pages[0].len() {
            let texts: BTreeSet<_> = pages.iter().map(|page| page[n]).collect();
            assert_eq!(texts.len(), languages.len(), "{texts:?}");
        }
        assert_eq!(
            shown(catalogue, Language::Sw),
            pages[0],
            "Swahili is not there yet: the original stands in"
        );
    }
}

/// Spanish questions open with a mark of their own, French ones have a space before it, and no other language does so.
#[test]
fn questions_are_written_as_their_language_is() {
    for catalogue in all() {
        let questions = |language| {
            let criteria = catalogue.criteria().map(move |criterion| criterion.question(language));
            criteria.chain(
                catalogue
                    .indicators()
                    .map(move |indicator| indicator.question(language)),
            )
        };
        for language in [Language::En, Language::Es, Language::Fr, Language::Pt] {
            for question in questions(language) {
                assert_eq!(question.contains('¿'), language == Language::Es, "{question}");
                assert_eq!(question.ends_with(" ?"), language == Language::Fr, "{question}");
            }
        }
    }
}

#[test]
fn the_craft_derived_criteria_by_module() {
    let counted = |module| {
        craft_derived()
            .criteria()
            .filter(|criterion| criterion.module == module)
            .count()
    };
    let modules = Module::ALL.map(Some);
    assert_eq!(modules.map(counted), [8, 5, 8, 9, 23]);
    assert_eq!((counted(None), craft_derived().criteria().count()), (3, 56));
    for criterion in craft_derived().criteria() {
        let is_placed = criterion.pillar.is_some() && criterion.theme.is_some();
        assert!(is_placed, "{}", criterion.slug);
        let expected = criterion.module.map_or(Response::Improvement, Response::of);
        assert_eq!(criterion.response, Some(expected), "{}", criterion.slug);
        assert_eq!(
            criterion.module.is_none(),
            criterion.profile.is_some(),
            "{}",
            criterion.slug
        );
    }
    let scenarios = craft_derived()
        .criteria()
        .filter(|criterion| criterion.scale == Scale::Scenario);
    assert_eq!(scenarios.count(), 4);
}

/// What was read and what was not is not to be lost: these counts stand in the file's notes, too.
#[test]
fn the_craft_derived_criteria_by_how_sure_they_are() {
    let criteria = || craft_derived().criteria();
    let content = |status| criteria().filter(|criterion| criterion.content == Some(status)).count();
    assert_eq!(
        [ContentStatus::Verified, ContentStatus::Reconstructed].map(content),
        [28, 28]
    );
    let number = |status| {
        criteria()
            .filter(|criterion| criterion.craft_ref_status == status)
            .count()
    };
    let all = [CraftRefStatus::Verified, CraftRefStatus::Guess, CraftRefStatus::None];
    assert_eq!(all.map(number), [7, 5, 44]);
    let note = craft_derived().notes().next().unwrap_or_default();
    for count in [
        "56 criteria",
        "28 have",
        "28 are reconstructed",
        "7 were read",
        "5 are guessed",
        "44 are not known",
    ] {
        assert!(note.contains(count), "{note}");
    }
    let verified: Vec<_> = criteria()
        .filter(|criterion| criterion.craft_ref_status == CraftRefStatus::Verified)
        .filter_map(|criterion| criterion.craft_ref.map(CraftRef::as_str))
        .collect();
    let expected =
        "M.1/5.2.3/R.1 M.1/5.2.3/R.2 M.1/5.2.3/R.4 M.1/5.2.11/R.1 M.4/5.2.12/S.1.1 M.4/2.2.1/R.1 M.4/2.2.1/S.2.1";
    assert_eq!(verified.join(" "), expected);
}

#[test]
fn one_criterion_and_one_indicator_in_full() {
    let child_labour = craft_derived().criterion("hr.worst_child_labour").expect("it is there");
    assert_eq!(
        (child_labour.scale, child_labour.pillar),
        (Scale::PassFail, Some(Pillar::Social))
    );
    assert_eq!(child_labour.response, Some(Response::ImmediateDisengagement));
    let references: Vec<_> = child_labour.references.iter().map(ToString::to_string).collect();
    assert_eq!(references, ["oecd A2-1-iii", "oecd A2-2"]);
    assert_eq!(child_labour.sources, ["S08", "S20", "S21"]);
    assert_eq!(
        child_labour.title(Language::Es),
        "Sin las peores formas de trabajo infantil"
    );
    assert_eq!(
        craft_derived().theme("human_rights", Language::Fr),
        Some("Droits humains")
    );
    let mercury = craft_derived().indicator("mercury_used").expect("it is there");
    assert_eq!(mercury.title(Language::Pt), "Mercúrio usado");
    let place = usize::from(mercury.place);
    assert_eq!(
        craft_derived().published().indicators[place].question.as_str(),
        mercury.question(Language::En)
    );
    assert_eq!(
        craft_derived().level(4, Language::Fr),
        Some("C'est maîtrisé et quelqu'un de l'extérieur l'a vérifié")
    );
    assert_eq!(craft_derived().level(5, Language::Fr), None);
}

#[test]
fn a_criterion_is_found_by_its_slug() {
    let visits = ipis_site_visits();
    assert_eq!(
        (visits.criteria().count(), ipis_site_qualification().criteria().count()),
        (23, 3)
    );
    for (expected, criterion) in (0..).zip(visits.criteria()) {
        assert_eq!(criterion.place, expected);
        assert_eq!(visits.place(criterion.slug.as_str()), Some(expected));
    }
    let mercury = visits.criterion("mercury").expect("it is there");
    assert_eq!((mercury.scale, mercury.column), (Scale::Observation, Some("mercury")));
    assert_eq!(visits.place("cyanide"), None);
    let mut asked = visits.criteria().chain(ipis_site_qualification().criteria());
    assert!(asked.all(|criterion| criterion.column.is_some() && criterion.module.is_none()));
}

/// What another scheme certified is told and decides nothing.
#[test]
fn certifications_are_words_without_any_say() {
    let certifications = scheme_certifications();
    let slugs: Vec<_> = certifications
        .criteria()
        .map(|criterion| criterion.slug.as_str())
        .collect();
    let asked = [
        "scheme",
        "event",
        "date",
        "date_precision",
        "place",
        "detail",
        "source_url",
    ];
    assert_eq!(slugs, asked);
    for criterion in certifications.criteria() {
        assert_eq!(
            (criterion.scale, criterion.module),
            (Scale::Words, None),
            "{}",
            criterion.slug
        );
        assert_eq!(
            (criterion.response, criterion.feeds),
            (None, [].as_slice()),
            "{}",
            criterion.slug
        );
        assert_eq!(criterion.column, Some(criterion.slug.as_str()));
    }
    assert_eq!(certifications.feeds_into(), None);
    let told: Vec<_> = certifications.notes().collect();
    let must_say = [
        "No scheme has signed",
        "decides no gate",
        "nothing chooses",
        "may be earlier",
        "0001-01-01",
    ];
    assert!(
        told.iter().zip(must_say).all(|(note, words)| note.contains(words)),
        "{told:?}"
    );
}

#[test]
fn what_surveyors_see_speaks_to_criteria() {
    for catalogue in [ipis_site_visits(), ipis_site_qualification()] {
        let target = catalogue.feeds_into().expect("it says whose");
        assert_eq!(
            (target.slug.as_str(), target.version.as_str()),
            ("craft-derived", craft_derived().version())
        );
        assert_eq!(catalogue.check_feeds(craft_derived()), Ok(()));
        for criterion in catalogue.criteria() {
            let against = criterion
                .feeds
                .iter()
                .any(|feed| feed.kind == FeedKind::AgainstIfObserved);
            assert!(!against || criterion.scale == Scale::Observation, "{}", criterion.slug);
        }
    }
    let fed = |slug: &str| -> Vec<_> {
        let criterion = ipis_site_visits().criterion(slug).expect("it is there");
        let feeds = criterion
            .feeds
            .iter()
            .map(|feed| (feed.criterion.to_string(), feed.kind));
        feeds.collect()
    };
    let against = |slug: &str| (slug.to_owned(), FeedKind::AgainstIfObserved);
    assert_eq!(
        fed("childunder15"),
        [against("hr.worst_child_labour"), against("lab.minimum_age")]
    );
    assert_eq!(fed("forced_labour_armed_group2"), [against("hr.forced_labour")]);
    assert_eq!(fed("interference").len(), 3);
    assert_eq!(fed("visit_onsite"), []);
}

#[test]
fn a_language_is_known_by_its_tag() {
    let cases = [
        ("en", Some(Language::En)),
        ("es-PE", Some(Language::Es)),
        ("pt_BR", Some(Language::Pt)),
        ("FR", Some(Language::Fr)),
        ("sw-CD", Some(Language::Sw)),
        ("de", None),
        ("", None),
        ("esp", None),
    ];
    for (tag, expected) in cases {
        assert_eq!(Language::of_tag(tag), expected, "{tag}");
    }
    for language in Language::ALL {
        assert_eq!(Language::of_tag(&language.to_string()), Some(language));
    }
}
