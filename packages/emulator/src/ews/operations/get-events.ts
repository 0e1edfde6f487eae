/** `GetEvents`. */
import type { EwsCall } from "../call.ts";
import { writeEvent } from "../notifications/event-writer.ts";
import { listMailboxEvents } from "../notifications/mailbox-events.ts";
import { readWatermark, requirePullSubscription, writeWatermark } from "../notifications/subscriptions.ts";
import { respondEach } from "../soap/response-message.ts";
import { childText } from "../soap/xml-reader.ts";
import { element, text } from "../soap/xml-writer.ts";

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
    const { owner, ianaZone } = call;
    const subscription = requirePullSubscription(call, childText(body, "SubscriptionId") ?? "");
    const previous = childText(body, "Watermark") ?? "";
    const since = readWatermark(previous, owner.id);
    const events = listMailboxEvents(owner, subscription, since);
    const page = events.slice(0, MOST_CHANGES);
    const watermark = writeWatermark(owner.id, owner.mailbox.sequence);
    const form = { owner, nowMs: call.context.clock.nowMs(), ianaZone, hasWatermarks: true };
    const written = page.map((event) => writeEvent(form, subscription, event));
    return element(
      "m:Notification",
      text("t:SubscriptionId", subscription.id) +
        text("t:PreviousWatermark", previous) +
        text("t:MoreEvents", page.length < events.length) +
        (written.join("") || element("t:StatusEvent", text("t:Watermark", watermark))),
    );
  });
}
