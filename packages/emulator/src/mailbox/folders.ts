/** Calendar folders and calendar groups of a mailbox. */

import { deleteEvent } from "./events.ts";
import {
  type CalendarFolder,
  type CalendarGroup,
  DEFAULT_GROUP,
  type Mailbox,
  nextNumber,
  nextSequence,
} from "./mailbox.ts";

/**
 * Adds a calendar folder.
 *
 * @param mailbox - changed in place
 * @param name - name, unique in the mailbox without regard to case
 * @param options - colour name and calendar group
 * @returns the folder, or `exists` when the name is taken
 */
export function createFolder(
  mailbox: Mailbox,
  name: string,
  options: { readonly color?: string | undefined; readonly group?: number | undefined } = {},
): CalendarFolder | "exists" {
  if (findFolderByName(mailbox, name) !== undefined) return "exists";
  const folder: CalendarFolder = {
    number: nextNumber(mailbox),
    name,
    isDefault: false,
    color: options.color ?? "auto",
    group: options.group ?? DEFAULT_GROUP,
    changedAtSequence: nextSequence(mailbox),
  };
  mailbox.folders.set(folder.number, folder);
  return folder;
}

/**
 * Finds a folder by its name.
 *
 * @param mailbox - where to look
 * @param name - compared without regard to case
 * @returns the folder, or `undefined`
 */
function findFolderByName(mailbox: Mailbox, name: string): CalendarFolder | undefined {
  const wanted = name.toLowerCase();
  return [...mailbox.folders.values()].find((folder) => folder.name.toLowerCase() === wanted);
}

/**
 * Gives a calendar folder another name.
 *
 * @param mailbox - changed in place
 * @param folder - a folder of this mailbox
 * @param name - name, unique in the mailbox without regard to case
 * @returns `renamed`, or why not: the name is `exists`, the folder is the `default` one; `same` where it has the name
 */
export function renameFolder(
  mailbox: Mailbox,
  folder: CalendarFolder,
  name: string,
): "renamed" | "same" | "exists" | "default" {
  if (folder.name === name) return "same";
  const namesake = findFolderByName(mailbox, name);
  if (namesake !== undefined && namesake !== folder) return "exists";
  if (folder.isDefault) return "default";
  folder.name = name;
  folder.changedAtSequence = nextSequence(mailbox);
  return "renamed";
}

/**
 * Deletes a folder with all its events.
 *
 * @param mailbox - changed in place
 * @param number - number of the folder; the caller refuses the default calendar
 * @param nowMs - milliseconds since 1970 UTC
 */
export function deleteFolder(mailbox: Mailbox, number: number, nowMs: number): void {
  for (const event of [...mailbox.events.values()])
    if (event.folder === number) deleteEvent(mailbox, event.number, undefined, nowMs);
  mailbox.folders.delete(number);
  nextSequence(mailbox);
}

/**
 * Adds a calendar group.
 *
 * @param mailbox - changed in place
 * @param name - name, unique in the mailbox without regard to case
 * @param classId - GUID
 * @returns the group, or `exists` when the name is taken
 */
export function createGroup(mailbox: Mailbox, name: string, classId: string): CalendarGroup | "exists" {
  const wanted = name.toLowerCase();
  if ([...mailbox.groups.values()].some((group) => group.name.toLowerCase() === wanted)) return "exists";
  const group = {
    number: nextNumber(mailbox),
    name,
    classId,
    changedAtSequence: nextSequence(mailbox),
  };
  mailbox.groups.set(group.number, group);
  return group;
}
