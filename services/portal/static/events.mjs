// What forms say: from what is typed to an event.

// Which field is missing, or not as it should be.
export class FieldError extends Error {
  constructor(field) {
    super(field);
    this.field = field;
  }
}

// A decimal number as an integer of `10^-places`, exactly; written with a point or a comma.
export function scaled(text, places, field) {
  const number = /^(\d{1,12})(?:[.,](\d+))?$/.exec(text.trim());
  if (number === null || places < (number[2] ?? "").length) throw new FieldError(field);
  const integer = Number(`${number[1]}${(number[2] ?? "").padEnd(places, "0")}`);
  if (!Number.isSafeInteger(integer)) throw new FieldError(field);
  return integer;
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

function period(fields) {
  if (fields.from === "" || fields.to === "" || fields.to < fields.from) throw new FieldError("to");
  return { from: fields.from, to: fields.to };
}

// What each form says. `known` is the party that speaks and, where the form is about a lot, the latest statement on it.
const EVENTS = {
  LotDeclared: (fields) => ({
    site: fields.site.trim(),
    form: variant(fields.form),
    gross_mass: scaled(fields.gross_mass, 6, "gross_mass"),
    basis: "Weighed",
    fineness:
      fields.fineness.trim() === ""
        ? null
        : { fineness: scaled(fields.fineness, 3, "fineness"), method: variant(fields.method) },
    extracted: period(fields),
    custody_model: variant(fields.custody_model),
    seals: several(fields.seals),
    miners: fields.miners.trim() === "" ? null : scaled(fields.miners, 0, "miners"),
    documents: [],
  }),
  CustodyOffered: (fields, known) => ({
    lot: fields.lot.trim(),
    after: known.after,
    to: fields.to.trim(),
    with_title: fields.with_title === "on",
    documents: [],
  }),
  CustodyAccepted: (fields, known) => ({
    lot: fields.lot.trim(),
    after: known.after,
    gross_mass: scaled(fields.gross_mass, 6, "gross_mass"),
    seals: variant(fields.seals),
  }),
  MilestoneReported: (fields, known) => ({
    organization: known.party,
    plan: fields.plan.trim(),
    milestone: scaled(fields.milestone, 0, "milestone") - 1,
    state: variant(fields.state),
    note: words(fields.note),
    evidence: [],
  }),
  IncidentReported: (fields) => ({
    subject: subject(fields.subject.trim(), "subject"),
    category: variant(fields.category),
    confidence: variant(fields.confidence),
    severity: variant(fields.severity),
    period: period(fields),
    summary: fields.summary.trim(),
    evidence: [],
    reference: null,
  }),
};

export function eventOf(kind, fields, known) {
  return { [kind]: EVENTS[kind](fields, known) };
}
