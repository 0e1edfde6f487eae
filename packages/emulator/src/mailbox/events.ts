/** What may be done to the events of a mailbox. Stored events are replaced, never changed in place. */
import type { EventContent, EventInstance, SeriesException, StoredEvent } from "./event.ts";
import { type Mailbox, nextNumber, nextSequence, TOMBSTONE_LIMIT } from "./mailbox.ts";
import type { RecurrenceRule } from "./recurrence.ts";
import {
  crossesBoundary,
  expandSeries,
  findOccurrence,
  isSeriesMaster,
  makeSeries,
  touches,
} from "./series.ts";

/** A rule together with the zone of its range, as it was named. */
export interface RecurrenceWithZone extends RecurrenceRule {
  readonly zone: string;
}

/** Why the store does not do what it was asked. */
export type StoreFault =
  /** There is no such event or occurrence. */
  | "notFound"
  /** The rule yields no occurrence. */
  | "emptyRecurrence"
  /** A moved occurrence would meet or pass its neighbour. */
  | "crossingBoundary";

/** A window of time. */
export interface EventWindow {
  /** Number of the folder; all folders when absent. */
  readonly folder?: number | undefined;
  /** Milliseconds since 1970 UTC. */
  readonly fromMs: number;
  /** Milliseconds since 1970 UTC, exclusive. */
  readonly untilMs: number;
}

/** The last window that was read of a mailbox: its next pages need no second expansion. */
const lastViews = new WeakMap<
  Mailbox,
  { readonly key: string; readonly sequence: number; readonly instances: readonly EventInstance[] }
>();

/**
 * Lists what lies in a window, series expanded.
 *
 * @param mailbox - whose events
 * @param window - folder and stretch of time
 * @returns instances ordered by start
 */
export function listInstances(mailbox: Mailbox, window: EventWindow): readonly EventInstance[] {
  const key = `${window.folder} ${window.fromMs} ${window.untilMs}`;
  const last = lastViews.get(mailbox);
  if (last?.key === key && last.sequence === mailbox.sequence) return last.instances;
  const instances = expandWindow(mailbox, window);
  lastViews.set(mailbox, { key, sequence: mailbox.sequence, instances });
  return instances;
}

function expandWindow(mailbox: Mailbox, window: EventWindow): EventInstance[] {
  const found: EventInstance[] = [];
  for (const event of mailbox.events.values()) {
    if (window.folder !== undefined && event.folder !== window.folder) continue;
    if (isSeriesMaster(event)) {
      for (const instance of expandSeries(event, window.fromMs, window.untilMs)) found.push(instance);
    } else if (touches(event, window.fromMs, window.untilMs)) found.push(showEvent(event));
  }
  return found.sort(
    (left, right) =>
      left.startMs - right.startMs || left.event.number - right.event.number || left.endMs - right.endMs,
  );
}

/**
 * Lists single events and series masters.
 *
 * @param mailbox - whose events
 * @param folder - number of the folder; all folders when absent
 * @returns events in the order in which they were made
 */
export function listEvents(mailbox: Mailbox, folder?: number): StoredEvent[] {
  const events = [...mailbox.events.values()];
  return folder === undefined ? events : events.filter((event) => event.folder === folder);
}

/**
 * Finds an event or occurrence.
 *
 * @param mailbox - whose event
 * @param number - number of the event
 * @param day - civil day of the occurrence; absent for the event itself
 * @returns the instance, or `undefined`
 */
export function findInstance(mailbox: Mailbox, number: number, day?: number): EventInstance | undefined {
  const event = mailbox.events.get(number);
  if (event === undefined) return undefined;
  if (day === undefined) return showEvent(event);
  return isSeriesMaster(event) ? findOccurrence(event, day) : undefined;
}

/**
 * Shows a stored event as an instance.
 *
 * @param event - single event or series master
 * @returns the instance
 */
export function showEvent(event: StoredEvent): EventInstance {
  return {
    kind: event.series === undefined ? "singleInstance" : "seriesMaster",
    event,
    startMs: event.startMs,
    endMs: event.endMs,
    day: undefined,
    exception: undefined,
  };
}

/**
 * Adds an event.
 *
 * @param mailbox - changed in place
 * @param content - what the event says
 * @param options - folder, time and what else the caller knows
 * @returns the stored event, or why not
 */
export function createEvent(
  mailbox: Mailbox,
  content: EventContent,
  options: {
    readonly folder: number;
    readonly nowMs: number;
    readonly recurrence?: RecurrenceWithZone | undefined;
    readonly uid?: string | undefined;
  },
): StoredEvent | StoreFault {
  const made =
    options.recurrence === undefined
      ? undefined
      : makeSeries(content, options.recurrence, options.recurrence.zone);
  if (options.recurrence !== undefined && made === undefined) return "emptyRecurrence";
  const sequence = nextSequence(mailbox);
  const event: StoredEvent = {
    ...content,
    ...made?.times,
    number: nextNumber(mailbox),
    folder: options.folder,
    createdAtSequence: sequence,
    changedAtSequence: sequence,
    createdAtMs: options.nowMs,
    modifiedAtMs: options.nowMs,
    uid: options.uid,
    series: made?.series,
  };
  mailbox.events.set(event.number, event);
  return event;
}

/**
 * Changes a single event or a series master. New times or a new rule drop the exceptions and deleted occurrences of a
 * series, as Outlook warns; a range that only ends elsewhere keeps those inside it.
 *
 * @param mailbox - changed in place
 * @param number - number of the event
 * @param changes - members that change
 * @param options - time, and `recurrence`: a new rule, `null` to end the series, absent to keep it
 * @returns the stored event, or why not
 */
export function updateEvent(
  mailbox: Mailbox,
  number: number,
  changes: Partial<EventContent>,
  options: {
    readonly nowMs: number;
    readonly recurrence?: RecurrenceWithZone | null | undefined;
    readonly folder?: number | undefined;
  },
): StoredEvent | StoreFault {
  const old = mailbox.events.get(number);
  if (old === undefined) return "notFound";
  let event: StoredEvent = { ...old, ...changes };
  const recurrence = options.recurrence === undefined ? keptRule(event) : options.recurrence;
  if (recurrence === null || recurrence === undefined) event = { ...event, series: undefined };
  else {
    const made = makeSeries(event, recurrence, recurrence.zone);
    if (made === undefined) return "emptyRecurrence";
    event = { ...event, ...made.times, series: made.series };
    event = keepExceptions(old, event);
  }
  const sequence = nextSequence(mailbox);
  if (options.folder !== undefined && options.folder !== old.folder) {
    addTombstone(mailbox, sequence, old);
    event = { ...event, folder: options.folder };
  }
  event = { ...event, changedAtSequence: sequence, modifiedAtMs: options.nowMs };
  mailbox.events.set(number, event);
  return event;
}

/**
 * Changes one occurrence of a series, which makes it an exception.
 *
 * @param mailbox - changed in place
 * @param number - number of the series master
 * @param day - civil day of the regular occurrence
 * @param changes - members that change
 * @param nowMs - milliseconds since 1970 UTC
 * @returns the exception, or why not
 */
export function updateOccurrence(
  mailbox: Mailbox,
  number: number,
  day: number,
  changes: Partial<EventContent>,
  nowMs: number,
): EventInstance | StoreFault {
  const master = mailbox.events.get(number);
  if (master === undefined || !isSeriesMaster(master)) return "notFound";
  const current = findOccurrence(master, day);
  if (current === undefined) return "notFound";
  if (changes.startMs !== undefined && crossesBoundary(master, day, changes.startMs))
    return "crossingBoundary";
  const sequence = nextSequence(mailbox);
  const exception: SeriesException = {
    day,
    changedAtSequence: sequence,
    createdAtMs: current.exception?.createdAtMs ?? nowMs,
    modifiedAtMs: nowMs,
    changes: { ...current.exception?.changes, ...changes },
  };
  const exceptions = [...master.series.exceptions.filter((other) => other.day !== day), exception];
  exceptions.sort((left, right) => left.day - right.day);
  const changed = { ...master, changedAtSequence: sequence, series: { ...master.series, exceptions } };
  mailbox.events.set(number, changed);
  return findOccurrence(changed, day) ?? "notFound";
}

/**
 * Deletes an event, a whole series, or one occurrence of it. A series whose last occurrence goes is gone.
 *
 * @param mailbox - changed in place
 * @param number - number of the event
 * @param day - civil day of the occurrence; absent for the event or whole series
 * @param nowMs - milliseconds since 1970 UTC
 * @returns `undefined`, or why not
 */
export function deleteEvent(
  mailbox: Mailbox,
  number: number,
  day: number | undefined,
  nowMs: number,
): StoreFault | undefined {
  const event = mailbox.events.get(number);
  if (event === undefined) return "notFound";
  if (day === undefined) {
    mailbox.events.delete(number);
    addTombstone(mailbox, nextSequence(mailbox), event);
    const transactionId = event.extras?.transactionId;
    if (transactionId !== undefined) mailbox.transactions?.delete(transactionId);
    return undefined;
  }
  if (!isSeriesMaster(event) || findOccurrence(event, day) === undefined) return "notFound";
  const deletedDays = [...event.series.deletedDays, day].sort((left, right) => left - right);
  const exceptions = event.series.exceptions.filter((exception) => exception.day !== day);
  if (event.series.range.count !== undefined && deletedDays.length >= event.series.range.count)
    return deleteEvent(mailbox, number, undefined, nowMs);
  mailbox.events.set(number, {
    ...event,
    changedAtSequence: nextSequence(mailbox),
    modifiedAtMs: nowMs,
    series: { ...event.series, deletedDays, exceptions },
  });
  return undefined;
}

function keptRule(event: StoredEvent): RecurrenceWithZone | undefined {
  return event.series;
}

/** Carries exceptions over when neither pattern nor times changed. */
function keepExceptions(old: StoredEvent, event: StoredEvent): StoredEvent {
  const [before, after] = [old.series, event.series];
  if (before === undefined || after === undefined) return event;
  const same =
    old.startMs === event.startMs &&
    old.endMs === event.endMs &&
    before.zone === after.zone &&
    before.range.startDay === after.range.startDay &&
    JSON.stringify(before.pattern) === JSON.stringify(after.pattern);
  if (!same) return event;
  const last = after.lastDay ?? Number.POSITIVE_INFINITY;
  const series = {
    ...after,
    deletedDays: before.deletedDays.filter((day) => day <= last),
    exceptions: before.exceptions.filter((exception) => exception.day <= last),
  };
  return { ...event, series };
}

function addTombstone(mailbox: Mailbox, sequence: number, event: StoredEvent): void {
  mailbox.tombstones.push({ sequence, number: event.number, folder: event.folder });
  if (mailbox.tombstones.length <= TOMBSTONE_LIMIT) return;
  const dropped = mailbox.tombstones.splice(0, TOMBSTONE_LIMIT / 10);
  mailbox.forgottenUntil = dropped[dropped.length - 1]?.sequence ?? mailbox.forgottenUntil;
}
