/**
 * What a checked token lets its bearer do.
 *
 * The rules are: a token for a user (`scp`) counts by its scopes alone, also when it carries roles, because those
 * are the user's; a token without `scp` counts by its roles, and only when it is a program's own; a user reaches
 * the own mailbox unless the operator's policy says otherwise.
 */
import type { JWTPayload } from "jose";
import type { Caller } from "../options.ts";
import type { AcceptedTokens } from "./accepted-tokens.ts";

/** The caller where everybody is let in. */
export const ANONYMOUS_CALLER: Caller = {
  clientId: "anonymous",
  canRead: true,
  canWrite: true,
  claims: {},
};

/**
 * Reads the caller from the claims of a checked token.
 *
 * @param claims - claims of an access token in v1 or v2 shape
 * @param accepted - roles and scopes that open this API
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export function readCaller(claims: JWTPayload, accepted: AcceptedTokens): Caller {
  const clientId = text(claims["azp"]) ?? text(claims["appid"]) ?? "";
  const scopes = text(claims["scp"])?.split(" ");
  if (scopes !== undefined) {
    return {
      clientId,
      userObjectId: text(claims["oid"]),
      userPrincipalName: text(claims["upn"]) ?? text(claims["preferred_username"]),
      canRead: intersects(scopes, accepted.scopes.read),
      canWrite: intersects(scopes, accepted.scopes.write),
      claims,
    };
  }
  const roles = isOwnToken(claims) && Array.isArray(claims["roles"]) ? claims["roles"] : [];
  return {
    clientId,
    canRead: intersects(roles, accepted.roles.read),
    canWrite: intersects(roles, accepted.roles.write),
    claims,
  };
}

/**
 * Decides where the operator gave no policy: programs reach every mailbox, users their own.
 *
 * @param mailbox - SMTP address, user principal name or object id
 */
export function isOwnMailbox(mailbox: string, caller: Caller | undefined): boolean {
  if (caller === undefined || text(caller.claims["scp"]) === undefined) return true;
  const wanted = mailbox.toLowerCase();
  return [caller.userObjectId, caller.userPrincipalName].some((name) => name?.toLowerCase() === wanted);
}

/** In a token of a program `sub` and `oid` are both its service principal; a user's `sub` differs from `oid`. */
function isOwnToken(claims: JWTPayload): boolean {
  if (claims["idtyp"] !== undefined) return claims["idtyp"] === "app";
  return claims["oid"] === undefined || claims["oid"] === claims.sub;
}

function intersects(granted: readonly unknown[], wanted: readonly string[]): boolean {
  return wanted.some((value) => granted.includes(value));
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
