/** Explains one HAR file and prints time, peak of memory and the codes found: `explain-har.mjs FILE`. */
import { readFileSync } from "node:fs";
import { explain } from "@nightlatch/doctor";

const content = readFileSync(process.argv[2]);
const start = performance.now();
const { findings } = await explain([{ name: "session.har", content }]);
const wallMs = performance.now() - start;
const peakMiB = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ wallMs, peakMiB, codes: findings.map(({ code }) => code) }));
