// A proof on the page that verifies: one that holds, one of which a bit is changed, and what is none. In every language; with a network
// and without one; at an address that browsers trust, over plain HTTP in somebody's network, and without JavaScript.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { person, plainly } from "../browser.mjs";
import { accessible, reader } from "../reading.mjs";
import { changed, checked, kept } from "../verifying.mjs";
import { pictures } from "./pictures.mjs";

export async function verifies(browser, told, output) {
  const faults = [];
  const picture = pictures(output, "verifies");
  const axe = await reader();
  const bundle = await readFile(told.bundle);
  const files = [
    { name: "a proof", file: bundle, state: "verified" },
    { name: "a changed proof", file: changed(bundle), state: "not-verified" },
    { name: "no proof", file: Buffer.from([0, 255, 0]), state: "not-verified" },
  ];
  await trusted(browser, { told, files, axe, picture }, faults);
  await plain(browser, { told, files, picture }, faults);
  await scriptless(browser, { told, files, axe, picture }, faults);
  return faults;
}

/** What both programs say of each file, in the reader's words. */
async function all(page, files, language, then = async () => {}) {
  for (const { name, file, state } of files) {
    const said = await checked(page, file);
    const what = `${language}, ${name}: ${said.chips}`;
    assert.equal(said.state, state, what);
    assert.equal(await page.locator("html").getAttribute("lang"), language);
    // Without the WebAssembly beside it, the portal has one verifier only, and says so.
    const isWhole = (await page.locator("form#verify").getAttribute("data-wasm")) !== "";
    assert.equal(said.chips.length, 2, what);
    assert.equal(new Set(said.chips).size, isWhole ? 1 : 2, what);
    if (language !== "en") assert.deepEqual(said.inEnglish, [], what);
    await then(name);
  }
}

async function trusted(browser, { told, files, axe, picture }, faults) {
  const context = await person(browser, told.portal, faults);
  const page = await context.newPage();
  for (const language of told.languages) {
    await page.goto(`${told.portal}/${language}/verify`);
    await all(page, files, language, async (name) => {
      await picture(page, `${language}-${name.replaceAll(" ", "-")}`);
      await accessible(page, axe, `/${language}/verify`, name, faults);
    });
    // Once open, the page needs no network, not even to be loaded again.
    await kept(page);
    await context.setOffline(true);
    await page.reload();
    await all(page, files, language);
    await context.setOffline(false);
  }
  await context.close();
}

/** Browsers withhold WebCrypto and service workers there: the page works while it is open. */
async function plain(browser, { told, files, picture }, faults) {
  const portal = plainly(told.portal);
  const context = await person(browser, portal, faults);
  const page = await context.newPage();
  for (const language of told.languages) {
    await page.goto(`${portal}/${language}/verify`);
    const withheld = await page.evaluate(() => [isSecureContext, globalThis.crypto.subtle, navigator.serviceWorker].map(String));
    assert.deepEqual(withheld, ["false", "undefined", "undefined"], "this is no address that browsers trust");
    await all(page, files, language);
    await page.reload();
    await page.locator("form#verify[data-ready]").waitFor();
    await context.setOffline(true);
    await all(page, files, language);
    await context.setOffline(false);
  }
  await picture(page, "over-plain-http");
  await context.close();
}

/** The server verifies, and says that it is its word. */
async function scriptless(browser, { told, files, axe, picture }, faults) {
  const context = await person(browser, told.portal, faults);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  for (const language of told.languages) {
    for (const { name, file, state } of files) {
      await session.send("Emulation.setScriptExecutionDisabled", { value: true });
      await page.goto(`${told.portal}/${language}/verify`);
      await page.locator("input#proof-here").setInputFiles({ name: "lot.veta-proof", mimeType: "application/octet-stream", buffer: file });
      const [answer] = await Promise.all([page.waitForNavigation(), page.locator("form#verify-here button").click()]);
      const isVerified = state === "verified";
      assert.equal(answer.status(), isVerified ? 200 : 422, `${language}, ${name}, by the server`);
      assert.equal(await page.locator(`#said.banner.${isVerified ? "good" : "bad"}`).count(), 1, `${language}, ${name}`);
      assert.equal(await page.locator("#said ~ dl.facts").count(), isVerified ? 1 : 0, `${language}, ${name}`);
      await session.send("Emulation.setScriptExecutionDisabled", { value: false });
      await accessible(page, axe, `/${language}/verify`, `${name}, by the server`, faults);
    }
  }
  await picture(page, "by-the-server");
  await context.close();
}
