// What a page needs to sign and to send later: statements drafted and put together by `signer.wasm` (the package `signer` built
// for wasm32-unknown-unknown), keys that stay on the device, and a queue that survives closing the page. No imports; where
// things are kept, what computes and where statements go are arguments, so that it runs in browsers and in Node.
//
//     const signer = await load(await fetch("signer.wasm"));
//     const store = await openStore();
//     const keys = new Keys(signer, store);
//     const { key } = await keys.make({ party });
//     const desk = new Desk(signer, keys, new Queue(store), { deployment, party, key });
//     const { told } = desk.draft(event);           // shown to whoever signs
//     await desk.sign(event, told);                 // signed as what was shown, and queued
//     await desk.queue.send(submitTo("/api/v1/statements"));

// ---- what the module computes

// The same reasons and messages as the module answers with, and a few of this file's own; of a handover also which kind of reason.
export class SignError extends Error {
  constructor(reason, message, kind) {
    super(message);
    this.name = "SignError";
    this.reason = reason;
    this.kind = kind;
  }
}

// From the module's bytes, a compiled module, or a response that has them.
export async function load(source) {
  const isResponse = typeof Response === "function" && source instanceof Response;
  const code = isResponse ? await source.arrayBuffer() : source;
  const made = await WebAssembly.instantiate(code, {});
  return new Signer((made.instance ?? made).exports);
}

export class Signer {
  #exports;

  constructor(exports) {
    this.#exports = exports;
  }

  // What can be asked, and what is answered, says `asks` of the package.
  ask(ask, what) {
    const exports = this.#exports;
    const question = new TextEncoder().encode(JSON.stringify({ ask, with: what }));
    const at = exports.veta_question_room(question.length);
    if (at === 0) throw new SignError("too-long", "too much at once: hand over or sign less");
    // Making room can move the memory, so that it is looked up after that.
    new Uint8Array(exports.memory.buffer).set(question, at);
    exports.veta_ask();
    const text = new Uint8Array(exports.memory.buffer, exports.veta_answer(), exports.veta_answer_bytes());
    const answer = JSON.parse(new TextDecoder().decode(text));
    // A question can have had a private key in it.
    new Uint8Array(exports.memory.buffer, at, question.length).fill(0);
    question.fill(0);
    if (answer.error) throw new SignError(answer.error.reason, answer.error.message, answer.error.kind);
    return answer;
  }

  // The texts of the codes in a picture: `grey` has one byte for each pixel, row by row.
  scan({ width, height, grey }) {
    const exports = this.#exports;
    const at = exports.veta_picture_room(grey.length);
    if (at === 0) throw new SignError("picture", "the picture is too large");
    new Uint8Array(exports.memory.buffer).set(grey, at);
    return this.ask("scan", { width, height }).texts;
  }
}

// ---- where things are kept

// What was typed and is not signed yet is kept in `drafts` by the page.
// `names` has what ids were called when that could be asked.
const TABLES = ["keys", "queue", "drafts", "names"];
const VERSION = 3;

// A database of the browser. What is put into it is there when the promise is fulfilled, also after the page is closed.
export async function openStore(name = "veta", database = globalThis.indexedDB) {
  const opening = database.open(name, VERSION);
  opening.onupgradeneeded = () => {
    const { result } = opening;
    TABLES.filter((table) => !result.objectStoreNames.contains(table)).forEach((table) => result.createObjectStore(table));
  };
  const opened = await done(opening);
  // A page of a newer version waits for this.
  opened.onversionchange = () => opened.close();
  const within = (table, mode, work) => {
    const transaction = opened.transaction(table, mode, { durability: "strict" });
    const request = work(transaction.objectStore(table));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  };
  return {
    get: (table, at) => within(table, "readonly", (rows) => rows.get(at)),
    all: (table) => within(table, "readonly", (rows) => rows.getAll()),
    put: (table, at, row) => within(table, "readwrite", (rows) => rows.put(row, at)),
    delete: (table, at) => within(table, "readwrite", (rows) => rows.delete(at)),
  };
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// The same for as long as the page is open; for where a browser keeps nothing, and for tests.
export function memoryStore() {
  const tables = new Map(TABLES.map((table) => [table, new Map()]));
  return {
    get: async (table, at) => tables.get(table).get(at),
    all: async (table) => [...tables.get(table)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row),
    put: async (table, at, row) => void tables.get(table).set(at, row),
    delete: async (table, at) => void tables.get(table).delete(at),
  };
}

// One at a time, over all pages of the site where the browser can; else over this one.
let last = Promise.resolve();
function alone(work) {
  const locks = globalThis.navigator?.locks;
  if (locks) return locks.request("veta-sign", work);
  const next = last.then(work);
  last = next.catch(() => {});
  return next;
}

// ---- signing in

// Signs that a site may look in a party's name for half an hour: with `challenge`, which the site drew, and for `site`, its host as
// it stands in the address of the page. The answer are the bytes that the site takes. When it is signed is this device's word: a
// site that named the time could name a later one.
export async function signIn(signer, keys, { deployment, party, key, site, challenge, now_ms = Date.now(), crypto = globalThis.crypto }) {
  const nonce = hexOf(crypto.getRandomValues(new Uint8Array(32)));
  const { body, to_sign } = signer.ask("sign-in", { deployment, party, key, site, challenge, nonce, now_ms });
  const signature = toBase64(await keys.sign(key, ofBase64(to_sign)));
  return ofBase64(signer.ask("assemble-request", { deployment, key, body, signature }).signed);
}

// ---- keys

// What stands before the 32 bytes of a private key in PKCS#8.
const PKCS8 = bytesOf("302e020100300506032b657004220420");
// Where that can have another number: its version, and how long all of it is.
const PKCS8_MAY_DIFFER = [1, 4];
const SEED_BYTES = 32;
const BACKUP = "veta/key-backup/v1";
// OWASP's number for PBKDF2 with SHA-256, and the most that a backup may ask of the device that reads it.
export const ITERATIONS = 600_000;
const ITERATIONS_MAX = 10_000_000;
export const PASSPHRASE_MIN = 10;

// Private keys. Where the browser can, one is kept so that nothing can read it out again; `is_sealed` says whether it is.
export class Keys {
  #signer;
  #store;
  #crypto;

  constructor(signer, store, crypto = globalThis.crypto) {
    this.#signer = signer;
    this.#store = store;
    this.#crypto = crypto;
  }

  // A new key. A backup can be made of it now or never: with a passphrase, the answer has one, and it is kept until it `isSaved`.
  async make({ party = null, passphrase = null } = {}) {
    if (passphrase === null) {
      const pair = await this.#generated();
      if (pair !== null) {
        const key = hexOf(new Uint8Array(await this.#crypto.subtle.exportKey("raw", pair.publicKey)));
        return this.#keep({ key, party, is_sealed: true, is_elsewhere: false, backup: null, private: pair.privateKey });
      }
    }
    const seed = this.#crypto.getRandomValues(new Uint8Array(SEED_BYTES));
    return this.#take(seed, party, passphrase, { isElsewhere: false });
  }

  // The key in a file of `veta keys`: PKCS#8 in PEM.
  async importPem(pem, { party = null, passphrase = null } = {}) {
    return this.#take(seedOf(pem), party, passphrase, { isElsewhere: true });
  }

  // The key in a backup.
  async restore(backup, passphrase, { party = null } = {}) {
    const said = parsed(backup);
    if (said?.format !== BACKUP) throw new SignError("backup", "this is no backup of a key");
    const { key, iterations } = said;
    if (!Number.isInteger(iterations) || iterations < ITERATIONS || ITERATIONS_MAX < iterations) {
      throw new SignError("backup", "the backup was not made by this program");
    }
    const lock = await this.#lock(passphrase, ofBase64(said.salt), iterations);
    const opening = { name: "AES-GCM", iv: ofBase64(said.iv), additionalData: bound(key) };
    let seed;
    try {
      seed = new Uint8Array(await this.#crypto.subtle.decrypt(opening, lock, ofBase64(said.sealed)));
    } catch {
      throw new SignError("passphrase", "the passphrase is another one, or the backup was changed");
    }
    const made = await this.#take(seed, party ?? said.party ?? null, null, { isElsewhere: true });
    if (made.key !== key) throw new SignError("backup", "the backup is of another key than it says");
    return made;
  }

  // Signs bytes with a key that is kept here.
  async sign(key, bytes) {
    const kept = await this.#store.get("keys", key);
    if (kept === undefined) throw new SignError("no-key", "this key is not on this device");
    if (kept.is_sealed) return new Uint8Array(await this.#crypto.subtle.sign("Ed25519", kept.private, bytes));
    const what = { seed: toBase64(kept.private), to_sign: toBase64(bytes) };
    return ofBase64(this.#signer.ask("sign", what).signature);
  }

  // The keys here, that in use first, without what is private of them. `is_elsewhere` says whether there is another copy than this
  // one, and `backup` is one that nobody saved yet, or null.
  async all() {
    const kept = await this.#store.all("keys");
    const shown = ({ key, party, is_sealed, is_elsewhere, backup }) => ({ key, party, is_sealed, is_elsewhere, backup });
    return kept.sort((a, b) => b.turn - a.turn).map(shown);
  }

  // From now on this one is in use.
  async use(key) {
    await this.#change(key, { turn: await this.#nextTurn() });
  }

  // Its backup is somewhere else now, and no copy of it stays here.
  async isSaved(key) {
    await this.#change(key, { is_elsewhere: true, backup: null });
  }

  // For whom a key speaks.
  async speaksFor(key, party) {
    await this.#change(key, { party });
  }

  async forget(key) {
    await this.#store.delete("keys", key);
  }

  // Whether backups can be made and read: browsers withhold what that needs from plain http.
  get canBackUp() {
    return this.#crypto.subtle !== undefined;
  }

  async #change(key, change) {
    const kept = await this.#store.get("keys", key);
    if (kept !== undefined) await this.#store.put("keys", key, { ...kept, ...change });
  }

  async #nextTurn() {
    const kept = await this.#store.all("keys");
    return 1 + Math.max(0, ...kept.map(({ turn }) => turn));
  }

  async #take(seed, party, passphrase, { isElsewhere }) {
    const { key } = this.#signer.ask("key", { seed: toBase64(seed) });
    const backup = passphrase === null ? null : await this.#backup(seed, key, party, passphrase);
    const sealed = await this.#sealed(seed);
    const row = { key, party, is_sealed: sealed !== null, is_elsewhere: isElsewhere, backup, private: sealed ?? seed };
    const made = await this.#keep(row);
    if (sealed !== null) seed.fill(0);
    return backup === null ? made : { ...made, backup };
  }

  // The key that was brought last is the one in use.
  async #keep(row) {
    await this.#store.put("keys", row.key, { ...row, turn: await this.#nextTurn() });
    return { key: row.key, party: row.party, is_sealed: row.is_sealed };
  }

  async #generated() {
    try {
      return await this.#crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    } catch {
      return null;
    }
  }

  // None where the browser does not know these keys, or withholds them.
  async #sealed(seed) {
    try {
      const pkcs8 = new Uint8Array([...PKCS8, ...seed]);
      return await this.#crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", false, ["sign"]);
    } catch {
      return null;
    }
  }

  async #backup(seed, key, party, passphrase) {
    if (passphrase.length < PASSPHRASE_MIN) {
      throw new SignError("short", `a passphrase has at least ${PASSPHRASE_MIN} characters`);
    }
    const [salt, iv] = [16, 12].map((bytes) => this.#crypto.getRandomValues(new Uint8Array(bytes)));
    const lock = await this.#lock(passphrase, salt, ITERATIONS);
    const sealing = { name: "AES-GCM", iv, additionalData: bound(key) };
    const sealed = new Uint8Array(await this.#crypto.subtle.encrypt(sealing, lock, seed));
    const [salt64, iv64, sealed64] = [salt, iv, sealed].map(toBase64);
    const said = { format: BACKUP, key, party, iterations: ITERATIONS, salt: salt64, iv: iv64, sealed: sealed64 };
    return `${JSON.stringify(said)}\n`;
  }

  async #lock(passphrase, salt, iterations) {
    const { subtle } = this.#crypto;
    if (subtle === undefined) throw new SignError("insecure", "backups need a page served over https");
    const words = new TextEncoder().encode(passphrase.normalize("NFC"));
    const base = await subtle.importKey("raw", words, "PBKDF2", false, ["deriveKey"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
    return subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  }
}

// A backup is of one key: another one's name on it does not open.
function bound(key) {
  return new TextEncoder().encode(`${BACKUP}\n${key}`);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// The private key in PKCS#8 PEM, with or without its public half behind it.
function seedOf(pem) {
  const wrong = () => new SignError("pem", "this is no Ed25519 private key in PKCS#8 PEM, as `veta keys new` writes it");
  const body = /-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----/.exec(pem);
  if (body === null) throw wrong();
  const der = ofBase64(body[1].replace(/\s/g, ""));
  const differs = (byte, at) => der[at] !== byte && !PKCS8_MAY_DIFFER.includes(at);
  if (der.length < PKCS8.length + SEED_BYTES || PKCS8.some(differs)) throw wrong();
  return der.slice(PKCS8.length, PKCS8.length + SEED_BYTES);
}

// ---- the queue

// Statements that may wait: more are a mistake.
export const WAITING_MAX = 1_000;

// Signed statements in the order of their places, until each has a receipt or was refused. A row is `place`, `statement` (as
// the module reads it), `deployment`, `state` (waiting, recorded or refused), `receipt` or `refusal`.
export class Queue {
  #store;

  constructor(store) {
    this.#store = store;
  }

  all() {
    return this.#store.all("queue");
  }

  async waiting() {
    return (await this.all()).filter((row) => row.state === "waiting");
  }

  // Puts statements behind everything that is here, each once. Returns how many are new.
  add(statements, deployment) {
    return alone(() => this.put(statements, deployment));
  }

  // The same, for who is alone already.
  async put(statements, deployment) {
    const rows = await this.all();
    const known = new Set(rows.map((row) => row.statement.statement_id));
    const fresh = statements.filter((statement) => !known.has(statement.statement_id));
    const waiting = rows.filter((row) => row.state === "waiting").length;
    if (WAITING_MAX < waiting + fresh.length) throw new SignError("full", `more than ${WAITING_MAX} statements wait`);
    let place = 1 + Math.max(0, ...rows.map((row) => row.place));
    for (const statement of fresh) {
      await this.#store.put("queue", place, { place, statement, deployment, state: "waiting" });
      place += 1;
    }
    return fresh.length;
  }

  // Sends what waits, in order. `submit` gives `{ receipt }` or `{ refusal }`, and throws where it is not known what became of
  // the statement: then this one and those behind it wait on. Sending the same one again gives the same receipt.
  send(submit, told = () => {}) {
    return alone(async () => {
      const waiting = await this.waiting();
      for (const [sent, row] of waiting.entries()) {
        let outcome;
        try {
          outcome = await submit(ofBase64(row.statement.signed), row);
        } catch (error) {
          return { sent, left: waiting.length - sent, error };
        }
        const state = outcome.receipt ? "recorded" : "refused";
        const settled = { ...row, state, ...outcome };
        await this.#store.put("queue", row.place, settled);
        told(settled);
      }
      return { sent: waiting.length, left: 0, error: null };
    });
  }

  // Only what is settled.
  async forget(place) {
    const row = await this.#store.get("queue", place);
    if (row !== undefined && row.state !== "waiting") await this.#store.delete("queue", place);
  }
}

// What `Queue.send` submits with: one signed statement as the body of a POST. A refusal comes as a problem with its number.
export function submitTo(url, fetching = globalThis.fetch) {
  return async (bytes) => {
    const headers = { "content-type": "application/octet-stream", accept: "application/json" };
    const answer = await fetching(url, { method: "POST", body: bytes, headers });
    if (answer.ok) return { receipt: await answer.json() };
    const problem = parsed(await answer.text());
    if (problem?.is_final === true) return { refusal: problem };
    throw new SignError("later", problem?.detail ?? problem?.title ?? `the server answered ${answer.status}`);
  };
}

// ---- who signs

// A key that speaks for a party in a deployment, and its queue.
export class Desk {
  #signer;
  #keys;
  #now;

  constructor(signer, keys, queue, { deployment, party, key, now = () => Date.now() }) {
    this.#signer = signer;
    this.#keys = keys;
    this.#now = now;
    this.queue = queue;
    this.speaker = { deployment, party, key };
  }

  // What an event says, and what it would be signed as now.
  draft(event, number = "0", now = this.#now()) {
    return this.#signer.ask("draft", { ...this.speaker, number, stated_at_ms: now, event });
  }

  // Signs an event as what was shown, and queues it. Anything else than what was shown is not signed.
  sign(event, shown) {
    return alone(async () => {
      const { deployment, key } = this.speaker;
      const now = this.#now();
      const rows = await this.queue.all();
      const own = rows.filter((row) => row.statement.key === key).map((row) => row.statement.number);
      const { number } = this.#signer.ask("number", { now_ms: now, waiting: own });
      const drafted = this.draft(event, number, now);
      if (JSON.stringify(drafted.told) !== JSON.stringify(shown)) {
        throw new SignError("changed", "this is not what was shown: look at it again");
      }
      const signature = toBase64(await this.#keys.sign(key, ofBase64(drafted.to_sign)));
      const statement = this.#signer.ask("assemble", { deployment, key, body: drafted.body, signature });
      await this.queue.put([statement], deployment);
      return statement;
    });
  }

  // Everything that the receiver of a lot needs, as a file and, where it is short enough, as codes.
  async handOver(lot) {
    const { deployment } = this.speaker;
    const rows = (await this.queue.all()).filter((row) => row.deployment === deployment);
    const signed = (state) => rows.filter((row) => row.state === state).map((row) => row.statement.signed);
    const what = { deployment, lot, recorded: signed("recorded"), waiting: signed("waiting") };
    return this.#signer.ask("hand-over", what);
  }

  // What somebody handed over, as bytes of a file or the text of codes; nothing is taken in yet.
  open(handed) {
    const { deployment } = this.speaker;
    const what = typeof handed === "string" ? { codes: handed } : { file: toBase64(handed) };
    return this.#signer.ask("open", { deployment, ...what });
  }

  // Takes in what was opened: it waits before what is signed in answer to it.
  takeIn(opened) {
    return this.queue.add(opened.statements, this.speaker.deployment);
  }
}

// ---- bytes as text

export function toBase64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

export function ofBase64(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function bytesOf(hex) {
  return Uint8Array.from(hex.match(/../g), (digits) => Number.parseInt(digits, 16));
}

function hexOf(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
