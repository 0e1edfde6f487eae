/**
 * Calendars and calendar groups of a mailbox.
 *
 * @see https://learn.microsoft.com/graph/api/resources/calendar
 */
import { randomUUID } from "node:crypto";
import { createFolder, createGroup, deleteFolder, renameFolder } from "../../mailbox/folders.ts";
import { decodeFolderId, encodeChangeKey, encodeFolderId } from "../../mailbox/item-ids.ts";
import {
  type CalendarFolder,
  type CalendarGroup,
  DEFAULT_GROUP,
  nextSequence,
} from "../../mailbox/mailbox.ts";
import { type GraphCall, type GraphReply, readJsonBody } from "../call.ts";
import { GraphFault } from "../errors.ts";
import { invalidValue, unknownProperty, wrongType } from "../events/event-faults.ts";
import { requireEvent } from "../events/events.ts";
import { type MailboxOwner, resolveOwner } from "../mailbox-owner.ts";
import { groupRule, mailboxRoutes, requireFolder } from "../mailbox-paths.ts";
import { OUTLOOK_STYLE, replyCollection, replyEntity } from "../odata/collection.ts";
import type { EntityType } from "../odata/entity.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";
import { CALENDAR_COLORS, CALENDAR_TYPE } from "./calendar-entity.ts";

interface GroupItem {
  readonly owner: MailboxOwner;
  readonly group: CalendarGroup;
}

const CALENDAR_GROUP_TYPE: EntityType<GroupItem> = {
  name: "microsoft.graph.calendarGroup",
  always: ["id"],
  onRequest: new Set(),
  expansions: {},
  properties: {
    id: ({ owner, group }) => encodeFolderId(owner.id, group.number),
    name: ({ group }) => group.name,
    classId: ({ group }) => group.classId,
    changeKey: ({ owner, group }) => encodeChangeKey(owner.id, group.changedAtSequence),
  },
};

const READ = PERMISSIONS.calendarRead;
const WRITE = PERMISSIONS.calendarWrite;
const IN_GROUP = "/calendarGroups/{calendarGroup}/calendars";

/** Rows of the route table. */
export const calendarRoutes: readonly Route[] = [
  ...mailboxRoutes("GET", "/calendar", READ, getCalendar, { groups: groupRule("GET") }),
  ...mailboxRoutes("PATCH", "/calendar", WRITE, patchCalendar),
  ...["/calendars", IN_GROUP].flatMap((path) => [
    ...mailboxRoutes("GET", path, READ, listCalendars),
    ...mailboxRoutes("POST", path, WRITE, postCalendar),
    ...mailboxRoutes("GET", `${path}/{calendar}`, READ, getCalendar),
    ...mailboxRoutes("PATCH", `${path}/{calendar}`, WRITE, patchCalendar),
    ...mailboxRoutes("DELETE", `${path}/{calendar}`, WRITE, removeCalendar),
    ...mailboxRoutes("POST", `${path}/{calendar}/permanentDelete`, WRITE, removeCalendar),
  ]),
  ...mailboxRoutes("GET", "/events/{event}/calendar", READ, getCalendarOfEvent, { inCalendars: true }),
  ...mailboxRoutes("GET", "/calendarGroups", READ, listCalendarGroups),
  ...mailboxRoutes("POST", "/calendarGroups", WRITE, postCalendarGroup),
  ...mailboxRoutes("GET", "/calendarGroups/{calendarGroup}", READ, getCalendarGroup),
  ...mailboxRoutes("PATCH", "/calendarGroups/{calendarGroup}", WRITE, patchCalendarGroup),
  ...mailboxRoutes("DELETE", "/calendarGroups/{calendarGroup}", WRITE, removeCalendarGroup),
];

function getCalendarOfEvent(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const folder = owner.mailbox.folders.get(requireEvent(call, owner).instance.event.folder);
  if (folder === undefined) throw new GraphFault("ErrorItemNotFound");
  return replyEntity(CALENDAR_TYPE, { owner, folder }, call, {
    context: `${owner.contextPath}/events/calendar`,
  });
}

function listCalendars(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const group = call.params["calendarGroup"] === undefined ? undefined : requireGroup(call, owner);
  const items = [...owner.mailbox.folders.values()]
    .filter((folder) => group === undefined || folder.group === group.number)
    .map((folder) => ({ owner, folder }));
  return replyCollection(CALENDAR_TYPE, items, call, {
    style: OUTLOOK_STYLE,
    context: `${owner.contextPath}/calendars`,
  });
}

function getCalendar(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  return replyCalendar(call, owner, requireFolder(call, owner), 200);
}

function postCalendar(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const sent = readCalendar(call);
  if (sent.name === undefined || sent.name.trim() === "")
    throw new GraphFault("ErrorInvalidRequest", "The name of the calendar is missing.");
  const group = call.params["calendarGroup"] === undefined ? DEFAULT_GROUP : requireGroup(call, owner).number;
  const folder = createFolder(owner.mailbox, sent.name, { color: sent.color, group });
  if (folder === "exists") throw folderExists(sent.name);
  return replyCalendar(call, owner, folder, 201);
}

function patchCalendar(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const folder = requireFolder(call, owner);
  const sent = readCalendar(call);
  const renamed = sent.name === undefined ? "same" : renameFolder(owner.mailbox, folder, sent.name);
  if (renamed === "exists") throw folderExists(sent.name ?? "");
  if (renamed === "default")
    throw new GraphFault("ErrorInvalidRequest", "The default calendar cannot be renamed.");
  folder.color = sent.color ?? folder.color;
  folder.changedAtSequence = nextSequence(owner.mailbox);
  return replyCalendar(call, owner, folder, 200);
}

function removeCalendar(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const folder = requireFolder(call, owner);
  if (folder.isDefault)
    throw new GraphFault("ErrorCannotDeleteObject", "The default calendar cannot be deleted.");
  deleteFolder(owner.mailbox, folder.number, call.context.clock.nowMs());
  return { status: 204 };
}

function listCalendarGroups(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const items = [...owner.mailbox.groups.values()].map((group) => ({ owner, group }));
  return replyCollection(CALENDAR_GROUP_TYPE, items, call, {
    style: OUTLOOK_STYLE,
    context: `${owner.contextPath}/calendarGroups`,
  });
}

function getCalendarGroup(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  return replyGroup(call, owner, requireGroup(call, owner), 200);
}

function postCalendarGroup(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const { name } = readJsonBody(call);
  if (typeof name !== "string" || name.trim() === "")
    throw new GraphFault("ErrorInvalidRequest", "The name of the calendar group is missing.");
  const group = createGroup(owner.mailbox, name, randomUUID());
  if (group === "exists") throw folderExists(name);
  return replyGroup(call, owner, group, 201);
}

function patchCalendarGroup(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const group = requireGroup(call, owner);
  const { name } = readJsonBody(call);
  if (typeof name === "string" && name.trim() !== "") group.name = name;
  group.changedAtSequence = nextSequence(owner.mailbox);
  return replyGroup(call, owner, group, 200);
}

function removeCalendarGroup(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const group = requireGroup(call, owner);
  const isUsed = [...owner.mailbox.folders.values()].some((folder) => folder.group === group.number);
  if (group.number === DEFAULT_GROUP || isUsed)
    throw new GraphFault(
      "ErrorCannotDeleteObject",
      "A calendar group that holds calendars cannot be deleted.",
    );
  owner.mailbox.groups.delete(group.number);
  return { status: 204 };
}

function requireGroup(call: GraphCall, owner: MailboxOwner): CalendarGroup {
  const number = decodeFolderId(call.params["calendarGroup"] ?? "", owner.id);
  if (number === "malformed") throw new GraphFault("ErrorInvalidIdMalformed");
  const group = number === "foreign" ? undefined : owner.mailbox.groups.get(number);
  if (group === undefined) throw new GraphFault("ErrorItemNotFound");
  return group;
}

function readCalendar(call: GraphCall): { name: string | undefined; color: string | undefined } {
  const body = readJsonBody(call);
  for (const name of Object.keys(body))
    if (!name.includes("@") && !Object.hasOwn(CALENDAR_TYPE.properties, name))
      throw unknownProperty(name, CALENDAR_TYPE.name);
  const { name, color } = body;
  if (name !== undefined && typeof name !== "string") throw wrongType("name", "Edm.String");
  if (color !== undefined && (typeof color !== "string" || !Object.hasOwn(CALENDAR_COLORS, color)))
    throw invalidValue(color);
  return { name, color };
}

function folderExists(name: string): GraphFault {
  return new GraphFault("ErrorFolderExists", `A folder with the specified name already exists., ${name}`);
}

function replyCalendar(
  call: GraphCall,
  owner: MailboxOwner,
  folder: CalendarFolder,
  status: number,
): GraphReply {
  return replyEntity(CALENDAR_TYPE, { owner, folder }, call, {
    status,
    context: `${owner.contextPath}/calendars`,
  });
}

function replyGroup(call: GraphCall, owner: MailboxOwner, group: CalendarGroup, status: number): GraphReply {
  return replyEntity(CALENDAR_GROUP_TYPE, { owner, group }, call, {
    status,
    context: `${owner.contextPath}/calendarGroups`,
  });
}
