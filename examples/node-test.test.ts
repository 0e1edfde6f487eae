import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const here = dirname(fileURLToPath(import.meta.url));

it("emulator-node-test.mjs passes under node --test", () => {
  const ran = spawnSync(process.execPath, ["--test", "--test-reporter=tap", "emulator-node-test.mjs"], {
    cwd: here,
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  expect(ran.stdout + ran.stderr).toMatch(/^# pass [1-9]\d*$/m);
  expect(ran.status).toBe(0);
});
