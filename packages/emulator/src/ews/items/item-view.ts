/** An item on its way into an answer: the item, whose it is, and how the caller wants to see it. */
import type { EventInstance, StoredEvent } from "../../mailbox/event.ts";
import { encodeICalUId } from "../../mailbox/item-ids.ts";
import type { EwsCall, MailboxOwner } from "../call.ts";
import type { BodyWish } from "./item-body.ts";

/** An item with what its properties depend on. */
export interface ItemView {
  readonly call: EwsCall;
  readonly owner: MailboxOwner;
  readonly instance: EventInstance;
  readonly bodyWish: BodyWish;
  /** Whether zones bear their rules, or their names only. */
  readonly hasZoneRules: boolean;
}

/**
 * Gives the iCalendar UID of an item: what its maker chose, or what Exchange makes. A series shares one.
 *
 * @param owner - whose item
 * @param event - the item
 * @returns UID
 */
export function uidOf(owner: MailboxOwner, event: StoredEvent): string {
  return event.uid ?? encodeICalUId(owner.id, { number: event.number, day: undefined }, event.createdAtMs);
}
