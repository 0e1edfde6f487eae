/**
 * Ids of folders and items as Exchange makes them: opaque to callers, computed from mailbox and number, so that no
 * item has to store its own. Graph writes them in base64url, Exchange Web Services in base64.
 *
 * The rules are: an id names one mailbox and is refused by every other; letters matter; an immutable id is another
 * spelling of the same item; an occurrence has the id of its series with the day inside.
 */
import { createHash } from "node:crypto";
import { DAY_MS } from "./civil-days.ts";

/** Two spellings of one id: as Exchange gives it, or as `Prefer: IdType="ImmutableId"` asks. */
export type ItemIdForm = "default" | "immutable";

/** What an item id stands for. */
export interface ItemReference {
  /** Number of the event. */
  readonly number: number;
  /** Civil day of the occurrence; `undefined` for the event itself. */
  readonly day: number | undefined;
}

/** Provider UID and flags at the front of every entry id. */
const ENTRY_HEAD = Buffer.from("000000001d840311aa6611cd9bc800aa002fc45a", "hex");
/** 100-nanosecond ticks of 0001-01-01 to 1970-01-01. */
const TICKS_BEFORE_1970 = 621_355_968_000_000_000n;
const FOLDER_ENTRY_BYTES = 46;
const ITEM_ENTRY_BYTES = 70;

let lastOwner: { readonly id: string; readonly guid: Buffer } | undefined;

/**
 * Makes the id of a folder (or calendar group).
 *
 * @param ownerId - object id of the owner of the mailbox
 * @param number - number of the folder
 * @returns base64url, 120 characters for a GUID owner
 */
export function encodeFolderId(ownerId: string, number: number): string {
  const entry = Buffer.alloc(FOLDER_ENTRY_BYTES);
  ENTRY_HEAD.copy(entry);
  entry[20] = 1;
  ownerGuid(ownerId).copy(entry, 22);
  entry.writeUIntBE(number, 38, 6);
  return pad(Buffer.concat([head(ownerId, 0, FOLDER_ENTRY_BYTES), entry]));
}

/**
 * Reads the id of a folder.
 *
 * @param id - base64url or base64
 * @param ownerId - object id of the owner of the mailbox that is asked
 * @returns the number, or why there is none
 */
export function decodeFolderId(id: string, ownerId: string): number | "malformed" | "foreign" {
  const text = toBase64url(id);
  const bytes = Buffer.from(text, "base64url");
  if (bytes.length < FOLDER_ENTRY_BYTES + 7 || bytes[1] !== 3) return "malformed";
  const number = bytes.readUIntBE(bytes.length - FOLDER_ENTRY_BYTES + 38, 6);
  return encodeFolderId(ownerId, number) === text ? number : "foreign";
}

/**
 * Makes the id of an event or of one occurrence.
 *
 * @param ownerId - object id of the owner of the mailbox
 * @param item - event and, for an occurrence, its day
 * @param form - spelling
 * @returns base64url, 152 characters for an event with a GUID owner in the default form
 */
export function encodeItemId(ownerId: string, item: ItemReference, form: ItemIdForm = "default"): string {
  const type = item.day === undefined ? 0 : 1;
  const instance = item.day === undefined ? undefined : instanceKey(item.day);
  if (form === "immutable") {
    const entry = Buffer.alloc(FOLDER_ENTRY_BYTES);
    ENTRY_HEAD.copy(entry);
    entry[20] = 13;
    ownerGuid(ownerId).copy(entry, 22);
    entry.writeUIntBE(item.number, 38, 6);
    const prefix = Buffer.from([0, 9, type, FOLDER_ENTRY_BYTES, 0]);
    return pad(Buffer.concat(instance === undefined ? [prefix, entry] : [prefix, instance, entry]));
  }
  const entry = itemEntry(ownerId, item.number);
  const prefix = head(ownerId, type, ITEM_ENTRY_BYTES + (instance?.length ?? 0));
  return pad(Buffer.concat(instance === undefined ? [prefix, entry] : [prefix, instance, entry]));
}

function itemEntry(ownerId: string, number: number): Buffer {
  const entry = Buffer.alloc(ITEM_ENTRY_BYTES);
  ENTRY_HEAD.copy(entry);
  entry[20] = 7;
  const guid = ownerGuid(ownerId);
  guid.copy(entry, 22);
  entry.writeUIntBE(1, 38, 6);
  guid.copy(entry, 46);
  entry.writeUIntBE(number, 62, 6);
  return entry;
}

/**
 * Reads the id of an event or occurrence, in either form.
 *
 * @param id - base64url or base64
 * @param ownerId - object id of the owner of the mailbox that is asked
 * @returns the reference and the form, or why there is none: not an id at all, or of another mailbox
 */
export function decodeItemId(
  id: string,
  ownerId: string,
): (ItemReference & { readonly form: ItemIdForm }) | "malformed" | "foreign" {
  const text = toBase64url(id);
  const bytes = Buffer.from(text, "base64url");
  const form = bytes[1] === 9 ? "immutable" : "default";
  const entryBytes = form === "immutable" ? FOLDER_ENTRY_BYTES : ITEM_ENTRY_BYTES;
  const typeAt = form === "immutable" ? 2 : 4 + (bytes[2] ?? 0);
  if (bytes[0] !== 0 || (bytes[1] !== 3 && bytes[1] !== 9)) return "malformed";
  if (bytes.length < typeAt + 3 + entryBytes) return "malformed";
  const number = bytes.readUIntBE(bytes.length - entryBytes + (form === "immutable" ? 38 : 62), 6);
  const day = bytes[typeAt] === 1 ? readInstanceKey(bytes, typeAt + 3) : undefined;
  if (day !== undefined && !Number.isInteger(day)) return "malformed";
  return encodeItemId(ownerId, { number, day }, form) === text ? { number, day, form } : "foreign";
}

/**
 * Makes a change key: it names the mailbox and the change, so that two versions never share one.
 *
 * @param ownerId - object id of the owner of the mailbox
 * @param sequence - number of the change
 * @returns base64, 32 characters
 */
export function encodeChangeKey(ownerId: string, sequence: number): string {
  const bytes = Buffer.alloc(22);
  ownerGuid(ownerId).copy(bytes);
  bytes.writeUIntBE(sequence, 16, 6);
  return bytes.toString("base64");
}

/**
 * Makes the iCalendar UID that Exchange gives an item; each occurrence has its own.
 *
 * @param ownerId - object id of the owner of the mailbox
 * @param item - event and, for an occurrence, its day
 * @param createdAtMs - when the event was made, milliseconds since 1970 UTC
 * @returns upper-case hex, 112 digits (a global object id)
 */
export function encodeICalUId(ownerId: string, item: ItemReference, createdAtMs: number): string {
  const bytes = Buffer.alloc(56);
  Buffer.from("040000008200E00074C5B7101A82E008", "hex").copy(bytes);
  if (item.day !== undefined) {
    const date = new Date(item.day * DAY_MS);
    bytes.writeUInt16BE(date.getUTCFullYear(), 16);
    bytes[18] = date.getUTCMonth() + 1;
    bytes[19] = date.getUTCDate();
  }
  bytes.writeBigUInt64LE(BigInt(createdAtMs) * 10_000n + 116_444_736_000_000_000n, 20);
  bytes[36] = 0x10;
  ownerGuid(ownerId).copy(bytes, 40, 0, 10);
  bytes.writeUIntBE(item.number, 50, 6);
  return bytes.toString("hex").toUpperCase();
}

function head(ownerId: string, type: number, entryBytes: number): Buffer {
  const owner = Buffer.from(ownerId, "ascii");
  return Buffer.concat([
    Buffer.from([0, 3, owner.length, 0]),
    owner,
    Buffer.from([type, entryBytes & 0xff, entryBytes >> 8]),
  ]);
}

function instanceKey(day: number): Buffer {
  const bytes = Buffer.alloc(11);
  bytes[0] = 8;
  bytes.writeBigUInt64BE(BigInt(day * DAY_MS) * 10_000n + TICKS_BEFORE_1970, 1);
  bytes[9] = ITEM_ENTRY_BYTES;
  return bytes;
}

function readInstanceKey(bytes: Buffer, at: number): number {
  const ticks = bytes.readBigUInt64BE(at + 1) - TICKS_BEFORE_1970;
  return Number(ticks / 10_000n) / DAY_MS;
}

function ownerGuid(ownerId: string): Buffer {
  if (lastOwner?.id === ownerId) return lastOwner.guid;
  const hex = ownerId.replaceAll("-", "");
  const guid = /^[0-9a-f]{32}$/i.test(hex)
    ? Buffer.from(hex, "hex")
    : createHash("sha256").update(ownerId).digest().subarray(0, 16);
  lastOwner = { id: ownerId, guid };
  return guid;
}

function toBase64url(id: string): string {
  return id.replaceAll("+", "-").replaceAll("/", "_");
}

/** Exchange keeps the padding that base64url usually drops. */
function pad(bytes: Buffer): string {
  const text = bytes.toString("base64url");
  return text.padEnd(Math.ceil(text.length / 4) * 4, "=");
}
