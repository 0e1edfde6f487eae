/** What happens between two commands, and what the doctor and the EWS wing make of the same settings. */
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type RunningEmulator, startEmulator } from "@nightlatch/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Ran, run, workFolder } from "./run.ts";

const cwd = workFolder();
const mailbox = "room-12@school.example";
const permissions = ["Calendars.ReadWrite", "User.ReadBasic.All", "exchange/full_access_as_app"];
let emulator: RunningEmulator;
let env: Record<string, string>;
const go = (...argv: string[]): Promise<Ran> => run(argv, { cwd, env });
const settings = ["--settings", join(cwd, "t.env")];

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, stateDir: join(cwd, "home/emulator") });
  env = { NIGHTLATCH_EMULATOR: emulator.origin };
  await go("cert", "create", "--out", "t.pem");
  const asked = permissions.flatMap((name) => ["--permission", name]);
  const line = ["app", "register", "--emulator", "--name", "Push", "--certificate", "t.pem", ...asked];
  expect((await go(...line, "--write-settings", "t.env")).exitCode).toBe(0);
});

afterAll(() => emulator?.close());

/** Requests to the token endpoint that `act` makes. */
async function tokenRequests(act: () => Promise<unknown>): Promise<number> {
  const before = emulator.requests().length;
  await act();
  return emulator
    .requests()
    .slice(before)
    .filter(({ url }) => url.endsWith("/token")).length;
}

describe("tokens between commands", () => {
  it("one request serves many commands; --no-cache asks anew", async () => {
    const tokens = new Set<string>();
    const get = async (...more: string[]) => tokens.add((await go("token", "get", ...settings, ...more)).out);
    expect(await tokenRequests(get)).toBe(1);
    expect(await tokenRequests(get)).toBe(0);
    expect(await tokenRequests(() => go("calendar", "list", ...settings, "--mailbox", mailbox))).toBe(0);
    expect(tokens.size).toBe(1);
    expect(await tokenRequests(() => get("--no-cache"))).toBe(1);
    expect(tokens.size).toBe(2);
  });

  it("lie in files of this user only, in which no token can be read", async () => {
    const { out } = await go("token", "get", ...settings);
    const folder = join(cwd, "home/tokens");
    const files = readdirSync(folder);
    expect(files).toHaveLength(1);
    for (const name of files) {
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
      const text = readFileSync(join(folder, name), "latin1");
      for (const part of out.trim().split(".")) expect(text).not.toContain(part.slice(0, 20));
    }
  });

  it("a token that opens nothing is not handed out again: the administrator's consent shows at once", async () => {
    const register = ["app", "register", "--emulator", "--name", "Late", "--certificate", "t.pem"];
    await go(...register, "--no-consent", "--write-settings", "late.env");
    const late = ["--settings", join(cwd, "late.env")];
    const rolesOf = async () =>
      (await go("token", "get", ...late, "--json")).json<{ claims: { roles?: string[] } }>().claims.roles;
    expect(await rolesOf()).toBeUndefined();
    const closed = await go("calendar", "list", ...late, "--mailbox", mailbox, "--json");
    expect(closed.json()).toMatchObject({ error: { code: "CALENDAR_ACCESS_DENIED" } });
    await go(...register);
    expect(await rolesOf()).toContain("Calendars.ReadWrite");
    expect((await go("calendar", "list", ...late, "--mailbox", mailbox)).exitCode).toBe(0);
  });
});

describe("doctor check", () => {
  it("says one line for each question and ends with 0 when all is well", async () => {
    const checked = await go("doctor", "check", ...settings, "--mailbox", mailbox);
    expect(checked.exitCode, checked.out).toBe(0);
    expect(checked.out.split("\n").filter((line) => line.startsWith("ok ")).length).toBeGreaterThan(9);
  });

  it("ends with 5 at a fault, and --json says which", async () => {
    const checked = await go("doctor", "check", ...settings, "--mailbox", "nobody@school.example", "--json");
    expect(checked.exitCode).toBe(5);
    expect(checked.json()).toMatchObject({ verdict: "fault" });
    const { results } = checked.json<{ results: { id: string; status: string }[] }>();
    expect(results.filter(({ status }) => status === "fault").map(({ id }) => id)).toEqual([
      "mailbox:nobody@school.example",
    ]);
  });

  it("--wing ews asks Exchange for the mailbox, and Graph for nothing", async () => {
    const before = emulator.requests().length;
    const line = ["doctor", "check", ...settings, "--wing", "ews", "--mailbox", mailbox, "--json"];
    const checked = await go(...line);
    expect(checked.exitCode, checked.out).toBe(0);
    const { results } = checked.json<{ results: { id: string; status: string }[] }>();
    expect(results.find(({ id }) => id === `mailbox:${mailbox}`)?.status).toBe("ok");
    const urls = emulator
      .requests()
      .slice(before)
      .map(({ url }) => url);
    expect(urls.filter((url) => url.includes("/EWS/Exchange.asmx"))).toHaveLength(1);
    expect(urls.filter((url) => url.includes("/v1.0/"))).toEqual([]);
  });

  it("--fix closes a key file that others can read, without it nothing is changed", async () => {
    const key = join(cwd, "t.pem");
    chmodSync(key, 0o644);
    expect((await go("doctor", "check", ...settings)).exitCode).toBe(0);
    expect(statSync(key).mode & 0o777).toBe(0o644);
    const fixed = await go("doctor", "check", ...settings, "--fix", "--json");
    expect(fixed.json()).toMatchObject({ verdict: "ok", fixed: [expect.stringContaining("t.pem")] });
    expect(statSync(key).mode & 0o777).toBe(0o600);
  });

  it("names what is not configured, and asks the network nothing", async () => {
    const before = emulator.requests().length;
    const checked = await run(["doctor", "check", "--json"], { cwd });
    expect(checked.exitCode).toBe(5);
    expect(checked.json()).toMatchObject({ verdict: "fault" });
    expect(emulator.requests()).toHaveLength(before);
  });
});

describe("--wing ews", () => {
  const window = ["--from", "2026-09-07", "--to", "2026-09-12", "--zone", "Europe/London"];

  it("finds by Exchange what was written by Graph, and the other way round", async () => {
    const rows = [1, 2, 3].map(
      (n) => `${n},${mailbox},Lesson ${n},2026-09-0${n + 6} 09:00,2026-09-0${n + 6} 09:45`,
    );
    writeFileSync(join(cwd, "a.csv"), ["id,mailbox,subject,start,end", ...rows].join("\n"));
    const sync = async (...more: string[]) =>
      (await go("sync", "apply", ...settings, "--timetable", "a.csv", ...window, ...more, "--json")).json();
    expect(await sync()).toMatchObject({ totals: { created: 3 } });
    expect(await sync("--wing", "ews")).toMatchObject({ totals: { created: 0, updated: 0, unchanged: 3 } });
    const line = ["calendar", "events", ...settings, "--mailbox", mailbox, ...window];
    const [byGraph, byEws] = [await go(...line), await go(...line, "--wing", "ews")];
    expect(byGraph.out).toBe(byEws.out);
    expect(byGraph.out).toContain("Monday 2026-09-07\n  09:00–09:45  Lesson 1");
  });

  it("shows times in another zone", async () => {
    const line = [
      "calendar",
      "events",
      ...settings,
      "--mailbox",
      mailbox,
      "--from",
      "2026-09-07",
      "--to",
      "2026-09-08",
    ];
    expect((await go(...line, "--zone", "America/New_York")).out).toContain("04:00–04:45  Lesson 1");
  });
});

it("a proxy in the settings is used", async () => {
  const text = readFileSync(join(cwd, "t.env"), "utf8").replace(/NIGHTLATCH_EMULATOR=.*\n/, "");
  writeFileSync(join(cwd, "proxy.env"), `${text}HTTPS_PROXY=${emulator.proxy}\n`);
  const line = [
    "token",
    "get",
    "--settings",
    join(cwd, "proxy.env"),
    "--ca",
    "home/emulator/ca.pem",
    "--json",
  ];
  const got = await run(line, { cwd });
  expect(got.exitCode, got.err).toBe(0);
  expect(got.json()).toMatchObject({ claims: { appidacr: "2" } });
});
