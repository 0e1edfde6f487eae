/** The refresh-token grant: every answer carries a fresh token; the old one stays good until it lapses. */
import { refused } from "../aadsts.ts";
import { refuseSharedSegment } from "../client.ts";
import { authenticateClient, readPresentedClient } from "../client-authentication.ts";
import { readDelegatedResource, readDelegatedScopes } from "../delegated-scopes.ts";
import { requireField } from "../form.ts";
import { openRefreshToken, requireLiveUser } from "../sign-in-grants.ts";
import { readTenantSegment } from "../tenant-segment.ts";
import { issueUserTokens } from "../user-tokens.ts";
import type { Grant } from "./grant.ts";

/**
 * Renews tokens.
 *
 * @see RFC 6749 §6
 */
export const refreshToken: Grant = async (grant) => {
  const { request, form, segment, context } = grant;
  const presented = readPresentedClient(form, request);
  const old = openRefreshToken(requireField(form, "refresh_token"), context);
  const tenant = context.world.tenants.get(old.tenantId);
  const addressed = readTenantSegment(segment, context);
  if (tenant === undefined || (addressed.kind === "tenant" && addressed.tenant !== tenant))
    throw refused(7000012);
  const client = await authenticateClient(presented, tenant, segment, request, context);
  if (client.application.appId !== old.clientId) throw refused(700007);
  refuseSharedSegment(client.application, addressed.kind);
  if (old.platform === "Web" && client.strength === "0") throw refused(7000218);
  if (old.platform === "InstalledClient" && client.strength !== "0") throw refused(700025);
  if (old.platform === "Spa" && request.headers.origin === undefined) throw refused(9002327);
  const user = requireLiveUser(tenant.users.get(old.userId), old.issuedAtMs);
  const requestedScope = form["scope"] ?? old.scope;
  const scopes =
    grant.endpointVersion === 1
      ? readDelegatedResource(form["resource"] ?? old.resource, client)
      : readDelegatedScopes(requestedScope, client);
  return issueUserTokens({
    grant,
    client,
    user,
    // A refresh token is answered with its successor whether or not the request repeats offline_access.
    scopes: { ...scopes, oidc: [...new Set([...scopes.oidc, "offline_access"])] },
    requestedScope,
    platform: old.platform,
    signedInAtMs: old.signedInAtMs,
    mayRefresh: true,
  });
};
