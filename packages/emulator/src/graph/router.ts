/**
 * The routes of Graph: method, path, permission rule and handler, matched segment by segment. Names of segments are
 * compared without regard to case; `users('x')` and `users/x` are one path, as in OData.
 */
import type { GraphHandler } from "./call.ts";
import type { PermissionRule } from "./permissions.ts";

/** One row of the table. */
export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** `/users/{user}/events/{event}`; a segment in braces is variable. */
  readonly path: string;
  /** Which permissions open it. */
  readonly permission: PermissionRule;
  readonly handle: GraphHandler;
}

/** Outcome of a look-up. */
type RouteMatch =
  | { readonly kind: "found"; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: "wrongMethod"; readonly allowed: readonly string[] }
  /** `segment` is the first one that leads nowhere. */
  | { readonly kind: "unknown"; readonly segment: string };

interface Node {
  readonly fixed: Map<string, Node>;
  variable: Node | undefined;
  readonly routes: Map<string, { readonly route: Route; readonly names: readonly string[] }>;
}

/** Finds routes. */
export type Router = (method: string, segments: readonly string[]) => RouteMatch;

/**
 * Builds a router.
 *
 * @param routes - the table; two rows for one method and path are a mistake
 * @returns the look-up
 * @throws {RangeError} when a method and path appear twice
 */
export function createRouter(routes: readonly Route[]): Router {
  const root = makeNode();
  for (const route of routes) addRoute(root, route);
  return (method, segments) => {
    const values: string[] = [];
    const found = descend(root, segments, 0, values);
    if (typeof found === "string") return { kind: "unknown", segment: found };
    const entry = found.routes.get(method);
    if (entry === undefined) return { kind: "wrongMethod", allowed: [...found.routes.keys()] };
    const params = Object.fromEntries(entry.names.map((name, index) => [name, values[index] ?? ""]));
    return { kind: "found", route: entry.route, params };
  };
}

/**
 * Splits a path into segments in one spelling. Names of types, functions and actions lose their namespace, also in its
 * alias, which the SDKs for Go, Java, Python and .NET write (`/places/graph.room`).
 *
 * @param path - percent-encoded, from the resource on: `/users('x')/calendarView/delta()`
 * @returns decoded segments: `["users", "x", "calendarView", "delta"]`; alternate keys stay together as `appId='x'`
 */
export function splitPath(path: string): string[] {
  const segments: string[] = [];
  for (const raw of path.split("/")) {
    if (raw === "") continue;
    const text = decodeSegment(raw);
    const call = /^([A-Za-z_$][\w.]*)\((.*)\)$/s.exec(text);
    const name = (call?.[1] ?? text).replace(/^(?:microsoft\.)?graph\.(?=[a-z])/i, "");
    segments.push(name);
    const key = call?.[2]?.trim();
    if (key !== undefined && key !== "") segments.push(unquoteKey(key));
  }
  return segments;
}

function decodeSegment(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}

function unquoteKey(key: string): string {
  const quoted = /^'(.*)'$/s.exec(key);
  return quoted === null ? key : (quoted[1] ?? "").replaceAll("''", "'");
}

function makeNode(): Node {
  return { fixed: new Map(), variable: undefined, routes: new Map() };
}

function addRoute(root: Node, route: Route): void {
  let node = root;
  const names: string[] = [];
  for (const segment of route.path.split("/").filter((part) => part !== "")) {
    if (segment.startsWith("{")) {
      names.push(segment.slice(1, -1));
      node.variable ??= makeNode();
      node = node.variable;
    } else {
      const name = segment.toLowerCase();
      const next = node.fixed.get(name) ?? makeNode();
      node.fixed.set(name, next);
      node = next;
    }
  }
  if (node.routes.has(route.method)) throw new RangeError(`Route ${route.method} ${route.path} exists twice`);
  node.routes.set(route.method, { route, names });
}

/** A fixed segment wins over a variable one, but gives way when it leads nowhere. */
function descend(node: Node, segments: readonly string[], at: number, values: string[]): Node | string {
  const segment = segments[at];
  if (segment === undefined) return node.routes.size > 0 ? node : (segments[at - 1] ?? "");
  const fixed = node.fixed.get(segment.toLowerCase());
  if (fixed !== undefined) {
    const found = descend(fixed, segments, at + 1, values);
    if (typeof found !== "string" || node.variable === undefined) return found;
  }
  if (node.variable === undefined) return segment;
  const depth = values.length;
  values.push(segment);
  const found = descend(node.variable, segments, at + 1, values);
  if (typeof found === "string") values.length = depth;
  return found;
}
