import { type CalendarPort, createMemoryCalendar } from "@nightlatch/calendar";
import { describe, expect, test } from "vitest";
import { limitCalendar } from "./limited-calendar.ts";

const limits = { maxCalls: 3, maxCallsPerMailbox: 2, maxWaitingCalls: 100 };

function makeSlowCalendar() {
  const running = new Map<string, number>();
  const most = { total: 0, perMailbox: 0 };
  const calendar = createMemoryCalendar({
    beforeCall: async ({ mailbox }) => {
      running.set(mailbox, (running.get(mailbox) ?? 0) + 1);
      most.perMailbox = Math.max(most.perMailbox, running.get(mailbox) ?? 0);
      most.total = Math.max(
        most.total,
        [...running.values()].reduce((sum, count) => sum + count, 0),
      );
      await new Promise((resolve) => setTimeout(resolve, 3));
      running.set(mailbox, (running.get(mailbox) ?? 0) - 1);
    },
  });
  return { calendar, most };
}

async function readAll(calendar: CalendarPort, mailbox: string): Promise<number> {
  let count = 0;
  const window = { from: new Date("2026-09-01"), to: new Date("2026-09-02") };
  for await (const _ of calendar.listEvents(mailbox, window)) count += 1;
  return count;
}

describe("limitCalendar()", () => {
  test("keeps both bounds and still answers everybody", async () => {
    const { calendar, most } = makeSlowCalendar();
    const limited = limitCalendar(calendar, limits);
    const calls = Array.from({ length: 24 }, (_, index) =>
      index % 4 < 2
        ? limited.listCalendars(`room-${index % 2}@school.example`)
        : readAll(limited, `room-${index % 2}@school.example`),
    );
    await Promise.all(calls);
    expect(most).toEqual({ total: 3, perMailbox: 2 });
    expect(calendar.calls.length).toBe(24);
  });

  test("lets others through while one mailbox has a queue", async () => {
    const { calendar } = makeSlowCalendar();
    const limited = limitCalendar(calendar, { ...limits, maxCallsPerMailbox: 1 });
    const order: string[] = [];
    const call = async (mailbox: string): Promise<void> => {
      await limited.listCalendars(mailbox);
      order.push(mailbox);
    };
    await Promise.all([call("a@x"), call("a@x"), call("a@x"), call("b@x")]);
    expect(order.indexOf("b@x")).toBeLessThan(2);
  });

  test("sends callers away when the queue is full, and takes them again afterwards", async () => {
    const { calendar } = makeSlowCalendar();
    const limited = limitCalendar(calendar, { ...limits, maxWaitingCalls: 0 });
    const first = [limited.listCalendars("a@x"), limited.listCalendars("a@x")];
    await expect(limited.listCalendars("a@x")).rejects.toMatchObject({
      code: "SERVER_BUSY",
      retryAfterMs: 2000,
    });
    await Promise.all(first);
    await expect(limited.listCalendars("a@x")).resolves.toHaveLength(1);
  });

  test("gives the turn back when a call fails or a list is left early", async () => {
    const calendar = createMemoryCalendar({ mailboxes: ["a@x"] });
    for (const hour of ["09", "10"])
      await calendar.createEvent("a@x", {
        subject: "Lesson",
        start: { dateTime: `2026-09-01T${hour}:00:00`, ianaZone: "UTC" },
        end: { dateTime: `2026-09-01T${hour}:30:00`, ianaZone: "UTC" },
      });
    const limited = limitCalendar(calendar, { maxCalls: 1, maxCallsPerMailbox: 1, maxWaitingCalls: 0 });
    await expect(limited.listCalendars("nobody@x")).rejects.toMatchObject({
      code: "CALENDAR_MAILBOX_NOT_FOUND",
    });
    const window = { from: new Date("2026-09-01"), to: new Date("2026-09-02") };
    for await (const _ of limited.listEvents("a@x", window)) break;
    await expect(limited.listCalendars("a@x")).resolves.toHaveLength(1);
  });

  test("leaves the queue when the caller gives up", async () => {
    const { calendar } = makeSlowCalendar();
    const limited = limitCalendar(calendar, { maxCalls: 1, maxCallsPerMailbox: 1, maxWaitingCalls: 1 });
    const first = limited.listCalendars("a@x");
    const controller = new AbortController();
    const second = limited.listCalendars("a@x", { signal: controller.signal });
    controller.abort(new Error("gone"));
    await expect(second).rejects.toThrow("gone");
    const third = limited.listCalendars("a@x");
    await Promise.all([first, third]);
    expect(calendar.calls.length).toBe(2);
  });

  test("refuses bounds that let nobody through", () => {
    expect(() => limitCalendar(createMemoryCalendar(), { ...limits, maxCalls: 0 })).toThrow(RangeError);
  });
});
