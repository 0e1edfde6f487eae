import { type CalendarPort, calendarError, createMemoryCalendar } from "@nightlatch/calendar";
import { describe, expect, it } from "vitest";
import { applyPlan, type MailboxPlan, planSync, summarisePlan } from "../src/index.ts";
import { eventsOf, forgetfulCalendar, lessonsOf, ROOM, timetableOf, writesOf } from "./lessons.ts";

const YEAR7 = "year7@school.example";

async function written(lessons: Parameters<typeof timetableOf>[0], calendar = createMemoryCalendar()) {
  await applyPlan(await planSync(timetableOf(lessons), calendar, { allowDeletes: true }), calendar);
  return calendar;
}

function planOf(plan: { readonly mailboxes: readonly MailboxPlan[] }, mailbox = ROOM): MailboxPlan {
  const found = plan.mailboxes.find((candidate) => candidate.mailbox === mailbox);
  if (found === undefined) throw new Error(`${mailbox} is not in the plan`);
  return found;
}

describe("planSync()", () => {
  it("creates what is new, changes what differs, deletes what is gone, and says why", async () => {
    const calendar = await written([
      { id: "1" },
      { id: "2", day: "2026-09-08" },
      { id: "3", day: "2026-09-09" },
    ]);
    const timetable = timetableOf([
      { id: "1" },
      { id: "2", day: "2026-09-10", location: "Hall" },
      { id: "4", day: "2026-09-11" },
    ]);
    const plan = await planSync(timetable, calendar);
    const { creates, updates, deletes, unchangedCount } = planOf(plan);
    expect(creates).toMatchObject([{ key: "timetable|4|", reason: "new in the timetable" }]);
    expect(updates).toMatchObject([{ key: "timetable|2|", reason: "changed in the timetable" }]);
    expect(updates[0]?.changes).toEqual([
      { field: "start", from: "2026-09-08T09:00:00 Europe/London", to: "2026-09-10T09:00:00 Europe/London" },
      { field: "end", from: "2026-09-08T23:00:00 Europe/London", to: "2026-09-10T23:00:00 Europe/London" },
      { field: "location", from: "", to: "Hall" },
    ]);
    expect(deletes).toMatchObject([
      { key: "timetable|3|", reason: "no longer in the timetable", subject: "Physics" },
    ]);
    expect(unchangedCount).toBe(1);
    expect(summarisePlan(plan)).toMatchObject({
      creates: 1,
      updates: 1,
      deletes: 1,
      unchanged: 1,
      isInSync: false,
    });
  });

  it("is plain data that survives JSON", async () => {
    const calendar = await written([{ id: "1" }, { id: "2" }]);
    const plan = await planSync(timetableOf([{ id: "2", location: "Hall" }, { id: "3" }]), calendar);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    await applyPlan(JSON.parse(JSON.stringify(plan)), calendar);
    expect((await eventsOf(calendar)).map((event) => event.location).sort()).toEqual(["", "Hall"]);
  });

  it("reads each mailbox in one pass and writes nothing", async () => {
    const calendar = await written([...lessonsOf(30), ...lessonsOf(30, YEAR7)]);
    const before = calendar.calls.length;
    await planSync(timetableOf([...lessonsOf(30), ...lessonsOf(30, YEAR7)]), calendar);
    expect(calendar.calls.slice(before).map((call) => call.operation)).toEqual(["listEvents", "listEvents"]);
  });

  it("names the description when nothing that is read explains another hash", async () => {
    const calendar = await written([{ id: "1", description: "Bring the workbook" }]);
    const plan = await planSync(timetableOf([{ id: "1", description: "Bring nothing" }]), calendar);
    expect(planOf(plan).updates[0]?.changes).toEqual([{ field: "description" }]);
  });

  it.each([
    ["subject", { subject: "Physics (see me)" }],
    ["start", { start: { dateTime: "2026-09-07T10:00:00", ianaZone: "Europe/London" } }],
    ["end", { end: { dateTime: "2026-09-07T22:00:00", ianaZone: "Europe/London" } }],
    ["location", { location: "My office" }],
    ["categories", { categories: ["Red"] }],
    ["showAs", { showAs: "free" as const }],
    ["sensitivity", { sensitivity: "private" as const }],
  ])("repairs a %s that was changed in the mailbox", async (field, changes) => {
    const calendar = await written([{ id: "1" }]);
    const [event] = await eventsOf(calendar);
    await calendar.updateEvent(ROOM, event?.id ?? "", changes);
    const plan = await planSync(timetableOf([{ id: "1" }]), calendar);
    expect(planOf(plan).updates).toMatchObject([{ reason: "changed in the mailbox", changes: [{ field }] }]);
    await applyPlan(plan, calendar);
    const [repaired] = await eventsOf(calendar);
    expect({ ...repaired, changeKey: "", lastModifiedAt: 0 }).toEqual({
      ...event,
      changeKey: "",
      lastModifiedAt: 0,
    });
  });

  it("repairs an event that was dragged out of the window, without a second copy", async () => {
    const calendar = await written([{ id: "1" }]);
    const [event] = await eventsOf(calendar);
    await calendar.updateEvent(ROOM, event?.id ?? "", {
      start: { dateTime: "2026-08-20T09:00:00", ianaZone: "Europe/London" },
      end: { dateTime: "2026-08-20T10:00:00", ianaZone: "Europe/London" },
    });
    const plan = await planSync(timetableOf([{ id: "1" }]), calendar);
    expect(plan.totals).toMatchObject({ creates: 0, updates: 1, deletes: 0 });
  });

  it("never touches events of others: by hand, of another source, outside the window", async () => {
    const calendar = createMemoryCalendar();
    const at = (day: string) => ({
      start: { dateTime: `${day}T09:00:00`, ianaZone: "Europe/London" },
      end: { dateTime: `${day}T10:00:00`, ianaZone: "Europe/London" },
    });
    await calendar.createEvent(ROOM, { subject: "By hand", ...at("2026-09-07") });
    const foreign = { NightlatchSource: "exams", NightlatchKey: "exams|1|", NightlatchHash: "x" };
    await calendar.createEvent(ROOM, { subject: "Exam", ...at("2026-09-07"), properties: foreign });
    const past = { NightlatchSource: "timetable", NightlatchKey: "timetable|9|", NightlatchHash: "x" };
    await calendar.createEvent(ROOM, { subject: "Last year", ...at("2026-08-20"), properties: past });
    const plan = await planSync(timetableOf([{ id: "1" }]), calendar, { allowDeletes: true });
    expect(plan.totals).toMatchObject({ creates: 1, updates: 0, deletes: 0 });
  });

  it("deletes all copies of an event but the oldest", async () => {
    let minute = 0;
    const memory = createMemoryCalendar({ now: () => new Date(Date.UTC(2026, 7, 1, 0, minute++)) });
    const plan = await planSync(timetableOf([{ id: "1" }]), memory);
    await applyPlan(plan, memory);
    const [oldest] = await eventsOf(memory);
    const { subject, start, end, properties } = oldest ?? {};
    if (subject === undefined || start === undefined || end === undefined)
      throw new Error("nothing was written");
    const copy = { subject, start, end, ...(properties === undefined ? {} : { properties }) };
    for (const number of [1, 2]) await memory.createEvent(ROOM, { ...copy, location: `Copy ${number}` });
    const again = await planSync(timetableOf([{ id: "1" }]), memory);
    expect(planOf(again).deletes.map((action) => action.reason)).toEqual(["written twice", "written twice"]);
    await applyPlan(again, memory);
    expect((await eventsOf(memory)).map((event) => event.id)).toEqual([oldest?.id]);
  });

  it("replaces an event that somebody turned into a series", async () => {
    const calendar = await written([{ id: "1" }]);
    const [event] = await eventsOf(calendar);
    await calendar.updateEvent(ROOM, event?.id ?? "", {
      recurrence: {
        pattern: { type: "daily", interval: 1 },
        range: { type: "numbered", startsOn: "2026-09-07", occurrenceCount: 20, ianaZone: "Europe/London" },
      },
    });
    const plan = await planSync(timetableOf([{ id: "1" }]), calendar);
    expect(plan.totals).toMatchObject({ creates: 1, deletes: 1 });
    expect(plan.refusals).toEqual([]);
    await applyPlan(plan, calendar);
    expect(await eventsOf(calendar)).toMatchObject([{ type: "singleInstance", subject: "Physics" }]);
    expect((await planSync(timetableOf([{ id: "1" }]), calendar)).totals).toMatchObject({
      creates: 0,
      deletes: 0,
    });
  });

  it("refuses an empty timetable unless it is meant", async () => {
    const calendar = await written(lessonsOf(3));
    await expect(planSync(timetableOf([]), calendar)).rejects.toMatchObject({ code: "SYNC_SOURCE_EMPTY" });
    const plan = await planSync(timetableOf([]), calendar, { allowEmpty: true, mailboxes: [ROOM] });
    expect(plan.totals.deletes).toBe(3);
  });

  it("keeps mailboxes in line of which the timetable says nothing any more, when told to", async () => {
    const calendar = await written([{ id: "1" }, { id: "2", mailbox: YEAR7 }]);
    const left = timetableOf([{ id: "1" }]);
    expect((await planSync(left, calendar)).totals.deletes).toBe(0);
    expect((await planSync(left, calendar, { mailboxes: [YEAR7.toUpperCase()] })).totals.deletes).toBe(1);
  });

  it("lists a mailbox that cannot be read as failed and plans the others", async () => {
    const calendar = createMemoryCalendar({
      beforeCall: ({ mailbox }) => {
        if (mailbox === YEAR7) throw calendarError("CALENDAR_ACCESS_DENIED", "Not this one");
      },
    });
    const plan = await planSync(timetableOf([{ id: "1" }, { id: "2", mailbox: YEAR7 }]), calendar);
    expect(planOf(plan, YEAR7)).toMatchObject({
      outcome: "failed",
      error: { code: "CALENDAR_ACCESS_DENIED" },
      creates: [],
    });
    expect(planOf(plan).creates).toHaveLength(1);
    expect(plan.totals.failedMailboxes).toBe(1);
  });

  it("takes anything unforeseen for a failure of that mailbox alone", async () => {
    const calendar = createMemoryCalendar({
      beforeCall: ({ mailbox }) => {
        if (mailbox === YEAR7) throw new TypeError("x is not a function");
      },
    });
    const timetable = timetableOf([{ id: "1" }, { id: "2", mailbox: YEAR7 }]);
    const plan = await planSync(timetable, calendar);
    expect(planOf(plan, YEAR7)).toMatchObject({ outcome: "failed", error: { code: "SYNC_MAILBOX_FAILED" } });
    expect(planOf(plan).creates).toHaveLength(1);
  });

  it("takes a list that breaks off for a failure, never for a short list", async () => {
    const calendar = await written(lessonsOf(20));
    const broken: CalendarPort = {
      ...forgetfulCalendar(calendar),
      async *listEvents(mailbox, window) {
        let count = 0;
        for await (const event of calendar.listEvents(mailbox, window)) {
          if (count++ === 10) throw calendarError("CALENDAR_THROTTLED", "Too many requests");
          yield event;
        }
      },
    };
    const plan = await planSync(timetableOf(lessonsOf(20)), broken);
    expect(planOf(plan)).toMatchObject({ outcome: "failed", creates: [], updates: [], deletes: [] });
  });

  it("gives up at once when the sign-in is refused or the signal says so", async () => {
    const calendar = createMemoryCalendar({
      beforeCall: () => {
        throw calendarError("CALENDAR_TOKEN_REFUSED", "Wrong audience");
      },
    });
    await expect(planSync(timetableOf([{ id: "1" }]), calendar)).rejects.toMatchObject({ exitCode: 4 });
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(planSync(timetableOf([{ id: "1" }]), createMemoryCalendar(), { signal })).rejects.toThrow(
      "enough",
    );
  });

  it("recognises two addresses of one mailbox before they delete each other's events", async () => {
    const calendar = createMemoryCalendar();
    const alias = "physics-room@school.example";
    const aliased: CalendarPort = {
      ...forgetfulCalendar(calendar),
      listEvents: (_mailbox, window) => calendar.listEvents(ROOM, window),
      createEvent: (_mailbox, draft) => calendar.createEvent(ROOM, draft),
    };
    const timetable = timetableOf([{ id: "1" }, { id: "2", mailbox: alias }, { id: "3", mailbox: YEAR7 }]);
    await applyPlan(
      await planSync(timetableOf([{ id: "1" }, { id: "2", mailbox: alias }]), aliased),
      aliased,
    );
    const plan = await planSync(timetable, aliased);
    for (const mailbox of [ROOM, alias]) {
      expect(planOf(plan, mailbox)).toMatchObject({
        outcome: "failed",
        error: { code: "SYNC_MAILBOX_ALIAS" },
      });
    }
    expect(plan.totals.deletes).toBe(0);
  });

  it("keeps apart keys that differ only in case", async () => {
    const calendar = await written([{ id: "a" }, { id: "A", day: "2026-09-08" }]);
    expect(
      (await planSync(timetableOf([{ id: "a" }, { id: "A", day: "2026-09-08" }]), calendar)).totals,
    ).toEqual({
      creates: 0,
      updates: 0,
      deletes: 0,
      unchanged: 2,
      failedMailboxes: 0,
    });
  });

  it("reports its progress", async () => {
    const seen: string[] = [];
    const timetable = timetableOf([{ id: "1" }, { id: "2", mailbox: YEAR7 }]);
    await planSync(timetable, createMemoryCalendar(), {
      mailboxConcurrency: 1,
      onProgress: ({ done, total, mailbox }) => seen.push(`${done}/${total} ${mailbox}`),
    });
    expect(seen).toEqual([`1/2 ${ROOM}`, `2/2 ${YEAR7}`]);
  });

  describe("with groups", () => {
    const group = "science@school.example";
    const members = ["t1@school.example", "T2@school.example"];
    const lessons = [
      { id: "1", mailbox: group },
      { id: "2", mailbox: "t1@school.example" },
    ];

    it("writes what is said of a group into the calendars of its members", async () => {
      const calendar = createMemoryCalendar();
      const expandGroup = async (mailbox: string) => (mailbox === group ? members : undefined);
      const plan = await planSync(timetableOf(lessons), calendar, { expandGroup });
      expect(plan.mailboxes.map(({ mailbox, creates }) => [mailbox, creates.length])).toEqual([
        ["t1@school.example", 2],
        ["t2@school.example", 1],
      ]);
    });

    it("deletes nothing of a group whose members cannot be found out", async () => {
      const calendar = createMemoryCalendar();
      const expandGroup = async (mailbox: string) => (mailbox === group ? members : undefined);
      await applyPlan(await planSync(timetableOf(lessons), calendar, { expandGroup }), calendar);
      const plan = await planSync(timetableOf(lessons), calendar, {
        expandGroup: async (mailbox) => {
          if (mailbox === group) throw calendarError("CALENDAR_UNAVAILABLE", "No directory");
          return undefined;
        },
      });
      expect(planOf(plan, group)).toMatchObject({
        outcome: "failed",
        error: { code: "CALENDAR_UNAVAILABLE" },
      });
      expect(plan.totals).toMatchObject({ deletes: 0, unchanged: 1 });
    });
  });

  describe("limits of deletion", () => {
    it("refuses more than ten deletions that are more than a fifth, in one mailbox or in all", async () => {
      const calendar = await written([...lessonsOf(40), ...lessonsOf(200, YEAR7)]);
      const without = (rooms: number, year7: number) =>
        timetableOf([...lessonsOf(40 - rooms), ...lessonsOf(200 - year7, YEAR7)]);
      expect((await planSync(without(10, 40), calendar)).refusals).toEqual([
        { deleteCount: 50, managedCount: 240 },
      ]);
      expect((await planSync(without(10, 30), calendar)).refusals).toEqual([]);
      const plan = await planSync(without(11, 0), calendar);
      expect(plan.refusals).toEqual([{ mailbox: ROOM, deleteCount: 11, managedCount: 40 }]);
      const before = writesOf(calendar);
      await expect(applyPlan(plan, calendar)).rejects.toMatchObject({
        code: "SYNC_TOO_MANY_DELETES",
        details: { refusals: plan.refusals },
      });
      expect(writesOf(calendar)).toBe(before);
      expect((await applyPlan(plan, calendar, { allowDeletes: true })).totals.deleted).toBe(11);
    });

    it("obeys limits that are given, and checks what the plan does rather than what it says", async () => {
      const calendar = await written(lessonsOf(40));
      const plan = await planSync(timetableOf(lessonsOf(37)), calendar, { maxDeletes: 2, maxDeleteShare: 0 });
      expect(plan.refusals).toHaveLength(2);
      await expect(applyPlan({ ...plan, refusals: [] }, calendar)).rejects.toMatchObject({
        code: "SYNC_TOO_MANY_DELETES",
      });
      expect((await applyPlan(plan, calendar, { maxDeletes: 3 })).totals.deleted).toBe(3);
    });
  });
});
