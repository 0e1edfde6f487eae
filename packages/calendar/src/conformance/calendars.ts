/** The suite's part about calendars, what does not exist, and giving up. */
// biome-ignore lint/correctness/noUndeclaredDependencies: whoever runs a suite has the runner
import { describe, expect, it } from "vitest";
import type { Subject } from "./subject.ts";

const NOWHERE = { from: new Date("2026-06-01T00:00:00Z"), to: new Date("2026-06-02T00:00:00Z") };

/**
 * @param subject - the port under test
 */
export function describeCalendars(subject: Subject): void {
  describe("calendars", () => {
    it("listCalendars() gives the one default calendar first", async () => {
      const calendars = await subject.port.listCalendars(subject.mailbox);
      expect(calendars[0]).toMatchObject({ isDefaultCalendar: true, canEdit: true });
      expect(calendars.filter((calendar) => calendar.isDefaultCalendar)).toHaveLength(1);
    });

    it("createCalendar() makes a calendar that listCalendars() has until deleteCalendar()", async () => {
      const name = subject.nextName();
      const made = await subject.port.createCalendar(subject.mailbox, name);
      expect(made).toMatchObject({ name, isDefaultCalendar: false });
      expect(await namesOf(subject)).toContain(name);
      await subject.port.deleteCalendar(subject.mailbox, made.id);
      expect(await namesOf(subject)).not.toContain(name);
    });

    it("createCalendar() refuses a name that is taken", async () => {
      const name = subject.nextName();
      const made = await subject.port.createCalendar(subject.mailbox, name);
      await expect(subject.port.createCalendar(subject.mailbox, name)).rejects.toMatchObject({
        code: "CALENDAR_NAME_TAKEN",
      });
      await subject.port.deleteCalendar(subject.mailbox, made.id);
    });

    it("createEvent() keeps the calendars of a mailbox apart", async () => {
      const [one, other] = [await subject.makeCalendar(), await subject.makeCalendar()];
      const event = await subject.create(one);
      const window = ["2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z"] as const;
      expect((await subject.list(one, ...window)).map(({ id }) => id)).toEqual([event.id]);
      expect(await subject.list(other, ...window)).toEqual([]);
    });

    it("createEvent() without calendar writes into the default one", async () => {
      const [standard] = await subject.port.listCalendars(subject.mailbox);
      const draft = {
        subject: "In the default calendar",
        start: { dateTime: "2031-06-01T09:00:00", ianaZone: "UTC" },
        end: { dateTime: "2031-06-01T10:00:00", ianaZone: "UTC" },
      };
      const event = await subject.port.createEvent(subject.mailbox, draft);
      const window = ["2031-06-01T00:00:00Z", "2031-06-02T00:00:00Z"] as const;
      expect((await subject.list(standard?.id ?? "", ...window)).map(({ id }) => id)).toContain(event.id);
      await subject.port.deleteEvent(subject.mailbox, event.id);
    });
  });
}

/**
 * @param subject - the port under test
 */
export function describeFailures(subject: Subject): void {
  describe("failures", () => {
    describeMissing(subject);
    describeAbort(subject);
  });
}

function describeMissing(subject: Subject): void {
  it("getEvent(), updateEvent() and deleteEvent() say when the event does not exist", async () => {
    const { port, mailbox } = subject;
    const { id } = await subject.create(await subject.makeCalendar());
    await port.deleteEvent(mailbox, id);
    const missing = { code: "CALENDAR_NOT_FOUND" };
    await expect(port.getEvent(mailbox, id)).rejects.toMatchObject(missing);
    await expect(port.updateEvent(mailbox, id, { subject: "Late" })).rejects.toMatchObject(missing);
    await expect(port.deleteEvent(mailbox, id)).rejects.toMatchObject(missing);
  });

  it("listEvents() and createEvent() say when the calendar does not exist", async () => {
    const { port, mailbox } = subject;
    const { id } = await port.createCalendar(mailbox, subject.nextName());
    await port.deleteCalendar(mailbox, id);
    const missing = { code: "CALENDAR_NOT_FOUND" };
    await expect(subject.list(id, "2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z")).rejects.toMatchObject(
      missing,
    );
    await expect(subject.create(id)).rejects.toMatchObject(missing);
    await expect(port.deleteCalendar(mailbox, id)).rejects.toMatchObject(missing);
  });

  it("every call says when the mailbox does not exist", async () => {
    const { port, unknownMailbox } = subject;
    const missing = { code: "CALENDAR_MAILBOX_NOT_FOUND" };
    await expect(port.listCalendars(unknownMailbox)).rejects.toMatchObject(missing);
    await expect(readFirst(subject, unknownMailbox)).rejects.toMatchObject(missing);
    const draft = {
      subject: "Nowhere",
      start: { dateTime: "2026-06-01T09:00:00", ianaZone: "UTC" },
      end: { dateTime: "2026-06-01T10:00:00", ianaZone: "UTC" },
    };
    await expect(port.createEvent(unknownMailbox, draft)).rejects.toMatchObject(missing);
  });

  it("createEvent() refuses an event that ends before it starts", async () => {
    const calendarId = await subject.makeCalendar();
    const end = { dateTime: "2026-06-01T08:00:00", ianaZone: "Europe/London" };
    await expect(subject.create(calendarId, { end })).rejects.toMatchObject({ code: "CALENDAR_REJECTED" });
  });

  it("listEvents() takes a window that does not end after it starts as misuse", async () => {
    const { port, mailbox } = subject;
    const window = { from: NOWHERE.to, to: NOWHERE.from };
    await expect(port.listEvents(mailbox, window)[Symbol.asyncIterator]().next()).rejects.toBeInstanceOf(
      RangeError,
    );
  });
}

function describeAbort(subject: Subject): void {
  it("every call gives up with the reason of its signal", async () => {
    const { port, mailbox } = subject;
    const reason = new Error("no longer wanted");
    const signal = AbortSignal.abort(reason);
    await expect(port.listCalendars(mailbox, { signal })).rejects.toBe(reason);
    await expect(readFirst(subject, mailbox, signal)).rejects.toBe(reason);
    await expect(port.getEvent(mailbox, "any", { signal })).rejects.toBe(reason);
    await expect(port.deleteEvent(mailbox, "any", { signal })).rejects.toBe(reason);
    await expect(port.createCalendar(mailbox, subject.nextName(), { signal })).rejects.toBe(reason);
  });

  it("listEvents() gives up between two events", async () => {
    const calendarId = await subject.makeCalendar();
    await subject.create(calendarId);
    await subject.create(calendarId);
    const controller = new AbortController();
    const reason = new Error("enough");
    const window = { ...NOWHERE, calendarId, signal: controller.signal };
    const events = subject.port.listEvents(subject.mailbox, window)[Symbol.asyncIterator]();
    expect((await events.next()).done).toBe(false);
    controller.abort(reason);
    await expect(events.next()).rejects.toBe(reason);
  });
}

async function readFirst(
  subject: Subject,
  mailbox: string,
  signal?: AbortSignal | undefined,
): Promise<unknown> {
  return subject.port
    .listEvents(mailbox, { ...NOWHERE, signal })
    [Symbol.asyncIterator]()
    .next();
}

async function namesOf(subject: Subject): Promise<readonly string[]> {
  return (await subject.port.listCalendars(subject.mailbox)).map(({ name }) => name);
}
