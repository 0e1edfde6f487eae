/** Progress bars: on a terminal only, on standard error only. */
import cliProgress from "cli-progress";
import type { IoStreams } from "./io-streams.ts";

/** Something that is told how far the work has come. */
export interface ProgressBar {
  /** Says that `done` of `total` are done. */
  show(done: number, total: number, note: string): void;
  /** Removes the bar. */
  stop(): void;
}

/**
 * Starts a progress bar, or nothing where nobody looks.
 *
 * @param io - the terminal
 * @param label - what is being done
 * @returns the bar
 */
export function startProgress(io: IoStreams, label: string): ProgressBar {
  if (!io.interactive) return { show: () => undefined, stop: () => undefined };
  const bar = new cliProgress.SingleBar({
    format: `${label} {bar} {value}/{total}  {note}`,
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    barsize: 30,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    stream: process.stderr,
  });
  let started = false;
  return {
    show(done, total, note) {
      if (!started) bar.start(total, done, { note });
      else bar.update(done, { note });
      started = true;
    },
    stop: () => bar.stop(),
  };
}
