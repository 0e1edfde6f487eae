/** How commands show a plan and a run. */
import type { ErrorRecord, MailboxPlan, Plan, PlanAction, RunReport } from "@nightlatch/sync";
import { hintFor } from "./hints.ts";
import { plain } from "./plain-text.ts";
import { table } from "./table.ts";

const shownPerMailbox = 20;
const shownInAll = 200;

/**
 * Draws a plan: a row a mailbox, each action with its reason, what could not be read, and totals.
 *
 * @param plan - from sync
 * @param isDetailed - whether every action is listed, not only the first of each mailbox
 * @returns text
 */
export function planText(plan: Plan, isDetailed: boolean): string {
  const { totals } = plan;
  const read = plan.mailboxes.filter((entry) => entry.error === undefined);
  const rows = read.map((entry) => [
    entry.mailbox,
    String(entry.creates.length),
    String(entry.updates.length),
    String(entry.deletes.length),
    String(entry.unchangedCount),
  ]);
  const unread = plan.mailboxes.flatMap(({ mailbox, error }) =>
    error === undefined ? [] : [{ mailbox, error }],
  );
  return [
    rows.length === 0 ? "" : table(["MAILBOX", "CREATE", "UPDATE", "DELETE", "UNCHANGED"], rows),
    actionsText(read, isDetailed),
    unread.length === 0 ? "" : `Not read, and left as they are:\n${causesText(unread)}`,
    plan.warnings.map((warning) => `warning: ${plain(warning.message)}`).join("\n"),
    `${totals.creates} to create, ${totals.updates} to update, ${totals.deletes} to delete, ${totals.unchanged} unchanged in ${counted(read.length, "mailbox")}${unread.length === 0 ? "" : `, ${counted(unread.length, "mailbox")} not read`}; ${plan.window.from.slice(0, 10)} to ${plan.window.to.slice(0, 10)}`,
    plan.refusals
      .map(
        ({ deleteCount, managedCount, mailbox }) =>
          `refused: ${deleteCount} of ${managedCount} events${mailbox === undefined ? "" : ` of ${mailbox}`} would be deleted; pass --allow-deletes if that is meant`,
      )
      .join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function actionsText(mailboxes: readonly MailboxPlan[], isDetailed: boolean): string {
  const rows: string[][] = [];
  for (const entry of mailboxes) {
    // What takes something away is looked at first.
    const all: readonly PlanAction[] = [...entry.deletes, ...entry.updates, ...entry.creates];
    const room = isDetailed ? all.length : Math.min(shownPerMailbox, Math.max(0, shownInAll - rows.length));
    const rest = all.length - Math.min(room, all.length);
    rows.push(...all.slice(0, room).map((action) => actionRow(entry.mailbox, action)));
    if (rest > 0) rows.push(["…", entry.mailbox, "", `${rest} more`, "see them with --all"]);
  }
  return rows.length === 0 ? "" : table(["", "MAILBOX", "START", "SUBJECT", "REASON"], rows);
}

function actionRow(mailbox: string, action: PlanAction): string[] {
  return [
    { create: "+", update: "~", delete: "-" }[action.action],
    mailbox,
    (action.action === "delete" ? action.start : action.event.start.dateTime).slice(0, 16).replace("T", " "),
    action.action === "delete" ? action.subject : action.event.subject,
    reasonOf(action),
  ].map(plain);
}

function reasonOf(action: PlanAction): string {
  if (action.action !== "update") return action.reason;
  const changes = action.changes.map(({ field, from, to }) =>
    from === undefined || to === undefined ? field : `${field}: ${from} → ${to}`,
  );
  return `${action.reason} (${changes.join(", ")})`;
}

/** Many mailboxes often fail for one reason, which is said once. */
function causesText(failures: readonly { readonly mailbox: string; readonly error: ErrorRecord }[]): string {
  const byCode = new Map<string, { error: ErrorRecord; mailboxes: string[] }>();
  for (const { mailbox, error } of failures) {
    const known = byCode.get(error.code) ?? { error, mailboxes: [] };
    known.mailboxes.push(mailbox);
    byCode.set(error.code, known);
  }
  return [...byCode.values()]
    .map(
      ({ error, mailboxes }) =>
        `  ${mailboxes.join(", ")}\n    ${plain(error.message)} (${error.code})\n    hint: ${hintFor(error.code, error.hint)}`,
    )
    .join("\n");
}

/**
 * Draws what a run did.
 *
 * @param report - from sync
 * @returns text
 */
export function reportText(report: RunReport): string {
  const { totals } = report;
  const stopped = report.mailboxes.flatMap(({ mailbox, error }) =>
    error === undefined ? [] : [{ mailbox, error }],
  );
  const rows = report.mailboxes.flatMap((entry) =>
    entry.errors.map((error) =>
      [entry.mailbox, `${error.action} "${error.subject}"`, `${error.message} (${error.code})`].map(plain),
    ),
  );
  const unfinished =
    totals.failed + totals.skipped === 0
      ? ""
      : `${totals.failed} failed, ${totals.skipped} not tried; run it again to finish`;
  return [
    rows.length === 0 ? "" : table(["MAILBOX", "WHAT", "WHY"], rows),
    stopped.length === 0 ? "" : `Not in line:\n${causesText(stopped)}`,
    `${totals.created} created, ${totals.updated} updated, ${totals.deleted} deleted, ${totals.unchanged} unchanged in ${counted(report.mailboxes.length - stopped.length, "mailbox")}${stopped.length === 0 ? "" : `, ${counted(stopped.length, "mailbox")} left out`} (${(report.durationMs / 1000).toFixed(1)} s)`,
    unfinished,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function counted(count: number, what: "mailbox"): string {
  return `${count} ${count === 1 ? what : `${what}es`}`;
}
