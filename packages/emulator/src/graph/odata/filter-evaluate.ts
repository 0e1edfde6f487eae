/** Evaluates a parsed `$filter` on one item. Strings compare without regard to case, as the service does. */
import type { FilterLiteral, FilterNode, FilterOperand, FilterType } from "./filter-parser.ts";
import { parseBoolean } from "./primitive.ts";

/** Gives the value behind a path, `undefined` or `null` when the item has none. */
export type PathResolver = (path: readonly string[]) => unknown;

/**
 * Evaluates an expression.
 *
 * @param node - parsed filter
 * @param resolve - values of the item
 * @returns whether the item matches
 */
export function matchesFilter(node: FilterNode, resolve: PathResolver): boolean {
  switch (node.kind) {
    case "and":
      return matchesFilter(node.left, resolve) && matchesFilter(node.right, resolve);
    case "or":
      return matchesFilter(node.left, resolve) || matchesFilter(node.right, resolve);
    case "not":
      return !matchesFilter(node.operand, resolve);
    case "truth":
      return readOperand(node.operand, resolve) === true;
    case "in": {
      const left = readOperand(node.left, resolve);
      return node.values.some((value) => compare(left, value) === 0);
    }
    case "match":
      return matchText(node.method, readOperand(node.target, resolve), readOperand(node.argument, resolve));
    case "compare":
      return matchComparison(
        node.operator,
        readOperand(node.left, resolve),
        readOperand(node.right, resolve),
      );
    case "lambda":
      return matchLambda(node, resolve);
  }
}

/**
 * Lists every path that an expression reads; the body of a lambda is listed under its collection.
 *
 * @param node - parsed filter
 * @returns paths, first segment first
 */
export function listFilterPaths(node: FilterNode): (readonly string[])[] {
  switch (node.kind) {
    case "and":
    case "or":
      return [...listFilterPaths(node.left), ...listFilterPaths(node.right)];
    case "not":
      return listFilterPaths(node.operand);
    case "truth":
      return operandPaths(node.operand);
    case "in":
      return operandPaths(node.left);
    case "match":
      return [...operandPaths(node.target), ...operandPaths(node.argument)];
    case "compare":
      return [...operandPaths(node.left), ...operandPaths(node.right)];
    case "lambda":
      return [node.collection];
  }
}

/**
 * Orders two values.
 *
 * @param left - string, number, boolean, `null` or `undefined`
 * @param right - the same
 * @returns below, equal to or above 0; `null` comes first; `undefined` when they cannot be compared
 */
export function compare(left: unknown, right: unknown): number | undefined {
  const [a, b] = [left ?? null, right ?? null];
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (typeof a === "number" && typeof b === "string") return a - Number(b);
  if (typeof a !== "string" || typeof b !== "string") return undefined;
  const [x, y] = [normalise(a), normalise(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Date-times compare by time: fractions and a final Z are spelled in several ways. */
function normalise(text: string): string {
  const time = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})(?::(\d{2})(?:\.(\d+))?)?Z?)?$/i.exec(text);
  if (time === null) return text.toLowerCase();
  return `${time[1]}T${time[2] ?? "00:00"}:${time[3] ?? "00"}.${(time[4] ?? "").padEnd(7, "0")}`;
}

function matchComparison(operator: string, left: unknown, right: unknown): boolean {
  const order = compare(left, right);
  if (operator === "eq") return order === 0;
  if (operator === "ne") return order !== 0;
  // Nothing is above or below null.
  if (order === undefined || (left ?? null) === null || (right ?? null) === null) return false;
  if (operator === "gt") return order > 0;
  if (operator === "ge") return order >= 0;
  return operator === "lt" ? order < 0 : order <= 0;
}

function matchText(method: string, target: unknown, argument: unknown): boolean {
  if (typeof target !== "string" || typeof argument !== "string") return false;
  const [text, part] = [target.toLowerCase(), argument.toLowerCase()];
  if (method === "startswith") return text.startsWith(part);
  return method === "endswith" ? text.endsWith(part) : text.includes(part);
}

function matchLambda(node: FilterNode & { kind: "lambda" }, resolve: PathResolver): boolean {
  const items = resolve(node.collection);
  if (!Array.isArray(items)) return node.quantifier === "all";
  const { condition, variable } = node;
  if (condition === undefined) return items.length > 0;
  const matches = (item: unknown): boolean =>
    matchesFilter(condition, (path) => (path[0] === variable ? walk(item, path.slice(1)) : resolve(path)));
  return node.quantifier === "any" ? items.some(matches) : items.every(matches);
}

/**
 * Follows a path into a value.
 *
 * @param value - parsed JSON
 * @param path - names; `$count` at the end is the number of a collection
 * @returns what is there
 */
export function walk(value: unknown, path: readonly string[]): unknown {
  let here = value;
  for (const name of path) {
    if (typeof here !== "object" || here === null) return undefined;
    if (name === "$count") return Array.isArray(here) ? here.length : undefined;
    here = Object.hasOwn(here, name) ? (here as Record<string, unknown>)[name] : undefined;
  }
  return here;
}

function readOperand(operand: FilterOperand, resolve: PathResolver): unknown {
  if (operand.kind === "literal") return operand.value satisfies FilterLiteral;
  if (operand.kind === "path") return resolve(operand.path);
  const value = readOperand(operand.of, resolve);
  if (operand.kind === "cast") return castValue(value, operand.type);
  if (typeof value !== "string") return undefined;
  if (operand.kind === "length") return value.length;
  return operand.kind === "lower" ? value.toLowerCase() : value.toUpperCase();
}

/** What is not of the type counts as null. */
function castValue(value: unknown, type: FilterType): FilterLiteral {
  if (value === null || value === undefined || typeof value === "object") return null;
  const text = String(value);
  if (type === "text") return text;
  if (type === "guid") return text.replace(/^\{(.*)\}$/, "$1");
  if (type === "boolean") return parseBoolean(text) ?? null;
  const number = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isNaN(number) ? null : number;
}

function operandPaths(operand: FilterOperand): (readonly string[])[] {
  if (operand.kind === "literal") return [];
  return operand.kind === "path" ? [operand.path] : operandPaths(operand.of);
}
