/** `GetUserOofSettings`. */
import type { EwsCall } from "../call.ts";
import { readAutomaticReplies } from "../settings/automatic-replies.ts";
import { requireOwnMailbox } from "../settings/own-mailbox.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { failure, success } from "../soap/response-message.ts";
import { child, childText } from "../soap/xml-reader.ts";
import { element, text } from "../soap/xml-writer.ts";
import { formatInstant } from "../zones/instants.ts";

/**
 * Gives the automatic replies of a mailbox.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/getuseroofsettings-operation
 */
export function getUserOofSettings(call: EwsCall): string {
  try {
    const { mailbox } = requireOwnMailbox(call, childText(child(call.body, "Mailbox"), "Address") ?? "");
    const replies = readAutomaticReplies(mailbox, call.context.clock.nowMs());
    const reply = (name: string, message: string): string => element(name, text("t:Message", message));
    return [
      success("ResponseMessage", ""),
      element(
        "t:OofSettings",
        [
          text("t:OofState", replies.state),
          text("t:ExternalAudience", replies.externalAudience),
          element(
            "t:Duration",
            text("t:StartTime", formatInstant(replies.startMs, "UTC")) +
              text("t:EndTime", formatInstant(replies.endMs, "UTC")),
          ),
          reply("t:InternalReply", replies.internalReply),
          reply("t:ExternalReply", replies.externalReply),
        ].join(""),
      ),
      text("m:AllowExternalOof", "All"),
    ].join("");
  } catch (error) {
    if (error instanceof EwsFault) return failure("ResponseMessage", error);
    throw error;
  }
}
