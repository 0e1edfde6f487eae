/** `GetFolder`. */
import type { EwsCall } from "../call.ts";
import { requireFolder } from "../folders/folder-references.ts";
import { readFolderShape, writeFolder } from "../folders/folder-shape.ts";
import { respondEach } from "../soap/response-message.ts";
import { child } from "../soap/xml-reader.ts";
import { element } from "../soap/xml-writer.ts";

/**
 * Gives folders.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/getfolder-operation
 */
export function getFolder(call: EwsCall): string {
  const shape = readFolderShape(child(call.body, "FolderShape"), call.version);
  return respondEach(
    "GetFolderResponseMessage",
    child(call.body, "FolderIds")?.children ?? [],
    (reference) => element("m:Folders", writeFolder(requireFolder(call, reference), shape)),
    "<m:Folders/>",
  );
}
