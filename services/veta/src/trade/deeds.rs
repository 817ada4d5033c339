//! What is said of a lot: one small function for each statement.

use event::vocabulary::{
    CustodyAccepted, CustodyDeclined, CustodyModel, CustodyOffered, Evidence, FinenessClaim, Line, LotAfter,
    LotDeclared, LotForm, LotRetired, OfferWithdrawn, Period, QuantityBasis, SealState, ShortText,
};
use event::{Date, Event, List, LotId, Mass, PartyId, SiteId, StatementId};

use crate::trouble::{Done, Trouble};

/// A lot, and the latest statement on it.
#[derive(Clone, Copy, Debug)]
pub struct At {
    /// Which lot.
    pub lot: LotId,
    /// What the next statement follows.
    pub after: StatementId,
}

/// What somebody who has dug gold says of it.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// Where it was dug.
    pub site: SiteId,
    /// What it looks like.
    pub form: LotForm,
    /// As weighed.
    pub gross_mass: Mass,
    /// Where the masses come from.
    pub basis: QuantityBasis,
    /// Its gold content, where known.
    pub fineness: Option<FinenessClaim>,
    /// The first and the last day on which it was dug.
    pub extracted: Period,
    /// What is promised about mixing.
    pub custody_model: CustodyModel,
    /// Numbers of the seals or tags on it, in any order.
    pub seals: Vec<ShortText>,
    /// How many miners dug it, where that is known.
    pub miners: Option<u32>,
    /// What supports it.
    pub documents: Evidence,
}

/// A lot is known from here on. What nobody could mean is found before it is signed.
pub fn declare(said: Declaration, today: Date) -> Done<Event> {
    let Period { from, to } = said.extracted;
    if to < from {
        return Err(Trouble::usage(format_args!(
            "it was dug until {to}, before {from}: exchange --from and --to"
        )));
    }
    // Where the signer is, it may be tomorrow.
    if today.plus_days(1) < to {
        return Err(Trouble::usage(format_args!(
            "it cannot have been dug on {to}: today is {today}"
        )));
    }
    let seals = numbered(said.seals, "seal")?;
    Ok(Event::LotDeclared(LotDeclared {
        site: said.site,
        form: said.form,
        gross_mass: said.gross_mass,
        basis: said.basis,
        fineness: said.fineness,
        extracted: said.extracted,
        custody_model: said.custody_model,
        seals,
        miners: said.miners,
        documents: said.documents,
    }))
}

/// Numbers in the order that the ledger asks for, each once; `what` is the word for what bears one.
pub fn numbered<const MAX: usize>(mut numbers: Vec<ShortText>, what: &str) -> Done<List<ShortText, MAX>> {
    numbers.sort();
    if let Some([number, ..]) = numbers.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Trouble::usage(format_args!("the {what} {number} is named twice")));
    }
    let few = numbers.try_into();
    few.map_err(|_| Trouble::usage(format_args!("at most {MAX} {what}s are named at once")))
}

/// Lots in the order that the ledger asks for, each once.
pub fn in_order<const MAX: usize>(mut lots: Vec<LotAfter>) -> Done<List<LotAfter, MAX>> {
    lots.sort_unstable_by_key(|each| each.lot);
    if let Some([each, ..]) = lots.windows(2).find(|pair| pair[0].lot == pair[1].lot) {
        return Err(Trouble::usage(format_args!("{} is named twice", each.lot)));
    }
    let few = lots.try_into();
    few.map_err(|_| Trouble::usage(format_args!("at most {MAX} lots go into one statement")))
}

/// The custodian offers it, and with the title if its owner does.
#[must_use]
pub const fn offer(At { lot, after }: At, to: PartyId, with_title: bool, documents: Evidence) -> Event {
    Event::CustodyOffered(CustodyOffered {
        lot,
        after,
        to,
        with_title,
        documents,
    })
}

/// The receiver has it, and has weighed it.
#[must_use]
pub const fn accept(At { lot, after }: At, gross_mass: Mass, seals: SealState) -> Event {
    Event::CustodyAccepted(CustodyAccepted {
        lot,
        after,
        gross_mass,
        seals,
    })
}

/// The receiver does not take it.
#[must_use]
pub const fn decline(At { lot, after }: At, reason: Line) -> Event {
    Event::CustodyDeclined(CustodyDeclined { lot, after, reason })
}

/// The custodian takes the offer back.
#[must_use]
pub const fn withdraw(At { lot, after }: At) -> Event {
    Event::OfferWithdrawn(OfferWithdrawn { lot, after })
}

/// It leaves the system.
#[must_use]
pub const fn retire(At { lot, after }: At, reason: Line) -> Event {
    Event::LotRetired(LotRetired { lot, after, reason })
}
