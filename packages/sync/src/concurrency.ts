/** Work on many items, a few at a time. */
import { setMaxListeners } from "node:events";

/**
 * Works on items in their order, at most `limit` at once.
 *
 * When one piece of work throws, no further item is begun, those under way are waited for, and the first
 * error is thrown.
 *
 * @param items - items in order
 * @param limit - how many at once, at least 1
 * @param work - what to do with one item
 * @throws {RangeError} when the limit is no whole number from 1; and whatever `work` throws first
 */
export async function forEachLimited<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`Limit ${limit} must be at least 1`);
  let next = 0;
  let failure: { readonly error: unknown } | undefined;
  const worker = async () => {
    while (next < items.length && failure === undefined) {
      const item = items[next++] as T;
      try {
        await work(item);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (failure !== undefined) throw failure.error;
}

/**
 * Joins signals into one that any number of calls may listen to at once.
 *
 * @param signals - signals, absent ones are passed over
 * @returns a signal that is aborted with the first of them
 */
export function joinSignals(...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  const joined = AbortSignal.any(signals.filter((signal) => signal !== undefined));
  // Node takes more than ten listeners for a leak; here every call under way is one.
  setMaxListeners(0, joined);
  return joined;
}
