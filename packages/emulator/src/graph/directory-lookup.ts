/** Finds directory objects by the names that Graph takes: object id, user principal name, mail address, application id. */
import type { Application, Group, ServicePrincipal, Tenant, User } from "../directory/directory.ts";
import * as lookup from "../directory/lookup.ts";
import { notFound } from "./not-found.ts";

/** Who was found under a name, per directory; a hit is checked, because users come, go and change their names. */
const lastFound = new WeakMap<ReadonlyMap<string, User>, Map<string, User>>();
const REMEMBERED_NAMES = 100_000;

/**
 * Finds a user.
 *
 * @param tenant - where to look
 * @param key - object id, user principal name, mail address or `userPrincipalName='…'`, in any case of letters
 * @returns the user, or `undefined`
 */
export function findUser(tenant: Tenant, key: string): User | undefined {
  const name = alternateKey(key, "userPrincipalName") ?? key;
  const byId = tenant.users.get(name) ?? tenant.users.get(name.toLowerCase());
  if (byId !== undefined) return byId;
  const wanted = name.toLowerCase();
  const known = lastFound.get(tenant.users) ?? new Map<string, User>();
  lastFound.set(tenant.users, known);
  const hit = known.get(wanted);
  if (hit !== undefined && tenant.users.get(hit.id) === hit && hasName(hit, wanted)) return hit;
  const found = searchUser(tenant.users, wanted);
  if (found === undefined) return undefined;
  if (known.size >= REMEMBERED_NAMES) known.clear();
  known.set(wanted, found);
  return found;
}

/** Names are in lower case nearly always, and equal texts are found much faster than equal but for case. */
function searchUser(users: ReadonlyMap<string, User>, wanted: string): User | undefined {
  for (const user of users.values())
    if (user.userPrincipalName === wanted || user.mail === wanted) return user;
  for (const user of users.values()) if (hasName(user, wanted)) return user;
  return undefined;
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

/** The length goes first: it tells most names apart without making a copy of each. */
function hasName({ userPrincipalName, mail }: User, wanted: string): boolean {
  return (
    (userPrincipalName.length === wanted.length && userPrincipalName.toLowerCase() === wanted) ||
    (mail !== undefined && mail.length === wanted.length && mail.toLowerCase() === wanted)
  );
}
