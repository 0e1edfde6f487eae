/**
 * The Graph wing of the Calendar port.
 *
 * The rules are: ids are immutable ids; times are asked for in UTC and turned into the zone in which the event was
 * written; only the members that the port has are selected; a POST is repeated after a lost answer only when it
 * carries a transaction id, because then Graph answers the second one with the event of the first.
 */
import type { CalendarInfo, CalendarPort, EventWindow } from "../calendar.ts";
import { calendarError } from "../errors.ts";
import type { CalendarEvent, EventDraft } from "../event.ts";
import { GraphClient, type GraphOptions } from "./client.ts";
import { decodeEvent, EVENT_MEMBERS, encodeEvent, VIEW_MEMBERS } from "./event-codec.ts";
import { expandProperties, filterByProperty } from "./extended-properties.ts";
import { PAGE_SIZE, readPages } from "./pages.ts";
import { pathOf, userSegments } from "./query.ts";
import { isRecord, recordOf, stringOf, type WireRecord } from "./wire.ts";

/** Options of {@link createGraphCalendar}. */
export type GraphCalendarOptions = GraphOptions;

/**
 * Creates a Calendar port over Microsoft Graph.
 *
 * The application needs the permission `Calendars.ReadWrite` (reading alone: `Calendars.Read`) with administrator
 * consent. A create without `transactionId` whose answer is lost ends as `CALENDAR_WRITE_UNCERTAIN`; with one it
 * is repeated, and only reported so when no attempt was answered.
 *
 * @param options - tokens, transport, endpoint of the cloud, limits
 * @returns the port; it holds no connection of its own, closing the transport is the caller's business
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createGraphCalendar } from "@nightlatch/calendar";
 *
 * const calendar = createGraphCalendar({
 *   tokens: { getToken: async () => ({ token: "…", expiresOnTimestamp: Date.now() + 3_600_000 }) },
 *   transport: {
 *     send: async () => ({
 *       status: 200,
 *       headers: {},
 *       body: new Uint8Array(),
 *       text: () => "",
 *       json: () => ({ value: [{ id: "AAMk1", name: "Calendar", isDefaultCalendar: true, canEdit: true }] }),
 *     }),
 *     close: () => undefined,
 *   },
 * });
 * const [first] = await calendar.listCalendars("room-12@school.example");
 * assert.equal(first?.name, "Calendar");
 * ```
 * @see Microsoft Graph REST API v1.0, "Calendar"
 */
export function createGraphCalendar(options: GraphCalendarOptions): CalendarPort {
  const client = new GraphClient(options);
  return { wing: "graph", ...calendarCalls(client), ...readingCalls(client), ...writingCalls(client) };
}

type CalendarCalls = Pick<CalendarPort, "listCalendars" | "createCalendar" | "deleteCalendar">;
type ReadingCalls = Pick<CalendarPort, "listEvents" | "getEvent" | "findEvents">;
type WritingCalls = Pick<CalendarPort, "createEvent" | "updateEvent" | "deleteEvent">;

function calendarCalls(client: GraphClient): CalendarCalls {
  return {
    async listCalendars(mailbox, { signal } = {}) {
      const path = pathOf([...userSegments(mailbox), "calendars"], {
        $select: "id,name,isDefaultCalendar,canEdit",
        $top: String(PAGE_SIZE),
      });
      const act = `list the calendars of "${mailbox}"`;
      const calendars: CalendarInfo[] = [];
      for await (const wire of readPages(client, { act, mailbox, path, headers: headersFor(), signal })) {
        calendars.push(readable(act, mailbox, wire, decodeCalendar));
      }
      return calendars.sort(
        (left, right) => Number(right.isDefaultCalendar) - Number(left.isDefaultCalendar),
      );
    },

    async createCalendar(mailbox, name, { signal } = {}) {
      const act = `create calendar "${name}" in "${mailbox}"`;
      const { body } = await client.ask({
        act,
        mailbox,
        method: "POST",
        path: pathOf([...userSegments(mailbox), "calendars"]),
        headers: headersFor(),
        body: { name },
        wanted: 201,
        repeatable: false,
        signal,
      });
      return readable(act, mailbox, body, decodeCalendar);
    },

    async deleteCalendar(mailbox, calendarId, { signal } = {}) {
      await client.ask({
        act: `delete calendar "${calendarId}" of "${mailbox}"`,
        mailbox,
        method: "DELETE",
        path: pathOf([...userSegments(mailbox), "calendars", calendarId]),
        headers: headersFor(),
        wanted: 204,
        repeatable: true,
        signal,
      });
    },
  };
}

function readingCalls(client: GraphClient): ReadingCalls {
  return {
    listEvents: (mailbox, window) => listEvents(client, mailbox, window),

    async getEvent(mailbox, eventId, options = {}) {
      const act = `get event "${eventId}" of "${mailbox}"`;
      const { body } = await client.ask({
        act,
        mailbox,
        method: "GET",
        path: pathOf([...userSegments(mailbox), "events", eventId], {
          $select: [...EVENT_MEMBERS, "body"].join(","),
          $expand: expandProperties(options.properties),
        }),
        headers: headersFor(options.bodyContentType),
        wanted: 200,
        repeatable: true,
        signal: options.signal,
      });
      return readable(act, mailbox, body, (wire) => decodeEvent(wire, true));
    },

    async findEvents(mailbox, query) {
      const { name, value } = query;
      const path = pathOf([...calendarSegments(mailbox, query.calendarId), "events"], {
        $filter: filterByProperty(name, value),
        $select: EVENT_MEMBERS.join(","),
        $expand: expandProperties([name]),
        $top: String(PAGE_SIZE),
      });
      const act = `find events of "${mailbox}" by ${name} "${value}"`;
      const found: CalendarEvent[] = [];
      const call = { act, mailbox, path, headers: headersFor(), signal: query.signal };
      for await (const wire of readPages(client, call)) {
        const event = readable(act, mailbox, wire, (entry) => decodeEvent(entry, false));
        // The server does not tell upper from lower case in values.
        if (event.properties[name] === value) found.push(event);
      }
      return found;
    },
  };
}

async function* listEvents(
  client: GraphClient,
  mailbox: string,
  window: EventWindow,
): AsyncGenerator<CalendarEvent> {
  if (!(window.from < window.to)) throw new RangeError("The window must end after it starts");
  const act = `list the events of "${mailbox}"`;
  const path = pathOf([...calendarSegments(mailbox, window.calendarId), "calendarView"], {
    startDateTime: window.from.toISOString(),
    endDateTime: window.to.toISOString(),
    $select: [...VIEW_MEMBERS, ...(window.includeBody === true ? ["body"] : [])].join(","),
    $expand: expandProperties(window.properties),
    $orderby: "start/dateTime",
    $top: String(PAGE_SIZE),
  });
  const headers = headersFor(window.bodyContentType);
  const seen = new Set<string>();
  for await (const wire of readPages(client, { act, mailbox, path, headers, signal: window.signal })) {
    const event = readable(act, mailbox, wire, (entry) => decodeEvent(entry, window.includeBody === true));
    // Pages are cut by position: what is created meanwhile shifts entries into the next page a second time.
    if (seen.has(event.id) || !touches(wire, window)) continue;
    seen.add(event.id);
    yield event;
  }
}

function writingCalls(client: GraphClient): WritingCalls {
  return {
    async createEvent(mailbox, draft, options = {}) {
      const { transactionId } = options;
      if (transactionId !== undefined && (transactionId === "" || transactionId.length > 255)) {
        throw new RangeError(`Transaction id has ${transactionId.length} characters, want 1 to 255`);
      }
      const act = `create event "${draft.subject}" in "${mailbox}"`;
      const { body } = await client.ask({
        act,
        mailbox,
        method: "POST",
        path: pathOf([...calendarSegments(mailbox, options.calendarId), "events"]),
        headers: headersFor(),
        body: { ...encodeEvent(draft), ...(transactionId !== undefined && { transactionId }) },
        wanted: 201,
        repeatable: transactionId !== undefined,
        signal: options.signal,
      });
      return readable(act, mailbox, body, (wire) => written(wire, draft));
    },

    async updateEvent(mailbox, eventId, changes, options = {}) {
      const act = `update event "${eventId}" of "${mailbox}"`;
      const { body } = await client.ask({
        act,
        mailbox,
        method: "PATCH",
        path: pathOf([...userSegments(mailbox), "events", eventId]),
        headers: { ...headersFor(), ...ifMatch(options.changeKey) },
        body: encodeEvent(changes),
        wanted: 200,
        repeatable: true,
        signal: options.signal,
      });
      return readable(act, mailbox, body, (wire) => written(wire, changes));
    },

    async deleteEvent(mailbox, eventId, options = {}) {
      await client.ask({
        act: `delete event "${eventId}" of "${mailbox}"`,
        mailbox,
        method: "DELETE",
        path: pathOf([...userSegments(mailbox), "events", eventId]),
        headers: { ...headersFor(), ...ifMatch(options.changeKey) },
        wanted: 204,
        repeatable: true,
        signal: options.signal,
      });
    },
  };
}

function calendarSegments(mailbox: string, calendarId: string | undefined): readonly string[] {
  const user = userSegments(mailbox);
  return calendarId === undefined ? [...user, "calendar"] : [...user, "calendars", calendarId];
}

function headersFor(bodyContentType?: "text" | "html" | undefined): Readonly<Record<string, string>> {
  const preferences = ['IdType="ImmutableId"', 'outlook.timezone="UTC"'];
  if (bodyContentType !== undefined) preferences.push(`outlook.body-content-type="${bodyContentType}"`);
  return { prefer: preferences.join(", ") };
}

function ifMatch(changeKey: string | undefined): Readonly<Record<string, string>> {
  return changeKey === undefined ? {} : { "if-match": `W/"${changeKey}"` };
}

/** The event as the server has it now, with the own properties that it does not echo. */
function written(wire: unknown, draft: Partial<EventDraft>): CalendarEvent {
  return { ...decodeEvent(wire, draft.body !== undefined), properties: draft.properties ?? {} };
}

function touches(wire: unknown, { from, to }: EventWindow): boolean {
  if (!isRecord(wire) || wire["isAllDay"] === true) return true;
  const startAtMs = utcOf(recordOf(wire, "start"));
  const endAtMs = utcOf(recordOf(wire, "end"));
  if (startAtMs === undefined || endAtMs === undefined) return true;
  const isMoment = startAtMs === endAtMs;
  return startAtMs < to.getTime() && (isMoment ? startAtMs >= from.getTime() : endAtMs > from.getTime());
}

function utcOf(wire: WireRecord): number | undefined {
  const text = stringOf(wire, "dateTime");
  if (text === undefined || stringOf(wire, "timeZone") !== "UTC") return undefined;
  return Date.parse(`${text.slice(0, 19)}Z`);
}

function decodeCalendar(wire: unknown): CalendarInfo {
  if (!isRecord(wire)) throw new RangeError("the calendar is not an object");
  const id = stringOf(wire, "id");
  if (id === undefined) throw new RangeError('the calendar has no "id"');
  return {
    id,
    name: stringOf(wire, "name") ?? "",
    isDefaultCalendar: wire["isDefaultCalendar"] === true,
    canEdit: wire["canEdit"] !== false,
  };
}

function readable<Value>(
  act: string,
  mailbox: string,
  wire: unknown,
  decode: (wire: unknown) => Value,
): Value {
  try {
    return decode(wire);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw calendarError("CALENDAR_UNREADABLE_ANSWER", `Cannot ${act}: ${cause.message}`, {
      details: { mailbox, id: isRecord(wire) ? wire["id"] : undefined },
      cause,
    });
  }
}
