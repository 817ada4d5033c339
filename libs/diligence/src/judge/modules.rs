//! What is judged of modules 1 to 4: whether they are met, by whose word, and since when.

use event::vocabulary::{Module, Slug};

use super::Judging;
use crate::facts::{ModuleFacts, Origin, StandingFacts};
use crate::verdict::{ReasonKind, Term};
use crate::words::{self, listed, word};

impl Judging<'_> {
    pub(super) fn modules(&mut self, origin: &Origin, now: &StandingFacts) {
        let policy = self.policy;
        let Some(asks) = &policy.modules else { return };
        for module in self.asked(origin, now, Term::Modules) {
            if module.is_met() {
                continue;
            }
            let (of, number) = (&origin.organization, module.module.number());
            // Never asked is not "no".
            if module.not_met == 0 {
                let text = match module.unanswered {
                    0 => format!("Nothing was asked of {} under module {number}.", of.name),
                    count => format!(
                        "Of module {number}, nobody answered {count} criteria about {}.",
                        of.name
                    ),
                };
                self.no_data(origin, Term::Modules, text);
                continue;
            }
            let unmet = module.unmet.iter().filter(|unmet| unmet.rests_on.is_some());
            let text = format!(
                "{} does not meet module {number}{}.",
                of.name,
                named(unmet.clone().map(|unmet| &unmet.criterion))
            );
            let said = self.said(text, unmet.filter_map(|unmet| unmet.rests_on));
            self.about_organization(of, Term::Modules, ReasonKind::ModuleNotMet, asks.otherwise, said);
        }
    }

    pub(super) fn assurance(&mut self, origin: &Origin, now: &StandingFacts) {
        let policy = self.policy;
        let Some(asks) = &policy.assurance else { return };
        let of = &origin.organization;
        for module in self.asked(origin, now, Term::Assurance) {
            let number = module.module.number();
            let Some(weakest) = &module.weakest else {
                let text = format!("Nobody said anything under module {number} about {}.", of.name);
                self.no_data(origin, Term::Assurance, text);
                continue;
            };
            if asks.of <= weakest.kind {
                continue;
            }
            let text = format!(
                "Of module {number}, what is said about {} of {} is {}; asked for is {} at least.",
                weakest.criterion,
                of.name,
                word(words::ASSURANCE, &weakest.kind),
                word(words::ASSURANCE, &asks.of)
            );
            let said = self.said(text, [weakest.rests_on]);
            self.about_organization(of, Term::Assurance, ReasonKind::AssuranceTooWeak, asks.otherwise, said);
        }
    }

    pub(super) fn age(&mut self, origin: &Origin, now: &StandingFacts) {
        let policy = self.policy;
        let Some(asks) = &policy.age else { return };
        let of = &origin.organization;
        for module in self.asked(origin, now, Term::Age) {
            let number = module.module.number();
            let Some(oldest) = &module.oldest else {
                let text = format!("Nobody said anything under module {number} about {}.", of.name);
                self.no_data(origin, Term::Age, text);
                continue;
            };
            if self.facts.today <= oldest.day.plus_days(asks.of) {
                continue;
            }
            let text = format!(
                "Of module {number}, what is said about {} of {} is of {}; accepted are {} days.",
                oldest.criterion, of.name, oldest.day, asks.of
            );
            let said = self.said(text, [oldest.rests_on]);
            self.about_organization(of, Term::Age, ReasonKind::AnswerTooOld, asks.otherwise, said);
        }
    }

    pub(super) fn contested(&mut self, origin: &Origin, now: &StandingFacts) {
        let policy = self.policy;
        let Some(asks) = &policy.contested else { return };
        if now.contested == 0 {
            return;
        }
        let of = &origin.organization;
        let text = match now.contested {
            1 => format!("Others say that an answer about {} is not so.", of.name),
            count => format!("Others say that {count} answers about {} are not so.", of.name),
        };
        let said = self.said(text, now.contest);
        self.about_organization(of, Term::Contested, ReasonKind::AnswerContested, asks.otherwise, said);
    }

    /// The modules that the policy asks for. Each that nothing is known of is a reason of its own.
    fn asked<'a>(&mut self, origin: &Origin, now: &'a StandingFacts, term: Term) -> Vec<&'a ModuleFacts> {
        let policy = self.policy;
        let asked = policy.modules.iter().flat_map(|asks| &asks.of);
        let mut found = Vec::new();
        for module in asked {
            match now.modules.iter().find(|known| known.module == *module) {
                Some(known) => found.push(known),
                None => self.no_data(origin, term, not_known(origin, *module)),
            }
        }
        found
    }
}

fn not_known(origin: &Origin, module: Module) -> String {
    let name = &origin.organization.name;
    format!("How far {name} is in module {} is not known.", module.number())
}

/// In brackets, where there is any.
fn named<'a>(criteria: impl Iterator<Item = &'a Slug>) -> String {
    let criteria = listed(criteria.map(ToString::to_string), "and");
    if criteria.is_empty() {
        return criteria;
    }
    format!(" ({criteria})")
}
