/** One exchange with a token endpoint: prove, send, read; renew the proof and ask once more when it was the proof that failed. */
import { isNightlatchError, NightlatchError } from "@nightlatch/credential/assertion";
import { mergeClaims } from "./claims-challenge.ts";
import type { ConfidentialClient } from "./confidential-client.ts";
import type { Authority } from "./entra/authority.ts";
import { processTokenResponse, type TokenResponse } from "./entra/token-response.ts";
import { OAUTH_ERRORS } from "./errors.ts";
import { correlationHeaders } from "./transport/correlation.ts";
import { sendWithRetry } from "./transport/retry.ts";
import type { HttpRequest } from "./transport/transport.ts";
import { untilGivenUp } from "./until-given-up.ts";

/** Options every flow takes. */
export interface TokenRequestOptions {
  /** Cancels the request and any wait for a repetition. */
  readonly signal?: AbortSignal | undefined;
  /** JSON text of a claims request, for example from {@link parseClaimsChallenge}. */
  readonly claims?: string | undefined;
  /** GUID to find the request in Microsoft's logs. @defaultValue a fresh one */
  readonly correlationId?: string | undefined;
  /** Another tenant's endpoints. @defaultValue those of the client */
  readonly authority?: Authority | undefined;
  /** Values of `xms_cc`. @defaultValue those of the client */
  readonly clientCapabilities?: readonly string[] | undefined;
}

/** What a flow adds to the exchange. */
export interface GrantRequest {
  readonly version: "v1" | "v2";
  /** Form parameters of the grant. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Whether the grant may be sent again although its answer was lost: a code may not, it is redeemed once. */
  readonly repeatable: boolean;
}

/** Refusals of the proof itself, after which a rotated one may help (those of Microsoft.Identity.Web, and of secrets). */
const CREDENTIAL_REFUSALS = new Set([
  50012, 700024, 700027, 1000502, 7000214, 7000215, 7000222, 7000274, 7000277,
]);
const OUTSIDE_ITS_TIME = 700024;
/** How long a key elsewhere, or another issuer, is waited for. */
const PROOF_TIMEOUT_MS = 120_000;
const SECRET_PARAMETERS = [
  "client_secret",
  "client_assertion",
  "code",
  "code_verifier",
  "refresh_token",
  "assertion",
] as const;

/**
 * Carries out a grant.
 *
 * @param client - who asks
 * @param grant - what is asked
 * @param options - signal, claims, correlation
 * @returns the token
 * @throws {NightlatchError} `OAUTH_REFUSED`, `OAUTH_UNREADABLE_ANSWER`, `OAUTH_NETWORK_…`, `OAUTH_ABORTED`
 */
export async function exchangeToken(
  client: ConfidentialClient,
  grant: GrantRequest,
  options: TokenRequestOptions,
): Promise<TokenResponse> {
  const { tokenEndpointV1, tokenEndpointV2 } = options.authority ?? client.authority;
  const endpoint = grant.version === "v1" ? tokenEndpointV1 : tokenEndpointV2;
  const { authentication } = client;
  const proved = <Value>(work: () => Promise<Value>) =>
    untilGivenUp(work, "the proof of the client", {
      signal: options.signal,
      timeoutMs: client.retry.deadlineMs ?? PROOF_TIMEOUT_MS,
    });
  const proof = await proved(() => authentication.authenticate(endpoint));
  try {
    return await attempt(client, grant, options, endpoint, proof);
  } catch (error) {
    const codes = refusedCodes(error);
    if (!codes.some((code) => CREDENTIAL_REFUSALS.has(code))) throw error;
    const explained = await proved(() => explain(client, error as NightlatchError, codes));
    if (!correctsClock(client, codes) && !(await proved(() => authentication.renew(proof, endpoint))))
      throw explained;
    const another = await proved(() => authentication.authenticate(endpoint));
    return attempt(client, grant, options, endpoint, another);
  }
}

async function attempt(
  client: ConfidentialClient,
  grant: GrantRequest,
  options: TokenRequestOptions,
  endpoint: string,
  proof: Readonly<Record<string, string>>,
): Promise<TokenResponse> {
  const claims = mergeClaims(options.claims, options.clientCapabilities ?? client.clientCapabilities);
  const form: Record<string, string> = {
    client_id: client.clientId,
    ...grant.parameters,
    ...(claims === undefined ? {} : { claims }),
    ...proof,
  };
  const correlation = correlationHeaders(options.correlationId);
  const request: HttpRequest = {
    method: "POST",
    url: endpoint,
    headers: { "content-type": "application/x-www-form-urlencoded", ...correlation },
    body: encodeForm(form),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  const { transport, clockSkew, nowMs } = client;
  let sentAtMs = 0;
  const timed = {
    send: (each: HttpRequest) => {
      sentAtMs = nowMs();
      return transport.send(each);
    },
    close: () => undefined,
  };
  const response = await sendWithRetry(timed, request, {
    ...client.retry,
    repeatable: () => grant.repeatable,
  });
  const receivedAtMs = nowMs();
  clockSkew.learn(response.headers["date"], sentAtMs, receivedAtMs);
  try {
    return processTokenResponse(response, {
      clientId: client.clientId,
      tenantId: (options.authority ?? client.authority).tenantId,
      correlationId: correlation["client-request-id"],
      secrets: SECRET_PARAMETERS.flatMap((name) => form[name] ?? []),
    });
  } catch (error) {
    // A gateway may set `Date`; the time in the body is that of the service which judged the assertion.
    if (isNightlatchError(error)) {
      const timestamp = error.details["timestamp"];
      if (typeof timestamp === "string") clockSkew.learn(timestamp.replace(" ", "T"), sentAtMs, receivedAtMs);
    }
    throw error;
  }
}

function correctsClock(client: ConfidentialClient, codes: readonly number[]): boolean {
  const skew = client.clockSkew.describe();
  if (!client.correctClockSkew || skew === undefined || !codes.includes(OUTSIDE_ITS_TIME)) return false;
  client.onWarning({
    code: "OAUTH_CLOCK_SKEW",
    message: `Signing with the service's time: ${skew}`,
    details: { clockSkewMs: client.clockSkew.noteworthyMs },
  });
  client.authentication.forget();
  return true;
}

/** Adds what only this side knows: which certificate was used, and whether the clock is the cause. */
async function explain(
  client: ConfidentialClient,
  error: NightlatchError,
  codes: readonly number[],
): Promise<NightlatchError> {
  const certificate = await client.authentication.describeCertificate();
  const skew = codes.includes(OUTSIDE_ITS_TIME) ? client.clockSkew.describe() : undefined;
  if (certificate === undefined && skew === undefined) return error;
  return new NightlatchError(OAUTH_ERRORS, error.code, error.message, {
    hint: skew === undefined ? error.hint : `Set this machine's clock: ${skew}`,
    retryable: error.retryable,
    retryAfterMs: error.retryAfterMs,
    details: {
      ...error.details,
      ...(skew === undefined ? {} : { clockSkewMs: client.clockSkew.noteworthyMs }),
      ...(certificate === undefined
        ? {}
        : {
            certificate: {
              subject: certificate.subject,
              notAfter: certificate.notAfter.toISOString(),
              thumbprintSha1Hex: certificate.thumbprintSha1.hex,
              thumbprintSha256Hex: certificate.thumbprintSha256.hex,
            },
          }),
    },
  });
}

function refusedCodes(error: unknown): readonly number[] {
  if (!isNightlatchError(error) || error.code !== "OAUTH_REFUSED") return [];
  return error.details["aadstsCodes"] as readonly number[];
}

/** `application/x-www-form-urlencoded`; cheaper than `URLSearchParams` for long values that need no escape. */
function encodeForm(form: Readonly<Record<string, string>>): string {
  let text = "";
  for (const name in form) {
    const value = form[name] as string;
    const encoded = /^[\w.-]*$/.test(value) ? value : encodeURIComponent(value);
    text += text === "" ? `${name}=${encoded}` : `&${name}=${encoded}`;
  }
  return text;
}
