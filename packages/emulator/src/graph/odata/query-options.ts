/** The system query options of a request, checked by name. */
import type { GraphCall } from "../call.ts";
import { GraphFault } from "../errors.ts";
import { type FilterNode, FilterSyntaxError, parseFilter } from "./filter-parser.ts";
import { withCanonicalPropertyIds } from "./property-id-literals.ts";

/** One key of `$orderby`. */
interface OrderKey {
  readonly path: readonly string[];
  readonly isDescending: boolean;
}

/** One item of `$expand`. */
export interface ExpandItem {
  readonly name: string;
  readonly select: readonly string[] | undefined;
  readonly filter: FilterNode | undefined;
}

/** Options as the handlers use them. */
export interface QueryOptions {
  readonly select: readonly string[] | undefined;
  readonly filter: FilterNode | undefined;
  readonly orderBy: readonly OrderKey[];
  readonly expand: readonly ExpandItem[];
  readonly top: number | undefined;
  readonly skip: number | undefined;
  readonly count: boolean;
  readonly skipToken: string | undefined;
  readonly deltaToken: string | undefined;
  readonly search: string | undefined;
}

/** Names with and without the dollar sign: the service takes both. */
const KNOWN = new Set([
  "select",
  "filter",
  "orderby",
  "expand",
  "top",
  "skip",
  "count",
  "skiptoken",
  "deltatoken",
  "search",
  "format",
]);

/**
 * Reads the options.
 *
 * @param call - the request
 * @returns the options
 * @throws {GraphFault} BadRequest for an option that Graph does not have, or a value that cannot be read
 */
export function readQueryOptions(call: GraphCall): QueryOptions {
  const options = new Map<string, string>();
  for (const [key, value] of call.request.query) {
    const name = key.replace(/^\$/, "").toLowerCase();
    if (!KNOWN.has(name)) {
      if (!key.startsWith("$")) continue;
      call.context.note(`miss: query option ${key}`);
      throw new GraphFault("BadRequest", `The query parameter '${key}' is not supported.`);
    }
    if (options.has(name))
      throw new GraphFault(
        "BadRequest",
        `Query option '${key}' was specified more than once, but it must be specified at most once.`,
      );
    options.set(name, value);
  }
  return {
    select: readSelect(options.get("select")),
    filter: readFilter(options.get("filter")),
    orderBy: readOrderBy(options.get("orderby")),
    expand: readExpand(options.get("expand")),
    top: readCount("$top", options.get("top")),
    skip: readCount("$skip", options.get("skip")),
    count: readBoolean(options.get("count")),
    skipToken: options.get("skiptoken"),
    deltaToken: options.get("deltatoken"),
    search: options.get("search"),
  };
}

/**
 * Parses a filter.
 *
 * @param text - value of `$filter`
 * @returns the tree, `undefined` without text
 * @throws {GraphFault} BadRequest with what is wrong
 */
function readFilter(text: string | undefined): FilterNode | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  try {
    return withCanonicalPropertyIds(parseFilter(text));
  } catch (error) {
    if (error instanceof FilterSyntaxError)
      throw new GraphFault("BadRequest", `Invalid filter clause: ${error.message}`);
    throw error;
  }
}

function readSelect(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined;
  const names = splitTopLevel(text, ",");
  return names.length === 0 || names.includes("*") ? undefined : names;
}

function readOrderBy(text: string | undefined): OrderKey[] {
  if (text === undefined) return [];
  return splitTopLevel(text, ",").map((part) => {
    const match = /^([\w/]+)(?:\s+(asc|desc))?$/i.exec(part);
    if (match === null) throw new GraphFault("BadRequest", `Invalid $orderby clause '${part}'.`);
    return { path: (match[1] ?? "").split("/"), isDescending: match[2]?.toLowerCase() === "desc" };
  });
}

function readExpand(text: string | undefined): ExpandItem[] {
  if (text === undefined) return [];
  return splitTopLevel(text, ",").map((part) => {
    const match = /^([\w.]+)(?:\s*\((.*)\))?$/s.exec(part);
    if (match === null) throw new GraphFault("BadRequest", `Invalid $expand clause '${part}'.`);
    const inner = new Map(
      splitTopLevel(match[2] ?? "", ";").map((option): [string, string] => {
        const equals = option.indexOf("=");
        return [option.slice(0, equals).trim().replace(/^\$/, "").toLowerCase(), option.slice(equals + 1)];
      }),
    );
    for (const name of inner.keys())
      if (name !== "select" && name !== "filter")
        throw new GraphFault("BadRequest", `Query option '$${name}' is not supported inside $expand.`);
    return {
      name: match[1] ?? "",
      select: readSelect(inner.get("select")),
      filter: readFilter(inner.get("filter")),
    };
  });
}

/** Splits at a mark that stands neither in quotes nor in parentheses. */
function splitTopLevel(text: string, mark: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let isQuoted = false;
  let part = "";
  for (const character of text) {
    if (character === "'") isQuoted = !isQuoted;
    else if (!isQuoted && character === "(") depth += 1;
    else if (!isQuoted && character === ")") depth -= 1;
    if (character === mark && depth === 0 && !isQuoted) {
      parts.push(part);
      part = "";
    } else part += character;
  }
  return [...parts, part].map((piece) => piece.trim()).filter((piece) => piece !== "");
}

function readCount(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text.trim()))
    throw new GraphFault(
      "BadRequest",
      `Invalid value '${text}' for ${name} query option found. The ${name} query option requires a non-negative integer value.`,
    );
  return Number(text);
}

function readBoolean(text: string | undefined): boolean {
  if (text === undefined) return false;
  const lower = text.trim().toLowerCase();
  if (lower === "true") return true;
  if (lower === "false") return false;
  throw new GraphFault("BadRequest", `Invalid value '${text}' for $count query option found.`);
}
