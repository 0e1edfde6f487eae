/** `GetItem`. */
import type { EwsCall } from "../call.ts";
import { requireItem } from "../items/item-references.ts";
import { readItemShape, writeItem } from "../items/item-shape.ts";
import { rememberVersion } from "../items/versions.ts";
import { respondEach } from "../soap/response-message.ts";
import { child } from "../soap/xml-reader.ts";
import { element } from "../soap/xml-writer.ts";

/**
 * Gives items.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/getitem-operation
 */
export function getItem(call: EwsCall): string {
  return respondEach(
    "GetItemResponseMessage",
    child(call.body, "ItemIds")?.children ?? [],
    (reference) => {
      const shape = readItemShape(child(call.body, "ItemShape"), true, call.version);
      const { owner, instance } = requireItem(call, reference);
      rememberVersion(owner.mailbox, instance);
      return element("m:Items", writeItem(call, owner, instance, shape));
    },
    "<m:Items/>",
  );
}
