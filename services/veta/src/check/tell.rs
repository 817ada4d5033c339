//! What is printed of a verdict: for people the verdict first, then why, then what it was judged by; for programs all of it
//! as one JSON value.

use diligence::{
    About, CAVEAT, Facts, Named, Outcome, Permit, Policy, Reason, Rests, Severity, StandingFacts, Term, Verdict,
};
use inquiry::check::facts::Gathered;
use rpc::custody::{CustodyModel, FlagCount, LotForm, LotState, Origin, QuantityBasis, SitePermit};
use rpc::progress::Standing;
use serde_json::{Value, json};
use signer::lots;

use crate::print;
use crate::show::{flag_in_words, in_words, instant};
use crate::trade::quantity::percent;

pub(super) struct Told<'a> {
    pub(super) facts: &'a Facts,
    pub(super) answers: &'a Gathered,
    /// None where nobody named one.
    pub(super) policy: Option<&'a Policy>,
    /// By the policy, or by what counts whatever the policy.
    pub(super) verdict: &'a Verdict,
}

impl Told<'_> {
    pub(super) fn people(&self) {
        self.verdict();
        self.reasons();
        self.origins();
        self.flags();
        self.checked();
        print::line(format_args!("\n{CAVEAT}"));
    }

    fn verdict(&self) {
        let facts = self.facts;
        match self.policy {
            Some(policy) => {
                let outcome = self.verdict.outcome.to_string().to_uppercase();
                print::line(format_args!(
                    "{outcome} by the policy {:?}: {}",
                    policy.name(),
                    facts.lot
                ));
            }
            None => print::line(format_args!(
                "{}: no policy was named (--policy FILE), so nothing is judged but what counts whatever a policy says",
                facts.lot
            )),
        }
        let gold = facts.fine_mass.map_or_else(
            || "of which nobody said how fine it is".to_owned(),
            |fine| format!("with {fine} of gold"),
        );
        let state = match facts.state {
            diligence::LotState::Held => String::new(),
            _ => format!(", {}", self.state()),
        };
        print::line(format_args!(
            "{} ({}) of {}, {gold}, {}; in the custody of {}{state}",
            facts.gross_mass,
            lots::basis(facts.basis),
            lots::form(facts.form),
            in_words(CustodyModel::from(facts.custody_model).as_str_name(), "CUSTODY_MODEL_"),
            facts.custodian.name,
        ));
        print::line(format_args!(
            "true of position {} and of {}",
            facts.position,
            instant(self.answers.lot.evaluated_at_unix_ms)
        ));
    }

    fn state(&self) -> String {
        let state = self
            .answers
            .lot
            .lot
            .as_ref()
            .map_or(LotState::Unspecified, rpc::custody::Lot::state);
        in_words(state.as_str_name(), "LOT_STATE_")
    }

    fn reasons(&self) {
        let reasons = &self.verdict.reasons;
        if reasons.is_empty() {
            print::line("\nNothing speaks against it.");
            return;
        }
        print::line(format_args!("\nReasons, the worst first: {}", reasons.len()));
        for reason in reasons {
            let share = reason
                .share_ppm
                .map(|ppm| format!(", {} of the gold", percent(ppm.into())));
            let nobody = if reason.rests_on.is_empty() {
                " Rests on no statement: nobody said anything."
            } else {
                ""
            };
            print::line(format_args!(
                "- {} ({}, {}{}): {}{nobody}",
                leads_to(reason.severity),
                reason.term,
                self.about(reason.about),
                share.unwrap_or_default(),
                reason.detail
            ));
            for rests in &reason.rests_on {
                print::line(format_args!("    rests on {}", cited(rests)));
            }
        }
    }

    fn about(&self, about: About) -> String {
        let origins = &self.facts.origins;
        match about {
            About::Lot(lot) if lot == self.facts.lot => "the lot".to_owned(),
            About::Lot(lot) => lot.to_string(),
            About::Site(id) => name(&id, origins.iter().map(|origin| &origin.site)),
            About::Organization(id) => name(&id, origins.iter().map(|origin| &origin.organization)),
        }
    }

    fn origins(&self) {
        let facts = self.facts;
        print::line(format_args!("\nWhere the gold was dug: {}", facts.origins.len()));
        let rows = facts.origins.iter().zip(&self.answers.origins).map(|(origin, told)| {
            let then = origin.standings_then.iter().map(stood);
            [
                percent(told.share_ppm.into()),
                origin.fine_mass.map_or_else(|| "-".to_owned(), |mass| mass.to_string()),
                named(&origin.site),
                origin
                    .country
                    .map_or_else(|| "-".to_owned(), |country| country.to_string()),
                named(&origin.organization),
                or_no_data(then.collect::<Vec<_>>().join(", ")),
                or_no_data(origin.standing_now.iter().map(stood).collect()),
                permitted(origin.permit, told.permit_then.as_ref()),
            ]
        });
        let header = [
            "share",
            "gold",
            "site",
            "country",
            "organization",
            "stood then",
            "stands now",
            "permit then",
        ];
        print::table(header, rows);
    }

    fn flags(&self) {
        let seen = &self.answers.provenance;
        let flags = seen.own_flags.len() + seen.inherited_flags.len();
        print::line(format_args!("\nFlags, on it and on all it was made of: {flags}"));
        for flag in seen.own_flags.iter().chain(&seen.inherited_flags) {
            let Some(first) = &flag.first else { continue };
            let times = match flag.count {
                0 | 1 => "once".to_owned(),
                count => format!("{count} times"),
            };
            print::line(format_args!("- {}, {times}: {}", first.kind, flag_in_words(first)));
            print::line(format_args!(
                "    first on {} by {} at position {}",
                first.lot_id, first.statement_id, first.position
            ));
        }
    }

    fn checked(&self) {
        let checked: Vec<_> = self.verdict.checked.iter().copied().map(Term::name).collect();
        if checked.is_empty() {
            print::line("\nChecked, and passed: nothing.");
        } else {
            print::line(format_args!("\nChecked, and passed: {}.", checked.join(", ")));
        }
    }

    pub(super) fn json(&self) {
        let Verdict {
            outcome,
            reasons,
            checked,
        } = self.verdict;
        let outcome = self.policy.map(|_| Outcome::name(*outcome));
        print::json(&json!({
            "lot_id": self.facts.lot,
            "policy": self.policy.map(Policy::name),
            "outcome": outcome,
            "reasons": reasons.iter().map(reason_json).collect::<Vec<_>>(),
            "checked": checked.iter().map(|term| term.name()).collect::<Vec<_>>(),
            "facts": self.facts_json(),
            "caveat": CAVEAT,
        }));
    }

    fn facts_json(&self) -> Value {
        let (facts, seen) = (self.facts, &self.answers.provenance);
        let origins = facts.origins.iter().zip(&self.answers.origins);
        let flags = seen.own_flags.iter().chain(&seen.inherited_flags);
        let holds = facts.holds.iter();
        let suspects = facts.suspects.iter();
        json!({
            "position": facts.position.get(),
            "evaluated_at": instant(self.answers.lot.evaluated_at_unix_ms),
            "state": self.state(),
            "custodian": facts.custodian.name,
            "custodian_id": facts.custodian.id,
            "form": in_words(LotForm::from(facts.form).as_str_name(), "LOT_FORM_"),
            "gross_mass_micrograms": facts.gross_mass.micrograms(),
            "fine_mass_micrograms": facts.fine_mass.map(event::Mass::micrograms),
            "quantity": in_words(QuantityBasis::from(facts.basis).as_str_name(), "QUANTITY_BASIS_"),
            "custody_model": in_words(CustodyModel::from(facts.custody_model).as_str_name(), "CUSTODY_MODEL_"),
            "origins": origins.map(|(origin, told)| origin_json(origin, told)).collect::<Vec<_>>(),
            "flags": flags.map(flag_json).collect::<Vec<_>>(),
            "holds": holds.map(|hold| json!({
                "lot_id": hold.lot,
                "reason": hold.reason,
                "rests_on": rests_json(&hold.rests_on),
            })).collect::<Vec<_>>(),
            "suspects": suspects.map(|suspect| json!({
                "lot_id": suspect.lot,
                "statement": rests_json(&suspect.statement),
                "revoked_by": rests_json(&suspect.revoked_by),
            })).collect::<Vec<_>>(),
            "documents": facts.documents.iter().map(|document| json!({
                "kind": document.kind.as_str(),
                "rests_on": rests_json(&document.rests_on),
            })).collect::<Vec<_>>(),
            "left_out": facts.left_out,
        })
    }
}

fn leads_to(severity: Severity) -> &'static str {
    match severity {
        Severity::NotEligible => "NOT ELIGIBLE",
        Severity::NeedsPerson => "needs a person",
        Severity::Noted => "noted",
    }
}

fn cited(rests: &Rests) -> String {
    format!("{} at position {}", rests.statement, rests.position)
}

fn name<'a, Id: PartialEq + core::fmt::Display + 'a>(
    id: &Id,
    mut among: impl Iterator<Item = &'a Named<Id>>,
) -> String {
    among
        .find(|named| named.id == *id)
        .map_or_else(|| id.to_string(), named)
}

fn named<Id: core::fmt::Display>(named: &Named<Id>) -> String {
    format!("{} ({})", named.name, named.id)
}

fn stood(facts: &StandingFacts) -> String {
    format!("{} on {}", standing(facts.standing), facts.day)
}

fn standing(standing: event::vocabulary::Standing) -> String {
    in_words(Standing::from(standing).as_str_name(), "STANDING_")
}

fn or_no_data(text: String) -> String {
    if text.is_empty() { "no data".to_owned() } else { text }
}

fn permitted(permit: Option<Permit>, then: Option<&SitePermit>) -> String {
    let number = then
        .and_then(|then| then.number.as_ref())
        .map(|number| format!("{}:{}", number.source, number.value));
    match permit {
        Some(Permit::InForce(_)) => number.unwrap_or_else(|| "in force".to_owned()),
        Some(Permit::NotInForce(_)) => "NOT IN FORCE".to_owned(),
        Some(Permit::NoneRecorded) => "none recorded".to_owned(),
        None => "no data".to_owned(),
    }
}

fn reason_json(reason: &Reason) -> Value {
    let (kind, id) = match reason.about {
        About::Lot(id) => ("lot", id.to_string()),
        About::Site(id) => ("site", id.to_string()),
        About::Organization(id) => ("organization", id.to_string()),
    };
    json!({
        "severity": reason.severity.name(),
        "term": reason.term.name(),
        "kind": reason.kind.name(),
        "text": reason.detail.to_string(),
        "about": kind,
        "about_id": id,
        "share_ppm": reason.share_ppm,
        "rests_on": reason.rests_on.iter().map(rests_json).collect::<Vec<_>>(),
    })
}

fn rests_json(rests: &Rests) -> Value {
    json!({"position": rests.position.get(), "statement_id": rests.statement})
}

fn flag_json(flag: &FlagCount) -> Value {
    let first = flag.first.clone().unwrap_or_default();
    json!({
        "kind": first.kind,
        "text": flag_in_words(&first),
        "count": flag.count,
        "first_lot_id": first.lot_id,
        "first": {"position": first.position, "statement_id": first.statement_id},
    })
}

fn origin_json(origin: &diligence::Origin, told: &Origin) -> Value {
    let standing_json = |facts: &StandingFacts| {
        json!({
            "standing": standing(facts.standing),
            "position": facts.position.get(),
            "day": facts.day.to_string(),
            "since": facts.since.as_ref().map(rests_json),
            "decided": facts.decided.as_ref().map(|decided| standing(decided.standing)),
            "open_incidents": facts.open_incidents,
            "modules_met": facts.modules.iter().filter(|module| module.is_met()).map(|module| module.module.number()).collect::<Vec<_>>(),
        })
    };
    let (permit, rests) = match origin.permit {
        Some(Permit::InForce(rests)) => ("in force", Some(rests)),
        Some(Permit::NotInForce(rests)) => ("not in force", Some(rests)),
        Some(Permit::NoneRecorded) => ("none recorded", None),
        None => ("no data", None),
    };
    json!({
        "share_ppm": told.share_ppm,
        "fine_mass_micrograms": origin.fine_mass.map(event::Mass::micrograms),
        "site": origin.site.name,
        "site_id": origin.site.id,
        "country": origin.country.map(|country| country.to_string()),
        "organization": origin.organization.name,
        "organization_id": origin.organization.id,
        "lots": told.lots,
        "first": rests_json(&origin.first.rests_on),
        "last": rests_json(&origin.last.rests_on),
        "standings_then": origin.standings_then.iter().map(standing_json).collect::<Vec<_>>(),
        "standing_now": origin.standing_now.as_ref().map(standing_json),
        "permit": permit,
        "permit_number": told.permit_then.as_ref().and_then(|then| then.number.as_ref()).map(|number| format!("{}:{}", number.source, number.value)),
        "permit_rests_on": rests.as_ref().map(rests_json),
    })
}
