/** An explanation is there before anybody notices. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { explain } from "../src/index.ts";

const LIMIT_MS = 100;

test("explain() answers every real case in under 100 ms from a warm start", async () => {
  const folder = join(import.meta.dirname, "..", "cases");
  const texts = readdirSync(folder).flatMap((name) => {
    const { inputs } = JSON.parse(readFileSync(join(folder, name), "utf8")) as {
      inputs: Array<{ content?: string }>;
    };
    return inputs.map((input) => input.content ?? "").filter((text) => text !== "");
  });
  for (const content of texts.slice(0, 20)) await explain([{ content }]);
  let slowest = 0;
  for (const content of texts) {
    const started = performance.now();
    await explain([{ content }]);
    slowest = Math.max(slowest, performance.now() - started);
  }
  expect(slowest).toBeLessThan(LIMIT_MS);
  console.info(`slowest of ${texts.length} explanations: ${slowest.toFixed(1)} ms`);
});
