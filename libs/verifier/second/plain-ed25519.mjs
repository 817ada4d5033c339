// Ed25519 for the second verifier where the platform withholds it: at addresses that begin with http, and in older browsers. The
// arithmetic and SHA-512 are those of `noble/`, which others keep and audit; the equation is put together here, since a library
// that multiplies by the cofactor accepts what `verify_strict` refuses.
//
//     import { verify } from "./veta-proof.mjs";
//     const told = await verify(bundleBytes, policyText, plain);

import { Point } from "./noble/ed25519.js";
import { sha512 } from "./noble/sha2.js";

const ORDER = Point.CURVE().n;

function littleEndian(bytes) {
  let number = 0n;
  for (let at = bytes.length - 1; 0 <= at; at--) number = (number << 8n) | BigInt(bytes[at]);
  return number;
}

export const plain = {
  // A key, whose bytes are hashed as they came; null where they are no point of the curve. That a point is written in the one
  // canonical way is not asked of keys, here as elsewhere.
  async key(bytes) {
    try {
      return { bytes: Uint8Array.from(bytes), negated: Point.fromBytes(Uint8Array.from(bytes), true).negate() };
    } catch {
      return null;
    }
  },

  // The first half of the signature, recomputed, has the same bytes: s·B − k·A = R. The second half is below the group's order.
  async verify(key, signature, message) {
    const [first, second] = [signature.subarray(0, 32), signature.subarray(32)];
    const hash = sha512.create().update(first).update(key.bytes).update(message).digest();
    const sum = Point.BASE.multiplyUnsafe(littleEndian(second)).add(key.negated.multiplyUnsafe(littleEndian(hash) % ORDER));
    return sum.toBytes().every((byte, at) => byte === first[at]);
  },
};
