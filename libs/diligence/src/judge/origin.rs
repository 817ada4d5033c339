//! What is judged of each site and organization that contributed.

use std::collections::BTreeSet;

use event::vocabulary::Standing;

use super::Judging;
use crate::detail::Detail;
use crate::facts::{Origin, Permit, Rests, Scenario, StandingFacts};
use crate::policy::{Asks, Countries, Incidents};
use crate::verdict::{ReasonKind, Severity, Term};

impl Judging<'_> {
    pub(super) fn origin(&mut self, origin: &Origin) {
        self.standings(origin);
        self.permit(origin);
        self.country(origin);
        let now = origin.standing_now.as_ref();
        self.with(origin, now, Term::Modules, Self::modules);
        self.with(origin, now, Term::Assurance, Self::assurance);
        self.with(origin, now, Term::Age, Self::age);
        self.with(origin, now, Term::Contested, Self::contested);
        self.with(origin, now, Term::Scenarios, Self::scenarios);
        self.with(origin, now, Term::Incidents, Self::incidents);
        self.with(origin, now, Term::Plans, Self::plans);
    }

    /// Checks a term by how the organization stands now, where the policy asks for it.
    fn with(
        &mut self,
        origin: &Origin,
        now: Option<&StandingFacts>,
        term: Term,
        check: impl FnOnce(&mut Self, &Origin, &StandingFacts),
    ) {
        if !self.policy.asks(term) {
            return;
        }
        match now {
            Some(now) => check(self, origin, now),
            None => self.no_data(origin, term, now_unknown(origin)),
        }
    }

    fn standings(&mut self, origin: &Origin) {
        let policy = self.policy;
        if let Some(asks) = &policy.standing_then {
            let term = Term::StandingThen;
            if origin.standings_then.is_empty() {
                let organization = origin.organization.name.clone();
                self.no_data(origin, term, Detail::StandingThenUnknown { organization });
            }
            for then in &origin.standings_then {
                self.standing(origin, term, then, asks);
            }
        }
        if let Some(asks) = &policy.standing_now {
            let term = Term::StandingNow;
            match &origin.standing_now {
                Some(now) => self.standing(origin, term, now, asks),
                None => self.no_data(origin, term, now_unknown(origin)),
            }
        }
    }

    /// What follows from the record must be accepted; and whom the scheme suspended is suspended, as the rules have it.
    fn standing(&mut self, origin: &Origin, term: Term, found: &StandingFacts, asks: &Asks<BTreeSet<Standing>>) {
        let of = &origin.organization;
        let (organization, day) = (of.name.clone(), found.day);
        let said_so = found.decided.filter(|decided| !asks.of.contains(&decided.standing));
        if !asks.of.contains(&found.standing) {
            let detail = Detail::StandingNotAccepted {
                organization: organization.clone(),
                day,
                found: found.standing,
                accepted: asks.of.iter().copied().collect(),
            };
            let rests_on = found.since.into_iter().chain(found.causes.iter().copied());
            let said = self.said(detail, rests_on);
            self.about_organization(of, term, ReasonKind::StandingNotAccepted, asks.otherwise, said);
        }
        let Some(decided) = said_so else { return };
        let detail = Detail::SchemeDecided {
            organization,
            day,
            found: decided.standing,
        };
        let said = self.said(detail, [decided.rests_on]);
        let (kind, severity) = if decided.standing == Standing::Suspended {
            (ReasonKind::StandingNotAccepted, asks.otherwise)
        } else {
            (ReasonKind::SchemeDecidedOtherwise, Severity::NeedsPerson)
        };
        self.about_organization(of, term, kind, severity, said);
    }

    fn permit(&mut self, origin: &Origin) {
        let policy = self.policy;
        let Some(asks) = &policy.permit else { return };
        let (term, kind, site) = (Term::Permit, ReasonKind::PermitNotInForce, &origin.site);
        let name = site.name.clone();
        let (detail, rests_on): (_, Vec<Rests>) = match origin.permit {
            Some(Permit::InForce(_)) => return,
            Some(Permit::NotInForce(rests_on)) => (
                Detail::PermitNotInForce { site: name },
                vec![rests_on, origin.first.rests_on, origin.last.rests_on],
            ),
            Some(Permit::NoneRecorded) => (Detail::PermitNotRecorded { site: name }, vec![origin.first.rests_on]),
            None => {
                let said = self.said(Detail::PermitUnknown { site: name }, []);
                self.about_site(site, term, ReasonKind::NoData, policy.no_data, said);
                return;
            }
        };
        let said = self.said(detail, rests_on);
        self.about_site(site, term, kind, asks.otherwise, said);
    }

    fn country(&mut self, origin: &Origin) {
        let policy = self.policy;
        let Some(asks) = &policy.countries else { return };
        let (term, site) = (Term::Countries, &origin.site);
        let name = site.name.clone();
        let Some(country) = origin.country else {
            let said = self.said(Detail::CountryUnknown { site: name }, []);
            self.about_site(site, term, ReasonKind::NoData, policy.no_data, said);
            return;
        };
        let Countries { allowed, denied } = &asks.of;
        let detail = if denied.contains(&country) {
            Detail::CountryDenied { site: name, country }
        } else if !allowed.is_empty() && !allowed.contains(&country) {
            Detail::CountryNotAllowed {
                site: name,
                country,
                allowed: allowed.iter().copied().collect(),
            }
        } else {
            return;
        };
        let said = self.said(detail, [origin.first.rests_on]);
        self.about_site(site, term, ReasonKind::CountryNotAccepted, asks.otherwise, said);
    }

    /// What applies to the site goes before what applies to its organization.
    fn scenarios(&mut self, origin: &Origin, now: &StandingFacts) {
        let policy = self.policy;
        let Some(asks) = &policy.scenarios else { return };
        let of_site: Vec<_> = about(now, |scenario| scenario.site == Some(origin.site.id));
        let of_organization: Vec<_> = about(now, |scenario| scenario.site.is_none());
        // Those that are left out may be the site's.
        let is_whole = now.scenarios_left_out == 0;
        let applying = if of_site.is_empty() && is_whole {
            of_organization
        } else {
            of_site
        };
        if applying.iter().any(|scenario| asks.of.contains(&scenario.slug)) {
            return;
        }
        let site = &origin.site;
        let names = (site.name.clone(), origin.organization.name.clone());
        if applying.is_empty() || !is_whole {
            let detail = Detail::ScenarioUnknown {
                site: names.0,
                organization: names.1,
            };
            let said = self.said(detail, []);
            self.about_site(site, Term::Scenarios, ReasonKind::NoData, policy.no_data, said);
            return;
        }
        let detail = Detail::ScenarioNotAccepted {
            site: names.0,
            organization: names.1,
            found: applying.iter().map(|scenario| scenario.slug.clone()).collect(),
            accepted: asks.of.iter().cloned().collect(),
        };
        let said = self.said(detail, applying.iter().map(|scenario| scenario.rests_on));
        self.about_site(
            site,
            Term::Scenarios,
            ReasonKind::ScenarioNotAccepted,
            asks.otherwise,
            said,
        );
    }

    fn incidents(&mut self, origin: &Origin, now: &StandingFacts) {
        let policy = self.policy;
        let (term, of) = (Term::Incidents, &origin.organization);
        for incident in &now.incidents {
            let is_meant = |asks: &&Asks<Incidents>| {
                let Incidents {
                    categories,
                    confidence,
                    severity,
                } = &asks.of;
                (categories.is_empty() || categories.contains(&incident.category))
                    && *confidence <= incident.confidence
                    && *severity <= incident.severity
            };
            let meant = policy.incidents.iter().filter(is_meant);
            let Some(worst) = meant.map(|asks| asks.otherwise).max() else {
                continue;
            };
            let detail = Detail::IncidentOpen {
                organization: of.name.clone(),
                category: incident.category,
                confidence: incident.confidence,
                severity: incident.severity,
            };
            let said = self.said(detail, [incident.rests_on]);
            self.about_organization(of, term, ReasonKind::IncidentOpen, worst, said);
        }
        let shown = u32::try_from(now.incidents.len()).unwrap_or(u32::MAX);
        if shown < now.open_incidents {
            let detail = Detail::IncidentsNotGathered {
                organization: of.name.clone(),
                count: now.open_incidents - shown,
            };
            self.no_data(origin, term, detail);
        }
    }

    fn plans(&mut self, origin: &Origin, now: &StandingFacts) {
        let policy = self.policy;
        let Some(asks) = &policy.plans else { return };
        if now.overdue_plans == 0 {
            return;
        }
        let of = &origin.organization;
        let detail = Detail::PlansOverdue {
            organization: of.name.clone(),
            count: now.overdue_plans,
            day: now.day,
        };
        let overdue = now.plans.iter().filter(|plan| plan.is_overdue);
        let said = self.said(detail, overdue.map(|plan| plan.rests_on));
        self.about_organization(of, Term::Plans, ReasonKind::PlanOverdue, asks.otherwise, said);
    }
}

fn about(now: &StandingFacts, is_meant: impl Fn(&Scenario) -> bool) -> Vec<&Scenario> {
    now.scenarios.iter().filter(|scenario| is_meant(scenario)).collect()
}

fn now_unknown(origin: &Origin) -> Detail {
    Detail::StandingNowUnknown {
        organization: origin.organization.name.clone(),
    }
}
