/** Items as iCalendar, both ways, and properties by the names of MAPI: what clients that speak CalDAV live on. */
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import {
  all,
  createItem,
  type EwsFixture,
  getItem,
  idOf,
  itemId,
  makeEwsFixture,
  setField,
  textOf,
  update,
  view,
} from "./ews-fixture.ts";
import { judgeEveryBody } from "./ews-judge.ts";

judgeEveryBody({ atLeast: 20 });

const MIME_SHAPE = "<t:BaseShape>IdOnly</t:BaseShape><t:IncludeMimeContent>true</t:IncludeMimeContent>";
const ZONE = '<t:StartTimeZone Id="GMT Standard Time"/>';

let ews: EwsFixture;
beforeEach(() => {
  ews = makeEwsFixture();
});

const mimeOf = async (id: { readonly Id: string }): Promise<string[]> => {
  const { body, codes } = await ews.send(getItem(itemId({ Id: id.Id }), MIME_SHAPE));
  expect(codes).toEqual(["NoError"]);
  const source = Buffer.from(textOf(body, "MimeContent") ?? "", "base64").toString("utf8");
  for (const line of source.split("\r\n")) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  return source.replaceAll("\r\n ", "").split("\r\n");
};
const importItem = (lines: readonly string[], more = ""): ReturnType<EwsFixture["send"]> => {
  const source = ["BEGIN:VCALENDAR", "VERSION:2.0", ...lines, "END:VCALENDAR"].join("\r\n");
  const base64 = Buffer.from(source).toString("base64");
  return ews.send(createItem(`<t:MimeContent CharacterSet="UTF-8">${base64}</t:MimeContent>${more}`));
};
const vevent = (...lines: string[]): string[] => ["BEGIN:VEVENT", ...lines, "END:VEVENT"];
const whole = async (id: { readonly Id: string }): Promise<(name: string) => string | undefined> => {
  const { body } = await ews.send(getItem(itemId({ Id: id.Id })));
  return (name) => textOf(body, name);
};

describe("MimeContent of GetItem", () => {
  it("GetItem gives an event as iCalendar with its zone, people and reminder when it is asked to", async () => {
    const id = idOf(
      await ews.send(
        createItem(
          `<t:Subject>Maths; sets, \\ and ünions ${"x".repeat(80)}</t:Subject><t:Body BodyType="Text">One\ntwo</t:Body><t:Categories><t:String>Year 7</t:String></t:Categories><t:ReminderMinutesBeforeStart>5</t:ReminderMinutesBeforeStart><t:UID>uid-1</t:UID><t:Start>2026-07-06T09:00:00</t:Start><t:End>2026-07-06T10:00:00</t:End><t:LegacyFreeBusyStatus>OOF</t:LegacyFreeBusyStatus><t:Location>Room 12</t:Location><t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>room-13@school.example</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees>${ZONE}`,
        ),
      ),
    );
    const lines = await mimeOf(id);
    const wanted = [
      ...["BEGIN:VCALENDAR", "METHOD:PUBLISH", "TZID:GMT Standard Time", "UID:uid-1"],
      "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3",
      ...["DTSTART:16010101T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0000"],
      `SUMMARY;LANGUAGE=en-GB:Maths\\; sets\\, \\\\ and ünions ${"x".repeat(80)}`,
      ...["DESCRIPTION;LANGUAGE=en-GB:One\\ntwo", "LOCATION;LANGUAGE=en-GB:Room 12", "CATEGORIES:Year 7"],
      "DTSTART;TZID=GMT Standard Time:20260706T090000",
      "DTEND;TZID=GMT Standard Time:20260706T100000",
      ...["X-MICROSOFT-CDO-BUSYSTATUS:OOF", "TRIGGER;RELATED=START:-PT5M", "END:VCALENDAR"],
    ];
    expect(lines).toEqual(expect.arrayContaining(wanted));
    expect(lines.some((line) => /^ATTENDEE;.*:MAILTO:room-13@school\.example$/.test(line))).toBe(true);
    expect(lines.some((line) => /^ORGANIZER;.*:MAILTO:room-12@school\.example$/.test(line))).toBe(true);
  });

  it("GetItem and FindItem leave it out when nobody asks for it, or a list asks", async () => {
    const id = idOf(await ews.send(createItem("<t:Start>2026-01-05T09:00:00Z</t:Start>")));
    expect((await whole(id))("MimeContent")).toBeUndefined();
    const list = await ews.send(view("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", MIME_SHAPE));
    expect(all(list.body, "CalendarItem").length).toBe(1);
    expect(textOf(list.body, "MimeContent")).toBeUndefined();
  });
});

describe("MimeContent of CreateItem", () => {
  it("CreateItem reads an event, and lets members beside it count for more", async () => {
    const answer = await importItem(
      vevent(
        ...["UID:dav-1@school.example", "SUMMARY:Phys", " ics\\, set 2", "LOCATION:Lab", "CLASS:PRIVATE"],
        ...["DTSTART;TZID=America/New_York:20260706T090000", "DURATION:PT1H30M", "PRIORITY:1"],
        ...["CATEGORIES:Year 7,Exam\\, mock", "DESCRIPTION:One\\ntwo", "TRANSP:TRANSPARENT"],
        "ORGANIZER:mailto:room-12@school.example",
        "ATTENDEE;CN=Room 13;ROLE=OPT-PARTICIPANT:mailto:room-13@school.example",
        ...["BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:x", "TRIGGER:-PT1H", "END:VALARM"],
      ),
      "<t:Location>Hall</t:Location>",
    );
    expect(answer.codes).toEqual(["NoError"]);
    const member = await whole(idOf(answer));
    expect(["Subject", "UID", "Start", "End", "Body"].map(member)).toEqual([
      ...[
        "Physics, set 2",
        "dav-1@school.example",
        "2026-07-06T13:00:00Z",
        "2026-07-06T14:30:00Z",
        "One\ntwo",
      ],
    ]);
    expect(["Location", "Sensitivity", "Importance", "LegacyFreeBusyStatus"].map(member)).toEqual([
      ...["Hall", "Private", "High", "Free"],
    ]);
    expect(["ReminderMinutesBeforeStart", "DisplayCc", "ReminderIsSet"].map(member)).toEqual([
      "60",
      "Room 13",
      "true",
    ]);
  });

  it("CreateItem reads a series with a deleted and a moved occurrence, and gives the same back", async () => {
    const answer = await importItem([
      ...vevent(
        ...["UID:dav-2", "SUMMARY:Series", "DTSTART;TZID=Europe/London:20260706T090000"],
        ...[
          "DTEND;TZID=Europe/London:20260706T100000",
          "RRULE:FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20260722T080000Z",
        ],
        "EXDATE;TZID=Europe/London:20260713T090000",
      ),
      ...vevent(
        ...["UID:dav-2", "SUMMARY:Moved", "RECURRENCE-ID;TZID=Europe/London:20260708T090000"],
        ...["DTSTART;TZID=Europe/London:20260708T110000", "DTEND;TZID=Europe/London:20260708T120000"],
      ),
    ]);
    expect(answer.codes).toEqual(["NoError"]);
    const list = await ews.send(view("2026-07-01T00:00:00Z", "2026-08-01T00:00:00Z"));
    expect(
      all(list.body, "CalendarItem").map((item) => [textOf(item, "Subject"), textOf(item, "Start")]),
    ).toEqual([
      ["Series", "2026-07-06T08:00:00Z"],
      ["Moved", "2026-07-08T10:00:00Z"],
      ["Series", "2026-07-15T08:00:00Z"],
      ["Series", "2026-07-20T08:00:00Z"],
      ["Series", "2026-07-22T08:00:00Z"],
    ]);
    const lines = await mimeOf(idOf(answer));
    const wanted = [
      "RRULE:FREQ=WEEKLY;UNTIL=20260722T080000Z;INTERVAL=1;BYDAY=MO,WE;WKST=MO",
      "EXDATE;TZID=GMT Standard Time:20260713T090000",
      "RECURRENCE-ID;TZID=GMT Standard Time:20260708T090000",
    ];
    expect(lines).toEqual(expect.arrayContaining(wanted));
  });

  it.each([
    ["FREQ=DAILY;INTERVAL=2;COUNT=5", "FREQ=DAILY;COUNT=5;INTERVAL=2"],
    [
      "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;COUNT=5",
      "FREQ=WEEKLY;COUNT=5;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR;WKST=MO",
    ],
    ["FREQ=MONTHLY;BYMONTHDAY=6", "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=6"],
    ["FREQ=MONTHLY;BYDAY=-1MO;COUNT=3", "FREQ=MONTHLY;COUNT=3;INTERVAL=1;BYDAY=-1MO"],
    [
      "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=2",
      "FREQ=MONTHLY;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=2",
    ],
    ["FREQ=YEARLY;BYMONTH=7;BYDAY=1MO", "FREQ=YEARLY;INTERVAL=1;BYDAY=1MO;BYMONTH=7"],
    ["FREQ=YEARLY;COUNT=2", "FREQ=YEARLY;COUNT=2;INTERVAL=1;BYMONTHDAY=6;BYMONTH=7"],
    ["FREQ=YEARLY;INTERVAL=2", "FREQ=MONTHLY;INTERVAL=24;BYMONTHDAY=6"],
  ])("CreateItem reads %s", async (rule, kept) => {
    const answer = await importItem(vevent("SUMMARY:x", "DTSTART;VALUE=DATE:20260706", `RRULE:${rule}`));
    expect(answer.codes).toEqual(["NoError"]);
    const lines = await mimeOf(idOf(answer));
    expect(lines.filter((line) => line.startsWith("RRULE") && !line.includes("1SU"))).toEqual([
      `RRULE:${kept}`,
    ]);
    expect(lines).toContain("X-MICROSOFT-CDO-ALLDAYEVENT:TRUE");
  });

  it.each([
    ["ErrorCalendarInvalidRecurrence", vevent("DTSTART:20260706T090000Z", "RRULE:FREQ=HOURLY")],
    ["ErrorCalendarInvalidRecurrence", vevent("DTSTART:20260706T090000Z", "RRULE:FREQ=MONTHLY;BYDAY=MO")],
    ["ErrorMimeContentInvalid", vevent("SUMMARY:no start")],
    ["ErrorMimeContentInvalid", vevent("DTSTART:tomorrow")],
    ["ErrorMimeContentInvalid", []],
  ])("CreateItem refuses with %s what it cannot keep", async (code, lines) => {
    expect((await importItem(lines)).codes).toEqual([code]);
  });

  it("CreateItem answers in words of the service whatever iCalendar says", async () => {
    const value = fc.oneof(
      fc.constantFrom(
        "20260706T090000Z",
        "20260706",
        "20261399T999999Z",
        "00000000",
        "-P999999W",
        "-PT5M",
        "TRUE",
      ),
      fc.constantFrom(
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=WEEKLY;COUNT=x",
        "FREQ=DAILY;UNTIL=no",
        "FREQ=DAILY;COUNT=0",
      ),
      fc.constantFrom(
        "FREQ=MONTHLY;INTERVAL=1e9",
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        "FREQ=DAILY;UNTIL=19000101",
        "=",
      ),
      fc.string({ unit: "binary", maxLength: 20 }),
    );
    const names = [
      "RRULE",
      "EXDATE",
      "DTEND",
      "DURATION",
      "RECURRENCE-ID",
      "CATEGORIES",
      "ATTENDEE",
      "ORGANIZER",
    ];
    const line = fc
      .tuple(
        fc.constantFrom(
          ...names,
          "SUMMARY",
          "PRIORITY",
          "UID",
          "DTSTART;TZID=Nowhere",
          `X;A=${",".repeat(50)}"`,
        ),
        value,
      )
      .map((parts) => parts.join(":"));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 5 }), value, async (lines, trigger) => {
        const alarm = ["BEGIN:VALARM", `TRIGGER:${trigger}`, "END:VALARM"];
        const { codes } = await importItem(vevent("DTSTART:20260706T090000Z", ...lines, ...alarm));
        expect(codes).not.toContain("ErrorInternalServerError");
        expect(codes).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
    await ews.send(
      view("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "<t:BaseShape>AllProperties</t:BaseShape>"),
    );
  });

  it("CreateItem refuses what is not base64", async () => {
    const answer = await ews.send(createItem("<t:MimeContent>not base64!</t:MimeContent>"));
    expect(answer.codes).toEqual(["ErrorMimeContentInvalidBase64String"]);
  });
});

describe("properties by the names of MAPI", () => {
  const uri = (attributes: string): string => `<t:ExtendedFieldURI ${attributes}/>`;
  const SUBJECT = uri('PropertyTag="0x0037" PropertyType="String"');
  const BODY = uri('PropertyTag="0x1000" PropertyType="String"');
  const KEYWORDS = uri(
    'DistinguishedPropertySetId="PublicStrings" PropertyName="Keywords" PropertyType="StringArray"',
  );
  const set = (path: string, value: string): string =>
    `<t:SetItemField>${path}<t:CalendarItem><t:ExtendedProperty>${path}${value}</t:ExtendedProperty></t:CalendarItem></t:SetItemField>`;

  it("UpdateItem writes through them what members show, and takes it away", async () => {
    const made = await ews.send(createItem("<t:Start>2026-01-05T09:00:00Z</t:Start>"));
    const values = set(KEYWORDS, "<t:Values><t:Value>Year 7</t:Value></t:Values>");
    const changed = await ews.send(
      update(
        itemId(idOf(made)),
        set(SUBJECT, "<t:Value>Renamed</t:Value>") + set(BODY, "<t:Value>Text</t:Value>") + values,
      ),
    );
    expect(changed.codes).toEqual(["NoError"]);
    const member = await whole(idOf(changed));
    expect(["Subject", "Body", "String"].map(member)).toEqual(["Renamed", "Text", "Year 7"]);
    const cleared = await ews.send(
      update(
        itemId(idOf(changed)),
        `<t:DeleteItemField>${BODY}</t:DeleteItemField><t:DeleteItemField>${KEYWORDS}</t:DeleteItemField>`,
      ),
    );
    const after = await whole(idOf(cleared));
    expect(["Body", "String"].map(after)).toEqual(["", undefined]);
  });

  it("GetItem shows through them what members were set to, and numbers items", async () => {
    const made = await ews.send(createItem("<t:Start>2026-01-05T09:00:00Z</t:Start>"));
    const changed = await ews.send(
      update(itemId(idOf(made)), setField("item:Subject", "<t:Subject>Maths</t:Subject>")),
    );
    const number = uri('PropertyTag="0x0e23" PropertyType="Integer"');
    const shape = `<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>${SUBJECT}${number}</t:AdditionalProperties>`;
    const { body } = await ews.send(getItem(itemId({ Id: idOf(changed).Id }), shape));
    const [subject, position] = all(body, "Value").map(({ text }) => text);
    expect(subject).toBe("Maths");
    expect(Number(position)).toBeGreaterThan(0);
  });
});

describe("GetUserConfiguration", () => {
  const ask = (name: string, folder = "root"): ReturnType<EwsFixture["send"]> =>
    ews.send(
      `<m:GetUserConfiguration><m:UserConfigurationName Name="${name}"><t:DistinguishedFolderId Id="${folder}"/></m:UserConfigurationName><m:UserConfigurationProperties>All</m:UserConfigurationProperties></m:GetUserConfiguration>`,
    );

  it("GetUserConfiguration tells the zone of the mailbox among the options of Outlook on the web", async () => {
    const { codes, body } = await ask("OWA.UserOptions");
    expect(codes).toEqual(["NoError"]);
    expect(all(body, "Value").map(({ text }) => text)).toEqual(["timezone", "GMT Standard Time"]);
  });

  it("GetUserConfiguration has no other configuration", async () => {
    expect((await ask("CategoryList", "calendar")).codes).toEqual(["ErrorItemNotFound"]);
    expect((await ask("OWA.UserOptions", "calendar")).codes).toEqual(["ErrorItemNotFound"]);
  });
});
