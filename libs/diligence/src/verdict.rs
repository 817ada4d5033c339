//! What a policy says about a lot.

use core::fmt;

use event::{LotId, PartyId, SiteId};

use crate::detail::Detail;
use crate::facts::Rests;

/// What stands under every verdict, wherever it is shown.
pub const CAVEAT: &str =
    "What this rests on was declared, signed and checked for consistency. It proves no origin, and it is no advice.";

/// Whether a lot may be bought, by one policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The worst of the reasons.
    pub outcome: Outcome,
    /// The worst first; of equals, those of the larger share, one that is not known before all others.
    pub reasons: Vec<Reason>,
    /// What was checked and holds, in the order of [`Term::ALL`]. What the policy does not ask for is not here.
    pub checked: Vec<Term>,
}

/// Whether a lot may be bought; later ones are worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Nothing that the policy asks for speaks against it.
    Eligible,
    /// A person must look.
    NeedsPerson,
    /// Not by this policy.
    NotEligible,
}

/// What one reason leads to; later ones are worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It is shown, and the policy lets it pass.
    Noted,
    /// A person must look.
    NeedsPerson,
    /// The lot is not eligible.
    NotEligible,
}

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Its kind.
    pub kind: ReasonKind,
    /// Which term of the policy it comes from.
    pub term: Term,
    /// What it leads to.
    pub severity: Severity,
    /// What it says; in English by its `Display`.
    pub detail: Detail,
    /// About whom or what.
    pub about: About,
    /// The share of the lot's fine mass that this organization or site contributed, in parts per million, rounded up so
    /// that none looks smaller than it is; `None` where it is not known, and where the reason is about the whole lot.
    pub share_ppm: Option<u32>,
    /// The statements that it rests on, in the order of their positions; none where it rests on something that nobody said.
    pub rests_on: Vec<Rests>,
}

/// About whom or what a reason is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// The lot, or one that it was made of.
    Lot(LotId),
    /// A site.
    Site(SiteId),
    /// An organization.
    Organization(PartyId),
}

/// Names enums of unit variants for machines, once and for all.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident => $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$of])* $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its name for machines; it never changes.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

named! {
    /// What can be checked; the first five always are.
    Term {
        /// The lot is still there.
        LotState => "lot-state",
        /// Nobody holds it or what it was made of.
        Holds => "holds",
        /// No key was compromised that signed for it.
        Suspects => "suspects",
        /// Who contributed is known, all of it.
        Origins => "origins",
        /// Its masses were weighed and not invented.
        Illustrative => "illustrative",
        /// How organizations stood when they declared.
        StandingThen => "standing-then",
        /// How they stand.
        StandingNow => "standing-now",
        /// Which modules they meet.
        Modules => "modules",
        /// By whose word they do.
        Assurance => "assurance",
        /// How old these words are.
        Age => "age",
        /// Whether others contest them.
        Contested => "contested",
        /// Which legitimacy scenario applies.
        Scenarios => "scenarios",
        /// Whether a permit was in force.
        Permit => "permit",
        /// In which countries it was dug.
        Countries => "countries",
        /// Which incidents are open.
        Incidents => "incidents",
        /// Whether plans are overdue.
        Plans => "plans",
        /// What the rules let pass and show.
        Flags => "flags",
        /// What is promised about mixing.
        CustodyModel => "custody-model",
        /// Which documents are named.
        Documents => "documents",
    }
}

named! {
    /// The kinds of reasons.
    ReasonKind {
        /// The lot was consumed, retired or lost.
        LotGone => "lot-gone",
        /// The lot is offered to a party.
        LotOffered => "lot-offered",
        /// Somebody holds the lot, or one that it was made of.
        LotHeld => "lot-held",
        /// A key was compromised when a statement on the lot was signed.
        StatementSuspect => "statement-suspect",
        /// Who contributed a part of the lot is not known.
        OriginUnknown => "origin-unknown",
        /// There is more behind the lot than was gathered.
        NotAllGathered => "not-all-gathered",
        /// The masses are invented.
        QuantityIllustrative => "quantity-illustrative",
        /// Something that the policy asks for is not known.
        NoData => "no-data",
        /// The standing is none of those that are accepted.
        StandingNotAccepted => "standing-not-accepted",
        /// The standing is accepted, and the scheme decided otherwise.
        SchemeDecidedOtherwise => "scheme-decided-otherwise",
        /// A module is not met.
        ModuleNotMet => "module-not-met",
        /// An answer rests on a word of less assurance than is asked for.
        AssuranceTooWeak => "assurance-too-weak",
        /// An answer is older than is asked for.
        AnswerTooOld => "answer-too-old",
        /// Others say that an answer is not so.
        AnswerContested => "answer-contested",
        /// None of the accepted legitimacy scenarios applies.
        ScenarioNotAccepted => "scenario-not-accepted",
        /// No permit was in force at every declaration.
        PermitNotInForce => "permit-not-in-force",
        /// The site's country is denied, or not among those that are allowed.
        CountryNotAccepted => "country-not-accepted",
        /// An incident is open.
        IncidentOpen => "incident-open",
        /// A milestone of an open plan is overdue.
        PlanOverdue => "plan-overdue",
        /// The rules let something pass and show it.
        Flagged => "flagged",
        /// The promise about mixing is weaker than is asked for.
        CustodyModelTooWeak => "custody-model-too-weak",
        /// No statement names a document of a kind that is asked for.
        DocumentMissing => "document-missing",
    }
}

impl Outcome {
    /// Its name for machines; it never changes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Eligible => "eligible",
            Self::NeedsPerson => "needs-a-person",
            Self::NotEligible => "not-eligible",
        }
    }
}

impl From<Severity> for Outcome {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Noted => Self::Eligible,
            Severity::NeedsPerson => Self::NeedsPerson,
            Severity::NotEligible => Self::NotEligible,
        }
    }
}

impl Severity {
    /// Its name for machines; it never changes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Noted => "noted",
            Self::NeedsPerson => "needs-a-person",
            Self::NotEligible => "not-eligible",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Eligible => "eligible",
            Self::NeedsPerson => "needs a person",
            Self::NotEligible => "not eligible",
        })
    }
}

impl Reason {
    /// In which order reasons stand.
    pub(crate) fn order(&self, other: &Self) -> core::cmp::Ordering {
        let share = |reason: &Self| reason.share_ppm.unwrap_or(u32::MAX);
        (other.severity.cmp(&self.severity))
            .then(share(other).cmp(&share(self)))
            .then(self.term.cmp(&other.term))
            .then(self.kind.cmp(&other.kind))
            .then(self.about.cmp(&other.about))
            .then_with(|| self.detail.to_string().cmp(&other.detail.to_string()))
            .then_with(|| self.rests_on.cmp(&other.rests_on))
    }
}
