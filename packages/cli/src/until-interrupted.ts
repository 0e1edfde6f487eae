/**
 * Waits for Ctrl-C.
 *
 * @param signal - the interrupt signal of the run
 */
export function untilInterrupted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
