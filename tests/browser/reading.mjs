// Every page in every language: accessible on a telephone and on a desk, with and without JavaScript; and valid HTML.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { HtmlValidate } from "html-validate";
import { person } from "./browser.mjs";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const WIDTHS = [320, 1280];
/** Pages that are read at the same time. */
const READERS = 2;

const VALIDATOR = new HtmlValidate({
  root: true,
  extends: ["html-validate:standard"],
  rules: { "no-trailing-whitespace": "off", "doctype-style": "off" },
});

/** What reads pages for accessibility, as the text of a script. */
export const reader = () => readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Reads every page; what is wrong with them, and how many readings there were. */
export async function read(browser, portal, languages, paths) {
  const axe = await reader();
  const faults = [];
  const ahead = languages.flatMap((language) => paths.map((path) => `/${language}${path}`));
  const counts = { pages: ahead.length, readings: 0, withScript: 0, bytes: new Map() };
  const readAll = async () => {
    const context = await person(browser, portal, faults, { serviceWorkers: "block" });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    for (let path = ahead.shift(); path !== undefined; path = ahead.shift()) {
      await validated(portal, path, faults);
      // Without JavaScript first. A page that has none is the same with it.
      await session.send("Emulation.setScriptExecutionDisabled", { value: true });
      await opened(page, portal + path, faults);
      await session.send("Emulation.setScriptExecutionDisabled", { value: false });
      const scripts = await page.locator("script[src]").count();
      const seen = await accessible(page, axe, path, "without JavaScript", faults);
      counts.readings += seen;
      if (0 < scripts) {
        counts.withScript += 1;
        await opened(page, portal + path, faults);
        const seen = await accessible(page, axe, path, "with JavaScript", faults);
        counts.readings += seen;
      }
    }
    await context.close();
  };
  await Promise.all(Array.from({ length: READERS }, readAll));
  return { faults, counts };
}

async function opened(page, address, faults) {
  const answer = await page.goto(address, { waitUntil: "load" });
  if (answer.status() !== 200) {
    faults.push(`${address} answers with ${answer.status()}`);
  }
}

async function validated(portal, path, faults) {
  const answer = await fetch(portal + path);
  const report = await VALIDATOR.validateString(await answer.text(), path);
  for (const message of report.results.flatMap((result) => result.messages)) {
    faults.push(`${path}:${message.line}:${message.column} is not valid: ${message.message} (${message.ruleId})`);
  }
}

/** At every width; how many readings that were. */
export async function accessible(page, axe, path, how, faults) {
  await page.evaluate(axe);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    const { violations, scrolls } = await page.evaluate(async (values) => {
      const found = await globalThis.axe.run(document, {
        runOnly: { type: "tag", values },
        resultTypes: ["violations"],
      });
      const violations = found.violations.map(({ id, help, nodes }) => ({
        id,
        help,
        nodes: nodes.slice(0, 3).map((node) => `${node.html.slice(0, 200)} ${node.failureSummary}`),
      }));
      // Whoever has a small screen scrolls in one direction only.
      const { scrollWidth, clientWidth } = document.documentElement;
      const wide = [...document.querySelectorAll("body *")].filter((element) => {
        return clientWidth < element.getBoundingClientRect().right && !element.closest(".scroll, .skip");
      });
      const named = wide.slice(-3).map((element) => element.outerHTML.slice(0, 200));
      const scrolls = clientWidth < scrollWidth ? [`${scrollWidth - clientWidth} px`, ...named] : [];
      return { violations, scrolls };
    }, TAGS);
    for (const { id, help, nodes } of violations) {
      faults.push(`${path} at ${width} px, ${how}: ${id}, ${help}\n    ${nodes.join("\n    ")}`);
    }
    if (0 < scrolls.length) {
      faults.push(`${path} at ${width} px, ${how}: is wider than the screen by\n    ${scrolls.join("\n    ")}`);
    }
  }
  return WIDTHS.length;
}
