/**
 * The folder tree of a mailbox as Exchange shows it. The store keeps calendar folders only; the folders around them
 * are always the same; of them only those of deleted items ever hold anything.
 */
import { decodeFolderId, encodeChangeKey, encodeFolderId } from "../../mailbox/item-ids.ts";
import { DEFAULT_FOLDER, type Mailbox } from "../../mailbox/mailbox.ts";
import type { MailboxOwner } from "../call.ts";
import { toEwsId } from "../items/item-references.ts";

/** A folder as answers show it. */
export interface FolderNode {
  /** Number of the folder; those that the store does not keep have very large ones. */
  readonly number: number;
  readonly name: string;
  /** `calendar`, `msgfolderroot` and so on; `undefined` for folders of the user. */
  readonly distinguishedName: string | undefined;
  readonly folderClass: string;
  /** Number of the folder above; `undefined` for the root. */
  readonly parent: number | undefined;
  readonly isCalendar: boolean;
  readonly changedAtSequence: number;
}

/** Where folders that a caller made lie; plain data on the mailbox itself, so that snapshots carry it along. */
type MailboxWithParents = Mailbox & { ewsParents?: Map<number, number> };

const FIXED_NUMBERS = 0x7f00_0000_0000;
const TOP = FIXED_NUMBERS + 1;

/** Distinguished name, display name, class, and the folder above, which is the second where none is named. */
const FIXED_FOLDERS: readonly (readonly [string, string, string, string?])[] = [
  ["root", "root", ""],
  ["msgfolderroot", "Top of Information Store", "IPF.Note", "root"],
  ["contacts", "Contacts", "IPF.Contact"],
  ["deleteditems", "Deleted Items", "IPF.Note"],
  ["drafts", "Drafts", "IPF.Note"],
  ["inbox", "Inbox", "IPF.Note"],
  ["journal", "Journal", "IPF.Journal"],
  ["junkemail", "Junk Email", "IPF.Note"],
  ["notes", "Notes", "IPF.StickyNote"],
  ["outbox", "Outbox", "IPF.Note"],
  ["sentitems", "Sent Items", "IPF.Note"],
  ["tasks", "Tasks", "IPF.Task"],
  ["recoverableitemsroot", "Recoverable Items", "", "root"],
  ["recoverableitemsdeletions", "Deletions", "", "recoverableitemsroot"],
];

const FIXED_NODES: readonly FolderNode[] = FIXED_FOLDERS.map(
  ([distinguishedName, name, folderClass, above], index) => ({
    number: FIXED_NUMBERS + index,
    name,
    distinguishedName,
    folderClass,
    parent: index === 0 ? undefined : above === undefined ? TOP : fixedNumber(above),
    isCalendar: false,
    changedAtSequence: 1,
  }),
);

function fixedNumber(wanted: string): number {
  return FIXED_NUMBERS + FIXED_FOLDERS.findIndex(([distinguishedName]) => distinguishedName === wanted);
}

/**
 * Lists all folders, each after the one above it.
 *
 * @param mailbox - whose folders
 * @returns the nodes
 */
function listNodes(mailbox: Mailbox): FolderNode[] {
  return [
    ...FIXED_NODES,
    ...[...mailbox.folders.keys()].map((number) => calendarNode(mailbox, number)),
  ].filter((node) => node !== undefined);
}

/**
 * Finds a folder by number.
 *
 * @param mailbox - whose folder
 * @param number - its number
 * @returns the node, or `undefined`
 */
export function findNode(mailbox: Mailbox, number: number): FolderNode | undefined {
  return number >= FIXED_NUMBERS ? FIXED_NODES[number - FIXED_NUMBERS] : calendarNode(mailbox, number);
}

/**
 * Finds a folder by its distinguished name.
 *
 * @param mailbox - whose folder
 * @param name - as the schema spells it
 * @returns the node, or `undefined` for names that no mailbox of the emulator has
 */
export function findDistinguished(mailbox: Mailbox, name: string): FolderNode | undefined {
  return name === "calendar"
    ? calendarNode(mailbox, DEFAULT_FOLDER)
    : FIXED_NODES.find(({ distinguishedName }) => distinguishedName === name);
}

/**
 * Lists the folders below another.
 *
 * @param mailbox - whose folders
 * @param above - the folder
 * @param isDeep - all generations, or the next one only
 * @returns nodes, ordered by name
 */
export function listBelow(mailbox: Mailbox, above: FolderNode, isDeep: boolean): FolderNode[] {
  const all = listNodes(mailbox);
  const isBelow = (node: FolderNode): boolean => {
    if (node.parent === above.number) return true;
    const parent = isDeep && node.parent !== undefined ? findNode(mailbox, node.parent) : undefined;
    return parent !== undefined && isBelow(parent);
  };
  return all
    .filter(isBelow)
    .sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
}

/**
 * Remembers where a new folder lies.
 *
 * @param mailbox - changed in place
 * @param number - of the new folder
 * @param parent - number of the folder above
 */
export function rememberParent(mailbox: Mailbox, number: number, parent: number): void {
  const withParents = mailbox as MailboxWithParents;
  withParents.ewsParents ??= new Map();
  withParents.ewsParents.set(number, parent);
}

/**
 * Gives the id and version of a folder, as attributes.
 *
 * @param owner - whose folder
 * @param node - the folder
 * @returns `Id` and `ChangeKey`
 */
export function folderIdAttributes(
  owner: MailboxOwner,
  node: FolderNode,
): { readonly Id: string; readonly ChangeKey: string } {
  return {
    Id: toEwsId(encodeFolderId(owner.id, node.number)),
    ChangeKey: encodeChangeKey(owner.id, node.changedAtSequence),
  };
}

/**
 * Reads the id of a folder.
 *
 * @param owner - whose mailbox is used
 * @param id - base64
 * @returns the node, or why there is none
 */
export function nodeOfId(owner: MailboxOwner, id: string): FolderNode | "malformed" | "notFound" {
  const number = decodeFolderId(id, owner.id);
  if (number === "malformed") return "malformed";
  return (number === "foreign" ? undefined : findNode(owner.mailbox, number)) ?? "notFound";
}

/** Calendars that Graph made lie below the default one, as Outlook shows them. */
function calendarNode(mailbox: Mailbox, number: number): FolderNode | undefined {
  const folder = mailbox.folders.get(number);
  if (folder === undefined) return undefined;
  const kept = (mailbox as MailboxWithParents).ewsParents?.get(number);
  const parent = kept === undefined || findAnyFolder(mailbox, kept) === undefined ? DEFAULT_FOLDER : kept;
  return {
    number,
    name: folder.name,
    distinguishedName: folder.isDefault ? "calendar" : undefined,
    folderClass: "IPF.Appointment",
    parent: folder.isDefault ? TOP : parent,
    isCalendar: true,
    changedAtSequence: folder.changedAtSequence,
  };
}

function findAnyFolder(mailbox: Mailbox, number: number): unknown {
  return number >= FIXED_NUMBERS ? FIXED_NODES[number - FIXED_NUMBERS] : mailbox.folders.get(number);
}
