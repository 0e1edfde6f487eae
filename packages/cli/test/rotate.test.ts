import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type RunningEmulator, startEmulator } from "@nightlatch/emulator";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Ran, run, workFolder } from "./run.ts";

const cwd = workFolder();
let emulator: RunningEmulator;
let env: Record<string, string>;
let objectId: string;
let registration: ReturnType<RunningEmulator["snapshot"]>;
let firstPem: string;
const go = (...argv: string[]): Promise<Ran> => run(argv, { cwd, env });
/** Waits long enough for a busy machine and no longer. */
const rotate = (...more: string[]): Promise<Ran> =>
  go("app", "rotate", "--settings", join(cwd, "t.env"), "--wait", "10s", ...more);
const files = () =>
  readdirSync(cwd)
    .filter((name) => name.startsWith("t.pem"))
    .toSorted();

interface Report {
  readonly outcome: string;
  readonly method: string;
  readonly removeAfter?: string;
  readonly new: { readonly thumbprintSha1Hex: string; readonly keyId: string };
  readonly keysBefore: readonly { readonly keyId: string }[];
  readonly keysAfter: readonly { readonly keyId: string }[];
}

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, stateDir: join(cwd, "home/emulator") });
  env = { NIGHTLATCH_EMULATOR: emulator.origin };
  await go("cert", "create", "--out", "t.pem");
  await go("cert", "create", "--out", "given.pem");
  const registered = await go(
    ...["app", "register", "--name", "Timetable push", "--certificate", "t.pem"],
    ...["--write-settings", "t.env", "--json"],
  );
  expect(registered.exitCode, registered.err).toBe(0);
  objectId = String(registered.json()["applicationObjectId"]);
  registration = emulator.snapshot();
  firstPem = readFileSync(join(cwd, "t.pem"), "utf8");
});

afterAll(() => emulator?.close());
beforeEach(() => {
  emulator.restore(registration);
  emulator.faults.clear();
  for (const name of files()) rmSync(join(cwd, name));
  writeFileSync(join(cwd, "t.pem"), firstPem, { mode: 0o600 });
});

describe("app rotate", () => {
  it("prints the steps and the keys in a dry run, and changes nothing", async () => {
    const told = await rotate("--dry-run", "--overlap", "7d");
    expect(told.exitCode, told.err).toBe(0);
    expect(told.out).toMatch(/1\. .*t\.pem\.new\n2\. .*addKey/);
    expect(told.out).toMatch(/key id +SHA-1 thumbprint/);
    expect(files()).toEqual(["t.pem"]);
    expect(readFileSync(join(cwd, "t.pem"), "utf8")).toBe(firstPem);
  });

  it("with --overlap 0 exchanges the key, and token get goes on with the same settings", async () => {
    const told = await rotate("--overlap", "0", "--json");
    expect(told.exitCode, told.err).toBe(0);
    const report = told.json<Report>();
    expect(report).toMatchObject({ outcome: "done", method: "addKey", keysBefore: [{}] });
    expect(report.keysAfter.map(({ keyId }) => keyId)).toEqual([report.new.keyId]);
    expect(files()).toEqual(["t.pem", "t.pem.rotation.json"]);
    const got = await go("token", "get", "--settings", join(cwd, "t.env"));
    expect(got.exitCode, got.err).toBe(0);
    writeFileSync(join(cwd, "was.pem"), firstPem);
    const refused = await go(
      "token",
      "get",
      "--settings",
      join(cwd, "t.env"),
      "--certificate",
      "was.pem",
      "--json",
    );
    expect(refused.json()).toMatchObject({ error: { details: { aadstsCodes: [700027] } } });
  });

  it("keeps both keys without --overlap, says so, and --finish removes the old one", async () => {
    const told = await rotate("--new-certificate", "given.pem");
    expect(told.out).toContain("--finish");
    expect(told.out).toMatch(/Keys before\n.* old\n\nKeys after\n.* old\n.* new/s);
    expect(files()).toEqual(["t.pem", "t.pem.old", "t.pem.rotation.json"]);
    const finished = await rotate("--finish", "--json");
    expect(finished.json<Report>()).toMatchObject({ outcome: "done", keysBefore: [{}, {}], keysAfter: [{}] });
    expect((await rotate("--finish", "--json")).json<Report>().outcome).toBe("nothingToFinish");
  });

  it("with --if-due and --overlap is a nightly job that mostly does nothing", async () => {
    expect((await rotate("--if-due", "--overlap", "7d", "--json")).json<Report>().outcome).toBe("notDue");
    const nightly = ["--if-due", "366d", "--overlap", "7d", "--new-certificate", "given.pem", "--json"];
    const begun = (await rotate(...nightly)).json<Report>();
    expect(begun.outcome).toBe("overlapping");
    expect(Date.parse(begun.removeAfter ?? "")).toBeGreaterThan(Date.now() + 6 * 86_400_000);
    expect((await rotate(...nightly)).json<Report>()).toMatchObject({
      outcome: "overlapping",
      new: begun.new,
    });
  });

  it("asks for --object-id by name where nobody may look it up, and takes it", async () => {
    // Named by their addresses, the emulator's services give no administrator's token away.
    const strict: Record<string, string> = {
      AZURE_AUTHORITY_HOST: emulator.origin,
      NIGHTLATCH_GRAPH: emulator.graph,
    };
    const { AZURE_TENANT_ID, AZURE_CLIENT_ID } = Object.fromEntries(
      readFileSync(join(cwd, "t.env"), "utf8")
        .split("\n")
        .map((line) => line.split("=") as [string, string]),
    );
    const argv = [
      "app",
      "rotate",
      "--certificate",
      "t.pem",
      "--new-certificate",
      "given.pem",
      "--ca",
      emulator.ca,
    ];
    const ids = ["--tenant", AZURE_TENANT_ID ?? "", "--client-id", AZURE_CLIENT_ID ?? ""];
    const asked = await run([...argv, ...ids], { cwd, env: strict });
    expect(asked.exitCode).toBe(2);
    expect(asked.err).toMatch(/\(OAUTH_OBJECT_ID_NEEDED\)\nhint: .*--object-id/);
    const rotated = await run([...argv, ...ids, "--object-id", objectId, "--json"], { cwd, env: strict });
    expect(rotated.exitCode, rotated.err).toBe(0);
    expect(rotated.json<Report>()).toMatchObject({ outcome: "overlapping", method: "addKey" });
  });

  it("says what it waits for, ends with 1 when the time is over, and is completed by the same line", async () => {
    emulator.clearRequests();
    const argv = ["--overlap", "0", "--new-certificate", "given.pem", "--json"];
    const failing = rotate(...argv, "--wait", "0");
    const isAdded = () => emulator.requests().some(({ url }) => url.endsWith("/addKey"));
    while (!isAdded()) await new Promise((resolve) => setTimeout(resolve, 5));
    emulator.faults.add({ endpoint: "token", kind: "aadsts", code: 700027 });
    const failed = await failing;
    expect(failed.exitCode).toBe(1);
    expect(failed.json()).toMatchObject({ error: { code: "OAUTH_ROTATION_NOT_CONFIRMED" } });
    emulator.faults.clear();
    expect((await rotate(...argv)).json<Report>().outcome).toBe("done");
  });

  it("refuses two files, a duration it cannot read, and the certificate in use", async () => {
    const two = await rotate("--certificate", "t.pem", "--certificate", "given.pem");
    expect(two.exitCode).toBe(2);
    expect((await rotate("--overlap", "soon")).exitCode).toBe(2);
    const same = await rotate("--new-certificate", "t.pem", "--json");
    expect(same.exitCode).toBe(2);
    expect(same.json()).toMatchObject({ error: { code: "OAUTH_ROTATION_SAME_CERTIFICATE" } });
    expect(files()).toEqual(["t.pem"]);
  });
});
