import { describe, expect, test } from "vitest";
import { explain } from "../explain.ts";

const EVENT = {
  subject: "Chess club",
  start: { dateTime: "2026-09-07T15:00:00", timeZone: "Europe/London" },
  end: { dateTime: "2026-09-07T16:00:00", timeZone: "Europe/London" },
};

/** 2026-09-07 is a Monday. */
async function seriesStart(pattern: object, range: object, event: object = EVENT) {
  const content = JSON.stringify({
    ...event,
    recurrence: {
      pattern: { interval: 1, ...pattern },
      range: { type: "endDate", endDate: "2026-12-14", ...range },
    },
  });
  const { findings } = await explain([{ content }]);
  return findings.find(({ code }) => code === "EVENT_SERIES_START");
}

describe("a series that is being made", () => {
  test.each([
    ["weekly", ["monday"]],
    ["weekly", ["tuesday", "monday"]],
    ["weekly", []],
    ["daily", []],
    ["absoluteMonthly", ["tuesday"]],
  ])("a %s pattern on %j may begin on a Monday", async (type, daysOfWeek) => {
    expect(await seriesStart({ type, daysOfWeek }, { startDate: "2026-09-07" })).toBeUndefined();
  });

  test("a weekly pattern without the first day is told of, in letters of any case", async () => {
    const found = await seriesStart({ type: "Weekly", daysOfWeek: ["tuesday"] }, { startDate: "2026-09-07" });
    expect(found?.evidence).toMatchObject({ startDate: "2026-09-07", daysOfWeek: ["tuesday"] });
  });

  test("another first day of the range is told of, with the zones where they differ", async () => {
    const days = { type: "daily" };
    const differ = await seriesStart(days, { startDate: "2026-09-08", recurrenceTimeZone: "Asia/Taipei" });
    expect(differ?.explanation).toContain("Asia/Taipei");
    expect(differ?.evidence).toMatchObject({ startDate: "2026-09-08", recurrenceTimeZone: "Asia/Taipei" });
    const agree = await seriesStart(days, { startDate: "2026-09-08", recurrenceTimeZone: "Europe/London" });
    expect(agree?.explanation).not.toMatch(/zones? differ/);
    const silent = await seriesStart(days, { startDate: "2026-09-08" });
    expect(silent?.explanation).not.toMatch(/zones? differ|undefined/);
  });

  test("a series that was read is the service's own", async () => {
    const read = { ...EVENT, id: "AAMkAG1" };
    expect(await seriesStart({ type: "daily" }, { startDate: "2026-09-08" }, read)).toBeUndefined();
  });
});
