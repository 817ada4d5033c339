//! Question by question, on any terminal: lines in, lines out, no cursor and no colour.

use std::collections::BTreeSet;
use std::io::{BufRead, Read, Write};
use std::path::Path;

use catalogue::{Catalogue, Criterion, Indicator};
use event::vocabulary::{Answer, AssessmentKind, EVIDENCE_MAX, Line, Scale};

use super::answers;
use super::gathered;
use super::phrases::Phrases;
use super::session::{Answered, Session};
use super::template::label_of;
use crate::trouble::{Done, Trouble};

/// The longest line that is read: longer than any answer and any path.
const LINE_BYTES_MAX: u64 = 16 * 1024;

/// Two ends of a terminal, or of a test.
pub struct Dialogue<'a> {
    /// What is typed.
    pub input: &'a mut dyn BufRead,
    /// What is shown.
    pub output: &'a mut dyn Write,
}

impl Dialogue<'_> {
    /// Shows a line.
    pub(super) fn say(&mut self, text: impl core::fmt::Display) -> Done {
        writeln!(self.output, "{text}").map_err(Trouble::at("cannot show a question"))
    }

    /// Reads a line; none once the other end has gone.
    pub(super) fn hear(&mut self) -> Done<Option<String>> {
        let shown = write!(self.output, "> ").and_then(|()| self.output.flush());
        shown.map_err(Trouble::at("cannot show a question"))?;
        let mut line = String::new();
        let mut limited = Read::by_ref(&mut self.input).take(LINE_BYTES_MAX);
        let read = limited
            .read_line(&mut line)
            .map_err(Trouble::at("cannot read an answer"))?;
        Ok((0 < read).then(|| line.trim().to_owned()))
    }
}

/// How an interview ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// With everything asked, and the wish to sign it.
    Complete,
    /// In between; it goes on where it stopped.
    Stopped,
}

/// What is asked at one step.
#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    Subject,
    Kind,
    From,
    To,
    Criterion(Criterion<'a>),
    Indicator(Indicator<'a>),
}

/// What becomes of a step.
enum Move {
    Next,
    Again,
    Back,
    To(usize),
    Stop,
}

/// An interview under way.
pub(super) struct Interview<'a> {
    catalogue: &'a Catalogue,
    phrases: &'static Phrases,
    steps: Vec<Step<'a>>,
    session: &'a mut Session,
    path: &'a Path,
}

impl<'a> Interview<'a> {
    /// Goes on with a session, which is kept at `path` after every answer.
    pub(super) fn of(catalogue: &'a Catalogue, session: &'a mut Session, path: &'a Path) -> Self {
        let head = [Step::Subject, Step::Kind, Step::From, Step::To];
        let criteria = catalogue.criteria().map(Step::Criterion);
        let steps = head.into_iter().chain(criteria);
        Self {
            catalogue,
            phrases: Phrases::of(session.language),
            steps: steps.chain(catalogue.indicators().map(Step::Indicator)).collect(),
            session,
            path,
        }
    }

    /// Asks until everything was asked or the person stops.
    pub(super) fn run(&mut self, dialogue: &mut Dialogue<'_>) -> Done<Ended> {
        self.greet(dialogue)?;
        loop {
            let went = match self.steps.get(self.session.at).copied() {
                Some(step) => self.step(step, dialogue)?,
                None => match self.end(dialogue)? {
                    Some(went) => went,
                    None => return Ok(Ended::Complete),
                },
            };
            match went {
                Move::Again => {}
                Move::Next => self.session.at += 1,
                Move::Back => self.session.at = self.session.at.saturating_sub(1),
                Move::To(step) => self.session.at = step,
                Move::Stop => {
                    self.session.keep(self.path)?;
                    return Ok(Ended::Stopped);
                }
            }
            self.session.keep(self.path)?;
        }
    }

    fn greet(&self, dialogue: &mut Dialogue<'_>) -> Done {
        let language = self.session.language;
        dialogue.say(self.catalogue.title(language))?;
        if let Some(origin) = self.catalogue.origin() {
            dialogue.say(origin.credit.in_language(language))?;
        }
        dialogue.say(format_args!("{}: {}", self.path.display(), self.so_far()))?;
        dialogue.say(self.phrases.keys)
    }

    fn so_far(&self) -> String {
        format!(
            "{}/{} {}",
            self.session.answers.len() + self.session.figures.len(),
            self.catalogue.criteria().count() + self.catalogue.indicators().count(),
            self.phrases.so_far
        )
    }

    fn step(&mut self, step: Step<'_>, dialogue: &mut Dialogue<'_>) -> Done<Move> {
        dialogue.say("")?;
        self.show(step, dialogue)?;
        let Some(line) = dialogue.hear()? else {
            return Ok(Move::Stop);
        };
        let is_words = matches!(step, Step::Criterion(criterion) if criterion.scale == Scale::Words);
        // Where words are an answer, a key has a stroke before it.
        let key = match line.strip_prefix('/') {
            Some(key) => Some(key),
            None => (!is_words).then_some(line.as_str()),
        };
        if let Some(key) = key
            && let Some(went) = self.key(step, key, dialogue)?
        {
            return Ok(went);
        }
        if line.is_empty() {
            return self.left_as_it_is(step, dialogue);
        }
        self.answer(step, &line, dialogue)
    }

    /// What is asked, what may be answered, and what was.
    fn show(&self, step: Step<'_>, dialogue: &mut Dialogue<'_>) -> Done {
        let language = self.session.language;
        let number = self.session.at + 1;
        let question = match step {
            Step::Subject => self.phrases.subject,
            Step::Kind => self.phrases.kind,
            Step::From => self.phrases.from,
            Step::To => self.phrases.to,
            Step::Criterion(criterion) => criterion.question(language),
            Step::Indicator(indicator) => indicator.question(language),
        };
        dialogue.say(format_args!("[{number}/{}] {question}", self.steps.len()))?;
        match step {
            Step::Kind => {
                for (number, kind) in (1..).zip(AssessmentKind::ALL) {
                    dialogue.say(format_args!("  {number}  {}", self.phrases.kind_words(kind)))?;
                }
            }
            Step::Criterion(criterion) => self.show_choices(criterion, dialogue)?,
            Step::Indicator(indicator) => {
                dialogue.say(format_args!("  {} ({:?})", self.phrases.number, indicator.unit))?;
            }
            Step::Subject | Step::From | Step::To => {}
        }
        match self.present(step) {
            Some(present) => dialogue.say(format_args!("  = {present}")),
            None => Ok(()),
        }
    }

    fn show_choices(&self, criterion: Criterion<'_>, dialogue: &mut Dialogue<'_>) -> Done {
        for (number, answer) in (1_usize..).zip(answers::choices(criterion.scale)) {
            let label = label_of(self.catalogue, &answer, self.session.language);
            match answer {
                Answer::Level(_) => dialogue.say(format_args!("  {label}"))?,
                _ => dialogue.say(format_args!("  {number}  {label}"))?,
            }
        }
        match criterion.scale {
            Scale::Count => dialogue.say(format_args!("  {}", self.phrases.number)),
            Scale::Words => dialogue.say(format_args!("  {} (/x /- /+ /< /? /q)", self.phrases.words)),
            _ => Ok(()),
        }
    }

    /// What was answered at a step.
    fn present(&self, step: Step<'_>) -> Option<String> {
        let session = &self.session;
        match step {
            Step::Subject => session.subject.map(gathered::subject_text),
            Step::Kind => session.kind.map(|kind| self.phrases.kind_words(kind).to_owned()),
            Step::From => session.from.map(|day| day.to_string()),
            Step::To => session.to.map(|day| day.to_string()),
            Step::Criterion(criterion) => {
                let answered = session.answers.get(criterion.slug)?;
                let answer = label_of(self.catalogue, &answered.answer, session.language);
                Some(match answered.evidence.len() {
                    0 => answer,
                    count => format!("{answer} (+{count})"),
                })
            }
            Step::Indicator(indicator) => session.figures.get(indicator.slug).map(u64::to_string),
        }
    }

    /// What a key does; none where it is no key.
    fn key(&mut self, step: Step<'_>, key: &str, dialogue: &mut Dialogue<'_>) -> Done<Option<Move>> {
        if let Some(place) = key.strip_prefix('=') {
            return self.go(place.trim(), dialogue).map(Some);
        }
        match (key, step) {
            ("q", _) => Ok(Some(Move::Stop)),
            ("<", _) => Ok(Some(Move::Back)),
            ("?", _) => self.explain(step, dialogue).map(|()| Some(Move::Again)),
            ("-", Step::Criterion(criterion)) => {
                self.session.answers.remove(criterion.slug);
                Ok(Some(Move::Next))
            }
            ("-", Step::Indicator(indicator)) => {
                self.session.figures.remove(indicator.slug);
                Ok(Some(Move::Next))
            }
            ("x", Step::Criterion(criterion)) => self.does_not_apply(criterion, dialogue).map(Some),
            ("+", Step::Criterion(criterion)) => self.add_evidence(criterion, dialogue).map(Some),
            _ => Ok(None),
        }
    }

    fn go(&self, place: &str, dialogue: &mut Dialogue<'_>) -> Done<Move> {
        let by_slug = || {
            self.steps.iter().position(|step| match step {
                Step::Criterion(criterion) => criterion.slug.as_str() == place,
                Step::Indicator(indicator) => indicator.slug.as_str() == place,
                _ => false,
            })
        };
        let by_number = place.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let there = by_number.filter(|step| *step < self.steps.len());
        if let Some(step) = there.or_else(by_slug) {
            return Ok(Move::To(step));
        }
        dialogue.say(format_args!("! =1 … ={}", self.steps.len()))?;
        Ok(Move::Again)
    }

    fn explain(&self, step: Step<'_>, dialogue: &mut Dialogue<'_>) -> Done {
        let language = self.session.language;
        let (title, slug, theme) = match step {
            Step::Criterion(criterion) => (criterion.title(language), criterion.slug, criterion.theme),
            Step::Indicator(indicator) => (indicator.title(language), indicator.slug, indicator.theme),
            _ => return dialogue.say(self.phrases.keys),
        };
        let theme = theme.and_then(|theme| self.catalogue.theme(theme.as_str(), language));
        dialogue.say(format_args!("{title} ({slug}) {}", theme.unwrap_or_default()))?;
        dialogue.say(self.so_far())?;
        dialogue.say(self.phrases.keys)
    }

    fn left_as_it_is(&self, step: Step<'_>, dialogue: &mut Dialogue<'_>) -> Done<Move> {
        if self.present(step).is_some() {
            return Ok(Move::Next);
        }
        dialogue.say(self.phrases.keys)?;
        Ok(Move::Again)
    }

    fn does_not_apply(&mut self, criterion: Criterion<'_>, dialogue: &mut Dialogue<'_>) -> Done<Move> {
        dialogue.say(self.phrases.why)?;
        let Some(why) = dialogue.hear()? else {
            return Ok(Move::Stop);
        };
        if why.is_empty() {
            return Ok(Move::Again);
        }
        match Line::new(&why) {
            Ok(why) => self.answered(criterion, Answer::NotApplicable(why)),
            Err(error) => {
                dialogue.say(format_args!("! {error}"))?;
                return Ok(Move::Again);
            }
        }
        Ok(Move::Next)
    }

    fn add_evidence(&mut self, criterion: Criterion<'_>, dialogue: &mut Dialogue<'_>) -> Done<Move> {
        let slug = criterion.slug;
        loop {
            let Some(answered) = self.session.answers.get_mut(slug) else {
                dialogue.say(format_args!("! {}", self.phrases.unanswered))?;
                return Ok(Move::Again);
            };
            if answered.evidence.len() == EVIDENCE_MAX {
                dialogue.say(format_args!("! {EVIDENCE_MAX}"))?;
                return Ok(Move::Again);
            }
            dialogue.say(self.phrases.evidence)?;
            let Some(path) = dialogue.hear()? else {
                return Ok(Move::Stop);
            };
            if path.is_empty() {
                return Ok(Move::Again);
            }
            match gathered::evidence(&path, Path::new("")) {
                Ok(digest) => {
                    answered.evidence.insert(digest);
                    self.session.keep(self.path)?;
                    dialogue.say(format_args!("  SHA-256 {digest}"))?;
                }
                Err(what) => dialogue.say(format_args!("! {what}"))?,
            }
        }
    }

    fn answered(&mut self, criterion: Criterion<'_>, answer: Answer) {
        let before = self.session.answers.remove(criterion.slug);
        let evidence = before.map_or_else(BTreeSet::new, |before| before.evidence);
        self.session
            .answers
            .insert(criterion.slug.clone(), Answered { answer, evidence });
    }

    fn answer(&mut self, step: Step<'_>, line: &str, dialogue: &mut Dialogue<'_>) -> Done<Move> {
        let session = &mut *self.session;
        let wrong = match step {
            Step::Subject => gathered::subject(line).map(|subject| session.subject = Some(subject)),
            Step::Kind => typed_kind(line).map(|kind| session.kind = Some(kind)),
            Step::From => line.parse().map(|day| session.from = Some(day)).map_err(words),
            Step::To => line.parse().map(|day| session.to = Some(day)).map_err(words),
            Step::Criterion(criterion) => match typed(criterion.scale, line, self.phrases) {
                Ok(answer) => {
                    self.answered(criterion, answer);
                    Ok(())
                }
                Err(what) => Err(what),
            },
            Step::Indicator(indicator) => match answers::number(line) {
                Some(figure) => {
                    session.figures.insert(indicator.slug.clone(), figure);
                    Ok(())
                }
                None => Err(self.phrases.number.to_owned()),
            },
        };
        match wrong {
            Ok(()) => Ok(Move::Next),
            Err(what) => {
                dialogue.say(format_args!("! {what}"))?;
                Ok(Move::Again)
            }
        }
    }

    /// After the last question; none where it is to be signed.
    fn end(&self, dialogue: &mut Dialogue<'_>) -> Done<Option<Move>> {
        dialogue.say("")?;
        dialogue.say(self.so_far())?;
        for (number, step) in (1..).zip(&self.steps) {
            let name = match step {
                _ if self.present(*step).is_some() => continue,
                Step::Criterion(criterion) => criterion.title(self.session.language),
                Step::Indicator(indicator) => indicator.title(self.session.language),
                Step::Subject => self.phrases.subject,
                Step::Kind => self.phrases.kind,
                Step::From => self.phrases.from,
                Step::To => self.phrases.to,
            };
            dialogue.say(format_args!("  {}: [{number}] {name}", self.phrases.unanswered))?;
        }
        dialogue.say(self.phrases.end)?;
        let Some(line) = dialogue.hear()? else {
            return Ok(Some(Move::Stop));
        };
        match line.as_str() {
            line if self.phrases.agrees(line) => Ok(None),
            "<" => Ok(Some(Move::Back)),
            "q" => Ok(Some(Move::Stop)),
            line => match line.strip_prefix('=') {
                Some(place) => self.go(place.trim(), dialogue).map(Some),
                None => Ok(Some(Move::Again)),
            },
        }
    }
}

/// An answer as it is typed: the number of a choice, a level, or its words.
fn typed(scale: Scale, line: &str, phrases: &Phrases) -> Result<Answer, String> {
    let is_numbered = !matches!(scale, Scale::Level { .. } | Scale::Count | Scale::Words);
    if is_numbered && let Some(number) = answers::number(line) {
        let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        let chosen = place.and_then(|place| answers::choices(scale).get(place).cloned());
        return chosen.ok_or_else(|| phrases.no_answer.to_owned());
    }
    match answers::read(scale, line, "") {
        Ok(Some(answer)) => Ok(answer),
        Err(answers::AnswerError::Unfit(error)) => Err(error.to_string()),
        Err(answers::AnswerError::NoReason) => Err(phrases.keys.to_owned()),
        Ok(None) | Err(_) => Err(phrases.no_answer.to_owned()),
    }
}

fn typed_kind(line: &str) -> Result<AssessmentKind, String> {
    let number = answers::number(line).and_then(|number| usize::try_from(number).ok());
    let chosen = number
        .and_then(|number| number.checked_sub(1))
        .and_then(|place| AssessmentKind::ALL.get(place));
    chosen.copied().map_or_else(|| gathered::kind(line), Ok)
}

fn words(error: impl core::fmt::Display) -> String {
    error.to_string()
}
