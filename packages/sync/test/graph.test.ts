import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CalendarPort, createGraphCalendar } from "@nightlatch/calendar";
import { type RunningEmulator, startEmulator } from "@nightlatch/emulator";
import { createTransport, type Transport } from "@nightlatch/oauth";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { applyPlan, planSync, readTimetable } from "../src/index.ts";

const YEAR9 = "year9@school.example";

/** Six weeks of the sample school, the change to winter time and a holiday among them. */
function sixWeeks() {
  const bytes = readFileSync(new URL("../../../examples/timetable/school.ics", import.meta.url));
  return readTimetable(
    { sourceName: "school.ics", bytes },
    { from: new Date("2026-10-05T00:00:00Z"), to: new Date("2026-11-14T00:00:00Z") },
  );
}

let stateDir: string;
let emulator: RunningEmulator;
let transport: Transport;
let calendar: CalendarPort;

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), "nightlatch-sync-"));
  const users = sixWeeks().mailboxes.map((userPrincipalName) => ({
    userPrincipalName,
    displayName: userPrincipalName,
    timeZone: "Europe/London",
    mailbox: true,
  }));
  const tenantId = "5c001000-0000-4000-8000-000000000000";
  emulator = await startEmulator({
    stateDir,
    seed: { tenants: [{ tenantId, displayName: "School", domains: ["school.example"], users }] },
  });
  transport = createTransport({ ca: emulator.caPem, proxy: false });
  const getToken = async () => {
    const { access_token: token } = await emulator.tokenFor({ roles: ["Calendars.ReadWrite"] });
    return { token, expiresOnTimestamp: Date.now() + 3_000_000 };
  };
  const retry = { baseDelayMs: 5, maxAttempts: 2 };
  calendar = createGraphCalendar({ tokens: { getToken }, transport, endpoint: emulator.graph, retry });
});
afterAll(async () => {
  transport.close();
  await emulator.close();
  await rm(stateDir, { recursive: true, force: true });
});
beforeEach(() => emulator.reset());

function writesToGraph(): number {
  return emulator.requests().filter(({ method, url }) => method !== "GET" && url.includes("/v1.0/")).length;
}

describe("planSync() and applyPlan() over Graph", () => {
  it("write the sample school once, and nothing the second time", async () => {
    const timetable = sixWeeks();
    const first = await applyPlan(await planSync(timetable, calendar), calendar);
    expect(first).toMatchObject({
      outcome: "done",
      totals: { created: timetable.entries.length, failed: 0 },
    });
    emulator.clearRequests();
    const plan = await planSync(timetable, calendar);
    expect(plan.totals).toEqual({
      creates: 0,
      updates: 0,
      deletes: 0,
      unchanged: timetable.entries.length,
      failedMailboxes: 0,
    });
    await applyPlan(plan, calendar);
    expect(writesToGraph()).toBe(0);
    expect(timetable.entries.length).toBeGreaterThan(300);
  });

  it("complete a run in which connections broke before and after writes", async () => {
    const timetable = sixWeeks();
    for (const when of ["before", "after"] as const) {
      const fault = { endpoint: "graph", kind: "drop", when, probability: 0.15, seed: 7 } as const;
      emulator.faults.add({ ...fault, method: "POST" });
    }
    const first = await applyPlan(await planSync(timetable, calendar), calendar);
    expect(first.totals.created).toBeGreaterThan(0);
    for (const { id } of emulator.faults.list()) emulator.faults.remove(id);
    await applyPlan(await planSync(timetable, calendar), calendar);
    expect((await planSync(timetable, calendar)).totals).toMatchObject({
      creates: 0,
      updates: 0,
      deletes: 0,
      unchanged: timetable.entries.length,
    });
  });

  it("say that a run is done in part when one mailbox is forbidden", async () => {
    const timetable = sixWeeks();
    const pathPrefix = `/v1.0/users/${encodeURIComponent(YEAR9)}`;
    emulator.faults.add({ endpoint: "graph", kind: "status", status: 403, pathPrefix });
    const plan = await planSync(timetable, calendar);
    const report = await applyPlan(plan, calendar);
    expect(report).toMatchObject({ outcome: "partial", exitCode: 3 });
    const failed = report.mailboxes.filter(({ outcome }) => outcome !== "done");
    expect(failed).toMatchObject([{ mailbox: YEAR9, outcome: "failed", created: 0 }]);
    expect(report.totals.created).toBe(timetable.entries.filter(({ mailbox }) => mailbox !== YEAR9).length);
  });
});
