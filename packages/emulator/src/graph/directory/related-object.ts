/** Relations of directory objects: their lists, single objects and references. */
import { type GraphCall, type GraphReply, param } from "../call.ts";
import { notFound } from "../not-found.ts";
import type { PermissionRule } from "../permissions.ts";
import type { Route } from "../router.ts";
import {
  type DirectoryObject,
  readReference,
  renderDirectoryObject,
  replyDirectoryObjects,
} from "./directory-object.ts";

/** A relation of directory objects: members or owners. */
export interface Relation {
  /** Of the relation: `/groups/{group}/members`. */
  readonly path: string;
  /** Types to which the list can be narrowed by a cast. */
  readonly kinds: readonly DirectoryObject["kind"][];
  readonly read: PermissionRule;
  readonly write: PermissionRule;
  /** All of its objects. */
  readonly list: (call: GraphCall) => readonly DirectoryObject[];
  readonly add: (call: GraphCall) => GraphReply;
  readonly remove: (call: GraphCall) => GraphReply;
}

/**
 * Makes the routes of a relation. A single object of it (`…/members/{id}/$ref`) tells whether somebody belongs to a group
 * without reading the whole list, as Terraform does.
 *
 * @param relation - its path, rules and handlers
 * @returns rows of the table
 */
export function relationRoutes({ path, kinds, read, write, list, add, remove }: Relation): Route[] {
  const get = (below: string, handle: Route["handle"]): Route => ({
    method: "GET",
    path: `${path}${below}`,
    permission: read,
    handle,
  });
  const find = (call: GraphCall): DirectoryObject => {
    const id = param(call, "object").toLowerCase();
    const found = list(call).find(({ object }) => object.id.toLowerCase() === id);
    if (found === undefined) throw notFound(id);
    return found;
  };
  return [
    get("", (call) => replyDirectoryObjects(call, list(call))),
    ...kinds.map((kind) =>
      get(`/${kind}`, (call) =>
        replyDirectoryObjects(
          call,
          list(call).filter((item) => item.kind === kind),
        ),
      ),
    ),
    get("/$ref", (call) => replyReferences(call, list(call))),
    get("/{object}", (call) => replyDirectoryObject(call, find(call))),
    get("/{object}/$ref", (call) => replyReference(call, find(call))),
    { method: "POST", path: `${path}/$ref`, permission: write, handle: add },
    { method: "DELETE", path: `${path}/{object}/$ref`, permission: write, handle: remove },
    { method: "DELETE", path: `${path}/$ref`, permission: write, handle: remove },
  ];
}

/**
 * Tells which member or owner a request removes: by the path, or by the address in `@id`, as the generated SDKs write it.
 *
 * @param call - the request
 * @returns object id, in lower case
 * @throws {GraphFault} Request_BadRequest without either, Request_ResourceNotFound
 */
export function relatedId(call: GraphCall): string {
  const id = call.params["object"];
  if (id !== undefined) return id.toLowerCase();
  return readReference(call.tenant, call.request.query.get("@id")).object.id.toLowerCase();
}

/**
 * Answers with one object of any type.
 *
 * @param call - the request
 * @param item - the object
 * @returns 200 with the object and its type
 */
export function replyDirectoryObject(call: GraphCall, item: DirectoryObject): GraphReply {
  return {
    status: 200,
    body: {
      "@odata.context": `${call.serviceRoot}/$metadata#directoryObjects/$entity`,
      ...renderDirectoryObject(item, call, undefined),
    },
  };
}

/**
 * Answers with the address of one object.
 *
 * @param call - the request
 * @param item - the object
 * @returns 200 with `@odata.id`
 */
export function replyReference(call: GraphCall, item: DirectoryObject): GraphReply {
  return {
    status: 200,
    body: { "@odata.context": `${call.serviceRoot}/$metadata#$ref`, "@odata.id": addressOf(call, item) },
  };
}

/**
 * Answers with the addresses of objects.
 *
 * @param call - the request
 * @param items - the objects
 * @returns 200 with `value`
 */
function replyReferences(call: GraphCall, items: readonly DirectoryObject[]): GraphReply {
  return {
    status: 200,
    body: {
      "@odata.context": `${call.serviceRoot}/$metadata#Collection($ref)`,
      value: items.map((item) => ({ "@odata.id": addressOf(call, item) })),
    },
  };
}

function addressOf(call: GraphCall, { kind, object }: DirectoryObject): string {
  const type = `${kind[0]?.toUpperCase()}${kind.slice(1)}`;
  return `${call.serviceRoot}/${call.tenant.tenantId}/directoryObjects/${object.id}/Microsoft.DirectoryServices.${type}`;
}
