// The second verifier against the vectors that the first one is held to, with WebCrypto and with what stands in for it: of signatures, statements, keys, notes, policies,
// quorums, growing trees and the map. Prints how many of each agreed; ends with 1 and their names where one did not.
//
//     node vectors.mjs LIBS
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { plain } from "../../second/plain-ed25519.mjs";
import { Refused, parsePolicy, parts, sha256, webCrypto } from "../../second/veta-proof.mjs";

const libs = process.argv[2];
const { keyring, isSigned, parseVkey, checkNote, proveGrowth, proveMap, parseRecord, fromBase64, toBase64 } = parts;
const fromHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (digits) => parseInt(digits, 16));
const utf8 = (text) => new TextEncoder().encode(text);

// The `name: value` lines of a file, and what stands after the first blank line.
function read(path) {
  const bytes = readFileSync(path);
  const blank = bytes.indexOf("\n\n");
  const head = blank < 0 ? bytes : bytes.subarray(0, blank);
  const lines = head.toString("utf8").split("\n").filter((line) => line.includes(": "));
  const named = (name) => lines.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2));
  return { one: (name) => named(name)[0], all: named, subject: blank < 0 ? bytes.subarray(bytes.length) : bytes.subarray(blank + 2) };
}

const files = (directory) => readdirSync(directory).sort().map((name) => [name, read(join(directory, name))]);

const PLATFORMS = [["", webCrypto], [" without WebCrypto", plain]];
const wrong = [];
const counts = {};

// Whether it is accepted: refused by name, or by an error of a policy's line.
async function check(kind, name, expected, decide) {
  let accepted;
  try {
    accepted = (await decide()) !== false;
  } catch (error) {
    if (!(error instanceof Refused) && error.constructor !== Error && error.name !== "TypeError") throw error;
    accepted = false;
  }
  counts[kind] = (counts[kind] ?? 0) + 1;
  if (accepted !== expected) wrong.push(`${kind} ${name}: ${accepted ? "accepted" : "refused"}`);
}

for (const [number, line] of readFileSync(join(libs, "tlog/testdata/foreign/ed25519/edge-cases.txt"), "utf8").split("\n").entries()) {
  if (line === "" || line.startsWith("#")) continue;
  const [key, first, second, edges, ...message] = line.split(" ");
  const harmless = ["-", "LowOrderComponentA", "LowOrderComponentR"];
  const expected = edges.split(",").every((edge) => harmless.includes(edge));
  for (const [kind, ed25519] of PLATFORMS) {
    await check(`signatures${kind}`, number, expected, () =>
      isSigned(fromHex(key), utf8(message.join(" ")), fromHex(first + second), keyring(ed25519)));
  }
}

for (const [name, vector] of files(join(libs, "event/testdata/vectors"))) {
  const expect = vector.one("expect");
  if (vector.one("kind") === "record") {
    await check("records", name, expect === "decoded", () => parseRecord(fromHex(vector.one("payload") ?? ""), 0));
  }
  // What the body says is not read here; that it could be said otherwise is seen of the envelope alone.
  if (vector.one("kind") !== "statement" || expect === "NotCanonical") continue;
  const expected = ["verified", "MalformedBody"].includes(expect);
  for (const [kind, ed25519] of PLATFORMS) {
    await check(`statements${kind}`, name, expected, () => {
      const record = new Uint8Array([1, 0, ...fromHex(vector.one("signed"))]);
      const { key, signature, body } = parseRecord(record, 0);
      const message = new Uint8Array([...utf8("veta/statement/v1\n"), ...fromHex(vector.one("deployment")), ...body]);
      return isSigned(key, message, signature, keyring(ed25519));
    });
  }
}

for (const [directory, type] of [["vkey", 1], ["cosigner-vkey", 4]]) {
  for (const [name, vector] of files(join(libs, "tlog/testdata", directory))) {
    const text = vector.subject.toString("utf8");
    await check("keys", name, vector.one("expect") === "ok", () => parseVkey(text, type));
  }
}

for (const [name, vector] of files(join(libs, "tlog/testdata/checkpoint"))) {
  const policy = (ed25519) => parsePolicy(`log ${vector.one("vkey")}\nquorum none\n`, ed25519);
  const text = vector.subject.toString("utf8");
  for (const [kind, ed25519] of PLATFORMS) {
    await check(`checkpoints${kind}`, name, vector.one("expect") === "ok", () =>
      checkNote(text, policy(ed25519), keyring(ed25519)));
  }
}

for (const [name, vector] of files(join(libs, "tlog/testdata/policy"))) {
  await check("policies", name, vector.one("expect").startsWith("ok"), () => parsePolicy(vector.subject));
}

for (const [name, vector] of files(join(libs, "tlog/testdata/quorum"))) {
  const at = vector.subject.indexOf("---\n");
  const note = vector.subject.subarray(at + 4).toString("utf8");
  await check("quorums", name, vector.one("expect") === "ok", async () => {
    const told = await checkNote(note, parsePolicy(vector.subject.subarray(0, at)), keyring(webCrypto));
    const by = told.witnesses.map(({ name, time }) => `${name}@${time}`).join(" ") || "-";
    const auditors = told.witnesses.filter(({ auditing }) => auditing).map(({ name }) => name).join(" ") || "-";
    const says = [by, `${told.asOf ?? "-"}`, auditors];
    const expected = ["by", "as-of", "auditors"].map((field) => vector.one(field));
    if (says.join() !== expected.join()) throw new Error(`says ${says}, not ${expected}`);
  });
}

for (const [name, vector] of files(join(libs, "tlog/testdata/consistency"))) {
  const head = (age) => ({ size: BigInt(vector.one(`${age}-size`)), root: fromBase64(vector.one(`${age}-root`)) });
  const hashes = vector.subject.toString("utf8").split("\n").filter((line) => line !== "").map(fromBase64);
  // That an empty tree has one root only is asked of the checkpoint, where this reader meets it.
  if (vector.one("expect") === "EmptyRoot") continue;
  await check("growths", name, vector.one("expect") === "ok", () => proveGrowth(head("old"), head("new"), hashes));
}

// Proofs of one key in the map, which a proof of several is for one.
for (const [name, vector] of files(join(libs, "tlog/testdata/map"))) {
  if (vector.one("root") === undefined) continue;
  const steps = vector.subject.toString("utf8").split("\n").filter((line) => line !== "");
  const key = fromHex(vector.one("key"));
  const value = vector.one("value") === undefined ? null : fromBase64(vector.one("value"));
  const other = vector.one("other-key") === undefined ? null : [fromHex(vector.one("other-key")), fromBase64(vector.one("other-value"))];
  const end = other === null ? [2] : [3, ...other[0], ...other[1]];
  const proof = steps.reduce((below, step) => {
    const [bit, hash] = step.split(" ");
    const sibling = fromBase64(hash);
    const isRight = (key[bit >> 3] >> (7 - (bit & 7))) & 1;
    return [1, Number(bit), ...(isRight ? [...sibling, ...below] : [...below, ...sibling])];
  }, end);
  const isEmpty = value === null && other === null && steps.length === 0;
  const bytes = Uint8Array.from(isEmpty ? [] : proof);
  await check("map proofs", name, vector.one("expect") === "ok", () =>
    proveMap(bytes, [{ key, value }], fromBase64(vector.one("root"))));
}

for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1_000]) {
  const message = new Uint8Array(length).fill(7);
  const expected = new Uint8Array(await crypto.subtle.digest("SHA-256", message));
  await check("hashes", length, true, () => toBase64(sha256(message)) === toBase64(expected));
}

console.log(Object.entries(counts).map(([kind, count]) => `${count} ${kind}`).join(", "));
for (const each of wrong) console.error(each);
process.exitCode = wrong.length === 0 ? 0 : 1;
