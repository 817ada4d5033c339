// A lot goes from one telephone to another, and neither has a network: who digs declares and offers it, who buys scans the codes, sees
// what was signed, weighs, and accepts; the codes go back. Whoever has a network first sends all of it, in order.

import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { launched, person } from "../browser.mjs";
import { pictures } from "./pictures.mjs";

const TELEPHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 };

export async function handover(browser, told, output) {
  const faults = [];
  const picture = pictures(output, "handover");
  const { esperanza, trader } = told.organizations;
  const giver = await telephone(browser, told, faults, { language: "es", pem: told.keys.esperanza, party: esperanza });
  if (giver === null) {
    console.log("SKIPPED, nothing was handed over in a browser: there is no signer.wasm where VETA_WASM says");
    return faults;
  }
  const receiver = await telephone(browser, told, faults, { language: "fr", pem: told.keys.trader, party: trader });
  for (const { context } of [giver, receiver]) await context.setOffline(true);

  const lot = await declared(giver.page, told.sites.esperanza);
  await picture(giver.page, "declared-without-a-network");
  await filled(giver.page, "CustodyOffered", { lot, to: trader }, { with_title: "yes" });
  const codes = await shownCodes(giver.page, lot);
  assert.ok(2 <= codes.length, `${codes.length} codes`);
  await picture(giver.page, "offered-and-shown-as-codes");

  await filmed(giver.page, told, `${output}/codes.y4m`, { lot, picture }, faults);
  await receiver.page.locator("#t-codes").fill("VETA1:NOTHING");
  await receiver.page.locator("#submit-take-in button").click();
  await said(receiver.page, "Ces codes ne vont pas ensemble");
  await receiver.page.locator("#t-codes").fill("");
  // The last code first, and one of them twice.
  const seen = [...codes].reverse();
  await scan(receiver.page, [seen[0], seen[0]]);
  await said(receiver.page, `1 codes sur ${codes.length}`);
  await scan(receiver.page, seen.slice(1));
  const handed = receiver.page.locator("#submit-handed");
  await handed.locator("code.id", { hasText: lot }).first().waitFor();
  const word = await handed.innerText();
  for (const fact of [esperanza, trader, "12,5\u00a0g"]) assert.ok(word.includes(fact), `${fact} is not shown in ${word}`);
  assert.equal(await handed.locator(".chip.good").count(), 1, "what it is follows from what was signed");
  assert.equal(await handed.locator("h4").count(), 2, "a declaration and an offer");
  await picture(receiver.page, "scanned-and-read");
  await filled(receiver.page, "CustodyAccepted", { gross_mass: "12,49" }, { seals: "intact" });
  await picture(receiver.page, "weighed-and-accepted");

  const back = await shownCodes(receiver.page, lot);
  await scan(giver.page, back);
  await states(giver.page, ["waiting", "waiting", "waiting"]);
  await picture(giver.page, "the-acceptance-comes-back");

  // Who received has a network first; who gave sends the same again, and gets the same receipts.
  const receipts = [];
  for (const { context, page } of [receiver, giver]) {
    await context.setOffline(false);
    await page.locator("#submit-send").click();
    await states(page, ["recorded", "recorded", "recorded"]);
    receipts.push(await page.locator("#submit-queue td:last-child a").allInnerTexts());
  }
  assert.deepEqual(receipts[0], receipts[1], "the same records");
  const [accepted, offered, first] = receipts[0].map((text) => Number(text.slice(1)));
  assert.ok(first < offered && offered < accepted, `in order: ${receipts[0]}`);
  await picture(receiver.page, "all-of-it-is-recorded");
  await scannedLabel(receiver.page, told, { lot, accepted }, picture);
  for (const { context } of [giver, receiver]) await context.close();
  return faults;
}

/** A telephone with the page open and a key of a party on it; null where nothing signs. */
async function telephone(browser, told, faults, { language, pem, party }) {
  const context = await person(browser, told.portal, faults, TELEPHONE);
  const page = await context.newPage();
  await page.goto(`${told.portal}/${language}/submit`);
  if ((await page.locator("#submit").count()) === 0) {
    await context.close();
    return null;
  }
  await page.locator("input#k-file").setInputFiles(pem);
  await page.locator("#submit-bring button").click();
  await page.locator("#submit-party", { hasText: party }).waitFor();
  return { context, page };
}

/** Fills a form in, in which nothing is chosen by itself, looks at what it says, and signs it. */
async function filled(page, kind, fields, chosen) {
  const form = page.locator(`form[data-kind=${kind}]`);
  if (!(await form.isVisible())) await page.locator("details", { has: form }).locator("summary").click();
  for (const [name, value] of Object.entries(fields)) await form.locator(`[name=${name}]`).fill(value);
  for (const [name, value] of Object.entries(chosen)) await form.locator(`[name=${name}]`).selectOption(value);
  await form.locator("button").click();
  await page.locator("#submit-said dl").first().waitFor();
  await page.locator("#submit-sign").click();
  await page.locator("#submit-review").waitFor({ state: "hidden" });
}

async function declared(page, site) {
  const day = new Date(Date.now() - 24 * 60 * 60 * 1_000).toISOString().slice(0, 10);
  const chosen = { form: "dust", basis: "weighed", custody_model: "identity-preserved" };
  await filled(page, "LotDeclared", { site, gross_mass: "12.5", from: day, to: day, miners: "9" }, chosen);
  const row = page.locator("#submit-queue tr").first();
  return row.locator("code.id").first().innerText();
}

/** The codes of a lot, as pictures of a screen. */
async function shownCodes(page, lot) {
  await page.locator("#submit-hand-over input").fill(lot);
  await page.locator("#submit-hand-over button").click();
  const codes = page.locator("#submit-codes svg.code");
  await codes.first().waitFor();
  return Promise.all((await codes.all()).map((code) => code.screenshot()));
}

async function scan(page, buffers) {
  const files = buffers.map((buffer, at) => ({ name: `${at}.png`, mimeType: "image/png", buffer }));
  await page.locator("#t-photo").setInputFiles(files);
}

/** Another telephone of the receiver looks at the codes through its camera, one after another. */
async function filmed(from, told, film, { lot, picture }, faults) {
  const [width, height] = [640, 480];
  const frames = await from.locator("#submit-codes svg.code").evaluateAll((codes, [width, height]) => codes.map((code) => {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d");
    context.fillStyle = "#ccc";
    context.fillRect(0, 0, width, height);
    context.translate((width - height) / 2, 0);
    context.scale(height / code.viewBox.baseVal.width, height / code.viewBox.baseVal.width);
    context.fillStyle = "#111";
    context.fill(new Path2D(code.querySelector("path").getAttribute("d")));
    return Array.from(context.getImageData(0, 0, width, height).data).filter((_, at) => at % 4 === 0);
  }), [width, height]);
  // What has no colour is in the middle of both colours. Each code stays for a second.
  const colours = Buffer.alloc((width * height) / 2, 128);
  const shown = frames.flatMap((grey) => Array(5).fill([Buffer.from("FRAME\n"), Buffer.from(grey), colours]).flat());
  await writeFile(film, Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F5:1 Ip A1:1 C420jpeg\n`), ...shown]));
  const browser = await launched({ film });
  try {
    const { trader } = told.organizations;
    const { context, page } = await telephone(browser, told, faults, { language: "fr", pem: told.keys.trader, party: trader });
    await context.setOffline(true);
    await page.locator("#t-camera").click();
    await page.locator("#submit-handed code.id", { hasText: lot }).first().waitFor();
    assert.ok(await page.locator("video.seen").isHidden(), "the camera is put away");
    await picture(page, "seen-through-the-camera");
  } finally {
    await browser.close();
    await rm(film);
  }
}

const said = (page, text) => page.locator("#submit-status", { hasText: text }).waitFor();

/** Waits until what was signed, the newest first, stands so. */
async function states(page, expected) {
  const chips = { waiting: "none", recorded: "good", refused: "bad" };
  const queue = page.locator("#submit-queue");
  for (const [at, state] of expected.entries()) await queue.locator(`tr:nth-child(${at + 1}) .chip.${chips[state]}`).waitFor();
  assert.equal(await queue.locator("tr").count(), expected.length);
}

/** The label of the lot leads to its page. */
async function scannedLabel(page, told, { lot, accepted }, picture) {
  // As of the acceptance, which whoever is behind waits for.
  await page.goto(`${told.portal}/fr/lots/${lot}/label?at=${accepted}`);
  const label = await page.locator(".lot-label svg").first().screenshot();
  await page.goto(`${told.portal}/fr/scan`);
  await picture(page, "scans-a-label");
  await page.locator("#find-photo").setInputFiles({ name: "label.png", mimeType: "image/png", buffer: label });
  await page.waitForURL(`${told.portal}/fr/lots/${lot}`);
}
