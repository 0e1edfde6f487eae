/** Names a public key by the hash of its required members. */
import { createHash, createPublicKey, KeyObject } from "node:crypto";

const REQUIRED_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  EC: ["crv", "kty", "x", "y"],
  OKP: ["crv", "kty", "x"],
  RSA: ["e", "kty", "n"],
};

/**
 * Computes the thumbprint of a key. For the hash of a certificate see {@link certificateThumbprint}.
 *
 * @param key - a JWK, or a key of `node:crypto`; of a private key the public half is taken
 * @returns SHA-256, base64url without padding, 43 characters
 * @throws {TypeError} when a required member is missing or the kind of key is unknown
 * @example The key of RFC 7638 §3.1
 * ```ts
 * import assert from "node:assert/strict";
 * import { generateKeyPairSync } from "node:crypto";
 * import { jwkThumbprint } from "@nightlatch/credential";
 *
 * const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
 * assert.equal(jwkThumbprint(privateKey), jwkThumbprint(publicKey));
 * ```
 * @see RFC 7638 §3
 */
export function jwkThumbprint(key: KeyObject | Readonly<Record<string, unknown>>): string {
  const jwk: Readonly<Record<string, unknown>> =
    key instanceof KeyObject ? { ...publicHalf(key).export({ format: "jwk" }) } : key;
  const members = REQUIRED_MEMBERS[String(jwk["kty"])];
  if (members === undefined)
    throw new TypeError(`A JWK of kty "${String(jwk["kty"])}" has no thumbprint here`);
  const required: Record<string, string> = {};
  for (const member of members) {
    const value = jwk[member];
    if (typeof value !== "string") throw new TypeError(`The JWK lacks its member "${member}"`);
    required[member] = value;
  }
  return createHash("sha256").update(JSON.stringify(required)).digest("base64url");
}

function publicHalf(key: KeyObject): KeyObject {
  return key.type === "private" ? createPublicKey(key) : key;
}
