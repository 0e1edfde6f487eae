/** `FindFolder`. */
import type { EwsCall } from "../call.ts";
import { requireFolder } from "../folders/folder-references.ts";
import { readFolderRestriction } from "../folders/folder-restriction.ts";
import { readFolderShape, writeFolder } from "../folders/folder-shape.ts";
import { listBelow } from "../folders/folder-tree.ts";
import { cutPage } from "../paging.ts";
import { respondEach } from "../soap/response-message.ts";
import { child } from "../soap/xml-reader.ts";
import { element } from "../soap/xml-writer.ts";
import { findCountLimit } from "../switches.ts";

/**
 * Finds folders below others.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/findfolder-operation
 */
export function findFolder(call: EwsCall): string {
  const { body, context } = call;
  const traversal = body.attributes.get("Traversal");
  const view = child(body, "IndexedPageFolderView") ?? child(body, "FractionalPageFolderView");
  return respondEach(
    "FindFolderResponseMessage",
    child(body, "ParentFolderIds")?.children ?? [],
    (reference) => {
      const shape = readFolderShape(child(body, "FolderShape"), call.version);
      const matches = readFolderRestriction(child(body, "Restriction"));
      const { owner, node } = requireFolder(call, reference);
      // Nothing that was deleted is kept.
      const below = traversal === "SoftDeleted" ? [] : listBelow(owner.mailbox, node, traversal === "Deep");
      const page = cutPage(below.filter(matches), view, findCountLimit(context));
      const folders = page.items.map((found) => writeFolder({ owner, node: found }, shape));
      return element("m:RootFolder", element("t:Folders", folders.join("")), page.attributes);
    },
  );
}
