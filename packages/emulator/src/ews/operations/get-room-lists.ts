/** `GetRoomLists`. */
import type { EwsCall } from "../call.ts";
import { listRoomLists, writeAddress } from "../rooms.ts";
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
  const lists = listRoomLists(call.tenant).map(({ displayName, mail }) =>
    writeAddress("t:Address", displayName, mail ?? "", "PublicDL"),
  );
  return succeedAsRoot(element("m:RoomLists", lists.join("")));
}
