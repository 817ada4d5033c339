// The part of a page where a key is made on this device, or one is brought to it.

import { offer } from "./parts.mjs";

const at = (id) => document.getElementById(id);

export class KeySection {
  constructor(device, say, status) {
    this.device = device;
    this.say = say;
    this.status = status;
  }

  // Tells `changed` who speaks from here, now and whenever that is another one; null where nobody does.
  async start(changed) {
    this.changed = changed;
    at("submit-keys").addEventListener("submit", (event) => this.status.attempt(event, () => this.take(event.target)));
    await this.show();
  }

  async show() {
    const speaker = await this.device.speaker();
    at("submit-new-key").hidden = speaker !== null;
    at("submit-has-key").hidden = speaker === null;
    if (speaker !== null) {
      at("submit-key").textContent = speaker.key;
      at("submit-unsealed").hidden = speaker.is_sealed;
      at("submit-party").textContent = speaker.party ?? this.say.text("submit-not-authorized");
    }
    await this.changed(speaker === null || speaker.party === null ? null : speaker);
  }

  async take(form) {
    const typed = form.elements.passphrase.value.trim();
    const passphrase = typed === "" ? null : typed;
    const [file] = form.elements.file.files;
    const made = await this.device.take(file === undefined ? null : await file.text(), passphrase);
    form.reset();
    if (made.backup) offer(at("submit-backup"), made.backup, `veta-key-${made.key.slice(0, 8)}.json`);
    this.status.tell(this.say.text("submit-key-made"));
    await this.show();
  }
}
