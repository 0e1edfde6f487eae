/** `MoveItem`. */
import type { EwsCall } from "../call.ts";
import { transferItems } from "../items/item-transfer.ts";

/**
 * Moves items to another calendar, to Deleted Items or back from there.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/moveitem-operation
 */
export function moveItem(call: EwsCall): string {
  return transferItems(call, "MovedEvent");
}
