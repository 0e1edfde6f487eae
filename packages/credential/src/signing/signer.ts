/** Where signatures come from: a key in this process, or one that stays elsewhere. */
import { constants, type KeyObject, sign } from "node:crypto";
import { inspect } from "node:util";

/** The algorithms that Entra ID takes in client assertions. */
export type SigningAlgorithm = "PS256" | "RS256";

/**
 * Signs with a private RSA key that the caller need not hold.
 *
 * Implement it to sign with an HSM, a smart card or a key service.
 */
export interface Signer {
  /** The only algorithm that this signer can do; `undefined` when it can do both. */
  readonly algorithm?: SigningAlgorithm | undefined;
  /**
   * Signs.
   *
   * @param signingInput - the bytes to sign, not hashed yet
   * @param algorithm - RSA-PSS (salt of 32 bytes) or RSA PKCS#1 v1.5, both with SHA-256
   * @returns the signature, as long as the modulus
   */
  sign(signingInput: Uint8Array, algorithm: SigningAlgorithm): Promise<Uint8Array>;
}

/**
 * Makes a signer of a private key in this process. It signs in the thread pool, so that the event loop goes on.
 *
 * @param privateKey - a private RSA key
 * @returns the signer; inspection and JSON show nothing of the key
 * @throws {TypeError} when the key is not a private RSA key
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { generateKeyPairSync } from "node:crypto";
 * import { createKeyObjectSigner } from "@nightlatch/credential";
 *
 * const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
 * const signature = await createKeyObjectSigner(privateKey).sign(Buffer.from("text"), "PS256");
 * assert.equal(signature.length, 256);
 * ```
 * @see RFC 7518 §3.3, §3.5
 */
export function createKeyObjectSigner(privateKey: KeyObject): Signer {
  if (privateKey.type !== "private" || privateKey.asymmetricKeyType !== "rsa")
    throw new TypeError("A signer needs a private RSA key");
  return new KeyObjectSigner(privateKey);
}

class KeyObjectSigner implements Signer {
  readonly #ps256: { key: KeyObject; padding: number; saltLength: number };
  readonly #rs256: { key: KeyObject; padding: number };

  constructor(key: KeyObject) {
    this.#ps256 = {
      key,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    };
    this.#rs256 = { key, padding: constants.RSA_PKCS1_PADDING };
  }

  sign(signingInput: Uint8Array, algorithm: SigningAlgorithm): Promise<Uint8Array> {
    const how = algorithm === "PS256" ? this.#ps256 : this.#rs256;
    return new Promise((resolve, reject) => {
      sign("sha256", signingInput, how, (error, signature) => {
        if (error === null) resolve(signature);
        else reject(error);
      });
    });
  }

  toJSON(): string {
    return "[private key]";
  }

  [inspect.custom](): string {
    return "Signer <private key in this process>";
  }
}
