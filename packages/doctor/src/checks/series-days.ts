/** Counts the days of a daily or weekly series, as far as its instances reach. */
import type { GraphEvent } from "../calendar-artifact.ts";

const DAY_MS = 86_400_000;
const DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const LONGEST_DAYS = 800;

/**
 * Lists the days on which a series has an occurrence by its pattern and none in a list.
 *
 * @param master - the series master with its recurrence
 * @param instances - occurrences and exceptions that were listed
 * @returns days as `YYYY-MM-DD` between the first and the last instance; empty when that cannot be said
 */
export function missingOccurrences(master: GraphEvent, instances: readonly GraphEvent[]): string[] {
  const { recurrence } = master;
  if (recurrence === undefined || instances.length < 2) return [];
  // A moved occurrence stands on another day than its own: then no gap is certain.
  if (instances.some((event) => event.type === "exception" || event.isAllDay !== master.isAllDay)) return [];
  const zones = new Set([master, ...instances].map((event) => event.start?.timeZone));
  if (zones.size !== 1) return [];
  const clocks = new Set(instances.map((event) => event.start?.dateTime.slice(11, 16)));
  if (clocks.size !== 1) return [];
  const days = instances.map((event) => dayOf(event.start?.dateTime)).filter((day) => !Number.isNaN(day));
  const first = Math.min(...days);
  const last = Math.max(...days);
  if (days.length !== instances.length || last - first > LONGEST_DAYS * DAY_MS) return [];
  const present = new Set(days);
  const falls = patternOf(recurrence.type, recurrence.daysOfWeek, recurrence.interval, first, [...present]);
  if (falls === undefined) return [];
  const missing: string[] = [];
  for (let day = first; day <= last; day += DAY_MS)
    if (falls(day) && !present.has(day)) missing.push(new Date(day).toISOString().slice(0, 10));
  return missing;
}

/** A rule that fits every instance there is; a pattern that does not fit them tells nothing. */
function patternOf(
  type: string,
  daysOfWeek: readonly string[],
  interval: number,
  first: number,
  present: readonly number[],
): ((day: number) => boolean) | undefined {
  const weekOf = (day: number): number => Math.floor((day / DAY_MS + 3) / 7);
  const rule =
    type === "daily"
      ? (day: number): boolean => ((day - first) / DAY_MS) % interval === 0
      : type === "weekly" && daysOfWeek.length > 0 && (interval === 1 || daysOfWeek.length === 1)
        ? (day: number): boolean =>
            daysOfWeek.includes(DAYS[new Date(day).getUTCDay()] ?? "") &&
            (weekOf(day) - weekOf(first)) % interval === 0
        : undefined;
  return rule !== undefined && present.every((day) => rule(day)) ? rule : undefined;
}

function dayOf(dateTime: string | undefined): number {
  return Date.parse(`${(dateTime ?? "").slice(0, 10)}T00:00:00Z`);
}
