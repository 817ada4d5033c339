//! May I buy this lot, given the miners behind it? A buyer's own answer, from facts and a policy of his own.
//!
//! # In scope
//! - [`Policy`]: what a buyer asks for, read from a file; [`Policy::faults`] says of each fault where it is and what to write.
//! - [`Facts`]: everything that must be known about one lot, with the statements that it rests on.
//! - [`judge`]: the [`Verdict`], with every reason and what was checked.
//!
//! # Out of scope
//! - Gathering the facts: whoever asks `custody` and `progress`, as `inquiry::check` does. The policy never leaves the buyer.
//! - Whether what was said is recorded: the proofs of `audit`. Whether it is true: nobody's here.
//!
//! # Invariants
//! - No I/O, no clock, no floating point, no order of hashes: the same facts and policy give the same verdict everywhere.
//! - *No data* is never a pass: of what the policy asks for, everything that is not known is a reason.
//! - The outcome is the worst of the reasons, and each names the statements that it rests on.
//! - A share is never shown smaller than it is, and nobody's share is made small by standing in several places.
//!
//! # A policy file
//!
//! TOML of at most 64 KiB. A key that is not known is an error. Every table may be left out; then its term is not asked for.
//! In every table but `[flags]`, `verdict` says what follows where the term does not hold: `"not-eligible"`, which is meant
//! where it is left out, or `"person"`: a person must look.
//!
//! | key | asks | holds where |
//! |---|---|---|
//! | `version = 1` | | must be there |
//! | `name = "…"` | | must be there: what people call the policy |
//! | `no_data = "person"` | what follows where something that is asked for is not known: `person`, or `not-eligible` | |
//! | `ignore_below_ppm = 0` | below which share of the fine mass, in parts per million, shortcomings of an organization or a site only need a person | |
//! | `illustrative = "person"` | what follows from invented quantities: `refuse`, `person` or `allow` | the masses were weighed |
//! | `[holds]` | always; `verdict` is `not-eligible` where it is left out | nobody holds the lot, or one that it was made of |
//! | `[suspects]` | always; `verdict` is `person` where it is left out | no key was compromised when it signed a statement on them |
//! | `[standing_then]` `accepted = ["candidate", "affiliate"]` | how organizations stood when they declared | what follows from the record is accepted; the scheme had not suspended them; where it decided otherwise, a person must look |
//! | `[standing_now]` `accepted = […]` | how they stand now | the same |
//! | `[modules]` `met = [1, 2, 3]` | which modules they meet now | every criterion is answered and met |
//! | `[assurance]` `least = "third-party"` | by whose word: `self-reported`, `implementer`, `monitor`, `third-party` | no answer under these modules rests on less |
//! | `[age]` `days_max = 365` | how old these answers may be | the last day of each is not longer ago |
//! | `[contested]` | whether answers to modules 1 to 4 stand unchallenged | nobody contests one |
//! | `[scenarios]` `accepted = ["legit.case1_legal"]` | which legitimacy scenario applies now, by the catalogue's slugs | one of these applies to the site, or, where none was asked about it, to the organization |
//! | `[permit]` | whether a permit covered the site | one was in force at every declaration |
//! | `[countries]` `allowed = ["PE"]`, `denied = ["RU"]` | in which country the site is, by two letters of ISO 3166-1 | it is among the allowed, where any is named, and not among the denied |
//! | `[[incidents]]` `categories = […]`, `confidence = "allegation"`, `severity = "minor"` | about open incidents, in as many tables as need be: of which categories (left out: all), at least how sure (`allegation`, `founded-suspicion`, `known`), at least how bad (`minor`, `serious`, `critical`) | none is open; of several tables that one falls under, the hardest verdict counts |
//! | `[plans]` | whether plans are in time | no open plan has an overdue milestone |
//! | `[flags]` `excluded`, `person`, `tolerated = […]`, `others = "person"` | what each flag leads to; `others` says it of those in no list: `not-eligible`, `person` or `tolerated` | there is none but tolerated ones, which are shown |
//! | `[custody_model]` `least = "segregated"` | what is promised about mixing: `identity-preserved`, `segregated`, `mass-balance` | it is not weaker |
//! | `[documents]` `required = […]` | which documents statements must name | one of each kind is named; what it says was not read |
//!
//! Categories of incidents: `child-labour`, `forced-labour`, `torture`, `gross-violation`, `war-crime`, `armed-group`,
//! `security-forces`, `bribery`, `origin-fraud`, `money-laundering`, `taxes-unpaid`, `accident`, `environment`, `community`,
//! `theft`, `other`. Standings: `applicant`, `registered`, `candidate`, `affiliate`, `suspended`, `lapsed`.
//!
//! Whatever the policy: a lot that was consumed, retired or lost is not eligible; and `no_data` says what follows where
//! nothing says who contributed a part of it, or where not everything was gathered. Flags are shown even where no table
//! asks about them.
//!
//! A share is the part of the larger of two masses, all that was contributed and all that is in the lot, in parts per million,
//! rounded up. An organization has the share of all its sites together.

mod detail;
mod error;
mod facts;
mod fault;
mod judge;
mod policy;
mod shares;
mod verdict;
mod words;

pub use detail::{Detail, Ppm, Value};
pub use error::PolicyError;
pub use facts::{
    Decided, Declaration, Document, Facts, Flag, Hold, Incident, LotState, ModuleFacts, Named, Origin, Permit, Plan,
    Rests, Scenario, StandingFacts, Suspect, Unmet, Word,
};
pub use fault::Fault;
pub use judge::judge;
pub use policy::{KnownNames, POLICY_BYTES_MAX, Policy, VERSION};
pub use verdict::{About, CAVEAT, Outcome, Reason, ReasonKind, Severity, Term, Verdict};
