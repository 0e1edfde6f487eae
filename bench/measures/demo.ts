import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Measure, median } from "../measure.ts";

const main = fileURLToPath(new URL("../../packages/cli/dist/main.js", import.meta.url));

export const demoMeasure: Measure = {
  name: "demo",
  title: "The main job, whole process",
  async run() {
    const home = mkdtempSync(join(tmpdir(), "nightlatch-bench-"));
    const walls: number[] = [];
    let last = "";
    for (let round = 0; round < 3; round += 1) {
      const start = performance.now();
      const run = spawnSync(process.execPath, [main, "demo", "--exit", "--json"], {
        encoding: "utf8",
        env: { ...process.env, NIGHTLATCH_HOME: home },
      });
      walls.push(performance.now() - start);
      if (run.status !== 0) throw new Error(`demo ended with ${run.status}: ${run.stderr}`);
      last = run.stdout;
    }
    rmSync(home, { recursive: true, force: true });
    const { firstRun } = JSON.parse(last) as { firstRun: { created: number } };
    return [
      { what: "demo, first start ever", figure: `${((walls[0] ?? 0) / 1000).toFixed(2)} s` },
      { what: "demo, median of 3", figure: `${(median(walls) / 1000).toFixed(2)} s` },
      { what: "events written in the first run", figure: String(firstRun.created) },
    ];
  },
};
