/** Events in the words of the schema. */
import { encodeChangeKey, encodeFolderId, encodeItemId } from "../../mailbox/item-ids.ts";
import type { MailboxOwner } from "../call.ts";
import { findNode, folderIdAttributes } from "../folders/folder-tree.ts";
import { toEwsId } from "../items/item-references.ts";
import { type Attributes, element, text } from "../soap/xml-writer.ts";
import { formatInstant } from "../zones/instants.ts";
import type { MailboxEvent } from "./mailbox-events.ts";
import { type Subscription, writeWatermark } from "./subscriptions.ts";
import type { Place } from "./transfer-log.ts";

/** How events are to be written. */
export interface EventForm {
  readonly owner: MailboxOwner;
  /** Milliseconds since 1970 UTC, for what nobody noted a time of. */
  readonly nowMs: number;
  /** IANA zone of the times. */
  readonly ianaZone: string;
  /** Whether each event bears the watermark to go on from. */
  readonly hasWatermarks: boolean;
}

/**
 * Writes an event. What changes a calendar changes when its owner is free.
 *
 * @param form - whose mailbox, zone, watermarks
 * @param subscription - which kinds of events are wanted
 * @param event - what happened
 * @returns XML of one event or two
 */
export function writeEvent(
  form: EventForm,
  { eventTypes }: Pick<Subscription, "eventTypes">,
  event: MailboxEvent,
): string {
  const { owner, nowMs, ianaZone, hasWatermarks } = form;
  const { kind, sequence, atMs, place, from } = event;
  const common =
    (hasWatermarks ? text("t:Watermark", writeWatermark(owner.id, sequence)) : "") +
    text("t:TimeStamp", formatInstant(atMs ?? nowMs, ianaZone)) +
    writePlace(owner, place, "");
  const own = eventTypes.has(kind)
    ? element(`t:${kind}`, common + (from === undefined ? "" : writePlace(owner, from, "Old")))
    : "";
  return own + (eventTypes.has("FreeBusyChangedEvent") ? element("t:FreeBusyChangedEvent", common) : "");
}

function writePlace(owner: MailboxOwner, { number, folder }: Place, prefix: "" | "Old"): string {
  const node = findNode(owner.mailbox, folder);
  const parent: Attributes =
    node === undefined ? { Id: toEwsId(encodeFolderId(owner.id, folder)) } : folderIdAttributes(owner, node);
  const sequence = owner.mailbox.events.get(number)?.changedAtSequence;
  return (
    element(`t:${prefix}ItemId`, "", {
      Id: toEwsId(encodeItemId(owner.id, { number, day: undefined })),
      ChangeKey: sequence === undefined ? undefined : encodeChangeKey(owner.id, sequence),
    }) + element(`t:${prefix}ParentFolderId`, "", parent)
  );
}
