/** Carries out the plan of one mailbox. */
import type { CalendarPort } from "@nightlatch/calendar";
import { isNightlatchError } from "@nightlatch/credential";
import { type ActionResult, type ActionTarget, applyAction } from "./apply-action.ts";
import { forEachLimited } from "./concurrency.ts";
import { errorRecord, isSignInRefused } from "./error-record.ts";
import { type ManagedEvent, readManagedEvents } from "./managed-event.ts";
import { actionsOf, type ErrorRecord, type MailboxPlan, type Plan, type PlanAction } from "./plan.ts";
import type { ActionError, MailboxReport, RunOutcome } from "./run-report.ts";

/** What the work on a mailbox needs. */
export interface MailboxContext {
  readonly plan: Plan;
  readonly calendar: CalendarPort;
  /** Writes under way at once in one mailbox. */
  readonly writeConcurrency: number;
  readonly signal: AbortSignal | undefined;
  /** Told of every action that ended, whichever way. */
  readonly onAction: (mailbox: string, action: PlanAction) => void;
  /** Told of a refusal of the sign-in, which ends the run. */
  readonly onSignInRefused: (error: unknown) => void;
}

/** Failures in a row after which a mailbox is left alone. */
const MAX_FAILURES_IN_A_ROW = 5;

/** Errors that every further write to the same mailbox would meet too. */
const MAILBOX_CODES: ReadonlySet<string> = new Set([
  "CALENDAR_ACCESS_DENIED",
  "CALENDAR_MAILBOX_NOT_FOUND",
  "CALENDAR_MAILBOX_NOT_ENABLED",
  "CALENDAR_MAILBOX_FULL",
  "CALENDAR_IS_A_GROUP",
  "CALENDAR_THROTTLED",
  "CALENDAR_UNAVAILABLE",
]);

/**
 * Carries out the plan of one mailbox: creates, then updates, then deletes.
 *
 * Nothing is deleted when a create failed: what is deleted may be the old form of what could not be created.
 *
 * @param mailboxPlan - what is to be done
 * @param context - calendar, concurrency, signal
 * @returns what was done; errors are in the report, not thrown
 */
export async function applyMailbox(
  mailboxPlan: MailboxPlan,
  context: MailboxContext,
): Promise<MailboxReport> {
  const startedAtMs = performance.now();
  const run = new MailboxRun(mailboxPlan, context);
  if (mailboxPlan.outcome === "planned") await run.applyAll();
  return { ...run.report(), durationMs: Math.round(performance.now() - startedAtMs) };
}

class MailboxRun {
  readonly #plan: MailboxPlan;
  readonly #context: MailboxContext;
  readonly #counts: Record<ActionResult, number> = { created: 0, updated: 0, deleted: 0, unchanged: 0 };
  readonly #errors: ActionError[] = [];
  #stopError: ErrorRecord | undefined;
  #failuresInARow = 0;
  #isStopped = false;

  constructor(plan: MailboxPlan, context: MailboxContext) {
    this.#plan = plan;
    this.#context = context;
    this.#stopError = plan.error;
  }

  async applyAll(): Promise<void> {
    const { creates, updates, deletes } = this.#plan;
    const existing = await this.#readExisting();
    if (existing === undefined) return;
    const { calendar, plan, signal } = this.#context;
    const target = { calendar, mailbox: this.#plan.mailbox, sourceTag: plan.source.tag, signal, existing };
    await this.#applyPhase(creates, target);
    const isEveryCreateDone = this.#errors.length === 0 && !this.#isStopped;
    await this.#applyPhase(updates, target);
    if (isEveryCreateDone) await this.#applyPhase(deletes, target);
  }

  report(): Omit<MailboxReport, "durationMs"> {
    const doneCount = this.#counts.created + this.#counts.updated + this.#counts.deleted;
    const plannedCount = actionsOf(this.#plan).length;
    const triedCount = doneCount + this.#counts.unchanged + this.#errors.length;
    const skipped = plannedCount - triedCount;
    const reason: unknown = this.#context.signal?.reason;
    if (skipped > 0 && this.#isAborted() && isSignInRefused(reason)) this.#stopError ??= errorRecord(reason);
    return {
      mailbox: this.#plan.mailbox,
      outcome: this.#outcome(triedCount - this.#errors.length, skipped),
      ...(this.#stopError === undefined ? {} : { error: this.#stopError }),
      errors: this.#errors,
      created: this.#counts.created,
      updated: this.#counts.updated,
      deleted: this.#counts.deleted,
      unchanged: this.#plan.unchangedCount + this.#counts.unchanged,
      failed: this.#errors.length,
      skipped,
    };
  }

  #outcome(succeededCount: number, skipped: number): RunOutcome {
    if (this.#errors.length === 0 && skipped === 0 && this.#stopError === undefined) return "done";
    if (this.#isAborted() && this.#errors.length === 0 && this.#stopError === undefined) {
      return "interrupted";
    }
    return succeededCount > 0 ? "partial" : "failed";
  }

  /** Looks once what of the creates is there already: the plan may be old, or applied before in part. */
  async #readExisting(): Promise<ReadonlyMap<string, ManagedEvent> | undefined> {
    const existing = new Map<string, ManagedEvent>();
    if (this.#plan.creates.length === 0) return existing;
    const { calendar, plan, signal } = this.#context;
    const window = { fromMs: Date.parse(plan.window.from), toMs: Date.parse(plan.window.to) };
    try {
      signal?.throwIfAborted();
      const options = { window, sourceTag: plan.source.tag, signal };
      for (const event of await readManagedEvents(calendar, this.#plan.mailbox, options)) {
        if (!event.isSeries && !existing.has(event.key)) existing.set(event.key, event);
      }
      return existing;
    } catch (error) {
      this.#stop(error);
      return undefined;
    }
  }

  async #applyPhase(actions: readonly PlanAction[], target: ActionTarget): Promise<void> {
    await forEachLimited(actions, this.#context.writeConcurrency, async (action) => {
      if (this.#isStopped || this.#isAborted()) return;
      try {
        this.#counts[await applyAction(action, target)]++;
        this.#failuresInARow = 0;
      } catch (error) {
        if (this.#isAborted()) return;
        this.#fail(action, error);
      }
      this.#context.onAction(this.#plan.mailbox, action);
    });
  }

  #isAborted(): boolean {
    return this.#context.signal?.aborted === true;
  }

  #fail(action: PlanAction, error: unknown): void {
    const subject = action.action === "delete" ? action.subject : action.event.subject;
    this.#errors.push({ ...errorRecord(error), action: action.action, key: action.key, subject });
    this.#failuresInARow++;
    const isHopeless = !isNightlatchError(error) || isSignInRefused(error) || MAILBOX_CODES.has(error.code);
    if (isHopeless || this.#failuresInARow >= MAX_FAILURES_IN_A_ROW) this.#stop(error);
  }

  #stop(error: unknown): void {
    this.#isStopped = true;
    if (this.#isAborted()) return;
    this.#stopError ??= errorRecord(error);
    if (isSignInRefused(error)) this.#context.onSignInRefused(error);
  }
}
