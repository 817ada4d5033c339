// node run.mjs STORY OUTPUT: reads a portal in a real browser. STORY is a file in JSON: where the portal is, what the story left in
// it, which pages there are, in which languages. Pictures of the stories are kept below OUTPUT. Ends with 1 if anything is wrong.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { launched } from "./browser.mjs";
import { read } from "./reading.mjs";
import { auditor } from "./stories/auditor.mjs";
import { buyer } from "./stories/buyer.mjs";
import { handover } from "./stories/handover.mjs";
import { member } from "./stories/member.mjs";
import { organization } from "./stories/organization.mjs";
import { verifies } from "./stories/verifies.mjs";

const [told, output] = [JSON.parse(await readFile(process.argv[2], "utf8")), process.argv[3]];
await mkdir(output, { recursive: true });
const browser = await launched();
const faults = [];
try {
  for (const story of [buyer, organization, auditor, handover, member, verifies]) {
    const begun = Date.now();
    try {
      faults.push(...(await story(browser, told, output)));
    } catch (error) {
      faults.push(`the story of the ${story.name} ends early: ${error.stack ?? error}`);
    }
    console.log(`the story of the ${story.name} took ${Date.now() - begun} ms`);
  }
  const begun = Date.now();
  const reading = await read(browser, told.portal, told.languages, told.pages);
  faults.push(...reading.faults);
  const { pages, readings, withScript } = reading.counts;
  console.log(
    `${pages} pages in ${told.languages.length} languages, ${withScript} of them with JavaScript: ` +
      `${readings} readings by axe-core, ${reading.faults.length} faults, ${Date.now() - begun} ms`,
  );
} finally {
  await browser.close();
}
await writeFile(`${output}/faults.txt`, faults.map((fault) => `${fault}\n`).join(""));
if (0 < faults.length) {
  console.error(`${faults.length} faults:\n${faults.join("\n")}`);
  process.exit(1);
}
