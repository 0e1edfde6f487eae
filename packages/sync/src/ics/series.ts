/**
 * From the VEVENTs of one UID to single events: rule, added and excepted dates, moved and cancelled
 * occurrences.
 *
 * The rules are: an override belongs to the series of its own UID and to no other; it is recognised by the
 * instant of its RECURRENCE-ID, whichever zone that is written in; wall times repeat, so a lesson at nine is
 * at nine in winter and in summer.
 *
 * @see RFC 5545 §3.8.4.4, §3.8.5
 */
import { type SourcePlace, sourceError } from "../errors.ts";
import { type SourceEvent, touches, type WindowMs } from "../source-event.ts";
import { DAY_MS, formatWall, startOfDay } from "../wall-time.ts";
import { type IcsEvent, type IcsTime, instantOf } from "./ics-event.ts";
import { expandRule, type RecurrenceRule } from "./recurrence-rule.ts";

/** Occurrences of one series inside the window above which it is refused. */
const MAX_SERIES_OCCURRENCES = 20_000;

/** The events of one UID. */
export interface Series {
  readonly uid: string;
  /** Absent when the file holds only moved occurrences, as an export of a window does. */
  readonly master: IcsEvent | undefined;
  readonly overrides: readonly IcsEvent[];
}

/** What the expansion needs besides the series. */
export interface SeriesContext {
  readonly sourceName: string;
  readonly window: WindowMs;
  /** Mailboxes of an event, the master's when an override names none. */
  readonly mailboxesOf: (event: IcsEvent, master: IcsEvent | undefined) => readonly string[];
  readonly reminderMinutesBeforeStart: number | undefined;
}

/** One time of a series. */
interface Occurrence {
  readonly start: IcsTime;
  readonly endMs: number | undefined;
  readonly endWallMs: number | undefined;
  readonly source: IcsEvent;
}

/**
 * Groups VEVENTs by UID.
 *
 * @param events - events of one calendar object
 * @param sourceName - name for messages
 * @returns one series per UID
 * @throws {NightlatchError} `SYNC_SOURCE_DUPLICATE_ID`: two events, neither cancelled nor newer by SEQUENCE,
 *   have the same UID and RECURRENCE-ID
 */
export function groupSeries(events: readonly IcsEvent[], sourceName: string): readonly Series[] {
  const byUid = new Map<string, Map<string, IcsEvent>>();
  for (const event of events) {
    const versions = byUid.get(event.uid) ?? new Map<string, IcsEvent>();
    byUid.set(event.uid, versions);
    const id = event.recurrenceId === undefined ? "" : recurrenceIdOf(event.recurrenceId);
    const other = versions.get(id);
    versions.set(id, other === undefined ? event : newer(other, event, sourceName));
  }
  return [...byUid].map(([uid, versions]) => {
    const master = versions.get("");
    versions.delete("");
    return { uid, master, overrides: [...versions.values()] };
  });
}

/**
 * Gives the single events of a series inside a window.
 *
 * @param series - events of one UID
 * @param context - window and mailboxes
 * @returns events that touch the window; none for a cancelled series
 * @throws {NightlatchError} `SYNC_SOURCE_RECURRENCE_TOO_LARGE`: more than 20,000 occurrences in the window;
 *   `SYNC_SOURCE_MAILBOX_MISSING`
 */
export function expandSeries(series: Series, context: SeriesContext): readonly SourceEvent[] {
  const { master } = series;
  if (master?.isCancelled === true) return [];
  const occurrences =
    master === undefined ? new Map<number, Occurrence>() : masterOccurrences(master, series, context);
  const ranges = series.overrides
    .filter((override) => override.isThisAndFuture)
    .sort((left, right) => recurrenceInstant(left) - recurrenceInstant(right));
  const result: SourceEvent[] = [];
  const isRepeating = master === undefined || isRecurring(master);
  const single = master === undefined || isRepeating ? undefined : instantOf(master.start);
  const idOf = (instantMs: number, time: IcsTime) => (instantMs === single ? "" : recurrenceIdOf(time));
  for (const override of series.overrides) {
    const replaced = removeReplaced(occurrences, override);
    if (override.isCancelled || override.recurrenceId === undefined) continue;
    const original = replaced ?? override.recurrenceId;
    const occurrence = {
      start: override.start,
      source: override,
      endMs: instantOf(override.end),
      endWallMs: override.end.wallMs,
    };
    push(
      result,
      occurrence,
      { uid: series.uid, recurrenceId: idOf(instantOf(original), original), master },
      context,
    );
  }
  for (const [instantMs, occurrence] of occurrences) {
    const range = ranges.findLast((override) => recurrenceInstant(override) <= instantMs);
    const shifted = range === undefined ? occurrence : shiftOccurrence(occurrence, range);
    if (shifted === undefined) continue;
    const recurrenceId = idOf(instantMs, occurrence.start);
    push(result, shifted, { uid: series.uid, recurrenceId, master }, context);
  }
  return result;
}

/**
 * Writes a time in the form that stands in keys.
 *
 * @param time - RECURRENCE-ID or start of an occurrence
 * @returns `20260901T080000Z` in UTC, or `20260901` for a date
 */
function recurrenceIdOf(time: IcsTime): string {
  if (time.isDate) return formatWall(time.wallMs).slice(0, 10).replaceAll("-", "");
  return `${formatWall(instantOf(time)).replace(/[-:]/g, "")}Z`;
}

/**
 * Tells whether an event repeats.
 *
 * @param event - master
 * @returns true when it has a rule or added dates
 */
export function isRecurring(event: IcsEvent): boolean {
  return event.rules.length > 0 || event.extraDates.length > 0;
}

function newer(left: IcsEvent, right: IcsEvent, sourceName: string): IcsEvent {
  if (left.sequence !== right.sequence) return left.sequence > right.sequence ? left : right;
  if (left.isCancelled) return left;
  if (right.isCancelled) return right;
  const place: SourcePlace = { sourceName, line: right.line, field: "UID", uid: right.uid };
  throw sourceError("SYNC_SOURCE_DUPLICATE_ID", place, `the UID stands already in line ${left.line}`);
}

function masterOccurrences(
  master: IcsEvent,
  series: Series,
  context: SeriesContext,
): Map<number, Occurrence> {
  const occurrences = new Map<number, Occurrence>();
  const add = (start: IcsTime, durationMs?: number) => {
    occurrences.set(instantOf(start), { source: master, ...endOf(start, master, durationMs), start });
  };
  const walls = (rules: readonly RecurrenceRule[], field: string) =>
    rules.flatMap((rule) => wallTimes(rule, master, series, field, context));
  if (master.rules.length === 0) add(master.start);
  for (const wallMs of walls(master.rules, "RRULE")) add({ ...master.start, wallMs });
  for (const extra of master.extraDates) add(extra.start, extra.durationMs);
  for (const wallMs of walls(master.exceptionRules, "EXRULE")) {
    occurrences.delete(instantOf({ ...master.start, wallMs }));
  }
  for (const exception of master.exceptionDates) removeAt(occurrences, exception);
  return occurrences;
}

function wallTimes(
  rule: RecurrenceRule,
  master: IcsEvent,
  series: Series,
  field: string,
  context: SeriesContext,
): readonly number[] {
  const { zone } = master.start;
  const lengthMs = Math.max(0, instantOf(master.end) - instantOf(master.start));
  // Overrides that change the future may bring times into the window that lie outside by their rule.
  const shiftMs = Math.max(0, ...series.overrides.filter((event) => event.isThisAndFuture).map(shiftOf));
  const marginMs = shiftMs + DAY_MS;
  const walls = expandRule(rule, master.start.wallMs, {
    fromWallMs: zone.toWallMs(context.window.fromMs) - lengthMs - marginMs,
    toWallMs: zone.toWallMs(context.window.toMs) + marginMs,
    maxOccurrences: MAX_SERIES_OCCURRENCES,
  });
  if (walls !== undefined) return walls;
  throw sourceError(
    "SYNC_SOURCE_RECURRENCE_TOO_LARGE",
    { sourceName: context.sourceName, line: master.line, field, uid: master.uid },
    `the ${rule.frequency} rule gives more than ${MAX_SERIES_OCCURRENCES} events in the window`,
  );
}

/** The end repeats on the wall clock too, unless it is written in another zone. */
function endOf(
  start: IcsTime,
  source: IcsEvent,
  durationMs: number | undefined,
): { endMs: number | undefined; endWallMs: number | undefined } {
  if (durationMs === undefined && source.end.zone === source.start.zone && start.zone === source.start.zone) {
    return { endMs: undefined, endWallMs: start.wallMs + source.end.wallMs - source.start.wallMs };
  }
  const lengthMs = durationMs ?? instantOf(source.end) - instantOf(source.start);
  return { endMs: instantOf(start) + lengthMs, endWallMs: undefined };
}

function push(
  result: SourceEvent[],
  occurrence: Occurrence,
  identity: { readonly uid: string; readonly recurrenceId: string; readonly master: IcsEvent | undefined },
  context: SeriesContext,
): void {
  const { start, source } = occurrence;
  const endZone = source.end.zone;
  const endWallMs = occurrence.endWallMs ?? endZone.toWallMs(occurrence.endMs ?? 0);
  const startMs = instantOf(start);
  // A lesson that begins or ends in the hour that the clock skips still has to end after it starts.
  const endMs = Math.max(startMs, endZone.toInstantMs(endWallMs));
  const mailboxes = context.mailboxesOf(source, identity.master);
  if (!touches(startMs, endMs, context.window)) return;
  result.push({
    id: identity.uid,
    recurrenceId: identity.recurrenceId,
    mailboxes,
    line: source.line,
    startMs,
    endMs,
    content: {
      subject: source.subject,
      start: start.zone.toZoned(start.wallMs),
      end: endMs === startMs ? start.zone.toZoned(start.wallMs) : endZone.toZoned(endWallMs),
      isAllDay: start.isDate,
      location: source.location,
      description: source.description,
      categories: source.categories,
      showAs: source.showAs,
      sensitivity: source.sensitivity,
      reminderMinutesBeforeStart: context.reminderMinutesBeforeStart,
    },
  });
}

/** Takes the occurrence that an override replaces out of the series, and gives its original time. */
function removeReplaced(occurrences: Map<number, Occurrence>, override: IcsEvent): IcsTime | undefined {
  return override.recurrenceId === undefined ? undefined : removeAt(occurrences, override.recurrenceId);
}

function removeAt(occurrences: Map<number, Occurrence>, time: IcsTime): IcsTime | undefined {
  const exact = occurrences.get(instantOf(time));
  if (exact !== undefined && exact.start.isDate === time.isDate) {
    occurrences.delete(instantOf(time));
    return exact.start;
  }
  // A date means every occurrence of that day, also where the series has times.
  let removed: IcsTime | undefined;
  for (const [instantMs, occurrence] of occurrences) {
    if (occurrence.start.isDate === time.isDate) continue;
    if (startOfDay(occurrence.start.wallMs) !== startOfDay(time.wallMs)) continue;
    occurrences.delete(instantMs);
    removed = occurrence.start;
  }
  return removed;
}

function shiftOccurrence(occurrence: Occurrence, range: IcsEvent): Occurrence | undefined {
  if (range.isCancelled) return undefined;
  const { zone, isDate } = range.start;
  const originalMs = instantOf(occurrence.start);
  const shiftMs = range.start.wallMs - zone.toWallMs(recurrenceInstant(range));
  const start = { wallMs: zone.toWallMs(originalMs) + shiftMs, isDate, zone };
  return { source: range, start, ...endOf(start, range, undefined) };
}

function shiftOf(range: IcsEvent): number {
  return Math.abs(instantOf(range.start) - recurrenceInstant(range));
}

function recurrenceInstant(override: IcsEvent): number {
  return instantOf(override.recurrenceId ?? override.start);
}
