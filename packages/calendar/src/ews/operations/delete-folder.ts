/**
 * DeleteFolder: a calendar and all it holds.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/deletefolder-operation
 */
import { callOf, folderPath, onlyMessage, type Question } from "../question.ts";
import { xml } from "../xml-writer.ts";

/**
 * Deletes a calendar folder softly: it goes where administrators can still recover it, not to Deleted Items, where
 * it would go on being a calendar folder.
 *
 * @param question - who asks about whose mailbox
 * @param folderId - id of the folder
 * @throws {NightlatchError} `CALENDAR_…` by cause
 */
export async function deleteCalendarFolder(question: Question, folderId: string): Promise<void> {
  const content = xml(
    "m:DeleteFolder",
    { DeleteType: "SoftDelete" },
    xml("m:FolderIds", {}, folderPath(question, folderId)),
  );
  const answer = await question.service.ask(callOf(question, "DeleteFolder", "change", content));
  const responseCode = answer.messages[0]?.responseCode ?? "";
  // Our own first attempt has deleted it, only its answer was lost.
  if (answer.lostBefore && /^Error(Folder|Item)NotFound$/.test(responseCode)) return;
  onlyMessage(answer);
}
