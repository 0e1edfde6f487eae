import { explain } from "@nightlatch/doctor";
import { readRealCases, toInput } from "../../packages/doctor/test/real-cases.ts";
import { judged, type Measure, median, shown } from "../measure.ts";
import { MAIN, runNode } from "../processes.ts";

const rounds = 3;
const starts = 9;

export const explainMeasure: Measure = {
  name: "explain",
  title: "doctor, every case of packages/doctor/cases, and the command",
  async run() {
    const cases = readRealCases().map(({ inputs }) => inputs.map(toInput));
    const best = cases.map(() => Number.POSITIVE_INFINITY);
    for (let round = 0; round <= rounds; round += 1)
      for (const [index, inputs] of cases.entries()) {
        const start = performance.now();
        await explain(inputs);
        if (round > 0) best[index] = Math.min(best[index] ?? 0, performance.now() - start);
      }
    const text = String(cases[0]?.[0]?.content);
    const command: number[] = [];
    const bare: number[] = [];
    for (let start = 0; start < starts; start += 1) {
      command.push(runNode([MAIN, "doctor", "explain", text], { allowed: [0, 5] }).wallMs);
      bare.push(runNode(["--input-type=module", "-e", ""]).wallMs);
    }
    return [
      shown(`median of ${cases.length} cases, warm`, median(best), "ms"),
      judged(`slowest of ${cases.length} cases, warm`, Math.max(...best), "ms", { atMost: 100 }),
      shown("bare node", Math.min(...bare), "ms"),
      judged("nightlatch doctor explain, best of 9", Math.min(...command), "ms", { atMost: 300 }),
      shown("nightlatch doctor explain, over bare node", Math.min(...command) - Math.min(...bare), "ms"),
    ];
  },
};
