//! What a site may give: who works it, permits, capacity.

use event::key::Digest;
use event::vocabulary::{
    CapacityEstablished, CapacityPeriod, Deposit, FinenessBand, PermitKind, PermitRecorded, PermitStatus,
    PermitStatusChanged, RegisterCheck, SiteAmended,
};
use event::{Event, Mass, SiteId};

use super::{Case, day, fineness, other_party, permit, reference, site, text};

pub(super) fn events() -> Vec<Case> {
    let mut events = amended_events();
    events.extend(permit_events());
    events.extend(status_events());
    events.extend(capacity_events());
    events
}

fn amended_events() -> Vec<Case> {
    let full = SiteAmended {
        site: site(),
        operator: Some(other_party()),
        name: Some(text("Kalimva-3")),
        deposit: Some(Deposit::Tailings),
        fineness_band: Some(FinenessBand {
            from: fineness(0),
            to: fineness(999_999),
        }),
        reason: text("sold; deed 17/2026"),
    };
    let bare = SiteAmended {
        operator: None,
        name: None,
        deposit: None,
        fineness_band: None,
        ..full.clone()
    };
    vec![
        ("site-amended", "every field", Event::SiteAmended(full)),
        (
            "site-amended-nothing",
            "no field that may be left out; no ledger may admit it",
            Event::SiteAmended(bare),
        ),
    ]
}

fn permit_events() -> Vec<Case> {
    let full = PermitRecorded {
        kind: PermitKind::Mining,
        number: reference(),
        authority: text("CAMI, Kinshasa"),
        holder: other_party(),
        from: day("2020-02-29"),
        until: Some(day("2030-02-28")),
        sites: vec![site(), SiteId::from_bytes([0xff; 16])]
            .try_into()
            .expect("two sites"),
        document: Some(Digest::from_bytes([0xd0; 32])),
        checked: Some(checked()),
    };
    let bare = PermitRecorded {
        kind: PermitKind::Subsistence,
        until: None,
        document: None,
        checked: None,
        ..full.clone()
    };
    let with = |kind| Event::PermitRecorded(PermitRecorded { kind, ..full.clone() });
    vec![
        ("permit-recorded-mining", "every field", with(PermitKind::Mining)),
        (
            "permit-recorded-formalization",
            "every field",
            with(PermitKind::Formalization),
        ),
        (
            "permit-recorded-subcontract",
            "every field",
            with(PermitKind::Subcontract),
        ),
        (
            "permit-recorded-subsistence",
            "no field that may be left out",
            Event::PermitRecorded(bare),
        ),
    ]
}

fn status_events() -> Vec<Case> {
    let changed = |status, checked| {
        Event::PermitStatusChanged(PermitStatusChanged {
            permit: permit(),
            sites: vec![site()].try_into().expect("one site"),
            status,
            from: day("2026-05-01"),
            checked,
            reason: text("rent is due"),
        })
    };
    vec![
        (
            "permit-status-changed-in-force",
            "looked up",
            changed(PermitStatus::InForce, Some(checked())),
        ),
        (
            "permit-status-changed-suspended",
            "not looked up",
            changed(PermitStatus::Suspended, None),
        ),
        (
            "permit-status-changed-withdrawn",
            "not looked up",
            changed(PermitStatus::Withdrawn, None),
        ),
    ]
}

fn checked() -> RegisterCheck {
    RegisterCheck {
        register: text("drclicences.cami.cd"),
        on: day("2026-05-30"),
    }
}

fn capacity_events() -> Vec<Case> {
    let established = |per, miners_max| {
        Event::CapacityEstablished(CapacityEstablished {
            site: site(),
            per,
            fine_mass_max: Mass::from_micrograms(1_500_000_000),
            miners_max,
            basis: text("40 miners, 22 days, 2 g a day"),
        })
    };
    vec![
        (
            "capacity-established-month",
            "as many miners as fit",
            established(CapacityPeriod::Month, Some(u32::MAX)),
        ),
        (
            "capacity-established-quarter",
            "no number of miners",
            established(CapacityPeriod::Quarter, None),
        ),
        (
            "capacity-established-year",
            "forty miners",
            established(CapacityPeriod::Year, Some(40)),
        ),
    ]
}
