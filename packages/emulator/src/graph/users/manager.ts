/**
 * A user's manager and direct reports.
 *
 * @see https://learn.microsoft.com/graph/api/user-list-manager
 */
import type { User } from "../../directory/directory.ts";
import { type GraphCall, type GraphReply, readJsonBody } from "../call.ts";
import {
  type DirectoryObject,
  findDirectoryObject,
  readReference,
  replyDirectoryObjects,
} from "../directory/directory-object.ts";
import { replyDirectoryObject, replyReference } from "../directory/related-object.ts";
import { findUser } from "../directory-lookup.ts";
import { GraphFault } from "../errors.ts";
import { notFound } from "../not-found.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";

/** Under this name a user's properties hold the manager's object id. */
export const MANAGER = "managerId";

/** Rows of the route table. */
export const managerRoutes: readonly Route[] = ["/users/{user}", "/me"].flatMap((one): Route[] => {
  const [read, write] = [PERMISSIONS.userRead, PERMISSIONS.userWrite];
  const path = `${one}/manager`;
  return [
    { method: "GET", path, permission: read, handle: (call) => replyDirectoryObject(call, manager(call)) },
    {
      method: "GET",
      path: `${path}/$ref`,
      permission: read,
      handle: (call) => replyReference(call, manager(call)),
    },
    { method: "PUT", path: `${path}/$ref`, permission: write, handle: setManager },
    { method: "DELETE", path: `${path}/$ref`, permission: write, handle: removeManager },
    { method: "GET", path: `${one}/directReports`, permission: read, handle: listReports },
    { method: "GET", path: `${one}/directReports/user`, permission: read, handle: listReports },
  ];
});

function requireUser(call: GraphCall): User {
  const name = call.params["user"] ?? call.caller.objectId;
  const user = findUser(call.tenant, name);
  if (user === undefined) throw notFound(name);
  return user;
}

function manager(call: GraphCall): DirectoryObject {
  const id = requireUser(call).properties[MANAGER];
  const found = typeof id === "string" ? findDirectoryObject(call.tenant, id) : undefined;
  if (found === undefined) throw notFound("manager");
  return found;
}

function setManager(call: GraphCall): GraphReply {
  const user = requireUser(call);
  const { kind, object } = readReference(call.tenant, readJsonBody(call)["@odata.id"]);
  if (kind !== "user")
    throw new GraphFault("Request_BadRequest", "The reference target of property 'manager' is not a user.");
  user.properties[MANAGER] = object.id;
  return { status: 204 };
}

function removeManager(call: GraphCall): GraphReply {
  const user = requireUser(call);
  if (user.properties[MANAGER] === undefined) throw notFound("manager");
  delete user.properties[MANAGER];
  return { status: 204 };
}

function listReports(call: GraphCall): GraphReply {
  const { id } = requireUser(call);
  const reports = [...call.tenant.users.values()].filter(({ properties }) => properties[MANAGER] === id);
  return replyDirectoryObjects(
    call,
    reports.map((object) => ({ kind: "user", object })),
  );
}
