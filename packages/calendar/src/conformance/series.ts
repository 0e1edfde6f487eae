/** The suite's part about series: the six patterns, their ends, and occurrences that differ. */
// biome-ignore lint/correctness/noUndeclaredDependencies: whoever runs a suite has the runner
import { describe, expect, it } from "vitest";
import type { CalendarEvent, Recurrence, RecurrencePattern, RecurrenceRange } from "../event.ts";
import { type Subject, timed } from "./subject.ts";

const LONDON = { ianaZone: "Europe/London" } as const;
const YEARS = ["2026-08-01T00:00:00Z", "2029-08-01T00:00:00Z"] as const;

/** Pattern, range without its zone, and the dates on which a calendar on the wall has it. */
const SERIES: readonly (readonly [string, RecurrencePattern, DistributedRange, readonly string[]])[] = [
  [
    "daily, every third day",
    { type: "daily", interval: 3 },
    { type: "numbered", startsOn: "2026-09-07", occurrenceCount: 4 },
    ["2026-09-07", "2026-09-10", "2026-09-13", "2026-09-16"],
  ],
  [
    "weekly over the end of summer time",
    { type: "weekly", interval: 1, daysOfWeek: ["monday", "friday"], firstDayOfWeek: "monday" },
    { type: "endDate", startsOn: "2026-10-23", endsOn: "2026-11-06" },
    ["2026-10-23", "2026-10-26", "2026-10-30", "2026-11-02", "2026-11-06"],
  ],
  [
    "every other week, weeks from Monday",
    { type: "weekly", interval: 2, daysOfWeek: ["sunday", "tuesday"], firstDayOfWeek: "monday" },
    { type: "numbered", startsOn: "2026-09-08", occurrenceCount: 4 },
    ["2026-09-08", "2026-09-13", "2026-09-22", "2026-09-27"],
  ],
  [
    "every other week, weeks from Sunday",
    { type: "weekly", interval: 2, daysOfWeek: ["sunday", "tuesday"], firstDayOfWeek: "sunday" },
    { type: "numbered", startsOn: "2026-09-08", occurrenceCount: 4 },
    ["2026-09-08", "2026-09-20", "2026-09-22", "2026-10-04"],
  ],
  [
    "on a day of the month",
    { type: "absoluteMonthly", interval: 2, dayOfMonth: 15 },
    { type: "numbered", startsOn: "2026-09-15", occurrenceCount: 3 },
    ["2026-09-15", "2026-11-15", "2027-01-15"],
  ],
  [
    "on the last Friday of the month",
    { type: "relativeMonthly", interval: 1, daysOfWeek: ["friday"], index: "last" },
    { type: "numbered", startsOn: "2026-09-25", occurrenceCount: 3 },
    ["2026-09-25", "2026-10-30", "2026-11-27"],
  ],
  [
    "on a day of the year",
    { type: "absoluteYearly", interval: 1, dayOfMonth: 24, month: 12 },
    { type: "numbered", startsOn: "2026-12-24", occurrenceCount: 3 },
    ["2026-12-24", "2027-12-24", "2028-12-24"],
  ],
  [
    "on the second Tuesday of March each year",
    { type: "relativeYearly", interval: 1, daysOfWeek: ["tuesday"], index: "second", month: 3 },
    { type: "numbered", startsOn: "2027-03-09", occurrenceCount: 2 },
    ["2027-03-09", "2028-03-14"],
  ],
];

type DistributedRange = RecurrenceRange extends infer Range
  ? Range extends RecurrenceRange
    ? Omit<Range, "ianaZone">
    : never
  : never;

/**
 * @param subject - the port under test
 */
export function describeSeries(subject: Subject): void {
  describe("series", () => {
    it.each(SERIES)("listEvents() expands a series %s", async (_, pattern, range, dates) => {
      const calendarId = await subject.makeCalendar();
      const recurrence = { pattern, range: { ...range, ...LONDON } } as Recurrence;
      const master = await makeSeries(subject, calendarId, recurrence);
      expect(master.type).toBe("seriesMaster");
      expect((await subject.port.getEvent(subject.mailbox, master.id)).recurrence).toEqual(recurrence);
      const events = await subject.list(calendarId, ...YEARS);
      expect(events.map(({ start }) => start)).toEqual(
        dates.map((date) => ({ dateTime: `${date}T09:00:00`, ...LONDON })),
      );
      expect(new Set(events.map(({ type }) => type))).toEqual(new Set(["occurrence"]));
      expect(new Set(events.map(({ seriesMasterId }) => seriesMasterId))).toEqual(new Set([master.id]));
    });

    it("listEvents() gives what the window has of a series without end", async () => {
      const calendarId = await subject.makeCalendar();
      await makeSeries(subject, calendarId, weekly("noEnd"));
      const events = await subject.list(calendarId, "2028-01-01T00:00:00Z", "2028-02-01T00:00:00Z");
      expect(datesOf(events)).toEqual(["2028-01-03", "2028-01-10", "2028-01-17", "2028-01-24", "2028-01-31"]);
    });

    describeOccurrences(subject);
  });
}

function describeOccurrences(subject: Subject): void {
  it("deleteEvent() of one occurrence leaves the others", async () => {
    const calendarId = await subject.makeCalendar();
    await makeSeries(subject, calendarId, weekly("numbered"));
    const [, second] = await subject.list(calendarId, ...YEARS);
    await subject.port.deleteEvent(subject.mailbox, second?.id ?? "");
    expect(datesOf(await subject.list(calendarId, ...YEARS))).toEqual([
      "2026-09-07",
      "2026-09-21",
      "2026-09-28",
    ]);
  });

  it("updateEvent() of one occurrence moves it and leaves the others", async () => {
    const calendarId = await subject.makeCalendar();
    const master = await makeSeries(subject, calendarId, weekly("numbered"));
    const [, second] = await subject.list(calendarId, ...YEARS);
    const times = timed("2026-09-16T14:00:00", "2026-09-16T15:00:00");
    await subject.port.updateEvent(subject.mailbox, second?.id ?? "", { subject: "Moved", ...times });
    const events = await subject.list(calendarId, ...YEARS);
    expect(datesOf(events)).toEqual(["2026-09-07", "2026-09-16", "2026-09-21", "2026-09-28"]);
    expect(events[1]).toMatchObject({
      subject: "Moved",
      type: "exception",
      seriesMasterId: master.id,
      ...times,
    });
    expect(events.map(({ type }) => type)).toEqual(["occurrence", "exception", "occurrence", "occurrence"]);
    // A moved occurrence is found where it is now and no longer where it was.
    expect(await subject.list(calendarId, "2026-09-14T00:00:00Z", "2026-09-15T00:00:00Z")).toEqual([]);
    expect(await subject.list(calendarId, "2026-09-16T13:00:00Z", "2026-09-16T14:00:00Z")).toHaveLength(1);
  });

  it("findEvents() finds a series once, as its master", async () => {
    const calendarId = await subject.makeCalendar();
    const recurrence = weekly("numbered");
    const { id } = await makeSeries(subject, calendarId, recurrence, { NightlatchKey: "series" });
    const query = { name: "NightlatchKey", value: "series", calendarId };
    const found = await subject.port.findEvents(subject.mailbox, query);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ id, type: "seriesMaster", recurrence });
  });

  it("deleteEvent() of the master deletes the series", async () => {
    const calendarId = await subject.makeCalendar();
    const { id } = await makeSeries(subject, calendarId, weekly("numbered"));
    await subject.port.deleteEvent(subject.mailbox, id);
    expect(await subject.list(calendarId, ...YEARS)).toEqual([]);
  });
}

function weekly(type: "noEnd" | "numbered"): Recurrence {
  const range = { startsOn: "2026-09-07", ...LONDON };
  return {
    pattern: { type: "weekly", interval: 1, daysOfWeek: ["monday"], firstDayOfWeek: "monday" },
    range: type === "noEnd" ? { type, ...range } : { type, occurrenceCount: 4, ...range },
  };
}

function makeSeries(
  subject: Subject,
  calendarId: string,
  recurrence: Recurrence,
  properties: Readonly<Record<string, string>> = {},
): Promise<CalendarEvent> {
  const { startsOn } = recurrence.range;
  const times = timed(`${startsOn}T09:00:00`, `${startsOn}T10:00:00`);
  return subject.create(calendarId, { ...times, recurrence, properties });
}

function datesOf(events: readonly CalendarEvent[]): readonly string[] {
  return events.map(({ start }) => start.dateTime.slice(0, 10));
}
