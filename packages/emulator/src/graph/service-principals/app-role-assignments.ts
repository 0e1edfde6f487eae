/**
 * Application permissions that were granted, seen from both sides: `appRoleAssignments` of the one who has them,
 * `appRoleAssignedTo` of the API that offers them.
 *
 * @see https://learn.microsoft.com/graph/api/resources/approleassignment
 */
import { randomBytes } from "node:crypto";
import type { AppRoleAssignment, Tenant } from "../../directory/directory.ts";
import { type GraphCall, type GraphReply, param, readJsonBody } from "../call.ts";
import { invalidProperty, missingProperty } from "../directory-body.ts";
import { findGroup, findUser, requireServicePrincipal } from "../directory-lookup.ts";
import { GraphFault } from "../errors.ts";
import { formatInstant } from "../events/event-entity.ts";
import { notFound } from "../not-found.ts";
import { DIRECTORY_STYLE, replyCollection, replyEntity } from "../odata/collection.ts";
import { type EntityType, renderEntity } from "../odata/entity.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";

const RESOURCE = "AppRoleAssignment";
/** Access without any role. */
const DEFAULT_ROLE = "00000000-0000-0000-0000-000000000000";

const APP_ROLE_ASSIGNMENT_TYPE: EntityType<AppRoleAssignment> = {
  name: "microsoft.graph.appRoleAssignment",
  always: [],
  onRequest: new Set(),
  expansions: {},
  properties: {
    id: (assignment) => assignment.id,
    deletedDateTime: () => null,
    appRoleId: (assignment) => assignment.appRoleId,
    createdDateTime: (assignment) => formatInstant(assignment.createdAtMs),
    principalDisplayName: (assignment, call) =>
      findPrincipal(call.tenant, assignment.principalId)?.displayName ?? null,
    principalId: (assignment) => assignment.principalId,
    principalType: (assignment) => assignment.principalType,
    resourceDisplayName: (assignment, call) =>
      call.tenant.servicePrincipals.get(assignment.resourceId)?.displayName ?? null,
    resourceId: (assignment) => assignment.resourceId,
  },
};

/** Rows of the route table. */
export const appRoleAssignmentRoutes: readonly Route[] = [
  ...sideRoutes("/servicePrincipals/{servicePrincipal}/appRoleAssignments", "principalId"),
  ...sideRoutes("/servicePrincipals/{servicePrincipal}/appRoleAssignedTo", "resourceId"),
  ...sideRoutes("/users/{user}/appRoleAssignments", "principalId"),
  ...sideRoutes("/groups/{group}/appRoleAssignments", "principalId"),
];

/**
 * Renders the assignments of one object as `$expand` shows them.
 *
 * @param call - the request
 * @param side - `principalId` for what the object may do, `resourceId` for who may do something with it
 * @param id - object id
 * @param select - properties; all when absent
 * @returns JSON objects
 */
export function expandAssignments(
  call: GraphCall,
  side: "principalId" | "resourceId",
  id: string,
  select: readonly string[] | undefined,
): Record<string, unknown>[] {
  return [...call.tenant.appRoleAssignments.values()]
    .filter((assignment) => assignment[side] === id)
    .map((assignment) => renderEntity(APP_ROLE_ASSIGNMENT_TYPE, assignment, call, { select, expand: [] }));
}

function sideRoutes(path: string, side: "principalId" | "resourceId"): Route[] {
  return [
    {
      method: "GET",
      path,
      permission: PERMISSIONS.appRoleAssignmentRead,
      handle: (call) =>
        replyCollection(APP_ROLE_ASSIGNMENT_TYPE, listAssignments(call, side), call, {
          style: DIRECTORY_STYLE,
          context: "appRoleAssignments",
        }),
    },
    {
      method: "POST",
      path,
      permission: PERMISSIONS.appRoleAssignmentCreate,
      handle: (call) => postAssignment(call, side),
    },
    {
      method: "GET",
      path: `${path}/{assignment}`,
      permission: PERMISSIONS.appRoleAssignmentRead,
      handle: (call) =>
        replyEntity(APP_ROLE_ASSIGNMENT_TYPE, requireAssignment(call, side), call, {
          context: "appRoleAssignments",
        }),
    },
    {
      method: "DELETE",
      path: `${path}/{assignment}`,
      permission: PERMISSIONS.appRoleAssignmentDelete,
      handle: (call) => {
        call.tenant.appRoleAssignments.delete(requireAssignment(call, side).id);
        return { status: 204 };
      },
    },
  ];
}

function listAssignments(call: GraphCall, side: "principalId" | "resourceId"): AppRoleAssignment[] {
  const id = objectOfPath(call);
  return [...call.tenant.appRoleAssignments.values()].filter((assignment) => assignment[side] === id);
}

function requireAssignment(call: GraphCall, side: "principalId" | "resourceId"): AppRoleAssignment {
  const id = param(call, "assignment");
  const found = listAssignments(call, side).find((assignment) => assignment.id === id);
  if (found === undefined) throw notFound(id);
  return found;
}

function postAssignment(call: GraphCall, side: "principalId" | "resourceId"): GraphReply {
  const body = readJsonBody(call);
  const [principalId, resourceId, appRoleId] = ["principalId", "resourceId", "appRoleId"].map((name) => {
    const value = body[name];
    if (value === undefined || value === null) throw missingProperty(name, RESOURCE);
    if (typeof value !== "string") throw invalidProperty(name, RESOURCE);
    return value.toLowerCase();
  }) as [string, string, string];
  const { tenant } = call;
  if ((side === "principalId" ? principalId : resourceId) !== objectOfPath(call))
    throw invalidProperty(side, RESOURCE);
  const principal = findPrincipal(tenant, principalId);
  if (principal === undefined) throw notFound(principalId);
  const resource = tenant.servicePrincipals.get(resourceId);
  if (resource === undefined) throw notFound(resourceId);
  const role = resource.appRoles.find(({ id }) => id.toLowerCase() === appRoleId);
  if (appRoleId !== DEFAULT_ROLE && role?.isEnabled !== true)
    throw new GraphFault(
      "Request_BadRequest",
      `Permission being assigned was not found on application '${resource.appId}'.`,
    );
  for (const known of tenant.appRoleAssignments.values())
    if (
      known.principalId === principalId &&
      known.resourceId === resourceId &&
      known.appRoleId.toLowerCase() === appRoleId
    )
      throw new GraphFault("Request_BadRequest", "Permission being assigned already exists on the object");
  const assignment: AppRoleAssignment = {
    id: randomBytes(32).toString("base64url"),
    principalId,
    principalType: principal.type,
    resourceId,
    appRoleId: role?.id ?? appRoleId,
    createdAtMs: call.context.clock.nowMs(),
  };
  tenant.appRoleAssignments.set(assignment.id, assignment);
  return replyEntity(APP_ROLE_ASSIGNMENT_TYPE, assignment, call, {
    status: 201,
    context: "appRoleAssignments",
  });
}

function objectOfPath(call: GraphCall): string {
  const { user, group } = call.params;
  if (user !== undefined) {
    const found = findUser(call.tenant, user);
    if (found === undefined) throw notFound(user);
    return found.id;
  }
  if (group !== undefined) {
    const found = findGroup(call.tenant, group);
    if (found === undefined) throw notFound(group);
    return found.id;
  }
  return requireServicePrincipal(call.tenant, param(call, "servicePrincipal")).id;
}

function findPrincipal(
  tenant: Tenant,
  id: string,
): { readonly displayName: string; readonly type: AppRoleAssignment["principalType"] } | undefined {
  const { servicePrincipals, users, groups } = tenant;
  const [principal, user, group] = [servicePrincipals.get(id), users.get(id), groups.get(id)];
  if (principal !== undefined) return { displayName: principal.displayName, type: "ServicePrincipal" };
  if (user !== undefined) return { displayName: user.displayName, type: "User" };
  return group === undefined ? undefined : { displayName: group.displayName, type: "Group" };
}
