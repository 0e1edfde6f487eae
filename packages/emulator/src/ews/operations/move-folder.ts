/** `MoveFolder`. */
import { nextSequence } from "../../mailbox/mailbox.ts";
import type { EwsCall } from "../call.ts";
import { type FolderItem, requireFolder } from "../folders/folder-references.ts";
import { findNode, folderIdAttributes, listBelow, rememberParent } from "../folders/folder-tree.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { respondEach } from "../soap/response-message.ts";
import { child, type XmlElement } from "../soap/xml-reader.ts";
import { element } from "../soap/xml-writer.ts";

/** A calendar that lies here would be as good as deleted, which the store has no word for. */
const BINS = new Set(["deleteditems", "recoverableitemsroot", "recoverableitemsdeletions"]);

/**
 * Moves calendars below other folders; their ids stay.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/movefolder-operation
 */
export function moveFolder(call: EwsCall): string {
  return respondEach(
    "MoveFolderResponseMessage",
    child(call.body, "FolderIds")?.children ?? [],
    (reference) => {
      const target = requireTarget(call, child(call.body, "ToFolderId")?.children[0]);
      const moved = move(requireFolder(call, reference), target);
      const id = element("t:FolderId", "", folderIdAttributes(moved.owner, moved.node));
      return element("m:Folders", element("t:CalendarFolder", id));
    },
    "<m:Folders/>",
  );
}

function requireTarget(call: EwsCall, reference: XmlElement | undefined): FolderItem {
  try {
    if (reference === undefined) throw new EwsFault("ErrorToFolderNotFound");
    const target = requireFolder(call, reference);
    if (!BINS.has(target.node.distinguishedName ?? "")) return target;
    call.context.note(`miss: EWS folder moved to ${target.node.name}`);
  } catch (error) {
    if (error instanceof EwsFault && error.code === "ErrorFolderNotFound")
      throw new EwsFault("ErrorToFolderNotFound");
    throw error;
  }
  throw new EwsFault("ErrorInvalidFolderTypeForOperation");
}

function move({ owner, node }: FolderItem, { node: target }: FolderItem): FolderItem {
  const { mailbox } = owner;
  const folder = mailbox.folders.get(node.number);
  if (folder === undefined || node.distinguishedName !== undefined)
    throw new EwsFault("ErrorMoveDistinguishedFolder");
  const isBelow = listBelow(mailbox, node, true).some(({ number }) => number === target.number);
  if (isBelow || target.number === node.number) throw new EwsFault("ErrorMoveCopyFailed");
  rememberParent(mailbox, node.number, target.number);
  folder.changedAtSequence = nextSequence(mailbox);
  return { owner, node: findNode(mailbox, node.number) ?? node };
}
