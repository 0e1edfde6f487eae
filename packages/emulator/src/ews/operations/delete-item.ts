/** `DeleteItem`. */
import { deleteEvent } from "../../mailbox/events.ts";
import type { EwsCall } from "../call.ts";
import { storeFault } from "../items/item-changes.ts";
import { requireItem } from "../items/item-references.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { respondEach } from "../soap/response-message.ts";
import { child } from "../soap/xml-reader.ts";

/**
 * Deletes items, series or single occurrences. Whatever the type of deletion, nothing is kept.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/deleteitem-operation
 */
export function deleteItem(call: EwsCall): string {
  return respondEach(
    "DeleteItemResponseMessage",
    child(call.body, "ItemIds")?.children ?? [],
    (reference) => {
      if (call.body.attributes.get("SendMeetingCancellations") === undefined)
        throw new EwsFault("ErrorSendMeetingCancellationsRequired");
      const { owner, number, day } = requireItem(call, reference);
      const fault = deleteEvent(owner.mailbox, number, day, call.context.clock.nowMs());
      if (fault !== undefined) throw storeFault(fault);
      return "";
    },
  );
}
