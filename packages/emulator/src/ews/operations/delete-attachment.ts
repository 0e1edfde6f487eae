/** `DeleteAttachment`. */
import { requireAttachment } from "../attachments/attachment-ids.ts";
import { keepAttachments } from "../attachments/file-attachments.ts";
import type { EwsCall } from "../call.ts";
import { itemIdAttributes } from "../items/item-references.ts";
import { respondEach } from "../soap/response-message.ts";
import { child } from "../soap/xml-reader.ts";
import { element } from "../soap/xml-writer.ts";

/**
 * Takes files away from their items.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/deleteattachment-operation
 */
export function deleteAttachment(call: EwsCall): string {
  return respondEach(
    "DeleteAttachmentResponseMessage",
    child(call.body, "AttachmentIds")?.children ?? [],
    (reference) => {
      const { item, attachment } = requireAttachment(call, reference);
      const before = item.instance.event.extras?.attachments ?? [];
      const changed = keepAttachments(
        call,
        item,
        before.filter((other) => other !== attachment),
      );
      const { Id, ChangeKey } = itemIdAttributes(item.owner, changed);
      return element("m:RootItemId", "", { RootItemId: Id, RootItemChangeKey: ChangeKey });
    },
  );
}
