/**
 * Calendar arithmetic on whole days: a civil day is the number of days since 1970-01-01, without a zone.
 * Wall-clock times are handled as milliseconds since 1970-01-01T00:00 in their own zone.
 */

/** Milliseconds of one civil day. */
export const DAY_MS = 86_400_000;

/**
 * Gives the civil day of a date.
 *
 * @param year - full year
 * @param monthIndex - 0 to 11; values outside roll over into other years
 * @param dayOfMonth - 1 to 31
 * @returns days since 1970-01-01
 */
export function civilDay(year: number, monthIndex: number, dayOfMonth: number): number {
  const ms = Date.UTC(2000, monthIndex, dayOfMonth);
  // Date.UTC reads years 0 to 99 as 1900 to 1999, so the year is set apart.
  return Math.floor(new Date(ms).setUTCFullYear(year + new Date(ms).getUTCFullYear() - 2000) / DAY_MS);
}

/**
 * Splits a civil day.
 *
 * @param day - days since 1970-01-01
 * @returns full year, month index 0 to 11 and day of the month 1 to 31
 */
export function civilParts(day: number): { year: number; monthIndex: number; dayOfMonth: number } {
  const date = new Date(day * DAY_MS);
  return {
    year: date.getUTCFullYear(),
    monthIndex: date.getUTCMonth(),
    dayOfMonth: date.getUTCDate(),
  };
}

/**
 * Gives the day of the week.
 *
 * @param day - days since 1970-01-01
 * @returns 0 for Sunday to 6 for Saturday
 */
export function weekday(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

/**
 * Gives the length of a month.
 *
 * @param year - full year
 * @param monthIndex - 0 to 11
 * @returns 28 to 31 days
 */
export function daysInMonth(year: number, monthIndex: number): number {
  return civilDay(year, monthIndex + 1, 1) - civilDay(year, monthIndex, 1);
}

/**
 * Formats a civil day.
 *
 * @param day - days since 1970-01-01
 * @returns `YYYY-MM-DD`
 */
export function formatCivilDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/**
 * Reads a calendar date.
 *
 * @param text - `YYYY-MM-DD`
 * @returns days since 1970-01-01, or `undefined` when the text is not an existing date
 */
export function parseCivilDay(text: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const day = civilDay(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
  return formatCivilDay(day) === text ? day : undefined;
}

/**
 * Reads a wall-clock time, as Graph and Exchange write it, with an optional offset or `Z`.
 *
 * @param text - `YYYY-MM-DDTHH:MM[:SS[.fraction]][Z|±HH:MM]`; a bare date means midnight
 * @returns milliseconds as if the clock stood in UTC, and the offset in milliseconds when one was written;
 *   `undefined` when the text is no such time
 */
export function parseWallTime(text: string): { wallMs: number; offsetMs: number | undefined } | undefined {
  const match =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?(Z|[+-]\d{2}:?\d{2})?$/i.exec(
      text.trim(),
    );
  const day = match === null ? undefined : parseCivilDay(match[1] ?? "");
  if (match === null || day === undefined) return undefined;
  const [hour, minute, second] = [match[2], match[3], match[4]].map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
  ];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const fractionMs = Number((match[5] ?? "").padEnd(3, "0").slice(0, 3));
  const wallMs = day * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + fractionMs;
  return { wallMs, offsetMs: parseOffset(match[6]) };
}

function parseOffset(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (text.toUpperCase() === "Z") return 0;
  const digits = text.slice(1).replace(":", "");
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (text.startsWith("-") ? -minutes : minutes) * 60_000;
}

/**
 * Formats a wall-clock time as Graph does.
 *
 * @param wallMs - milliseconds as if the clock stood in UTC
 * @returns `YYYY-MM-DDTHH:MM:SS.fffffff`, seven digits of fraction, no offset
 */
export function formatWallTime(wallMs: number): string {
  const day = Math.floor(wallMs / DAY_MS);
  const seconds = Math.floor((wallMs - day * DAY_MS) / 1000);
  const clock = `${TWO_DIGITS[Math.floor(seconds / 3600)]}:${TWO_DIGITS[Math.floor(seconds / 60) % 60]}:${TWO_DIGITS[seconds % 60]}`;
  const fractionMs = Math.floor(wallMs - day * DAY_MS - seconds * 1000);
  return `${dayText(day)}T${clock}.${String(fractionMs).padStart(3, "0")}0000`;
}

const TWO_DIGITS = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, "0"));

/** Times that are written one after another mostly share their day: `Date.toISOString` costs three times as much. */
function dayText(day: number): string {
  if (lastDay.day !== day) lastDay = { day, text: formatCivilDay(day) };
  return lastDay.text;
}

let lastDay = { day: 0, text: "1970-01-01" };
