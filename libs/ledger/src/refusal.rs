//! Why a statement may not be said now. Numbers are permanent: never changed, never reused.

use event::VerifyError;
use thiserror::Error;

macro_rules! refusals {
    ($($(#[doc = $doc:literal])* $name:ident = $code:literal, $text:literal;)*) => {
        /// Why a statement may not be said now, with its permanent number.
        ///
        /// Where several would fit, the first in this order is given: admission time, deployment, founding, key,
        /// delegation, number, the signer's time; then whether a party of the signer's kind may say this at all; then the fields of
        /// the event by themselves; then each thing they name, one after the other: whether it is known, and how it
        /// stands to the signer and to the rest; and last whether a seal or reference is free.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Error)]
        #[repr(u16)]
        pub enum Refusal {
            $($(#[doc = $doc])* #[error($text)] $name = $code,)*
        }

        impl Refusal {
            /// Every refusal, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name, for programs.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }
        }
    };
}

refusals! {
    // 1 to 99: what stands in the stream is not a statement of anyone.
    /// The stream's message is no record of a known version.
    MalformedRecord = 1, "the record is malformed: whoever wrote it to the stream is not an ingest service";
    /// Longer than a statement may be.
    StatementTooLong = 2, "the statement is longer than 49,152 bytes: say less in one statement";
    /// Not a signed statement.
    Malformed = 3, "these bytes are not a signed statement: submit what `sign` wrote, whole and unchanged";
    /// The signing key is no point or of small order.
    BadKey = 4, "the signing key is unusable: generate a new one";
    /// The signature is not of these bytes, this key and this deployment.
    BadSignature = 5, "the signature does not hold for these bytes, this key and this deployment: sign again";
    /// Signed, but of an unknown kind or outside a field's limits.
    MalformedBody = 6, "signed, but of an unknown kind or with a field outside its limits: update and sign again";
    /// Another byte string means the same.
    NotCanonical = 7, "the statement is not in canonical form: encode and sign again";
    /// The record claims to be admitted before the latest one that was.
    ClockWentBack = 8, "the record's admission time lies before that of the latest admitted record";

    // 100 to 199: registry.
    /// Nothing is founded and this is not a founding statement.
    NotFounded = 100, "the deployment is not founded yet: submit its founding statement first";
    /// There is one founding statement.
    AlreadyFounded = 101, "the deployment is founded already";
    /// The key was never authorized.
    UnknownKey = 102, "the signing key is not authorized for any party: ask the scheme to authorize it";
    /// The key was revoked.
    RevokedKey = 103, "the signing key is revoked: sign with another authorized key";
    /// The key speaks for another party.
    KeyOfAnotherParty = 104, "the signing key speaks for another party than the one named";
    /// The number was used already, or a later one was.
    NumberNotIncreasing = 105, "this key has signed a statement with this number or a later one: number it anew and sign again";
    /// The statement's own time lies too far ahead.
    StatedInFuture = 106, "the statement's own time lies too far ahead: set the clock and sign again";
    /// Only a scheme says this.
    SchemeOnly = 107, "only a scheme may state this";
    /// The founding statement speaks in the name of no party.
    FounderNamed = 108, "a founding statement speaks in the name of no party: leave the party zero";
    /// A party of a founding statement that is no scheme.
    FounderNotScheme = 109, "the party that founds a deployment is a scheme";
    /// The policy of a founding statement lacks a term.
    PolicyIncomplete = 110, "a founding statement sets every term of policy";
    /// A term twice, or none.
    PolicyTermRepeated = 111, "each term of policy stands at most once, and at least one does";
    /// A term outside its bounds.
    PolicyTermOutOfRange = 112, "a term of policy lies outside its bounds";
    /// Rules of a version this code does not know.
    RuleVersionUnknown = 113, "the rule version is not one that this software knows: update first";
    /// No such party.
    UnknownParty = 114, "no party of this id is enrolled";
    /// Another of its kind has this reference.
    ReferenceTaken = 115, "another of its kind has this reference already";
    /// The key is weak or not of the prime-order group.
    KeyUnusable = 116, "the key to authorize is unusable: generate a new one";
    /// The key is authorized, or was.
    KeyKnown = 117, "the key is or was authorized already: a key is authorized once";
    /// Neither the scheme nor the party itself.
    NotForThisParty = 118, "only the scheme, or the party itself, states this about a party's keys";
    /// The key to revoke was never authorized.
    KeyNotAuthorized = 119, "the key to revoke was never authorized";
    /// The key to revoke is revoked.
    KeyAlreadyRevoked = 120, "the key is revoked already";
    /// Revoking it would leave no scheme key.
    LastSchemeKey = 121, "this is the scheme's last key: authorize another one first";
    /// Compromised since a position that is not in the stream yet.
    SinceNotReached = 122, "a key can be compromised only since a position that the stream has reached";
    /// The operator is not a kind that works a site.
    OperatorDoesNotProduce = 123, "a site's operator is a miners' organization, an informal group or a processor";
    /// The cell is no cell of the earth.
    CellOutOfRange = 124, "the cell lies outside the earth: south -900 to 899, west -1800 to 1799, in tenths of a degree";
    /// From more to less.
    BandReversed = 125, "the fineness band runs from more to less";
    /// To oneself.
    DelegationToSelf = 126, "a party speaks for itself without a delegation";
    /// A kind that is never delegated, or a party that judges others.
    NotDelegable = 127, "statements of one of these kinds, or of such a party, are never delegated: who decides or judges signs with its own key";
    /// Not strictly increasing, or no kinds at all.
    DelegationNotOrdered = 128, "the kinds and sites of a delegation stand in increasing order, each once, and at least one kind does";
    /// Ended before it began.
    DelegationInPast = 129, "the delegation ends before today: name a later last day";
    /// There is none to revoke.
    NoDelegation = 130, "no delegation to this party is in force";
    /// Its last day is over.
    DelegationExpired = 131, "the delegation under which the key speaks has expired: ask for a new one";
    /// It covers other kinds.
    DelegatedKind = 132, "the delegation under which the key speaks does not cover statements of this kind";
    /// It covers other sites.
    DelegatedSite = 133, "the delegation under which the key speaks does not cover this site";
    /// It covers less mass.
    DelegatedMass = 134, "the delegation under which the key speaks does not cover so much mass any more";
    /// A party that is no assessor.
    NotAnAssessor = 135, "only an assessor is accredited";
    /// Ended before it began.
    AccreditationInPast = 136, "the accreditation ends before today: name a later last day";
    /// There is none to withdraw.
    NotAccredited = 137, "the assessor is not accredited";
    /// As many sites as one party may have.
    TooManySites = 138, "the operator has 256 sites already: enrol another party for further sites";
    /// Neither who holds the permit nor who looks.
    MayNotRecordPermit = 139, "only the holder itself, or an assessor, an auditor, an authority or a scheme, records a permit";
    /// From later to earlier.
    PermitReversed = 140, "the permit ends before it begins";
    /// Not strictly increasing, or none.
    PermitSitesNotOrdered = 141, "the sites of a permit stand in increasing order, each once, and at least one does";
    /// As many permits as one site may have.
    TooManyPermits = 142, "one of these sites has 64 permits already";
    /// A look into a register that is still to come.
    CheckInFuture = 143, "the register was looked up in the future";
    /// No such permit.
    UnknownPermit = 144, "no permit of this id is recorded";
    /// Not the sites of that permit.
    PermitSitesDiffer = 145, "the permit covers other sites than those named";
    /// By whom it concerns, or who just trades.
    MayNotJudgePermit = 146, "only an assessor, an auditor, an authority or a scheme says how a permit stands, and not the one who holds it";
    /// By whom it concerns, or who just trades.
    MayNotEstablishCapacity = 147, "only an assessor, an auditor, an authority or a scheme establishes what a site can give: never who gains by it";
    /// No gold at all, or more than can be.
    CapacityOutOfRange = 148, "a capacity is above zero and not above 1,000 tonnes, and so is its number of miners";
    /// Nothing in it changes anything.
    NothingAmended = 149, "an amendment changes something: name the operator, the name, the deposit or the band";
    /// Withdrawn for good.
    PermitWithdrawn = 150, "the permit is withdrawn: record the new one under its own number";

    // 200 to 299: progress.
    /// Neither a scheme nor an assessor.
    MayNotPublish = 200, "only a scheme or an assessor publishes a catalogue";
    /// No criteria.
    CatalogueEmpty = 201, "a catalogue has at least one criterion";
    /// Two criteria of one slug.
    CriterionRepeated = 202, "each criterion of a catalogue has a slug of its own";
    /// This version is published.
    CatalogueKnown = 203, "this version of the catalogue is published already: publish under another version";
    /// No such catalogue.
    UnknownCatalogue = 204, "the assessment or plan pins a catalogue that is not published";
    /// No such subject.
    UnknownSubject = 205, "no organization or site of this id is known";
    /// A self-assessment by someone else.
    NotOwnSubject = 206, "a self-assessment is signed by the organization itself or by the site's operator";
    /// An outside assessment by the subject itself.
    OwnSubject = 207, "nobody assesses itself as an outsider: submit a self-assessment";
    /// Not a party that assesses others, or not as a third party.
    MayNotAssess = 208, "only an assessor, an auditor, an authority or a scheme assesses others, and only an assessor as a third party";
    /// From later to earlier.
    PeriodReversed = 209, "the period ends before it begins";
    /// Ends after it is admitted.
    PeriodInFuture = 210, "the period ends in the future";
    /// No findings and no measurements.
    NoFindings = 211, "an assessment has at least one finding or measurement";
    /// Not in the catalogue's order, or one criterion twice.
    FindingsNotOrdered = 212, "findings follow the catalogue's order, each criterion at most once";
    /// Beyond the catalogue's end.
    UnknownCriterion = 213, "the catalogue has no such criterion";
    /// Not an answer in the criterion's scale.
    WrongScale = 214, "an answer is not in its criterion's scale";
    /// A criterion of a module whose scale cannot open or shut a gate.
    ScaleOfModule = 215, "a criterion has a scale that its module does not take: modules 1 to 4 are met or not met";
    /// Two indicators of one slug.
    IndicatorRepeated = 216, "each indicator of a catalogue has a slug of its own";
    /// Supersedes what is not published, or is another catalogue.
    SupersededUnknown = 217, "the catalogue supersedes one that is not published, or not a version of the same catalogue";
    /// Replaces what the superseded version does not have, or the same twice.
    ReplacedUnknown = 218, "what a criterion or indicator replaces is not in the superseded version, or is replaced twice";
    /// Replaces something that is answered otherwise.
    ReplacedOtherwise = 219, "what a criterion or indicator replaces has another scale or unit: let it stand as a new one";
    /// Not in the catalogue's order, or one indicator twice.
    MeasurementsNotOrdered = 220, "measurements follow the catalogue's order, each indicator at most once";
    /// Beyond the catalogue's end.
    UnknownIndicator = 221, "the catalogue has no such indicator";
    /// A third party without a valid accreditation.
    AssessorNotAccredited = 222, "the assessor is not accredited today: ask the scheme, or assess as a monitor";
    /// A third party that speaks for the subject, or lets it speak.
    AssessorNotIndependent = 223, "a delegation stands between the assessor and the subject: a third party is independent";
    /// No such assessment.
    UnknownAssessment = 224, "no assessment of this id is submitted";
    /// Taken back.
    AssessmentWithdrawn = 225, "the assessment is withdrawn";
    /// Whose assessment it is, or who signed it for another.
    OwnAssessment = 226, "nobody confirms or contests an assessment that it submitted or signed: withdraw it and submit another";
    /// Whom it is about.
    SubjectMayNotJudge = 227, "whom an assessment is about neither confirms nor contests it: submit a self-assessment";
    /// Not a party that judges others.
    MayNotJudge = 228, "only an assessor, an auditor, an authority or a scheme confirms or contests";
    /// Not strictly increasing, or none at all.
    CriteriaNotOrdered = 229, "criteria stand in increasing order, each once, and at least one does";
    /// The assessment says nothing about it.
    CriterionNotFound = 230, "the assessment has no finding on one of these criteria";
    /// Not who submitted it.
    NotAuthor = 231, "only who submitted an assessment withdraws it";
    /// A party that does not produce.
    NotAnOrganization = 232, "only a miners' organization, an informal group or a processor has plans, reports and a standing";
    /// No milestones.
    PlanEmpty = 233, "a plan has at least one milestone";
    /// For a criterion that the plan does not mend.
    MilestoneOfOtherCriterion = 234, "a milestone serves a criterion that the plan does not name";
    /// Waits for itself or a later one.
    MilestonesCyclic = 235, "a milestone comes after earlier ones of the plan only, in increasing order: a plan has no circles";
    /// Due too early or too late.
    MilestoneDueOutOfRange = 236, "a milestone is due in the past, or further ahead than policy allows";
    /// No such plan.
    UnknownPlan = 237, "no plan of this id is adopted";
    /// Ended.
    PlanClosed = 238, "the plan is closed: adopt another";
    /// Somebody else's.
    NotOwnPlan = 239, "only the organization whose plan it is, or the scheme, closes it";
    /// Beyond the plan's end.
    UnknownMilestone = 240, "the plan has no such milestone";
    /// Not later than it is due.
    ExtensionNotLater = 241, "a milestone is extended to a day after the one on which it is due";
    /// Neither the organization nor who looks.
    MayNotReportMilestone = 242, "only the organization itself, or an assessor, an auditor, an authority or a scheme, reports on its milestones";
    /// More than an allegation about others, by someone who does not look into it.
    ConfidenceNotAllowed = 243, "about others, only an assessor, an auditor, an authority or a scheme states more than an allegation";
    /// No such incident.
    UnknownIncident = 244, "no incident of this id is reported";
    /// Ended.
    IncidentClosed = 245, "the incident is closed: report another";
    /// Neither who reported it nor who looks.
    MayNotUpdateIncident = 246, "only who reported the incident, or an assessor, an auditor, an authority or a scheme that it does not concern, states this";
    /// A report on days long past.
    ReportOutdated = 247, "the report's period ended too long ago: report on a later one";
    /// Not the subject or organization of what it follows up.
    SubjectDiffers = 248, "the assessment, plan or incident is about another subject than the one named";
    /// Supersedes somebody else's.
    NotPublisher = 249, "only who published a version of a catalogue, or a scheme, supersedes it";

    // 300 to 399: custody.
    /// No such site.
    UnknownSite = 300, "no site of this id is registered";
    /// Someone else works the site.
    NotOperator = 301, "only the site's operator declares a lot from it";
    /// Nothing, or more than can be.
    MassOutOfRange = 302, "the gross mass is zero or above 1,000 tonnes: masses are in micrograms";
    /// From later to earlier.
    ExtractionReversed = 303, "the extraction ends before it begins";
    /// Dug after it was declared.
    ExtractionInFuture = 304, "the extraction ends in the future";
    /// Not strictly increasing.
    SealsNotOrdered = 305, "seal numbers stand in increasing order, each once";
    /// A seal that another lot bears or bore.
    SealTaken = 306, "a seal number was used before: each is unique for ever";
    /// No such lot.
    UnknownLot = 307, "no lot of this id is declared";
    /// Retired.
    LotRetired = 308, "the lot is retired: it does not move any more";
    /// A later statement on the lot stands.
    Superseded = 309, "a later statement on this lot stands: look at the lot again, then sign anew";
    /// Someone else has it.
    NotCustodian = 310, "only the lot's custodian states this";
    /// One offer at a time.
    OfferOpen = 311, "the lot is on offer: withdraw the offer first";
    /// To oneself.
    OfferToSelf = 312, "a lot is not offered to its own custodian";
    /// No such receiver.
    UnknownReceiver = 313, "the receiver is not enrolled";
    /// A kind that does not hold gold.
    ReceiverHoldsNoGold = 314, "the receiver is of a kind that does not take gold into custody";
    /// Not on offer.
    NoOpenOffer = 315, "the lot is not on offer";
    /// Offered to someone else.
    NotReceiver = 316, "the lot is on offer to another party";
    /// Heavier than its earlier weighings allow.
    MassGrew = 317, "the lot weighs more than its declaration and its last weighing allow: weigh again; who receives it may decline";
    /// A suspended organization.
    OperatorSuspended = 318, "the organization is suspended: it declares no lot until the reason is gone";
    /// A lot in the hands of the suspended organization that dug or made it.
    LotHeld = 319, "the lot is held: the organization that dug or made it and has it is suspended";
    /// It became something else.
    LotTransformed = 320, "the lot was molten, merged, split, refined or cast: look at what came of it";
    /// Lost or stolen.
    LotIsLost = 321, "the lot is lost: it does not move any more";
    /// Held by the scheme, an authority or an auditor, or what it was made of is.
    HoldOpen = 322, "the lot, or one that it was made of, is held: it does not move until the hold is released";
    /// The offer ran out.
    OfferExpired = 323, "the offer has expired: ask the custodian to offer the lot anew";
    /// The title is another one's.
    NotOwner = 324, "only the lot's owner gives its title away: offer it without the title, or ask the owner";
    /// To oneself.
    TitleToSelf = 325, "the title is given to another party than its owner";
    /// No permit for that site and those days.
    NoPermit = 326, "no permit that covers the site was in force when the lot was dug and is today: record the permit first";
    /// More than the site can give.
    CapacityExceeded = 327, "the lot is more than is left of the site's capacity in those months: declare less, or have the capacity established anew";
    /// Miners who are none or too many.
    MinersOutOfRange = 328, "the number of miners is zero or above a million";
    /// A form that is not dug.
    FormNotDug = 329, "refined gold and residues are not dug: they come out of a transformation";
    /// A seal that is not on the lot, or is broken already.
    SealNotOnLot = 330, "one of these seals is not on the lot, or is broken already";
    /// None is named.
    NoSeals = 331, "at least one seal or sample is named";
    /// By someone who has nothing to do with it.
    MayNotAssay = 332, "only the custodian, the party it is offered to, an assayer, a refiner or an authority assays a lot";
    /// By the seller alone.
    SettlementBySeller = 333, "who sells a lot does not settle how fine it is alone: ask an assayer, or the receiver";
    /// More gold and silver than there is lot.
    ContentAboveWhole = 334, "gold and silver are more than the whole";
    /// A sample of another lot, or of none.
    UnknownSample = 335, "no sample of this lot has this seal";
    /// Not the signer's own earlier assay of this lot that decides.
    NothingToReplace = 336, "an assay replaces the signer's own latest one of the same lot";
    /// By a party that both sides do not turn to.
    UmpireNotIndependent = 337, "an umpire is an assayer or an authority that neither has nor is offered the lot";
    /// Not strictly increasing, or none.
    LotsNotOrdered = 338, "lots stand in increasing order, each once, and at least one does";
    /// Counts or forms that this transformation does not have.
    TransformationShape = 339, "a split has one input and several outputs of its form and fineness; a merge has several inputs and one output; every other transformation has both";
    /// Gold that is not known to be there.
    ContentUnknown = 340, "how fine one of these lots is is not known: assay it first, by estimate if need be";
    /// Seals on what is molten.
    SealsWhole = 341, "seals on one of these lots are whole: state that they are broken first";
    /// Lots of several owners.
    OwnersDiffer = 342, "these lots have several owners: transfer the titles to one first";
    /// A promise that is stronger than the inputs keep.
    ModelTooStrong = 343, "a custody model only weakens, and what several sites gave is at most segregated";
    /// What comes out is not what went in.
    GrossUnbalanced = 344, "what came out and what was lost weigh more or less than what went in: weigh again, and state residues and losses";
    /// Gold from nowhere.
    FineMassGrew = 345, "what came out and what was lost has more gold than went in: assay again";
    /// Gold that is not accounted for.
    FineUnbalanced = 346, "less gold came out than went in: state what is in the residue and what was lost";
    /// More loss than such a melt has.
    LossTooLarge = 347, "more of the gross mass is lost than policy allows: state what is left as a residue";
    /// Back from metal to dust.
    FormReversed = 348, "what was molten or refined does not become what is dug: look at the form of the outputs";
    /// Bars from others than refiners, or refined gold without its stamps.
    BarOutOfPlace = 349, "only a refiner casts, from fine gold alone, and all that it casts and nothing else bears a bar's stamps";
    /// A bar that there is already.
    BarTaken = 350, "a bar of this brand, serial number and year of this refiner exists: each is unique for ever";
    /// From later to earlier, or for longer than certificates are valid.
    CertificateDays = 351, "the certificate ends before it begins, or is valid for longer than policy allows";
    /// Not valid today.
    CertificateNotValid = 352, "the certificate is not valid today: lots leave under a valid one";
    /// Used before.
    CertificateTaken = 353, "a lot left under this certificate before: each is used once";
    /// Certified for another mass.
    CertifiedMassDiffers = 354, "the lots weigh something else than the certificate says";
    /// From a country to itself.
    ExportToSelf = 355, "an export goes to another country than it comes from";
    /// Left the country before.
    LotExported = 356, "one of these lots has left this country already";
    /// Not a refiner.
    RefinerOnly = 357, "only a refiner takes lots into a refinery's books";
    /// In the books already.
    LotReceived = 358, "this refiner has the lot in its books already";
    /// Another lot's number.
    RefineryLotTaken = 359, "this refiner has used this number for another lot: each is unique for ever";
    /// Arrived before it was there.
    ArrivalInFuture = 360, "the lot arrived in the future";
    /// By someone who does not watch over others.
    MayNotHold = 361, "only a scheme, an authority or an auditor holds a lot";
    /// Held by itself already.
    HeldAlready = 362, "the lot is held already";
    /// More lots than one statement reaches.
    HoldTooWide = 363, "more lots came of this one than one statement can hold: hold what came of it, one by one";
    /// Nothing to release.
    NotHeld = 364, "the lot itself is not held: release the one that was";
    /// Neither who held it nor the scheme.
    MayNotRelease = 365, "only who holds a lot, or the scheme, releases it";
    /// Neither the declaration nor the latest acceptance.
    NotCorrectable = 366, "only a declaration, while the lot has not left the declarer's hands, and the latest acceptance are set right";
    /// Neither of those who signed it.
    NotSigner = 367, "only who signed what is set right proposes or confirms it, and nobody does both";
    /// The same mass again.
    NothingCorrected = 368, "the correction changes nothing";
    /// More than was said.
    CorrectionRaises = 369, "a declaration is set right to less, never to more: declare the rest as another lot";
    /// No such proposal stands.
    UnknownProposal = 370, "no such correction is proposed, or a later statement took its place";
}

impl Refusal {
    /// Its number.
    #[must_use]
    pub const fn code(self) -> u16 {
        self as u16
    }

    /// The refusal of a number.
    #[must_use]
    pub fn from_code(code: u16) -> Option<Self> {
        Self::ALL.iter().copied().find(|refusal| refusal.code() == code)
    }
}

impl From<VerifyError> for Refusal {
    fn from(error: VerifyError) -> Self {
        match error {
            VerifyError::TooLong => Self::StatementTooLong,
            VerifyError::Malformed => Self::Malformed,
            VerifyError::BadKey => Self::BadKey,
            VerifyError::BadSignature => Self::BadSignature,
            VerifyError::MalformedBody => Self::MalformedBody,
            VerifyError::NotCanonical => Self::NotCanonical,
        }
    }
}
