/**
 * Wall-clock arithmetic without a zone: a wall time is counted in milliseconds as if its clock stood in UTC.
 * Only {@link toInstant} of the calendar floor turns it into an instant.
 */

/** Milliseconds of a day on a clock that is not changed. */
export const DAY_MS = 86_400_000;

/**
 * Makes a wall time of its parts.
 *
 * @param parts - year, month 1 to 12, day 1 to 31, hour, minute, second; later ones default to 0
 * @returns milliseconds; `undefined` when there is no such day or time (30 February, 24:30)
 */
export function wallMsOf(parts: {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
}): number | undefined {
  const { year, month, day, hour = 0, minute = 0, second = 0 } = parts;
  if (year < 1601 || year > 9998 || hour > 23 || minute > 59 || second > 60) return undefined;
  const wallMs = Date.UTC(year, month - 1, day, hour, minute, Math.min(second, 59));
  const date = new Date(wallMs);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? wallMs : undefined;
}

/**
 * Writes a wall time.
 *
 * @param wallMs - wall time in milliseconds
 * @returns `YYYY-MM-DDTHH:MM:SS`
 */
export function formatWall(wallMs: number): string {
  return new Date(wallMs).toISOString().slice(0, 19);
}

/**
 * Reads a wall time that this floor or the calendar floor wrote.
 *
 * @param dateTime - `YYYY-MM-DDTHH:MM:SS`
 * @returns milliseconds
 */
export function parseWall(dateTime: string): number {
  return Date.parse(`${dateTime}Z`);
}

/**
 * Gives the midnight at which the day of a wall time begins.
 *
 * @param wallMs - wall time in milliseconds
 * @returns milliseconds
 */
export function startOfDay(wallMs: number): number {
  return Math.floor(wallMs / DAY_MS) * DAY_MS;
}
