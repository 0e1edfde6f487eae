/** Creating, changing and deleting users, and the licence that gives them a mailbox. */
import { randomUUID } from "node:crypto";
import type { User } from "../../directory/directory.ts";
import { createMailbox } from "../../mailbox/mailbox.ts";
import { type GraphCall, type GraphReply, isJsonObject, type JsonObject, readJsonBody } from "../call.ts";
import { deleteUser } from "../directory/deleted-items.ts";
import { invalidProperty, missingProperty, refuseUnknownProperties } from "../directory-body.ts";
import { findUser } from "../directory-lookup.ts";
import { GraphFault } from "../errors.ts";
import { replyEntity } from "../odata/collection.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";
import { USER_TYPE } from "./user-entity.ts";
import { requireUserObject } from "./users.ts";

const RESOURCE = "User";
const WRITE = PERMISSIONS.userWrite;
const KNOWN = new Set([...Object.keys(USER_TYPE.properties), "passwordProfile"]);
const OWN = new Set(["id", "displayName", "userPrincipalName", "mail", "accountEnabled", "passwordProfile"]);

/** Rows of the route table. */
export const userWriteRoutes: readonly Route[] = [
  { method: "POST", path: "/users", permission: WRITE, handle: postUser },
  { method: "PATCH", path: "/users/{user}", permission: WRITE, handle: patchUser },
  { method: "DELETE", path: "/users/{user}", permission: WRITE, handle: removeUser },
  { method: "POST", path: "/users/{user}/assignLicense", permission: WRITE, handle: assignLicense },
];

function postUser(call: GraphCall): GraphReply {
  const body = readJsonBody(call);
  refuseUnknownProperties(body, KNOWN, RESOURCE);
  for (const name of [
    "accountEnabled",
    "displayName",
    "mailNickname",
    "userPrincipalName",
    "passwordProfile",
  ])
    if (body[name] === undefined || body[name] === null) throw missingProperty(name, RESOURCE);
  const user: User = {
    id: randomUUID(),
    userPrincipalName: "",
    displayName: "",
    mail: undefined,
    password: undefined,
    accountEnabled: true,
    timeZone: "UTC",
    roles: [],
    mailbox: undefined,
    properties: {
      createdDateTime: new Date(call.context.clock.nowMs()).toISOString().replace(/\.\d+Z$/, "Z"),
    },
  };
  applyBody(call, user, body);
  call.tenant.users.set(user.id, user);
  return replyEntity(USER_TYPE, user, call, { status: 201, context: "users" });
}

function patchUser(call: GraphCall): GraphReply {
  const user = requireUserObject(call);
  const body = readJsonBody(call);
  refuseUnknownProperties(body, KNOWN, RESOURCE);
  applyBody(call, user, body);
  return { status: 204 };
}

function removeUser(call: GraphCall): GraphReply {
  deleteUser(call.tenant, requireUserObject(call), call.context.clock.nowMs());
  return { status: 204 };
}

/** Any licence brings a mailbox. */
function assignLicense(call: GraphCall): GraphReply {
  const user = requireUserObject(call);
  const { addLicenses } = readJsonBody(call);
  if (!Array.isArray(addLicenses)) throw missingProperty("addLicenses", RESOURCE);
  user.properties["assignedLicenses"] = addLicenses;
  if (addLicenses.length > 0 && user.mailbox === undefined) {
    user.mailbox = createMailbox(user.id);
    user.mail ??= user.userPrincipalName;
  }
  return replyEntity(USER_TYPE, user, call, { context: "users" });
}

function applyBody(call: GraphCall, user: User, body: JsonObject): void {
  const { displayName, userPrincipalName, mail, accountEnabled, passwordProfile } = body;
  if (displayName !== undefined && (typeof displayName !== "string" || displayName === ""))
    throw invalidProperty("displayName", RESOURCE);
  if (mail !== undefined && mail !== null && typeof mail !== "string")
    throw invalidProperty("mail", RESOURCE);
  if (accountEnabled !== undefined && typeof accountEnabled !== "boolean")
    throw invalidProperty("accountEnabled", RESOURCE);
  const name = userPrincipalName === undefined ? undefined : readPrincipalName(call, user, userPrincipalName);
  const password = isJsonObject(passwordProfile) ? passwordProfile["password"] : undefined;
  // A change may say only whether the next sign-in asks for a new password.
  const mayLackPassword = user.userPrincipalName !== "" && password === undefined;
  const isProfile = isJsonObject(passwordProfile) || (mayLackPassword && passwordProfile === null);
  if (passwordProfile !== undefined && !(isProfile && (mayLackPassword || typeof password === "string")))
    throw invalidProperty("passwordProfile", RESOURCE);
  user.displayName = displayName ?? user.displayName;
  user.userPrincipalName = name ?? user.userPrincipalName;
  user.mail = mail === undefined ? user.mail : (mail ?? undefined);
  user.accountEnabled = accountEnabled ?? user.accountEnabled;
  if (typeof password === "string") user.password = password;
  for (const [key, value] of Object.entries(body))
    if (!key.includes("@") && !OWN.has(key)) user.properties[key] = value;
}

function readPrincipalName(call: GraphCall, user: User, value: unknown): string {
  const domain = typeof value === "string" ? value.split("@")[1]?.toLowerCase() : undefined;
  if (typeof value !== "string" || domain === undefined) throw invalidProperty("userPrincipalName", RESOURCE);
  if (!call.tenant.domains.includes(domain))
    throw new GraphFault(
      "Request_BadRequest",
      "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.",
    );
  const other = findUser(call.tenant, value);
  if (other !== undefined && other.id !== user.id)
    throw new GraphFault(
      "Request_BadRequest",
      "Another object with the same value for property userPrincipalName already exists.",
    );
  return value;
}
