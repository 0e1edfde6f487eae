/** Thumbprints of certificates, in the three spellings that Entra ID, portals and JWS headers want. */
import { createHash } from "node:crypto";

/** A hash over a whole DER certificate. */
export interface Thumbprint {
  /** Upper case, no separators: 40 characters for SHA-1, 64 for SHA-256. */
  readonly hex: string;
  /** With padding: 28 characters for SHA-1, 44 for SHA-256. */
  readonly base64: string;
  /** Without padding: 27 characters for SHA-1 (`x5t`), 43 for SHA-256 (`x5t#S256`). */
  readonly base64url: string;
}

/**
 * Computes a thumbprint of a certificate.
 *
 * Hashes the whole certificate, not the key: for the key see {@link jwkThumbprint}.
 *
 * @param der - one certificate, DER
 * @param hash - "sha1" for `x5t`, "sha256" for `x5t#S256`
 * @returns the hash in hex, base64 and base64url
 * @throws {RangeError} when `der` is empty
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { certificateThumbprint } from "@nightlatch/credential";
 *
 * const thumbprint = certificateThumbprint(Uint8Array.of(0x30, 0x00), "sha1");
 * assert.equal(thumbprint.hex.length, 40);
 * assert.equal(thumbprint.base64url.length, 27);
 * ```
 * @see RFC 7515 §4.1.7, §4.1.8
 */
export function certificateThumbprint(der: Uint8Array, hash: "sha1" | "sha256"): Thumbprint {
  if (der.length === 0) throw new RangeError("A thumbprint needs a certificate, got no bytes");
  const digest = createHash(hash).update(der).digest();
  return Object.freeze({
    hex: digest.toString("hex").toUpperCase(),
    base64: digest.toString("base64"),
    base64url: digest.toString("base64url"),
  });
}
