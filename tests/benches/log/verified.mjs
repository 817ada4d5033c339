// How long the second verifier takes, in nanoseconds, as often as it is told, a line each.
//
//     node verified.mjs BUNDLE POLICY TIMES
import { readFileSync } from "node:fs";
import { parsePolicy, verify } from "../../../libs/verifier/second/veta-proof.mjs";

const [bundle, policy] = process.argv.slice(2, 4).map((path) => readFileSync(path));
const trusted = parsePolicy(policy);
for (let times = Number(process.argv[4]); 0 < times; times -= 1) {
  const start = process.hrtime.bigint();
  await verify(bundle, trusted);
  console.log(`${process.hrtime.bigint() - start}`);
}
