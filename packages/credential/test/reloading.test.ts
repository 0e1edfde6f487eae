import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type CredentialEvent,
  createReloadingCredential,
  createSelfSigned,
  type ReloadingCredential,
  type SelfSigned,
} from "../src/index.ts";

describe("createReloadingCredential()", () => {
  let [one, two]: SelfSigned[] = [];
  let folder: string;
  let path: string;
  let events: CredentialEvent[];

  beforeAll(async () => {
    [one, two] = await Promise.all([
      createSelfSigned({ subject: "CN=one" }),
      createSelfSigned({ subject: "CN=two" }),
    ]);
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nightlatch-reload-"));
    path = join(folder, "app.pem");
    events = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const put = (text: string) => {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  };
  const both = (made: SelfSigned | undefined) => made!.privateKeyPem + made!.certificatePem;
  const follow = (options: object = {}): ReloadingCredential =>
    createReloadingCredential({
      paths: path,
      checkIntervalMs: 0,
      onEvent: (event) => events.push(event),
      ...options,
    });
  const subject = async (source: ReloadingCredential) => (await source.getCredential()).certificate.subject;
  const kinds = () => events.map((event) => event.kind);

  it("uses a rotated file without a restart", async () => {
    put(both(one));
    const source = follow();
    expect(await subject(source)).toBe("CN=one");
    const before = await source.getCredential();
    expect(await source.getCredential()).toBe(before);
    put(both(two));
    expect(await subject(source)).toBe("CN=two");
    expect(kinds()).toEqual(["loaded", "reloaded"]);
  });

  it("keeps the old credential while the new file is half-written, says so once, then takes the whole one", async () => {
    put(both(one));
    const source = follow();
    await source.getCredential();
    put(both(two).slice(0, 900));
    expect(await subject(source)).toBe("CN=one");
    expect(await subject(source)).toBe("CN=one");
    rmSync(path);
    expect(await subject(source)).toBe("CN=one");
    put(two!.privateKeyPem + one!.certificatePem);
    expect(await subject(source)).toBe("CN=one");
    put(both(two));
    expect(await subject(source)).toBe("CN=two");
    expect(kinds()).toEqual(["loaded", "reloadFailed", "reloadFailed", "reloadFailed", "reloaded"]);
    const codes = events.map((event) => (event.kind === "reloadFailed" ? event.error.code : ""));
    expect(codes.slice(1, 4)).toEqual([
      "CREDENTIAL_PEM_TRUNCATED",
      "CREDENTIAL_FILE_UNREADABLE",
      "CREDENTIAL_KEY_MISMATCH",
    ]);
  });

  it("fails no call while files are written piece by piece again and again", async () => {
    put(both(one));
    const source = follow();
    const seen = new Set([await subject(source)]);
    let calls = 0;
    let writing = true;
    const calling = (async () => {
      for (; writing; calls += 1) {
        seen.add(await subject(source));
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    for (const next of [two, one, two]) {
      const whole = both(next);
      for (let length = 0; length < whole.length; length += 400) {
        put(whole.slice(0, length));
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      put(whole);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await source.reload();
    writing = false;
    await calling;
    expect(calls).toBeGreaterThan(10);
    expect(seen).toEqual(new Set(["CN=one", "CN=two"]));
    expect(await subject(source)).toBe("CN=two");
  });

  it("waits in reload(), which follows a refusal, for a file that is half-written", async () => {
    put(both(one));
    const source = follow();
    await source.getCredential();
    writeFileSync(path, both(two).slice(0, 1_000));
    setTimeout(() => writeFileSync(path, both(two)), 150);
    expect(await source.reload()).toBe(true);
    expect(await subject(source)).toBe("CN=two");
    writeFileSync(path, "");
    const startedAtMs = performance.now();
    expect(await source.reload()).toBe(false);
    expect(performance.now() - startedAtMs).toBeLessThan(2_000);
  });

  it("does not let a listener that throws fail the call", async () => {
    put(both(one));
    const heard: unknown[] = [];
    const listener = (error: unknown) => void heard.push(error);
    const others = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException").once("uncaughtException", listener);
    try {
      const source = follow({
        onEvent: () => {
          throw new RangeError("listener");
        },
      });
      expect(await subject(source)).toBe("CN=one");
      await new Promise((resolve) => setTimeout(resolve, 10));
    } finally {
      process.off("uncaughtException", listener);
      for (const other of others) process.on("uncaughtException", other);
    }
    expect(heard).toMatchObject([{ message: "listener" }]);
  });

  it("does not look at the files within the interval, unless reload() is called", async () => {
    put(both(one));
    const source = follow({ checkIntervalMs: 60_000 });
    await source.getCredential();
    put(both(two));
    expect(await subject(source)).toBe("CN=one");
    expect(await source.reload()).toBe(true);
    expect(await source.reload()).toBe(false);
    expect(await subject(source)).toBe("CN=two");
  });

  it("reads once for many callers at the same time", async () => {
    put(both(one));
    const source = follow({ checkIntervalMs: 60_000 });
    const all = await Promise.all(Array.from({ length: 20 }, () => source.getCredential()));
    expect(new Set(all).size).toBe(1);
    expect(kinds()).toEqual(["loaded"]);
  });

  it("rejects when nothing was ever loaded, and recovers when the file appears", async () => {
    const source = follow({ checkIntervalMs: 60_000 });
    await expect(source.getCredential()).rejects.toMatchObject({ code: "CREDENTIAL_FILE_UNREADABLE" });
    put(both(one));
    expect(await subject(source)).toBe("CN=one");
  });

  it("warns once that the certificate is expiring, and once that it has expired", async () => {
    put(both(one));
    let days = 0;
    const source = follow({ now: () => new Date(Date.now() + days * 86_400_000), checkIntervalMs: 60_000 });
    await source.getCredential();
    days = 250;
    await source.getCredential();
    await source.getCredential();
    days = 366;
    await source.getCredential();
    expect(kinds()).toEqual(["loaded", "expiring", "expired"]);
  });
});
