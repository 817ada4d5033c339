//! What is admitted, and yet shown to everyone who thinks of buying. Numbers are permanent: never changed, never reused.
//!
//! # Fraud patterns
//!
//! What each known pattern of fraud in artisanal gold meets here: a refusal, a flag, or a limit that is stated. A test of
//! the same number proves each of them: `fraud_01_…` and so on, in this crate's tests and, where the log is needed, in
//! those of `replay`.
//!
//! | # | pattern | what it meets |
//! |---|---|---|
//! | 1 | double sale of a lot | refused: [`Superseded`](crate::Refusal::Superseded), [`NotCustodian`](crate::Refusal::NotCustodian), [`OfferOpen`](crate::Refusal::OfferOpen), [`LotTransformed`](crate::Refusal::LotTransformed), [`SealTaken`](crate::Refusal::SealTaken) |
//! | 2 | more gold than a site can give | refused above policy's share: [`CapacityExceeded`](crate::Refusal::CapacityExceeded); before that [`FlagKind::NearCapacity`], [`FlagKind::AboveMinerDay`], [`FlagKind::AboveMinerYear`] |
//! | 3 | mass from nowhere | refused: [`FineMassGrew`](crate::Refusal::FineMassGrew), [`GrossUnbalanced`](crate::Refusal::GrossUnbalanced), [`MassGrew`](crate::Refusal::MassGrew), [`UnknownSite`](crate::Refusal::UnknownSite) |
//! | 4 | hidden mixing and dilution | refused: [`ModelTooStrong`](crate::Refusal::ModelTooStrong), [`GrossUnbalanced`](crate::Refusal::GrossUnbalanced); flagged: [`FlagKind::FinenessOutsideInputs`], [`FlagKind::AssaysDiffer`] |
//! | 5 | fineness changed to move value or to hide an origin | refused: [`SettlementBySeller`](crate::Refusal::SettlementBySeller); flagged: [`FlagKind::FinenessOutsideBand`], [`FlagKind::AssaysDiffer`], [`FlagKind::AssayAboveLimit`] |
//! | 6 | backdating | refused: [`NumberNotIncreasing`](crate::Refusal::NumberNotIncreasing), [`NoPermit`](crate::Refusal::NoPermit) for the days of digging and of declaring; flagged: [`FlagKind::Late`] |
//! | 7 | a stolen key, a forced hand | refused: [`RevokedKey`](crate::Refusal::RevokedKey), [`DelegatedMass`](crate::Refusal::DelegatedMass); what a compromised key said is suspect in the views. A forced hand that never says so is out of reach |
//! | 8 | an expired, false or borrowed permit | refused: [`NoPermit`](crate::Refusal::NoPermit); flagged: [`FlagKind::PermitOfAnother`], [`FlagKind::PermitUnchecked`], [`FlagKind::PermitEnding`] |
//! | 9 | a suspended organization goes on trading | refused: [`OperatorSuspended`](crate::Refusal::OperatorSuspended), [`LotHeld`](crate::Refusal::LotHeld), [`HoldOpen`](crate::Refusal::HoldOpen) |
//! | 10 | a seal used again, or stolen | refused: [`SealTaken`](crate::Refusal::SealTaken), [`SealNotOnLot`](crate::Refusal::SealNotOnLot); flagged: [`FlagKind::SealsDiffer`] |
//! | 11 | collusion where gold enters | beyond any ledger; what gives it away is flagged: [`FlagKind::RoundMasses`], [`FlagKind::RepeatedMasses`], [`FlagKind::DocumentReused`] |
//! | 12 | recycled gold as mined, a round trip | flagged: [`FlagKind::TooFineForDug`], [`FlagKind::FlowsBack`]; refused: [`FormNotDug`](crate::Refusal::FormNotDug) |
//! | 13 | one document for several shipments | refused: [`CertificateTaken`](crate::Refusal::CertificateTaken), [`CertifiedMassDiffers`](crate::Refusal::CertifiedMassDiffers), [`CertificateNotValid`](crate::Refusal::CertificateNotValid); flagged: [`FlagKind::DocumentReused`] |
//! | 14 | smuggling under another origin | flagged: [`FlagKind::CrossedBorder`], [`FlagKind::OtherOrigin`], [`FlagKind::Gap`] |
//! | 15 | split below a threshold | flagged: [`FlagKind::NearThreshold`] |
//! | 16 | ghost members | per head only: [`FlagKind::AboveMinerDay`], [`FlagKind::AboveMinerYear`]. Who the members are never enters the stream: out of reach |
//! | 17 | who verifies himself, a captured auditor | refused: [`OwnSubject`](crate::Refusal::OwnSubject), [`OwnAssessment`](crate::Refusal::OwnAssessment), [`AssessorNotIndependent`](crate::Refusal::AssessorNotIndependent), [`UmpireNotIndependent`](crate::Refusal::UmpireNotIndependent), [`MayNotEstablishCapacity`](crate::Refusal::MayNotEstablishCapacity) |
//! | 18 | progress on paper | refused: [`ReportOutdated`](crate::Refusal::ReportOutdated); a plan's clock is not restarted, and what nobody answered is no pass ([`crate::standing`]) |
//! | 19 | more claimed of a mass balance than went in | the gold of a mixed lot is never more than went into it, and its model never gets stronger: [`FineMassGrew`](crate::Refusal::FineMassGrew), [`ModelTooStrong`](crate::Refusal::ModelTooStrong). Claims apart from metal are not traded here |
//! | 20 | loss as a leak | refused: [`LossTooLarge`](crate::Refusal::LossTooLarge), [`FineUnbalanced`](crate::Refusal::FineUnbalanced); flagged: [`FlagKind::UnusualLoss`], [`FlagKind::LossUnreported`] |
//! | 21 | weight skimmed from miners | flagged: [`FlagKind::WeighingsDiffer`], [`FlagKind::AlwaysLighter`] |
//! | 22 | the operator edits history | the log: a changed leaf changes every root after it |
//! | 23 | two histories for two buyers | the log: two checkpoints without a consistency proof |
//! | 24 | replay and reordering of old statements | refused: [`NumberNotIncreasing`](crate::Refusal::NumberNotIncreasing), [`Superseded`](crate::Refusal::Superseded), [`BadSignature`](crate::Refusal::BadSignature) in another deployment |
//! | 25 | a made-up incident against a competitor | an allegation suspends nobody: [`ConfidenceNotAllowed`](crate::Refusal::ConfidenceNotAllowed), [`MayNotHold`](crate::Refusal::MayNotHold) |
//!
//! # Honest people
//!
//! A year of invented trade by people who do not cheat, on the 227 real sites of the demonstration with the real numbers of
//! their miners (`honest_trade_does_not_drown_in_flags` in this crate's tests): 5,902 declarations became 7,150 lots, nobody
//! was refused, and 722 lots were flagged, 100 in a thousand: 653 flags for what waited more than a week for a network, 57 for
//! lots that waited more than a month for a road, 34 for receivers whose scales happened to find eight lots in a row lighter.

use event::LotId;
use serde::{Deserialize, Serialize};

macro_rules! flags {
    ($($(#[doc = $doc:literal])* $name:ident = $code:literal, $slug:literal, $unit:ident, $text:literal;)*) => {
        /// Why a lot deserves a second look, with its permanent number.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[repr(u16)]
        pub enum FlagKind {
            $($(#[doc = $doc])* $name = $code,)*
        }

        impl FlagKind {
            /// Every kind, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name, for programs and buyers' policies.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $slug,)*
                }
            }

            /// What it says, for people.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// What its figures count.
            #[must_use]
            pub const fn unit(self) -> FlagUnit {
                match self {
                    $(Self::$name => FlagUnit::$unit,)*
                }
            }
        }
    };
}

flags! {
    /// The site's lots of some months come near its capacity.
    NearCapacity = 1, "near-capacity", Ppm, "what was declared from the site comes near its capacity";
    /// More than so many miners dig in so many days.
    AboveMinerDay = 2, "above-miner-day", Micrograms, "more gold per miner and day than is believed";
    /// More than so many miners dig in twelve months.
    AboveMinerYear = 3, "above-miner-year", Micrograms, "more gold per miner and year than is believed or allowed";
    /// Finer or less fine than gold of that site is.
    FinenessOutsideBand = 4, "fineness-outside-band", Ppm, "the fineness lies outside the band that is expected of the site";
    /// Finer or less fine than what it was made of.
    FinenessOutsideInputs = 5, "fineness-outside-inputs", Ppm, "the fineness lies outside that of what it was made of";
    /// Two measurements that do not agree.
    AssaysDiffer = 6, "assays-differ", Ppm, "two assays lie further apart than they may: an umpire decides";
    /// More gold than the declaration leaves room for.
    AssayAboveLimit = 7, "assay-above-limit", Micrograms, "an assay finds more gold than the declaration leaves room for; what is above is not counted";
    /// More is lost than such a step loses.
    UnusualLoss = 8, "unusual-loss", Ppm, "more was lost than such a step usually loses";
    /// Two scales that do not agree.
    WeighingsDiffer = 9, "weighings-differ", Micrograms, "two weighings differ by more than scales do";
    /// Recorded long after it was said.
    Late = 10, "late", Days, "recorded long after it was said";
    /// No permit covers it.
    NoPermit = 11, "no-permit", None, "no permit that covers the site was in force";
    /// The permit ends soon.
    PermitEnding = 12, "permit-ending", Days, "the permit ends soon";
    /// Nobody looked into the register lately.
    PermitUnchecked = 13, "permit-unchecked", Days, "nobody has lately looked up the permit in its register";
    /// The permit is another one's.
    PermitOfAnother = 14, "permit-of-another", None, "the permit is held by another party than the site's operator";
    /// Dug long before it was first handed over.
    LotOld = 15, "lot-old", Days, "dug long before it was first handed over";
    /// Round masses, again and again.
    RoundMasses = 16, "round-masses", Times, "the masses that this party declares are round, again and again";
    /// The same mass, again and again.
    RepeatedMasses = 17, "repeated-masses", Times, "this party declares the same mass, again and again";
    /// A document that stands for another lot already.
    DocumentReused = 18, "document-reused", None, "a document or photo was named for another lot before";
    /// Just below a threshold, again and again.
    NearThreshold = 19, "near-threshold", Times, "lots of this party stay just below a threshold, again and again";
    /// Nobody said anything about the lot for long.
    Gap = 20, "gap", Days, "for a long time nobody said where the lot was";
    /// The receiver found other seals than there were.
    SealsDiffer = 21, "seals-differ", None, "the receiver did not find the seals as they were stated";
    /// Handed over in another country than the one it was dug in, and no export is stated.
    CrossedBorder = 22, "crossed-border", None, "handed to a party of another country than it was dug in, and no export is stated";
    /// Exported from another country than it was dug in.
    OtherOrigin = 23, "other-origin", None, "exported from another country than it was dug in";
    /// Finer than what is dug.
    TooFineForDug = 24, "too-fine-for-dug", Ppm, "finer than gold that is dug: it may have been refined before";
    /// From a buyer back to those who dig.
    FlowsBack = 25, "flows-back", None, "handed by a party that buys to one that digs";
    /// Lost, and nobody was told.
    LossUnreported = 26, "loss-unreported", None, "lost or stolen, and no report is named";
    /// A receiver who always finds less.
    AlwaysLighter = 27, "always-lighter", Times, "this receiver has found every lot lighter, again and again";
    /// What it was made of is held, and it was delivered before.
    HeldUpstream = 28, "held-upstream", None, "something it was made of is held since it was delivered";
}

/// What the figures of a flag count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlagUnit {
    /// It has none.
    None,
    /// Parts per million.
    Ppm,
    /// Micrograms.
    Micrograms,
    /// Days.
    Days,
    /// Times in a row.
    Times,
}

/// A flag on a lot. Which statement raised it is known from where it is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flag {
    /// Why.
    pub kind: FlagKind,
    /// On which lot.
    pub lot: LotId,
    /// What was found, in the kind's unit; 0 where it has none.
    pub found: u64,
    /// Where policy draws the line, in the kind's unit; 0 where it has none.
    pub line: u64,
    /// The other lot that has to do with it, where there is one.
    pub other: Option<LotId>,
}

impl Flag {
    /// Without figures.
    #[must_use]
    pub const fn new(kind: FlagKind, lot: LotId) -> Self {
        Self {
            kind,
            lot,
            found: 0,
            line: 0,
            other: None,
        }
    }

    /// With what was found and where the line is.
    #[must_use]
    pub const fn with(kind: FlagKind, lot: LotId, found: u64, line: u64) -> Self {
        Self {
            kind,
            lot,
            found,
            line,
            other: None,
        }
    }
}
