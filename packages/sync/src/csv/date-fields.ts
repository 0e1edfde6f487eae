/** Dates and times as people write them in tables. What could mean two days is refused. */
import { wallMsOf } from "../wall-time.ts";

/** A time as a cell gives it. */
export interface CellTime {
  readonly wallMs: number;
  /** Whether the cell holds a date only. */
  readonly isDate: boolean;
  /** Offset from UTC that the cell names, in minutes. */
  readonly offsetMinutes?: number | undefined;
}

/** Order of day and month in dates with slashes. */
export type DateOrder = "dmy" | "mdy";

/**
 * Reads a date with or without time.
 *
 * @param text - `2026-09-01`, `2026-09-01 09:00`, `2026-09-01T09:00:00+01:00`, `01.09.2026`, `20260901T090000Z`;
 *   with slashes only when `dateOrder` says what they mean
 * @param dateOrder - meaning of `1/9/2026`
 * @returns the time; `undefined` when it is none or ambiguous
 */
export function parseDateTime(text: string, dateOrder: DateOrder | undefined): CellTime | undefined {
  const match = /^(\S+?)(?:(?:\s+|T)(\d.*))?$/i.exec(text.trim());
  const dateMs = match?.[1] === undefined ? undefined : parseDate(match[1], dateOrder);
  if (match === null || dateMs === undefined) return undefined;
  if (match[2] === undefined) return { wallMs: dateMs, isDate: true };
  const time = /^(.*?)\s*(Z|[+-]\d{2}:?\d{2})?$/i.exec(match[2]);
  const timeMs = time?.[1] === undefined ? undefined : parseTimeOfDay(time[1]);
  if (timeMs === undefined) return undefined;
  return { wallMs: dateMs + timeMs, isDate: false, offsetMinutes: parseOffset(time?.[2]) };
}

/**
 * Reads a date.
 *
 * @param text - `2026-09-01`, `20260901`, `01.09.2026`, or with slashes in the order that is given
 * @param dateOrder - meaning of `1/9/2026`
 * @returns midnight as wall time in milliseconds; `undefined` when it is no date or ambiguous
 */
export function parseDate(text: string, dateOrder: DateOrder | undefined): number | undefined {
  const iso = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/.exec(text) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (iso !== null) return wallMsOf({ year: Number(iso[1]), month: Number(iso[2]), day: Number(iso[3]) });
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text);
  if (dotted !== null) {
    return wallMsOf({ year: Number(dotted[3]), month: Number(dotted[2]), day: Number(dotted[1]) });
  }
  const slashed = /^(\d{1,2})[-/](\d{1,2})[-/](\d{4})$/.exec(text);
  if (slashed === null || dateOrder === undefined) return undefined;
  const [first, second] = [Number(slashed[1]), Number(slashed[2])];
  const [day, month] = dateOrder === "dmy" ? [first, second] : [second, first];
  return wallMsOf({ year: Number(slashed[3]), month, day });
}

/**
 * Reads a time of day.
 *
 * @param text - `09:00`, `9:00`, `9.00`, `09:00:30`, `0900`, `9:00 am`
 * @returns milliseconds after midnight; `undefined` when it is no time
 */
export function parseTimeOfDay(text: string): number | undefined {
  const match =
    /^(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:\.\d+)?)?\s*([ap]\.?m\.?)?$/i.exec(text.trim()) ??
    /^(\d{2})(\d{2})(?:(\d{2}))?$/.exec(text.trim());
  if (match === null) return undefined;
  const half = match[4]?.charAt(0).toLowerCase();
  const hour = Number(match[1]);
  const minute = Number(match[2]);
  const second = Number(match[3] ?? 0);
  if (minute > 59 || second > 59 || (half === undefined ? hour > 23 : hour < 1 || hour > 12))
    return undefined;
  const hour24 = half === undefined ? hour : (hour % 12) + (half === "p" ? 12 : 0);
  return ((hour24 * 60 + minute) * 60 + second) * 1000;
}

function parseOffset(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^z$/i.test(text)) return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2));
  return text.startsWith("-") ? -minutes : minutes;
}
