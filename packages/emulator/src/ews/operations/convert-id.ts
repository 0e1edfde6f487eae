/** `ConvertId`: the spellings of one id. */
import { decodeFolderId, decodeItemId, encodeFolderId, encodeItemId } from "../../mailbox/item-ids.ts";
import type { EwsCall, MailboxOwner } from "../call.ts";
import { toEwsId } from "../items/item-references.ts";
import { findByAddress, ownerOf } from "../recipients.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { respondEach } from "../soap/response-message.ts";
import { child, type XmlElement } from "../soap/xml-reader.ts";
import { element } from "../soap/xml-writer.ts";

const FOLDER_ENTRY_BYTES = 46;
const ITEM_ENTRY_BYTES = 70;

/**
 * Converts ids between formats; ids of the store (`StoreId`) are not known here.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/convertid-operation
 */
export function convertId(call: EwsCall): string {
  const target = call.body.attributes.get("DestinationFormat") ?? "";
  return respondEach("ConvertIdResponseMessage", child(call.body, "SourceIds")?.children ?? [], (source) => {
    const id = convert(call, source, target);
    return element("m:AlternateId", "", {
      "xsi:type": "t:AlternateIdType",
      Format: target,
      Id: id,
      Mailbox: source.attributes.get("Mailbox"),
    });
  });
}

function convert(call: EwsCall, source: XmlElement, target: string): string {
  const address = source.attributes.get("Mailbox") ?? "";
  const owner = ownerOf(findByAddress(call.tenant, address));
  if (owner === undefined)
    throw new EwsFault("ErrorNonExistentMailbox", { values: { SmtpAddress: address } });
  if (owner.id !== call.owner.id) throw new EwsFault("ErrorAccessDenied");
  const format = source.attributes.get("Format") ?? "";
  for (const name of [format, target])
    if (name === "StoreId") {
      call.context.note(`miss: EWS id format ${name}`);
      throw new EwsFault("ErrorUnsupportedTypeForConversion");
    }
  return spell(normalise(source.attributes.get("Id") ?? "", format, owner), target);
}

/** Any spelling, as the id of Exchange Web Services. */
function normalise(id: string, format: string, owner: MailboxOwner): string {
  const spelled =
    format === "OwaId" ? decodeOwaId(id) : format.endsWith("EntryId") ? fromEntryId(id, format, owner) : id;
  const [item, folder] = [decodeItemId(spelled, owner.id), decodeFolderId(spelled, owner.id)];
  if (typeof item !== "string") return toEwsId(encodeItemId(owner.id, item));
  if (typeof folder !== "string") return toEwsId(encodeFolderId(owner.id, folder));
  throw new EwsFault(
    item === "foreign" || folder === "foreign" ? "ErrorItemNotFound" : "ErrorInvalidIdMalformed",
  );
}

function fromEntryId(id: string, format: string, owner: MailboxOwner): string {
  const bytes = Buffer.from(id, format === "HexEntryId" ? "hex" : "base64");
  if (bytes.length === ITEM_ENTRY_BYTES)
    return encodeItemId(owner.id, { number: bytes.readUIntBE(62, 6), day: undefined });
  if (bytes.length === FOLDER_ENTRY_BYTES) return encodeFolderId(owner.id, bytes.readUIntBE(38, 6));
  throw new EwsFault("ErrorInvalidIdMalformed");
}

function spell(id: string, target: string): string {
  if (target === "OwaId") return encodeURIComponent(id.replaceAll("/", "-").replaceAll("+", "_"));
  if (!target.endsWith("EntryId")) return id;
  const entry = entryOf(Buffer.from(id, "base64"));
  return target === "HexEntryId" ? entry.toString("hex").toUpperCase() : entry.toString("base64");
}

/** The entry id is the end of the id; occurrences have none of their own. */
function entryOf(bytes: Buffer): Buffer {
  for (const length of [ITEM_ENTRY_BYTES, FOLDER_ENTRY_BYTES]) {
    const at = bytes.length - length;
    if (at >= 2 && bytes.readUInt16LE(at - 2) === length) return bytes.subarray(at);
  }
  throw new EwsFault("ErrorUnsupportedTypeForConversion");
}

function decodeOwaId(id: string): string {
  try {
    return decodeURIComponent(id).replaceAll("-", "/").replaceAll("_", "+");
  } catch {
    throw new EwsFault("ErrorInvalidIdMalformed");
  }
}
