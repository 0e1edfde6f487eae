/**
 * The mailbox store that Graph and Exchange share: an event written through one surface is read through the other.
 *
 * Everything here is plain data that `structuredClone` copies, so that a snapshot is a copy. Each change of an item
 * takes the next number of the mailbox's `sequence`; change keys and synchronisation states are made of it.
 */
import type { StoredEvent } from "./event.ts";

/** A calendar folder. */
export interface CalendarFolder {
  /** Unique in its mailbox, never used again; 1 is the default calendar. */
  readonly number: number;
  name: string;
  readonly isDefault: boolean;
  /** Graph's colour name. */
  color: string;
  /** Number of the calendar group. */
  group: number;
  changedAtSequence: number;
  /** With whom it is shared, replaced as a whole; absent until that is changed for the first time. */
  shares?: readonly CalendarShare[] | undefined;
}

/** Somebody with whom a calendar is shared. */
export interface CalendarShare {
  /** SMTP address; `undefined` for everybody in the organisation. */
  readonly address: string | undefined;
  readonly name: string | undefined;
  /** Graph's `calendarRoleType`. */
  readonly role: string;
}

/** A group of calendars as Outlook shows it; 1 is "My Calendars". */
export interface CalendarGroup {
  readonly number: number;
  name: string;
  readonly classId: string;
  changedAtSequence: number;
}

/** What is remembered of a deleted item, so that synchronisation can tell. */
export interface Tombstone {
  readonly sequence: number;
  readonly number: number;
  readonly folder: number;
}

/** Settings that differ from their defaults, in Graph's spelling. */
export type MailboxSettings = Record<string, unknown>;

/** A mailbox: its calendar folders and what they hold. */
export interface Mailbox {
  /** Object id of the user or group. */
  readonly ownerId: string;
  /** Number of the last change. */
  sequence: number;
  /** Number of the last item or folder that was made. */
  lastNumber: number;
  readonly folders: Map<number, CalendarFolder>;
  readonly groups: Map<number, CalendarGroup>;
  readonly events: Map<number, StoredEvent>;
  tombstones: Tombstone[];
  /** Number of the newest change whose tombstone was dropped to save memory; 0 when none was. */
  forgottenUntil: number;
  /** Event number by Graph's `transactionId`; absent until one is used. */
  transactions: Map<string, number> | undefined;
  settings: MailboxSettings | undefined;
  /** Colours by name of category, in Graph's spelling. */
  categories: Map<string, { readonly id: string; color: string }> | undefined;
}

/** Number of the default calendar in every mailbox. */
export const DEFAULT_FOLDER = 1;
/** Number of the calendar group "My Calendars" in every mailbox. */
export const DEFAULT_GROUP = 1;
/** Tombstones kept per mailbox; an older synchronisation state has to start again. */
export const TOMBSTONE_LIMIT = 10_000;

/**
 * Makes an empty mailbox with its default calendar.
 *
 * @param ownerId - object id (GUID) of the user or group
 * @returns plain data
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createMailbox } from "./mailbox.ts";
 *
 * const mailbox = createMailbox("11111111-1111-4111-8111-111111111111");
 * assert.equal(mailbox.folders.get(1)?.name, "Calendar");
 * ```
 */
export function createMailbox(ownerId: string): Mailbox {
  return {
    ownerId,
    sequence: 1,
    lastNumber: 1,
    folders: new Map([
      [
        DEFAULT_FOLDER,
        {
          number: DEFAULT_FOLDER,
          name: "Calendar",
          isDefault: true,
          color: "auto",
          group: DEFAULT_GROUP,
          changedAtSequence: 1,
        },
      ],
    ]),
    groups: new Map([
      [
        DEFAULT_GROUP,
        {
          number: DEFAULT_GROUP,
          name: "My Calendars",
          classId: "0006f0b7-0000-0000-c000-000000000046",
          changedAtSequence: 1,
        },
      ],
    ]),
    events: new Map(),
    tombstones: [],
    forgottenUntil: 0,
    transactions: undefined,
    settings: undefined,
    categories: undefined,
  };
}

/**
 * Gives a folder, event or group the next free number of its mailbox.
 *
 * @param mailbox - changed in place
 * @returns a number never used before
 */
export function nextNumber(mailbox: Mailbox): number {
  mailbox.lastNumber += 1;
  return mailbox.lastNumber;
}

/**
 * Gives a change its number.
 *
 * @param mailbox - changed in place
 * @returns the new sequence number
 */
export function nextSequence(mailbox: Mailbox): number {
  mailbox.sequence += 1;
  return mailbox.sequence;
}
