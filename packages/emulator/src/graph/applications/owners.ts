/** Owners of applications and service principals. */
import { type GraphCall, type GraphReply, param, readJsonBody } from "../call.ts";
import { type DirectoryObject, findDirectoryObject, readReference } from "../directory/directory-object.ts";
import { relatedId, relationRoutes } from "../directory/related-object.ts";
import { invalidProperty } from "../directory-body.ts";
import { requireApplication, requireServicePrincipal } from "../directory-lookup.ts";
import { GraphFault } from "../errors.ts";
import { notFound } from "../not-found.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";
import { requireOwnership } from "./ownership.ts";

/** How many relationships one request may make. */
const BIND_LIMIT = 20;

interface Owned {
  owners?: string[];
}

/** Rows of the route table. */
export const ownerRoutes: readonly Route[] = [
  ...routesOf("/applications/{application}", (call) =>
    requireApplication(call.tenant, param(call, "application")),
  ),
  ...routesOf("/servicePrincipals/{servicePrincipal}", (call) =>
    requireServicePrincipal(call.tenant, param(call, "servicePrincipal")),
  ),
];

function routesOf(one: string, find: (call: GraphCall) => object): Route[] {
  const owned = (call: GraphCall): Owned => find(call);
  const list = (call: GraphCall): DirectoryObject[] =>
    (owned(call).owners ?? []).flatMap((id) => findDirectoryObject(call.tenant, id) ?? []);
  return relationRoutes({
    path: `${one}/owners`,
    kinds: ["user", "servicePrincipal"],
    read: PERMISSIONS.applicationRead,
    write: PERMISSIONS.applicationWrite,
    list,
    add: (call) => addOwner(call, owned(call)),
    remove: (call) => removeOwner(call, owned(call)),
  });
}

/**
 * Reads the owners that a new object names with `owners@odata.bind`, after the application that makes it.
 *
 * @param call - the request
 * @param addresses - as they were sent; `undefined` when none were
 * @param resource - `Application` or `ServicePrincipal`
 * @returns object ids, each once
 * @throws {GraphFault} Request_BadRequest for more than 20 or for no list; Request_ResourceNotFound
 */
export function readFirstOwners(call: GraphCall, addresses: unknown, resource: string): string[] {
  const list: unknown = addresses ?? [];
  if (!Array.isArray(list)) throw invalidProperty("owners", resource);
  if (list.length > BIND_LIMIT)
    throw new GraphFault(
      "Request_BadRequest",
      `The number of relationships in one request exceeds the maximum of ${BIND_LIMIT}.`,
    );
  const maker = call.caller.isApplication ? [call.caller.objectId] : [];
  const bound = list.map((address) => readReference(call.tenant, address).object.id);
  return [...new Set([...maker, ...bound])];
}

function addOwner(call: GraphCall, owned: Owned): GraphReply {
  requireOwnership(call, owned);
  const { object } = readReference(call.tenant, readJsonBody(call)["@odata.id"]);
  const owners = owned.owners ?? [];
  if (owners.includes(object.id))
    throw new GraphFault(
      "Request_BadRequest",
      "One or more added object references already exist for the following modified properties: 'owners'.",
    );
  owned.owners = [...owners, object.id];
  return { status: 204 };
}

function removeOwner(call: GraphCall, owned: Owned): GraphReply {
  requireOwnership(call, owned);
  const id = relatedId(call);
  if (owned.owners?.includes(id) !== true) throw notFound(id);
  owned.owners = owned.owners.filter((other) => other !== id);
  return { status: 204 };
}
