/** When a token is asked for anew, and until when it is handed out without waiting. */
import type { CachedToken } from "./token-cache/token-cache.ts";

const ONE_MINUTE_MS = 60_000;
const FIVE_MINUTES_MS = 300_000;

/**
 * Works out until when a token is handed out without waiting: a minute before its end, so that it does not die on its
 * way, less for tokens whose life is short.
 *
 * @param token - with its times
 * @returns milliseconds since 1970
 */
export function usableUntilMs(token: CachedToken): number {
  const lastPartMs = token.expiresOnTimestamp - token.refreshAfterTimestamp;
  return token.expiresOnTimestamp - Math.min(ONE_MINUTE_MS, lastPartMs / 5);
}

/** How far the clock may be set back before what was learnt earlier counts as unknown. */
const SET_BACK_TOLERANCE_MS = ONE_MINUTE_MS;
/** No token lives longer (the service gives 28 hours at most): one that seems to was stored by a clock that ran ahead. */
const LONGEST_STORED_LIFE_MS = 48 * 3_600_000;

/**
 * Works out before which time a token or assertion cannot be judged: an earlier one means that the clock was set back
 * since, and the times of the token are those of the wrong clock.
 *
 * @param obtainedAtMs - when it came, milliseconds since 1970
 * @returns milliseconds since 1970
 */
export function knownSinceMs(obtainedAtMs: number): number {
  return obtainedAtMs - SET_BACK_TOLERANCE_MS;
}

/**
 * Tells whether the times of a stored token can be those of this clock.
 *
 * @param token - with its times
 * @param nowMs - milliseconds since 1970
 * @returns false for one that would live impossibly long
 */
export function isOfThisClock(token: CachedToken, nowMs: number): boolean {
  return token.expiresOnTimestamp - nowMs <= LONGEST_STORED_LIFE_MS;
}

/**
 * Works out when to ask anew: when the service says so, at the latest five minutes (a tenth of a short life) before
 * the end, and up to half of that earlier by chance, so that a fleet does not ask as one.
 *
 * @param refreshInSeconds - what the service says
 * @param lifeMs - life of the token
 * @returns milliseconds from now
 */
export function refreshAfterMs(refreshInSeconds: number | undefined, lifeMs: number): number {
  const latestMs = lifeMs - Math.min(FIVE_MINUTES_MS, lifeMs / 10) * (1 + Math.random() / 2);
  if (refreshInSeconds === undefined || refreshInSeconds <= 0) return latestMs;
  return Math.min(refreshInSeconds * 1000, latestMs);
}

/**
 * Works out how long to leave the service alone after a refresh that failed: 30 s, doubled up to five minutes, or what
 * the server asked for, scattered by a quarter.
 *
 * @param failedCount - refreshes that failed in a row, from 1
 * @param askedMs - what the server asked for, in milliseconds
 * @returns milliseconds
 */
export function refreshPauseMs(failedCount: number, askedMs: number): number {
  const backoffMs = Math.min(30_000 * 2 ** (failedCount - 1), FIVE_MINUTES_MS);
  return Math.max(backoffMs, askedMs) * (1 + Math.random() / 4);
}
