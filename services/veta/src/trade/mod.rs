//! The trade by hand: what `veta lot` signs, prints and hands over.
//!
//! - [`quantity`]: masses as they are written and compared. Knows units, and no lot.
//! - [`balance`]: what goes in and what comes out, before lots become others. Warns, and decides nothing.
//! - [`deeds`]: one small function for each statement about a lot. Knows the vocabulary; must not know who signs, what
//!   waits, or any service.
//! - [`known`]: what is known of a lot before something is said of it: from the queue, from a handover, from the custody
//!   service, in this order. Must not decide what the ledger decides.
//! - [`label`]: what is printed for a lot. Must not know whose it is.
//! - [`desk`]: where all of this meets a signer, a queue and a terminal. Must not know the network, nor what a statement
//!   needs.
//!
//! What goes from one device to another, and what it says of a lot, is [`signer`]'s.

pub mod balance;
pub mod deeds;
pub mod desk;
pub mod known;
pub mod label;
pub mod quantity;
