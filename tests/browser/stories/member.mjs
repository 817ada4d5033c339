// Somebody of an organization brings its key to a browser, signs in with it, reads a file that is for nobody else and who looked at
// it, and signs out.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { followed, person } from "../browser.mjs";
import { pictures } from "./pictures.mjs";

export async function member(browser, told, output) {
  const faults = [];
  const context = await person(browser, told.portal, faults, { locale: "es-CO" });
  const page = await context.newPage();
  const picture = pictures(output, "member");
  const { esperanza } = told.organizations;
  const reader = page.getByRole("navigation").first().locator("a[href$='/account']");

  // Without a key on the device, the page says where one comes from.
  await page.goto(`${told.portal}/es/account`);
  if ((await page.locator("#account").count()) === 0) {
    console.log("SKIPPED, nobody signed in in a browser: there is no signer.wasm where VETA_WASM says");
    await context.close();
    return faults;
  }
  await page.locator("#account-keyless a").click();
  await page.locator("#k-file").setInputFiles(told.keys.esperanza);
  await page.locator("#submit-bring button").click();
  await page.locator("#submit-has-key").waitFor();

  await page.goto(`${told.portal}/es/evidence/${told.own}`);
  assert.equal(await page.locator("a[download]").count(), 0, "nobody reads it who is not signed in");
  await picture(page, "a-file-that-is-not-for-everyone");
  await page.locator("main a[href$='/account']").click();
  await page.locator("#account-has-key").waitFor();
  assert.equal(await page.locator("#account-party").textContent(), esperanza);
  assert.equal(await page.locator("#account-site").textContent(), new URL(told.portal).host);
  await picture(page, "what-is-signed");
  await page.locator("#account-sign-in").click();
  await page.locator("form[action$='/account/sign-out']").waitFor();
  await picture(page, "signed-in");
  const name = await reader.textContent();
  assert.ok(name.includes("Esperanza"), `the page names ${name}`);
  const [cookie] = await context.cookies();
  const { httpOnly, secure, sameSite } = cookie;
  assert.deepEqual({ httpOnly, secure, sameSite }, { httpOnly: true, secure: true, sameSite: "Strict" });

  await page.goto(`${told.portal}/es/evidence/${told.own}`);
  const [saved] = await Promise.all([page.waitForEvent("download"), page.locator("a[download]").click()]);
  assert.match(await readFile(await saved.path(), "utf8"), /^%PDF-1\.7/);
  await picture(page, "a-file-for-who-is-signed-in");
  await followed(page, reader);
  await followed(page, page.locator("main a[href$='/account/accesses']"));
  assert.ok(1 <= (await page.locator(`main td a[href$="/evidence/${told.own}"]`).count()), "one's own look is written down, too");
  await picture(page, "who-looked");
  await followed(page, reader);
  await page.locator("form[action$='/account/sign-out'] button").click();
  await page.locator("#account-has-key").waitFor();
  assert.deepEqual(await context.cookies(), []);
  await context.close();
  return faults;
}
