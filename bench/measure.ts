/** What a measure is, and the loop that all of them use. */

/** One line of a table. */
export interface Row {
  readonly what: string;
  readonly figure: string;
  /** The stored bar in words. */
  readonly bar?: string;
  readonly met?: boolean;
}

/** A group of figures that are taken in one run. */
export interface Measure {
  readonly name: string;
  readonly title: string;
  run(): Promise<Row[]>;
}

/** A contender of a race: `fn` is called `lanes` at a time. */
export interface Contender {
  readonly name: string;
  readonly lanes?: number;
  readonly fn: (index: number) => unknown;
}

/**
 * Runs contenders in turn, round after round, so that a busy neighbour slows all of them.
 *
 * @param contenders - what is compared
 * @param options - how many rounds, how long each contender runs in a round
 * @returns best rate of each, calls per second
 */
export async function race(
  contenders: readonly Contender[],
  { rounds = 5, roundMs = 400 }: { rounds?: number; roundMs?: number } = {},
): Promise<Map<string, number>> {
  const best = new Map<string, number>();
  for (let round = 0; round <= rounds; round += 1) {
    for (const contender of contenders) {
      const rate = await rateOf(contender, round === 0 ? roundMs / 2 : roundMs);
      if (round > 0) best.set(contender.name, Math.max(best.get(contender.name) ?? 0, rate));
    }
  }
  return best;
}

async function rateOf({ fn, lanes = 1 }: Contender, durationMs: number): Promise<number> {
  const start = performance.now();
  let calls = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() - start < durationMs) {
      await fn(calls);
      calls += 1;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return (calls * 1000) / (performance.now() - start);
}

/** Median of a list of numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Prints a measure as a table. */
export function printMeasure(measure: Measure, rows: readonly Row[]): void {
  const width = Math.max(...rows.map((row) => row.what.length));
  const figureWidth = Math.max(...rows.map((row) => row.figure.length));
  console.log(measure.title);
  for (const row of rows) {
    const verdict = row.met === undefined ? "" : row.met ? "met" : "MISSED";
    console.log(
      `  ${row.what.padEnd(width)}  ${row.figure.padStart(figureWidth)}  ${[row.bar, verdict].filter(Boolean).join("  ")}`.trimEnd(),
    );
  }
  console.log("");
}
