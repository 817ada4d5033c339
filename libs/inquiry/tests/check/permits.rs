//! Whether a permit covered every declaration, by what is told of the last one and of the site.

use diligence::Permit;
use inquiry::check::facts::{looked_up, settled};
use rpc::custody::{Origin, PermitStatus, SitePermit};

use crate::support::{answers, origin, permit, rests};

#[test]
fn one_permit_may_settle_it() {
    let once = |mut origin: Origin| {
        origin.first = origin.last.clone();
        origin
    };
    let with = |permit_then: Option<SitePermit>| Origin {
        permit_then,
        ..origin()
    };
    // It was declared on 2026-04-02 at 10, and on 2026-05-02 at 20.
    let cases = [
        ("as it stands since before the first", origin(), Some(5)),
        ("looked up between both", with(Some(permit(15, "2026-01-01", ""))), None),
        ("began between both", with(Some(permit(5, "2026-04-03", ""))), None),
        ("began on the day", with(Some(permit(5, "2026-04-02", ""))), Some(5)),
        ("none at the last", with(None), None),
        (
            "declared once",
            once(with(Some(permit(15, "2026-04-03", "")))),
            Some(15),
        ),
    ];
    for (name, origin, expected) in cases {
        let expected = expected.map(|position| Permit::InForce(rests(position)));
        assert_eq!(settled(&origin).unwrap(), expected, "{name}");
    }
}

#[test]
fn else_the_permits_of_the_site_are_looked_at() {
    let then = Origin {
        permit_then: Some(permit(15, "2026-01-01", "")),
        ..origin()
    };
    let none = Origin {
        permit_then: None,
        ..origin()
    };
    let suspended = SitePermit {
        status: PermitStatus::Suspended.into(),
        ..permit(6, "2026-01-01", "")
    };
    let covers = || permit(4, "2026-04-02", "2026-04-02");
    let cases = [
        (
            "one covered the first",
            &then,
            vec![permit(3, "2026-04-03", ""), covers()],
            Permit::InForce(rests(15)),
        ),
        (
            "it had ended",
            &then,
            vec![permit(4, "2026-01-01", "2026-04-01")],
            Permit::NotInForce(rests(4)),
        ),
        (
            "it had not begun",
            &then,
            vec![permit(4, "2026-04-03", "")],
            Permit::NotInForce(rests(4)),
        ),
        (
            "it was suspended",
            &then,
            vec![covers_not(), suspended.clone()],
            Permit::NotInForce(rests(6)),
        ),
        ("recorded later", &then, vec![], Permit::NotInForce(rests(15))),
        (
            "none covered the last",
            &none,
            vec![suspended],
            Permit::NotInForce(rests(6)),
        ),
        ("none is recorded", &none, vec![], Permit::NoneRecorded),
    ];
    for (name, origin, recorded, expected) in cases {
        assert_eq!(looked_up(origin, &recorded).unwrap(), expected, "{name}");
    }
}

fn covers_not() -> SitePermit {
    permit(2, "2025-01-01", "2025-12-31")
}

#[test]
fn a_lot_that_was_declared_without_a_permit_is_seen() {
    let mut told = answers();
    assert!(!told.has_no_permit_flag());
    told.provenance.inherited_flags[0].first.as_mut().unwrap().kind = "no-permit".to_owned();
    assert!(told.has_no_permit_flag());
}
