/**
 * `npm run bench`: figures against named peers, each ratio taken within one run.
 *
 *     npm run bench                 every measure
 *     npm run bench -- assertion    only those whose name contains the word
 *     npm run bench -- --check      fail when a stored bar is missed
 *     npm run bench -- --json       one JSON document
 */
import { cpus } from "node:os";
import { type Measure, printMeasure, type Row } from "./measure.ts";
import { assertionMeasure } from "./measures/assertion.ts";
import { cacheMeasure } from "./measures/cache.ts";
import { demoMeasure } from "./measures/demo.ts";
import { emulatorMeasure } from "./measures/emulator.ts";

const measures: readonly Measure[] = [assertionMeasure, cacheMeasure, emulatorMeasure, demoMeasure];

const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const asJson = process.argv.includes("--json");
const chosen = measures.filter(
  (measure) => words.length === 0 || words.some((word) => measure.name.includes(word)),
);
const results: Record<string, readonly Row[]> = {};

if (!asJson)
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}\n`);
for (const measure of chosen) {
  const rows = await measure.run();
  results[measure.name] = rows;
  if (!asJson) printMeasure(measure, rows);
}
if (asJson) console.log(JSON.stringify(results));

const missed = Object.values(results)
  .flat()
  .filter((row) => row.met === false);
for (const row of missed) console.error(`Bar missed: ${row.what}: ${row.figure}, wanted ${row.bar}`);
if (process.argv.includes("--check") && missed.length > 0) process.exitCode = 1;
