/** RRULE of iCalendar, from what the store keeps and to what `t:Recurrence` says. */
import type { RecurrencePattern, RecurrenceRule } from "../../mailbox/recurrence.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { element, text } from "../soap/xml-writer.ts";

/** Days of the week from Sunday. */
export const WEEKDAY_CODES = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  ...["January", "February", "March", "April", "May", "June", "July"],
  ...["August", "September", "October", "November", "December"],
];
const INDEXES: Readonly<Record<string, string>> = {
  "1": "First",
  "2": "Second",
  "3": "Third",
  "4": "Fourth",
  "-1": "Last",
};
const POSITIONS = { first: 1, second: 2, third: 3, fourth: 4, last: -1 };

/**
 * Writes a rule.
 *
 * @param rule - of a series
 * @param until - value of UNTIL, for series that end on a day
 * @returns value of RRULE
 */
export function writeRule({ pattern, range }: RecurrenceRule, until: string | undefined): string {
  const parts = [`FREQ=${frequencyOf(pattern)}`];
  if (range.count !== undefined) parts.push(`COUNT=${range.count}`);
  if (until !== undefined) parts.push(`UNTIL=${until}`);
  parts.push(`INTERVAL=${pattern.interval}`, ...dayParts(pattern));
  if (pattern.type.endsWith("Yearly")) parts.push(`BYMONTH=${pattern.month}`);
  if (pattern.type === "weekly") parts.push(`WKST=${WEEKDAY_CODES[pattern.firstDayOfWeek]}`);
  return parts.join(";");
}

/**
 * Reads a rule.
 *
 * @param value - value of RRULE
 * @param start - first day, `YYYY-MM-DD`
 * @param readUntil - gives the day of an UNTIL
 * @returns XML of `t:Recurrence`
 * @throws {EwsFault} ErrorCalendarInvalidRecurrence for what Exchange cannot keep
 */
export function readRule(value: string, start: string, readUntil: (until: string) => string): string {
  const parts = new Map(
    value
      .toUpperCase()
      .split(";")
      .map((part) => part.split("=") as [string, string]),
  );
  return element("t:Recurrence", readPattern(parts, start) + readRange(parts, start, readUntil));
}

function frequencyOf({ type }: RecurrencePattern): string {
  if (type === "daily") return "DAILY";
  if (type === "weekly") return "WEEKLY";
  return type.endsWith("Monthly") ? "MONTHLY" : "YEARLY";
}

function dayParts(pattern: RecurrencePattern): string[] {
  const days = pattern.daysOfWeek.map((day) => WEEKDAY_CODES[day]);
  if (pattern.type === "weekly") return [`BYDAY=${days.join(",")}`];
  if (pattern.type.startsWith("absolute")) return [`BYMONTHDAY=${pattern.dayOfMonth}`];
  if (!pattern.type.startsWith("relative")) return [];
  const position = POSITIONS[pattern.index];
  return days.length === 1
    ? [`BYDAY=${position}${days[0]}`]
    : [`BYDAY=${days.join(",")}`, `BYSETPOS=${position}`];
}

function readPattern(parts: ReadonlyMap<string, string>, start: string): string {
  const every = Number(parts.get("INTERVAL") ?? 1);
  const interval = (times = 1): string => text("t:Interval", every * times);
  const [, month = 1, dayOfMonth = 1] = start.split("-").map(Number);
  const weekday = WEEKDAY_CODES[new Date(`${start}T00:00:00Z`).getUTCDay()] ?? "SU";
  const days = (parts.get("BYDAY") ?? "").split(",").filter((day) => day !== "");
  const ofMonth = text("t:DayOfMonth", Number(parts.get("BYMONTHDAY") ?? dayOfMonth));
  const ofYear = (): string => text("t:Month", monthName(Number(parts.get("BYMONTH") ?? month)));
  const isRelative = days.length > 0;
  switch (parts.get("FREQ")) {
    case "DAILY":
      if (!isRelative) return element("t:DailyRecurrence", interval());
      break;
    case "WEEKLY":
      break;
    case "MONTHLY":
      return isRelative
        ? element("t:RelativeMonthlyRecurrence", interval() + relative(days, parts.get("BYSETPOS")))
        : element("t:AbsoluteMonthlyRecurrence", interval() + ofMonth);
    case "YEARLY":
      // Yearly patterns have no interval: every other year is every 24 months.
      if (every === 1)
        return isRelative
          ? element("t:RelativeYearlyRecurrence", relative(days, parts.get("BYSETPOS")) + ofYear())
          : element("t:AbsoluteYearlyRecurrence", ofMonth + ofYear());
      return isRelative
        ? element("t:RelativeMonthlyRecurrence", interval(12) + relative(days, parts.get("BYSETPOS")))
        : element("t:AbsoluteMonthlyRecurrence", interval(12) + ofMonth);
    default:
      throw new EwsFault("ErrorCalendarInvalidRecurrence");
  }
  return element(
    "t:WeeklyRecurrence",
    interval() +
      text("t:DaysOfWeek", (isRelative ? days : [weekday]).map(dayName).join(" ")) +
      text("t:FirstDayOfWeek", dayName(parts.get("WKST") ?? "MO")),
  );
}

function relative(days: readonly string[], setPosition: string | undefined): string {
  const match = /^([+-]?\d+)?([A-Z]{2})$/.exec(days[0] ?? "");
  const index = INDEXES[Number(match?.[1] ?? setPosition)];
  const codes = [...days].sort().join();
  const group =
    days.length === 1
      ? dayName(match?.[2] ?? "")
      : codes === "FR,MO,SA,SU,TH,TU,WE"
        ? "Day"
        : codes === "FR,MO,TH,TU,WE"
          ? "Weekday"
          : codes === "SA,SU"
            ? "WeekendDay"
            : undefined;
  if (index === undefined || group === undefined) throw new EwsFault("ErrorCalendarInvalidRecurrence");
  return text("t:DaysOfWeek", group) + text("t:DayOfWeekIndex", index);
}

function monthName(number: number): string {
  const name = MONTHS[number - 1];
  if (name === undefined) throw new EwsFault("ErrorCalendarInvalidRecurrence");
  return name;
}

function dayName(code: string): string {
  const name = DAYS[WEEKDAY_CODES.indexOf(code)];
  if (name === undefined) throw new EwsFault("ErrorCalendarInvalidRecurrence");
  return name;
}

function readRange(
  parts: ReadonlyMap<string, string>,
  start: string,
  readUntil: (until: string) => string,
): string {
  const from = text("t:StartDate", start);
  const count = parts.get("COUNT");
  if (count !== undefined)
    return element("t:NumberedRecurrence", from + text("t:NumberOfOccurrences", Number(count)));
  const until = parts.get("UNTIL");
  if (until === undefined) return element("t:NoEndRecurrence", from);
  return element("t:EndDateRecurrence", from + text("t:EndDate", readUntil(until)));
}
