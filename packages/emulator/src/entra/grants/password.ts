/** The password grant, which Microsoft advises against but still serves to tests. */
import { refused } from "../aadsts.ts";
import { authenticateClient, readPresentedClient } from "../client-authentication.ts";
import { readDelegatedResource, readDelegatedScopes } from "../delegated-scopes.ts";
import { requireField } from "../form.ts";
import { checkPassword, tenantOfUser } from "../sign-in.ts";
import { readTenantSegment } from "../tenant-segment.ts";
import { issueUserTokens } from "../user-tokens.ts";
import type { Grant } from "./grant.ts";

/**
 * Signs a user in by name and password.
 *
 * @see RFC 6749 §4.3
 */
export const password: Grant = async (grant) => {
  const { request, form, segment, context } = grant;
  const presented = readPresentedClient(form, request);
  const addressed = readTenantSegment(segment, context);
  if (addressed.kind === "common" || addressed.kind === "consumers") throw refused(9001023);
  const userName = requireField(form, "username");
  const tenant = addressed.kind === "tenant" ? addressed.tenant : tenantOfUser(userName, context);
  const client = await authenticateClient(presented, tenant, segment, request, context);
  const mayBePublic =
    client.application.isFallbackPublicClient ||
    client.application.redirectUris.some(({ type }) => type === "InstalledClient");
  if (client.strength === "0" && !mayBePublic) throw refused(7000218);
  const user = checkPassword(userName, requireField(form, "password"), tenant);
  const requestedScope = grant.endpointVersion === 2 ? requireField(form, "scope") : "openid";
  const scopes =
    grant.endpointVersion === 1
      ? readDelegatedResource(form["resource"], client)
      : readDelegatedScopes(requestedScope, client);
  return issueUserTokens({
    grant,
    client,
    user,
    scopes,
    requestedScope,
    platform: client.strength === "0" ? "InstalledClient" : "Web",
    signedInAtMs: context.clock.nowMs(),
    mayRefresh: true,
  });
};
