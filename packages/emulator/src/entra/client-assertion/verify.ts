/** Verifying a signature with an RSA key. */
import { constants, type KeyObject, verify } from "node:crypto";
import type { Refusal } from "../aadsts.ts";
import type { Assertion } from "./assertion.ts";

const MINIMUM_RSA_BITS = 2048;

const DIGESTS: Readonly<Record<string, string>> = {
  RS256: "RSA-SHA256",
  RS384: "RSA-SHA384",
  RS512: "RSA-SHA512",
  PS256: "RSA-SHA256",
};

/**
 * Refuses keys that the service does not verify with.
 *
 * @param publicKey - key of the certificate
 * @returns 5002730 for anything but RSA, 50032 for short RSA keys
 */
export function refuseUnfitKey(publicKey: KeyObject): Refusal | undefined {
  if (publicKey.asymmetricKeyType !== "rsa") return { code: 5002730 };
  const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits >= MINIMUM_RSA_BITS) return undefined;
  return { code: 50032, values: { actualSize: String(bits), minSize: String(MINIMUM_RSA_BITS) } };
}

/**
 * Verifies the signature.
 *
 * @param assertion - header, signed bytes and signature
 * @param publicKey - an RSA key
 * @returns true when the key's owner signed
 */
export function isSignedBy(
  assertion: Pick<Assertion, "header" | "signature" | "signingInput">,
  publicKey: KeyObject,
): boolean {
  const algorithm = String(assertion.header["alg"]);
  const digest = DIGESTS[algorithm];
  if (digest === undefined) return false;
  const key =
    algorithm === "PS256"
      ? {
          key: publicKey,
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
        }
      : publicKey;
  return verify(digest, assertion.signingInput, key, assertion.signature);
}
