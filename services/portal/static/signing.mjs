// The parts of a page where what is to be signed is shown word for word, and where what was signed waits until it is recorded.

import { drawnFacts, element } from "./parts.mjs";
import { facts } from "./words.mjs";

const at = (id) => document.getElementById(id);
const CHIPS = { waiting: "none", recorded: "good", refused: "bad" };

export class Signing {
  // `explained` gives what a page calls what a fact names, or nothing.
  constructor(device, say, status, explained) {
    this.device = device;
    this.say = say;
    this.status = status;
    this.explained = explained;
    this.language = document.documentElement.lang;
    this.review = null;
  }

  async start() {
    at("submit-sign").addEventListener("click", (event) => this.status.attempt(event, () => this.sign()));
    at("submit-back").addEventListener("click", () => this.close());
    at("submit-send").addEventListener("click", (event) => this.status.attempt(event, () => this.send()));
    globalThis.addEventListener("online", () => this.send().catch(() => {}));
    await this.show();
  }

  // Shows what a desk would sign, statement by statement; `done` is called when all of it is signed.
  look(desk, events, done) {
    const drafts = events.map((event) => ({ event, told: desk.draft(event).told }));
    this.review = { desk, drafts, done };
    const said = drafts.flatMap(({ told }) => [
      element("h3", { text: this.say.word(`event-kind-${told.kind}`) }),
      drawnFacts(facts(told.facts, this.say, this.language, this.explained)),
    ]);
    const { party } = desk.speaker;
    at("submit-said").replaceChildren(element("p", { text: this.say.text("submit-in-the-name-of", { party }) }), ...said);
    at("submit-review").hidden = false;
    at("submit-review").focus();
  }

  async sign() {
    const { desk, drafts, done } = this.review;
    const created = [];
    for (const { event, told } of drafts) created.push(...(await desk.sign(event, told)).created);
    this.close();
    await done();
    const key = created.length === 0 ? "submit-signed" : "submit-signed-creates";
    this.status.tell(this.say.text(key, { created: created.join(", ") }));
    await this.show();
    await this.send();
  }

  close() {
    this.review = null;
    at("submit-review").hidden = true;
    at("submit-said").replaceChildren();
  }

  // Sends what waits, as far as there is a network.
  async send() {
    const { left, error } = await this.device.queue.send(this.device.submit, () => this.show());
    await this.show();
    if (0 < left) this.status.tell(this.say.text("submit-later", { left, why: error.message }));
  }

  async show() {
    const rows = await this.device.queue.all();
    at("submit-queue").replaceChildren(...rows.toReversed().map((row) => this.line(row)));
  }

  line(row) {
    const { statement, state } = row;
    const about = statement.created.concat(statement.lots);
    return element(
      "tr",
      {},
      element("td", { text: this.say.word(`event-kind-${statement.told.kind}`) }),
      element("td", {}, ...about.map((id) => element("code", { className: "id", text: id }))),
      element("td", {}, element("span", { className: `chip ${CHIPS[state]}`, text: this.say.text(`submit-${state}`) })),
      element("td", {}, ...this.outcome(row)),
    );
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
