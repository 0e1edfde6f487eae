/** Directory objects of several types in one list: members, owners, deleted items. */
import type { Group, ServicePrincipal, Tenant, User } from "../../directory/directory.ts";
import type { GraphCall, GraphReply } from "../call.ts";
import { findUser } from "../directory-lookup.ts";
import { GraphFault } from "../errors.ts";
import { GROUP_TYPE } from "../groups/group-entity.ts";
import { notFound } from "../not-found.ts";
import { DIRECTORY_STYLE, replyCollection } from "../odata/collection.ts";
import { type EntityType, type RenderProperty, renderEntity } from "../odata/entity.ts";
import { readQueryOptions } from "../odata/query-options.ts";
import { SERVICE_PRINCIPAL_TYPE } from "../service-principals/service-principal-entity.ts";
import { USER_TYPE } from "../users/user-entity.ts";

/** One object with its type. */
export type DirectoryObject =
  | { readonly kind: "user"; readonly object: User }
  | { readonly kind: "group"; readonly object: Group }
  | { readonly kind: "servicePrincipal"; readonly object: ServicePrincipal };

const TYPES = { user: USER_TYPE, group: GROUP_TYPE, servicePrincipal: SERVICE_PRINCIPAL_TYPE } as const;

/** More than the service expands has to be listed. */
const EXPANDED_OBJECTS = 20;

const NAMES = [
  ...new Set([
    ...Object.keys(USER_TYPE.properties),
    ...Object.keys(GROUP_TYPE.properties),
    ...Object.keys(SERVICE_PRINCIPAL_TYPE.properties),
  ]),
];

const DIRECTORY_OBJECT_TYPE: EntityType<DirectoryObject> = {
  name: "microsoft.graph.directoryObject",
  always: [],
  onRequest: new Set(),
  expansions: {},
  annotations: { "@odata.type": ({ kind }) => `#microsoft.graph.${kind}` },
  properties: Object.fromEntries(
    NAMES.map((name): [string, RenderProperty<DirectoryObject>] => [
      name,
      (item, call) => renderProperty(item, name, call),
    ]),
  ),
};

/**
 * Finds an object by its id.
 *
 * @param tenant - where to look
 * @param id - object id
 * @returns the object; `undefined` when there is none or it is deleted
 */
export function findDirectoryObject(tenant: Tenant, id: string): DirectoryObject | undefined {
  const key = id.toLowerCase();
  const user = tenant.users.get(key);
  if (user !== undefined) return { kind: "user", object: user };
  const group = tenant.groups.get(key);
  if (group !== undefined && group.deletedAtMs === undefined) return { kind: "group", object: group };
  const principal = tenant.servicePrincipals.get(key);
  return principal === undefined ? undefined : { kind: "servicePrincipal", object: principal };
}

/**
 * Reads `{"@odata.id": "…/directoryObjects/{id}"}`, also `…/users/{id or principal name}`.
 *
 * @param tenant - where to look
 * @param value - the address as it was sent
 * @returns the object
 * @throws {GraphFault} Request_BadRequest or Request_ResourceNotFound
 */
export function readReference(tenant: Tenant, value: unknown): DirectoryObject {
  const match = typeof value === "string" ? /\/(\w+)(?:\/([^/]+)|\('([^']+)'\))\/?$/.exec(value) : null;
  const id = match?.[2] ?? match?.[3];
  if (match === null || id === undefined)
    throw new GraphFault(
      "Request_BadRequest",
      "Invalid URL format specified in @odata.id for resource reference.",
    );
  const name = decodeSegment(id);
  const found = findDirectoryObject(tenant, name) ?? findByName(tenant, match[1], name);
  if (found === undefined) throw notFound(id);
  return found;
}

/** Users may be named below `users` as in any other address, by their principal name. */
function findByName(
  tenant: Tenant,
  collection: string | undefined,
  name: string,
): DirectoryObject | undefined {
  const user = collection?.toLowerCase() === "users" ? findUser(tenant, name) : undefined;
  return user && { kind: "user", object: user };
}

function decodeSegment(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Answers with a page of objects of several types.
 *
 * @param call - the request
 * @param objects - all of them
 * @returns 200 with `value`
 */
export function replyDirectoryObjects(call: GraphCall, objects: readonly DirectoryObject[]): GraphReply {
  return replyCollection(DIRECTORY_OBJECT_TYPE, objects, call, {
    style: DIRECTORY_STYLE,
    context: "directoryObjects",
  });
}

/**
 * Renders an object as `$expand` shows it.
 *
 * @param item - the object
 * @param call - the request
 * @param select - properties; those of its type's lists when absent
 * @returns JSON object with its type
 */
export function renderDirectoryObject(
  { kind, object }: DirectoryObject,
  call: GraphCall,
  select: readonly string[] | undefined,
): Record<string, unknown> {
  const type = TYPES[kind] as EntityType<unknown>;
  return {
    "@odata.type": `#microsoft.graph.${kind}`,
    ...renderEntity(type, object, call, { select, expand: [] }),
  };
}

/**
 * Renders objects that belong to another as `$expand` shows them; the service shows no more than 20.
 *
 * @param call - the request
 * @param ids - object ids
 * @param select - as in {@link renderDirectoryObject}
 * @returns JSON objects with their types
 */
export function expandObjects(
  call: GraphCall,
  ids: readonly string[],
  select: readonly string[] | undefined,
): Record<string, unknown>[] {
  return ids
    .slice(0, EXPANDED_OBJECTS)
    .flatMap((id) => findDirectoryObject(call.tenant, id) ?? [])
    .map((item) => renderDirectoryObject(item, call, select));
}

/** Each type leaves out by default what its own lists leave out. */
function renderProperty(item: DirectoryObject, name: string, call: GraphCall): unknown {
  const type = TYPES[item.kind] as EntityType<unknown>;
  const render = type.properties[name];
  if (render === undefined) return undefined;
  if (type.onRequest.has(name) && readQueryOptions(call).select === undefined) return undefined;
  return render(item.object, call);
}
