/**
 * Events on the wire: `event` of Graph.
 *
 * The rules are: a value of an enumeration that we do not know passes as it came; a member without which an
 * event means nothing (id, version, times) is an error, never a guess.
 *
 * @see Microsoft Graph resource type `event`
 */
import type {
  Attendee,
  CalendarEvent,
  EventBody,
  EventDraft,
  EventType,
  Sensitivity,
  ShowAs,
} from "../event.ts";
import { decodeProperties, encodeProperties } from "./extended-properties.ts";
import { decodeRecurrence, encodeRecurrence } from "./recurrence-codec.ts";
import { instantOf, isRecord, numberOf, recordOf, stringOf, stringsOf, type WireRecord } from "./wire.ts";
import { decodeTime, encodeTime } from "./zone-codec.ts";

/** Members that a calendar view can give; the creation time is none of them. */
export const VIEW_MEMBERS = [
  "id",
  "changeKey",
  "iCalUId",
  "type",
  "seriesMasterId",
  "originalStart",
  "subject",
  "start",
  "end",
  "originalStartTimeZone",
  "originalEndTimeZone",
  "isAllDay",
  "isCancelled",
  "location",
  "categories",
  "showAs",
  "sensitivity",
  "isReminderOn",
  "reminderMinutesBeforeStart",
  "attendees",
] as const;

/** Members of one event read by its id or found by a property. */
export const EVENT_MEMBERS = [
  ...VIEW_MEMBERS,
  "recurrence",
  "createdDateTime",
  "lastModifiedDateTime",
] as const;

/**
 * Encodes what a caller writes.
 *
 * @param draft - a complete draft, or the members that change
 * @returns body of a create or update
 */
export function encodeEvent(draft: Partial<EventDraft>): WireRecord {
  const { start, end, location, recurrence, attendees, properties, ...plain } = draft;
  return {
    ...plain,
    ...(start !== undefined && { start: encodeTime(start) }),
    ...(end !== undefined && { end: encodeTime(end) }),
    ...(location !== undefined && { location: { displayName: location } }),
    ...(recurrence !== undefined && { recurrence: encodeRecurrence(recurrence) }),
    ...(attendees !== undefined && { attendees: attendees.map(encodeAttendee) }),
    ...(properties !== undefined && { singleValueExtendedProperties: encodeProperties(properties) }),
  };
}

/**
 * Decodes an event.
 *
 * @param wire - one `event` as it arrived
 * @param includeBody - whether the caller asked for the body
 * @returns the event
 * @throws {RangeError} when id, version or a time is missing; the message names the member
 */
export function decodeEvent(wire: unknown, includeBody: boolean): CalendarEvent {
  if (!isRecord(wire)) throw new RangeError("the event is not an object");
  const isAllDay = wire["isAllDay"] === true;
  const recurrence = decodeRecurrence(wire["recurrence"]);
  const body = includeBody ? decodeBody(wire["body"]) : undefined;
  return {
    id: required(wire, "id"),
    changeKey: required(wire, "changeKey"),
    iCalUId: stringOf(wire, "iCalUId") ?? "",
    type: (stringOf(wire, "type") ?? "singleInstance") as EventType,
    ...optional("seriesMasterId", stringOf(wire, "seriesMasterId")),
    ...optional("originalStartAt", instantOf(wire, "originalStart")),
    subject: stringOf(wire, "subject") ?? "",
    start: decodeMoment(wire, "start", "originalStartTimeZone", isAllDay),
    end: decodeMoment(wire, "end", "originalEndTimeZone", isAllDay),
    isAllDay,
    isCancelled: wire["isCancelled"] === true,
    location: stringOf(recordOf(wire, "location"), "displayName") ?? "",
    ...optional("body", body),
    categories: stringsOf(wire, "categories"),
    showAs: (stringOf(wire, "showAs") ?? "unknown") as ShowAs,
    sensitivity: (stringOf(wire, "sensitivity") ?? "normal") as Sensitivity,
    ...(typeof wire["isReminderOn"] === "boolean" && { isReminderOn: wire["isReminderOn"] }),
    ...optional("reminderMinutesBeforeStart", numberOf(wire, "reminderMinutesBeforeStart")),
    attendees: decodeAttendees(wire["attendees"]),
    ...optional("recurrence", recurrence),
    properties: decodeProperties(wire["singleValueExtendedProperties"]),
    ...optional("createdAt", instantOf(wire, "createdDateTime")),
    ...optional("lastModifiedAt", instantOf(wire, "lastModifiedDateTime")),
  };
}

function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): Partial<Record<Name, Value>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, Value>);
}

function required(wire: WireRecord, name: string): string {
  const value = stringOf(wire, name);
  if (value === undefined || value === "") throw new RangeError(`the event has no "${name}"`);
  return value;
}

function decodeMoment(
  wire: WireRecord,
  name: "start" | "end",
  zoneName: string,
  isAllDay: boolean,
): CalendarEvent["start"] {
  try {
    return decodeTime(recordOf(wire, name), stringOf(wire, zoneName), isAllDay);
  } catch (error) {
    throw new RangeError(`the event has no readable "${name}"`, { cause: error });
  }
}

function decodeBody(wire: unknown): EventBody | undefined {
  if (!isRecord(wire)) return undefined;
  return {
    contentType: stringOf(wire, "contentType")?.toLowerCase() === "text" ? "text" : "html",
    content: stringOf(wire, "content") ?? "",
  };
}

function encodeAttendee(attendee: Attendee): WireRecord {
  const { mailboxAddress, displayName, type } = attendee;
  return { type, emailAddress: { address: mailboxAddress, ...optional("name", displayName) } };
}

function decodeAttendees(wire: unknown): readonly Attendee[] {
  if (!Array.isArray(wire)) return [];
  return wire.filter(isRecord).map((attendee) => {
    const emailAddress = recordOf(attendee, "emailAddress");
    return {
      mailboxAddress: stringOf(emailAddress, "address") ?? "",
      ...optional("displayName", stringOf(emailAddress, "name")),
      type: (stringOf(attendee, "type") ?? "required") as Attendee["type"],
    };
  });
}
