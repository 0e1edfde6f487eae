/** The data directory: what was acknowledged is there after kill -9. */
import { spawn } from "node:child_process";
import { appendFileSync, cpSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { RunningEmulator } from "../src/index.ts";
import { decodePlain, encodePlain } from "../src/persistence/plain-json.ts";
import { makeCertificate, STATE_DIR, schoolSeed, send, startSchool } from "./entra-school.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const seed = schoolSeed(makeCertificate("Timetable daemon"));
const ROOM = "/v1.0/users/room-12@school.example";
const freshDirectory = () => join(temporaryDirectory("data"), "data");

type Target = Pick<RunningEmulator, "origin" | "caPem" | "tokenFor">;

async function graph(target: Target, method: string, path: string, body?: unknown) {
  const { access_token } = await target.tokenFor({
    roles: [
      "Calendars.ReadWrite",
      "Application.ReadWrite.All",
      "Group.ReadWrite.All",
      "MailboxSettings.ReadWrite",
      "User.Read.All",
    ],
  });
  const headers = { authorization: `Bearer ${access_token}`, "content-type": "application/json" };
  return send(target as RunningEmulator, path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const lesson = (subject: string) => ({
  subject,
  start: { dateTime: "2026-11-23T09:00:00", timeZone: "UTC" },
  end: { dateTime: "2026-11-23T10:00:00", timeZone: "UTC" },
});

const subjects = async (target: Target): Promise<string[]> =>
  (
    (await graph(target, "GET", `${ROOM}/events?$top=999&$select=subject`)).json["value"] as {
      subject: string;
    }[]
  )
    .map(({ subject }) => subject)
    .sort();

describe("dataDir", () => {
  it("brings back events, applications, groups and settings after an orderly end", async () => {
    const dataDir = freshDirectory();
    const first = await startSchool(seed, { dataDir });
    expect((await graph(first, "POST", `${ROOM}/events`, lesson("Physics"))).status).toBe(201);
    const gone = await graph(first, "POST", `${ROOM}/events`, lesson("Latin"));
    expect((await graph(first, "DELETE", `${ROOM}/events/${gone.json["id"]}`)).status).toBe(204);
    const application = await graph(first, "POST", "/v1.0/applications", { displayName: "Kept" });
    await graph(first, "PATCH", `${ROOM}/mailboxSettings`, { timeZone: "UTC" });
    const sharing = `${ROOM}/calendar/calendarPermissions/RGVmYXVsdA==`;
    expect((await graph(first, "PATCH", sharing, { role: "limitedRead" })).status).toBe(200);
    await first.close();
    const second = await startSchool(seed, { dataDir });
    const kept = await subjects(second);
    const found = await graph(second, "GET", `/v1.0/applications/${application.json["id"]}`);
    const shared = await graph(second, "GET", sharing);
    await second.close();
    expect(shared.json["role"]).toBe("limitedRead");
    expect(kept).toEqual(["Physics"]);
    if (application.status === 201) expect(found.json["displayName"]).toBe("Kept");
  });

  it("loses nothing that was acknowledged when it is killed in the middle of writing", async () => {
    const dataDir = freshDirectory();
    const victim = await startVictim(dataDir);
    const acknowledged: string[] = [];
    let isDead = false;
    const write = async (lane: number): Promise<void> => {
      for (let n = 0; !isDead; n += 1) {
        const subject = `Lesson ${lane}-${String(n).padStart(4, "0")}`;
        const answer = await graph(victim.target, "POST", `${ROOM}/events`, lesson(subject)).catch(
          () => undefined,
        );
        if (answer?.status === 201) acknowledged.push(subject);
        else if (answer === undefined) return;
      }
    };
    const lanes = Promise.all([0, 1, 2, 3].map(write));
    // In the middle of writing, however slow the disk is.
    for (let waitedMs = 0; acknowledged.length < 60 && waitedMs < 10_000; waitedMs += 20)
      await new Promise((resolve) => setTimeout(resolve, 20));
    victim.kill();
    isDead = true;
    await lanes;
    expect(acknowledged.length).toBeGreaterThan(10);
    const second = await startSchool(seed, { dataDir });
    const kept = new Set(await subjects(second));
    await second.close();
    expect(acknowledged.filter((subject) => !kept.has(subject))).toEqual([]);
  });

  it("ignores a torn last line and refuses a broken one before it", async () => {
    const dataDir = freshDirectory();
    const first = await startSchool(seed, { dataDir });
    await graph(first, "POST", `${ROOM}/events`, lesson("Physics"));
    const journal = readFileSync(join(dataDir, "journal.jsonl"), "utf8");
    const snapshot = readFileSync(join(dataDir, "snapshot.json"), "utf8");
    await first.close();
    expect(journal.split("\n")).toHaveLength(2);
    const restoreFiles = (text: string): void => {
      writeFileSync(join(dataDir, "snapshot.json"), snapshot);
      writeFileSync(join(dataDir, "journal.jsonl"), text);
    };
    restoreFiles(`${journal}{"number":2,"chan`);
    const second = await startSchool(seed, { dataDir });
    expect(await subjects(second)).toEqual(["Physics"]);
    await second.close();
    restoreFiles(`{"number":1,"chan\n${journal}`);
    await expect(startSchool(seed, { dataDir })).rejects.toMatchObject({ code: "EMULATOR_DATA_UNREADABLE" });
  });

  it("keeps what reset and restore leave behind", async () => {
    const dataDir = freshDirectory();
    const first = await startSchool(seed, { dataDir });
    await graph(first, "POST", `${ROOM}/events`, lesson("Physics"));
    expect((await send(first, "/emulator/v1/reset", { method: "POST" })).status).toBe(204);
    const snapshot = readFileSync(join(dataDir, "snapshot.json"), "utf8");
    await first.close();
    expect(snapshot).not.toContain("Physics");
  });

  it("keeps the clock and rotated keys, also over kill -9, and forgets faults", async () => {
    const dataDir = freshDirectory();
    const first = await startSchool(seed, { dataDir });
    const control = (path: string, body: object) =>
      send(first, `/emulator/v1${path}`, { body: JSON.stringify(body) });
    const { access_token: old } = await first.tokenFor({ roles: ["Calendars.Read"] });
    const { kids } = (await control("/keys/rotate", {})).json as { kids: string[] };
    await control("/clock", { advanceSeconds: 1_800 });
    await control("/faults", { endpoint: "graph", kind: "status", status: 500 });
    const copy = freshDirectory();
    cpSync(dataDir, copy, { recursive: true });
    await first.close();
    for (const place of [copy, dataDir]) {
      const second = await startSchool(seed, { dataDir: place });
      expect((await second.rotateKeys()).kids.slice(1)).toEqual(kids);
      expect(second.clock.nowMs() - Date.now()).toBeGreaterThan(1_790_000);
      expect(second.faults.list()).toEqual([]);
      const { status } = await send(second, `${ROOM}/events`, {
        headers: { authorization: `Bearer ${old}` },
      });
      expect(status).toBe(200);
      second.reset();
      expect(Math.abs(second.clock.nowMs() - Date.now())).toBeLessThan(1_000);
      await second.close();
      const third = await startSchool(seed, { dataDir: place });
      expect(Math.abs(third.clock.nowMs() - Date.now())).toBeLessThan(1_000);
      expect((await third.rotateKeys()).kids).not.toContain(kids[0]);
      await third.close();
    }
  });

  it("is used by one emulator at a time, with files for the owner only", async () => {
    const dataDir = freshDirectory();
    const first = await startSchool(seed, { dataDir });
    await expect(startSchool(seed, { dataDir })).rejects.toMatchObject({ code: "EMULATOR_DATA_IN_USE" });
    expect(statSync(join(dataDir, "snapshot.json")).mode & 0o777).toBe(0o600);
    await first.close();
    appendFileSync(join(dataDir, "snapshot.json"), "x");
    await expect(startSchool(seed, { dataDir })).rejects.toMatchObject({ code: "EMULATOR_DATA_UNREADABLE" });
  });
});

describe("encodePlain()", () => {
  it("keeps maps, bytes and what lies in them", () => {
    const value = {
      map: new Map([["a", new Map([[1, { bytes: new Uint8Array([1, 2]) }]])]]),
      buffer: Buffer.from("x"),
      list: [null, true, 1.5, "\u2028"],
    };
    expect(decodePlain(encodePlain(value))).toEqual({ ...value, buffer: new Uint8Array([120]) });
  });
});

/** An emulator in a process of its own that can be killed. */
async function startVictim(dataDir: string): Promise<{ target: Target; kill: () => void }> {
  const source = `
    import { startEmulator } from "@nightlatch/emulator";
    import { readFileSync } from "node:fs";
    const { origin, caPem } = await startEmulator({ stateDir: ${JSON.stringify(STATE_DIR)}, dataDir: ${JSON.stringify(dataDir)}, seed: JSON.parse(process.env.SEED) });
    console.log(JSON.stringify({ origin, caPem }));`;
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  const child = spawn(
    process.execPath,
    ["--input-type=module", "--import", "tsx", "--conditions=@nightlatch/source", "-e", source],
    {
      cwd: root,
      env: { ...process.env, SEED: JSON.stringify(seed) },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const line = await new Promise<string>((resolve) =>
    child.stdout.once("data", (data: Buffer) => resolve(data.toString("utf8"))),
  );
  const { origin, caPem } = JSON.parse(line) as { origin: string; caPem: string };
  const tokenFor: Target["tokenFor"] = async (wish) =>
    (
      await send({ origin, caPem } as RunningEmulator, "/emulator/v1/tokens", {
        method: "POST",
        body: JSON.stringify(wish),
      })
    ).json as never;
  return {
    target: { origin, caPem, tokenFor },
    kill: () => {
      child.kill("SIGKILL");
    },
  };
}
