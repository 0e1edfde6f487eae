/** `GetEvents`. */
import { encodeChangeKey, encodeFolderId, encodeItemId } from "../../mailbox/item-ids.ts";
import type { EwsCall } from "../call.ts";
import { findNode, folderIdAttributes } from "../folders/folder-tree.ts";
import { toEwsId } from "../items/item-references.ts";
import { listMailboxEvents, type MailboxEvent } from "../notifications/mailbox-events.ts";
import {
  readWatermark,
  requireSubscription,
  type Subscription,
  writeWatermark,
} from "../notifications/subscriptions.ts";
import type { Place } from "../notifications/transfer-log.ts";
import { respondEach } from "../soap/response-message.ts";
import { childText } from "../soap/xml-reader.ts";
import { type Attributes, element, text } from "../soap/xml-writer.ts";
import { formatInstant } from "../zones/instants.ts";

/** Most changes of one answer; the next one goes on from its last watermark. */
const MOST_CHANGES = 50;

/**
 * Tells what happened since a watermark.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/getevents-operation
 */
export function getEvents(call: EwsCall): string {
  return respondEach("GetEventsResponseMessage", [call.body], (body) => {
    const subscription = requireSubscription(call, childText(body, "SubscriptionId") ?? "");
    const previous = childText(body, "Watermark") ?? "";
    const since = readWatermark(previous, call.owner.id);
    const events = listMailboxEvents(call.owner, subscription, since);
    const page = events.slice(0, MOST_CHANGES);
    const watermark = writeWatermark(call.owner.id, call.owner.mailbox.sequence);
    const written = page.map((event) => writeEvent(call, subscription, event));
    return element(
      "m:Notification",
      text("t:SubscriptionId", subscription.id) +
        text("t:PreviousWatermark", previous) +
        text("t:MoreEvents", page.length < events.length) +
        (written.join("") || element("t:StatusEvent", text("t:Watermark", watermark))),
    );
  });
}

/** What changes a calendar changes when its owner is free. */
function writeEvent(call: EwsCall, { eventTypes }: Subscription, event: MailboxEvent): string {
  const { kind, sequence, atMs, place, from } = event;
  const common =
    text("t:Watermark", writeWatermark(call.owner.id, sequence)) +
    text("t:TimeStamp", formatInstant(atMs ?? call.context.clock.nowMs(), call.ianaZone)) +
    writePlace(call, place, "");
  const own = eventTypes.has(kind)
    ? element(`t:${kind}`, common + (from === undefined ? "" : writePlace(call, from, "Old")))
    : "";
  return own + (eventTypes.has("FreeBusyChangedEvent") ? element("t:FreeBusyChangedEvent", common) : "");
}

function writePlace({ owner }: EwsCall, { number, folder }: Place, prefix: "" | "Old"): string {
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
