import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type ReadTimetableOptions, readTimetable } from "../read-timetable.ts";
import { COLUMN_SYNONYMS, normaliseHeader } from "./columns.ts";
import { sniffSeparator } from "./read-csv.ts";

const YEAR: ReadTimetableOptions = {
  from: new Date("2026-08-01T00:00:00Z"),
  to: new Date("2027-08-01T00:00:00Z"),
  ianaZone: "Europe/London",
};

function read(lines: readonly string[], options: ReadTimetableOptions = {}) {
  return readTimetable({ sourceName: "school.csv", text: lines.join("\r\n") }, { ...YEAR, ...options });
}

function refusal(lines: readonly string[], options: ReadTimetableOptions = {}) {
  try {
    read(lines, options);
  } catch (error) {
    const { code, details, message } = error as {
      code: string;
      details: Record<string, unknown>;
      message: string;
    };
    expect(message).toContain("school.csv");
    return { code, line: details["line"], field: details["field"] };
  }
  throw new Error("nothing was refused");
}

const HEAD = "id,mailbox,subject,start,end";
const ROW = "1,room-12@school.example,Physics,2026-09-07 09:00,2026-09-07 09:45";

describe("readTimetable() of CSV", () => {
  it("reads the columns of the documentation", () => {
    const timetable = read([
      "id,mailbox,subject,date,start_time,end_time,zone,location,description,categories,show_as,private",
      '7A-PH,Room-12@school.example;year7@school.example,Physics,2026-09-07,09:00,09:45,GMT Standard Time,"Room 12, north","Bring',
      'the ""workbook""",Lesson;Science,tentative,yes',
    ]);
    expect(timetable.mailboxes).toEqual(["room-12@school.example", "year7@school.example"]);
    expect(timetable.entries[0]).toMatchObject({
      key: "timetable|7A-PH|",
      line: 2,
      event: {
        subject: "Physics",
        start: { dateTime: "2026-09-07T09:00:00", ianaZone: "Europe/London" },
        end: { dateTime: "2026-09-07T09:45:00", ianaZone: "Europe/London" },
        location: "Room 12, north",
        description: 'Bring\nthe "workbook"',
        categories: ["Lesson", "Science"],
        showAs: "tentative",
        sensitivity: "private",
      },
    });
  });

  it("understands other names of columns in any case, and no name stands for two columns", () => {
    const headers = "Lesson ID;E-Mail;Title;StartDate;Start Time;End Time;Room;Show time as";
    const [entry] = read([headers, "1;hall@school.example;Assembly;07.09.2026;8.30;9.00;Hall;Free"]).entries;
    expect(entry).toMatchObject({
      mailbox: "hall@school.example",
      event: {
        subject: "Assembly",
        start: { dateTime: "2026-09-07T08:30:00" },
        location: "Hall",
        showAs: "free",
      },
    });
    const names = Object.entries(COLUMN_SYNONYMS).flatMap(([column, synonyms]) => [column, ...synonyms]);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => normaliseHeader(name) !== name)).toEqual([]);
  });

  it.each([
    ["id,mailbox;x,subject", ","],
    ["id;mailbox;subject", ";"],
    ["id\tmailbox\tsubject, or title", "\t"],
    ['"a;b;c",d\n;;;;', ","],
    ["subject", ","],
  ])("finds the separator of %j", (text, separator) => {
    expect(sniffSeparator(text)).toBe(separator);
  });

  it("obeys a separator that Excel declares, and counts its line", () => {
    expect(read(["sep=;", HEAD.replaceAll(",", ";"), ROW.replaceAll(",", ";")]).entries[0]?.line).toBe(3);
  });

  it("repeats weekly on the wall clock, every other week, without the excepted dates", () => {
    const timetable = read([
      `${HEAD},repeat_weekly_until,interval,except`,
      `${ROW},2026-11-30,2,2026-09-21; 2026-10-19`,
    ]);
    expect(timetable.entries.map(({ event }) => event.start.dateTime)).toEqual([
      "2026-09-07T09:00:00",
      "2026-10-05T09:00:00",
      "2026-11-02T09:00:00",
      "2026-11-16T09:00:00",
      "2026-11-30T09:00:00",
    ]);
    expect(timetable.entries[1]?.key).toBe("timetable|1|20261005");
  });

  it("keeps the key of a weekly lesson when its time of day changes", () => {
    const weekly = (time: string) =>
      read([`${HEAD},until`, `1,a@school.example,Physics,2026-09-07 ${time},2026-09-07 11:00,2026-09-14`])
        .entries;
    expect(weekly("09:00").map(({ key }) => key)).toEqual(weekly("10:00").map(({ key }) => key));
    expect(weekly("09:00")[0]?.hash).not.toBe(weekly("10:00")[0]?.hash);
  });

  it("reads whole days, their end named as the last day or the midnight after", () => {
    const head = "id,mailbox,subject,date,end_date,all_day";
    const lastDay = read([head, "1,hall@school.example,Trip,2026-10-05,2026-10-06,yes"]).entries[0]?.event;
    expect(lastDay).toMatchObject({ isAllDay: true, end: { dateTime: "2026-10-07T00:00:00" } });
    const one = read(["id,mailbox,subject,date", "1,hall@school.example,Trip,2026-10-05"]).entries[0]?.event;
    expect(one).toMatchObject({ isAllDay: true, end: { dateTime: "2026-10-06T00:00:00" } });
    const outlook = read([
      `${HEAD},all day event`,
      "1,hall@school.example,Trip,2026-10-05 00:00,2026-10-06 00:00,TRUE",
    ]);
    expect(outlook.entries[0]?.event.end.dateTime).toBe("2026-10-06T00:00:00");
  });

  it("takes times with an offset as instants, shown in the zone of the row", () => {
    const [entry] = read([
      HEAD,
      "1,a@school.example,Call,2026-09-07T08:00:00Z,2026-09-07T11:00:00+02:00",
    ]).entries;
    expect(entry?.event).toMatchObject({
      start: { dateTime: "2026-09-07T09:00:00", ianaZone: "Europe/London" },
      end: { dateTime: "2026-09-07T10:00:00" },
    });
  });

  it("puts the whole file into one mailbox when told to", () => {
    expect(
      read(["id,subject,start,end", ROW.replace("room-12@school.example,", "")], {
        mailbox: "hall@school.example",
      }).mailboxes,
    ).toEqual(["hall@school.example"]);
  });

  it("passes over cancelled rows and empty lines, and warns of columns that it does not read", () => {
    const timetable = read([
      `${HEAD},cancelled,teacher`,
      `${ROW},yes,x`,
      "",
      ",,,,,,",
      `2${ROW.slice(1)},,x`,
    ]);
    expect(timetable.entries.map(({ key, line }) => [key, line])).toEqual([["timetable|2|", 5]]);
    expect(timetable.warnings).toEqual([{ message: 'The column "teacher" is not read', line: 1 }]);
  });

  it("makes ids of the content when there is no id column, and says so", () => {
    const rows = ["mailbox,subject,start,end", ROW.slice(2), ROW.slice(2).replace("Physics", "Music")];
    const timetable = read(rows);
    expect(new Set(timetable.entries.map(({ key }) => key)).size).toBe(2);
    expect(timetable.warnings).toHaveLength(1);
    expect(read(rows).entries).toEqual(timetable.entries);
    expect(refusal([...rows, ROW.slice(2)])).toMatchObject({ code: "SYNC_SOURCE_DUPLICATE_ID", line: 4 });
  });

  it.each([
    ["SYNC_SOURCE_RAGGED", 3, undefined, [HEAD, ROW, "2,room-12@school.example,Music"]],
    ["SYNC_SOURCE_RAGGED", 2, undefined, [HEAD, `${ROW},extra`]],
    ["SYNC_SOURCE_INCOMPLETE", 2, undefined, [HEAD, '1,room-12@school.example,"Phys']],
    ["SYNC_SOURCE_MALFORMED", 2, undefined, [HEAD, '1,room-12@school.example,"Phys"ics,x,y']],
    [
      "SYNC_SOURCE_DATE_INVALID",
      3,
      "start",
      [HEAD, ROW, "2,a@school.example,Music,2026-02-30 09:00,2026-03-01 09:45"],
    ],
    [
      "SYNC_SOURCE_DATE_INVALID",
      2,
      "start",
      [HEAD, "1,a@school.example,Music,2026-09-07 25:00,2026-09-07 09:45"],
    ],
    ["SYNC_SOURCE_DATE_INVALID", 2, "end", [HEAD, "1,a@school.example,Music,2026-09-07 09:00,later"]],
    [
      "SYNC_SOURCE_DATE_INVALID",
      2,
      "start",
      [HEAD, "1,a@school.example,Music,1/9/2026 09:00,1/9/2026 09:45"],
    ],
    ["SYNC_SOURCE_DATE_INVALID", 2, "except_dates", [`${HEAD},until,except`, `${ROW},2026-09-14,someday`]],
    [
      "SYNC_SOURCE_END_BEFORE_START",
      2,
      "end",
      [HEAD, "1,a@school.example,Music,2026-09-07 09:00,2026-09-07 08:45"],
    ],
    ["SYNC_SOURCE_END_BEFORE_START", 2, "repeat_weekly_until", [`${HEAD},until`, `${ROW},2026-09-01`]],
    ["SYNC_SOURCE_RECURRENCE_TOO_LARGE", 2, "repeat_weekly_until", [`${HEAD},until`, `${ROW},9000-09-01`]],
    ["SYNC_SOURCE_VALUE_MISSING", 2, "repeat_weekly_until", [`${HEAD},interval,until`, `${ROW},2,`]],
    ["SYNC_SOURCE_VALUE_MISSING", 2, "subject", [HEAD, ROW.replace("Physics", " ")]],
    ["SYNC_SOURCE_VALUE_MISSING", 2, "id", [HEAD, ROW.slice(1)]],
    ["SYNC_SOURCE_VALUE_MISSING", 2, "end", [HEAD, ROW.replace("2026-09-07 09:45", "")]],
    ["SYNC_SOURCE_VALUE_INVALID", 2, "repeat_every_weeks", [`${HEAD},until,interval`, `${ROW},2026-09-14,0`]],
    ["SYNC_SOURCE_VALUE_INVALID", 2, "show_as", [`${HEAD},show_as`, `${ROW},sometimes`]],
    ["SYNC_SOURCE_VALUE_INVALID", 2, "private", [`${HEAD},private`, `${ROW},perhaps`]],
    ["SYNC_SOURCE_ZONE_UNKNOWN", 2, "zone", [`${HEAD},zone`, `${ROW},School time`]],
    ["SYNC_SOURCE_MAILBOX_INVALID", 2, "mailbox", [HEAD, ROW.replace("room-12@school.example", "Room12")]],
    ["SYNC_SOURCE_MAILBOX_MISSING", 2, "mailbox", [HEAD, ROW.replace("room-12@school.example", "")]],
    ["SYNC_SOURCE_MAILBOX_MISSING", 1, "mailbox", ["id,subject,start,end", "1,a,b,c"]],
    ["SYNC_SOURCE_COLUMN_MISSING", 1, "subject", ["id,mailbox,start,end", "1,a,b,c"]],
    ["SYNC_SOURCE_COLUMN_MISSING", 1, "start", ["id,mailbox,subject,end", "1,a,b,c"]],
    ["SYNC_SOURCE_COLUMN_AMBIGUOUS", 1, "subject", [`${HEAD.replace("subject", "title")},name`, `${ROW},x`]],
    ["SYNC_SOURCE_DUPLICATE_ID", 3, "id", [HEAD, ROW, ROW]],
    ["SYNC_SOURCE_EMPTY", undefined, undefined, [HEAD]],
  ])("answers %s in line %s, field %s", (code, line, field, lines) => {
    expect(refusal(lines)).toEqual({ code, line, field });
  });

  it("does not quote a first line in which no name is known: it may be anything but a timetable", () => {
    const canary = "c4n4ry-s3cr3t";
    let message = "";
    try {
      read([`${canary},x`, "1,2"]);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).not.toBe("");
    expect(message).not.toContain(canary);
  });

  it("refuses a row without zone when none is given, and a zone that is given wrong", () => {
    expect(refusal([HEAD, ROW], { ianaZone: undefined })).toMatchObject({
      code: "SYNC_SOURCE_ZONE_MISSING",
      line: 2,
      field: "zone",
    });
    expect(refusal([HEAD, ROW], { ianaZone: "Europe/Londn" }).code).toBe("SYNC_SOURCE_ZONE_UNKNOWN");
  });

  it("reads dates with slashes when their order is given", () => {
    const row = "1,a@school.example,Music,1/9/2026 9:00 am,1/9/2026 1:45 PM";
    expect(read([HEAD, row], { dateOrder: "dmy" }).entries[0]?.event.end.dateTime).toBe(
      "2026-09-01T13:45:00",
    );
    expect(refusal([HEAD, row], { dateOrder: "mdy" }).code).toBe("SYNC_SOURCE_EMPTY");
  });

  it("names the line on which a row begins, also after quoted line breaks", () => {
    const lines = [
      HEAD,
      '1,a@school.example,"Physics',
      "and",
      'more",2026-09-07 09:00,2026-09-07 09:45',
      "2,a@school.example,Music,x,y",
    ];
    expect(refusal(lines)).toMatchObject({ code: "SYNC_SOURCE_DATE_INVALID", line: 5 });
    expect(read(lines.slice(0, 4)).entries[0]?.line).toBe(2);
  });
});

describe("docs/timetable.md", () => {
  it("lists every column and every other name of it", () => {
    const page = readFileSync(new URL("../../../../docs/timetable.md", import.meta.url), "utf8");
    const [, section = ""] = page.split("## CSV");
    const rows = [...section.matchAll(/^\| `(\w+)` \| ([^|]*) \|/gm)].map(([, column = "", names = ""]) => [
      column,
      names.split(", ").map((name) => name.trim()),
    ]);
    expect(Object.fromEntries(rows)).toEqual(COLUMN_SYNONYMS);
  });
});
