// The page that verifies, as stories use it.

import assert from "node:assert/strict";

/** A proof of which one bit is another. */
export function changed(proof) {
  const other = Buffer.from(proof);
  other[other.length >> 1] ^= 1;
  return other;
}

/** Lets the page check a file, and what it says then. Until then it says nothing, whatever it said of another file. */
export async function checked(page, buffer) {
  await page.locator("input#proof").setInputFiles({ name: "lot.veta-proof", mimeType: "application/octet-stream", buffer });
  assert.equal(await page.locator("#outcome").innerText(), "", "nothing is said of a file before it is checked");
  await page.locator("form#verify button").click();
  return outcome(page);
}

/** What the page says once it knows. */
export async function outcome(page) {
  const shown = page.locator("#outcome[data-state]");
  await shown.waitFor();
  const chips = await shown.locator(".cards h3 + p .chip").allInnerTexts();
  return { state: await shown.getAttribute("data-state"), chips, inEnglish: await shown.locator("[lang=en]").allInnerTexts() };
}

/** Waits until the page is kept for when there is no network. */
export async function kept(page) {
  await page.waitForFunction(async () => {
    const needed = [location.pathname, ...Array.from(document.querySelectorAll("link[rel=modulepreload]"), ({ href }) => href)];
    const found = await Promise.all(needed.map((url) => caches.match(url, { ignoreSearch: true })));
    return found.every((one) => one !== undefined);
  });
}
