/** Changes of a mailbox since a point of its sequence: what delta queries, folder synchronisation and notifications read. */
import type { StoredEvent } from "./event.ts";
import type { Mailbox, Tombstone } from "./mailbox.ts";

/** What changed. */
export interface MailboxChanges {
  /** Single events and series masters that are new or changed, oldest change first. */
  readonly changed: readonly StoredEvent[];
  /** Those that are gone (or left the folder), oldest first. */
  readonly deleted: readonly Tombstone[];
  /** Point up to which this list is complete. */
  readonly sequence: number;
}

/**
 * Lists what changed.
 *
 * @param mailbox - whose changes
 * @param since - sequence number up to which the caller knows everything; 0 for the beginning
 * @param folder - number of the folder; all folders when absent
 * @returns the changes, or `tooOld` when they are no longer known (or `since` was never reached here)
 */
export function listChanges(
  mailbox: Mailbox,
  since: number,
  folder?: number | undefined,
): MailboxChanges | "tooOld" {
  if (since > mailbox.sequence || (since > 0 && since < mailbox.forgottenUntil)) return "tooOld";
  const isWanted = (item: { readonly folder: number }): boolean =>
    folder === undefined || item.folder === folder;
  const changed = [...mailbox.events.values()]
    .filter((event) => event.changedAtSequence > since && isWanted(event))
    .sort((left, right) => left.changedAtSequence - right.changedAtSequence);
  const deleted = mailbox.tombstones.filter((tombstone) => tombstone.sequence > since && isWanted(tombstone));
  return { changed, deleted, sequence: mailbox.sequence };
}
