/**
 * Recurrence: the six patterns of Exchange and Graph as arithmetic on civil days.
 *
 * A pattern runs in cycles (every n-th day, week, month or year after the first day). Each cycle has a known number of
 * occurrences, so the n-th occurrence and the occurrences of a window are found without walking from the start.
 */
import { civilDay, civilParts, daysInMonth, weekday } from "./civil-days.ts";

/** Kinds of {@link RecurrencePattern}. */
export type RecurrenceType =
  | "daily"
  | "weekly"
  | "absoluteMonthly"
  | "relativeMonthly"
  | "absoluteYearly"
  | "relativeYearly";

/** Which of the matching days of a month. */
export type WeekIndex = "first" | "second" | "third" | "fourth" | "last";

/** When a series repeats. Members that its type does not use hold their defaults. */
export interface RecurrencePattern {
  readonly type: RecurrenceType;
  /** Every how many days, weeks, months or years. */
  readonly interval: number;
  /** Days of the week, 0 Sunday to 6 Saturday, ascending. */
  readonly daysOfWeek: readonly number[];
  /** First day of the week, 0 Sunday to 6 Saturday. */
  readonly firstDayOfWeek: number;
  /** 1 to 31; a shorter month uses its last day. */
  readonly dayOfMonth: number;
  /** 1 to 12. */
  readonly month: number;
  readonly index: WeekIndex;
}

/** How long a series runs; days are civil days in its zone. */
export interface RecurrenceRange {
  readonly type: "noEnd" | "endDate" | "numbered";
  readonly startDay: number;
  /** Last possible day, for `endDate`. */
  readonly endDay: number | undefined;
  /** Number of occurrences, deleted ones included, for `numbered`. */
  readonly count: number | undefined;
}

/** A pattern with its range. */
export interface RecurrenceRule {
  readonly pattern: RecurrencePattern;
  readonly range: RecurrenceRange;
}

/** One regular occurrence. */
export interface OccurrenceDay {
  /** Civil day in the zone of the series. */
  readonly day: number;
  /** 1 for the first occurrence; deleted ones count. */
  readonly ordinal: number;
}

/** Farthest day that a series without end reaches: 4500-12-31, as in Exchange. */
const FARTHEST_DAY = civilDay(4500, 11, 31);

/**
 * Lists the regular occurrences of a series in a stretch of days, deleted ones included.
 *
 * @param rule - pattern and range
 * @param fromDay - first civil day wanted
 * @param untilDay - last civil day wanted
 * @returns occurrences, ascending
 */
export function listOccurrenceDays(rule: RecurrenceRule, fromDay: number, untilDay: number): OccurrenceDay[] {
  const lastDay = Math.min(untilDay, rule.range.endDay ?? FARTHEST_DAY);
  const lastOrdinal = rule.range.count ?? Number.POSITIVE_INFINITY;
  const found: OccurrenceDay[] = [];
  const counts = countPerCycle(rule);
  for (let cycle = cycleOf(rule, Math.max(fromDay, rule.range.startDay)); ; cycle++) {
    const days = daysOfCycle(rule, cycle);
    const before = ordinalsBefore(counts, cycle);
    // A cycle may be empty only at the very start, where the pattern's day lies before the first day.
    if (days.length === 0 && cycle > 0) return found;
    for (let index = 0; index < days.length; index++) {
      const day = days[index] as number;
      const ordinal = before + index + 1;
      if (day > lastDay || ordinal > lastOrdinal) return found;
      if (day >= fromDay) found.push({ day, ordinal });
    }
  }
}

/**
 * Finds the n-th occurrence of a series.
 *
 * @param rule - pattern and range
 * @param ordinal - 1 for the first; deleted ones count
 * @returns its civil day, or `undefined` outside the range
 */
export function dayOfOrdinal(rule: RecurrenceRule, ordinal: number): number | undefined {
  if (!Number.isInteger(ordinal) || ordinal < 1 || ordinal > (rule.range.count ?? ordinal)) return undefined;
  const counts = countPerCycle(rule);
  const beyond = ordinal - 1 - counts.first;
  const day =
    beyond < 0
      ? daysOfCycle(rule, 0)[ordinal - 1]
      : daysOfCycle(rule, 1 + Math.floor(beyond / counts.other))[beyond % counts.other];
  return day === undefined || day > (rule.range.endDay ?? FARTHEST_DAY) ? undefined : day;
}

/**
 * Tells which occurrence falls on a day.
 *
 * @param rule - pattern and range
 * @param day - civil day
 * @returns 1 for the first occurrence, or `undefined` when none falls on that day
 */
export function ordinalOfDay(rule: RecurrenceRule, day: number): number | undefined {
  return listOccurrenceDays(rule, day, day)[0]?.ordinal;
}

/**
 * Finds the last occurrence of a series.
 *
 * @param rule - pattern and range
 * @returns its civil day; `undefined` for a series without end or without any occurrence
 */
export function lastOccurrenceDay(rule: RecurrenceRule): number | undefined {
  if (rule.range.count !== undefined) return dayOfOrdinal(rule, rule.range.count);
  if (rule.range.endDay === undefined) return undefined;
  // Nine years reach across the longest gap of a yearly pattern of interval 1; longer intervals widen the search.
  for (let span = 400; span < 500_000; span *= 4) {
    const days = listOccurrenceDays(rule, rule.range.endDay - span, rule.range.endDay);
    const last = days[days.length - 1];
    if (last !== undefined) return last.day;
    if (rule.range.endDay - span < rule.range.startDay) return undefined;
  }
  return undefined;
}

function countPerCycle(rule: RecurrenceRule): { first: number; other: number } {
  return {
    first: daysOfCycle(rule, 0).length,
    other: rule.pattern.type === "weekly" ? rule.pattern.daysOfWeek.length : 1,
  };
}

function ordinalsBefore(counts: { first: number; other: number }, cycle: number): number {
  return cycle === 0 ? 0 : counts.first + (cycle - 1) * counts.other;
}

/** The cycle in which a day at or after the start lies (or the one whose days may follow it). */
function cycleOf(rule: RecurrenceRule, day: number): number {
  const { pattern, range } = rule;
  const start = civilParts(range.startDay);
  const here = civilParts(day);
  const elapsed =
    pattern.type === "daily"
      ? day - range.startDay
      : pattern.type === "weekly"
        ? Math.floor((day - weekStart(range.startDay, pattern.firstDayOfWeek)) / 7)
        : pattern.type.endsWith("Monthly")
          ? (here.year - start.year) * 12 + here.monthIndex - start.monthIndex
          : here.year - start.year;
  return Math.max(0, Math.floor(elapsed / pattern.interval));
}

function daysOfCycle(rule: RecurrenceRule, cycle: number): number[] {
  const { pattern, range } = rule;
  const step = cycle * pattern.interval;
  if (pattern.type === "daily") return [range.startDay + step];
  if (pattern.type === "weekly") {
    const firstOfWeek = weekStart(range.startDay, pattern.firstDayOfWeek) + 7 * step;
    return pattern.daysOfWeek
      .map((dayOfWeek) => firstOfWeek + ((dayOfWeek - pattern.firstDayOfWeek + 7) % 7))
      .sort((left, right) => left - right)
      .filter((day) => day >= range.startDay);
  }
  const start = civilParts(range.startDay);
  const day = pattern.type.endsWith("Monthly")
    ? dayInMonth(pattern, start.year, start.monthIndex + step)
    : dayInMonth(pattern, start.year + step, pattern.month - 1);
  return day === undefined || day < range.startDay ? [] : [day];
}

function weekStart(day: number, firstDayOfWeek: number): number {
  return day - ((weekday(day) - firstDayOfWeek + 7) % 7);
}

function dayInMonth(pattern: RecurrencePattern, anyYear: number, anyMonthIndex: number): number | undefined {
  const year = anyYear + Math.floor(anyMonthIndex / 12);
  const monthIndex = ((anyMonthIndex % 12) + 12) % 12;
  const length = daysInMonth(year, monthIndex);
  const first = civilDay(year, monthIndex, 1);
  if (pattern.type.startsWith("absolute")) return first + Math.min(pattern.dayOfMonth, length) - 1;
  const matching: number[] = [];
  for (let day = first; day < first + length; day++)
    if (pattern.daysOfWeek.includes(weekday(day))) matching.push(day);
  if (pattern.index === "last") return matching[matching.length - 1];
  return matching[["first", "second", "third", "fourth"].indexOf(pattern.index)];
}
