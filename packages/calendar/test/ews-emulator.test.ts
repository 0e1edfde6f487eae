/** What the EWS wing and an Exchange make of each other: rights, refusals, lost answers, and the same mailbox in Graph. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { judgeEveryBody } from "../../emulator/test/ews-judge.ts";
import type { CalendarEvent, CalendarPort, EventDraft } from "../src/index.ts";
import { type EwsSchool, startEwsSchool } from "./ews-school.ts";

judgeEveryBody({ atLeast: 60 });

const MAILBOX = "room-12@school.example";
const WINDOW = { from: new Date("2026-06-01T00:00:00Z"), to: new Date("2026-06-02T00:00:00Z") };
const SEPTEMBER = { from: new Date("2026-09-01T00:00:00Z"), to: new Date("2026-10-01T00:00:00Z") };
const LONDON = { ianaZone: "Europe/London" } as const;
const DRAFT: EventDraft = {
  subject: "Physics",
  start: { dateTime: "2026-06-01T09:00:00", ...LONDON },
  end: { dateTime: "2026-06-01T10:00:00", ...LONDON },
};
const SERIES: EventDraft = {
  subject: "Chemistry",
  start: { dateTime: "2026-09-07T09:00:00", ...LONDON },
  end: { dateTime: "2026-09-07T10:00:00", ...LONDON },
  recurrence: {
    pattern: { type: "weekly", interval: 1, daysOfWeek: ["monday"], firstDayOfWeek: "monday" },
    range: { type: "numbered", startsOn: "2026-09-07", occurrenceCount: 4, ...LONDON },
  },
};

let school: EwsSchool;
beforeAll(async () => {
  school = await startEwsSchool();
});
afterAll(() => school.close());
beforeEach(() => school.emulator.reset());

async function list(calendar: CalendarPort, window = WINDOW, mailbox = MAILBOX): Promise<CalendarEvent[]> {
  const events: CalendarEvent[] = [];
  for await (const event of calendar.listEvents(mailbox, window)) events.push(event);
  return events;
}

describe("the EWS wing and those whom Exchange turns away", () => {
  it.each([
    ["nobody", "nobody@school.example"],
    ["an account without mailbox", "no-mailbox@school.example"],
  ])("names %s", async (_, mailbox) => {
    const missing = { code: "CALENDAR_MAILBOX_NOT_FOUND", details: { mailbox } };
    await expect(list(school.calendar, WINDOW, mailbox)).rejects.toMatchObject(missing);
    await expect(school.calendar.createEvent(mailbox, DRAFT)).rejects.toMatchObject(missing);
  });

  it("says that a secret is too weak and a certificate is wanted", async () => {
    await expect(list(school.weakCalendar)).rejects.toMatchObject({
      code: "CALENDAR_TOKEN_REFUSED",
      exitCode: 4,
      hint: expect.stringMatching(/certificate/),
      details: { status: 401, xMsDiagnostics: expect.stringMatching(/^2000010;/) },
    });
  });

  it("names the permission that is missing", async () => {
    await expect(list(school.readingCalendar)).rejects.toMatchObject({
      code: "CALENDAR_ACCESS_DENIED",
      hint: expect.stringMatching(/full_access_as_app/),
      details: { xMsDiagnostics: expect.stringMatching(/^2000008;/) },
    });
  });

  it("says that a token for Graph is none for Exchange", async () => {
    await expect(list(school.foreignCalendar)).rejects.toMatchObject({
      code: "CALENDAR_TOKEN_REFUSED",
      exitCode: 4,
      hint: expect.stringMatching(/outlook\.office365\.com/),
      details: { xMsDiagnostics: expect.stringMatching(/^2000003;/) },
    });
  });

  it("says that a version of the schema is too old for what the wing asks", async () => {
    await expect(school.versionOf("Exchange2007_SP1").createEvent(MAILBOX, DRAFT)).rejects.toMatchObject({
      code: "CALENDAR_REJECTED",
      hint: expect.stringMatching(/serverVersion/),
      details: { responseCode: "ErrorIncorrectSchemaVersion" },
    });
  });

  it("keeps the ids of the request for whoever asks Microsoft", async () => {
    const error = await list(school.calendar, WINDOW, "nobody@school.example").catch(
      (thrown: unknown) => thrown,
    );
    const { details } = error as { readonly details: Record<string, string> };
    expect(details["requestId"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(details["responseCode"]).toBe("ErrorNonExistentMailbox");
    expect(JSON.stringify(school.emulator.requests())).toContain(details["clientRequestId"]);
  });
});

describe("the EWS wing and the Graph wing", () => {
  it("see the same event, its members and own properties", async () => {
    const properties = { NightlatchKey: "7A & 7B" };
    await school.calendar.createEvent(MAILBOX, {
      ...DRAFT,
      location: "Laboratory 3",
      showAs: "oof",
      properties,
    });
    const [seen] = await school.graph
      .findEvents(MAILBOX, { name: "NightlatchKey", value: "7A & 7B" })
      .then((found) => [...found]);
    expect(seen).toMatchObject({ ...DRAFT, location: "Laboratory 3", showAs: "oof", properties });
    await school.graph.updateEvent(MAILBOX, seen?.id ?? "", { subject: "Physics moved" });
    expect((await list(school.calendar)).map(({ subject }) => subject)).toEqual(["Physics moved"]);
  });

  it("see the same series, with its moved and deleted occurrences", async () => {
    const master = await school.graph.createEvent(MAILBOX, SERIES);
    const [, second, third] = await list(school.graph, SEPTEMBER);
    await school.graph.updateEvent(MAILBOX, second?.id ?? "", {
      start: { dateTime: "2026-09-16T14:00:00", ...LONDON },
      end: { dateTime: "2026-09-16T15:00:00", ...LONDON },
    });
    await school.graph.deleteEvent(MAILBOX, third?.id ?? "");
    const events = await list(school.calendar, SEPTEMBER);
    expect(events.map(({ start, type }) => [start.dateTime, type])).toEqual([
      ["2026-09-07T09:00:00", "occurrence"],
      ["2026-09-16T14:00:00", "exception"],
      ["2026-09-28T09:00:00", "occurrence"],
    ]);
    expect(events[1]?.originalStartAt).toEqual(new Date("2026-09-14T08:00:00Z"));
    const seriesMaster = await school.calendar.getEvent(MAILBOX, events[0]?.seriesMasterId ?? "");
    expect(seriesMaster).toMatchObject({
      subject: master.subject,
      type: "seriesMaster",
      recurrence: SERIES.recurrence,
    });
  });

  it("see the same calendars", async () => {
    const { id } = await school.graph.createCalendar(MAILBOX, "Year 7");
    const named = (calendars: readonly { readonly name: string }[]) =>
      calendars.map(({ name }) => name).sort();
    const calendars = await school.calendar.listCalendars(MAILBOX);
    expect(named(calendars)).toEqual(named(await school.graph.listCalendars(MAILBOX)));
    expect(calendars.some((calendar) => calendar.name === "Year 7")).toBe(true);
    await school.graph.deleteCalendar(MAILBOX, id);
    expect((await school.calendar.listCalendars(MAILBOX)).map(({ name }) => name)).not.toContain("Year 7");
  });

  it("send invitations to the same people", async () => {
    const attendees = [
      { mailboxAddress: "year-7@school.example", displayName: "Year 7", type: "required" },
      { mailboxAddress: "room-13@school.example", type: "resource" },
    ] as const;
    const { id } = await school.calendar.createEvent(MAILBOX, { ...DRAFT, attendees });
    const [listed] = await list(school.calendar);
    expect(listed?.attendees).toMatchObject(attendees);
    expect((await list(school.graph))[0]?.attendees).toMatchObject(attendees);
    await school.calendar.updateEvent(MAILBOX, id, { attendees: [] });
    expect((await school.calendar.getEvent(MAILBOX, id)).attendees).toEqual([]);
  });
});

describe("the EWS wing and lost answers", () => {
  const lose = (times = 1): void => {
    school.emulator.faults.add({ endpoint: "ews", kind: "drop", when: "after", times });
  };

  it("createEvent() says that it cannot know, has not tried twice, and the event is found by its property", async () => {
    const properties = { NightlatchKey: "7A/physics/2026-06-01" };
    await list(school.calendar);
    lose();
    await expect(
      school.calendar.createEvent(MAILBOX, { ...DRAFT, properties }, { transactionId: "physics-1" }),
    ).rejects.toMatchObject({ code: "CALENDAR_WRITE_UNCERTAIN" });
    const query = { name: "NightlatchKey", value: properties.NightlatchKey };
    expect(await school.calendar.findEvents(MAILBOX, query)).toHaveLength(1);
    expect(await list(school.calendar)).toHaveLength(1);
  });

  it("updateEvent() arrives; of a version that its lost attempt has replaced it says that it cannot know", async () => {
    const { id, changeKey } = await school.calendar.createEvent(MAILBOX, DRAFT);
    lose();
    const late = await school.calendar.updateEvent(MAILBOX, id, { subject: "Late" });
    expect(late.subject).toBe("Late");
    expect(late.changeKey).not.toBe(changeKey);
    lose();
    await expect(
      school.calendar.updateEvent(MAILBOX, id, { subject: "Later" }, { changeKey: late.changeKey }),
    ).rejects.toMatchObject({ code: "CALENDAR_WRITE_UNCERTAIN" });
    expect((await school.calendar.getEvent(MAILBOX, id)).subject).toBe("Later");
  });

  it("deleteEvent() is done when its lost attempt has deleted", async () => {
    const { id } = await school.calendar.createEvent(MAILBOX, DRAFT);
    lose();
    await school.calendar.deleteEvent(MAILBOX, id);
    expect(await list(school.calendar)).toEqual([]);
  });

  it("listEvents() is repeated", async () => {
    await school.calendar.createEvent(MAILBOX, DRAFT);
    lose();
    expect(await list(school.calendar)).toHaveLength(1);
  });
});

describe("the EWS wing and a service under load", () => {
  it("never takes an answer that failed for the end of the list", async () => {
    await school.calendar.createEvent(MAILBOX, DRAFT);
    school.emulator.faults.add({ endpoint: "ews", kind: "status", status: 503 });
    await expect(list(school.calendar)).rejects.toMatchObject({
      code: "CALENDAR_UNAVAILABLE",
      retryable: true,
    });
    school.emulator.faults.clear();
    school.emulator.faults.add({ endpoint: "ews", kind: "status", status: 200, body: "<html>" });
    await expect(list(school.calendar)).rejects.toMatchObject({ code: "CALENDAR_UNREADABLE_ANSWER" });
  });

  it("gives up a request on its way with the reason of the signal", async () => {
    await list(school.calendar);
    school.emulator.faults.add({ endpoint: "ews", kind: "latency", latencyMs: 5000 });
    const reason = new Error("no longer wanted");
    const controller = new AbortController();
    const calendars = school.calendar.listCalendars(MAILBOX, { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 50);
    await expect(calendars).rejects.toBe(reason);
  });
});

describe("the EWS wing and a strict Exchange", () => {
  let strict: EwsSchool;
  beforeAll(async () => {
    const throttle = { concurrency: 1, backOffMs: 20 };
    strict = await startEwsSchool({ findCountLimit: 7, throttle });
  });
  afterAll(() => strict.close());

  it("lists all in order where it gives seven at once and serves one request at a time", async () => {
    const drafts = Array.from({ length: 16 }, (_, index) => ({
      ...DRAFT,
      subject: `Lesson ${index}`,
      start: { dateTime: `2026-06-01T08:${String(index + 10)}:00`, ...LONDON },
      end: { dateTime: `2026-06-01T08:${String(index + 10)}:30`, ...LONDON },
    }));
    const patient = { maxAttempts: 60, baseDelayMs: 5, maxDelayMs: 40 };
    const calendar = strict.makeCalendar(patient);
    await Promise.all(drafts.map((draft) => calendar.createEvent(MAILBOX, draft)));
    const hour = { from: new Date("2026-06-01T07:00:00Z"), to: new Date("2026-06-01T08:00:00Z") };
    const lists = await Promise.all([list(calendar, hour), list(calendar, hour)]);
    for (const events of lists) {
      expect(events.map(({ subject }) => subject)).toEqual(drafts.map(({ subject }) => subject));
    }
    expect(strict.emulator.requests().filter(({ status }) => status === 500).length).toBeGreaterThan(0);
  });
});

describe("listChanges() against Exchange", () => {
  it("gives all that there is, and later what changed", async () => {
    const { calendar } = school;
    const first = await calendar.createEvent(MAILBOX, DRAFT);
    const gone = await calendar.createEvent(MAILBOX, { ...DRAFT, subject: "Gone" });
    const series = await calendar.createEvent(MAILBOX, SERIES);
    const { seen: all, syncState } = await changes();
    expect(new Set(all)).toEqual(new Set([first, gone, series].map(({ subject }) => `created ${subject}`)));
    await calendar.updateEvent(MAILBOX, first.id, { subject: "Physics moved" });
    await calendar.deleteEvent(MAILBOX, gone.id);
    const { seen, syncState: next } = await changes(syncState);
    expect(new Set(seen)).toEqual(new Set(["updated Physics moved", `deleted ${gone.id}`]));
    expect((await changes(next)).seen).toEqual([]);
  });

  it("reads all of more than one page", async () => {
    const drafts = Array.from({ length: 600 }, (_, index) => ({ ...DRAFT, subject: `Lesson ${index}` }));
    await Promise.all(drafts.map((draft) => school.graph.createEvent(MAILBOX, draft)));
    const { seen } = await changes();
    expect(new Set(seen)).toEqual(new Set(drafts.map(({ subject }) => `created ${subject}`)));
    expect(seen).toHaveLength(600);
  });

  it("says when the state is none", async () => {
    await expect(changes("no state")).rejects.toMatchObject({
      details: { responseCode: "ErrorInvalidSyncStateData" },
    });
  });
});

async function changes(
  syncState?: string,
): Promise<{ readonly seen: readonly string[]; readonly syncState: string }> {
  const seen: string[] = [];
  let last = "";
  for await (const change of school.calendar.listChanges(MAILBOX, { syncState })) {
    if (change.type === "state") last = change.syncState;
    else seen.push(`${change.type} ${change.type === "deleted" ? change.eventId : change.event.subject}`);
  }
  return { seen, syncState: last };
}
