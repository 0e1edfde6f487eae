/** Reads the body of a group. */
import type { Group } from "../../directory/directory.ts";
import { denied } from "../authorise.ts";
import type { GraphCall, JsonObject } from "../call.ts";
import { findDirectoryObject, readReference } from "../directory/directory-object.ts";
import { invalidProperty, missingProperty, refuseUnknownProperties } from "../directory-body.ts";
import { GraphFault } from "../errors.ts";
import { EXCHANGE_DEFAULTS, GROUP_TYPE } from "./group-entity.ts";

const RESOURCE = "Group";
const LONGEST_DISPLAY_NAME = 256;
const LONGEST_NICKNAME = 64;
/** Relationships that one request may bring along. */
const BIND_LIMIT = 20;
const VISIBILITIES = ["Private", "Public", "HiddenMembership"];
const BINDINGS = ["owners@odata.bind", "members@odata.bind"] as const;
const KNOWN = new Set([...Object.keys(GROUP_TYPE.properties), "owners", "members"]);
const READ_ONLY = new Set(["id", "deletedDateTime", "createdDateTime", "renewedDateTime", "mail"]);
const USER_READ = ["User.Read.All", "User.ReadBasic.All", "User.ReadWrite.All", "Directory.Read.All"];
const GROUP_WRITE = ["Group.ReadWrite.All", "Directory.ReadWrite.All"];

/**
 * Reads a new group.
 *
 * @param call - the request
 * @param body - as it was sent
 * @param id - fresh object id
 * @returns the group
 * @throws {GraphFault} Request_BadRequest naming the property, or Request_ResourceNotFound for a binding
 */
export function readNewGroup(call: GraphCall, body: JsonObject, id: string): Group {
  refuseUnknownProperties(body, KNOWN, RESOURCE);
  for (const name of ["displayName", "mailEnabled", "mailNickname", "securityEnabled"])
    if (body[name] === undefined || body[name] === null) throw missingProperty(name, RESOURCE);
  for (const name of Object.keys(EXCHANGE_DEFAULTS))
    if (body[name] !== undefined) throw invalidProperty(name, RESOURCE);
  const { mailEnabled, mailNickname, groupTypes = [] } = body;
  if (typeof mailEnabled !== "boolean") throw invalidProperty("mailEnabled", RESOURCE);
  if (typeof body["securityEnabled"] !== "boolean") throw invalidProperty("securityEnabled", RESOURCE);
  const types = readGroupTypes(groupTypes);
  const isUnified = types.includes("Unified");
  if (mailEnabled !== isUnified)
    throw new GraphFault(
      "Request_BadRequest",
      isUnified
        ? "A Unified group must be mail-enabled."
        : "The service does not currently support writes of mail-enabled groups. Please ensure that the mail-enablement property is unset and the security-enablement property is set.",
    );
  const [owners, members] = readBindings(call, body);
  const group: Group = {
    id,
    displayName: readDisplayName(body["displayName"]),
    mailNickname: readNickname(call, mailNickname, id),
    mail: isUnified ? `${String(mailNickname)}@${call.tenant.domains[0]}` : undefined,
    groupTypes: types,
    owners,
    members,
    createdAtMs: call.context.clock.nowMs(),
    deletedAtMs: undefined,
    properties: {},
  };
  applyPlain(group, body);
  return group;
}

/**
 * Applies a change; all of it or nothing.
 *
 * @param call - the request
 * @param group - changed in place
 * @param body - as it was sent
 * @throws {GraphFault} Request_BadRequest naming the property, or Request_ResourceNotFound for a binding
 */
export function changeGroup(call: GraphCall, group: Group, body: JsonObject): void {
  refuseUnknownProperties(body, KNOWN, RESOURCE);
  for (const name of ["resourceBehaviorOptions", "mailEnabled", "groupTypes"])
    if (body[name] !== undefined) throw invalidProperty(name, RESOURCE);
  const [owners, members] = readBindings(call, body);
  if (owners.some((id) => group.owners.includes(id))) throw alreadyThere("owners");
  if (members.some((id) => group.members.includes(id))) throw alreadyThere("members");
  const { displayName, mailNickname } = body;
  const newName = displayName === undefined ? group.displayName : readDisplayName(displayName);
  const newNickname =
    mailNickname === undefined ? group.mailNickname : readNickname(call, mailNickname, group.id);
  applyPlain(group, body);
  group.displayName = newName;
  group.mailNickname = newNickname;
  group.owners = [...group.owners, ...owners];
  group.members = [...group.members, ...members];
}

/**
 * The refusal for a member or owner that is there already.
 *
 * @param property - `members` or `owners`
 * @returns the fault, to be thrown
 */
export function alreadyThere(property: string): GraphFault {
  return new GraphFault(
    "Request_BadRequest",
    `One or more added object references already exist for the following modified properties: '${property}'.`,
  );
}

function readBindings(call: GraphCall, body: JsonObject): [string[], string[]] {
  const addresses = BINDINGS.map((name) => {
    const value = body[name] ?? [];
    if (!Array.isArray(value)) throw invalidProperty(name, RESOURCE);
    return value as unknown[];
  });
  if (addresses.flat().length > BIND_LIMIT)
    throw new GraphFault(
      "Request_BadRequest",
      `The number of relationships in one request exceeds the maximum of ${BIND_LIMIT}.`,
    );
  const [owners = [], members = []] = addresses.map((list) =>
    list.map((address) => readReference(call.tenant, address).object.id),
  );
  refuseUnreadableUsers(call, owners);
  for (const [property, ids] of [
    ["owners", owners],
    ["members", members],
  ] as const)
    if (new Set(ids).size !== ids.length) throw alreadyThere(property);
  return [owners, members];
}

/** Who may only create groups has to be able to read the users whom it makes owners. */
function refuseUnreadableUsers(call: GraphCall, owners: readonly string[]): void {
  const has = (names: readonly string[]): boolean => names.some((name) => call.caller.permissions.has(name));
  const bindsUsers = owners.some((id) => findDirectoryObject(call.tenant, id)?.kind === "user");
  if (bindsUsers && !has(GROUP_WRITE) && !has(USER_READ)) throw denied("directory");
}

function readGroupTypes(value: unknown): string[] {
  if (!Array.isArray(value)) throw invalidProperty("groupTypes", RESOURCE);
  for (const type of value as unknown[])
    if (type !== "Unified" && type !== "DynamicMembership") throw invalidProperty("groupTypes", RESOURCE);
  return value as string[];
}

function readDisplayName(value: unknown): string {
  if (typeof value !== "string" || value === "" || value.length > LONGEST_DISPLAY_NAME)
    throw invalidProperty("displayName", RESOURCE);
  return value;
}

function readNickname(call: GraphCall, value: unknown, id: string): string {
  if (typeof value !== "string" || value === "" || value.length > LONGEST_NICKNAME)
    throw invalidProperty("mailNickname", RESOURCE);
  if (!/^[!-~]+$/.test(value) || /[@()\\[\]";:.<>,]/.test(value))
    throw invalidProperty("mailNickname", RESOURCE);
  for (const other of call.tenant.groups.values())
    if (other.id !== id && other.deletedAtMs === undefined && isSame(other.mailNickname, value))
      throw new GraphFault(
        "Request_BadRequest",
        "Another object with the same value for property mailNickname already exists.",
      );
  return value;
}

function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function applyPlain(group: Group, body: JsonObject): void {
  const { visibility } = body;
  if (visibility !== undefined && visibility !== null && !VISIBILITIES.includes(String(visibility)))
    throw invalidProperty("visibility", RESOURCE);
  const typed = new Set(["displayName", "mailNickname", "groupTypes", "mailEnabled"]);
  for (const [name, value] of Object.entries(body))
    if (!name.includes("@") && !typed.has(name) && !READ_ONLY.has(name)) group.properties[name] = value;
}
