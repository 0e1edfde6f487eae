/** Calendar requests that are wrong in themselves, whoever sends them. */
import { exchange, GRAPH, type PastedExchange, type School } from "./emulated-school.ts";
import type { Mistake } from "./mistakes-assertion.ts";

const MAILBOX = `${GRAPH}/v1.0/users/room-12@school.example`;

async function headersFor(school: School): Promise<Record<string, string>> {
  const { access_token } = await school.emulator.tokenFor({
    audience: GRAPH,
    roles: ["Calendars.ReadWrite"],
  });
  return { Authorization: `Bearer ${access_token}`, "Content-Type": "application/json" };
}

async function read(
  school: School,
  path: string,
  headers: Record<string, string> = {},
): Promise<PastedExchange> {
  return exchange(school, `${MAILBOX}${path}`, { headers: { ...(await headersFor(school)), ...headers } });
}

async function write(school: School, event: object): Promise<PastedExchange> {
  const headers = await headersFor(school);
  return exchange(school, `${MAILBOX}/events`, { method: "POST", body: JSON.stringify(event), headers });
}

function moment(dateTime: string, timeZone = "Europe/London"): object {
  return { dateTime, timeZone };
}

const WINDOW = "startDateTime=2026-09-01T00:00:00Z&endDateTime=2026-10-01T00:00:00Z";

/** Every way of asking wrongly for calendars that the emulator refuses. */
export const CALENDAR_MISTAKES: readonly Mistake[] = [
  {
    name: "whole day that begins at nine",
    expect: "EVENT_ALL_DAY_TIMES",
    given: "answer",
    make: (school) =>
      write(school, {
        subject: "Inset day",
        isAllDay: true,
        start: moment("2026-09-01T09:00:00"),
        end: moment("2026-09-02T09:00:00"),
      }),
  },
  {
    name: "whole day that begins at nine, with its request",
    expect: "EVENT_ALL_DAY_TIMES",
    given: "request",
    make: (school) =>
      write(school, {
        subject: "Inset day",
        isAllDay: true,
        start: moment("2026-09-01T09:00:00"),
        end: moment("2026-09-02T09:00:00"),
      }),
  },
  {
    name: "zone that Exchange does not know",
    expect: "EVENT_TIME_ZONE",
    given: "answer",
    make: (school) =>
      write(school, {
        subject: "Maths",
        start: moment("2026-09-01T09:00:00", "Middle-earth/Shire"),
        end: moment("2026-09-01T10:00:00", "Middle-earth/Shire"),
      }),
  },
  {
    name: "zone in Prefer that Exchange does not know",
    expect: "EVENT_TIME_ZONE",
    given: "answer",
    make: (school) =>
      read(school, `/calendarView?${WINDOW}`, { Prefer: 'outlook.timezone="Middle-earth/Shire"' }),
  },
  {
    name: "calendar view without its window",
    expect: "CALENDAR_WINDOW_MISSING",
    given: "answer",
    make: (school) => read(school, "/calendarView"),
  },
  {
    name: "calendar view without its end, with its request",
    expect: "CALENDAR_WINDOW_MISSING",
    given: "request",
    make: (school) => read(school, "/calendarView?startDateTime=2026-09-01T00:00:00Z"),
  },
  {
    name: "delta without its window",
    expect: "CALENDAR_WINDOW_MISSING",
    given: "answer",
    make: (school) => read(school, "/calendarView/delta"),
  },
  {
    name: "window that ends before it begins",
    expect: "CALENDAR_WINDOW_REVERSED",
    given: "request",
    make: (school) =>
      read(school, "/calendarView?startDateTime=2026-10-01T00:00:00Z&endDateTime=2026-09-01T00:00:00Z"),
  },
  {
    name: "filter on uid",
    expect: "CALENDAR_FILTER_UNSUPPORTED",
    given: "request",
    make: (school) => read(school, `/events?$filter=${encodeURIComponent("uid eq 'timetable-1'")}`),
  },
  {
    name: "filter on uid, the answer alone",
    expect: "CALENDAR_FILTER_UNSUPPORTED",
    given: "answer",
    make: (school) => read(school, `/events?$filter=${encodeURIComponent("uid eq 'timetable-1'")}`),
  },
  {
    name: "delta token of another time",
    expect: "GRAPH_DELTA_TOKEN",
    given: "answer",
    make: (school) => read(school, "/calendarView/delta?$deltatoken=not-one-of-ours"),
  },
];
