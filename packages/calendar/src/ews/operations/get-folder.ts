/**
 * GetFolder: folders by id or by the name that every mailbox has for them.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/getfolder-operation
 */
import type { CalendarInfo } from "../../calendar.ts";
import { fieldPath } from "../property-paths.ts";
import { callOf, folderPath, type Question } from "../question.ts";
import type { ResponseMessage } from "../response-message.ts";
import { childOf, textOf, type XmlElement } from "../xml-element.ts";
import { type Xml, xml } from "../xml-writer.ts";

/** A folder with what stands above it. */
export interface Folder extends Omit<CalendarInfo, "isDefaultCalendar"> {
  readonly parentId: string | undefined;
}

/**
 * Gets the default calendar and the folder of what was deleted.
 *
 * @param question - who asks about whose mailbox
 * @returns the calendar; id of Deleted Items, `undefined` when the mailbox does not show it
 * @throws {NightlatchError} `CALENDAR_…` by cause
 */
export async function getDefaultFolders(
  question: Question,
): Promise<{ readonly calendar: Folder; readonly deletedItemsId: string | undefined }> {
  const content = xml(
    "m:GetFolder",
    {},
    folderShape(),
    xml("m:FolderIds", {}, folderPath(question, undefined), folderPath(question, undefined, "deleteditems")),
  );
  const answer = await question.service.ask(callOf(question, "GetFolder", "read", content));
  const [calendar, deletedItems] = answer.messages;
  if (calendar === undefined) throw answer.unreadable("holds no response message");
  if (calendar.isError) throw answer.refuse(calendar);
  const folder = folderOf(calendar);
  if (folder === undefined) throw answer.unreadable("holds no calendar folder");
  return { calendar: folder, deletedItemsId: deletedItems && folderOf(deletedItems)?.id };
}

/**
 * Names what is read of a folder.
 *
 * @returns `m:FolderShape`
 */
export function folderShape(): Xml {
  const uris = [
    "folder:ParentFolderId",
    "folder:FolderClass",
    "folder:DisplayName",
    "folder:EffectiveRights",
  ];
  return xml(
    "m:FolderShape",
    {},
    xml("t:BaseShape", {}, "IdOnly"),
    xml("t:AdditionalProperties", {}, uris.map(fieldPath)),
  );
}

/**
 * Reads a folder.
 *
 * @param element - `t:CalendarFolder`, `t:Folder`
 * @returns the folder; `undefined` when it has no id
 */
export function readFolder(element: XmlElement): Folder | undefined {
  const id = childOf(element, "t:FolderId")?.attributes["Id"];
  if (id === undefined) return undefined;
  return {
    id,
    parentId: childOf(element, "t:ParentFolderId")?.attributes["Id"],
    name: textOf(element, "t:DisplayName") ?? "",
    canEdit: textOf(childOf(element, "t:EffectiveRights"), "t:CreateContents") !== "false",
  };
}

function folderOf(message: ResponseMessage): Folder | undefined {
  const element = childOf(message.element, "m:Folders")?.children[0];
  return element === undefined ? undefined : readFolder(element);
}
