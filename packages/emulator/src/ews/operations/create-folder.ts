/** `CreateFolder`. */
import { createFolder as storeFolder } from "../../mailbox/folders.ts";
import type { EwsCall } from "../call.ts";
import { type FolderItem, requireTargetFolder } from "../folders/folder-references.ts";
import { findNode, folderIdAttributes, rememberParent } from "../folders/folder-tree.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { respondEach } from "../soap/response-message.ts";
import { child, childText, type XmlElement } from "../soap/xml-reader.ts";
import { element } from "../soap/xml-writer.ts";

/**
 * Makes calendar folders; the emulator keeps no others.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/createfolder-operation
 */
export function createFolder(call: EwsCall): string {
  return respondEach(
    "CreateFolderResponseMessage",
    child(call.body, "Folders")?.children ?? [],
    (folder) => {
      const parent = requireTargetFolder(call, child(call.body, "ParentFolderId"));
      const made = create(call, parent, folder);
      const id = element("t:FolderId", "", folderIdAttributes(made.owner, made.node));
      return element("m:Folders", element("t:CalendarFolder", id));
    },
    "<m:Folders/>",
  );
}

function create(call: EwsCall, { owner, node: parent }: FolderItem, folder: XmlElement): FolderItem {
  const name = childText(folder, "DisplayName") ?? "";
  if (name.trim() === "") throw new EwsFault("ErrorInvalidValueForProperty");
  const isCalendar =
    folder.name === "CalendarFolder" ||
    /^IPF\.Appointment(\.|$)/i.test(childText(folder, "FolderClass") ?? "");
  if (!isCalendar) {
    call.context.note(`miss: EWS folder of class ${childText(folder, "FolderClass") ?? "IPF.Note"}`);
    throw new EwsFault("ErrorInvalidFolderTypeForOperation");
  }
  const made = storeFolder(owner.mailbox, name);
  if (made === "exists") throw new EwsFault("ErrorFolderExists");
  rememberParent(owner.mailbox, made.number, parent.number);
  const node = findNode(owner.mailbox, made.number);
  if (node === undefined) throw new EwsFault("ErrorFolderNotFound");
  return { owner, node };
}
