/**
 * What stands beside an item in its calendar: items at the same time (conflicts) and right before or after it (adjacent
 * ones). Free time is beside nothing.
 */
import type { EventInstance, StoredEvent } from "../../mailbox/event.ts";
import { showEvent } from "../../mailbox/events.ts";
import type { Mailbox } from "../../mailbox/mailbox.ts";
import { expandSeries, isSeriesMaster, type SeriesMaster } from "../../mailbox/series.ts";
import { element, text } from "../soap/xml-writer.ts";
import { formatInstant } from "../zones/instants.ts";
import { writeShowAs } from "./calendar-words.ts";
import { itemIdAttributes } from "./item-references.ts";
import type { ItemView } from "./item-view.ts";

/** Events of one calendar, ready to be looked up by time. */
interface Timeline {
  readonly sequence: number;
  /** By start. */
  readonly singles: readonly StoredEvent[];
  readonly masters: readonly SeriesMaster[];
  /** Length of the longest single event, milliseconds. */
  readonly longestMs: number;
}

interface Neighbours {
  readonly conflicting: readonly EventInstance[];
  readonly adjacent: readonly EventInstance[];
}

const timelines = new WeakMap<Mailbox, Map<number, Timeline>>();

/**
 * Writes how many items stand beside an item.
 *
 * @param view - the item
 * @param kind - at the same time, or right before and after
 * @returns XML
 */
export function writeNeighbourCount(view: ItemView, kind: keyof Neighbours): string {
  const name = kind === "conflicting" ? "ConflictingMeetingCount" : "AdjacentMeetingCount";
  return text(`t:${name}`, findNeighbours(view)[kind].length);
}

/**
 * Writes the items beside an item.
 *
 * @param view - the item
 * @param kind - at the same time, or right before and after
 * @returns XML; empty when there are none
 */
export function writeNeighbours(view: ItemView, kind: keyof Neighbours): string {
  const found = findNeighbours(view)[kind];
  if (found.length === 0) return "";
  const { call, owner } = view;
  const items = found.map((instance) => {
    const { subject, showAs, location } = instance.event;
    return element(
      "t:CalendarItem",
      element("t:ItemId", "", { ...itemIdAttributes(owner, instance) }) +
        (subject === "" ? "" : text("t:Subject", subject)) +
        text("t:Start", formatInstant(instance.startMs, call.ianaZone)) +
        text("t:End", formatInstant(instance.endMs, call.ianaZone)) +
        text("t:LegacyFreeBusyStatus", writeShowAs(showAs)) +
        (location === "" ? "" : text("t:Location", location)),
    );
  });
  return element(kind === "conflicting" ? "t:ConflictingMeetings" : "t:AdjacentMeetings", items.join(""));
}

/** The four properties of one item are written one after the other. */
let last: { readonly view: ItemView; readonly found: Neighbours } | undefined;

function findNeighbours(view: ItemView): Neighbours {
  if (last?.view === view) return last.found;
  const found = look(view);
  last = { view, found };
  return found;
}

function look({ owner, instance }: ItemView): Neighbours {
  const { startMs, endMs, event } = instance;
  if (event.showAs === "free") return { conflicting: [], adjacent: [] };
  const { singles, masters, longestMs } = timelineOf(owner.mailbox, event.folder);
  const beside: EventInstance[] = [];
  // One millisecond more on both sides finds what only touches.
  for (let index = firstFrom(singles, startMs - longestMs); index < singles.length; index++) {
    const single = singles[index];
    if (single === undefined || single.startMs > endMs) break;
    if (single.endMs >= startMs && single.number !== event.number) beside.push(showEvent(single));
  }
  for (const master of masters)
    if (master.number !== event.number) beside.push(...expandSeries(master, startMs - 1, endMs + 1));
  const busy = beside
    .filter((other) => other.event.showAs !== "free")
    .sort((left, right) => left.startMs - right.startMs);
  const overlaps = (other: EventInstance): boolean => other.startMs < endMs && other.endMs > startMs;
  return {
    conflicting: busy.filter(overlaps),
    adjacent: busy.filter(
      (other) => !overlaps(other) && (other.endMs === startMs || other.startMs === endMs),
    ),
  };
}

function timelineOf(mailbox: Mailbox, folder: number): Timeline {
  const known = timelines.get(mailbox) ?? new Map<number, Timeline>();
  timelines.set(mailbox, known);
  const kept = known.get(folder);
  if (kept?.sequence === mailbox.sequence) return kept;
  const singles: StoredEvent[] = [];
  const masters: SeriesMaster[] = [];
  let longestMs = 0;
  for (const event of mailbox.events.values()) {
    if (event.folder !== folder) continue;
    if (isSeriesMaster(event)) masters.push(event);
    else {
      singles.push(event);
      longestMs = Math.max(longestMs, event.endMs - event.startMs);
    }
  }
  singles.sort((left, right) => left.startMs - right.startMs);
  const timeline = { sequence: mailbox.sequence, singles, masters, longestMs };
  known.set(folder, timeline);
  return timeline;
}

/** Index of the first event that begins at a time or later. */
function firstFrom(events: readonly StoredEvent[], startMs: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.startMs ?? 0) < startMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
