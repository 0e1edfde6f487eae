/**
 * CreateFolder: a calendar below the default one, where Outlook puts its own.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/createfolder-operation
 */
import { callOf, folderPath, onlyMessage, type Question } from "../question.ts";
import { childOf } from "../xml-element.ts";
import { xml } from "../xml-writer.ts";

/**
 * Creates a calendar folder.
 *
 * @param question - who asks about whose mailbox
 * @param name - name that people see
 * @returns id of the folder
 * @throws {NightlatchError} `CALENDAR_…` by cause, `CALENDAR_NAME_TAKEN` when there is one of this name
 */
export async function createCalendarFolder(question: Question, name: string): Promise<string> {
  const content = xml(
    "m:CreateFolder",
    {},
    xml("m:ParentFolderId", {}, folderPath(question, undefined)),
    xml("m:Folders", {}, xml("t:CalendarFolder", {}, xml("t:DisplayName", {}, name))),
  );
  const answer = await question.service.ask(callOf(question, "CreateFolder", "create", content));
  const folder = childOf(onlyMessage(answer).element, "m:Folders")?.children[0];
  const id = childOf(folder, "t:FolderId")?.attributes["Id"];
  if (id === undefined) throw answer.unreadable("does not name the folder");
  return id;
}
