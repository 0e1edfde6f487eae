/** Options that planning and applying share. */
import type { GraphDirectory } from "@nightlatch/calendar";
import { isNightlatchError } from "@nightlatch/credential";
import type { PlanSyncOptions } from "@nightlatch/sync";
import type { WingOptions } from "./calendar-wing.ts";
import type { Context, OptionSpec } from "./command.ts";
import { collect, mailbox, wholeNumber } from "./parse.ts";
import type { TimetableOptions } from "./timetable-input.ts";

/** Options of `sync plan` and `sync apply`. */
export interface SyncOptions extends Omit<TimetableOptions, "mailbox">, WingOptions {
  readonly mailbox?: string;
  readonly maxDeletes?: number;
  readonly allowDeletes?: boolean;
  readonly expandGroups?: boolean;
  readonly also?: readonly string[];
}

export const syncOptions: readonly OptionSpec[] = [
  {
    flags: "--also <address>",
    description: "mailbox to keep in line although the timetable no longer names it; repeat it",
    parse: (text, previous) => collect(mailbox("--also")(text), previous),
  },
  {
    flags: "--max-deletes <number>",
    description:
      "deletions that are taken for normal, 10 when absent; more than that, and more than a fifth of all, is refused",
    parse: wholeNumber("--max-deletes", 0, 1_000_000),
  },
  { flags: "--allow-deletes", description: "any number of deletions is meant" },
  { flags: "--expand-groups", description: "write the entries of a group into its members' own calendars" },
];

/**
 * Turns options into those of the planner.
 *
 * @param options - as parsed
 * @param directory - looks up the members of groups
 * @param context - the command's surroundings
 * @returns options of `planSync`
 */
export function planOptionsFrom(
  options: Omit<SyncOptions, "timetable">,
  directory: GraphDirectory,
  context: Context,
): PlanSyncOptions {
  return {
    maxDeletes: options.maxDeletes,
    allowDeletes: options.allowDeletes,
    mailboxes: options.also,
    ...(options.expandGroups === true ? { expandGroup: expanderOf(directory, context) } : {}),
    signal: context.signal,
    now: context.now,
  };
}

/** An address that is no group keeps its entries; a group gives its members that have a mailbox. */
function expanderOf(
  directory: GraphDirectory,
  context: Context,
): NonNullable<PlanSyncOptions["expandGroup"]> {
  return async (address) => {
    const mailboxes: string[] = [];
    try {
      for await (const member of directory.listGroupMembers(address, { signal: context.signal }))
        if (member.mailboxAddress !== undefined) mailboxes.push(member.mailboxAddress);
    } catch (error) {
      if (isNightlatchError(error) && error.code === "CALENDAR_GROUP_NOT_FOUND") return undefined;
      throw error;
    }
    return mailboxes;
  };
}
