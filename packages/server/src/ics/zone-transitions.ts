/** When the clocks of a zone change, found by asking the zone rules of the runtime. */
import { toInstant, toZoned, type ZonedDateTime } from "@nightlatch/calendar";

const SECOND_MS = 1000;
/** Shorter than the shortest time between two changes (Morocco around Ramadan: four weeks). */
const STEP_MS = 7 * 86_400_000;
/** Longer than any shift of the clocks, shorter than the time between two. */
const LONGEST_CHANGE_MS = 26 * 3_600_000;

/** One change of the clocks. */
export interface ZoneTransition {
  /** The first instant of the new offset, milliseconds since 1970. */
  readonly atMs: number;
  /** Offset before and after, milliseconds east of UTC. */
  readonly fromOffsetMs: number;
  readonly toOffsetMs: number;
}

/**
 * Finds every change of the clocks in a span.
 *
 * @param ianaZone - IANA zone
 * @param fromMs - start, milliseconds since 1970, inclusive
 * @param toMs - end, exclusive
 * @returns changes in order
 */
export function findTransitions(ianaZone: string, fromMs: number, toMs: number): ZoneTransition[] {
  const transitions: ZoneTransition[] = [];
  let beforeMs = fromMs;
  let fromOffsetMs = offsetAt(ianaZone, beforeMs);
  while (beforeMs < toMs) {
    const afterMs = Math.min(beforeMs + STEP_MS, toMs);
    const toOffsetMs = offsetAt(ianaZone, afterMs);
    if (toOffsetMs !== fromOffsetMs) {
      const atMs = bisect(ianaZone, beforeMs, afterMs, fromOffsetMs);
      if (atMs < toMs) transitions.push({ atMs, fromOffsetMs, toOffsetMs });
    }
    beforeMs = afterMs;
    fromOffsetMs = toOffsetMs;
  }
  return transitions;
}

/**
 * Gives the offset of a zone.
 *
 * @param atMs - instant, milliseconds since 1970
 * @returns milliseconds east of UTC
 */
export function offsetAt(ianaZone: string, atMs: number): number {
  const wholeMs = Math.floor(atMs / SECOND_MS) * SECOND_MS;
  return Date.parse(`${toZoned(new Date(wholeMs), ianaZone).dateTime}Z`) - wholeMs;
}

/**
 * Tells whether the clocks of a zone show a local time exactly once: neither twice, as when summer time ends, nor
 * never, as when it begins. Calendar programs read the other times differently.
 */
export function isShownOnce(time: ZonedDateTime): boolean {
  const localMs = Date.parse(`${time.dateTime}Z`);
  const instantMs = toInstant(time).getTime();
  if (instantMs + offsetAt(time.ianaZone, instantMs) !== localMs) return false;
  const laterMs = localMs - offsetAt(time.ianaZone, instantMs + LONGEST_CHANGE_MS);
  return laterMs === instantMs || laterMs + offsetAt(time.ianaZone, laterMs) !== localMs;
}

function bisect(ianaZone: string, beforeMs: number, afterMs: number, fromOffsetMs: number): number {
  let low = Math.floor(beforeMs / SECOND_MS);
  let high = Math.ceil(afterMs / SECOND_MS);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(ianaZone, middle * SECOND_MS) === fromOffsetMs) low = middle;
    else high = middle;
  }
  return high * SECOND_MS;
}
