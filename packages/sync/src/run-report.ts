/** What a run did, as data. */
import type { ErrorRecord, PlanAction, SyncOutcomeCounts } from "./plan.ts";

/** How a run or the work on one mailbox ended. */
export type RunOutcome = "done" | "partial" | "failed" | "interrupted";

/** An action that could not be carried out. */
export interface ActionError extends ErrorRecord {
  readonly action: PlanAction["action"];
  readonly key: string;
  readonly subject: string;
}

/** What was done to one mailbox. */
export interface MailboxReport extends SyncOutcomeCounts {
  readonly mailbox: string;
  readonly outcome: RunOutcome;
  /** What stopped the work on the mailbox, when something did. */
  readonly error?: ErrorRecord | undefined;
  readonly errors: readonly ActionError[];
  readonly durationMs: number;
}

/** What a run did. */
export interface RunReport {
  /** `partial`: some mailbox or action failed and others did not; `failed`: all that was to be done failed. */
  readonly outcome: RunOutcome;
  /** 0 done, 1 failed, 3 done in part, 4 sign-in refused, 130 interrupted. */
  readonly exitCode: 0 | 1 | 3 | 4 | 130;
  /** RFC 3339 in UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly source: { readonly tag: string; readonly name: string };
  readonly totals: SyncOutcomeCounts;
  /** In the order of the plan. */
  readonly mailboxes: readonly MailboxReport[];
}

/**
 * Adds up the counts of mailboxes.
 *
 * @param counts - counts of each
 * @returns their sum
 */
export function sumCounts(counts: readonly SyncOutcomeCounts[]): SyncOutcomeCounts {
  const sum = (member: keyof SyncOutcomeCounts) => counts.reduce((total, count) => total + count[member], 0);
  return {
    created: sum("created"),
    updated: sum("updated"),
    deleted: sum("deleted"),
    unchanged: sum("unchanged"),
    failed: sum("failed"),
    skipped: sum("skipped"),
  };
}

/**
 * Judges a run by its mailboxes.
 *
 * @param mailboxes - reports
 * @param isInterrupted - whether the signal stopped it
 * @returns outcome and exit code
 */
export function judgeRun(
  mailboxes: readonly MailboxReport[],
  isInterrupted: boolean,
): Pick<RunReport, "outcome" | "exitCode"> {
  if (isInterrupted) return { outcome: "interrupted", exitCode: 130 };
  if (mailboxes.every((report) => report.outcome === "done")) return { outcome: "done", exitCode: 0 };
  const isAnyDone = mailboxes.some((report) => report.outcome === "done" || report.outcome === "partial");
  return isAnyDone ? { outcome: "partial", exitCode: 3 } : { outcome: "failed", exitCode: 1 };
}
