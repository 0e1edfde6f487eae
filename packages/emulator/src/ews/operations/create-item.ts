/** `CreateItem`. */
import { createEvent, findInstance, showEvent } from "../../mailbox/events.ts";
import { readFileAttachment } from "../attachments/file-attachments.ts";
import type { EwsCall } from "../call.ts";
import { requireTargetFolder } from "../folders/folder-references.ts";
import { makeContent, storeFault } from "../items/item-changes.ts";
import { emptyDraft } from "../items/item-draft.ts";
import { readMember } from "../items/item-reader.ts";
import { itemIdAttributes } from "../items/item-references.ts";
import { rememberVersion } from "../items/versions.ts";
import { invite, WAS_INVITED } from "../meetings/invitations.ts";
import { createResponse, isResponseObject } from "../meetings/response-objects.ts";
import { readMimeContent } from "../mime/calendar-reader.ts";
import { applyOccurrences } from "../mime/occurrences.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { respondEach } from "../soap/response-message.ts";
import { child, type XmlElement } from "../soap/xml-reader.ts";
import { element } from "../soap/xml-writer.ts";

/**
 * Makes calendar items, and answers to those that are there.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/createitem-operation-calendar-item
 */
export function createItem(call: EwsCall): string {
  return respondEach(
    "CreateItemResponseMessage",
    child(call.body, "Items")?.children ?? [],
    (item) => (isResponseObject(item) ? createResponse(call, item) : create(call, item)),
    "<m:Items/>",
  );
}

function create(call: EwsCall, item: XmlElement): string {
  const mode = call.body.attributes.get("SendMeetingInvitations");
  if (mode === undefined) throw new EwsFault("ErrorSendMeetingInvitationsRequired");
  const { owner, node } = requireTargetFolder(call, child(call.body, "SavedItemFolderId"));
  if (!node.isCalendar) {
    call.context.note(`miss: EWS item in folder ${node.name}`);
    throw new EwsFault("ErrorInvalidFolderTypeForOperation");
  }
  const draft = emptyDraft(call);
  const source = child(item, "MimeContent")?.text;
  const mime = source === undefined ? undefined : readMimeContent(call, source);
  // What stands beside the content in MIME counts for more.
  for (const member of mime?.members ?? []) readMember(draft, member);
  for (const member of item.children)
    if (member.name === "Attachments")
      draft.extras.attachments = member.children.map((sent) => readFileAttachment(call, sent));
    else if (member.name !== "MimeContent") readMember(draft, member);
  if (mode === "SendToNone" && draft.attendees.size > 0)
    draft.properties.push({ key: WAS_INVITED, value: "false" });
  const { content, recurrence } = makeContent(draft);
  const event = createEvent(owner.mailbox, content, {
    folder: node.number,
    nowMs: call.context.clock.nowMs(),
    recurrence,
    uid: draft.uid === "" ? undefined : draft.uid,
  });
  if (typeof event === "string") throw storeFault(event);
  if (mime !== undefined) applyOccurrences(call, owner, event, mime);
  invite(call, owner, event.number, { before: undefined, mode });
  // A room answers at once, and what it says is a change already.
  const made = findInstance(owner.mailbox, event.number) ?? showEvent(event);
  rememberVersion(owner.mailbox, made);
  const id = element("t:ItemId", "", { ...itemIdAttributes(owner, made) });
  return element("m:Items", element("t:CalendarItem", id));
}
