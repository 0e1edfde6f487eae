/** `Subscribe`. */
import type { EwsCall } from "../call.ts";
import { requireFolder } from "../folders/folder-references.ts";
import { openSubscription, readWatermark, writeWatermark } from "../notifications/subscriptions.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { respondEach } from "../soap/response-message.ts";
import { child, childText, type XmlElement } from "../soap/xml-reader.ts";
import { text } from "../soap/xml-writer.ts";

/**
 * Opens a subscription: one that is asked for what happened, or one that a connection tells.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/subscribe-operation
 */
export function subscribe(call: EwsCall): string {
  return respondEach("SubscribeResponseMessage", call.body.children, (request) => {
    const { owner } = call;
    const folders = readFolders(call, request);
    const eventTypes = new Set((child(request, "EventTypes")?.children ?? []).map((type) => type.text));
    if (request.name === "StreamingSubscriptionRequest")
      return text("m:SubscriptionId", openSubscription(call, { kind: "streaming", folders, eventTypes }).id);
    const watermark = childText(request, "Watermark");
    const sequence = watermark === undefined ? owner.mailbox.sequence : readWatermark(watermark, owner.id);
    const { id } = openSubscription(call, {
      kind: "pull",
      folders,
      eventTypes,
      timeoutMinutes: Number(childText(request, "Timeout")),
    });
    return text("m:SubscriptionId", id) + text("m:Watermark", writeWatermark(owner.id, sequence));
  });
}

/** Folders, or all of them: one of the two must be said. */
function readFolders(call: EwsCall, request: XmlElement): ReadonlySet<number> | undefined {
  const takesAll = /^(true|1)$/.test(request.attributes.get("SubscribeToAllFolders")?.trim() ?? "");
  const references = child(request, "FolderIds")?.children;
  if (takesAll !== (references === undefined)) throw new EwsFault("ErrorInvalidSubscriptionRequest");
  if (references === undefined) return undefined;
  return new Set(references.map((reference) => requireFolder(call, reference).node.number));
}
