/** Service principals and granted permissions: what an administrator's consent leaves behind. */
import type { Application, ServicePrincipal, Tenant } from "./directory.ts";
import { findServicePrincipal } from "./lookup.ts";
import { stableId } from "./stable-id.ts";
import { WELL_KNOWN_APPLICATIONS, type WellKnownApplication } from "./well-known-applications.ts";

/**
 * Gives a tenant the service principals of Microsoft's own applications.
 *
 * @param tenant - changed in place
 */
export function addWellKnownServicePrincipals(tenant: Tenant): void {
  for (const application of WELL_KNOWN_APPLICATIONS) {
    const principal = wellKnownServicePrincipal(tenant, application);
    tenant.servicePrincipals.set(principal.id, principal);
  }
}

/**
 * Finds or makes the account of an application in a tenant.
 *
 * @param tenant - changed in place when the account is new
 * @param application - the registration, from this or another tenant
 * @param id - object id of a new account; derived from tenant and client id when absent
 * @returns the service principal
 */
export function ensureServicePrincipal(
  tenant: Tenant,
  application: Application,
  id?: string,
): ServicePrincipal {
  const existing = findServicePrincipal(tenant, application.appId);
  if (existing !== undefined) return existing;
  const principal: ServicePrincipal = {
    id: id ?? stableId("servicePrincipal", tenant.tenantId, application.appId),
    appId: application.appId,
    displayName: application.displayName,
    accountEnabled: true,
    appRoleAssignmentRequired: false,
    servicePrincipalType: "Application",
    servicePrincipalNames: [application.appId, ...application.identifierUris],
    appRoles: application.appRoles,
    permissionScopes: application.permissionScopes,
    keyCredentials: [],
    passwordCredentials: [],
    properties: {},
  };
  tenant.servicePrincipals.set(principal.id, principal);
  return principal;
}

/**
 * Grants everything that `requiredResourceAccess` asks for: roles by app-role assignments, scopes for all users.
 *
 * @param tenant - changed in place
 * @param application - the registration
 * @param nowMs - milliseconds since 1970 UTC
 * @returns what could not be granted, in words; empty when all was
 */
export function grantAdminConsent(
  tenant: Tenant,
  application: Application,
  nowMs: number,
): readonly string[] {
  const client = ensureServicePrincipal(tenant, application);
  const missing: string[] = [];
  for (const required of application.requiredResourceAccess) {
    const resource = findServicePrincipal(tenant, required.resourceAppId);
    if (resource === undefined) {
      missing.push(`resource ${required.resourceAppId} has no service principal in the tenant`);
      continue;
    }
    const scopes: string[] = [];
    for (const access of required.resourceAccess) {
      const offered = access.type === "Role" ? resource.appRoles : resource.permissionScopes;
      const permission = offered.find(({ id }) => id.toLowerCase() === access.id.toLowerCase());
      if (permission === undefined)
        missing.push(`${access.type} ${access.id} of ${resource.displayName} is not known here`);
      else if (access.type === "Role") assignAppRole(tenant, client, resource, permission.id, nowMs);
      else scopes.push(permission.value);
    }
    if (scopes.length > 0) grantScopes(tenant, client, resource, scopes, undefined);
  }
  return missing;
}

/**
 * Grants one application permission; granting twice changes nothing.
 *
 * @param tenant - changed in place
 * @param client - who gets it
 * @param resource - whose permission it is
 * @param appRoleId - GUID of the app role
 * @param nowMs - milliseconds since 1970 UTC
 */
function assignAppRole(
  tenant: Tenant,
  client: ServicePrincipal,
  resource: ServicePrincipal,
  appRoleId: string,
  nowMs: number,
): void {
  for (const known of tenant.appRoleAssignments.values())
    if (known.principalId === client.id && known.resourceId === resource.id && known.appRoleId === appRoleId)
      return;
  const id = stableId("appRoleAssignment", client.id, resource.id, appRoleId);
  tenant.appRoleAssignments.set(id, {
    id,
    principalId: client.id,
    principalType: "ServicePrincipal",
    resourceId: resource.id,
    appRoleId,
    createdAtMs: nowMs,
  });
}

/**
 * Grants delegated permissions, adding to what is there.
 *
 * @param tenant - changed in place
 * @param client - the application's account
 * @param resource - the API's account
 * @param scopes - values, for example `Calendars.Read`
 * @param userId - the user who consented; `undefined` for all users
 */
export function grantScopes(
  tenant: Tenant,
  client: ServicePrincipal,
  resource: ServicePrincipal,
  scopes: readonly string[],
  userId: string | undefined,
): void {
  for (const grant of tenant.oauth2PermissionGrants.values()) {
    if (grant.clientId !== client.id || grant.resourceId !== resource.id || grant.principalId !== userId)
      continue;
    grant.scope = [...new Set([...grant.scope.split(" ").filter(Boolean), ...scopes])].join(" ");
    return;
  }
  const id = stableId("oauth2PermissionGrant", client.id, resource.id, userId ?? "");
  tenant.oauth2PermissionGrants.set(id, {
    id,
    clientId: client.id,
    consentType: userId === undefined ? "AllPrincipals" : "Principal",
    principalId: userId,
    resourceId: resource.id,
    scope: scopes.join(" "),
  });
}

function wellKnownServicePrincipal(tenant: Tenant, application: WellKnownApplication): ServicePrincipal {
  return {
    id: stableId("servicePrincipal", tenant.tenantId, application.appId),
    appId: application.appId,
    displayName: application.displayName,
    accountEnabled: true,
    appRoleAssignmentRequired: false,
    servicePrincipalType: "Application",
    servicePrincipalNames: [application.appId, ...application.servicePrincipalNames],
    appRoles: application.appRoles.map(([value, id]) => ({
      id,
      value,
      displayName: value,
      description: value,
      allowedMemberTypes: ["Application"],
      isEnabled: true,
    })),
    permissionScopes: application.scopes.map(([value, id]) => ({
      id,
      value,
      adminConsentDisplayName: value,
      isEnabled: true,
      type: value.endsWith(".All") ? "Admin" : "User",
    })),
    keyCredentials: [],
    passwordCredentials: [],
    properties: {},
  };
}
