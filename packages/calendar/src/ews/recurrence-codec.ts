/**
 * Series on the wire: `t:Recurrence`, one pattern element and one range element.
 *
 * The rules are: yearly patterns have no interval in EWS, so every other year is written as every 24 months; a
 * relative pattern takes one day or one of the three groups of days, anything else is refused here by name.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/exchange-web-services/recurrence-patterns-and-ews
 */
import { calendarError } from "../errors.ts";
import type { DayOfWeek, Recurrence, RecurrencePattern, RecurrenceRange } from "../event.ts";
import { DAYS_OF_WEEK } from "../recurrence.ts";
import { textOf, type XmlElement } from "./xml-element.ts";
import { type Xml, xml } from "./xml-writer.ts";

const MONTHS: readonly string[] = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

const PATTERNS: Readonly<Record<string, RecurrencePattern["type"]>> = {
  "t:DailyRecurrence": "daily",
  "t:WeeklyRecurrence": "weekly",
  "t:AbsoluteMonthlyRecurrence": "absoluteMonthly",
  "t:RelativeMonthlyRecurrence": "relativeMonthly",
  "t:AbsoluteYearlyRecurrence": "absoluteYearly",
  "t:RelativeYearlyRecurrence": "relativeYearly",
};

/** Groups of days that a relative pattern may name. */
const GROUPS: Readonly<Record<string, readonly DayOfWeek[]>> = {
  Day: DAYS_OF_WEEK,
  Weekday: DAYS_OF_WEEK.slice(1, 6),
  WeekendDay: ["sunday", "saturday"],
};

/**
 * Writes a series.
 *
 * @param recurrence - pattern and range
 * @returns `t:Recurrence`
 * @throws {NightlatchError} `CALENDAR_REJECTED` when EWS has no such pattern
 */
export function writeRecurrence(recurrence: Recurrence): Xml {
  return xml(
    "t:Recurrence",
    {},
    writePattern(recurrence.pattern, recurrence.range.startsOn),
    writeRange(recurrence.range),
  );
}

function writePattern(pattern: RecurrencePattern, startsOn: string): Xml {
  const interval = xml("t:Interval", {}, pattern.interval);
  switch (pattern.type) {
    case "daily":
      return xml("t:DailyRecurrence", {}, interval);
    case "weekly":
      return xml(
        "t:WeeklyRecurrence",
        {},
        interval,
        xml("t:DaysOfWeek", {}, (pattern.daysOfWeek ?? []).map(capitalise).join(" ")),
        xml("t:FirstDayOfWeek", {}, capitalise(pattern.firstDayOfWeek ?? "sunday")),
      );
    case "absoluteMonthly":
      return xml("t:AbsoluteMonthlyRecurrence", {}, interval, writeDayOfMonth(pattern));
    case "relativeMonthly":
      return xml("t:RelativeMonthlyRecurrence", {}, interval, writeDayInWeeks(pattern));
    default:
      return writeYearly(pattern, startsOn);
  }
}

function writeYearly(pattern: RecurrencePattern, startsOn: string): Xml {
  const isAbsolute = pattern.type === "absoluteYearly";
  const days = isAbsolute ? writeDayOfMonth(pattern) : writeDayInWeeks(pattern);
  if (pattern.interval !== 1) {
    if (Number(startsOn.slice(5, 7)) !== pattern.month) {
      throw inexpressible(`every ${pattern.interval} years with a first date outside of its month`);
    }
    const months = xml("t:Interval", {}, 12 * pattern.interval);
    return xml(isAbsolute ? "t:AbsoluteMonthlyRecurrence" : "t:RelativeMonthlyRecurrence", {}, months, days);
  }
  const month = xml("t:Month", {}, MONTHS[(pattern.month ?? 0) - 1] ?? String(pattern.month));
  return xml(isAbsolute ? "t:AbsoluteYearlyRecurrence" : "t:RelativeYearlyRecurrence", {}, days, month);
}

function writeDayOfMonth(pattern: RecurrencePattern): Xml {
  return xml("t:DayOfMonth", {}, pattern.dayOfMonth);
}

function writeDayInWeeks(pattern: RecurrencePattern): readonly Xml[] {
  const days = new Set(pattern.daysOfWeek);
  const [only] = days;
  const group = Object.entries(GROUPS).find(
    ([, members]) => members.length === days.size && members.every((day) => days.has(day)),
  );
  const name = days.size === 1 && only !== undefined ? capitalise(only) : group?.[0];
  if (name === undefined) throw inexpressible(`the ${pattern.index ?? "first"} of ${[...days].join(", ")}`);
  return [xml("t:DaysOfWeek", {}, name), xml("t:DayOfWeekIndex", {}, capitalise(pattern.index ?? "first"))];
}

function inexpressible(what: string): Error {
  return calendarError("CALENDAR_REJECTED", `Exchange Web Services has no pattern for ${what}`, {
    hint: "Write this series as single events",
  });
}

function writeRange(range: RecurrenceRange): Xml {
  const start = xml("t:StartDate", {}, range.startsOn);
  switch (range.type) {
    case "noEnd":
      return xml("t:NoEndRecurrence", {}, start);
    case "endDate":
      return xml("t:EndDateRecurrence", {}, start, xml("t:EndDate", {}, range.endsOn));
    case "numbered":
      return xml("t:NumberedRecurrence", {}, start, xml("t:NumberOfOccurrences", {}, range.occurrenceCount));
  }
}

/**
 * Reads a series.
 *
 * @param element - `t:Recurrence`
 * @param ianaZone - zone of the series; UTC when unknown
 * @returns pattern and range; `undefined` without element
 * @throws {RangeError} when the pattern or range is none that a calendar has
 */
export function readRecurrence(
  element: XmlElement | undefined,
  ianaZone: string | undefined,
): Recurrence | undefined {
  if (element === undefined) return undefined;
  const pattern = element.children.find(({ name }) => Object.hasOwn(PATTERNS, name));
  const type = pattern === undefined ? undefined : PATTERNS[pattern.name];
  if (pattern === undefined || type === undefined) throw new RangeError("the series has no known pattern");
  return { pattern: readPattern(pattern, type), range: readRange(element, ianaZone ?? "UTC") };
}

function readPattern(element: XmlElement, type: RecurrencePattern["type"]): RecurrencePattern {
  const days = textOf(element, "t:DaysOfWeek");
  const firstDay = textOf(element, "t:FirstDayOfWeek");
  const dayOfMonth = textOf(element, "t:DayOfMonth");
  const month = textOf(element, "t:Month");
  const index = textOf(element, "t:DayOfWeekIndex");
  return {
    type,
    interval: readCount(textOf(element, "t:Interval") ?? "1"),
    ...(days !== undefined && { daysOfWeek: readDays(days) }),
    // Servers before 2010 leave it out and mean Sunday.
    ...(type === "weekly" && { firstDayOfWeek: (firstDay ?? "Sunday").toLowerCase() as DayOfWeek }),
    ...(dayOfMonth !== undefined && { dayOfMonth: readCount(dayOfMonth) }),
    ...(index !== undefined && { index: index.toLowerCase() as NonNullable<RecurrencePattern["index"]> }),
    ...(month !== undefined && { month: readMonth(month) }),
  };
}

function readCount(text: string): number {
  if (!/^\s*[1-9]\d{0,8}\s*$/.test(text)) throw new RangeError(`the series counts "${text}"`);
  return Number(text);
}

function readMonth(name: string): number {
  const index = MONTHS.indexOf(name);
  if (index === -1) throw new RangeError(`the series has the month "${name}"`);
  return index + 1;
}

function readDays(text: string): readonly DayOfWeek[] {
  return text
    .split(/\s+/)
    .filter((day) => day !== "")
    .flatMap((day) => GROUPS[day] ?? (day.toLowerCase() as DayOfWeek));
}

function readRange(element: XmlElement, ianaZone: string): RecurrenceRange {
  for (const range of element.children) {
    // Dates may carry an offset, which says nothing: `2026-09-07+01:00`.
    const startsOn = (textOf(range, "t:StartDate") ?? "").slice(0, 10);
    switch (range.name) {
      case "t:NoEndRecurrence":
        return { type: "noEnd", startsOn, ianaZone };
      case "t:EndDateRecurrence":
        return {
          type: "endDate",
          startsOn,
          endsOn: (textOf(range, "t:EndDate") ?? startsOn).slice(0, 10),
          ianaZone,
        };
      case "t:NumberedRecurrence": {
        const occurrenceCount = readCount(textOf(range, "t:NumberOfOccurrences") ?? "1");
        return { type: "numbered", startsOn, occurrenceCount, ianaZone };
      }
    }
  }
  throw new RangeError("the series has no known range");
}

function capitalise(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
