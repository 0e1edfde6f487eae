/** Registered certificates in the form that verifying needs, computed once per credential. */
import { createHash, type KeyObject, X509Certificate } from "node:crypto";
import type { KeyCredential } from "../directory/directory.ts";

/** A registered certificate, ready to verify with. */
export interface RegisteredKey {
  readonly credential: KeyCredential;
  readonly publicKey: KeyObject;
  /** Lower-case hex of the SHA-1 of the DER. */
  readonly sha1Hex: string;
  /** Lower-case hex of the SHA-256 of the DER. */
  readonly sha256Hex: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

const computed = new WeakMap<KeyCredential, RegisteredKey | null>();

/**
 * Prepares a registered certificate.
 *
 * @param credential - an entry of keyCredentials
 * @returns the key; `undefined` when the entry holds no certificate, as entries of type Symmetric
 */
export function registeredKey(credential: KeyCredential): RegisteredKey | undefined {
  const known = computed.get(credential);
  if (known !== undefined) return known ?? undefined;
  const made = prepare(credential);
  computed.set(credential, made ?? null);
  return made;
}

function prepare(credential: KeyCredential): RegisteredKey | undefined {
  if (credential.usage.toLowerCase() !== "verify") return undefined;
  try {
    const certificate = new X509Certificate(credential.der);
    return {
      credential,
      publicKey: certificate.publicKey,
      sha1Hex: createHash("sha1").update(certificate.raw).digest("hex"),
      sha256Hex: createHash("sha256").update(certificate.raw).digest("hex"),
      notBeforeMs: Date.parse(certificate.validFrom),
      notAfterMs: Date.parse(certificate.validTo),
    };
  } catch {
    return undefined;
  }
}
