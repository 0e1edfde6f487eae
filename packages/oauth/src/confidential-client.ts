/**
 * A confidential client: an application registration, the proof it holds, and the authority it asks. Every flow takes
 * one, so that host, proof, transport and clock are said once.
 */
import type { CertificateSource } from "./client-assertion-factory.ts";
import {
  assertionAuthentication,
  type ClientAuthentication,
  certificateAuthentication,
  secretAuthentication,
} from "./client-authentication.ts";
import { ClockSkew } from "./clock-skew.ts";
import { type Authority, resolveAuthority } from "./entra/authority.ts";
import type { RetryPolicy } from "./transport/retry.ts";
import { createTransport, type Transport } from "./transport/transport.ts";
import { safeListener, type WarningListener } from "./warnings.ts";

/** What {@link createConfidentialClient} takes. Exactly one of `certificate`, `clientSecret` and `assertion` is given. */
export interface ConfidentialClientOptions {
  /** GUID or verified domain. */
  readonly tenantId: string;
  /** Application (client) id, a GUID. */
  readonly clientId: string;
  /** Credential, or a function that reads it and is called again when the service refuses the key. */
  readonly certificate?: CertificateSource | undefined;
  /** Value of a client secret, or a function that reads it. */
  readonly clientSecret?: string | (() => Promise<string>) | undefined;
  /** Gives a token of another issuer the application trusts. */
  readonly assertion?: ((audience: string) => Promise<string>) | undefined;
  /** Cloud name, host or https origin. @defaultValue `global` */
  readonly authorityHost?: string | undefined;
  /** @defaultValue one transport that all clients of the process share */
  readonly transport?: Transport | undefined;
  /** Signature of the client assertion. @defaultValue `PS256` */
  readonly algorithm?: "PS256" | "RS256" | undefined;
  /** Sends the certificate chain for trust by subject name and issuer. @defaultValue false */
  readonly sendCertificateChain?: boolean | undefined;
  /** Life of a client assertion. @defaultValue 600 */
  readonly assertionLifetimeSeconds?: number | undefined;
  /** Values of `xms_cc`: `["cp1"]` says that claims challenges are answered. @defaultValue none */
  readonly clientCapabilities?: readonly string[] | undefined;
  /** Bounds of repeating a token request. */
  readonly retry?: RetryPolicy | undefined;
  /** Milliseconds since 1970, or a date. @defaultValue `Date.now` */
  readonly now?: (() => number | Date) | undefined;
  /** Signs with the service's time, and asks once more, when this machine's clock is the cause of AADSTS700024. @defaultValue false */
  readonly correctClockSkew?: boolean | undefined;
  /** Told of an expiring certificate and the like. @defaultValue `process.emitWarning` */
  readonly onWarning?: WarningListener | undefined;
}

/** A confidential client, ready to ask. Holds secrets in closures only: nothing of it shows in logs. */
export interface ConfidentialClient {
  readonly clientId: string;
  readonly authority: Authority;
  readonly authentication: ClientAuthentication;
  readonly transport: Transport;
  readonly clientCapabilities: readonly string[];
  readonly retry: RetryPolicy;
  readonly clockSkew: ClockSkew;
  readonly correctClockSkew: boolean;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  readonly onWarning: WarningListener;
}

let sharedTransport: Transport | undefined;

/**
 * Prepares a client; nothing is sent or read yet.
 *
 * @param options - who, where and with which proof
 * @returns the client, for the `requestToken…` functions
 * @throws {TypeError} when not exactly one proof is given, or the client id is empty
 * @throws {NightlatchError} `OAUTH_TENANT_UNFIT`, `OAUTH_AUTHORITY_UNFIT`
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createConfidentialClient } from "@nightlatch/oauth";
 *
 * const client = createConfidentialClient({
 *   tenantId: "school.example",
 *   clientId: "11111111-2222-4333-8444-555555555555",
 *   assertion: async () => "a token of another issuer",
 *   authorityHost: "usGov",
 * });
 * assert.equal(client.authority.tokenEndpointV2, "https://login.microsoftonline.us/school.example/oauth2/v2.0/token");
 * ```
 * @see RFC 6749 §2.1
 */
export function createConfidentialClient(options: ConfidentialClientOptions): ConfidentialClient {
  if (typeof options.clientId !== "string" || options.clientId.trim() === "") {
    throw new TypeError("clientId is empty");
  }
  if (/^\s*\{.*\}\s*$/.test(options.clientId))
    throw new TypeError("clientId stands in braces: give the GUID alone");
  const now = options.now ?? Date.now;
  const nowMs = () => +now();
  const clockSkew = new ClockSkew();
  const onWarning = safeListener(options.onWarning);
  const correctClockSkew = options.correctClockSkew ?? false;
  return {
    clientId: options.clientId.trim(),
    authority: resolveAuthority(options),
    authentication: chooseAuthentication(options, onWarning, () =>
      correctClockSkew ? nowMs() + clockSkew.noteworthyMs : nowMs(),
    ),
    transport: options.transport ?? shareTransport(),
    clientCapabilities: options.clientCapabilities ?? [],
    retry: options.retry ?? {},
    clockSkew,
    correctClockSkew,
    nowMs,
    onWarning,
  };
}

function chooseAuthentication(
  options: ConfidentialClientOptions,
  onWarning: WarningListener,
  serviceNowMs: () => number,
): ClientAuthentication {
  const { certificate, clientSecret, assertion } = options;
  const given = [certificate, clientSecret, assertion].filter((proof) => proof !== undefined);
  if (given.length !== 1) {
    throw new TypeError(`Give exactly one of certificate, clientSecret and assertion, not ${given.length}`);
  }
  if (certificate !== undefined) {
    return certificateAuthentication(certificate, {
      clientId: options.clientId.trim(),
      algorithm: options.algorithm,
      includeChain: options.sendCertificateChain,
      lifetimeSeconds: options.assertionLifetimeSeconds,
      nowMs: serviceNowMs,
      onWarning,
    });
  }
  if (assertion !== undefined) return assertionAuthentication(assertion);
  if (clientSecret === undefined || clientSecret === "") throw new TypeError("clientSecret is empty");
  return secretAuthentication(clientSecret);
}

function shareTransport(): Transport {
  sharedTransport ??= createTransport();
  return sharedTransport;
}
