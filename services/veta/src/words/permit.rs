//! Sentences about what a site may give: who works it, permits, capacity.

use event::vocabulary::{
    CapacityEstablished, CapacityPeriod, Event, PermitKind, PermitRecorded, PermitStatus, PermitStatusChanged,
    RegisterCheck, SiteAmended,
};

use super::some;

pub(super) fn sentence(event: &Event) -> String {
    match event {
        Event::SiteAmended(e) => amended(e),
        Event::PermitRecorded(e) => recorded(e),
        Event::PermitStatusChanged(e) => changed(e),
        Event::CapacityEstablished(e) => established(e),
        // Every other kind has its sentence elsewhere.
        other => format!("State {}.", other.kind().name()),
    }
}

fn amended(e: &SiteAmended) -> String {
    let operator = e.operator.map(|operator| format!("is worked by {operator}"));
    let name = e.name.as_ref().map(|name| format!("is called {:?}", name.as_str()));
    let deposit = e.deposit.map(|deposit| format!("has its gold as {deposit:?}"));
    let band = e.fineness_band;
    let band = band.map(|band| format!("gives gold of fineness {} to {}", band.from, band.to));
    let changes: Vec<_> = [operator, name, deposit, band].into_iter().flatten().collect();
    format!("From now on {} {}: {}", e.site, changes.join(", "), e.reason)
}

fn recorded(e: &PermitRecorded) -> String {
    let kind = match e.kind {
        PermitKind::Mining => "permit to mine",
        PermitKind::Formalization => "permit to mine while it is formalized",
        PermitKind::Subcontract => "permit to mine on another one's title",
        PermitKind::Subsistence => "permit to mine by hand",
    };
    let until = e.until.map(|until| format!(" to {until}")).unwrap_or_default();
    format!(
        "Record the {kind} {:?} of {:?}, issued by {:?} to {}, valid from {}{until}, for {}{}.",
        e.number.value.as_str(),
        e.number.source.as_str(),
        e.authority.as_str(),
        e.holder,
        e.from,
        some(e.sites.iter().map(ToString::to_string)),
        looked_up(e.checked.as_ref())
    )
}

fn changed(e: &PermitStatusChanged) -> String {
    let status = match e.status {
        PermitStatus::InForce => "is in force",
        PermitStatus::Suspended => "is suspended",
        PermitStatus::Withdrawn => "is withdrawn",
    };
    format!(
        "State that {} {status} from {} on{}: {}",
        e.permit,
        e.from,
        looked_up(e.checked.as_ref()),
        e.reason
    )
}

fn looked_up(checked: Option<&RegisterCheck>) -> String {
    match checked {
        Some(checked) => format!(", as looked up in {:?} on {}", checked.register.as_str(), checked.on),
        None => ", not looked up in a register".to_owned(),
    }
}

fn established(e: &CapacityEstablished) -> String {
    let per = match e.per {
        CapacityPeriod::Month => "a month",
        CapacityPeriod::Quarter => "three months",
        CapacityPeriod::Year => "twelve months",
    };
    let miners = e.miners_max.map(|miners| format!(" by {miners} miners at most"));
    format!(
        "State that {} can give {} of gold in {per} at most{}: {}",
        e.site,
        e.fine_mass_max,
        miners.unwrap_or_default(),
        e.basis
    )
}
