/** Finding tenants, applications and service principals by the names that clients use for them. */
import type { Application, ServicePrincipal, Tenant, User, World } from "./directory.ts";

/**
 * Finds a tenant.
 *
 * @param world - everything
 * @param name - tenant GUID or verified domain, any case
 * @returns the tenant, or `undefined`
 */
export function findTenant(world: World, name: string): Tenant | undefined {
  const wanted = name.toLowerCase();
  const byId = world.tenants.get(wanted);
  if (byId !== undefined) return byId;
  for (const tenant of world.tenants.values()) if (tenant.domains.includes(wanted)) return tenant;
  return undefined;
}

/**
 * Finds a registration by its client id, in the tenant where it is registered.
 *
 * @param tenant - home tenant
 * @param appId - client id, any case
 * @returns the application, or `undefined`
 */
export function findApplication(tenant: Tenant, appId: string): Application | undefined {
  return findByAppId(tenant.applications, appId);
}

/**
 * Finds a registration anywhere.
 *
 * @param world - everything
 * @param appId - client id, any case
 * @returns the application with its home tenant, or `undefined`
 */
export function findApplicationAnywhere(
  world: World,
  appId: string,
): { application: Application; homeTenant: Tenant } | undefined {
  for (const homeTenant of world.tenants.values()) {
    const application = findApplication(homeTenant, appId);
    if (application !== undefined) return { application, homeTenant };
  }
  return undefined;
}

/**
 * Finds an application's account in a tenant.
 *
 * @param tenant - any tenant
 * @param appId - client id, any case
 * @returns the service principal, or `undefined`
 */
export function findServicePrincipal(tenant: Tenant, appId: string): ServicePrincipal | undefined {
  return findByAppId(tenant.servicePrincipals, appId);
}

/**
 * Finds a resource by what stands in `scope` before `/.default`, or in `resource`.
 *
 * @param tenant - the tenant that issues the token
 * @param name - client id or one of the service principal names; case and a trailing slash do not count
 * @returns the service principal of the API, or `undefined`
 */
export function findResource(tenant: Tenant, name: string): ServicePrincipal | undefined {
  const byAppId = findServicePrincipal(tenant, name);
  if (byAppId !== undefined) return byAppId;
  const wanted = normaliseName(name);
  for (const candidate of tenant.servicePrincipals.values())
    if (candidate.servicePrincipalNames.some((own) => normaliseName(own) === wanted)) return candidate;
  for (const application of tenant.applications.values())
    if (application.identifierUris.some((own) => normaliseName(own) === wanted))
      return findServicePrincipal(tenant, application.appId);
  return undefined;
}

/**
 * Finds a user.
 *
 * @param tenant - any tenant
 * @param name - object id or user principal name, any case
 * @returns the user, or `undefined`
 */
export function findUser(tenant: Tenant, name: string): User | undefined {
  const byId = tenant.users.get(name);
  if (byId !== undefined) return byId;
  const wanted = name.toLowerCase();
  for (const user of tenant.users.values())
    if (user.userPrincipalName.toLowerCase() === wanted || user.id === wanted) return user;
  return undefined;
}

function normaliseName(name: string): string {
  return name.toLowerCase().replace(/\/+$/, "");
}

/** Remembers where an appId was found; every hit is checked, because the maps may change at any time. */
const lastFound = new WeakMap<object, Map<string, string>>();

function findByAppId<Entry extends { readonly id: string; readonly appId: string }>(
  entries: Map<string, Entry>,
  appId: string,
): Entry | undefined {
  const wanted = appId.toLowerCase();
  let known = lastFound.get(entries);
  if (known === undefined) {
    known = new Map();
    lastFound.set(entries, known);
  }
  const remembered = entries.get(known.get(wanted) ?? "");
  if (remembered?.appId.toLowerCase() === wanted) return remembered;
  for (const entry of entries.values()) {
    if (entry.appId.toLowerCase() !== wanted) continue;
    known.set(wanted, entry.id);
    return entry;
  }
  return undefined;
}
