/** A plan as data: what a run would write, and why. Plain JSON, so that it can be printed, kept and applied later. */
import type { SyncWindow, TimetableEvent, TimetableFormat, TimetableWarning } from "./timetable.ts";

/** Version of the shape of {@link Plan}. */
export const PLAN_VERSION = 1;

/** Why an event is created. */
export type CreateReason = "new in the timetable" | "became a series in the mailbox";
/** Why an event is changed. */
export type UpdateReason = "changed in the timetable" | "moved in the timetable" | "changed in the mailbox";
/** Why an event is deleted. */
export type DeleteReason = "no longer in the timetable" | "written twice" | "became a series in the mailbox";

/** One field of an event that is not as the timetable has it. */
export interface FieldChange {
  readonly field:
    | "subject"
    | "start"
    | "end"
    | "isAllDay"
    | "location"
    | "description"
    | "categories"
    | "showAs"
    | "sensitivity"
    | "reminder"
    | "zone";
  /** What the mailbox has; absent for the description, which is not read. */
  readonly from?: string | undefined;
  /** What the timetable has. */
  readonly to?: string | undefined;
}

/** An event to be created. */
export interface CreateAction {
  readonly action: "create";
  readonly key: string;
  readonly hash: string;
  readonly reason: CreateReason;
  readonly event: TimetableEvent;
  /** Event in whose place it comes; deleted afterwards. */
  readonly replacesEventId?: string | undefined;
}

/** An event to be changed. */
export interface UpdateAction {
  readonly action: "update";
  readonly key: string;
  readonly hash: string;
  readonly reason: UpdateReason;
  readonly changes: readonly FieldChange[];
  readonly eventId: string;
  /** Version that was seen; a later one is looked at again before it is overwritten. */
  readonly changeKey: string;
  /** Key that the event has so far, when its occurrence was moved and the key with it. */
  readonly previousKey?: string | undefined;
  readonly event: TimetableEvent;
}

/** An event to be deleted. */
export interface DeleteAction {
  readonly action: "delete";
  readonly key: string;
  readonly reason: DeleteReason;
  readonly eventId: string;
  /** Version that was seen; absent for a series. */
  readonly changeKey?: string | undefined;
  readonly subject: string;
  /** Wall-clock start, for people to read. */
  readonly start: string;
}

/** Any action of a plan. */
export type PlanAction = CreateAction | UpdateAction | DeleteAction;

/** An error as data. */
export interface ErrorRecord {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** What is planned for one mailbox. */
export interface MailboxPlan {
  readonly mailbox: string;
  /** `failed`: the mailbox could not be read completely, and nothing will be done to it. */
  readonly outcome: "planned" | "failed";
  readonly error?: ErrorRecord | undefined;
  /** Events of this source that the mailbox holds inside the window. */
  readonly managedCount: number;
  readonly unchangedCount: number;
  readonly creates: readonly CreateAction[];
  readonly updates: readonly UpdateAction[];
  readonly deletes: readonly DeleteAction[];
}

/** How many deletions are taken for a normal night. Both limits must be passed before a plan is refused. */
export interface DeleteLimits {
  /** Number of deletions, per mailbox and in all. */
  readonly maxDeletes: number;
  /** Share of the events of this source, 0 to 1, per mailbox and in all. */
  readonly maxDeleteShare: number;
  /** Whether any number of deletions is meant. */
  readonly allowDeletes: boolean;
}

/** Limits as a caller may set them. */
export interface DeleteLimitOptions {
  /** Deletions that are always allowed. @defaultValue 10 */
  readonly maxDeletes?: number | undefined;
  /** Share of the events of this source that may be deleted, 0 to 1. @defaultValue 0.2 */
  readonly maxDeleteShare?: number | undefined;
  /** Lifts both limits. @defaultValue false */
  readonly allowDeletes?: boolean | undefined;
}

/** A limit that a plan passes. */
export interface DeleteRefusal {
  /** Mailbox; absent when the run as a whole passes the limit. */
  readonly mailbox?: string | undefined;
  readonly deleteCount: number;
  readonly managedCount: number;
}

/** Counts of what was done. */
export interface SyncOutcomeCounts {
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  /** Found as they ought to be, by the plan or when their turn came. */
  readonly unchanged: number;
  /** Actions that failed. */
  readonly failed: number;
  /** Actions that were not tried, because the mailbox failed or the run was interrupted. */
  readonly skipped: number;
}

/** Counts of a plan. */
export interface PlanTotals {
  readonly creates: number;
  readonly updates: number;
  readonly deletes: number;
  readonly unchanged: number;
  readonly failedMailboxes: number;
}

/** What a run would do. */
export interface Plan {
  readonly planVersion: typeof PLAN_VERSION;
  /** When it was made; RFC 3339 in UTC. */
  readonly createdAt: string;
  readonly source: {
    readonly tag: string;
    readonly name: string;
    readonly format: TimetableFormat;
  };
  readonly window: SyncWindow;
  readonly limits: DeleteLimits;
  /** Limits that the plan passes; it is applied only when there are none. */
  readonly refusals: readonly DeleteRefusal[];
  readonly totals: PlanTotals;
  /** In order of mailbox. */
  readonly mailboxes: readonly MailboxPlan[];
  readonly warnings: readonly TimetableWarning[];
}

/** A plan in a few numbers. */
export interface PlanSummary extends PlanTotals {
  readonly sourceTag: string;
  readonly sourceName: string;
  readonly window: SyncWindow;
  /** Whether the plan would write nothing. */
  readonly isInSync: boolean;
  readonly mailboxes: readonly {
    readonly mailbox: string;
    readonly outcome: MailboxPlan["outcome"];
    readonly creates: number;
    readonly updates: number;
    readonly deletes: number;
    readonly unchanged: number;
    readonly error?: ErrorRecord | undefined;
  }[];
  /** How often each reason occurs. */
  readonly reasons: Readonly<Record<string, number>>;
}

/**
 * Counts a plan.
 *
 * @param mailboxes - plans of mailboxes
 * @returns totals
 */
export function totalsOf(mailboxes: readonly MailboxPlan[]): PlanTotals {
  const sum = (count: (plan: MailboxPlan) => number) =>
    mailboxes.reduce((total, plan) => total + count(plan), 0);
  return {
    creates: sum((plan) => plan.creates.length),
    updates: sum((plan) => plan.updates.length),
    deletes: sum((plan) => plan.deletes.length),
    unchanged: sum((plan) => plan.unchangedCount),
    failedMailboxes: sum((plan) => (plan.outcome === "failed" ? 1 : 0)),
  };
}

/**
 * Gives a plan in a few numbers, for a table or a first look.
 *
 * @param plan - plan
 * @returns counts in all, per mailbox and per reason
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createMemoryCalendar } from "@nightlatch/calendar";
 * import { planSync, readTimetable, summarisePlan } from "@nightlatch/sync";
 *
 * const timetable = readTimetable(
 *   {
 *     sourceName: "school.csv",
 *     text: "id,mailbox,subject,start,end\n1,year7@school.example,Music,2026-09-07 09:00,2026-09-07 09:45",
 *   },
 *   { ianaZone: "Europe/London", isWholeSource: true },
 * );
 * const summary = summarisePlan(await planSync(timetable, createMemoryCalendar()));
 * assert.equal(summary.creates, 1);
 * assert.deepEqual(summary.reasons, { "new in the timetable": 1 });
 * ```
 */
export function summarisePlan(plan: Plan): PlanSummary {
  const reasons: Record<string, number> = {};
  for (const { reason } of plan.mailboxes.flatMap(actionsOf)) reasons[reason] = (reasons[reason] ?? 0) + 1;
  const { totals } = plan;
  return {
    ...totals,
    sourceTag: plan.source.tag,
    sourceName: plan.source.name,
    window: plan.window,
    isInSync: totals.creates + totals.updates + totals.deletes === 0 && totals.failedMailboxes === 0,
    mailboxes: plan.mailboxes.map((mailboxPlan) => ({
      mailbox: mailboxPlan.mailbox,
      outcome: mailboxPlan.outcome,
      creates: mailboxPlan.creates.length,
      updates: mailboxPlan.updates.length,
      deletes: mailboxPlan.deletes.length,
      unchanged: mailboxPlan.unchangedCount,
      ...(mailboxPlan.error === undefined ? {} : { error: mailboxPlan.error }),
    })),
    reasons,
  };
}

/**
 * Gives every action for a mailbox, in the order in which they are carried out.
 *
 * @param mailboxPlan - plan of one mailbox
 * @returns creates, then updates, then deletes: an interruption never leaves a mailbox without a lesson
 */
export function actionsOf(mailboxPlan: MailboxPlan): readonly PlanAction[] {
  return [...mailboxPlan.creates, ...mailboxPlan.updates, ...mailboxPlan.deletes];
}
