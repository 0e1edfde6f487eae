/**
 * Groups, their members and owners.
 *
 * @see https://learn.microsoft.com/graph/api/resources/group
 */
import { randomUUID } from "node:crypto";
import type { Group } from "../../directory/directory.ts";
import { type GraphCall, type GraphReply, param, readJsonBody } from "../call.ts";
import {
  type DirectoryObject,
  expandObjects,
  findDirectoryObject,
  readReference,
  replyDirectoryObjects,
} from "../directory/directory-object.ts";
import { relatedId, relationRoutes } from "../directory/related-object.ts";
import { findGroup } from "../directory-lookup.ts";
import { GraphFault } from "../errors.ts";
import { notFound } from "../not-found.ts";
import { DIRECTORY_STYLE, replyCollection, replyEntity } from "../odata/collection.ts";
import type { EntityType } from "../odata/entity.ts";
import { PERMISSIONS, type PermissionRule } from "../permissions.ts";
import type { Route } from "../router.ts";
import { expandAssignments } from "../service-principals/app-role-assignments.ts";
import { requireEventualConsistency } from "../users/users.ts";
import { alreadyThere, changeGroup, readNewGroup } from "./group-body.ts";
import { GROUP_TYPE } from "./group-entity.ts";

const ONE = "/groups/{group}";
/** Groups with those who belong to them. */
const GROUP_WITH_RELATIONS: EntityType<Group> = {
  ...GROUP_TYPE,
  expansions: {
    members: ({ members }, call, { select }) => expandObjects(call, members, select),
    owners: ({ owners }, call, { select }) => expandObjects(call, owners, select),
    appRoleAssignments: ({ id }, call, { select }) => expandAssignments(call, "principalId", id, select),
  },
};

/** Rows of the route table. */
export const groupRoutes: readonly Route[] = [
  { method: "GET", path: "/groups", permission: PERMISSIONS.groupRead, handle: listGroups },
  { method: "GET", path: "/groups/$count", permission: PERMISSIONS.groupRead, handle: countGroups },
  { method: "POST", path: "/groups", permission: PERMISSIONS.groupCreate, handle: postGroup },
  { method: "GET", path: ONE, permission: PERMISSIONS.groupRead, handle: getGroup },
  { method: "PATCH", path: ONE, permission: PERMISSIONS.groupUpdate, handle: patchGroup },
  { method: "DELETE", path: ONE, permission: PERMISSIONS.groupDelete, handle: removeGroup },
  ...routesOf("members", PERMISSIONS.memberRead, PERMISSIONS.memberWrite),
  ...routesOf("owners", PERMISSIONS.groupRead, PERMISSIONS.ownerWrite),
  {
    method: "GET",
    path: `${ONE}/transitiveMembers`,
    permission: PERMISSIONS.memberRead,
    handle: (call) => replyDirectoryObjects(call, transitiveMembers(call, requireGroup(call), new Set())),
  },
];

function routesOf(property: "members" | "owners", read: PermissionRule, write: PermissionRule): Route[] {
  const path = `${ONE}/${property}`;
  const list = (call: GraphCall): DirectoryObject[] => listRelated(call, requireGroup(call)[property]);
  return [
    ...relationRoutes({
      path,
      kinds: ["user", "group", "servicePrincipal"],
      read,
      write,
      list,
      add: (call) => addRelated(call, property),
      remove: (call) => removeRelated(call, property),
    }),
    {
      method: "GET",
      path: `${path}/$count`,
      permission: read,
      handle: (call) => {
        requireEventualConsistency(call);
        return { status: 200, body: list(call).length, headers: { "Content-Type": "text/plain" } };
      },
    },
  ];
}

/**
 * Finds the group that the path names, as a directory object.
 *
 * @param call - the request
 * @returns the group
 * @throws {GraphFault} Request_ResourceNotFound
 */
function requireGroup(call: GraphCall): Group {
  const name = param(call, "group");
  const group = findGroup(call.tenant, name);
  if (group === undefined || name.includes("@")) throw notFound(name);
  return group;
}

function livingGroups(call: GraphCall): Group[] {
  return [...call.tenant.groups.values()].filter(({ deletedAtMs }) => deletedAtMs === undefined);
}

function listGroups(call: GraphCall): GraphReply {
  return replyCollection(GROUP_WITH_RELATIONS, livingGroups(call), call, {
    style: DIRECTORY_STYLE,
    context: "groups",
  });
}

function countGroups(call: GraphCall): GraphReply {
  requireEventualConsistency(call);
  return { status: 200, body: livingGroups(call).length, headers: { "Content-Type": "text/plain" } };
}

function getGroup(call: GraphCall): GraphReply {
  return replyEntity(GROUP_WITH_RELATIONS, requireGroup(call), call, { context: "groups" });
}

function postGroup(call: GraphCall): GraphReply {
  const group = readNewGroup(call, readJsonBody(call), randomUUID());
  call.tenant.groups.set(group.id, group);
  return replyEntity(GROUP_TYPE, group, call, { status: 201, context: "groups" });
}

function patchGroup(call: GraphCall): GraphReply {
  changeGroup(call, requireGroup(call), readJsonBody(call));
  return { status: 204 };
}

/** Unified groups can be restored for 30 days; security groups are gone. */
function removeGroup(call: GraphCall): GraphReply {
  const group = requireGroup(call);
  if (group.groupTypes.includes("Unified")) group.deletedAtMs = call.context.clock.nowMs();
  else call.tenant.groups.delete(group.id);
  return { status: 204 };
}

function addRelated(call: GraphCall, property: "members" | "owners"): GraphReply {
  const group = requireGroup(call);
  const { object } = readReference(call.tenant, readJsonBody(call)["@odata.id"]);
  if (group[property].includes(object.id)) throw alreadyThere(property);
  group[property] = [...group[property], object.id];
  return { status: 204 };
}

function removeRelated(call: GraphCall, property: "members" | "owners"): GraphReply {
  const group = requireGroup(call);
  const id = relatedId(call);
  if (!group[property].includes(id)) throw notFound(id);
  if (property === "owners" && group.owners.length === 1 && group.groupTypes.includes("Unified"))
    throw new GraphFault(
      "Request_BadRequest",
      "The group must have at least one owner, hence this owner cannot be removed.",
    );
  group[property] = group[property].filter((other) => other !== id);
  return { status: 204 };
}

function listRelated(call: GraphCall, ids: readonly string[]): DirectoryObject[] {
  return ids.flatMap((id) => findDirectoryObject(call.tenant, id) ?? []);
}

function transitiveMembers(call: GraphCall, group: Group, seen: Set<string>): DirectoryObject[] {
  return listRelated(call, group.members).flatMap((member) => {
    if (seen.has(member.object.id)) return [];
    seen.add(member.object.id);
    return member.kind === "group" ? [member, ...transitiveMembers(call, member.object, seen)] : [member];
  });
}
