/**
 * What those who are invited do with a meeting: accept, decline, forward.
 *
 * @see https://learn.microsoft.com/graph/api/event-accept
 */
import type { EventAttendee } from "../../mailbox/event.ts";
import { updateEvent } from "../../mailbox/events.ts";
import { type MeetingResponse, respond, sendInvitations } from "../../mailbox/meetings.ts";
import { type GraphCall, type GraphReply, isJsonObject, readActionParameters } from "../call.ts";
import { GraphFault } from "../errors.ts";
import { storeFault } from "../events/event-changes.ts";
import { readEvent } from "../events/event-reader.ts";
import { requireEvent } from "../events/events.ts";
import { resolveOwner } from "../mailbox-owner.ts";
import { mailboxRoutes } from "../mailbox-paths.ts";
import { parseBoolean } from "../odata/primitive.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";
import { meetingContext, participantOf } from "./participants.ts";

const ACTIONS: readonly (readonly [string, MeetingResponse["response"]])[] = [
  ["accept", "accepted"],
  ["tentativelyAccept", "tentativelyAccepted"],
  ["decline", "declined"],
];

/** Rows of the route table. */
export const meetingRoutes: readonly Route[] = [
  ...ACTIONS.flatMap(([action, response]) =>
    mailboxRoutes(
      "POST",
      `/events/{event}/${action}`,
      PERMISSIONS.calendarWrite,
      (call) => answerInvitation(call, response),
      { inCalendars: true },
    ),
  ),
  ...mailboxRoutes("POST", "/events/{event}/forward", PERMISSIONS.calendarWrite, forwardMeeting, {
    inCalendars: true,
  }),
];

function answerInvitation(call: GraphCall, response: MeetingResponse["response"]): GraphReply {
  const owner = resolveOwner(call);
  const { instance, number, day } = requireEvent(call, owner);
  const body = readActionParameters(call, { mayBeEmpty: true });
  const { extras } = instance.event;
  if (extras?.organizer === undefined)
    throw cannotComplete("You can't respond to this meeting because you're the meeting organizer.");
  const isSent = readFlag(body, "sendResponse") ?? true;
  const proposed = body.get("proposednewtime") ?? undefined;
  if (
    proposed !== undefined &&
    (response === "accepted" || !isSent || extras.allowNewTimeProposals === false)
  )
    throw cannotComplete("A new time cannot be proposed with this response to this meeting.");
  const proposedNewTime = proposed === undefined ? undefined : readTimeSlot(proposed);
  const answer = { response, isSent: isSent && extras.responseRequested !== false, proposedNewTime };
  const fault = respond(participantOf(owner), number, day, answer, meetingContext(call));
  if (fault !== undefined) throw storeFault(fault);
  return { status: 202 };
}

/** Those to whom it is forwarded are invited like the others. */
function forwardMeeting(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const { instance } = requireEvent(call, owner);
  const recipients = readActionParameters(call).get("torecipients");
  if (!Array.isArray(recipients) || recipients.length === 0)
    throw new GraphFault(
      "ErrorInvalidParameter",
      "The parameter ToRecipients must name at least one recipient.",
    );
  const { attendees: added = [] } = readEvent({ attendees: recipients }).extras;
  const context = meetingContext(call);
  const { extras, number } = instance.event;
  const host =
    extras?.organizer === undefined ? participantOf(owner) : context.find(extras.organizer.address);
  const hostNumber = extras?.organizer === undefined ? number : extras.meeting?.number;
  const before = hostNumber === undefined ? undefined : host?.mailbox.events.get(hostNumber);
  if (host === undefined || before === undefined) return { status: 202 };
  const known = before.extras?.attendees ?? [];
  const isKnown = ({ address }: EventAttendee): boolean =>
    known.some((attendee) => attendee.address.toLowerCase() === address.toLowerCase());
  const attendees = [...known, ...added.filter((attendee) => !isKnown(attendee))];
  const changes = { extras: { ...before.extras, attendees } };
  const changed = updateEvent(host.mailbox, before.number, changes, { nowMs: context.nowMs });
  if (typeof changed === "string") throw storeFault(changed);
  sendInvitations(host, before.number, before, context);
  return { status: 202 };
}

function readFlag(body: ReadonlyMap<string, unknown>, name: string): boolean | undefined {
  const value = body.get(name.toLowerCase()) ?? undefined;
  const flag = parseBoolean(value);
  if (value !== undefined && flag === undefined)
    throw new GraphFault(
      "RequestBodyRead",
      `Cannot convert the value of parameter '${name}' to 'Edm.Boolean'.`,
    );
  return flag;
}

function readTimeSlot(value: unknown): NonNullable<EventAttendee["proposedNewTime"]> {
  const { start, end } = readEvent(isJsonObject(value) ? { start: value["start"], end: value["end"] } : {});
  if (start === undefined || end === undefined || end.instantMs < start.instantMs)
    throw new GraphFault(
      "ErrorInvalidParameter",
      "The parameter proposedNewTime must have a start and an end.",
    );
  return { startMs: start.instantMs, endMs: end.instantMs };
}

function cannotComplete(reason: string): GraphFault {
  return new GraphFault("ErrorInvalidRequest", `Your request can't be completed. ${reason}`);
}
