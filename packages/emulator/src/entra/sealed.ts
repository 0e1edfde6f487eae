/**
 * Values that a client carries for the issuer: authorization codes, refresh tokens, session cookies. Sealed with a key
 * that only this emulator knows, so that nothing has to be remembered per token.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/** What a sealed value is for; a value of one kind is never taken for another. */
export type SealedKind = "code" | "refresh" | "session" | "flow";

/** Seals and opens values. */
export class Sealer {
  readonly #key: Buffer;

  /** @param keyBase64url - 32 bytes, base64url */
  constructor(keyBase64url: string) {
    this.#key = Buffer.from(
      hkdfSync("sha256", Buffer.from(keyBase64url, "base64url"), "", "nightlatch sealed values", 32),
    );
  }

  /**
   * Encrypts a value.
   *
   * @param kind - what it is for
   * @param value - anything that JSON takes
   * @returns base64url
   */
  seal(kind: SealedKind, value: unknown): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce).setAAD(Buffer.from(kind));
    const encrypted = Buffer.concat([cipher.update(JSON.stringify(value), "utf8"), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), encrypted]).toString("base64url");
  }

  /**
   * Decrypts a value.
   *
   * @param kind - what it must be for
   * @param sealed - base64url, as it came from the client
   * @returns the value; `undefined` when this emulator did not seal it for this use
   */
  open(kind: SealedKind, sealed: string): unknown {
    const bytes = Buffer.from(sealed, "base64url");
    if (bytes.length < 29) return undefined;
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.#key, bytes.subarray(0, 12), {
        authTagLength: 16,
      });
      decipher.setAAD(Buffer.from(kind)).setAuthTag(bytes.subarray(12, 28));
      const text = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
      return JSON.parse(text) as unknown;
    } catch {
      return undefined;
    }
  }
}
