/** `EmptyFolder`. */
import { deleteFolder } from "../../mailbox/folders.ts";
import type { EwsCall } from "../call.ts";
import { requireFolder } from "../folders/folder-references.ts";
import { listBelow } from "../folders/folder-tree.ts";
import { deletedItemsOf } from "../items/deleted-items.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { respondEach } from "../soap/response-message.ts";
import { child } from "../soap/xml-reader.ts";

/** What lies below these is not the caller's to delete. */
const ROOTS = new Set(["root", "msgfolderroot"]);

/**
 * Empties folders. Calendars are never emptied; what is emptied is gone for good.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/emptyfolder-operation
 */
export function emptyFolder(call: EwsCall): string {
  const isDeep = /^(true|1)$/.test(call.body.attributes.get("DeleteSubFolders")?.trim() ?? "");
  return respondEach(
    "EmptyFolderResponseMessage",
    child(call.body, "FolderIds")?.children ?? [],
    (reference) => {
      const { owner, node } = requireFolder(call, reference);
      if (node.isCalendar || (isDeep && ROOTS.has(node.distinguishedName ?? "")))
        throw new EwsFault("ErrorCannotEmptyFolder");
      const { events } = deletedItemsOf(owner.mailbox);
      for (const event of events.values()) if (event.folder === node.number) events.delete(event.number);
      if (isDeep)
        for (const below of listBelow(owner.mailbox, node, true))
          if (below.isCalendar) deleteFolder(owner.mailbox, below.number, call.context.clock.nowMs());
      return "";
    },
  );
}
