/** `GetRoomLists`. */

import { listRoomLists } from "../../directory/room-lists.ts";
import type { EwsCall } from "../call.ts";
import { groupMailboxType, writeAddress } from "../recipients.ts";
import { type RootMessage, succeedAsRoot } from "../soap/response-message.ts";
import { element } from "../soap/xml-writer.ts";

/**
 * Lists the room lists of the tenant.
 *
 * @param call - the request
 * @returns the answer, which is a message itself
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/getroomlists-operation
 */
export function getRoomLists(call: EwsCall): RootMessage {
  const lists = listRoomLists(call.tenant).map((list) =>
    writeAddress("t:Address", list.displayName, list.mail ?? "", groupMailboxType(list)),
  );
  return succeedAsRoot(element("m:RoomLists", lists.join("")));
}
