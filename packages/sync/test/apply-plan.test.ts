import { type CalendarPort, calendarError, createMemoryCalendar } from "@nightlatch/calendar";
import { describe, expect, it } from "vitest";
import { type ApplyProgress, applyPlan, type Plan, planSync } from "../src/index.ts";
import {
  eventsOf,
  faultyCalendar,
  forgetfulCalendar,
  lessonsOf,
  ROOM,
  timetableOf,
  type WriteFault,
  writesOf,
} from "./lessons.ts";

const YEAR7 = "year7@school.example";

describe("applyPlan()", () => {
  it("writes the whole content with its identity, without attendees and reminders", async () => {
    const calendar = createMemoryCalendar();
    const timetable = timetableOf([
      { id: "1", location: "Hall", description: "Bring it", categories: "Lesson" },
    ]);
    const report = await applyPlan(await planSync(timetable, calendar), calendar);
    expect(report).toMatchObject({
      outcome: "done",
      exitCode: 0,
      totals: { created: 1, updated: 0, deleted: 0, unchanged: 0, failed: 0, skipped: 0 },
      mailboxes: [{ mailbox: ROOM, outcome: "done", created: 1, errors: [] }],
    });
    const [event] = await eventsOf(calendar);
    expect(event).toMatchObject({
      location: "Hall",
      categories: ["Lesson"],
      isReminderOn: false,
      attendees: [],
    });
    expect(event?.properties).toEqual({
      NightlatchSource: "timetable",
      NightlatchKey: "timetable|1|",
      NightlatchHash: timetable.entries[0]?.hash,
    });
    expect((await calendar.getEvent(ROOM, event?.id ?? "")).body).toEqual({
      contentType: "text",
      content: "Bring it",
    });
  });

  it("creates, then updates, then deletes", async () => {
    const calendar = createMemoryCalendar();
    await applyPlan(await planSync(timetableOf(lessonsOf(3)), calendar), calendar);
    const next = timetableOf([
      { id: "2", location: "Hall" },
      { id: "3", location: "Hall" },
      { id: "4" },
      { id: "5" },
    ]);
    const progress: ApplyProgress[] = [];
    const plan = await planSync(next, calendar);
    await applyPlan(plan, calendar, { onProgress: (event) => progress.push(event) });
    expect(progress.map(({ done, total, action }) => `${done}/${total} ${action}`)).toEqual([
      "1/5 create",
      "2/5 create",
      "3/5 update",
      "4/5 update",
      "5/5 delete",
    ]);
  });

  it("does no harm when the same plan is applied again, also after the server forgot transaction ids", async () => {
    const memory = createMemoryCalendar();
    const calendar = forgetfulCalendar(memory);
    await applyPlan(await planSync(timetableOf(lessonsOf(5)), calendar), calendar);
    const next = timetableOf([
      ...lessonsOf(4).map((lesson) => ({ ...lesson, location: "Hall" })),
      { id: "9" },
    ]);
    const plan = await planSync(next, calendar);
    await applyPlan(plan, calendar);
    const after = await eventsOf(memory);
    const writes = writesOf(memory);
    const report = await applyPlan(plan, calendar);
    expect(report).toMatchObject({ outcome: "done", totals: { created: 0 } });
    expect((await eventsOf(memory)).map(({ id, location }) => [id, location])).toEqual(
      after.map(({ id, location }) => [id, location]),
    );
    // Updates are asked for with the old version and found done; the delete finds nothing.
    expect(writesOf(memory) - writes).toBe(plan.totals.updates + plan.totals.deletes);
  });

  it("lets one mailbox fail without the others and says so", async () => {
    const calendar = createMemoryCalendar();
    const timetable = timetableOf([...lessonsOf(20), ...lessonsOf(20, YEAR7)]);
    const plan = await planSync(timetable, calendar);
    const denied: CalendarPort = {
      ...faultyCalendar(calendar, () => undefined),
      createEvent: async (mailbox, draft, options) => {
        if (mailbox === YEAR7) throw calendarError("CALENDAR_ACCESS_DENIED", "Not this one");
        return calendar.createEvent(mailbox, draft, options);
      },
    };
    const report = await applyPlan(plan, denied);
    expect(report).toMatchObject({ outcome: "partial", exitCode: 3, totals: { created: 20 } });
    const [room, year7] = report.mailboxes;
    expect(room).toMatchObject({ mailbox: ROOM, outcome: "done", created: 20 });
    expect(year7).toMatchObject({
      mailbox: YEAR7,
      outcome: "failed",
      error: { code: "CALENDAR_ACCESS_DENIED" },
    });
    // What every further write would meet is not tried twenty times.
    expect(year7?.failed).toBeLessThanOrEqual(4);
    expect((year7?.failed ?? 0) + (year7?.skipped ?? 0)).toBe(20);
  });

  it("says that a run is done in part when the plan could not read a mailbox", async () => {
    const failing = createMemoryCalendar({
      beforeCall: ({ mailbox }) => {
        if (mailbox === YEAR7) throw calendarError("CALENDAR_MAILBOX_NOT_FOUND", "No such mailbox");
      },
    });
    const plan = await planSync(timetableOf([{ id: "1" }, { id: "2", mailbox: YEAR7 }]), failing);
    const report = await applyPlan(plan, failing);
    expect(report).toMatchObject({ outcome: "partial", exitCode: 3, totals: { created: 1 } });
    const only = await applyPlan({ ...plan, mailboxes: plan.mailboxes.slice(1) } as Plan, failing);
    expect(only).toMatchObject({ outcome: "failed", exitCode: 1 });
  });

  it("goes on after an event that the server refuses, and holds deletions back", async () => {
    const calendar = createMemoryCalendar();
    await applyPlan(await planSync(timetableOf(lessonsOf(2)), calendar), calendar);
    const timetable = timetableOf([{ id: "1" }, { id: "3", subject: "Refused" }, { id: "4" }]);
    const plan = await planSync(timetable, calendar);
    const picky: CalendarPort = {
      ...faultyCalendar(calendar, () => undefined),
      createEvent: async (mailbox, draft, options) => {
        if (draft.subject === "Refused") throw calendarError("CALENDAR_REJECTED", "Too long");
        return calendar.createEvent(mailbox, draft, options);
      },
    };
    expect(await applyPlan(plan, picky)).toMatchObject({
      outcome: "partial",
      exitCode: 3,
      totals: { created: 1, failed: 1, skipped: 1, deleted: 0 },
      mailboxes: [
        {
          errors: [{ code: "CALENDAR_REJECTED", action: "create", key: "timetable|3|", subject: "Refused" }],
        },
      ],
    });
    expect(await applyPlan(await planSync(timetable, calendar), calendar)).toMatchObject({
      exitCode: 0,
      totals: { deleted: 1 },
    });
  });

  it("stops the whole run when the sign-in is refused", async () => {
    const calendar = createMemoryCalendar();
    const mailboxes = Array.from({ length: 30 }, (_, index) => `room-${index}@school.example`);
    const plan = await planSync(timetableOf(mailboxes.map((mailbox) => ({ id: "1", mailbox }))), calendar);
    let calls = 0;
    const refused = createMemoryCalendar({
      beforeCall: () => {
        calls++;
        throw calendarError("CALENDAR_TOKEN_REFUSED", "Expired");
      },
    });
    const report = await applyPlan(plan, refused, { mailboxConcurrency: 2 });
    expect(report).toMatchObject({ outcome: "failed", exitCode: 4 });
    expect(calls).toBeLessThanOrEqual(4);
    expect(report.mailboxes.every((mailbox) => mailbox.error?.code === "CALENDAR_TOKEN_REFUSED")).toBe(true);
  });

  it("reports what was done when the signal stops it, and leaves the rest for the next run", async () => {
    const calendar = createMemoryCalendar();
    const timetable = timetableOf(lessonsOf(40));
    const plan = await planSync(timetable, calendar);
    const controller = new AbortController();
    const report = await applyPlan(plan, calendar, {
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done === 10) controller.abort();
      },
    });
    expect(report).toMatchObject({ outcome: "interrupted", exitCode: 130, totals: { failed: 0 } });
    expect(report.totals.created).toBeGreaterThanOrEqual(10);
    expect(report.totals.created + report.totals.skipped).toBe(40);
    await applyPlan(await planSync(timetable, calendar), calendar);
    expect(await eventsOf(calendar)).toHaveLength(40);
  });

  describe("after a write whose answer was lost", () => {
    const lostOnce = (memory: CalendarPort, operation: string, fault: WriteFault = "answerLost") => {
      let isLost = false;
      return faultyCalendar(memory, (_, called) => {
        if (called !== operation || isLost) return undefined;
        isLost = true;
        return fault;
      });
    };

    it.each(["createEvent", "updateEvent", "deleteEvent"])(
      "looks before it repeats a %s",
      async (operation) => {
        const memory = createMemoryCalendar();
        const calendar = forgetfulCalendar(memory);
        await applyPlan(await planSync(timetableOf([{ id: "1" }, { id: "2" }]), calendar), calendar);
        const next = timetableOf([{ id: "1", location: "Hall" }, { id: "3" }]);
        const before = writesOf(memory);
        const report = await applyPlan(await planSync(next, calendar), lostOnce(calendar, operation));
        expect(report).toMatchObject({ outcome: "done", totals: { created: 1, updated: 1, deleted: 1 } });
        expect(writesOf(memory) - before).toBe(3);
        expect((await planSync(next, calendar)).totals).toMatchObject({
          creates: 0,
          updates: 0,
          deletes: 0,
          unchanged: 2,
        });
      },
    );

    it("sends a create again when it did not arrive, once", async () => {
      const memory = createMemoryCalendar();
      let attempts = 0;
      const lossy = (losses: number): CalendarPort => ({
        ...faultyCalendar(memory, () => undefined),
        createEvent: async (mailbox, draft, options) => {
          if (attempts++ < losses) throw calendarError("CALENDAR_WRITE_UNCERTAIN", "Lost on the way");
          return memory.createEvent(mailbox, draft, options);
        },
      });
      const plan = await planSync(timetableOf([{ id: "1" }]), memory);
      expect(await applyPlan(plan, lossy(1))).toMatchObject({ outcome: "done", totals: { created: 1 } });
      attempts = 0;
      const other = await planSync(timetableOf([{ id: "2" }]), memory, { allowDeletes: true });
      expect(await applyPlan(other, lossy(9))).toMatchObject({
        outcome: "failed",
        mailboxes: [{ errors: [{ code: "CALENDAR_WRITE_UNCERTAIN" }] }],
      });
      expect(attempts).toBe(2);
    });

    it("gives the repeated create the same transaction id", async () => {
      const ids: (string | undefined)[] = [];
      const memory = createMemoryCalendar();
      const calendar: CalendarPort = {
        ...faultyCalendar(memory, () => undefined),
        createEvent: async (mailbox, draft, options) => {
          ids.push(options?.transactionId);
          if (ids.length === 1) throw calendarError("CALENDAR_WRITE_UNCERTAIN", "Lost");
          return memory.createEvent(mailbox, draft, options);
        },
      };
      await applyPlan(await planSync(timetableOf([{ id: "1" }]), memory), calendar);
      expect(ids).toHaveLength(2);
      expect(ids[0]).toMatch(/^[A-Za-z0-9_-]{43}$/);
      expect(ids[1]).toBe(ids[0]);
    });
  });

  describe("when the mailbox changed after the plan", () => {
    async function planned() {
      const calendar = createMemoryCalendar();
      await applyPlan(await planSync(timetableOf([{ id: "1" }, { id: "2" }]), calendar), calendar);
      const plan = await planSync(timetableOf([{ id: "1", location: "Hall" }]), calendar);
      const idOf = async (key: string) => {
        const [event] = await calendar.findEvents(ROOM, { name: "NightlatchKey", value: key });
        return event?.id ?? "";
      };
      return { calendar, plan, changed: await idOf("timetable|1|"), gone: await idOf("timetable|2|") };
    }

    it("reads an event that was edited again and brings it in line", async () => {
      const { calendar, plan, changed, gone } = await planned();
      await calendar.updateEvent(ROOM, changed, { subject: "Edited" });
      await calendar.updateEvent(ROOM, gone, { subject: "Edited" });
      expect(await applyPlan(plan, calendar)).toMatchObject({
        outcome: "done",
        totals: { updated: 1, deleted: 1 },
      });
      expect(await eventsOf(calendar)).toMatchObject([{ subject: "Physics", location: "Hall" }]);
    });

    it("takes what is gone already for deleted, and creates anew what was to be changed", async () => {
      const { calendar, plan, changed, gone } = await planned();
      await calendar.deleteEvent(ROOM, changed);
      await calendar.deleteEvent(ROOM, gone);
      expect(await applyPlan(plan, calendar)).toMatchObject({
        outcome: "done",
        totals: { created: 1, deleted: 1 },
      });
      expect(await eventsOf(calendar)).toMatchObject([{ subject: "Physics", location: "Hall" }]);
    });

    it("leaves an event alone that is no longer ours", async () => {
      const { calendar, plan, gone } = await planned();
      await calendar.updateEvent(ROOM, gone, { subject: "Mine", properties: { NightlatchSource: "exams" } });
      expect(await applyPlan(plan, calendar)).toMatchObject({ outcome: "done", totals: { deleted: 0 } });
      expect((await eventsOf(calendar)).map(({ subject }) => subject).sort()).toEqual(["Mine", "Physics"]);
    });
  });

  it("moves an event back that the server knows by its transaction id", async () => {
    const calendar = createMemoryCalendar();
    const timetable = timetableOf([{ id: "1" }]);
    await applyPlan(await planSync(timetable, calendar), calendar);
    const [event] = await eventsOf(calendar);
    // Farther than the month around the window that is read.
    await calendar.updateEvent(ROOM, event?.id ?? "", {
      start: { dateTime: "2026-03-01T09:00:00", ianaZone: "Europe/London" },
      end: { dateTime: "2026-03-01T10:00:00", ianaZone: "Europe/London" },
    });
    await applyPlan(await planSync(timetable, calendar), calendar);
    expect(await eventsOf(calendar)).toMatchObject([{ start: { dateTime: "2026-09-07T09:00:00" } }]);
    expect((await planSync(timetable, calendar)).totals).toMatchObject({
      creates: 0,
      updates: 0,
      unchanged: 1,
    });
  });

  it("refuses what is no plan", async () => {
    const calendar = createMemoryCalendar();
    for (const plan of [{}, { planVersion: 99 }, { planVersion: 1 }, null]) {
      await expect(applyPlan(plan as unknown as Plan, calendar)).rejects.toMatchObject({
        code: "SYNC_PLAN_INVALID",
      });
    }
    expect(calendar.calls).toEqual([]);
  });
});
