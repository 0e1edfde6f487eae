/** The dates of series judged by ical.js, which expands RFC 5545 rules and knows nothing of Exchange. */
import fc from "fast-check";
import ICAL from "ical.js";
import { describe, expect, it } from "vitest";
import type { RecurrencePattern } from "./event.ts";
import { DAYS_OF_WEEK, recurrenceDates } from "./recurrence.ts";

const POSITIONS = { first: 1, second: 2, third: 3, fourth: 4, last: -1 } as const;

describe("recurrenceDates()", () => {
  it("gives the dates that ical.js gives for the same rule", () => {
    fc.assert(
      fc.property(patterns(), fc.integer({ min: 0, max: 2000 }), (pattern, day) => {
        const startsOn = new Date(Date.UTC(2025, 0, 1) + day * 86_400_000).toISOString().slice(0, 10);
        const range = { type: "numbered", startsOn, occurrenceCount: 12, ianaZone: "UTC" } as const;
        expect([...recurrenceDates({ pattern, range })]).toEqual(judge(pattern, startsOn, 12));
      }),
      { numRuns: 500 },
    );
  });
});

/** The first dates of the rule; a start that the rule does not generate is no date of a series in Exchange. */
function judge(pattern: RecurrencePattern, startsOn: string, count: number): string[] {
  const iterator = ICAL.Recur.fromString(ruleOf(pattern)).iterator(ICAL.Time.fromDateString(startsOn));
  const dates: string[] = [];
  while (dates.length < count) {
    const next = iterator.next();
    if (next === null || next === undefined) break;
    dates.push(next.toString().slice(0, 10));
  }
  return dates;
}

function ruleOf(pattern: RecurrencePattern): string {
  const code = (day: string): string => day.slice(0, 2).toUpperCase();
  const days = (pattern.daysOfWeek ?? []).map(code).join(",");
  // One day only: the BYSETPOS of ical.js 2.2.1 gives 5 January 2025 as a fourth Sunday.
  const position = `BYDAY=${POSITIONS[pattern.index ?? "first"]}${days.slice(0, 2)}`;
  const every = `INTERVAL=${pattern.interval}`;
  switch (pattern.type) {
    case "daily":
      return `FREQ=DAILY;${every}`;
    case "weekly":
      return `FREQ=WEEKLY;${every};BYDAY=${days};WKST=${code(pattern.firstDayOfWeek ?? "sunday")}`;
    case "absoluteMonthly":
      return `FREQ=MONTHLY;${every};BYMONTHDAY=${pattern.dayOfMonth}`;
    case "relativeMonthly":
      return `FREQ=MONTHLY;${every};${position}`;
    case "absoluteYearly":
      return `FREQ=YEARLY;${every};BYMONTH=${pattern.month};BYMONTHDAY=${pattern.dayOfMonth}`;
    default:
      return `FREQ=YEARLY;${every};BYMONTH=${pattern.month};${position}`;
  }
}

function patterns(): fc.Arbitrary<RecurrencePattern> {
  const day = fc.constantFrom(...DAYS_OF_WEEK);
  const common = {
    interval: fc.integer({ min: 1, max: 4 }),
    daysOfWeek: fc.uniqueArray(day, { minLength: 1, maxLength: 7 }),
    firstDayOfWeek: day,
    // RFC 5545 leaves out months without the day, Exchange takes their last one: compared up to the 28th.
    dayOfMonth: fc.integer({ min: 1, max: 28 }),
    month: fc.integer({ min: 1, max: 12 }),
    index: fc.constantFrom("first", "second", "third", "fourth", "last"),
  };
  const types = ["daily", "weekly", "absoluteMonthly", "relativeMonthly", "absoluteYearly", "relativeYearly"];
  return fc
    .record({ type: fc.constantFrom(...types), ...common })
    .map((pattern) =>
      pattern.type.startsWith("relative")
        ? { ...pattern, daysOfWeek: pattern.daysOfWeek.slice(0, 1) }
        : pattern,
    ) as fc.Arbitrary<RecurrencePattern>;
}
