import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { firstMissing, parseTranscript, runTranscript } from "./transcript.ts";

const here = dirname(fileURLToPath(import.meta.url));
const files = readdirSync(here).filter((name) => name.endsWith(".txt"));
const missing = ["bash", "openssl", "curl"].filter(
  (program) => spawnSync(program, ["--version"]).error !== undefined,
);
const run = missing.length === 0 || process.env["CI"] !== undefined;
if (!run) console.warn(`Transcripts are skipped: ${missing.join(", ")} not found`);

describe.runIf(run)("acceptance transcripts", () => {
  it("are there for each of the four documents", () => {
    for (const document of ["000", "001", "002", "003"])
      expect(
        files.some((name) => name.startsWith(`document-${document}`)),
        document,
      ).toBe(true);
  });

  it.concurrent.each(files)("%s", { timeout: 120_000 }, async (name) => {
    const steps = parseTranscript(readFileSync(join(here, name), "utf8"));
    for (const { step, output, exitCode } of await runTranscript(steps)) {
      const where = `${name}:${step.line}\n$ ${step.command}\n${output}`;
      expect(firstMissing(output, step.expected), where).toBeUndefined();
      expect(exitCode, where).toBe(step.exitCode);
    }
  });
});

describe("firstMissing()", () => {
  it("wants lines in order and lets … stand for anything", () => {
    expect(firstMissing("a 1\nb\nc", ["a …", "b", "c"])).toBeUndefined();
    expect(firstMissing("a\nx\ny\nc", ["a", "…", "c"])).toBeUndefined();
    expect(firstMissing("a\nc", ["a", "b"])).toBe("b");
    expect(firstMissing("a\nb", ["b"])).toBe("b");
    expect(firstMissing("", ["a"])).toBe("a");
  });
});
