/** Timetables and faults for the tests of planning and applying. */
import {
  type CalendarEvent,
  type CalendarPort,
  calendarError,
  type MemoryCalendar,
} from "@nightlatch/calendar";
import { type ReadTimetableOptions, readTimetable, type Timetable } from "../src/index.ts";

/** One lesson; what is absent takes a value that the tests do not look at. */
export interface Lesson {
  readonly id: string;
  readonly mailbox?: string;
  readonly subject?: string;
  readonly day?: string;
  readonly start?: string;
  readonly end?: string;
  readonly location?: string;
  readonly description?: string;
  readonly categories?: string;
}

export const ROOM = "room-12@school.example";
export const WINDOW = { from: new Date("2026-09-01T00:00:00Z"), to: new Date("2027-08-01T00:00:00Z") };

/** Reads lessons as a CSV timetable of the school year 2026. */
export function timetableOf(lessons: readonly Lesson[], options: ReadTimetableOptions = {}): Timetable {
  const rows = lessons.map((lesson) =>
    [
      lesson.id,
      lesson.mailbox ?? ROOM,
      lesson.subject ?? "Physics",
      `${lesson.day ?? "2026-09-07"} ${lesson.start ?? "09:00"}`,
      `${lesson.day ?? "2026-09-07"} ${lesson.end ?? "23:00"}`,
      lesson.location ?? "",
      lesson.description ?? "",
      lesson.categories ?? "",
    ]
      .map((cell) => `"${cell}"`)
      .join(","),
  );
  const text = ["id,mailbox,subject,start,end,location,description,categories", ...rows].join("\n");
  return readTimetable(
    { sourceName: "school.csv", text, format: "csv" },
    { ...WINDOW, ianaZone: "Europe/London", minEntries: 0, ...options },
  );
}

/** Lessons with ids 1 to `count`, one a day, in one mailbox. */
export function lessonsOf(count: number, mailbox = ROOM): readonly Lesson[] {
  return Array.from({ length: count }, (_, index) => ({
    id: String(index + 1),
    mailbox,
    day: new Date(Date.UTC(2026, 8, 7 + index)).toISOString().slice(0, 10),
  }));
}

/** Every event of a mailbox in the school year, own properties included. */
export async function eventsOf(calendar: CalendarPort, mailbox = ROOM): Promise<readonly CalendarEvent[]> {
  const properties = ["NightlatchSource", "NightlatchKey", "NightlatchHash"];
  const events: CalendarEvent[] = [];
  const window = { from: new Date("2026-01-01T00:00:00Z"), to: new Date("2028-01-01T00:00:00Z"), properties };
  for await (const event of calendar.listEvents(mailbox, window)) events.push(event);
  return events;
}

/** Number of creates, updates and deletes that a calendar was asked for. */
export function writesOf(calendar: MemoryCalendar): number {
  const writes = ["createEvent", "updateEvent", "deleteEvent"];
  return calendar.calls.filter((call) => writes.includes(call.operation)).length;
}

/** What happens to a write: it fails before it is done, or its answer is lost after it is done. */
export type WriteFault = "unreachable" | "answerLost" | undefined;

/**
 * Wraps a calendar so that single writes go wrong.
 *
 * @param calendar - calendar
 * @param faultOf - says for each write, counted from 1, what goes wrong with it
 */
export function faultyCalendar(
  calendar: CalendarPort,
  faultOf: (writeNumber: number, operation: string) => WriteFault,
): CalendarPort {
  let writes = 0;
  const write = async <T>(operation: string, run: () => Promise<T>): Promise<T> => {
    const fault = faultOf(++writes, operation);
    if (fault === "unreachable") throw calendarError("CALENDAR_UNAVAILABLE", `Cannot ${operation}`);
    const result = await run();
    if (fault === "answerLost") throw calendarError("CALENDAR_WRITE_UNCERTAIN", `No answer to ${operation}`);
    return result;
  };
  return {
    wing: calendar.wing,
    listCalendars: (...args) => calendar.listCalendars(...args),
    createCalendar: (...args) => calendar.createCalendar(...args),
    deleteCalendar: (...args) => calendar.deleteCalendar(...args),
    listEvents: (...args) => calendar.listEvents(...args),
    getEvent: (...args) => calendar.getEvent(...args),
    findEvents: (...args) => calendar.findEvents(...args),
    createEvent: (...args) => write("createEvent", () => calendar.createEvent(...args)),
    updateEvent: (...args) => write("updateEvent", () => calendar.updateEvent(...args)),
    deleteEvent: (...args) => write("deleteEvent", () => calendar.deleteEvent(...args)),
  };
}

/** A calendar that has forgotten transaction ids, as a server does after a while. */
export function forgetfulCalendar(calendar: CalendarPort): CalendarPort {
  return {
    ...faultyCalendar(calendar, () => undefined),
    createEvent: (mailbox, draft, options) =>
      calendar.createEvent(mailbox, draft, { ...options, transactionId: undefined }),
  };
}
