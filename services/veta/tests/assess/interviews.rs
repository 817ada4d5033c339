//! Question by question: what is typed, what is kept, what is signed.

use std::fs;
use std::io::{self, BufReader, Cursor, Read};

use ::catalogue::Language;
use event::vocabulary::{Answer, AssessmentKind, Subject};
use veta::assess::{self, Asking, Dialogue, Head};
use veta::statements::Signer;
use veta::trouble::Done;

use crate::support::{
    Desk, answers, expected, nobody_says, not_applicable, party, reading, said_by_the_command, small, today,
};

/// Types these lines; returns what was shown.
fn talk(desk: &Desk, head: &Head, signer: Option<&Signer>, lines: &[&str]) -> Done<String> {
    let typed = lines.join("\n") + "\n";
    let mut output = Vec::new();
    let catalogue = small();
    let asking = Asking {
        catalogue: &catalogue,
        language: Some(Language::Es),
        head,
        path: &desk.path("interview.json"),
        signer,
        today: today(),
    };
    let dialogue = &mut Dialogue {
        input: &mut Cursor::new(typed),
        output: &mut output,
    };
    assess::interview(&asking, dialogue)?;
    Ok(String::from_utf8(output).unwrap())
}

/// The criteria of the small catalogue in order: rules, two cases, abuse, bribes, helmets, mercury, diggers.
const ANSWERED: [&str; 8] = ["1", "no", "sí", "Sí", "en parte", "2", "no", "12"];

#[test]
fn a_whole_interview_is_signed_as_it_was_answered() {
    let desk = Desk::new();
    let id = party().to_string();
    let about = [id.as_str(), "1", "2026-01-01", "2026-05-31"];
    let end = ["40", "-", "yes", "Sí"];
    let lines = [&about[..], &ANSWERED, &end].concat();
    let signer = Signer {
        yes: false,
        ..desk.signer()
    };
    let shown = talk(&desk, &nobody_says(), Some(&signer), &lines).unwrap();
    assert!(shown.contains("¿Hay reglas?"), "{shown}");
    assert!(shown.contains("  1  Sí\n  2  No\n"), "{shown}");
    assert!(shown.contains("  2: Todo"), "the words of levels: {shown}");
    let [(by, assessment)] = desk.signed().try_into().unwrap();
    assert_eq!((by, assessment.subject), (party(), Subject::Party(party())));
    assert_eq!(assessment.kind, AssessmentKind::SelfReported);
    assert_eq!(assessment.period.to, "2026-05-31".parse().unwrap());
    let found = expected(&[
        ("rules", Answer::Pass),
        ("case1", Answer::Fail),
        ("case2", Answer::Pass),
        ("abuse", Answer::Pass),
        ("bribes", Answer::Progress),
        ("helmets", Answer::Level(2)),
        ("mercury", Answer::NoneObserved),
        ("diggers", Answer::Count(12)),
    ]);
    let catalogue = small();
    assert_eq!(answers(&catalogue, &assessment), found);
    assert_eq!(assessment.measurements.len(), 1);
}

#[test]
fn an_interview_goes_on_where_it_stopped_and_every_answer_is_kept() {
    let desk = Desk::new();
    let head = said_by_the_command();
    // The four questions about the assessment are answered by the command: an empty line leaves them.
    let shown = talk(&desk, &head, None, &["", "", "", "", "1", "2"]).unwrap();
    assert!(
        shown.ends_with("interview.json: kept; the same command goes on\n"),
        "{shown}"
    );
    let kept = fs::read_to_string(desk.path("interview.json")).unwrap();
    assert!(kept.contains("\"at\": 6"), "{kept}");
    let shown = talk(&desk, &head, None, &["q"]).unwrap();
    assert!(shown.contains("[7/"), "{shown}");
    assert!(shown.contains("2/"), "{shown}");
    let shown = talk(
        &desk,
        &head,
        None,
        &["<", "2", "=rules", "=99", "x", "no rules yet", "q"],
    )
    .unwrap();
    assert!(shown.contains("¿Por qué no se aplica?"), "{shown}");
    let catalogue = small();
    read_back(&desk);
    let [(_, assessment)] = desk.signed().try_into().unwrap();
    assert_eq!(
        answers(&catalogue, &assessment),
        expected(&[("rules", not_applicable("no rules yet")), ("case1", Answer::Fail)])
    );
}

/// What an interview keeps can be signed without asking anything.
fn read_back(desk: &Desk) {
    let path = desk.path("interview.json");
    desk.read(&path, &small(), &nobody_says(), &veta::assess::Mapping::default())
        .unwrap();
}

/// A terminal that breaks.
struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::ConnectionReset.into())
    }
}

#[test]
fn what_was_answered_is_kept_before_anything_else_is_asked() {
    let desk = Desk::new();
    let (catalogue, head) = (small(), said_by_the_command());
    let asking = Asking {
        catalogue: &catalogue,
        language: None,
        head: &head,
        path: &desk.path("interview.json"),
        signer: None,
        today: today(),
    };
    let mut input = BufReader::new(Cursor::new("\n\n\n\n1\n").chain(Broken));
    let dialogue = &mut Dialogue {
        input: &mut input,
        output: &mut Vec::new(),
    };
    assess::interview(&asking, dialogue).unwrap_err();
    read_back(&desk);
    let [(_, assessment)] = desk.signed().try_into().unwrap();
    assert_eq!(answers(&catalogue, &assessment), expected(&[("rules", Answer::Pass)]));
}

#[test]
fn what_is_no_answer_is_asked_again() {
    let desk = Desk::new();
    let head = said_by_the_command();
    let lines = ["", "", "", "", "", "s", "3", "maybe", "+", "1", "q"];
    let shown = talk(&desk, &head, None, &lines).unwrap();
    assert_eq!(shown.matches("[5/").count(), 6, "{shown}");
    assert_eq!(shown.matches("! Eso no es una respuesta aquí.").count(), 3, "{shown}");
    assert_eq!(shown.matches("! No preguntado").count(), 1, "{shown}");
}

#[test]
fn evidence_leaves_as_a_digest_and_goes_with_its_answer() {
    let desk = Desk::new();
    let photo = desk.write("photo.jpg", "abc");
    let lines = [
        "",
        "",
        "",
        "",
        "1",
        "<",
        "+",
        photo.to_str().unwrap(),
        "nowhere.jpg",
        "",
        "q",
    ];
    let shown = talk(&desk, &said_by_the_command(), None, &lines).unwrap();
    let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert!(shown.contains(&format!("SHA-256 {digest}")), "{shown}");
    assert!(shown.contains("! cannot read nowhere.jpg: "), "{shown}");
    read_back(&desk);
    let [(_, assessment)] = desk.signed().try_into().unwrap();
    let evidence: Vec<_> = assessment.findings[0]
        .evidence
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(evidence, [digest]);
    // Without its answer it is gone, too.
    talk(&desk, &said_by_the_command(), None, &["=rules", "-", "1", "q"]).unwrap();
    let kept = fs::read_to_string(desk.path("interview.json")).unwrap();
    assert!(!kept.contains(digest), "{kept}");
}

#[test]
fn who_does_not_agree_signs_nothing_and_loses_nothing() {
    let desk = Desk::new();
    let signer = Signer {
        yes: false,
        ..desk.signer()
    };
    let lines = ["", "", "", "", "1", "=14", "-", "sí", "no"];
    let trouble = talk(&desk, &said_by_the_command(), Some(&signer), &lines).unwrap_err();
    assert!(trouble.to_string().contains("keeps the answers"), "{trouble}");
    assert_eq!(desk.signed(), []);
    talk(&desk, &said_by_the_command(), Some(&signer), &["sí", "sí"]).unwrap();
    assert_eq!(desk.signed().len(), 1);
}

#[test]
fn an_interview_is_signed_once_and_only_under_its_catalogue() {
    let desk = Desk::new();
    let lines = ["", "", "", "", "1", "=14", "-", "yes"];
    talk(&desk, &said_by_the_command(), Some(&desk.signer()), &lines).unwrap();
    assert_eq!(desk.signed().len(), 1);
    let trouble = talk(&desk, &said_by_the_command(), Some(&desk.signer()), &["q"]).unwrap_err();
    assert!(trouble.to_string().contains("name a new file"), "{trouble}");
    read_back(&desk);
    assert_eq!(desk.signed().len(), 1, "read again, it is signed already");
    let path = desk.path("interview.json");
    let (head, mapping) = (nobody_says(), veta::assess::Mapping::default());
    let other = catalogue::craft_derived();
    let trouble = desk.trouble(&reading(&path, other, &head, &mapping));
    assert!(trouble.contains("name that one with --catalogue"), "{trouble}");
}
