/** The client-credentials grant: a program signs in as itself. */

import { refused } from "../aadsts.ts";
import { authenticateClient, readPresentedClient } from "../client-authentication.ts";
import { appOnlyClaims, type Issue, signAccessToken } from "../issue-token.ts";
import {
  grantedRoles,
  isGraph,
  type RequestedResource,
  readApplicationResource,
  readApplicationScope,
  requireAssignment,
} from "../resource.ts";
import { requireTenant } from "../tenant-segment.ts";
import type { Grant, GrantRequest } from "./grant.ts";
import { accessTokenMembers, clientCapabilities, LONG_LIFETIME_SECONDS } from "./token-members.ts";

/**
 * Issues an app-only token.
 *
 * @see learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export const clientCredentials: Grant = async (grant) => {
  const { request, form, segment, context } = grant;
  const presented = readPresentedClient(form, request);
  const tenant = requireTenant(segment, context);
  const client = await authenticateClient(presented, tenant, segment, request, context);
  if (client.strength === "0") throw refused(7000216);
  const resource =
    grant.endpointVersion === 2 ? readApplicationScope(form, client) : readApplicationResource(form, client);
  requireAssignment(client, resource.servicePrincipal);
  const { lifetimeSeconds, clientCapabilities: capabilities } = lifetimeFor(grant, resource);
  const issue: Issue = { request, client, resource, lifetimeSeconds, clientCapabilities: capabilities };
  const claims = appOnlyClaims(issue, grantedRoles(client, resource.servicePrincipal), context);
  return accessTokenMembers(grant, issue, claims, await signAccessToken(claims, context));
};

/** A client that can handle revocation while a token lives gets a long-lived one, from Graph only. */
function lifetimeFor(
  { form, context }: GrantRequest,
  resource: RequestedResource,
): Pick<Issue, "lifetimeSeconds" | "clientCapabilities"> {
  const capabilities = clientCapabilities(form["claims"]);
  const lifetimeSeconds =
    capabilities?.includes("cp1") && isGraph(resource.servicePrincipal)
      ? LONG_LIFETIME_SECONDS
      : context.settings.accessTokenLifetimeSeconds;
  return { lifetimeSeconds, clientCapabilities: capabilities };
}
