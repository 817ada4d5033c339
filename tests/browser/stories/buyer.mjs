// A buyer is offered a bar: looks for the number on it, reads where its gold comes from, and asks whether to buy.

import assert from "node:assert/strict";
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

  await page.goto(`${told.portal}/en/lots`);
  await page.getByText("Find", { exact: false }).first().click();
  await page.locator("select[name=by]").selectOption("bar");
  await page.locator("input[name=number]").fill(told.numbers.at(-1));
  await picture(page, "looks-for-the-number");
  await page.locator("form", { has: page.locator("input[name=number]") }).getByRole("button").click();
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
  await context.close();
  return faults;
}
