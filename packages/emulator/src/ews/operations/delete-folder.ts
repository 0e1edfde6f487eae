/** `DeleteFolder`. */
import { deleteFolder as dropFolder } from "../../mailbox/folders.ts";
import type { EwsCall } from "../call.ts";
import { requireFolder } from "../folders/folder-references.ts";
import { listBelow } from "../folders/folder-tree.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { respondEach } from "../soap/response-message.ts";
import { child } from "../soap/xml-reader.ts";

/**
 * Deletes folders with all that is in and below them.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/deletefolder-operation
 */
export function deleteFolder(call: EwsCall): string {
  return respondEach(
    "DeleteFolderResponseMessage",
    child(call.body, "FolderIds")?.children ?? [],
    (reference) => {
      const { owner, node } = requireFolder(call, reference);
      if (node.distinguishedName !== undefined) throw new EwsFault("ErrorDeleteDistinguishedFolder");
      const nowMs = call.context.clock.nowMs();
      for (const below of listBelow(owner.mailbox, node, true))
        dropFolder(owner.mailbox, below.number, nowMs);
      dropFolder(owner.mailbox, node.number, nowMs);
      return "";
    },
  );
}
