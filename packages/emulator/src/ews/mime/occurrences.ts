/** What iCalendar says of single occurrences, put into a series that was just made. */
import { DAY_MS } from "../../mailbox/civil-days.ts";
import type { StoredEvent } from "../../mailbox/event.ts";
import { deleteEvent, findInstance, updateOccurrence } from "../../mailbox/events.ts";
import { resolveZone, toWallMs } from "../../mailbox/zones.ts";
import type { EwsCall, MailboxOwner } from "../call.ts";
import { makeChanges } from "../items/item-changes.ts";
import { emptyDraft } from "../items/item-draft.ts";
import { readMember } from "../items/item-reader.ts";
import type { MimeItem } from "./calendar-reader.ts";

/**
 * Deletes and changes occurrences. Times at which the series has none are passed over.
 *
 * @param call - the request
 * @param owner - whose series
 * @param event - the series
 * @param item - what iCalendar said
 */
export function applyOccurrences(
  call: EwsCall,
  { mailbox }: MailboxOwner,
  { number, series }: StoredEvent,
  { deletedMs, exceptions }: MimeItem,
): void {
  if (series === undefined) return;
  const nowMs = call.context.clock.nowMs();
  const ianaZone = resolveZone(series.zone) ?? "UTC";
  const dayOf = (instantMs: number): number => Math.floor(toWallMs(instantMs, ianaZone) / DAY_MS);
  for (const instantMs of deletedMs) deleteEvent(mailbox, number, dayOf(instantMs), nowMs);
  for (const { originalMs, members } of exceptions) {
    const day = dayOf(originalMs);
    const occurrence = findInstance(mailbox, number, day);
    if (occurrence === undefined) continue;
    const draft = emptyDraft(call);
    for (const member of members) readMember(draft, member);
    const { startMs, endMs, event } = occurrence;
    const { changes } = makeChanges(draft, { ...event, startMs, endMs }, true);
    updateOccurrence(mailbox, number, day, changes, nowMs);
  }
}
