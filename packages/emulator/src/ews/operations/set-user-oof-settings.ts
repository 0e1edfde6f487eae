/** `SetUserOofSettings`. */
import type { EwsCall } from "../call.ts";
import {
  type AutomaticReplies,
  keepAutomaticReplies,
  readAutomaticReplies,
} from "../settings/automatic-replies.ts";
import { requireOwnMailbox } from "../settings/own-mailbox.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { failure, success } from "../soap/response-message.ts";
import { child, childText, type XmlElement } from "../soap/xml-reader.ts";
import { readInstant } from "../zones/instants.ts";

/**
 * Sets the automatic replies of a mailbox.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/setuseroofsettings-operation
 */
export function setUserOofSettings(call: EwsCall): string {
  try {
    const { mailbox } = requireOwnMailbox(call, childText(child(call.body, "Mailbox"), "Address") ?? "");
    const settings = child(call.body, "UserOofSettings");
    const known = readAutomaticReplies(mailbox, call.context.clock.nowMs());
    keepAutomaticReplies(mailbox, readReplies(settings, known));
    return success("ResponseMessage", "");
  } catch (error) {
    if (error instanceof EwsFault) return failure("ResponseMessage", error);
    throw error;
  }
}

/** Times are UTC unless they bear an offset, and stay as they were where none are given. */
function readReplies(settings: XmlElement | undefined, known: AutomaticReplies): AutomaticReplies {
  const state = childText(settings, "OofState") as AutomaticReplies["state"];
  const duration = child(settings, "Duration");
  const [startMs, endMs] = ["StartTime", "EndTime"].map((name) => {
    const time = childText(duration, name);
    return time === undefined ? undefined : readInstant(time, "UTC");
  });
  const reply = (name: string): string | undefined => {
    const body = child(settings, name);
    return body === undefined ? undefined : (childText(body, "Message") ?? "");
  };
  const [internalReply, externalReply] = [reply("InternalReply"), reply("ExternalReply")];
  const isInvalid =
    (state !== "Disabled" && (internalReply === undefined || externalReply === undefined)) ||
    (state === "Scheduled" && (startMs === undefined || endMs === undefined || endMs <= startMs));
  if (isInvalid) throw new EwsFault("ErrorInvalidUserOofSettings");
  return {
    state,
    externalAudience: childText(settings, "ExternalAudience") as AutomaticReplies["externalAudience"],
    startMs: startMs ?? known.startMs,
    endMs: endMs ?? known.endMs,
    internalReply: internalReply ?? known.internalReply,
    externalReply: externalReply ?? known.externalReply,
  };
}
