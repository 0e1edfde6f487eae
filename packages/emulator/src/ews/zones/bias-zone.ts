/** Time zones as `GetUserAvailability` has them: offsets in minutes and the two days of the year when they change. */
import { DAY_MS } from "../../mailbox/civil-days.ts";
import { toInstantMs, toWallMs } from "../../mailbox/zones.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { child, childText, type XmlElement } from "../soap/xml-reader.ts";

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** A zone by its offsets. */
export interface BiasZone {
  /** Milliseconds that local time is ahead of UTC at an instant, milliseconds since 1970 UTC. */
  offsetAt(instantMs: number): number;
  /** Converts a time on its clock, milliseconds as if the clock stood in UTC, into an instant. */
  toInstant(wallMs: number): number;
}

/**
 * Makes a zone of offsets out of one that has a name.
 *
 * @param ianaZone - zone
 * @returns the zone
 */
export function biasZoneOf(ianaZone: string): BiasZone {
  return {
    offsetAt: (instantMs) => toWallMs(instantMs, ianaZone) - instantMs,
    toInstant: (wallMs) => toInstantMs(wallMs, ianaZone),
  };
}

interface ChangeRule {
  /** Minutes to add to the bias from then on. */
  readonly biasMinutes: number;
  readonly month: number;
  /** Which of the weekdays of the month; 5 for the last. Day of the month when a year is given. */
  readonly dayOrder: number;
  readonly dayOfWeek: number;
  readonly timeMs: number;
  readonly year: number | undefined;
}

/**
 * Reads a zone.
 *
 * @param zone - `SerializableTimeZone`
 * @returns the zone
 * @throws {EwsFault} ErrorCalendarInvalidTimeZone when a number makes no sense
 */
export function readBiasZone(zone: XmlElement): BiasZone {
  const biasMinutes = Number(childText(zone, "Bias"));
  const standard = readRule(child(zone, "StandardTime"));
  const daylight = readRule(child(zone, "DaylightTime"));
  const hasChanges =
    standard.month !== 0 && daylight.month !== 0 && standard.biasMinutes !== daylight.biasMinutes;
  const standardMs = -(biasMinutes + standard.biasMinutes) * 60_000;
  const daylightMs = -(biasMinutes + daylight.biasMinutes) * 60_000;
  if (Math.abs(standardMs) > DAY_MS || Math.abs(daylightMs) > DAY_MS)
    throw new EwsFault("ErrorCalendarInvalidTimeZone");
  const offsetAt = (instantMs: number): number => {
    if (!hasChanges) return standardMs;
    const year = new Date(instantMs + standardMs).getUTCFullYear();
    const startMs = changeMs(daylight, year) - standardMs;
    const endMs = changeMs(standard, year) - daylightMs;
    const isDaylight =
      startMs < endMs ? instantMs >= startMs && instantMs < endMs : instantMs >= startMs || instantMs < endMs;
    return isDaylight ? daylightMs : standardMs;
  };
  return {
    offsetAt,
    toInstant: (wallMs) => {
      const guess = wallMs - offsetAt(wallMs - standardMs);
      return wallMs - offsetAt(guess);
    },
  };
}

function readRule(rule: XmlElement | undefined): ChangeRule {
  const number = (name: string): number => Number(childText(rule, name) ?? 0);
  const time = /^(\d{1,2}):(\d{2})(?::(\d{2}))?/.exec((childText(rule, "Time") ?? "").trim());
  const [month, dayOrder, year] = [number("Month"), number("DayOrder"), number("Year")];
  if (
    month < 0 ||
    month > 12 ||
    dayOrder < 0 ||
    dayOrder > (year > 0 ? 31 : 5) ||
    time === null ||
    Number.isNaN(year)
  )
    throw new EwsFault("ErrorCalendarInvalidTimeZone");
  const [hours, minutes, seconds] = time.slice(1).map((part) => Number(part ?? 0));
  return {
    biasMinutes: number("Bias"),
    month,
    dayOrder,
    dayOfWeek: Math.max(0, DAYS.indexOf(childText(rule, "DayOfWeek") ?? "Sunday")),
    timeMs: (((hours ?? 0) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1000,
    year: year > 0 ? year : undefined,
  };
}

/** Milliseconds on the clock before the change. */
function changeMs(rule: ChangeRule, year: number): number {
  const { month, dayOrder, dayOfWeek, timeMs } = rule;
  if (rule.year !== undefined) return Date.UTC(year, month - 1, Math.max(1, dayOrder)) + timeMs;
  const first = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
  const daysInMonth = new Date(Date.UTC(year, month, 0)).getUTCDate();
  let day = 1 + ((dayOfWeek - first + 7) % 7) + (Math.max(1, dayOrder) - 1) * 7;
  while (day > daysInMonth) day -= 7;
  return Date.UTC(year, month - 1, day) + timeMs;
}
