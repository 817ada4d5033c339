// The page where one signs in with the key on this device: the site draws something, the key signs it for this site, and what
// was signed opens a session there. Where all of that is, the page says in data attributes.

import { openDevice } from "./device.mjs";
import { Status, Told } from "./parts.mjs";
import { loadWords } from "./words.mjs";

const at = (id) => document.getElementById(id);

class Page {
  constructor(root, device, say) {
    this.root = root;
    this.device = device;
    this.say = say;
    this.status = new Status(at("account-status"), say);
  }

  async start() {
    this.speaker = await this.device.speaker();
    const speaks = this.speaker !== null && this.speaker.party !== null;
    at("account-keyless").hidden = speaks;
    at("account-has-key").hidden = !speaks;
    if (speaks) {
      at("account-party").textContent = this.speaker.party;
      at("account-key").textContent = this.speaker.key;
      at("account-site").textContent = location.host;
    }
    at("account-sign-in").addEventListener("click", (event) => this.status.attempt(event, () => this.signIn()));
    this.root.hidden = false;
  }

  async signIn() {
    const { challenge: draws, signIn: takes } = this.root.dataset;
    const drawn = await this.answerOf(await fetch(draws, { method: "POST" }));
    const { challenge } = await drawn.json();
    const signed = await this.device.signIn(this.speaker, location.host, challenge);
    await this.answerOf(await fetch(takes, { method: "POST", body: signed }));
    location.reload();
  }

  // An answer that is as it should be; else an error with the words that came with it.
  async answerOf(answer) {
    if (answer.ok) return answer;
    const said = await answer.json().catch(() => ({}));
    throw new Told(said.text ?? this.say.text("submit-error-other"));
  }
}

const root = at("account");
if (root !== null) {
  try {
    const [device, say] = await Promise.all([openDevice(root.dataset), loadWords(root.dataset.words)]);
    await new Page(root, device, say).start();
  } catch (error) {
    at("account-broken").hidden = false;
    console.error(error);
  }
}
