// The part of a page where a key is made on this device, or one is brought to it, and where the public half of it is given away.

import { FieldError } from "./events.mjs";
import { drawnCode, element, offer } from "./parts.mjs";

const at = (id) => document.getElementById(id);
// What is wrong with a file or a passphrase is told where it was given.
const FIELDS = { short: "passphrase", passphrase: "passphrase", backup: "file", pem: "file" };
// Characters by which people tell keys apart.
const SHORT = 8;

export class KeySection {
  constructor(device, say, status) {
    this.device = device;
    this.say = say;
    this.status = status;
    this.key = null;
  }

  // Tells `changed` who speaks from here, now and whenever that is another one; null where nobody does.
  async start(changed) {
    this.changed = changed;
    const attempted = (work) => (event) => this.status.attempt(event, () => work(event.target));
    at("submit-make").addEventListener("submit", attempted((form) => this.make(form)));
    at("submit-bring").addEventListener("submit", attempted((form) => this.bring(form)));
    at("submit-copy").addEventListener("click", attempted(() => this.copy()));
    at("submit-other").addEventListener("click", () => this.open(at("submit-new-key").hidden));
    at("submit-backup").addEventListener("click", () => this.saved().catch((error) => this.status.fail(error, at("submit-make"))));
    const { canBackUp } = this.device.keys;
    at("submit-with-backup").hidden = !canBackUp;
    at("submit-insecure").hidden = canBackUp;
    await this.show();
  }

  async show() {
    const speaker = await this.device.speaker();
    this.key = speaker?.key ?? null;
    // Whoever reads for whom he speaks can speak: what follows from it is there before it is told.
    this.changed(speaker === null || speaker.party === null ? null : speaker);
    at("submit-has-key").hidden = speaker === null;
    at("submit-other-why").hidden = speaker === null;
    this.open(speaker === null);
    if (speaker !== null) await this.draw(speaker);
  }

  async draw({ key, party, is_sealed, is_elsewhere, backup }) {
    at("submit-key").textContent = key;
    const code = this.device.signer.ask("code", { text: key.toUpperCase() });
    at("submit-key-code").replaceChildren(drawnCode(code, this.say.text("submit-key")));
    at("submit-unsealed").hidden = is_sealed;
    at("submit-party").textContent = party ?? this.say.text("submit-not-authorized");
    at("submit-authorize").hidden = party !== null;
    at("submit-unsaved").hidden = is_elsewhere || backup === null;
    at("submit-only-here").hidden = is_elsewhere || backup !== null;
    at("submit-backup").hidden = backup === null;
    if (backup !== null) offer(at("submit-backup"), backup, `veta-key-${key.slice(0, SHORT)}.json`);
    const [, ...others] = await this.device.keys.all();
    at("submit-others").replaceChildren(...others.map((other) => element("li", {}, this.another(other))));
    at("submit-party-name").textContent = "";
    // The name comes when it comes.
    if (party !== null) this.call(key, party).catch(() => {});
  }

  async call(key, party) {
    const names = await this.device.names.of([party]);
    if (key === this.key) at("submit-party-name").textContent = names.get(party) ?? "";
  }

  another({ key, party }) {
    const values = { key: key.slice(0, SHORT), party: party ?? this.say.text("submit-not-authorized") };
    const button = element("button", { text: this.say.text("submit-use-key", values), attributes: { type: "button" } });
    button.addEventListener("click", (event) => this.status.attempt(event, () => this.use(key)));
    return button;
  }

  open(isOpen) {
    at("submit-new-key").hidden = !isOpen;
    at("submit-other").setAttribute("aria-expanded", String(isOpen));
  }

  async make(form) {
    const passphrase = passphraseIn(form);
    if (this.device.keys.canBackUp && passphrase === null && !form.elements.alone.checked) {
      throw new FieldError("passphrase", "submit-no-passphrase");
    }
    await this.taken(form, this.device.keys.make({ passphrase }));
  }

  async bring(form) {
    const [file] = form.elements.file.files;
    if (file === undefined) throw new FieldError("file", "submit-no-file");
    await this.taken(form, this.device.bring(await file.text(), passphraseIn(form)));
  }

  async taken(form, work) {
    try {
      await work;
    } catch (error) {
      const field = FIELDS[error.reason];
      throw field === undefined ? error : new FieldError(field, `submit-error-${error.reason}`);
    }
    form.reset();
    await this.told("submit-key-made");
  }

  async use(key) {
    await this.device.keys.use(key);
    await this.told("submit-key-used");
  }

  async told(key) {
    await this.show();
    this.status.tell(this.say.text(key));
    this.status.place.focus();
  }

  // What is saved is no copy that is only here; the link stays while the page does.
  async saved() {
    await this.device.keys.isSaved(this.key);
    at("submit-unsaved").hidden = true;
  }

  async copy() {
    const place = at("submit-key");
    globalThis.getSelection().selectAllChildren(place);
    const { clipboard } = globalThis.navigator;
    // Over plain HTTP, browsers have the older way alone.
    if (clipboard === undefined) document.execCommand("copy");
    else await clipboard.writeText(place.textContent);
    this.status.tell(this.say.text("submit-copied"));
  }
}

function passphraseIn(form) {
  const typed = form.elements.passphrase.value.trim();
  return typed === "" ? null : typed;
}
