/** Turns what a client sent into changes of the store, and applies the rules that hold between members. */
import { DAY_MS } from "../../mailbox/civil-days.ts";
import type { EventAttendee, EventContent, EventExtras, StoredEvent } from "../../mailbox/event.ts";
import type { RecurrenceWithZone, StoreFault } from "../../mailbox/events.ts";
import { mergeExtendedProperties, NO_PROPERTIES } from "../../mailbox/extended-properties.ts";
import { resolveZone, toWallMs } from "../../mailbox/zones.ts";
import { readAttachment } from "../attachments/attachment-entity.ts";
import { GraphFault } from "../errors.ts";
import { failedValidation } from "./event-faults.ts";
import type { SentEvent } from "./event-reader.ts";
import { readRecurrence } from "./recurrence-codec.ts";

const NOTHING: readonly never[] = [];

/** Five years, as over Exchange Web Services. */
const LONGEST_MS = 5 * 366 * DAY_MS;

/** Content of a new event before anything is said. */
const DEFAULT_CONTENT = {
  subject: "",
  isAllDay: false,
  showAs: "busy",
  sensitivity: "normal",
  importance: "normal",
  isReminderOn: true,
  reminderMinutes: 15,
  body: undefined,
  bodyType: "html",
  location: "",
  categories: NOTHING,
  properties: NO_PROPERTIES,
  extras: undefined,
} as const satisfies Partial<EventContent>;

/**
 * Makes the content of a new event.
 *
 * @param sent - what the client said
 * @param nowMs - milliseconds since 1970 UTC
 * @returns complete content and, for a series, its rule
 * @throws {GraphFault} when start or end is missing, or members do not fit together
 */
export function makeContent(
  sent: SentEvent,
  nowMs: number,
): {
  content: EventContent;
  recurrence: RecurrenceWithZone | undefined;
} {
  if (sent.start === undefined) throw failedValidation("start");
  if (sent.end === undefined) throw failedValidation("end");
  const content: EventContent = {
    ...DEFAULT_CONTENT,
    startMs: sent.start.instantMs,
    endMs: sent.end.instantMs,
    startZone: sent.start.zone,
    endZone: sent.end.zone,
    ...sent.content,
    properties: mergeExtendedProperties(NO_PROPERTIES, sent.properties),
    extras: compactExtras({
      ...sent.extras,
      extensions: sent.extensions,
      attachments: sent.attachments?.map((attachment) => readAttachment(attachment, nowMs)),
    }),
  };
  checkContent(content);
  const recurrence =
    sent.recurrence === undefined || sent.recurrence === null
      ? undefined
      : readRecurrence(sent.recurrence, startOf(content));
  return { content, recurrence };
}

/**
 * Makes the changes of an update.
 *
 * @param sent - what the client said
 * @param current - the event (or occurrence) as it is
 * @returns members that change, and the new rule (`null` ends the series, `undefined` keeps it)
 * @throws {GraphFault} when members do not fit together
 */
export function makeChanges(
  sent: SentEvent,
  current: StoredEvent,
): { changes: Partial<EventContent>; recurrence: RecurrenceWithZone | null | undefined } {
  if (sent.extras.transactionId !== undefined && sent.extras.transactionId !== current.extras?.transactionId)
    throw new GraphFault("ErrorInvalidRequest", "The transactionId of an event cannot be changed.");
  if (sent.attachments !== undefined)
    throw new GraphFault("ErrorInvalidRequest", "Attachments cannot be changed together with their event.");
  const timesChange =
    (sent.start !== undefined && sent.start.instantMs !== current.startMs) ||
    (sent.end !== undefined && sent.end.instantMs !== current.endMs) ||
    sent.recurrence !== undefined;
  const attendees = keepResponses(sent, current, timesChange);
  const changes: Partial<EventContent> = {
    ...sent.content,
    ...(sent.start === undefined ? {} : { startMs: sent.start.instantMs, startZone: sent.start.zone }),
    ...(sent.end === undefined ? {} : { endMs: sent.end.instantMs, endZone: sent.end.zone }),
    ...(sent.properties.length === 0
      ? {}
      : { properties: mergeExtendedProperties(current.properties, sent.properties) }),
    ...(Object.keys(sent.extras).length === 0 && sent.extensions === undefined && attendees === undefined
      ? {}
      : {
          extras: compactExtras({
            ...current.extras,
            ...sent.extras,
            ...(attendees === undefined ? {} : { attendees }),
            ...(sent.extensions === undefined ? {} : { extensions: sent.extensions }),
          }),
        }),
  };
  const next = { ...current, ...changes };
  checkContent(next);
  const recurrence = sent.recurrence ? readRecurrence(sent.recurrence, startOf(next)) : sent.recurrence;
  return { changes, recurrence };
}

/**
 * Turns a fault of the store into Graph's.
 *
 * @param fault - of the store
 * @returns the fault, to be thrown
 */
export function storeFault(fault: StoreFault): GraphFault {
  if (fault === "notFound") return new GraphFault("ErrorItemNotFound");
  if (fault === "crossingBoundary") return new GraphFault("ErrorOccurrenceCrossingBoundary");
  return new GraphFault("ErrorCalendarInvalidRecurrence");
}

/** Those who stay invited keep what they said, unless the meeting moves: then everybody is asked again. */
function keepResponses(
  sent: SentEvent,
  current: StoredEvent,
  timesChange: boolean,
): readonly EventAttendee[] | undefined {
  const known = current.extras?.attendees;
  if (known === undefined || current.extras?.organizer !== undefined) return undefined;
  if ("attendees" in sent.extras && sent.extras.attendees === undefined) return undefined;
  const ofAddress = new Map(known.map((attendee) => [attendee.address.toLowerCase(), attendee]));
  const wanted = sent.extras.attendees ?? known;
  if (timesChange)
    return wanted.map(({ address, name, type }) => ({ address, name, type, response: "none" }));
  if (sent.extras.attendees === undefined) return undefined;
  return wanted.map((attendee) => {
    const { response, respondedAtMs } = ofAddress.get(attendee.address.toLowerCase()) ?? attendee;
    return { ...attendee, response, ...(respondedAtMs === undefined ? {} : { respondedAtMs }) };
  });
}

function checkContent(content: EventContent): void {
  if (content.endMs < content.startMs) throw failedValidation("end");
  if (content.endMs - content.startMs > LONGEST_MS) throw new GraphFault("ErrorCalendarDurationIsTooLong");
  if (!content.isAllDay) return;
  if (!isMidnight(content.startMs, content.startZone))
    throw new GraphFault(
      "ErrorInvalidRequest",
      "The Event.Start property for an all-day event needs to be set to midnight.",
    );
  if (!isMidnight(content.endMs, content.endZone))
    throw new GraphFault(
      "ErrorInvalidRequest",
      "The Event.End property for an all-day event needs to be set to midnight.",
    );
  if (resolveZone(content.startZone) !== resolveZone(content.endZone)) throw failedValidation("end/timeZone");
  if (content.endMs - content.startMs < DAY_MS - 2 * 3_600_000)
    throw new GraphFault(
      "ErrorInvalidRequest",
      "The duration of an event marked as All day must be at least 24 hours.",
    );
}

function isMidnight(instantMs: number, zone: string): boolean {
  return toWallMs(instantMs, resolveZone(zone) ?? "UTC") % DAY_MS === 0;
}

function startOf(content: EventContent): { day: number; zone: string } {
  const wallMs = toWallMs(content.startMs, resolveZone(content.startZone) ?? "UTC");
  return { day: Math.floor(wallMs / DAY_MS), zone: content.startZone };
}

function compactExtras(extras: EventExtras): EventExtras | undefined {
  const entries = Object.entries(extras).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as EventExtras);
}
