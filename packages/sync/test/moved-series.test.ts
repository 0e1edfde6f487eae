import { createMemoryCalendar } from "@nightlatch/calendar";
import { describe, expect, it } from "vitest";
import { applyPlan, planSync, readTimetable } from "../src/index.ts";
import { eventsOf, ROOM, WINDOW } from "./lessons.ts";

/** A weekly lesson in ICS, whose keys hold the original time. */
function weekly(start: string, rule = "RRULE:FREQ=WEEKLY;COUNT=30", uid = "ph-1") {
  const event = [`UID:${uid}`, "SUMMARY:Physics", `ATTENDEE:mailto:${ROOM}`, "DURATION:PT45M"];
  const lines = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", ...event, `DTSTART;TZID=Europe/London:${start}`];
  const text = [...lines, ...(rule === "" ? [] : [rule]), "END:VEVENT", "END:VCALENDAR"].join("\r\n");
  return readTimetable({ sourceName: "school.ics", text }, WINDOW);
}

async function written(timetable: ReturnType<typeof weekly>) {
  const calendar = createMemoryCalendar();
  await applyPlan(await planSync(timetable, calendar), calendar);
  return calendar;
}

describe("planSync() of a series that was moved in the source", () => {
  it("changes its events in place, so that no limit of deletion is met, over a change of the clocks too", async () => {
    const calendar = await written(weekly("20260907T090000"));
    const before = await eventsOf(calendar);
    const later = weekly("20260907T091000");
    const plan = await planSync(later, calendar);
    expect(plan).toMatchObject({ totals: { creates: 0, updates: 30, deletes: 0 }, refusals: [] });
    expect(plan.mailboxes[0]?.updates[0]).toMatchObject({
      key: "timetable|ph-1|20260907T081000Z",
      previousKey: "timetable|ph-1|20260907T080000Z",
      reason: "moved in the timetable",
    });
    await applyPlan(plan, calendar);
    const after = await eventsOf(calendar);
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(new Set(after.map(({ start }) => start.dateTime.slice(11)))).toEqual(new Set(["09:10:00"]));
    expect((await planSync(later, calendar)).totals).toMatchObject({ creates: 0, updates: 0, unchanged: 30 });
  });

  it("brings an event in line that was edited after the plan, under its old key", async () => {
    const calendar = await written(weekly("20260907T090000", "RRULE:FREQ=WEEKLY;COUNT=1"));
    const later = weekly("20260907T091000", "RRULE:FREQ=WEEKLY;COUNT=1");
    const plan = await planSync(later, calendar);
    const [event] = await eventsOf(calendar);
    await calendar.updateEvent(ROOM, event?.id ?? "", { subject: "Edited" });
    expect((await applyPlan(plan, calendar)).totals).toMatchObject({ updated: 1, created: 0 });
    expect(await eventsOf(calendar)).toMatchObject([{ id: event?.id, subject: "Physics" }]);
    expect((await planSync(later, calendar)).totals).toMatchObject({ creates: 0, updates: 0, unchanged: 1 });
  });

  it("keeps the first event when a single event becomes a series, and the other way round", async () => {
    const calendar = await written(weekly("20260907T090000", ""));
    const series = weekly("20260907T090000", "RRULE:FREQ=WEEKLY;COUNT=3");
    const plan = await planSync(series, calendar);
    expect(plan.totals).toMatchObject({ creates: 2, updates: 1, deletes: 0 });
    await applyPlan(plan, calendar);
    expect((await planSync(weekly("20260907T090000", ""), calendar)).totals).toMatchObject({
      creates: 0,
      updates: 1,
      deletes: 2,
    });
  });

  it("does not take another day or another UID for the same lesson", async () => {
    const calendar = await written(weekly("20260907T090000", "RRULE:FREQ=WEEKLY;COUNT=2"));
    const otherDay = weekly("20260908T090000", "RRULE:FREQ=WEEKLY;COUNT=2");
    expect((await planSync(otherDay, calendar)).totals).toMatchObject({ creates: 2, updates: 0, deletes: 2 });
    const otherUid = weekly("20260907T090000", "RRULE:FREQ=WEEKLY;COUNT=2", "ph-2");
    expect((await planSync(otherUid, calendar)).totals).toMatchObject({ creates: 2, updates: 0, deletes: 2 });
  });
});
