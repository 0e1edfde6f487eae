/** Which API a token is asked for, by `scope` (v2) or `resource` (v1). */
import type { ServicePrincipal, Tenant } from "../directory/directory.ts";
import { findResource } from "../directory/lookup.ts";
import { GRAPH_APP_ID } from "../directory/well-known-applications.ts";
import { refused } from "./aadsts.ts";
import type { Client } from "./client.ts";
import type { Form } from "./form.ts";

/** An API with the name by which it was asked for. */
export interface RequestedResource {
  readonly servicePrincipal: ServicePrincipal;
  /** As sent, without `/.default`: becomes `aud` of v1 tokens. */
  readonly name: string;
}

/** Scopes of OpenID Connect itself; they name no API. */
export const OIDC_SCOPES: ReadonlySet<string> = new Set(["openid", "profile", "email", "offline_access"]);

const ZERO_GUID = "00000000-0000-0000-0000-000000000000";
const DEFAULT = ".default";

/**
 * Reads what a client-credentials request asks for on the v2 endpoint.
 *
 * @param form - fields of the request
 * @param client - who asks
 * @returns the API
 * @throws {RefusedError} 901002, 900144, 70011, 1002012 or what {@link findRequestedResource} throws
 */
export function readApplicationScope(form: Form, client: Client): RequestedResource {
  if (form["resource"] !== undefined) throw refused(901002);
  const scope = form["scope"];
  if (scope === undefined) throw refused(900144, { name: "scope" });
  const scopes = splitScopes(scope).filter((one) => !OIDC_SCOPES.has(one.toLowerCase()));
  const [only, ...more] = scopes;
  if (only === undefined) throw refused(1002012, { scope });
  if (more.length > 0) throw refused(70011, { scope });
  if (only === DEFAULT) return findRequestedResource("https://graph.microsoft.com", client);
  if (!only.endsWith(`/${DEFAULT}`)) throw refused(1002012, { scope });
  return findRequestedResource(only.slice(0, -DEFAULT.length - 1), client);
}

/**
 * Reads what a client-credentials request asks for on the v1 endpoint; `scope` is ignored there.
 *
 * @param form - fields of the request
 * @param client - who asks
 * @returns the API
 * @throws {RefusedError} 500013 without `resource`, or what {@link findRequestedResource} throws
 */
export function readApplicationResource(form: Form, client: Client): RequestedResource {
  const resource = form["resource"];
  if (resource === undefined) throw refused(500013);
  return findRequestedResource(resource, client);
}

/**
 * Finds an API and refuses what may not be asked for.
 *
 * @param name - client id or identifier URI
 * @param client - who asks
 * @returns the API
 * @throws {RefusedError} 700039, 500011, 500014, 90009
 */
export function findRequestedResource(
  name: string,
  client: Pick<Client, "tenant" | "application">,
): RequestedResource {
  if (name === ZERO_GUID) throw refused(700039);
  const servicePrincipal = findResource(client.tenant, name);
  if (servicePrincipal === undefined) throw refused(500011, { name, tenant: client.tenant.displayName });
  if (!servicePrincipal.accountEnabled) throw refused(500014, { identifier: name });
  const isItself = servicePrincipal.appId === client.application.appId;
  if (isItself && name.toLowerCase() !== servicePrincipal.appId.toLowerCase())
    throw refused(90009, { appId: client.application.appId, appName: client.application.displayName });
  return { servicePrincipal, name };
}

/**
 * The application permissions that were granted to a client.
 *
 * @param client - who asks
 * @param resource - the API
 * @returns values of the app roles, in the order in which they were granted
 */
export function grantedRoles(client: Client, resource: ServicePrincipal): string[] {
  const roles: string[] = [];
  for (const assignment of client.tenant.appRoleAssignments.values()) {
    if (assignment.principalId !== client.servicePrincipal.id || assignment.resourceId !== resource.id)
      continue;
    const role = currentRoles(client.tenant, resource).find(({ id }) => id === assignment.appRoleId);
    if (role?.isEnabled && role.value !== "") roles.push(role.value);
  }
  return roles;
}

/**
 * Refuses a client without any role at an API that wants its callers assigned.
 *
 * @param client - who asks
 * @param resource - the API
 * @throws {RefusedError} 501051
 */
export function requireAssignment(client: Client, resource: ServicePrincipal): void {
  if (!resource.appRoleAssignmentRequired) return;
  for (const assignment of client.tenant.appRoleAssignments.values())
    if (assignment.principalId === client.servicePrincipal.id && assignment.resourceId === resource.id)
      return;
  throw refused(501051, {
    clientId: client.application.appId,
    clientName: client.application.displayName,
    resourceId: resource.appId,
    resourceName: resource.displayName,
  });
}

/**
 * Splits a scope parameter.
 *
 * @param scope - values separated by blanks
 * @returns the values
 */
export function splitScopes(scope: string): string[] {
  return scope.split(/\s+/).filter(Boolean);
}

/**
 * Tells whether an API is Microsoft Graph.
 *
 * @param resource - the API
 * @returns true for Graph
 */
export function isGraph(resource: ServicePrincipal): boolean {
  return resource.appId === GRAPH_APP_ID;
}

/** An API registered in this tenant may have gained roles since its account was made. */
function currentRoles(tenant: Tenant, resource: ServicePrincipal): ServicePrincipal["appRoles"] {
  for (const application of tenant.applications.values())
    if (application.appId === resource.appId) return application.appRoles;
  return resource.appRoles;
}
