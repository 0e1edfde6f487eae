/** Compares a timetable with mailboxes and says what is to be written. Reads only. */
import type { CalendarPort } from "@nightlatch/calendar";
import { NightlatchError } from "@nightlatch/credential";
import { forEachLimited, joinSignals } from "./concurrency.ts";
import { DEFAULT_DELETE_LIMITS, definedMembers, findRefusals } from "./delete-limits.ts";
import { isSignInRefused } from "./error-record.ts";
import { SYNC_ERRORS, sourceError } from "./errors.ts";
import { parseMailbox } from "./mailbox-address.ts";
import { type ManagedEvent, readManagedEvents } from "./managed-event.ts";
import { type DeleteLimitOptions, type MailboxPlan, PLAN_VERSION, type Plan, totalsOf } from "./plan.ts";
import { decideMailbox, failedPlan } from "./plan-mailbox.ts";
import { type ExpandGroup, spreadGroups } from "./spread-groups.ts";
import type { Timetable, TimetableEntry } from "./timetable.ts";

/** How far the planning has come. */
export interface PlanProgress {
  /** Mailboxes read. */
  readonly done: number;
  /** Mailboxes to read. */
  readonly total: number;
  /** The one that was read last. */
  readonly mailbox: string;
}

/** How a plan is made. */
export interface PlanSyncOptions extends DeleteLimitOptions {
  /** Mailboxes that are kept in line although the timetable may say nothing of them any more. */
  readonly mailboxes?: readonly string[] | undefined;
  /** Gives the members of a group; entries of a group go into the members' own calendars. */
  readonly expandGroup?: ExpandGroup | undefined;
  /** Mailboxes read at once. @defaultValue 8 */
  readonly mailboxConcurrency?: number | undefined;
  /** Accepts a timetable without entries, which deletes everything. @defaultValue false */
  readonly allowEmpty?: boolean | undefined;
  readonly onProgress?: ((progress: PlanProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Current time. @defaultValue the clock of the machine */
  readonly now?: (() => Date) | undefined;
}

/** What one mailbox was found to hold. */
interface MailboxReading {
  readonly mailbox: string;
  readonly entries: readonly TimetableEntry[];
  readonly managed: readonly ManagedEvent[];
  readonly error?: unknown;
}

/**
 * Plans what brings mailboxes in line with a timetable.
 *
 * Each mailbox is read once and completely. Only events that carry the tag of this source are looked at. A
 * mailbox that cannot be read is listed as failed and gets no actions; the others are planned all the same.
 * A plan that passes its limits of deletion is returned with `refusals`; {@link applyPlan} refuses it.
 *
 * @param timetable - what ought to be there
 * @param calendar - where it ought to be
 * @param options - limits, groups, concurrency
 * @returns the plan as plain data
 * @throws {NightlatchError} `SYNC_SOURCE_EMPTY`: the timetable has no entries; a refusal of the sign-in
 *   (exit code 4) as it came, because it concerns every mailbox
 * @throws the reason of `signal` when it is aborted
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createMemoryCalendar } from "@nightlatch/calendar";
 * import { applyPlan, planSync, readTimetable } from "@nightlatch/sync";
 *
 * const calendar = createMemoryCalendar();
 * const timetable = readTimetable(
 *   {
 *     sourceName: "school.csv",
 *     text: "id,mailbox,subject,start,end\n1,year7@school.example,Music,2026-09-07 09:00,2026-09-07 09:45",
 *   },
 *   { ianaZone: "Europe/London", isWholeSource: true },
 * );
 * await applyPlan(await planSync(timetable, calendar), calendar);
 * const again = await planSync(timetable, calendar);
 * assert.deepEqual(again.totals, { creates: 0, updates: 0, deletes: 0, unchanged: 1, failedMailboxes: 0 });
 * ```
 */
export async function planSync(
  timetable: Timetable,
  calendar: CalendarPort,
  options: PlanSyncOptions = {},
): Promise<Plan> {
  if (timetable.entries.length === 0 && options.allowEmpty !== true) {
    throw sourceError("SYNC_SOURCE_EMPTY", { sourceName: timetable.source.name }, "it has no entries");
  }
  const { maxDeletes, maxDeleteShare, allowDeletes } = options;
  const limits = {
    ...DEFAULT_DELETE_LIMITS,
    ...definedMembers({ maxDeletes, maxDeleteShare, allowDeletes }),
  };
  const joined = { ...options, signal: joinSignals(options.signal) };
  const spread = await spreadGroups(timetable, joined);
  for (const mailbox of options.mailboxes ?? []) {
    const address = checkedMailbox(mailbox);
    if (!spread.entries.has(address)) spread.entries.set(address, []);
  }
  const readings = await readMailboxes(spread.entries, timetable, calendar, joined);
  const mailboxes = [...planReadings(readings, spread.heldKeys), ...spread.failed].sort((left, right) =>
    left.mailbox < right.mailbox ? -1 : 1,
  );
  return {
    planVersion: PLAN_VERSION,
    createdAt: (options.now?.() ?? new Date()).toISOString(),
    source: timetable.source,
    window: timetable.window,
    limits,
    refusals: findRefusals(mailboxes, limits),
    totals: totalsOf(mailboxes),
    mailboxes,
    warnings: timetable.warnings,
  };
}

async function readMailboxes(
  entriesByMailbox: ReadonlyMap<string, readonly TimetableEntry[]>,
  timetable: Timetable,
  calendar: CalendarPort,
  options: PlanSyncOptions,
): Promise<readonly MailboxReading[]> {
  const window = { fromMs: Date.parse(timetable.window.from), toMs: Date.parse(timetable.window.to) };
  const { signal } = options;
  const readings: MailboxReading[] = [];
  const work = async ([mailbox, entries]: readonly [string, readonly TimetableEntry[]]) => {
    signal?.throwIfAborted();
    try {
      const managed = await readManagedEvents(calendar, mailbox, {
        window,
        sourceTag: timetable.source.tag,
        signal,
      });
      readings.push({ mailbox, entries, managed });
    } catch (error) {
      if (signal?.aborted === true || isSignInRefused(error)) throw error;
      readings.push({ mailbox, entries, managed: [], error });
    }
    options.onProgress?.({ done: readings.length, total: entriesByMailbox.size, mailbox });
  };
  await forEachLimited([...entriesByMailbox], options.mailboxConcurrency ?? 8, work);
  return readings;
}

function planReadings(
  readings: readonly MailboxReading[],
  heldKeys: ReadonlySet<string>,
): readonly MailboxPlan[] {
  const ownerByEventId = new Map<string, string>();
  const aliases = new Map<string, string>();
  for (const { mailbox, managed } of readings) {
    for (const { id } of managed) {
      const other = ownerByEventId.get(id);
      if (other === undefined) ownerByEventId.set(id, mailbox);
      else aliases.set(mailbox, other).set(other, mailbox);
    }
  }
  return readings.map(({ mailbox, entries, managed, error }) => {
    const alias = aliases.get(mailbox);
    // Each of two names of one mailbox would delete what the other one writes.
    const problem = error ?? (alias === undefined ? undefined : aliasError(mailbox, alias));
    return problem === undefined
      ? decideMailbox(mailbox, entries, managed, heldKeys)
      : failedPlan(mailbox, problem);
  });
}

function aliasError(mailbox: string, alias: string): NightlatchError {
  const message = `Cannot plan for "${mailbox}": it is the same mailbox as "${alias}"`;
  return new NightlatchError(SYNC_ERRORS, "SYNC_MAILBOX_ALIAS", message, { details: { mailbox, alias } });
}

function checkedMailbox(mailbox: string): string {
  const address = parseMailbox(mailbox);
  if (address !== undefined) return address;
  throw new RangeError(`Mailbox "${mailbox}" must be a mail address`);
}
