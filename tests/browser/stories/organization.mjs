// An organization makes a key on its device, has it authorized, and assesses itself while its network is cut in the middle; what it
// signed is sent when there is a network again, and it sees what comes next. Then it says something that the rules refuse.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { PATIENCE_MS, person } from "../browser.mjs";
import { accessible, reader } from "../reading.mjs";
import { pictures } from "./pictures.mjs";

const PASSPHRASE = "a river of gold dust";
const REASON = "the permit covers it";

export async function organization(browser, told, output) {
  const faults = [];
  const context = await person(browser, told.portal, faults, { locale: "es-CO" });
  const page = await context.newPage();
  const picture = pictures(output, "organization");
  await page.goto(`${told.portal}/es/submit`);
  if ((await page.locator("#submit").count()) === 0) {
    console.log("SKIPPED, nothing was signed in a browser: there is no signer.wasm where VETA_WASM says");
    await context.close();
    return faults;
  }
  await keyed(page, told, picture);
  await assessed(page, told, picture, faults);
  await sent(page, told, picture);
  await refused(page, told, picture, faults);
  await context.close();
  await carried(browser, told, faults);
  return faults;
}

/** A key is made on the device, and authorized by the scheme, which reads it from the page. */
async function keyed(page, told, picture) {
  const { esperanza } = told.organizations;
  // Whoever chose no file, or said nothing of a backup, is told so at the field, and no key is made of that.
  await page.locator("#submit-bring button").click();
  await atField(page, "k-file");
  await page.locator("#submit-make button").click();
  await atField(page, "k-pass");
  assert.ok(await page.locator("#submit-has-key").isHidden());
  await page.locator("#k-alone").check();
  await page.locator("#submit-make button").click();
  await page.locator("#submit-has-key").waitFor();
  assert.ok(await page.locator("#submit-only-here").isVisible(), "a key that is only here is told to be");
  const key = await page.locator("#submit-key").innerText();
  assert.match(key, /^[0-9a-f]{64}$/);
  assert.ok(await page.locator("#submit-forms").isHidden(), "nobody speaks with a key that is not authorized");
  await picture(page, "a-key-on-the-device");
  authorized(told, esperanza, key);
  await reloadedUntil(page, "the key speaks for the organization", async () => {
    await page.locator("#submit-key", { hasText: key }).waitFor();
    return (await page.locator("#submit-party").innerText()) === esperanza;
  });
  assert.ok(await page.locator("#submit-forms").isVisible());
  await picture(page, "the-key-is-authorized");
}

/** Something is wrong with a field, which is told under it, and it has the focus. */
async function atField(page, id) {
  await page.locator(`#${id}[aria-invalid=true][aria-describedby=${id}-wrong]:focus`).waitFor();
  assert.notEqual(await page.locator(`#${id}-wrong`).innerText(), "");
}

/** As whoever runs the deployment does at a terminal. */
function authorized(told, party, key) {
  const veta = (input, ...verb) =>
    execFileSync(told.veta, ["--json", ...verb], { input, env: { ...process.env, VETA_STATE: told.state }, stdio: ["pipe", "pipe", "inherit"] });
  veta(JSON.stringify({ party: null, event: { KeyAuthorized: { party, key } } }), "statement", "sign", "-");
  veta("", "statement", "submit");
}

/** Loads a page anew until something is so: what was recorded a moment ago is on its way to the pages. */
async function reloadedUntil(page, what, isSo) {
  const begun = Date.now();
  while (Date.now() - begun < PATIENCE_MS) {
    await page.reload();
    await page.locator("#submit:visible, #assessment:visible, main:not(:has(#submit, #assessment))").first().waitFor();
    if (await isSo()) return;
  }
  assert.fail(`in time: ${what}`);
}

const count = (page) => page.locator("#assessment-count").innerText();
const choose = (page, place, answer) => page.locator(`input[name=c${place}][value="${answer}"]`).check();

/** The form is filled in, without a network from the middle on; what was written is there after the page was loaded anew. */
async function assessed(page, told, picture, faults) {
  const axe = await reader();
  const { esperanza } = told.organizations;
  await page.goto(`${told.portal}/es/orgs/${esperanza}`);
  await page.locator(`main a[href$="/submit/assessment?about=${esperanza}"]`).click();
  await page.locator("#assessment").waitFor();
  assert.match(await count(page), /^0 /);
  const last = page.locator("fieldset.question", { has: page.locator(".said") });
  assert.ok(30 < (await last.count()), "what was answered last stands beside the questions");
  await picture(page, "the-questions");
  // The page is kept for when there is no network.
  await page.waitForFunction(async () => {
    const { module, words } = document.getElementById("assessment").dataset;
    const kept = await Promise.all([location.href, module, words].map((url) => caches.match(url)));
    return kept.every((one) => one !== undefined);
  });

  await page.locator("#days-from").fill("2026-01-01");
  await page.locator("#days-to").fill("2026-01-31");
  await choose(page, 0, "pass");
  await choose(page, 1, "pass");
  await page.locator("#c0-file").locator("xpath=ancestor::details").locator("summary").click();
  await page.locator("#c0-file").setInputFiles({ name: "acta.txt", mimeType: "text/plain", buffer: Buffer.from("acta") });
  await page.locator("[data-place='0'] .evidence code").waitFor();
  await picture(page, "answers-with-evidence");

  await page.context().setOffline(true);
  await choose(page, 2, "not-applicable");
  await page.locator("#c2-why").fill(REASON);
  const level = page.locator("input[value=level-3]").first();
  await level.check();
  const place = await level.evaluate((input) => input.closest("[data-place]").dataset.place);
  await page.locator("#i0").fill("41");
  assert.match(await count(page), /^5 /);
  await picture(page, "more-answers-without-a-network");
  // What was answered last is written down before the page goes.
  await page.waitForFunction(async () => {
    const done = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const database = await done(indexedDB.open("veta"));
    const drafts = await done(database.transaction("drafts").objectStore("drafts").getAll());
    database.close();
    return drafts.some(({ fields }) => Object.values(fields).includes("41"));
  });

  await page.reload();
  await page.locator("#assessment").waitFor();
  assert.match(await count(page), /^5 /, "what was written is there after the page was loaded anew");
  assert.equal(await page.locator("#c2-why").inputValue(), REASON);
  assert.ok(await page.locator(`input[name=c${place}][value=level-3]`).isChecked());
  assert.equal(await page.locator("[data-place='0'] .evidence code").count(), 1);
  // The device knows for whom it speaks.
  await page.locator("#submit-party", { hasText: esperanza }).waitFor();

  await page.locator("#assessment-so-far button").first().click();
  const review = page.locator("#submit-review");
  await review.waitFor();
  const said = await review.innerText();
  assert.ok(said.includes(REASON) && said.includes(await page.locator(`[data-place='${place}'] legend`).innerText()), said);
  await picture(page, "what-is-signed-word-for-word");
  await accessible(page, axe, "/es/submit/assessment", "with what is signed", faults);
  await page.locator("#submit-sign").click();
  await page.locator("#submit-queue .chip.none").waitFor();
  assert.match(await count(page), /^0 /, "what is signed is no draft any more");
  await page.reload();
  await page.locator("#submit-queue .chip.none").waitFor();
  await picture(page, "signed-without-a-network-it-waits");
  await accessible(page, axe, "/es/submit/assessment", "with what waits", faults);
}

/** There is a network again: what waits is sent and recorded, and the organization sees what comes next. */
async function sent(page, told, picture) {
  const { esperanza } = told.organizations;
  await page.context().setOffline(false);
  const receipt = page.locator("#submit-queue tr", { has: page.locator(".chip.good") }).locator("td:last-child a");
  await receipt.waitFor();
  await picture(page, "sent-and-recorded");
  const entry = await receipt.getAttribute("href");
  await page.goto(`${told.portal}/es/orgs/${esperanza}`);
  await reloadedUntil(page, "its answers stand on its page", async () => (await page.locator(`main a[href$="${entry}"]`).count()) !== 0);
  assert.ok(1 <= (await page.locator("main h3 + ol > li").count()), "what comes next is told");
  await picture(page, "what-comes-next");
}

/** A lot that nobody offered is accepted: the rules refuse it, and the page says why in the reader's words. */
async function refused(page, told, picture, faults) {
  const axe = await reader();
  await page.goto(`${told.portal}/es/submit`);
  await page.locator("#submit-forms").waitFor();
  const form = page.locator("form[data-kind=CustodyAccepted]");
  await page.locator("details", { has: form }).locator("summary").click();
  await form.locator("[name=lot]").fill(told.lots.held);
  await form.locator("[name=seals]").selectOption("intact");
  await form.locator("[name=gross_mass]").fill("1,234");
  await form.locator("button").click();
  await atField(page, "a-mass");
  const wrong = await page.locator("#a-mass-wrong").innerText();
  assert.ok(wrong.includes("1234") && wrong.includes("1,2340"), `both of what it can mean are said: ${wrong}`);
  await accessible(page, axe, "/es/submit", "with what is wrong with a field", faults);
  await form.locator("[name=gross_mass]").fill("12,5");
  await form.locator("button").click();
  await page.locator("#submit-review").waitFor();
  assert.equal(await page.locator(".wrong").count(), 0);
  assert.match(await page.locator("#submit-said").innerText(), /Esperanza/, "it is said by name in whose name it is");
  await page.locator("#submit-back").click();
  await page.locator("#a-lot:focus").waitFor();
  await form.locator("button").click();
  await page.locator("#submit-sign").click();
  await page.locator("#submit-status.bad", { hasText: "Rechazado: 1" }).waitFor();
  const line = (at) => at.locator("#submit-queue tr", { has: at.locator(".chip.bad") });
  await line(page).waitFor();
  await picture(page, "a-refused-statement-in-plain-words");
  const reasons = new Set();
  for (const language of told.languages) {
    await page.goto(`${told.portal}/${language}/submit`);
    await line(page).waitFor();
    reasons.add(await line(page).locator("td").last().innerText());
    await accessible(page, axe, `/${language}/submit`, "with what is recorded and refused", faults);
  }
  assert.equal(reasons.size, told.languages.length, `every language says why in its own words: ${[...reasons]}`);
}

/** A key of a file is brought to another device, and by an encrypted backup to a third one. */
async function carried(browser, told, faults) {
  const device = async (file, { hasAnother }) => {
    const context = await person(browser, told.portal, faults, { locale: "en-GB" });
    const page = await context.newPage();
    if (!hasAnother) {
      // A browser that keeps no page: this one works all the same.
      await page.addInitScript(() => {
        navigator.serviceWorker.register = async () => {
          globalThis.wasToKeep = true;
          throw new Error("nothing is kept");
        };
      });
    }
    await page.goto(`${told.portal}/en/submit`);
    await page.locator("#submit-new-key").waitFor();
    if (hasAnother) {
      // Whoever has made a key there can still bring the other one.
      await page.locator("#k-pass").fill(PASSPHRASE);
      await page.locator("#submit-make button").click();
      await page.locator("#submit-unsaved").waitFor();
      await page.reload();
      await page.locator("#submit-unsaved").waitFor();
      await page.locator("#submit-other").click();
    }
    await page.locator("#k-file").setInputFiles(file);
    await page.locator("#k-file-pass").fill(PASSPHRASE);
    await page.locator("#submit-bring button").click();
    await page.locator("#submit-party", { hasText: told.organizations.esperanza }).waitFor();
    assert.ok(await page.locator("#submit-unsaved").isHidden(), "a key that was brought is elsewhere, too");
    if (!hasAnother) {
      await page.waitForFunction(() => globalThis.wasToKeep);
      assert.ok(await page.locator("#submit-broken").isHidden(), "a page that works is not said to be broken");
    }
    return { context, page, key: await page.locator("#submit-key").innerText() };
  };
  const first = await device(told.keys.esperanza, { hasAnother: false });
  const link = first.page.locator("#submit-backup");
  const [download] = await Promise.all([first.page.waitForEvent("download"), link.click()]);
  const backup = await readFile(await download.path());
  await first.context.close();
  const second = await device({ name: "backup.json", mimeType: "application/json", buffer: backup }, { hasAnother: true });
  assert.equal(second.key, first.key);
  // The key that was made there is there still, and may be used.
  await second.page.locator("#submit-other").click();
  await second.page.locator("#submit-others button").click();
  await second.page.locator("#submit-unsaved").waitFor();
  assert.notEqual(await second.page.locator("#submit-key").innerText(), first.key);
  await second.context.close();
}
