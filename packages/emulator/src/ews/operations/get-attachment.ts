/** `GetAttachment`. */
import { requireAttachment } from "../attachments/attachment-ids.ts";
import { writeFileAttachment } from "../attachments/file-attachments.ts";
import type { EwsCall } from "../call.ts";
import { respondEach } from "../soap/response-message.ts";
import { child } from "../soap/xml-reader.ts";
import { element } from "../soap/xml-writer.ts";

/**
 * Gives files with their content.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/getattachment-operation
 */
export function getAttachment(call: EwsCall): string {
  return respondEach(
    "GetAttachmentResponseMessage",
    child(call.body, "AttachmentIds")?.children ?? [],
    (reference) => {
      const { item, attachment } = requireAttachment(call, reference);
      const { owner, instance } = item;
      return element("m:Attachments", writeFileAttachment({ call, owner, instance, attachment }, true));
    },
    "<m:Attachments/>",
  );
}
