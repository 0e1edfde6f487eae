/** Explains one HAR file in a process of its own and prints time and memory; run by har.test.ts. */
import { readFileSync } from "node:fs";
import { explain } from "../src/index.ts";

const path = process.argv[2] ?? "";
const content = readFileSync(path);
const started = performance.now();
const { findings } = await explain([{ name: "session.har", content }]);
const spentMs = Math.round(performance.now() - started);
const peakMebibytes = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(
  JSON.stringify({ spentMs, peakMebibytes, codes: findings.map((finding) => finding.code) }),
);
