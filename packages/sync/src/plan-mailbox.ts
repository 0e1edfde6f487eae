/** Decides for one mailbox. Pure: entries and events in, actions out. */
import { errorRecord } from "./error-record.ts";
import { changesSinceWritten, differences, type ManagedEvent } from "./managed-event.ts";
import { pairMoved } from "./moved-occurrences.ts";
import type { CreateAction, DeleteAction, DeleteReason, MailboxPlan, UpdateAction } from "./plan.ts";
import type { TimetableEntry } from "./timetable.ts";

/**
 * Compares the entries of a mailbox with the events that it holds.
 *
 * @param mailbox - mailbox
 * @param entries - what ought to be there, each key once
 * @param managed - events of this source that are there
 * @param heldKeys - keys that are not deleted although no entry names them
 * @returns the plan of the mailbox
 */
export function decideMailbox(
  mailbox: string,
  entries: readonly TimetableEntry[],
  managed: readonly ManagedEvent[],
  heldKeys: ReadonlySet<string> = new Set(),
): MailboxPlan {
  const eventsByKey = new Map<string, ManagedEvent[]>();
  for (const event of managed) {
    const sameKey = eventsByKey.get(event.key);
    if (sameKey === undefined) eventsByKey.set(event.key, [event]);
    else sameKey.push(event);
  }
  const creates: CreateAction[] = [];
  const updates: UpdateAction[] = [];
  const deletes: DeleteAction[] = [];
  const missing: TimetableEntry[] = [];
  let unchangedCount = 0;
  for (const entry of entries) {
    const found = eventsByKey.get(entry.key) ?? [];
    eventsByKey.delete(entry.key);
    const [kept, ...copies] = found.filter((event) => !event.isSeries).sort(byAge(entry));
    const series = found.filter((event) => event.isSeries);
    for (const copy of copies) deletes.push(deleteAction(copy, "written twice"));
    for (const event of series) deletes.push(deleteAction(event, "became a series in the mailbox"));
    const update = kept === undefined ? undefined : updateAction(entry, kept);
    if (update !== undefined) updates.push(update);
    else if (kept !== undefined) unchangedCount++;
    else if (series[0] !== undefined) creates.push(createAction(entry, series[0]));
    else missing.push(entry);
  }
  const orphans = [...eventsByKey].flatMap(([key, events]) => (heldKeys.has(key) ? [] : events));
  const moved = pairMoved(missing, orphans);
  for (const entry of missing) {
    const event = moved.get(entry);
    creates.push(...(event === undefined ? [createAction(entry, undefined)] : []));
    updates.push(...(event === undefined ? [] : [movedAction(entry, event)]));
  }
  const paired = new Set(moved.values());
  for (const event of orphans) {
    if (event.isInside && !paired.has(event)) deletes.push(deleteAction(event, "no longer in the timetable"));
  }
  const managedCount = managed.filter((event) => event.isInside).length;
  return { mailbox, outcome: "planned", managedCount, unchangedCount, creates, updates, deletes };
}

/**
 * Gives the plan of a mailbox that could not be read.
 *
 * @param mailbox - mailbox
 * @param error - what was thrown
 * @returns a plan without actions
 */
export function failedPlan(mailbox: string, error: unknown): MailboxPlan {
  return {
    mailbox,
    outcome: "failed",
    error: errorRecord(error),
    managedCount: 0,
    unchangedCount: 0,
    creates: [],
    updates: [],
    deletes: [],
  };
}

/**
 * Decides whether an event has to be changed.
 *
 * @param entry - what ought to be there
 * @param managed - what is there, with the same key
 * @returns the change; `undefined` when all is as it ought to be
 */
export function updateAction(
  entry: Pick<TimetableEntry, "key" | "hash" | "event">,
  managed: ManagedEvent,
): UpdateAction | undefined {
  const isWritten = managed.hash === entry.hash;
  const changes = isWritten
    ? differences(managed.event, entry.event)
    : changesSinceWritten(managed.event, entry.event);
  if (changes.length === 0) return undefined;
  return {
    action: "update",
    key: entry.key,
    hash: entry.hash,
    reason: isWritten ? "changed in the mailbox" : "changed in the timetable",
    changes,
    eventId: managed.id,
    changeKey: managed.event.changeKey,
    event: entry.event,
  };
}

function movedAction(entry: TimetableEntry, managed: ManagedEvent): UpdateAction {
  return {
    action: "update",
    key: entry.key,
    hash: entry.hash,
    reason: "moved in the timetable",
    changes: changesSinceWritten(managed.event, entry.event),
    eventId: managed.id,
    changeKey: managed.event.changeKey,
    previousKey: managed.key,
    event: entry.event,
  };
}

function createAction(entry: TimetableEntry, replaced: ManagedEvent | undefined): CreateAction {
  return {
    action: "create",
    key: entry.key,
    hash: entry.hash,
    reason: replaced === undefined ? "new in the timetable" : "became a series in the mailbox",
    event: entry.event,
    ...(replaced === undefined ? {} : { replacesEventId: replaced.id }),
  };
}

function deleteAction(managed: ManagedEvent, reason: DeleteReason): DeleteAction {
  return {
    action: "delete",
    key: managed.key,
    reason,
    eventId: managed.id,
    ...(managed.changeKey === undefined ? {} : { changeKey: managed.changeKey }),
    subject: managed.event.subject,
    start: `${managed.event.start.dateTime} ${managed.event.start.ianaZone}`,
  };
}

/** The oldest first; where ages are unknown or equal, the one that needs no change; then by id. */
function byAge(entry: TimetableEntry): (left: ManagedEvent, right: ManagedEvent) => number {
  const age = (managed: ManagedEvent) => managed.event.createdAt?.getTime() ?? 0;
  const fits = (managed: ManagedEvent) => (updateAction(entry, managed) === undefined ? 0 : 1);
  return (left, right) => age(left) - age(right) || fits(left) - fits(right) || (left.id < right.id ? -1 : 1);
}
