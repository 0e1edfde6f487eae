/** Events of a source as a mailbox holds them, and how they differ from the timetable. */
import { type CalendarEvent, type CalendarPort, isSameExchangeZone, toInstant } from "@nightlatch/calendar";
import { oneLine } from "./event-content.ts";
import type { FieldChange } from "./plan.ts";
import { touches, type WindowMs } from "./source-event.ts";
import { HASH_PROPERTY, KEY_PROPERTY, SOURCE_PROPERTY, type TimetableEvent } from "./timetable.ts";
import { DAY_MS } from "./wall-time.ts";

/** Names of the own properties that are read with every event. */
export const OWN_PROPERTIES: readonly string[] = [SOURCE_PROPERTY, KEY_PROPERTY, HASH_PROPERTY];

/** How far around the window a mailbox is read, so that events that were moved over its edge are recognised. */
const READ_MARGIN_MS = 31 * DAY_MS;
/** Farthest that two zones are apart. */
const ZONE_SPREAD_MS = 14 * 3_600_000;

/** An event that belongs to the source. */
export interface ManagedEvent {
  readonly id: string;
  /** Absent when somebody made a series of it: then `id` is the master's. */
  readonly changeKey: string | undefined;
  readonly key: string;
  readonly hash: string;
  readonly isSeries: boolean;
  /** Whether it lies inside the window beyond doubt; only then may it be deleted. */
  readonly isInside: boolean;
  readonly event: CalendarEvent;
}

/**
 * Reads every event of a source from a mailbox, in one pass.
 *
 * @param calendar - calendar port
 * @param mailbox - mailbox
 * @param options - window, tag of the source, signal
 * @returns events that carry the tag, a month around the window included
 * @throws {NightlatchError} `CALENDAR_…` when the mailbox cannot be read completely
 */
export async function readManagedEvents(
  calendar: CalendarPort,
  mailbox: string,
  options: {
    readonly window: WindowMs;
    readonly sourceTag: string;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<readonly ManagedEvent[]> {
  const { window, sourceTag, signal } = options;
  const managed = new Map<string, ManagedEvent>();
  const events = calendar.listEvents(mailbox, {
    from: new Date(window.fromMs - READ_MARGIN_MS),
    to: new Date(window.toMs + READ_MARGIN_MS),
    properties: OWN_PROPERTIES,
    signal,
  });
  for await (const event of events) {
    if (event.properties[SOURCE_PROPERTY] !== sourceTag) continue;
    const found = managedEvent(event, window);
    const known = managed.get(found.id);
    // The occurrences of a series count once.
    managed.set(
      found.id,
      known === undefined ? found : { ...found, isInside: known.isInside || found.isInside },
    );
  }
  return [...managed.values()];
}

/**
 * Lists the fields in which an event of a mailbox differs from the timetable.
 *
 * Times are compared as instants, because Exchange keeps Windows zones; all-day events also by their dates.
 * The description is not compared: mailboxes rewrite it as HTML.
 *
 * @param event - event of the mailbox
 * @param wanted - content of the timetable
 * @returns fields with both values; empty when nothing differs
 */
export function differences(event: CalendarEvent, wanted: TimetableEvent): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  const compare = (field: FieldChange["field"], from: string, to: string) => {
    if (from !== to) changes.push({ field, from, to });
  };
  compare("subject", oneLine(event.subject), wanted.subject);
  for (const field of ["start", "end"] as const) {
    if (!isSameTime(event[field], wanted[field], event.isAllDay && wanted.isAllDay)) {
      changes.push({ field, from: textOf(event[field]), to: textOf(wanted[field]) });
    }
  }
  compare("isAllDay", String(event.isAllDay), String(wanted.isAllDay));
  compare("location", oneLine(event.location), wanted.location);
  compare("categories", setText(event.categories), setText(wanted.categories));
  compare("showAs", event.showAs, wanted.showAs);
  compare("sensitivity", event.sensitivity, wanted.sensitivity);
  return changes;
}

/**
 * Lists the fields in which the timetable has changed since an event was written.
 *
 * @param event - event of the mailbox
 * @param wanted - content of the timetable, whose hash is another than the event's
 * @returns fields that can be seen to differ; the description when nothing else explains the other hash
 */
export function changesSinceWritten(event: CalendarEvent, wanted: TimetableEvent): readonly FieldChange[] {
  const changes = [...differences(event, wanted)];
  const reminder = event.isReminderOn === true ? String(event.reminderMinutesBeforeStart ?? "on") : "none";
  const wantedReminder = String(wanted.reminderMinutesBeforeStart ?? "none");
  if (event.isReminderOn !== undefined && reminder !== wantedReminder) {
    changes.push({ field: "reminder", from: reminder, to: wantedReminder });
  }
  if (!isSameExchangeZone(event.start.ianaZone, wanted.start.ianaZone)) {
    changes.push({ field: "zone", from: event.start.ianaZone, to: wanted.start.ianaZone });
  }
  return changes.length > 0 ? changes : [{ field: "description" }];
}

function managedEvent(event: CalendarEvent, window: WindowMs): ManagedEvent {
  const isSeries = event.type !== "singleInstance";
  return {
    id: isSeries ? (event.seriesMasterId ?? event.id) : event.id,
    changeKey: isSeries ? undefined : event.changeKey,
    key: event.properties[KEY_PROPERTY] ?? "",
    hash: event.properties[HASH_PROPERTY] ?? "",
    isSeries,
    isInside: isInside(event, window),
    event,
  };
}

function isInside(event: CalendarEvent, window: WindowMs): boolean {
  const startMs = toInstant(event.start).getTime();
  const endMs = toInstant(event.end).getTime();
  if (!event.isAllDay) return touches(startMs, endMs, window);
  // A day has no zone: at the edge of the window it may be another day for the server than for the timetable.
  return startMs + ZONE_SPREAD_MS < window.toMs && endMs - ZONE_SPREAD_MS > window.fromMs;
}

function isSameTime(left: CalendarEvent["start"], right: CalendarEvent["start"], isAllDay: boolean): boolean {
  if (isAllDay && left.dateTime.slice(0, 10) === right.dateTime.slice(0, 10)) return true;
  return toInstant(left).getTime() === toInstant(right).getTime();
}

function textOf(time: CalendarEvent["start"]): string {
  return `${time.dateTime} ${time.ianaZone}`;
}

function setText(categories: readonly string[]): string {
  return [...new Set(categories.map((category) => category.trim()))].sort().join(", ");
}
