/** Entity types as tables: each property knows how to render itself, so that only what is asked for is computed. */
import type { GraphCall } from "../call.ts";
import { GraphFault } from "../errors.ts";
import { listFilterPaths, matchesFilter, walk } from "./filter-evaluate.ts";
import type { ExpandItem, QueryOptions } from "./query-options.ts";

/** Renders one property; `undefined` leaves it out. */
export type RenderProperty<T> = (item: T, call: GraphCall) => unknown;

/** Renders a navigation property for `$expand`; `undefined` leaves it out. */
type RenderExpansion<T> = (item: T, call: GraphCall, expand: ExpandItem) => unknown;

/** What the surface knows of an entity type. */
export interface EntityType<T> {
  /** `microsoft.graph.event` */
  readonly name: string;
  readonly properties: Readonly<Record<string, RenderProperty<T>>>;
  /** Properties that come only when `$select` names them. */
  readonly onRequest: ReadonlySet<string>;
  /** Properties that come whatever `$select` says. */
  readonly always: readonly string[];
  readonly expansions: Readonly<Record<string, RenderExpansion<T>>>;
  /** Collections that a filter may look into although they are no properties. */
  readonly filterCollections?: Readonly<Record<string, RenderProperty<T>>>;
  /** Control information, such as the etag. */
  readonly annotations?: Readonly<Record<string, RenderProperty<T>>>;
}

/**
 * Renders an entity.
 *
 * @param type - its type
 * @param item - the thing
 * @param call - the request
 * @param options - `$select` and `$expand`
 * @returns JSON object without `@odata.context`
 */
export function renderEntity<T>(
  type: EntityType<T>,
  item: T,
  call: GraphCall,
  options: Pick<QueryOptions, "select" | "expand">,
): Record<string, unknown> {
  const { names, renders, template } = layOut(type, options.select);
  const result: Record<string, unknown> = { ...template };
  for (let index = 0; index < names.length; index++) {
    result[names[index] as string] = (renders[index] as RenderProperty<T>)(item, call);
  }
  for (const expand of options.expand) {
    const value = findByName(type.expansions, expand.name)?.(item, call, expand);
    if (value !== undefined) result[expand.name] = value;
  }
  return result;
}

/**
 * Refuses options that name properties which the type does not have.
 *
 * @param type - entity type
 * @param options - of the request
 * @param call - the request, for its notes
 * @throws {GraphFault} BadRequest by name
 */
export function checkOptions<T>(type: EntityType<T>, options: QueryOptions, call: GraphCall): void {
  const refuse = (text: string, name: string): never => {
    call.context.note(`miss: property ${name} of ${type.name}`);
    throw new GraphFault(
      "BadRequest",
      `${text}: Could not find a property named '${name}' on type '${type.name}'.`,
    );
  };
  for (const name of options.select ?? []) {
    const first = name.split("/")[0] ?? "";
    if (propertyName(type, first) === undefined && findByName(type.expansions, first) === undefined)
      refuse("Parsing OData Select and Expand failed", name);
  }
  for (const { name } of options.expand)
    if (findByName(type.expansions, name) === undefined)
      refuse("Parsing OData Select and Expand failed", name);
  for (const path of options.filter === undefined ? [] : listFilterPaths(options.filter))
    if (!isReadable(type, path[0] ?? "")) refuse("Invalid filter clause", path.join("/"));
  for (const { path } of options.orderBy)
    if (propertyName(type, path[0] ?? "") === undefined) refuse("Invalid orderby clause", path.join("/"));
}

/**
 * Reads a value behind a path of an entity, without rendering the rest.
 *
 * @param type - entity type
 * @param item - the thing
 * @param call - the request
 * @param path - names; the first one is a property or filterable collection
 * @returns the value
 */
export function readPath<T>(type: EntityType<T>, item: T, call: GraphCall, path: readonly string[]): unknown {
  const [first = "", ...rest] = path;
  const name = propertyName(type, first);
  const render = name === undefined ? findByName(type.filterCollections ?? {}, first) : type.properties[name];
  return walk(render?.(item, call), rest);
}

/**
 * Applies `$filter`.
 *
 * @param type - entity type
 * @param items - candidates
 * @param call - the request
 * @param options - of the request
 * @returns those that match
 */
export function filterItems<T>(
  type: EntityType<T>,
  items: readonly T[],
  call: GraphCall,
  options: QueryOptions,
): readonly T[] {
  const { filter } = options;
  if (filter === undefined) return items;
  return items.filter((item) => matchesFilter(filter, (path) => readPath(type, item, call, path)));
}

/** Which properties are written, worked out once for each selection. */
interface Layout {
  readonly names: readonly string[];
  readonly renders: readonly RenderProperty<never>[];
  /** Object with every name and no value yet: copies of it are filled much faster than empty objects. */
  readonly template: Readonly<Record<string, null>>;
}

const layouts = new WeakMap<object, Map<string, Layout>>();
const LAYOUT_LIMIT = 200;

function layOut<T>(type: EntityType<T>, select: readonly string[] | undefined): Layout {
  const key = select?.join(",") ?? "";
  const known = layouts.get(type) ?? new Map<string, Layout>();
  layouts.set(type, known);
  const found = known.get(key);
  if (found !== undefined) return found;
  const table: Readonly<Record<string, RenderProperty<T>>> = { ...type.annotations, ...type.properties };
  const names = [...Object.keys(type.annotations ?? {}), ...listProperties(type, select)];
  const empty = JSON.stringify(Object.fromEntries(names.map((name) => [name, null])));
  const template = JSON.parse(empty) as Layout["template"];
  const layout = { names, renders: names.map((name) => table[name] as RenderProperty<never>), template };
  if (known.size >= LAYOUT_LIMIT) known.clear();
  known.set(key, layout);
  return layout;
}

function listProperties<T>(type: EntityType<T>, select: readonly string[] | undefined): readonly string[] {
  if (select === undefined) return Object.keys(type.properties).filter((name) => !type.onRequest.has(name));
  const names = select.flatMap((name) => propertyName(type, name.split("/")[0] ?? "") ?? []);
  return [...new Set([...type.always, ...names])];
}

function isReadable<T>(type: EntityType<T>, name: string): boolean {
  return (
    propertyName(type, name) !== undefined || findByName(type.filterCollections ?? {}, name) !== undefined
  );
}

function propertyName<T>(type: EntityType<T>, name: string): string | undefined {
  if (Object.hasOwn(type.properties, name)) return name;
  const lower = name.toLowerCase();
  return Object.keys(type.properties).find((candidate) => candidate.toLowerCase() === lower);
}

function findByName<V>(table: Readonly<Record<string, V>>, name: string): V | undefined {
  const lower = name.toLowerCase();
  const key = Object.keys(table).find((candidate) => candidate.toLowerCase() === lower);
  return key === undefined ? undefined : table[key];
}
