/** `SyncFolderHierarchy`: which folders came, changed and went since a state. */
import { encodeFolderId } from "../../mailbox/item-ids.ts";
import type { EwsCall } from "../call.ts";
import { type FolderItem, requireFolder } from "../folders/folder-references.ts";
import { readFolderShape, writeFolder } from "../folders/folder-shape.ts";
import { findDistinguished, listBelow } from "../folders/folder-tree.ts";
import { toEwsId } from "../items/item-references.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { failure, success } from "../soap/response-message.ts";
import { child, childText } from "../soap/xml-reader.ts";
import { element, text } from "../soap/xml-writer.ts";
import { readSyncState, writeSyncState } from "../sync-state.ts";

const MESSAGE = "SyncFolderHierarchyResponseMessage";

/**
 * Synchronises the folders of a mailbox.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/syncfolderhierarchy-operation
 */
export function syncFolderHierarchy(call: EwsCall): string {
  let message: string;
  try {
    message = success(MESSAGE, synchronise(call));
  } catch (error) {
    if (!(error instanceof EwsFault)) throw error;
    message = failure(
      MESSAGE,
      error,
      "<m:SyncState/><m:IncludesLastFolderInRange>true</m:IncludesLastFolderInRange>",
    );
  }
  return element("m:ResponseMessages", message);
}

function synchronise(call: EwsCall): string {
  const { body } = call;
  const shape = readFolderShape(child(body, "FolderShape"), call.version);
  const { owner, node } = startOf(call);
  const state = childText(body, "SyncState") ?? "";
  const known = new Map(pairs(state === "" ? [] : readSyncState(state, "folders", owner.id)));
  const folders = listBelow(owner.mailbox, node, true);
  let changes = "";
  for (const folder of folders) {
    const sequence = known.get(folder.number);
    if (sequence === folder.changedAtSequence) continue;
    const name = sequence === undefined ? "t:Create" : "t:Update";
    changes += element(name, writeFolder({ owner, node: folder }, shape));
  }
  const present = new Set(folders.map(({ number }) => number));
  for (const number of known.keys())
    if (!present.has(number)) {
      const id = { Id: toEwsId(encodeFolderId(owner.id, number)) };
      changes += element("t:Delete", element("t:FolderId", "", id));
    }
  const next = folders.flatMap(({ number, changedAtSequence }) => [number, changedAtSequence]);
  return [
    text("m:SyncState", writeSyncState("folders", owner.id, next)),
    text("m:IncludesLastFolderInRange", true),
    element("m:Changes", changes),
  ].join("");
}

function startOf(call: EwsCall): FolderItem {
  const reference = child(call.body, "SyncFolderId")?.children[0];
  if (reference !== undefined) return requireFolder(call, reference);
  const node = findDistinguished(call.owner.mailbox, "msgfolderroot");
  if (node === undefined) throw new EwsFault("ErrorFolderNotFound");
  return { owner: call.owner, node };
}

function pairs(numbers: readonly number[]): [number, number][] {
  const found: [number, number][] = [];
  for (let at = 0; at + 1 < numbers.length; at += 2) found.push([numbers[at] ?? 0, numbers[at + 1] ?? 0]);
  return found;
}
