/**
 * Events of a window, as a complete list in order of their start, whatever a server gives at once.
 *
 * The rules are: a server expands two years at most, so that longer windows are read in parts; a part that is cut
 * off is read on from the start of its last event, or in halves where a server does not order by start or gives
 * nothing instead; what two parts have in common is given once.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/calendarview
 */
import { isNightlatchError } from "@nightlatch/credential";
import type { EventWindow } from "../calendar.ts";
import { calendarError } from "../errors.ts";
import type { CalendarEvent } from "../event.ts";
import { isMeeting, readEvent, VIEW_FIELDS } from "./event-codec.ts";
import { getFoundEvents, nameMasters } from "./event-reading.ts";
import { FIND_ITEM_COUNT, type FoundItems, findCalendarView } from "./operations/find-item.ts";
import type { Question } from "./question.ts";
import { textOf, type XmlElement } from "./xml-element.ts";
import { parseInstant } from "./zone-codec.ts";

/** Just below two years. */
const PART_MS = 728 * 86_400_000;

/** An event of a list, with what its item says beside. */
interface Listed {
  readonly event: CalendarEvent;
  readonly startAtMs: number;
  readonly endAtMs: number;
  readonly isMeeting: boolean;
}

/** Part of a window, in milliseconds since 1970. */
interface Part {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Lists the events of a window.
 *
 * @param question - who asks about what
 * @param window - the window
 * @returns the events, ordered by start
 * @throws {RangeError} when the window does not end after it starts
 * @throws {NightlatchError} `CALENDAR_…` by cause
 */
export async function* listWindow(question: Question, window: EventWindow): AsyncGenerator<CalendarEvent> {
  if (!(window.from < window.to)) throw new RangeError("The window must end after it starts");
  const parts = splitWindow(window);
  const seen = new Set<string>();
  const masterIds = new Map<string, string>();
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    const { listed, isLast, isOrdered } = await readPart(question, window, part);
    if (!isLast && !isOrdered) {
      parts.unshift(...halves(question, part));
      continue;
    }
    const fresh = listed.filter(({ event }) => !seen.has(event.id));
    for (const { event } of fresh) seen.add(event.id);
    const wanted = fresh.filter((entry) => touches(entry, window));
    for (const event of await complete(question, window, wanted, masterIds)) {
      window.signal?.throwIfAborted();
      yield event;
    }
    if (!isLast) parts.unshift(rest(question, part, listed.at(-1)));
  }
}

function splitWindow(window: EventWindow): Part[] {
  const [fromMs, toMs] = [window.from.getTime(), window.to.getTime()];
  const parts: Part[] = [];
  for (let startMs = fromMs; startMs < toMs; startMs += PART_MS) {
    parts.push({ fromMs: startMs, toMs: Math.min(startMs + PART_MS, toMs) });
  }
  return parts;
}

async function readPart(
  question: Question,
  window: EventWindow,
  { fromMs, toMs }: Part,
): Promise<{
  readonly listed: readonly Listed[];
  readonly isLast: boolean;
  readonly isOrdered: boolean;
}> {
  const view = {
    calendarId: window.calendarId,
    from: new Date(fromMs),
    to: new Date(toMs),
    fields: VIEW_FIELDS,
    properties: window.properties ?? [],
  };
  const { items, isLast } = await findCalendarView(question, view, (item): Listed => {
    const event = readEvent(item);
    const [startAtMs, endAtMs] = [instantMs(item, "t:Start"), instantMs(item, "t:End")];
    return { event, startAtMs, endAtMs, isMeeting: isMeeting(item) };
  }).catch(takeNoneForTooMany);
  const isOrdered =
    items.length > 0 &&
    items.every(
      ({ startAtMs }, index) => index === 0 || startAtMs >= (items[index - 1]?.startAtMs ?? startAtMs),
    );
  const listed = isOrdered ? items : [...items].sort((left, right) => left.startAtMs - right.startAtMs);
  return { listed, isLast, isOrdered };
}

/** A stricter server gives nothing at all where it would have to cut off. */
function takeNoneForTooMany(error: unknown): FoundItems<Listed> {
  if (!isNightlatchError(error) || error.details["responseCode"] !== "ErrorExceededFindCountLimit")
    throw error;
  return { items: [], isLast: false, nextOffset: 0 };
}

/** What has not been read of a part after its last event; that event comes again and is known then. */
function rest(question: Question, { fromMs, toMs }: Part, last: Listed | undefined): Part {
  const nextMs = last?.startAtMs ?? fromMs;
  if (nextMs <= fromMs || nextMs >= toMs) throw tooMany(question);
  return { fromMs: nextMs, toMs };
}

function halves(question: Question, { fromMs, toMs }: Part): readonly Part[] {
  const middleMs = Math.floor((fromMs + toMs) / 2000) * 1000;
  if (middleMs <= fromMs || middleMs >= toMs) throw tooMany(question);
  return [
    { fromMs, toMs: middleMs },
    { fromMs: middleMs, toMs },
  ];
}

function tooMany({ act, mailbox }: Question): Error {
  return calendarError(
    "CALENDAR_REJECTED",
    `Cannot ${act}: more events lie at the same time than the server gives at once, usually ${FIND_ITEM_COUNT}`,
    { hint: "Spread the events over several calendars, or read this one over Graph", details: { mailbox } },
  );
}

/** Adds what lists leave out; events that somebody deleted meanwhile fall out. */
async function complete(
  question: Question,
  window: EventWindow,
  listed: readonly Listed[],
  masterIds: Map<string, string>,
): Promise<readonly CalendarEvent[]> {
  const { includeBody = false, bodyContentType, properties } = window;
  const lacking = listed.filter((entry) => includeBody || entry.isMeeting).map(({ event }) => event.id);
  const shape = { includeBody, bodyContentType, properties };
  const whole = await getFoundEvents(question, lacking, shape);
  const events = listed.flatMap(({ event, isMeeting: meets }) => {
    if (!includeBody && !meets) return [event];
    const found = whole.get(event.id);
    // The series of an occurrence is no member of an event of a list.
    return found === undefined ? [] : [withoutRecurrence(found)];
  });
  return nameMasters(question, events, masterIds);
}

function withoutRecurrence({ recurrence: _, ...event }: CalendarEvent): CalendarEvent {
  return event;
}

/** Whether an all-day event at the edge belongs to the window is for the server to say. */
function touches({ event, startAtMs, endAtMs }: Listed, { from, to }: EventWindow): boolean {
  if (event.isAllDay) return true;
  const isMoment = startAtMs === endAtMs;
  return startAtMs < to.getTime() && (isMoment ? startAtMs >= from.getTime() : endAtMs > from.getTime());
}

/** The instant itself, which the wall clock of an event does not tell in the hour that the clock shows twice. */
function instantMs(item: XmlElement, name: "t:Start" | "t:End"): number {
  return parseInstant(textOf(item, name))?.getTime() ?? Number.NaN;
}
