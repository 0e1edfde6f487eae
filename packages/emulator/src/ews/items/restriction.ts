/**
 * Restrictions of finds.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-use-search-filters-with-ews-in-exchange
 */
import type { EventInstance } from "../../mailbox/event.ts";
import type { EwsCall, MailboxOwner } from "../call.ts";
import { child, type XmlElement } from "../soap/xml-reader.ts";
import { readInstant } from "../zones/instants.ts";
import { type FieldValue, valueOfPath } from "./field-values.ts";

/** Decides about one item. */
export type Test = (owner: MailboxOwner, instance: EventInstance) => boolean;

/**
 * Reads a restriction.
 *
 * @param restriction - `RestrictionType`; `undefined` lets everything through
 * @param call - the request
 * @returns decides about one item
 * @throws {EwsFault} ErrorUnsupportedPathForQuery
 */
export function readRestriction(restriction: XmlElement | undefined, call: EwsCall): Test {
  const expression = restriction?.children[0];
  return expression === undefined ? () => true : readExpression(expression, call);
}

function readExpression(expression: XmlElement, call: EwsCall): Test {
  switch (expression.name) {
    case "And": {
      const tests = expression.children.map((inner) => readExpression(inner, call));
      return (owner, instance) => tests.every((test) => test(owner, instance));
    }
    case "Or": {
      const tests = expression.children.map((inner) => readExpression(inner, call));
      return (owner, instance) => tests.some((test) => test(owner, instance));
    }
    case "Not": {
      const inner = expression.children[0];
      const test: Test = inner === undefined ? () => false : readExpression(inner, call);
      return (owner, instance) => !test(owner, instance);
    }
    default:
      return readComparison(expression, call);
  }
}

function readComparison(expression: XmlElement, call: EwsCall): Test {
  const path = expression.children[0];
  if (path === undefined) return () => false;
  const left = valueOfPath(path);
  if (expression.name === "Exists") return (owner, instance) => exists(left(owner, instance));
  if (expression.name === "Contains") {
    const contains = readContains(expression);
    return (owner, instance) => asTexts(left(owner, instance)).some(contains);
  }
  if (expression.name === "Excludes") {
    const mask = Number(child(expression, "Bitmask")?.attributes.get("Value") ?? 0);
    return (owner, instance) => (Number(left(owner, instance) ?? 0) & mask) === 0;
  }
  const right = readOperand(child(expression, "FieldURIOrConstant"));
  const decide = COMPARISONS[expression.name] ?? (() => false);
  return (owner, instance) => {
    const value = left(owner, instance);
    const other = right(owner, instance);
    if (Array.isArray(value)) return value.some((item) => decide(compare(item, other, call)));
    return decide(compare(value, other, call));
  };
}

const COMPARISONS: Readonly<Record<string, (order: number | undefined) => boolean>> = {
  IsEqualTo: (order) => order === 0,
  IsNotEqualTo: (order) => order !== 0,
  IsGreaterThan: (order) => order !== undefined && order > 0,
  IsGreaterThanOrEqualTo: (order) => order !== undefined && order >= 0,
  IsLessThan: (order) => order !== undefined && order < 0,
  IsLessThanOrEqualTo: (order) => order !== undefined && order <= 0,
};

function readOperand(
  operand: XmlElement | undefined,
): (owner: MailboxOwner, instance: EventInstance) => FieldValue {
  const inner = operand?.children[0];
  if (inner === undefined) return () => undefined;
  if (inner.name !== "Constant") return valueOfPath(inner);
  const value = inner.attributes.get("Value") ?? "";
  return () => value;
}

/** Constants are texts: they are read as what the property is. `undefined` means that the two cannot be compared. */
function compare(value: FieldValue, other: FieldValue, call: EwsCall): number | undefined {
  if (value === undefined || other === undefined) return undefined;
  if (value instanceof Date) return order(value.getTime(), asInstant(other, call));
  if (typeof value === "number") return order(value, Number(other));
  if (typeof value === "boolean") return order(Number(value), /^(true|1)$/i.test(String(other)) ? 1 : 0);
  // Exchange compares texts without regard to case.
  return order(String(value).toLowerCase(), String(other).toLowerCase());
}

function asInstant(value: FieldValue, call: EwsCall): number {
  return value instanceof Date ? value.getTime() : readInstant(String(value), call.ianaZone);
}

function order<V extends string | number>(left: V, right: V): number | undefined {
  if (Number.isNaN(left) || Number.isNaN(right)) return undefined;
  return left < right ? -1 : left > right ? 1 : 0;
}

function exists(value: FieldValue): boolean {
  return value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0);
}

function asTexts(value: FieldValue): readonly string[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  return [String(value)];
}

function readContains(expression: XmlElement): (value: string) => boolean {
  const wanted = child(expression, "Constant")?.attributes.get("Value") ?? "";
  const mode = expression.attributes.get("ContainmentMode") ?? "FullString";
  const fold = foldingOf(expression.attributes.get("ContainmentComparison") ?? "Exact");
  const needle = fold(wanted);
  return (value) => {
    const hay = fold(value);
    if (mode === "FullString") return hay === needle;
    if (mode === "Prefixed") return hay.startsWith(needle);
    if (mode === "Substring") return hay.includes(needle);
    const words = ` ${hay.replaceAll(/[^\p{L}\p{N}]+/gu, " ")} `;
    const phrase = needle.replaceAll(/[^\p{L}\p{N}]+/gu, " ").trim();
    return words.includes(mode === "ExactPhrase" ? ` ${phrase} ` : ` ${phrase}`);
  };
}

function foldingOf(comparison: string): (text: string) => string {
  const ignoresCase = /IgnoreCase|Loose/.test(comparison);
  const ignoresMarks = /NonSpac/.test(comparison);
  return (text) => {
    const plain = ignoresMarks ? text.normalize("NFD").replaceAll(/\p{M}/gu, "") : text;
    return ignoresCase ? plain.toLowerCase() : plain;
  };
}
