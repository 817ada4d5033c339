// The page that signs on the device: forms make events, and lots are handed from one device to another. Where the module and
// the words are, the page says in data attributes.

import { ofBase64 } from "../../../libs/signer/web/veta-sign.mjs";
import { openDevice } from "./device.mjs";
import { eventOf } from "./events.mjs";
import { KeySection } from "./keys.mjs";
import { Status, drawnCode, offer } from "./parts.mjs";
import { Signing } from "./signing.mjs";
import { loadWords } from "./words.mjs";

const at = (id) => document.getElementById(id);

class Page {
  constructor(root, device, say) {
    this.root = root;
    this.device = device;
    this.say = say;
    this.status = new Status(at("submit-status"), say);
    this.keys = new KeySection(device, say, this.status);
    this.signing = new Signing(device, say, this.status);
    this.desk = null;
  }

  async start() {
    const attempted = (work) => (event) => this.status.attempt(event, () => work(event.target));
    for (const form of this.root.querySelectorAll("form[data-kind]")) form.addEventListener("submit", attempted(() => this.look(form)));
    at("submit-hand-over").addEventListener("submit", attempted((form) => this.handOver(form)));
    at("submit-take-in").addEventListener("submit", attempted((form) => this.takeIn(form)));
    this.root.hidden = false;
    await this.keys.start((speaker) => this.speaks(speaker));
    await this.signing.start();
    await this.signing.send().catch(() => {});
  }

  speaks(speaker) {
    this.desk = speaker === null ? null : this.device.deskOf(speaker);
    at("submit-forms").hidden = speaker === null;
  }

  async look(form) {
    const fields = Object.fromEntries(new FormData(form));
    const known = { party: this.desk.speaker.party };
    if (fields.lot !== undefined) {
      known.after = await this.device.latestOn(fields.lot.trim());
      if (known.after === null) throw new Error(this.say.text("submit-unknown-lot"));
    }
    this.signing.look(this.desk, [eventOf(form.dataset.kind, fields, known)], () => form.reset());
  }

  // ---- from one device to another

  async handOver(form) {
    const lot = form.elements.lot.value.trim();
    const { file, codes } = await this.desk.handOver(lot);
    offer(at("submit-handover-file"), ofBase64(file), `${lot}.veta-handover`);
    const label = (place) => this.say.text("submit-code", { place: place + 1, count: codes.length });
    at("submit-codes").replaceChildren(...codes.map((code, place) => drawnCode(code, label(place))));
    if (codes.length === 0) this.status.tell(this.say.text("submit-too-long-for-codes"));
  }

  async takeIn(form) {
    const { file, codes } = form.elements;
    const [given] = file.files;
    const handed = given === undefined ? codes.value : new Uint8Array(await given.arrayBuffer());
    const opened = this.desk.open(handed);
    const fresh = await this.desk.takeIn(opened);
    form.reset();
    this.root.querySelector("form[data-kind=CustodyAccepted]").elements.lot.value = opened.lot;
    this.status.tell(this.say.text("submit-taken-in", { count: fresh, lot: opened.lot }));
    await this.signing.show();
  }
}

const root = document.getElementById("submit");
if (root !== null) {
  try {
    const [device, say] = await Promise.all([openDevice(root.dataset), loadWords(root.dataset.words)]);
    await new Page(root, device, say).start();
  } catch (error) {
    const broken = at("submit-broken");
    broken.hidden = false;
    broken.append(` ${error.message}`);
  }
}
