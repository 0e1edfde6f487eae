/**
 * Recognises occurrences whose series was moved in the source.
 *
 * The identity of an ICS occurrence holds its original time (RFC 5545), so when a school moves its bells by five
 * minutes every key changes. What has the same UID and the same local day is the same lesson: it is changed in
 * place, instead of being deleted and created anew.
 */
import { toZoned } from "@nightlatch/calendar";
import type { ManagedEvent } from "./managed-event.ts";
import type { TimetableEntry } from "./timetable.ts";

/**
 * Pairs entries that have no event with events that have no entry.
 *
 * @param entries - entries whose key no event carries
 * @param orphans - events whose key no entry has
 * @returns the event of each entry that has one; every event at most once
 */
export function pairMoved(
  entries: readonly TimetableEntry[],
  orphans: readonly ManagedEvent[],
): ReadonlyMap<TimetableEntry, ManagedEvent> {
  const orphansByPrefix = new Map<string, ManagedEvent[]>();
  for (const orphan of orphans) {
    if (orphan.isSeries || !orphan.isInside || orphan.key === "") continue;
    const prefix = prefixOf(orphan.key);
    const others = orphansByPrefix.get(prefix);
    if (others === undefined) orphansByPrefix.set(prefix, [orphan]);
    else others.push(orphan);
  }
  const pairs = new Map<TimetableEntry, ManagedEvent>();
  const byPrefixAndDay = new Map<string, Map<string, ManagedEvent[]>>();
  for (const entry of entries) {
    const prefix = prefixOf(entry.key);
    const { ianaZone, dateTime } = entry.event.start;
    let byDay = byPrefixAndDay.get(prefix);
    if (byDay === undefined) {
      byDay = groupByDay(orphansByPrefix.get(prefix) ?? [], ianaZone);
      byPrefixAndDay.set(prefix, byDay);
    }
    const found = byDay.get(dayOf(entry.key, ianaZone) ?? dateTime.slice(0, 10))?.shift();
    if (found !== undefined) pairs.set(entry, found);
  }
  return pairs;
}

function groupByDay(orphans: readonly ManagedEvent[], ianaZone: string): Map<string, ManagedEvent[]> {
  const byDay = new Map<string, ManagedEvent[]>();
  for (const orphan of orphans) {
    const day = dayOf(orphan.key, ianaZone) ?? orphan.event.start.dateTime.slice(0, 10);
    const others = byDay.get(day);
    if (others === undefined) byDay.set(day, [orphan]);
    else others.push(orphan);
  }
  return byDay;
}

/** Tag and UID of a key; of a hashed key, which holds neither, the whole. */
function prefixOf(key: string): string {
  return /\|sha256:[\w-]{43}$/.test(key) ? key : key.slice(0, key.lastIndexOf("|"));
}

/** Local day of the occurrence that a key names; `undefined` when it names none. */
function dayOf(key: string, ianaZone: string): string | undefined {
  const match = /\|(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})Z)?$/.exec(key);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  if (hour === undefined) return `${year}-${month}-${day}`;
  const instant = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(instant.getTime()) ? undefined : toZoned(instant, ianaZone).dateTime.slice(0, 10);
}
