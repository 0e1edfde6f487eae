/**
 * Makes client assertions and reuses each for most of its life, per audience: an RSA signature costs 200 µs of CPU, a
 * look-up a fraction of one. Signing happens off the event loop, in the signer.
 *
 * The service allows the same assertion, `jti` included, more than once (facts known from Microsoft's own libraries,
 * which reuse theirs for ten minutes).
 */
import {
  type CertificateCredential,
  createClientAssertion,
  type KeyIdHeader,
} from "@nightlatch/credential/assertion";
import { knownSinceMs } from "./token-times.ts";
import type { WarningListener } from "./warnings.ts";

/**
 * Where the credential comes from: the credential itself; a function that reads it, called at the first use and whenever
 * the service refuses the key; or a source that follows files (`createReloadingCredential` of `@nightlatch/credential`).
 */
export type CertificateSource =
  | CertificateCredential
  | (() => Promise<CertificateCredential>)
  | {
      /** The credential of the moment. */
      readonly getCredential: () => Promise<CertificateCredential>;
      /** Looks at once whether there is another. */
      readonly reload: () => Promise<boolean>;
    };

/** What {@link createClientAssertionFactory} takes. */
export interface ClientAssertionFactoryOptions {
  readonly clientId: string;
  /** @defaultValue `PS256` */
  readonly algorithm?: "PS256" | "RS256" | undefined;
  /** Hash of the certificate in the header, or none. @defaultValue SHA-256 with PS256, SHA-1 with RS256 */
  readonly thumbprint?: "sha256" | "sha1" | "none" | undefined;
  /** `kid` of the header, for servers other than Entra ID. @defaultValue none */
  readonly kid?: KeyIdHeader | undefined;
  /** Sends `x5c`, leaf first, for trust by subject name and issuer. @defaultValue false */
  readonly includeChain?: boolean | undefined;
  /** Life of an assertion; reused for four fifths of it. @defaultValue 600 */
  readonly lifetimeSeconds?: number | undefined;
  /** Milliseconds since 1970, as the service counts them. @defaultValue `Date.now` */
  readonly nowMs?: (() => number) | undefined;
  /** Told when two thirds of the certificate's life are over, once a day. */
  readonly onWarning?: WarningListener | undefined;
}

/** Gives assertions. */
export interface ClientAssertionFactory {
  /**
   * @param audience - token endpoint the assertion is sent to
   * @returns compact JWS, signed for that audience, with at least a fifth of its life left
   * @throws {NightlatchError} `CREDENTIAL_EXPIRED`, and what the source or the signer throws
   */
  getAssertion(audience: string): Promise<string>;
  /** The credential in use; read from the source at the first call. */
  getCredential(): Promise<CertificateCredential>;
  /**
   * Reads the source again.
   *
   * @returns true when it gave another certificate, which is used from now on
   */
  reload(): Promise<boolean>;
  /** Forgets the assertions made so far, for example because the clock turned out to be wrong. */
  forget(): void;
}

const REUSED_PART = 0.8;
/** Assertions of 1 KB each: a service for thousands of tenants signs again rather than keep them all. */
const MAX_AUDIENCES = 1_000;
const WARN_AFTER_PART = 2 / 3;
const DAY_MS = 86_400_000;

interface KeptAssertion {
  readonly assertion: Promise<string>;
  readonly reuseUntilMs: number;
  /** Before then the clock has been set back, and the assertion would begin in the future. */
  readonly knownSinceMs: number;
}

/**
 * Creates a factory.
 *
 * @param source - credential, or a function that reads it
 * @param options - client and form of the assertions
 * @returns the factory
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createSelfSigned } from "@nightlatch/credential";
 * import { createClientAssertionFactory } from "@nightlatch/oauth";
 *
 * const { credential } = await createSelfSigned({ subject: "CN=Timetable push" });
 * const factory = createClientAssertionFactory(credential, { clientId: "11111111-2222-4333-8444-555555555555" });
 * const audience = "https://login.microsoftonline.com/school.example/oauth2/v2.0/token";
 * assert.equal(await factory.getAssertion(audience), await factory.getAssertion(audience));
 * ```
 * @see RFC 7523 §2.2
 */
export function createClientAssertionFactory(
  source: CertificateSource,
  options: ClientAssertionFactoryOptions,
): ClientAssertionFactory {
  return new ReusingFactory(source, options);
}

class ReusingFactory implements ClientAssertionFactory {
  readonly #source: CertificateSource;
  readonly #options: ClientAssertionFactoryOptions;
  readonly #nowMs: () => number;
  readonly #kept = new Map<string, KeptAssertion>();
  /** What a function gave; unused for the other kinds of source. */
  #read: Promise<CertificateCredential> | undefined;
  /** Certificate of the latest assertion. */
  #signedWith: string | undefined;
  #reloading: Promise<boolean> | undefined;
  #warnedAtMs = Number.NEGATIVE_INFINITY;

  constructor(source: CertificateSource, options: ClientAssertionFactoryOptions) {
    if (
      typeof source !== "function" &&
      typeof (source as { getCredential?: unknown }).getCredential !== "function"
    )
      requireCredential(source as CertificateCredential);
    this.#source = source;
    this.#options = options;
    this.#nowMs = options.nowMs ?? Date.now;
  }

  getAssertion(audience: string): Promise<string> {
    const kept = this.#kept.get(audience);
    const nowMs = this.#nowMs();
    if (kept !== undefined && nowMs < kept.reuseUntilMs && nowMs >= kept.knownSinceMs) return kept.assertion;
    const lifetimeSeconds = this.#options.lifetimeSeconds ?? 600;
    const assertion = this.#sign(audience, lifetimeSeconds, nowMs);
    this.#keep(audience, {
      assertion,
      reuseUntilMs: nowMs + lifetimeSeconds * 1000 * REUSED_PART,
      knownSinceMs: knownSinceMs(nowMs),
    });
    assertion.catch(() => {
      if (this.#kept.get(audience)?.assertion === assertion) this.#kept.delete(audience);
    });
    return assertion;
  }

  getCredential(): Promise<CertificateCredential> {
    const source = this.#source;
    if (typeof source === "object") {
      return "getCredential" in source ? source.getCredential() : Promise.resolve(source);
    }
    if (this.#read === undefined) {
      const reading = (async () => requireCredential(await source()))();
      this.#read = reading;
      reading.catch(() => {
        if (this.#read === reading) this.#read = undefined;
      });
    }
    return this.#read;
  }

  reload(): Promise<boolean> {
    this.#reloading ??= this.#lookForAnother().finally(() => {
      this.#reloading = undefined;
    });
    return this.#reloading;
  }

  forget(): void {
    this.#kept.clear();
  }

  async #lookForAnother(): Promise<boolean> {
    const source = this.#source;
    if (typeof source === "function") {
      const credential = requireCredential(await source());
      this.#read = Promise.resolve(credential);
    } else if ("reload" in source) await source.reload();
    else return false;
    const { certificate } = await this.getCredential();
    if (certificate.thumbprintSha256.hex === this.#signedWith) return false;
    this.#warnedAtMs = Number.NEGATIVE_INFINITY;
    this.forget();
    return true;
  }

  async #sign(audience: string, lifetimeSeconds: number, nowMs: number): Promise<string> {
    const credential = await this.#currentCredential(nowMs);
    this.#signedWith = credential.certificate.thumbprintSha256.hex;
    this.#warnOfExpiry(credential, nowMs);
    return createClientAssertion(credential, {
      ...this.#options,
      audience,
      lifetimeSeconds,
      now: new Date(nowMs),
    });
  }

  /** A rotated file may be waiting: it is read before an expired certificate is refused (by `createClientAssertion`). */
  async #currentCredential(nowMs: number): Promise<CertificateCredential> {
    const credential = await this.getCredential();
    if (nowMs < credential.certificate.notAfter.getTime()) return credential;
    return (await this.reload()) ? this.getCredential() : credential;
  }

  #warnOfExpiry({ certificate }: CertificateCredential, nowMs: number): void {
    const startMs = certificate.notBefore.getTime();
    const endMs = certificate.notAfter.getTime();
    if (nowMs < startMs + (endMs - startMs) * WARN_AFTER_PART || nowMs < this.#warnedAtMs + DAY_MS) return;
    this.#warnedAtMs = nowMs;
    const days = Math.floor((endMs - nowMs) / DAY_MS);
    const left = days === 1 ? "1 day" : `${days} days`;
    this.#options.onWarning?.({
      code: "OAUTH_CERTIFICATE_EXPIRES_SOON",
      message: `The certificate "${certificate.subject}" expires in ${left}, at ${certificate.notAfter.toISOString()}: renew and register it before then`,
      details: {
        subject: certificate.subject,
        notAfter: certificate.notAfter.toISOString(),
        daysLeft: days,
        thumbprintSha1Hex: certificate.thumbprintSha1.hex,
      },
    });
  }

  #keep(audience: string, kept: KeptAssertion): void {
    this.#kept.delete(audience);
    if (this.#kept.size >= MAX_AUDIENCES) {
      // All live equally long, so the oldest entries are the nearest to their end: half of them go at a time.
      let surplus = MAX_AUDIENCES / 2;
      for (const key of this.#kept.keys()) {
        if (surplus-- <= 0) break;
        this.#kept.delete(key);
      }
    }
    this.#kept.set(audience, kept);
  }
}

/** Callers without types give a path, the text of a file, or a promise they did not wait for. */
function requireCredential(given: CertificateCredential): CertificateCredential {
  const { certificate, signer } = (given ?? {}) as Partial<CertificateCredential>;
  if (certificate?.notAfter instanceof Date && typeof signer?.sign === "function") return given;
  throw new TypeError(
    `${given instanceof Promise ? "A promise" : "What was given"} is no certificate credential: give what readCredential or readCredentialFile resolves to, or a function that calls them`,
  );
}
