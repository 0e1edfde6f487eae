/** `UpdateFolder`: calendars get another name; nothing else of a folder can be set. */
import { renameFolder } from "../../mailbox/folders.ts";
import type { EwsCall } from "../call.ts";
import { type FolderItem, requireFolder } from "../folders/folder-references.ts";
import { findNode, folderIdAttributes } from "../folders/folder-tree.ts";
import { repeatPath } from "../items/property-paths.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { respondEach } from "../soap/response-message.ts";
import { child, type XmlElement } from "../soap/xml-reader.ts";
import { element } from "../soap/xml-writer.ts";

/**
 * Changes folders.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/updatefolder-operation
 */
export function updateFolder(call: EwsCall): string {
  return respondEach(
    "UpdateFolderResponseMessage",
    child(call.body, "FolderChanges")?.children ?? [],
    (change) => {
      const [reference] = change.children;
      if (reference === undefined) throw new EwsFault("ErrorFolderNotFound");
      const { owner, node } = requireFolder(call, reference);
      // All is read before anything is changed.
      const names = child(change, "Updates")?.children.map((update) => readName(update, node)) ?? [];
      for (const name of names) if (name !== undefined) rename({ owner, node }, name);
      const changed = findNode(owner.mailbox, node.number) ?? node;
      const id = element("t:FolderId", "", folderIdAttributes(owner, changed));
      return element("m:Folders", element(node.isCalendar ? "t:CalendarFolder" : "t:Folder", id));
    },
    "<m:Folders/>",
  );
}

/** The new name; `undefined` for what is so already. */
function readName(update: XmlElement, node: FolderItem["node"]): string | undefined {
  const [path, holder] = update.children;
  const fieldUri = path?.attributes.get("FieldURI") ?? "";
  const options = { messageXml: path === undefined ? undefined : repeatPath(path) };
  // No folder here has permissions of its own, so they are soon gone.
  if (update.name === "DeleteFolderField" && fieldUri === "folder:PermissionSet") return undefined;
  if (update.name === "DeleteFolderField") throw new EwsFault("ErrorInvalidPropertyDelete", options);
  if (update.name === "AppendToFolderField") throw new EwsFault("ErrorInvalidPropertyAppend", options);
  const [member, ...others] = holder?.children ?? [];
  if (member === undefined || others.length > 0) throw new EwsFault("ErrorIncorrectUpdatePropertyCount");
  if (fieldUri !== `folder:${member.name}`) throw new EwsFault("ErrorUpdatePropertyMismatch");
  if (member.name === "FolderClass" && member.text === node.folderClass) return undefined;
  if (member.name !== "DisplayName") throw new EwsFault("ErrorInvalidPropertySet", options);
  if (member.text.trim() === "") throw new EwsFault("ErrorInvalidValueForProperty");
  return member.text;
}

function rename({ owner: { mailbox }, node }: FolderItem, name: string): void {
  const folder = mailbox.folders.get(node.number);
  const renamed = folder === undefined ? "default" : renameFolder(mailbox, folder, name);
  if (renamed === "exists") throw new EwsFault("ErrorFolderExists");
  if (renamed === "default") throw new EwsFault("ErrorAccessDenied");
}
