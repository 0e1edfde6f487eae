/** Carries out a plan. */
import type { CalendarPort } from "@nightlatch/calendar";
import { NightlatchError } from "@nightlatch/credential";
import { applyMailbox } from "./apply-mailbox.ts";
import { forEachLimited, joinSignals } from "./concurrency.ts";
import { checkDeleteLimits } from "./delete-limits.ts";
import { SYNC_ERRORS } from "./errors.ts";
import { actionsOf, type DeleteLimitOptions, PLAN_VERSION, type Plan, type PlanAction } from "./plan.ts";
import { judgeRun, type MailboxReport, type RunReport, sumCounts } from "./run-report.ts";

/** How far a run has come. */
export interface ApplyProgress {
  /** Actions that have ended. */
  readonly done: number;
  /** Actions of the plan. */
  readonly total: number;
  readonly mailbox: string;
  readonly action: PlanAction["action"];
}

/** How a plan is carried out. */
export interface ApplyPlanOptions extends DeleteLimitOptions {
  /** Mailboxes worked on at once. @defaultValue 8 */
  readonly mailboxConcurrency?: number | undefined;
  /** Writes under way at once in one mailbox; Exchange Online takes four. @defaultValue 4 */
  readonly writeConcurrency?: number | undefined;
  /** Told after every action. */
  readonly onProgress?: ((progress: ApplyProgress) => void) | undefined;
  /** Told when a mailbox is finished. */
  readonly onMailbox?: ((report: MailboxReport) => void) | undefined;
  /** Stops the run between two writes; the report then says `interrupted`. */
  readonly signal?: AbortSignal | undefined;
  /** Current time. @defaultValue the clock of the machine */
  readonly now?: (() => Date) | undefined;
}

/**
 * Carries out a plan.
 *
 * Mailboxes do not affect each other: one that fails is said in the report. In each mailbox events are
 * created, then changed, then deleted. A run that was interrupted at any point is completed by planning and
 * applying again; applying the same plan again is harmless too.
 *
 * @param plan - from {@link planSync}, also after a way through JSON
 * @param calendar - the calendar it was made for
 * @param options - concurrency, progress, signal, limits in place of the plan's
 * @returns what was done in each mailbox, and the exit code
 * @throws {NightlatchError} `SYNC_TOO_MANY_DELETES`: the plan passes its limits, nothing was touched;
 *   `SYNC_PLAN_INVALID`: the data is no plan of this version
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
 * const report = await applyPlan(await planSync(timetable, calendar), calendar);
 * assert.equal(report.outcome, "done");
 * assert.equal(report.totals.created, 1);
 * ```
 */
export async function applyPlan(
  plan: Plan,
  calendar: CalendarPort,
  options: ApplyPlanOptions = {},
): Promise<RunReport> {
  checkPlan(plan);
  const { maxDeletes, maxDeleteShare, allowDeletes } = options;
  checkDeleteLimits(plan, { maxDeletes, maxDeleteShare, allowDeletes });
  const startedAtMs = performance.now();
  const startedAt = (options.now?.() ?? new Date()).toISOString();
  const total = plan.mailboxes.reduce((sum, mailboxPlan) => sum + actionsOf(mailboxPlan).length, 0);
  const signInRefused = new AbortController();
  const signal = joinSignals(options.signal, signInRefused.signal);
  const reports = new Map<string, MailboxReport>();
  let done = 0;
  const context = {
    plan,
    calendar,
    signal,
    writeConcurrency: options.writeConcurrency ?? 4,
    onAction: (mailbox: string, { action }: PlanAction) => {
      done++;
      options.onProgress?.({ done, total, mailbox, action });
    },
    onSignInRefused: (error: unknown) => signInRefused.abort(error),
  };
  await forEachLimited(plan.mailboxes, options.mailboxConcurrency ?? 8, async (mailboxPlan) => {
    const report = await applyMailbox(mailboxPlan, context);
    reports.set(mailboxPlan.mailbox, report);
    options.onMailbox?.(report);
  });
  const mailboxes = plan.mailboxes
    .map(({ mailbox }) => reports.get(mailbox))
    .filter((report) => report !== undefined);
  const totals = sumCounts(mailboxes);
  const judged = judgeRun(mailboxes, options.signal?.aborted === true);
  const isAnyWritten = totals.created + totals.updated + totals.deleted > 0;
  return {
    ...judged,
    ...(signInRefused.signal.aborted && !isAnyWritten
      ? { outcome: "failed" as const, exitCode: 4 as const }
      : {}),
    startedAt,
    durationMs: Math.round(performance.now() - startedAtMs),
    source: { tag: plan.source.tag, name: plan.source.name },
    totals,
    mailboxes,
  };
}

function checkPlan(plan: Plan): void {
  const candidate: Partial<Plan> | null = plan;
  const problem =
    candidate?.planVersion !== PLAN_VERSION
      ? `it has version ${String(candidate?.planVersion)}, wanted ${PLAN_VERSION}`
      : !Array.isArray(candidate.mailboxes) ||
          candidate.limits === undefined ||
          candidate.source === undefined
        ? "it lacks its mailboxes, limits or source"
        : undefined;
  if (problem !== undefined) {
    throw new NightlatchError(SYNC_ERRORS, "SYNC_PLAN_INVALID", `Cannot apply the plan: ${problem}`);
  }
}
