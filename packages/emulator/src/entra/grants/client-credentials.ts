/** The client-credentials grant: a program signs in as itself. */

import { refused } from "../aadsts.ts";
import { authenticateClient, readPresentedClient } from "../client-authentication.ts";
import { appOnlyClaims, type Issue, signAccessToken } from "../issue-token.ts";
import {
  grantedRoles,
  readApplicationResource,
  readApplicationScope,
  requireAssignment,
} from "../resource.ts";
import { requireTenant } from "../tenant-segment.ts";
import { settleTerms } from "../token-terms.ts";
import type { Grant } from "./grant.ts";
import { accessTokenMembers } from "./token-members.ts";

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
  if (tenant.conditionalAccessPolicies !== undefined) {
    const { requireApplicationAccess } = await import("../conditional-access.ts");
    requireApplicationAccess(client, resource.servicePrincipal);
  }
  const terms = settleTerms({ client, resource, claims: form["claims"], isDelegated: false }, context);
  const issue: Issue = {
    request,
    client,
    resource,
    lifetimeSeconds: terms.lifetimeSeconds,
    clientCapabilities: terms.clientCapabilities,
    notBeforeSeconds: terms.notBeforeSeconds,
  };
  const claims = appOnlyClaims(issue, grantedRoles(client, resource.servicePrincipal), context);
  return accessTokenMembers(grant, issue, claims, await signAccessToken(claims, context));
};
