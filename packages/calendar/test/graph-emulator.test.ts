/** What the Graph wing makes of a service that refuses, stumbles and loses answers. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CalendarEvent, EventDraft } from "../src/index.ts";
import { type EmulatedSchool, startSchool } from "./emulated-school.ts";

const MAILBOX = "room-12@school.example";
const WINDOW = { from: new Date("2026-06-01T00:00:00Z"), to: new Date("2026-06-02T00:00:00Z") };
const DRAFT: EventDraft = {
  subject: "Physics",
  start: { dateTime: "2026-06-01T09:00:00", ianaZone: "Europe/London" },
  end: { dateTime: "2026-06-01T10:00:00", ianaZone: "Europe/London" },
};

let school: EmulatedSchool;
beforeAll(async () => {
  school = await startSchool();
});
afterAll(() => school.close());
beforeEach(() => school.emulator.reset());

async function list(mailbox = MAILBOX, calendar = school.calendar): Promise<CalendarEvent[]> {
  const events: CalendarEvent[] = [];
  for await (const event of calendar.listEvents(mailbox, WINDOW)) events.push(event);
  return events;
}

describe("the Graph wing and mailboxes that cannot be had", () => {
  it.each([
    ["a group", "lower@school.example", "CALENDAR_IS_A_GROUP"],
    ["an account without mailbox", "no-mailbox@school.example", "CALENDAR_MAILBOX_NOT_ENABLED"],
    ["nobody", "nobody@school.example", "CALENDAR_MAILBOX_NOT_FOUND"],
    ["an id that nobody has", "7f000000-0000-4000-8000-000000000000", "CALENDAR_MAILBOX_NOT_FOUND"],
  ])("names %s", async (_, mailbox, code) => {
    await expect(list(mailbox)).rejects.toMatchObject({ code, details: { mailbox } });
    await expect(school.calendar.createEvent(mailbox, DRAFT)).rejects.toMatchObject({ code });
  });

  it("names a permission that is missing", async () => {
    expect(await list(MAILBOX, school.readingCalendar)).toEqual([]);
    await expect(school.readingCalendar.createEvent(MAILBOX, DRAFT)).rejects.toMatchObject({
      code: "CALENDAR_ACCESS_DENIED",
      exitCode: 1,
      details: { status: 403, code: "ErrorAccessDenied" },
    });
    expect(await list()).toEqual([]);
  });

  it("names a token for another audience", async () => {
    await expect(list(MAILBOX, school.foreignCalendar)).rejects.toMatchObject({
      code: "CALENDAR_TOKEN_REFUSED",
      exitCode: 4,
      details: { status: 401 },
    });
  });

  it("keeps the ids of the request for whoever asks Microsoft", async () => {
    const error = await list("nobody@school.example").catch((thrown: unknown) => thrown);
    const { details } = error as { readonly details: Record<string, string> };
    const [request] = school.emulator.requests().filter(({ url }) => url.includes("nobody"));
    expect(details["requestId"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.stringify(request)).toContain(details["clientRequestId"]);
  });

  it("takes a mailbox by its id as well", async () => {
    await school.calendar.createEvent(MAILBOX, DRAFT);
    const user = await school.directory.getUser(MAILBOX);
    expect(await list(user.id)).toHaveLength(1);
  });
});

describe("the Graph wing and lost answers", () => {
  const lose = (method: string): void => {
    school.emulator.faults.add({ endpoint: "graph", kind: "drop", when: "after", method, times: 1 });
  };

  it("createEvent() with transaction id makes one event", async () => {
    lose("POST");
    const event = await school.calendar.createEvent(MAILBOX, DRAFT, { transactionId: "physics-1" });
    expect((await list()).map(({ id }) => id)).toEqual([event.id]);
  });

  it("createEvent() without transaction id says that it cannot know, and has not tried twice", async () => {
    lose("POST");
    await expect(school.calendar.createEvent(MAILBOX, DRAFT)).rejects.toMatchObject({
      code: "CALENDAR_WRITE_UNCERTAIN",
    });
    expect(await list()).toHaveLength(1);
  });

  it("createEvent() is found by its property after such a loss", async () => {
    lose("POST");
    const properties = { NightlatchKey: "7A/physics/2026-06-01" };
    await expect(school.calendar.createEvent(MAILBOX, { ...DRAFT, properties })).rejects.toMatchObject({
      code: "CALENDAR_WRITE_UNCERTAIN",
    });
    const query = { name: "NightlatchKey", value: properties.NightlatchKey };
    expect(await school.calendar.findEvents(MAILBOX, query)).toHaveLength(1);
  });

  it("updateEvent() arrives", async () => {
    const { id } = await school.calendar.createEvent(MAILBOX, DRAFT);
    lose("PATCH");
    await school.calendar.updateEvent(MAILBOX, id, { subject: "Late" });
    expect((await school.calendar.getEvent(MAILBOX, id)).subject).toBe("Late");
  });

  it("updateEvent() of a version that its lost attempt has replaced says that it cannot know", async () => {
    const { id, changeKey } = await school.calendar.createEvent(MAILBOX, DRAFT);
    lose("PATCH");
    await expect(
      school.calendar.updateEvent(MAILBOX, id, { subject: "Late" }, { changeKey }),
    ).rejects.toMatchObject({ code: "CALENDAR_WRITE_UNCERTAIN" });
    expect((await school.calendar.getEvent(MAILBOX, id)).subject).toBe("Late");
  });

  it("deleteEvent() is done when its lost attempt has deleted", async () => {
    const { id, changeKey } = await school.calendar.createEvent(MAILBOX, DRAFT);
    lose("DELETE");
    await school.calendar.deleteEvent(MAILBOX, id, { changeKey });
    expect(await list()).toEqual([]);
  });

  it("listEvents() is repeated", async () => {
    await school.calendar.createEvent(MAILBOX, DRAFT);
    lose("GET");
    expect(await list()).toHaveLength(1);
  });
});

describe("the Graph wing and a service under load", () => {
  it("waits as long as it is asked to and is then served", async () => {
    await school.calendar.createEvent(MAILBOX, DRAFT);
    school.emulator.faults.add({ endpoint: "graph", kind: "throttle", retryAfterSeconds: 1, times: 1 });
    const startedAtMs = Date.now();
    expect(await list()).toHaveLength(1);
    expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(1000);
  });

  it("never takes a page that failed for the end of the list", async () => {
    await school.calendar.createEvent(MAILBOX, DRAFT);
    school.emulator.faults.add({ endpoint: "graph", kind: "status", status: 503, method: "GET" });
    await expect(list()).rejects.toMatchObject({ code: "CALENDAR_UNAVAILABLE", retryable: true });
    school.emulator.faults.clear();
    school.emulator.faults.add({
      endpoint: "graph",
      kind: "status",
      status: 200,
      body: "<html>",
      method: "GET",
    });
    await expect(list()).rejects.toMatchObject({ code: "CALENDAR_UNREADABLE_ANSWER" });
  });

  it("gives up a request on its way with the reason of the signal", async () => {
    school.emulator.faults.add({ endpoint: "graph", kind: "latency", latencyMs: 5000, method: "GET" });
    const reason = new Error("no longer wanted");
    const controller = new AbortController();
    const calendars = school.calendar.listCalendars(MAILBOX, { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 50);
    await expect(calendars).rejects.toBe(reason);
  });
});
