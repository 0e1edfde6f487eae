/**
 * Delta queries on calendars: `calendarView/delta` and `events/delta`.
 *
 * The rules are: the state is an opaque token that carries the window and a point of the mailbox's sequence; pages go
 * on from the last change delivered, so that changes during a round are neither lost nor doubled; removals are
 * reported also for events outside the window; a cancelled single occurrence is not reported as removed;
 * occurrences show their times and their master only.
 *
 * @see https://learn.microsoft.com/graph/api/event-delta
 */
import { listChanges } from "../../mailbox/changes.ts";
import type { EventInstance, StoredEvent } from "../../mailbox/event.ts";
import { showEvent } from "../../mailbox/events.ts";
import { encodeItemId } from "../../mailbox/item-ids.ts";
import { expandSeries, isSeriesMaster, touches } from "../../mailbox/series.ts";
import type { GraphCall, GraphReply } from "../call.ts";
import { GraphFault } from "../errors.ts";
import { readOpenWindow, readWindow } from "../events/calendar-view.ts";
import { EVENT_TYPE } from "../events/event-entity.ts";
import { type MailboxOwner, resolveOwner } from "../mailbox-owner.ts";
import { groupRule, mailboxRoutes, requireFolder } from "../mailbox-paths.ts";
import { appliedPreferences, linkWith, NO_OPTIONS } from "../odata/collection.ts";
import { renderEntity } from "../odata/entity.ts";
import { readQueryOptions } from "../odata/query-options.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";

const DEFAULT_PAGE_SIZE = 10;
/** Where a window without an end ends: the last day that a calendar can hold. */
const LAST_INSTANT_MS = Date.UTC(9999, 11, 31);
const UNSUPPORTED = ["orderBy", "filter", "search", "top"] as const;

/** All that an occurrence shows; the rest is the master's. */
const OCCURRENCE_MEMBERS = ["id", "seriesMasterId", "type", "start", "end"];
/** All that `events` shows; the rest is to be read event by event. */
const EVENT_MEMBERS = ["id", "type", "start", "end"];

/** What a token carries. */
interface DeltaState {
  readonly kind: "view" | "events";
  readonly ownerId: string;
  /** Number of the calendar; 0 stands for all of them. */
  readonly folder: number;
  /** Only `events` may do without it, or without its end. */
  readonly window: { readonly fromMs: number; readonly untilMs?: number | undefined } | undefined;
  /** Everything up to here was delivered in earlier rounds. */
  readonly since: number;
  /** Where this round ends. */
  readonly upTo: number;
  /** How many entries of the change numbered `since` were delivered; a series may fill pages. */
  readonly done: number;
  /** Whether the caller knows nothing yet, so that there is nothing to remove. */
  readonly isFirstRound: boolean;
}

/** One entry of an answer, with the change that it belongs to. */
interface DeltaEntry {
  readonly sequence: number;
  readonly body: Record<string, unknown>;
}

/** Rows of the route table. */
export const calendarDeltaRoutes: readonly Route[] = [
  ...mailboxRoutes(
    "GET",
    "/calendarView/delta",
    PERMISSIONS.calendarRead,
    (call) => replyDelta(call, "view"),
    {
      inCalendars: true,
      groups: groupRule("GET"),
    },
  ),
  ...mailboxRoutes("GET", "/events/delta", PERMISSIONS.calendarRead, (call) => replyDelta(call, "events"), {
    inCalendars: true,
    groups: groupRule("GET"),
  }),
];

function replyDelta(call: GraphCall, kind: DeltaState["kind"]): GraphReply {
  const owner = resolveOwner(call);
  refuseOptions(call, kind);
  const state = readState(call, owner, kind);
  const entries = listEntries(call, owner, state);
  const size = call.preferences.maxPageSize ?? DEFAULT_PAGE_SIZE;
  const page = entries.slice(0, size);
  const last = page[page.length - 1];
  const isComplete = entries.length <= size;
  const next: DeltaState = isComplete
    ? { ...state, since: state.upTo, upTo: 0, done: 0, isFirstRound: false }
    : continueAfter(state, page, last?.sequence ?? 0);
  const link = linkWith(
    call,
    { [isComplete ? "$deltatoken" : "$skiptoken"]: encodeState(next) },
    (name) => !["startdatetime", "enddatetime"].includes(name),
  );
  return {
    status: 200,
    headers: appliedPreferences(call),
    body: {
      "@odata.context": `${call.serviceRoot}/$metadata#Collection(event)`,
      value: page.map(({ body }) => body),
      [isComplete ? "@odata.deltaLink" : "@odata.nextLink"]: link,
    },
  };
}

/** A page may end inside a series: the change is repeated and what was delivered of it skipped. */
function continueAfter(state: DeltaState, page: readonly DeltaEntry[], sequence: number): DeltaState {
  const delivered = page.filter((entry) => entry.sequence === sequence).length;
  const before = state.since === sequence - 1 ? state.done : 0;
  return { ...state, since: sequence - 1, done: delivered + before };
}

function refuseOptions(call: GraphCall, kind: DeltaState["kind"]): void {
  const options = readQueryOptions(call);
  // The service's own words, as programs saw them in 2024.
  if (options.expand.length > 0)
    throw new GraphFault(
      "BadRequest",
      "Parsing OData Select and Expand failed: Value cannot be null. (Parameter 'initialState')",
    );
  const named = UNSUPPORTED.filter((name) => {
    const value = options[name];
    return value !== undefined && (!Array.isArray(value) || value.length > 0);
  });
  if (named.length === 0) return;
  throw new GraphFault(
    "ErrorInvalidUrlQuery",
    `The following parameters are not supported with change tracking over the '${kind === "view" ? "CalendarView" : "Events"}' resource: '${named.map((name) => `$${name.toLowerCase()}`).join(", ")}'.`,
  );
}

function readState(call: GraphCall, owner: MailboxOwner, kind: DeltaState["kind"]): DeltaState {
  const options = readQueryOptions(call);
  const token = options.skipToken ?? options.deltaToken;
  const { sequence } = owner.mailbox;
  if (token === undefined) {
    const folder = isWholeMailbox(call, kind) ? 0 : requireFolder(call, owner).number;
    const window = kind === "view" ? readWindow(call) : readOpenWindow(call);
    return { kind, ownerId: owner.id, folder, window, since: 0, upTo: sequence, done: 0, isFirstRound: true };
  }
  const state = decodeState(token);
  if (state === undefined || state.kind !== kind) throw new GraphFault("InvalidDeltaToken");
  if (state.ownerId !== owner.id || state.since > sequence || state.upTo > sequence)
    throw new GraphFault("SyncStateNotFound");
  return state.upTo === 0 ? { ...state, upTo: sequence } : state;
}

/** `/users/{id}/events/delta` looks into every calendar, a view and `/users/{id}/calendar/…` into one. */
function isWholeMailbox(call: GraphCall, kind: DeltaState["kind"]): boolean {
  return kind === "events" && !/\/calendars?[/(]/i.test(call.request.path);
}

function listEntries(call: GraphCall, owner: MailboxOwner, state: DeltaState): DeltaEntry[] {
  const changes = listChanges(owner.mailbox, state.since, state.folder === 0 ? undefined : state.folder);
  if (changes === "tooOld") throw new GraphFault("SyncStateNotFound");
  const entries = [
    ...changes.changed.flatMap((event) => entriesOfEvent(call, owner, state, event)),
    ...changes.deleted
      // What only left a calendar for another one is still in the mailbox.
      .filter(({ number }) => state.folder !== 0 || !owner.mailbox.events.has(number))
      .map(({ sequence, number }) => ({
        sequence,
        body: removed(call, owner, number),
      })),
  ]
    .filter(({ sequence, body }) => sequence <= state.upTo && !(state.isFirstRound && "@removed" in body))
    .sort((left, right) => left.sequence - right.sequence);
  const first = entries[0];
  return first?.sequence === state.since + 1 ? entries.slice(state.done) : entries;
}

function entriesOfEvent(
  call: GraphCall,
  owner: MailboxOwner,
  state: DeltaState,
  event: StoredEvent,
): DeltaEntry[] {
  const sequence = event.changedAtSequence;
  const instances = listInstances(state, event);
  if (instances.length === 0) return [{ sequence, body: removed(call, owner, event.number) }];
  return instances.map((instance) => {
    const select =
      state.kind === "events"
        ? EVENT_MEMBERS
        : instance.kind === "occurrence"
          ? OCCURRENCE_MEMBERS
          : undefined;
    const entity = renderEntity(EVENT_TYPE, { owner, instance }, call, { ...NO_OPTIONS, select });
    return { sequence, body: { "@odata.type": "#microsoft.graph.event", ...entity } };
  });
}

/** A view shows a series as its master and what lies in the window; `events` shows masters only. */
function listInstances(state: DeltaState, event: StoredEvent): EventInstance[] {
  const { window } = state;
  if (window === undefined) return [showEvent(event)];
  const { fromMs, untilMs = LAST_INSTANT_MS } = window;
  if (!isSeriesMaster(event)) return touches(event, fromMs, untilMs) ? [showEvent(event)] : [];
  if (window.untilMs === undefined && event.series.lastDay === undefined) return [showEvent(event)];
  const inside = expandSeries(event, fromMs, untilMs).sort((left, right) => left.startMs - right.startMs);
  if (inside.length === 0) return [];
  return state.kind === "view" ? [showEvent(event), ...inside] : [showEvent(event)];
}

function removed(call: GraphCall, owner: MailboxOwner, number: number): Record<string, unknown> {
  const form = call.preferences.immutableIds ? "immutable" : "default";
  return {
    "@odata.type": "#microsoft.graph.event",
    id: encodeItemId(owner.id, { number, day: undefined }, form),
    "@removed": { reason: "deleted" },
  };
}

function encodeState(state: DeltaState): string {
  return Buffer.from(JSON.stringify(state)).toString("base64url");
}

function decodeState(token: string): DeltaState | undefined {
  try {
    const state = JSON.parse(Buffer.from(token, "base64url").toString("utf8")) as Partial<DeltaState> | null;
    const numbers = [state?.folder, state?.since, state?.upTo, state?.done];
    const isWhole = numbers.every((number) => Number.isSafeInteger(number) && (number ?? -1) >= 0);
    const { window } = state ?? {};
    const isWindow =
      window === undefined ||
      (Number.isFinite(window?.fromMs) &&
        (window.untilMs === undefined
          ? state?.kind === "events"
          : Number.isFinite(window.untilMs) && window.untilMs - window.fromMs < 2_000 * 86_400_000));
    return isWhole && isWindow && typeof state?.ownerId === "string" ? (state as DeltaState) : undefined;
  } catch {
    return undefined;
  }
}
