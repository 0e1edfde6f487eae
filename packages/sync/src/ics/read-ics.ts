/** Reads an ICS file as a whole. */
import { resolveZone } from "@nightlatch/calendar";
import { sourceError } from "../errors.ts";
import type { ReadContext, SourceEvent, SourceReading, WindowMs } from "../source-event.ts";
import { DAY_MS } from "../wall-time.ts";
import { type IcsContext, type IcsEvent, type IcsTime, instantOf, readIcsEvent } from "./ics-event.ts";
import { IcsZones, ianaIcsZone } from "./ics-zones.ts";
import { type CalendarText, scanComponents } from "./scan-components.ts";
import { expandSeries, groupSeries, isRecurring, type Series } from "./series.ts";

/**
 * Reads every event of an ICS stream.
 *
 * @param text - the stream: one or more iCalendar objects
 * @param context - zone, mailbox and limits
 * @returns the events, to be expanded for a window
 * @throws {NightlatchError} a `SYNC_SOURCE_…` code; see {@link readIcsEvent}, {@link scanComponents},
 *   {@link groupSeries}
 */
export function readIcs(text: string, context: ReadContext): SourceReading {
  const series: Series[] = [];
  // Objects of one stream share their UIDs unless they say that they are for different mailboxes.
  const byMailboxes = new Map<string, IcsEvent[]>();
  for (const calendar of scanComponents(text, context.sourceName)) {
    const icsContext = contextOf(calendar, context);
    const group = byMailboxes.get(calendar.mailboxes.join()) ?? [];
    byMailboxes.set(calendar.mailboxes.join(), group);
    for (const component of calendar.events) group.push(readIcsEvent(component, icsContext));
  }
  for (const events of byMailboxes.values()) series.push(...groupSeries(events, context.sourceName));
  warnOfUnusedOverrides(series, context);
  return {
    extent: extentOf(series),
    eventsIn: (window) => expandAll(series, window, context),
  };
}

function contextOf(calendar: CalendarText, context: ReadContext): IcsContext {
  const { sourceName } = context;
  const place = { sourceName, line: calendar.line, field: "X-WR-TIMEZONE" };
  const named = calendar.defaultZone === undefined ? undefined : resolveZone(calendar.defaultZone);
  if (calendar.defaultZone !== undefined && named === undefined) {
    throw sourceError("SYNC_SOURCE_ZONE_UNKNOWN", place, `unknown zone "${calendar.defaultZone}"`);
  }
  const defaultZone = named ?? context.ianaZone;
  const zones = new IcsZones(sourceName, defaultZone ?? "UTC");
  zones.define(calendar.zones);
  const dateZone = defaultZone ?? onlyZoneOf(calendar, zones);
  return {
    sourceName,
    zones,
    floatingZone: defaultZone === undefined ? undefined : ianaIcsZone(defaultZone),
    dateZone: dateZone === undefined ? undefined : ianaIcsZone(dateZone),
    calendarMailboxes: calendar.mailboxes,
    isCancelMethod: calendar.method === "CANCEL",
    mailboxDomains: context.mailboxDomains,
  };
}

/** The zone of all timed events, when they have one and the same: then the days of the file are its days. */
function onlyZoneOf(calendar: CalendarText, zones: IcsZones): string | undefined {
  const used = new Set<string>();
  for (const event of calendar.events) {
    for (const match of event.text.matchAll(/;TZID=(?:"([^"]*)"|([^:;,\r\n]*))/gi)) {
      const zone = resolveZone(match[1] ?? match[2] ?? "");
      if (zone !== undefined) used.add(zone);
    }
  }
  const candidates = used.size > 0 ? [...used] : zones.definedIanaZones();
  return candidates.length === 1 ? candidates[0] : undefined;
}

function expandAll(
  allSeries: readonly Series[],
  window: WindowMs,
  context: ReadContext,
): readonly SourceEvent[] {
  const seriesContext = {
    sourceName: context.sourceName,
    window,
    mailboxesOf: (event: IcsEvent, master: IcsEvent | undefined) => mailboxesOf(event, master, context),
    reminderMinutesBeforeStart: context.reminderMinutesBeforeStart,
  };
  const events: SourceEvent[] = [];
  for (const series of allSeries) {
    for (const event of expandSeries(series, seriesContext)) events.push(event);
    if (events.length > context.maxEntries) {
      const place = { sourceName: context.sourceName, line: series.master?.line };
      throw sourceError(
        "SYNC_SOURCE_TOO_LARGE",
        place,
        `more than ${context.maxEntries} events in the window`,
      );
    }
  }
  return events;
}

function mailboxesOf(event: IcsEvent, master: IcsEvent | undefined, context: ReadContext): readonly string[] {
  if (context.mailbox !== undefined) return [context.mailbox];
  const mailboxes = event.mailboxes.length > 0 ? event.mailboxes : (master?.mailboxes ?? []);
  if (mailboxes.length > 0) return [...new Set(mailboxes)];
  throw sourceError(
    "SYNC_SOURCE_MAILBOX_MISSING",
    { sourceName: context.sourceName, line: event.line, uid: event.uid },
    "the event has neither X-NIGHTLATCH-MAILBOX nor an ATTENDEE that is a mailbox",
  );
}

function extentOf(allSeries: readonly Series[]): WindowMs {
  let fromMs = Number.POSITIVE_INFINITY;
  let toMs = Number.NEGATIVE_INFINITY;
  const include = (startMs: number, endMs: number) => {
    fromMs = Math.min(fromMs, startMs);
    toMs = Math.max(toMs, endMs + 1000);
  };
  for (const { master, overrides } of allSeries) {
    for (const event of [master, ...overrides]) {
      if (event === undefined || event.isCancelled) continue;
      include(instantOf(event.start), instantOf(event.end));
      for (const extra of event.extraDates) include(instantOf(extra.start), instantOf(extra.start) + DAY_MS);
      if (isRecurring(event)) include(instantOf(event.start), lastOf(event));
    }
  }
  return { fromMs, toMs };
}

function lastOf(event: IcsEvent): number {
  const lastMs = event.rules.map((rule) =>
    rule.untilWallMs === undefined
      ? instantOf(event.start) + 366 * DAY_MS
      : instantOf({ ...event.start, wallMs: rule.untilWallMs }) + DAY_MS,
  );
  return Math.max(instantOf(event.start), ...lastMs);
}

function warnOfUnusedOverrides(allSeries: readonly Series[], context: ReadContext): void {
  for (const { master, overrides, uid } of allSeries) {
    if (master === undefined || isRecurring(master) || overrides.length === 0) continue;
    const isForeign = (time: IcsTime | undefined) =>
      time !== undefined && instantOf(time) !== instantOf(master.start);
    for (const override of overrides.filter((event) => isForeign(event.recurrenceId))) {
      const place = { sourceName: context.sourceName, line: override.line, uid };
      context.warn("The event changes an occurrence of an event that does not repeat", place);
    }
  }
}
