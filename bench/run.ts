/**
 * `npm run bench`: figures against named peers or the physical floor, each ratio taken within one run.
 *
 *     npm run bench                 every measure but the long ones
 *     npm run bench -- assertion    only those whose name contains the word; several words add up
 *     npm run bench -- --list       names and titles
 *     npm run bench -- --check      fail when a stored bar is missed
 *     npm run bench -- --json       one JSON document
 *
 * `NIGHTLATCH_BENCH_FULL=1` adds the long measures and takes the others at full length; see docs/benchmarks.md.
 */
import { cpus } from "node:os";
import { isFullRun, type Measure, printMeasure, type Row } from "./measure.ts";
import { assertionMeasure } from "./measures/assertion.ts";
import { cacheMeasure } from "./measures/cache.ts";
import { calendarViewMeasure } from "./measures/calendar-view.ts";
import { demoMeasure } from "./measures/demo.ts";
import { ewsMeasure } from "./measures/ews.ts";
import { ewsSyncMeasure } from "./measures/ews-sync.ts";
import { explainMeasure } from "./measures/explain.ts";
import { harMeasure } from "./measures/har.ts";
import { heapMeasure } from "./measures/heap.ts";
import { importMeasure } from "./measures/import.ts";
import { mailboxesMeasure } from "./measures/mailboxes.ts";
import { resetMeasure } from "./measures/reset.ts";
import { startMeasure } from "./measures/start.ts";
import { syncMeasure } from "./measures/sync.ts";
import { timetableMeasure } from "./measures/timetable.ts";
import { tokensMeasure } from "./measures/tokens.ts";
import { uncachedMeasure } from "./measures/uncached.ts";

const measures: readonly Measure[] = [
  assertionMeasure,
  cacheMeasure,
  uncachedMeasure,
  importMeasure,
  heapMeasure,
  startMeasure,
  tokensMeasure,
  resetMeasure,
  calendarViewMeasure,
  ewsMeasure,
  ewsSyncMeasure,
  mailboxesMeasure,
  timetableMeasure,
  syncMeasure,
  explainMeasure,
  harMeasure,
  demoMeasure,
];

const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const has = (flag: string): boolean => process.argv.includes(flag);
const chosen = measures.filter((measure) =>
  words.length === 0
    ? isFullRun || measure.fullOnly !== true
    : words.some((word) => measure.name.includes(word)),
);
if (has("--list")) for (const { name, title } of measures) console.log(`${name.padEnd(20)} ${title}`);
else if (chosen.length === 0) {
  console.error(`No measure has "${words.join('" or "')}" in its name; --list prints the names`);
  process.exitCode = 2;
} else await run();

async function run(): Promise<void> {
  const processor = cpus()[0]?.model ?? "unknown processor";
  const asJson = has("--json");
  if (!asJson) console.log(`Node ${process.version}, ${cpus().length} × ${processor}\n`);
  const results: Record<string, readonly Row[]> = {};
  for (const measure of chosen) {
    const start = performance.now();
    const rows = await measure.run();
    results[measure.name] = rows;
    if (!asJson) printMeasure(measure, rows, performance.now() - start);
  }
  if (asJson) console.log(JSON.stringify({ node: process.version, cpus: cpus().length, processor, results }));
  const missed = Object.entries(results).flatMap(([name, rows]) =>
    rows.filter((row) => row.met === false).map((row) => ({ name, row })),
  );
  for (const { name, row } of missed)
    console.error(`Bar missed: ${name}: ${row.what}: ${row.figure}, wanted ${row.bar}`);
  if (has("--check") && missed.length > 0) process.exitCode = 1;
}
