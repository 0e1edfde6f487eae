/** Files of calendar items: how they are read, kept and written. They are the same files that Graph shows. */
import { randomUUID } from "node:crypto";
import type { EventAttachment, EventInstance } from "../../mailbox/event.ts";
import { findInstance, updateEvent, updateOccurrence } from "../../mailbox/events.ts";
import type { EwsCall, MailboxOwner } from "../call.ts";
import { storeFault } from "../items/item-changes.ts";
import { type ItemReference, itemIdAttributes } from "../items/item-references.ts";
import { isKnownTo } from "../schema/since.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { childText, type XmlElement } from "../soap/xml-reader.ts";
import { element, text } from "../soap/xml-writer.ts";
import { formatInstant } from "../zones/instants.ts";
import { encodeAttachmentId } from "./attachment-ids.ts";

/** A file on its way into an answer. */
export interface AttachmentView {
  readonly call: EwsCall;
  readonly owner: MailboxOwner;
  readonly instance: EventInstance;
  readonly attachment: EventAttachment;
}

/**
 * Reads a file as a caller sends it.
 *
 * @param call - the request
 * @param sent - `FileAttachment`
 * @returns the file, with an id of its own
 */
export function readFileAttachment(call: EwsCall, sent: XmlElement): EventAttachment {
  const bytes = Buffer.from(childText(sent, "Content") ?? "", "base64");
  return {
    id: `AAMk${Buffer.from(randomUUID().replaceAll("-", ""), "hex").toString("base64url")}=`,
    name: childText(sent, "Name") ?? "",
    contentType: childText(sent, "ContentType") || "application/octet-stream",
    contentBase64: bytes.toString("base64"),
    isInline: /^(true|1)$/.test(childText(sent, "IsInline")?.trim() ?? ""),
    contentId: childText(sent, "ContentId"),
    modifiedAtMs: call.context.clock.nowMs(),
  };
}

/**
 * Writes a file.
 *
 * @param view - the file and what it belongs to
 * @param hasContent - whether its bytes are shown
 * @returns XML of `t:FileAttachment`
 */
export function writeFileAttachment(view: AttachmentView, hasContent: boolean): string {
  const { call, attachment } = view;
  const { name, contentType, contentBase64, contentId, isInline, modifiedAtMs } = attachment;
  const isKnown = (member: string): boolean => isKnownTo(call.version, member);
  const parts = [
    element("t:AttachmentId", "", { Id: idOf(view) }),
    text("t:Name", name),
    text("t:ContentType", contentType),
    contentId === undefined ? "" : text("t:ContentId", contentId),
  ];
  if (isKnown("t:AttachmentType Size"))
    parts.push(
      text("t:Size", Buffer.byteLength(contentBase64, "base64")),
      text("t:LastModifiedTime", formatInstant(modifiedAtMs, call.ianaZone)),
      text("t:IsInline", isInline),
    );
  if (isKnown("t:FileAttachmentType IsContactPhoto")) parts.push(text("t:IsContactPhoto", false));
  if (hasContent) parts.push(text("t:Content", contentBase64));
  return element("t:FileAttachment", parts.join(""));
}

/**
 * Writes the id of a file that was just attached, with the id and version of its item.
 *
 * @param view - the file and what it belongs to
 * @returns XML of `t:FileAttachment`
 */
export function writeAttachedId(view: AttachmentView): string {
  const { Id, ChangeKey } = itemIdAttributes(view.owner, view.instance);
  return element(
    "t:FileAttachment",
    element("t:AttachmentId", "", { Id: idOf(view), RootItemId: Id, RootItemChangeKey: ChangeKey }),
  );
}

/**
 * Keeps the files of an item, which is a change of the item.
 *
 * @param call - the request
 * @param item - whose files
 * @param attachments - all that it has from now on
 * @returns the item as it is then
 * @throws {EwsFault} when the item is gone
 */
export function keepAttachments(
  call: EwsCall,
  { owner, instance, number, day }: ItemReference,
  attachments: readonly EventAttachment[],
): EventInstance {
  const extras = {
    ...instance.event.extras,
    attachments: attachments.length === 0 ? undefined : attachments,
  };
  const nowMs = call.context.clock.nowMs();
  const outcome =
    day === undefined
      ? updateEvent(owner.mailbox, number, { extras }, { nowMs })
      : updateOccurrence(owner.mailbox, number, day, { extras }, nowMs);
  if (typeof outcome === "string") throw storeFault(outcome);
  const changed = findInstance(owner.mailbox, number, day);
  if (changed === undefined) throw new EwsFault("ErrorItemNotFound");
  return changed;
}

function idOf({ owner, instance, attachment }: AttachmentView): string {
  return encodeAttachmentId(itemIdAttributes(owner, instance).Id, attachment.id);
}
