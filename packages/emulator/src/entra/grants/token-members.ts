/** The members of a token response, which the two endpoints spell differently. */
import { refused } from "../aadsts.ts";
import type { Issue } from "../issue-token.ts";
import type { GrantRequest } from "./grant.ts";

/** `expires_in` of tokens for clients that handle revocation: a day. */
export const LONG_LIFETIME_SECONDS = 86_399;

/**
 * The members that describe an access token.
 *
 * @param grant - tells the endpoint
 * @param issue - what the token is for
 * @param claims - its payload
 * @param accessToken - compact JWS
 * @returns numbers on v2; texts, `expires_on`, `not_before` and `resource` on v1
 */
export function accessTokenMembers(
  grant: GrantRequest,
  issue: Issue,
  claims: Record<string, unknown>,
  accessToken: string,
): Record<string, unknown> {
  const { lifetimeSeconds } = issue;
  const refreshIn = lifetimeSeconds >= 7200 ? Math.floor(lifetimeSeconds / 2) : undefined;
  if (grant.endpointVersion === 2) {
    return {
      token_type: "Bearer",
      expires_in: lifetimeSeconds,
      ext_expires_in: lifetimeSeconds,
      ...(refreshIn === undefined ? {} : { refresh_in: refreshIn }),
      access_token: accessToken,
    };
  }
  return {
    token_type: "Bearer",
    expires_in: String(lifetimeSeconds),
    ext_expires_in: String(lifetimeSeconds),
    expires_on: String(claims["exp"]),
    not_before: String(claims["nbf"]),
    ...(refreshIn === undefined ? {} : { refresh_in: String(refreshIn) }),
    resource: issue.resource.name,
    access_token: accessToken,
  };
}

/**
 * Reads the capabilities that a client declares in `claims`.
 *
 * @param claims - JSON of a claims request, or `undefined`
 * @returns values of `access_token.xms_cc`; `undefined` when none are declared
 * @throws {RefusedError} 90100 when it is not JSON
 */
export function clientCapabilities(claims: string | undefined): readonly string[] | undefined {
  if (claims === undefined) return undefined;
  try {
    const parsed = JSON.parse(claims) as { access_token?: { xms_cc?: { values?: unknown } } } | null;
    const values = parsed?.access_token?.xms_cc?.values;
    return Array.isArray(values) ? values.filter((value) => typeof value === "string") : undefined;
  } catch {
    throw refused(90100, { name: "claims" });
  }
}
