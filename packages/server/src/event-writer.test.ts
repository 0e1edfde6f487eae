import { type CalendarPort, calendarError, createMemoryCalendar } from "@nightlatch/calendar";
import { describe, expect, test } from "vitest";
import { lesson } from "../test/school.ts";
import { SOURCE_PROPERTY } from "./event-resource.ts";
import { createEventWriter } from "./event-writer.ts";

const mailbox = "room-12@school.example";
const source = "client/lesson-1";
const target = { mailbox, source };
const draft = lesson("2026-09-07T09:00:00", "Physics", { location: "Room 12", categories: ["A"] });

async function count(calendar: CalendarPort): Promise<number> {
  return (await calendar.findEvents(mailbox, { name: SOURCE_PROPERTY, value: source })).length;
}

describe("putBySource()", () => {
  test("creates once and replaces afterwards", async () => {
    const calendar = createMemoryCalendar();
    const writer = createEventWriter(calendar);
    expect(await writer.putBySource(target, draft)).toMatchObject({ isCreated: true });
    const again = await writer.putBySource(target, lesson("2026-09-07T10:00:00", "Chemistry"));
    expect(again).toMatchObject({
      isCreated: false,
      event: { subject: "Chemistry", location: "", categories: [] },
    });
    expect(await count(calendar)).toBe(1);
  });

  test("makes one event of twenty that arrive together", async () => {
    const calendar = createMemoryCalendar();
    const writer = createEventWriter(calendar);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => writer.putBySource(target, draft)));
    expect(outcomes.filter(({ isCreated }) => isCreated).length).toBe(1);
    expect(await count(calendar)).toBe(1);
  });

  test("looks the event up when the answer to its creation was lost", async () => {
    const memory = createMemoryCalendar();
    const losing: CalendarPort = {
      ...portOf(memory),
      async createEvent(...parameters) {
        await memory.createEvent(...parameters);
        throw calendarError("CALENDAR_WRITE_UNCERTAIN", "Answer lost");
      },
    };
    const outcome = await createEventWriter(losing).putBySource(target, draft);
    expect(outcome).toMatchObject({ isCreated: true, event: { subject: "Physics" } });
    expect(await count(memory)).toBe(1);
  });

  test("says so when the lost creation did not happen", async () => {
    const failing: CalendarPort = {
      ...portOf(createMemoryCalendar()),
      createEvent: () => Promise.reject(calendarError("CALENDAR_WRITE_UNCERTAIN", "Answer lost")),
    };
    await expect(createEventWriter(failing).putBySource(target, draft)).rejects.toMatchObject({
      code: "CALENDAR_WRITE_UNCERTAIN",
    });
  });

  test("heals two events of one source id", async () => {
    const calendar = createMemoryCalendar();
    for (let copy = 0; copy < 2; copy += 1)
      await calendar.createEvent(mailbox, { ...draft, properties: { [SOURCE_PROPERTY]: source } });
    await createEventWriter(calendar).putBySource(target, draft);
    expect(await count(calendar)).toBe(1);
  });

  test("keeps its conditions", async () => {
    const calendar = createMemoryCalendar();
    const writer = createEventWriter(calendar);
    const failed = { code: "SERVER_PRECONDITION_FAILED" };
    await expect(writer.putBySource({ ...target, ifMatch: '"x"' }, draft)).rejects.toMatchObject(failed);
    const { event } = await writer.putBySource({ ...target, ifNoneMatch: "*" }, draft);
    await expect(writer.putBySource({ ...target, ifNoneMatch: "*" }, draft)).rejects.toMatchObject(failed);
    await expect(writer.putBySource({ ...target, ifMatch: '"stale"' }, draft)).rejects.toMatchObject(failed);
    const ifMatch = `"stale", "${event.changeKey}"`;
    await expect(writer.putBySource({ ...target, ifMatch }, draft)).resolves.toMatchObject({
      isCreated: false,
    });
  });

  test("goes on after a write that failed", async () => {
    let isBroken = true;
    const calendar = createMemoryCalendar({
      beforeCall: ({ operation }) => {
        if (isBroken && operation === "createEvent") throw calendarError("CALENDAR_UNAVAILABLE", "Down");
      },
    });
    const writer = createEventWriter(calendar);
    await expect(writer.putBySource(target, draft)).rejects.toMatchObject({ code: "CALENDAR_UNAVAILABLE" });
    isBroken = false;
    await expect(writer.putBySource(target, draft)).resolves.toMatchObject({ isCreated: true });
  });
});

test("deleteBySource() tells whether there was anything to delete", async () => {
  const calendar = createMemoryCalendar();
  const writer = createEventWriter(calendar);
  expect(await writer.deleteBySource(target)).toBe(false);
  await writer.putBySource(target, draft);
  expect(await writer.deleteBySource(target)).toBe(true);
  expect(await count(calendar)).toBe(0);
});

/** The methods of a class instance, so that some can be replaced. */
function portOf(calendar: CalendarPort): CalendarPort {
  return {
    wing: calendar.wing,
    listCalendars: calendar.listCalendars.bind(calendar),
    createCalendar: calendar.createCalendar.bind(calendar),
    deleteCalendar: calendar.deleteCalendar.bind(calendar),
    listEvents: calendar.listEvents.bind(calendar),
    getEvent: calendar.getEvent.bind(calendar),
    findEvents: calendar.findEvents.bind(calendar),
    createEvent: calendar.createEvent.bind(calendar),
    updateEvent: calendar.updateEvent.bind(calendar),
    deleteEvent: calendar.deleteEvent.bind(calendar),
  };
}
