/**
 * With whom a calendar is shared. The entries are kept and shown; they open and close nothing.
 *
 * @see https://learn.microsoft.com/graph/api/resources/calendarpermission
 */
import { type CalendarFolder, type CalendarShare, nextSequence } from "../../mailbox/mailbox.ts";
import { denied } from "../authorise.ts";
import {
  type GraphCall,
  type GraphReply,
  isJsonObject,
  type JsonObject,
  param,
  readJsonBody,
} from "../call.ts";
import { findUser } from "../directory-lookup.ts";
import { GraphFault } from "../errors.ts";
import { unknownProperty } from "../events/event-faults.ts";
import { requireEvent } from "../events/events.ts";
import { type MailboxOwner, resolveOwner } from "../mailbox-owner.ts";
import { groupRule, mailboxRoutes, requireFolder } from "../mailbox-paths.ts";
import { OUTLOOK_STYLE, replyCollection, replyEntity } from "../odata/collection.ts";
import type { EntityType } from "../odata/entity.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";

const ORGANIZATION_ID = Buffer.from("Default").toString("base64");
const ORGANIZATION: CalendarShare = { address: undefined, name: "My Organization", role: "freeBusyRead" };
const OUTSIDE_ROLES = ["freeBusyRead", "limitedRead", "read"];
const INSIDE_ROLES = [...OUTSIDE_ROLES, "write"];
const DELEGATE_ROLES = ["delegateWithoutPrivateEventAccess", "delegateWithPrivateEventAccess"];
const PROPERTIES = ["emailAddress", "isInsideOrganization", "isRemovable", "allowedRoles", "role", "id"];

interface ShareItem {
  readonly share: CalendarShare;
  readonly folder: CalendarFolder;
}

const PERMISSION_TYPE: EntityType<ShareItem> = {
  name: "microsoft.graph.calendarPermission",
  always: ["id"],
  onRequest: new Set(),
  expansions: {},
  properties: {
    id: ({ share }, call) => shareId(call, share),
    isRemovable: ({ share }) => share.address !== undefined,
    isInsideOrganization: ({ share }, call) => isInside(call, share),
    role: ({ share }) => share.role,
    allowedRoles: ({ share, folder }, call) => allowedRoles(call, share, folder),
    emailAddress: ({ share: { name, address } }) =>
      address === undefined ? { name } : { name: name ?? address, address },
  },
};

const ALL = "/calendarPermissions";
const ONE = "/calendarPermissions/{permission}";
const [READ, WRITE] = [PERMISSIONS.calendarRead, PERMISSIONS.calendarWrite];

/** Rows of the route table; those behind an event mean the calendar in which it lies. */
export const calendarPermissionRoutes: readonly Route[] = [
  "/calendar",
  "/calendars/{calendar}",
  "/calendarGroups/{calendarGroup}/calendars/{calendar}",
  "/events/{event}/calendar",
].flatMap((way) => {
  const groups = (method: Route["method"]) => (way === "/calendar" ? { groups: groupRule(method) } : {});
  return [
    ...mailboxRoutes("GET", `${way}${ALL}`, READ, listShares, groups("GET")),
    ...mailboxRoutes("GET", `${way}/allowedCalendarSharingRoles/{recipient}`, READ, listAllowedRoles),
    ...mailboxRoutes("POST", `${way}${ALL}`, PERMISSIONS.calendarContentRead, addShare, groups("POST")),
    ...mailboxRoutes("GET", `${way}${ONE}`, READ, getShare, groups("GET")),
    ...mailboxRoutes("PATCH", `${way}${ONE}`, WRITE, changeShare, groups("PATCH")),
    ...mailboxRoutes("DELETE", `${way}${ONE}`, WRITE, removeShare, groups("DELETE")),
  ];
});

/** Which roles somebody might get; the address stands in the path as `User='…'`. */
function listAllowedRoles(call: GraphCall): GraphReply {
  const { folder } = openForOwner(call);
  const address = /^User\s*=\s*'(.+)'$/is.exec(param(call, "recipient"))?.[1];
  if (address === undefined)
    throw new GraphFault(
      "ErrorInvalidRequest",
      "The parameter 'User' of allowedCalendarSharingRoles is missing.",
    );
  return {
    status: 200,
    body: {
      "@odata.context": `${call.serviceRoot}/$metadata#Collection(microsoft.graph.calendarRoleType)`,
      value: allowedRoles(call, { address, name: undefined, role: "" }, folder),
    },
  };
}

/** Only the owner sees with whom else a calendar is shared. */
function listShares(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const folder = folderOf(call, owner);
  const items = isForeign(call, owner) ? [] : sharesOf(folder).map((share) => ({ share, folder }));
  return replyCollection(PERMISSION_TYPE, items, call, { style: OUTLOOK_STYLE, context: contextOf(owner) });
}

function getShare(call: GraphCall): GraphReply {
  const { owner, folder } = openForOwner(call);
  return replyShare(call, owner, folder, requireShare(call, folder));
}

function addShare(call: GraphCall): GraphReply {
  const { owner, folder } = openForOwner(call);
  const body = readBody(call);
  const { emailAddress } = body;
  const address = isJsonObject(emailAddress) ? emailAddress["address"] : undefined;
  if (!isJsonObject(emailAddress) || typeof address !== "string" || !address.includes("@"))
    throw new GraphFault("ErrorInvalidRequest", "The address of the share recipient is missing.");
  const { name } = emailAddress;
  const share: CalendarShare = { address, name: typeof name === "string" ? name : undefined, role: "" };
  if (sharesOf(folder).some((other) => other.address?.toLowerCase() === address.toLowerCase()))
    throw new GraphFault("ErrorInvalidRequest", `The calendar is shared with '${address}' already.`);
  const made = { ...share, role: readRole(call, body, share, folder) };
  replaceShares(owner, folder, [made, ...sharesOf(folder)]);
  return replyShare(call, owner, folder, made);
}

function changeShare(call: GraphCall): GraphReply {
  const { owner, folder } = openForOwner(call);
  const share = requireShare(call, folder);
  const body = readBody(call);
  const current = replyShare(call, owner, folder, share).body as JsonObject;
  for (const [name, value] of Object.entries(body))
    if (name !== "role" && !name.includes("@") && JSON.stringify(value) !== JSON.stringify(current[name]))
      throw new GraphFault(
        "ErrorInvalidRequest",
        `The property '${name}' of a permission cannot be changed.`,
      );
  const changed = { ...share, role: readRole(call, body, share, folder) };
  const others = sharesOf(folder).map((other) => (other === share ? changed : other));
  replaceShares(owner, folder, others);
  return replyShare(call, owner, folder, changed);
}

function removeShare(call: GraphCall): GraphReply {
  const { owner, folder } = openForOwner(call);
  const share = requireShare(call, folder);
  if (share.address === undefined)
    throw new GraphFault("ErrorInvalidRequest", "The permission of 'My Organization' cannot be removed.");
  const others = sharesOf(folder).filter((other) => other !== share);
  replaceShares(owner, folder, others);
  return { status: 204 };
}

function folderOf(call: GraphCall, owner: MailboxOwner): CalendarFolder {
  if (call.params["event"] === undefined) return requireFolder(call, owner);
  const folder = owner.mailbox.folders.get(requireEvent(call, owner).instance.event.folder);
  if (folder === undefined) throw new GraphFault("ErrorItemNotFound");
  return folder;
}

function isForeign(call: GraphCall, owner: MailboxOwner): boolean {
  return !call.caller.isApplication && owner.user !== undefined && owner.id !== call.caller.objectId;
}

function openForOwner(call: GraphCall): { owner: MailboxOwner; folder: CalendarFolder } {
  const owner = resolveOwner(call);
  if (isForeign(call, owner)) throw denied("mailbox");
  return { owner, folder: folderOf(call, owner) };
}

/** What was never changed is not kept: every calendar shows the organisation when its owner is busy. */
function sharesOf(folder: CalendarFolder): readonly CalendarShare[] {
  return folder.shares ?? [ORGANIZATION];
}

function replaceShares(owner: MailboxOwner, folder: CalendarFolder, shares: readonly CalendarShare[]): void {
  folder.shares = shares;
  folder.changedAtSequence = nextSequence(owner.mailbox);
}

function requireShare(call: GraphCall, folder: CalendarFolder): CalendarShare {
  const id = param(call, "permission");
  const share = sharesOf(folder).find((candidate) => shareId(call, candidate) === id);
  if (share === undefined) throw new GraphFault("ErrorItemNotFound");
  return share;
}

function isInside(call: GraphCall, { address }: CalendarShare): boolean {
  return address === undefined || findUser(call.tenant, address) !== undefined;
}

/** Exchange names people of its own by their legacy name, others as published users. */
function shareId(call: GraphCall, { address }: CalendarShare): string {
  if (address === undefined) return ORGANIZATION_ID;
  const user = findUser(call.tenant, address);
  const name =
    user === undefined
      ? `ExchangePublishedUser.${address}`
      : `/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=${user.id.replaceAll("-", "")}`;
  return Buffer.from(name).toString("base64");
}

function allowedRoles(call: GraphCall, share: CalendarShare, folder: CalendarFolder): string[] {
  if (share.address === undefined) return ["none", ...INSIDE_ROLES];
  if (!isInside(call, share)) return OUTSIDE_ROLES;
  // Delegates act for the owner, in whose default calendar meetings arrive.
  return folder.isDefault ? [...INSIDE_ROLES, ...DELEGATE_ROLES] : INSIDE_ROLES;
}

function readRole(call: GraphCall, body: JsonObject, share: CalendarShare, folder: CalendarFolder): string {
  const role = body["role"] ?? share.role;
  const allowed = allowedRoles(call, share, folder);
  const found = allowed.find((name) => name.toLowerCase() === String(role).toLowerCase());
  if (found === undefined)
    throw new GraphFault(
      "ErrorInvalidRequest",
      `The role '${String(role)}' is not one of ${allowed.join(", ")}.`,
    );
  return found;
}

function readBody(call: GraphCall): JsonObject {
  const body = readJsonBody(call);
  for (const name of Object.keys(body))
    if (!name.includes("@") && !PROPERTIES.includes(name)) throw unknownProperty(name, PERMISSION_TYPE.name);
  return body;
}

function replyShare(
  call: GraphCall,
  owner: MailboxOwner,
  folder: CalendarFolder,
  share: CalendarShare,
): GraphReply {
  return replyEntity(PERMISSION_TYPE, { share, folder }, call, { context: contextOf(owner) });
}

function contextOf(owner: MailboxOwner): string {
  return `${owner.contextPath}/calendar/calendarPermissions`;
}
