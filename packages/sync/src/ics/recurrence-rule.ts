/**
 * Recurrence rules and the wall times they give.
 *
 * ical.js reads the grammar; the days are computed here, because its iterator never returns from some rules
 * (`FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30`) and gives wrong days for others (`FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30`
 * gives 2 March). Here every rule is walked period by period inside the window and under a limit.
 *
 * The rules are: only wall times, no zone; a DTSTART that its rule does not give is no occurrence (Exchange
 * and python-dateutil see it the same way); parts that a rule leaves out come from DTSTART.
 *
 * @see RFC 5545 §3.3.10
 */
import { DAY_MS, startOfDay } from "../wall-time.ts";

/** Frequencies of RFC 5545. */
export type Frequency = "SECONDLY" | "MINUTELY" | "HOURLY" | "DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY";

/** One recurrence rule, its lists empty when the rule leaves them out. */
export interface RecurrenceRule {
  readonly frequency: Frequency;
  readonly interval: number;
  readonly count?: number | undefined;
  /** Last wall time, inclusive. */
  readonly untilWallMs?: number | undefined;
  /** First day of the week, 0 Monday to 6 Sunday. */
  readonly weekStart: number;
  readonly byMonth: readonly number[];
  readonly byWeekNo: readonly number[];
  readonly byYearDay: readonly number[];
  readonly byMonthDay: readonly number[];
  /** Weekdays 0 Monday to 6 Sunday; `ordinal` 0 means every one. */
  readonly byDay: readonly { readonly weekday: number; readonly ordinal: number }[];
  readonly byHour: readonly number[];
  readonly byMinute: readonly number[];
  readonly bySecond: readonly number[];
  readonly bySetPos: readonly number[];
}

/** What an expansion may cost. */
export interface ExpansionLimits {
  /** Earliest wall time wanted, in milliseconds. */
  readonly fromWallMs: number;
  /** Wall time from which nothing more is wanted, in milliseconds. */
  readonly toWallMs: number;
  /** Occurrences inside the window above which the rule is refused. */
  readonly maxOccurrences: number;
}

/** Days, months or seconds that are looked at before a rule is refused: 400,000. */
const MAX_PERIODS = 400_000;

/**
 * Gives the wall times of a rule inside a window.
 *
 * @param rule - recurrence rule
 * @param startWallMs - DTSTART as wall time
 * @param limits - window and greatest number
 * @returns wall times in ascending order; `undefined` when the rule goes over a limit
 */
export function expandRule(
  rule: RecurrenceRule,
  startWallMs: number,
  limits: ExpansionLimits,
): readonly number[] | undefined {
  const periods = periodsOf(rule, startWallMs);
  const lastMs = Math.min(limits.toWallMs - 1, rule.untilWallMs ?? Number.POSITIVE_INFINITY);
  const first = rule.count === undefined ? periods.indexBefore(limits.fromWallMs) : 0;
  const occurrences: number[] = [];
  let counted = 0;
  for (let index = first; ; index++) {
    if (index - first > MAX_PERIODS) return undefined;
    if (periods.startOf(index) > lastMs) return occurrences;
    for (const wallMs of selectPositions(periods.timesOf(index), rule.bySetPos)) {
      if (wallMs < startWallMs) continue;
      if (wallMs > lastMs) return occurrences;
      if (rule.count !== undefined && ++counted > rule.count) return occurrences;
      if (wallMs < limits.fromWallMs) continue;
      if (occurrences.length >= limits.maxOccurrences) return undefined;
      occurrences.push(wallMs);
    }
  }
}

/** The periods of a rule: numbered from that of DTSTART, every INTERVAL of them. */
interface Periods {
  /** First wall time that could belong to a period. */
  readonly startOf: (index: number) => number;
  /** Times inside a period, ascending, BYSETPOS not yet applied. */
  readonly timesOf: (index: number) => readonly number[];
  /** Index of a period that begins no later than a wall time, at least 0. */
  readonly indexBefore: (wallMs: number) => number;
}

const SUB_DAILY_MS: Readonly<Record<string, number>> = {
  SECONDLY: 1000,
  MINUTELY: 60_000,
  HOURLY: 3_600_000,
};

function periodsOf(rule: RecurrenceRule, startWallMs: number): Periods {
  const unitMs = SUB_DAILY_MS[rule.frequency];
  if (unitMs !== undefined) return subDailyPeriods(rule, startWallMs, unitMs);
  const accepts = dayFilter(rule, startWallMs);
  const times = timesOfDay(rule, startWallMs);
  const onDays = (firstDayMs: number, dayCount: number) => {
    const result: number[] = [];
    for (let day = 0; day < dayCount; day++) {
      const dayMs = firstDayMs + day * DAY_MS;
      if (accepts(dayMs)) for (const timeMs of times) result.push(dayMs + timeMs);
    }
    return result;
  };
  if (rule.frequency === "DAILY" || rule.frequency === "WEEKLY") {
    const dayCount = rule.frequency === "DAILY" ? 1 : 7;
    const baseMs =
      startOfDay(startWallMs) - (dayCount === 1 ? 0 : daysIntoWeek(startWallMs, rule.weekStart) * DAY_MS);
    const stepMs = dayCount * rule.interval * DAY_MS;
    return {
      startOf: (index) => baseMs + index * stepMs,
      timesOf: (index) => onDays(baseMs + index * stepMs, dayCount),
      indexBefore: (wallMs) => Math.max(0, Math.floor((wallMs - baseMs) / stepMs)),
    };
  }
  const months = rule.interval * (rule.frequency === "YEARLY" ? 12 : 1);
  const start = new Date(startWallMs);
  const baseMonth =
    (start.getUTCFullYear() - 1970) * 12 + (rule.frequency === "YEARLY" ? 0 : start.getUTCMonth());
  const startOf = (index: number) => Date.UTC(1970, baseMonth + index * months);
  return {
    startOf,
    timesOf: (index) => {
      const endMs = Date.UTC(1970, baseMonth + index * months + (rule.frequency === "YEARLY" ? 12 : 1));
      return onDays(startOf(index), Math.round((endMs - startOf(index)) / DAY_MS));
    },
    indexBefore: (wallMs) => {
      const date = new Date(wallMs);
      const month = (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
      return Math.max(0, Math.floor((month - baseMonth) / months));
    },
  };
}

function subDailyPeriods(rule: RecurrenceRule, startWallMs: number, unitMs: number): Periods {
  const accepts = dayFilter(rule, startWallMs);
  const stepMs = rule.interval * unitMs;
  const baseMs = Math.floor(startWallMs / unitMs) * unitMs;
  const start = new Date(startWallMs);
  const seconds = unitMs <= 1000 ? [0] : orDefault(rule.bySecond, start.getUTCSeconds());
  const minutes = unitMs <= 60_000 ? [0] : orDefault(rule.byMinute, start.getUTCMinutes());
  return {
    startOf: (index) => baseMs + index * stepMs,
    timesOf: (index) => {
      const periodMs = baseMs + index * stepMs;
      const date = new Date(periodMs);
      const fits =
        accepts(startOfDay(periodMs)) &&
        includesOrEmpty(rule.byHour, date.getUTCHours()) &&
        (unitMs > 60_000 || includesOrEmpty(rule.byMinute, date.getUTCMinutes())) &&
        (unitMs > 1000 || includesOrEmpty(rule.bySecond, date.getUTCSeconds()));
      if (!fits) return [];
      return minutes
        .flatMap((minute) => seconds.map((second) => periodMs + minute * 60_000 + second * 1000))
        .sort((left, right) => left - right);
    },
    indexBefore: (wallMs) => Math.max(0, Math.floor((wallMs - baseMs) / stepMs)),
  };
}

/** Tells whether a day belongs to the rule; BYSETPOS and the time of day come later. */
function dayFilter(rule: RecurrenceRule, startWallMs: number): (dayMs: number) => boolean {
  const start = new Date(startWallMs);
  const isOpen = [rule.byWeekNo, rule.byYearDay, rule.byMonthDay, rule.byDay].every(
    (list) => list.length === 0,
  );
  const isYearly = rule.frequency === "YEARLY";
  const byMonth = isOpen && isYearly ? orDefault(rule.byMonth, start.getUTCMonth() + 1) : rule.byMonth;
  const isByMonthDay = isOpen && (isYearly || rule.frequency === "MONTHLY");
  const byMonthDay = isByMonthDay ? [start.getUTCDate()] : rule.byMonthDay;
  const isByWeekday =
    (isOpen && rule.frequency === "WEEKLY") ||
    (rule.byWeekNo.length > 0 &&
      rule.byDay.length === 0 &&
      rule.byYearDay.length === 0 &&
      byMonthDay.length === 0);
  const byDay = isByWeekday ? [{ weekday: weekdayOf(startWallMs), ordinal: 0 }] : rule.byDay;
  const isOrdinalOfMonth = rule.frequency === "MONTHLY" || (isYearly && rule.byMonth.length > 0);
  return (dayMs) => {
    const date = new Date(dayMs);
    if (!includesOrEmpty(byMonth, date.getUTCMonth() + 1)) return false;
    if (byMonthDay.length > 0) {
      const length = daysInMonth(date);
      if (!byMonthDay.some((day) => date.getUTCDate() === (day > 0 ? day : length + 1 + day))) return false;
    }
    if (rule.byYearDay.length > 0) {
      const { dayOfYear, length } = yearPosition(date);
      if (!rule.byYearDay.some((day) => dayOfYear === (day > 0 ? day : length + 1 + day))) return false;
    }
    if (rule.byWeekNo.length > 0) {
      const { week, weeks } = weekPosition(dayMs, rule.weekStart);
      if (!rule.byWeekNo.some((wanted) => week === (wanted > 0 ? wanted : weeks + 1 + wanted))) return false;
    }
    return byDay.length === 0 || byDay.some((day) => isWeekday(day, date, isOrdinalOfMonth));
  };
}

function isWeekday(
  day: { readonly weekday: number; readonly ordinal: number },
  date: Date,
  isOrdinalOfMonth: boolean,
): boolean {
  if (weekdayOf(date.getTime()) !== day.weekday) return false;
  if (day.ordinal === 0) return true;
  const { dayOfYear, length: daysOfYear } = yearPosition(date);
  const position = isOrdinalOfMonth ? date.getUTCDate() : dayOfYear;
  const length = isOrdinalOfMonth ? daysInMonth(date) : daysOfYear;
  return day.ordinal > 0
    ? Math.ceil(position / 7) === day.ordinal
    : Math.ceil((length - position + 1) / 7) === -day.ordinal;
}

function timesOfDay(rule: RecurrenceRule, startWallMs: number): readonly number[] {
  const start = new Date(startWallMs);
  const times = new Set<number>();
  for (const hour of orDefault(rule.byHour, start.getUTCHours())) {
    for (const minute of orDefault(rule.byMinute, start.getUTCMinutes())) {
      for (const second of orDefault(rule.bySecond, start.getUTCSeconds())) {
        times.add(((hour * 60 + minute) * 60 + Math.min(second, 59)) * 1000);
      }
    }
  }
  return [...times].sort((left, right) => left - right);
}

function selectPositions(times: readonly number[], bySetPos: readonly number[]): readonly number[] {
  if (bySetPos.length === 0) return times;
  const selected = new Set<number>();
  for (const position of bySetPos) {
    const time = times.at(position > 0 ? position - 1 : position);
    if (time !== undefined) selected.add(time);
  }
  return [...selected].sort((left, right) => left - right);
}

/** 0 Monday to 6 Sunday. */
function weekdayOf(wallMs: number): number {
  return (new Date(wallMs).getUTCDay() + 6) % 7;
}

function daysIntoWeek(wallMs: number, weekStart: number): number {
  return (weekdayOf(wallMs) - weekStart + 7) % 7;
}

function daysInMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

function yearPosition(date: Date): { dayOfYear: number; length: number } {
  const year = date.getUTCFullYear();
  const firstMs = Date.UTC(year, 0, 1);
  return {
    dayOfYear: Math.round((startOfDay(date.getTime()) - firstMs) / DAY_MS) + 1,
    length: Math.round((Date.UTC(year + 1, 0, 1) - firstMs) / DAY_MS),
  };
}

/** Week 1 is the first one with at least four days in the year. */
function weekPosition(dayMs: number, weekStart: number): { week: number; weeks: number } {
  const year = new Date(dayMs - daysIntoWeek(dayMs, weekStart) * DAY_MS + 3 * DAY_MS).getUTCFullYear();
  const weekOneMs = firstWeek(year, weekStart);
  return {
    week: Math.floor((dayMs - weekOneMs) / (7 * DAY_MS)) + 1,
    weeks: Math.round((firstWeek(year + 1, weekStart) - weekOneMs) / (7 * DAY_MS)),
  };
}

function firstWeek(year: number, weekStart: number): number {
  const fourthMs = Date.UTC(year, 0, 4);
  return fourthMs - daysIntoWeek(fourthMs, weekStart) * DAY_MS;
}

function orDefault(list: readonly number[], value: number): readonly number[] {
  return list.length > 0 ? list : [value];
}

function includesOrEmpty(list: readonly number[], value: number): boolean {
  return list.length === 0 || list.includes(value);
}
