/**
 * What was deleted over Exchange Web Services and may still be looked at: Deleted Items, and the recoverable items
 * behind it. They lie beside the mailbox, so that no calendar, no free/busy time and no notification sees them; the
 * last ones are kept, and a restart or the restoring of a snapshot forgets them.
 */
import type { StoredEvent } from "../../mailbox/event.ts";
import { encodeICalUId } from "../../mailbox/item-ids.ts";
import { createMailbox, type Mailbox, nextNumber, nextSequence } from "../../mailbox/mailbox.ts";
import type { FolderNode } from "../folders/folder-tree.ts";

const KEPT_ITEMS = 500;
const stores = new WeakMap<Mailbox, Mailbox>();

/**
 * Gives the store of what was deleted from a mailbox.
 *
 * @param mailbox - whose items
 * @returns a store whose items have numbers of their own, none of them in use in the mailbox
 */
export function deletedItemsOf(mailbox: Mailbox): Mailbox {
  const known = stores.get(mailbox);
  if (known !== undefined) return known;
  const store = createMailbox(mailbox.ownerId);
  stores.set(mailbox, store);
  return store;
}

/**
 * Gives the store in which the items of a folder lie.
 *
 * @param mailbox - whose folder
 * @param node - the folder
 * @returns the mailbox for calendars, the store of deleted items for all others
 */
export function storeOf(mailbox: Mailbox, { isCalendar }: FolderNode): Mailbox {
  return isCalendar ? mailbox : deletedItemsOf(mailbox);
}

/**
 * Puts an item into a folder, under a new id; where it lay, nothing changes.
 *
 * @param mailbox - whose folder
 * @param event - the item as it is where it lies
 * @param node - the folder
 * @returns the item, and the store that holds it
 */
export function placeItem(
  mailbox: Mailbox,
  event: StoredEvent,
  node: FolderNode,
): { readonly store: Mailbox; readonly event: StoredEvent } {
  const store = storeOf(mailbox, node);
  const sequence = nextSequence(store);
  const placed: StoredEvent = {
    ...event,
    number: nextNumber(mailbox),
    folder: node.number,
    createdAtSequence: sequence,
    changedAtSequence: sequence,
    uid:
      event.uid ??
      encodeICalUId(mailbox.ownerId, { number: event.number, day: undefined }, event.createdAtMs),
  };
  store.events.set(placed.number, placed);
  if (store === mailbox) return { store, event: placed };
  store.lastNumber = placed.number;
  const [oldest] = store.events.keys();
  if (store.events.size > KEPT_ITEMS && oldest !== undefined) store.events.delete(oldest);
  return { store, event: placed };
}
