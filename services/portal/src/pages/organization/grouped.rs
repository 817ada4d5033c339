//! What the page of an organization says once for many: what is to be done, and what one statement under another catalogue answers.

use super::view::{OrganizationView, Step};
use crate::answers::{Given, Standing, Word};

/// What is to be done so that one thing does not follow.
#[derive(Debug)]
pub(super) struct Todo<'a> {
    /// What follows otherwise, such as `consequence-lapses`.
    pub(super) consequence: &'a str,
    pub(super) tasks: Vec<Task<'a>>,
}

/// Steps of one kind, in one module.
#[derive(Debug)]
pub(super) struct Task<'a> {
    pub(super) kind: &'a str,
    /// Which module; absent where they are for no criterion.
    pub(super) module: Option<u32>,
    pub(super) steps: Vec<&'a Step>,
}

/// What one statement answers under another catalogue.
#[derive(Debug)]
pub(super) struct Elsewhere<'a> {
    pub(super) catalogue: &'a str,
    pub(super) word: &'a Word,
    pub(super) facts: Vec<Fact<'a>>,
}

/// One answer under another catalogue, and what was answered before.
#[derive(Debug)]
pub(super) struct Fact<'a> {
    pub(super) standing: &'a Standing,
    pub(super) earlier: Vec<&'a Given>,
}

/// What weighs most first, as the steps are.
pub(super) fn todo(steps: &[Step]) -> Vec<Todo<'_>> {
    let mut all: Vec<Todo<'_>> = Vec::new();
    for step in steps {
        let todo = place(
            &mut all,
            |todo| todo.consequence == step.consequence,
            || Todo {
                consequence: &step.consequence,
                tasks: Vec::new(),
            },
        );
        let module = step.asked.as_ref().map(|asked| asked.module);
        let task = place(
            &mut todo.tasks,
            |task| (task.kind, task.module) == (&step.kind, module),
            || Task {
                kind: &step.kind,
                module,
                steps: Vec::new(),
            },
        );
        task.steps.push(step);
    }
    all
}

/// A frame for each statement, as its first answer comes.
pub(super) fn elsewhere(view: &OrganizationView) -> Vec<Elsewhere<'_>> {
    let mut all: Vec<Elsewhere<'_>> = Vec::new();
    for standing in &view.elsewhere {
        let (asked, word) = (&standing.given.asked, &standing.given.word);
        let is_same =
            |one: &Elsewhere<'_>| one.catalogue == asked.catalogue && one.word.said.position == word.said.position;
        let one = place(&mut all, is_same, || Elsewhere {
            catalogue: &asked.catalogue,
            word,
            facts: Vec::new(),
        });
        let is_earlier =
            |given: &&Given| (&given.asked.catalogue, given.asked.number) == (&asked.catalogue, asked.number);
        one.facts.push(Fact {
            standing,
            earlier: view.elsewhere_earlier.iter().filter(is_earlier).collect(),
        });
    }
    all
}

impl Elsewhere<'_> {
    /// Whether it is older than policy calls fresh.
    pub(super) fn is_stale(&self) -> bool {
        self.facts.iter().any(|fact| fact.standing.is_stale)
    }

    /// How often the same was answered before.
    pub(super) fn earlier(&self) -> usize {
        self.facts.iter().map(|fact| fact.earlier.len()).max().unwrap_or(0)
    }
}

/// The one that is meant, which is made where there is none.
fn place<T>(all: &mut Vec<T>, is_meant: impl Fn(&T) -> bool, make: impl FnOnce() -> T) -> &mut T {
    let known = all.iter().position(is_meant);
    let place = known.unwrap_or_else(|| {
        all.push(make());
        all.len() - 1
    });
    &mut all[place]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answers::{Answered, Asked};
    use crate::shell::Said;

    fn asked(catalogue: &str, number: u32, module: u32) -> Asked {
        Asked {
            catalogue: catalogue.to_owned(),
            number,
            module,
            ..Asked::default()
        }
    }

    #[test]
    fn a_consequence_is_said_once_and_its_criteria_stand_by_module() {
        let step = |kind: &str, consequence: &str, module: Option<u32>| Step {
            kind: kind.to_owned(),
            consequence: consequence.to_owned(),
            asked: module.map(|module| asked("craft-derived", 0, module)),
            ..Step::default()
        };
        let steps = [
            step("resolve", "suspended", None),
            step("answer", "held-back", Some(1)),
            step("publish", "held-back", None),
            step("answer", "held-back", Some(2)),
            step("answer", "held-back", Some(1)),
        ];
        let told: Vec<_> = todo(&steps)
            .into_iter()
            .flat_map(|todo| {
                let consequence = todo.consequence;
                let tasks = todo.tasks.into_iter();
                tasks.map(move |task| (consequence, task.kind, task.module, task.steps.len()))
            })
            .collect();
        let expected = [
            ("suspended", "resolve", None, 1),
            ("held-back", "answer", Some(1), 2),
            ("held-back", "publish", None, 1),
            ("held-back", "answer", Some(2), 1),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn what_one_statement_answers_elsewhere_stands_together_with_what_was_said_before() {
        let given = |number: u32, position: u64| Given {
            asked: asked("scheme-certifications", number, 0),
            answered: Some(Answered::Fail),
            word: Word {
                said: Said {
                    position,
                    ..Said::default()
                },
                ..Word::default()
            },
            ..Given::default()
        };
        let standing = |number: u32, position: u64| Standing {
            given: given(number, position),
            ..Standing::default()
        };
        let view = OrganizationView {
            elsewhere: vec![standing(1, 9), standing(2, 9), standing(3, 8)],
            elsewhere_earlier: vec![given(1, 7), given(1, 6), given(3, 7)],
            ..OrganizationView::default()
        };
        let told: Vec<_> = elsewhere(&view)
            .iter()
            .map(|one| (one.word.said.position, one.facts.len(), one.earlier()))
            .collect();
        assert_eq!(told, [(9, 2, 2), (8, 1, 1)]);
    }
}
