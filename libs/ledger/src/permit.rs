//! Rules about what a site may give: permits and capacity.

use event::units::MASS_MAX;
use event::vocabulary::{
    CapacityEstablished, LotDeclared, Period, PermitKind, PermitRecorded, PermitStatus, PermitStatusChanged, Reaction,
    RegisterCheck,
};
use event::{Date, LotId, Mass, PartyId, PermitId, SiteId, Timestamp};
use serde::Serialize;

use crate::Refusal;
use crate::flag::{Flag, FlagKind};
use crate::lot::above;
use crate::rules::{Said, is_increasing};
use crate::state::{Change, Ledger};

/// Permits of one site: all of them are looked at whenever a lot is declared from it.
pub const PERMITS_OF_SITE_MAX: usize = 64;
/// Miners at one site; more is a typing error.
pub const MINERS_MAX: u32 = 1_000_000;
/// How many months of production are remembered: the longest period of a capacity.
const MONTHS: i32 = 12;

/// A permit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Permit {
    /// What it allows.
    pub kind: PermitKind,
    /// To whom.
    pub holder: PartyId,
    /// The first day on which it is valid.
    pub from: Date,
    /// The last day on which it is valid, where it has one.
    pub until: Option<Date>,
    /// The sites it covers, in increasing order.
    pub sites: Vec<SiteId>,
    /// How it was last said to stand.
    pub status: PermitStatus,
    /// The latest time during which it was not in force: from the first day until the one on which it was again.
    pub out: Option<(Date, Option<Date>)>,
    /// When someone last looked it up in its register.
    pub checked: Option<Date>,
}

impl Permit {
    /// Whether it was in force on a day.
    #[must_use]
    pub fn covers(&self, day: Date) -> bool {
        let is_valid = self.from <= day && self.until.is_none_or(|until| day <= until);
        let is_out = self
            .out
            .is_some_and(|(from, again)| from <= day && again.is_none_or(|again| day < again));
        is_valid && !is_out
    }

    /// Whether what was dug on these days may be declared today under it.
    #[must_use]
    pub fn permits(&self, dug: Period, today: Date) -> bool {
        self.covers_all(dug.from, dug.to) && self.covers(today)
    }

    /// Of several permits, the one for which this is greatest counts: the operator's own before others', and of these the
    /// one that was looked up last.
    #[must_use]
    pub fn precedence(&self, operator: PartyId) -> (bool, Option<Date>) {
        (self.holder == operator, self.checked)
    }

    /// Whether it was in force on every day from one to another.
    #[must_use]
    pub fn covers_all(&self, from: Date, to: Date) -> bool {
        let is_out = self
            .out
            .is_some_and(|(out, again)| out <= to && again.is_none_or(|again| from < again));
        self.covers(from) && self.covers(to) && !is_out
    }
}

/// What a site can give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Capacity {
    /// Who says so.
    pub by: PartyId,
    /// In so many months in a row.
    pub months: u8,
    /// So much gold at most.
    pub fine_mass_max: Mass,
    /// By so many miners at most, where that is known.
    pub miners_max: Option<u32>,
}

/// What a site gave in the last twelve months, by the month of the declaration: when something was dug is only said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Production(pub Vec<(i32, Mass)>);

impl Production {
    /// What was declared in so many months in a row, the last of them `month`.
    #[must_use]
    pub fn last(&self, month: i32, months: u8) -> Mass {
        let since = month - i32::from(months);
        self.0
            .iter()
            .filter(|(each, _)| since < *each)
            .map(|(_, mass)| *mass)
            .sum()
    }

    fn with(&self, month: i32, mass: Mass) -> Self {
        let mut kept: Vec<_> = self
            .0
            .iter()
            .copied()
            .filter(|(each, _)| month - MONTHS < *each)
            .collect();
        match kept.last_mut() {
            Some((last, sum)) if *last == month => *sum = sum.plus(mass),
            _ => kept.push((month, mass)),
        }
        Self(kept)
    }
}

pub(crate) fn permit_recorded(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &PermitRecorded,
) -> Result<Vec<Change>, Refusal> {
    if event.holder != said.party && !said.kind.assesses() {
        return Err(Refusal::MayNotRecordPermit);
    }
    if event.until.is_some_and(|until| until < event.from) {
        return Err(Refusal::PermitReversed);
    }
    if event.sites.is_empty() || !is_increasing(&event.sites, |site| site) {
        return Err(Refusal::PermitSitesNotOrdered);
    }
    looked_up(ledger, said, event.checked.as_ref())?;
    ledger.party(&event.holder).ok_or(Refusal::UnknownParty)?;
    if !event.sites.iter().all(|site| ledger.site(site).is_some()) {
        return Err(Refusal::UnknownSite);
    }
    if event
        .sites
        .iter()
        .any(|site| PERMITS_OF_SITE_MAX <= ledger.permits_of(site).len())
    {
        return Err(Refusal::TooManyPermits);
    }
    let reference = ledger.take_reference("permit", Some(&event.number))?;
    let id = PermitId::derive(said.statement.id(), 0);
    let permit = Permit {
        kind: event.kind,
        holder: event.holder,
        from: event.from,
        until: event.until,
        sites: event.sites.to_vec(),
        status: PermitStatus::InForce,
        out: None,
        checked: event.checked.as_ref().map(|checked| checked.on),
    };
    let mut changes = vec![Change::Permit(id, permit)];
    for site in &event.sites {
        let mut permits = ledger.permits_of(site).to_vec();
        permits.push(id);
        changes.push(Change::PermitsOf(*site, permits));
    }
    changes.extend(reference);
    Ok(changes)
}

pub(crate) fn permit_status_changed(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &PermitStatusChanged,
) -> Result<Vec<Change>, Refusal> {
    if !said.kind.assesses() {
        return Err(Refusal::MayNotJudgePermit);
    }
    looked_up(ledger, said, event.checked.as_ref())?;
    let permit = ledger.permit(&event.permit).ok_or(Refusal::UnknownPermit)?;
    if permit.sites[..] != event.sites[..] {
        return Err(Refusal::PermitSitesDiffer);
    }
    if permit.holder == said.party {
        return Err(Refusal::MayNotJudgePermit);
    }
    if permit.status == PermitStatus::Withdrawn {
        return Err(Refusal::PermitWithdrawn);
    }
    let out = match event.status {
        PermitStatus::InForce => permit.out.map(|(from, again)| (from, again.or(Some(event.from)))),
        PermitStatus::Suspended | PermitStatus::Withdrawn => Some((event.from, None)),
    };
    let checked = event.checked.as_ref().map(|checked| checked.on);
    let permit = Permit {
        status: event.status,
        out,
        checked: permit.checked.max(checked),
        ..permit.clone()
    };
    Ok(vec![Change::Permit(event.permit, permit)])
}

pub(crate) fn capacity_established(
    ledger: &Ledger,
    said: &Said<'_>,
    event: &CapacityEstablished,
) -> Result<Vec<Change>, Refusal> {
    if !said.kind.assesses() {
        return Err(Refusal::MayNotEstablishCapacity);
    }
    let miners = event.miners_max.unwrap_or(1);
    let is_possible = Mass::ZERO < event.fine_mass_max && event.fine_mass_max <= MASS_MAX;
    if !is_possible || !(1..=MINERS_MAX).contains(&miners) {
        return Err(Refusal::CapacityOutOfRange);
    }
    ledger.site(&event.site).ok_or(Refusal::UnknownSite)?;
    let capacity = Capacity {
        by: said.party,
        months: event.per.months(),
        fine_mass_max: event.fine_mass_max,
        miners_max: event.miners_max,
    };
    Ok(vec![Change::Capacity(event.site, capacity)])
}

/// Whether a permit covers the declaration of a lot, and what is worth a second look about it.
pub(crate) fn permitted(
    ledger: &Ledger,
    said: &Said<'_>,
    id: LotId,
    event: &LotDeclared,
) -> Result<Vec<Change>, Refusal> {
    let (today, policy) = (said.admitted_at.date(), ledger.policy());
    let permits = ledger.permits_of(&event.site).iter().filter_map(|id| ledger.permit(id));
    let covering = permits.filter(|permit| permit.permits(event.extracted, today));
    let Some(permit) = covering.max_by_key(|permit| permit.precedence(said.party)) else {
        return match policy.unpermitted {
            Reaction::Refuse => Err(Refusal::NoPermit),
            Reaction::Flag => Ok(vec![Change::Flag(Flag::new(FlagKind::NoPermit, id))]),
        };
    };
    let mut flags = Vec::new();
    if permit.holder != said.party {
        flags.push(Change::Flag(Flag::new(FlagKind::PermitOfAnother, id)));
    }
    let unchecked = permit.checked.map_or(u32::MAX, |checked| today.days_since(checked));
    flags.extend(above(
        FlagKind::PermitUnchecked,
        id,
        unchecked.into(),
        policy.permit_check_days_max.into(),
    ));
    let left = permit.until.map(|until| until.days_since(today));
    let line = u64::from(policy.permit_end_days_alert);
    if let Some(left) = left.map(u64::from).filter(|left| *left < line) {
        flags.push(Change::Flag(Flag::with(FlagKind::PermitEnding, id, left, line)));
    }
    Ok(flags)
}

/// Whether a site can give so much gold more, and what it has given with it.
pub(crate) fn produced(
    ledger: &Ledger,
    said: &Said<'_>,
    id: LotId,
    site: SiteId,
    mass: Mass,
) -> Result<Vec<Change>, Refusal> {
    let month = said.admitted_at.date().month();
    let nothing = Production::default();
    let production = ledger.production(&site).unwrap_or(&nothing).with(month, mass);
    let mut flags = Vec::new();
    if let Some(capacity) = ledger.capacity(&site) {
        let policy = ledger.policy();
        let given = production.last(month, capacity.months);
        if capacity.fine_mass_max.ppm(policy.capacity_ppm_max) < given {
            return Err(Refusal::CapacityExceeded);
        }
        let used_ppm = u128::from(given.micrograms()) * 1_000_000 / u128::from(capacity.fine_mass_max.micrograms());
        let used_ppm = u64::try_from(used_ppm).unwrap_or(u64::MAX);
        flags.extend(above(
            FlagKind::NearCapacity,
            id,
            used_ppm,
            policy.capacity_ppm_alert.into(),
        ));
        if let Some(miners) = capacity.miners_max {
            let each = production.last(month, 12).micrograms() / u64::from(miners);
            let line = policy.miner_year_mass_alert.micrograms();
            flags.extend(above(FlagKind::AboveMinerYear, id, each, line));
        }
    }
    flags.insert(0, Change::Production(site, production));
    Ok(flags)
}

fn looked_up(ledger: &Ledger, said: &Said<'_>, checked: Option<&RegisterCheck>) -> Result<(), Refusal> {
    let today: Timestamp = ledger.policy().latest_allowed(said.admitted_at);
    if checked.is_some_and(|checked| today.date() < checked.on) {
        return Err(Refusal::CheckInFuture);
    }
    Ok(())
}
