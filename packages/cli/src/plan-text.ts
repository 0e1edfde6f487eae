/** How commands show a plan and a run. */
import type { MailboxPlan, Plan, PlanAction, RunReport } from "@nightlatch/sync";
import { table } from "./table.ts";

const shownPerMailbox = 20;

/**
 * Draws a plan: totals, a row a mailbox, and each action with its reason.
 *
 * @param plan - from sync
 * @param isDetailed - whether every action is listed, not only the first of each mailbox
 * @returns text
 */
export function planText(plan: Plan, isDetailed: boolean): string {
  const { totals } = plan;
  const rows = plan.mailboxes.map((entry) => [
    entry.mailbox,
    String(entry.creates.length),
    String(entry.updates.length),
    String(entry.deletes.length),
    String(entry.unchangedCount),
    entry.error === undefined ? "" : `not read: ${entry.error.message} (${entry.error.code})`,
  ]);
  const actions = plan.mailboxes.flatMap((entry) => actionRows(entry, isDetailed));
  const parts = [
    table(["MAILBOX", "CREATE", "UPDATE", "DELETE", "UNCHANGED", ""], rows),
    actions.length === 0 ? "" : table(["", "MAILBOX", "START", "SUBJECT", "REASON"], actions),
    `${totals.creates} to create, ${totals.updates} to update, ${totals.deletes} to delete, ${totals.unchanged} unchanged, ${totals.failedMailboxes} mailboxes not read`,
    ...plan.warnings.map((warning) => `warning: ${warning.message}`),
    ...plan.refusals.map(
      (refusal) =>
        `refused: ${refusal.deleteCount} of ${refusal.managedCount} events${refusal.mailbox === undefined ? "" : ` of ${refusal.mailbox}`} would be deleted; pass --allow-deletes if that is meant`,
    ),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function actionRows(entry: MailboxPlan, isDetailed: boolean): string[][] {
  const all: readonly PlanAction[] = [...entry.creates, ...entry.updates, ...entry.deletes];
  const shown = isDetailed ? all : all.slice(0, shownPerMailbox);
  const rows = shown.map((action) => [
    { create: "+", update: "~", delete: "-" }[action.action],
    entry.mailbox,
    (action.action === "delete" ? action.start : action.event.start.dateTime).slice(0, 16).replace("T", " "),
    action.action === "delete" ? action.subject : action.event.subject,
    reasonOf(action),
  ]);
  const rest = all.length - shown.length;
  return rest === 0 ? rows : [...rows, ["…", entry.mailbox, "", `${rest} more`, "see them with --all"]];
}

function reasonOf(action: PlanAction): string {
  if (action.action !== "update") return action.reason;
  const changes = action.changes.map(({ field, from, to }) =>
    from === undefined || to === undefined ? field : `${field}: ${from} → ${to}`,
  );
  return `${action.reason} (${changes.join(", ")})`;
}

/**
 * Draws what a run did.
 *
 * @param report - from sync
 * @returns text
 */
export function reportText(report: RunReport): string {
  const { totals } = report;
  const troubled = report.mailboxes.filter((entry) => entry.outcome !== "done");
  const rows = troubled.flatMap((entry) => [
    ...(entry.error === undefined
      ? []
      : [[entry.mailbox, "", `${entry.error.message} (${entry.error.code})`]]),
    ...entry.errors.map((error) => [
      entry.mailbox,
      `${error.action} "${error.subject}"`,
      `${error.message} (${error.code})`,
    ]),
  ]);
  return [
    `${totals.created} created, ${totals.updated} updated, ${totals.deleted} deleted, ${totals.unchanged} unchanged in ${report.mailboxes.length} mailboxes (${(report.durationMs / 1000).toFixed(1)} s)`,
    rows.length === 0
      ? ""
      : `${totals.failed} failed, ${totals.skipped} not tried; run it again to finish:\n${table(["MAILBOX", "WHAT", "WHY"], rows)}`,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}
