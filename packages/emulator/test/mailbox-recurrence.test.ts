import fc from "fast-check";
import ICAL from "ical.js";
import { describe, expect, it } from "vitest";
import { civilDay, formatCivilDay, parseCivilDay, weekday } from "../src/mailbox/civil-days.ts";
import {
  dayOfOrdinal,
  lastOccurrenceDay,
  listOccurrenceDays,
  ordinalOfDay,
  type RecurrencePattern,
  type RecurrenceRule,
  type WeekIndex,
} from "../src/mailbox/recurrence.ts";

const START = civilDay(2026, 0, 5);
const DAYS = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
const POSITIONS: Readonly<Record<WeekIndex, number>> = { first: 1, second: 2, third: 3, fourth: 4, last: -1 };

function makePattern(change: Partial<RecurrencePattern>): RecurrencePattern {
  return {
    type: "daily",
    interval: 1,
    daysOfWeek: [],
    firstDayOfWeek: 0,
    dayOfMonth: 0,
    month: 0,
    index: "first",
    ...change,
  };
}

function makeRule(
  pattern: Partial<RecurrencePattern>,
  range: Partial<RecurrenceRule["range"]> = {},
): RecurrenceRule {
  return {
    pattern: makePattern(pattern),
    range: { type: "noEnd", startDay: START, endDay: undefined, count: undefined, ...range },
  };
}

/** The same pattern as RFC 5545 writes it. */
function toRrule({
  type,
  interval,
  daysOfWeek,
  firstDayOfWeek,
  dayOfMonth,
  month,
  index,
}: RecurrencePattern): string {
  const days = daysOfWeek.map((day) => DAYS[day]).join(",");
  const parts: Readonly<Record<string, string>> = {
    daily: "FREQ=DAILY",
    weekly: `FREQ=WEEKLY;BYDAY=${days};WKST=${DAYS[firstDayOfWeek]}`,
    absoluteMonthly: `FREQ=MONTHLY;BYMONTHDAY=${dayOfMonth}`,
    relativeMonthly: `FREQ=MONTHLY;BYDAY=${days};BYSETPOS=${POSITIONS[index]}`,
    absoluteYearly: `FREQ=YEARLY;BYMONTH=${month};BYMONTHDAY=${dayOfMonth}`,
    relativeYearly: `FREQ=YEARLY;BYMONTH=${month};BYDAY=${days};BYSETPOS=${POSITIONS[index]}`,
  };
  return `${parts[type]};INTERVAL=${interval}`;
}

function expandWithIcal(pattern: RecurrencePattern, startDay: number, count: number): string[] {
  const recur = ICAL.Recur.fromString(toRrule(pattern));
  const iterator = recur.iterator(ICAL.Time.fromDateString(formatCivilDay(startDay)));
  const found: string[] = [];
  for (let attempt = 0; found.length < count && attempt < count + 50; attempt++) {
    const next = iterator.next();
    if (next === null) break;
    found.push(next.toString().slice(0, 10));
  }
  return found;
}

const patterns = fc.record({
  type: fc.constantFrom(
    "daily",
    "weekly",
    "absoluteMonthly",
    "relativeMonthly",
    "absoluteYearly",
    "relativeYearly",
  ),
  interval: fc.integer({ min: 1, max: 4 }),
  days: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 7 }),
  firstDayOfWeek: fc.integer({ min: 0, max: 6 }),
  // Beyond 28, RFC 5545 leaves short months out where Exchange takes their last day.
  dayOfMonth: fc.integer({ min: 1, max: 28 }),
  month: fc.integer({ min: 1, max: 12 }),
  index: fc.constantFrom<WeekIndex>("first", "second", "third", "fourth", "last"),
  startDay: fc.integer({ min: START, max: START + 800 }),
});

describe("listOccurrenceDays()", () => {
  it("listOccurrenceDays() agrees with ical.js on all six patterns when the rule starts on any day", () => {
    fc.assert(
      fc.property(patterns, ({ type, days, startDay, ...rest }) => {
        const pattern = makePattern({
          ...rest,
          type: type as RecurrencePattern["type"],
          daysOfWeek: [...days].sort((left, right) => left - right),
        });
        const candidate = makeRule(pattern, { startDay });
        // RFC 5545 leaves open what a start outside the rule means: begin on the first day that the rule gives.
        const first = dayOfOrdinal(candidate, 1) ?? Number.NaN;
        const rule = makeRule(pattern, { startDay: first });
        const ours = Array.from({ length: 20 }, (_, index) =>
          formatCivilDay(dayOfOrdinal(rule, index + 1) ?? 0),
        );
        expect(ours).toEqual(expandWithIcal(pattern, first, 20));
      }),
      { numRuns: 300 },
    );
  });

  it("listOccurrenceDays() gives the same days and ordinals for a window as from the start", () => {
    fc.assert(
      fc.property(
        patterns,
        fc.integer({ min: 0, max: 2000 }),
        fc.integer({ min: 0, max: 400 }),
        ({ type, days, startDay, ...rest }, offset, length) => {
          const rule = makeRule(
            { ...rest, type: type as RecurrencePattern["type"], daysOfWeek: [...days].sort((a, b) => a - b) },
            { startDay },
          );
          const [from, until] = [startDay + offset, startDay + offset + length];
          const whole = listOccurrenceDays(rule, startDay, until).filter(({ day }) => day >= from);
          expect(listOccurrenceDays(rule, from, until)).toEqual(whole);
          for (const { day, ordinal } of whole) {
            expect(dayOfOrdinal(rule, ordinal)).toBe(day);
            expect(ordinalOfDay(rule, day)).toBe(ordinal);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it("listOccurrenceDays() puts A and B weeks where the first day of the week says", () => {
    // Saturday 10 and Sunday 11 January 2026: one week if it starts on Monday, two if it starts on Sunday.
    const rule = (firstDayOfWeek: number) =>
      makeRule(
        { type: "weekly", interval: 2, daysOfWeek: [0, 6], firstDayOfWeek },
        { startDay: civilDay(2026, 0, 10) },
      );
    const days = (firstDayOfWeek: number) =>
      listOccurrenceDays(rule(firstDayOfWeek), START, START + 20).map(({ day }) => formatCivilDay(day));
    expect(days(1)).toEqual(["2026-01-10", "2026-01-11", "2026-01-24", "2026-01-25"]);
    expect(days(0)).toEqual(["2026-01-10", "2026-01-18", "2026-01-24"]);
  });

  it("listOccurrenceDays() takes the last day of a short month", () => {
    const rule = makeRule({ type: "absoluteMonthly", dayOfMonth: 31 }, { startDay: civilDay(2026, 0, 31) });
    expect(listOccurrenceDays(rule, START, START + 120).map(({ day }) => formatCivilDay(day))).toEqual([
      "2026-01-31",
      "2026-02-28",
      "2026-03-31",
      "2026-04-30",
    ]);
  });
});

describe("lastOccurrenceDay()", () => {
  it("lastOccurrenceDay() finds the end of numbered and dated ranges, and none without end", () => {
    const weekly = { type: "weekly", daysOfWeek: [1] } as const;
    expect(lastOccurrenceDay(makeRule(weekly, { type: "numbered", count: 3 }))).toBe(START + 14);
    expect(lastOccurrenceDay(makeRule(weekly, { type: "endDate", endDay: START + 20 }))).toBe(START + 14);
    expect(lastOccurrenceDay(makeRule(weekly))).toBeUndefined();
    const leap = { type: "absoluteYearly", month: 2, dayOfMonth: 29, interval: 4 } as const;
    const ends = makeRule(leap, {
      type: "endDate",
      startDay: civilDay(2024, 1, 29),
      endDay: civilDay(2035, 0, 1),
    });
    expect(formatCivilDay(lastOccurrenceDay(ends) ?? 0)).toBe("2032-02-29");
  });
});

describe("civil days", () => {
  it("parseCivilDay() and formatCivilDay() are inverse, and weekday() agrees with Date", () => {
    fc.assert(
      fc.property(fc.integer({ min: -700_000, max: 900_000 }), (day) => {
        const text = formatCivilDay(day);
        fc.pre(/^\d{4}-/.test(text));
        expect(parseCivilDay(text)).toBe(day);
        expect(weekday(day)).toBe(new Date(`${text}T00:00:00Z`).getUTCDay());
      }),
    );
    expect(parseCivilDay("2026-02-30")).toBeUndefined();
  });
});
