// An auditor opens the log, looks who has seen it, and finds a sale that was refused.

import assert from "node:assert/strict";
import { person } from "../browser.mjs";
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
  await page.locator("p.as-of a").click();
  assert.equal(new URL(page.url()).search, "");
  await picture(page, "as-of-now");
  await context.close();
  return faults;
}
