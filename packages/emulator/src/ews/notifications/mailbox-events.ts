/**
 * What happened in a mailbox, as subscribers are told. The store keeps the last change of each item only: what was made
 * and then changed since is told as made, what changed twice is told once.
 */
import { listChanges } from "../../mailbox/changes.ts";
import type { MailboxOwner } from "../call.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import type { Subscription } from "./subscriptions.ts";
import { listTransfers, type Place } from "./transfer-log.ts";

/** An event. */
export interface MailboxEvent {
  readonly kind: "CreatedEvent" | "ModifiedEvent" | "DeletedEvent" | "MovedEvent" | "CopiedEvent";
  readonly sequence: number;
  /** Milliseconds since 1970 UTC; `undefined` where nobody noted it. */
  readonly atMs: number | undefined;
  readonly place: Place;
  /** Where it was before, or of what it is a copy. */
  readonly from: Place | undefined;
}

/**
 * Lists events.
 *
 * @param owner - whose mailbox
 * @param subscription - folders and kinds
 * @param since - number of the change up to which the caller knows everything
 * @returns events, oldest first
 * @throws {EwsFault} ErrorEventNotFound when so old a watermark is no longer known
 */
export function listMailboxEvents(
  { mailbox }: MailboxOwner,
  subscription: Subscription,
  since: number,
): readonly MailboxEvent[] {
  const changes = listChanges(mailbox, since);
  if (changes === "tooOld") throw new EwsFault("ErrorEventNotFound");
  const transfers = listTransfers(mailbox, since);
  const arrived = new Set(transfers.map(({ to }) => to.number));
  const left = new Set(transfers.flatMap(({ kind, from }) => (kind === "MovedEvent" ? [from.number] : [])));
  const events: MailboxEvent[] = transfers.map(({ kind, sequence, from, to }) => ({
    kind,
    sequence,
    atMs: undefined,
    place: to,
    from,
  }));
  // What was made and moved since is not where it was made, but the caller must know of what it is told to have moved.
  for (const { kind, from } of transfers)
    if (kind === "MovedEvent" && (from.createdAtSequence ?? 0) > since && !arrived.has(from.number))
      events.push({
        kind: "CreatedEvent",
        sequence: from.createdAtSequence ?? 0,
        atMs: undefined,
        place: from,
        from: undefined,
      });
  for (const { number, folder, createdAtSequence, changedAtSequence, modifiedAtMs } of changes.changed) {
    const isNew = createdAtSequence > since;
    if (isNew && arrived.has(number)) continue;
    events.push({
      kind: isNew ? "CreatedEvent" : "ModifiedEvent",
      sequence: changedAtSequence,
      atMs: modifiedAtMs,
      place: { number, folder },
      from: undefined,
    });
  }
  for (const { sequence, number, folder } of changes.deleted)
    if (!left.has(number))
      events.push({
        kind: "DeletedEvent",
        sequence,
        atMs: undefined,
        place: { number, folder },
        from: undefined,
      });
  return events
    .filter((event) => isWanted(subscription, event))
    .sort((left, right) => left.sequence - right.sequence);
}

function isWanted({ folders, eventTypes }: Subscription, { kind, place, from }: MailboxEvent): boolean {
  if (!eventTypes.has(kind) && !eventTypes.has("FreeBusyChangedEvent")) return false;
  return (
    folders === undefined || folders.has(place.folder) || (from !== undefined && folders.has(from.folder))
  );
}
