/** Who takes part in meetings: users with a mailbox, rooms, and Microsoft 365 groups of the tenant. */
import type { Group, Tenant } from "../../directory/directory.ts";
import { createMailbox, type Mailbox } from "../../mailbox/mailbox.ts";
import type { MeetingContext, Participant } from "../../mailbox/meetings.ts";
import type { GraphCall } from "../call.ts";
import { findGroup, findUser } from "../directory-lookup.ts";
import type { MailboxOwner } from "../mailbox-owner.ts";

/**
 * Gives what actions on meetings need.
 *
 * @param call - the request
 * @returns clock and directory
 */
export function meetingContext(call: GraphCall): MeetingContext {
  return {
    nowMs: call.context.clock.nowMs(),
    find: (address) => findParticipant(call.tenant, address),
  };
}

/**
 * Sees the owner of a mailbox as a participant.
 *
 * @param owner - of the mailbox
 * @returns the participant
 */
export function participantOf(owner: MailboxOwner): Participant {
  const { id, address, displayName, mailbox } = owner;
  return { id, address, name: displayName, mailbox, answers: "byHand" };
}

/**
 * Finds the mailbox behind an address.
 *
 * @param tenant - where to look
 * @param address - SMTP address
 * @returns the participant; `undefined` when the tenant has no such mailbox
 */
function findParticipant(tenant: Tenant, address: string): Participant | undefined {
  const user = findUser(tenant, address);
  if (user?.mailbox !== undefined) {
    const answers = user.place === undefined ? "byHand" : "whenFree";
    return { id: user.id, address, name: user.displayName, mailbox: user.mailbox, answers };
  }
  const group = findGroup(tenant, address) as (Group & { mailbox?: Mailbox }) | undefined;
  if (group?.groupTypes.includes("Unified") !== true) return undefined;
  group.mailbox ??= createMailbox(group.id);
  return { id: group.id, address, name: group.displayName, mailbox: group.mailbox, answers: "always" };
}
