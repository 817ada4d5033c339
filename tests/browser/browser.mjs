// A real browser that is watched: whatever a page says, fetches or runs that it must not ends the run.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

// What Debian calls it, and others.
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/** A name that means this machine in the browser alone: over plain HTTP, that is no address which browsers trust. */
const PLAIN_HOST = "portal.test";
const ARGUMENTS = [
  `--host-resolver-rules=MAP ${PLAIN_HOST} 127.0.0.1`,
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** How long a page may take on a machine that does ten other things, in milliseconds. */
export const PATIENCE_MS = 60_000;

/** Where Chromium is; nothing where it is not. */
export function found() {
  for (const directory of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of NAMES) {
      try {
        accessSync(join(directory, name), constants.X_OK);
        return join(directory, name);
      } catch {
        // Not there.
      }
    }
  }
  return undefined;
}

/** A browser; with a film in a file, one whose camera sees that, again and again. */
export async function launched({ film } = {}) {
  const camera = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${film}`];
  return chromium.launch({ executablePath: found(), args: film === undefined ? ARGUMENTS : [...ARGUMENTS, ...camera] });
}

/** The same portal as somebody in its network has it who reaches it over plain HTTP. */
export const plainly = (portal) => `http://${PLAIN_HOST}:${new URL(portal).port}`;

/** A person of their own, with no memory of others. `faults` takes what goes wrong on their pages. */
export async function person(browser, portal, faults, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  context.on("request", (request) => {
    const to = request.url();
    if (!to.startsWith(`${portal}/`) && !/^(data|blob|about):/.test(to)) {
      faults.push(`a page asks somebody else: ${to}`);
    }
  });
  context.on("page", (page) => watch(page, faults));
  return context;
}

/** Follows what leads to another page, until all of that page is there. A click alone ends when the first of it comes. */
export async function followed(page, link) {
  await link.click();
  await page.waitForLoadState();
}

function watch(page, faults) {
  page.on("dialog", (dialog) => {
    faults.push(`${page.url()} opens a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("pageerror", (error) => faults.push(`${page.url()} throws: ${error}`));
  page.on("console", (message) => {
    if (/Content Security Policy|Content-Security-Policy/.test(message.text())) {
      faults.push(`${page.url()} breaks its own policy: ${message.text()}`);
    }
  });
}
