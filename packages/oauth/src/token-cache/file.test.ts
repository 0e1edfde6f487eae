import { spawnSync } from "node:child_process";
import { chmod, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { type CertificateCredential, createSelfSigned } from "@nightlatch/credential";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryDirectory } from "../../../emulator/test/temporary-directory.ts";
import { tokenCacheConformance } from "./conformance.ts";
import { createFileTokenCache } from "./file.ts";

let certificate: CertificateCredential;
let other: CertificateCredential;
beforeAll(async () => {
  certificate = (await createSelfSigned({ subject: "CN=One" })).credential;
  other = (await createSelfSigned({ subject: "CN=Two" })).credential;
});

const folder = async () => join(temporaryDirectory("cache"), "tokens");
const token = {
  token: "canary-token",
  expiresOnTimestamp: Date.now() + 3_600_000,
  refreshAfterTimestamp: Date.now() + 3_000_000,
};

for (const sealing of ["certificate", "secret"] as const) {
  tokenCacheConformance({ describe, it }, `the file cache, sealed by ${sealing}`, async () => {
    const directory = await folder();
    const sealedBy = sealing === "certificate" ? { certificate } : { clientSecret: "canary-secret" };
    const make = () => createFileTokenCache({ directory, sealedBy });
    return { cache: make(), again: async () => make() };
  });
}

describe("createFileTokenCache", () => {
  it("files are 0600 in a folder of 0700, and hold neither token nor key in the clear", async () => {
    const directory = await folder();
    await createFileTokenCache({ directory, sealedBy: { certificate } }).set(
      "https://a|tenant|client|scope|",
      token,
    );
    const names = await readdir(directory);
    expect(names).toHaveLength(1);
    const path = join(directory, names[0] ?? "");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await readFile(path)).toString("latin1") + path).not.toMatch(/canary|tenant|client/);
  });

  it("only the holder of the key can read it: another certificate or secret sees nothing", async () => {
    const directory = await folder();
    await createFileTokenCache({ directory, sealedBy: { certificate } }).set("key", token);
    for (const sealedBy of [{ certificate: other }, { clientSecret: "guess" }]) {
      expect(await createFileTokenCache({ directory, sealedBy }).get("key")).toBeUndefined();
    }
    // The same certificate without its key: the file is found, and does not open.
    const thief = { ...certificate, signer: other.signer };
    expect(
      await createFileTokenCache({ directory, sealedBy: { certificate: thief } }).get("key"),
    ).toBeUndefined();
  });

  it("a file that was moved to another key, cut or changed by a bit counts as absent, and is replaced", async () => {
    const directory = await folder();
    const cache = createFileTokenCache({ directory, sealedBy: { certificate } });
    await cache.set("one", token);
    const [first = ""] = await readdir(directory);
    const sealed = await readFile(join(directory, first));
    await cache.set("two", { ...token, token: "2" });
    const second = (await readdir(directory)).find((name) => name !== first) ?? "";
    const flipped = Buffer.from(sealed);
    flipped[sealed.length >> 1] = (flipped[sealed.length >> 1] ?? 0) ^ 1;
    await writeFile(join(directory, second), sealed);
    expect(await cache.get("two")).toBeUndefined();
    for (const bytes of [flipped, sealed.subarray(0, 20), Buffer.alloc(0), sealed.subarray(0, -1)]) {
      await writeFile(join(directory, first), bytes);
      expect(await cache.get("one")).toBeUndefined();
    }
    await cache.getOrRequest("one", { isFresh: () => true, request: async () => token });
    expect((await cache.get("one"))?.token).toBe("canary-token");
  });

  it("a lock left behind by a crash runs out", async () => {
    const directory = await folder();
    const cache = createFileTokenCache({ directory, sealedBy: { certificate }, lockLifeMs: 5_000 });
    await cache.set("key", token);
    const [name = ""] = await readdir(directory);
    const lock = join(directory, name.replace(".token", ".lock"));
    await writeFile(lock, "");
    const exchange = { isFresh: () => false, request: async () => ({ ...token, token: "new" }) };
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 80);
    await expect(cache.getOrRequest("key", { ...exchange, signal: controller.signal })).rejects.toMatchObject(
      { code: "OAUTH_ABORTED" },
    );
    const longAgo = new Date(Date.now() - 10_000);
    await utimes(lock, longAgo, longAgo);
    expect((await cache.getOrRequest("key", exchange)).token).toBe("new");
  });

  it.each([
    ["of a process that is gone", (pid: number) => `${pid} ${hostname()} x`, true],
    ["of one that had this process's id", () => `${process.pid} ${hostname()} x`, true],
    ["of a process that runs", () => `${process.ppid} ${hostname()} x`, false],
    ["of another machine", (pid: number) => `${pid} elsewhere x`, false],
  ])("a lock %s, from which follows whether it holds anybody up", async (_, content, isLeftBehind) => {
    const directory = await folder();
    const cache = createFileTokenCache({ directory, sealedBy: { certificate } });
    await cache.set("key", token);
    const [name = ""] = await readdir(directory);
    const gone = spawnSync(process.execPath, ["--version"]).pid;
    await writeFile(join(directory, name.replace(".token", ".lock")), content(gone));
    const exchange = {
      isFresh: () => false,
      request: async () => ({ ...token, token: "new" }),
      signal: AbortSignal.timeout(300),
    };
    const got = await cache.getOrRequest("key", exchange).catch((error: { code: string }) => error.code);
    expect(got).toEqual(isLeftBehind ? { ...token, token: "new" } : "OAUTH_ABORTED");
  });

  it("a lock that ran out and was taken by another is not given back for it", async () => {
    const directory = await folder();
    const cache = createFileTokenCache({ directory, sealedBy: { certificate } });
    const lock = async () =>
      join(directory, (await readdir(directory)).find((name) => name.endsWith(".lock")) ?? "");
    await cache.getOrRequest("key", {
      isFresh: () => true,
      request: async () => {
        await writeFile(await lock(), "1 elsewhere x");
        return token;
      },
    });
    expect(await readFile(await lock(), "utf8")).toBe("1 elsewhere x");
  });

  it("what a killed process left half written goes when it is old, or with clear()", async () => {
    const directory = await folder();
    const cache = createFileTokenCache({ directory, sealedBy: { certificate } });
    await cache.set("key", token);
    const [name = ""] = await readdir(directory);
    await writeFile(join(directory, `.${name}.0123456789ab.tmp`), "half");
    await cache.clear();
    expect(await readdir(directory)).toEqual([]);
  });

  it("a place that cannot be written is named", async () => {
    const directory = await folder();
    await writeFile(directory, "a file stands here");
    const cache = createFileTokenCache({ directory, sealedBy: { certificate } });
    await expect(cache.set("key", token)).rejects.toMatchObject({
      code: "OAUTH_CACHE_UNUSABLE",
      details: { directory },
    });
    await chmod(directory, 0o600);
  });

  it("the folder is made with those above it, and for its owner alone", async () => {
    const directory = join(await folder(), "a", "b");
    const cache = createFileTokenCache({ directory, sealedBy: { certificate } });
    await Promise.all([cache.set("key", token), cache.set("other", token)]);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await cache.get("key"))?.token).toBe("canary-token");
  });

  it.runIf(process.platform === "linux")(
    "a folder whose file system denies that it could be there is named, and not tried for without end",
    async () => {
      const cache = createFileTokenCache({ directory: "/proc/nightlatch/a", sealedBy: { certificate } });
      await expect(cache.set("key", token)).rejects.toMatchObject({ code: "OAUTH_CACHE_UNUSABLE" });
    },
  );

  it("clear() takes its own files and no others, and only those of its credential's shape", async () => {
    const directory = await folder();
    const cache = createFileTokenCache({ directory, sealedBy: { certificate } });
    await cache.set("key", token);
    await writeFile(join(directory, "notes.txt"), "mine");
    await cache.clear();
    expect(await readdir(directory)).toEqual(["notes.txt"]);
  });

  it("a signer whose signature is none is refused, since anybody could derive the key", async () => {
    for (const signature of [new Uint8Array(0), undefined, "text"]) {
      const broken = { ...certificate, signer: { sign: async () => signature as Uint8Array } };
      const cache = createFileTokenCache({ directory: await folder(), sealedBy: { certificate: broken } });
      await expect(cache.set("key", token)).rejects.toMatchObject({ code: "OAUTH_CACHE_UNUSABLE" });
    }
  });

  it("a signer without RS256 is refused by name", async () => {
    const hsm = { ...certificate, signer: { sign: async () => Promise.reject(new Error("PS256 only")) } };
    const cache = createFileTokenCache({ directory: await folder(), sealedBy: { certificate: hsm } });
    await expect(cache.get("key")).rejects.toMatchObject({ code: "OAUTH_CACHE_UNUSABLE" });
  });
});
