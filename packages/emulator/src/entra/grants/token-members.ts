/** The members of a token response, which the two endpoints spell differently. */
import type { Issue } from "../issue-token.ts";
import type { GrantRequest } from "./grant.ts";

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
