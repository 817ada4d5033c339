// The page that signs on the device: forms make events, and lots are handed from one device to another. Where the module and
// the words are, the page says in data attributes.

import { openDevice } from "./device.mjs";
import { eventOf } from "./events.mjs";
import { Handover } from "./handover.mjs";
import { keepPage } from "./kept.mjs";
import { KeySection } from "./keys.mjs";
import { Status } from "./parts.mjs";
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
    this.handover = new Handover(device, say, this.status, this.signing);
    this.desk = null;
  }

  async start() {
    const attempted = (work) => (event) => this.status.attempt(event, () => work(event.target));
    for (const form of this.root.querySelectorAll("form[data-kind]")) form.addEventListener("submit", attempted(() => this.look(form)));
    this.handover.start(this.root.dataset.module);
    this.root.hidden = false;
    await this.keys.start((speaker) => this.speaks(speaker));
    await this.signing.start();
    await this.signing.send().catch(() => {});
  }

  speaks(speaker) {
    this.desk = speaker === null ? null : this.device.deskOf(speaker);
    this.handover.desk = this.desk;
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
}

const root = document.getElementById("submit");
if (root !== null) {
  try {
    const [device, say] = await Promise.all([openDevice(root.dataset), loadWords(root.dataset.words)]);
    await new Page(root, device, say).start();
    await keepPage(location.pathname, [root.dataset.words, root.dataset.module]);
  } catch (error) {
    const broken = at("submit-broken");
    broken.hidden = false;
    broken.append(` ${error.message}`);
  }
}
