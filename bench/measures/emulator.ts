import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Measure, median } from "../measure.ts";

const main = fileURLToPath(new URL("../../packages/cli/dist/main.js", import.meta.url));

export const emulatorMeasure: Measure = {
  name: "emulator",
  title: "Emulator, process start to first token served",
  async run() {
    const home = mkdtempSync(join(tmpdir(), "nightlatch-bench-"));
    const first = await startToToken(home);
    const later: number[] = [];
    for (let round = 0; round < 5; round += 1) later.push(await startToToken(home));
    rmSync(home, { recursive: true, force: true });
    return [
      {
        what: "first start ever (CA and keys made)",
        figure: `${first.toFixed(0)} ms`,
        bar: "at most 500 ms",
        met: first <= 500,
      },
      {
        what: "keys cached, median of 5",
        figure: `${median(later).toFixed(0)} ms`,
        bar: "at most 500 ms",
        met: median(later) <= 500,
      },
    ];
  },
};

/** Starts the command, waits for its ready line, gets a token from the control API's issuer by secret. */
async function startToToken(home: string): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, [main, "emulator", "start", "--port", "0", "--json"], {
    env: { ...process.env, NIGHTLATCH_HOME: home },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await new Promise<string[]>((resolve) =>
    createInterface({ input: child.stdout }).once("line", (text) => resolve([text])),
  );
  const ready = JSON.parse(line ?? "{}") as { origin: string; ca: string; tenantId: string };
  const status = await post(
    `${ready.origin}/emulator/v1/tokens`,
    JSON.stringify({ tenantId: ready.tenantId, roles: [] }),
    readFileSync(ready.ca),
  );
  const elapsed = performance.now() - start;
  child.kill("SIGTERM");
  await new Promise((resolve) => child.once("exit", resolve));
  if (status !== 200) throw new Error(`the control API answered ${status}`);
  return elapsed;
}

function post(url: string, body: string, ca: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { method: "POST", ca, headers: { "Content-Type": "application/json" } }, (response) => {
      response.resume();
      response.once("end", () => resolve(response.statusCode ?? 0));
    })
      .once("error", reject)
      .end(body);
  });
}
