/** Events between the Calendar port and the REST API. */
import type { z } from "@hono/zod-openapi";
import {
  type CalendarEvent,
  type EventDraft,
  isKnownZone,
  toInstant,
  type ZonedDateTime,
} from "@nightlatch/calendar";
import { formatEventTag } from "./etag.ts";
import type { Caller } from "./options.ts";
import { maskPrivate } from "./private-event.ts";
import { type InvalidPart, problem } from "./problem.ts";
import type { eventChangesSchema, eventDraftSchema, eventSchema } from "./schemas/event-schema.ts";

/** Own property that binds an event to the caller who named it: `<client id>/<source id>`. */
export const SOURCE_PROPERTY = "NightlatchRestSource";

/** An event as the API gives it out. */
export type EventResource = z.infer<typeof eventSchema>;

/** Makes the value of {@link SOURCE_PROPERTY}. */
export function formatSource(caller: Caller, sourceId: string): string {
  return `${caller.clientId}/${sourceId}`;
}

/**
 * Shows an event to a caller.
 *
 * @param event - read with the property {@link SOURCE_PROPERTY}
 * @param caller - sees the source ids of its own events; writers see private events in full
 * @param privateEvents - whether readers do so too
 */
export function showEvent(
  event: CalendarEvent,
  caller: Caller,
  privateEvents: "mask" | "show",
): EventResource {
  const shown = privateEvents === "mask" && !caller.canWrite ? maskPrivate(event) : event;
  const source = event.properties[SOURCE_PROPERTY];
  const prefix = formatSource(caller, "");
  const resource = {
    id: shown.id,
    etag: formatEventTag(shown.changeKey),
    sourceId: source?.startsWith(prefix) ? source.slice(prefix.length) : undefined,
    subject: shown.subject,
    start: showTime(shown.start),
    end: showTime(shown.end),
    isAllDay: shown.isAllDay,
    isCancelled: shown.isCancelled,
    location: shown.location,
    body: shown.body,
    categories: shown.categories,
    showAs: shown.showAs,
    sensitivity: shown.sensitivity,
    isReminderOn: shown.isReminderOn,
    reminderMinutesBeforeStart: shown.reminderMinutesBeforeStart,
    attendees: shown.attendees,
    type: shown.type,
    seriesMasterId: shown.seriesMasterId,
    recurrence: shown.recurrence,
    iCalUId: shown.iCalUId,
    createdAt: shown.createdAt && formatInstant(shown.createdAt),
    lastModifiedAt: shown.lastModifiedAt && formatInstant(shown.lastModifiedAt),
  };
  return Object.fromEntries(
    Object.entries(resource).filter(([, value]) => value !== undefined),
  ) as EventResource;
}

/**
 * Reads what a caller writes, checked beyond what a schema can say.
 *
 * @throws {NightlatchError} `SERVER_REQUEST_INVALID` that names every wrong member
 */
export function readDraft(input: z.infer<typeof eventDraftSchema>): EventDraft {
  return readChanges(input) as EventDraft;
}

/** Reads a partial change; checks as {@link readDraft} does as far as the members are there. */
export function readChanges(input: z.infer<typeof eventChangesSchema>): Partial<EventDraft> {
  const errors: InvalidPart[] = [];
  const start = input.start && readTime("start", input.start, errors);
  const end = input.end && readTime("end", input.end, errors);
  if (start && end && errors.length === 0) {
    const lengthMs = toInstant(end).getTime() - toInstant(start).getTime();
    if (lengthMs < 0) errors.push({ in: "body", name: "/end", message: "The event ends before it starts" });
    if (input.isAllDay === true && !(isMidnight(start) && isMidnight(end) && lengthMs > 0))
      errors.push({
        in: "body",
        name: "/end",
        message: "An all-day event runs from one midnight to a later one",
      });
  }
  const first = errors[0];
  if (first !== undefined)
    throw problem("SERVER_REQUEST_INVALID", `Invalid body member "${first.name}": ${first.message}`, {
      errors,
    });
  return { ...input, ...(start && { start }), ...(end && { end }) } as Partial<EventDraft>;
}

function readTime(name: string, time: ZonedDateTime, errors: InvalidPart[]): ZonedDateTime | undefined {
  const { dateTime, ianaZone } = time;
  if (!isKnownZone(ianaZone)) {
    errors.push({ in: "body", name: `/${name}/ianaZone`, message: `Unknown IANA zone "${ianaZone}"` });
    return undefined;
  }
  try {
    toInstant({ dateTime, ianaZone });
  } catch {
    errors.push({ in: "body", name: `/${name}/dateTime`, message: `No such date and time: "${dateTime}"` });
    return undefined;
  }
  return { dateTime, ianaZone };
}

function isMidnight(time: ZonedDateTime): boolean {
  return time.dateTime.endsWith("T00:00:00");
}

function showTime(time: ZonedDateTime): { dateTime: string; ianaZone: string; instant: string } {
  return { dateTime: time.dateTime, ianaZone: time.ianaZone, instant: formatInstant(toInstant(time)) };
}

function formatInstant(instant: Date): string {
  return instant.toISOString().replace(/\.000Z$/, "Z");
}
