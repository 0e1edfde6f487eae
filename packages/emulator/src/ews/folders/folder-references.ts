/** Folders that requests name: by id, or by distinguished name and mailbox. */
import type { EwsCall, MailboxOwner } from "../call.ts";
import { findByAddress, ownerOf } from "../recipients.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { child, childText, type XmlElement } from "../soap/xml-reader.ts";
import { type FolderNode, findDistinguished, nodeOfId } from "./folder-tree.ts";

/** A folder with whose it is. */
export interface FolderItem {
  readonly owner: MailboxOwner;
  readonly node: FolderNode;
}

/**
 * Finds the folder that an element names.
 *
 * @param call - the request
 * @param reference - `FolderId` or `DistinguishedFolderId`
 * @returns the folder
 * @throws {EwsFault} ErrorFolderNotFound, ErrorInvalidIdMalformed, ErrorNonExistentMailbox or ErrorAccessDenied
 */
export function requireFolder(call: EwsCall, reference: XmlElement): FolderItem {
  const id = reference.attributes.get("Id") ?? "";
  if (reference.name === "DistinguishedFolderId") {
    const owner = requireOwner(call, child(reference, "Mailbox"));
    const node = findDistinguished(owner.mailbox, id);
    if (node === undefined) throw new EwsFault("ErrorFolderNotFound");
    return { owner, node };
  }
  const node = nodeOfId(call.owner, id);
  if (node === "malformed") throw new EwsFault("ErrorInvalidIdMalformed");
  if (node === "notFound") throw new EwsFault("ErrorFolderNotFound");
  return { owner: call.owner, node };
}

/**
 * Finds the folder inside an element such as `SyncFolderId` or `SavedItemFolderId`.
 *
 * @param call - the request
 * @param target - `TargetFolderIdType`
 * @returns the folder; the default calendar when there is no such element
 * @throws {EwsFault} as {@link requireFolder}
 */
export function requireTargetFolder(call: EwsCall, target: XmlElement | undefined): FolderItem {
  const reference = target?.children[0];
  if (reference !== undefined) return requireFolder(call, reference);
  const node = findDistinguished(call.owner.mailbox, "calendar");
  if (node === undefined) throw new EwsFault("ErrorFolderNotFound");
  return { owner: call.owner, node };
}

/** Nobody has given anybody rights to another mailbox: each caller stays in the one that it acts for. */
function requireOwner(call: EwsCall, mailbox: XmlElement | undefined): MailboxOwner {
  const address = childText(mailbox, "EmailAddress");
  if (address === undefined) return call.owner;
  const owner = ownerOf(findByAddress(call.tenant, address));
  if (owner === undefined)
    throw new EwsFault("ErrorNonExistentMailbox", { values: { SmtpAddress: address } });
  if (owner.id !== call.owner.id) throw new EwsFault("ErrorAccessDenied");
  return owner;
}
