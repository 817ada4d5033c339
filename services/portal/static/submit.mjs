// The page that signs on the device: forms make events, and lots are handed from one device to another. Where the module and
// the words are, the page says in data attributes.

import { openDevice } from "./device.mjs";
import { FieldError, IDS, eventOf } from "./events.mjs";
import { Handover } from "./handover.mjs";
import { keepPage } from "./kept.mjs";
import { KeySection } from "./keys.mjs";
import { Status, element } from "./parts.mjs";
import { Signing } from "./signing.mjs";
import { decimal, loadWords } from "./words.mjs";

const at = (id) => document.getElementById(id);

class Page {
  constructor(root, device, say) {
    this.root = root;
    this.device = device;
    this.say = say;
    this.status = new Status(at("submit-status"), say);
    this.keys = new KeySection(device, say, this.status);
    this.signing = new Signing(device, say, this.status);
    this.handover = new Handover(device, say, this.status, this.signing);
    this.desk = null;
  }

  async start() {
    const attempted = (work) => (event) => this.status.attempt(event, () => work(event.target));
    for (const form of this.root.querySelectorAll("form[data-kind]")) form.addEventListener("submit", attempted(() => this.look(form)));
    this.handover.start(this.root.dataset.module);
    await this.signing.start();
    this.root.hidden = false;
    await this.keys.start((speaker) => this.speaks(speaker));
    await this.signing.send().catch(() => {});
  }

  speaks(speaker) {
    this.desk = speaker === null ? null : this.device.deskOf(speaker);
    this.handover.desk = this.desk;
    at("submit-forms").hidden = speaker === null;
    // What may be chosen comes when it comes: all of it can be typed.
    if (speaker !== null) this.offerChoices(speaker.party).catch(() => {});
  }

  // The sites and lots of the party, and the parties that were met here, as what fields suggest.
  async offerChoices(party) {
    const { sites, lots } = await this.device.names.ownOf(party);
    const parties = (await this.device.names.parties()).filter(({ id }) => id !== party);
    const language = document.documentElement.lang;
    const option = ({ id, name }) => element("option", { text: name, attributes: { value: id } });
    const named = lots.map(({ lot_id: id, form, gross_ug: mass }) => {
      return { id, name: `${this.say.word(form)}, ${decimal(mass, 6, language)}\u00a0g` };
    });
    for (const [list, all] of [["own-sites", sites], ["own-lots", named], ["met-parties", parties]]) {
      at(list).replaceChildren(...all.map(option));
    }
  }

  async look(form) {
    const { kind } = form.dataset;
    const fields = Object.fromEntries(new FormData(form));
    for (const [field, kinds] of Object.entries(IDS[kind])) fields[field] = this.device.idOf(fields[field], kinds, field);
    const known = { party: this.desk.speaker.party };
    if (fields.lot !== undefined) {
      known.after = await this.device.latestOn(fields.lot);
      if (known.after === null) throw new FieldError("lot", "submit-unknown-lot");
    }
    const from = form.querySelector("input, select");
    await this.signing.look(this.desk, [eventOf(kind, fields, known)], { done: () => form.reset(), from });
  }
}

const root = document.getElementById("submit");
if (root !== null) {
  try {
    const [device, say] = await Promise.all([openDevice(root.dataset), loadWords(root.dataset.words)]);
    await new Page(root, device, say).start();
    // A page that cannot be kept works while it is open.
    await keepPage(location.pathname, [root.dataset.words, root.dataset.module]).catch(() => {});
  } catch (error) {
    at("submit-broken").hidden = false;
    console.error(error);
  }
}
