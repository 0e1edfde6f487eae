/**
 * `patternedRecurrence` of Graph, read and written.
 *
 * @see https://learn.microsoft.com/graph/api/resources/patternedrecurrence
 */
import { formatCivilDay, parseCivilDay } from "../../mailbox/civil-days.ts";
import type { Series } from "../../mailbox/event.ts";
import type { RecurrenceWithZone } from "../../mailbox/events.ts";
import type {
  RecurrencePattern,
  RecurrenceRange,
  RecurrenceType,
  WeekIndex,
} from "../../mailbox/recurrence.ts";
import { resolveZone } from "../../mailbox/zones.ts";
import { isJsonObject, type JsonObject } from "../call.ts";
import { parseInteger } from "../odata/primitive.ts";
import { failedValidation, invalidValue, unknownZone } from "./event-faults.ts";

/** Days of the week in Graph's spelling, by number. */
const DAY_NAMES = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const PATTERN_TYPES: readonly RecurrenceType[] = [
  "daily",
  "weekly",
  "absoluteMonthly",
  "relativeMonthly",
  "absoluteYearly",
  "relativeYearly",
];
const INDEXES: readonly WeekIndex[] = ["first", "second", "third", "fourth", "last"];
const RANGE_TYPES = ["noEnd", "endDate", "numbered"] as const;
/** What the service writes for a date that is not set. */
const NO_DATE = "0001-01-01";
/** Exchange's limit for numbered series. */
const LARGEST_COUNT = 999;

/**
 * Writes a recurrence; members that its type does not use come back as `0`, `first` and `0001-01-01`.
 *
 * @param series - of a master
 * @returns `patternedRecurrence`
 */
export function renderRecurrence(series: Series): JsonObject {
  const { pattern, range } = series;
  const usesDays = pattern.type === "weekly" || pattern.type.startsWith("relative");
  return {
    pattern: {
      type: pattern.type,
      interval: pattern.interval,
      month: pattern.type.endsWith("Yearly") ? pattern.month : 0,
      dayOfMonth: pattern.type.startsWith("absolute") ? pattern.dayOfMonth : 0,
      ...(usesDays ? { daysOfWeek: pattern.daysOfWeek.map((day) => DAY_NAMES[day]) } : {}),
      firstDayOfWeek: DAY_NAMES[pattern.firstDayOfWeek],
      index: pattern.type.startsWith("relative") ? pattern.index : "first",
    },
    range: {
      type: range.type,
      startDate: formatCivilDay(range.startDay),
      endDate: range.endDay === undefined ? NO_DATE : formatCivilDay(range.endDay),
      recurrenceTimeZone: series.zone,
      numberOfOccurrences: range.count ?? 0,
    },
  };
}

/**
 * Reads a recurrence.
 *
 * @param value - as it was sent
 * @param start - civil day and zone of the start of the event
 * @returns the rule
 * @throws {GraphFault} with the member that is wrong
 */
export function readRecurrence(
  value: JsonObject,
  start: { readonly day: number; readonly zone: string },
): RecurrenceWithZone {
  const { pattern, range } = value;
  if (!isJsonObject(pattern)) throw failedValidation("recurrence.pattern");
  if (!isJsonObject(range)) throw failedValidation("recurrence.range");
  const zone = readZone(range["recurrenceTimeZone"], start.zone);
  return { pattern: readPattern(pattern), range: readRange(range, start.day), zone };
}

function readPattern(pattern: JsonObject): RecurrencePattern {
  const type = readEnum(pattern["type"], PATTERN_TYPES, "recurrence.pattern.type");
  const interval = readInteger(pattern["interval"] ?? 1, 1, 999, "recurrence.pattern.interval");
  const isAbsolute = type.startsWith("absolute");
  const isRelative = type.startsWith("relative");
  const daysOfWeek = readDays(pattern["daysOfWeek"]);
  if ((type === "weekly" || isRelative) && daysOfWeek.length === 0)
    throw failedValidation("recurrence.pattern.daysOfWeek");
  const first = pattern["firstDayOfWeek"] ?? "sunday";
  return {
    type,
    interval,
    daysOfWeek: type === "weekly" || isRelative ? daysOfWeek : [],
    firstDayOfWeek: DAY_NAMES.indexOf(readEnum(first, DAY_NAMES, "recurrence.pattern.firstDayOfWeek")),
    dayOfMonth: isAbsolute ? readInteger(pattern["dayOfMonth"], 1, 31, "recurrence.pattern.dayOfMonth") : 0,
    month: type.endsWith("Yearly") ? readInteger(pattern["month"], 1, 12, "recurrence.pattern.month") : 0,
    index: isRelative ? readEnum(pattern["index"] ?? "first", INDEXES, "recurrence.pattern.index") : "first",
  };
}

function readRange(range: JsonObject, startDay: number): RecurrenceRange {
  const type = readEnum(range["type"], RANGE_TYPES, "recurrence.range.type");
  const startDate = range["startDate"];
  if (startDate !== undefined && startDate !== NO_DATE && readDate(startDate, "startDate") !== startDay)
    throw failedValidation("recurrence.range.startDate");
  const endDay = type === "endDate" ? readDate(range["endDate"], "endDate") : undefined;
  if (endDay !== undefined && endDay < startDay) throw failedValidation("recurrence.range.endDate");
  const count =
    type === "numbered"
      ? readInteger(range["numberOfOccurrences"], 1, LARGEST_COUNT, "recurrence.range.numberOfOccurrences")
      : undefined;
  return { type, startDay, endDay, count };
}

function readDate(value: unknown, name: string): number {
  const day = typeof value === "string" ? parseCivilDay(value.slice(0, 10)) : undefined;
  if (day === undefined) throw failedValidation(`recurrence.range.${name}`);
  return day;
}

function readZone(value: unknown, fallback: string): string {
  if (value === undefined || value === null || value === "") return fallback;
  if (typeof value !== "string" || resolveZone(value) === undefined) throw unknownZone(value);
  return value;
}

function readDays(value: unknown): number[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw failedValidation("recurrence.pattern.daysOfWeek");
  const days = value.map((name) =>
    DAY_NAMES.indexOf(readEnum(name, DAY_NAMES, "recurrence.pattern.daysOfWeek")),
  );
  return [...new Set(days)].sort((left, right) => left - right);
}

function readEnum<V extends string>(value: unknown, values: readonly V[], name: string): V {
  const found =
    typeof value === "string"
      ? values.find((candidate) => candidate.toLowerCase() === value.toLowerCase())
      : undefined;
  if (found !== undefined) return found;
  if (value === undefined || value === null) throw failedValidation(name);
  throw invalidValue(value);
}

function readInteger(value: unknown, least: number, largest: number, name: string): number {
  const number = parseInteger(value);
  if (number !== undefined && number >= least && number <= largest) return number;
  throw failedValidation(name);
}
