/** `GetDelegate`. */
import type { CalendarShare } from "../../mailbox/mailbox.ts";
import { DEFAULT_FOLDER } from "../../mailbox/mailbox.ts";
import type { EwsCall } from "../call.ts";
import { requireOwnMailbox } from "../settings/own-mailbox.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { failAsRoot, failure, type RootMessage, succeedAsRoot, success } from "../soap/response-message.ts";
import { child, childText, type XmlElement } from "../soap/xml-reader.ts";
import { element, text } from "../soap/xml-writer.ts";

const MESSAGE = "DelegateUserResponseMessageType";

/**
 * Lists the delegates of a mailbox: those whom Graph's calendar permissions make one.
 *
 * @param call - the request
 * @returns the answer, which is a message itself
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/getdelegate-operation
 */
export function getDelegate(call: EwsCall): RootMessage {
  try {
    const { mailbox } = requireOwnMailbox(call, childText(child(call.body, "Mailbox"), "EmailAddress") ?? "");
    const delegates = (mailbox.folders.get(DEFAULT_FOLDER)?.shares ?? []).filter(({ role }) =>
      role.startsWith("delegate"),
    );
    const hasPermissions = /^(true|1)$/.test(call.body.attributes.get("IncludePermissions")?.trim() ?? "");
    const wanted = child(call.body, "UserIds")?.children;
    const messages =
      wanted === undefined
        ? delegates.map((share) => writeDelegate(share, hasPermissions))
        : wanted.map((userId) => {
            const share = delegates.find((delegate) => isMeant(userId, delegate));
            return share === undefined
              ? failure(MESSAGE, new EwsFault("ErrorNotDelegate"))
              : writeDelegate(share, hasPermissions);
          });
    const list = messages.length === 0 ? "" : element("m:ResponseMessages", messages.join(""));
    return succeedAsRoot(list + text("m:DeliverMeetingRequests", "DelegatesAndMe"));
  } catch (error) {
    if (error instanceof EwsFault) return failAsRoot(error);
    throw error;
  }
}

function isMeant(userId: XmlElement, { address }: CalendarShare): boolean {
  const wanted = childText(userId, "PrimarySmtpAddress")?.trim().toLowerCase();
  return wanted !== undefined && wanted === address?.toLowerCase();
}

/** Delegates may edit the calendar; Graph knows of no rights to other folders. */
function writeDelegate({ address, name, role }: CalendarShare, hasPermissions: boolean): string {
  const levels = ["Tasks", "Inbox", "Contacts", "Notes", "Journal"].map((folder) =>
    text(`t:${folder}FolderPermissionLevel`, "None"),
  );
  const permissions = hasPermissions
    ? element("t:DelegatePermissions", text("t:CalendarFolderPermissionLevel", "Editor") + levels.join(""))
    : "";
  return success(
    MESSAGE,
    element(
      "m:DelegateUser",
      element(
        "t:UserId",
        (address === undefined ? "" : text("t:PrimarySmtpAddress", address)) +
          (name === undefined ? "" : text("t:DisplayName", name)),
      ) +
        permissions +
        text("t:ReceiveCopiesOfMeetingMessages", true) +
        text("t:ViewPrivateItems", role === "delegateWithPrivateEventAccess"),
    ),
  );
}
