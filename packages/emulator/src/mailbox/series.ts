/**
 * Series of events: their occurrences in time, their exceptions and deleted occurrences.
 *
 * An occurrence keeps the wall-clock time of its series in the zone of the series, so that a lesson at nine stays at
 * nine when summer time begins.
 */
import { DAY_MS } from "./civil-days.ts";
import type { EventContent, EventInstance, Series, SeriesException, StoredEvent } from "./event.ts";
import {
  dayOfOrdinal,
  lastOccurrenceDay,
  listOccurrenceDays,
  ordinalOfDay,
  type RecurrenceRule,
} from "./recurrence.ts";
import { createInstantReader, resolveZone, toInstantMs, toWallMs } from "./zones.ts";

/** Start and end of something. */
export interface TimeSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/** A series master as the store keeps it. */
export type SeriesMaster = StoredEvent & { readonly series: Series };

/** What an event that is not stored yet needs for a series. */
type TimedContent = Pick<EventContent, "startMs" | "endMs">;

/**
 * Tells series masters from single events.
 *
 * @param event - stored event
 * @returns true for a master
 */
export function isSeriesMaster(event: StoredEvent): event is SeriesMaster {
  return event.series !== undefined;
}

/**
 * Makes the series of a new or changed event and moves the event to the first day that the pattern allows.
 *
 * @param content - start and end of the event
 * @param rule - pattern and range
 * @param zone - zone of the range, as it was named; {@link resolveZone} knows it
 * @returns the series and the times of its first occurrence; `undefined` when the rule yields no occurrence
 */
export function makeSeries(
  content: TimedContent,
  rule: RecurrenceRule,
  zone: string,
): { readonly series: Series; readonly times: TimeSpan } | undefined {
  const first = dayOfOrdinal(rule, 1);
  if (first === undefined) return undefined;
  const ianaZone = resolveZone(zone) ?? "UTC";
  const startWallMs = toWallMs(content.startMs, ianaZone);
  const endWallMs = toWallMs(content.endMs, ianaZone);
  const shiftMs = (first - rule.range.startDay) * DAY_MS;
  const startMs = toInstantMs(startWallMs + shiftMs, ianaZone);
  const endMs = toInstantMs(endWallMs + shiftMs, ianaZone);
  const times = { startMs, endMs: endAfter(startMs, endMs, endWallMs - startWallMs) };
  const normalised: RecurrenceRule = { pattern: rule.pattern, range: { ...rule.range, startDay: first } };
  const series = {
    ...normalised,
    zone,
    lastDay: lastOccurrenceDay(normalised),
    deletedDays: [],
    exceptions: [],
  };
  return { series, times };
}

/**
 * Computes when a regular occurrence takes place.
 *
 * @param master - series master
 * @param day - civil day of the occurrence
 * @returns instants
 */
export function occurrenceTimes(master: SeriesMaster, day: number): TimeSpan {
  const template = readTemplate(master);
  return timesOn(template, day);
}

/**
 * Lists what a series puts into a window: regular occurrences and exceptions, not the deleted ones.
 *
 * @param master - series master
 * @param fromMs - start of the window, milliseconds since 1970 UTC
 * @param untilMs - end of the window, exclusive
 * @returns instances in no particular order
 */
export function expandSeries(master: SeriesMaster, fromMs: number, untilMs: number): EventInstance[] {
  const found: EventInstance[] = [];
  const { series } = master;
  for (const exception of series.exceptions) {
    const instance = exceptionInstance(master, exception);
    if (touches(instance, fromMs, untilMs)) found.push(instance);
  }
  const template = readTemplate(master);
  const reachDays = Math.ceil((template.startInDayMs + template.durationMs) / DAY_MS);
  const fromDay = Math.floor(toWallMs(fromMs, template.ianaZone) / DAY_MS) - reachDays;
  const untilDay = Math.floor((toWallMs(untilMs, template.ianaZone) - template.startInDayMs) / DAY_MS) + 1;
  if (fromDay > (series.lastDay ?? fromDay) || untilDay < series.range.startDay) return found;
  const skipped = new Set([...series.deletedDays, ...series.exceptions.map((exception) => exception.day)]);
  const toInstant = createInstantReader(template.ianaZone);
  for (const { day } of listOccurrenceDays(series, fromDay, untilDay)) {
    if (skipped.has(day)) continue;
    const startWallMs = day * DAY_MS + template.startInDayMs;
    const startMs = toInstant(startWallMs);
    const endMs = endAfter(startMs, toInstant(startWallMs + template.durationMs), template.durationMs);
    const instance = {
      kind: "occurrence",
      event: master,
      startMs,
      endMs,
      day,
      exception: undefined,
    } as const;
    if (touches(instance, fromMs, untilMs)) found.push(instance);
  }
  return found;
}

/**
 * Finds one occurrence, regular or exception.
 *
 * @param master - series master
 * @param day - civil day of the regular occurrence
 * @returns the instance; `undefined` when the series has none on that day or it was deleted
 */
export function findOccurrence(master: SeriesMaster, day: number): EventInstance | undefined {
  const exception = master.series.exceptions.find((candidate) => candidate.day === day);
  if (exception !== undefined) return exceptionInstance(master, exception);
  if (master.series.deletedDays.includes(day) || ordinalOfDay(master.series, day) === undefined)
    return undefined;
  return occurrenceInstance(master, day, occurrenceTimes(master, day));
}

/**
 * Shows an exception as a reader sees it.
 *
 * @param master - series master
 * @param exception - one of its exceptions
 * @returns the instance with its differences applied
 */
export function exceptionInstance(master: SeriesMaster, exception: SeriesException): EventInstance {
  const times = occurrenceTimes(master, exception.day);
  const event = { ...master, ...times, ...exception.changes };
  return {
    kind: "exception",
    event,
    startMs: event.startMs,
    endMs: event.endMs,
    day: exception.day,
    exception,
  };
}

/**
 * Applies Exchange's rule for moved occurrences: not onto or over the day of a neighbour.
 *
 * @param master - series master
 * @param day - civil day of the regular occurrence that moves
 * @param newStartMs - where it moves to, milliseconds since 1970 UTC
 * @returns true when the move is refused
 */
export function crossesBoundary(master: SeriesMaster, day: number, newStartMs: number): boolean {
  const ordinal = ordinalOfDay(master.series, day);
  if (ordinal === undefined) return false;
  const ianaZone = resolveZone(master.series.zone) ?? "UTC";
  const newDay = Math.floor(toWallMs(newStartMs, ianaZone) / DAY_MS);
  const before = neighbourDay(master, ordinal, -1, ianaZone);
  const after = neighbourDay(master, ordinal, 1, ianaZone);
  return (before !== undefined && newDay <= before) || (after !== undefined && newDay >= after);
}

/**
 * Tells whether something lies in a window; what ends as the window begins does not.
 *
 * @param times - instants
 * @param fromMs - start of the window
 * @param untilMs - end of the window, exclusive
 * @returns true when they share time (an event without length counts at its moment)
 */
export function touches(times: TimeSpan, fromMs: number, untilMs: number): boolean {
  if (times.startMs >= untilMs) return false;
  return times.endMs > fromMs || (times.startMs === times.endMs && times.startMs >= fromMs);
}

function neighbourDay(
  master: SeriesMaster,
  ordinal: number,
  step: 1 | -1,
  ianaZone: string,
): number | undefined {
  for (let next = ordinal + step; ; next += step) {
    const day = dayOfOrdinal(master.series, next);
    if (day === undefined) return undefined;
    const instance = findOccurrence(master, day);
    if (instance !== undefined) return Math.floor(toWallMs(instance.startMs, ianaZone) / DAY_MS);
  }
}

interface Template {
  readonly ianaZone: string;
  /** Wall-clock start relative to midnight of the occurrence's day. */
  readonly startInDayMs: number;
  /** Wall-clock length. */
  readonly durationMs: number;
}

function readTemplate(master: SeriesMaster): Template {
  const ianaZone = resolveZone(master.series.zone) ?? "UTC";
  const startWallMs = toWallMs(master.startMs, ianaZone);
  return {
    ianaZone,
    startInDayMs: startWallMs - master.series.range.startDay * DAY_MS,
    durationMs: toWallMs(master.endMs, ianaZone) - startWallMs,
  };
}

function timesOn(template: Template, day: number): TimeSpan {
  const startWallMs = day * DAY_MS + template.startInDayMs;
  const startMs = toInstantMs(startWallMs, template.ianaZone);
  const endMs = toInstantMs(startWallMs + template.durationMs, template.ianaZone);
  return { startMs, endMs: endAfter(startMs, endMs, template.durationMs) };
}

/** A start in the hour that spring skips is put off and would leave its end behind: then the length counts. */
function endAfter(startMs: number, endMs: number, durationMs: number): number {
  return endMs > startMs ? endMs : startMs + durationMs;
}

function occurrenceInstance(master: SeriesMaster, day: number, times: TimeSpan): EventInstance {
  return { kind: "occurrence", event: master, ...times, day, exception: undefined };
}
