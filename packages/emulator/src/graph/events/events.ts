/**
 * Events of a calendar: list, create, read, change, delete, cancel.
 *
 * @see https://learn.microsoft.com/graph/api/resources/event
 */
import type { EventInstance } from "../../mailbox/event.ts";
import {
  createEvent,
  deleteEvent,
  findInstance,
  listEvents,
  showEvent,
  updateEvent,
  updateOccurrence,
} from "../../mailbox/events.ts";
import { decodeItemId } from "../../mailbox/item-ids.ts";
import { sendCancellations, sendInvitations } from "../../mailbox/meetings.ts";
import { type GraphCall, type GraphReply, param, readJsonBody } from "../call.ts";
import { GraphFault } from "../errors.ts";
import { type MailboxOwner, resolveOwner } from "../mailbox-owner.ts";
import { groupRule, mailboxRoutes, requireFolder } from "../mailbox-paths.ts";
import { meetingContext, participantOf } from "../meetings/participants.ts";
import { OUTLOOK_STYLE, replyCollection, replyEntity } from "../odata/collection.ts";
import { checkOptions, filterItems } from "../odata/entity.ts";
import { readQueryOptions } from "../odata/query-options.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";
import { makeChanges, makeContent, storeFault } from "./event-changes.ts";
import { changeKey, eventType } from "./event-entity.ts";
import { readEvent } from "./event-reader.ts";

/** Rows of the route table. */
export const eventRoutes: readonly Route[] = [
  ...mailboxRoutes("GET", "/events", PERMISSIONS.calendarRead, listEventsOfCalendar, {
    inCalendars: true,
    groups: groupRule("POST"),
  }),
  ...mailboxRoutes("POST", "/events", PERMISSIONS.calendarWrite, postEvent, {
    inCalendars: true,
    groups: groupRule("POST"),
  }),
  ...mailboxRoutes("GET", "/events/$count", PERMISSIONS.calendarRead, countEventsOfCalendar, {
    inCalendars: true,
  }),
  ...mailboxRoutes("GET", "/events/{event}", PERMISSIONS.calendarRead, getEvent, {
    inCalendars: true,
    groups: groupRule("GET"),
  }),
  // Other ways to the same things, which the generated SDKs have because the description of the service has them.
  ...["/calendarView/{event}", "/events/{series}/instances/{event}"].flatMap((path) =>
    mailboxRoutes("GET", path, PERMISSIONS.calendarRead, getEvent, {
      inCalendars: true,
      groups: groupRule("GET"),
    }),
  ),
  ...mailboxRoutes("PATCH", "/events/{event}", PERMISSIONS.calendarWrite, patchEvent, {
    inCalendars: true,
    groups: groupRule("PATCH"),
  }),
  ...mailboxRoutes("DELETE", "/events/{event}", PERMISSIONS.calendarWrite, removeEvent, {
    inCalendars: true,
    groups: groupRule("DELETE"),
  }),
  ...mailboxRoutes("POST", "/events/{event}/cancel", PERMISSIONS.calendarWrite, cancelEvent, {
    inCalendars: true,
    groups: groupRule("POST"),
  }),
  ...mailboxRoutes("POST", "/events/{event}/permanentDelete", PERMISSIONS.calendarWrite, removeEvent, {
    inCalendars: true,
    groups: groupRule("POST"),
  }),
];

/**
 * Finds the event or occurrence that the path names.
 *
 * @param call - the request
 * @param owner - whose mailbox
 * @returns the instance with its reference
 * @throws {GraphFault} ErrorInvalidIdMalformed or ErrorItemNotFound
 */
export function requireEvent(
  call: GraphCall,
  owner: MailboxOwner,
): { readonly instance: EventInstance; readonly number: number; readonly day: number | undefined } {
  const reference = decodeItemId(param(call, "event"), owner.id);
  if (reference === "malformed") throw new GraphFault("ErrorInvalidIdMalformed");
  const instance =
    reference === "foreign" ? undefined : findInstance(owner.mailbox, reference.number, reference.day);
  if (reference === "foreign" || instance === undefined) throw new GraphFault("ErrorItemNotFound");
  if (call.params["calendar"] !== undefined && instance.event.folder !== requireFolder(call, owner).number)
    throw new GraphFault("ErrorItemNotFound");
  return { instance, number: reference.number, day: reference.day };
}

/**
 * Refuses a write that was made for another version.
 *
 * @param call - the request
 * @param owner - whose mailbox
 * @param instance - the event as it is
 * @throws {GraphFault} ErrorIrresolvableConflict (412)
 */
function checkIfMatch(call: GraphCall, owner: MailboxOwner, instance: EventInstance): void {
  const header = call.request.headers["if-match"];
  if (header === undefined || header.trim() === "*") return;
  const tags = [...header.matchAll(/(?:W\/)?"([^"]*)"/g)].map((match) => match[1]);
  if (!tags.includes(changeKey({ owner, instance }))) throw new GraphFault("ErrorIrresolvableConflict");
}

function listEventsOfCalendar(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const folder = requireFolder(call, owner);
  const items = listEvents(owner.mailbox, folder.number)
    .map((event) => ({ owner, instance: showEvent(event) }))
    .reverse();
  return replyCollection(eventType(call), items, call, {
    style: OUTLOOK_STYLE,
    context: `${owner.contextPath}/events`,
  });
}

function countEventsOfCalendar(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const events = listEvents(owner.mailbox, requireFolder(call, owner).number);
  const options = readQueryOptions(call);
  checkOptions(eventType(call), options, call);
  const items = events.map((event) => ({ owner, instance: showEvent(event) }));
  const { length } = filterItems(eventType(call), items, call, options);
  return { status: 200, body: length, headers: { "Content-Type": "text/plain" } };
}

function getEvent(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const { instance } = requireEvent(call, owner);
  return replyEvent(call, owner, instance, 200);
}

function postEvent(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const folder = requireFolder(call, owner);
  const { mailbox } = owner;
  const sent = readEvent(readJsonBody(call));
  const { content, recurrence } = makeContent(sent, call.context.clock.nowMs());
  const transactionId = content.extras?.transactionId;
  const known = transactionId === undefined ? undefined : mailbox.transactions?.get(transactionId);
  const duplicate = known === undefined ? undefined : findInstance(mailbox, known);
  if (duplicate !== undefined) return replyEvent(call, owner, duplicate, 201);
  const event = createEvent(mailbox, content, {
    folder: folder.number,
    nowMs: call.context.clock.nowMs(),
    recurrence,
  });
  if (typeof event === "string") throw storeFault(event);
  if (transactionId !== undefined) {
    mailbox.transactions ??= new Map();
    mailbox.transactions.set(transactionId, event.number);
  }
  sendInvitations(participantOf(owner), event.number, undefined, meetingContext(call));
  return replyEvent(call, owner, requireCurrent(owner, event.number), 201);
}

function patchEvent(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const { instance, number, day } = requireEvent(call, owner);
  checkIfMatch(call, owner, instance);
  const sent = readEvent(readJsonBody(call));
  const current = { ...instance.event, startMs: instance.startMs, endMs: instance.endMs };
  const { changes, recurrence } = makeChanges(sent, current);
  const nowMs = call.context.clock.nowMs();
  const before = owner.mailbox.events.get(number);
  const invite = (): void => sendInvitations(participantOf(owner), number, before, meetingContext(call));
  if (day === undefined) {
    const event = updateEvent(owner.mailbox, number, changes, { nowMs, recurrence });
    if (typeof event === "string") throw storeFault(event);
    invite();
    return replyEvent(call, owner, requireCurrent(owner, number), 200);
  }
  if (recurrence !== undefined && recurrence !== null)
    throw new GraphFault(
      "ErrorInvalidRequest",
      "An occurrence of a series cannot have a recurrence of its own.",
    );
  const changed = updateOccurrence(owner.mailbox, number, day, changes, nowMs);
  if (typeof changed === "string") throw storeFault(changed);
  invite();
  return replyEvent(call, owner, requireCurrent(owner, number, day), 200);
}

function removeEvent(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const { instance, number, day } = requireEvent(call, owner);
  checkIfMatch(call, owner, instance);
  removeWithCancellations(call, owner, number, day);
  return { status: 204 };
}

/** The organiser's mailbox tells those who are invited; everybody else's just forgets the event. */
function removeWithCancellations(
  call: GraphCall,
  owner: MailboxOwner,
  number: number,
  day: number | undefined,
): void {
  const before = owner.mailbox.events.get(number);
  const fault = deleteEvent(owner.mailbox, number, day, call.context.clock.nowMs());
  if (fault !== undefined) throw storeFault(fault);
  if (before !== undefined) sendCancellations(participantOf(owner), before, day, meetingContext(call));
}

/** Rooms and groups may have answered an invitation at once. */
function requireCurrent(owner: MailboxOwner, number: number, day?: number): EventInstance {
  const instance = findInstance(owner.mailbox, number, day);
  if (instance === undefined) throw new GraphFault("ErrorItemNotFound");
  return instance;
}

function cancelEvent(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const { instance, number, day } = requireEvent(call, owner);
  readJsonBody(call, { mayBeEmpty: true });
  if (instance.event.extras?.organizer !== undefined)
    throw new GraphFault("ErrorInvalidRequest", "You need to be an organizer to cancel a meeting.");
  removeWithCancellations(call, owner, number, day);
  return { status: 202 };
}

function replyEvent(
  call: GraphCall,
  owner: MailboxOwner,
  instance: EventInstance,
  status: number,
): GraphReply {
  const item = { owner, instance };
  const reply = replyEntity(eventType(call), item, call, { status, context: `${owner.contextPath}/events` });
  if (status !== 201) return reply;
  const id = (reply.body as { id: string }).id;
  const location = `${call.serviceRoot}/${owner.contextPath}/events('${encodeURIComponent(id)}')`;
  return { ...reply, headers: { ...reply.headers, Location: location } };
}
