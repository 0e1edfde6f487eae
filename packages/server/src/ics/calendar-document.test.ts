import { type CalendarEvent, createMemoryCalendar, type EventDraft, toInstant } from "@nightlatch/calendar";
import ICAL from "ical.js";
import { describe, expect, test } from "vitest";
import { lesson } from "../../test/school.ts";
import { formatCalendar } from "./calendar-document.ts";

const MAILBOX = "room-12@school.example";
const now = new Date("2026-09-01T10:00:00Z");
const window = { from: new Date("2026-08-02T00:00:00Z"), to: new Date("2027-09-01T00:00:00Z") };

async function readBack(drafts: readonly EventDraft[]): Promise<CalendarEvent[]> {
  const calendar = createMemoryCalendar({ now: () => new Date("2026-08-15T12:00:00Z") });
  for (const draft of drafts) await calendar.createEvent(MAILBOX, draft);
  const events: CalendarEvent[] = [];
  for await (const event of calendar.listEvents(MAILBOX, { ...window, includeBody: true }))
    events.push(event);
  return events;
}

function format(
  events: readonly CalendarEvent[],
  more: Partial<Parameters<typeof formatCalendar>[0]> = {},
): string {
  const timed = events.map((event) => ({
    event,
    startMs: toInstant(event.start).getTime(),
    endMs: toInstant(event.end).getTime(),
  }));
  return formatCalendar({
    name: MAILBOX,
    events: timed,
    window,
    ianaZone: "UTC",
    now,
    maskPrivate: true,
    ...more,
  });
}

/** Parses as a calendar program does: the zones of the document are the only ones known. */
function parse(text: string): { root: ICAL.Component; events: ICAL.Event[] } {
  const root = new ICAL.Component(ICAL.parse(text) as unknown as string);
  ICAL.TimezoneService.reset();
  for (const zone of root.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  return { root, events: root.getAllSubcomponents("vevent").map((event) => new ICAL.Event(event)) };
}

const week: EventDraft["recurrence"] = {
  pattern: { type: "weekly", interval: 1, daysOfWeek: ["monday"], firstDayOfWeek: "monday" },
  range: { type: "numbered", startsOn: "2026-10-12", occurrenceCount: 4, ianaZone: "Europe/London" },
};

describe("formatCalendar()", () => {
  test("gives ical.js the instants that were written, in every zone and across the change of clocks", async () => {
    const events = await readBack([
      lesson("2026-09-07T09:00:00", "Physics"),
      lesson("2026-10-25T00:30:00", "Night before the clocks change"),
      lesson("2026-12-07T09:00:00", "Physics in winter"),
      {
        ...lesson("2026-09-07T09:00:00", "Guest"),
        start: { dateTime: "2026-09-07T04:00:00", ianaZone: "America/New_York" },
      },
      {
        ...lesson("2026-09-08T08:00:00", "UTC"),
        start: { dateTime: "2026-09-08T07:00:00", ianaZone: "UTC" },
      },
      lesson("2026-10-12T11:00:00", "Every Monday", { recurrence: week }),
    ]);
    expect(events.length).toBe(9);
    const parsed = parse(format(events)).events;
    const shown = parsed.map((event) => [
      event.summary,
      event.startDate.toJSDate().toISOString(),
      event.endDate.toJSDate().toISOString(),
    ]);
    expect(shown).toEqual(
      events.map((event) => [
        event.subject,
        toInstant(event.start).toISOString(),
        toInstant(event.end).toISOString(),
      ]),
    );
  });

  test("gives every event its own UID, the same one every time", async () => {
    const events = await readBack([
      lesson("2026-09-07T09:00:00", "Physics"),
      lesson("2026-10-12T11:00:00", "Every Monday", { recurrence: week }),
    ]);
    const sharingOneUid = events.map((event) => ({ ...event, iCalUId: "same-for-all" }));
    const uids = parse(format(sharingOneUid)).events.map((event) => event.uid);
    expect(new Set(uids).size).toBe(events.length);
    expect(uids).toContain("same-for-all");
    expect(parse(format(sharingOneUid)).events.map((event) => event.uid)).toEqual(uids);
  });

  test("keeps the UID of an occurrence that was moved", async () => {
    const [first] = await readBack([lesson("2026-10-12T11:00:00", "Every Monday", { recurrence: week })]);
    if (first === undefined) throw new Error("no occurrence");
    const moved: CalendarEvent = {
      ...first,
      type: "exception",
      id: "another",
      start: { ...first.start, dateTime: "2026-10-13T11:00:00" },
    };
    expect(parse(format([moved])).events[0]?.uid).toBe(parse(format([first])).events[0]?.uid);
  });

  test("shows an all-day event as dates", async () => {
    const midnight = (date: string) => ({ dateTime: `${date}T00:00:00`, ianaZone: "Europe/London" });
    const text = format(
      await readBack([
        { subject: "Inset day", isAllDay: true, start: midnight("2026-09-01"), end: midnight("2026-09-02") },
      ]),
    );
    expect(text).toContain("DTSTART;VALUE=DATE:20260901\r\n");
    expect(text).toContain("DTEND;VALUE=DATE:20260902\r\n");
  });

  test("gives text back unharmed", async () => {
    const subject =
      "Year 7; form A, \\ “physics”\nand a very long tail that needs folding – ääääääääääääääääääää 🧪🧪🧪";
    const [event] = parse(
      format(await readBack([lesson("2026-09-07T09:00:00", subject, { location: "Room 12, north; left" })])),
    ).events;
    expect(event?.summary).toBe(subject);
    expect(event?.location).toBe("Room 12, north; left");
  });

  test("hides what a private event is about, and does not when told so", async () => {
    const events = await readBack([
      lesson("2026-09-07T09:00:00", "Doctor", {
        sensitivity: "private",
        location: "Clinic",
        categories: ["Health"],
        body: { contentType: "text", content: "Knee" },
      }),
      lesson("2026-09-08T09:00:00", "Board", { sensitivity: "confidential" }),
    ]);
    const masked = format(events);
    for (const word of ["Doctor", "Clinic", "Health", "Knee", "Board"]) expect(masked).not.toContain(word);
    expect(parse(masked).events.length).toBe(2);
    expect(format(events, { maskPrivate: false })).toContain("SUMMARY:Doctor");
  });

  test("never names attendees", async () => {
    const attendees = [{ mailboxAddress: "year7@school.example", type: "required" as const }];
    expect(format(await readBack([lesson("2026-09-07T09:00:00", "Physics", { attendees })]))).not.toContain(
      "year7@",
    );
  });

  test("makes the same bytes all day and a higher SEQUENCE after a change", async () => {
    const [event] = await readBack([lesson("2026-09-07T09:00:00", "Physics")]);
    if (event === undefined) throw new Error("no event");
    const { lastModifiedAt: _, ...undated } = event;
    expect(format([undated], { now: new Date("2026-09-01T23:59:00Z") })).toBe(format([undated]));
    const sequenceOf = (one: CalendarEvent) => parse(format([one])).events[0]?.sequence ?? 0;
    const changed = { ...event, lastModifiedAt: new Date("2026-08-15T12:00:05Z") };
    expect(sequenceOf(changed)).toBe(sequenceOf(event) + 5);
  });

  test("defines a zone even when there is no event, because a calendar may not be empty", () => {
    const { root } = parse(format([], { ianaZone: "Europe/London" }));
    expect(root.getAllSubcomponents("vtimezone").map((zone) => zone.getFirstPropertyValue("tzid"))).toEqual([
      "Europe/London",
    ]);
  });

  test("uses CRLF alone, and no line is longer than 75 octets", async () => {
    const text = format(await readBack([lesson("2026-09-07T09:00:00", "ü".repeat(200))]));
    expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    expect(Math.max(...text.split("\r\n").map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
  });

  test("defines every zone that it names, exactly once", async () => {
    const text = format(
      await readBack([
        lesson("2026-09-07T09:00:00", "London"),
        {
          ...lesson("2026-09-07T09:00:00", "New York"),
          start: { dateTime: "2026-09-07T04:00:00", ianaZone: "America/New_York" },
        },
      ]),
    );
    const named = new Set([...text.matchAll(/;TZID=([^:;]+)/g)].map(([, zone]) => zone));
    const defined = [...text.matchAll(/\r\nTZID:(.+)\r\n/g)].map(([, zone]) => zone);
    expect(defined.toSorted()).toEqual([...named].toSorted());
    expect(named.size).toBe(2);
  });
});
