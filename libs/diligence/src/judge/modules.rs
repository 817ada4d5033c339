//! What is judged of modules 1 to 4: whether they are met, by whose word, and since when.

use event::vocabulary::Module;

use super::Judging;
use crate::detail::Detail;
use crate::facts::{ModuleFacts, Origin, StandingFacts};
use crate::verdict::{ReasonKind, Term};

impl Judging<'_> {
    pub(super) fn modules(&mut self, origin: &Origin, now: &StandingFacts) {
        let policy = self.policy;
        let Some(asks) = &policy.modules else { return };
        for module in self.asked(origin, now, Term::Modules) {
            if module.is_met() {
                continue;
            }
            let of = &origin.organization;
            let organization = of.name.clone();
            // Never asked is not "no".
            if module.not_met == 0 {
                let detail = match module.unanswered {
                    0 => Detail::ModuleNotAsked {
                        organization,
                        module: module.module,
                    },
                    count => Detail::ModuleNotAnswered {
                        organization,
                        module: module.module,
                        count,
                    },
                };
                self.no_data(origin, Term::Modules, detail);
                continue;
            }
            let unmet = module.unmet.iter().filter(|unmet| unmet.rests_on.is_some());
            let detail = Detail::ModuleNotMet {
                organization,
                module: module.module,
                criteria: unmet.clone().map(|unmet| unmet.criterion.clone()).collect(),
            };
            let said = self.said(detail, unmet.filter_map(|unmet| unmet.rests_on));
            self.about_organization(of, Term::Modules, ReasonKind::ModuleNotMet, asks.otherwise, said);
        }
    }

    pub(super) fn assurance(&mut self, origin: &Origin, now: &StandingFacts) {
        let policy = self.policy;
        let Some(asks) = &policy.assurance else { return };
        let of = &origin.organization;
        for module in self.asked(origin, now, Term::Assurance) {
            let Some(weakest) = &module.weakest else {
                self.no_data(origin, Term::Assurance, silent(origin, module));
                continue;
            };
            if asks.of <= weakest.kind {
                continue;
            }
            let detail = Detail::AssuranceTooWeak {
                organization: of.name.clone(),
                module: module.module,
                criterion: weakest.criterion.clone(),
                found: weakest.kind,
                least: asks.of,
            };
            let said = self.said(detail, [weakest.rests_on]);
            self.about_organization(of, Term::Assurance, ReasonKind::AssuranceTooWeak, asks.otherwise, said);
        }
    }

    pub(super) fn age(&mut self, origin: &Origin, now: &StandingFacts) {
        let policy = self.policy;
        let Some(asks) = &policy.age else { return };
        let of = &origin.organization;
        for module in self.asked(origin, now, Term::Age) {
            let Some(oldest) = &module.oldest else {
                self.no_data(origin, Term::Age, silent(origin, module));
                continue;
            };
            if self.facts.today <= oldest.day.plus_days(asks.of) {
                continue;
            }
            let detail = Detail::AnswerTooOld {
                organization: of.name.clone(),
                module: module.module,
                criterion: oldest.criterion.clone(),
                day: oldest.day,
                days: asks.of,
            };
            let said = self.said(detail, [oldest.rests_on]);
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
        let detail = Detail::AnswersContested {
            organization: of.name.clone(),
            count: now.contested,
        };
        let said = self.said(detail, now.contest);
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

fn not_known(origin: &Origin, module: Module) -> Detail {
    Detail::ModuleUnknown {
        organization: origin.organization.name.clone(),
        module,
    }
}

fn silent(origin: &Origin, module: &ModuleFacts) -> Detail {
    Detail::ModuleSilent {
        organization: origin.organization.name.clone(),
        module: module.module,
    }
}
