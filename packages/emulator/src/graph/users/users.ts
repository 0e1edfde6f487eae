/**
 * Users of the directory.
 *
 * @see https://learn.microsoft.com/graph/api/resources/user
 */
import type { User } from "../../directory/directory.ts";
import { authorise } from "../authorise.ts";
import { type GraphCall, type GraphReply, param } from "../call.ts";
import { expandObjects } from "../directory/directory-object.ts";
import { findUser } from "../directory-lookup.ts";
import { GraphFault } from "../errors.ts";
import { requireSelf } from "../mailbox-owner.ts";
import { selectMailboxSettings } from "../mailbox-settings/mailbox-settings.ts";
import { notFound } from "../not-found.ts";
import { DIRECTORY_STYLE, replyCollection, replyEntity } from "../odata/collection.ts";
import type { EntityType } from "../odata/entity.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";
import { MANAGER } from "./manager.ts";
import { USER_TYPE } from "./user-entity.ts";

/** Users with the groups that they belong to. */
const WITH_RELATIONS: EntityType<User> = {
  ...USER_TYPE,
  expansions: {
    memberOf: ({ id }, call, { select }) => expandObjects(call, groupsOf(call, id), select),
    manager: ({ properties }, call, { select }) =>
      expandObjects(call, [String(properties[MANAGER])], select)[0],
  },
};

/** A single user, who alone shows what lies in the mailbox. */
const SINGLE_USER: EntityType<User> = {
  ...WITH_RELATIONS,
  onRequest: new Set([...WITH_RELATIONS.onRequest, "mailboxSettings"]),
  properties: {
    ...WITH_RELATIONS.properties,
    mailboxSettings: (_user, call) => selectMailboxSettings(call),
  },
};

/** Rows of the route table. */
export const userRoutes: readonly Route[] = [
  { method: "GET", path: "/users", permission: PERMISSIONS.userRead, handle: listUsers },
  { method: "GET", path: "/users/$count", permission: PERMISSIONS.userRead, handle: countUsers },
  { method: "GET", path: "/users/{user}", permission: PERMISSIONS.anyToken, handle: getUser },
  { method: "GET", path: "/me", permission: PERMISSIONS.anyToken, handle: getMe },
];

/**
 * Finds the user whom the path names, as a directory object.
 *
 * @param call - the request
 * @returns the account
 * @throws {GraphFault} Request_ResourceNotFound
 */
export function requireUserObject(call: GraphCall): User {
  const name = param(call, "user");
  const user = findUser(call.tenant, name);
  if (user === undefined) throw notFound(name);
  return user;
}

/**
 * Refuses a count that was asked without the header that the directory wants for it.
 *
 * @param call - the request
 * @throws {GraphFault} Request_BadRequest
 */
export function requireEventualConsistency(call: GraphCall): void {
  if (String(call.request.headers["consistencylevel"] ?? "").toLowerCase() !== "eventual")
    throw new GraphFault("Request_BadRequest", "$count is not currently supported.");
}

function listUsers(call: GraphCall): GraphReply {
  return replyCollection(WITH_RELATIONS, [...call.tenant.users.values()], call, {
    style: DIRECTORY_STYLE,
    context: "users",
  });
}

function countUsers(call: GraphCall): GraphReply {
  requireEventualConsistency(call);
  return { status: 200, body: call.tenant.users.size, headers: { "Content-Type": "text/plain" } };
}

/** Reading oneself needs less than reading others, so the rule is applied here. */
function getUser(call: GraphCall): GraphReply {
  const { caller } = call;
  const found = findUser(call.tenant, param(call, "user"));
  const isSelf = !caller.isApplication && found?.id === caller.objectId;
  authorise(caller, isSelf ? PERMISSIONS.selfRead : PERMISSIONS.userRead);
  return replyEntity(SINGLE_USER, requireUserObject(call), call, { context: "users" });
}

function getMe(call: GraphCall): GraphReply {
  const user = requireSelf(call);
  authorise(call.caller, PERMISSIONS.selfRead);
  return replyEntity(SINGLE_USER, user, call, { context: "users" });
}

function groupsOf(call: GraphCall, id: string): string[] {
  return [...call.tenant.groups.values()]
    .filter(({ members }) => members.includes(id))
    .map((group) => group.id);
}
