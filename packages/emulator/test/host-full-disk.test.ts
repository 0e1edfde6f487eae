/** A data directory whose disk is full: what was acknowledged stays, what was not is refused in one sentence. */
import { execFileSync } from "node:child_process";
import {
  closeSync,
  cpSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { EmulatorError } from "../src/errors.ts";
import type { RunningEmulator } from "../src/index.ts";
import { Journal, type JournalFile } from "../src/persistence/journal.ts";
import { DAEMON, makeCertificate, SECRET, schoolSeed, send, startSchool, TENANT } from "./entra-school.ts";
import { envelope, view } from "./ews-fixture.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const ROOM = "/v1.0/users/room-12@school.example";
const seed = schoolSeed(makeCertificate("Timetable daemon"));

/** A small file system in memory; `undefined` where this user may not mount one. */
const disk = mountSmallDisk("2m");
afterAll(() => {
  if (disk !== undefined) execFileSync("umount", ["-l", disk]);
});

function mountSmallDisk(size: string): string | undefined {
  const path = join(temporaryDirectory("disk"), "small");
  mkdirSync(path);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path], { stdio: "pipe" });
    return path;
  } catch {
    console.warn("host-full-disk: this user may not mount a tmpfs; only the journal alone is tested");
    return undefined;
  }
}

async function graph(emulator: RunningEmulator, method: string, path: string, body?: unknown) {
  const { access_token } = await emulator.tokenFor({ roles: ["Calendars.ReadWrite"] });
  return send(emulator, path, {
    method,
    headers: { authorization: `Bearer ${access_token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function findFolder(emulator: RunningEmulator): Promise<number> {
  const { access_token } = await emulator.tokenFor({
    audience: "https://outlook.office365.com",
    roles: ["full_access_as_app"],
    claims: { appidacr: "2" },
  });
  const answer = await send(emulator, "/EWS/Exchange.asmx", {
    headers: {
      authorization: `Bearer ${access_token}`,
      "content-type": "text/xml; charset=utf-8",
      "x-anchormailbox": "room-12@school.example",
    },
    body: envelope(view("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z")),
  });
  return answer.status;
}

const lesson = (subject: string, size = 40_000) => ({
  subject,
  body: { contentType: "text", content: "x".repeat(size) },
  start: { dateTime: "2026-11-23T09:00:00", timeZone: "UTC" },
  end: { dateTime: "2026-11-23T10:00:00", timeZone: "UTC" },
});

async function subjects(emulator: RunningEmulator): Promise<string[]> {
  const { json } = await graph(emulator, "GET", `${ROOM}/events?$top=999&$select=subject`);
  return (json["value"] as { subject: string }[]).map(({ subject }) => subject).sort();
}

describe.runIf(disk !== undefined)("dataDir on a full disk", () => {
  const path = disk ?? "";

  it("refuses what it cannot keep, keeps what it acknowledged, and goes on when there is room again", async () => {
    const [dataDir, filler] = [join(path, "data"), join(path, "filler")];
    const notes: string[] = [];
    const first = await startSchool(seed, { dataDir, note: (text) => notes.push(text) });
    writeFileSync(filler, Buffer.alloc(1_600_000));
    const kept: string[] = [];
    let refusal = { status: 201, json: {} as Record<string, unknown> };
    for (let n = 10; refusal.status === 201 && n < 40; n += 1) {
      refusal = await graph(first, "POST", `${ROOM}/events`, lesson(`Lesson ${n}`));
      if (refusal.status === 201) kept.push(`Lesson ${n}`);
    }
    expect(refusal.status).toBe(507);
    expect(refusal.json["error"]).toMatchObject({ code: "EMULATOR_DATA_UNWRITABLE" });
    expect(kept.length).toBeGreaterThan(2);
    // The first refused one was carried out before the disk turned out to be full; the next ones are not even begun.
    const before = await subjects(first);
    expect((await graph(first, "POST", `${ROOM}/events`, lesson("Not begun", 10))).status).toBe(507);
    expect((await send(first, "/emulator/v1/clock", { body: '{"advanceSeconds":60}' })).status).toBe(507);
    expect(await subjects(first)).toEqual(before);
    // Whoever only reads gets a token and an answer, from Exchange too.
    const { status } = await send(first, `/${TENANT}/oauth2/v2.0/token`, {
      form: {
        grant_type: "client_credentials",
        client_id: DAEMON,
        client_secret: SECRET,
        scope: "https://graph.microsoft.com/.default",
      },
    });
    const control = await send(first, "/emulator/v1/tokens", { body: '{"roles":["Calendars.Read"]}' });
    expect([status, control.status, await findFolder(first)]).toEqual([200, 200, 200]);
    expect(notes.filter((note) => note.includes("journal.jsonl"))).toHaveLength(1);
    expect(notes.join("\n")).not.toMatch(/ENOSPC|\bat /);
    // As kill -9 would leave it.
    const copy = join(temporaryDirectory("copy"), "data");
    cpSync(dataDir, copy, { recursive: true });
    const second = await startSchool(seed, { dataDir: copy });
    expect(await subjects(second)).toEqual(kept);
    await second.close();
    rmSync(filler);
    expect((await graph(first, "POST", `${ROOM}/events`, lesson("Room again", 10))).status).toBe(201);
    const after = await subjects(first);
    expect(after).toEqual(expect.arrayContaining([...kept, "Room again"]));
    await first.close();
    const third = await startSchool(seed, { dataDir });
    expect(await subjects(third)).toEqual(after);
    await third.close();
    rmSync(dataDir, { recursive: true });
  });

  it("does not start there, says why, and leaves what is there as it was", async () => {
    const dataDir = join(path, "old");
    const first = await startSchool(seed, { dataDir });
    await graph(first, "POST", `${ROOM}/events`, lesson("Kept", 100_000));
    await first.close();
    const snapshot = readFileSync(join(dataDir, "snapshot.json"), "utf8");
    fill(join(path, "filler"));
    const error = await startSchool(seed, { dataDir }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "EMULATOR_DATA_UNWRITABLE", exitCode: 1, retryable: true });
    expect((error as Error).message).not.toContain("ENOSPC");
    expect(readdirSync(dataDir).sort()).toEqual(["journal.jsonl", "snapshot.json"]);
    expect(readFileSync(join(dataDir, "snapshot.json"), "utf8")).toBe(snapshot);
    rmSync(join(path, "filler"));
    const second = await startSchool(seed, { dataDir });
    expect(await subjects(second)).toEqual(["Kept"]);
    // An orderly end needs no room for a snapshot as long as the journal holds everything.
    await graph(second, "POST", `${ROOM}/events`, lesson("Late", 10));
    fill(join(path, "filler"));
    await second.close();
    rmSync(join(path, "filler"));
    const third = await startSchool(seed, { dataDir });
    expect(await subjects(third)).toEqual(["Kept", "Late"]);
    await third.close();
    rmSync(dataDir, { recursive: true });
  });
});

/** Takes what is left, byte by byte at the end. */
function fill(path: string): void {
  const file = openSync(path, "w");
  for (let size = 65_536; size >= 1; size = Math.floor(size / 4))
    for (;;)
      try {
        writeFileSync(file, Buffer.alloc(size));
      } catch {
        break;
      }
  closeSync(file);
}

describe("Journal", () => {
  it("flush() cuts a line that did not fit off again and writes it when there is room", async () => {
    const path = join(temporaryDirectory("journal"), "journal.jsonl");
    const handle = await open(path, "a");
    let room = 25;
    const file = {
      fd: handle.fd,
      truncate: (length?: number) => handle.truncate(length),
      datasync: () => handle.datasync(),
      close: () => handle.close(),
      // As write(2) does: what fits is written, only the next call fails.
      write: async (bytes: Buffer, at: number) => {
        if (room === 0) throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
        const taken = bytes.subarray(at, at + room);
        room -= taken.length;
        await handle.appendFile(taken);
        return { bytesWritten: taken.length, buffer: bytes };
      },
    } as unknown as JournalFile;
    const journal = new Journal(path, file);
    journal.add("first");
    await journal.flush();
    journal.add("second, which is too long");
    const failure = await journal.flush().catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(EmulatorError);
    expect(readFileSync(path, "utf8")).toBe("first\n");
    expect(journal.isBehind).toBe(true);
    room = 1_000;
    journal.add("third");
    await journal.flush();
    expect(readFileSync(path, "utf8")).toBe("first\nsecond, which is too long\nthird\n");
    expect([journal.isBehind, journal.length]).toEqual([false, 38]);
    journal.empty();
    expect(readFileSync(path, "utf8")).toBe("");
    await journal.close();
  });
});
