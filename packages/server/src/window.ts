/** The window of a list: two instants, half-open, read from RFC 3339 instants or plain dates. */
import { isKnownZone, toInstant } from "@nightlatch/calendar";
import { type InvalidPart, problem } from "./problem.ts";

/** Longest window of a list, in days. */
const MAX_WINDOW_DAYS = 400;

const DAY_MS = 86_400_000;
const INSTANT = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)([Zz]|[+-]\d{2}:\d{2})$/;

/** A half-open span of time. */
export interface TimeWindow {
  readonly from: Date;
  readonly to: Date;
}

/**
 * Parses `from` or `to`.
 *
 * @param text - RFC 3339 instant with `Z` or an offset, or a date `YYYY-MM-DD` that means its midnight in `ianaZone`;
 * a blank in the place of `+` (an offset that was not percent-encoded) is read as `+`
 * @param ianaZone - zone of dates
 * @returns the instant; `undefined` when the text is neither
 * @see RFC 3339 §5.6
 */
export function parseInstantOrDate(text: string, ianaZone: string): Date | undefined {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    return isRealDate(text) ? toInstant({ dateTime: `${text}T00:00:00`, ianaZone }) : undefined;
  }
  const match = INSTANT.exec(text.replace(/ (?=\d{2}:\d{2}$)/, "+"));
  const [, date = "", time = "", offset = ""] = match ?? [];
  if (!isRealDate(date)) return undefined;
  const instant = new Date(`${date}T${time.length === 5 ? `${time}:00` : time}${offset.toUpperCase()}`);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}

/**
 * Checks that a window is not empty and not too long.
 *
 * @throws {NightlatchError} `SERVER_REQUEST_INVALID` that names `to`
 */
export function checkWindow(window: TimeWindow): TimeWindow {
  const lengthMs = window.to.getTime() - window.from.getTime();
  if (lengthMs <= 0) throw invalidQuery([{ in: "query", name: "to", message: "to must be after from" }]);
  if (lengthMs > MAX_WINDOW_DAYS * DAY_MS)
    throw invalidQuery([
      {
        in: "query",
        name: "to",
        message: `from and to lie ${Math.ceil(lengthMs / DAY_MS)} days apart, at most ${MAX_WINDOW_DAYS} are served at once`,
      },
    ]);
  return window;
}

/**
 * Reads the window of a query.
 *
 * @param query - `from` and `to` as {@link parseInstantOrDate} takes them; `zone` of dates
 * @param defaultZone - IANA zone of dates when `zone` is absent
 * @param fallback - stands in for an absent `from` or `to`; both are required without it
 * @throws {NightlatchError} `SERVER_REQUEST_INVALID` that names every wrong parameter
 */
export function readWindow(
  query: {
    readonly from?: string | undefined;
    readonly to?: string | undefined;
    readonly zone?: string | undefined;
  },
  defaultZone: string,
  fallback?: TimeWindow,
): TimeWindow {
  const zone = query.zone ?? defaultZone;
  if (!isKnownZone(zone))
    throw invalidQuery([{ in: "query", name: "zone", message: `Unknown IANA zone "${zone}"` }]);
  const errors: InvalidPart[] = [];
  const read = (name: "from" | "to"): Date => {
    const text = query[name];
    const instant = text === undefined ? fallback?.[name] : parseInstantOrDate(text, zone);
    const message =
      text === undefined
        ? "Required"
        : `"${text}" is neither an RFC 3339 instant with its offset nor a date YYYY-MM-DD`;
    if (instant === undefined) errors.push({ in: "query", name, message });
    return instant ?? new Date(Number.NaN);
  };
  const window = { from: read("from"), to: read("to") };
  if (errors.length > 0) throw invalidQuery(errors);
  return checkWindow(window);
}

/**
 * Gives the window of a feed that names none: from 30 days ago to 365 days ahead, cut at midnight UTC so that
 * it stays the same all day.
 */
export function defaultFeedWindow(now: Date): TimeWindow {
  const midnightMs = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  return { from: new Date(midnightMs - 30 * DAY_MS), to: new Date(midnightMs + 365 * DAY_MS) };
}

function isRealDate(date: string): boolean {
  const instant = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(date);
}

function invalidQuery(errors: readonly InvalidPart[]): Error {
  const first = errors[0];
  return problem("SERVER_REQUEST_INVALID", `Invalid query parameter "${first?.name}": ${first?.message}`, {
    errors,
  });
}
