// Where codes lead, and what is shown of a lot that is handed over.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { load } from "../../../../libs/signer/web/veta-sign.mjs";
import { toldOf } from "../../static/handover.mjs";
import { placeOf } from "../../static/scan.mjs";
import { facts, sayer } from "../../static/words.mjs";

const signer = await load(readFileSync(process.env.MODULE));
const LOT = "lot-1z5aaaxh24d8eeqgv086b5bhs81";
const HERE = { lots: "/es/lots", search: "/es/search" };

test("a code leads to the lot that it names, and nowhere but into this portal", () => {
  for (const [text, place] of [
    [LOT, `/es/lots/${LOT}`],
    [LOT.toUpperCase(), `/es/lots/${LOT}`],
    [`HTTPS://VETA.EXAMPLE/LOTS/${LOT.toUpperCase()}`, `/es/lots/${LOT}`],
    ["S-2041", "/es/search?q=S-2041"],
    ["//evil.example/?a=b&c", "/es/search?q=%2F%2Fevil.example%2F%3Fa%3Db%26c"],
    ["javascript:alert(1)", "/es/search?q=javascript%3Aalert(1)"],
    [`${LOT}0`, `/es/search?q=${LOT}0`],
    ["x".repeat(10_000), `/es/search?q=${"x".repeat(200)}`],
  ]) {
    assert.equal(placeOf(text, HERE), place);
  }
});

test("what a lot is, is shown as what its declaration says", () => {
  const { event } = signer.ask("sample", { kind: "LotDeclared", now_ms: 0 });
  const { form, gross_mass, basis, fineness } = event.LotDeclared;
  const speaker = { deployment: "d0".repeat(32), party: "org-3141kpyv34cnq20w31e9t7jbhem", key: "00".repeat(32), number: "1", stated_at_ms: 0 };
  const { told } = signer.ask("draft", { ...speaker, event });
  const say = sayer({ facts: {}, words: {}, texts: {}, refusals: {} });
  const shown = new Map(facts(told.facts, say, "en").map(({ label, text }) => [label, text]));
  const known = facts(toldOf({ form, gross_mass, basis, fineness }), say, "en");
  assert.deepEqual(known.slice(0, 3).map(({ label }) => label), ["form", "gross-mass", "basis"]);
  for (const { label, text } of known.slice(0, 3)) assert.equal(text, shown.get(label), label);
});
