// The page that signs on the device: forms make events, what an event says is shown before it is signed, and the queue sends
// when there is a network. Where the glue, the module and the words are, the page says in data attributes.

// ---- from what is typed to an event

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

// The latest statement on a lot that waits here: what is signed next follows it, whatever the server knows.
export function latestHere(rows, lot, states) {
  const isOn = ({ state, statement }) =>
    states.includes(state) && (statement.lots.includes(lot) || statement.created.includes(lot));
  return rows.filter(isOn).at(-1)?.statement.statement_id ?? null;
}

// ---- what is said, in the reader's words

// An integer of `10^-places` as the language writes it, every digit of it.
export function decimal(integer, places, language) {
  const digits = String(integer).padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const rest = digits.slice(digits.length - places).replace(/0+$/, "");
  const grouped = new Intl.NumberFormat(language).format(BigInt(whole));
  const separator = new Intl.NumberFormat(language).formatToParts(1.5).find(({ type }) => type === "decimal").value;
  return rest === "" ? grouped : `${grouped}${separator}${rest}`;
}

// A value as `{ text }`, with `isTheirs` where somebody wrote it, and with `facts` or `items` where it is made of others.
export function shown(value, say, language) {
  switch (value.type) {
    case "nothing":
      return { text: say.text("submit-nothing") };
    case "text":
      return { text: value.text, isTheirs: true };
    case "flag":
      return { text: say.text(value.is ? "submit-yes" : "submit-no") };
    case "word": {
      const text = say.word(`${value.of}-${value.word}`);
      return value.with === null ? { text } : { text, items: [shown(value.with, say, language)] };
    }
    case "id":
      return { text: value.id };
    case "mass":
      return { text: `${decimal(value.micrograms, 6, language)}\u00a0g` };
    case "fineness":
      return { text: `${decimal(value.ppm, 3, language)}\u00a0‰` };
    case "share":
      return { text: `${decimal(value.ppm, 4, language)}\u00a0%` };
    case "date":
      return { text: day(value.date, language) };
    case "instant":
      return { text: new Date(Number(value.unix_ms)).toISOString() };
    case "position":
      return { text: value.position };
    case "number":
      return { text: value.number };
    case "digest":
      return { text: value.digest };
    case "key":
      return { text: value.key };
    case "country":
      return { text: value.country };
    case "list":
      if (value.items.length === 0) return { text: say.text("submit-nothing") };
      return { text: "", items: value.items.map((item) => shown(item, say, language)) };
    case "facts":
      return { text: "", facts: facts(value.facts, say, language) };
    default:
      // Nobody signs what cannot be shown.
      throw new Error(`a value of the unknown type ${value.type}`);
  }
}

export function facts(all, say, language) {
  return all.map((fact) => ({ label: say.fact(fact.of, fact.label), ...shown(fact.value, say, language) }));
}

function day(date, language) {
  const instant = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(instant.getTime())) return String(date);
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(instant);
}

// The words that the server has for names: a name without one is shown as it is.
export function sayer({ facts: labels, words: named, texts }) {
  return {
    fact: (of, label) => labels[`${of}.${label}`] ?? label,
    word: (key) => named[key] ?? key,
    text: (key, values = {}) =>
      Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), texts[key] ?? key),
  };
}

// ---- the page

function element(name, { text, className, attributes = {} } = {}, ...children) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className !== undefined) made.className = className;
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

function drawn(value) {
  const parts = [];
  if (value.text !== "") parts.push(element(value.isTheirs ? "bdi" : "span", { text: value.text }));
  if (value.facts) parts.push(drawnFacts(value.facts));
  if (value.items) parts.push(element("ul", {}, ...value.items.map((item) => element("li", {}, ...drawn(item)))));
  return parts;
}

function drawnFacts(all) {
  const rows = all.flatMap((fact) => [element("dt", { text: fact.label }), element("dd", {}, ...drawn(fact))]);
  return element("dl", { className: "facts" }, ...rows);
}

class Page {
  constructor(root, glue, signer, say, store) {
    this.root = root;
    this.glue = glue;
    this.signer = signer;
    this.say = say;
    this.language = document.documentElement.lang;
    this.keys = new glue.Keys(signer, store);
    this.queue = new glue.Queue(store);
    this.submit = glue.submitTo(`${root.dataset.api}/statements`);
    this.desk = null;
    this.review = null;
  }

  at(id) {
    return document.getElementById(id);
  }

  tell(text, isBad = false) {
    const place = this.at("submit-status");
    place.textContent = text;
    place.className = isBad ? "notice bad" : "notice";
  }

  async start() {
    this.at("submit-keys").addEventListener("submit", (event) => this.attempt(event, () => this.takeKey(event)));
    for (const form of this.root.querySelectorAll("form[data-kind]")) {
      form.addEventListener("submit", (event) => this.attempt(event, () => this.look(form)));
    }
    this.at("submit-sign").addEventListener("click", (event) => this.attempt(event, () => this.sign()));
    this.at("submit-back").addEventListener("click", () => this.close());
    this.at("submit-send").addEventListener("click", (event) => this.attempt(event, () => this.send()));
    this.at("submit-hand-over").addEventListener("submit", (event) => this.attempt(event, () => this.handOver(event)));
    this.at("submit-take-in").addEventListener("submit", (event) => this.attempt(event, () => this.takeIn(event)));
    globalThis.addEventListener("online", () => this.send().catch(() => {}));
    this.root.hidden = false;
    await this.useKey();
    await this.showQueue();
    await this.send().catch(() => {});
  }

  // What goes wrong is told, and nothing else happens.
  async attempt(event, work) {
    event.preventDefault();
    try {
      await work();
    } catch (error) {
      const isField = error instanceof FieldError;
      const text = isField ? this.say.text("submit-bad-field", { field: this.labelOf(event.target, error.field) }) : error.message;
      this.tell(text, true);
      this.at("submit-status").focus();
    }
  }

  labelOf(form, name) {
    const field = form.elements?.namedItem(name);
    return field?.labels?.[0]?.textContent ?? name;
  }

  // ---- keys

  async useKey() {
    const [kept] = await this.keys.all();
    this.at("submit-new-key").hidden = kept !== undefined;
    this.at("submit-has-key").hidden = kept === undefined;
    this.at("submit-forms").hidden = true;
    if (kept === undefined) return;
    this.at("submit-key").textContent = kept.key;
    this.at("submit-unsealed").hidden = kept.is_sealed;
    const party = (await this.partyOf(kept.key)) ?? kept.party;
    this.at("submit-party").textContent = party ?? this.say.text("submit-not-authorized");
    if (party === null) return;
    await this.keys.speaksFor(kept.key, party);
    const { deployment } = this.root.dataset;
    this.desk = new this.glue.Desk(this.signer, this.keys, this.queue, { deployment, party, key: kept.key });
    this.at("submit-forms").hidden = false;
  }

  // In whose name a key speaks, where the server can be asked and knows it.
  async partyOf(key) {
    try {
      const answer = await fetch(`${this.root.dataset.api}/keys/${key}`);
      return answer.ok ? (await answer.json()).party_id : null;
    } catch {
      return null;
    }
  }

  async takeKey(event) {
    const form = event.target;
    const passphrase = words(form.elements.passphrase.value);
    const file = form.elements.file.files[0];
    const text = file === undefined ? null : await file.text();
    let made;
    if (text === null) made = await this.keys.make({ passphrase });
    else if (text.includes("-----BEGIN")) made = await this.keys.importPem(text, { passphrase });
    else made = await this.keys.restore(text, passphrase ?? "");
    form.reset();
    if (made.backup) this.download(made.backup, `veta-key-${made.key.slice(0, 8)}.json`, "submit-backup");
    this.tell(this.say.text("submit-key-made"));
    await this.useKey();
  }

  download(content, name, at) {
    const link = this.at(at);
    link.href = URL.createObjectURL(new Blob([content]));
    link.download = name;
    link.hidden = false;
  }

  // ---- forms

  async look(form) {
    const fields = Object.fromEntries(new FormData(form));
    const known = { party: this.desk.speaker.party };
    if (fields.lot !== undefined) known.after = await this.latest(fields.lot.trim());
    const event = eventOf(form.dataset.kind, fields, known);
    const { told } = this.desk.draft(event);
    this.review = { event, told, form };
    const heading = this.say.word(`event-kind-${told.kind}`);
    const { party } = this.desk.speaker;
    this.at("submit-said").replaceChildren(
      element("p", { text: this.say.text("submit-in-the-name-of", { party }) }),
      element("h3", { text: heading }),
      drawnFacts(facts(told.facts, this.say, this.language)),
    );
    this.at("submit-review").hidden = false;
    this.at("submit-review").focus();
  }

  async latest(lot) {
    const rows = await this.queue.all();
    const waiting = latestHere(rows, lot, ["waiting"]);
    if (waiting !== null) return waiting;
    try {
      const answer = await fetch(`${this.root.dataset.api}/lots/${encodeURIComponent(lot)}/latest`);
      if (answer.ok) return (await answer.json()).statement_id;
    } catch {
      // Without a network, what was recorded from here is the latest that is known.
    }
    const recorded = latestHere(rows, lot, ["recorded"]);
    if (recorded === null) throw new Error(this.say.text("submit-unknown-lot"));
    return recorded;
  }

  async sign() {
    const { event, told, form } = this.review;
    const statement = await this.desk.sign(event, told);
    form.reset();
    this.close();
    const created = statement.created.join(", ");
    this.tell(this.say.text(created === "" ? "submit-signed" : "submit-signed-creates", { created }));
    await this.showQueue();
    await this.send();
  }

  close() {
    this.review = null;
    this.at("submit-review").hidden = true;
    this.at("submit-said").replaceChildren();
  }

  // ---- the queue

  async send() {
    const { left, error } = await this.queue.send(this.submit, () => this.showQueue());
    await this.showQueue();
    if (0 < left) this.tell(this.say.text("submit-later", { left, why: error.message }));
  }

  async showQueue() {
    const rows = await this.queue.all();
    const lines = rows.toReversed().map((row) => {
      const { statement, state } = row;
      const chip = { waiting: "none", recorded: "good", refused: "bad" }[state];
      return element(
        "tr",
        {},
        element("td", { text: this.say.word(`event-kind-${statement.told.kind}`) }),
        element("td", {}, ...statement.created.concat(statement.lots).map((id) => element("code", { className: "id", text: id }))),
        element("td", {}, element("span", { className: `chip ${chip}`, text: this.say.text(`submit-${state}`) })),
        element("td", {}, ...this.outcome(row)),
      );
    });
    this.at("submit-queue").replaceChildren(...lines);
  }

  outcome({ receipt, refusal }) {
    if (receipt) {
      const href = `/${this.language}/log/${receipt.position - 1}`;
      return [element("a", { text: `#${receipt.position}`, attributes: { href } })];
    }
    if (!refusal) return [];
    const number = refusal.refusal ? ` (${refusal.refusal.code})` : "";
    return [element("span", { text: `${refusal.detail}${number}` })];
  }

  // ---- from one device to another

  async handOver(event) {
    const lot = event.target.elements.lot.value.trim();
    const { file, codes } = await this.desk.handOver(lot);
    this.download(this.glue.ofBase64(file), `${lot}.veta-handover`, "submit-handover-file");
    this.at("submit-codes").replaceChildren(...codes.map((code, place) => this.code(code, place + 1, codes.length)));
    if (codes.length === 0) this.tell(this.say.text("submit-too-long-for-codes"));
  }

  code({ path, units }, place, count) {
    const svg = "http://www.w3.org/2000/svg";
    const drawing = document.createElementNS(svg, "svg");
    drawing.setAttribute("viewBox", `0 0 ${units} ${units}`);
    drawing.setAttribute("class", "code");
    drawing.setAttribute("role", "img");
    drawing.setAttribute("aria-label", this.say.text("submit-code", { place, count }));
    const light = document.createElementNS(svg, "rect");
    for (const [name, value] of Object.entries({ width: units, height: units, fill: "#fff" })) light.setAttribute(name, value);
    const dark = document.createElementNS(svg, "path");
    dark.setAttribute("d", path);
    dark.setAttribute("fill", "#000");
    drawing.append(light, dark);
    return drawing;
  }

  async takeIn(event) {
    const { file, codes } = event.target.elements;
    const [given] = file.files;
    const handed = given === undefined ? codes.value : new Uint8Array(await given.arrayBuffer());
    const opened = this.desk.open(handed);
    const fresh = await this.desk.takeIn(opened);
    event.target.reset();
    const accepting = this.root.querySelector("form[data-kind=CustodyAccepted]");
    accepting.elements.lot.value = opened.lot;
    this.tell(this.say.text("submit-taken-in", { count: fresh, lot: opened.lot }));
    await this.showQueue();
  }
}

async function open(root) {
  const { glue: path, module, words: at } = root.dataset;
  const [glue, words] = await Promise.all([import(path), fetch(at).then((answer) => answer.json())]);
  const signer = await glue.load(await fetch(module));
  const say = sayer(words);
  await new Page(root, glue, signer, say, await glue.openStore()).start();
}

if (globalThis.document) {
  const root = document.getElementById("submit");
  if (root !== null) {
    open(root).catch((error) => {
      const broken = document.getElementById("submit-broken");
      broken.hidden = false;
      broken.append(` ${error.message}`);
    });
  }
}
