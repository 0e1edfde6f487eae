/** What the memory calendar keeps of an event, and how a series of it is shown as occurrences. */
import { calendarError } from "../errors.ts";
import type { CalendarEvent, EventDraft, EventType, ZonedDateTime } from "../event.ts";
import { recurrenceDates } from "../recurrence.ts";
import { ianaZoneToWindows, resolveZone, windowsZoneToIana } from "../zones/zone-names.ts";
import { addDays, toInstant } from "../zones/zoned-date-time.ts";

/** One event as kept: single, or master with what differs from its rule. */
export interface StoredEvent {
  readonly id: string;
  changeKey: string;
  /** With zones as Exchange keeps them. */
  draft: EventDraft;
  readonly createdAt: Date;
  modifiedAt: Date;
  transactionId: string | undefined;
  /** Changed occurrences by the local date on which the rule has them. */
  readonly exceptions: Map<string, StoredEvent>;
  readonly deletedDates: Set<string>;
}

/** Which members a reader asked for. */
export interface ShownMembers {
  readonly properties?: readonly string[] | undefined;
  readonly includeBody?: boolean | undefined;
}

/**
 * Refuses a draft that Exchange refuses.
 *
 * @param draft - complete draft
 * @param mailbox - for the message
 * @throws {NightlatchError} `CALENDAR_REJECTED`: times, zones or recurrence are impossible
 */
export function checkDraft(
  draft: Omit<EventDraft, "recurrence"> & { readonly recurrence?: EventDraft["recurrence"] | undefined },
  mailbox: string,
): void {
  const problem = findProblem(draft);
  if (problem === undefined) return;
  throw calendarError(
    "CALENDAR_REJECTED",
    `Cannot write event "${draft.subject}" in mailbox "${mailbox}": ${problem}`,
    {
      details: { mailbox },
    },
  );
}

/**
 * Keeps a draft, zones spelled as they come back from Exchange.
 *
 * @param id - id of the event
 * @param changeKey - its version
 * @param draft - complete draft
 * @param createdAt - when it was created
 * @param modifiedAt - when it was changed last
 * @returns the event without exceptions
 */
export function storeDraft(
  id: string,
  changeKey: string,
  draft: EventDraft,
  createdAt: Date,
  modifiedAt: Date = createdAt,
): StoredEvent {
  return {
    id,
    changeKey,
    draft: { ...draft, start: asExchangeKeeps(draft.start), end: asExchangeKeeps(draft.end) },
    createdAt,
    modifiedAt,
    transactionId: undefined,
    exceptions: new Map(),
    deletedDates: new Set(),
  };
}

/**
 * Shows a single event or series master.
 *
 * @param stored - the event
 * @param shown - members asked for
 * @returns the event as the port has it
 */
export function showStored(stored: StoredEvent, shown: ShownMembers): CalendarEvent {
  const isMaster = stored.draft.recurrence !== undefined;
  return show(stored, stored.draft, isMaster ? "seriesMaster" : "singleInstance", shown);
}

/**
 * Shows one occurrence or exception.
 *
 * @param stored - the series master
 * @param date - local date on which the rule has the occurrence
 * @param shown - members asked for
 * @returns the occurrence as the port has it
 */
export function showOccurrence(stored: StoredEvent, date: string, shown: ShownMembers): CalendarEvent {
  const exception = stored.exceptions.get(date);
  const { draft } = findOccurrence(stored, date);
  const event = show(exception ?? stored, draft, exception === undefined ? "occurrence" : "exception", shown);
  const { recurrence: _, ...occurrence } = event;
  return {
    ...occurrence,
    id: `${stored.id}.${date}`,
    iCalUId: `${event.iCalUId}.${date}`,
    seriesMasterId: stored.id,
    originalStartAt: toInstant(onDate(stored.draft, date).start),
  };
}

/**
 * Finds an occurrence of a series.
 *
 * @param stored - the series master
 * @param date - local date on which the rule has the occurrence
 * @returns its draft, and whether the rule has it and it was not deleted
 */
export function findOccurrence(
  stored: StoredEvent,
  date: string,
): { readonly draft: EventDraft; readonly exists: boolean } {
  const draft = stored.exceptions.get(date)?.draft ?? onDate(stored.draft, date);
  if (stored.draft.recurrence === undefined || stored.deletedDates.has(date)) return { draft, exists: false };
  for (const candidate of recurrenceDates(stored.draft.recurrence)) {
    if (candidate >= date) return { draft, exists: candidate === date };
  }
  return { draft, exists: false };
}

/**
 * Lists what an event shows in a window.
 *
 * @param stored - single event or series master
 * @param from - inclusive instant
 * @param to - exclusive instant
 * @param shown - members asked for
 * @returns events that touch the window, each with its start in milliseconds since 1970
 */
export function expandStored(
  stored: StoredEvent,
  from: Date,
  to: Date,
  shown: ShownMembers,
): readonly { readonly event: CalendarEvent; readonly startAtMs: number }[] {
  const { recurrence } = stored.draft;
  const found: { event: CalendarEvent; startAtMs: number }[] = [];
  const add = (event: CalendarEvent): void => {
    const startAtMs = toInstant(event.start).getTime();
    const endAtMs = toInstant(event.end).getTime();
    const touches = endAtMs > from.getTime() || (startAtMs === endAtMs && startAtMs === from.getTime());
    if (startAtMs < to.getTime() && touches) found.push({ event, startAtMs });
  };
  if (recurrence === undefined) {
    add(showStored(stored, shown));
    return found;
  }
  for (const date of stored.exceptions.keys()) add(showOccurrence(stored, date, shown));
  for (const date of recurrenceDates(recurrence)) {
    if (toInstant(onDate(stored.draft, date).start) >= to) break;
    if (!stored.exceptions.has(date) && !stored.deletedDates.has(date)) {
      add(showOccurrence(stored, date, shown));
    }
  }
  return found;
}

function show(version: StoredEvent, draft: EventDraft, type: EventType, shown: ShownMembers): CalendarEvent {
  return {
    id: version.id,
    changeKey: version.changeKey,
    iCalUId: `uid-${version.id}`,
    type,
    subject: draft.subject,
    start: draft.start,
    end: draft.end,
    isAllDay: draft.isAllDay ?? false,
    isCancelled: false,
    location: draft.location ?? "",
    ...(shown.includeBody === true && { body: draft.body ?? { contentType: "text", content: "" } }),
    categories: draft.categories ?? [],
    showAs: draft.showAs ?? "busy",
    sensitivity: draft.sensitivity ?? "normal",
    isReminderOn: draft.isReminderOn ?? false,
    reminderMinutesBeforeStart: draft.reminderMinutesBeforeStart ?? 15,
    attendees: draft.attendees ?? [],
    ...(draft.recurrence !== undefined && { recurrence: draft.recurrence }),
    properties: pick(draft.properties ?? {}, shown.properties ?? []),
    createdAt: version.createdAt,
    lastModifiedAt: version.modifiedAt,
  };
}

function pick(
  properties: Readonly<Record<string, string>>,
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => names.includes(name)));
}

/** The draft moved to a local date; a lesson keeps its wall-clock length whatever the clocks do. */
function onDate(draft: EventDraft, date: string): EventDraft {
  const firstMs = Date.parse(`${draft.start.dateTime.slice(0, 10)}T00:00:00Z`);
  const days = Math.round((Date.parse(`${date}T00:00:00Z`) - firstMs) / 86_400_000);
  return {
    ...draft,
    start: { ...draft.start, dateTime: addDays(draft.start.dateTime, days) },
    end: { ...draft.end, dateTime: addDays(draft.end.dateTime, days) },
  };
}

function asExchangeKeeps(zoned: ZonedDateTime): ZonedDateTime {
  const windowsZone = ianaZoneToWindows(zoned.ianaZone);
  const ianaZone = windowsZone === undefined ? resolveZone(zoned.ianaZone) : windowsZoneToIana(windowsZone);
  return { dateTime: zoned.dateTime, ianaZone: ianaZone ?? zoned.ianaZone };
}

function findProblem(draft: Parameters<typeof checkDraft>[0]): string | undefined {
  try {
    if (toInstant(draft.end) < toInstant(draft.start)) {
      return `it ends (${draft.end.dateTime}) before it starts (${draft.start.dateTime})`;
    }
    const isMidnight = [draft.start, draft.end].every((time) => time.dateTime.endsWith("T00:00:00"));
    if (draft.isAllDay === true && (!isMidnight || draft.start.dateTime === draft.end.dateTime)) {
      return "an all-day event runs from midnight to a later midnight";
    }
    if (draft.recurrence === undefined) return undefined;
    const [first] = [draft.recurrence.range.startsOn];
    if (first !== draft.start.dateTime.slice(0, 10)) {
      return `the series starts on ${first} but the event on ${draft.start.dateTime}`;
    }
    recurrenceDates(draft.recurrence).next();
    return undefined;
  } catch (error) {
    return error instanceof RangeError ? error.message : String(error);
  }
}
