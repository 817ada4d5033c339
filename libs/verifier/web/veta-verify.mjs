// The verifier as WebAssembly, for browsers and for Node: `verifier.wasm` is the package `verifier` built for
// wasm32-unknown-unknown. It has no imports: what it is given is all that it sees.
//
//     const verifier = await load(await fetch("verifier.wasm"));
//     const report = verifier.verify(bundle, policy);

// From the module's bytes, a compiled module, or a response that has them.
export async function load(source) {
  const isResponse = typeof Response === "function" && source instanceof Response;
  const code = isResponse ? await source.arrayBuffer() : source;
  const made = await WebAssembly.instantiate(code, {});
  const { exports } = made.instance ?? made;
  return { verify: (bundle, policy) => verify(exports, bundle, policy) };
}

// The report on a bundle (bytes) by a policy (bytes or text): `verified` says whether it holds, `reason` and `message` why not.
function verify(exports, bundle, policy) {
  const octets = typeof policy === "string" ? new TextEncoder().encode(policy) : policy;
  if (!put(exports, exports.veta_policy_room, octets)) {
    return { verified: false, reason: "bad-policy", message: "the policy is too long" };
  }
  if (!put(exports, exports.veta_bundle_room, bundle)) {
    return { verified: false, reason: "malformed", message: "the bundle is too long" };
  }
  exports.veta_verify();
  const answer = new Uint8Array(exports.memory.buffer, exports.veta_answer(), exports.veta_answer_bytes());
  return JSON.parse(new TextDecoder().decode(answer));
}

// Making room can move the memory, so that it is looked up after that.
function put(exports, room, bytes) {
  const at = room(bytes.length);
  if (at === 0) return false;
  new Uint8Array(exports.memory.buffer).set(bytes, at);
  return true;
}
