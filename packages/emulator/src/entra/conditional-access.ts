/**
 * Conditional Access at the token endpoint.
 *
 * @see learn.microsoft.com/entra/identity/conditional-access/workload-identity
 */
import type { ConditionalAccessPolicy, Selection } from "../directory/conditional-access.ts";
import type { ServicePrincipal, Tenant, User } from "../directory/directory.ts";
import { findApplication } from "../directory/lookup.ts";
import { refused } from "./aadsts.ts";
import type { Client } from "./client.ts";

/**
 * Refuses an application that a policy blocks.
 *
 * Only applications that are registered in the tenant and for it alone are evaluated.
 *
 * @param client - who asks for itself
 * @param resource - the API
 * @throws {RefusedError} 53003 with the policy's id in `claims`
 */
export function requireApplicationAccess(client: Client, resource: ServicePrincipal): void {
  const { tenant, application, servicePrincipal } = client;
  const isOwn =
    findApplication(tenant, application.appId) !== undefined && application.signInAudience === "AzureADMyOrg";
  if (!isOwn) return;
  const names = ["ServicePrincipalsInMyTenant", servicePrincipal.id];
  const policy = findPolicy(tenant, resource, ({ servicePrincipals, control }) =>
    control === "block" ? isSelected(servicePrincipals, names) : false,
  );
  if (policy !== undefined) throw refused(53003, undefined, { claims: claimsOf(policy) });
}

/**
 * Refuses a user whom a policy blocks, or of whom it wants a second factor.
 *
 * @param user - who asks
 * @param tenant - where
 * @param resource - the API
 * @throws {RefusedError} 53003 or 50076 with the policy's id in `claims`
 */
export function requireUserAccess(user: User, tenant: Tenant, resource: ServicePrincipal): void {
  const names = ["all", user.id, user.userPrincipalName.toLowerCase()];
  const find = (control: ConditionalAccessPolicy["control"]): ConditionalAccessPolicy | undefined =>
    findPolicy(tenant, resource, (policy) => policy.control === control && isSelected(policy.users, names));
  const blocking = find("block");
  if (blocking !== undefined)
    throw refused(53003, undefined, { oauthError: "interaction_required", claims: claimsOf(blocking) });
  const demanding = find("mfa");
  if (demanding !== undefined)
    throw refused(50076, { resource: resource.appId }, { claims: claimsOf(demanding) });
}

function findPolicy(
  tenant: Tenant,
  resource: ServicePrincipal,
  concerns: (policy: ConditionalAccessPolicy) => boolean,
): ConditionalAccessPolicy | undefined {
  for (const policy of tenant.conditionalAccessPolicies ?? [])
    if (isSelected(policy.applications, ["all", resource.appId]) && concerns(policy)) return policy;
  return undefined;
}

function isSelected(selection: Selection | undefined, names: readonly string[]): boolean {
  if (selection === undefined) return false;
  const has = (list: readonly string[]): boolean =>
    list.some((entry) => names.some((name) => name.toLowerCase() === entry.toLowerCase()));
  return has(selection.include) && !has(selection.exclude);
}

function claimsOf({ id }: ConditionalAccessPolicy): string {
  return JSON.stringify({ access_token: { capolids: { essential: true, values: [id] } } });
}
