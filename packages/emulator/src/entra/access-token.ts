/**
 * Access tokens of the emulated issuer: their claims, and the one place where Graph and Exchange check them.
 */
import { verify } from "node:crypto";
import type { EmulatorContext } from "../host/context.ts";

/** Claims that the resources read (facts/entra.md §4.1). Others may stand beside them. */
export interface AccessTokenClaims {
  readonly aud: string;
  readonly iss: string;
  readonly iat: number;
  readonly nbf: number;
  readonly exp: number;
  readonly tid: string;
  /** Object id of the service principal, or of the user. */
  readonly oid: string;
  readonly sub: string;
  readonly ver: "1.0" | "2.0";
  readonly appid?: string;
  readonly azp?: string;
  /** "0" public client, "1" secret, "2" certificate. */
  readonly appidacr?: string;
  readonly azpacr?: string;
  /** Application permissions. */
  readonly roles?: readonly string[];
  /** Delegated permissions, separated by blanks; present only in tokens for a user. */
  readonly scp?: string;
  readonly idtyp?: string;
  readonly upn?: string;
  readonly [claim: string]: unknown;
}

/** Why a token is not taken. */
export type TokenFault =
  | "malformed"
  | "unknownIssuer"
  | "signature"
  | "audience"
  | "expired"
  | "notYetValid"
  | "unknownTenant";

/** Outcome of a check. `claims` is there whenever the payload could be read, also for refused tokens. */
export type TokenVerdict =
  | { readonly ok: true; readonly claims: AccessTokenClaims }
  | { readonly ok: false; readonly fault: TokenFault; readonly claims?: Partial<AccessTokenClaims> };

/**
 * Checks a bearer token as a resource server does.
 *
 * @param token - compact JWS, without the word Bearer
 * @param audiences - accepted values of `aud`; compared without a trailing slash and without regard to case
 * @param context - the emulator
 * @returns the claims, or the first fault in the order of {@link TokenFault}
 */
export function verifyAccessToken(
  token: string,
  audiences: readonly string[],
  context: EmulatorContext,
): TokenVerdict {
  const parts = token.split(".");
  const header = decode(parts[0]);
  const claims = decode(parts[1]) as Partial<AccessTokenClaims> | undefined;
  if (parts.length !== 3 || header === undefined || claims === undefined)
    return { ok: false, fault: "malformed" };
  const refuse = (fault: TokenFault): TokenVerdict => ({ ok: false, fault, claims });
  const wanted = audiences.map(normaliseAudience);
  if (typeof claims.aud !== "string" || !wanted.includes(normaliseAudience(claims.aud)))
    return refuse("audience");
  const key = context.keys.all.find((candidate) => candidate.kid === header["kid"]);
  if (key === undefined) return refuse("unknownIssuer");
  const signed = Buffer.from(`${parts[0]}.${parts[1]}`);
  const signature = Buffer.from(parts[2] ?? "", "base64url");
  if (header["alg"] !== "RS256" || !verify("RSA-SHA256", signed, key.publicKey, signature))
    return refuse("signature");
  const now = context.clock.nowMs() / 1000;
  if (typeof claims.exp !== "number" || claims.exp <= now) return refuse("expired");
  if (typeof claims.nbf === "number" && claims.nbf > now + 300) return refuse("notYetValid");
  if (typeof claims.tid !== "string" || !context.world.tenants.has(claims.tid))
    return refuse("unknownTenant");
  return { ok: true, claims: claims as AccessTokenClaims };
}

function normaliseAudience(audience: string): string {
  return audience.toLowerCase().replace(/\/+$/, "");
}

function decode(part: string | undefined): Record<string, unknown> | undefined {
  if (part === undefined || part === "") return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
