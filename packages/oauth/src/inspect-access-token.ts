/** Shows what stands in an access token, for people and for preflight checks. Never a verification. */
import { parseCompactJws } from "@nightlatch/credential/assertion";
import { oauthError } from "./errors.ts";

/** What stands in a token. Nobody vouches for it: `verified` is always false. */
export interface InspectedToken {
  /** Always false: the signature was not looked at. */
  readonly verified: false;
  readonly protectedHeader: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
  /** `1.0` or `2.0`. */
  readonly version: string | undefined;
  readonly issuer: string | undefined;
  /** `aud`: whom the token is for. */
  readonly audience: string | undefined;
  readonly tenantId: string | undefined;
  /** `appid` or `azp`: which application asked. */
  readonly clientId: string | undefined;
  /** `appidacr` or `azpacr`: how the application proved who it is. */
  readonly clientAuthentication: "none" | "secret" | "certificate" | undefined;
  /** Application permissions; empty when there are none. */
  readonly roles: readonly string[];
  /** Delegated permissions; empty for an application's own token. */
  readonly scopes: readonly string[];
  /** Object id of the service principal or the user. */
  readonly objectId: string | undefined;
  readonly issuedAt: Date | undefined;
  readonly notBefore: Date | undefined;
  readonly expiresAt: Date | undefined;
  /** Whether `expiresAt` has passed. */
  readonly isExpired: boolean;
}

const AUTHENTICATION = new Map([
  ["0", "none"],
  ["1", "secret"],
  ["2", "certificate"],
] as const) as ReadonlyMap<string, "none" | "secret" | "certificate">;

/**
 * Reads the claims of an access token without verifying anything.
 *
 * @param token - compact JWS
 * @param options - `now`: the time to compare `exp` with
 * @returns the claims, with the ones that matter under names
 * @throws {NightlatchError} `OAUTH_TOKEN_UNREADABLE`: not a JSON Web Token (an encrypted or opaque token is one to the
 *   resource only)
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { inspectAccessToken } from "@nightlatch/oauth";
 *
 * const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
 * const token = `${part({ alg: "RS256" })}.${part({ aud: "https://graph.microsoft.com", appidacr: "2" })}.c2ln`;
 * const seen = inspectAccessToken(token);
 * assert.equal(seen.clientAuthentication, "certificate");
 * assert.equal(seen.verified, false);
 * ```
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export function inspectAccessToken(token: string, options: { readonly now?: Date } = {}): InspectedToken {
  const { protectedHeader, payload } = parse(token);
  const text = (...names: string[]) => {
    const value = names.map((name) => payload[name]).find((each) => typeof each === "string");
    return value as string | undefined;
  };
  const acr = text("appidacr", "azpacr");
  const expiresAt = dateOf(payload["exp"]);
  return {
    verified: false,
    protectedHeader,
    payload,
    version: text("ver"),
    issuer: text("iss"),
    audience: text("aud"),
    tenantId: text("tid"),
    clientId: text("appid", "azp"),
    clientAuthentication: AUTHENTICATION.get(acr ?? ""),
    roles: listOf(payload["roles"]),
    scopes: text("scp")?.split(" ").filter(Boolean) ?? [],
    objectId: text("oid"),
    issuedAt: dateOf(payload["iat"]),
    notBefore: dateOf(payload["nbf"]),
    expiresAt,
    isExpired: expiresAt !== undefined && expiresAt.getTime() <= (options.now ?? new Date()).getTime(),
  };
}

function parse(token: string): {
  protectedHeader: Readonly<Record<string, unknown>>;
  payload: Readonly<Record<string, unknown>>;
} {
  const text = token.trim();
  if (/^Bearer\s/i.test(text)) throw unreadable("it begins with the word Bearer");
  const parts = text.split(".").length;
  if (parts === 5) throw unreadable("it is encrypted (five parts), only its audience can read it");
  if (parts !== 3) throw unreadable(`it has ${parts} part${parts === 1 ? "" : "s"} instead of three`);
  try {
    return parseCompactJws(text);
  } catch {
    // The parser's error may quote the token.
    throw unreadable("header or payload is not base64url of a JSON object");
  }
}

function unreadable(why: string): Error {
  return oauthError("OAUTH_TOKEN_UNREADABLE", `Cannot read the access token: ${why}`);
}

function dateOf(value: unknown): Date | undefined {
  const seconds = typeof value === "string" ? Number(value) : value;
  if (typeof seconds !== "number" || !Number.isFinite(seconds) || Math.abs(seconds) > 8.64e12)
    return undefined;
  return new Date(seconds * 1000);
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
