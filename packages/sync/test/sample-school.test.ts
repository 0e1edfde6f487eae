import { readFileSync } from "node:fs";
import { createMemoryCalendar } from "@nightlatch/calendar";
import { describe, expect, it } from "vitest";
import { sampleSchool } from "../../../examples/timetable/generate.ts";
import { applyPlan, planSync, readTimetable, readTimetableFile, type Timetable } from "../src/index.ts";

const folder = new URL("../../../examples/timetable/", import.meta.url);
const path = (name: string) => new URL(name, folder).pathname;

/** What both files must say alike; their ids and the order of categories are their own. */
function saying(timetable: Timetable): readonly string[] {
  return timetable.entries.map(({ mailbox, event }) => JSON.stringify({ mailbox, ...event })).sort();
}

describe("examples/timetable", () => {
  it("is what its script writes", () => {
    const { ics, csv } = sampleSchool();
    expect(readFileSync(path("school.ics"), "utf8")).toBe(ics);
    expect(readFileSync(path("school.csv"), "utf8")).toBe(csv);
  });

  it("says the same as ICS and as CSV: at least 8 mailboxes and 300 lessons", async () => {
    const ics = await readTimetableFile(path("school.ics"), { isWholeSource: true });
    const csv = await readTimetableFile(path("school.csv"), { isWholeSource: true });
    expect(saying(csv)).toEqual(saying(ics));
    expect(ics.mailboxes.length).toBeGreaterThanOrEqual(8);
    expect(new Set(ics.entries.map(({ key }) => key)).size).toBeGreaterThan(300);
    expect([ics.warnings, csv.warnings]).toEqual([[], []]);
  });

  it("has no lesson in the holidays, moved and cancelled lessons, and wall-clock times all year", async () => {
    const { entries } = await readTimetableFile(path("school.ics"), { isWholeSource: true });
    const lessons = entries.filter(({ event }) => !event.isAllDay);
    const times = new Set(lessons.map(({ event }) => event.start.dateTime.slice(11, 16)));
    expect([...times].sort()).toEqual(["08:50", "09:50", "11:10", "13:15", "15:30"]);
    expect(lessons.filter(({ event }) => event.start.dateTime.startsWith("2026-12-2"))).toEqual([]);
  });

  it("is written into mailboxes once, and a second run writes nothing", async () => {
    const calendar = createMemoryCalendar();
    const bytes = readFileSync(path("school.ics"));
    const read = () => readTimetable({ sourceName: "school.ics", bytes }, { isWholeSource: true });
    const first = await applyPlan(await planSync(read(), calendar), calendar);
    expect(first).toMatchObject({ outcome: "done", totals: { created: read().entries.length } });
    const second = await applyPlan(await planSync(read(), calendar), calendar);
    expect(second.totals).toMatchObject({
      created: 0,
      updated: 0,
      deleted: 0,
      unchanged: read().entries.length,
    });
  });

  it("names the path of a file that is not there", async () => {
    await expect(readTimetableFile(path("none.ics"))).rejects.toMatchObject({
      code: "SYNC_SOURCE_UNREADABLE",
    });
  });
});
