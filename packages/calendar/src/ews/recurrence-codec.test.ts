import { describe, expect, it } from "vitest";
import type { Recurrence, RecurrencePattern } from "../event.ts";
import { readRecurrence, writeRecurrence } from "./recurrence-codec.ts";
import { readXml } from "./xml-reader.ts";

const LONDON = "Europe/London";
const RANGE = { type: "noEnd", startsOn: "2026-03-10", ianaZone: LONDON } as const;
const NO_END = "<t:NoEndRecurrence><t:StartDate>2026-03-10</t:StartDate></t:NoEndRecurrence>";

const read = (markup: string, ianaZone: string | undefined = LONDON): Recurrence | undefined =>
  readRecurrence(
    readXml(
      Buffer.from(
        markup.replace(
          "<t:Recurrence>",
          '<t:Recurrence xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types">',
        ),
      ),
    ),
    ianaZone,
  );

/** Markup after Microsoft's page "Recurrence patterns and EWS". */
const PATTERNS: readonly (readonly [string, RecurrencePattern, string])[] = [
  [
    "daily",
    { type: "daily", interval: 3 },
    "<t:DailyRecurrence><t:Interval>3</t:Interval></t:DailyRecurrence>",
  ],
  [
    "weekly",
    { type: "weekly", interval: 2, daysOfWeek: ["monday", "thursday"], firstDayOfWeek: "monday" },
    "<t:WeeklyRecurrence><t:Interval>2</t:Interval><t:DaysOfWeek>Monday Thursday</t:DaysOfWeek><t:FirstDayOfWeek>Monday</t:FirstDayOfWeek></t:WeeklyRecurrence>",
  ],
  [
    "monthly on a date",
    { type: "absoluteMonthly", interval: 1, dayOfMonth: 31 },
    "<t:AbsoluteMonthlyRecurrence><t:Interval>1</t:Interval><t:DayOfMonth>31</t:DayOfMonth></t:AbsoluteMonthlyRecurrence>",
  ],
  [
    "monthly on a day",
    { type: "relativeMonthly", interval: 2, daysOfWeek: ["thursday"], index: "third" },
    "<t:RelativeMonthlyRecurrence><t:Interval>2</t:Interval><t:DaysOfWeek>Thursday</t:DaysOfWeek><t:DayOfWeekIndex>Third</t:DayOfWeekIndex></t:RelativeMonthlyRecurrence>",
  ],
  [
    "monthly on the last working day",
    {
      type: "relativeMonthly",
      interval: 1,
      daysOfWeek: ["monday", "tuesday", "wednesday", "thursday", "friday"],
      index: "last",
    },
    "<t:RelativeMonthlyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>Weekday</t:DaysOfWeek><t:DayOfWeekIndex>Last</t:DayOfWeekIndex></t:RelativeMonthlyRecurrence>",
  ],
  [
    "yearly on a date",
    { type: "absoluteYearly", interval: 1, dayOfMonth: 24, month: 12 },
    "<t:AbsoluteYearlyRecurrence><t:DayOfMonth>24</t:DayOfMonth><t:Month>December</t:Month></t:AbsoluteYearlyRecurrence>",
  ],
  [
    "yearly on a day",
    { type: "relativeYearly", interval: 1, daysOfWeek: ["tuesday"], index: "second", month: 3 },
    "<t:RelativeYearlyRecurrence><t:DaysOfWeek>Tuesday</t:DaysOfWeek><t:DayOfWeekIndex>Second</t:DayOfWeekIndex><t:Month>March</t:Month></t:RelativeYearlyRecurrence>",
  ],
];

describe("writeRecurrence() and readRecurrence()", () => {
  it.each(PATTERNS)("carry a series %s", (_, pattern, markup) => {
    const whole = `<t:Recurrence>${markup}${NO_END}</t:Recurrence>`;
    expect(writeRecurrence({ pattern, range: RANGE }).markup).toBe(whole);
    expect(read(whole)).toEqual({ pattern, range: RANGE });
  });

  it.each([
    [
      { type: "endDate", startsOn: "2026-03-10", endsOn: "2026-07-17", ianaZone: LONDON },
      "<t:EndDateRecurrence><t:StartDate>2026-03-10</t:StartDate><t:EndDate>2026-07-17</t:EndDate></t:EndDateRecurrence>",
    ],
    [
      { type: "numbered", startsOn: "2026-03-10", occurrenceCount: 12, ianaZone: LONDON },
      "<t:NumberedRecurrence><t:StartDate>2026-03-10</t:StartDate><t:NumberOfOccurrences>12</t:NumberOfOccurrences></t:NumberedRecurrence>",
    ],
  ] as const)("carry the range %j", (range, markup) => {
    const [, pattern, daily] = PATTERNS[0] as (typeof PATTERNS)[number];
    const whole = `<t:Recurrence>${daily}${markup}</t:Recurrence>`;
    expect(writeRecurrence({ pattern, range }).markup).toBe(whole);
    expect(read(whole)).toEqual({ pattern, range });
  });

  it("read a date with an offset as the date that it is", () => {
    const [, , daily] = PATTERNS[0] as (typeof PATTERNS)[number];
    const range =
      "<t:EndDateRecurrence><t:StartDate>2026-03-10Z</t:StartDate><t:EndDate>2026-07-17+01:00</t:EndDate></t:EndDateRecurrence>";
    expect(read(`<t:Recurrence>${daily}${range}</t:Recurrence>`)?.range).toEqual({
      type: "endDate",
      startsOn: "2026-03-10",
      endsOn: "2026-07-17",
      ianaZone: LONDON,
    });
  });

  it("write every other year as every 24 months, which is the same", () => {
    const absolute = writeRecurrence({
      pattern: { type: "absoluteYearly", interval: 2, dayOfMonth: 10, month: 3 },
      range: RANGE,
    });
    expect(absolute.markup).toContain(
      "<t:AbsoluteMonthlyRecurrence><t:Interval>24</t:Interval><t:DayOfMonth>10</t:DayOfMonth></t:AbsoluteMonthlyRecurrence>",
    );
    const relative = writeRecurrence({
      pattern: { type: "relativeYearly", interval: 3, daysOfWeek: ["tuesday"], index: "second", month: 3 },
      range: RANGE,
    });
    expect(relative.markup).toContain("<t:RelativeMonthlyRecurrence><t:Interval>36</t:Interval>");
  });

  it.each([
    { type: "absoluteYearly", interval: 2, dayOfMonth: 24, month: 12 },
    { type: "relativeMonthly", interval: 1, daysOfWeek: ["monday", "tuesday"], index: "first" },
    { type: "relativeMonthly", interval: 1, daysOfWeek: [], index: "first" },
  ] as const)("refuse %j, which EWS cannot say", (pattern) => {
    expect(() => writeRecurrence({ pattern, range: RANGE })).toThrow(
      expect.objectContaining({ code: "CALENDAR_REJECTED" }),
    );
  });

  it("write a week that starts on Sunday aloud, and read it where a server leaves it out", () => {
    const pattern = { type: "weekly", interval: 2, daysOfWeek: ["tuesday"] } as const;
    expect(writeRecurrence({ pattern, range: RANGE }).markup).toContain(
      "<t:FirstDayOfWeek>Sunday</t:FirstDayOfWeek>",
    );
    const silent =
      "<t:WeeklyRecurrence><t:Interval>2</t:Interval><t:DaysOfWeek>Tuesday</t:DaysOfWeek></t:WeeklyRecurrence>";
    expect(read(`<t:Recurrence>${silent}${NO_END}</t:Recurrence>`)?.pattern).toEqual({
      ...pattern,
      firstDayOfWeek: "sunday",
    });
  });

  it("refuse to guess what a calendar has not", () => {
    expect(() => read(`<t:Recurrence><t:DailyRegeneration/>${NO_END}</t:Recurrence>`)).toThrow(RangeError);
    expect(() => read(`<t:Recurrence>${PATTERNS[0]?.[2]}</t:Recurrence>`)).toThrow(RangeError);
  });
});
