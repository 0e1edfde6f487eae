/**
 * Groups: what the timetable says of a group goes into the calendars of its members, because an application
 * cannot write the calendar of a group.
 */
import { forEachLimited } from "./concurrency.ts";
import { isSignInRefused } from "./error-record.ts";
import { parseMailbox } from "./mailbox-address.ts";
import type { MailboxPlan } from "./plan.ts";
import { failedPlan } from "./plan-mailbox.ts";
import type { Timetable, TimetableEntry } from "./timetable.ts";

/**
 * Gives the members of a group as mailboxes.
 *
 * Asked once for every address of the timetable; `undefined` means that the address is no group.
 */
export type ExpandGroup = (
  mailbox: string,
  options: { readonly signal?: AbortSignal | undefined },
) => Promise<readonly string[] | undefined>;

/** How groups are expanded. */
interface SpreadOptions {
  readonly expandGroup?: ExpandGroup | undefined;
  readonly mailboxConcurrency?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Entries by mailbox, groups replaced by their members. */
export interface SpreadEntries {
  readonly entries: Map<string, readonly TimetableEntry[]>;
  /** Groups whose members could not be found out. */
  readonly failed: readonly MailboxPlan[];
  /** Keys of those groups: who holds their events is unknown, so none of them is deleted anywhere. */
  readonly heldKeys: ReadonlySet<string>;
}

/**
 * Spreads the entries of groups over their members.
 *
 * @param timetable - timetable
 * @param options - how to find members; without it every address is a mailbox
 * @returns entries by mailbox
 * @throws a refusal of the sign-in, and the reason of `signal`
 */
export async function spreadGroups(timetable: Timetable, options: SpreadOptions): Promise<SpreadEntries> {
  const byMailbox = new Map<string, Map<string, TimetableEntry>>();
  const failed: MailboxPlan[] = [];
  const heldKeys = new Set<string>();
  const add = (mailbox: string, entry: TimetableEntry) => {
    const entries = byMailbox.get(mailbox) ?? new Map<string, TimetableEntry>();
    byMailbox.set(mailbox, entries);
    // Somebody who is invited twice, in person and as a member, attends once.
    if (!entries.has(entry.key)) entries.set(entry.key, { ...entry, mailbox });
  };
  const membersOf = new Map<string, readonly string[]>();
  await forEachLimited(timetable.mailboxes, options.mailboxConcurrency ?? 8, async (mailbox) => {
    try {
      membersOf.set(mailbox, (await expand(mailbox, options)) ?? [mailbox]);
    } catch (error) {
      if (options.signal?.aborted === true || isSignInRefused(error)) throw error;
      failed.push(failedPlan(mailbox, error));
    }
  });
  for (const entry of timetable.entries) {
    const members = membersOf.get(entry.mailbox);
    if (members === undefined) heldKeys.add(entry.key);
    for (const member of members ?? []) add(member, entry);
  }
  const entries = new Map<string, readonly TimetableEntry[]>();
  for (const [mailbox, byKey] of byMailbox) entries.set(mailbox, [...byKey.values()]);
  return { entries, failed, heldKeys };
}

async function expand(mailbox: string, options: SpreadOptions): Promise<readonly string[] | undefined> {
  options.signal?.throwIfAborted();
  const members = await options.expandGroup?.(mailbox, { signal: options.signal });
  return members?.map((member) => {
    const address = parseMailbox(member);
    if (address === undefined) throw new RangeError(`Member "${member}" of "${mailbox}" is no mail address`);
    return address;
  });
}
