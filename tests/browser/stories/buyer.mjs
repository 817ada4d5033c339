// A buyer is offered a bar: looks for the number on it, reads where its gold comes from, and asks whether to buy.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { person } from "../browser.mjs";
import { pictures } from "./pictures.mjs";

export async function buyer(browser, told, output) {
  const faults = [];
  const context = await person(browser, told.portal, faults, { locale: "en-GB" });
  const page = await context.newPage();
  const picture = pictures(output, "buyer");
  const { bar } = told.lots;
  // Whoever names no language reads in that of the browser.
  await page.goto(`${told.portal}/`);
  assert.equal(new URL(page.url()).pathname, "/en/");
  await picture(page, "home");

  // The number on the bar, into the one box that takes anything.
  await page.locator("input#q").fill(told.numbers.at(-1));
  await picture(page, "looks-for-the-number");
  await page.locator("form.big-search button").click();
  // A record could have this number, too, so the page says what it may mean.
  await picture(page, "what-the-number-may-mean");
  await page.locator(`main a[href*="/lots/${bar}"]`).first().click();
  assert.equal(new URL(page.url()).pathname, `/en/lots/${bar}`);
  await picture(page, "the-bar");

  const origins = page.locator("section", { has: page.locator("h2#origins") });
  for (const site of [told.sites.esperanza, told.sites.amani]) {
    assert.equal(await origins.locator(`a[href*="/sites/${site}"]`).count(), 1, `the gold of ${site} is told`);
  }
  // The picture of what it was made of is walked through by the keyboard alone.
  const lineage = page.locator("svg a[href*='/lots/']");
  assert.ok(3 <= (await lineage.count()), "the lineage names lots");
  await lineage.first().focus();
  assert.equal(await page.evaluate(() => document.activeElement.namespaceURI), "http://www.w3.org/2000/svg");
  const first = page.locator(`main a[href*="/lots/${told.lots.first}"]`).first();
  await first.click();
  assert.match(await page.locator("main").innerText(), /La Esperanza/);
  await picture(page, "where-it-was-dug");

  // The same in another language, by one link.
  await page.locator("footer a[hreflang=es]").click();
  assert.equal(new URL(page.url()).pathname, `/es/lots/${told.lots.first}`);
  assert.equal(await page.locator("html").getAttribute("lang"), "es");
  await picture(page, "in-spanish");

  await verified(page, told, picture);
  await context.close();
  return faults;
}

/** Verifies the proof on the device: a good one, without a network; and one of which a byte is changed. */
async function verified(page, told, picture) {
  const bundle = await readFile(told.bundle);
  const proof = (buffer) => ({ name: "bar.veta-proof", mimeType: "application/octet-stream", buffer });
  const outcome = async (buffer, language) => {
    await page.locator("input#proof").setInputFiles(proof(buffer));
    await page.locator("form#verify button").click();
    const shown = page.locator("#outcome[data-state]");
    await shown.waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), language);
    return { state: await shown.getAttribute("data-state"), chips: await shown.locator(".cards .chip").allInnerTexts() };
  };
  const changed = Buffer.from(bundle);
  changed[changed.length >> 1] ^= 1;
  for (const language of told.languages) {
    await page.goto(`${told.portal}/${language}/verify`);
    await page.evaluate(() => navigator.serviceWorker.ready);
    const good = await outcome(bundle, language);
    assert.equal(good.state, "verified", `${language}: ${good.chips}`);
    // Without the WebAssembly beside it, the portal has one verifier only, and says so.
    const isWhole = (await page.locator("form#verify").getAttribute("data-wasm")) !== "";
    assert.equal(new Set(good.chips).size, isWhole ? 1 : 2, `${language}: ${good.chips}`);
    assert.equal((await outcome(changed, language)).state, "not-verified", language);
  }
  // Once open, the page needs no network, not even to be loaded again.
  await page.waitForFunction(async () => {
    const kept = await caches.match(location.pathname, { ignoreSearch: true });
    return kept !== undefined && (await caches.match(document.getElementById("verify").dataset.second)) !== undefined;
  });
  await page.context().setOffline(true);
  await page.reload();
  assert.equal((await outcome(bundle, told.languages.at(-1))).state, "verified", "without a network");
  await picture(page, "verified-without-a-network");
  assert.equal((await outcome(changed, told.languages.at(-1))).state, "not-verified", "changed, without a network");
  await picture(page, "a-changed-byte-is-found");
  await page.context().setOffline(false);
}
