import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeFileAtomic } from "./write-file-atomic.ts";

describe("writeFileAtomic()", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nightlatch-write-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

  it("makes files that only the owner can read, whatever the mask, unless told otherwise", async () => {
    const mask = process.umask(0o077);
    try {
      await writeFileAtomic(join(folder, "key.pem"), "key");
      await writeFileAtomic(join(folder, "cert.pem"), "cert", { mode: 0o644 });
    } finally {
      process.umask(mask);
    }
    expect(modeOf(join(folder, "key.pem"))).toBe("600");
    expect(modeOf(join(folder, "cert.pem"))).toBe("644");
    expect(readdirSync(folder).sort()).toEqual(["cert.pem", "key.pem"]);
  });

  it("refuses to replace a file and leaves it and nothing else", async () => {
    const path = join(folder, "key.pem");
    writeFileSync(path, "old");
    await expect(writeFileAtomic(path, "new")).rejects.toMatchObject({ code: "CREDENTIAL_FILE_EXISTS" });
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["key.pem"]);
  });

  it("replaces when told, keeping a link a link and narrowing the mode", async () => {
    const path = join(folder, "real.pem");
    writeFileSync(path, "old");
    chmodSync(path, 0o644);
    symlinkSync(path, join(folder, "link.pem"));
    await writeFileAtomic(join(folder, "link.pem"), "new", { overwrite: true });
    expect(readFileSync(path, "utf8")).toBe("new");
    expect(modeOf(path)).toBe("600");
    expect(readdirSync(folder).sort()).toEqual(["link.pem", "real.pem"]);
  });

  it("lets exactly one of many writers win", async () => {
    const path = join(folder, "key.pem");
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => writeFileAtomic(path, `writer ${n}`)),
    );
    expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
    expect(readFileSync(path, "utf8")).toMatch(/^writer \d$/);
    expect(readdirSync(folder)).toEqual(["key.pem"]);
  });

  it("leaves nothing behind when the folder is missing or the place is taken by a folder", async () => {
    await expect(writeFileAtomic(join(folder, "no", "key.pem"), "x")).rejects.toMatchObject({
      code: "CREDENTIAL_FILE_NOT_WRITTEN",
      details: { errno: "ENOENT" },
    });
    await expect(writeFileAtomic(folder, "x", { overwrite: true })).rejects.toMatchObject({
      code: "CREDENTIAL_FILE_NOT_WRITTEN",
    });
    expect(readdirSync(folder)).toEqual([]);
    expect(
      readdirSync(join(folder, "..")).filter((name) => name.startsWith(`.${folder.split("/").at(-1)}`)),
    ).toEqual([]);
  });

  it("does not put a file in the place of a pipe or a folder", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    for (const path of [pipe, folder])
      await expect(writeFileAtomic(path, "key", { overwrite: true })).rejects.toMatchObject({
        code: "CREDENTIAL_FILE_NOT_WRITTEN",
      });
    expect(statSync(pipe).isFIFO()).toBe(true);
  });
});
