// The parts of a page where what is to be signed is shown word for word, and where what was signed waits until it is recorded.

import { drawnFacts, element } from "./parts.mjs";
import { facts, idsIn } from "./words.mjs";

const at = (id) => document.getElementById(id);
const CHIPS = { waiting: "none", recorded: "good", refused: "bad" };
// Where a page is of what an id names.
const PAGES = { lot: "lots", org: "orgs", site: "sites" };
// What has a name of its own.
const NAMED = /^(org|site)-/;

export class Signing {
  // `explained` gives what a page calls what a fact names, or nothing.
  constructor(device, say, status, explained = () => undefined) {
    this.device = device;
    this.say = say;
    this.status = status;
    this.explained = explained;
    this.language = document.documentElement.lang;
    this.review = null;
    // Whether the page says that something waits for a network.
    this.tellsOfWaiting = false;
  }

  async start() {
    at("submit-sign").addEventListener("click", (event) => this.status.attempt(event, () => this.sign()));
    at("submit-back").addEventListener("click", () => this.back());
    at("submit-send").addEventListener("click", (event) => this.status.attempt(event, () => this.send()));
    globalThis.addEventListener("online", () => this.send().catch(() => {}));
    await this.show();
  }

  // Shows what a desk would sign, statement by statement; `done` is called when all of it is signed. Who wants to change it is back
  // at `from`.
  async look(desk, events, { done, from }) {
    this.status.clear();
    const drafts = events.map((event) => ({ event, told: desk.draft(event).told }));
    const { party } = desk.speaker;
    const called = await this.naming(drafts.flatMap(({ told }) => told.facts), [party]);
    this.review = { desk, drafts, done, from };
    const said = drafts.flatMap(({ told }) => [
      element("h3", { text: this.say.word(`event-kind-${told.kind}`) }),
      drawnFacts(facts(told.facts, this.say, this.language, called)),
    ]);
    at("submit-said").replaceChildren(this.inTheNameOf(party, called), ...said);
    at("submit-review").hidden = false;
    at("submit-review").focus();
  }

  // What is called what in facts: ids by the names of what they name, or that no name is known here.
  async naming(all, more = []) {
    const ids = all.flatMap((fact) => idsIn(fact.value)).concat(more);
    const names = await this.device.names.of(ids);
    const unknown = { text: this.say.text("submit-no-name"), isTheirs: false };
    const nameOf = (id) => (names.has(id) ? { text: names.get(id), isTheirs: true } : NAMED.test(id) ? unknown : undefined);
    return (fact) => (fact.value.type === "id" ? nameOf(fact.value.id) : this.explained(fact));
  }

  // In whose name it is, with the name as a text of its own.
  inTheNameOf(party, called) {
    const { text, isTheirs } = called({ value: { type: "id", id: party } });
    const said = this.say.text("submit-in-the-name-of", { party });
    return element("p", { text: `${said} ` }, element(isTheirs ? "bdi" : "span", { text: `(${text})` }));
  }

  async sign() {
    const { desk, drafts, done } = this.review;
    const created = [];
    for (const { event, told } of drafts) created.push(...(await desk.sign(event, told)).created);
    this.close();
    await done();
    const key = created.length === 0 ? "submit-signed" : "submit-signed-creates";
    this.status.tell(this.say.text(key, { created: created.join(", ") }));
    this.status.place.focus();
    await this.show();
    await this.send();
  }

  back() {
    const { from } = this.review;
    this.close();
    from.focus();
  }

  close() {
    this.review = null;
    at("submit-review").hidden = true;
    at("submit-said").replaceChildren();
  }

  // Sends what waits, as far as there is a network, and says what became of it.
  async send() {
    const settled = [];
    const told = (row) => {
      settled.push(row);
      return this.show();
    };
    const { left, error } = await this.device.queue.send(this.device.submit, told);
    await this.show();
    if (0 < left) this.waits(left, error);
    else if (0 < settled.length) this.became(settled);
    else if (this.tellsOfWaiting) this.status.clear();
    this.tellsOfWaiting = 0 < left;
  }

  waits(left, error) {
    const key = error.reason === "later" ? "submit-later-server" : "submit-later";
    this.status.tell(this.say.text(key, { left }));
  }

  became(settled) {
    const refused = settled.filter(({ state }) => state === "refused").length;
    const created = settled.filter(({ state }) => state === "recorded").flatMap(({ statement }) => statement.created);
    const key = 0 < refused ? "submit-sent-refused" : created.length === 0 ? "submit-sent" : "submit-sent-creates";
    this.status.tell(this.say.text(key, { count: settled.length, refused, created: created.join(", ") }), 0 < refused);
  }

  async show() {
    const rows = await this.device.queue.all();
    at("submit-queue").replaceChildren(...rows.toReversed().map((row) => this.line(row)));
  }

  line(row) {
    const { statement, state } = row;
    const about = statement.created.concat(statement.lots);
    const cells = [
      [this.instant(statement.stated_at_ms)],
      [this.say.word(`event-kind-${statement.told.kind}`)],
      about.map((id) => this.linked(id, row)),
      [element("span", { className: `chip ${CHIPS[state]}`, text: this.say.text(`submit-${state}`) })],
      this.outcome(row),
    ];
    // On a narrow screen each heading stands before its value.
    const { tHead: head } = at("submit-queue").closest("table");
    const label = (place) => head.rows[0].cells[place].textContent;
    const cell = (parts, place) => element("td", { attributes: { role: "cell", "data-label": label(place) } }, ...parts);
    return element("tr", { attributes: { role: "row" } }, ...cells.map(cell));
  }

  instant(ms) {
    const at = new Date(ms);
    const text = new Intl.DateTimeFormat(this.language, { dateStyle: "medium", timeStyle: "short" }).format(at);
    return element("time", { text, attributes: { datetime: at.toISOString() } });
  }

  // An id, which leads to its page where there can be one.
  linked(id, { state, statement }) {
    const shown = element("code", { className: "id", text: id });
    const page = PAGES[id.split("-")[0]];
    const isThere = state === "recorded" || (state === "refused" && !statement.created.includes(id));
    return page === undefined || !isThere ? shown : element("a", { attributes: { href: `/${this.language}/${page}/${id}` } }, shown);
  }

  outcome({ receipt, refusal }) {
    if (receipt) {
      const href = `/${this.language}/log/${receipt.position - 1}`;
      return [element("a", { text: `#${receipt.position}`, attributes: { href } })];
    }
    if (!refusal) return [];
    const { code } = refusal.refusal ?? {};
    const why = code === undefined ? undefined : this.say.refusal(code);
    const number = code === undefined ? "" : ` (${code})`;
    return [why === undefined ? element("bdi", { text: `${refusal.detail}${number}`, attributes: { lang: "en" } }) : `${why}${number}`];
  }
}
