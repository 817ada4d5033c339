//! Answers as words: the same words in every file, and those of five languages where a person types.

use event::vocabulary::{Answer, Line, Scale};
use thiserror::Error;

use super::phrases::Phrases;

/// What a file calls an answer that does not apply.
pub(super) const NOT_APPLICABLE: &str = "not_applicable";

/// A text that is no answer to its question.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AnswerError {
    /// Not among the answers.
    #[error("{given:?} is no answer to this: write {expected}, or nothing where it was not asked")]
    NotAnAnswer {
        /// What stands there.
        given: String,
        /// What may stand there.
        expected: String,
    },
    /// Does not apply, and nobody knows why.
    #[error("{NOT_APPLICABLE} without a reason: write why it does not apply")]
    NoReason,
    /// A reason for nothing.
    #[error("a reason stands there and the answer is not {NOT_APPLICABLE}: take one of both away")]
    ReasonAlone,
    /// Words that a statement cannot hold.
    #[error("{0}: shorten it, in one line")]
    Unfit(#[from] event::codec::TextError),
}

/// Every answer of a scale that is chosen from a list; none where a number or words are wanted.
pub(super) fn choices(scale: Scale) -> Vec<Answer> {
    match scale {
        Scale::PassFail | Scale::Scenario => vec![Answer::Pass, Answer::Fail],
        Scale::PassProgressFail => vec![Answer::Pass, Answer::Progress, Answer::Fail],
        Scale::Observation => vec![Answer::Observed, Answer::NoneObserved],
        Scale::Level { max } => (0..=max).map(Answer::Level).collect(),
        Scale::Count | Scale::Words => Vec::new(),
    }
}

/// What a file calls an answer.
pub(super) fn word(answer: &Answer) -> String {
    match answer {
        Answer::NotApplicable(_) => NOT_APPLICABLE.to_owned(),
        Answer::Pass => "pass".to_owned(),
        Answer::Progress => "progress".to_owned(),
        Answer::Fail => "fail".to_owned(),
        Answer::Observed => "observed".to_owned(),
        Answer::NoneObserved => "none_observed".to_owned(),
        Answer::Level(level) => level.to_string(),
        Answer::Count(count) => count.to_string(),
        Answer::Words(words) => words.to_string(),
    }
}

/// What may stand in a file as an answer in `scale`.
pub(super) fn expected(scale: Scale) -> String {
    let words: Vec<_> = match scale {
        Scale::Count => vec!["a whole number".to_owned()],
        Scale::Words => vec!["words".to_owned()],
        _ => choices(scale).iter().map(word).collect(),
    };
    format!("{} or {NOT_APPLICABLE}", words.join(", "))
}

/// Reads what stands in a file. An empty cell is no answer: it was not asked.
pub(super) fn read(scale: Scale, text: &str, reason: &str) -> Result<Option<Answer>, AnswerError> {
    let (text, reason) = (text.trim(), reason.trim());
    if is_not_applicable(text) {
        if reason.is_empty() {
            return Err(AnswerError::NoReason);
        }
        return Ok(Some(Answer::NotApplicable(Line::new(reason)?)));
    }
    if !reason.is_empty() {
        return Err(AnswerError::ReasonAlone);
    }
    if text.is_empty() {
        return Ok(None);
    }
    if scale == Scale::Words {
        return Ok(Some(Answer::Words(Line::new(text)?)));
    }
    chosen(scale, text).map(Some).ok_or_else(|| AnswerError::NotAnAnswer {
        given: text.chars().take(40).collect(),
        expected: expected(scale),
    })
}

/// The answer of a scale that is not words, as a file or a person writes it.
pub(super) fn chosen(scale: Scale, text: &str) -> Option<Answer> {
    if scale == Scale::Count {
        return number(text).map(Answer::Count);
    }
    let lower = text.to_lowercase();
    let said = |answer: &Answer| {
        word(answer) == lower
            || Phrases::ALL
                .iter()
                .any(|phrases| phrases.spoken(answer).contains(&lower))
    };
    let fits = choices(scale).into_iter().find(said);
    match (fits, scale) {
        (Some(answer), _) => Some(answer),
        // "Was it seen?" is answered by yes and no, too.
        (None, Scale::Observation) => match chosen(Scale::PassFail, text)? {
            Answer::Pass => Some(Answer::Observed),
            _ => Some(Answer::NoneObserved),
        },
        (None, _) => None,
    }
}

/// A whole number in digits and nothing else.
pub(super) fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

fn is_not_applicable(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower == NOT_APPLICABLE
        || lower == "n/a"
        || Phrases::ALL
            .iter()
            .any(|phrases| phrases.not_applicable.to_lowercase() == lower)
}

#[cfg(test)]
mod tests {
    use event::vocabulary::{Answer, Scale};

    use super::{AnswerError, choices, read, word};

    const LEVELS: Scale = Scale::Level { max: 4 };

    #[track_caller]
    fn check(scale: Scale, text: &str, reason: &str, expected: Result<Option<Answer>, &str>) {
        let found = read(scale, text, reason);
        match expected {
            Ok(answer) => assert_eq!(found, Ok(answer), "{text:?}"),
            Err(words) => {
                let told = found.expect_err(text).to_string();
                assert!(told.contains(words), "{text:?} says {told:?}");
            }
        }
    }

    #[test]
    fn an_answer_is_read_in_its_scale_and_in_no_other() {
        check(Scale::PassFail, "pass", "", Ok(Some(Answer::Pass)));
        check(Scale::PassFail, " Sí ", "", Ok(Some(Answer::Pass)));
        check(Scale::PassFail, "NON", "", Ok(Some(Answer::Fail)));
        check(Scale::PassFail, "Hapana", "", Ok(Some(Answer::Fail)));
        check(Scale::PassFail, "", "", Ok(None));
        check(
            Scale::PassFail,
            "progress",
            "",
            Err("write pass, fail or not_applicable"),
        );
        check(Scale::PassFail, "maybe", "", Err("\"maybe\" is no answer"));
        check(Scale::PassFail, "1", "", Err("is no answer"));
        check(Scale::PassProgressFail, "en partie", "", Ok(Some(Answer::Progress)));
        check(Scale::Scenario, "sim", "", Ok(Some(Answer::Pass)));
        check(Scale::Observation, "none_observed", "", Ok(Some(Answer::NoneObserved)));
        check(Scale::Observation, "oui", "", Ok(Some(Answer::Observed)));
        check(LEVELS, "4", "", Ok(Some(Answer::Level(4))));
        check(LEVELS, "5", "", Err("write 0, 1, 2, 3, 4 or not_applicable"));
        check(LEVELS, "-1", "", Err("is no answer"));
        check(LEVELS, "3.0", "", Err("is no answer"));
        check(Scale::Count, "12", "", Ok(Some(Answer::Count(12))));
        check(Scale::Count, "+12", "", Err("a whole number"));
        check(Scale::Count, "12 people", "", Err("a whole number"));
        check(Scale::Count, "18446744073709551616", "", Err("a whole number"));
        check(Scale::Words, "no", "", Ok(Some(Answer::Words("no".parse().unwrap()))));
        check(Scale::Words, &"é".repeat(129), "", Err("256 bytes"));
    }

    #[test]
    fn what_does_not_apply_says_why_and_nothing_else_does() {
        let why = || Answer::NotApplicable("no shafts".parse().unwrap());
        for scale in [Scale::PassFail, LEVELS, Scale::Count, Scale::Words] {
            check(scale, "not_applicable", " no shafts ", Ok(Some(why())));
            check(scale, "N/A", "no shafts", Ok(Some(why())));
            check(scale, "no se aplica", "no shafts", Ok(Some(why())));
            check(scale, "not_applicable", " ", Err("write why"));
            check(scale, "", "no shafts", Err("take one of both away"));
        }
        check(Scale::PassFail, "pass", "no shafts", Err("take one of both away"));
    }

    #[test]
    fn every_word_that_a_file_is_given_is_read_back() {
        for scale in [
            Scale::PassFail,
            Scale::PassProgressFail,
            Scale::Scenario,
            Scale::Observation,
            LEVELS,
        ] {
            for answer in choices(scale) {
                assert!(answer.fits(scale));
                check(scale, &word(&answer), "", Ok(Some(answer)));
            }
        }
        assert!(matches!(
            read(Scale::PassFail, "maybe", ""),
            Err(AnswerError::NotAnAnswer { .. })
        ));
    }
}
