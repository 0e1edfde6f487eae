import { describe, expect, it } from "vitest";
import type { CalendarEvent } from "../event.ts";
import { NIGHTLATCH_PROPERTY_SET } from "../event.ts";
import { readEvent } from "./event-codec.ts";
import { readXml } from "./xml-reader.ts";

const TYPES = "http://schemas.microsoft.com/exchange/services/2006/types";

const read = (members: string): CalendarEvent =>
  readEvent(readXml(Buffer.from(`<CalendarItem xmlns="${TYPES}">${members}</CalendarItem>`)));

const ID = '<ItemId Id="AAMk1" ChangeKey="DwAA"/>';
const TIMES = "<Start>2026-06-01T08:00:00Z</Start><End>2026-06-01T09:00:00Z</End>";
const LONDON = '<StartTimeZone Id="GMT Standard Time"/>';

describe("readEvent()", () => {
  it("reads every member", () => {
    const event = read(`${ID}<Subject>Größe &amp; Maß</Subject><Sensitivity>Private</Sensitivity>
      <Body BodyType="HTML">&lt;p&gt;Goggles&lt;/p&gt;</Body>
      <Categories><String>Year 7</String><String>Science</String></Categories>
      <DateTimeCreated>2026-05-01T10:00:00Z</DateTimeCreated><ReminderIsSet>true</ReminderIsSet>
      <ReminderMinutesBeforeStart>10</ReminderMinutesBeforeStart>
      <ExtendedProperty><ExtendedFieldURI PropertySetId="${NIGHTLATCH_PROPERTY_SET.toUpperCase()}" PropertyName="NightlatchKey" PropertyType="String"/><Value>7A</Value></ExtendedProperty>
      <ExtendedProperty><ExtendedFieldURI PropertySetId="00020329-0000-0000-C000-000000000046" PropertyName="NightlatchKey" PropertyType="String"/><Value>somebody else's</Value></ExtendedProperty>
      <ExtendedProperty><ExtendedFieldURI PropertySetId="${NIGHTLATCH_PROPERTY_SET}" PropertyName="__proto__" PropertyType="String"/><Value>odd</Value></ExtendedProperty>
      <LastModifiedTime>2026-05-02T10:00:00.123Z</LastModifiedTime><UID>0400</UID>${TIMES}
      <OriginalStart>2026-06-01T07:00:00Z</OriginalStart><IsAllDayEvent>false</IsAllDayEvent>
      <LegacyFreeBusyStatus>OOF</LegacyFreeBusyStatus><Location>Laboratory 3</Location>
      <IsCancelled>true</IsCancelled><CalendarItemType>Exception</CalendarItemType>
      <RequiredAttendees><Attendee><Mailbox><Name>Year 7</Name><EmailAddress>year-7@school.example</EmailAddress></Mailbox></Attendee></RequiredAttendees>
      <OptionalAttendees><Attendee><Mailbox><EmailAddress>year-8@school.example</EmailAddress></Mailbox></Attendee></OptionalAttendees>
      <Resources><Attendee><Mailbox><EmailAddress>room-12@school.example</EmailAddress></Mailbox></Attendee></Resources>
      ${LONDON}<EndTimeZone Id="Eastern Standard Time"/>`);
    const { properties, ...rest } = event;
    expect(Object.entries(properties)).toEqual([
      ["NightlatchKey", "7A"],
      ["__proto__", "odd"],
    ]);
    expect(rest).toEqual({
      id: "AAMk1",
      changeKey: "DwAA",
      iCalUId: "0400",
      type: "exception",
      originalStartAt: new Date("2026-06-01T07:00:00Z"),
      subject: "Größe & Maß",
      start: { dateTime: "2026-06-01T09:00:00", ianaZone: "Europe/London" },
      end: { dateTime: "2026-06-01T05:00:00", ianaZone: "America/New_York" },
      isAllDay: false,
      isCancelled: true,
      location: "Laboratory 3",
      body: { contentType: "html", content: "<p>Goggles</p>" },
      categories: ["Year 7", "Science"],
      showAs: "oof",
      sensitivity: "private",
      isReminderOn: true,
      reminderMinutesBeforeStart: 10,
      attendees: [
        { mailboxAddress: "year-7@school.example", displayName: "Year 7", type: "required" },
        { mailboxAddress: "year-8@school.example", type: "optional" },
        { mailboxAddress: "room-12@school.example", type: "resource" },
      ],
      createdAt: new Date("2026-05-01T10:00:00Z"),
      lastModifiedAt: new Date("2026-05-02T10:00:00.123Z"),
    });
  });

  it("reads an item that says no more than it must", () => {
    expect(read(`${ID}${TIMES}`)).toEqual({
      id: "AAMk1",
      changeKey: "DwAA",
      iCalUId: "",
      type: "singleInstance",
      subject: "",
      start: { dateTime: "2026-06-01T08:00:00", ianaZone: "UTC" },
      end: { dateTime: "2026-06-01T09:00:00", ianaZone: "UTC" },
      isAllDay: false,
      isCancelled: false,
      location: "",
      categories: [],
      showAs: "unknown",
      sensitivity: "normal",
      attendees: [],
      properties: {},
    });
  });

  it("reads a zone that comes with its rules, and takes UTC for one that somebody made up", () => {
    const rules = `<StartTimeZone Id="India Standard Time" Name="Kolkata"><Periods><Period Bias="-PT5H30M" Name="Standard" Id="a"/></Periods></StartTimeZone>`;
    expect(read(`${ID}${TIMES}${rules}`).start).toEqual({
      dateTime: "2026-06-01T13:30:00",
      ianaZone: "Asia/Kolkata",
    });
    const custom = read(`${ID}${TIMES}<StartTimeZone Id="tzone://Microsoft/Custom"/>`);
    expect(custom.start).toEqual({ dateTime: "2026-06-01T08:00:00", ianaZone: "UTC" });
  });

  it.each([
    ["2026-06-01T08:00:00Z", "2026-06-01T09:00:00"],
    ["2026-06-01T09:00:00+01:00", "2026-06-01T09:00:00"],
    ["2026-06-01T03:00:00.5-05:00", "2026-06-01T09:00:00"],
    ["2026-06-01T08:00:00", "2026-06-01T09:00:00"],
  ])("reads the time %s", (text, dateTime) => {
    expect(read(`${ID}<Start>${text}</Start><End>${text}</End>${LONDON}`).start.dateTime).toBe(dateTime);
  });

  it("reads the dates of an all-day event as they are in its own zone", () => {
    const kolkata = read(
      `${ID}<Start>2026-03-27T18:30:00Z</Start><End>2026-03-28T18:30:00Z</End><IsAllDayEvent>true</IsAllDayEvent><StartTimeZone Id="India Standard Time"/>`,
    );
    expect(kolkata).toMatchObject({
      isAllDay: true,
      start: { dateTime: "2026-03-28T00:00:00" },
      end: { dateTime: "2026-03-29T00:00:00" },
    });
  });

  it("passes values on that it does not know", () => {
    const event = read(
      `${ID}${TIMES}<LegacyFreeBusyStatus>Elsewhere</LegacyFreeBusyStatus><CalendarItemType>Holiday</CalendarItemType>`,
    );
    expect(event).toMatchObject({ showAs: "Elsewhere", type: "Holiday" });
  });

  it.each([
    ["id", `<ItemId ChangeKey="DwAA"/>${TIMES}`],
    ["change key", `<ItemId Id="AAMk1"/>${TIMES}`],
    ["Start", `${ID}<End>2026-06-01T09:00:00Z</End>`],
    ["End", `${ID}<Start>2026-06-01T09:00:00Z</Start><End>soon</End>`],
  ])("refuses an item without %s", (what, members) => {
    expect(() => read(members)).toThrow(RangeError);
    expect(() => read(members)).toThrow(what);
  });
});
