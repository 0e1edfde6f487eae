/**
 * Collections: filter, order, page, render. Outlook pages by `$skip` and lets `$top` set the size of a page; the
 * directory pages by an opaque `$skiptoken`.
 */
import type { GraphCall, GraphReply } from "../call.ts";
import { GraphFault } from "../errors.ts";
import { checkAdvancedQuery, searchItems } from "./advanced-query.ts";
import { checkOptions, type EntityType, filterItems, readPath, renderEntity } from "./entity.ts";
import { compare } from "./filter-evaluate.ts";
import { type QueryOptions, readQueryOptions } from "./query-options.ts";

/** How a collection is paged. */
export interface CollectionStyle {
  readonly paging: "skip" | "skipToken";
  readonly defaultPageSize: number;
  readonly largestPageSize: number;
  /** Directory objects: some options need `ConsistencyLevel: eventual` and `$count=true`, `$search` among them. */
  readonly hasAdvancedQueries?: boolean;
}

/** Calendars and events. */
export const OUTLOOK_STYLE: CollectionStyle = {
  paging: "skip",
  defaultPageSize: 10,
  largestPageSize: 1000,
};

/** Users, groups, applications and the like. */
export const DIRECTORY_STYLE: CollectionStyle = {
  paging: "skipToken",
  defaultPageSize: 100,
  largestPageSize: 999,
  hasAdvancedQueries: true,
};

/** Rooms, subscriptions: paged as the directory, without its advanced queries. */
export const PLAIN_STYLE: CollectionStyle = { ...DIRECTORY_STYLE, hasAdvancedQueries: false };

/**
 * Answers with a page of a collection.
 *
 * @param type - entity type
 * @param items - all items, in their natural order
 * @param call - the request
 * @param settings - style of paging, and the part of `@odata.context` behind `$metadata#`
 * @returns 200 with `value`, and `@odata.nextLink` when more follow
 * @throws {GraphFault} BadRequest for options that the type does not have
 */
export function replyCollection<T>(
  type: EntityType<T>,
  items: readonly T[],
  call: GraphCall,
  settings: { readonly style: CollectionStyle; readonly context: string },
): GraphReply {
  const options = readQueryOptions(call);
  checkOptions(type, options, call);
  const { style } = settings;
  if (style.hasAdvancedQueries === true) checkAdvancedQuery(call, options);
  else if (options.search !== undefined) {
    call.context.note(`miss: query option $search on ${type.name}`);
    throw new GraphFault("BadRequest", "The query parameter '$search' is not supported.");
  }
  const found = searchItems(type, filterItems(type, items, call, options), call, options);
  const matching = orderItems(type, found, call, options);
  const size = pageSize(call, options, style);
  const start = pageStart(options, style);
  const page = matching.slice(start, start + size);
  const next = start + size < matching.length ? nextLink(call, style, start + size) : undefined;
  return {
    status: 200,
    headers: appliedPreferences(call),
    body: {
      "@odata.context": contextUrl(call, settings.context, options),
      ...(options.count ? { "@odata.count": matching.length } : {}),
      value: page.map((item) => renderEntity(type, item, call, options)),
      ...(next === undefined ? {} : { "@odata.nextLink": next }),
    },
  };
}

/**
 * Answers with one entity.
 *
 * @param type - entity type
 * @param item - the thing
 * @param call - the request
 * @param settings - status, and the part of `@odata.context` behind `$metadata#`
 * @returns the answer
 * @throws {GraphFault} BadRequest for options that the type does not have
 */
export function replyEntity<T>(
  type: EntityType<T>,
  item: T,
  call: GraphCall,
  settings: { readonly status?: number; readonly context: string },
): GraphReply {
  const isRead = call.request.method === "GET";
  const options = isRead ? readQueryOptions(call) : NO_OPTIONS;
  checkOptions(type, options, call);
  return {
    status: settings.status ?? 200,
    headers: appliedPreferences(call),
    body: {
      "@odata.context": contextUrl(call, `${settings.context}/$entity`, options),
      ...renderEntity(type, item, call, options),
    },
  };
}

/** Options of a request that has none. */
export const NO_OPTIONS: QueryOptions = {
  select: undefined,
  filter: undefined,
  orderBy: [],
  expand: [],
  top: undefined,
  skip: undefined,
  count: false,
  skipToken: undefined,
  deltaToken: undefined,
  search: undefined,
};

/**
 * Builds a link that repeats the request with other query options.
 *
 * @param call - the request
 * @param changes - options to set
 * @param keep - which options of the request stay
 * @returns absolute URL
 */
export function linkWith(
  call: GraphCall,
  changes: Readonly<Record<string, string>>,
  keep: (name: string) => boolean = () => true,
): string {
  const parts: string[] = [];
  for (const [key, value] of call.request.query) {
    const name = key.replace(/^\$/, "").toLowerCase();
    if (["skip", "skiptoken", "deltatoken"].includes(name) || !keep(name)) continue;
    parts.push(`${key}=${encodeURIComponent(value)}`);
  }
  for (const [key, value] of Object.entries(changes)) parts.push(`${key}=${encodeURIComponent(value)}`);
  return `${call.request.origin}${call.request.path}?${parts.join("&")}`;
}

/**
 * Names the preferences that an answer honours.
 *
 * @param call - the request
 * @returns `Preference-Applied`, or no header
 */
export function appliedPreferences(call: GraphCall): Record<string, string> {
  const { timeZone, bodyContentType, maxPageSize, immutableIds } = call.preferences;
  const applied = [
    ...(timeZone === undefined ? [] : [`outlook.timezone="${timeZone}"`]),
    ...(bodyContentType === undefined ? [] : [`outlook.body-content-type="${bodyContentType}"`]),
    ...(maxPageSize === undefined ? [] : [`odata.maxpagesize=${maxPageSize}`]),
    ...(immutableIds ? ['IdType="ImmutableId"'] : []),
  ];
  return applied.length === 0 ? {} : { "Preference-Applied": applied.join(", ") };
}

function contextUrl(call: GraphCall, context: string, options: QueryOptions): string {
  const isSingle = context.endsWith("/$entity");
  const base = isSingle ? context.slice(0, -"/$entity".length) : context;
  const select = options.select === undefined ? "" : `(${options.select.join(",")})`;
  return `${call.serviceRoot}/$metadata#${base}${select}${isSingle ? "/$entity" : ""}`;
}

function orderItems<T>(
  type: EntityType<T>,
  items: readonly T[],
  call: GraphCall,
  options: QueryOptions,
): readonly T[] {
  if (options.orderBy.length === 0) return items;
  const keyed = items.map((item) => ({
    item,
    keys: options.orderBy.map(({ path }) => readPath(type, item, call, path)),
  }));
  keyed.sort((left, right) => {
    for (const [index, { isDescending }] of options.orderBy.entries()) {
      const order = compare(left.keys[index], right.keys[index]) ?? 0;
      if (order !== 0) return isDescending ? -order : order;
    }
    return 0;
  });
  return keyed.map(({ item }) => item);
}

function pageSize(call: GraphCall, options: QueryOptions, style: CollectionStyle): number {
  const wanted = options.top ?? call.preferences.maxPageSize;
  if (wanted === undefined) return style.defaultPageSize;
  if (wanted >= 1 && wanted <= style.largestPageSize) return wanted;
  // A preference is only a wish; $top is an order.
  if (options.top === undefined) return style.largestPageSize;
  throw new GraphFault(
    style.paging === "skip" ? "ErrorInvalidParameter" : "Request_BadRequest",
    `Invalid page size specified: '${wanted}'. Must be between 1 and ${style.largestPageSize} inclusive.`,
  );
}

function pageStart(options: QueryOptions, style: CollectionStyle): number {
  if (style.paging === "skip") return options.skip ?? 0;
  if (options.skip !== undefined)
    throw new GraphFault("Request_BadRequest", "'$skip' is not supported by the service.");
  if (options.skipToken === undefined) return 0;
  const start = Number(Buffer.from(options.skipToken, "base64url").toString("latin1").replace(/^at:/, ""));
  if (Number.isInteger(start) && start > 0) return start;
  throw new GraphFault("Request_BadRequest", "The specified $skiptoken is invalid.");
}

function nextLink(call: GraphCall, style: CollectionStyle, start: number): string {
  return style.paging === "skip"
    ? linkWith(call, { $skip: String(start) })
    : linkWith(call, { $skiptoken: Buffer.from(`at:${start}`).toString("base64url") });
}
