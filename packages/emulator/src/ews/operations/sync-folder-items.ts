/** `SyncFolderItems`: what changed in a folder since a state, in pages. */
import { listChanges } from "../../mailbox/changes.ts";
import type { StoredEvent } from "../../mailbox/event.ts";
import { showEvent } from "../../mailbox/events.ts";
import { encodeItemId } from "../../mailbox/item-ids.ts";
import type { Mailbox } from "../../mailbox/mailbox.ts";
import type { EwsCall, MailboxOwner } from "../call.ts";
import { type FolderItem, requireTargetFolder } from "../folders/folder-references.ts";
import { storeOf } from "../items/deleted-items.ts";
import { toEwsId } from "../items/item-references.ts";
import { type ItemShape, readItemShape, writeItem } from "../items/item-shape.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { failure, success } from "../soap/response-message.ts";
import { child, childText } from "../soap/xml-reader.ts";
import { element, text } from "../soap/xml-writer.ts";
import { readSyncState, writeSyncState } from "../sync-state.ts";

const MESSAGE = "SyncFolderItemsResponseMessage";

/** Where a caller stands. */
interface Position {
  /** Everything up to here was known before this round of pages began. */
  readonly base: number;
  /** Everything up to here was given. */
  readonly given: number;
  /** Number of the last item that was there when the last page was given; younger ones were never shown. */
  readonly lastNumber: number;
  /** Point at which the very first round began: what was deleted before it, the caller has never seen. */
  readonly begun: number;
}

type Change =
  | { readonly sequence: number; readonly event: StoredEvent }
  | { readonly sequence: number; readonly deleted: number };

/**
 * Synchronises the items of a folder: singles and masters, without bodies.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/syncfolderitems-operation
 */
export function syncFolderItems(call: EwsCall): string {
  let message: string;
  try {
    message = success(MESSAGE, synchronise(call));
  } catch (error) {
    if (!(error instanceof EwsFault)) throw error;
    message = failure(
      MESSAGE,
      error,
      "<m:SyncState/><m:IncludesLastItemInRange>true</m:IncludesLastItemInRange>",
    );
  }
  return element("m:ResponseMessages", message);
}

function synchronise(call: EwsCall): string {
  const { body } = call;
  const shape = readItemShape(child(body, "ItemShape"), false, call.version);
  const target = requireTargetFolder(call, child(body, "SyncFolderId"));
  const mailbox = storeOf(target.owner.mailbox, target.node);
  const folder = { node: target.node, owner: { ...target.owner, mailbox } };
  const position = readPosition(childText(body, "SyncState"), folder);
  const most = Number(childText(body, "MaxChangesReturned"));
  const { owner } = folder;
  const ignored = new Set(
    (child(body, "Ignore")?.children ?? []).map(({ attributes }) => attributes.get("Id")),
  );
  const changes = collectChanges(folder, position);
  const page = changes.slice(0, most);
  const isLast = page.length === changes.length;
  const given = isLast ? owner.mailbox.sequence : (page[page.length - 1]?.sequence ?? position.given);
  const next = {
    ...position,
    base: isLast ? given : position.base,
    given,
    lastNumber: owner.mailbox.lastNumber,
  };
  let written = "";
  for (const change of page)
    if (!ignored.has(idOf(owner, change))) written += writeChange(call, owner, change, position, shape);
  return [
    text("m:SyncState", writePosition(next, folder)),
    text("m:IncludesLastItemInRange", isLast),
    element("m:Changes", written),
  ].join("");
}

function collectChanges({ owner, node }: FolderItem, position: Position): Change[] {
  const found = listChanges(owner.mailbox, position.given, node.number);
  if (found === "tooOld") throw new EwsFault("ErrorInvalidSyncStateData");
  const changes: Change[] = found.changed.map((event) => ({ sequence: event.changedAtSequence, event }));
  for (const { sequence, number } of found.deleted)
    if (
      number <= position.lastNumber &&
      sequence > position.begun &&
      isGone(owner.mailbox, number, node.number)
    )
      changes.push({ sequence, deleted: number });
  return changes.sort((left, right) => left.sequence - right.sequence);
}

/** An item that came back to the folder is shown as it is now. */
function isGone(mailbox: Mailbox, number: number, folder: number): boolean {
  return mailbox.events.get(number)?.folder !== folder;
}

function writeChange(
  call: EwsCall,
  owner: MailboxOwner,
  change: Change,
  position: Position,
  shape: ItemShape,
): string {
  if ("deleted" in change) return element("t:Delete", element("t:ItemId", "", { Id: idOf(owner, change) }));
  const { event } = change;
  const name = event.createdAtSequence > position.base ? "t:Create" : "t:Update";
  return element(name, writeItem(call, owner, showEvent(event), shape));
}

function idOf(owner: MailboxOwner, change: Change): string {
  const number = "deleted" in change ? change.deleted : change.event.number;
  return toEwsId(encodeItemId(owner.id, { number, day: undefined }));
}

function readPosition(state: string | undefined, { owner, node }: FolderItem): Position {
  if (state === undefined || state === "")
    return { base: 0, given: 0, lastNumber: 0, begun: owner.mailbox.sequence };
  const [folder, base, given, lastNumber, begun] = readSyncState(state, "items", owner.id);
  if (
    folder !== node.number ||
    base === undefined ||
    given === undefined ||
    lastNumber === undefined ||
    begun === undefined
  )
    throw new EwsFault("ErrorInvalidSyncStateData");
  return { base, given, lastNumber, begun };
}

function writePosition({ base, given, lastNumber, begun }: Position, { owner, node }: FolderItem): string {
  return writeSyncState("items", owner.id, [node.number, base, given, lastNumber, begun]);
}
