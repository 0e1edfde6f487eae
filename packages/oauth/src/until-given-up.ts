/** Waiting for somebody else's code: a signer, a callback, a file. It need not know of signals, nor ever answer. */
import { oauthError } from "./errors.ts";

/** What ends a wait. */
export interface Bounds {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
}

/**
 * Waits for work that cannot be cancelled, and goes on without it when the caller gives up or the time is over.
 *
 * @param work - starts the work; not called when the signal has fired already
 * @param what - for messages, for example `the proof of the client`
 * @param bounds - what ends the wait
 * @returns what the work gives
 * @throws {NightlatchError} `OAUTH_ABORTED`, `OAUTH_NETWORK_TIMEOUT`, both with `details.answerLost` false; what the work throws
 */
export function untilGivenUp<Value>(
  work: () => Promise<Value>,
  what: string,
  bounds: Bounds,
): Promise<Value> {
  const { signal, timeoutMs } = bounds;
  return new Promise((resolve, reject) => {
    const details = { answerLost: false };
    const aborted = () =>
      finish(() =>
        reject(
          oauthError("OAUTH_ABORTED", `The caller gave up waiting for ${what}`, {
            cause: signal?.reason,
            details,
          }),
        ),
      );
    const timer = setTimeout(
      () =>
        finish(() =>
          reject(
            oauthError("OAUTH_NETWORK_TIMEOUT", `Cannot get ${what} within ${timeoutMs} ms`, {
              details: { ...details, timeoutMs },
            }),
          ),
        ),
      timeoutMs,
    );
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", aborted);
      settle();
    };
    if (signal?.aborted === true) return aborted();
    signal?.addEventListener("abort", aborted);
    work().then(
      (value) => finish(() => resolve(value)),
      (error: unknown) => finish(() => reject(error)),
    );
  });
}
