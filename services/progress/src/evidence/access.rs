//! Who asks, and which files are for him. Pure: the ledger and the day are arguments.

use event::vocabulary::PartyKind;
use event::{Date, PartyId, PublicKey, Visibility};
use journal::evidence::AccessWay;
use ledger::{Between, Ledger};
use rpc::evidence::EvidenceRefusal;

/// A party that asks with a key of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Asker {
    /// Which.
    pub(crate) party: PartyId,
    /// What it does.
    pub(crate) kind: PartyKind,
    /// With which key.
    pub(crate) key: PublicKey,
    /// How it asks.
    pub(crate) way: AccessWay,
}

/// The party that a key speaks for now.
pub(crate) fn asker(ledger: &Ledger, key: &PublicKey, way: AccessWay) -> Result<Asker, EvidenceRefusal> {
    let known = ledger.key(key).ok_or(EvidenceRefusal::UnknownKey)?;
    if known.revoked.is_some() {
        return Err(EvidenceRefusal::RevokedKey);
    }
    let party = ledger.party(&known.party).ok_or(EvidenceRefusal::UnknownKey)?;
    Ok(Asker {
        party: known.party,
        kind: party.kind,
        key: *key,
        way,
    })
}

/// Whether it may have a file kept in the name of `owner`: its own, or that of a party that lets it speak.
pub(crate) fn may_put(ledger: &Ledger, asker: Asker, owner: PartyId, today: Date) -> bool {
    speaks_for(ledger, asker, owner, today)
}

/// Whether a file is for it; `None` is anyone.
pub(crate) fn may_see(
    ledger: &Ledger,
    asker: Option<Asker>,
    owner: PartyId,
    visibility: Visibility,
    today: Date,
) -> bool {
    if visibility == Visibility::Public {
        return true;
    }
    let Some(asker) = asker else { return false };
    if speaks_for(ledger, asker, owner, today) {
        return true;
    }
    match visibility {
        Visibility::Public => true,
        Visibility::Buyers => asker.kind.buys() || asker.kind.assesses(),
        Visibility::Auditors => asker.kind.assesses(),
        Visibility::Organization => false,
    }
}

/// Whether it may know who looked at the files of `owner`.
pub(crate) fn may_see_looks(ledger: &Ledger, asker: Asker, owner: PartyId, today: Date) -> bool {
    speaks_for(ledger, asker, owner, today)
}

fn speaks_for(ledger: &Ledger, asker: Asker, owner: PartyId, today: Date) -> bool {
    let between = Between {
        from: owner,
        to: asker.party,
    };
    let is_let = || {
        let delegation = ledger.delegation(&between);
        delegation.is_some_and(|delegation| !delegation.revoked && today <= delegation.until)
    };
    asker.party == owner || is_let()
}
