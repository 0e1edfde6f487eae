/** Moves and copies items between calendars, and to and from Deleted Items. */
import type { EventExtras, StoredEvent } from "../../mailbox/event.ts";
import { deleteEvent, showEvent } from "../../mailbox/events.ts";
import type { EwsCall, MailboxOwner } from "../call.ts";
import { type FolderItem, requireFolder } from "../folders/folder-references.ts";
import { meetingContext } from "../meetings/invitations.ts";
import { logTransfer, type Transfer } from "../notifications/transfer-log.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { respondEach } from "../soap/response-message.ts";
import { child, childText, type XmlElement } from "../soap/xml-reader.ts";
import { element } from "../soap/xml-writer.ts";
import { placeItem } from "./deleted-items.ts";
import { type ItemReference, itemIdAttributes, requireItem } from "./item-references.ts";
import { rememberVersion } from "./versions.ts";

/** Folders beside calendars that can hold an item. */
const HOLDERS = new Set(["deleteditems", "recoverableitemsdeletions"]);

/**
 * Answers `MoveItem` and `CopyItem`: whatever arrives somewhere has a new id. Nobody is told of it.
 *
 * @param call - the request
 * @param kind - what becomes of the item where it lies
 * @returns XML of the answer's content
 */
export function transferItems(call: EwsCall, kind: Transfer["kind"]): string {
  const givesIds = !/^(false|0)$/.test(childText(call.body, "ReturnNewItemIds")?.trim() ?? "");
  return respondEach(
    kind === "MovedEvent" ? "MoveItemResponseMessage" : "CopyItemResponseMessage",
    child(call.body, "ItemIds")?.children ?? [],
    (reference) => {
      const target = requireHolder(call, child(call.body, "ToFolderId")?.children[0]);
      const { owner, event } = transfer(call, requireItem(call, reference), target, kind);
      if (!givesIds) return "<m:Items/>";
      const instance = showEvent(event);
      rememberVersion(owner.mailbox, instance);
      const id = element("t:ItemId", "", { ...itemIdAttributes(owner, instance) });
      return element("m:Items", element("t:CalendarItem", id));
    },
    "<m:Items/>",
  );
}

function requireHolder(call: EwsCall, reference: XmlElement | undefined): FolderItem {
  try {
    if (reference === undefined) throw new EwsFault("ErrorToFolderNotFound");
    const target = requireFolder(call, reference);
    if (target.node.isCalendar || HOLDERS.has(target.node.distinguishedName ?? "")) return target;
    call.context.note(`miss: EWS item in folder ${target.node.name}`);
  } catch (error) {
    if (error instanceof EwsFault && error.code === "ErrorFolderNotFound")
      throw new EwsFault("ErrorToFolderNotFound");
    throw error;
  }
  throw new EwsFault("ErrorInvalidFolderTypeForOperation");
}

function transfer(
  call: EwsCall,
  item: ItemReference,
  { owner, node }: FolderItem,
  kind: Transfer["kind"],
): { readonly owner: MailboxOwner; readonly event: StoredEvent } {
  if (item.day !== undefined) throw new EwsFault("ErrorCalendarCannotMoveOrCopyOccurrence");
  const stored = item.owner.mailbox.events.get(item.number);
  if (stored === undefined) throw new EwsFault("ErrorItemNotFound");
  const moves = kind === "MovedEvent";
  const { store, event } = placeItem(owner.mailbox, moves ? stored : asCopy(stored), node);
  if (moves) {
    deleteEvent(item.owner.mailbox, item.number, undefined, call.context.clock.nowMs());
    const transactionId = event.extras?.transactionId;
    if (transactionId !== undefined) store.transactions?.set(transactionId, event.number);
    followMeeting(call, owner, item.number, event);
  }
  logTransfer(
    owner.mailbox,
    kind,
    {
      number: item.number,
      folder: stored.folder,
      createdAtSequence: item.owner.mailbox === owner.mailbox ? stored.createdAtSequence : undefined,
    },
    { number: event.number, folder: node.number },
  );
  return { owner: { ...owner, mailbox: store }, event };
}

/** A copy is nobody's invitation, and no answer to a request that is sent again. */
function asCopy(stored: StoredEvent): StoredEvent {
  if (stored.extras === undefined) return stored;
  const { meeting: _meeting, transactionId: _transactionId, ...extras }: EventExtras = stored.extras;
  return { ...stored, extras };
}

/** Those who were invited have copies, which know the organiser's item by its number. */
function followMeeting(call: EwsCall, { id }: MailboxOwner, before: number, event: StoredEvent): void {
  const { find } = meetingContext(call);
  for (const { address } of event.extras?.attendees ?? [])
    for (const copy of find(address)?.mailbox.events.values() ?? []) {
      const meeting = copy.extras?.meeting;
      if (meeting?.organizerId !== id || meeting.number !== before) continue;
      const extras = { ...copy.extras, meeting: { ...meeting, number: event.number } };
      find(address)?.mailbox.events.set(copy.number, { ...copy, extras });
    }
}
