/** Items that requests name: by id, as an occurrence of a series, or as the series of an occurrence. */
import type { EventInstance } from "../../mailbox/event.ts";
import { findInstance } from "../../mailbox/events.ts";
import { decodeItemId, encodeChangeKey, encodeItemId } from "../../mailbox/item-ids.ts";
import { dayOfOrdinal } from "../../mailbox/recurrence.ts";
import { isSeriesMaster } from "../../mailbox/series.ts";
import type { EwsCall, MailboxOwner } from "../call.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import type { XmlElement } from "../soap/xml-reader.ts";
import { deletedItemsOf } from "./deleted-items.ts";

/** An item that was found. */
export interface ItemReference {
  readonly owner: MailboxOwner;
  readonly instance: EventInstance;
  readonly number: number;
  /** Civil day of the occurrence; `undefined` for the item itself. */
  readonly day: number | undefined;
  /** Number of the change that the given `ChangeKey` stands for; `undefined` without one. */
  readonly knownSequence: number | undefined;
}

/**
 * Spells an id of the store as Exchange Web Services does.
 *
 * @param id - base64url, padded
 * @returns base64
 */
export function toEwsId(id: string): string {
  return id.replaceAll("-", "+").replaceAll("_", "/");
}

/**
 * Gives the id and version of an item, as attributes.
 *
 * @param owner - whose item
 * @param instance - the item
 * @returns `Id` and `ChangeKey`
 */
export function itemIdAttributes(
  owner: MailboxOwner,
  instance: EventInstance,
): { readonly Id: string; readonly ChangeKey: string } {
  return {
    Id: toEwsId(encodeItemId(owner.id, { number: instance.event.number, day: instance.day })),
    ChangeKey: encodeChangeKey(owner.id, sequenceOf(instance)),
  };
}

/**
 * Gives the number of the last change of an item.
 *
 * @param instance - the item
 * @returns sequence number
 */
export function sequenceOf(instance: EventInstance): number {
  return instance.exception?.changedAtSequence ?? instance.event.changedAtSequence;
}

/**
 * Finds the item that an element names.
 *
 * @param call - the request
 * @param reference - `ItemId`, `OccurrenceItemId` or `RecurringMasterItemId`
 * @returns the item
 * @throws {EwsFault} ErrorItemNotFound, ErrorInvalidIdMalformed, ErrorInvalidChangeKey or one about occurrences
 */
export function requireItem(call: EwsCall, reference: XmlElement): ItemReference {
  return find(call, findReferred(call.owner, reference), reference.attributes.get("ChangeKey"));
}

/**
 * Finds an item by its id.
 *
 * @param call - the request
 * @param id - base64
 * @returns the item
 * @throws {EwsFault} as {@link requireItem}
 */
export function requireItemById(call: EwsCall, id: string): ItemReference {
  return find(call, readId(call.owner, id), undefined);
}

function find(call: EwsCall, found: Referred, changeKey: string | undefined): ItemReference {
  const owner = ownerOf(call.owner, found);
  const knownSequence = readChangeKey(owner, changeKey);
  const instance = findInstance(owner.mailbox, found.number, found.day);
  if (instance === undefined) throw missingItem(owner, found);
  return { owner, instance, ...found, knownSequence };
}

/** What was deleted is found too, in the store that holds it. */
function ownerOf(owner: MailboxOwner, { number }: Referred): MailboxOwner {
  if (owner.mailbox.events.has(number)) return owner;
  const mailbox = deletedItemsOf(owner.mailbox);
  return mailbox.events.has(number) ? { ...owner, mailbox } : owner;
}

interface Referred {
  readonly number: number;
  readonly day: number | undefined;
}

function findReferred(owner: MailboxOwner, reference: XmlElement): Referred {
  if (reference.name === "OccurrenceItemId") return findByIndex(owner, reference);
  const isMasterOf = reference.name === "RecurringMasterItemId";
  const { number, day } = readId(owner, reference.attributes.get(isMasterOf ? "OccurrenceId" : "Id") ?? "");
  if (!isMasterOf) return { number, day };
  if (day === undefined) throw new EwsFault("ErrorCalendarCannotUseIdForRecurringMasterId");
  return { number, day: undefined };
}

function findByIndex(owner: MailboxOwner, reference: XmlElement): Referred {
  const { number, day } = readId(owner, reference.attributes.get("RecurringMasterId") ?? "");
  const master = owner.mailbox.events.get(number);
  if (master === undefined) throw new EwsFault("ErrorItemNotFound");
  if (day !== undefined || !isSeriesMaster(master))
    throw new EwsFault("ErrorCalendarCannotUseIdForOccurrenceId");
  const index = Number(reference.attributes.get("InstanceIndex"));
  const dayOfIndex = dayOfOrdinal(master.series, index);
  if (dayOfIndex === undefined) throw new EwsFault("ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange");
  return { number, day: dayOfIndex };
}

function readId(owner: MailboxOwner, id: string): Referred {
  const reference = decodeItemId(id, owner.id);
  if (reference === "malformed") throw new EwsFault("ErrorInvalidIdMalformed");
  if (reference === "foreign") throw new EwsFault("ErrorItemNotFound");
  return { number: reference.number, day: reference.day };
}

function missingItem({ mailbox }: MailboxOwner, { number, day }: Referred): EwsFault {
  const deletedDays = mailbox.events.get(number)?.series?.deletedDays ?? [];
  const isDeleted = day !== undefined && deletedDays.includes(day);
  return new EwsFault(isDeleted ? "ErrorCalendarOccurrenceIsDeletedFromRecurrence" : "ErrorItemNotFound");
}

/** A change key holds the mailbox and the number of the change; only keys that were given out are taken. */
function readChangeKey(owner: MailboxOwner, key: string | undefined): number | undefined {
  if (key === undefined || key === "") return undefined;
  const bytes = Buffer.from(key, "base64");
  const sequence = bytes.length === 22 ? bytes.readUIntBE(16, 6) : -1;
  if (sequence < 0 || encodeChangeKey(owner.id, sequence) !== key)
    throw new EwsFault("ErrorInvalidChangeKey");
  return sequence;
}
