import { describe, expect, it } from "vitest";
import type { EventDraft } from "../event.ts";
import { writeCalendarItem, writeItemChanges } from "./event-fields.ts";
import { readXml } from "./xml-reader.ts";
import { type Xml, xml } from "./xml-writer.ts";

const DRAFT: EventDraft = {
  properties: { NightlatchKey: "7A & 7B", NightlatchHash: "ab12" },
  recurrence: {
    pattern: { type: "daily", interval: 1 },
    range: { type: "noEnd", startsOn: "2026-06-01", ianaZone: "Europe/London" },
  },
  attendees: [
    { mailboxAddress: "room-12@school.example", type: "resource" },
    { mailboxAddress: "year-7@school.example", displayName: "Year 7", type: "required" },
    { mailboxAddress: "year-8@school.example", type: "optional" },
  ],
  reminderMinutesBeforeStart: 10,
  isReminderOn: false,
  sensitivity: "confidential",
  showAs: "workingElsewhere",
  categories: ["Year 7"],
  body: { contentType: "text", content: "Bring goggles" },
  location: "Laboratory 3",
  isAllDay: false,
  end: { dateTime: "2026-06-01T10:00:00", ianaZone: "America/New_York" },
  start: { dateTime: "2026-06-01T09:00:00", ianaZone: "Europe/London" },
  subject: "Physics",
};

/** Order of the members of `ItemType` and `CalendarItemType` in types.xsd of Exchange 2016. */
const ORDER = [
  "t:Subject",
  "t:Sensitivity",
  "t:Body",
  "t:Categories",
  "t:ReminderIsSet",
  "t:ReminderMinutesBeforeStart",
  "t:ExtendedProperty",
  "t:ExtendedProperty",
  "t:Start",
  "t:End",
  "t:IsAllDayEvent",
  "t:LegacyFreeBusyStatus",
  "t:Location",
  "t:RequiredAttendees",
  "t:OptionalAttendees",
  "t:Resources",
  "t:Recurrence",
  "t:StartTimeZone",
  "t:EndTimeZone",
];

const tree = (...content: readonly Xml[]) =>
  readXml(
    Buffer.from(
      xml("t:Root", { "xmlns:t": "http://schemas.microsoft.com/exchange/services/2006/types" }, content)
        .markup,
    ),
  );

describe("writeCalendarItem()", () => {
  it("writes in the order of the schema, whatever the order of the draft", () => {
    const [item] = tree(writeCalendarItem(DRAFT)).children;
    expect(item?.children.map(({ name }) => name)).toEqual(ORDER);
  });

  it("writes values as the schema spells them", () => {
    const { markup } = writeCalendarItem(DRAFT);
    for (const part of [
      "<t:Sensitivity>Confidential</t:Sensitivity>",
      '<t:Body BodyType="Text">Bring goggles</t:Body>',
      "<t:ReminderIsSet>false</t:ReminderIsSet>",
      "<t:Start>2026-06-01T08:00:00Z</t:Start><t:End>2026-06-01T14:00:00Z</t:End>",
      "<t:LegacyFreeBusyStatus>WorkingElsewhere</t:LegacyFreeBusyStatus>",
      '<t:StartTimeZone Id="GMT Standard Time"/><t:EndTimeZone Id="Eastern Standard Time"/>',
      "<t:Mailbox><t:Name>Year 7</t:Name><t:EmailAddress>year-7@school.example</t:EmailAddress></t:Mailbox>",
      "<t:Value>7A &amp; 7B</t:Value>",
    ]) {
      expect(markup).toContain(part);
    }
  });

  it("leaves out what is empty", () => {
    const { start, end } = DRAFT;
    const written = writeCalendarItem({
      subject: "",
      start,
      end,
      location: "",
      categories: [],
      attendees: [],
      properties: {},
    });
    const [item] = tree(written).children;
    expect(item?.children.map(({ name }) => name)).toEqual([
      "t:Start",
      "t:End",
      "t:StartTimeZone",
      "t:EndTimeZone",
    ]);
  });

  it("leaves a zone that nobody knows for the server to refuse", () => {
    const time = { dateTime: "2026-06-01T09:00:00", ianaZone: "Mars/Olympus" };
    const { markup } = writeCalendarItem({ subject: "x", start: time, end: time });
    expect(markup).toContain("<t:Start>2026-06-01T09:00:00</t:Start>");
    expect(markup).toContain('<t:StartTimeZone Id="Mars/Olympus"/>');
  });
});

describe("writeItemChanges()", () => {
  it("sets each field by a change of its own", () => {
    const changes = tree(...writeItemChanges(DRAFT)).children;
    expect(changes.map(({ name }) => name)).toEqual(ORDER.map(() => "t:SetItemField"));
    const fields = changes.map(
      ({ children: [path] }) => path?.attributes["FieldURI"] ?? path?.attributes["PropertyName"],
    );
    expect(fields.slice(5, 10)).toEqual([
      "item:ReminderMinutesBeforeStart",
      "NightlatchKey",
      "NightlatchHash",
      "calendar:Start",
      "calendar:End",
    ]);
    expect(changes.map(({ children: [, item] }) => item?.children.map(({ name }) => name))).toEqual(
      ORDER.map((name) => [name]),
    );
  });

  it("deletes the fields that are to be empty", () => {
    const changes = tree(...writeItemChanges({ location: "", categories: [], attendees: [], subject: "" }));
    expect(
      changes.children.map(({ name, children: [path] }) => [name, path?.attributes["FieldURI"]]),
    ).toEqual([
      ["t:DeleteItemField", "item:Subject"],
      ["t:DeleteItemField", "item:Categories"],
      ["t:DeleteItemField", "calendar:Location"],
      ["t:DeleteItemField", "calendar:RequiredAttendees"],
      ["t:DeleteItemField", "calendar:OptionalAttendees"],
      ["t:DeleteItemField", "calendar:Resources"],
    ]);
  });

  it("names nothing that did not change", () => {
    expect(writeItemChanges({})).toEqual([]);
    expect(writeItemChanges({ isAllDay: true })).toHaveLength(1);
  });
});
