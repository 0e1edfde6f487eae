/**
 * Claims challenges: a resource that answers `401` with `error="insufficient_claims"` wants a new token that was asked
 * for with the claims it names (Continuous Access Evaluation).
 *
 * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
import type { HttpRequest, HttpResponse, Transport } from "./transport/transport.ts";

/** One challenge of a `WWW-Authenticate` header. */
export interface AuthenticateChallenge {
  /** As written: `Bearer`, `Basic`, …. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Splits `WWW-Authenticate` into its challenges; several may stand in one header.
 *
 * @param header - value of the header
 * @returns the challenges in order; empty when none can be read
 * @see RFC 9110 §11.6.1
 */
export function parseAuthenticateHeader(header: string): readonly AuthenticateChallenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  // name = "quoted" or name = token | scheme (a word not followed by an equals sign). A word is tried from its
  // beginning only: from every character, a header of 16 KB would take half a second.
  const piece =
    /(?<![\w!#$%&'*+.^`|~-])(?:([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([\w!#$%&'*+.^`|~-]+)(?=\s|,|$))/g;
  for (const [, name, quoted, plain, scheme] of header.matchAll(piece)) {
    if (scheme !== undefined) challenges.push({ scheme, parameters: {} });
    else if (name !== undefined) {
      const last = challenges.at(-1);
      if (last !== undefined) {
        last.parameters[name.toLowerCase()] = quoted?.replace(/\\(.)/g, "$1") ?? plain ?? "";
      }
    }
  }
  return challenges;
}

/**
 * Finds the claims a resource asks for.
 *
 * @param header - value of `WWW-Authenticate`
 * @returns JSON text for the `claims` of the next token request, or `undefined` when the header holds no readable
 *   claims challenge
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseClaimsChallenge } from "@nightlatch/oauth";
 *
 * const claims = Buffer.from('{"access_token":{"nbf":{"essential":true,"value":"1"}}}').toString("base64");
 * const header = `Bearer realm="", error="insufficient_claims", claims="${claims}"`;
 * assert.match(parseClaimsChallenge(header) ?? "", /"nbf"/);
 * ```
 */
export function parseClaimsChallenge(header: string | undefined): string | undefined {
  if (header === undefined || !header.includes("insufficient_claims")) return undefined;
  for (const { scheme, parameters } of parseAuthenticateHeader(header)) {
    if (scheme.toLowerCase() !== "bearer" || parameters["error"] !== "insufficient_claims") continue;
    const claims = decodeClaims(parameters["claims"] ?? "");
    if (claims !== undefined) return claims;
  }
  return undefined;
}

/** Base64 or base64url, padded or not, as documented; some APIs escape it for an address, or write the JSON itself. */
function decodeClaims(text: string): string | undefined {
  if (isJsonObject(text)) return text;
  const base64 = text.replace(/%2B/gi, "+").replace(/%2F/gi, "/").replace(/%3D/gi, "=");
  const claims = Buffer.from(base64, "base64").toString("utf8");
  return isJsonObject(claims) ? claims : undefined;
}

/**
 * Joins a claims request with the capabilities of this client.
 *
 * @param claims - JSON text of a claims request, or `undefined`
 * @param capabilities - values of `xms_cc`, for example `["cp1"]`
 * @returns JSON text for the parameter `claims`; `undefined` when there is nothing to ask for
 * @throws {TypeError} when `claims` is not the JSON text of an object
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mergeClaims } from "@nightlatch/oauth";
 *
 * assert.equal(mergeClaims(undefined, ["cp1"]), '{"access_token":{"xms_cc":{"values":["cp1"]}}}');
 * ```
 */
export function mergeClaims(claims: string | undefined, capabilities: readonly string[]): string | undefined {
  if (claims !== undefined && !isJsonObject(claims))
    throw new TypeError("claims is not the JSON text of an object");
  if (capabilities.length === 0) return claims;
  const request = claims === undefined ? {} : (JSON.parse(claims) as Record<string, unknown>);
  const accessToken = (request["access_token"] ?? {}) as Record<string, unknown>;
  return JSON.stringify({
    ...request,
    access_token: { ...accessToken, xms_cc: { values: capabilities } },
  });
}

/** Gives tokens, as {@link NightlatchCredential} does. */
export interface TokenSource {
  getToken(
    scopes: string | string[],
    options?: { claims?: string; enableCae?: boolean; abortSignal?: AbortSignal },
  ): Promise<{ readonly token: string } | null>;
}

/** How {@link sendAuthorized} gets its token. */
export interface AuthorizedSendOptions {
  /** For example `https://graph.microsoft.com/.default`. */
  readonly scopes: string | string[];
  /** Tells the resource that challenges are answered, which makes tokens live for a day. @defaultValue false */
  readonly enableCae?: boolean | undefined;
  /** Sends one attempt, for example with {@link sendWithRetry}. @defaultValue `transport.send` */
  readonly send?: ((request: HttpRequest) => Promise<HttpResponse>) | undefined;
}

/**
 * Sends a request with a bearer token and answers one claims challenge: a fresh token is asked for with the claims the
 * resource names, and the request is sent again, once.
 *
 * @param transport - sends the request
 * @param tokens - gives the tokens
 * @param request - without `Authorization`
 * @param options - scopes of the token
 * @returns the answer; a second challenge is returned as it came
 * @throws {NightlatchError} what the transport or the token source throws
 */
export async function sendAuthorized(
  transport: Transport,
  tokens: TokenSource,
  request: HttpRequest,
  options: AuthorizedSendOptions,
): Promise<HttpResponse> {
  const send = options.send ?? ((attempt: HttpRequest) => transport.send(attempt));
  const sendWith = async (claims: string | undefined) => {
    const token = await tokens.getToken(options.scopes, {
      ...(claims === undefined ? {} : { claims }),
      ...(options.enableCae === true ? { enableCae: true } : {}),
      ...(request.signal === undefined ? {} : { abortSignal: request.signal }),
    });
    if (token === null) throw new TypeError("The token source gave no token");
    return send({ ...request, headers: { ...request.headers, authorization: `Bearer ${token.token}` } });
  };
  const response = await sendWith(undefined);
  if (response.status !== 401) return response;
  const claims = parseClaimsChallenge(response.headers["www-authenticate"]);
  return claims === undefined ? response : sendWith(claims);
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
