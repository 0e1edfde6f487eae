/**
 * The dates of a series, by the rules of Exchange: the six patterns of {@link RecurrencePattern}, local dates only.
 *
 * The rules are: a day that a month does not have falls on its last day; `numbered` counts what the pattern
 * generates, deleted occurrences included; weeks start on `firstDayOfWeek` (Sunday when absent).
 */
import type { DayOfWeek, Recurrence, RecurrencePattern } from "./event.ts";

const DAY_MS = 86_400_000;
/** Periods tried without a single date before a pattern counts as one that never happens. */
const MAX_EMPTY_PERIODS = 1000;

/** Days in the order of `Date.prototype.getUTCDay`. */
export const DAYS_OF_WEEK: readonly DayOfWeek[] = [
  "sunday",
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
];

/**
 * Yields the local dates of a series in order, from its first one on.
 *
 * @param recurrence - pattern and range; without end the caller stops the iteration
 * @returns local dates `YYYY-MM-DD` in the zone of the series
 * @throws {RangeError} when a member that the pattern needs is missing or out of range
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { recurrenceDates } from "@nightlatch/calendar";
 *
 * const dates = recurrenceDates({
 *   pattern: { type: "weekly", interval: 2, daysOfWeek: ["monday", "wednesday"], firstDayOfWeek: "monday" },
 *   range: { type: "numbered", startsOn: "2026-09-07", occurrenceCount: 3, ianaZone: "Europe/London" },
 * });
 * assert.deepEqual([...dates], ["2026-09-07", "2026-09-09", "2026-09-21"]);
 * ```
 * @see Microsoft Graph resource types `recurrencePattern`, `recurrenceRange`
 */
export function* recurrenceDates(recurrence: Recurrence): Generator<string, void, undefined> {
  const { pattern, range } = recurrence;
  const firstMs = parseDate(range.startsOn, "startsOn");
  const lastMs = range.type === "endDate" ? parseDate(range.endsOn, "endsOn") : Number.POSITIVE_INFINITY;
  let left = range.type === "numbered" ? range.occurrenceCount : Number.POSITIVE_INFINITY;
  checkInteger(pattern.interval, 1, 999, "interval");
  const datesOfPeriod = periodOf(pattern, firstMs);
  for (let period = 0, empty = 0; left > 0 && empty < MAX_EMPTY_PERIODS; period += 1, empty += 1) {
    for (const dateMs of datesOfPeriod(period)) {
      if (dateMs < firstMs) continue;
      if (dateMs > lastMs || left <= 0) return;
      empty = 0;
      left -= 1;
      yield new Date(dateMs).toISOString().slice(0, 10);
    }
    if (datesOfPeriod(period).some((dateMs) => dateMs > lastMs)) return;
  }
}

type DatesOfPeriod = (period: number) => readonly number[];

function periodOf(pattern: RecurrencePattern, firstMs: number): DatesOfPeriod {
  const first = new Date(firstMs);
  const [year, month] = [first.getUTCFullYear(), first.getUTCMonth()];
  const { interval } = pattern;
  switch (pattern.type) {
    case "daily":
      return (period) => [firstMs + period * interval * DAY_MS];
    case "weekly":
      return weekly(pattern, firstMs);
    case "absoluteMonthly": {
      const day = checkInteger(pattern.dayOfMonth, 1, 31, "dayOfMonth");
      return (period) => [dayOfMonth(year, month + period * interval, day)];
    }
    case "relativeMonthly":
      return (period) => relativeDay(pattern, year, month + period * interval);
    case "absoluteYearly": {
      const day = checkInteger(pattern.dayOfMonth, 1, 31, "dayOfMonth");
      const inMonth = checkInteger(pattern.month, 1, 12, "month") - 1;
      return (period) => [dayOfMonth(year + period * interval, inMonth, day)];
    }
    case "relativeYearly": {
      const inMonth = checkInteger(pattern.month, 1, 12, "month") - 1;
      return (period) => relativeDay(pattern, year + period * interval, inMonth);
    }
    default:
      throw new RangeError(`Unknown recurrence pattern "${String(pattern.type)}"`);
  }
}

function weekly(pattern: RecurrencePattern, firstMs: number): DatesOfPeriod {
  const weekStart = DAYS_OF_WEEK.indexOf(pattern.firstDayOfWeek ?? "sunday");
  const offsets = dayIndexes(pattern)
    .map((day) => (day - weekStart + 7) % 7)
    .sort((left, right) => left - right);
  const weekMs = firstMs - ((new Date(firstMs).getUTCDay() - weekStart + 7) % 7) * DAY_MS;
  return (period) => offsets.map((offset) => weekMs + (period * pattern.interval * 7 + offset) * DAY_MS);
}

/** The n-th (or last) day of the month that is one of the wanted days of the week. */
function relativeDay(pattern: RecurrencePattern, year: number, month: number): readonly number[] {
  const days = dayIndexes(pattern);
  const dates: number[] = [];
  const { firstMs, length } = monthOf(year, month);
  for (let day = 0; day < length; day += 1) {
    const dateMs = firstMs + day * DAY_MS;
    if (days.includes(new Date(dateMs).getUTCDay())) dates.push(dateMs);
  }
  const position = { first: 0, second: 1, third: 2, fourth: 3, last: dates.length - 1 }[
    pattern.index ?? "first"
  ];
  const found = dates[position];
  return found === undefined ? [] : [found];
}

function dayOfMonth(year: number, month: number, day: number): number {
  const { firstMs, length } = monthOf(year, month);
  return firstMs + (Math.min(day, length) - 1) * DAY_MS;
}

function monthOf(year: number, month: number): { readonly firstMs: number; readonly length: number } {
  const firstMs = Date.UTC(year, month, 1);
  return { firstMs, length: (Date.UTC(year, month + 1, 1) - firstMs) / DAY_MS };
}

function dayIndexes(pattern: RecurrencePattern): readonly number[] {
  const days = [...new Set((pattern.daysOfWeek ?? []).map((day) => DAYS_OF_WEEK.indexOf(day)))];
  if (days.length === 0 || days.includes(-1)) {
    throw new RangeError(
      `Recurrence pattern "${pattern.type}" needs daysOfWeek, got ${JSON.stringify(pattern.daysOfWeek)}`,
    );
  }
  return days;
}

function checkInteger(value: number | undefined, least: number, most: number, name: string): number {
  if (value === undefined || !Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`Recurrence ${name} is ${String(value)}, want an integer from ${least} to ${most}`);
  }
  return value;
}

function parseDate(text: string, name: string): number {
  const dateMs = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(dateMs)) throw new RangeError(`Recurrence ${name} is "${text}", want YYYY-MM-DD`);
  return dateMs;
}
