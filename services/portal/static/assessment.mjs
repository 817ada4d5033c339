// The page where an organization assesses itself: what is answered stays on the device until it is signed, also when the page is
// closed. Where the module and the words are, and by which catalogue and about whom is spoken, the page says in data attributes.

import { answered, assessmentOf, eventsOf } from "./answers.mjs";
import { openDevice } from "./device.mjs";
import { keepPage } from "./kept.mjs";
import { KeySection } from "./keys.mjs";
import { Status, Told, element } from "./parts.mjs";
import { Signing } from "./signing.mjs";
import { loadWords } from "./words.mjs";

const at = (id) => document.getElementById(id);
// Digests under one finding, and the longest file that is digested in one piece.
const EVIDENCE_MAX = 16;
const FILE_BYTES_MAX = 64 * 1024 * 1024;

class Page {
  constructor(root, device, say) {
    this.root = root;
    this.device = device;
    this.say = say;
    this.form = at("assessment-form");
    this.status = new Status(at("submit-status"), say);
    this.keys = new KeySection(device, say, this.status);
    this.signing = new Signing(device, say, this.status, (fact) => this.explained(fact));
    this.speaker = null;
    // Digests with the names of their files, by the places of criteria.
    this.evidence = {};
  }

  async start() {
    await this.restore();
    this.form.addEventListener("submit", (event) => this.status.attempt(event, () => this.look(event.submitter)));
    this.form.addEventListener("input", (event) => this.changed(event.target));
    at("assessment-clear").addEventListener("click", (event) => this.status.attempt(event, () => this.clear()));
    await this.signing.start();
    this.root.hidden = false;
    at("assessment-so-far").hidden = false;
    await this.keys.start((speaker) => (this.speaker = speaker));
    await this.signing.send().catch(() => {});
  }

  // ---- the draft

  get draft() {
    const { deployment, catalogue, about } = this.root.dataset;
    return `${deployment}/${catalogue}/${about}`;
  }

  fields() {
    const texts = Array.from(new FormData(this.form)).filter(([, value]) => typeof value === "string");
    return Object.fromEntries(texts);
  }

  async restore() {
    const kept = await this.device.store.get("drafts", this.draft);
    for (const [name, value] of Object.entries(kept?.fields ?? {})) {
      const field = this.form.elements.namedItem(name);
      if (field !== null) field.value = value;
    }
    this.evidence = kept?.evidence ?? {};
    for (const place of Object.keys(this.evidence)) this.showEvidence(place);
    this.count();
  }

  async keep() {
    await this.device.store.put("drafts", this.draft, { fields: this.fields(), evidence: this.evidence });
  }

  async clear() {
    await this.device.store.delete("drafts", this.draft);
    this.form.reset();
    const places = Object.keys(this.evidence);
    this.evidence = {};
    for (const place of places) this.showEvidence(place);
    this.count();
  }

  count() {
    const values = { count: answered(this.fields()), total: this.root.dataset.count };
    at("assessment-count").textContent = this.say.text("assessment-so-far", values);
  }

  // Whoever types an answer or a reason means that choice.
  changed(target) {
    const [, name, part] = /^(c\d+)-(value|why)$/.exec(target.name) ?? [];
    const meant = part === "why" ? "[value=not-applicable]" : ":is([value=count], [value=words])";
    if (part !== undefined && target.value !== "") this.form.querySelector(`input[name=${name}]${meant}`).checked = true;
    this.count();
    const work = target.type === "file" ? () => this.support(target) : () => this.keep();
    work().catch((error) => this.status.fail(error, this.form));
  }

  // ---- what supports an answer

  async support(input) {
    const { place } = input.closest("[data-place]").dataset;
    const { subtle } = globalThis.crypto;
    if (subtle === undefined) throw new Told(this.say.text("assessment-no-digests"));
    const named = this.evidence[place] ?? [];
    for (const file of input.files) {
      if (FILE_BYTES_MAX < file.size || named.length === EVIDENCE_MAX) continue;
      const digest = new Uint8Array(await subtle.digest("SHA-256", await file.arrayBuffer()));
      const text = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
      if (!named.some((one) => one.digest === text)) named.push({ name: file.name, digest: text });
    }
    input.value = "";
    this.evidence[place] = named;
    this.showEvidence(place);
    await this.keep();
  }

  showEvidence(place) {
    const list = this.form.querySelector(`[data-place="${place}"] .evidence`);
    const line = ({ name, digest }) => {
      const remove = element("button", { text: this.say.text("assessment-remove", { field: name }), attributes: { type: "button" } });
      remove.addEventListener("click", (event) => this.status.attempt(event, () => this.unsupport(place, digest)));
      return element("li", {}, element("code", { className: "id", text: digest }), " ", remove);
    };
    list?.replaceChildren(...(this.evidence[place] ?? []).map(line));
  }

  async unsupport(place, digest) {
    this.evidence[place] = this.evidence[place].filter((one) => one.digest !== digest);
    this.showEvidence(place);
    await this.keep();
  }

  // ---- what is signed

  async look(from) {
    const fields = this.fields();
    if (answered(fields) === 0) throw new Told(this.say.text("assessment-nothing"));
    if (this.speaker === null) throw new Told(this.say.text("assessment-no-party"));
    const desk = this.device.deskOf(this.speaker);
    const { catalogue, about } = this.root.dataset;
    const assessment = assessmentOf(fields, this.evidence, { catalogue, about: about === "" ? this.speaker.party : about });
    const fits = (event) => {
      try {
        desk.draft(event);
        return true;
      } catch (error) {
        if (error.reason === "statement") return false;
        throw error;
      }
    };
    const events = eventsOf(assessment, fits);
    await this.signing.look(desk, events, { done: () => this.signed(assessment), from: from ?? this.form.elements.from });
    if (1 < events.length) at("submit-said").prepend(element("p", { text: this.say.text("assessment-parts", { count: events.length }) }));
  }

  // What a place in the catalogue means, as the form calls it.
  explained({ of, label, value }) {
    const text = this.question(of, label, value);
    return text === undefined ? undefined : { text, isTheirs: true };
  }

  question(of, label, { number }) {
    if (of === "finding" && label === "criterion") return this.form.querySelector(`[data-place="${number}"] legend`)?.textContent;
    if (of === "measurement" && label === "indicator") return this.form.querySelector(`label[for="i${number}"]`)?.textContent;
    return undefined;
  }

  async signed({ subject }) {
    await this.clear();
    if (subject.Party === undefined) return;
    const next = at("assessment-next");
    const link = next.querySelector("a");
    link.href = `/${document.documentElement.lang}/orgs/${subject.Party}`;
    next.hidden = false;
  }
}

const root = document.getElementById("assessment");
if (root !== null) {
  try {
    const [device, say] = await Promise.all([openDevice(root.dataset), loadWords(root.dataset.words)]);
    await new Page(root, device, say).start();
    // A page that cannot be kept works while it is open.
    await keepPage(location.pathname + location.search, [root.dataset.words, root.dataset.module]).catch(() => {});
  } catch (error) {
    at("submit-broken").hidden = false;
    console.error(error);
  }
}
