/** `DeleteItem`. */
import { deleteEvent } from "../../mailbox/events.ts";
import type { EwsCall } from "../call.ts";
import { findDistinguished } from "../folders/folder-tree.ts";
import { placeItem } from "../items/deleted-items.ts";
import { storeFault } from "../items/item-changes.ts";
import { requireItem } from "../items/item-references.ts";
import { cancelInvitations } from "../meetings/invitations.ts";
import { logTransfer } from "../notifications/transfer-log.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { respondEach } from "../soap/response-message.ts";
import { child } from "../soap/xml-reader.ts";

/** Where each type of deletion leaves an item; `HardDelete` leaves it nowhere. */
const FOLDERS: Readonly<Record<string, string>> = {
  MoveToDeletedItems: "deleteditems",
  SoftDelete: "recoverableitemsdeletions",
};

/**
 * Deletes items, series or single occurrences. Of what goes to Deleted Items, the last are kept.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/deleteitem-operation
 */
export function deleteItem(call: EwsCall): string {
  const folder = findDistinguished(
    call.owner.mailbox,
    FOLDERS[call.body.attributes.get("DeleteType") ?? ""] ?? "",
  );
  return respondEach(
    "DeleteItemResponseMessage",
    child(call.body, "ItemIds")?.children ?? [],
    (reference) => {
      const mode = call.body.attributes.get("SendMeetingCancellations");
      if (mode === undefined) throw new EwsFault("ErrorSendMeetingCancellationsRequired");
      const { owner, number, day } = requireItem(call, reference);
      // What is deleted from Deleted Items is gone for good.
      // Of what lies in Deleted Items, everybody was told when it went there.
      const before = owner.mailbox === call.owner.mailbox ? owner.mailbox.events.get(number) : undefined;
      const kept =
        day === undefined && before !== undefined && folder !== undefined
          ? placeItem(owner.mailbox, before, folder).event
          : undefined;
      const fault = deleteEvent(owner.mailbox, number, day, call.context.clock.nowMs());
      if (fault !== undefined) throw storeFault(fault);
      if (kept !== undefined && before !== undefined)
        logTransfer(
          owner.mailbox,
          "MovedEvent",
          { number, folder: before.folder, createdAtSequence: before.createdAtSequence },
          { number: kept.number, folder: kept.folder },
        );
      if (before !== undefined) cancelInvitations(call, owner, before, { day, mode });
      return "";
    },
  );
}
