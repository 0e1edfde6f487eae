/** The suite's part about windows, zones and lists of more than one page. */
// biome-ignore lint/correctness/noUndeclaredDependencies: whoever runs a suite has the runner
import { describe, expect, it } from "vitest";
import { type Subject, timed } from "./subject.ts";

/**
 * @param subject - the port under test
 */
export function describeWindows(subject: Subject): void {
  describe("windows", () => {
    it.each([
      ["ends where the event starts", "2026-06-01T08:00:00Z", "2026-06-01T09:00:00Z", 0],
      ["ends one second into the event", "2026-06-01T08:00:00Z", "2026-06-01T09:00:01Z", 1],
      ["is the event", "2026-06-01T09:00:00Z", "2026-06-01T10:00:00Z", 1],
      ["lies within the event", "2026-06-01T09:15:00Z", "2026-06-01T09:45:00Z", 1],
      ["spans the event", "2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z", 1],
      ["starts one second before the event ends", "2026-06-01T09:59:59Z", "2026-06-01T11:00:00Z", 1],
      ["starts where the event ends", "2026-06-01T10:00:00Z", "2026-06-01T11:00:00Z", 0],
    ])("listEvents() decides when the window %s", async (_, from, to, count) => {
      const calendarId = await subject.makeCalendar();
      await subject.create(calendarId, timed("2026-06-01T09:00:00", "2026-06-01T10:00:00", "UTC"));
      expect(await subject.list(calendarId, from, to)).toHaveLength(count);
    });

    it("listEvents() orders by start, whatever zone and order they were written in", async () => {
      const calendarId = await subject.makeCalendar();
      await subject.create(
        calendarId,
        timed("2026-06-01T09:00:00", "2026-06-01T09:30:00", "America/New_York"),
      );
      await subject.create(calendarId, timed("2026-06-01T10:00:00", "2026-06-01T10:30:00", "Asia/Kolkata"));
      await subject.create(calendarId, timed("2026-06-01T09:00:00", "2026-06-01T09:30:00", "Europe/London"));
      const events = await subject.list(calendarId, "2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z");
      expect(events.map(({ start }) => start.ianaZone)).toEqual([
        "Asia/Kolkata",
        "Europe/London",
        "America/New_York",
      ]);
    });
  });
}

/**
 * @param subject - the port under test
 */
export function describeZones(subject: Subject): void {
  describe("zones", () => {
    it.each([
      ["Europe/London", "2026-03-28T09:00:00", "2026-03-28T09:00:00Z"],
      ["Europe/London", "2026-03-30T09:00:00", "2026-03-30T08:00:00Z"],
      ["America/New_York", "2026-10-31T20:30:00", "2026-11-01T00:30:00Z"],
      ["America/New_York", "2026-11-02T20:30:00", "2026-11-03T01:30:00Z"],
      ["Asia/Kolkata", "2026-06-01T00:15:00", "2026-05-31T18:45:00Z"],
      ["UTC", "2026-06-01T23:59:00", "2026-06-01T23:59:00Z"],
    ])("createEvent() keeps %s at %s", async (ianaZone, dateTime, instant) => {
      const calendarId = await subject.makeCalendar();
      const endsAt = new Date(Date.parse(instant) + 60_000).toISOString();
      const { id } = await subject.create(calendarId, timed(dateTime, minuteLater(dateTime), ianaZone));
      const read = await subject.port.getEvent(subject.mailbox, id);
      expect(read.start).toEqual({ dateTime, ianaZone });
      expect(read.end).toEqual({ dateTime: minuteLater(dateTime), ianaZone });
      // The minute itself as window proves the instant, which wall clock and zone alone would not.
      const [listed] = await subject.list(calendarId, instant, endsAt);
      expect(listed?.start).toEqual({ dateTime, ianaZone });
    });

    it("createEvent() keeps a start and an end in two zones", async () => {
      const start = { dateTime: "2026-06-01T09:00:00", ianaZone: "Europe/London" };
      const end = { dateTime: "2026-06-01T12:00:00", ianaZone: "America/New_York" };
      const { id } = await subject.create(await subject.makeCalendar(), { start, end });
      expect(await subject.port.getEvent(subject.mailbox, id)).toMatchObject({ start, end });
    });

    it.each(["Europe/London", "America/New_York", "Asia/Kolkata", "UTC"])(
      "createEvent() keeps the dates of an all-day event in %s",
      async (ianaZone) => {
        const calendarId = await subject.makeCalendar();
        const days = timed("2026-03-28T00:00:00", "2026-03-31T00:00:00", ianaZone);
        const { id } = await subject.create(calendarId, { ...days, isAllDay: true });
        const dates = { start: { dateTime: days.start.dateTime }, end: { dateTime: days.end.dateTime } };
        expect(await subject.port.getEvent(subject.mailbox, id)).toMatchObject({ isAllDay: true, ...dates });
        const events = await subject.list(calendarId, "2026-03-26T00:00:00Z", "2026-04-02T00:00:00Z");
        expect(events).toHaveLength(1);
        expect(events[0]).toMatchObject({ isAllDay: true, ...dates });
      },
    );
  });
}

/**
 * @param subject - the port under test
 * @param eventCount - events to write
 */
export function describeManyEvents(subject: Subject, eventCount: number): void {
  it(`listEvents() gives all of ${eventCount} events, each once and in order`, {
    timeout: 120_000,
  }, async () => {
    const calendarId = await subject.makeCalendar();
    const startAtMs = Date.parse("2026-09-01T00:00:00Z");
    const drafts = Array.from({ length: eventCount }, (_, index) => {
      const [from, to] = [0, 5].map((minutes) =>
        new Date(startAtMs + (index * 10 + minutes) * 60_000).toISOString().slice(0, 19),
      );
      return { subject: `Lesson ${index}`, ...timed(from ?? "", to ?? "", "UTC") };
    });
    // Written in four rows at the same time, so that the order of creation is not the order of the events.
    await Promise.all(
      [0, 1, 2, 3].map(async (row) => {
        for (let index = row; index < drafts.length; index += 4)
          await subject.create(calendarId, drafts[index]);
      }),
    );
    const to = new Date(startAtMs + eventCount * 600_000).toISOString();
    const events = await subject.list(calendarId, "2026-09-01T00:00:00Z", to);
    expect(events.map((event) => event.subject)).toEqual(drafts.map((draft) => draft.subject));
    expect(new Set(events.map(({ id }) => id)).size).toBe(eventCount);
  });
}

function minuteLater(dateTime: string): string {
  return new Date(Date.parse(`${dateTime}Z`) + 60_000).toISOString().slice(0, 19);
}
