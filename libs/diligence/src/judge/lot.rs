//! What is judged of a lot as a whole. No small share excuses any of it.

use event::vocabulary::QuantityBasis;

use super::{Judging, Said};
use crate::facts::LotState;
use crate::verdict::{ReasonKind, Severity, Term};
use crate::words::{self, word};

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
        let (what, rests_on) = match &self.facts.state {
            LotState::Held => return,
            LotState::Offered { to, rests_on } => {
                let text = format!("The lot is on offer to {}.", to.name);
                let said = self.said(text, [*rests_on]);
                self.about_lot(Term::LotState, ReasonKind::LotOffered, Severity::Noted, said);
                return;
            }
            LotState::Consumed(rests_on) => ("Other lots were made of this one", rests_on),
            LotState::Retired(rests_on) => ("The lot has left the system", rests_on),
            LotState::Lost(rests_on) => ("The lot was lost", rests_on),
        };
        let said = self.said(format!("{what}: it cannot be bought."), [*rests_on]);
        self.about_lot(Term::LotState, ReasonKind::LotGone, Severity::NotEligible, said);
    }

    fn holds(&mut self) {
        for hold in &self.facts.holds {
            let whose = if hold.lot == self.facts.lot {
                "The lot"
            } else {
                "A lot that it was made of"
            };
            let said = self.said(format!("{whose} is held: {}", hold.reason), [hold.rests_on]);
            let said = Said { lot: hold.lot, ..said };
            self.about_lot(Term::Holds, ReasonKind::LotHeld, self.policy.holds, said);
        }
    }

    fn suspects(&mut self) {
        for suspect in &self.facts.suspects {
            let text = "The key that signed a statement on it is said to have been in other hands when it did.";
            let said = self.said(text.to_owned(), [suspect.statement, suspect.revoked_by]);
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
            let said = self.said("Nothing says where the lot was dug.".to_owned(), [self.facts.declared]);
            self.about_lot(term, kind, self.policy.no_data, said);
        } else if let Some(share) = self.shares.unknown(self.facts.fine_mass) {
            let text = format!("Nothing says where {share} parts per million of its fine gold were dug.");
            let said = self.said(text, [self.facts.declared]);
            self.about_lot(term, kind, self.policy.no_data, said);
        }
        if 0 < self.facts.left_out {
            let text = format!("{} more facts about the lot were not gathered.", self.facts.left_out);
            let said = self.said(text, []);
            self.about_lot(term, ReasonKind::NotAllGathered, self.policy.no_data, said);
        }
    }

    fn quantities(&mut self) {
        if self.facts.basis == QuantityBasis::Illustrative {
            let text = "The quantities of the lot are invented: no such gold need exist.";
            let said = self.said(text.to_owned(), [self.facts.declared]);
            let kind = ReasonKind::QuantityIllustrative;
            self.about_lot(Term::Illustrative, kind, self.policy.illustrative, said);
        }
    }

    fn flags(&mut self) {
        for flag in &self.facts.flags {
            // Without a list of flags, they are shown.
            let flags = self.policy.flags.as_ref();
            let severity = flags.map_or(Severity::Noted, |flags| flags.severity(&flag.name));
            let times = match flag.count {
                0 | 1 => String::new(),
                count => format!(", {count} times"),
            };
            let said = self.said(format!("Flagged by the rules: {}{times}.", flag.name), [flag.rests_on]);
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
        let text = format!(
            "About mixing the lot promises {}; asked for is {} at least.",
            word(words::CUSTODY_MODELS, &self.facts.custody_model),
            word(words::CUSTODY_MODELS, &least.of)
        );
        let said = self.said(text, [self.facts.declared]);
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
            let said = self.said(format!("No statement names a document of the kind {kind}."), []);
            self.about_lot(Term::Documents, ReasonKind::DocumentMissing, required.otherwise, said);
        }
    }
}
