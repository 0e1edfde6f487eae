/**
 * Delta queries on the list of calendars. The token carries the calendars that were there and a point of the mailbox's
 * sequence; a calendar whose events change has not changed itself.
 */
import { encodeFolderId } from "../../mailbox/item-ids.ts";
import { CALENDAR_TYPE } from "../calendars/calendar-entity.ts";
import type { GraphCall, GraphReply } from "../call.ts";
import { GraphFault } from "../errors.ts";
import { resolveOwner } from "../mailbox-owner.ts";
import { mailboxRoutes } from "../mailbox-paths.ts";
import { linkWith, NO_OPTIONS } from "../odata/collection.ts";
import { checkOptions, renderEntity } from "../odata/entity.ts";
import { readQueryOptions } from "../odata/query-options.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";

/** What a token carries. */
interface ListState {
  readonly kind: "calendars";
  readonly ownerId: string;
  /** Everything up to here was delivered. */
  readonly since: number;
  /** Numbers of the calendars that were there. */
  readonly known: readonly number[];
}

/** Rows of the route table. */
export const calendarListDeltaRoutes: readonly Route[] = mailboxRoutes(
  "GET",
  "/calendars/delta",
  PERMISSIONS.calendarRead,
  replyDelta,
);

function replyDelta(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const options = readQueryOptions(call);
  checkOptions(CALENDAR_TYPE, options, call);
  const { folders, sequence } = owner.mailbox;
  const token = options.deltaToken ?? options.skipToken;
  const state = token === undefined ? { since: 0, known: [] } : decodeState(token);
  if (state === undefined) throw new GraphFault("InvalidDeltaToken");
  if (("ownerId" in state && state.ownerId !== owner.id) || state.since > sequence)
    throw new GraphFault("SyncStateNotFound");
  const known = new Set(state.known);
  const changed = [...folders.values()].filter(
    ({ number, changedAtSequence }) => !known.has(number) || changedAtSequence > state.since,
  );
  const gone = state.known.filter((number) => !folders.has(number));
  const next: ListState = {
    kind: "calendars",
    ownerId: owner.id,
    since: sequence,
    known: [...folders.keys()],
  };
  const type = { "@odata.type": "#microsoft.graph.calendar" };
  return {
    status: 200,
    body: {
      "@odata.context": `${call.serviceRoot}/$metadata#Collection(calendar)`,
      value: [
        ...changed.map((folder) => ({
          ...type,
          ...renderEntity(CALENDAR_TYPE, { owner, folder }, call, { ...NO_OPTIONS, select: options.select }),
        })),
        ...gone.map((number) => ({
          ...type,
          id: encodeFolderId(owner.id, number),
          "@removed": { reason: "deleted" },
        })),
      ],
      "@odata.deltaLink": linkWith(call, {
        $deltatoken: Buffer.from(JSON.stringify(next)).toString("base64url"),
      }),
    },
  };
}

function decodeState(token: string): ListState | undefined {
  try {
    const state = JSON.parse(Buffer.from(token, "base64url").toString("utf8")) as Partial<ListState> | null;
    const isWhole =
      state?.kind === "calendars" &&
      typeof state.ownerId === "string" &&
      Array.isArray(state.known) &&
      [...state.known, state.since].every((number) => Number.isSafeInteger(number) && (number ?? -1) >= 0);
    return isWhole ? (state as ListState) : undefined;
  } catch {
    return undefined;
  }
}
