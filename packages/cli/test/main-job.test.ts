import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type RunningEmulator, startEmulator } from "@nightlatch/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Ran, run, workFolder } from "./run.ts";

const cwd = workFolder();
let emulator: RunningEmulator;
let env: Record<string, string>;
const window = ["--from", "2026-09-01", "--to", "2027-08-01", "--zone", "Europe/London"];
const go = (...argv: string[]): Promise<Ran> => run(argv, { cwd, env });

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, stateDir: join(cwd, "home/emulator") });
  env = { NIGHTLATCH_EMULATOR: emulator.origin };
  await go("cert", "create", "--out", "t.pem");
  const registered = await go(
    "app",
    "register",
    "--name",
    "Timetable push",
    "--certificate",
    "t.pem",
    "--write-settings",
    "t.env",
    "--json",
  );
  expect(registered.exitCode, registered.err).toBe(0);
  expect(readFileSync(join(cwd, "t.env"), "utf8")).toContain(
    `AZURE_CLIENT_ID=${String(registered.json()["clientId"])}`,
  );
});

afterAll(() => emulator?.close());

describe("app register", () => {
  it("run again completes the same registration instead of making a second one", async () => {
    const first = (
      await go("app", "register", "--name", "Timetable push", "--certificate", "t.pem", "--json")
    ).json();
    const second = (
      await go("app", "register", "--name", "Timetable push", "--certificate", "t.pem", "--json")
    ).json();
    expect(second).toEqual(first);
    expect(second["created"]).toBe(false);
  });

  it("names a permission that the API does not offer", async () => {
    const refused = await go(
      "app",
      "register",
      "--name",
      "Typo",
      "--certificate",
      "t.pem",
      "--permission",
      "Calendar.ReadWrite",
    );
    expect(refused.exitCode).toBe(2);
    expect(refused.err).toContain('"Calendar.ReadWrite"');
  });
});

describe("token get", () => {
  it("prints the token alone, of an application proved by a certificate", async () => {
    const got = await go("token", "get", "--settings", join(cwd, "t.env"));
    expect(got.out.trim().split(".")).toHaveLength(3);
    const shown = await run(["token", "inspect", "--json"], { cwd, stdin: got.out });
    expect(shown.json()).toMatchObject({
      payload: { appidacr: "2", roles: expect.arrayContaining(["Calendars.ReadWrite"]) },
    });
  });

  it("ends with 4 and the service's number when the sign-in is refused", async () => {
    await go("cert", "create", "--out", "stranger.pem");
    const refused = await go(
      "token",
      "get",
      "--settings",
      join(cwd, "t.env"),
      "--certificate",
      "stranger.pem",
      "--json",
    );
    expect(refused.exitCode).toBe(4);
    expect(refused.json()).toMatchObject({
      error: { code: "OAUTH_REFUSED", details: { aadstsCodes: [700027] } },
    });
  });
});

describe("sync", () => {
  const lessons = (rows: readonly string[]): void =>
    writeFileSync(join(cwd, "school.csv"), ["id,mailbox,subject,start,end", ...rows].join("\n"));
  const rows = Array.from(
    { length: 12 },
    (_, index) =>
      `l${index},room-12@school.example,Lesson ${index},2026-09-${String(index + 7).padStart(2, "0")} 09:00,2026-09-${String(index + 7).padStart(2, "0")} 09:45`,
  );
  const sync = (verb: string, ...more: string[]): Promise<Ran> =>
    go(
      "sync",
      verb,
      "--settings",
      join(cwd, "t.env"),
      "--timetable",
      "school.csv",
      ...window,
      "--json",
      ...more,
    );

  it("plan writes nothing; apply writes; a second apply makes no write at all", async () => {
    lessons(rows);
    expect((await sync("plan")).json()).toMatchObject({ totals: { creates: 12, updates: 0, deletes: 0 } });
    expect((await sync("plan")).json()).toMatchObject({ totals: { creates: 12 } });
    expect((await sync("apply")).json()).toMatchObject({ outcome: "done", totals: { created: 12 } });
    const before = emulator.requests().length;
    expect((await sync("apply")).json()).toMatchObject({
      outcome: "done",
      totals: { created: 0, updated: 0, deleted: 0, unchanged: 12 },
    });
    const writes = emulator
      .requests()
      .slice(before)
      .filter(({ method, url }) => url.includes("/v1.0/") && method !== "GET");
    expect(writes).toEqual([]);
  });

  it("shows a change with its reason, and calendar events reads it back in its zone", async () => {
    lessons([rows[0]?.replace("Lesson 0", "Lesson zero") ?? "", ...rows.slice(1)]);
    const plan = await go(
      "sync",
      "plan",
      "--settings",
      join(cwd, "t.env"),
      "--timetable",
      "school.csv",
      ...window,
    );
    expect(plan.out).toContain("Lesson 0 → Lesson zero");
    expect((await sync("apply")).json()).toMatchObject({ totals: { created: 0, updated: 1, deleted: 0 } });
    const events = (
      await go(
        "calendar",
        "events",
        "--settings",
        join(cwd, "t.env"),
        "--mailbox",
        "room-12@school.example",
        "--from",
        "2026-09-07",
        "--to",
        "2026-09-08",
        "--json",
      )
    ).json<{ events: { subject: string; start: unknown }[] }>().events;
    expect(events).toMatchObject([
      { subject: "Lesson zero", start: { dateTime: "2026-09-07T09:00:00", ianaZone: "Europe/London" } },
    ]);
  });

  it("refuses by name a plan that would delete more than its limit, and touches nothing", async () => {
    lessons(rows.slice(0, 1));
    const refused = await sync("apply");
    expect(refused.exitCode).toBe(1);
    expect(refused.json()).toMatchObject({ error: { code: "SYNC_TOO_MANY_DELETES" } });
    lessons(rows);
    expect((await sync("plan")).json()).toMatchObject({ totals: { creates: 0, deletes: 0 } });
  });

  it("refuses a source that could not be read completely, with file and line", async () => {
    writeFileSync(join(cwd, "cut.ics"), "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\n");
    const refused = await go(
      "sync",
      "apply",
      "--settings",
      join(cwd, "t.env"),
      "--timetable",
      "cut.ics",
      ...window,
    );
    expect(refused.exitCode).toBe(1);
    expect(refused.err).toMatch(/^error: .*cut\.ics.*\(SYNC_SOURCE_[A-Z_]+\)\nhint: /);
  });

  it("does not let one mailbox that fails stop the others: exit 3, said in the report", async () => {
    lessons([
      ...rows,
      "x1,nobody@school.example,Ghost lesson,2026-09-07 09:00,2026-09-07 10:00",
      "y1,room-1@school.example,Real lesson,2026-09-07 09:00,2026-09-07 10:00",
    ]);
    const partly = await sync("apply");
    expect(partly.exitCode).toBe(3);
    const { mailboxes } = partly.json<{
      mailboxes: { mailbox: string; outcome: string; created: number }[];
    }>();
    expect(mailboxes.find(({ mailbox }) => mailbox === "nobody@school.example")?.outcome).toBe("failed");
    expect(mailboxes.find(({ mailbox }) => mailbox === "room-1@school.example")).toMatchObject({
      outcome: "done",
      created: 1,
    });
  });
});

describe("demo", () => {
  it("tells the whole story with figures", async () => {
    const told = await run(["demo", "--exit", "--json"], { cwd });
    expect(told.exitCode, told.err).toBe(0);
    const figures = told.json<{
      timetable: { lessons: number; mailboxes: number; events: number };
      firstRun: { created: number };
      api: { events: number };
    }>();
    expect(figures).toMatchObject({
      certificate: { keySizeBits: 2048 },
      token: { appidacr: "2" },
      firstRun: { created: figures.timetable.events, updated: 0, deleted: 0 },
      secondRun: { created: 0, updated: 0, deleted: 0 },
    });
    expect(figures.timetable.mailboxes).toBeGreaterThanOrEqual(8);
    expect(figures.timetable.lessons).toBeGreaterThanOrEqual(300);
    expect(figures.api.events).toBeGreaterThan(0);
  });

  it("runs on the user's own file", async () => {
    writeFileSync(
      join(cwd, "own.csv"),
      "id,mailbox,subject,start,end,zone\n1,hall@other.example,Assembly,2026-09-07 09:00,2026-09-07 10:00,Europe/Berlin\n",
    );
    const told = await run(["demo", "--exit", "--json", "--timetable", "own.csv"], { cwd });
    expect(told.exitCode, told.err).toBe(0);
    expect(told.json()).toMatchObject({
      firstRun: { created: 1 },
      secondRun: { created: 0 },
      api: { events: 1 },
    });
  });

  it("serves until it is interrupted, and prints where", async () => {
    const interrupt = new AbortController();
    const told = await run(["demo", "--timetable", "own.csv"], {
      cwd,
      signal: interrupt.signal,
      onOut: (out) => out.includes("Serving until Ctrl-C") && interrupt.abort(),
    });
    expect(told.exitCode).toBe(0);
    expect(told.out).toMatch(/OpenAPI 3\.1 +http:\/\/127\.0\.0\.1:\d+\/openapi\.json/);
    expect(told.out).toMatch(/ICS feed +http:\/\/127\.0\.0\.1:\d+\/feeds\//);
  });
});
