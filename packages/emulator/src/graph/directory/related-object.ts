/** One member or owner by its id, as an object and as a reference. */
import { type GraphCall, type GraphReply, param } from "../call.ts";
import { notFound } from "../not-found.ts";
import type { PermissionRule } from "../permissions.ts";
import type { Route } from "../router.ts";
import { type DirectoryObject, readReference, renderDirectoryObject } from "./directory-object.ts";

/**
 * Makes the routes of a single member or owner: `…/members/{id}/$ref` tells whether somebody belongs to a group
 * without reading the whole list, as Terraform does.
 *
 * @param one - path of the object that has the relation
 * @param property - name of the relation
 * @param read - rule for reading it
 * @param list - all of its objects
 * @returns rows of the table
 */
export function singleRelatedRoutes(
  one: string,
  property: "members" | "owners",
  read: PermissionRule,
  list: (call: GraphCall) => readonly DirectoryObject[],
): Route[] {
  const find = (call: GraphCall): DirectoryObject => {
    const id = param(call, "object").toLowerCase();
    const found = list(call).find(({ object }) => object.id.toLowerCase() === id);
    if (found === undefined) throw notFound(id);
    return found;
  };
  return [
    {
      method: "GET",
      path: `${one}/${property}/{object}`,
      permission: read,
      handle: (call) => replyDirectoryObject(call, find(call)),
    },
    {
      method: "GET",
      path: `${one}/${property}/{object}/$ref`,
      permission: read,
      handle: (call) => replyReference(call, find(call)),
    },
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
export function replyReferences(call: GraphCall, items: readonly DirectoryObject[]): GraphReply {
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
