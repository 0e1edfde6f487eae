/** The suite's part about single events and their own properties. */
// biome-ignore lint/correctness/noUndeclaredDependencies: whoever runs a suite has the runner
import { describe, expect, it } from "vitest";
import type { EventDraft } from "../event.ts";
import { type Subject, timed } from "./subject.ts";

const JUNE = ["2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z"] as const;

/**
 * @param subject - the port under test
 */
export function describeEvents(subject: Subject): void {
  describe("events", () => {
    describeRoundTrip(subject);
    describeVersions(subject);
  });
}

function describeRoundTrip(subject: Subject): void {
  it("createEvent() keeps every member that getEvent() and listEvents() read", async () => {
    const calendarId = await subject.makeCalendar();
    const draft: EventDraft = {
      subject: "Chemistry",
      ...timed("2026-06-02T11:15:00", "2026-06-02T12:00:00"),
      location: "Laboratory 3",
      body: { contentType: "text", content: "Bring goggles" },
      categories: ["Year 7", "Science"],
      showAs: "free",
      sensitivity: "private",
      isReminderOn: true,
      reminderMinutesBeforeStart: 10,
    };
    const { body: _, ...plain } = draft;
    const expected = { ...plain, type: "singleInstance", isAllDay: false, isCancelled: false };
    const made = await subject.create(calendarId, draft);
    expect(made).toMatchObject(expected);
    const read = await subject.port.getEvent(subject.mailbox, made.id);
    expect(read).toMatchObject({ ...expected, id: made.id, changeKey: made.changeKey });
    expect(read.body?.content).toContain("Bring goggles");
    const [listed] = await subject.list(calendarId, ...JUNE);
    expect(listed).toMatchObject({ ...expected, id: made.id, changeKey: made.changeKey });
    expect(listed?.body).toBeUndefined();
    const [withBody] = await subject.list(calendarId, ...JUNE, { includeBody: true });
    expect(withBody?.body?.content).toContain("Bring goggles");
  });

  it.each([
    ["255 characters", "ä".repeat(255)],
    ["several scripts", 'Größe & Maß <b>"数学"</b> العربية ✓ 👩🏽‍🏫 \u{1F9EA}'],
    ["markup that is none", "]]> &amp; <!-- \\ ' %27 +"],
  ])("createEvent() keeps a subject of %s", async (_, text) => {
    const calendarId = await subject.makeCalendar();
    const { id } = await subject.create(calendarId, { subject: text, location: text.slice(0, 100) });
    const read = await subject.port.getEvent(subject.mailbox, id);
    expect(read.subject).toBe(text);
    expect(read.location).toBe(text.slice(0, 100));
  });

  it("updateEvent() changes what is named and leaves the rest", async () => {
    const calendarId = await subject.makeCalendar();
    const made = await subject.create(calendarId, {
      location: "Room 12",
      categories: ["Year 7"],
      properties: { NightlatchKey: "one" },
    });
    const times = timed("2026-06-01T13:00:00", "2026-06-01T14:30:00");
    const changed = await subject.port.updateEvent(subject.mailbox, made.id, {
      subject: "Physics moved",
      ...times,
    });
    const expected = { subject: "Physics moved", ...times, location: "Room 12", categories: ["Year 7"] };
    expect(changed).toMatchObject({ ...expected, id: made.id });
    const read = await subject.port.getEvent(subject.mailbox, made.id, { properties: ["NightlatchKey"] });
    expect(read).toMatchObject({ ...expected, properties: { NightlatchKey: "one" } });
  });

  it("updateEvent() empties a location and categories", async () => {
    const made = await subject.create(await subject.makeCalendar(), { location: "Hall", categories: ["A"] });
    await subject.port.updateEvent(subject.mailbox, made.id, { location: "", categories: [] });
    expect(await subject.port.getEvent(subject.mailbox, made.id)).toMatchObject({
      location: "",
      categories: [],
    });
  });

  it("deleteEvent() removes one event and no other", async () => {
    const calendarId = await subject.makeCalendar();
    const [one, other] = [await subject.create(calendarId), await subject.create(calendarId)];
    await subject.port.deleteEvent(subject.mailbox, one.id);
    expect((await subject.list(calendarId, ...JUNE)).map(({ id }) => id)).toEqual([other.id]);
  });
}

function describeVersions(subject: Subject): void {
  it("updateEvent() with a change key refuses to overwrite what it did not see", async () => {
    const { port, mailbox } = subject;
    const { id, changeKey } = await subject.create(await subject.makeCalendar());
    const second = await port.updateEvent(mailbox, id, { subject: "Second" }, { changeKey });
    expect(second.changeKey).not.toBe(changeKey);
    await expect(port.updateEvent(mailbox, id, { subject: "Third" }, { changeKey })).rejects.toMatchObject({
      code: "CALENDAR_CONFLICT",
    });
    expect((await port.getEvent(mailbox, id)).subject).toBe("Second");
  });

  it("deleteEvent() with a change key refuses to delete what it did not see", async () => {
    const { port, mailbox } = subject;
    const { id, changeKey } = await subject.create(await subject.makeCalendar());
    const second = await port.updateEvent(mailbox, id, { subject: "Second" });
    await expect(port.deleteEvent(mailbox, id, { changeKey })).rejects.toMatchObject({
      code: "CALENDAR_CONFLICT",
    });
    await port.deleteEvent(mailbox, id, { changeKey: second.changeKey });
    await expect(port.getEvent(mailbox, id)).rejects.toMatchObject({ code: "CALENDAR_NOT_FOUND" });
  });

  it("createEvent() with the same transaction id makes one event, where the wing has them", async () => {
    const calendarId = await subject.makeCalendar();
    const transactionId = `conformance-${subject.nextName()}`;
    const first = await subject.create(calendarId, {}, { transactionId });
    if (subject.port.wing === "ews") return;
    expect((await subject.create(calendarId, {}, { transactionId })).id).toBe(first.id);
    expect(await subject.list(calendarId, ...JUNE)).toHaveLength(1);
  });
}

/**
 * @param subject - the port under test
 */
export function describeProperties(subject: Subject): void {
  describe("own properties", () => {
    it("createEvent() keeps them and readers give those that were named", async () => {
      const calendarId = await subject.makeCalendar();
      const properties = {
        NightlatchKey: "7A/physics#1",
        NightlatchHash: "ab12",
        NightlatchSource: "Größe 'x'",
      };
      const { id } = await subject.create(calendarId, { properties });
      const named = Object.keys(properties);
      expect((await subject.list(calendarId, ...JUNE, { properties: named }))[0]?.properties).toEqual(
        properties,
      );
      expect((await subject.list(calendarId, ...JUNE))[0]?.properties).toEqual({});
      const one = await subject.port.getEvent(subject.mailbox, id, { properties: ["NightlatchHash"] });
      expect(one.properties).toEqual({ NightlatchHash: "ab12" });
    });

    it("updateEvent() changes one and leaves the others", async () => {
      const { port, mailbox } = subject;
      const { id } = await subject.create(await subject.makeCalendar(), {
        properties: { NightlatchKey: "one", NightlatchHash: "old" },
      });
      await port.updateEvent(mailbox, id, { properties: { NightlatchHash: "new" } });
      const { properties } = await port.getEvent(mailbox, id, {
        properties: ["NightlatchKey", "NightlatchHash"],
      });
      expect(properties).toEqual({ NightlatchKey: "one", NightlatchHash: "new" });
    });

    it("findEvents() finds by name and exact value, case included", async () => {
      const { port, mailbox } = subject;
      const calendarId = await subject.makeCalendar();
      const value = "it's 7A & more";
      const { id } = await subject.create(calendarId, { properties: { NightlatchKey: value } });
      await subject.create(calendarId, { properties: { NightlatchKey: value.toUpperCase() } });
      await subject.create(calendarId, { properties: { NightlatchHash: value } });
      const found = await port.findEvents(mailbox, { name: "NightlatchKey", value, calendarId });
      expect(found.map((event) => event.id)).toEqual([id]);
      expect(found[0]).toMatchObject({ subject: "Physics", properties: { NightlatchKey: value } });
      const query = { name: "NightlatchKey", value: "never written", calendarId };
      expect(await port.findEvents(mailbox, query)).toEqual([]);
    });
  });
}
