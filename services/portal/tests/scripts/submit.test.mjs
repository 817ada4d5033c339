// What the forms of the page that signs say, drafted by the module as the page does, and shown as the page shows it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { SignError, load, memoryStore } from "../../../../libs/signer/web/veta-sign.mjs";
import { answered, assessmentOf, eventsOf } from "../../static/answers.mjs";
import { latestHere } from "../../static/device.mjs";
import { FieldError, eventOf, scaled, variant } from "../../static/events.mjs";
import { KeySection } from "../../static/keys.mjs";
import { Names } from "../../static/names.mjs";
import { Told, worded } from "../../static/parts.mjs";
import { decimal, facts, idsIn, sayer, shown } from "../../static/words.mjs";

const signer = await load(readFileSync(process.env.MODULE));
const PARTY = "org-3141kpyv34cnq20w31e9t7jbhem";
const SITE = "site-3141kpyv34cnq20wv9ehjjwbhev";
const LOT = "lot-1z5aaaxh24d8eeqgv086b5bhs81";
const ONE = "11".repeat(32);
const SPEAKER = { deployment: "d0".repeat(32), party: PARTY, key: "00".repeat(32), number: "1", stated_at_ms: 0 };
const DAYS = { from: "2026-05-01", to: "2026-05-31" };
const DECLARED = {
  site: SITE, form: "dust", gross_mass: "12,5", fineness: "916.6", method: "fire-assay", basis: "weighed", ...DAYS,
  custody_model: "identity-preserved", seals: "B-2 B-1", miners: "12",
};
const INCIDENT = {
  subject: SITE, category: "child-labour", confidence: "founded-suspicion", severity: "critical", ...DAYS, summary: " Seen ",
};
const PLAN = signer.ask("sample", { kind: "MilestoneReported", now_ms: 0 }).event.MilestoneReported.plan;

const drafted = (kind, fields, known = {}) => signer.ask("draft", { ...SPEAKER, event: eventOf(kind, fields, known) });

test("every form makes an event that can be drafted", () => {
  for (const [kind, fields, known] of [
    ["LotDeclared", DECLARED],
    ["LotDeclared", { ...DECLARED, fineness: "", method: "", miners: "", seals: "" }],
    ["CustodyOffered", { lot: LOT, to: PARTY, with_title: "yes" }, { after: ONE }],
    ["CustodyOffered", { lot: LOT, to: PARTY, with_title: "no" }, { after: ONE }],
    ["CustodyAccepted", { lot: LOT, gross_mass: "12.000001", seals: "intact" }, { after: ONE }],
    ["MilestoneReported", { plan: PLAN, milestone: "1", state: "done", note: "" }, { party: PARTY }],
    ["IncidentReported", INCIDENT],
    ["IncidentReported", { ...INCIDENT, subject: PARTY }],
  ]) {
    assert.ok(drafted(kind, fields, known).to_sign, kind);
  }
  const { LotDeclared } = eventOf("LotDeclared", DECLARED);
  assert.equal(LotDeclared.gross_mass, 12_500_000);
  assert.deepEqual(LotDeclared.fineness, { fineness: 916_600, method: "FireAssay" });
  assert.deepEqual(LotDeclared.seals, ["B-1", "B-2"]);
  assert.equal(LotDeclared.basis, "Weighed");
  const offered = (with_title) => eventOf("CustodyOffered", { lot: LOT, to: PARTY, with_title }, { after: ONE }).CustodyOffered.with_title;
  assert.deepEqual(["yes", "no"].map(offered), [true, false]);
});

test("what is not as it should be is told by its field and by why, and no event is made", () => {
  for (const [kind, fields, field, why] of [
    ["LotDeclared", { ...DECLARED, gross_mass: "" }, "gross_mass", "submit-missing"],
    ["LotDeclared", { ...DECLARED, gross_mass: "12,5 g" }, "gross_mass", "submit-not-number"],
    ["LotDeclared", { ...DECLARED, gross_mass: "1.0000001" }, "gross_mass", "submit-not-number"],
    ["LotDeclared", { ...DECLARED, gross_mass: "-1" }, "gross_mass", "submit-not-number"],
    ["LotDeclared", { ...DECLARED, gross_mass: "1,000.5" }, "gross_mass", "submit-not-number"],
    ["LotDeclared", { ...DECLARED, gross_mass: "1,234" }, "gross_mass", "submit-two-readings"],
    ["LotDeclared", { ...DECLARED, gross_mass: "0,0" }, "gross_mass", "submit-too-little"],
    ["LotDeclared", { ...DECLARED, gross_mass: "100001" }, "gross_mass", "submit-too-much"],
    ["LotDeclared", { ...DECLARED, fineness: "0.91666" }, "fineness", "submit-not-number"],
    ["LotDeclared", { ...DECLARED, fineness: "1000.1" }, "fineness", "submit-too-much"],
    ["LotDeclared", { ...DECLARED, fineness: "" }, "fineness", "submit-missing"],
    ["LotDeclared", { ...DECLARED, method: "" }, "method", "submit-missing"],
    ["LotDeclared", { ...DECLARED, form: "" }, "form", "submit-missing"],
    ["LotDeclared", { ...DECLARED, basis: "" }, "basis", "submit-missing"],
    ["LotDeclared", { ...DECLARED, custody_model: "" }, "custody_model", "submit-missing"],
    ["LotDeclared", { ...DECLARED, to: "2026-04-30" }, "to", "submit-bad-days"],
    ["LotDeclared", { ...DECLARED, from: "" }, "from", "submit-missing"],
    ["LotDeclared", { ...DECLARED, miners: "many" }, "miners", "submit-not-whole"],
    ["LotDeclared", { ...DECLARED, miners: "0" }, "miners", "submit-too-little"],
    ["CustodyOffered", { lot: LOT, to: PARTY, with_title: "" }, "with_title", "submit-missing"],
    ["IncidentReported", { ...INCIDENT, subject: LOT }, "subject", "submit-bad-field"],
  ]) {
    const isField = (error) => error instanceof FieldError && error.field === field && error.why === why;
    assert.throws(() => eventOf(kind, fields, {}), isField, JSON.stringify(fields));
  }
  assert.throws(() => scaled("999999999999.999999", 6, "x"), FieldError);
  assert.equal(variant("identity-preserved"), "IdentityPreserved");
  assert.equal(eventOf("LotDeclared", { ...DECLARED, form: "concentrate", gross_mass: "100001" }).LotDeclared.gross_mass, 100_001_000_000);
});

test("a number of which three digits stand behind a separator is not taken for either of what it can mean", () => {
  const most = 100_000_000_000;
  for (const [typed, thousands, fraction] of [["1,234", 1234, "1,2340"], ["12.500", 12500, "12.5"], ["1.000", 1000, "1"]]) {
    const tellsBoth = ({ values }) => values.typed === typed && values.thousands === thousands && values.fraction === fraction;
    assert.throws(() => scaled(typed, 6, "x", { most }), tellsBoth, typed);
    assert.equal(scaled(fraction, 6, "x", { most }), thousands * 1_000);
    assert.equal(scaled(String(thousands), 6, "x", { most }), thousands * 1_000_000);
  }
  // What cannot be thousands is a fraction.
  for (const [typed, grams] of [["0,500", 500_000], ["1234,567", 1_234_567_000], ["100,001", 100_001_000]]) {
    assert.equal(scaled(typed, 6, "x", { most }), grams, typed);
  }
  assert.equal(scaled("916.666", 3, "x", { most: 1_000_000 }), 916_666);
});

test("ids are shown with what they are called", () => {
  const say = sayer({ facts: {}, words: {}, texts: {} });
  const { told } = drafted("CustodyOffered", { lot: LOT, to: PARTY, with_title: "no" }, { after: ONE });
  assert.deepEqual(told.facts.flatMap(({ value }) => idsIn(value)).toSorted(), [ONE, LOT, PARTY]);
  const called = ({ value }) => (value.id === PARTY ? { text: "Buyer", isTheirs: true } : undefined);
  const of = (label) => facts(told.facts, say, "en", called).find((fact) => fact.label === label);
  assert.deepEqual([of("to").text, of("to").items, of("lot").items], [PARTY, [{ text: "Buyer", isTheirs: true }], undefined]);
  const incident = drafted("IncidentReported", INCIDENT).told;
  assert.deepEqual(incident.facts.flatMap(({ value }) => idsIn(value)), [SITE]);
});

test("a name is what the server says, and without it what it said last", async () => {
  const store = memoryStore();
  let asked = { [`/api/orgs/${PARTY}`]: { organization: { id: PARTY, name: "Buyer" } }, [`/api/sites/${SITE}`]: { site: { id: SITE, name: "" } } };
  const names = new Names(store, "/api", async (url) => {
    if (asked === null) throw new TypeError("no network");
    return { ok: url in asked, json: async () => asked[url] };
  });
  const all = [PARTY, SITE, LOT, PARTY];
  assert.deepEqual([...(await names.of(all))], [[PARTY, "Buyer"]]);
  asked = null;
  assert.deepEqual([...(await names.of(all))], [[PARTY, "Buyer"]]);
  assert.deepEqual(await names.parties(), [{ id: PARTY, name: "Buyer" }]);
  assert.deepEqual(await names.ownOf(PARTY), { sites: [], lots: [] });
});

test("an error is told in the words of the page, never in its own", () => {
  const texts = { "submit-error-full": "voll", "submit-error-other": "anders", "submit-missing": "fehlt", "submit-handover-silent": "stumm" };
  const say = sayer({ facts: {}, words: {}, texts });
  for (const [error, text] of [
    [new SignError("full", "more than 1000"), "voll"],
    [new SignError("question", "not an id of this kind"), "anders"],
    [new SignError("handover", "nothing", "silent"), "stumm"],
    [new FieldError("to", "submit-missing"), "fehlt"],
    [new Told("schon gesagt"), "schon gesagt"],
    [new TypeError("Failed to fetch"), "anders"],
  ]) {
    assert.equal(worded(error, say), text);
  }
});

test("numbers are written as the language does, every digit of them", () => {
  for (const [integer, places, language, expected] of [
    ["12500000", 6, "en", "12.5"],
    ["12500000", 6, "fr", "12,5"],
    ["1", 6, "es", "0,000001"],
    ["1234567000000", 6, "en", "1,234,567"],
    ["18446744073709551615", 6, "en", "18,446,744,073,709.551615"],
    [916600, 3, "en", "916.6"],
    [0, 3, "en", "0"],
  ]) {
    assert.equal(decimal(integer, places, language), expected);
  }
});

test("shares, instants and numbers are written as the language does", () => {
  const say = sayer({ facts: {}, words: {}, texts: {} });
  for (const [value, language, expected] of [
    [{ type: "share", ppm: 12500 }, "en", "1.25%"],
    [{ type: "share", ppm: 12500 }, "fr", "1,25\u202f%"],
    [{ type: "instant", unix_ms: Date.UTC(2026, 0, 31, 16, 9) }, "es", "31 ene 2026, 16:09 UTC"],
    [{ type: "number", number: "-9007199254740993" }, "pt", "-9.007.199.254.740.993"],
    [{ type: "position", position: "1204" }, "fr", "#1204"],
  ]) {
    assert.equal(shown(value, say, language).text.replaceAll("\u00a0", "\u202f"), expected);
  }
});

test("all that is signed is shown, in the words of the page", () => {
  const say = sayer({
    facts: { "lot-declared.gross-mass": "Gross mass" },
    words: { "lot-form-dust": "dust" },
    texts: { "submit-nothing": "nothing said", later: "{left} wait: {why}" },
  });
  const { told } = drafted("LotDeclared", DECLARED);
  const all = facts(told.facts, say, "en");
  assert.equal(all.length, told.facts.length);
  const of = (label) => all.find((fact) => fact.label === label);
  assert.equal(of("Gross mass").text, "12.5\u00a0g");
  assert.equal(of("form").text, "dust");
  assert.equal(of("site").text, SITE);
  assert.deepEqual(of("seals").items, [{ text: "B-1", isTheirs: true }, { text: "B-2", isTheirs: true }]);
  assert.deepEqual(of("extracted").facts.map(({ text }) => text), ["May 1, 2026", "May 31, 2026"]);
  assert.equal(of("documents").text, "nothing said");
  assert.equal(say.text("later", { left: 2, why: "cut" }), "2 wait: cut");
  const about = facts(drafted("IncidentReported", INCIDENT).told.facts, say, "en").find(({ label }) => label === "subject");
  assert.deepEqual([about.text, about.items], ["subject-site", [{ text: SITE }]]);
  assert.throws(() => shown({ type: "riddle" }, say, "en"), /unknown type/);
});

test("what is signed next follows what waits here", () => {
  const row = (state, id, lots, created = []) => ({ state, statement: { statement_id: id, lots, created } });
  const rows = [row("recorded", "1", [], [LOT]), row("waiting", "2", [LOT]), row("refused", "3", [LOT]), row("waiting", "4", [])];
  assert.equal(latestHere(rows, LOT, ["waiting"]), "2");
  assert.equal(latestHere(rows, LOT, ["recorded"]), "1");
  assert.equal(latestHere(rows, "lot-other", ["waiting", "recorded"]), null);
});

const DIGEST = "aa".repeat(32);
const FORM = {
  ...DAYS, c0: "pass", c1: "", c2: "level-3", c10: "not-applicable", "c10-why": " No mercury ", "c2-why": "", c3: "count", "c3-value": "12",
  c4: "words", "c4-value": "Seen", c5: "progress", c6: "none-observed", i0: "", i1: "40",
};
const about = { catalogue: DIGEST, about: PARTY };

test("an assessment says what was answered, in the order of the catalogue, and nothing of what was not", () => {
  assert.equal(answered(FORM), 8);
  const assessment = assessmentOf(FORM, { 2: [{ digest: "bb".repeat(32) }, { digest: ONE }], 1: [{ digest: ONE }] }, about);
  assert.deepEqual(assessment.findings.map(({ criterion, answer }) => [criterion, answer]), [
    [0, "Pass"], [2, { Level: 3 }], [3, { Count: 12 }], [4, { Words: "Seen" }], [5, "Progress"], [6, "NoneObserved"],
    [10, { NotApplicable: "No mercury" }],
  ]);
  assert.deepEqual(assessment.findings[1].evidence, [ONE, "bb".repeat(32)]);
  assert.deepEqual(assessment.measurements, [{ indicator: 1, value: 40 }]);
  assert.deepEqual(assessment.subject, { Party: PARTY });
  assert.deepEqual(assessmentOf(FORM, {}, { ...about, about: SITE }).subject, { Site: SITE });
  assert.ok(signer.ask("draft", { ...SPEAKER, event: { AssessmentSubmitted: assessment } }).to_sign);
  for (const [fields, field] of [
    [{ "c10-why": " " }, "c10-why"],
    [{ "c3-value": "many" }, "c3-value"],
    [{ "c4-value": "" }, "c4-value"],
    [{ i1: "1.5" }, "i1"],
    [{ to: "2026-04-30" }, "to"],
    [{ from: "" }, "from"],
  ]) {
    const isField = (error) => error instanceof FieldError && error.field === field;
    assert.throws(() => assessmentOf({ ...FORM, ...fields }, {}, about), isField, JSON.stringify(fields));
  }
});

test("what does not fit into one statement is said in several, in order and each thing once", () => {
  const places = Array.from({ length: 120 }, (_, place) => place);
  const fields = { ...DAYS, i0: "7", ...Object.fromEntries(places.map((place) => [`c${place}`, "pass"])) };
  const digests = Array.from({ length: 16 }, (_, place) => ({ digest: place.toString(16).padStart(2, "0").repeat(32) }));
  const assessment = assessmentOf(fields, Object.fromEntries(places.map((place) => [place, digests])), about);
  const fits = (event) => {
    try {
      return Boolean(signer.ask("draft", { ...SPEAKER, event }).to_sign);
    } catch (error) {
      assert.equal(error.reason, "statement");
      return false;
    }
  };
  const events = eventsOf(assessment, fits);
  assert.equal(events.length, 2);
  const said = events.map(({ AssessmentSubmitted }) => AssessmentSubmitted);
  assert.deepEqual(said.flatMap(({ findings }) => findings), assessment.findings);
  assert.deepEqual(said.flatMap(({ measurements }) => measurements), assessment.measurements);
  assert.equal(eventsOf(assessmentOf(FORM, {}, about), fits).length, 1);
});

test("a place in a catalogue is shown with what the form calls it", () => {
  const say = sayer({ facts: {}, words: {}, texts: {} });
  const { told } = signer.ask("draft", { ...SPEAKER, event: { AssessmentSubmitted: assessmentOf(FORM, {}, about) } });
  const explained = ({ of, label, value }) => (of === "finding" && label === "criterion" ? { text: `question ${value.number}`, isTheirs: true } : undefined);
  const findings = facts(told.facts, say, "en", explained).find(({ label }) => label === "findings");
  const [criterion] = findings.items[1].facts;
  assert.deepEqual([criterion.text, criterion.items], ["2", [{ text: "question 2", isTheirs: true }]]);
});

test("whoever reads for whom he speaks can speak", async () => {
  const parts = {};
  const part = () => ({ addEventListener() {}, setAttribute() {}, replaceChildren() {}, append() {} });
  const made = part();
  globalThis.document = { getElementById: (id) => (parts[id] ??= part()), createElement: () => made, createElementNS: () => made };
  const told = [];
  Object.defineProperty(document.getElementById("submit-party"), "textContent", { set: (text) => told.push(`reads ${text}`) });
  const speaker = { key: ONE, party: PARTY, is_sealed: true, is_elsewhere: true, backup: null };
  const device = { signer, speaker: async () => speaker, keys: { canBackUp: true, all: async () => [speaker] }, names: { of: async () => new Map() } };
  await new KeySection(device, sayer({ texts: {} }), null).start(({ party }) => told.push(`speaks for ${party}`));
  assert.deepEqual(told, [`speaks for ${PARTY}`, `reads ${PARTY}`]);
});
