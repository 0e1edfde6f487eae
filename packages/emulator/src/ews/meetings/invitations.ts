/** Invitations and cancellations of what is written over Exchange Web Services, into the mailboxes of those invited. */
import type { Group, Tenant } from "../../directory/directory.ts";
import type { StoredEvent } from "../../mailbox/event.ts";
import { DISTINGUISHED_PROPERTY_SETS, propertyKey } from "../../mailbox/extended-properties.ts";
import { createMailbox, type Mailbox } from "../../mailbox/mailbox.ts";
import {
  type MeetingContext,
  type Participant,
  sendCancellations,
  sendInvitations,
} from "../../mailbox/meetings.ts";
import type { EwsCall, MailboxOwner } from "../call.ts";
import { findByAddress } from "../recipients.ts";

/** MAPI's `PidLidFInvited`: false at a meeting that was saved without telling those who are invited. */
export const WAS_INVITED = propertyKey({
  propertySetId: DISTINGUISHED_PROPERTY_SETS["Appointment"],
  name: undefined,
  id: 0x8229,
  type: "Boolean",
});

/**
 * Gives what actions on meetings need.
 *
 * @param call - the request
 * @returns clock and directory
 */
export function meetingContext(call: EwsCall): MeetingContext {
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
export function participantOf({ id, address, displayName, mailbox }: MailboxOwner): Participant {
  return { id, address, name: displayName, mailbox, answers: "byHand" };
}

/**
 * Tells those who are invited what the organiser wrote.
 *
 * @param call - the request
 * @param owner - whose event
 * @param number - of the event
 * @param options - the event before the change, and `SendMeetingInvitations` or the longer attribute of an update
 */
export function invite(
  call: EwsCall,
  owner: MailboxOwner,
  number: number,
  { before, mode }: { readonly before: StoredEvent | undefined; readonly mode: string },
): void {
  if (mode === "SendToNone") return;
  const context = meetingContext(call);
  const unchanged = /^Send(Only)?ToChanged/.test(mode)
    ? unchangedAddresses(before, owner.mailbox.events.get(number))
    : new Set<string>();
  const find: MeetingContext["find"] = (address) =>
    unchanged.has(address.toLowerCase()) ? undefined : context.find(address);
  sendInvitations(participantOf(owner), number, before, { ...context, find });
}

/**
 * Tells those who are invited that a meeting, or one occurrence of it, does not take place.
 *
 * @param call - the request
 * @param owner - whose event
 * @param before - the event as it was
 * @param options - civil day of the occurrence, and `SendMeetingCancellations`
 */
export function cancelInvitations(
  call: EwsCall,
  owner: MailboxOwner,
  before: StoredEvent,
  { day, mode }: { readonly day: number | undefined; readonly mode: string },
): void {
  if (mode !== "SendToNone") sendCancellations(participantOf(owner), before, day, meetingContext(call));
}

function unchangedAddresses(before: StoredEvent | undefined, after: StoredEvent | undefined): Set<string> {
  const addresses = (event: StoredEvent | undefined): string[] =>
    (event?.extras?.attendees ?? []).map(({ address }) => address.toLowerCase());
  const known = new Set(addresses(before));
  return new Set(addresses(after).filter((address) => known.has(address)));
}

function findParticipant(tenant: Tenant, address: string): Participant | undefined {
  const user = findByAddress(tenant, address);
  if (user?.mailbox !== undefined) {
    const answers = user.place === undefined ? "byHand" : "whenFree";
    return { id: user.id, address, name: user.displayName, mailbox: user.mailbox, answers };
  }
  const wanted = address.toLowerCase();
  const group = [...tenant.groups.values()].find(
    ({ mail, deletedAtMs }) => mail?.toLowerCase() === wanted && deletedAtMs === undefined,
  ) as (Group & { mailbox?: Mailbox }) | undefined;
  if (group?.groupTypes.includes("Unified") !== true) return undefined;
  group.mailbox ??= createMailbox(group.id);
  return { id: group.id, address, name: group.displayName, mailbox: group.mailbox, answers: "always" };
}
