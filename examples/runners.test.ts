import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const here = dirname(fileURLToPath(import.meta.url));

function run(args: readonly string[], nodeOptions: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args], {
    cwd: here,
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: nodeOptions },
  });
  return { status, output: stdout + stderr };
}

it("emulator-node-test.mjs passes under node --test", () => {
  const { status, output } = run(["--test", "--test-reporter=tap", "emulator-node-test.mjs"], "");
  expect(output).toMatch(/^# pass [1-9]\d*$/m);
  expect(status).toBe(0);
});

it("emulator-jest.mjs passes under Jest", () => {
  const jest = createRequire(import.meta.url).resolve("jest/bin/jest");
  const { status, output } = run(
    [jest, "--rootDir", here, "--testMatch", "**/emulator-jest.mjs", "--transform", "{}"],
    "--experimental-vm-modules",
  );
  expect(output).toMatch(/^Tests: +[1-9]\d* passed, /m);
  expect(status, output).toBe(0);
});
