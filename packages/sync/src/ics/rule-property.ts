/** From the RRULE property, as ical.js reads it, to a {@link RecurrenceRule}. */
import type ICAL from "ical.js";
import { type SourcePlace, shorten, sourceError } from "../errors.ts";
import { DAY_MS, wallMsOf } from "../wall-time.ts";
import type { IcsZone } from "./ics-zones.ts";
import type { Frequency, RecurrenceRule } from "./recurrence-rule.ts";

/** Highest COUNT that is taken for a timetable. */
const MAX_COUNT = 100_000;
const FREQUENCIES: readonly string[] = [
  "SECONDLY",
  "MINUTELY",
  "HOURLY",
  "DAILY",
  "WEEKLY",
  "MONTHLY",
  "YEARLY",
] satisfies readonly Frequency[];
const WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/** DTSTART, as far as a rule needs it. */
export interface RuleStart {
  readonly isDate: boolean;
  readonly zone: IcsZone;
}

/**
 * Reads one RRULE or EXRULE.
 *
 * @param property - property of an event
 * @param start - DTSTART of that event: UNTIL is an instant that becomes a wall time of its zone
 * @param place - where the property stands
 * @returns the rule
 * @throws {NightlatchError} `SYNC_SOURCE_RECURRENCE_INVALID`: a part is missing or wrong;
 *   `SYNC_SOURCE_RECURRENCE_TOO_LARGE`: COUNT is above 100,000
 */
export function readRule(property: ICAL.Property, start: RuleStart, place: SourcePlace): RecurrenceRule {
  const parts = (property.toJSON() as readonly unknown[])[3];
  if (typeof parts !== "object" || parts === null) throw invalid(place, "the rule is empty");
  const rule = parts as Readonly<Record<string, unknown>>;
  const frequency = rule["freq"];
  if (typeof frequency !== "string" || !FREQUENCIES.includes(frequency)) {
    throw invalid(place, "the rule has no FREQ");
  }
  const count = rule["count"];
  if (count !== undefined && (typeof count !== "number" || count < 1)) {
    throw invalid(place, `COUNT is "${String(count)}", wanted at least 1`);
  }
  if (typeof count === "number" && count > MAX_COUNT) {
    const problem = `COUNT is ${count}, at most ${MAX_COUNT} events of one rule are read`;
    throw sourceError("SYNC_SOURCE_RECURRENCE_TOO_LARGE", place, problem, { value: count });
  }
  return {
    frequency: frequency as Frequency,
    interval: typeof rule["interval"] === "number" ? Math.max(1, rule["interval"]) : 1,
    count: typeof count === "number" ? count : undefined,
    untilWallMs: readUntil(rule["until"], start, place),
    // ical.js counts weekdays from 1, Sunday.
    weekStart: typeof rule["wkst"] === "number" ? (rule["wkst"] + 5) % 7 : 0,
    byMonth: numbers(rule["bymonth"]),
    byWeekNo: frequency === "YEARLY" ? numbers(rule["byweekno"]) : [],
    byYearDay: numbers(rule["byyearday"]),
    byMonthDay: numbers(rule["bymonthday"]),
    byDay: list(rule["byday"]).map((text) => readWeekday(String(text), frequency, place)),
    byHour: start.isDate ? [] : numbers(rule["byhour"]),
    byMinute: start.isDate ? [] : numbers(rule["byminute"]),
    bySecond: start.isDate ? [] : numbers(rule["bysecond"]),
    bySetPos: numbers(rule["bysetpos"]),
  };
}

/**
 * UNTIL as the last wall time. A date means its whole day, also where DTSTART has a time; a time without Z
 * is read in the zone of DTSTART. Both break RFC 5545 and both are common.
 */
function readUntil(value: unknown, start: RuleStart, place: SourcePlace): number | undefined {
  if (value === undefined) return undefined;
  const text = String(value);
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}):(\d{2})(Z?))?$/.exec(text);
  const [year, month, day, hour, minute, second] = (match?.slice(1, 7) ?? []).map((part) =>
    Number(part ?? 0),
  );
  const wallMs =
    match === null
      ? undefined
      : wallMsOf({
          year: year ?? 0,
          month: month ?? 0,
          day: day ?? 0,
          hour: hour ?? 0,
          minute: minute ?? 0,
          second: second ?? 0,
        });
  if (match === null || wallMs === undefined)
    throw invalid(place, `UNTIL is "${shorten(text)}", no date or time`);
  if (match[4] === undefined) return wallMs + DAY_MS - 1000;
  return match[7] === "Z" ? start.zone.toWallMs(wallMs) : wallMs;
}

function readWeekday(
  text: string,
  frequency: string,
  place: SourcePlace,
): { weekday: number; ordinal: number } {
  const match = /^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/.exec(text);
  if (match === null) throw invalid(place, `BYDAY holds "${shorten(text)}"`);
  const isOrdinalKnown = frequency === "MONTHLY" || frequency === "YEARLY";
  return {
    weekday: WEEKDAYS.indexOf(match[2] ?? ""),
    ordinal: isOrdinalKnown ? Number(match[1] ?? 0) : 0,
  };
}

function numbers(value: unknown): readonly number[] {
  return list(value).filter((item) => typeof item === "number");
}

function list(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function invalid(place: SourcePlace, problem: string) {
  return sourceError("SYNC_SOURCE_RECURRENCE_INVALID", place, problem);
}
