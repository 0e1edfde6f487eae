/** On-behalf-of: an API exchanges the token it was called with for one of an API further down. */

import { refused } from "../aadsts.ts";
import { type AccessTokenClaims, verifyAccessToken } from "../access-token.ts";
import {
  type AuthenticatedClient,
  authenticateClient,
  readPresentedClient,
} from "../client-authentication.ts";
import { readDelegatedResource, readDelegatedScopes } from "../delegated-scopes.ts";
import { requireField } from "../form.ts";
import { requireLiveUser } from "../sign-in-grants.ts";
import { requireTenant } from "../tenant-segment.ts";
import { issueUserTokens } from "../user-tokens.ts";
import type { Grant, GrantRequest } from "./grant.ts";

const GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/**
 * Exchanges a user's access token.
 *
 * @see learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow
 */
export const onBehalfOf: Grant = async (grant) => {
  const { request, form, segment, context } = grant;
  const presented = readPresentedClient(form, request);
  const tenant = requireTenant(segment, context);
  const client = await authenticateClient(presented, tenant, segment, request, context);
  if (client.strength === "0") throw refused(7000219, { type: GRANT_TYPE });
  const assertion = requireField(form, "assertion");
  if (requireField(form, "requested_token_use") !== "on_behalf_of")
    throw refused(90100, { name: "requested_token_use" });
  const claims = checkUserAssertion(assertion, client, grant);
  const user = requireLiveUser(tenant.users.get(claims.oid), claims.iat * 1000);
  const requestedScope = grant.endpointVersion === 2 ? requireField(form, "scope") : "openid";
  const scopes =
    grant.endpointVersion === 1
      ? readDelegatedResource(requireField(form, "resource"), client)
      : readDelegatedScopes(requestedScope, client);
  return issueUserTokens({
    grant,
    client,
    user,
    scopes,
    requestedScope,
    platform: "Web",
    signedInAtMs: claims.iat * 1000,
    mayRefresh: true,
  });
};

function checkUserAssertion(
  assertion: string,
  { application, servicePrincipal }: AuthenticatedClient,
  { context, endpointVersion }: GrantRequest,
): AccessTokenClaims {
  const audiences = [
    application.appId,
    ...application.identifierUris,
    ...servicePrincipal.servicePrincipalNames,
  ];
  const verdict = verifyAccessToken(assertion, audiences, context);
  if (!verdict.ok) throw refusedAssertion(verdict.fault, verdict.claims, application, context);
  const { claims } = verdict;
  if (claims.scp === undefined) throw refused(7000114, { appIdentifier: application.appId });
  if (claims.ver === "1.0" && endpointVersion === 2) throw refused(500137);
  if (claims.ver === "2.0" && endpointVersion === 1) throw refused(500136);
  return claims;
}

function refusedAssertion(
  fault: string,
  claims: Partial<AccessTokenClaims> | undefined,
  application: AuthenticatedClient["application"],
  context: GrantRequest["context"],
): Error {
  const instant = (ms: number): string => `${new Date(ms).toISOString().slice(0, -1)}0000Z`;
  switch (fault) {
    case "malformed":
      return refused(500132);
    case "audience":
      return refused(500131, {
        tokenAudience: String(claims?.aud ?? ""),
        expectedAudience: application.identifierUris[0] ?? application.appId,
        appId: application.appId,
        appName: application.displayName,
      });
    case "expired":
    case "notYetValid":
      return refused(500133, {
        curTime: instant(context.clock.nowMs()),
        expTime: instant(Number(claims?.exp ?? 0) * 1000),
      });
    default:
      return refused(50013);
  }
}
