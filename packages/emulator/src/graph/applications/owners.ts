/** Owners of applications and service principals. */
import { type GraphCall, type GraphReply, param, readJsonBody } from "../call.ts";
import { findDirectoryObject, readReference, replyDirectoryObjects } from "../directory/directory-object.ts";
import { requireApplication, requireServicePrincipal } from "../directory-lookup.ts";
import { GraphFault } from "../errors.ts";
import { notFound } from "../not-found.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";
import { requireOwnership } from "./ownership.ts";

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
  return [
    {
      method: "GET",
      path: `${one}/owners`,
      permission: PERMISSIONS.applicationRead,
      handle: (call) => {
        const ids = owned(call).owners ?? [];
        return replyDirectoryObjects(
          call,
          ids.flatMap((id) => findDirectoryObject(call.tenant, id) ?? []),
        );
      },
    },
    {
      method: "POST",
      path: `${one}/owners/$ref`,
      permission: PERMISSIONS.applicationWrite,
      handle: (call) => addOwner(call, owned(call)),
    },
    {
      method: "DELETE",
      path: `${one}/owners/{object}/$ref`,
      permission: PERMISSIONS.applicationWrite,
      handle: (call) => removeOwner(call, owned(call)),
    },
  ];
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
  const id = param(call, "object").toLowerCase();
  if (owned.owners?.includes(id) !== true) throw notFound(id);
  owned.owners = owned.owners.filter((other) => other !== id);
  return { status: 204 };
}
