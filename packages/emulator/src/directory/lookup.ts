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
  const known = remembered(tenant.servicePrincipals);
  const last = tenant.servicePrincipals.get(known.get(name) ?? "");
  if (last !== undefined && isNamed(last, normaliseName(name))) return last;
  const found = searchResource(tenant, name);
  if (found !== undefined) known.set(name, found.id);
  return found;
}

function searchResource(tenant: Tenant, name: string): ServicePrincipal | undefined {
  const byAppId = findServicePrincipal(tenant, name);
  if (byAppId !== undefined) return byAppId;
  const wanted = normaliseName(name);
  for (const candidate of tenant.servicePrincipals.values()) if (isNamed(candidate, wanted)) return candidate;
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

function isNamed({ servicePrincipalNames }: ServicePrincipal, wanted: string): boolean {
  return servicePrincipalNames.some((own) => normaliseName(own) === wanted);
}

function normaliseName(name: string): string {
  return name.toLowerCase().replace(/\/+$/, "");
}

/** Remembers where a name was found; every hit is checked, because the maps may change at any time. */
const lastFound = new WeakMap<object, Map<string, string>>();
const REMEMBERED_NAMES = 10_000;

function remembered(entries: object): Map<string, string> {
  const known = lastFound.get(entries);
  if (known !== undefined && known.size < REMEMBERED_NAMES) return known;
  const fresh = new Map<string, string>();
  lastFound.set(entries, fresh);
  return fresh;
}

function findByAppId<Entry extends { readonly id: string; readonly appId: string }>(
  entries: Map<string, Entry>,
  appId: string,
): Entry | undefined {
  const wanted = appId.toLowerCase();
  const known = remembered(entries);
  const last = entries.get(known.get(wanted) ?? "");
  if (last?.appId.toLowerCase() === wanted) return last;
  for (const entry of entries.values()) {
    if (entry.appId.toLowerCase() !== wanted) continue;
    known.set(wanted, entry.id);
    return entry;
  }
  return undefined;
}
