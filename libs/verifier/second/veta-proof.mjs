// A second verifier of proof bundles (`.veta-proof`), written from the description of the format and sharing no code with the
// first: what hashes and signatures say about a bundle, and none of the trade's rules. Two programs that share a mistake by
// chance are rare; two that share it by code are one.
//
// Checked here: the canonical form, the limits, the reader's policy with its quorum, the log's signature and the cosignatures,
// older checkpoints, that the log grew from each and none is there for nothing, that the leaves are in the tree, that neighbours are chained, that under
// each key there are those leaves and no others, and that every statement under a key was signed.
// Not checked: what statements say, and so which keys a lot rests on, and whether the rules admit what the log admitted.
//
// No imports. Ed25519 is WebCrypto's, made as strict as this format asks, or what a caller hands in where the platform has none
// (`plain-ed25519.mjs`); SHA-256 is written out, since a proof is hundreds of small hashes and WebCrypto has no synchronous one.
// Runs in browsers and in Node 20 or newer.

export const BUNDLE_BYTES_MAX = 64 * 1024 * 1024;
const LEAVES_MAX = 40_000 + 1;
const OLDER_MAX = 1_000;
const KEYS_MAX = 15_000;
const DEPTH_MAX = 65_535;
const LEAF_BYTES_MAX = 65_535;
const BODY_BYTES_MAX = 49_152;
const NOTE_BYTES_MAX = 1_000_000;
const NOTE_SIGNATURES_MAX = 100;
const SIGNATURE_BYTES_MAX = 8_192;
const KEY_NAME_BYTES_MAX = 255;
const CONSISTENCY_HASHES_MAX = 64;
const POLICY_BYTES_MAX = 256 * 1024;
const POLICY_LINES_MAX = 64;
const TIME_MAX = (1n << 63n) - 1n;
const KEYS_MET_MAX = 1_024;
const KINDS = ["lot", "seal", "certificate", "bar", "key", "party", "site", "policy", "progress"];

// The first reason why a bundle, or a policy, is refused.
export class Refused extends Error {
  constructor(reason, message) {
    super(message);
    this.name = "Refused";
    this.reason = reason;
  }
}

function refuse(reason, message) {
  throw new Refused(reason, message);
}

// Bytes

const encoder = new TextEncoder();
const utf8 = (text) => encoder.encode(text);

function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function compare(one, other) {
  const shared = Math.min(one.length, other.length);
  for (let at = 0; at < shared; at++) {
    if (one[at] !== other[at]) return one[at] - other[at];
  }
  return one.length - other.length;
}

const same = (one, other) => compare(one, other) === 0;

function u64be(number) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(number));
  return bytes;
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

// The one padded base64 of some bytes; null for any other text.
function fromBase64(text) {
  let binary;
  try {
    binary = atob(text);
  } catch {
    return null;
  }
  if (btoa(binary) !== text) return null;
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

function toBase64(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

// SHA-256 (FIPS 180-4)

const ROUND = new Uint32Array(64);
const START = new Uint32Array(8);
{
  // The first 32 bits of the fractional parts of the cube and square roots of the first primes.
  const root = (prime, power) => {
    // Integer root of prime · 2^(32·power), so that the low 32 bits are the fraction.
    const target = BigInt(prime) << BigInt(32 * power);
    let low = 0n;
    let high = 1n << 40n;
    while (low < high) {
      const middle = (low + high + 1n) / 2n;
      if (middle ** BigInt(power) <= target) low = middle;
      else high = middle - 1n;
    }
    return Number(low & 0xffffffffn);
  };
  const primes = [];
  for (let number = 2; primes.length < 64; number++) {
    if (primes.every((prime) => number % prime !== 0)) primes.push(number);
  }
  primes.forEach((prime, at) => {
    ROUND[at] = root(prime, 3);
    if (at < 8) START[at] = root(prime, 2);
  });
}

const schedule = new Uint32Array(64);

function compress(state, bytes, at) {
  const w = schedule;
  for (let t = 0; t < 16; t++, at += 4) {
    w[t] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }
  for (let t = 16; t < 64; t++) {
    const a = w[t - 15];
    const b = w[t - 2];
    const s0 = ((a >>> 7) | (a << 25)) ^ ((a >>> 18) | (a << 14)) ^ (a >>> 3);
    const s1 = ((b >>> 17) | (b << 15)) ^ ((b >>> 19) | (b << 13)) ^ (b >>> 10);
    w[t] = (w[t - 16] + s0 + w[t - 7] + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let t = 0; t < 64; t++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const one = (h + s1 + ((e & f) ^ (~e & g)) + ROUND[t] + w[t]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  const sums = [a, b, c, d, e, f, g, h];
  for (let at = 0; at < 8; at++) state[at] = (state[at] + sums[at]) | 0;
}

export function sha256(...parts) {
  const message = concat(...parts);
  const padded = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  padded.set(u64be(message.length * 8), padded.length - 8);
  const state = START.slice();
  for (let at = 0; at < padded.length; at += 64) compress(state, padded, at);
  const hash = new Uint8Array(32);
  const view = new DataView(hash.buffer);
  state.forEach((word, at) => view.setUint32(4 * at, word));
  return hash;
}

const tagged = (tag, ...parts) => sha256(utf8(tag), ...parts);
const EMPTY_ROOT = sha256();
const ZERO = new Uint8Array(32);

// Ed25519, strictly

const P = (1n << 255n) - 19n;
const L = (1n << 252n) + 27742317777372353535851937790883648493n;

function littleEndian(bytes) {
  let number = 0n;
  for (let at = bytes.length - 1; 0 <= at; at--) number = (number << 8n) | BigInt(bytes[at]);
  return number;
}

function power(base, exponent) {
  let result = 1n;
  for (base %= P; 0n < exponent; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % P;
    base = (base * base) % P;
  }
  return result;
}

// The coordinate y of an encoded point. Encodings that are too large by a multiple of the prime mean the same point.
function ordinate(point) {
  const masked = point.slice();
  masked[31] &= 0x7f;
  return littleEndian(masked) % P;
}

// The ordinates of the points of order 1, 2, 4 and 8, each with both signs of x: by these keys anyone can sign anything.
const SMALL_ORDER = new Set([
  0n,
  1n,
  P - 1n,
  littleEndian(Uint8Array.from("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05".match(/../g), (d) => parseInt(d, 16))),
  littleEndian(Uint8Array.from("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a".match(/../g), (d) => parseInt(d, 16))),
]);

const isSmallOrder = (point) => SMALL_ORDER.has(ordinate(point));

// Whether an ordinate is that of a point of the curve: x² = (y² − 1) / (d·y² + 1) has a root.
function isOnCurve(point) {
  const y = ordinate(point);
  const d = ((P - 121665n) * power(121666n, P - 2n)) % P;
  const u = (y * y + P - 1n) % P;
  const v = (d * y * y + 1n) % P;
  const square = (u * power(v, P - 2n)) % P;
  return square === 0n || power(square, (P - 1n) / 2n) === 1n;
}

// Ed25519 as this platform has it: a key of some bytes, null where these are no point of the curve, and whether the equation without
// cofactor holds for it. WebCrypto recomputes the first half and compares its encoding, so that only the canonical one passes.
export const webCrypto = {
  async key(bytes) {
    try {
      return await crypto.subtle.importKey("raw", bytes, { name: "Ed25519" }, false, ["verify"]);
    } catch (error) {
      // What is no point of the curve is no key. Any other failure is this platform's, and says nothing about the signature.
      if (error?.name === "DataError") return null;
      throw error;
    }
  },
  verify: (key, signature, message) => crypto.subtle.verify({ name: "Ed25519" }, key, signature, message),
};

// Whether this platform has it: browsers withhold WebCrypto at addresses that begin with http, and older ones have no Ed25519.
export async function hasWebCrypto() {
  const base = new Uint8Array(32).fill(0x66);
  base[0] = 0x58;
  try {
    return (await webCrypto.key(base)) !== null;
  } catch {
    return false;
  }
}

// The keys that were met, as what checks signatures has them.
const keyring = (ed25519) => ({ ed25519, met: new Map() });

async function keyOf(bytes, { ed25519, met }) {
  const name = hex(bytes);
  let key = met.get(name);
  if (key === undefined) {
    key = await ed25519.key(bytes);
    if (met.size < KEYS_MET_MAX) met.set(name, key);
  }
  return key;
}

// Whether a signature holds as `verify_strict` of ed25519-dalek says: the equation without cofactor, by a key and a first half
// that are not of small order, with a second half below the group's order.
async function isSigned(bytes, message, signature, keys) {
  if (signature.length !== 64 || isSmallOrder(bytes)) return false;
  const [first, second] = [signature.subarray(0, 32), signature.subarray(32)];
  if (isSmallOrder(first) || L <= littleEndian(second)) return false;
  const key = await keyOf(bytes, keys);
  return key !== null && keys.ed25519.verify(key, signature, message);
}

// Signed notes, checkpoints, policies (c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature, tlog-policy)

const SPACE = /[\u0000-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000+]/u;

const isKeyName = (name) => name !== "" && utf8(name).length <= KEY_NAME_BYTES_MAX && !SPACE.test(name);

function decimal(text, most) {
  if (!/^(0|[1-9][0-9]{0,19})$/.test(text)) return null;
  const number = BigInt(text);
  return number <= most ? number : null;
}

// `<name>+<8 hexadecimal digits>+<base64(type ‖ public key)>`
function parseVkey(text, type) {
  const [name, id, ...rest] = text.split("+");
  const typed = rest.length === 0 ? null : fromBase64(rest.join("+"));
  if (typed === null || typed.length !== 33 || typed[0] !== type) throw new Error(`not a verifying key of type ${type}`);
  const key = typed.subarray(1);
  if (!isKeyName(name) || !isOnCurve(key) || isSmallOrder(key)) throw new Error("not a usable verifying key");
  const digest = sha256(utf8(`${name}\n`), typed);
  if (hex(digest.subarray(0, 4)) !== id) throw new Error("the key id does not belong to this name and key");
  return { name, id, key, text };
}

function parseNote(text, reason) {
  if (NOTE_BYTES_MAX < utf8(text).length) refuse(reason, "the note is too long");
  if (/[\u0000-\u0009\u000b-\u001f]/.test(text)) refuse(reason, "the note has a control character");
  const blank = text.lastIndexOf("\n\n");
  const lines = text.slice(blank + 2).split("\n");
  if (blank < 0 || lines.length < 2 || lines.pop() !== "") refuse(reason, "the note has no signature lines");
  if (NOTE_SIGNATURES_MAX < lines.length) refuse(reason, "the note has too many signatures");
  const signatures = lines.map((line) => {
    const [, name, encoded] = /^\u2014 ([^ ]*) (.*)$/u.exec(line) ?? [];
    const bytes = encoded === undefined ? null : fromBase64(encoded);
    if (bytes === null || bytes.length < 5 || SIGNATURE_BYTES_MAX < bytes.length || !isKeyName(name)) {
      refuse(reason, "a signature line is malformed");
    }
    return { name, id: hex(bytes.subarray(0, 4)), bytes: bytes.subarray(4) };
  });
  return { text: text.slice(0, blank + 1), signatures };
}

// The one line by a key; null where there is none.
function lineBy(note, vkey, reason) {
  const lines = note.signatures.filter((line) => line.name === vkey.name && line.id === vkey.id);
  if (1 < lines.length) refuse(reason, `${vkey.name} signed twice`);
  return lines[0] ?? null;
}

function parseCheckpoint(text, reason) {
  const lines = text.split("\n");
  if (lines.length !== 4 || lines[3] !== "") refuse(reason, "a checkpoint has three lines");
  const [origin, sizeText, rootText] = lines;
  const size = decimal(sizeText, TIME_MAX);
  const root = rootText.length === 44 ? fromBase64(rootText) : null;
  if (!isKeyName(origin) || size === null || root === null || root.length !== 32) refuse(reason, "the checkpoint is malformed");
  if (size === 0n && !same(root, EMPTY_ROOT)) refuse(reason, "an empty tree with another root");
  return { origin, size, root };
}

// A policy, from its octets or its text: read once, it serves any number of bundles, and remembers the keys that it met. What
// checks signatures is this platform's, or another with its two functions.
export function parsePolicy(policy, ed25519 = webCrypto) {
  const octets = typeof policy === "string" ? utf8(policy) : policy;
  if (POLICY_BYTES_MAX < octets.length) refuse("bad-policy", "the policy is too long");
  const reading = { logs: [], witnesses: [], groups: 0, members: new Map(), grouped: new Set(), quorum: undefined, keys: keyring(ed25519) };
  // Names are octets: one character each.
  const text = Array.from(octets, (octet) => String.fromCharCode(octet)).join("");
  text.split("\n").forEach((line, at) => {
    try {
      readLine(reading, line);
    } catch (error) {
      refuse("bad-policy", `line ${at + 1} of the policy: ${error.message}`);
    }
  });
  if (reading.quorum === undefined) refuse("bad-policy", "the policy has no quorum");
  return reading;
}

function readLine(reading, line) {
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(line)) throw new Error("a control character");
  const [keyword, ...words] = line.split(/[ \t]/).filter((word) => word !== "");
  if (keyword === undefined || keyword.startsWith("#")) return;
  const reader = READERS.get(keyword);
  if (reader === undefined) throw new Error(`unknown keyword ${keyword}`);
  reader(reading, words);
}

const decodeOctets = (word) =>
  new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(word, (c) => c.charCodeAt(0)));

function readKeyed(list, words, type) {
  if (words.length < 1 || 2 < words.length) throw new Error("too few or too many words");
  const vkey = parseVkey(decodeOctets(words[0]), type);
  if (words.length === 2) decodeOctets(words[1]);
  if (list.some((other) => same(other.vkey.key, vkey.key))) throw new Error("the same key stands on another line");
  if (list.length === POLICY_LINES_MAX) throw new Error("too many lines of this kind");
  return vkey;
}

function readLog(reading, words) {
  reading.logs.push({ vkey: readKeyed(reading.logs, words, 1) });
}

function define(reading, name, member) {
  if (name === "none" || reading.members.has(name)) throw new Error("the name is taken");
  reading.members.set(name, member);
}

function readWitness(reading, [name, ...words]) {
  const vkey = readKeyed(reading.witnesses, words, 4);
  const witness = { name, vkey, at: reading.witnesses.length };
  define(reading, name, witness);
  reading.witnesses.push(witness);
}

function readGroup(reading, [name, threshold, ...names]) {
  if (names.length === 0) throw new Error("a group has members");
  const words = { all: BigInt(names.length), any: 1n };
  const needed = Object.hasOwn(words, threshold) ? words[threshold] : decimal(threshold, BigInt(names.length));
  if (needed === null || needed < 1n) throw new Error("a threshold that the members cannot reach");
  if (reading.groups === POLICY_LINES_MAX) throw new Error("too many groups");
  const members = names.map((member) => {
    const known = reading.members.get(member);
    if (known === undefined || reading.grouped.has(member)) throw new Error("a member is not defined before, or is in a group");
    reading.grouped.add(member);
    return known;
  });
  define(reading, name, { name, needed: Number(needed), members });
  reading.groups += 1;
}

function readQuorum(reading, words) {
  if (words.length !== 1 || reading.quorum !== undefined) throw new Error("one quorum, of one name");
  if (words[0] === "none") {
    reading.quorum = null;
    return;
  }
  const member = reading.members.get(words[0]);
  if (member === undefined) throw new Error("the quorum is not defined before");
  reading.quorum = member;
}

const READERS = new Map([
  ["log", readLog],
  ["witness", readWitness],
  ["group", readGroup],
  ["quorum", readQuorum],
]);

function holds(member, cosigned) {
  if (member.members === undefined) return cosigned.has(member);
  return member.needed <= member.members.filter((each) => holds(each, cosigned)).length;
}

function auditors(policy) {
  const found = new Set();
  const open = [policy.members.get("auditors")].filter((group) => group?.members !== undefined);
  while (0 < open.length) {
    const member = open.pop();
    if (member.members === undefined) found.add(member);
    else open.push(...member.members);
  }
  return found;
}

// What stands behind a note by a policy: a log of the policy and its quorum.
async function checkNote(text, policy, keys) {
  const checkpoint = await readNote(text, policy, keys, "note", "policy");
  if (!checkpoint.isCosigned) refuse("policy", "the quorum is not reached");
  return checkpoint;
}

// A checkpoint that a log of the policy signed, and whether its quorum cosigned it.
async function readNote(text, policy, keys, unread, reason) {
  const note = parseNote(text, unread);
  const message = utf8(note.text);
  const logs = [];
  for (const { vkey } of policy.logs) {
    const line = lineBy(note, vkey, reason);
    if (line === null) continue;
    if (!(await isSigned(vkey.key, message, line.bytes, keys))) refuse(reason, "the log's signature does not hold");
    logs.push(vkey);
  }
  if (logs.length === 0) refuse(reason, "no log of the policy signed the checkpoint");
  const checkpoint = parseCheckpoint(note.text, reason);
  if (!logs.some((vkey) => vkey.name === checkpoint.origin)) refuse(reason, "the checkpoint is of another log");
  const times = new Map();
  for (const witness of policy.witnesses) {
    const line = lineBy(note, witness.vkey, reason);
    if (line !== null) times.set(witness, await cosignedAt(line, witness, message, keys, reason));
  }
  const audit = auditors(policy);
  const display = (name) => new TextDecoder().decode(Uint8Array.from(name, (c) => c.charCodeAt(0)));
  const witnesses = Array.from(times, ([witness, time]) => ({ name: display(witness.name), time, auditing: audit.has(witness) }));
  return { ...checkpoint, ...standsAt(policy, times), witnesses };
}

async function cosignedAt(line, witness, message, keys, reason) {
  if (line.bytes.length < 8) refuse(reason, "a cosignature without a time");
  const time = new DataView(line.bytes.buffer, line.bytes.byteOffset).getBigUint64(0);
  const signed = concat(utf8(`cosignature/v1\ntime ${time}\n`), message);
  if (TIME_MAX < time || !(await isSigned(witness.vkey.key, signed, line.bytes.subarray(8), keys))) {
    refuse(reason, `the cosignature of ${witness.vkey.name} does not hold`);
  }
  return time;
}

// Whether the quorum stands, and the latest time at which it does.
function standsAt(policy, times) {
  if (policy.quorum === null) return { isCosigned: true, asOf: null };
  const latest = Array.from(times).sort(([one, at], [other, then]) => (at === then ? other.at - one.at : at < then ? 1 : -1));
  const taken = new Set();
  for (const [witness, time] of latest) {
    taken.add(witness);
    if (holds(policy.quorum, taken)) return { isCosigned: true, asOf: time };
  }
  return { isCosigned: false, asOf: null };
}

// The tree (RFC 6962)

const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);
const leafHash = (leaf) => sha256(Uint8Array.of(0), leaf);

function hashesOf(text) {
  const bytes = fromBase64(text);
  if (bytes === null || bytes.length % 32 !== 0) refuse("malformed", "not hashes in base64");
  return Array.from({ length: bytes.length / 32 }, (_, at) => bytes.subarray(32 * at, 32 * at + 32));
}

// Where the tree of so many leaves divides: the largest power of two below it.
function split(leaves) {
  let half = 1;
  while (half * 2 < leaves) half *= 2;
  return half;
}

function proveLeaves(leaves, hashes, size, root) {
  for (let at = 0; at < leaves.length; at++) {
    if (at !== 0 && leaves[at].index <= leaves[at - 1].index) refuse("tree", "the leaves are not in order");
  }
  const last = leaves.at(-1);
  if (last === undefined || size <= last.index) refuse("tree", "no leaf, or one outside of the tree");
  let next = 0;
  const fold = (begin, end, from, to) => {
    if (from === to) {
      if (hashes.length <= next) refuse("tree", "the proof is too short");
      return hashes[next++];
    }
    if (end - begin === 1) return leaves[from].hash;
    const middle = begin + split(end - begin);
    let between = from;
    while (between < to && leaves[between].index < middle) between++;
    const left = fold(begin, middle, from, between);
    return nodeHash(left, fold(middle, end, between, to));
  };
  const computed = fold(0, size, 0, leaves.length);
  if (next !== hashes.length) refuse("tree", "the proof is too long");
  if (!same(computed, root)) refuse("tree", "the leaves are not in the tree");
  if (last.index !== size - 1) refuse("last-leaf-missing", "the last leaf is missing");
}

// That a tree grew from an older one (RFC 9162, 2.1.4.2).
function proveGrowth(older, newer, hashes) {
  if (newer.size < older.size) refuse("not-grown", "the older tree is larger");
  if (older.size === 0n) {
    if (hashes.length !== 0) refuse("not-grown", "the proof is too long");
    return;
  }
  if (older.size === newer.size) {
    if (hashes.length !== 0 || !same(older.root, newer.root)) refuse("not-grown", "two trees of one size");
    return;
  }
  if (CONSISTENCY_HASHES_MAX < hashes.length) refuse("not-grown", "the proof is too long");
  const isPower = (older.size & (older.size - 1n)) === 0n;
  const path = isPower ? [older.root, ...hashes] : hashes;
  if (path.length === 0) refuse("not-grown", "the proof is too short");
  let node = older.size - 1n;
  let last = newer.size - 1n;
  while (node & 1n) {
    node >>= 1n;
    last >>= 1n;
  }
  let [olderRoot, newerRoot] = [path[0], path[0]];
  for (const hash of path.slice(1)) {
    if (last === 0n) refuse("not-grown", "the proof is too long");
    if (node & 1n || node === last) {
      olderRoot = nodeHash(hash, olderRoot);
      newerRoot = nodeHash(hash, newerRoot);
      while (!(node & 1n) && node !== 0n) {
        node >>= 1n;
        last >>= 1n;
      }
    } else {
      newerRoot = nodeHash(newerRoot, hash);
    }
    node >>= 1n;
    last >>= 1n;
  }
  if (last !== 0n || !same(olderRoot, older.root) || !same(newerRoot, newer.root)) refuse("not-grown", "the log did not grow from there");
}

// The map

const bitOf = (key, bit) => (key[bit >> 3] >> (7 - (bit & 7))) & 1;

function proveMap(proof, claims, root) {
  if (proof.length === 0) {
    if (!same(root, EMPTY_ROOT) || claims.some((claim) => claim.value !== null)) refuse("map", "the map is not empty");
    return;
  }
  let at = 0;
  const path = [];
  const take = (bytes) => {
    if (proof.length < at + bytes) refuse("map", "the proof is too short");
    at += bytes;
    return proof.subarray(at - bytes, at);
  };
  const otherLeaf = (wanted) => {
    const [key, value] = [take(32), take(32)];
    const isElsewhere = path.some((bit) => bitOf(key, bit) !== bitOf(wanted[0].key, bit));
    if (isElsewhere || wanted.some((claim) => claim.value !== null || same(claim.key, key))) refuse("map", "another key in a wrong place");
    return sha256(key, value);
  };
  const wantedLeaf = (wanted) => {
    const present = wanted.filter((claim) => claim.value !== null);
    if (present.length !== 1) refuse("map", "a leaf is of one key");
    return sha256(present[0].key, present[0].value);
  };
  const inner = (wanted) => {
    const [bit] = take(1);
    if (path.length !== 0 && bit <= path.at(-1)) refuse("map", "bits grow on the way down");
    path.push(bit);
    const left = node(wanted.filter((claim) => bitOf(claim.key, bit) === 0));
    const right = node(wanted.filter((claim) => bitOf(claim.key, bit) === 1));
    path.pop();
    return sha256(left, right, Uint8Array.of(bit));
  };
  const node = (wanted) => {
    if (wanted.length === 0) return take(32);
    const [kind] = take(1);
    if (kind === 1) return inner(wanted);
    if (kind === 2) return wantedLeaf(wanted);
    if (kind === 3) return otherLeaf(wanted);
    return refuse("map", "an unknown node");
  };
  const computed = node(claims);
  if (at !== proof.length) refuse("map", "the proof is too long");
  if (!same(computed, root)) refuse("map", "the records under the keys are not all there are");
}

// The file

function shape(value, fields) {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const names = isObject ? Object.keys(value) : [];
  const fits = names.length === fields.length && names.every((name, at) => name === fields[at][0] && fields[at][1](value[name]));
  if (!fits) refuse("malformed", "not a proof bundle");
  return true;
}

const isText = (value) => typeof value === "string";
const isCount = (most) => (value) => Number.isSafeInteger(value) && 0 <= value && value <= most;
const isOrNull = (test) => (value) => value === null || test(value);
const isList = (most, test) => (value) => Array.isArray(value) && value.length <= most && value.every(test);

const isLeaf = (value) => Array.isArray(value) && value.length === 2 && isCount(Number.MAX_SAFE_INTEGER)(value[0]) && isText(value[1]);
const isPlaces = isList(Infinity, isCount(0xffffffff));
const isKey = (value) => Array.isArray(value) && value.length === 3 && isText(value[0]) && isText(value[1]) && isPlaces(value[2]);
const isNotes = (value) => isList(2, isText)(value) && value.length !== 0;
const isOlder = (value) => shape(value, [["checkpoints", isNotes], ["consistency", isText]]);

function parseBundle(bytes) {
  if (BUNDLE_BYTES_MAX < bytes.length) refuse("malformed", "the bundle is too long");
  let text, bundle;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    bundle = JSON.parse(text);
  } catch {
    refuse("malformed", "not JSON");
  }
  shape(bundle, [
    ["format", (value) => value === "veta-proof/v1"],
    ["lot", isText],
    ["depth", isOrNull(isCount(DEPTH_MAX))],
    ["checkpoint", isText],
    ["older", isList(OLDER_MAX, isOlder)],
    ["leaves", isList(LEAVES_MAX, isLeaf)],
    ["tree", isText],
    ["keys", isList(KEYS_MAX, isKey)],
    ["map", isText],
  ]);
  // Text with half a character is none, however JSON writes it.
  const notes = [bundle.checkpoint, ...bundle.older.flatMap(({ checkpoints }) => checkpoints)];
  if (JSON.stringify(bundle) !== text || notes.some((note) => /\p{Surrogate}/u.test(note))) {
    refuse("malformed", "not in canonical form");
  }
  return bundle;
}

const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

// The 16 bytes of a lot's id: `lot-`, 26 digits of base 32, and a check digit over GF(32) that starts from 3 for lots.
function parseLot(text) {
  const digits = text.startsWith("lot-") ? Array.from(text.slice(4), (digit) => DIGITS.indexOf(digit)) : [];
  if (digits.length !== 27 || digits.includes(-1) || 7 < digits[0]) refuse("malformed", "not a lot's id");
  let check = 3;
  let number = 0n;
  for (const digit of digits.slice(0, 26)) {
    check = (check ^ digit) << 1;
    if (check & 32) check ^= 0b100101;
    number = (number << 5n) | BigInt(digit);
  }
  if (check !== digits[26]) refuse("malformed", "a mistyped lot's id");
  return concat(u64be(number >> 64n), u64be(number & 0xffffffffffffffffn));
}

function parseLeaf([index, text]) {
  const bytes = fromBase64(text);
  if (bytes === null) refuse("malformed", "a leaf is not in base64");
  return { index, bytes, hash: leafHash(bytes), isListed: false };
}

function openLeaf(leaf) {
  const { bytes } = leaf;
  if (bytes.length < 67 || LEAF_BYTES_MAX < bytes.length || bytes[0] !== 1) refuse("bad-leaf", `leaf ${leaf.index} is malformed`);
  leaf.prev = bytes.subarray(1, 33);
  leaf.mapRoot = bytes.subarray(33, 65);
  leaf.verdict = (bytes[65] << 8) | bytes[66];
  leaf.record = bytes.subarray(67);
  leaf.core = tagged("veta/leaf-core/v1\n", bytes.subarray(65));
}

function checkChain(leaves, origin) {
  let next = 0;
  let hash = tagged("veta/log-genesis/v1\n", utf8(origin));
  for (const leaf of leaves) {
    openLeaf(leaf);
    if (leaf.index === next && !same(leaf.prev, hash)) refuse("broken-chain", `leaf ${leaf.index} is not chained`);
    next = leaf.index + 1;
    hash = leaf.hash;
  }
}

// What the map must hold for a key with just these leaves.
function claim([kind, text, places], leaves) {
  const id = fromBase64(text);
  if (!KINDS.includes(kind) || id === null) refuse("malformed", "an unknown key");
  let chain = ZERO;
  let last = -1;
  for (const place of places) {
    if (place <= last || leaves.length <= place) refuse("places-not-ordered", `the leaves under a ${kind} are not in order`);
    const leaf = leaves[place];
    leaf.isListed = true;
    chain = tagged("veta/map-link/v1\n", chain, u64be(leaf.index), leaf.core);
    last = place;
  }
  const count = places.length;
  const head = count === 0 ? null : tagged("veta/map-head/v1\n", u64be(count), u64be(leaves[last].index), chain);
  return { kind, id, key: tagged(`veta/map/${kind}/v1\n`, id), value: head, places };
}

function claims(bundle, leaves) {
  const all = bundle.keys.map((key) => claim(key, leaves));
  for (let at = 1; at < all.length; at++) {
    if (0 <= compare(all[at - 1].key, all[at].key)) refuse("keys-not-ordered", "the keys are not in order");
  }
  if (all.length === 0) refuse("map", "there are no keys");
  return all;
}

// A record: version 1, a time, and a signed statement. Numbers are variable in length, and never longer than needed.
function parseRecord(record, index) {
  const wrong = () => refuse("no-statement", `leaf ${index} holds no statement`);
  let at = 1;
  const number = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = record[at++];
      if (byte === undefined || 63n < shift || (shift === 63n && 1 < byte)) wrong();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (byte === 0 && 0n < shift) wrong();
        return value;
      }
    }
  };
  if (record[0] !== 1) wrong();
  number();
  const key = record.subarray(at, at + 32);
  const signature = record.subarray(at + 32, at + 96);
  at += 96;
  if (record.length < at) wrong();
  const length = number();
  const body = record.subarray(at);
  if (BigInt(body.length) !== length || BODY_BYTES_MAX < body.length) wrong();
  return { key, signature, body };
}

// Every listed leaf holds a statement, signed for this deployment, which the first admitted one under the policy's key founded.
async function checkStatements(leaves, policyPlaces, keys) {
  let deployment = ZERO;
  let isFounded = false;
  for (const [place, leaf] of leaves.entries()) {
    if (!leaf.isListed) continue;
    const { key, signature, body } = parseRecord(leaf.record, leaf.index);
    const message = concat(utf8("veta/statement/v1\n"), deployment, body);
    if (!(await isSigned(key, message, signature, keys))) refuse("no-statement", `the statement in leaf ${leaf.index} is not signed`);
    if (!isFounded && leaf.verdict === 0 && policyPlaces.includes(place)) {
      deployment = tagged("veta/statement-id/v1\n", deployment, key, body);
      isFounded = true;
    }
  }
  return deployment;
}

// The older checkpoints: of the log, growing to the checkpoint, which signs more leaves than any of them.
async function readOlder(bundle, now, policy, keys) {
  const all = [];
  for (const { checkpoints, consistency } of bundle.older) {
    const notes = [];
    for (const text of checkpoints) notes.push(await readNote(text, policy, keys, "older", "older"));
    const { origin, size, root } = notes[0];
    if (origin !== now.origin) refuse("older-of-another-log", "an older checkpoint is of another log");
    if (now.size <= size || (0 < all.length && size <= all.at(-1).size)) {
      refuse("older-not-ordered", "the older checkpoints are not in order, or not older");
    }
    proveGrowth(notes[0], now, hashesOf(consistency));
    if (notes.some((note) => note.origin !== origin || note.size !== size || !same(note.root, root))) {
      refuse("older-differ", "two older checkpoints of one size differ");
    }
    if (checkpoints[0] === checkpoints[1]) refuse("older-not-needed", "an older checkpoint stands there twice");
    all.push({ size: Number(size), notes });
  }
  return all;
}

// Each older checkpoint is the first with a record about the lot, or the last without one; two notes of one size are there for both.
function checkNeeded(older, records) {
  const isBetween = (from, to) => records.some((record) => from <= record && record < to);
  older.forEach(({ size, notes }, at) => {
    const isFirstWith = isBetween(older[at - 1]?.size ?? 0, size);
    const isLastWithout = isBetween(size, older[at + 1]?.size ?? Infinity);
    if (Number(isFirstWith) + Number(isLastWithout) < notes.length) {
      refuse("older-not-needed", `an older checkpoint of ${size} leaves tells nothing that the others do not`);
    }
  });
}

// Between which times a record came: after the latest of the checkpoints without it, and before the earliest of those with it.
function bracket(record, older, now) {
  const times = (checkpoints) => checkpoints.map(({ asOf }) => asOf).filter((time) => time !== null);
  const notes = (isWithout) => older.filter(({ size }) => (size <= record) === isWithout).flatMap((of) => of.notes);
  const without = times(notes(true));
  const including = times([...notes(false), now]);
  const latest = (one, other) => (one === null || one < other ? other : one);
  const earliest = (one, other) => (one === null || other < one ? other : one);
  return { notBefore: without.reduce(latest, null), notAfter: including.reduce(earliest, null) };
}

// Verifies a bundle by a policy, and says what stands behind it. Throws `Refused` with the first reason why it proves nothing.
export async function verify(bundleBytes, policy, ed25519 = webCrypto) {
  const trusted = policy.members === undefined ? parsePolicy(policy, ed25519) : policy;
  const { keys } = trusted;
  const bundle = parseBundle(bundleBytes);
  const lot = parseLot(bundle.lot);
  const checkpoint = await checkNote(bundle.checkpoint, trusted, keys);
  if (BigInt(Number.MAX_SAFE_INTEGER) < checkpoint.size) refuse("malformed", "the log is too large");
  const size = Number(checkpoint.size);
  const older = await readOlder(bundle, checkpoint, trusted, keys);
  const leaves = bundle.leaves.map(parseLeaf);
  proveLeaves(leaves, hashesOf(bundle.tree), size, checkpoint.root);
  checkChain(leaves, checkpoint.origin);
  const claimed = claims(bundle, leaves);
  const proof = fromBase64(bundle.map);
  if (proof === null) refuse("malformed", "the map proof is not in base64");
  proveMap(proof, claimed, leaves.at(-1).mapRoot);
  const ofLot = claimed.find((each) => each.kind === "lot" && same(each.id, lot));
  if (ofLot === undefined) refuse("key-missing", "the lot is not among the keys");
  const records = ofLot.places.map((place) => leaves[place]);
  checkNeeded(older, records.map(({ index }) => index));
  const stray = leaves.slice(0, -1).find((leaf) => !leaf.isListed);
  if (stray !== undefined) refuse("stray-leaf", `leaf ${stray.index} belongs to nothing`);
  const ofPolicy = claimed.find((each) => each.kind === "policy" && each.id.length === 0);
  const deployment = await checkStatements(leaves, ofPolicy?.places ?? [], keys);
  return {
    lot: bundle.lot,
    depth: bundle.depth,
    origin: checkpoint.origin,
    treeSize: checkpoint.size,
    root: toBase64(checkpoint.root),
    asOf: checkpoint.asOf,
    witnesses: checkpoint.witnesses,
    older: older.flatMap(({ size, notes }) => notes.filter((note) => note.isCosigned).map(({ asOf }) => ({ treeSize: size, asOf }))),
    deployment: hex(deployment),
    records: records.map(({ index, verdict }) => ({ index, verdict, ...bracket(index, older, checkpoint) })),
    keys: claimed.map(({ kind, places }) => ({ kind, records: places.length })),
  };
}

// Parts of this, for who holds them against vectors.
export const parts = { keyring, isSigned, parseVkey, checkNote, proveGrowth, proveMap, parseRecord, fromBase64, toBase64 };
