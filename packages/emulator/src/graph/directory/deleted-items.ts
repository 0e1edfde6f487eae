/**
 * Deleted users, Unified groups and applications, and their return within 30 days.
 *
 * @see https://learn.microsoft.com/graph/api/resources/directory
 */
import type { Application, Group, Tenant, User } from "../../directory/directory.ts";
import { APPLICATION_TYPE } from "../applications/application-entity.ts";
import { authorise } from "../authorise.ts";
import { type GraphCall, type GraphReply, param } from "../call.ts";
import { findUser } from "../directory-lookup.ts";
import { GraphFault } from "../errors.ts";
import { GROUP_TYPE } from "../groups/group-entity.ts";
import { notFound } from "../not-found.ts";
import { DIRECTORY_STYLE, replyCollection } from "../odata/collection.ts";
import { type EntityType, renderEntity } from "../odata/entity.ts";
import { PERMISSIONS, type PermissionRule } from "../permissions.ts";
import type { Route } from "../router.ts";
import { type DeletedUser, directoryState } from "../tenant-state.ts";
import { USER_TYPE } from "../users/user-entity.ts";

const RETENTION_MS = 30 * 86_400_000;
const DELETED = "/directory/deletedItems";

/** An object that can be brought back. */
type Deleted =
  | { readonly kind: "user"; readonly kept: DeletedUser; readonly deletedAtMs: number }
  | { readonly kind: "group"; readonly kept: Group; readonly deletedAtMs: number }
  | { readonly kind: "application"; readonly kept: Application; readonly deletedAtMs: number };

type Kind = Deleted["kind"];

const READ: Readonly<Record<Kind, PermissionRule>> = {
  user: PERMISSIONS.userRead,
  group: PERMISSIONS.groupRead,
  application: PERMISSIONS.applicationRead,
};
const RESTORE: Readonly<Record<Kind, PermissionRule>> = {
  user: PERMISSIONS.userWrite,
  group: PERMISSIONS.groupUpdate,
  application: PERMISSIONS.applicationWrite,
};
const REMOVE: Readonly<Record<Kind, PermissionRule>> = { ...RESTORE, group: PERMISSIONS.groupDelete };

/** Rows of the route table. */
export const deletedItemRoutes: readonly Route[] = [
  ...(["user", "group", "application"] as const).map(
    (kind): Route => ({
      method: "GET",
      path: `${DELETED}/${kind}`,
      permission: READ[kind],
      handle: (call) => listDeleted(call, kind),
    }),
  ),
  { method: "GET", path: `${DELETED}/{object}`, permission: PERMISSIONS.anyToken, handle: getDeleted },
  { method: "POST", path: `${DELETED}/{object}/restore`, permission: PERMISSIONS.anyToken, handle: restore },
  { method: "DELETE", path: `${DELETED}/{object}`, permission: PERMISSIONS.anyToken, handle: removeForGood },
];

/**
 * Deletes a user, who can be brought back with mailbox and memberships.
 *
 * @param tenant - changed in place
 * @param user - of this tenant
 * @param nowMs - milliseconds since 1970 UTC
 */
export function deleteUser(tenant: Tenant, user: User, nowMs: number): void {
  const groups = [...tenant.groups.values()];
  const idsWhere = (relation: "members" | "owners"): string[] =>
    groups.filter((group) => group[relation].includes(user.id)).map(({ id }) => id);
  const deleted = { user, deletedAtMs: nowMs, memberOf: idsWhere("members"), ownerOf: idsWhere("owners") };
  tenant.users.delete(user.id);
  for (const group of groups) {
    group.members = group.members.filter((id) => id !== user.id);
    group.owners = group.owners.filter((id) => id !== user.id);
  }
  directoryState(tenant).deletedUsers.set(user.id, deleted);
}

function listKept({ tenant, context }: GraphCall, kind: Kind): Deleted[] {
  const oldestMs = context.clock.nowMs() - RETENTION_MS;
  return everyDeleted(tenant, kind).filter(({ deletedAtMs }) => deletedAtMs >= oldestMs);
}

function everyDeleted(tenant: Tenant, kind: Kind): Deleted[] {
  if (kind === "group")
    return [...tenant.groups.values()].flatMap((kept): Deleted[] =>
      kept.deletedAtMs === undefined ? [] : [{ kind, kept, deletedAtMs: kept.deletedAtMs }],
    );
  const { deletedApplications, deletedUsers } = directoryState(tenant);
  if (kind === "user")
    return [...deletedUsers.values()].map((kept) => ({ kind, kept, deletedAtMs: kept.deletedAtMs }));
  return [...deletedApplications.values()].map(({ application: kept, deletedAtMs }) => ({
    kind,
    kept,
    deletedAtMs,
  }));
}

function idOf({ kind, kept }: Deleted): string {
  return kind === "user" ? kept.user.id : kept.id;
}

/** Unified groups, users and applications stay for 30 days; other groups are gone at once. */
function requireDeleted(call: GraphCall): Deleted {
  const id = param(call, "object").toLowerCase();
  for (const kind of ["user", "group", "application"] as const) {
    const found = listKept(call, kind).find((deleted) => idOf(deleted) === id);
    if (found !== undefined) return found;
  }
  throw notFound(id);
}

function getDeleted(call: GraphCall): GraphReply {
  const deleted = requireDeleted(call);
  authorise(call.caller, READ[deleted.kind]);
  return replyObject(call, deleted, true);
}

function restore(call: GraphCall): GraphReply {
  const deleted = requireDeleted(call);
  authorise(call.caller, RESTORE[deleted.kind]);
  const { tenant } = call;
  if (deleted.kind === "group") deleted.kept.deletedAtMs = undefined;
  else if (deleted.kind === "user") restoreUser(tenant, deleted.kept);
  else {
    directoryState(tenant).deletedApplications.delete(deleted.kept.id);
    tenant.applications.set(deleted.kept.id, deleted.kept);
  }
  return replyObject(call, deleted, false);
}

function restoreUser(tenant: Tenant, { user, memberOf, ownerOf }: DeletedUser): void {
  if (findUser(tenant, user.userPrincipalName) !== undefined)
    throw new GraphFault(
      "Request_BadRequest",
      "Another object with the same value for property userPrincipalName already exists.",
    );
  directoryState(tenant).deletedUsers.delete(user.id);
  // A copy, so that whoever writes changes down takes the mailbox for a new one.
  tenant.users.set(user.id, structuredClone(user));
  for (const group of tenant.groups.values()) {
    if (memberOf.includes(group.id)) group.members = [...group.members, user.id];
    if (ownerOf.includes(group.id)) group.owners = [...group.owners, user.id];
  }
}

function removeForGood(call: GraphCall): GraphReply {
  const deleted = requireDeleted(call);
  authorise(call.caller, REMOVE[deleted.kind]);
  const id = idOf(deleted);
  if (deleted.kind === "group") call.tenant.groups.delete(id);
  else if (deleted.kind === "user") directoryState(call.tenant).deletedUsers.delete(id);
  else directoryState(call.tenant).deletedApplications.delete(id);
  return { status: 204 };
}

function replyObject(call: GraphCall, deleted: Deleted, isStillDeleted: boolean): GraphReply {
  const options = { select: undefined, expand: [] };
  const rendered =
    deleted.kind === "user"
      ? renderEntity(USER_TYPE, isStillDeleted ? shownUser(deleted.kept) : deleted.kept.user, call, options)
      : deleted.kind === "group"
        ? renderEntity(GROUP_TYPE, deleted.kept, call, options)
        : renderEntity(APPLICATION_TYPE, deleted.kept, call, options);
  const body = {
    "@odata.context": `${call.serviceRoot}/$metadata#directoryObjects/$entity`,
    "@odata.type": `#microsoft.graph.${deleted.kind}`,
    ...rendered,
    deletedDateTime: isStillDeleted ? formatSeconds(deleted.deletedAtMs) : null,
  };
  return { status: 200, body };
}

/** The name of a deleted user is free again: the id stands before it. */
function shownUser({ user }: DeletedUser): User {
  return { ...user, userPrincipalName: `${user.id.replaceAll("-", "")}${user.userPrincipalName}` };
}

function listDeleted(call: GraphCall, kind: Kind): GraphReply {
  const all = listKept(call, kind);
  const deletedAtMs = new Map(all.map((deleted) => [idOf(deleted), deleted.deletedAtMs]));
  const replyList = <T extends { readonly id: string }>(
    type: EntityType<T>,
    items: readonly T[],
  ): GraphReply =>
    replyCollection(withDeletedTime(type, deletedAtMs), items, call, {
      style: DIRECTORY_STYLE,
      context: `${kind}s`,
    });
  if (kind === "user")
    return replyList(
      USER_TYPE,
      all.flatMap((deleted) => (deleted.kind === "user" ? [shownUser(deleted.kept)] : [])),
    );
  if (kind === "group")
    return replyList(
      GROUP_TYPE,
      all.flatMap((deleted) => (deleted.kind === "group" ? [deleted.kept] : [])),
    );
  return replyList(
    APPLICATION_TYPE,
    all.flatMap((deleted) => (deleted.kind === "application" ? [deleted.kept] : [])),
  );
}

function withDeletedTime<T extends { readonly id: string }>(
  type: EntityType<T>,
  deletedAtMs: ReadonlyMap<string, number>,
): EntityType<T> {
  return {
    ...type,
    properties: {
      ...type.properties,
      deletedDateTime: ({ id }) => formatSeconds(deletedAtMs.get(id) ?? 0),
    },
    onRequest: new Set([...type.onRequest].filter((name) => name !== "deletedDateTime")),
  };
}

function formatSeconds(instantMs: number): string {
  return new Date(instantMs).toISOString().replace(/\.\d+Z$/, "Z");
}
