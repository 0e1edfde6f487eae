import { type CalendarEvent, type CalendarPort, createMemoryCalendar, toInstant } from "@nightlatch/calendar";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readEventPage } from "./list-page.ts";

const MAILBOX = "room-12@school.example";
const from = new Date("2026-09-01T00:00:00Z");
const to = new Date("2026-09-30T00:00:00Z");

const template = await (async () => {
  const calendar = createMemoryCalendar();
  const at = { dateTime: "2026-09-01T09:00:00", ianaZone: "UTC" };
  return calendar.createEvent(MAILBOX, { subject: "Lesson", start: at, end: at });
})();

function makeEvent(
  id: string,
  startMs: number,
  lengthMs: number,
  more: Partial<CalendarEvent> = {},
): CalendarEvent {
  const time = (ms: number) => ({ dateTime: new Date(ms).toISOString().slice(0, 19), ianaZone: "UTC" });
  return { ...template, id, start: time(startMs), end: time(startMs + lengthMs), ...more };
}

/** Yields in the given order what touches the window, as a wing does. */
function calendarOf(events: readonly CalendarEvent[]): CalendarPort {
  return {
    ...createMemoryCalendar(),
    async *listEvents(_mailbox, window) {
      for (const event of events) {
        const [startMs, endMs] = [toInstant(event.start).getTime(), toInstant(event.end).getTime()];
        if (
          startMs < window.to.getTime() &&
          (endMs > window.from.getTime() || startMs >= window.from.getTime())
        )
          yield event;
      }
    },
  } as CalendarPort;
}

async function readPages(calendar: CalendarPort, limit: number): Promise<string[][]> {
  const pages: string[][] = [];
  let after: { startMs: number; id: string } | undefined;
  do {
    const page = await readEventPage(calendar, MAILBOX, { from, to, properties: [], limit, after });
    pages.push(page.events.map(({ event }) => event.id));
    const last = page.events.at(-1);
    after = page.hasMore && last ? { startMs: last.startMs, id: last.event.id } : undefined;
  } while (after !== undefined);
  return pages;
}

const hourMs = 3_600_000;

describe("readEventPage()", () => {
  test("gives out every event exactly once, in order, whatever the limit and the ties", async () => {
    const arbitraryEvent = fc.record({
      hour: fc.integer({ min: -30, max: 28 * 24 }),
      length: fc.integer({ min: 0, max: 60 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryEvent, { maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        async (rows, limit) => {
          const events = rows
            .map(({ hour, length }, index) =>
              makeEvent(
                `e${(index * 7919) % 1000}-${index}`,
                from.getTime() + hour * hourMs,
                length * hourMs,
              ),
            )
            .sort((left, right) => toInstant(left.start).getTime() - toInstant(right.start).getTime());
          const expected = events.filter((event) => {
            const [startMs, endMs] = [toInstant(event.start).getTime(), toInstant(event.end).getTime()];
            return endMs > from.getTime() || startMs >= from.getTime();
          });
          const pages = await readPages(calendarOf(events), limit);
          expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
          expect(pages.flat().length).toBe(expected.length);
          expect(new Set(pages.flat())).toEqual(new Set(expected.map(({ id }) => id)));
        },
      ),
      { numRuns: 150 },
    );
  });

  test("keeps its place when events appear and vanish between two pages", async () => {
    const events = Array.from({ length: 6 }, (_, index) =>
      makeEvent(`e${index}`, from.getTime() + (index + 48) * hourMs, hourMs),
    );
    const first = await readEventPage(calendarOf(events), MAILBOX, { from, to, properties: [], limit: 3 });
    const last = first.events.at(-1);
    const changed = [
      makeEvent("earlier", from.getTime() + hourMs, hourMs),
      ...events.filter(({ id }) => id !== "e2"),
    ];
    const second = await readEventPage(calendarOf(changed), MAILBOX, {
      from,
      to,
      properties: [],
      limit: 9,
      after: { startMs: last?.startMs ?? 0, id: last?.event.id ?? "" },
    });
    expect(second.events.map(({ event }) => event.id)).toEqual(["e3", "e4", "e5"]);
  });

  test("is half-open whatever the calendar thinks of the edges", async () => {
    const toMs = to.getTime();
    const events = [
      makeEvent("long before", from.getTime() - 9 * hourMs, hourMs),
      makeEvent("ends at from", from.getTime() - hourMs, hourMs),
      makeEvent("without length, at from", from.getTime(), 0),
      makeEvent("starts just before to", toMs - 1000, hourMs),
      makeEvent("starts at to", toMs, hourMs),
    ];
    const careless = {
      ...calendarOf([]),
      async *listEvents() {
        yield* events;
      },
    } as CalendarPort;
    expect((await readPages(careless, 9)).flat()).toEqual([
      "without length, at from",
      "starts just before to",
    ]);
  });

  test("does not lose an all-day event that the calendar sorts by the zone of the mailbox", async () => {
    const day = Date.UTC(2026, 8, 7);
    const allDay = makeEvent("all-day", day, 24 * hourMs, { isAllDay: true });
    const events = [
      ...Array.from({ length: 4 }, (_, index) => makeEvent(`night-${index}`, day + index * hourMs, hourMs)),
      allDay,
      makeEvent("noon", day + 12 * hourMs, hourMs),
    ];
    const pages = await readPages(calendarOf(events), 2);
    expect(pages.flat().toSorted()).toEqual(events.map(({ id }) => id).toSorted());
    expect(pages[0]).toContain("all-day");
  });

  test("stops reading the calendar soon after the page is full", async () => {
    let readCount = 0;
    const events = Array.from({ length: 500 }, (_, index) =>
      makeEvent(`e${1000 + index}`, from.getTime() + index * hourMs, hourMs),
    );
    const calendar = calendarOf(events);
    const counting: CalendarPort = {
      ...calendar,
      async *listEvents(mailbox, window) {
        for await (const event of calendar.listEvents(mailbox, window)) {
          readCount += 1;
          yield event;
        }
      },
    };
    const page = await readEventPage(counting, MAILBOX, { from, to, properties: [], limit: 10 });
    expect(page.events.length).toBe(10);
    expect(readCount).toBeLessThan(50);
  });
});
