//! A buyer's policy: however it is spelled it asks the same, and whatever it asks is a reason or was checked.
#![no_main]

use diligence::{Facts, Hold, KnownNames, LotState, Named, Outcome, Policy, ReasonKind, Rests, Severity, judge};
use event::vocabulary::{CustodyModel, LotForm, QuantityBasis};
use event::{Date, LotId, Mass, PartyId, StatementId, StreamPosition};
use libfuzzer_sys::fuzz_target;

const KNOWN: KnownNames<'static> = KnownNames {
    flags: &["near-capacity", "weighings-differ"],
    documents: &["export-certificate"],
};
const RESTS: Rests = Rests {
    position: StreamPosition::new(7),
    statement: StatementId::from_bytes([7; 32]),
};
const LOT: LotId = LotId::from_bytes([1; 16]);

fuzz_target!(|text: &str| {
    let Ok(policy) = Policy::parse(text, &KNOWN) else {
        return;
    };
    let table: toml::Table = text.parse().expect("a policy is TOML");
    assert_eq!(
        Policy::parse(&format!("{table}# another file\n"), &KNOWN),
        Ok(policy.clone())
    );
    assert!(Policy::parse(&format!("unknown = 1\n{text}"), &KNOWN).is_err());
    check_judged(&policy);
});

fn check_judged(policy: &Policy) {
    let free = facts();
    let mut held = facts();
    held.holds.push(Hold {
        lot: LOT,
        reason: "Seized".to_owned(),
        rests_on: RESTS,
    });
    let (free, held) = (judge(&free, policy), judge(&held, policy));
    assert!(held.reasons.iter().any(|reason| reason.kind == ReasonKind::LotHeld));
    assert!(free.outcome <= held.outcome && held.outcome != Outcome::Eligible);
    for verdict in [&free, &held] {
        assert!(
            verdict
                .checked
                .iter()
                .all(|term| policy.terms().any(|asked| asked == *term))
        );
        for reason in &verdict.reasons {
            assert!(Outcome::from(reason.severity) <= verdict.outcome);
            assert!(reason.severity == Severity::Noted || !verdict.checked.contains(&reason.term));
        }
    }
}

/// A lot of which nobody knows where it was dug.
fn facts() -> Facts {
    Facts {
        lot: LOT,
        position: RESTS.position,
        today: Date::from_unix_days(20_605),
        custodian: Named {
            id: PartyId::from_bytes([9; 16]),
            name: "Trader".to_owned(),
        },
        form: LotForm::Dore,
        gross_mass: Mass::from_micrograms(110_000_000),
        fine_mass: None,
        basis: QuantityBasis::Weighed,
        custody_model: CustodyModel::MassBalance,
        declared: RESTS,
        state: LotState::Held,
        holds: Vec::new(),
        suspects: Vec::new(),
        flags: Vec::new(),
        documents: Vec::new(),
        origins: Vec::new(),
        left_out: 0,
    }
}
