// Answers for the tests what the verifiers of this directory say: of each bundle on standard input three characters, what the
// second verifier says, what it says without WebCrypto, and what the first one says as WebAssembly. 0 verified, 1 refused,
// 2 something else, - not asked.
//
//     node agree.mjs POLICY OTHER-POLICY [MODULE]
//
// Each bundle stands after its length in bytes (u32, big-endian) and one byte: 1 for the other policy, 2 to ask WebAssembly
// too, 4 to ask without WebCrypto too.
import { readFileSync } from "node:fs";
import { plain } from "../../second/plain-ed25519.mjs";
import { Refused, parsePolicy, verify } from "../../second/veta-proof.mjs";
import { load } from "../../web/veta-verify.mjs";

const [one, other, module] = process.argv.slice(2);
const texts = [one, other].map((path) => readFileSync(path));
const policies = texts.map((text) => parsePolicy(text));
const plainly = texts.map((text) => parsePolicy(text, plain));
const wasm = module === undefined ? null : await load(readFileSync(module));

async function second(bundle, policy) {
  try {
    await verify(bundle, policy);
    return "0";
  } catch (error) {
    if (error instanceof Refused) return "1";
    console.error(error);
    return "2";
  }
}

function first(bundle, policy) {
  try {
    return wasm.verify(bundle, policy).verified ? "0" : "1";
  } catch (error) {
    console.error(error);
    return "2";
  }
}

const HEADER = 5;
let waiting = [];
let bytes = 0;
for await (const chunk of process.stdin) {
  waiting.push(chunk);
  bytes += chunk.length;
  // Parts of a long bundle are put together once.
  if (bytes < HEADER) continue;
  let rest = waiting.length === 1 ? waiting[0] : null;
  const length = (rest ?? Buffer.concat(waiting.slice(0, 5))).readUInt32BE(0);
  if (bytes < HEADER + length) continue;
  rest ??= Buffer.concat(waiting);
  let answers = "";
  while (HEADER <= rest.length && HEADER + rest.readUInt32BE(0) <= rest.length) {
    const [end, flags] = [HEADER + rest.readUInt32BE(0), rest[4]];
    const bundle = rest.subarray(HEADER, end);
    answers += await second(bundle, policies[flags & 1]);
    answers += flags & 4 ? await second(bundle, plainly[flags & 1]) : "-";
    answers += flags & 2 && wasm !== null ? first(bundle, texts[flags & 1]) : "-";
    rest = rest.subarray(end);
  }
  process.stdout.write(answers);
  waiting = [rest];
  bytes = rest.length;
}
