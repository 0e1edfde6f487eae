/**
 * Which groups an object belongs to, directly and through other groups. Administrative units and directory roles,
 * which the service lists among them, do not exist here: their casts answer with nothing.
 *
 * @see https://learn.microsoft.com/graph/api/group-list-memberof
 */
import type { Group } from "../../directory/directory.ts";
import { type GraphCall, type GraphReply, param } from "../call.ts";
import { findGroup, findUser, requireServicePrincipal } from "../directory-lookup.ts";
import { notFound } from "../not-found.ts";
import { PERMISSIONS, type PermissionRule } from "../permissions.ts";
import type { Route } from "../router.ts";
import { replyDirectoryObjects } from "./directory-object.ts";

/** Rows of the route table. */
export const membershipRoutes: readonly Route[] = [
  ...routesOf("/users/{user}", PERMISSIONS.userRead, (call) => requireUserId(call, param(call, "user"))),
  ...routesOf("/me", PERMISSIONS.userRead, (call) => requireUserId(call, call.caller.objectId)),
  ...routesOf("/groups/{group}", PERMISSIONS.memberRead, requireGroupId),
  ...routesOf(
    "/servicePrincipals/{servicePrincipal}",
    PERMISSIONS.applicationRead,
    (call) => requireServicePrincipal(call.tenant, param(call, "servicePrincipal")).id,
  ),
];

function routesOf(one: string, permission: PermissionRule, find: (call: GraphCall) => string): Route[] {
  return ["memberOf", "transitiveMemberOf"].flatMap((name) => {
    const groups = (call: GraphCall): Group[] => groupsOf(call, find(call), name !== "memberOf");
    const list = (call: GraphCall): GraphReply => replyGroups(call, groups(call));
    const none = (call: GraphCall): GraphReply => {
      find(call);
      return replyGroups(call, []);
    };
    return [
      { method: "GET", path: `${one}/${name}`, permission, handle: list },
      // All memberships are groups, so that the cast of the SDKs takes nothing away.
      { method: "GET", path: `${one}/${name}/group`, permission, handle: list },
      { method: "GET", path: `${one}/${name}/administrativeUnit`, permission, handle: none },
      { method: "GET", path: `${one}/${name}/directoryRole`, permission, handle: none },
    ] satisfies Route[];
  });
}

/** Groups in the order of the directory; those of groups only when asked for. */
function groupsOf(call: GraphCall, id: string, isTransitive: boolean): Group[] {
  const living = [...call.tenant.groups.values()].filter(({ deletedAtMs }) => deletedAtMs === undefined);
  const found = new Set<Group>();
  const visit = (member: string): void => {
    for (const group of living) {
      if (found.has(group) || !group.members.includes(member)) continue;
      found.add(group);
      if (isTransitive) visit(group.id);
    }
  };
  visit(id);
  return living.filter((group) => found.has(group));
}

function replyGroups(call: GraphCall, groups: readonly Group[]): GraphReply {
  return replyDirectoryObjects(
    call,
    groups.map((object) => ({ kind: "group", object })),
  );
}

function requireUserId(call: GraphCall, name: string): string {
  const user = findUser(call.tenant, name);
  if (user === undefined) throw notFound(name);
  return user.id;
}

function requireGroupId(call: GraphCall): string {
  const name = param(call, "group");
  const group = findGroup(call.tenant, name);
  if (group === undefined || name.includes("@")) throw notFound(name);
  return group.id;
}
