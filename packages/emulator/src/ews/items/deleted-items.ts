/**
 * What was deleted over Exchange Web Services and may still be looked at: Deleted Items, and the recoverable items
 * behind it. They lie beside the mailbox, so that no calendar, no free/busy time and no notification sees them; the
 * last ones are kept, and a restart or the restoring of a snapshot forgets them.
 */
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
 * Keeps an item that is about to be deleted, under a new id.
 *
 * @param mailbox - where the item lies
 * @param number - of the item
 * @param folder - number of the folder that it goes to
 */
export function keepDeleted(mailbox: Mailbox, number: number, folder: number): void {
  const event = mailbox.events.get(number);
  if (event === undefined) return;
  const store = deletedItemsOf(mailbox);
  const sequence = nextSequence(store);
  store.lastNumber = nextNumber(mailbox);
  store.events.set(store.lastNumber, {
    ...event,
    number: store.lastNumber,
    folder,
    createdAtSequence: sequence,
    changedAtSequence: sequence,
    uid: event.uid ?? encodeICalUId(mailbox.ownerId, { number, day: undefined }, event.createdAtMs),
  });
  if (store.events.size <= KEPT_ITEMS) return;
  const [oldest] = store.events.keys();
  if (oldest !== undefined) store.events.delete(oldest);
}
