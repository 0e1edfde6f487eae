/** Restrictions on folders: by name, class or number of what they hold. */

import { repeatPath } from "../items/property-paths.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { child, type XmlElement } from "../soap/xml-reader.ts";
import type { FolderNode } from "./folder-tree.ts";

type FolderTest = (node: FolderNode) => boolean;

/**
 * Reads a restriction.
 *
 * @param restriction - `RestrictionType`; `undefined` lets everything through
 * @returns decides about one folder
 * @throws {EwsFault} ErrorUnsupportedPathForQuery
 */
export function readFolderRestriction(restriction: XmlElement | undefined): FolderTest {
  const expression = restriction?.children[0];
  return expression === undefined ? () => true : readExpression(expression);
}

function readExpression(expression: XmlElement): FolderTest {
  if (["And", "Or", "Not"].includes(expression.name)) {
    const tests = expression.children.map(readExpression);
    if (expression.name === "And") return (node) => tests.every((test) => test(node));
    if (expression.name === "Or") return (node) => tests.some((test) => test(node));
    return (node) => !tests.some((test) => test(node));
  }
  const [path] = expression.children;
  const read = readPath(path);
  if (expression.name === "Exists") return (node) => read(node) !== "";
  const constant = child(expression, "Constant") ?? child(expression, "FieldURIOrConstant")?.children[0];
  const wanted = (constant?.attributes.get("Value") ?? "").toLowerCase();
  if (expression.name === "IsEqualTo") return (node) => read(node).toLowerCase() === wanted;
  if (expression.name === "IsNotEqualTo") return (node) => read(node).toLowerCase() !== wanted;
  if (expression.name === "Contains") {
    const mode = expression.attributes.get("ContainmentMode") ?? "FullString";
    return (node) => {
      const value = read(node).toLowerCase();
      if (mode === "FullString") return value === wanted;
      return mode === "Prefixed" ? value.startsWith(wanted) : value.includes(wanted);
    };
  }
  throw unsupported(path);
}

function readPath(path: XmlElement | undefined): (node: FolderNode) => string {
  const name = path?.attributes.get("FieldURI");
  if (name === "folder:DisplayName") return (node) => node.name;
  if (name === "folder:FolderClass") return (node) => node.folderClass;
  // PidTagContainerClass and PidTagDisplayName, which some clients prefer.
  const tag = Number(path?.attributes.get("PropertyTag"));
  if (tag === 0x3613) return (node) => node.folderClass;
  if (tag === 0x3001) return (node) => node.name;
  throw unsupported(path);
}

function unsupported(path: XmlElement | undefined): EwsFault {
  return new EwsFault("ErrorUnsupportedPathForQuery", {
    messageXml: path === undefined ? undefined : repeatPath(path),
  });
}
