import { describe, expect, it } from "vitest";
import type { RecurrencePattern } from "./event.ts";
import { recurrenceDates } from "./recurrence.ts";

const NO_END = { type: "noEnd", ianaZone: "Europe/London" } as const;

function take(pattern: RecurrencePattern, startsOn: string, count: number): string[] {
  const dates: string[] = [];
  for (const date of recurrenceDates({ pattern, range: { ...NO_END, startsOn } })) {
    dates.push(date);
    if (dates.length === count) break;
  }
  return dates;
}

describe("recurrenceDates()", () => {
  it("puts the 31st on the last day of shorter months", () => {
    expect(take({ type: "absoluteMonthly", interval: 1, dayOfMonth: 31 }, "2028-01-31", 4)).toEqual([
      "2028-01-31",
      "2028-02-29",
      "2028-03-31",
      "2028-04-30",
    ]);
  });

  it("takes the first of several days as the first weekday of a month", () => {
    const daysOfWeek = ["monday", "tuesday", "wednesday", "thursday", "friday"] as const;
    expect(
      take({ type: "relativeMonthly", interval: 1, daysOfWeek, index: "first" }, "2026-08-03", 3),
    ).toEqual(["2026-08-03", "2026-09-01", "2026-10-01"]);
  });

  it("starts weeks on Sunday when nothing is said", () => {
    const pattern = { type: "weekly", interval: 2, daysOfWeek: ["sunday", "tuesday"] } as const;
    expect(take(pattern, "2026-09-08", 3)).toEqual(["2026-09-08", "2026-09-20", "2026-09-22"]);
  });

  it("ends on the last date, included", () => {
    const pattern = { type: "daily", interval: 1 } as const;
    const range = { type: "endDate", startsOn: "2026-09-07", endsOn: "2026-09-09", ianaZone: "UTC" } as const;
    expect([...recurrenceDates({ pattern, range })]).toEqual(["2026-09-07", "2026-09-08", "2026-09-09"]);
    expect([...recurrenceDates({ pattern, range: { ...range, endsOn: "2026-09-06" } })]).toEqual([]);
  });

  it.each([
    [{ type: "weekly", interval: 1 }],
    [{ type: "weekly", interval: 1, daysOfWeek: [] }],
    [{ type: "daily", interval: 0 }],
    [{ type: "absoluteMonthly", interval: 1 }],
    [{ type: "absoluteYearly", interval: 1, dayOfMonth: 1, month: 13 }],
    [{ type: "hourly", interval: 1 }],
  ])("takes the pattern %j as misuse", (pattern) => {
    expect(() => take(pattern as RecurrencePattern, "2026-09-07", 1)).toThrow(RangeError);
  });
});
