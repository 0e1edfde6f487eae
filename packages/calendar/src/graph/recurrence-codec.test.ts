import { describe, expect, it } from "vitest";
import type { Recurrence } from "../event.ts";
import { decodeRecurrence, encodeRecurrence } from "./recurrence-codec.ts";

const RANGE = { type: "noEnd", startsOn: "2026-09-07", ianaZone: "Europe/London" } as const;

const PATTERNS: readonly (readonly [Recurrence["pattern"], object])[] = [
  [
    { type: "daily", interval: 3 },
    { type: "daily", interval: 3 },
  ],
  [
    { type: "weekly", interval: 2, daysOfWeek: ["monday"], firstDayOfWeek: "monday" },
    { type: "weekly", interval: 2, daysOfWeek: ["monday"], firstDayOfWeek: "monday" },
  ],
  [
    { type: "absoluteMonthly", interval: 1, dayOfMonth: 15 },
    { type: "absoluteMonthly", interval: 1, dayOfMonth: 15 },
  ],
  [
    { type: "relativeMonthly", interval: 1, daysOfWeek: ["friday"], index: "last" },
    { type: "relativeMonthly", interval: 1, daysOfWeek: ["friday"], index: "last" },
  ],
  [
    { type: "absoluteYearly", interval: 1, dayOfMonth: 24, month: 12 },
    { type: "absoluteYearly", interval: 1, dayOfMonth: 24, month: 12 },
  ],
  [
    { type: "relativeYearly", interval: 1, daysOfWeek: ["tuesday"], index: "second", month: 3 },
    { type: "relativeYearly", interval: 1, daysOfWeek: ["tuesday"], index: "second", month: 3 },
  ],
];

describe("encodeRecurrence()", () => {
  it.each(PATTERNS)("writes %j and reads it back", (pattern, wire) => {
    const encoded = encodeRecurrence({ pattern, range: RANGE });
    expect(encoded).toEqual({
      pattern: wire,
      range: { type: "noEnd", startDate: "2026-09-07", recurrenceTimeZone: "GMT Standard Time" },
    });
    expect(decodeRecurrence(encoded)).toEqual({ pattern, range: RANGE });
  });

  it.each([
    [
      { type: "endDate", startsOn: "2026-09-07", endsOn: "2026-12-18", ianaZone: "UTC" } as const,
      { type: "endDate", startDate: "2026-09-07", endDate: "2026-12-18", recurrenceTimeZone: "UTC" },
    ],
    [
      { type: "numbered", startsOn: "2026-09-07", occurrenceCount: 10, ianaZone: "UTC" } as const,
      { type: "numbered", startDate: "2026-09-07", numberOfOccurrences: 10, recurrenceTimeZone: "UTC" },
    ],
  ])("writes the range %j and reads it back", (range, wire) => {
    const encoded = encodeRecurrence({ pattern: { type: "daily", interval: 1 }, range });
    expect(encoded["range"]).toEqual(wire);
    expect(decodeRecurrence(encoded)?.range).toEqual(range);
  });

  it("says aloud on which day weeks start", () => {
    const { pattern } = encodeRecurrence({
      pattern: { type: "weekly", interval: 2, daysOfWeek: ["monday"] },
      range: RANGE,
    });
    expect(pattern).toMatchObject({ firstDayOfWeek: "sunday" });
  });
});

describe("decodeRecurrence()", () => {
  it("drops what the server fills in for members that the pattern does not use", () => {
    const wire = {
      pattern: {
        type: "daily",
        interval: 1,
        month: 0,
        dayOfMonth: 0,
        daysOfWeek: [],
        firstDayOfWeek: "sunday",
        index: "first",
      },
      range: {
        type: "noEnd",
        startDate: "2026-09-07",
        endDate: "0001-01-01",
        recurrenceTimeZone: "GMT Standard Time",
        numberOfOccurrences: 0,
      },
    };
    expect(decodeRecurrence(wire)).toEqual({ pattern: { type: "daily", interval: 1 }, range: RANGE });
  });

  it("passes a pattern that it does not know", () => {
    const wire = { pattern: { type: "lunar", interval: 2, index: "third" }, range: { type: "noEnd" } };
    expect(decodeRecurrence(wire)).toMatchObject({ pattern: { type: "lunar", interval: 2, index: "third" } });
  });

  it.each([[null], [undefined], [{}], ["weekly"]])("reads %j as no series", (wire) => {
    expect(decodeRecurrence(wire)).toBeUndefined();
  });
});
