/** Proof Key for Code Exchange: whoever redeems a code proves that it began the sign-in. */

/** A verifier and its challenge. */
export interface Pkce {
  /** 43 characters, base64url of 32 random bytes. Keep it with the session; it is a secret until the code is redeemed. */
  readonly codeVerifier: string;
  /** 43 characters, base64url of the SHA-256 of the verifier. */
  readonly codeChallenge: string;
  readonly codeChallengeMethod: "S256";
}

/**
 * Makes a verifier and its challenge.
 *
 * @param codeVerifier - 43 to 128 unreserved characters; fresh when absent
 * @returns both, for {@link createAuthorizationUrl} and {@link requestTokenByAuthorizationCode}
 * @throws {RangeError} when a given verifier has another shape
 * @example The vector of RFC 7636, appendix B
 * ```ts
 * import assert from "node:assert/strict";
 * import { createPkce } from "@nightlatch/oauth";
 *
 * const pkce = createPkce("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
 * assert.equal(pkce.codeChallenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
 * ```
 * @see RFC 7636 §4
 */
export function createPkce(codeVerifier: string = randomVerifier()): Pkce {
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(codeVerifier)) {
    throw new RangeError("A code verifier has 43 to 128 characters out of A-Z a-z 0-9 - . _ ~");
  }
  // Taken at the first use: who only wants tokens for a program does not wait for this module with the import.
  const { createHash } = process.getBuiltinModule("node:crypto");
  return {
    codeVerifier,
    codeChallenge: createHash("sha256").update(codeVerifier, "ascii").digest("base64url"),
    codeChallengeMethod: "S256",
  };
}

function randomVerifier(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
}
