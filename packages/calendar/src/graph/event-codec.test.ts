import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EventDraft } from "../event.ts";
import { decodeEvent, encodeEvent } from "./event-codec.ts";
import { isRecord } from "./wire.ts";

/** An event as the public documentation of Graph shows it, times asked for in UTC. */
const WIRE = {
  "@odata.etag": 'W/"ZlnW4RIAV06KYYwlrfNZvQAAKGWwbw=="',
  id: "AAMkAGIAAAoZDOFAAA=",
  changeKey: "ZlnW4RIAV06KYYwlrfNZvQAAKGWwbw==",
  iCalUId: "040000008200E00074C5B7101A82E00800000000",
  type: "singleInstance",
  subject: "Physics",
  start: { dateTime: "2026-06-01T08:00:00.0000000", timeZone: "UTC" },
  end: { dateTime: "2026-06-01T09:00:00.0000000", timeZone: "UTC" },
  originalStartTimeZone: "GMT Standard Time",
  originalEndTimeZone: "GMT Standard Time",
  isAllDay: false,
  isCancelled: false,
  location: { displayName: "Room 12", locationType: "default", uniqueId: "Room 12", uniqueIdType: "private" },
  categories: ["Year 7"],
  showAs: "busy",
  sensitivity: "normal",
  isReminderOn: true,
  reminderMinutesBeforeStart: 15,
  attendees: [],
  recurrence: null,
  seriesMasterId: null,
};

describe("decodeEvent()", () => {
  it("turns UTC into the zone in which the event was written", () => {
    expect(decodeEvent(WIRE, false)).toEqual({
      id: "AAMkAGIAAAoZDOFAAA=",
      changeKey: "ZlnW4RIAV06KYYwlrfNZvQAAKGWwbw==",
      iCalUId: "040000008200E00074C5B7101A82E00800000000",
      type: "singleInstance",
      subject: "Physics",
      start: { dateTime: "2026-06-01T09:00:00", ianaZone: "Europe/London" },
      end: { dateTime: "2026-06-01T10:00:00", ianaZone: "Europe/London" },
      isAllDay: false,
      isCancelled: false,
      location: "Room 12",
      categories: ["Year 7"],
      showAs: "busy",
      sensitivity: "normal",
      isReminderOn: true,
      reminderMinutesBeforeStart: 15,
      attendees: [],
      properties: {},
    });
  });

  it.each([
    ["tzone://Microsoft/Custom", "2026-06-01T08:00:00", "UTC"],
    ["tzone://Microsoft/Utc", "2026-06-01T08:00:00", "UTC"],
    ["No such zone", "2026-06-01T08:00:00", "UTC"],
    ["", "2026-06-01T08:00:00", "UTC"],
    ["Asia/Calcutta", "2026-06-01T13:30:00", "Asia/Kolkata"],
    ["eastern standard time", "2026-06-01T04:00:00", "America/New_York"],
  ])("reads the original zone %j", (originalStartTimeZone, dateTime, ianaZone) => {
    expect(decodeEvent({ ...WIRE, originalStartTimeZone }, false).start).toEqual({ dateTime, ianaZone });
  });

  it("keeps the time right when the server did not give UTC", () => {
    const start = { dateTime: "2026-06-01T10:00:00.0000000", timeZone: "W. Europe Standard Time" };
    expect(decodeEvent({ ...WIRE, start }, false).start).toEqual({
      dateTime: "2026-06-01T09:00:00",
      ianaZone: "Europe/London",
    });
  });

  it("leaves the dates of an all-day event alone", () => {
    const wire = {
      ...WIRE,
      isAllDay: true,
      start: { dateTime: "2026-06-01T00:00:00.0000000", timeZone: "UTC" },
      end: { dateTime: "2026-06-02T00:00:00.0000000", timeZone: "UTC" },
      originalStartTimeZone: "Eastern Standard Time",
      originalEndTimeZone: "Eastern Standard Time",
    };
    expect(decodeEvent(wire, false)).toMatchObject({
      start: { dateTime: "2026-06-01T00:00:00", ianaZone: "America/New_York" },
      end: { dateTime: "2026-06-02T00:00:00", ianaZone: "America/New_York" },
    });
  });

  it("passes values of enumerations that it does not know", () => {
    const wire = {
      ...WIRE,
      showAs: "onTheMoon",
      sensitivity: "secretive",
      type: "hologram",
      attendees: [{ type: "spectator", emailAddress: { address: "year7@school.example", name: "Year 7" } }],
    };
    expect(decodeEvent(wire, false)).toMatchObject({
      showAs: "onTheMoon",
      sensitivity: "secretive",
      type: "hologram",
      attendees: [{ type: "spectator", mailboxAddress: "year7@school.example", displayName: "Year 7" }],
    });
  });

  it("gives a body only when it was asked for", () => {
    const wire = { ...WIRE, body: { contentType: "html", content: "<p>x</p>" } };
    expect(decodeEvent(wire, false).body).toBeUndefined();
    expect(decodeEvent(wire, true).body).toEqual({ contentType: "html", content: "<p>x</p>" });
  });

  it("gives own properties, whatever case the server writes the GUID in, and no foreign ones", () => {
    const singleValueExtendedProperties = [
      { id: "String {6D1F6A5E-8E0B-4B0C-9F6B-6E8A6F4C2A17} Name NightlatchKey", value: "7A" },
      { id: "String {00020329-0000-0000-c000-000000000046} Name NightlatchHash", value: "foreign" },
      { id: "Integer 0x1234", value: "1" },
      null,
    ];
    expect(decodeEvent({ ...WIRE, singleValueExtendedProperties }, false).properties).toEqual({
      NightlatchKey: "7A",
    });
  });

  it.each([
    ["id", { id: undefined }],
    ["changeKey", { changeKey: null }],
    ["start", { start: null }],
    ["start", { start: { dateTime: "soon", timeZone: "UTC" } }],
    ["end", { end: {} }],
  ])("refuses an event without readable %s", (member, changes) => {
    expect(() => decodeEvent({ ...WIRE, ...changes }, false)).toThrow(`"${member}"`);
  });

  it.each([[null], [[]], ["event"], [17]])("refuses %j", (wire) => {
    expect(() => decodeEvent(wire, false)).toThrow(RangeError);
  });
});

describe("encodeEvent()", () => {
  it("sends only what is named", () => {
    expect(encodeEvent({ subject: "Late" })).toEqual({ subject: "Late" });
    expect(encodeEvent({ location: "", categories: [] })).toEqual({
      location: { displayName: "" },
      categories: [],
    });
  });

  it("spells zones as Windows does, and IANA where Windows has none", () => {
    const timeOf = (ianaZone: string): unknown =>
      encodeEvent({ start: { dateTime: "2026-06-01T09:00:00", ianaZone } })["start"];
    expect(timeOf("Asia/Kolkata")).toEqual({
      dateTime: "2026-06-01T09:00:00",
      timeZone: "India Standard Time",
    });
    expect(timeOf("UTC")).toMatchObject({ timeZone: "UTC" });
    expect(timeOf("Antarctica/Troll")).toMatchObject({ timeZone: "Antarctica/Troll" });
    expect(timeOf("Mars/Olympus")).toMatchObject({ timeZone: "Mars/Olympus" });
  });

  it("is undone by decodeEvent()", () => {
    fc.assert(
      fc.property(drafts(), (draft) => {
        const wire = encodeEvent(draft);
        expect(decodeEvent(asServed(wire, draft), true)).toMatchObject({ ...draft });
      }),
      { numRuns: 300 },
    );
  });
});

/** What the server makes of a body: times with the zone aside, as when it keeps what it was sent. */
function asServed(wire: Readonly<Record<string, unknown>>, draft: EventDraft): unknown {
  const { start, end } = wire;
  return {
    isAllDay: false,
    ...JSON.parse(JSON.stringify(wire)),
    id: "AAMk",
    changeKey: "CQ",
    start: { ...(isRecord(start) ? start : {}), dateTime: `${draft.start.dateTime}.0000000` },
    originalStartTimeZone: isRecord(start) ? start["timeZone"] : undefined,
    originalEndTimeZone: isRecord(end) ? end["timeZone"] : undefined,
  };
}

function drafts(): fc.Arbitrary<EventDraft> {
  const dateTime = fc
    .integer({ min: Date.parse("2000-01-01"), max: Date.parse("2060-01-01") })
    .map((instantMs) => new Date(instantMs).toISOString().slice(0, 19));
  const ianaZone = fc.constantFrom("Europe/London", "America/New_York", "Asia/Kolkata", "UTC");
  const time = fc.record({ dateTime, ianaZone });
  return fc.record(
    {
      subject: fc.string({ unit: "grapheme", maxLength: 255 }),
      start: time,
      end: time,
      location: fc.string({ unit: "grapheme" }),
      body: fc.record({ contentType: fc.constantFrom("text", "html"), content: fc.string() }),
      categories: fc.array(fc.string()),
      showAs: fc.constantFrom("free", "busy", "oof"),
      sensitivity: fc.constantFrom("normal", "private"),
      isReminderOn: fc.boolean(),
      reminderMinutesBeforeStart: fc.nat(),
      properties: fc.dictionary(fc.stringMatching(/^[A-Za-z][A-Za-z0-9._-]{0,20}$/), fc.string()),
    },
    { requiredKeys: ["subject", "start", "end"] },
  ) as fc.Arbitrary<EventDraft>;
}
