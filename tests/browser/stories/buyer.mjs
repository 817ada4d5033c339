// A buyer is offered a bar: looks for the number on it, reads where its gold comes from, and asks whether to buy.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { followed, person } from "../browser.mjs";
import { changed, checked, kept, outcome } from "../verifying.mjs";
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
  await followed(page, page.locator("form.big-search button"));
  // A record could have this number, too, so the page says what it may mean.
  await picture(page, "what-the-number-may-mean");
  await followed(page, page.locator(`main a[href*="/lots/${bar}"]`).first());
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
  await followed(page, first);
  assert.match(await page.locator("main").innerText(), /La Esperanza/);
  await picture(page, "where-it-was-dug");

  // The same in another language, by one link.
  await followed(page, page.locator("footer a[hreflang=es]"));
  assert.equal(new URL(page.url()).pathname, `/es/lots/${told.lots.first}`);
  assert.equal(await page.locator("html").getAttribute("lang"), "es");
  await picture(page, "in-spanish");

  await bought(page, told, picture);
  await context.close();
  return faults;
}

/** Asks whether to buy the bar, by a policy; takes the proof away, and verifies that very file without a network. */
async function bought(page, told, picture) {
  const { bar } = told.lots;
  await page.goto(`${told.portal}/en/lots/${bar}`);
  await followed(page, page.locator(`main a.button[href$="/lots/${bar}/check"]`));
  await page.locator("input#policy-progressive").check();
  await picture(page, "chooses-a-policy");
  await followed(page, page.locator("fieldset button.main").first());
  const address = new URL(page.url());
  assert.deepEqual([address.pathname, address.searchParams.get("policy")], [`/en/lots/${bar}/check`, "progressive"]);
  const verdict = page.locator("section.banner[aria-labelledby=verdict]");
  assert.match(await verdict.locator("h2").innerText(), /\S/, "there is a verdict");
  const reasons = page.locator("section[aria-labelledby=reasons] ol.cards > li");
  assert.ok(1 <= (await reasons.count()), "it has reasons");
  for (const reason of await reasons.all()) {
    assert.match(await reason.locator(".chip").first().innerText(), /\S/);
  }
  assert.ok(1 <= (await reasons.locator("a[href*='/log/']").count()), "reasons rest on statements");
  await picture(page, "the-verdict-and-its-reasons");

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator(`section[aria-labelledby=take] a[href$="/lots/${bar}/bundle"]`).click(),
  ]);
  assert.equal(download.suggestedFilename(), `${bar}.veta-proof`);
  const proof = await readFile(await download.path());

  // On the page that verifies it is fetched and verified at once.
  await page.locator(`section[aria-labelledby=take] a[href*="/verify?lot=${bar}"]`).click();
  assert.equal((await outcome(page)).state, "verified", "fetched from here");
  if ((await page.locator("form#verify").getAttribute("data-wasm")) !== "") {
    const said = await page.locator("#outcome").innerText();
    for (const name of [told.numbers.at(-1), "Aurum Refining", "La Esperanza"]) {
      assert.ok(said.includes(name), `what is verified names ${name}: ${said}`);
    }
  }
  await picture(page, "verified-at-once");

  await page.goto(`${told.portal}/en/verify`);
  await kept(page);
  await page.context().setOffline(true);
  await page.reload();
  assert.equal((await checked(page, proof)).state, "verified", "without a network");
  await picture(page, "verified-without-a-network");
  assert.equal((await checked(page, changed(proof))).state, "not-verified", "changed, without a network");
  await picture(page, "a-changed-byte-is-found");
  await page.context().setOffline(false);
}
