/** Folders as answers show them. */

import { effectiveRights } from "../items/calendar-properties.ts";
import { storeOf } from "../items/deleted-items.ts";
import { repeatPath } from "../items/property-paths.ts";
import { isKnownTo, memberOfField } from "../schema/since.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { child, childText, type XmlElement } from "../soap/xml-reader.ts";
import { element, text } from "../soap/xml-writer.ts";
import type { FolderItem } from "./folder-references.ts";
import { findNode, folderIdAttributes, listBelow } from "./folder-tree.ts";

type FolderWriter = (folder: FolderItem, version: string) => string;

/** Writers by property path, in the order of the schema. */
const PROPERTIES: readonly (readonly [string, FolderWriter])[] = [
  ["folder:FolderId", ({ owner, node }) => element("t:FolderId", "", folderIdAttributes(owner, node))],
  ["folder:ParentFolderId", writeParent],
  [
    "folder:FolderClass",
    ({ node }) => (node.folderClass === "" ? "" : text("t:FolderClass", node.folderClass)),
  ],
  ["folder:DisplayName", ({ node }) => text("t:DisplayName", node.name)],
  ["folder:TotalCount", (folder) => text("t:TotalCount", countItems(folder))],
  [
    "folder:ChildFolderCount",
    ({ owner, node }) => text("t:ChildFolderCount", listBelow(owner.mailbox, node, false).length),
  ],
  ["folder:EffectiveRights", (_folder, version) => effectiveRights(version)],
  [
    "folder:DistinguishedFolderId",
    ({ node }) =>
      node.distinguishedName === undefined ? "" : text("t:DistinguishedFolderId", node.distinguishedName),
  ],
  ["folder:UnreadCount", ({ node }) => (node.isCalendar ? "" : text("t:UnreadCount", 0))],
];

const DEFAULT_PROPERTIES = new Set(["folder:FolderId", "folder:DisplayName", "folder:ChildFolderCount"]);
/** What every folder but a calendar shows by default as well. */
const DEFAULT_OF_OTHERS = new Set(["folder:TotalCount", "folder:UnreadCount"]);

/** A shape, ready to write folders. */
export interface FolderShape {
  readonly base: string;
  readonly additional: ReadonlySet<string>;
  /** `RequestServerVersion`; what is younger is left out. */
  readonly version: string;
}

/**
 * Reads a shape.
 *
 * @param shape - `FolderResponseShapeType`
 * @param version - of the request
 * @returns the shape
 * @throws {EwsFault} ErrorInvalidPropertyRequest for properties that no folder has
 */
export function readFolderShape(shape: XmlElement | undefined, version: string): FolderShape {
  const additional = new Set<string>();
  for (const path of child(shape, "AdditionalProperties")?.children ?? []) {
    // The store keeps no extended properties of folders: none has any.
    if (path.name === "ExtendedFieldURI") continue;
    const name = path.attributes.get("FieldURI") ?? "";
    if (!name.startsWith("folder:"))
      throw new EwsFault("ErrorInvalidPropertyRequest", {
        messageXml: repeatPath(path),
      });
    additional.add(name);
  }
  return { base: childText(shape, "BaseShape") ?? "IdOnly", additional, version };
}

/**
 * Writes a folder.
 *
 * @param folder - the folder
 * @param shape - how the caller wants to see it
 * @returns XML of `t:CalendarFolder` or `t:Folder`
 */
export function writeFolder(folder: FolderItem, { base, additional, version }: FolderShape): string {
  const { isCalendar } = folder.node;
  let content = "";
  for (const [name, write] of PROPERTIES) {
    const isBase =
      name === "folder:FolderId" ||
      base === "AllProperties" ||
      (base === "Default" && (DEFAULT_PROPERTIES.has(name) || (!isCalendar && DEFAULT_OF_OTHERS.has(name))));
    if (additional.has(name) || (isBase && isKnownTo(version, memberOfField(name))))
      content += write(folder, version);
  }
  return element(isCalendar ? "t:CalendarFolder" : "t:Folder", content);
}

function writeParent({ owner, node }: FolderItem): string {
  const parent = node.parent === undefined ? undefined : findNode(owner.mailbox, node.parent);
  return parent === undefined ? "" : element("t:ParentFolderId", "", folderIdAttributes(owner, parent));
}

function countItems({ owner, node }: FolderItem): number {
  let count = 0;
  for (const event of storeOf(owner.mailbox, node).events.values())
    if (event.folder === node.number) count += 1;
  return count;
}
