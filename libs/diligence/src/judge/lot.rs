//! What is judged of a lot as a whole. No small share excuses any of it.

use event::vocabulary::QuantityBasis;

use super::{Judging, Said};
use crate::detail::{Detail, Ppm};
use crate::facts::LotState;
use crate::verdict::{ReasonKind, Severity, Term};

impl Judging<'_> {
    pub(super) fn lot(&mut self) {
        self.state();
        self.holds();
        self.suspects();
        self.contributions();
        self.quantities();
        self.flags();
        self.custody_model();
        self.documents();
    }

    fn state(&mut self) {
        let (detail, rests_on) = match &self.facts.state {
            LotState::Held => return,
            LotState::Offered { to, rests_on } => {
                let said = self.said(Detail::OnOffer { to: to.name.clone() }, [*rests_on]);
                self.about_lot(Term::LotState, ReasonKind::LotOffered, Severity::Noted, said);
                return;
            }
            LotState::Consumed(rests_on) => (Detail::Consumed {}, rests_on),
            LotState::Retired(rests_on) => (Detail::Retired {}, rests_on),
            LotState::Lost(rests_on) => (Detail::Lost {}, rests_on),
        };
        let said = self.said(detail, [*rests_on]);
        self.about_lot(Term::LotState, ReasonKind::LotGone, Severity::NotEligible, said);
    }

    fn holds(&mut self) {
        for hold in &self.facts.holds {
            let reason = hold.reason.clone();
            let detail = if hold.lot == self.facts.lot {
                Detail::Held { reason }
            } else {
                Detail::HeldBefore { reason }
            };
            let said = self.said(detail, [hold.rests_on]);
            let said = Said { lot: hold.lot, ..said };
            self.about_lot(Term::Holds, ReasonKind::LotHeld, self.policy.holds, said);
        }
    }

    fn suspects(&mut self) {
        for suspect in &self.facts.suspects {
            let said = self.said(Detail::KeyInOtherHands {}, [suspect.statement, suspect.revoked_by]);
            let said = Said {
                lot: suspect.lot,
                ..said
            };
            self.about_lot(Term::Suspects, ReasonKind::StatementSuspect, self.policy.suspects, said);
        }
    }

    /// Whether everyone who contributed is known.
    fn contributions(&mut self) {
        let (term, kind) = (Term::Origins, ReasonKind::OriginUnknown);
        if self.facts.origins.is_empty() {
            let said = self.said(Detail::OriginUnknown {}, [self.facts.declared]);
            self.about_lot(term, kind, self.policy.no_data, said);
        } else if let Some(share) = self.shares.unknown(self.facts.fine_mass) {
            let detail = Detail::OriginOfPartUnknown { part: Ppm(share) };
            let said = self.said(detail, [self.facts.declared]);
            self.about_lot(term, kind, self.policy.no_data, said);
        }
        if 0 < self.facts.left_out {
            let count = self.facts.left_out;
            let said = self.said(Detail::NotGathered { count }, []);
            self.about_lot(term, ReasonKind::NotAllGathered, self.policy.no_data, said);
        }
    }

    fn quantities(&mut self) {
        if self.facts.basis == QuantityBasis::Illustrative {
            let said = self.said(Detail::Invented {}, [self.facts.declared]);
            let kind = ReasonKind::QuantityIllustrative;
            self.about_lot(Term::Illustrative, kind, self.policy.illustrative, said);
        }
    }

    fn flags(&mut self) {
        for flag in &self.facts.flags {
            // Without a list of flags, they are shown.
            let flags = self.policy.flags.as_ref();
            let severity = flags.map_or(Severity::Noted, |flags| flags.severity(&flag.name));
            let detail = Detail::Flagged {
                flag: flag.name.clone(),
                count: flag.count,
            };
            let said = self.said(detail, [flag.rests_on]);
            let said = Said { lot: flag.lot, ..said };
            self.about_lot(Term::Flags, ReasonKind::Flagged, severity, said);
        }
    }

    fn custody_model(&mut self) {
        let Some(least) = &self.policy.custody_model else {
            return;
        };
        // Later models promise less.
        if self.facts.custody_model <= least.of {
            return;
        }
        let detail = Detail::CustodyModelTooWeak {
            found: self.facts.custody_model,
            least: least.of,
        };
        let said = self.said(detail, [self.facts.declared]);
        let kind = ReasonKind::CustodyModelTooWeak;
        self.about_lot(Term::CustodyModel, kind, least.otherwise, said);
    }

    fn documents(&mut self) {
        let Some(required) = &self.policy.documents else {
            return;
        };
        for kind in &required.of {
            if self.facts.documents.iter().any(|document| document.kind == *kind) {
                continue;
            }
            let document = kind.clone();
            let said = self.said(Detail::DocumentMissing { document }, []);
            self.about_lot(Term::Documents, ReasonKind::DocumentMissing, required.otherwise, said);
        }
    }
}
