/**
 * VTIMEZONE components, made from the zone rules of the runtime.
 *
 * The rules are: a zone whose clocks change by the same rule in every year of the span gets one STANDARD and one
 * DAYLIGHT with an RRULE, which every calendar program understands; any other zone gets one component per change.
 * Outlook shows events an hour off when a feed names a zone without defining it.
 *
 * @see RFC 5545 §3.6.5
 */
import { formatContentLine } from "./content-line.ts";
import { findTransitions, offsetAt, type ZoneTransition } from "./zone-transitions.ts";

const DAYS = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

/** One change as its zone's wall clock showed it just before. */
interface Onset extends ZoneTransition {
  readonly local: Date;
  readonly year: number;
}

/**
 * Formats the definition of a zone, right for every instant of a span.
 *
 * @param ianaZone - IANA zone; becomes the TZID
 * @param fromMs - start of the span, milliseconds since 1970
 * @param toMs - end of the span
 * @returns component with CRLF line ends
 * @throws {RangeError} when the zone is unknown
 */
export function formatTimeZone(ianaZone: string, fromMs: number, toMs: number): string {
  const firstYear = new Date(fromMs).getUTCFullYear() - 1;
  const lastYear = new Date(toMs).getUTCFullYear() + 1;
  const startMs = Date.UTC(firstYear, 0, 1);
  const onsets = findTransitions(ianaZone, startMs, Date.UTC(lastYear + 1, 0, 1)).map(toOnset);
  const observances =
    formatByRule(onsets, firstYear, lastYear) ?? formatOneByOne(onsets, startMs, offsetAt(ianaZone, startMs));
  return [
    formatContentLine("BEGIN", "VTIMEZONE"),
    formatContentLine("TZID", ianaZone),
    ...observances,
    formatContentLine("END", "VTIMEZONE"),
  ].join("");
}

function toOnset(transition: ZoneTransition): Onset {
  const local = new Date(transition.atMs + transition.fromOffsetMs);
  return { ...transition, local, year: local.getUTCFullYear() };
}

function formatByRule(onsets: readonly Onset[], firstYear: number, lastYear: number): string[] | undefined {
  if (onsets.length === 0) return undefined;
  const groups = new Map<string, Onset[]>();
  for (const onset of onsets) {
    const key = [onset.fromOffsetMs, onset.toOffsetMs, onset.local.getUTCMonth()].join(" ");
    groups.set(key, [...(groups.get(key) ?? []), onset]);
  }
  const observances: string[] = [];
  for (const group of groups.values()) {
    const rule = findYearlyRule(group, firstYear, lastYear);
    const first = group[0];
    if (rule === undefined || first === undefined) return undefined;
    observances.push(formatObservance(first.local, first.fromOffsetMs, first.toOffsetMs, rule));
  }
  return observances;
}

/** Finds "the same weekday of the same month at the same time, every year", or nothing. */
function findYearlyRule(group: readonly Onset[], firstYear: number, lastYear: number): string | undefined {
  const first = group[0]?.local;
  if (first === undefined || group.length !== lastYear - firstYear + 1) return undefined;
  const isSame = group.every(
    ({ local, year }, index) =>
      year === firstYear + index &&
      local.getUTCDay() === first.getUTCDay() &&
      local.getTime() % 86_400_000 === first.getTime() % 86_400_000,
  );
  if (!isSame) return undefined;
  const weeks = group.map(({ local }) => Math.ceil(local.getUTCDate() / 7));
  const isLast = group.every(({ local }) => local.getUTCDate() + 7 > daysInMonth(local));
  const week = isLast ? -1 : weeks[0];
  if (!isLast && weeks.some((candidate) => candidate !== week)) return undefined;
  return `FREQ=YEARLY;BYMONTH=${first.getUTCMonth() + 1};BYDAY=${week}${DAYS[first.getUTCDay()]}`;
}

function formatOneByOne(onsets: readonly Onset[], startMs: number, startOffsetMs: number): string[] {
  const startLocal = new Date(startMs + startOffsetMs);
  return [
    formatObservance(startLocal, startOffsetMs, startOffsetMs),
    ...onsets.map((onset) => formatObservance(onset.local, onset.fromOffsetMs, onset.toOffsetMs)),
  ];
}

function formatObservance(local: Date, fromOffsetMs: number, toOffsetMs: number, rule?: string): string {
  const kind = toOffsetMs > fromOffsetMs ? "DAYLIGHT" : "STANDARD";
  return [
    formatContentLine("BEGIN", kind),
    formatContentLine("DTSTART", local.toISOString().slice(0, 19).replace(/[-:]/g, "")),
    formatContentLine("TZOFFSETFROM", formatOffset(fromOffsetMs)),
    formatContentLine("TZOFFSETTO", formatOffset(toOffsetMs)),
    ...(rule === undefined ? [] : [formatContentLine("RRULE", rule)]),
    formatContentLine("END", kind),
  ].join("");
}

function formatOffset(offsetMs: number): string {
  const seconds = Math.abs(offsetMs) / 1000;
  const fields = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (fields[2] === 0) fields.pop();
  return `${offsetMs < 0 ? "-" : "+"}${fields.map((field) => String(field).padStart(2, "0")).join("")}`;
}

function daysInMonth(local: Date): number {
  return new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 1, 0)).getUTCDate();
}
