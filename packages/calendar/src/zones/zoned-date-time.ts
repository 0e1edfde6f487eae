/**
 * Wall clock to instant and back, over the zone rules that Node carries (Intl). Offsets are kept per zone and
 * day, so that a nightly run over a hundred thousand lessons does not format a hundred thousand dates.
 */
import type { ZonedDateTime } from "../event.ts";
import { isKnownZone } from "./zone-names.ts";

const DAY_MS = 86_400_000;
/** Days remembered per zone: about eleven years. */
const MAX_CACHED_DAYS = 4096;
const LOCAL_DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/;
const LOCAL_DATE = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}:\d{2})?$/;

/** Offsets of one zone: a number when the whole UTC day has one offset, `null` when a change falls into it. */
interface ZoneOffsets {
  readonly format: Intl.DateTimeFormat;
  readonly byDay: Map<number, number | null>;
}

const offsetsByZone = new Map<string, ZoneOffsets>();

/**
 * Gives the instant of a wall-clock time.
 *
 * The rules are: a time that the clock skips when summer time begins is moved forward by the length of the
 * gap (01:30 becomes 02:30 in London); of a time that the clock shows twice when summer time ends, the first
 * is meant. RFC 5545 §3.3.5 reads such times the same way.
 *
 * @param zoned - local date and time `YYYY-MM-DDTHH:MM:SS` and its IANA zone
 * @returns the instant
 * @throws {RangeError} when the text is not a date and time of that form, or the zone is unknown
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { toInstant } from "@nightlatch/calendar";
 *
 * const lesson = toInstant({ dateTime: "2026-06-01T09:00:00", ianaZone: "Europe/London" });
 * assert.equal(lesson.toISOString(), "2026-06-01T08:00:00.000Z");
 * ```
 * @see RFC 5545 §3.3.5
 */
export function toInstant(zoned: ZonedDateTime): Date {
  const localMs = parseLocal(zoned.dateTime);
  const offsets = zoneOffsets(zoned.ianaZone);
  const before = offsetAt(offsets, localMs - DAY_MS);
  const after = offsetAt(offsets, localMs + DAY_MS);
  if (before === after && offsetAt(offsets, localMs - before) === before) return new Date(localMs - before);
  const asBefore = localMs - before;
  const asAfter = localMs - after;
  // Both hold in an overlap (the earlier is the one before the change), neither in a gap.
  if (offsetAt(offsets, asBefore) === before) return new Date(asBefore);
  if (offsetAt(offsets, asAfter) === after) return new Date(asAfter);
  return new Date(asBefore);
}

/**
 * Gives the wall-clock time that a zone shows at an instant; fractions of a second are dropped.
 *
 * @param instant - any valid date
 * @param ianaZone - IANA zone
 * @returns local date and time with that zone
 * @throws {RangeError} when the date is invalid or the zone is unknown
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { toZoned } from "@nightlatch/calendar";
 *
 * const zoned = toZoned(new Date("2026-06-01T08:00:00Z"), "Europe/London");
 * assert.deepEqual(zoned, { dateTime: "2026-06-01T09:00:00", ianaZone: "Europe/London" });
 * ```
 */
export function toZoned(instant: Date, ianaZone: string): ZonedDateTime {
  const instantMs = instant.getTime();
  if (Number.isNaN(instantMs)) throw new RangeError("Cannot show an invalid Date in a zone");
  const localMs = instantMs + offsetAt(zoneOffsets(ianaZone), instantMs);
  return { dateTime: new Date(localMs).toISOString().slice(0, 19), ianaZone };
}

/**
 * Moves a local date by whole days; the time of day, when there is one, stays, whatever the clocks do between.
 *
 * @param local - `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SS`
 * @param days - whole days, negative for earlier
 * @returns the moved date in the form of `local`
 * @throws {RangeError} when `local` has another form or `days` is not an integer
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { addDays } from "@nightlatch/calendar";
 *
 * assert.equal(addDays("2026-02-28", 1), "2026-03-01");
 * assert.equal(addDays("2026-03-28T09:00:00", 7), "2026-04-04T09:00:00");
 * ```
 */
export function addDays(local: string, days: number): string {
  const match = LOCAL_DATE.exec(local);
  const dayMs = match === null ? Number.NaN : Date.parse(`${match[1]}T00:00:00Z`);
  if (match === null || Number.isNaN(dayMs) || !Number.isInteger(days)) {
    throw new RangeError(`Cannot add ${days} days to "${local}": want YYYY-MM-DD with whole days`);
  }
  return new Date(dayMs + days * DAY_MS).toISOString().slice(0, 10) + (match[2] ?? "");
}

function parseLocal(dateTime: string): number {
  const localMs = LOCAL_DATE_TIME.test(dateTime) ? Date.parse(`${dateTime}Z`) : Number.NaN;
  // Date.parse rolls 31 February over into March; a timetable that says so is wrong.
  if (Number.isNaN(localMs) || new Date(localMs).toISOString().slice(0, 10) !== dateTime.slice(0, 10)) {
    throw new RangeError(`Not a local date and time: "${dateTime}", want YYYY-MM-DDTHH:MM:SS`);
  }
  return localMs;
}

function zoneOffsets(ianaZone: string): ZoneOffsets {
  const known = offsetsByZone.get(ianaZone);
  if (known !== undefined) return known;
  if (!isKnownZone(ianaZone)) throw new RangeError(`Unknown IANA zone "${ianaZone}"`);
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: ianaZone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    era: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  const offsets: ZoneOffsets = { format, byDay: new Map() };
  offsetsByZone.set(ianaZone, offsets);
  return offsets;
}

function offsetAt(offsets: ZoneOffsets, instantMs: number): number {
  const day = Math.floor(instantMs / DAY_MS);
  let cached = offsets.byDay.get(day);
  if (cached === undefined) {
    const first = computeOffset(offsets.format, day * DAY_MS);
    cached = first === computeOffset(offsets.format, (day + 1) * DAY_MS) ? first : null;
    if (offsets.byDay.size >= MAX_CACHED_DAYS) offsets.byDay.clear();
    offsets.byDay.set(day, cached);
  }
  return cached ?? computeOffset(offsets.format, instantMs);
}

function computeOffset(format: Intl.DateTimeFormat, instantMs: number): number {
  const fields: Record<string, string> = {};
  for (const part of format.formatToParts(instantMs)) fields[part.type] = part.value;
  const isBeforeChrist = fields["era"]?.startsWith("B") === true;
  const year = isBeforeChrist ? 1 - Number(fields["year"]) : Number(fields["year"]);
  const local = new Date(0);
  local.setUTCFullYear(year, Number(fields["month"]) - 1, Number(fields["day"]));
  local.setUTCHours(Number(fields["hour"]), Number(fields["minute"]), Number(fields["second"]));
  return local.getTime() - Math.floor(instantMs / 1000) * 1000;
}
