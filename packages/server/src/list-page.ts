/** One page of the event list: ordered by start and id, cut at the limit. */
import { type CalendarEvent, type CalendarPort, toInstant } from "@nightlatch/calendar";
import type { TimeWindow } from "./window.ts";

/** Which page of which list. */
export interface PageQuery extends TimeWindow {
  readonly calendarId?: string | undefined;
  readonly properties: readonly string[];
  /** Form of the bodies; none are read when absent. */
  readonly bodyContentType?: "text" | "html" | undefined;
  /** The last event of the page before. */
  readonly after?: { readonly startMs: number; readonly id: string } | undefined;
  /** Most events on the page, at least 1. */
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
}

/** An event with its instants, so that they are computed once. */
export interface TimedEvent {
  readonly event: CalendarEvent;
  readonly startMs: number;
  readonly endMs: number;
}

/** A page and where the next one starts. */
export interface EventPage {
  readonly events: readonly TimedEvent[];
  /** Whether more events follow the last one. */
  readonly hasMore: boolean;
}

/**
 * How far the order of a calendar may differ from the order of instants: an all-day event is a date, and the
 * calendar and the event may count its midnight in zones up to 26 hours apart.
 */
const DISORDER_MS = 26 * 3_600_000;

/**
 * Reads one page. Stops reading the calendar as soon as the page is certain.
 *
 * @param calendar - yields events ordered by start, except for all-day events and the order among equal starts
 */
export async function readEventPage(
  calendar: CalendarPort,
  mailbox: string,
  query: PageQuery,
): Promise<EventPage> {
  const events: TimedEvent[] = [];
  let settledCount = 0;
  for await (const timed of readWindow(calendar, mailbox, query)) {
    while (settledCount < events.length && (events[settledCount]?.startMs ?? 0) < timed.startMs - DISORDER_MS)
      settledCount += 1;
    if (settledCount > query.limit) break;
    if (query.after !== undefined && compare(timed, query.after.startMs, query.after.id) <= 0) continue;
    insert(events, timed);
  }
  return { events: events.slice(0, query.limit), hasMore: events.length > query.limit };
}

/**
 * Reads the events of a half-open window: those that start before `to` and end after `from`, and those without
 * length that start in it. Exact whatever the wing thinks of the edges; whether an all-day event at an edge
 * belongs to the window is the calendar's judgement, which knows the zone of the mailbox.
 */
export async function* readWindow(
  calendar: CalendarPort,
  mailbox: string,
  query: Omit<PageQuery, "limit">,
): AsyncGenerator<TimedEvent> {
  const fromMs = query.from.getTime();
  const toMs = query.to.getTime();
  // What a former page gave out need not be read again.
  const resumeMs =
    query.after === undefined
      ? fromMs
      : Math.min(Math.max(fromMs, query.after.startMs - DISORDER_MS), toMs - 1);
  const window = {
    from: new Date(resumeMs),
    to: query.to,
    calendarId: query.calendarId,
    properties: query.properties,
    includeBody: query.bodyContentType !== undefined,
    bodyContentType: query.bodyContentType,
    signal: query.signal,
  };
  for await (const event of calendar.listEvents(mailbox, window)) {
    const timed = { event, startMs: toInstant(event.start).getTime(), endMs: toInstant(event.end).getTime() };
    if (event.isAllDay || (timed.startMs < toMs && (timed.endMs > fromMs || timed.startMs >= fromMs)))
      yield timed;
  }
}

/** Events arrive almost in order, so the place is found within a few steps from the end. */
function insert(events: TimedEvent[], timed: TimedEvent): void {
  let place = events.length;
  while (place > 0 && compare(events[place - 1] as TimedEvent, timed.startMs, timed.event.id) > 0) place -= 1;
  events.splice(place, 0, timed);
}

function compare(timed: TimedEvent, startMs: number, id: string): number {
  if (timed.startMs !== startMs) return timed.startMs - startMs;
  if (timed.event.id === id) return 0;
  return timed.event.id < id ? -1 : 1;
}
