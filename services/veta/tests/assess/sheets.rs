//! The sheet with one answer a row.

use event::vocabulary::Answer;
use veta::assess::{Head, Mapping};

use crate::support::{
    Desk, answers, expected, nobody_says, not_applicable, party, reading, said_by_the_command, small,
};

const HEADER: &str = "part,name,answer,why_not_applicable,evidence\n";

fn sheet(rows: &str) -> String {
    HEADER.to_owned() + rows
}

/// What is told of a sheet of these rows, of which nothing may be signed.
#[track_caller]
fn check(rows: &str, head: &Head, words: &[&str]) {
    let desk = Desk::new();
    let (file, mapping, catalogue) = (desk.write("sheet.csv", sheet(rows)), Mapping::default(), small());
    let trouble = desk.trouble(&reading(&file, &catalogue, head, &mapping));
    let told: Vec<_> = trouble.lines().skip(1).map(str::trim).collect();
    assert_eq!(told.len(), words.len(), "{trouble}");
    for (told, words) in told.iter().zip(words) {
        assert!(told.contains(words), "{told:?} is not {words:?}");
    }
}

#[test]
fn every_fault_is_named_with_its_row_and_column_and_nothing_is_signed() {
    let head = said_by_the_command();
    check(
        "criterion,rules,maybe,,\ncriterion,abuse,pass,,\ncriterion,helmets,3,,\nindicator,members,many,,\n",
        &head,
        &[
            "row 2, column answer: \"maybe\" is no answer to this: write pass, fail or not_applicable",
            "row 4, column answer: \"3\" is no answer to this: write 0, 1, 2 or not_applicable",
            "row 5, column answer: \"many\" is no whole number",
        ],
    );
    check(
        "criterion,gold,pass,,\n",
        &head,
        &["row 2, column name: small 1 has no criterion \"gold\""],
    );
    check(
        "rule,rules,pass,,\n",
        &head,
        &["row 2, column part: \"rule\" is no part"],
    );
    check(
        "criterion,rules,pass,,\n\ncriterion,rules,fail,,\n",
        &head,
        &["row 4, column name: criterion rules stands in row 2 already"],
    );
    check(
        "criterion,rules,not_applicable,,\n",
        &head,
        &["row 2, column answer: not_applicable without a reason"],
    );
    check(
        "criterion,rules,pass,,no.jpg\n",
        &head,
        &["row 2, column evidence: cannot read "],
    );
    check("criterion,rules,,,\n", &head, &["nothing is answered"]);
    check(
        &format!("criterion,rules,,,{}\ncriterion,abuse,pass,,\n", "ab".repeat(32)),
        &head,
        &["rules has evidence and no answer"],
    );
    check(
        "assessment,weather,fine,,\ncriterion,rules,pass,,\n",
        &head,
        &["is nothing about an assessment"],
    );
    check(
        &format!("assessment,catalogue,{},,\ncriterion,rules,pass,,\n", "ab".repeat(32)),
        &head,
        &["answered under the catalogue abab"],
    );
}

#[test]
fn who_is_assessed_how_and_when_must_be_said_once_or_alike() {
    let rules = "criterion,rules,pass,,\n";
    check(
        rules,
        &nobody_says(),
        &[
            "nobody says who is assessed",
            "nobody says who assesses",
            "nobody says which days",
        ],
    );
    let says = |name: &str, text: &str| format!("assessment,{name},{text},,\n{rules}");
    let head = said_by_the_command();
    check(
        &says("kind", "monitor"),
        &head,
        &["the file says the kind is monitor, the command says self"],
    );
    check(
        &says("kind", "friend"),
        &head,
        &["row 2, column answer: nobody assesses so"],
    );
    check(
        &says("subject", "lot-1"),
        &head,
        &["row 2, column answer: \"lot-1\" is neither an organization nor a site"],
    );
    check(
        &says("from", "31.05.2026"),
        &head,
        &["row 2, column answer: \"31.05.2026\" is not a date"],
    );
    let later = Head {
        to: Some("2026-06-03".parse().unwrap()),
        ..said_by_the_command()
    };
    check(rules, &later, &["days to come"]);
    let reversed = Head {
        from: Some("2026-05-31".parse().unwrap()),
        to: Some("2026-05-01".parse().unwrap()),
        ..said_by_the_command()
    };
    check(
        rules,
        &reversed,
        &["it ends on 2026-05-01, before it begins on 2026-05-31"],
    );
}

#[test]
fn a_sheet_is_signed_as_it_is_filled_and_once() {
    let desk = Desk::new();
    desk.write("photo.jpg", "abc");
    let rows = format!(
        "assessment,subject,{},,\nassessment,kind,self,,\nassessment,from,2026-01-01,,\nassessment,to,2026-05-31,,\n\
         criterion,rules,Sí,,photo.jpg; {}\ncriterion,abuse,,,\ncriterion,helmets,not_applicable,nobody digs,\n\
         indicator,members,40,,\n",
        party(),
        "ab".repeat(32)
    );
    let (catalogue, mapping) = (small(), Mapping::default());
    let file = desk.write("sheet.csv", sheet(&rows));
    desk.read(&file, &catalogue, &nobody_says(), &mapping).unwrap();
    let [(by, assessment)] = desk.signed().try_into().unwrap();
    assert_eq!(by, party(), "who assesses itself speaks in its own name");
    assert_eq!(
        answers(&catalogue, &assessment),
        expected(&[("rules", Answer::Pass), ("helmets", not_applicable("nobody digs"))])
    );
    assert_eq!(assessment.findings[0].evidence.len(), 2);
    assert_eq!(assessment.measurements[0].value, 40);
    // The same again, saved by a spreadsheet that writes another separator: nothing new.
    let again = desk.write("again.csv", sheet(&rows).replace(',', "\t"));
    desk.read(&again, &catalogue, &nobody_says(), &mapping).unwrap();
    assert_eq!(desk.signed().len(), 1);
    // Another answer is another assessment.
    let other = desk.write("other.csv", sheet(&rows).replace("Sí", "No"));
    desk.read(&other, &catalogue, &nobody_says(), &mapping).unwrap();
    assert_eq!(desk.signed().len(), 2);
}

#[test]
fn nobody_speaks_for_another_about_itself() {
    let desk = Desk::new();
    let (file, catalogue, mapping) = (
        desk.write("sheet.csv", sheet("criterion,rules,pass,,\n")),
        small(),
        Mapping::default(),
    );
    let (head, mut signer) = (said_by_the_command(), desk.signer());
    signer.party = Some(event::PartyId::from_bytes([2; 16]));
    let reading = reading(&file, &catalogue, &head, &mapping);
    let trouble = veta::assess::read(&reading, Some(&signer)).unwrap_err().to_string();
    assert!(trouble.contains("assesses itself"), "{trouble}");
    assert_eq!(desk.signed(), []);
}
