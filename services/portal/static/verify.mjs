// Verifies a proof on this device, by both verifiers, and says in the reader's words what came of it. Where the modules and texts
// are, and of which lot a proof is asked for, the page says in data attributes.

import { keepPage } from "./kept.mjs";
import { BUNDLE_BYTES_MAX, hasWebCrypto, verify, webCrypto } from "../../../libs/verifier/second/veta-proof.mjs";
import { load } from "../../../libs/verifier/web/veta-verify.mjs";
import { element } from "./parts.mjs";
import { shown } from "./proved.mjs";
import { textsOf } from "./texts.mjs";

const form = document.getElementById("verify");
const outcome = document.getElementById("outcome");
const proof = document.getElementById("proof");
const policy = document.getElementById("policy");
const { wasm, language, bundle: ofLot } = form.dataset;
// Signatures for where the browser withholds them, and what that needs.
const [plain, ...behind] = form.dataset.plain.split(" ");
const say = textsOf(document.querySelectorAll("#texts [data-key]"), language);

// What was made once; what failed is made again when it is asked for again.
function once(make) {
  let made;
  return () => {
    made ??= make().catch((error) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

// The first verifier; null where it is not served.
const first = once(async () => {
  const response = wasm === "" ? null : await fetch(wasm);
  return response?.ok ? load(response) : null;
});

// What checks signatures for the second one.
const signatures = once(async () => ((await hasWebCrypto()) ? webCrypto : (await import(plain)).plain));

// What each program says: `state` is `verified`, `not-verified` or `unchecked`.
async function byFirst(bundle, policy) {
  const verifier = await first();
  if (verifier === null) return { state: "unchecked", why: say.text("verify-no-wasm") };
  const report = verifier.verify(bundle, policy);
  return report.verified ? { state: "verified", report } : refused(report);
}

async function bySecond(bundle, policy) {
  try {
    await verify(bundle, policy, await signatures());
    return { state: "verified" };
  } catch (error) {
    if (error?.name !== "Refused") throw error;
    return refused(error);
  }
}

const refused = ({ reason, message }) => ({ state: reason === "bad-policy" ? "unchecked" : "not-verified", reason, message });

// What breaks down says nothing of the file.
const broken = (error) => ({ state: "unchecked", message: String(error) });

async function run(bundle, policy) {
  if (BUNDLE_BYTES_MAX < bundle.length) {
    const tooLong = refused({ reason: "malformed", message: "" });
    return [tooLong, tooLong];
  }
  return Promise.all([byFirst, bySecond].map((by) => by(bundle, policy).catch(broken)));
}

// How often what stands there was cleared: what comes of a file that was chosen before says nothing of the one that is chosen now.
let cleared = 0;

function clear(...parts) {
  cleared += 1;
  delete outcome.dataset.state;
  outcome.replaceChildren(...parts);
}

// Says what comes of a file, once it is there.
async function check(given, name) {
  clear(element("p", { text: say.text("verify-working") }));
  const begun = cleared;
  const isOperators = policy.value === policy.defaultValue;
  const by = policy.value;
  const results = await given.then((bundle) => run(bundle, by)).catch((error) => [broken(error), broken(error)]);
  if (begun !== cleared) return;
  const { state, parts } = shown(results, say, { name, isOperators });
  outcome.dataset.state = state;
  outcome.replaceChildren(...parts);
}

const bytesOf = async (source) => new Uint8Array(await source.arrayBuffer());

async function fetched() {
  const answer = await fetch(ofLot);
  if (!answer.ok) throw new Error(say.text("verify-not-fetched"));
  return bytesOf(answer);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const [file] = proof.files;
  if (file) check(bytesOf(file), file.name);
});
proof.addEventListener("change", () => clear());
policy.addEventListener("input", () => clear());
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  const { files } = event.dataTransfer;
  if (files.length === 0) return;
  proof.files = files;
  check(bytesOf(files[0]), files[0].name);
});
form.hidden = false;
// Both are fetched now, so that a page that is open needs no network.
Promise.allSettled([first(), signatures()]).then(() => {
  form.dataset.ready = "";
});
if (ofLot) check(fetched());

async function keep() {
  const isPlain = (await signatures()) !== webCrypto;
  await keepPage(location.pathname, [wasm, ...(isPlain ? [plain, ...behind] : [])]);
}
keep().catch(() => {});
