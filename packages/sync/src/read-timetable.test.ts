import { describe, expect, it } from "vitest";
import { type ReadTimetableOptions, readTimetable } from "./read-timetable.ts";
import type { TimetableInput } from "./source-text.ts";
import type { Timetable } from "./timetable.ts";

const YEAR: ReadTimetableOptions = {
  from: new Date("2026-08-01T00:00:00Z"),
  to: new Date("2027-08-01T00:00:00Z"),
};

/** Reads one calendar object; lines of VEVENTs are given without BEGIN and END. */
function readIcs(
  events: readonly (readonly string[])[],
  options: ReadTimetableOptions = {},
  head: readonly string[] = [],
) {
  return readTimetable({ sourceName: "school.ics", text: icsText(events, head) }, { ...YEAR, ...options });
}

function icsText(events: readonly (readonly string[])[], head: readonly string[] = []): string {
  const body = events.flatMap((lines) => ["BEGIN:VEVENT", ...lines, "END:VEVENT"]);
  return ["BEGIN:VCALENDAR", "VERSION:2.0", ...head, ...body, "END:VCALENDAR", ""].join("\r\n");
}

const ROOM = "ATTENDEE;CUTYPE=ROOM:mailto:room-12@school.example";
const LESSON = ["UID:ph-1", "SUMMARY:Physics", ROOM];
const AT_NINE = ["DTSTART;TZID=Europe/London:20260907T090000", "DTEND;TZID=Europe/London:20260907T094500"];

function starts(timetable: Timetable): readonly string[] {
  return timetable.entries.map(({ event }) => event.start.dateTime);
}

/** The code, line and field of the refusal. */
function refusal(read: () => unknown) {
  try {
    read();
  } catch (error) {
    const { code, details, message } = error as {
      code: string;
      details: Record<string, unknown>;
      message: string;
    };
    expect(message).toMatch(/^Cannot read the timetable /);
    return { code, line: details["line"], field: details["field"] };
  }
  throw new Error("nothing was refused");
}

describe("readTimetable() of ICS", () => {
  it("reads content, mailbox and times as they stand", () => {
    const timetable = readIcs([
      [
        ...LESSON,
        ...AT_NINE,
        "LOCATION:Room 12\\, north wing",
        "DESCRIPTION:Bring\\nthe workbook",
        "CATEGORIES:Timetable,Lesson",
        "CATEGORIES: Science ,Lesson",
        "X-MICROSOFT-CDO-BUSYSTATUS:OOF",
        "CLASS:PRIVATE",
      ],
    ]);
    expect(timetable.entries).toMatchObject([
      {
        mailbox: "room-12@school.example",
        key: "timetable|ph-1|",
        line: 3,
        event: {
          subject: "Physics",
          start: { dateTime: "2026-09-07T09:00:00", ianaZone: "Europe/London" },
          end: { dateTime: "2026-09-07T09:45:00", ianaZone: "Europe/London" },
          isAllDay: false,
          location: "Room 12, north wing",
          description: "Bring\nthe workbook",
          categories: ["Timetable", "Lesson", "Science"],
          showAs: "oof",
          sensitivity: "private",
        },
      },
    ]);
  });

  it("repeats on the wall clock, in winter as in summer", () => {
    const timetable = readIcs([[...LESSON, ...AT_NINE, "RRULE:FREQ=WEEKLY;UNTIL=20261109T090000Z"]]);
    expect(starts(timetable)).toHaveLength(10);
    expect(new Set(starts(timetable).map((start) => start.slice(11)))).toEqual(new Set(["09:00:00"]));
    const keys = timetable.entries.map((entry) => entry.key);
    expect(keys[0]).toBe("timetable|ph-1|20260907T080000Z");
    expect(keys.at(-1)).toBe("timetable|ph-1|20261109T090000Z");
  });

  it("leaves out EXDATE, adds RDATE, moves RECURRENCE-ID and drops cancelled occurrences", () => {
    const timetable = readIcs([
      [
        ...LESSON,
        ...AT_NINE,
        "RRULE:FREQ=WEEKLY;COUNT=5",
        "EXDATE;TZID=Europe/London:20260914T090000",
        "RDATE;TZID=Europe/London:20260909T110000",
      ],
      [
        ...LESSON,
        // Written in another zone: the instant counts.
        "RECURRENCE-ID;TZID=Europe/Berlin:20260921T100000",
        "DTSTART;TZID=Europe/London:20260922T140000",
        "DTEND;TZID=Europe/London:20260922T144500",
      ],
      [...LESSON, "RECURRENCE-ID:20260928T080000Z", ...AT_NINE, "STATUS:CANCELLED"],
    ]);
    expect(starts(timetable)).toEqual([
      "2026-09-07T09:00:00",
      "2026-09-09T11:00:00",
      "2026-09-22T14:00:00",
      "2026-10-05T09:00:00",
    ]);
    expect(timetable.entries[2]?.key).toBe("timetable|ph-1|20260921T080000Z");
  });

  it("gives an override to the series of its own UID only", () => {
    const other = ["UID:mu-1", "SUMMARY:Music", ROOM];
    const timetable = readIcs([
      [...LESSON, ...AT_NINE, "RRULE:FREQ=WEEKLY;COUNT=2"],
      [...other, ...AT_NINE, "RRULE:FREQ=WEEKLY;COUNT=2"],
      [
        ...other,
        "RECURRENCE-ID;TZID=Europe/London:20260914T090000",
        "DTSTART;TZID=Europe/London:20260915T120000",
        "DTEND;TZID=Europe/London:20260915T124500",
      ],
    ]);
    expect(
      timetable.entries.map(({ event }) => `${event.subject} ${event.start.dateTime.slice(5, 16)}`),
    ).toEqual(["Music 09-07T09:00", "Physics 09-07T09:00", "Physics 09-14T09:00", "Music 09-15T12:00"]);
  });

  it("lets an override with RANGE=THISANDFUTURE change all that follows", () => {
    const timetable = readIcs([
      [...LESSON, ...AT_NINE, "RRULE:FREQ=WEEKLY;COUNT=4"],
      [
        "UID:ph-1",
        "SUMMARY:Physics with practical",
        ROOM,
        "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/London:20260921T090000",
        "DTSTART;TZID=Europe/London:20260922T100000",
        "DTEND;TZID=Europe/London:20260922T113000",
      ],
    ]);
    expect(starts(timetable)).toEqual([
      "2026-09-07T09:00:00",
      "2026-09-14T09:00:00",
      "2026-09-22T10:00:00",
      "2026-09-29T10:00:00",
    ]);
    expect(timetable.entries[3]?.event.subject).toBe("Physics with practical");
    expect(timetable.entries[3]?.key).toBe("timetable|ph-1|20260928T080000Z");
  });

  it("keeps a moved occurrence whose series is not in the file", () => {
    const timetable = readIcs([[...LESSON, "RECURRENCE-ID:20260914T080000Z", ...AT_NINE]]);
    expect(timetable.entries.map((entry) => entry.key)).toEqual(["timetable|ph-1|20260914T080000Z"]);
  });

  it("drops what METHOD:CANCEL and STATUS:CANCELLED take back", () => {
    const kept = [["UID:keep", "SUMMARY:Kept", ROOM, ...AT_NINE]];
    const cancelled = icsText([["UID:ph-1", "SEQUENCE:1", "RRULE:FREQ=WEEKLY"]], ["METHOD:CANCEL"]);
    const text = icsText([...kept, [...LESSON, ...AT_NINE, "RRULE:FREQ=WEEKLY;COUNT=3"]]) + cancelled;
    const timetable = readTimetable({ sourceName: "school.ics", text }, YEAR);
    expect(timetable.entries.map(({ event }) => event.subject)).toEqual(["Kept"]);
    const byStatus = readIcs([...kept, [...LESSON, ...AT_NINE, "STATUS:CANCELLED"]]);
    expect(byStatus.entries).toHaveLength(1);
  });

  it("reads days, also where DTEND repeats DTSTART or is missing", () => {
    const day = "DTSTART;VALUE=DATE:20261026";
    for (const end of [["DTEND;VALUE=DATE:20261027"], ["DTEND;VALUE=DATE:20261026"], [], ["DURATION:P1D"]]) {
      const [entry] = readIcs([[...LESSON, day, ...end]], { ianaZone: "Europe/London" }).entries;
      expect(entry?.event).toMatchObject({
        isAllDay: true,
        start: { dateTime: "2026-10-26T00:00:00", ianaZone: "Europe/London" },
        end: { dateTime: "2026-10-27T00:00:00", ianaZone: "Europe/London" },
      });
    }
  });

  it("matches EXDATE and RECURRENCE-ID by day when only one side has a time", () => {
    const timetable = readIcs([
      [...LESSON, ...AT_NINE, "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;VALUE=DATE:20260914"],
      [
        "UID:day",
        "SUMMARY:Trip",
        ROOM,
        "DTSTART;VALUE=DATE:20261001",
        "RRULE:FREQ=DAILY;COUNT=3",
        "EXDATE:20261002T000000Z",
      ],
    ]);
    expect(starts(timetable)).toEqual([
      "2026-09-07T09:00:00",
      "2026-09-21T09:00:00",
      "2026-10-01T00:00:00",
      "2026-10-03T00:00:00",
    ]);
  });

  it("takes UNTIL as a date for the whole day", () => {
    const timetable = readIcs([[...LESSON, ...AT_NINE, "RRULE:FREQ=WEEKLY;UNTIL=20260921"]]);
    expect(starts(timetable)).toHaveLength(3);
  });

  it("knows both halves of the days on which the clocks change", () => {
    const at = (uid: string, start: string) => [
      `UID:${uid}`,
      "SUMMARY:Watch",
      ROOM,
      `DTSTART;TZID=Europe/London:${start}`,
      "DURATION:PT15M",
      "RRULE:FREQ=DAILY;COUNT=1",
    ];
    const timetable = readIcs([
      at("before", "20261025T003000"),
      at("after", "20261025T120000"),
      at("spring", "20270328T120000"),
      at("skipped", "20270328T013000"),
    ]);
    expect(timetable.entries.map(({ key }) => key.slice(10))).toEqual([
      "before|20261024T233000Z",
      "after|20261025T120000Z",
      "skipped|20270328T013000Z",
      "spring|20270328T110000Z",
    ]);
  });

  it("keeps the wall-clock length of a lesson over a change of the clocks", () => {
    const timetable = readIcs([
      [
        ...LESSON,
        "DTSTART;TZID=Europe/London:20261017T220000",
        "DTEND;TZID=Europe/London:20261018T060000",
        "RRULE:FREQ=WEEKLY;COUNT=2",
      ],
    ]);
    expect(timetable.entries.map(({ event }) => event.end.dateTime)).toEqual([
      "2026-10-18T06:00:00",
      "2026-10-25T06:00:00",
    ]);
  });

  describe("zones", () => {
    const at = (tzid: string) => [`DTSTART;TZID=${tzid}:20260907T090000`, "DURATION:PT45M"];
    const zoneOf = (tzid: string, options: ReadTimetableOptions = {}, head: readonly string[] = []) =>
      readIcs([[...LESSON, ...at(tzid)]], options, head).entries[0]?.event.start;

    it("maps Windows names without VTIMEZONE, and vendors' prefixes", () => {
      for (const tzid of [
        "GMT Standard Time",
        "Europe/London",
        "/mozilla.org/20050126_1/Europe/London",
        "/freeassociation.sourceforge.net/Tzfile/Europe/London",
        '"GB"',
      ]) {
        expect(zoneOf(tzid)).toEqual({ dateTime: "2026-09-07T09:00:00", ianaZone: "Europe/London" });
      }
    });

    it("computes with the VTIMEZONE of a zone that only the file knows", () => {
      const definition = [
        "BEGIN:VTIMEZONE",
        "TZID:School time",
        "BEGIN:DAYLIGHT",
        "TZOFFSETFROM:+0000",
        "TZOFFSETTO:+0100",
        "DTSTART:19700329T010000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0000",
        "DTSTART:19701025T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "END:STANDARD",
        "END:VTIMEZONE",
      ];
      expect(zoneOf("School time", {}, definition)).toEqual({
        dateTime: "2026-09-07T08:00:00",
        ianaZone: "UTC",
      });
      const winter = readIcs(
        [[...LESSON, ...at("School time"), "RRULE:FREQ=WEEKLY;UNTIL=20261109T090000Z"]],
        { ianaZone: "Europe/Paris" },
        definition,
      );
      expect(new Set(winter.entries.map(({ event }) => event.start.dateTime.slice(11)))).toEqual(
        new Set(["10:00:00"]),
      );
      expect(winter.entries).toHaveLength(10);
    });

    it("refuses a zone that is nowhere known, with its line", () => {
      expect(refusal(() => zoneOf("School time"))).toEqual({
        code: "SYNC_SOURCE_ZONE_UNKNOWN",
        line: 7,
        field: "DTSTART",
      });
    });

    it("needs a zone for times that carry none, and takes X-WR-TIMEZONE before the option", () => {
      const floating = [...LESSON, "DTSTART:20260907T090000", "DURATION:PT45M"];
      expect(refusal(() => readIcs([floating]))).toMatchObject({ code: "SYNC_SOURCE_ZONE_MISSING", line: 7 });
      const [byOption] = readIcs([floating], { ianaZone: "W. Europe Standard Time" }).entries;
      expect(byOption?.event.start.ianaZone).toBe("Europe/Berlin");
      const [byFile] = readIcs([floating], { ianaZone: "Europe/Berlin" }, [
        "X-WR-TIMEZONE:Europe/London",
      ]).entries;
      expect(byFile?.event.start.ianaZone).toBe("Europe/London");
    });

    it("gives days the only zone that the file uses, and refuses them when there is none", () => {
      const day = ["UID:day", "SUMMARY:Trip", ROOM, "DTSTART;VALUE=DATE:20261001"];
      const timetable = readIcs([[...LESSON, ...AT_NINE], day]);
      expect(timetable.entries[1]?.event.start.ianaZone).toBe("Europe/London");
      expect(refusal(() => readIcs([day]))).toMatchObject({ code: "SYNC_SOURCE_ZONE_MISSING" });
    });

    it("never uses the zone of the machine", () => {
      const before = process.env["TZ"];
      try {
        const read = (zone: string) => {
          process.env["TZ"] = zone;
          return readIcs([[...LESSON, ...AT_NINE, "RRULE:FREQ=WEEKLY;COUNT=9"]], { ianaZone: "Asia/Tokyo" });
        };
        expect(read("Pacific/Auckland")).toEqual(read("America/Los_Angeles"));
      } finally {
        if (before === undefined) delete process.env["TZ"];
        else process.env["TZ"] = before;
      }
    });
  });

  describe("mailboxes", () => {
    const lesson = (lines: readonly string[]) => ["UID:ph-1", "SUMMARY:Physics", ...AT_NINE, ...lines];

    it("puts one event into every mailbox that attends, but for those who declined", () => {
      const timetable = readIcs([
        lesson([
          "ATTENDEE:MAILTO:Room-12@School.Example",
          "ATTENDEE;ROLE=REQ-PARTICIPANT:mailto:year7@school.example",
          "ATTENDEE;PARTSTAT=DECLINED:mailto:year8@school.example",
          "ORGANIZER:mailto:office@school.example",
        ]),
      ]);
      expect(timetable.mailboxes).toEqual(["room-12@school.example", "year7@school.example"]);
      expect(new Set(timetable.entries.map((entry) => entry.key)).size).toBe(1);
    });

    it("takes the option before X-NIGHTLATCH-MAILBOX before ATTENDEE, and only domains that are ours", () => {
      const lines = [ROOM, "X-NIGHTLATCH-MAILBOX:room-1@school.example,room-2@school.example"];
      expect(readIcs([lesson(lines)]).mailboxes).toEqual(["room-1@school.example", "room-2@school.example"]);
      expect(readIcs([lesson(lines)], { mailbox: "Hall@school.example" }).mailboxes).toEqual([
        "hall@school.example",
      ]);
      expect(readIcs([lesson([ROOM])], {}, ["X-NIGHTLATCH-MAILBOX:hall@school.example"]).mailboxes).toEqual([
        "hall@school.example",
      ]);
      const guests = [ROOM, "ATTENDEE:mailto:guest@elsewhere.example"];
      expect(readIcs([lesson(guests)], { mailboxDomains: ["school.example"] }).mailboxes).toEqual([
        "room-12@school.example",
      ]);
    });

    it("refuses an event without mailbox, with its line", () => {
      expect(refusal(() => readIcs([lesson([])]))).toMatchObject({
        code: "SYNC_SOURCE_MAILBOX_MISSING",
        line: 3,
      });
      expect(refusal(() => readIcs([lesson(["ATTENDEE:mailto:nobody"])]))).toMatchObject({
        code: "SYNC_SOURCE_MAILBOX_INVALID",
        field: "ATTENDEE",
      });
    });
  });

  describe("refusals", () => {
    const cut = (text: string, length: number) => () =>
      readTimetable({ sourceName: "cut.ics", text: text.slice(0, length) }, YEAR);

    it("refuses a file that was cut, wherever", () => {
      const text = icsText([
        [...LESSON, ...AT_NINE],
        ["UID:2", "SUMMARY:Music", ROOM, ...AT_NINE],
      ]);
      const whole = text.trimEnd().length;
      for (let length = 20; length < whole; length++) {
        expect(refusal(cut(text, length)).code).toMatch(
          /^SYNC_SOURCE_(INCOMPLETE|MALFORMED|EMPTY|NOT_A_TIMETABLE)$/,
        );
      }
      expect(refusal(cut(text, whole - 14)).code).toBe("SYNC_SOURCE_INCOMPLETE");
    });

    it.each([
      ["SYNC_SOURCE_DATE_INVALID", 7, [...LESSON, "DTSTART:20260231T090000Z"]],
      ["SYNC_SOURCE_DATE_INVALID", 7, [...LESSON, "DTSTART:20260901T250000Z"]],
      ["SYNC_SOURCE_DATE_INVALID", 7, [...LESSON, "DTSTART:tomorrow"]],
      ["SYNC_SOURCE_END_BEFORE_START", 8, [...LESSON, "DTSTART:20260907T090000Z", "DTEND:20260907T084500Z"]],
      ["SYNC_SOURCE_END_BEFORE_START", 8, [...LESSON, "DTSTART:20260907T090000Z", "DURATION:-PT5M"]],
      ["SYNC_SOURCE_VALUE_MISSING", 3, [...LESSON]],
      ["SYNC_SOURCE_VALUE_MISSING", 3, ["SUMMARY:Physics", ...AT_NINE]],
      ["SYNC_SOURCE_MALFORMED", 7, [...LESSON, "a line of text", ...AT_NINE]],
      ["SYNC_SOURCE_RECURRENCE_INVALID", 9, [...LESSON, ...AT_NINE, "RRULE:FREQ=FORTNIGHTLY"]],
      ["SYNC_SOURCE_RECURRENCE_INVALID", 9, [...LESSON, ...AT_NINE, "RRULE:COUNT=3"]],
      ["SYNC_SOURCE_RECURRENCE_INVALID", 9, [...LESSON, ...AT_NINE, "RRULE:FREQ=WEEKLY;UNTIL=soon"]],
      ["SYNC_SOURCE_RECURRENCE_TOO_LARGE", 9, [...LESSON, ...AT_NINE, "RRULE:FREQ=DAILY;COUNT=1000000000"]],
      ["SYNC_SOURCE_RECURRENCE_TOO_LARGE", 3, [...LESSON, ...AT_NINE, "RRULE:FREQ=SECONDLY"]],
    ])("answers %s with line %i", (code, line, lines) => {
      expect(refusal(() => readIcs([lines]))).toMatchObject({ code, line });
    });

    it("refuses two events of one UID, unless one is newer", () => {
      const twice = [
        [...LESSON, ...AT_NINE],
        [...LESSON, ...AT_NINE],
      ];
      expect(refusal(() => readIcs(twice))).toMatchObject({ code: "SYNC_SOURCE_DUPLICATE_ID", line: 10 });
      const newer = [twice[0] ?? [], ["UID:ph-1", "SEQUENCE:2", "SUMMARY:Chemistry", ROOM, ...AT_NINE]];
      expect(readIcs(newer).entries.map(({ event }) => event.subject)).toEqual(["Chemistry"]);
    });

    it("refuses a file without events, or with none in the window", () => {
      expect(refusal(() => readIcs([])).code).toBe("SYNC_SOURCE_EMPTY");
      const past = { from: new Date("2030-01-01T00:00:00Z"), to: new Date("2031-01-01T00:00:00Z") };
      expect(refusal(() => readIcs([[...LESSON, ...AT_NINE]], past)).code).toBe("SYNC_SOURCE_EMPTY");
      expect(readIcs([[...LESSON, ...AT_NINE]], { ...past, minEntries: 0 }).entries).toEqual([]);
      expect(refusal(() => readIcs([[...LESSON, ...AT_NINE]], { minEntries: 2 })).code).toBe(
        "SYNC_SOURCE_EMPTY",
      );
    });

    it("refuses more events than the limit", () => {
      const daily = [...LESSON, ...AT_NINE, "RRULE:FREQ=DAILY"];
      expect(refusal(() => readIcs([daily], { maxEntries: 100 })).code).toBe("SYNC_SOURCE_TOO_LARGE");
    });
  });

  it("takes the window from the source when told to", () => {
    const timetable = readTimetable(
      { sourceName: "old.ics", text: icsText([[...LESSON, ...AT_NINE, "RRULE:FREQ=WEEKLY;COUNT=3"]]) },
      { isWholeSource: true },
    );
    expect(timetable.entries).toHaveLength(3);
    expect(timetable.window.from).toBe("2026-09-07T08:00:00.000Z");
  });

  it("looks a year ahead from the day when no window is given", () => {
    const timetable = readIcs([[...LESSON, ...AT_NINE, "RRULE:FREQ=WEEKLY"]], {
      from: undefined,
      to: undefined,
      now: () => new Date("2026-10-01T15:00:00Z"),
    });
    expect(timetable.window).toEqual({ from: "2026-10-01T00:00:00.000Z", to: "2027-10-02T00:00:00.000Z" });
    expect(timetable.entries).toHaveLength(52);
  });

  it("hashes long UIDs into a key of at most 200 characters", () => {
    const read = (uid: string) =>
      readIcs([[`UID:${uid}`, "SUMMARY:Physics", ROOM, ...AT_NINE]]).entries[0]?.key;
    expect(read("x".repeat(300))).toMatch(/^timetable\|sha256:[A-Za-z0-9_-]{43}$/);
    expect(read("x".repeat(300))).not.toBe(read("x".repeat(301)));
  });
});

describe("readTimetable() of any bytes", () => {
  const read = (input: Partial<TimetableInput>) => () =>
    readTimetable({ sourceName: "source", ...input }, { ...YEAR, ianaZone: "Europe/London" });
  const csv =
    "id,mailbox,subject,start,end\n1,year7@school.example,Français,2026-09-07 09:00,2026-09-07 09:45\n";

  it("reads UTF-8 and UTF-16 with and without byte order mark, and other encodings by name", () => {
    const utf16be = Buffer.from(csv, "utf16le").swap16();
    for (const bytes of [
      Buffer.from(csv),
      Buffer.from(`\uFEFF${csv}`),
      Buffer.from(`\uFEFF${csv}`, "utf16le"),
      Buffer.from(csv, "utf16le"),
      Buffer.concat([Buffer.from([0xfe, 0xff]), utf16be]),
      utf16be,
    ]) {
      expect(read({ bytes })().entries[0]?.event.subject).toBe("Français");
    }
    const latin = Buffer.from(csv, "latin1");
    expect(refusal(read({ bytes: latin })).code).toBe("SYNC_SOURCE_ENCODING");
    const options = { ...YEAR, ianaZone: "Europe/London", encoding: "windows-1252" };
    expect(readTimetable({ sourceName: "a.csv", bytes: latin }, options).entries[0]?.event.subject).toBe(
      "Français",
    );
  });

  it("reads ICS lines that are folded inside a character", () => {
    const bytes = Buffer.from(icsText([["UID:1", "SUMMARY:Fran\u00e7ais", ROOM, ...AT_NINE]]));
    const middle = bytes.indexOf(0xc3) + 1;
    const folded = Buffer.concat([bytes.subarray(0, middle), Buffer.from("\r\n "), bytes.subarray(middle)]);
    expect(read({ bytes: folded })().entries[0]?.event.subject).toBe("Français");
  });

  it("says what a source is when it is no timetable", () => {
    for (const text of [
      "<!DOCTYPE html><title>Sign in</title>",
      '{"error":"x"}',
      "%PDF-1.7",
      "BEGIN:VCARD\r\nEND:VCARD",
    ]) {
      expect(refusal(read({ text })).code).toBe("SYNC_SOURCE_NOT_A_TIMETABLE");
      expect(refusal(read({ text, format: "csv" })).code).toBe("SYNC_SOURCE_NOT_A_TIMETABLE");
    }
    expect(refusal(read({ text: " \r\n" })).code).toBe("SYNC_SOURCE_EMPTY");
    expect(refusal(read({ bytes: new Uint8Array() })).code).toBe("SYNC_SOURCE_EMPTY");
    expect(refusal(read({ bytes: Buffer.from("a\0b,c") })).code).toBe("SYNC_SOURCE_ENCODING");
    expect(read({})).toThrow(TypeError);
  });
});
