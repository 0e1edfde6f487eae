/**
 * FindFolder: every calendar folder of a mailbox, however deep.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/findfolder-operation
 */
import { fieldPath } from "../property-paths.ts";
import { callOf, folderPath, onlyMessage, type Question } from "../question.ts";
import { childOf } from "../xml-element.ts";
import { xml } from "../xml-writer.ts";
import { type Folder, folderShape, readFolder } from "./get-folder.ts";

const FOLDER_COUNT = 500;

/**
 * Finds the calendar folders below the root of what people see, those in Deleted Items included.
 *
 * @param question - who asks about whose mailbox
 * @returns the folders in the order of the server
 * @throws {NightlatchError} `CALENDAR_…` by cause
 */
export async function findCalendarFolders(question: Question): Promise<readonly Folder[]> {
  const folders: Folder[] = [];
  for (let offset = 0; ; ) {
    const answer = await question.service.ask(
      callOf(question, "FindFolder", "read", request(question, offset)),
    );
    const root = childOf(onlyMessage(answer).element, "m:RootFolder");
    for (const element of childOf(root, "t:Folders")?.children ?? []) {
      const folder = readFolder(element);
      if (folder === undefined) throw answer.unreadable("holds a folder without id");
      folders.push(folder);
    }
    if (root?.attributes["IncludesLastItemInRange"] === "true") return folders;
    const next = Number(root?.attributes["IndexedPagingOffset"] ?? Number.NaN);
    if (!(next > offset)) throw answer.unreadable("does not say where the next folders begin");
    offset = next;
  }
}

function request(question: Question, offset: number): ReturnType<typeof xml> {
  return xml(
    "m:FindFolder",
    { Traversal: "Deep" },
    folderShape(),
    xml("m:IndexedPageFolderView", {
      MaxEntriesReturned: FOLDER_COUNT,
      Offset: offset,
      BasePoint: "Beginning",
    }),
    xml(
      "m:Restriction",
      {},
      xml(
        "t:IsEqualTo",
        {},
        fieldPath("folder:FolderClass"),
        xml("t:FieldURIOrConstant", {}, xml("t:Constant", { Value: "IPF.Appointment" })),
      ),
    ),
    xml("m:ParentFolderIds", {}, folderPath(question, undefined, "msgfolderroot")),
  );
}
