//! From facts and a policy to a verdict.

mod lot;
mod modules;
mod origin;

use event::{PartyId, SiteId};

use crate::detail::Detail;
use crate::facts::{Facts, Named, Origin, Rests};
use crate::policy::Policy;
use crate::shares::Shares;
use crate::verdict::{About, Outcome, Reason, ReasonKind, Severity, Term, Verdict};

/// Judges a lot. The same facts, in whatever order their origins stand, and the same policy give the same verdict.
#[must_use]
pub fn judge(facts: &Facts, policy: &Policy) -> Verdict {
    let mut judging = Judging {
        facts,
        policy,
        shares: Shares::of(facts),
        reasons: Vec::new(),
    };
    judging.lot();
    for origin in &facts.origins {
        judging.origin(origin);
    }
    judging.verdict()
}

struct Judging<'a> {
    facts: &'a Facts,
    policy: &'a Policy,
    shares: Shares,
    reasons: Vec<Reason>,
}

impl Judging<'_> {
    fn verdict(mut self) -> Verdict {
        self.reasons.sort_by(Reason::order);
        // An organization that contributed several times has the same reasons several times.
        self.reasons.dedup();
        let worst = self.reasons.iter().map(|reason| reason.severity).max();
        let is_against = |term: Term| {
            let mut reasons = self.reasons.iter();
            reasons.any(|reason| reason.term == term && reason.severity != Severity::Noted)
        };
        // What is asked of every origin holds of none.
        let is_checked = |term: &Term| !self.facts.origins.is_empty() || !is_about_origins(*term);
        let held = self
            .policy
            .terms()
            .filter(|term| is_checked(term) && !is_against(*term));
        Verdict {
            outcome: worst.map_or(Outcome::Eligible, Outcome::from),
            checked: held.collect(),
            reasons: self.reasons,
        }
    }

    /// A reason about the lot, or one that it was made of.
    fn about_lot(&mut self, term: Term, kind: ReasonKind, severity: Severity, said: Said) {
        self.push(About::Lot(said.lot), None, term, kind, severity, said);
    }

    /// A reason about who contributed.
    fn about_organization(
        &mut self,
        of: &Named<PartyId>,
        term: Term,
        kind: ReasonKind,
        severity: Severity,
        said: Said,
    ) {
        let share = self.shares.organization(of.id);
        let severity = self.weighed(severity, share);
        self.push(About::Organization(of.id), share, term, kind, severity, said);
    }

    /// A reason about where it was dug.
    fn about_site(&mut self, of: &Named<SiteId>, term: Term, kind: ReasonKind, severity: Severity, said: Said) {
        let share = self.shares.site(of.id);
        let severity = self.weighed(severity, share);
        self.push(About::Site(of.id), share, term, kind, severity, said);
    }

    /// Nothing is known of what a term asks about an organization.
    fn no_data(&mut self, origin: &Origin, term: Term, detail: Detail) {
        let said = self.said(detail, []);
        let of = &origin.organization;
        self.about_organization(of, term, ReasonKind::NoData, self.policy.no_data, said);
    }

    /// What it comes to, where a small share weighs less. A share that is not known is not small.
    fn weighed(&self, severity: Severity, share: Option<u32>) -> Severity {
        let is_small = share.is_some_and(|share| share < self.policy.ignore_below_ppm);
        if is_small {
            severity.min(Severity::NeedsPerson)
        } else {
            severity
        }
    }

    fn said(&self, detail: Detail, rests_on: impl IntoIterator<Item = Rests>) -> Said {
        let mut rests_on: Vec<_> = rests_on.into_iter().collect();
        rests_on.sort_unstable();
        rests_on.dedup();
        Said {
            lot: self.facts.lot,
            detail,
            rests_on,
        }
    }

    fn push(
        &mut self,
        about: About,
        share_ppm: Option<u32>,
        term: Term,
        kind: ReasonKind,
        severity: Severity,
        said: Said,
    ) {
        self.reasons.push(Reason {
            kind,
            term,
            severity,
            detail: said.detail,
            about,
            share_ppm,
            rests_on: said.rests_on,
        });
    }
}

/// Why, and what that rests on.
struct Said {
    /// On which lot, where it is about one.
    lot: event::LotId,
    detail: Detail,
    rests_on: Vec<Rests>,
}

const fn is_about_origins(term: Term) -> bool {
    match term {
        Term::LotState
        | Term::Holds
        | Term::Suspects
        | Term::Origins
        | Term::Illustrative
        | Term::Flags
        | Term::CustodyModel
        | Term::Documents => false,
        Term::StandingThen
        | Term::StandingNow
        | Term::Modules
        | Term::Assurance
        | Term::Age
        | Term::Contested
        | Term::Scenarios
        | Term::Permit
        | Term::Countries
        | Term::Incidents
        | Term::Plans => true,
    }
}
