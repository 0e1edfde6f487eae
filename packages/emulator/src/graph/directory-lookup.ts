/** Finds directory objects by the names that Graph takes: object id, user principal name, mail address, application id. */
import type { Application, Group, ServicePrincipal, Tenant, User } from "../directory/directory.ts";
import * as lookup from "../directory/lookup.ts";
import { notFound } from "./not-found.ts";

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
  const wanted = name.toLowerCase();
  const group =
    tenant.groups.get(wanted) ??
    tenant.groups.get(name) ??
    (name.includes("@")
      ? [...tenant.groups.values()].find((candidate) => candidate.mail?.toLowerCase() === wanted)
      : undefined);
  return group?.deletedAtMs === undefined ? group : undefined;
}

/**
 * Finds an application, or refuses.
 *
 * @param tenant - where to look
 * @param key - object id, or `appId='…'`
 * @returns the application
 * @throws {GraphFault} Request_ResourceNotFound
 */
export function requireApplication(tenant: Tenant, key: string): Application {
  const appId = alternateKey(key, "appId");
  const found =
    appId === undefined
      ? (tenant.applications.get(key.toLowerCase()) ?? tenant.applications.get(key))
      : lookup.findApplication(tenant, appId);
  if (found === undefined) throw notFound(appId ?? key);
  return found;
}

/**
 * Finds a service principal, or refuses.
 *
 * @param tenant - where to look
 * @param key - object id, or `appId='…'`
 * @returns the service principal
 * @throws {GraphFault} Request_ResourceNotFound
 */
export function requireServicePrincipal(tenant: Tenant, key: string): ServicePrincipal {
  const appId = alternateKey(key, "appId");
  const found =
    appId === undefined
      ? (tenant.servicePrincipals.get(key.toLowerCase()) ?? tenant.servicePrincipals.get(key))
      : lookup.findServicePrincipal(tenant, appId);
  if (found === undefined) throw notFound(appId ?? key);
  return found;
}

function alternateKey(key: string, name: string): string | undefined {
  const match = /^(\w+)\s*=\s*'(.*)'$/.exec(key);
  return match?.[1]?.toLowerCase() === name.toLowerCase() ? match[2] : undefined;
}

function hasName(user: User, wanted: string): boolean {
  return user.userPrincipalName.toLowerCase() === wanted || user.mail?.toLowerCase() === wanted;
}
