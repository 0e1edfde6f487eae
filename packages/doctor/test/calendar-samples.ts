/** Events, feeds, calendar requests and logs in which nothing is wrong. */

const ZONE = [
  "BEGIN:VTIMEZONE",
  "TZID:Europe/London",
  "BEGIN:STANDARD",
  "DTSTART:19701025T020000",
  "TZOFFSETFROM:+0100",
  "TZOFFSETTO:+0000",
  "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
  "END:STANDARD",
  "END:VTIMEZONE",
];

function feed(...lines: string[]): string {
  return [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//School//Timetable//EN",
    ...lines,
    "END:VCALENDAR",
    "",
  ].join("\r\n");
}

function lesson(uid: string, ...lines: string[]): string[] {
  return ["BEGIN:VEVENT", `UID:${uid}@school.example`, "SUMMARY:Maths 7A", ...lines, "END:VEVENT"];
}

const START = "DTSTART;TZID=Europe/London:20260907T090000";
const END = "DTEND;TZID=Europe/London:20260907T100000";
const WEEKLY = "RRULE:FREQ=WEEKLY;UNTIL=20261018T080000Z;BYDAY=MO";

function moment(dateTime: string, timeZone = "Europe/London"): object {
  return { dateTime, timeZone };
}

function event(id: string, day: string, changes: object = {}): object {
  return {
    id,
    subject: `Maths ${id}`,
    start: moment(`${day}T09:00:00.0000000`),
    end: moment(`${day}T10:00:00.0000000`),
    isAllDay: false,
    iCalUId: "040000008200E00074C5B7101A82E008",
    sensitivity: "normal",
    type: "singleInstance",
    ...changes,
  };
}

const MASTER = event("master", "2026-09-07", {
  type: "seriesMaster",
  cancelledOccurrences: [],
  recurrence: {
    pattern: { type: "weekly", interval: 2, daysOfWeek: ["monday"], firstDayOfWeek: "monday" },
    range: { type: "endDate", startDate: "2026-09-07", endDate: "2026-10-18" },
  },
});

function occurrence(id: string, day: string): object {
  return event(id, day, { type: "occurrence", seriesMasterId: "master" });
}

const MAILBOX = "https://graph.microsoft.com/v1.0/users/room-12@school.example";
const WINDOW = "startDateTime=2026-09-01T00:00:00Z&endDateTime=2026-10-01T00:00:00Z";

/** Name and text; no finding of them is a fault or a warning. */
export const RIGHT_CALENDARS: ReadonlyArray<readonly [string, string]> = [
  ["feed with its zone", feed(...ZONE, ...lesson("1", START, END))],
  ["feed in UTC", feed(...lesson("1", "DTSTART:20260907T080000Z", "DTEND:20260907T090000Z"))],
  ["feed with whole days", feed(...lesson("1", "DTSTART;VALUE=DATE:20260907", "DTEND;VALUE=DATE:20260908"))],
  [
    "feed with EXDATE",
    feed(
      ...ZONE,
      ...lesson("1", START, END, WEEKLY, "EXDATE;TZID=Europe/London:20260914T090000,20260921T090000"),
    ),
  ],
  [
    "feed with an excluded day",
    feed(
      ...lesson("1", "DTSTART;VALUE=DATE:20260907", "RRULE:FREQ=DAILY;COUNT=5", "EXDATE;VALUE=DATE:20260908"),
    ),
  ],
  ["feed with EXDATE in UTC", feed(...ZONE, ...lesson("1", START, END, WEEKLY, "EXDATE:20260914T080000Z"))],
  [
    "feed with a moved lesson",
    feed(
      ...ZONE,
      ...lesson("1", START, END, WEEKLY),
      ...lesson(
        "1",
        "RECURRENCE-ID;TZID=Europe/London:20260914T090000",
        "DTSTART;TZID=Europe/London:20260914T110000",
      ),
    ),
  ],
  [
    "folded feed",
    feed(
      ...ZONE,
      ...lesson(
        "1",
        START,
        END,
        "DESCRIPTION:Bring a ruler\\, a pair of compasses an",
        " d BEGIN:VEVENT in the text",
      ),
    ),
  ],
  ["piece of a feed", lesson("1", START, END).join("\n")],
  ["elided feed", ["BEGIN:VCALENDAR", "...", ...lesson("1", START, END), "..."].join("\n")],
  ["two feeds' worth of events", feed(...ZONE, ...lesson("1", START, END), ...lesson("2", START, END))],
  ["event", JSON.stringify(event("a", "2026-09-07"))],
  ["page of events", JSON.stringify({ value: [event("a", "2026-09-07"), event("b", "2026-09-07")] })],
  [
    "page with more behind it",
    JSON.stringify({ value: [event("a", "2026-09-07")], "@odata.nextLink": `${MAILBOX}/events?$skip=10` }),
  ],
  ["empty page", `HTTP/1.1 200 OK\nContent-Type: application/json\n\n{"@odata.context":"x","value":[]}`],
  [
    "every second week, none missing",
    JSON.stringify({
      value: [
        MASTER,
        occurrence("a", "2026-09-07"),
        occurrence("b", "2026-09-21"),
        occurrence("c", "2026-10-05"),
      ],
    }),
  ],
  [
    "moved occurrence",
    JSON.stringify({
      value: [
        MASTER,
        occurrence("a", "2026-09-07"),
        event("b", "2026-09-22", { type: "exception", seriesMasterId: "master" }),
        occurrence("c", "2026-10-05"),
      ],
    }),
  ],
  [
    "whole day",
    JSON.stringify({
      subject: "Inset day",
      isAllDay: true,
      start: moment("2026-09-01T00:00:00"),
      end: moment("2026-09-02T00:00:00"),
    }),
  ],
  [
    "whole days without times",
    JSON.stringify({
      subject: "Half term",
      isAllDay: true,
      start: moment("2026-10-26"),
      end: moment("2026-10-31"),
    }),
  ],
  [
    "event with a key",
    JSON.stringify({
      subject: "Maths",
      transactionId: "1",
      start: moment("2026-09-07T09:00:00"),
      end: moment("2026-09-07T10:00:00"),
      singleValueExtendedProperties: [
        { id: "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name SourceKey", value: "1" },
      ],
    }),
  ],
  ["calendar view", `GET ${MAILBOX}/calendarView?${WINDOW}&$top=100`],
  [
    "calendar view, zone in the offset",
    `${MAILBOX}/calendarView?startDateTime=2026-09-01T00:00:00%2B01:00&endDateTime=2026-10-01T00:00:00%2B01:00`,
  ],
  ["delta", `${MAILBOX}/calendarView/delta?${WINDOW}`],
  ["delta, next page", `${MAILBOX}/calendarView/delta?$skiptoken=abc`],
  ["delta of one calendar", `GET ${MAILBOX}/calendars/AAMk=/calendarView/delta?${WINDOW}`],
  ["filter by iCalUId", `GET ${MAILBOX}/events?$filter=iCalUId eq '040000008200'`],
  [
    "filter by a key",
    `${MAILBOX}/events?$filter=singleValueExtendedProperties/Any(ep: ep/id eq 'String {66f5a359-4659-4830-9070-00047ec6ac6e} Name uid' and ep/value eq 'uid eq 1')`,
  ],
  ["filter by subject that speaks of uid", `${MAILBOX}/events?$filter=subject eq 'uid eq 1'`],
  ["relative path", `GET /users/room-12@school.example/calendarView?${WINDOW}`],
  [
    "one token in an hour",
    `2026-09-01T00:00:00Z POST https://login.microsoftonline.com/t.example/oauth2/v2.0/token 200\n2026-09-01T01:00:00Z POST https://login.microsoftonline.com/t.example/oauth2/v2.0/token 200\n2026-09-01T02:00:00Z POST https://login.microsoftonline.com/t.example/oauth2/v2.0/token 200\n${MAILBOX}/events`,
  ],
  ["run with nothing to change", `Found 0 events to update, deleted 3 events\n${MAILBOX}/events`],
  [
    "policy granted",
    "AccessCheckResult : Granted\nRoleName : Application Calendars.ReadWrite\nInScope : True\nThumbprint : BD1ED2C8376108384EE273A1801A07F08B31D724",
  ],
];
