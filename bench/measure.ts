/** What a measure is, how a figure is judged, and the race that all of them use. */

/** The stored bar of a figure. */
export interface Bar {
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** One line of a table. */
export interface Row {
  readonly what: string;
  readonly value: number;
  /** The value with its unit. */
  readonly figure: string;
  /** The stored bar in words. */
  readonly bar?: string;
  readonly met?: boolean;
}

/** A group of figures that are taken in one run. */
export interface Measure {
  readonly name: string;
  readonly title: string;
  /** Only in a full run (`NIGHTLATCH_BENCH_FULL=1`). */
  readonly fullOnly?: boolean;
  run(): Promise<Row[]>;
}

/** Whether the long measures are wanted, and the long form of the others. */
export const isFullRun = process.env["NIGHTLATCH_BENCH_FULL"] === "1";

/**
 * A figure without a bar: a floor, a peer, or something to know.
 *
 * @param what - what was measured
 * @param value - the figure
 * @param unit - `µs`, `ms`, `/s`, `×`, `%`, `MiB`, …
 */
export function shown(what: string, value: number, unit: string): Row {
  return { what, value, figure: formatFigure(value, unit) };
}

/**
 * A figure with its stored bar; `--check` fails when it is missed.
 *
 * @param what - what was measured
 * @param value - the figure
 * @param unit - as for {@link shown}
 * @param bar - the bar
 */
export function judged(what: string, value: number, unit: string, bar: Bar): Row {
  const { atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY } = bar;
  const words = [
    ...(bar.atLeast === undefined ? [] : [`at least ${formatFigure(atLeast, unit, true)}`]),
    ...(bar.atMost === undefined ? [] : [`at most ${formatFigure(atMost, unit, true)}`]),
  ];
  return { ...shown(what, value, unit), bar: words.join(", "), met: value >= atLeast && value <= atMost };
}

function formatFigure(value: number, unit: string, isBar = false): string {
  const digits = isBar || Number.isInteger(value) || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const text = isBar
    ? value.toLocaleString("en", { maximumFractionDigits: 2 })
    : value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return unit === "×" || unit === "/s" ? `${text}${unit}` : `${text} ${unit}`.trimEnd();
}

/** A contender of a race: `fn` is called `lanes` at a time. */
export interface Contender {
  readonly name: string;
  readonly lanes?: number;
  /** Calls that one call of `fn` stands for, when it loops itself. @defaultValue 1 */
  readonly callsEach?: number;
  readonly fn: (index: number) => unknown;
}

/** What a race says about a contender. */
export interface Speed {
  /** Calls per second in the best round. */
  readonly perSecond: number;
  /** Least CPU time of a call over the rounds, microseconds, all threads of this process. */
  readonly cpuMicros: number;
  /** Calls per second, round by round: those of two contenders with the same index were taken one after the other. */
  readonly rounds: readonly number[];
}

/**
 * Runs contenders in turn, round after round, so that a busy neighbour slows all of them.
 *
 * @param contenders - what is compared
 * @param options - how many rounds, how long each contender runs in a round
 * @returns best rate and least CPU time, by name
 */
export async function race<Name extends string>(
  contenders: readonly (Contender & { readonly name: Name })[],
  { rounds = 5, roundMs = 400 }: { rounds?: number; roundMs?: number } = {},
): Promise<Record<Name, Speed>> {
  const best = {} as Record<Name, Speed>;
  for (let round = 0; round <= rounds; round += 1) {
    for (const contender of contenders) {
      const speed = await speedOf(contender, round === 0 ? roundMs / 2 : roundMs);
      const before = best[contender.name];
      if (round === 0) continue;
      best[contender.name] = {
        perSecond: Math.max(before?.perSecond ?? 0, speed.perSecond),
        cpuMicros: Math.min(before?.cpuMicros ?? Number.POSITIVE_INFINITY, speed.cpuMicros),
        rounds: [...(before?.rounds ?? []), speed.perSecond],
      };
    }
  }
  return best;
}

/**
 * Compares two contenders round by round: what else the machine does in a round slows both.
 *
 * @param ours - divided
 * @param theirs - by
 * @returns median of the ratios of the rates
 */
export function medianRatio(ours: Speed, theirs: Speed): number {
  return median(ours.rounds.map((rate, round) => rate / (theirs.rounds[round] ?? Number.NaN)));
}

async function speedOf(
  { fn, lanes = 1, callsEach = 1 }: Contender,
  durationMs: number,
): Promise<Omit<Speed, "rounds">> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  let calls = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() - start < durationMs) {
      const index = calls;
      calls += 1;
      await fn(index);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const spentMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return {
    perSecond: (calls * callsEach * 1000) / spentMs,
    cpuMicros: (user + system) / (calls * callsEach),
  };
}

/** Median of a list of numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Prints a measure as a table. */
export function printMeasure(measure: Measure, rows: readonly Row[], spentMs: number): void {
  const width = Math.max(...rows.map((row) => row.what.length));
  const figureWidth = Math.max(...rows.map((row) => row.figure.length));
  console.log(`${measure.name}: ${measure.title} (${(spentMs / 1000).toFixed(0)} s)`);
  for (const row of rows) {
    const verdict = row.met === undefined ? "" : row.met ? "met" : "MISSED";
    console.log(
      `  ${row.what.padEnd(width)}  ${row.figure.padStart(figureWidth)}  ${[row.bar, verdict].filter(Boolean).join("  ")}`.trimEnd(),
    );
  }
  console.log("");
}
