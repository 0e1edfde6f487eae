/** `GetRooms`. */

import { listRoomLists, listRooms } from "../../directory/room-lists.ts";
import type { EwsCall } from "../call.ts";
import { writeAddress } from "../recipients.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { failAsRoot, type RootMessage, succeedAsRoot } from "../soap/response-message.ts";
import { child, childText } from "../soap/xml-reader.ts";
import { element } from "../soap/xml-writer.ts";

/**
 * Lists the rooms of a room list.
 *
 * @param call - the request
 * @returns the answer, which is a message itself
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/getrooms-operation
 */
export function getRooms(call: EwsCall): RootMessage {
  const address = (childText(child(call.body, "RoomList"), "EmailAddress") ?? "").trim().toLowerCase();
  const list = listRoomLists(call.tenant).find(({ mail }) => mail?.toLowerCase() === address);
  if (list === undefined) return failAsRoot(new EwsFault("ErrorNameResolutionNoResults"));
  const rooms = listRooms(call.tenant, list).map((room) =>
    element("t:Room", writeAddress("t:Id", room.displayName, room.mail ?? room.userPrincipalName, "Mailbox")),
  );
  return succeedAsRoot(element("m:Rooms", rooms.join("")));
}
