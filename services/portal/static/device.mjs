// This device: the keys and the queue that are kept on it, the module that signs, and the server that it sends to. It knows no page.

import { Desk, Keys, Queue, load, openStore, signIn, submitTo } from "../../../libs/signer/web/veta-sign.mjs";
import { FieldError } from "./events.mjs";
import { Names } from "./names.mjs";

// A device whose module is at an address, as a page names it in its data attributes.
export async function openDevice({ module, api, deployment }) {
  const [answer, store] = await Promise.all([fetch(module), openStore()]);
  return new Device(await load(answer), store, { api, deployment });
}

export class Device {
  constructor(signer, store, { api, deployment }) {
    this.signer = signer;
    this.store = store;
    this.api = api;
    this.deployment = deployment;
    this.keys = new Keys(signer, store);
    this.queue = new Queue(store);
    this.names = new Names(store, api);
    this.submit = submitTo(`${api}/statements`);
  }

  // The key that signs here, and the party that it speaks for, which is null where no one authorized it; null where there is no key.
  async speaker() {
    const [kept] = await this.keys.all();
    if (kept === undefined) return null;
    const party = (await this.#partyOf(kept.key)) ?? kept.party;
    if (party !== null) await this.keys.speaksFor(kept.key, party);
    return { ...kept, party };
  }

  // In whose name a key speaks, where the server can be asked and knows it.
  async #partyOf(key) {
    try {
      const answer = await fetch(`${this.api}/keys/${key}`);
      return answer.ok ? (await answer.json()).party_id : null;
    } catch {
      return null;
    }
  }

  // Brings a key here: that in the text of a file of keys, or of a backup.
  async bring(text, passphrase) {
    if (text.includes("-----BEGIN")) return this.keys.importPem(text, { passphrase });
    return this.keys.restore(text, passphrase ?? "");
  }

  // The id that was typed into a field which takes these kinds of them, as it is written.
  idOf(text, kinds, field) {
    if (text.trim() === "") throw new FieldError(field, "submit-missing");
    const { id } = this.signer.ask("id", { text });
    if (id !== null && kinds.some((kind) => id.startsWith(`${kind}-`))) return id;
    throw new FieldError(field, "submit-not-id", { kinds: kinds.map((kind) => `${kind}-…`).join(", ") });
  }

  // What a site takes as the speaker's word that it may look in the party's name.
  async signIn({ key, party }, site, challenge) {
    return signIn(this.signer, this.keys, { deployment: this.deployment, party, key, site, challenge });
  }

  // Where a speaker signs.
  deskOf({ key, party }) {
    return new Desk(this.signer, this.keys, this.queue, { deployment: this.deployment, party, key });
  }

  // The latest statement on a lot as far as is known here; null where nothing is.
  async latestOn(lot) {
    const rows = await this.queue.all();
    const waiting = latestHere(rows, lot, ["waiting"]);
    if (waiting !== null) return waiting;
    try {
      const answer = await fetch(`${this.api}/lots/${encodeURIComponent(lot)}/latest`);
      if (answer.ok) return (await answer.json()).statement_id;
    } catch {
      // Without a network, what was recorded from here is the latest that is known.
    }
    return latestHere(rows, lot, ["recorded"]);
  }
}

// The latest statement on a lot that waits here: what is signed next follows it, whatever the server knows.
export function latestHere(rows, lot, states) {
  const isOn = ({ state, statement }) =>
    states.includes(state) && (statement.lots.includes(lot) || statement.created.includes(lot));
  return rows.filter(isOn).at(-1)?.statement.statement_id ?? null;
}
