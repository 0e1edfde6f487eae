/**
 * What was moved and copied: the store knows only that one item came and another went. The last transfers of each
 * mailbox are kept for those who subscribed; an older one is seen as a creation and a deletion.
 */
import { type Mailbox, nextSequence } from "../../mailbox/mailbox.ts";

const KEPT_TRANSFERS = 1_000;
const logs = new WeakMap<Mailbox, Transfer[]>();

/** Where an item lies, or lay. */
export interface Place {
  /** Number of the item. */
  readonly number: number;
  /** Number of the folder. */
  readonly folder: number;
}

/** An item that was moved or copied. */
export interface Transfer {
  readonly kind: "MovedEvent" | "CopiedEvent";
  /** A number of its own among the changes of the mailbox, behind those that it consists of. */
  readonly sequence: number;
  readonly from: Origin;
  readonly to: Place;
}

/** Where an item lay. */
export interface Origin extends Place {
  /** Number of the change that made it; `undefined` for what lay in Deleted Items. */
  readonly createdAtSequence: number | undefined;
}

/**
 * Remembers a transfer that has just been made.
 *
 * @param mailbox - whose item
 * @param kind - as the event is called
 * @param from - where the item lay
 * @param to - where it lies, or its copy
 */
export function logTransfer(mailbox: Mailbox, kind: Transfer["kind"], from: Origin, to: Place): void {
  const log = logs.get(mailbox) ?? [];
  logs.set(mailbox, log);
  log.push({ kind, sequence: nextSequence(mailbox), from, to });
  if (log.length > KEPT_TRANSFERS) log.shift();
}

/**
 * Lists transfers.
 *
 * @param mailbox - whose items
 * @param since - number of the change up to which the caller knows everything
 * @returns those behind it, oldest first
 */
export function listTransfers(mailbox: Mailbox, since: number): readonly Transfer[] {
  return (logs.get(mailbox) ?? []).filter(({ sequence }) => sequence > since);
}
