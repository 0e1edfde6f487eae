/** The issuer's keys over time: the current one signs, retired ones verify until their grace is over. */
import { createHash, createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import type { EmulatorClock } from "../host/clock.ts";
import type { KeyPem } from "../host/local-keys.ts";
import type { IssuerKey, IssuerKeys } from "./issuer-keys.ts";

/** A signing key with the certificate that JWKS publishes. */
export interface PublishedKey extends IssuerKey {
  readonly certificateDer: Uint8Array;
  /** Modulus, base64url. */
  readonly n: string;
  /** Public exponent, base64url. */
  readonly e: string;
  /** Milliseconds since 1970 UTC after which the key is gone; `undefined` while it signs. */
  readonly goneAtMs: number | undefined;
}

/** A key that joined the first one, as it is written down. */
export interface KeptKey extends KeyPem {
  /** Milliseconds since 1970 UTC; absent while it signs. */
  readonly goneAtMs?: number | undefined;
}

/** The issuer's keys; rotating puts a new one in front. */
export class KeyRing implements IssuerKeys {
  readonly #first: PublishedKey;
  readonly #clock: EmulatorClock;
  #keys: PublishedKey[];

  constructor(first: KeyPem, clock: EmulatorClock) {
    this.#first = readKey(first);
    this.#clock = clock;
    this.#keys = [this.#first];
  }

  /** The key that signs. */
  get current(): PublishedKey {
    return this.#keys[0] as PublishedKey;
  }

  /** All keys that verify, the current one first. */
  get all(): readonly PublishedKey[] {
    if (this.#keys.length === 1) return this.#keys;
    const nowMs = this.#clock.nowMs();
    return this.#keys.filter(({ goneAtMs }) => goneAtMs === undefined || goneAtMs > nowMs);
  }

  /**
   * Puts a new key in front; the old one is published and verifies until its grace is over.
   *
   * @param next - RSA key and certificate
   * @param graceMs - milliseconds for which the old key stays
   */
  rotate(next: KeyPem, graceMs: number): void {
    const goneAtMs = this.#clock.nowMs() + graceMs;
    const retired = this.all.map((key) => ({ ...key, goneAtMs: key.goneAtMs ?? goneAtMs }));
    this.#keys = [readKey(next), ...retired];
  }

  /** Returns to the key of the first start. */
  reset(): void {
    this.#keys = [this.#first];
  }

  /**
   * Gives the keys in a form that can be written down, the signing one first.
   *
   * @returns nothing while the key of the first start is the only one
   */
  keep(): KeptKey[] {
    if (this.#keys.length === 1) return [];
    return this.all.map(({ privateKey, certificateDer, goneAtMs }) => ({
      privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      certificatePem: new X509Certificate(certificateDer).toString(),
      goneAtMs,
    }));
  }

  /**
   * Goes on with keys that were written down.
   *
   * @param kept - from {@link KeyRing.keep}
   */
  resume(kept: readonly KeptKey[]): void {
    this.#keys =
      kept.length === 0 ? [this.#first] : kept.map(({ goneAtMs, ...pem }) => ({ ...readKey(pem), goneAtMs }));
  }
}

function readKey(pem: KeyPem): PublishedKey {
  const privateKey = createPrivateKey(pem.privateKeyPem);
  const publicKey = createPublicKey(privateKey);
  const certificateDer = new X509Certificate(pem.certificatePem).raw;
  const { n = "", e = "" } = publicKey.export({ format: "jwk" });
  const kid = createHash("sha1").update(certificateDer).digest("base64url");
  return { kid, privateKey, publicKey, certificateDer, n, e, goneAtMs: undefined };
}
