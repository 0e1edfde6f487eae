/**
 * Queries of directory objects that the service answers from an index of its own: only with
 * `ConsistencyLevel: eventual`, and filters only together with `$count=true`.
 *
 * @see https://learn.microsoft.com/graph/aad-advanced-queries
 */
import type { GraphCall } from "../call.ts";
import { GraphFault } from "../errors.ts";
import { type EntityType, readPath } from "./entity.ts";
import type { FilterNode } from "./filter-parser.ts";
import type { QueryOptions } from "./query-options.ts";

/** Properties whose single words are found; of others only the beginning. */
const WORDS_OF = new Set(["displayname", "description"]);

/**
 * Refuses what needs the index when the request does not ask for it.
 *
 * @param call - the request
 * @param options - of the request
 * @throws {GraphFault} Request_UnsupportedQuery
 */
export function checkAdvancedQuery(call: GraphCall, options: QueryOptions): void {
  // A page that follows was asked for rightly once.
  if (options.skipToken !== undefined) return;
  const level = call.request.headers["consistencylevel"];
  const isEventual =
    String(level ?? "")
      .trim()
      .toLowerCase() === "eventual";
  if (options.search !== undefined && !isEventual)
    throw new GraphFault(
      "Request_UnsupportedQuery",
      "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
    );
  if (options.filter !== undefined && hasContains(options.filter))
    throw new GraphFault("Request_UnsupportedQuery", "Filter operator 'Contains' is not supported.");
  if (isEventual && options.count) return;
  const operator = options.filter === undefined ? undefined : findAdvancedOperator(options.filter);
  if (operator !== undefined)
    throw new GraphFault(
      "Request_UnsupportedQuery",
      `Operator '${operator}' is not supported because the required parameters might be missing. Try adding $count=true query parameter and ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for more information`,
    );
  if (options.filter !== undefined && options.orderBy.length > 0)
    throw new GraphFault("Request_UnsupportedQuery", "Sorting not supported for current query.");
}

/** No directory object is found by what stands inside a text, whatever the request says. */
function hasContains(node: FilterNode): boolean {
  switch (node.kind) {
    case "and":
    case "or":
      return hasContains(node.left) || hasContains(node.right);
    case "not":
      return hasContains(node.operand);
    case "match":
      return node.method === "contains";
    case "lambda":
      return node.condition !== undefined && hasContains(node.condition);
    default:
      return false;
  }
}

function findAdvancedOperator(node: FilterNode): string | undefined {
  switch (node.kind) {
    case "and":
    case "or":
      return findAdvancedOperator(node.left) ?? findAdvancedOperator(node.right);
    case "not":
      return "not";
    case "compare":
      return node.operator === "ne" ? "ne" : undefined;
    case "match":
      return node.method === "endswith" ? "endsWith" : undefined;
    case "lambda":
      return node.condition === undefined ? undefined : findAdvancedOperator(node.condition);
    default:
      return undefined;
  }
}

/**
 * Applies `$search`: `"property:text"`, several with `AND` and `OR`.
 *
 * @param type - entity type
 * @param items - candidates
 * @param call - the request
 * @param options - of the request
 * @returns those that match
 * @throws {GraphFault} BadRequest for a clause without property, or with one that the type does not have
 */
export function searchItems<T>(
  type: EntityType<T>,
  items: readonly T[],
  call: GraphCall,
  options: QueryOptions,
): readonly T[] {
  if (options.search === undefined) return items;
  const groups = options.search.split(/\s+OR\s+/).map((group) => group.split(/\s+AND\s+/).map(readClause));
  for (const { property } of groups.flat())
    if (!Object.keys(type.properties).some((name) => name.toLowerCase() === property))
      throw new GraphFault(
        "BadRequest",
        `Could not find a property named '${property}' on type '${type.name}'.`,
      );
  return items.filter((item) =>
    groups.some((group) =>
      group.every((clause) => isFound(readPath(type, item, call, [clause.property]), clause)),
    ),
  );
}

interface Clause {
  /** Lower case. */
  readonly property: string;
  readonly text: string;
}

function readClause(text: string): Clause {
  const match = /^\s*"(\w+):((?:[^"\\]|\\.)+)"\s*$/.exec(text);
  if (match === null)
    throw new GraphFault(
      "BadRequest",
      `Syntax error in $search: '${text}'. A clause looks like "displayName:text", with its quotes.`,
    );
  return {
    property: (match[1] ?? "").toLowerCase(),
    text: (match[2] ?? "").replaceAll(/\\(.)/g, "$1").toLowerCase(),
  };
}

function isFound(value: unknown, { property, text }: Clause): boolean {
  const values = Array.isArray(value) ? value : [value];
  return values.some((one) => {
    if (typeof one !== "string") return false;
    const lower = one.toLowerCase();
    if (!WORDS_OF.has(property)) return lower.startsWith(text);
    const words = lower.split(/[^\p{L}\p{N}]+/u);
    return text.split(/[^\p{L}\p{N}]+/u).every((wanted) => words.some((word) => word.startsWith(wanted)));
  });
}
