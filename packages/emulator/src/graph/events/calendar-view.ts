/**
 * Windows of time: `calendarView` and the `instances` of a series.
 *
 * @see https://learn.microsoft.com/graph/api/calendar-list-calendarview
 */
import { DAY_MS, parseWallTime } from "../../mailbox/civil-days.ts";
import { listInstances } from "../../mailbox/events.ts";
import { expandSeries, isSeriesMaster } from "../../mailbox/series.ts";
import type { GraphCall, GraphReply } from "../call.ts";
import { GraphFault } from "../errors.ts";
import { resolveOwner } from "../mailbox-owner.ts";
import { groupRule, mailboxRoutes, requireFolder } from "../mailbox-paths.ts";
import { OUTLOOK_STYLE, replyCollection } from "../odata/collection.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";
import { CALENDAR_VIEW_TYPE, eventType } from "./event-entity.ts";
import { requireEvent } from "./events.ts";

/** Longest window that the service expands. */
const LONGEST_VIEW_DAYS = 1825;

/** Rows of the route table. */
export const calendarViewRoutes: readonly Route[] = [
  ...mailboxRoutes("GET", "/calendarView", PERMISSIONS.calendarRead, listCalendarView, {
    inCalendars: true,
    groups: groupRule("GET"),
  }),
  ...mailboxRoutes("GET", "/events/{event}/instances", PERMISSIONS.calendarRead, listInstancesOfSeries, {
    inCalendars: true,
    groups: groupRule("GET"),
  }),
];

/**
 * Reads the window of a request. An offset in a value counts, a value without one is UTC.
 *
 * @param call - the request
 * @param names - values by name in lower case. @defaultValue the query
 * @returns milliseconds since 1970 UTC
 * @throws {GraphFault} ErrorInvalidParameter or ErrorCalendarViewRangeTooBig
 */
export function readWindow(
  call: GraphCall,
  names: ReadonlyMap<string, string> = namesInLowerCase(call),
): {
  readonly fromMs: number;
  readonly untilMs: number;
} {
  const [start, end] = [names.get("startdatetime"), names.get("enddatetime")];
  if (start === undefined || end === undefined)
    throw new GraphFault(
      "ErrorInvalidParameter",
      "This request requires a time window specified by the query string parameters StartDateTime and EndDateTime.",
    );
  const fromMs = readInstant("StartDateTime", start);
  const untilMs = readInstant("EndDateTime", end);
  if (untilMs < fromMs)
    throw new GraphFault("ErrorInvalidParameter", "The EndDateTime parameter is earlier than StartDateTime.");
  if (untilMs - fromMs > LONGEST_VIEW_DAYS * DAY_MS) throw new GraphFault("ErrorCalendarViewRangeTooBig");
  return { fromMs, untilMs };
}

/**
 * Reads a window whose end, and which itself, may be left out. The generated SDKs send `endDateTime=` without a value
 * when a program names the start alone, and that counts as left out; a start without a value is refused.
 *
 * @param call - the request
 * @returns milliseconds since 1970 UTC, `untilMs` undefined for no end; undefined without a start
 * @throws {GraphFault} as {@link readWindow}
 */
export function readOpenWindow(
  call: GraphCall,
): { readonly fromMs: number; readonly untilMs: number | undefined } | undefined {
  const names = namesInLowerCase(call);
  const start = names.get("startdatetime");
  if (start === undefined) return undefined;
  if ((names.get("enddatetime") ?? "") !== "") return readWindow(call, names);
  return { fromMs: readInstant("StartDateTime", start), untilMs: undefined };
}

function listCalendarView(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const folder = requireFolder(call, owner);
  const window = readWindow(call);
  const items = listInstances(owner.mailbox, { folder: folder.number, ...window }).map((instance) => ({
    owner,
    instance,
  }));
  return replyCollection(CALENDAR_VIEW_TYPE, items, call, {
    style: OUTLOOK_STYLE,
    context: `${owner.contextPath}/calendarView`,
  });
}

function listInstancesOfSeries(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const { instance } = requireEvent(call, owner);
  const window = readWindow(call);
  if (!isSeriesMaster(instance.event) || instance.kind !== "seriesMaster")
    throw new GraphFault("ErrorInvalidRequest", "The event is not a recurring series.");
  const items = expandSeries(instance.event, window.fromMs, window.untilMs)
    .sort((left, right) => left.startMs - right.startMs)
    .map((found) => ({ owner, instance: found }));
  return replyCollection(eventType(call), items, call, {
    style: OUTLOOK_STYLE,
    context: `${owner.contextPath}/events/instances`,
  });
}

function namesInLowerCase(call: GraphCall): ReadonlyMap<string, string> {
  return new Map([...call.request.query].map(([key, value]) => [key.toLowerCase(), value]));
}

/** A plus sign that was not percent-encoded arrives as a blank. */
function readInstant(name: string, text: string): number {
  const time = parseWallTime(text.trim().replace(/ (\d{2}:?\d{2})$/, "+$1"));
  if (time === undefined)
    throw new GraphFault("ErrorInvalidParameter", `The value '${text}' of parameter '${name}' is invalid.`);
  return time.wallMs - (time.offsetMs ?? 0);
}
