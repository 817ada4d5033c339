// What forms say: from what is typed to an event.

// Which field is missing, or not as it should be, and by which text that is told.
export class FieldError extends Error {
  constructor(field, why = "submit-bad-field", values = {}) {
    super(field);
    this.field = field;
    this.why = why;
    this.values = values;
  }
}

// The most that these forms take for a lot, in micrograms: 100 kg of what is gold for the most part, and 100 t of what is not. Whoever
// has more at once says so at a terminal, and whoever forgot a comma is stopped here.
const GOLD_MAX = 100_000_000_000;
const ORE_MAX = 100_000_000_000_000;
const ORES = ["concentrate", "residue"];
// All of it, in thousandths of a part per thousand.
const FINENESS_MAX = 1_000_000;
// Miners at one lot.
const MINERS_MAX = 10_000;

// Which kinds of id the fields of each form take.
export const IDS = {
  LotDeclared: { site: ["site"] },
  CustodyOffered: { lot: ["lot"], to: ["org"] },
  CustodyAccepted: { lot: ["lot"] },
  MilestoneReported: { plan: ["plan"] },
  IncidentReported: { subject: ["org", "site"] },
};

// A decimal number as an integer of `10^-places`, exactly; written with a point or a comma. Three digits behind the only separator
// are a fraction to some and thousands to others: where both can be meant, neither is taken.
export function scaled(text, places, field, { least = 0, most = Number.MAX_SAFE_INTEGER } = {}) {
  const typed = text.trim();
  if (typed === "") throw new FieldError(field, "submit-missing");
  const [, whole, separator, behind = ""] = /^(\d{1,12})(?:([.,])(\d+))?$/.exec(typed) ?? [];
  if (whole === undefined || places < behind.length) throw new FieldError(field, places === 0 ? "submit-not-whole" : "submit-not-number");
  const integer = Number(`${whole}${behind.padEnd(places, "0")}`);
  if (!Number.isSafeInteger(integer)) throw new FieldError(field, "submit-not-number");
  const thousands = Number(`${whole}${behind}`);
  if (/^[1-9]\d{0,2}$/.test(whole) && behind.length === 3 && thousands * 10 ** places <= most) {
    throw new FieldError(field, "submit-two-readings", { typed, thousands, fraction: fraction(whole, separator, behind) });
  }
  if (integer < least) throw new FieldError(field, "submit-too-little");
  if (most < integer) throw new FieldError(field, "submit-too-much", { most: most / 10 ** places });
  return integer;
}

// The same number in a way in which no one reads thousands.
function fraction(whole, separator, behind) {
  const digits = behind.replace(/0+$/, "");
  if (digits === "") return whole;
  return `${whole}${separator}${digits.length === 3 ? `${digits}0` : digits}`;
}

// `fire-assay` is `FireAssay`.
export function variant(word) {
  return word.split("-").map((part) => part[0].toUpperCase() + part.slice(1)).join("");
}

const words = (text) => (text.trim() === "" ? null : text.trim());
const several = (text) => text.split(/[\s,;]+/).filter((one) => one !== "").sort();

function subject(id, field) {
  if (id.startsWith("org-")) return { Party: id };
  if (id.startsWith("site-")) return { Site: id };
  throw new FieldError(field);
}

// A first day and a last one.
export function period({ from, to }) {
  if (from === "") throw new FieldError("from", "submit-missing");
  if (to === "") throw new FieldError("to", "submit-missing");
  if (to < from) throw new FieldError("to", "submit-bad-days");
  return { from, to };
}

// What was chosen of several words: none is chosen by itself.
function chosen(fields, field) {
  const word = fields[field] ?? "";
  if (word === "") throw new FieldError(field, "submit-missing");
  return variant(word);
}

// How fine it is, and how that was found: both or neither.
function fineness(fields) {
  const typed = fields.fineness.trim() !== "";
  if (!typed && (fields.method ?? "") === "") return null;
  return { fineness: scaled(fields.fineness, 3, "fineness", { least: 1, most: FINENESS_MAX }), method: chosen(fields, "method") };
}

// What each form says. `known` is the party that speaks and, where the form is about a lot, the latest statement on it.
const EVENTS = {
  LotDeclared: (fields) => ({
    site: fields.site.trim(),
    form: chosen(fields, "form"),
    gross_mass: scaled(fields.gross_mass, 6, "gross_mass", { least: 1, most: ORES.includes(fields.form) ? ORE_MAX : GOLD_MAX }),
    basis: chosen(fields, "basis"),
    fineness: fineness(fields),
    extracted: period(fields),
    custody_model: chosen(fields, "custody_model"),
    seals: several(fields.seals),
    miners: fields.miners.trim() === "" ? null : scaled(fields.miners, 0, "miners", { least: 1, most: MINERS_MAX }),
    documents: [],
  }),
  CustodyOffered: (fields, known) => ({
    lot: fields.lot.trim(),
    after: known.after,
    to: fields.to.trim(),
    with_title: chosen(fields, "with_title") === "Yes",
    documents: [],
  }),
  CustodyAccepted: (fields, known) => ({
    lot: fields.lot.trim(),
    after: known.after,
    gross_mass: scaled(fields.gross_mass, 6, "gross_mass", { least: 1, most: ORE_MAX }),
    seals: chosen(fields, "seals"),
  }),
  MilestoneReported: (fields, known) => ({
    organization: known.party,
    plan: fields.plan.trim(),
    milestone: scaled(fields.milestone, 0, "milestone", { least: 1 }) - 1,
    state: chosen(fields, "state"),
    note: words(fields.note),
    evidence: [],
  }),
  IncidentReported: (fields) => ({
    subject: subject(fields.subject.trim(), "subject"),
    category: chosen(fields, "category"),
    confidence: chosen(fields, "confidence"),
    severity: chosen(fields, "severity"),
    period: period(fields),
    summary: fields.summary.trim(),
    evidence: [],
    reference: null,
  }),
};

export function eventOf(kind, fields, known) {
  return { [kind]: EVENTS[kind](fields, known) };
}
