/** `CopyItem`. */
import type { EwsCall } from "../call.ts";
import { transferItems } from "../items/item-transfer.ts";

/**
 * Copies items into a calendar or into Deleted Items.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/copyitem-operation
 */
export function copyItem(call: EwsCall): string {
  return transferItems(call, "CopiedEvent");
}
