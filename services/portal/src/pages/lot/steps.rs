//! What happened to a lot, statement by statement, and the two signatures of each hand-over.

use rpc::custody::LotStep;
use serde::Serialize;
use utoipa::ToSchema;

use super::facts::said;
use crate::shell::{Named, Said};

/// One statement on a lot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LotStep)]
pub(crate) struct Step {
    /// What happened, such as `custody-offered`.
    pub(crate) event: String,
    /// Who said it, when it was admitted, and where it is recorded.
    pub(crate) said: Said,
    /// Whose key signed it, where that is another party, which may speak in the name of who said it.
    pub(crate) signer: Option<Named>,
    /// The key that signed it, in hexadecimal.
    pub(crate) key: String,
    /// When its signer claims to have said it, in milliseconds since 1970.
    pub(crate) stated_at_unix_ms: i64,
    /// Who had the lot, or the title where that passed on; absent where nobody gave it.
    pub(crate) from: Option<Named>,
    /// Who got it, was offered it, or said no; absent where nobody did.
    pub(crate) to: Option<Named>,
    /// Gross mass that it states, in micrograms; absent where it states none.
    pub(crate) gross_ug: Option<u64>,
    /// Gross mass after it, in micrograms.
    pub(crate) gross_after_ug: u64,
    /// The gold after it, in micrograms; absent where the fineness is not known.
    pub(crate) fine_after_ug: Option<u64>,
    /// A fineness that it states, in parts per million; absent where it states none.
    pub(crate) fineness_ppm: Option<u32>,
    /// How the receiver found the seals, such as `seal-state-intact`; empty where no one took the lot.
    pub(crate) seal_state: String,
    /// Seals or samples that it names.
    pub(crate) seals: Vec<String>,
    /// SHA-256 digests of the documents that it names, in hexadecimal.
    pub(crate) documents: Vec<String>,
    /// Who else looked; absent where nobody is named.
    pub(crate) witness: Option<Named>,
    /// The melt that it names; empty where it names none.
    pub(crate) melt: String,
    /// The number of an export certificate, or the refiner's own; empty where it gives none.
    pub(crate) number: String,
    /// Who issued the certificate; empty where there is none.
    pub(crate) authority: String,
    /// The country it leaves, in two letters; empty where it leaves none.
    pub(crate) from_country: String,
    /// The country it goes to, in two letters; empty where it leaves none.
    pub(crate) to_country: String,
    /// Whether the title passes with the offer.
    pub(crate) with_title: bool,
    /// The incident that it names; empty where it names none.
    pub(crate) incident_id: String,
    /// The statement that it sets right, confirms or replaces, in hexadecimal; empty where there is none.
    pub(crate) target_statement_id: String,
    /// Why, in the words of who said it; empty where none were asked.
    pub(crate) reason: String,
    /// Between which times it came into the log, by the clocks of witnesses; absent where that was not asked.
    pub(crate) bracket: Option<Bracket>,
}

/// Between which times a statement came into the log, by the clocks of witnesses, in seconds since 1970; 0 where that is not
/// known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TimeBracket)]
pub(crate) struct Bracket {
    /// A checkpoint without it was cosigned then.
    pub(crate) not_before_unix_s: u64,
    /// A checkpoint with it was cosigned then.
    pub(crate) not_after_unix_s: u64,
}

/// A lot on its way from one party to another, as each of them signed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Handover {
    /// Who gives it.
    pub(crate) from: Named,
    /// Who is to take it.
    pub(crate) to: Named,
    /// The giver's statement; absent where it lies on an earlier page.
    pub(crate) offered: Option<Said>,
    /// The other statement: of who took it, said no, or took the offer back; absent where there is none.
    pub(crate) answered: Option<Said>,
    /// How it ended: `accepted`, `declined`, `withdrawn`, `open`, or `expired`.
    pub(crate) outcome: &'static str,
    /// Whether the title passes with it.
    pub(crate) with_title: bool,
    /// Gross mass when it was offered, in micrograms; absent where that lies on an earlier page.
    pub(crate) given_ug: Option<u64>,
    /// Gross mass as the receiver measured it, in micrograms; absent where nobody took it.
    pub(crate) measured_ug: Option<u64>,
    /// By how much the receiver found it heavier, in micrograms; below zero where lighter; absent where one of the two is.
    pub(crate) difference_ug: Option<i64>,
    /// How the receiver found the seals, such as `seal-state-intact`; empty where nobody took it.
    pub(crate) seal_state: String,
    /// Why not, in the words of who said no; empty elsewhere.
    pub(crate) reason: String,
}

impl From<LotStep> for Step {
    fn from(step: LotStep) -> Self {
        let seal_state = said(step.seal_state().as_str_name(), step.seal_state);
        let by = step.by.map(Named::from).unwrap_or_default();
        Self {
            event: kebab(&step.event),
            signer: step.signer.map(Named::from).filter(|signer| signer.id != by.id),
            said: Said {
                by,
                statement_id: step.statement_id,
                position: step.position,
                admitted_at_unix_ms: step.admitted_at_unix_ms,
            },
            key: step.key,
            stated_at_unix_ms: step.stated_at_unix_ms,
            from: step.from.map(Named::from),
            to: step.to.map(Named::from),
            gross_ug: step.gross_mass_micrograms,
            gross_after_ug: step.gross_mass_after_micrograms,
            fine_after_ug: step.fine_mass_after_micrograms,
            fineness_ppm: step.fineness.map(|claim| claim.fineness_ppm),
            seal_state,
            seals: step.seals,
            documents: step.document_digests,
            witness: step.witness.map(Named::from),
            melt: step.melt,
            number: step.number,
            authority: step.authority,
            from_country: step.from_country,
            to_country: step.to_country,
            with_title: step.with_title,
            incident_id: step.incident_id,
            target_statement_id: step.target_statement_id,
            reason: step.reason,
            bracket: None,
        }
    }
}

impl Step {
    /// Whether it was said long before it was recorded: then both times are told.
    pub(crate) fn is_late(&self) -> bool {
        const LATE_MS: i64 = 24 * 60 * 60 * 1_000;
        LATE_MS < self.said.admitted_at_unix_ms - self.stated_at_unix_ms
    }
}

/// `CustodyOffered` as `custody-offered`.
pub(crate) fn kebab(event: &str) -> String {
    let mut kebab = String::with_capacity(event.len() + 4);
    for (place, character) in event.char_indices() {
        if character.is_ascii_uppercase() && 0 < place {
            kebab.push('-');
        }
        kebab.push(character.to_ascii_lowercase());
    }
    kebab
}

/// The hand-overs in a path, the oldest first. The offer of the first one may lie on an earlier page. An offer that nobody
/// answered is open only where it is the last, and the lot is on offer.
pub(super) fn handovers(path: &[Step], is_on_offer: bool) -> Vec<Handover> {
    let mut handovers = Vec::new();
    let mut open: Option<Handover> = None;
    for step in path {
        let outcome = match step.event.as_str() {
            "custody-offered" => {
                handovers.extend(open.replace(offered(step)));
                continue;
            }
            "custody-accepted" => "accepted",
            "custody-declined" => "declined",
            "offer-withdrawn" => "withdrawn",
            _ => continue,
        };
        handovers.push(answered(open.take(), step, outcome));
    }
    if let Some(last) = &mut open
        && is_on_offer
    {
        last.outcome = "open";
    }
    handovers.extend(open);
    handovers
}

fn offered(step: &Step) -> Handover {
    Handover {
        from: step.from.clone().unwrap_or_default(),
        to: step.to.clone().unwrap_or_default(),
        offered: Some(step.said.clone()),
        outcome: "expired",
        with_title: step.with_title,
        given_ug: Some(step.gross_after_ug),
        ..Handover::default()
    }
}

fn answered(open: Option<Handover>, step: &Step, outcome: &'static str) -> Handover {
    let open = open.unwrap_or_else(|| Handover {
        from: step.from.clone().unwrap_or_default(),
        to: step.to.clone().unwrap_or_default(),
        ..Handover::default()
    });
    Handover {
        answered: Some(step.said.clone()),
        outcome,
        measured_ug: step.gross_ug,
        difference_ug: difference(open.given_ug, step.gross_ug),
        seal_state: step.seal_state.clone(),
        reason: step.reason.clone(),
        ..open
    }
}

fn difference(given: Option<u64>, measured: Option<u64>) -> Option<i64> {
    let (given, measured) = (i64::try_from(given?).ok()?, i64::try_from(measured?).ok()?);
    Some(measured - given)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party(name: &str) -> Named {
        Named {
            id: format!("org-{name}"),
            name: name.to_owned(),
        }
    }

    /// A step between `from` and `to`, at a position, with the mass that it states and the mass after it.
    fn step(event: &str, position: u64, gross_ug: Option<u64>, gross_after_ug: u64) -> Step {
        Step {
            event: kebab(event),
            said: Said {
                position,
                ..Said::default()
            },
            from: Some(party("giver")),
            to: Some(party("taker")),
            gross_ug,
            gross_after_ug,
            ..Step::default()
        }
    }

    /// Positions of both signatures, how it ended, and the difference.
    type Told = (u64, u64, &'static str, Option<i64>);

    #[track_caller]
    fn check(path: &[Step], is_on_offer: bool, expected: &[Told]) {
        let position = |said: &Option<Said>| said.as_ref().map_or(0, |said| said.position);
        let told = handovers(path, is_on_offer);
        let told = told.iter().map(|handover| {
            assert_eq!((&handover.from, &handover.to), (&party("giver"), &party("taker")));
            let (offered, answered) = (position(&handover.offered), position(&handover.answered));
            (offered, answered, handover.outcome, handover.difference_ug)
        });
        assert_eq!(told.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn each_hand_over_has_the_signatures_of_both_sides() {
        let declared = step("LotDeclared", 1, Some(1_000), 1_000);
        let offered = |position| step("CustodyOffered", position, None, 1_000);
        let taken = |position, measured| step("CustodyAccepted", position, Some(measured), measured);
        check(core::slice::from_ref(&declared), false, &[]);
        check(
            &[declared.clone(), offered(2), taken(3, 990), offered(4), taken(5, 1_010)],
            false,
            &[(2, 3, "accepted", Some(-10)), (4, 5, "accepted", Some(10))],
        );
        let declined = step("CustodyDeclined", 3, None, 1_000);
        let withdrawn = step("OfferWithdrawn", 5, None, 1_000);
        check(
            &[offered(2), declined, offered(4), withdrawn, offered(6)],
            true,
            &[
                (2, 3, "declined", None),
                (4, 5, "withdrawn", None),
                (6, 0, "open", None),
            ],
        );
        // Nothing but time ended the first one, and the last one.
        check(
            &[offered(2), step("LotWeighed", 3, Some(999), 999), offered(4)],
            false,
            &[(2, 0, "expired", None), (4, 0, "expired", None)],
        );
        // The offer lies on an earlier page.
        check(&[taken(51, 990)], false, &[(0, 51, "accepted", None)]);
    }
}
