//! Each thing that can be wrong with a file is named.

use catalogue::{
    CATALOGUE_BYTES_MAX, Catalogue, CatalogueError, Field, Language, Part, TextPlace, craft_derived, lint,
};
use event::codec::TextError;
use event::vocabulary::Module;

use crate::support::{SMALL, slug, with};

/// The small catalogue with `changes` has exactly the faults `expected`, and is read if there are none.
#[track_caller]
fn check(changes: &[(&str, &str)], expected: &[CatalogueError]) {
    let text = with(SMALL, changes);
    assert_eq!(lint(&text, None), expected);
    let parsed = Catalogue::parse(&text);
    assert_eq!(parsed.err().as_ref(), expected.first());
    for fault in expected {
        assert!(fault.to_string().contains(':'), "says what to do: {fault}");
    }
}

#[track_caller]
fn check_malformed(changes: &[(&str, &str)], named: &str) {
    match Catalogue::parse(&with(SMALL, changes)) {
        Err(CatalogueError::Malformed(why)) => assert!(why.contains(named), "{why}"),
        other => panic!("{other:?}"),
    }
}

fn criterion(name: &str) -> Part {
    Part::Criterion(slug(name))
}

fn at(part: Part, field: Field, language: Language) -> TextPlace {
    TextPlace { part, field, language }
}

#[test]
fn what_is_right_passes() {
    check(&[], &[]);
    check(&[("response = \"EntryGate\"\n", "")], &[]);
    check(
        &[("craft_ref_status = \"Verified\"", "craft_ref_status = \"Guess\"")],
        &[],
    );
    check(&[("M.1/5.2.3/R.1", "M.1/5.2.12/S.1.1")], &[]);
    check(
        &[(
            "status = \"Draft\"",
            "status = \"Reviewed\"\nreviewed_by = \"A. Native\"",
        )],
        &[],
    );
    check(&[("\"PassProgressFail\"", "\"PassFail\"")], &[]);
    check(&[("Reglas\"", "Rules\"\ntitle.alike = true")], &[]);
    check(&[("A = \"a book\"", "A = \"a book\"\nB = \"another\"")], &[]);
}

#[test]
fn languages() {
    use CatalogueError::{LanguageRepeated, NoLanguage, Reviewer, WrongOriginal};
    let swahili = "[[languages]]\nlanguage = \"sw\"\nstatus = \"Original\"\nby = \"Veta\"\n\n[origin]";
    check(
        &[("language = \"es\"", "language = \"en\"")],
        &[LanguageRepeated(Language::En)],
    );
    check(&[("\"Draft\"", "\"Original\"")], &[WrongOriginal(Language::Es)]);
    check(&[("\"Original\"", "\"Draft\"")], &[WrongOriginal(Language::En)]);
    check(&[("[origin]", swahili)], &[WrongOriginal(Language::Sw)]);
    check(&[("\"Draft\"", "\"Reviewed\"")], &[Reviewer(Language::Es)]);
    check(
        &[("\"Draft\"", "\"Draft\"\nreviewed_by = \"A. Native\"")],
        &[Reviewer(Language::Es)],
    );
    let (before, rest) = SMALL.split_once("[[languages]]").expect("languages");
    let (_, after) = rest.split_once("[origin]").expect("an origin");
    assert_eq!(
        lint(&format!("{before}languages = []\n[origin]{after}"), None),
        [NoLanguage]
    );
    check_malformed(&[("language = \"es\"", "language = \"de\"")], "de");
}

#[test]
fn texts() {
    use CatalogueError::{LanguageUnnamed, NoQuestion, NotTranslated, QuestionRepeated, TextMissing, TextUnfit};
    use Field::{Changes, Credit, FeedNote, Question, Title};
    use Language::{En, Es, Fr};
    let missing = [
        ("title.es = \"Un catálogo pequeño\"", Part::Catalogue, Title),
        ("credit.es = \"De nadie más.\"", Part::Catalogue, Credit),
        ("es = \"No se cambió nada.\"", Part::Catalogue, Changes),
        ("es = \"Algo\"", Part::Level(1), Title),
        ("title.es = \"Seguridad\"", Part::Theme(slug("safety")), Title),
        ("title.es = \"Cascos\"", criterion("helmets"), Title),
        (
            "question.es = \"¿Cuántos llevan casco?\"",
            criterion("helmets"),
            Question,
        ),
        ("note.es = \"Un día.\"", criterion("mercury"), FeedNote),
        ("title.es = \"Accidentes\"", Part::Indicator(slug("hurt")), Title),
        (
            "question.es = \"¿Cuántos miembros hay?\"",
            Part::Indicator(slug("members")),
            Question,
        ),
    ];
    for (line, part, field) in missing {
        check(&[(line, "")], &[TextMissing(at(part, field, Es))]);
    }
    check(
        &[("question.en = \"Are there rules?\"", "")],
        &[TextMissing(at(criterion("rules"), Question, En))],
    );
    let french = [("\"Rules\"", "\"Rules\"\ntitle.fr = \"Règles\"")];
    check(&french, &[LanguageUnnamed(at(criterion("rules"), Title, Fr))]);
    let unfit = |why| TextUnfit {
        place: at(criterion("rules"), Question, Es),
        why,
    };
    let long = format!("¿{}?", "r".repeat(254));
    let fits = format!("¿{}?", "r".repeat(253));
    check(&[("¿Hay reglas?", &long)], &[unfit(TextError::TooLong { max: 256 })]);
    check(&[("¿Hay reglas?", &fits)], &[]);
    check(&[("¿Hay reglas?", "¿Hay\\nreglas?")], &[unfit(TextError::Control)]);
    check(&[("¿Hay reglas?", " ¿Hay reglas?")], &[unfit(TextError::Blank)]);
    check(
        &[("\"Reglas\"", "\"Rules\"")],
        &[NotTranslated(at(criterion("rules"), Title, Es))],
    );
    check(
        &[("¿Hay reglas?", "Hay reglas.")],
        &[NoQuestion(at(criterion("rules"), Question, Es))],
    );
    let asked = at(Part::Indicator(slug("hurt")), Question, En);
    check(
        &[("How many accidents were there?", "How many dig?")],
        &[QuestionRepeated(asked)],
    );
}

#[test]
fn names() {
    use CatalogueError::{ColumnRepeated, SlugRepeated, ThemeUnknown};
    check(
        &[("slug = \"case2\"", "slug = \"case1\"")],
        &[SlugRepeated(criterion("case1"))],
    );
    check(
        &[("slug = \"hurt\"", "slug = \"members\"")],
        &[SlugRepeated(Part::Indicator(slug("members")))],
    );
    let theme = "[[themes]]\nslug = \"safety\"\ntitle.en = \"More\"\ntitle.es = \"Más\"\n\n[[themes]]";
    check(&[("[[themes]]", theme)], &[SlugRepeated(Part::Theme(slug("safety")))]);
    check(&[("slug = \"hurt\"", "slug = \"rules\"")], &[]);
    check(
        &[("column = \"n\"", "column = \"hg\"")],
        &[ColumnRepeated(slug("diggers"))],
    );
    let unknown = [criterion("helmets"), Part::Indicator(slug("hurt"))].map(ThemeUnknown);
    check(&[("slug = \"safety\"", "slug = \"security\"")], &unknown);
}

#[test]
fn scales_and_modules() {
    use CatalogueError::{
        LevelsUnnamed, ModuleUnknown, NoLevels, ResponseContradicts, ScaleNotInModule, ScenarioAlone, ScenarioOutside,
    };
    let not_in = |name, module| ScaleNotInModule {
        slug: slug(name),
        module,
    };
    check(&[("max = 2", "max = 0")], &[NoLevels(slug("helmets"))]);
    check(&[("max = 2", "max = 3")], &[LevelsUnnamed(slug("helmets"))]);
    check(&[("module = 5", "module = 6")], &[ModuleUnknown(slug("helmets"))]);
    check(&[("module = 5", "module = 0")], &[ModuleUnknown(slug("helmets"))]);
    check(
        &[("module = 5", "module = 1")],
        &[not_in("helmets", Module::Management)],
    );
    check(
        &[("module = 4", "module = 3")],
        &[not_in("bribes", Module::Disengagement)],
    );
    check(
        &[("\"PassProgressFail\"", "\"Scenario\"")],
        &[not_in("bribes", Module::Mitigation)],
    );
    check(&[("\"PassFail\"", "\"Words\"")], &[not_in("rules", Module::Management)]);
    check(
        &[("{ Level = { max = 2 } }", "\"Scenario\"")],
        &[not_in("helmets", Module::Improvement)],
    );
    check(
        &[("\"Scenario\"", "\"PassProgressFail\"")],
        &[not_in("case1", Module::Legitimacy), ScenarioAlone(slug("case2"))],
    );
    check(&[("\"Scenario\"", "\"PassFail\"")], &[ScenarioAlone(slug("case2"))]);
    check(&[("\"Count\"", "\"Scenario\"")], &[ScenarioOutside(slug("diggers"))]);
    check(
        &[("\"EntryGate\"", "\"Mitigation\"")],
        &[ResponseContradicts(slug("rules"))],
    );
}

#[test]
fn where_it_comes_from() {
    use CatalogueError::{CraftRefMalformed, CraftRefModule, CraftRefStatus, FeedsNowhere, SourceUnknown, Unsourced};
    let rules = || slug("rules");
    for number in [
        "M.1",
        "1/5.2.3/R.1",
        "M.1/5.2/R.1",
        "M.1/5.2.3/R.0",
        "M.1/5.2.3/R",
        "M.1/5.2.3/S.1",
        "M.1/5.2.3/R.1/1",
    ] {
        check(&[("M.1/5.2.3/R.1", number)], &[CraftRefMalformed(rules())]);
    }
    check(&[("M.1/5.2.3/R.1", "M.2/5.2.3/R.1")], &[CraftRefModule(rules())]);
    check(&[("craft_ref = \"M.1/5.2.3/R.1\"\n", "")], &[CraftRefStatus(rules())]);
    check(&[("craft_ref_status = \"Verified\"\n", "")], &[CraftRefStatus(rules())]);
    check(&[("sources = [\"A\"]\n", "")], &[Unsourced(rules())]);
    check(
        &[
            ("sources = [\"A\"]\n", ""),
            ("content = \"Verified\"", "content = \"Reconstructed\""),
        ],
        &[Unsourced(rules())],
    );
    check(&[("\"Reconstructed\"", "\"Verified\"")], &[Unsourced(slug("abuse"))]);
    let unknown = SourceUnknown {
        slug: rules(),
        source_name: "B".to_owned(),
    };
    check(&[("[\"A\"]", "[\"A\", \"B\"]")], &[unknown]);
    let nowhere = [("[feeds_into]\nslug = \"craft-derived\"\nversion = \"0.1.0\"", "")];
    check(&nowhere, &[FeedsNowhere(slug("mercury"))]);
}

#[test]
fn where_else_it_is_asked() {
    use CatalogueError::{ReferenceMalformed, SchemeUnknown};
    let unknown = SchemeUnknown {
        slug: slug("rules"),
        scheme: "iso".to_owned(),
    };
    check(&[("references.oecd", "references.iso")], &[unknown]);
    let malformed = |name, scheme: &str, code: &str| ReferenceMalformed {
        slug: slug(name),
        scheme: scheme.to_owned(),
        code: code.parse().expect("a short text"),
    };
    for code in [
        "A2",
        "A2-15",
        "A2-0",
        "A2-01",
        "A2-3-vi",
        "A2-3-",
        "STEP-6",
        "STEP-1-COCO",
        "A3-1",
    ] {
        check(&[("STEP-1", code)], &[malformed("rules", "oecd", code)]);
    }
    for code in [
        "A2-14",
        "A2-3-iii",
        "STEP-5",
        "STEP-1-COC",
        "STEP-1-GRIEVANCE",
        "ASM-LEGITIMACY",
    ] {
        check(&[("STEP-1", code)], &[]);
    }
    for code in ["ANNEX-C-1", "ANNEX-C-1b", "ANNEX-C-1BB"] {
        check(&[("ANNEX-C-1B", code)], &[malformed("helmets", "minamata", code)]);
    }
}

#[test]
fn what_answers_speak_to_is_there() {
    let small = Catalogue::parse(SMALL).unwrap();
    assert_eq!(small.check_feeds(craft_derived()), Ok(()));
    let unknown = CatalogueError::FeedUnknown {
        slug: slug("mercury"),
        fed: slug("pg.mercury_elimination"),
    };
    assert_eq!(small.check_feeds(&small), Err(unknown));
}

#[test]
fn every_fault_is_named_at_once() {
    check(
        &[
            ("¿Hay reglas?", "Hay"),
            ("max = 2", "max = 0"),
            ("column = \"n\"", "column = \"hg\""),
        ],
        &[
            CatalogueError::NoQuestion(at(criterion("rules"), Field::Question, Language::Es)),
            CatalogueError::ColumnRepeated(slug("diggers")),
            CatalogueError::NoLevels(slug("helmets")),
        ],
    );
}

fn many(kind: &str, count: usize, words: &str) -> String {
    let head = "slug = \"many\"\nversion = \"1\"\nlicence = \"CC0-1.0\"\ntitle.en = \"Many\"\n\n[[languages]]\nlanguage = \"en\"\nstatus = \"Original\"\nby = \"Veta\"\n";
    let entry = |n| {
        let texts = format!("title.en = \"{n}\"\nquestion.en = \"{n} {words}?\"");
        match kind {
            "criteria" => format!("[[criteria]]\nslug = \"c{n}\"\nscale = \"Words\"\n{texts}\n"),
            _ => format!("[[indicators]]\nslug = \"c{n}\"\nunit = \"Days\"\n{texts}\n"),
        }
    };
    let entries: String = (0..count).map(entry).collect();
    format!("{head}{entries}")
}

#[track_caller]
fn check_text(text: &str, expected: &[CatalogueError]) {
    assert_eq!(lint(text, None), expected);
}

#[test]
fn what_is_too_large_is_refused() {
    check_text(&many("criteria", 256, "what"), &[]);
    check_text(&many("criteria", 257, "what"), &[CatalogueError::TooManyCriteria]);
    check_text(&many("criteria", 256, &"w".repeat(180)), &[CatalogueError::DoesNotFit]);
    check_text(&"#".repeat(CATALOGUE_BYTES_MAX + 1), &[CatalogueError::TooLong]);
    let one = many("criteria", 1, "what");
    let indicators = |count| many("indicators", count, "how much").split_off(many("indicators", 0, "").len());
    check_text(&format!("{one}{}", indicators(64)), &[]);
    check_text(
        &format!("{one}{}", indicators(65)),
        &[CatalogueError::TooManyIndicators],
    );
    check_text(
        &format!("criteria = []\n{}", many("criteria", 0, "")),
        &[CatalogueError::Empty],
    );
}

#[test]
fn what_is_no_catalogue_says_where() {
    check_malformed(&[("slug = \"small\"", "slug")], "line 1");
    check_malformed(&[("slug = \"small\"", "slug = \"Not A Slug\"")], "not a slug");
    check_malformed(&[("slug = \"small\"", "slug = \"small\"\ncolour = 1")], "colour");
    check_malformed(&[("\"Observation\"", "\"Guess\"")], "Guess");
    check_malformed(&[("\"People\"", "\"Dollars\"")], "Dollars");
    check_malformed(&[("kind = \"AgainstIfObserved\"", "")], "kind");
    check_malformed(&[("note = \"Said aside.\"", "note = \"\"")], "empty");
}
