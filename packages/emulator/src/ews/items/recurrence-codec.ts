/**
 * Recurrence as Exchange Web Services spells it.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/exchange-web-services/recurrence-patterns-and-ews
 */
import { formatCivilDay, parseCivilDay } from "../../mailbox/civil-days.ts";
import type { Series } from "../../mailbox/event.ts";
import type {
  RecurrencePattern,
  RecurrenceRange,
  RecurrenceRule,
  WeekIndex,
} from "../../mailbox/recurrence.ts";
import { isKnownTo } from "../schema/since.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { childText, type XmlElement } from "../soap/xml-reader.ts";
import { element, text } from "../soap/xml-writer.ts";

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  ...["January", "February", "March", "April", "May", "June", "July"],
  ...["August", "September", "October", "November", "December"],
];
const INDEXES: readonly WeekIndex[] = ["first", "second", "third", "fourth", "last"];
const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];
const WEEKDAYS = [1, 2, 3, 4, 5];
const WEEKEND = [0, 6];
const LARGEST_COUNT = 999;
const NOTHING: RecurrencePattern = {
  type: "daily",
  interval: 1,
  daysOfWeek: [],
  firstDayOfWeek: 0,
  dayOfMonth: 0,
  month: 0,
  index: "first",
};

/**
 * Reads a recurrence.
 *
 * @param recurrence - `RecurrenceType`
 * @returns pattern and range
 * @throws {EwsFault} ErrorCalendarInvalidRecurrence with what is out of range
 */
export function readRecurrence(recurrence: XmlElement): RecurrenceRule {
  const [pattern, range] = recurrence.children;
  if (pattern === undefined || range === undefined) throw new EwsFault("ErrorCalendarInvalidRecurrence");
  return { pattern: readPattern(pattern), range: readRange(range) };
}

/**
 * Writes a recurrence.
 *
 * @param series - of a master
 * @param version - of the request; before 2010 SP1 weeks had no first day
 * @returns XML of `t:Recurrence`
 */
export function writeRecurrence({ pattern, range }: Series, version: string): string {
  const hasFirstDay = isKnownTo(version, "t:WeeklyRecurrencePatternType FirstDayOfWeek");
  return element("t:Recurrence", writePattern(pattern, hasFirstDay) + writeRange(range));
}

function readPattern(pattern: XmlElement): RecurrencePattern {
  const interval = (largest: number): number => readNumber(pattern, "Interval", 1, largest);
  const dayOfMonth = (): number => readNumber(pattern, "DayOfMonth", 1, 31);
  const month = (): number => MONTHS.indexOf(childText(pattern, "Month") ?? "") + 1;
  const relative = (): Pick<RecurrencePattern, "daysOfWeek" | "index"> => ({
    daysOfWeek: readDayClass(childText(pattern, "DaysOfWeek") ?? ""),
    index: INDEXES.find((index) => index === childText(pattern, "DayOfWeekIndex")?.toLowerCase()) ?? "first",
  });
  switch (pattern.name) {
    case "DailyRecurrence":
      return { ...NOTHING, interval: interval(999) };
    case "WeeklyRecurrence":
      return {
        ...NOTHING,
        type: "weekly",
        interval: interval(99),
        daysOfWeek: readWeekdays(childText(pattern, "DaysOfWeek") ?? ""),
        firstDayOfWeek: Math.max(0, DAYS.indexOf(childText(pattern, "FirstDayOfWeek") ?? "Sunday")),
      };
    case "AbsoluteMonthlyRecurrence":
      return { ...NOTHING, type: "absoluteMonthly", interval: interval(99), dayOfMonth: dayOfMonth() };
    case "RelativeMonthlyRecurrence":
      return { ...NOTHING, type: "relativeMonthly", interval: interval(99), ...relative() };
    case "AbsoluteYearlyRecurrence":
      return { ...NOTHING, type: "absoluteYearly", dayOfMonth: dayOfMonth(), month: month() };
    default:
      return { ...NOTHING, type: "relativeYearly", month: month(), ...relative() };
  }
}

function readRange(range: XmlElement): RecurrenceRange {
  const startDay = readDate(range, "StartDate");
  if (range.name === "NumberedRecurrence") {
    const count = readNumber(range, "NumberOfOccurrences", 1, LARGEST_COUNT);
    return { type: "numbered", startDay, endDay: undefined, count };
  }
  if (range.name === "NoEndRecurrence")
    return { type: "noEnd", startDay, endDay: undefined, count: undefined };
  const endDay = readDate(range, "EndDate");
  if (endDay < startDay) throw new EwsFault("ErrorCalendarInvalidRecurrence");
  return { type: "endDate", startDay, endDay, count: undefined };
}

function readNumber(parent: XmlElement, name: string, least: number, largest: number): number {
  const value = Number(childText(parent, name));
  if (!Number.isInteger(value) || value < least || value > largest)
    throw new EwsFault("ErrorCalendarInvalidRecurrence", {
      text: `The recurrence is invalid: ${name} must be ${least} to ${largest}.`,
    });
  return value;
}

/** A date may bear a zone, which says nothing here: the days are those of the series. */
function readDate(parent: XmlElement, name: string): number {
  const day = parseCivilDay((childText(parent, name) ?? "").trim().slice(0, 10));
  if (day === undefined) throw new EwsFault("ErrorCalendarInvalidRecurrence");
  return day;
}

function readWeekdays(text: string): number[] {
  const days = text
    .trim()
    .split(/\s+/)
    .map((name) => DAYS.indexOf(name));
  if (days.includes(-1) || text.trim() === "")
    throw new EwsFault("ErrorCalendarInvalidDayForWeeklyRecurrence");
  return [...new Set(days)].sort((left, right) => left - right);
}

function readDayClass(name: string): readonly number[] {
  if (name === "Day") return EVERY_DAY;
  if (name === "Weekday") return WEEKDAYS;
  if (name === "WeekendDay") return WEEKEND;
  return [Math.max(0, DAYS.indexOf(name))];
}

function writePattern(pattern: RecurrencePattern, hasFirstDay: boolean): string {
  const interval = text("t:Interval", pattern.interval);
  const dayOfMonth = text("t:DayOfMonth", pattern.dayOfMonth);
  const month = text("t:Month", MONTHS[pattern.month - 1] ?? "January");
  const relative =
    text("t:DaysOfWeek", writeDayClass(pattern.daysOfWeek)) +
    text("t:DayOfWeekIndex", pattern.index.charAt(0).toUpperCase() + pattern.index.slice(1));
  switch (pattern.type) {
    case "daily":
      return element("t:DailyRecurrence", interval);
    case "weekly":
      return element(
        "t:WeeklyRecurrence",
        interval +
          text("t:DaysOfWeek", pattern.daysOfWeek.map((day) => DAYS[day]).join(" ")) +
          (hasFirstDay ? text("t:FirstDayOfWeek", DAYS[pattern.firstDayOfWeek] ?? "Sunday") : ""),
      );
    case "absoluteMonthly":
      return element("t:AbsoluteMonthlyRecurrence", interval + dayOfMonth);
    case "relativeMonthly":
      return element("t:RelativeMonthlyRecurrence", interval + relative);
    case "absoluteYearly":
      return element("t:AbsoluteYearlyRecurrence", dayOfMonth + month);
    default:
      return element("t:RelativeYearlyRecurrence", relative + month);
  }
}

function writeRange({ type, startDay, endDay, count }: RecurrenceRange): string {
  const start = text("t:StartDate", formatCivilDay(startDay));
  if (type === "numbered")
    return element("t:NumberedRecurrence", start + text("t:NumberOfOccurrences", count ?? 1));
  if (type === "noEnd" || endDay === undefined) return element("t:NoEndRecurrence", start);
  return element("t:EndDateRecurrence", start + text("t:EndDate", formatCivilDay(endDay)));
}

function writeDayClass(days: readonly number[]): string {
  if (days.length === EVERY_DAY.length) return "Day";
  if (days.join() === WEEKDAYS.join()) return "Weekday";
  if (days.join() === WEEKEND.join()) return "WeekendDay";
  return DAYS[days[0] ?? 0] ?? "Sunday";
}
