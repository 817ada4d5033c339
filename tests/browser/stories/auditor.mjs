// An auditor opens the log, looks who has seen it, and finds a sale that was refused.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { followed, person } from "../browser.mjs";
import { pictures } from "./pictures.mjs";

export async function auditor(browser, told, output) {
  const faults = [];
  const context = await person(browser, told.portal, faults, { locale: "en-GB" });
  const page = await context.newPage();
  const picture = pictures(output, "auditor");
  const { first } = told.lots;
  // As of before it was sold, who dug it has it; as of now, somebody else.
  await page.goto(`${told.portal}/en/lots/${first}?at=${told.declared_at}`);
  await picture(page, "as-of-then");
  assert.ok(await page.locator("p.as-of[role=status]").isVisible(), "that the page is of the past is said");
  await followed(page, page.locator("p.as-of a"));
  assert.equal(new URL(page.url()).search, "");
  await picture(page, "as-of-now");

  await followed(page, page.getByRole("navigation").first().locator("a[href$='/log']"));
  const witnesses = page.locator("main table").first();
  assert.ok(1 <= (await witnesses.locator(".chip.good").count()), "a witness has cosigned");
  await picture(page, "the-log-and-its-witnesses");
  const refused = page.locator(`a[href$="/log/${told.refused}"]`).first();
  assert.ok(await page.locator("main tr", { has: refused }).locator(".chip.bad").isVisible(), "the list says that it is refused");
  await followed(page, refused);
  const entry = page.locator("main");
  assert.ok(await entry.locator(".banner.bad").isVisible(), "the entry says that it is refused, and why");
  assert.equal(await entry.locator(`a[href*="/lots/${first}"]`).count(), 1, "it names the lot");
  assert.ok(1 <= (await entry.locator(`a[href*="/orgs/${told.organizations.esperanza}"]`).count()), "and who tried");
  await picture(page, "a-double-sale-that-was-refused");
  const [proof] = await Promise.all([
    page.waitForEvent("download"),
    page.locator(`a[href$="/log/${told.refused}/proof"]`).first().click(),
  ]);
  const written = await readFile(await proof.path(), "utf8");
  assert.match(written, /^c2sp\.org\/tlog-proof@v1\n/);
  await context.close();
  return faults;
}
