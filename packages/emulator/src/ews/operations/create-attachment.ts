/** `CreateAttachment`. */
import { keepAttachments, readFileAttachment, writeAttachedId } from "../attachments/file-attachments.ts";
import type { EwsCall } from "../call.ts";
import { requireItem } from "../items/item-references.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { respondEach } from "../soap/response-message.ts";
import { child } from "../soap/xml-reader.ts";
import { element } from "../soap/xml-writer.ts";

/**
 * Attaches files to a calendar item. Those who were invited learn of them with the next update that is sent.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/createattachment-operation
 */
export function createAttachment(call: EwsCall): string {
  const parent = child(call.body, "ParentItemId");
  return respondEach(
    "CreateAttachmentResponseMessage",
    child(call.body, "Attachments")?.children ?? [],
    (sent) => {
      if (parent === undefined) throw new EwsFault("ErrorItemNotFound");
      const item = requireItem(call, parent);
      const attachment = readFileAttachment(call, sent);
      const before = item.instance.event.extras?.attachments ?? [];
      const instance = keepAttachments(call, item, [...before, attachment]);
      return element("m:Attachments", writeAttachedId({ call, owner: item.owner, instance, attachment }));
    },
    "<m:Attachments/>",
  );
}
