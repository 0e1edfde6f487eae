/** Reads what a token endpoint answers when it grants: v1 writes its numbers as text, v2 as numbers. */
import { oauthError } from "../errors.ts";
import type { HttpResponse } from "../transport/transport.ts";
import { processRefusal, type RefusedRequest } from "./refusal.ts";

/** A granted token. */
export interface TokenResponse {
  readonly accessToken: string;
  readonly tokenType: "Bearer";
  /** Life from the moment of the answer. */
  readonly expiresInSeconds: number;
  /** Life while the service is down, if it says one. */
  readonly extExpiresInSeconds: number | undefined;
  /** When to ask anew, counted from the answer; present with long tokens. */
  readonly refreshInSeconds: number | undefined;
  /** Granted scopes, separated by blanks; absent for client credentials. */
  readonly scope: string | undefined;
  readonly refreshToken: string | undefined;
  /** JSON Web Token about the user, when `openid` was asked for. */
  readonly idToken: string | undefined;
  /** Resource as requested; v1 only. */
  readonly resource: string | undefined;
  /** Id under which Microsoft finds the request. */
  readonly correlationId: string | undefined;
}

/**
 * Reads the answer of a token endpoint, granting or refusing.
 *
 * @param response - the answer
 * @param request - what was asked, for messages and for taking secrets out
 * @returns the token
 * @throws {NightlatchError} `OAUTH_REFUSED`: the service said no; `OAUTH_UNREADABLE_ANSWER`: no answer of a token
 *   endpoint, or a grant without a usable token
 * @see RFC 6749 §5.1
 */
export function processTokenResponse(response: HttpResponse, request: RefusedRequest = {}): TokenResponse {
  if (response.status !== 200) throw processRefusal(response, request);
  const body = parseBody(response);
  if (body === undefined || typeof body["access_token"] !== "string") throw processRefusal(response, request);
  const accessToken = body["access_token"];
  const expiresInSeconds = secondsOf(body["expires_in"]);
  const tokenType = body["token_type"];
  if (accessToken === "" || /[^\x21-\x7e]/.test(accessToken)) throw unusable("access_token", "is no token");
  if (expiresInSeconds === undefined || expiresInSeconds <= 0) {
    throw unusable("expires_in", "is not a number of seconds above 0");
  }
  if (typeof tokenType !== "string" || tokenType.toLowerCase() !== "bearer") {
    throw unusable("token_type", 'is not "Bearer"');
  }
  return new GrantedToken(
    accessToken,
    expiresInSeconds,
    body,
    response.headers["client-request-id"] ?? request.correlationId,
  );
}

/** A century: what is longer means "for ever", and its end would be no date. */
const LONGEST_SECONDS = 100 * 365 * 86_400;

/** Keeps the tokens out of `console.log` and `JSON.stringify`; they are read by name. */
class GrantedToken implements TokenResponse {
  readonly tokenType = "Bearer";
  readonly expiresInSeconds: number;
  readonly extExpiresInSeconds: number | undefined;
  readonly refreshInSeconds: number | undefined;
  readonly scope: string | undefined;
  readonly resource: string | undefined;
  readonly correlationId: string | undefined;
  readonly #accessToken: string;
  readonly #refreshToken: string | undefined;
  readonly #idToken: string | undefined;

  constructor(
    accessToken: string,
    expiresInSeconds: number,
    body: Readonly<Record<string, unknown>>,
    correlationId: string | undefined,
  ) {
    this.#accessToken = accessToken;
    this.#refreshToken = textOf(body["refresh_token"]);
    this.#idToken = textOf(body["id_token"]);
    this.expiresInSeconds = expiresInSeconds;
    this.extExpiresInSeconds = secondsOf(body["ext_expires_in"]);
    this.refreshInSeconds = secondsOf(body["refresh_in"]);
    this.scope = textOf(body["scope"]);
    this.resource = textOf(body["resource"]);
    this.correlationId = correlationId;
  }

  get accessToken(): string {
    return this.#accessToken;
  }

  get refreshToken(): string | undefined {
    return this.#refreshToken;
  }

  get idToken(): string | undefined {
    return this.#idToken;
  }
}

function parseBody(response: HttpResponse): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(response.text());
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function unusable(field: string, why: string): Error {
  return oauthError(
    "OAUTH_UNREADABLE_ANSWER",
    `Cannot use the answer of the token endpoint: ${field} ${why}`,
    {
      details: { status: 200, field },
    },
  );
}

function secondsOf(value: unknown): number | undefined {
  if (typeof value !== "number" && (typeof value !== "string" || !/^\d+(\.\d+)?$/.test(value)))
    return undefined;
  const seconds = Number(value);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, LONGEST_SECONDS) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
