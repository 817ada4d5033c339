// Keys, queue and desk, with storage and sending that the tests hold. MODULE names the module.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  Desk, Keys, PASSPHRASE_MIN, Queue, SignError, WAITING_MAX, load, memoryStore, ofBase64, signIn, submitTo, toBase64,
} from "../../web/veta-sign.mjs";

const signer = await load(readFileSync(process.env.MODULE));
const DEPLOYMENT = "d0".repeat(32);
const MINERS = "org-3141kpyv34cnq20w31e9t7jbhem";
const PASSPHRASE = "a river of gold dust";
// As on a plain http address.
const INSECURE = { getRandomValues: (bytes) => globalThis.crypto.getRandomValues(bytes) };
// `openssl genpkey -algorithm ed25519`, and the same key with its public half, as `veta keys new` writes it.
const SEED = "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI=";
const PEMS = ["302e020100300506032b657004220420", "3053020101300506032b657004220420"].map((before, place) => {
  const { key } = signer.ask("key", { seed: SEED });
  const after = place === 0 ? "" : `a123032100${key}`;
  const der = Buffer.from(`${before}${Buffer.from(SEED, "base64").toString("hex")}${after}`, "hex");
  return `-----BEGIN PRIVATE KEY-----\n${der.toString("base64").replace(/(.{64})/g, "$1\n")}\n-----END PRIVATE KEY-----\n`;
});

const refused = (reason) => (error) => error instanceof SignError && error.reason === reason;

async function desk({ store = memoryStore(), crypto = globalThis.crypto, now = 1_000 } = {}) {
  const keys = new Keys(signer, store, crypto);
  const { key } = await keys.make({ party: MINERS });
  const clock = { now };
  const queue = new Queue(store);
  const made = new Desk(signer, keys, queue, { deployment: DEPLOYMENT, party: MINERS, key, now: () => clock.now });
  return { desk: made, keys, key, store, queue, clock };
}

function sample(kind) {
  return signer.ask("sample", { kind, now_ms: 1_780_228_800_000 }).event;
}

async function says(desk, event) {
  return desk.sign(event, desk.draft(event).told);
}

test("what is signed holds, is what was shown, and waits", async () => {
  for (const crypto of [globalThis.crypto, INSECURE]) {
    const { desk: one, key, queue } = await desk({ crypto });
    const event = sample("LotDeclared");
    const statement = await says(one, event);
    assert.equal(statement.key, key);
    assert.equal(statement.party, MINERS);
    assert.equal(statement.number, "1000000");
    assert.equal(statement.created.length, 1);
    assert.deepEqual(statement.told, one.draft(event).told);
    const read = signer.ask("read", { deployment: DEPLOYMENT, signed: statement.signed });
    assert.deepEqual(read, statement);
    assert.deepEqual((await queue.waiting()).map((row) => row.statement), [statement]);
  }
});

test("a site is let look by a key of this device, for itself alone", async () => {
  for (const crypto of [globalThis.crypto, INSECURE]) {
    const { keys, key } = await desk({ crypto });
    const who = { deployment: DEPLOYMENT, party: MINERS, key, challenge: "c4".repeat(32), now_ms: 1_780_228_800_250, crypto };
    const signed = await signIn(signer, keys, { ...who, site: "gold.example.org" });
    // Key, signature, the length of the body, the body: a party, six bytes of time and a nonce before what is asked, the fifth thing.
    assert.equal(Buffer.from(signed.subarray(0, 32)).toString("hex"), key);
    const body = Buffer.from(signed.subarray(32 + 64 + 1));
    const asked = Buffer.concat([Buffer.from([4, 16]), Buffer.from("gold.example.org"), Buffer.alloc(32, 0xc4)]);
    assert.deepEqual(body.subarray(16 + 6 + 32), asked);
    // Two are never the same.
    assert.notDeepEqual(await signIn(signer, keys, { ...who, site: "gold.example.org" }), signed);
    await assert.rejects(signIn(signer, keys, { ...who, site: "https://gold.example.org" }), refused("question"));
    const stranger = { ...who, site: "gold.example.org", key: "00".repeat(32) };
    await assert.rejects(signIn(signer, keys, stranger), refused("no-key"));
  }
});

test("what was changed after it was shown is not signed", async () => {
  const { desk: one, queue } = await desk();
  const event = sample("LotDeclared");
  const { told } = one.draft(event);
  event.LotDeclared.gross_mass += 1;
  await assert.rejects(one.sign(event, told), refused("changed"));
  assert.deepEqual(await queue.all(), []);
});

test("numbers rise, also where the clock stands still or goes back", async () => {
  const { desk: one, clock } = await desk({ now: 5_000 });
  const numbers = [];
  for (const now of [5_000, 5_000, 4_000, 6_000]) {
    clock.now = now;
    numbers.push((await says(one, sample("LotDeclared"))).number);
  }
  assert.deepEqual(numbers, ["5000000", "5000001", "5000002", "6000000"]);
});

test("two that sign at once get two numbers", async () => {
  const { desk: one } = await desk();
  const both = await Promise.all([says(one, sample("LotDeclared")), says(one, sample("PlanAdopted"))]);
  assert.notEqual(both[0].number, both[1].number);
});

test("a key is sealed where the browser can, and signs the same where it cannot", async () => {
  const bytes = new TextEncoder().encode("anything");
  const signatures = [];
  for (const [crypto, isSealed] of [[globalThis.crypto, true], [INSECURE, false]]) {
    for (const pem of PEMS) {
      const store = memoryStore();
      const keys = new Keys(signer, store, crypto);
      const made = await keys.importPem(pem, { party: MINERS });
      assert.equal(made.is_sealed, isSealed);
      assert.deepEqual(await keys.all(), [
        { key: made.key, party: MINERS, is_sealed: isSealed, is_elsewhere: true, backup: null },
      ]);
      signatures.push(toBase64(await keys.sign(made.key, bytes)));
      const { private: kept } = await store.get("keys", made.key);
      if (isSealed) await assert.rejects(globalThis.crypto.subtle.exportKey("pkcs8", kept));
      assert.equal(kept instanceof Uint8Array, !isSealed);
    }
  }
  assert.equal(new Set(signatures).size, 1);
});

test("a new key is never the same, and is sealed", async () => {
  const keys = new Keys(signer, memoryStore());
  const made = [await keys.make(), await keys.make(), await keys.make({ passphrase: PASSPHRASE })];
  assert.equal(new Set(made.map(({ key }) => key)).size, 3);
  assert.deepEqual(made.map((one) => one.is_sealed), [true, true, true]);
  assert.deepEqual(made.map((one) => "backup" in one), [false, false, true]);
  assert.equal("private" in made[0], false);
});

test("the key that was brought last is in use, until another one is; a backup is kept until it is saved", async () => {
  const keys = new Keys(signer, memoryStore());
  const { key: first, backup } = await keys.make({ passphrase: PASSPHRASE });
  const { key: second } = await keys.make();
  const stands = async () => (await keys.all()).map((one) => [one.key, one.is_elsewhere, one.backup]);
  assert.deepEqual(await stands(), [[second, false, null], [first, false, backup]]);
  await keys.use(first);
  assert.deepEqual(await stands(), [[first, false, backup], [second, false, null]]);
  await keys.isSaved(first);
  assert.deepEqual(await stands(), [[first, true, null], [second, false, null]]);
  await keys.speaksFor(second, MINERS);
  const { key: brought } = await keys.importPem(PEMS[0]);
  assert.deepEqual((await keys.all()).map(({ key, party }) => [key, party]), [[brought, null], [first, null], [second, MINERS]]);
});

test("an id is read as it may be typed, and is none where it is mistyped", () => {
  for (const [text, id] of [
    [MINERS, MINERS],
    [` ${MINERS.toUpperCase()} `, MINERS],
    [`${MINERS.slice(0, -1)}${MINERS.endsWith("0") ? "1" : "0"}`, null],
    [MINERS.replace("org", "lot"), null],
    ["org-", null],
    ["", null],
  ]) {
    assert.equal(signer.ask("id", { text }).id, id, text);
  }
});

test("a public key is shown as a code", () => {
  const { text, units, path } = signer.ask("code", { text: "AB".repeat(32) });
  assert.equal(text, "AB".repeat(32));
  assert.ok(20 < units && path.startsWith("M"));
  for (const other of ["ab", "A:B", "A".repeat(257)]) assert.throws(() => signer.ask("code", { text: other }), refused("code"), other);
});

test("what is no key is refused", async () => {
  const keys = new Keys(signer, memoryStore());
  const rsa = PEMS[0].replace("MC4CAQAwBQYDK2Vw", "MC4CAQAwBQYDK2Vu");
  for (const pem of ["", "hello", PEMS[0].slice(0, 60), rsa, PEMS[0].replace("PRIVATE", "PUBLIC"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"]) {
    await assert.rejects(keys.importPem(pem), refused("pem"), pem);
  }
  await assert.rejects(keys.sign("00".repeat(32), new Uint8Array(1)), refused("no-key"));
});

test("a backup gives the key back, to who knows the passphrase alone", async () => {
  const { key, backup } = await new Keys(signer, memoryStore()).make({ party: MINERS, passphrase: PASSPHRASE });
  const there = new Keys(signer, memoryStore());
  const restored = await there.restore(backup, PASSPHRASE);
  assert.deepEqual(restored, { key, party: MINERS, is_sealed: true });
  const signature = await there.sign(key, new Uint8Array(3));
  assert.equal(signature.length, 64);

  await assert.rejects(there.restore(backup, `${PASSPHRASE}!`), refused("passphrase"));
  const said = JSON.parse(backup);
  const changed = (change) => JSON.stringify({ ...said, ...change });
  const flipped = ofBase64(said.sealed);
  flipped[0] ^= 1;
  for (const [text, reason] of [
    ["", "backup"],
    ["null", "backup"],
    [changed({ format: "veta/key-backup/v2" }), "backup"],
    [changed({ iterations: 1_000 }), "backup"],
    [changed({ iterations: 1e12 }), "backup"],
    [changed({ key: "00".repeat(32) }), "passphrase"],
    [changed({ sealed: toBase64(flipped) }), "passphrase"],
  ]) {
    await assert.rejects(there.restore(text, PASSPHRASE), refused(reason), text);
  }
  const short = "x".repeat(PASSPHRASE_MIN - 1);
  await assert.rejects(there.make({ passphrase: short }), refused("short"));
  const insecure = new Keys(signer, memoryStore(), INSECURE);
  assert.equal(insecure.canBackUp, false);
  await assert.rejects(insecure.make({ passphrase: PASSPHRASE }), refused("insecure"));
  assert.deepEqual(await insecure.all(), []);
});

test("the queue survives, sends in order, and keeps receipts and refusals", async () => {
  const store = memoryStore();
  const { desk: one } = await desk({ store });
  const said = [];
  for (const kind of ["LotDeclared", "IncidentReported", "MilestoneReported"]) said.push(await says(one, sample(kind)));

  const cut = await new Queue(store).send(async () => {
    throw new Error("no network");
  });
  assert.deepEqual([cut.sent, cut.left, cut.error.message], [0, 3, "no network"]);

  // The line is cut after the first.
  const sent = [];
  const once = async (bytes) => {
    if (sent.length === 1) throw new Error("cut");
    sent.push(toBase64(bytes));
    return { receipt: { position: "7" } };
  };
  assert.equal((await new Queue(store).send(once)).left, 2);
  const again = new Queue(store);
  const all = await again.send(async (bytes, row) => {
    sent.push(toBase64(bytes));
    return row.statement.kind === "IncidentReported" ? { refusal: { code: 31 } } : { receipt: { position: "8" } };
  });
  assert.deepEqual([all.sent, all.left], [2, 0]);
  assert.deepEqual(sent, said.map((statement) => statement.signed));
  const rows = await new Queue(store).all();
  assert.deepEqual(rows.map((row) => row.state), ["recorded", "refused", "recorded"]);
  assert.deepEqual(rows.map((row) => row.receipt?.position ?? row.refusal.code), ["7", 31, "8"]);
  assert.equal((await again.send(() => assert.fail("nothing waits"))).sent, 0);
});

test("nothing is queued twice, forgotten while it waits, or taken past the limit", async () => {
  const { desk: one, queue } = await desk();
  const statement = await says(one, sample("LotDeclared"));
  assert.equal(await queue.add([statement], DEPLOYMENT), 0);
  await queue.forget(1);
  assert.equal((await queue.all()).length, 1);
  const many = Array.from({ length: WAITING_MAX }, (_, place) => ({ ...statement, statement_id: `${place}` }));
  await assert.rejects(queue.add(many, DEPLOYMENT), refused("full"));
  assert.equal((await queue.all()).length, 1);
  await queue.send(async () => ({ receipt: {} }));
  await queue.forget(1);
  assert.deepEqual(await queue.all(), []);
});

test("a lot changes hands between two devices that are offline", async () => {
  const giver = await desk();
  const trader = await desk({ now: 2_000 });
  const declared = await says(giver.desk, sample("LotDeclared"));
  const [lot] = declared.created;
  const offer = { CustodyOffered: { lot, after: declared.statement_id, to: MINERS, with_title: true, documents: [] } };
  const offered = await says(giver.desk, offer);
  const { file, codes, statements, bytes } = await giver.desk.handOver(lot);
  assert.equal(statements, 2);
  assert.equal(ofBase64(file).length, bytes);
  assert.ok(0 < codes.length && codes.every((code) => code.text.startsWith("VETA1:") && code.path.startsWith("M")));

  const scanned = codes.map((code) => code.text).reverse().join("\n");
  for (const handed of [ofBase64(file), scanned]) {
    const opened = trader.desk.open(handed);
    assert.equal(opened.lot, lot);
    assert.equal(opened.facts.gross_mass, 25_000_000);
    assert.equal(opened.facts_are_signed, true);
    assert.deepEqual(opened.statements.map((one) => one.statement_id), [declared.statement_id, offered.statement_id]);
  }
  assert.equal(await trader.desk.takeIn(trader.desk.open(scanned)), 2);
  const accept = { CustodyAccepted: { lot, after: offered.statement_id, gross_mass: 24_900_000, seals: "Intact" } };
  await says(trader.desk, accept);
  const kinds = (await trader.queue.waiting()).map((row) => row.statement.kind);
  assert.deepEqual(kinds, ["LotDeclared", "CustodyOffered", "CustodyAccepted"]);

  const cut = scanned.split("\n").slice(1).join("\n");
  assert.throws(() => trader.desk.open(cut), refused("handover"));
  await assert.rejects(giver.desk.handOver("lot-1z5aaaxh24d8eeqgv086b5bhs81"), refused("silent"));
  const elsewhere = new Desk(signer, trader.keys, trader.queue, { ...trader.desk.speaker, deployment: "d1".repeat(32) });
  assert.throws(() => elsewhere.open(scanned), refused("handover"));
});

test("an answer of the server is a receipt, a refusal, or nothing yet", async () => {
  const answer = (status, body) => async (url, { method, body: bytes, headers }) => {
    assert.deepEqual([url, method, [...bytes]], ["/api/v1/statements", "POST", [1, 2]]);
    assert.equal(headers["content-type"], "application/octet-stream");
    return new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
  };
  const submitted = (status, body) => submitTo("/api/v1/statements", answer(status, body))(new Uint8Array([1, 2]));
  assert.deepEqual(await submitted(200, { position: 3 }), { receipt: { position: 3 } });
  const problem = { is_final: true, code: 12, detail: "no" };
  assert.deepEqual(await submitted(422, problem), { refusal: problem });
  await assert.rejects(submitted(503, { is_final: false, detail: "busy" }), /busy/);
  await assert.rejects(submitted(422, { detail: "who says that?" }), refused("later"));
  await assert.rejects(submitted(502, "<html>"), /502/);
});

test("what the module cannot answer is told by reason", () => {
  const speaker = { deployment: DEPLOYMENT, party: MINERS, key: "00".repeat(32), number: "1", stated_at_ms: 0 };
  for (const [ask, what, reason] of [
    ["sample", { kind: "LotSold", now_ms: 0 }, "kind"],
    ["sample", { kind: "LotHeld" }, "question"],
    ["dance", {}, "ask"],
    ["draft", { ...speaker, event: { LotSold: {} } }, "question"],
    ["draft", { ...speaker, number: 1, event: sample("LotHeld") }, "question"],
    ["assemble", { deployment: DEPLOYMENT, key: speaker.key, body: "", signature: "" }, "statement"],
    ["read", { deployment: DEPLOYMENT, signed: "AAAA" }, "statement"],
    ["open", { deployment: DEPLOYMENT, codes: "hello" }, "handover"],
    ["open", { deployment: DEPLOYMENT }, "handover"],
    ["sign", { seed: "AAAA", to_sign: "" }, "question"],
  ]) {
    assert.throws(() => signer.ask(ask, what), refused(reason), `${ask} ${JSON.stringify(what)}`);
  }
  assert.throws(() => signer.ask("open", { codes: "x".repeat(2_000_000) }), refused("too-long"));
});
