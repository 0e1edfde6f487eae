/** Finds directory objects by the names that Graph takes: object id, user principal name, mail address, application id. */
import type { Application, Group, ServicePrincipal, Tenant, User } from "../directory/directory.ts";

/** Users by lower-case name, per directory; a hit is checked against the user, so the index may be stale. */
const userIndexes = new WeakMap<ReadonlyMap<string, User>, Map<string, User>>();

/**
 * Finds a user.
 *
 * @param tenant - where to look
 * @param name - object id, user principal name or mail address, in any case of letters
 * @returns the user, or `undefined`
 */
export function findUser(tenant: Tenant, name: string): User | undefined {
  const byId = tenant.users.get(name) ?? tenant.users.get(name.toLowerCase());
  if (byId !== undefined) return byId;
  const wanted = name.toLowerCase();
  let index = userIndexes.get(tenant.users);
  const hit = index?.get(wanted);
  if (hit !== undefined && tenant.users.get(hit.id) === hit && hasName(hit, wanted)) return hit;
  index = new Map();
  userIndexes.set(tenant.users, index);
  for (const user of tenant.users.values()) {
    if (user.mail !== undefined) index.set(user.mail.toLowerCase(), user);
    index.set(user.userPrincipalName.toLowerCase(), user);
  }
  return index.get(wanted);
}

/**
 * Finds a group that is not deleted.
 *
 * @param tenant - where to look
 * @param name - object id or mail address
 * @returns the group, or `undefined`
 */
export function findGroup(tenant: Tenant, name: string): Group | undefined {
  const group =
    tenant.groups.get(name) ??
    tenant.groups.get(name.toLowerCase()) ??
    (name.includes("@")
      ? [...tenant.groups.values()].find((candidate) => candidate.mail?.toLowerCase() === name.toLowerCase())
      : undefined);
  return group?.deletedAtMs === undefined ? group : undefined;
}

/**
 * Finds an application.
 *
 * @param tenant - where to look
 * @param key - object id, or `appId='…'`
 * @returns the application, or `undefined`
 */
export function findApplication(tenant: Tenant, key: string): Application | undefined {
  const appId = alternateKey(key, "appId");
  if (appId === undefined) return tenant.applications.get(key.toLowerCase()) ?? tenant.applications.get(key);
  return [...tenant.applications.values()].find((candidate) => candidate.appId === appId);
}

/**
 * Finds a service principal.
 *
 * @param tenant - where to look
 * @param key - object id, or `appId='…'`
 * @returns the service principal, or `undefined`
 */
export function findServicePrincipal(tenant: Tenant, key: string): ServicePrincipal | undefined {
  const appId = alternateKey(key, "appId");
  if (appId === undefined)
    return tenant.servicePrincipals.get(key.toLowerCase()) ?? tenant.servicePrincipals.get(key);
  return [...tenant.servicePrincipals.values()].find((candidate) => candidate.appId === appId);
}

function alternateKey(key: string, name: string): string | undefined {
  const match = /^(\w+)\s*=\s*'(.*)'$/.exec(key);
  return match?.[1]?.toLowerCase() === name.toLowerCase() ? match[2]?.toLowerCase() : undefined;
}

function hasName(user: User, wanted: string): boolean {
  return user.userPrincipalName.toLowerCase() === wanted || user.mail?.toLowerCase() === wanted;
}
