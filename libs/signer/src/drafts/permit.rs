//! Drafts of what a site may give: who works it, permits, capacity.

use event::key::Digest;
use event::vocabulary::{
    CapacityEstablished, CapacityPeriod, Event, EventKind, PermitKind, PermitRecorded, PermitStatus,
    PermitStatusChanged, Reference, RegisterCheck, SiteAmended,
};
use event::{Mass, PartyId, PermitId, SiteId, Timestamp};

use super::{DRAFT_DAYS, list, slug, text};

pub(super) fn sample(kind: EventKind, now: Timestamp) -> Event {
    let (site, today) = (SiteId::from_bytes([0; 16]), now.date());
    let checked = RegisterCheck {
        register: text("WHICH REGISTER"),
        on: today,
    };
    match kind {
        EventKind::PermitRecorded => Event::PermitRecorded(PermitRecorded {
            kind: PermitKind::Mining,
            number: Reference {
                source: slug("whose-register"),
                value: text("NUMBER"),
            },
            authority: text("WHO ISSUED IT"),
            holder: PartyId::from_bytes([0; 16]),
            from: today,
            until: Some(today.plus_days(DRAFT_DAYS)),
            sites: list(vec![site]),
            document: Some(Digest::from_bytes([0; 32])),
            checked: Some(checked),
        }),
        EventKind::PermitStatusChanged => Event::PermitStatusChanged(PermitStatusChanged {
            permit: PermitId::from_bytes([0; 16]),
            sites: list(vec![site]),
            status: PermitStatus::Suspended,
            from: today,
            checked: Some(checked),
            reason: text("WHY"),
        }),
        EventKind::CapacityEstablished => Event::CapacityEstablished(CapacityEstablished {
            site,
            per: CapacityPeriod::Month,
            fine_mass_max: Mass::from_micrograms(1_000_000_000),
            miners_max: Some(50),
            basis: text("WHAT THAT RESTS ON"),
        }),
        _ => Event::SiteAmended(SiteAmended {
            site,
            operator: Some(PartyId::from_bytes([0; 16])),
            name: None,
            deposit: None,
            fineness_band: None,
            reason: text("ON WHAT GROUNDS"),
        }),
    }
}
