/**
 * Ids of extended properties inside filters. They have several spellings, and letters count in their names but not in
 * the rest, unlike in any other string that a filter compares: both sides are brought into one exact form.
 */
import { parseGraphPropertyId } from "../../mailbox/extended-properties.ts";
import type { FilterNode, FilterOperand } from "./filter-parser.ts";

/**
 * Gives the exact form of a property.
 *
 * @param key - neutral key of an extended property
 * @returns hex, so that letters cannot fold
 */
export function canonicalPropertyId(key: string): string {
  const known = canonicalIds.get(key);
  if (known !== undefined) return known;
  const id = `property:${Buffer.from(key).toString("hex")}`;
  if (canonicalIds.size < REMEMBERED_IDS) canonicalIds.set(key, id);
  return id;
}

/** A filter compares the same few keys on every event. */
const canonicalIds = new Map<string, string>();
const REMEMBERED_IDS = 1_000;

/**
 * Replaces ids of extended properties by their exact form.
 *
 * @param node - parsed filter
 * @returns the same filter with exact ids
 */
export function withCanonicalPropertyIds(node: FilterNode): FilterNode {
  switch (node.kind) {
    case "and":
    case "or":
      return {
        ...node,
        left: withCanonicalPropertyIds(node.left),
        right: withCanonicalPropertyIds(node.right),
      };
    case "not":
      return { ...node, operand: withCanonicalPropertyIds(node.operand) };
    case "lambda":
      return node.condition === undefined
        ? node
        : { ...node, condition: withCanonicalPropertyIds(node.condition) };
    case "compare":
      return isIdPath(node.left)
        ? { ...node, right: canonicalLiteral(node.right) }
        : isIdPath(node.right)
          ? { ...node, left: canonicalLiteral(node.left) }
          : node;
    case "in":
      return isIdPath(node.left)
        ? { ...node, values: node.values.map((value) => canonicalText(value) ?? value) }
        : node;
    default:
      return node;
  }
}

function isIdPath(operand: FilterOperand): boolean {
  return operand.kind === "path" && operand.path[operand.path.length - 1]?.toLowerCase() === "id";
}

function canonicalLiteral(operand: FilterOperand): FilterOperand {
  const text = operand.kind === "literal" ? canonicalText(operand.value) : undefined;
  return text === undefined ? operand : { kind: "literal", value: text };
}

function canonicalText(value: unknown): string | undefined {
  const key = typeof value === "string" ? parseGraphPropertyId(value) : undefined;
  return key === undefined ? undefined : canonicalPropertyId(key);
}
