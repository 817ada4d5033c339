//! Every size, count and wait of the wire. A service and its clients are built with the same ones.

use std::time::Duration;

use event::statement::SIGNED_STATEMENT_BYTES_MAX;
use event::vocabulary::{
    CRITERIA_MAX, EVIDENCE_MAX, INDICATORS_MAX, INPUTS_MAX, MILESTONES_MAX, OUTPUTS_MAX, SHORT_TEXT_BYTES_MAX,
    TEXT_BYTES_MAX,
};
use tlog::leaf::LEAF_BYTES_MAX;
use tlog::note::NOTE_BYTES_MAX;
use tlog::proof::TLOG_PROOF_BYTES_MAX;

/// The longest request: a signed statement of 49,251 bytes, and room for one that is somewhat too long, so that a rule and
/// not the transport tells its signer.
pub const REQUEST_BYTES_MAX: usize = 64 * 1024;
/// The longest answer, or message of a streamed answer: see the assertions below for what must fit.
pub const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Rows on a page when the request does not say.
pub const PAGE_SIZE_DEFAULT: usize = 100;
/// Rows on a page at most.
pub const PAGE_SIZE_MAX: usize = 1_000;
/// Bytes of rows on a page: what does not fit stands on the next one, even if more rows were asked for.
pub const PAGE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// What an answer holds beside its rows: positions, a page token of at most 272 characters, and tags.
pub const ANSWER_FRAME_BYTES: usize = 1024;
/// What a row needs beside its own bytes: its tag and its length.
pub const ROW_FRAME_BYTES: usize = 6;
/// The longest key of a row in a page token: a statement id (32 bytes), a position (8) and an id (16), and room.
pub const ROW_KEY_BYTES_MAX: usize = 128;

/// Catalogues that one answer about a site or an organization reports under; those used last stand in it.
pub const CATALOGUES_MAX: usize = 4;
/// Catalogue versions in one list, those published first; how many were left out is said.
pub const CATALOGUES_LISTED_MAX: usize = 256;
/// Contradictions shown beside one present answer; how many were left out is said.
pub const CONTRADICTIONS_MAX: usize = 4;

/// Answers under other catalogues shown beside one criterion; how many were left out is said.
pub const OTHERS_OF_CRITERION_MAX: usize = 8;
/// Answers under other catalogues shown in one answer: eight for each of the 13 criteria that shipped catalogues speak to,
/// and room; how many were left out is said.
pub const OTHERS_MAX: usize = 128;

/// Confirmations, and contests, shown beside one answer or assessment; how many were left out is said.
pub const JUDGEMENTS_MAX: usize = 2;
/// Updates shown of one incident, the latest; how many were left out is said.
pub const INCIDENT_UPDATES_MAX: usize = 16;
/// Plans shown in the answer about an organization; there is a list of all of them.
pub const PLANS_SHOWN_MAX: usize = 16;
/// Incidents shown in the answer about an organization; there is a list of all of them.
pub const INCIDENTS_SHOWN_MAX: usize = 32;
/// Next steps shown in the answer about an organization; how many were left out is said.
pub const NEXT_STEPS_MAX: usize = 200;
/// Criteria in one comparison; how many were left out is said.
pub const COMPARED_CRITERIA_MAX: usize = 4_096;
/// Organizations whose standings one request may ask for; whoever needs more asks again.
pub const STANDINGS_MAX: usize = 500;
/// Causes of a suspension shown in one of many standings; how many were left out is said. So it is with what follows.
pub const BRIEF_CAUSES_MAX: usize = 8;
/// Criteria that are not met, of each module.
pub const BRIEF_UNMET_MAX: usize = 8;
/// Legitimacy scenarios, of the organization itself and its sites together.
pub const BRIEF_SCENARIOS_MAX: usize = 32;
/// Open incidents.
pub const BRIEF_INCIDENTS_MAX: usize = 16;
/// Open plans.
pub const BRIEF_PLANS_MAX: usize = 8;
/// Those who watch changes at one time; each holds a task and a few messages.
pub const WATCHES_MAX: usize = 256;
/// After how long without a change a watcher is told how far the view has come.
pub const WATCH_IDLE: Duration = Duration::from_secs(15);
/// Values of one filter of a list.
pub const FILTER_VALUES_MAX: usize = 16;

/// Seals and samples shown beside one lot.
pub const SEALS_SHOWN_MAX: usize = 64;
/// Flags shown beside one lot; how many of each kind there are is said.
pub const FLAGS_SHOWN_MAX: usize = 64;
/// Holds shown that reach one lot.
pub const HOLDS_SHOWN_MAX: usize = 32;
/// Assays shown of one lot, the latest.
pub const ASSAYS_SHOWN_MAX: usize = 32;
/// Statements shown about one permit, the latest.
pub const PERMIT_CHANGES_SHOWN_MAX: usize = 16;
/// Keys shown that are not to be believed and spoke in the history of one lot.
pub const SUSPECTS_SHOWN_MAX: usize = 64;
/// Transformations that are walked through in one lineage. Each is read for every page again, so a page of the longest
/// lineage reads as many rows, of 42 KiB each at most.
pub const LINEAGE_STEPS_MAX: usize = 16_384;

/// Leaves that one statement is told to stand in: one, where nobody writes to the stream past `ingest`.
pub const LEAVES_OF_STATEMENT_MAX: usize = 16;

/// Leaves in one message.
pub const ENTRIES_MAX: usize = 1_000;
/// Bytes of leaves in one message: at least 64 of the longest.
pub const ENTRIES_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Sizes with their checkpoints in one message.
pub const CHECKPOINTS_MAX: usize = 1_000;
/// Bytes of checkpoints in one message: those of two sizes of the longest, and thousands of an ordinary length.
pub const CHECKPOINTS_BYTES_MAX: usize = 4 * 1024 * 1024;

/// The longest proof bundle of a lot.
pub const LOT_PROOF_BYTES_MAX: usize = 64 * 1024 * 1024;
/// How much of a proof bundle one message carries.
pub const LOT_PROOF_CHUNK_BYTES: usize = 256 * 1024;

/// How much of a file one message carries.
pub const EVIDENCE_PART_BYTES: usize = 64 * 1024;
/// The longest message of the door to evidence: a part of a file, or sixteen descriptions, of which each has 64 bytes of
/// digest twice and 256 of everything else.
pub const EVIDENCE_MESSAGE_BYTES_MAX: usize = EVIDENCE_PART_BYTES + 1024;
/// How long the next part of a file may take.
pub const EVIDENCE_PART_WAIT: Duration = Duration::from_secs(30);
/// How long a whole file may take: 10 MiB at 18 kB a second, which is a telephone in the forest.
pub const EVIDENCE_FILE_WAIT: Duration = Duration::from_secs(10 * 60);
/// Looks at evidence on one page.
pub const ACCESSES_SHOWN_MAX: usize = 32;

/// How long a read waits for the position it asks for. A view is normally milliseconds behind the stream.
pub const WAIT_MAX: Duration = Duration::from_secs(10);

/// How long a client waits for a connection.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a client waits until an answer begins: longer than [`WAIT_MAX`], so that the service says why.
pub const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
/// After how long a silence either end asks whether the other is still there.
pub const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(20);
/// How long it waits for the answer before it gives the connection up.
pub const KEEP_ALIVE_TIMEOUT: Duration = Duration::from_secs(10);
/// Calls at one time on one connection.
pub const CALLS_PER_CONNECTION_MAX: u32 = 1_024;
/// Bytes of one call that may be under way unread: twenty of the longest statements, thousands of usual ones.
pub const CALL_WINDOW_BYTES: u32 = 1024 * 1024;
/// Bytes of all calls of one connection that may be under way unread.
pub const CONNECTION_WINDOW_BYTES: u32 = 4 * 1024 * 1024;

/// A party or site beside something else: its id and name.
const NAME_BYTES_MAX: usize = 64 + TEXT_BYTES_MAX;
/// Four slugs or versions, the question, the scale, four numbers and their tags.
const CRITERION_BYTES_MAX: usize = 4 * SHORT_TEXT_BYTES_MAX + TEXT_BYTES_MAX + 64;
/// The longest answer is a text.
const ONE_ANSWER_BYTES_MAX: usize = TEXT_BYTES_MAX + 16;
/// A party, two dates, an assessment id, a statement id in hexadecimal, three numbers, and their tags.
const ATTRIBUTION_BYTES_MAX: usize = NAME_BYTES_MAX + 2 * 24 + 48 + 72 + 3 * 12;
/// A party, a statement id in hexadecimal, two numbers, and their tags.
const SOURCE_BYTES_MAX: usize = NAME_BYTES_MAX + 72 + 3 * 12;
/// Digests in hexadecimal with their tags.
const EVIDENCE_BYTES_MAX: usize = EVIDENCE_MAX * (64 + 2);
const FINDING_BYTES_MAX: usize = CRITERION_BYTES_MAX + ONE_ANSWER_BYTES_MAX + EVIDENCE_BYTES_MAX + 16;
/// What somebody says about an answer; who says it about a whole assessment names its criteria, in two bytes each.
const JUDGEMENT_BYTES_MAX: usize = SOURCE_BYTES_MAX + TEXT_BYTES_MAX + EVIDENCE_BYTES_MAX + 16;
const MEASUREMENT_BYTES_MAX: usize = CRITERION_BYTES_MAX + 16;
const ASSESSMENT_BYTES_MAX: usize = CRITERIA_MAX * FINDING_BYTES_MAX
    + INDICATORS_MAX * MEASUREMENT_BYTES_MAX
    + 2 * JUDGEMENTS_MAX * (JUDGEMENT_BYTES_MAX + 2 * CRITERIA_MAX)
    + ATTRIBUTION_BYTES_MAX
    + 2 * SOURCE_BYTES_MAX
    + 9 * TEXT_BYTES_MAX;
const CONTRADICTION_BYTES_MAX: usize = ONE_ANSWER_BYTES_MAX + ATTRIBUTION_BYTES_MAX + 16;
const PRESENT_ANSWER_BYTES_MAX: usize = FINDING_BYTES_MAX
    + ATTRIBUTION_BYTES_MAX
    + CONTRADICTIONS_MAX * CONTRADICTION_BYTES_MAX
    + 2 * JUDGEMENTS_MAX * JUDGEMENT_BYTES_MAX
    + 32;
/// The criterion spoken to and the one asked, how far it reaches, the answer, who says so, a site, flags and tags.
const OTHER_BYTES_MAX: usize =
    2 * CRITERION_BYTES_MAX + TEXT_BYTES_MAX + ONE_ANSWER_BYTES_MAX + ATTRIBUTION_BYTES_MAX + NAME_BYTES_MAX + 48;
/// What all of them that stand in one answer need.
pub const OTHERS_BYTES_MAX: usize = OTHERS_MAX * (OTHER_BYTES_MAX + ROW_FRAME_BYTES);
/// What is present about a site or an organization: its answers, its latest assessments, and what they say about the
/// criteria of gates.
const STANDING_BYTES_MAX: usize = CATALOGUES_MAX * (CRITERIA_MAX * PRESENT_ANSWER_BYTES_MAX + ASSESSMENT_BYTES_MAX)
    + OTHERS_BYTES_MAX
    + 16 * TEXT_BYTES_MAX;
/// A criterion of a gate with the answer that decides, as a cause, and as a scenario.
const GATE_BYTES_MAX: usize =
    3 * CRITERION_BYTES_MAX + NAME_BYTES_MAX + ONE_ANSWER_BYTES_MAX + ATTRIBUTION_BYTES_MAX + SOURCE_BYTES_MAX + 64;
/// A criterion, a site, three ids, four numbers and their tags.
const NEXT_STEP_BYTES_MAX: usize = CRITERION_BYTES_MAX + NAME_BYTES_MAX + 3 * 48 + 64;
/// An organization's standing with its pillars, of 256 levels each at most, the scheme's decision and its report.
const ORGANIZATION_BYTES_MAX: usize = CRITERIA_MAX * GATE_BYTES_MAX
    + NEXT_STEPS_MAX * NEXT_STEP_BYTES_MAX
    + 4 * (256 * 2 + 64)
    + 4 * SOURCE_BYTES_MAX
    + EVIDENCE_BYTES_MAX
    + 17 * TEXT_BYTES_MAX;
/// The criteria of a plan with their clocks, and what will be done with the latest word about it.
const PLAN_BYTES_MAX: usize = CRITERIA_MAX * (CRITERION_BYTES_MAX + 64)
    + MILESTONES_MAX * (2 * TEXT_BYTES_MAX + JUDGEMENT_BYTES_MAX + 128)
    + 4 * SOURCE_BYTES_MAX
    + 4 * TEXT_BYTES_MAX;
const INCIDENT_BYTES_MAX: usize = (INCIDENT_UPDATES_MAX + 2) * JUDGEMENT_BYTES_MAX + 8 * TEXT_BYTES_MAX;
/// A lot with its names, its seals, its stamps and its numbers.
const LOT_BYTES_MAX: usize = 8 * NAME_BYTES_MAX + (SEALS_SHOWN_MAX + 2) * (SHORT_TEXT_BYTES_MAX + 2) + 768;
const FLAG_BYTES_MAX: usize = TEXT_BYTES_MAX + 2 * 48 + 72 + 64;
const HOLD_BYTES_MAX: usize = SOURCE_BYTES_MAX + TEXT_BYTES_MAX + 2 * 48;
const ASSAY_BYTES_MAX: usize = NAME_BYTES_MAX + 2 * SHORT_TEXT_BYTES_MAX + 3 * 72 + 64;
/// What stands beside the path of a lot.
const LOT_ASIDE_BYTES_MAX: usize = LOT_BYTES_MAX
    + SEALS_SHOWN_MAX * (SHORT_TEXT_BYTES_MAX + 48)
    + FLAGS_SHOWN_MAX * FLAG_BYTES_MAX
    + HOLDS_SHOWN_MAX * HOLD_BYTES_MAX
    + ASSAYS_SHOWN_MAX * ASSAY_BYTES_MAX
    + 256;
/// A transformation with all that went in and came out: three ids, four numbers and their tags each.
const LINEAGE_STEP_BYTES_MAX: usize = (INPUTS_MAX + OUTPUTS_MAX) * (3 * 48 + 64) + SOURCE_BYTES_MAX + 256;
const COMPARED_CRITERION_BYTES_MAX: usize =
    CRITERION_BYTES_MAX + 2 * (ONE_ANSWER_BYTES_MAX + ATTRIBUTION_BYTES_MAX + SHORT_TEXT_BYTES_MAX + 16) + 16;
/// A statement id in hexadecimal, a position, and their tags.
const STATEMENT_AT_BYTES_MAX: usize = 72 + 12 + 4;
/// A name for machines, an id, a day, numbers, a statement, and their tags: the longest of what stands in a brief.
const BRIEF_ROW_BYTES_MAX: usize = SHORT_TEXT_BYTES_MAX + 48 + 16 + 24 + STATEMENT_AT_BYTES_MAX + ROW_FRAME_BYTES;
/// One standing of many: the party with its languages and reference, and of each of four modules also two answers, its
/// counts and what was left out.
const STANDING_ENTRY_BYTES_MAX: usize = NAME_BYTES_MAX
    + 12 * (SHORT_TEXT_BYTES_MAX + 4)
    + STATEMENT_AT_BYTES_MAX
    + (BRIEF_CAUSES_MAX + 4 * (BRIEF_UNMET_MAX + 3)) * BRIEF_ROW_BYTES_MAX
    + (BRIEF_SCENARIOS_MAX + BRIEF_INCIDENTS_MAX + BRIEF_PLANS_MAX) * BRIEF_ROW_BYTES_MAX
    + 8 * BRIEF_ROW_BYTES_MAX;

const _: () = assert!(SIGNED_STATEMENT_BYTES_MAX + 1024 < REQUEST_BYTES_MAX);
const _: () = assert!(
    STANDINGS_MAX * STANDING_ENTRY_BYTES_MAX + ANSWER_FRAME_BYTES < ANSWER_BYTES_MAX,
    "every standing that can be asked for fits one answer"
);
const _: () = assert!(
    STANDINGS_MAX * (48 + 12 + ROW_FRAME_BYTES) + ANSWER_FRAME_BYTES < REQUEST_BYTES_MAX,
    "as many as can be asked for fit one request"
);
const _: () = assert!(
    STANDING_BYTES_MAX + ORGANIZATION_BYTES_MAX + ANSWER_FRAME_BYTES < ANSWER_BYTES_MAX,
    "a site with all its answers, and an organization with its own and its standing, fits an answer"
);
const _: () = assert!(
    COMPARED_CRITERIA_MAX * COMPARED_CRITERION_BYTES_MAX + 2 * ORGANIZATION_BYTES_MAX < ANSWER_BYTES_MAX,
    "a comparison fits an answer"
);
const _: () = assert!(
    PLAN_BYTES_MAX + 4096 < PAGE_BYTES_MAX && INCIDENT_BYTES_MAX + 4096 < PAGE_BYTES_MAX,
    "every plan and incident fits a page of its own"
);
const _: () = assert!(
    CATALOGUES_MAX * ASSESSMENT_BYTES_MAX + 4096 < PAGE_BYTES_MAX,
    "every row fits a page of its own"
);
const _: () = assert!(PAGE_BYTES_MAX + ANSWER_FRAME_BYTES < ANSWER_BYTES_MAX);
const _: () = assert!(
    PAGE_BYTES_MAX + LOT_ASIDE_BYTES_MAX + ANSWER_FRAME_BYTES < ANSWER_BYTES_MAX,
    "a page of a lot's path fits an answer with what stands beside it"
);
const _: () = assert!(
    LINEAGE_STEP_BYTES_MAX + ROW_FRAME_BYTES < PAGE_BYTES_MAX,
    "every step of a lineage fits a page of its own"
);
const _: () = assert!(ENTRIES_BYTES_MAX + ENTRIES_MAX * ROW_FRAME_BYTES + ANSWER_FRAME_BYTES < ANSWER_BYTES_MAX);
const _: () = assert!(2 * NOTE_BYTES_MAX < CHECKPOINTS_BYTES_MAX);
const _: () =
    assert!(CHECKPOINTS_BYTES_MAX + CHECKPOINTS_MAX * 4 * ROW_FRAME_BYTES + ANSWER_FRAME_BYTES < ANSWER_BYTES_MAX);
const _: () = assert!(EVIDENCE_MAX * (2 * 64 + 256) + ANSWER_FRAME_BYTES < EVIDENCE_MESSAGE_BYTES_MAX);
const _: () = assert!(
    ACCESSES_SHOWN_MAX * (EVIDENCE_MAX * 72 + 48 + 72 + 32) + ANSWER_FRAME_BYTES < EVIDENCE_MESSAGE_BYTES_MAX,
    "a page of looks fits a message: of each the files, the party, the key, and numbers"
);
const _: () = assert!(TLOG_PROOF_BYTES_MAX + LEAF_BYTES_MAX < ANSWER_BYTES_MAX);
const _: () = assert!(
    NOTE_BYTES_MAX + LEAF_BYTES_MAX + 65 * 34 < ANSWER_BYTES_MAX,
    "a leaf, its proof and a checkpoint"
);
