/**
 * Delta queries on users and groups. What each token has seen is kept outside the world, bounded: after a reset, a
 * restart or too many newer tokens the service asks for a fresh start, and so does this.
 *
 * @see https://learn.microsoft.com/graph/delta-query-overview
 */
import { randomBytes } from "node:crypto";
import type { Group, Tenant, User } from "../../directory/directory.ts";
import type { GraphCall, GraphReply } from "../call.ts";
import { findDirectoryObject } from "../directory/directory-object.ts";
import { GraphFault } from "../errors.ts";
import { GROUP_TYPE } from "../groups/group-entity.ts";
import { linkWith } from "../odata/collection.ts";
import { checkOptions, type EntityType, renderEntity } from "../odata/entity.ts";
import { type QueryOptions, readQueryOptions } from "../odata/query-options.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";
import { directoryState } from "../tenant-state.ts";
import { USER_TYPE } from "../users/user-entity.ts";

const PAGE_SIZE = 100;
/** Tokens remembered per directory. */
const TOKEN_LIMIT = 200;
const RELATIONS = ["members", "owners"] as const;

/** What a token knows. */
interface Round {
  readonly kind: "users" | "groups";
  /** Text of each object as it was delivered, by id. */
  readonly seen: ReadonlyMap<string, string>;
  /** Entries of the round that the token continues. */
  readonly pending: readonly Record<string, unknown>[];
  readonly select: readonly string[] | undefined;
}

const rounds = new WeakMap<Tenant, Map<string, Round>>();

/** Rows of the route table. */
export const directoryDeltaRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/users/delta",
    permission: PERMISSIONS.userRead,
    handle: (call) => replyDelta(call, "users", USER_TYPE, [...call.tenant.users.values()]),
  },
  {
    method: "GET",
    path: "/groups/delta",
    permission: PERMISSIONS.groupRead,
    handle: (call) =>
      replyDelta(
        call,
        "groups",
        GROUP_TYPE,
        [...call.tenant.groups.values()].filter(({ deletedAtMs }) => deletedAtMs === undefined),
      ),
  },
];

function replyDelta<T extends User | Group>(
  call: GraphCall,
  kind: Round["kind"],
  type: EntityType<T>,
  items: readonly T[],
): GraphReply {
  const options = readQueryOptions(call);
  const token = options.skipToken ?? options.deltaToken;
  const isLatest = options.deltaToken === "latest";
  const known = token === undefined || isLatest ? undefined : findRound(call, kind, token);
  const select = known === undefined ? options.select : known.select;
  if (known === undefined) checkOptions(type, options, call);
  const round =
    options.skipToken !== undefined && known !== undefined
      ? known
      : startRound(call, kind, type, items, { select, seen: known?.seen });
  const pending = isLatest ? [] : round.pending;
  const page = pending.slice(0, PAGE_SIZE);
  const rest = pending.slice(PAGE_SIZE);
  const next = remember(call.tenant, { ...round, pending: rest });
  const link =
    rest.length > 0
      ? { "@odata.nextLink": linkWith(call, { $skiptoken: next }, () => false) }
      : { "@odata.deltaLink": linkWith(call, { $deltatoken: next }, () => false) };
  return {
    status: 200,
    body: { "@odata.context": `${call.serviceRoot}/$metadata#${kind}`, ...link, value: page },
  };
}

function startRound<T extends User | Group>(
  call: GraphCall,
  kind: Round["kind"],
  type: EntityType<T>,
  items: readonly T[],
  earlier: Pick<Round, "select"> & { readonly seen: Round["seen"] | undefined },
): Round {
  const seen = new Map<string, string>();
  const pending: Record<string, unknown>[] = [];
  for (const item of items) {
    const body = renderObject(call, type, item, earlier.select);
    const relations = listRelations(item, earlier.select);
    const text = JSON.stringify([body, relations]);
    seen.set(item.id, text);
    const before = earlier.seen?.get(item.id);
    if (text === before) continue;
    pending.push({ ...body, ...describeRelations(call.tenant, relations, before) });
  }
  for (const id of earlier.seen?.keys() ?? [])
    if (!seen.has(id)) pending.push({ id, "@removed": { reason: removalReason(call, id) } });
  return { kind, seen, pending, select: earlier.select };
}

function renderObject<T extends User | Group>(
  call: GraphCall,
  type: EntityType<T>,
  item: T,
  select: readonly string[] | undefined,
): Record<string, unknown> {
  const options: Pick<QueryOptions, "select" | "expand"> = { select, expand: [] };
  return { ...renderEntity(type, item, call, options), id: item.id };
}

function listRelations(
  item: User | Group,
  select: readonly string[] | undefined,
): Partial<Record<(typeof RELATIONS)[number], readonly string[]>> {
  if (!("members" in item)) return {};
  const wanted = RELATIONS.filter((name) => select?.includes(name) === true);
  return Object.fromEntries(wanted.map((name) => [name, item[name]]));
}

/** `members@delta` lists all members at first, later those who came and those who went. */
function describeRelations(
  tenant: Tenant,
  relations: Partial<Record<string, readonly string[]>>,
  before: string | undefined,
): Record<string, unknown> {
  const old = before === undefined ? {} : (JSON.parse(before) as [unknown, Record<string, string[]>])[1];
  const result: Record<string, unknown> = {};
  for (const [name, ids = []] of Object.entries(relations)) {
    const earlier = old[name] ?? [];
    const typed = (id: string): Record<string, unknown> => ({
      "@odata.type": `#microsoft.graph.${findDirectoryObject(tenant, id)?.kind ?? "user"}`,
      id,
    });
    const entries = [
      ...ids.filter((id) => !earlier.includes(id)).map(typed),
      ...earlier
        .filter((id) => !ids.includes(id))
        .map((id) => ({ ...typed(id), "@removed": { reason: "deleted" } })),
    ];
    if (entries.length > 0) result[`${name}@delta`] = entries;
  }
  return result;
}

/** What can be restored is only `changed`. */
function removalReason(call: GraphCall, id: string): "changed" | "deleted" {
  const isKept =
    call.tenant.groups.get(id)?.deletedAtMs !== undefined || directoryState(call.tenant).deletedUsers.has(id);
  return isKept ? "changed" : "deleted";
}

function findRound(call: GraphCall, kind: Round["kind"], token: string): Round {
  if (!/^[\w-]{20,}$/.test(token))
    throw new GraphFault("Request_BadRequest", "Badly formed token. Invalid DeltaToken.");
  const round = rounds.get(call.tenant)?.get(token);
  if (round !== undefined && round.kind === kind) return round;
  throw new GraphFault("resyncRequired", undefined, {
    headers: { Location: `${call.serviceRoot}/${kind}/delta` },
  });
}

function remember(tenant: Tenant, round: Round): string {
  const known = rounds.get(tenant) ?? new Map<string, Round>();
  rounds.set(tenant, known);
  const token = randomBytes(24).toString("base64url");
  known.set(token, round);
  for (const oldest of known.keys()) {
    if (known.size <= TOKEN_LIMIT) break;
    known.delete(oldest);
  }
  return token;
}
