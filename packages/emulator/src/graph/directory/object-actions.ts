/**
 * Actions on directory objects: several at once by their ids, and the groups that one belongs to.
 *
 * @see https://learn.microsoft.com/graph/api/directoryobject-getbyids
 */
import { type GraphCall, type GraphReply, param, readJsonBody } from "../call.ts";
import { findUser } from "../directory-lookup.ts";
import { GraphFault } from "../errors.ts";
import { notFound } from "../not-found.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";
import { findDirectoryObject, renderDirectoryObject } from "./directory-object.ts";

const LONGEST_LIST = 1000;
const LONGEST_CHECK = 20;

/** Rows of the route table. */
export const objectActionRoutes: readonly Route[] = [
  { method: "POST", path: "/directoryObjects/getByIds", permission: PERMISSIONS.userRead, handle: getByIds },
  ...[
    "/users/{object}",
    "/groups/{object}",
    "/servicePrincipals/{object}",
    "/directoryObjects/{object}",
    "/me",
  ].flatMap((owner): Route[] => [
    // Nothing but groups has members here, so that the actions for all kinds of objects answer alike.
    ...["Groups", "Objects"].flatMap((kind): Route[] => [
      {
        method: "POST",
        path: `${owner}/checkMember${kind}`,
        permission: PERMISSIONS.userRead,
        handle: (call) => checkMembers(call, kind === "Groups" ? "groupIds" : "ids"),
      },
      {
        method: "POST",
        path: `${owner}/getMember${kind}`,
        permission: PERMISSIONS.userRead,
        handle: getMemberGroups,
      },
    ]),
  ]),
];

function getByIds(call: GraphCall): GraphReply {
  const body = readJsonBody(call);
  const ids = readIds(body["ids"], "ids", LONGEST_LIST);
  const types = Array.isArray(body["types"])
    ? body["types"].map((type) => String(type).toLowerCase())
    : undefined;
  const found = ids
    .flatMap((id) => findDirectoryObject(call.tenant, id) ?? [])
    .filter(({ kind }) => types?.includes(kind.toLowerCase()) ?? true);
  return {
    status: 200,
    body: {
      "@odata.context": `${call.serviceRoot}/$metadata#directoryObjects`,
      value: found.map((item) => renderDirectoryObject(item, call, undefined)),
    },
  };
}

function checkMembers(call: GraphCall, name: "groupIds" | "ids"): GraphReply {
  const wanted = readIds(readJsonBody(call)[name], name, LONGEST_CHECK);
  const groups = memberGroups(call);
  return replyIds(
    call,
    wanted.filter((id) => groups.has(id.toLowerCase())),
  );
}

function getMemberGroups(call: GraphCall): GraphReply {
  readJsonBody(call);
  return replyIds(call, [...memberGroups(call)]);
}

/** Also those that it belongs to by way of another group. */
function memberGroups(call: GraphCall): Set<string> {
  const name = call.params["object"] === undefined ? call.caller.objectId : param(call, "object");
  const named = findUser(call.tenant, name);
  const object = named === undefined ? findDirectoryObject(call.tenant, name) : { object: named };
  if (object === undefined) throw notFound(name);
  const found = new Set<string>();
  const queue = [object.object.id];
  for (let id = queue.pop(); id !== undefined; id = queue.pop())
    for (const group of call.tenant.groups.values())
      if (group.deletedAtMs === undefined && group.members.includes(id) && !found.has(group.id)) {
        found.add(group.id);
        queue.push(group.id);
      }
  return found;
}

function replyIds(call: GraphCall, value: readonly string[]): GraphReply {
  return {
    status: 200,
    body: { "@odata.context": `${call.serviceRoot}/$metadata#Collection(Edm.String)`, value },
  };
}

function readIds(value: unknown, name: string, most: number): string[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > most)
    throw new GraphFault("Request_BadRequest", `The parameter '${name}' must name 1 to ${most} objects.`);
  return value.map(String);
}
