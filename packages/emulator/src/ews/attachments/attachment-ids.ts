/**
 * Ids of attachments: the id of the item, with that of the file behind it, so that the file is found by its id alone.
 */
import type { EventAttachment } from "../../mailbox/event.ts";
import type { EwsCall } from "../call.ts";
import { type ItemReference, requireItemById } from "../items/item-references.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import type { XmlElement } from "../soap/xml-reader.ts";

const LENGTH_BYTES = 2;

/** A file with the item to which it belongs. */
export interface AttachmentReference {
  readonly item: ItemReference;
  readonly attachment: EventAttachment;
}

/**
 * Makes the id of an attachment.
 *
 * @param itemId - id of its item, base64
 * @param attachmentId - id of the file as Graph gives it
 * @returns base64
 */
export function encodeAttachmentId(itemId: string, attachmentId: string): string {
  const own = Buffer.from(attachmentId);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16LE(own.length);
  return Buffer.concat([Buffer.from(itemId, "base64"), own, length]).toString("base64");
}

/**
 * Finds the attachment that an element names.
 *
 * @param call - the request
 * @param reference - `AttachmentId`
 * @returns the file and its item
 * @throws {EwsFault} ErrorInvalidIdMalformed, ErrorItemNotFound or ErrorInvalidAttachmentId
 */
export function requireAttachment(call: EwsCall, reference: XmlElement): AttachmentReference {
  const id = reference.attributes.get("Id") ?? "";
  const bytes = Buffer.from(id, "base64");
  const end = bytes.length - LENGTH_BYTES;
  const ownLength = end > 0 ? bytes.readUInt16LE(end) : 0;
  if (ownLength === 0 || ownLength >= end || bytes.toString("base64") !== id)
    throw new EwsFault("ErrorInvalidIdMalformed");
  const item = requireItemById(call, bytes.subarray(0, end - ownLength).toString("base64"));
  const own = bytes.subarray(end - ownLength, end).toString();
  const attachment = item.instance.event.extras?.attachments?.find((other) => other.id === own);
  if (attachment === undefined) throw new EwsFault("ErrorInvalidAttachmentId");
  return { item, attachment };
}
