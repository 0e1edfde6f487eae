/** The guard against a source that lost most of its events without being empty. */
import { NightlatchError } from "@nightlatch/credential";
import { SYNC_ERRORS } from "./errors.ts";
import type { DeleteLimitOptions, DeleteLimits, DeleteRefusal, MailboxPlan, Plan } from "./plan.ts";

/** More than ten deletions that are also more than a fifth of what is there. */
export const DEFAULT_DELETE_LIMITS: DeleteLimits = {
  maxDeletes: 10,
  maxDeleteShare: 0.2,
  allowDeletes: false,
};

/**
 * Finds the limits that a plan passes.
 *
 * Only events that are no longer in the timetable count: taking away the second copy of an event loses nothing.
 *
 * @param mailboxes - plans of mailboxes
 * @param limits - limits
 * @returns one refusal per mailbox that passes them, and one without a mailbox when the run does
 */
export function findRefusals(
  mailboxes: readonly MailboxPlan[],
  limits: DeleteLimits,
): readonly DeleteRefusal[] {
  if (limits.allowDeletes) return [];
  const isOver = ({ deleteCount, managedCount }: DeleteRefusal) =>
    deleteCount > limits.maxDeletes && deleteCount > limits.maxDeleteShare * managedCount;
  const perMailbox: DeleteRefusal[] = mailboxes.map((plan) => ({
    mailbox: plan.mailbox,
    deleteCount: plan.deletes.filter((action) => action.reason === "no longer in the timetable").length,
    managedCount: plan.managedCount,
  }));
  const run: DeleteRefusal = {
    deleteCount: perMailbox.reduce((sum, { deleteCount }) => sum + deleteCount, 0),
    managedCount: perMailbox.reduce((sum, { managedCount }) => sum + managedCount, 0),
  };
  return [...perMailbox, run].filter(isOver);
}

/**
 * Refuses a plan that deletes more than its limits allow.
 *
 * The limits are checked against what the plan would do, not against what it says of itself.
 *
 * @param plan - plan
 * @param overrides - limits to use in place of the plan's
 * @throws {NightlatchError} `SYNC_TOO_MANY_DELETES`, with the mailboxes and numbers in `details.refusals`
 */
export function checkDeleteLimits(plan: Plan, overrides: DeleteLimitOptions = {}): void {
  const limits = { ...plan.limits, ...definedMembers(overrides) };
  const refusals = findRefusals(plan.mailboxes, limits);
  const [first] = refusals;
  if (first === undefined) return;
  const where = first.mailbox === undefined ? "the whole run" : `mailbox "${first.mailbox}"`;
  const others = refusals.length === 1 ? "" : `, and ${refusals.length - 1} more limits are passed`;
  throw new NightlatchError(
    SYNC_ERRORS,
    "SYNC_TOO_MANY_DELETES",
    `Cannot apply the plan of "${plan.source.name}": it would delete ${first.deleteCount} of ${first.managedCount} events of ${where}, at most ${limits.maxDeletes} or ${limits.maxDeleteShare * 100} % are allowed${others}`,
    { details: { refusals, limits, sourceTag: plan.source.tag } },
  );
}

/**
 * Leaves out members that are `undefined`, so that they do not hide defaults.
 *
 * @param members - options as a caller passed them
 * @returns those that have a value
 */
export function definedMembers<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
