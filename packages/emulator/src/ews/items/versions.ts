/**
 * Versions of items that callers have seen, so that `AutoResolve` can tell whether two changes touch the same
 * property. Only the last ones are kept; what is forgotten counts as a conflict.
 */
import type { EventContent, EventInstance, StoredEvent } from "../../mailbox/event.ts";
import { listExtendedProperties } from "../../mailbox/extended-properties.ts";
import type { Mailbox } from "../../mailbox/mailbox.ts";
import { sequenceOf } from "./item-references.ts";

const KEPT_VERSIONS = 500;
const versions = new WeakMap<Mailbox, Map<string, StoredEvent>>();

/**
 * Remembers a version that is given out.
 *
 * @param mailbox - where the item lies
 * @param instance - the item as it is
 */
export function rememberVersion(mailbox: Mailbox, instance: EventInstance): void {
  const known = versions.get(mailbox) ?? new Map<string, StoredEvent>();
  versions.set(mailbox, known);
  known.set(keyOf(instance.event.number, instance.day, sequenceOf(instance)), {
    ...instance.event,
    startMs: instance.startMs,
    endMs: instance.endMs,
  });
  if (known.size <= KEPT_VERSIONS) return;
  const [oldest] = known.keys();
  if (oldest !== undefined) known.delete(oldest);
}

/**
 * Tells whether changes touch what others changed since.
 *
 * @param mailbox - where the item lies
 * @param current - the item as it is
 * @param knownSequence - version that the caller has seen
 * @param changes - what the caller wants to change
 * @returns true when somebody else changed one of these properties, or when nobody can tell
 */
export function isConflict(
  mailbox: Mailbox,
  current: EventInstance,
  knownSequence: number,
  changes: Partial<EventContent>,
): boolean {
  const { event, day } = current;
  const seen = versions.get(mailbox)?.get(keyOf(event.number, day, knownSequence));
  if (seen === undefined) return true;
  const now: StoredEvent = { ...event, startMs: current.startMs, endMs: current.endMs };
  return Object.keys(changes).some((name) => {
    const member = name as keyof EventContent;
    if (member === "properties") return propertiesConflict(seen, now, changes);
    return JSON.stringify(seen[member]) !== JSON.stringify(now[member]);
  });
}

/** Extended properties are properties of their own, each compared for itself. */
function propertiesConflict(seen: StoredEvent, now: StoredEvent, changes: Partial<EventContent>): boolean {
  const [before, current, wanted] = [seen, now, changes].map(
    ({ properties }) =>
      new Map(listExtendedProperties(properties ?? []).map(({ key, value }) => [key, JSON.stringify(value)])),
  );
  const keys = new Set([...(current?.keys() ?? []), ...(wanted?.keys() ?? [])]);
  for (const key of keys)
    if (wanted?.get(key) !== current?.get(key) && before?.get(key) !== current?.get(key)) return true;
  return false;
}

function keyOf(number: number, day: number | undefined, sequence: number): string {
  return `${number} ${day ?? ""} ${sequence}`;
}
