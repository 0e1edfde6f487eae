/** Paths that lead into mailboxes, written once for every spelling that Graph has of them. */
import { decodeFolderId } from "../mailbox/item-ids.ts";
import { type CalendarFolder, DEFAULT_FOLDER } from "../mailbox/mailbox.ts";
import type { GraphCall, GraphHandler } from "./call.ts";
import { GraphFault } from "./errors.ts";
import type { MailboxOwner } from "./mailbox-owner.ts";
import { PERMISSIONS, type PermissionRule } from "./permissions.ts";
import type { Route } from "./router.ts";

/** Ways from an owner to a calendar. */
const CALENDAR_WAYS = [
  "/calendar",
  "/calendars/{calendar}",
  "/calendarGroups/{calendarGroup}/calendars/{calendar}",
];

/**
 * Makes the routes of an operation on a mailbox: `/me`, `/users/{user}` and, when groups have it, `/groups/{group}`.
 *
 * @param method - HTTP method
 * @param tail - path behind the owner
 * @param permission - rule for users
 * @param handle - handler
 * @param options - `inCalendars`: also behind each way to a calendar; `groups`: rule for group calendars
 * @returns rows of the table
 */
export function mailboxRoutes(
  method: Route["method"],
  tail: string,
  permission: PermissionRule,
  handle: GraphHandler,
  options: {
    readonly inCalendars?: boolean | undefined;
    readonly groups?: PermissionRule | undefined;
  } = {},
): Route[] {
  const tails = [tail, ...(options.inCalendars === true ? CALENDAR_WAYS.map((way) => `${way}${tail}`) : [])];
  const user = ["/me", "/users/{user}"].flatMap((owner) =>
    tails.map((end) => ({ method, path: `${owner}${end}`, permission, handle })),
  );
  const { groups } = options;
  if (groups === undefined) return user;
  const groupTails = options.inCalendars === true ? [tail, `/calendar${tail}`] : [tail];
  return [
    ...user,
    ...groupTails.map((end) => ({ method, path: `/groups/{group}${end}`, permission: groups, handle })),
  ];
}

/**
 * Gives the rule under which a group's calendar stands.
 *
 * @param method - HTTP method
 * @returns the rule
 */
export function groupRule(method: Route["method"]): PermissionRule {
  if (method === "GET") return PERMISSIONS.groupCalendarRead;
  return method === "POST" ? PERMISSIONS.groupCalendarCreate : PERMISSIONS.groupCalendarWrite;
}

/**
 * Finds the calendar that the path names.
 *
 * @param call - the request
 * @param owner - whose mailbox
 * @returns the folder; the default calendar when the path names none
 * @throws {GraphFault} ErrorInvalidIdMalformed or ErrorItemNotFound
 */
export function requireFolder(call: GraphCall, owner: MailboxOwner): CalendarFolder {
  const id = call.params["calendar"];
  const number = id === undefined ? DEFAULT_FOLDER : decodeFolderId(id, owner.id);
  if (number === "malformed") throw new GraphFault("ErrorInvalidIdMalformed");
  const folder = number === "foreign" ? undefined : owner.mailbox.folders.get(number);
  if (folder === undefined) throw new GraphFault("ErrorItemNotFound");
  return folder;
}
