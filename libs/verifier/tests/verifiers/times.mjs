// What the second verifier tells of the records about a lot: of each its index and between which times it came, in seconds since
// 1970; - where that is not known.
//
//     node times.mjs BUNDLE POLICY
import { readFileSync } from "node:fs";
import { verify } from "../../second/veta-proof.mjs";

const [bundle, policy] = process.argv.slice(2).map((path) => readFileSync(path));
for (const { index, notBefore, notAfter } of (await verify(bundle, policy)).records) {
  console.log(`${index} ${notBefore ?? "-"} ${notAfter ?? "-"}`);
}
