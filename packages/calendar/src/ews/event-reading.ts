/**
 * Events by their ids, and what lists leave out of events: attendees, bodies, and the master of an occurrence.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-access-a-recurring-series-by-using-ews-in-exchange
 */
import { calendarError } from "../errors.ts";
import type { CalendarEvent } from "../event.ts";
import { EVENT_FIELDS, readEvent, readItemId } from "./event-codec.ts";
import { findByProperty } from "./operations/find-item.ts";
import { type GotItem, getItems, type ItemShape, itemPath, masterPath } from "./operations/get-item.ts";
import { fieldPath, propertyPath } from "./property-paths.ts";
import type { Question } from "./question.ts";
import { childOf, type XmlElement } from "./xml-element.ts";

/** What is read of an event beside its members. */
export interface EventShape {
  /** Own properties. */
  readonly properties?: readonly string[] | undefined;
  readonly includeBody: boolean;
  readonly bodyContentType?: "text" | "html" | undefined;
}

/** Codes by which a server says that an item is no longer there. */
const GONE: ReadonlySet<string> = new Set([
  "ErrorItemNotFound",
  "ErrorCalendarOccurrenceIsDeletedFromRecurrence",
]);

/**
 * Gets one event.
 *
 * @param question - who asks about what
 * @param eventId - id of the event
 * @param shape - what is read
 * @returns the event
 * @throws {NightlatchError} `CALENDAR_…` by cause
 */
export async function getEvent(
  question: Question,
  eventId: string,
  shape: EventShape,
): Promise<CalendarEvent> {
  const [got] = await getItems(question, [itemPath(eventId)], itemShapeOf(shape));
  const event = eventOf(question, got as GotItem);
  const [completed] = await nameMasters(question, [event]);
  return completed ?? event;
}

/**
 * Gets the version of an event.
 *
 * @param question - who asks about what
 * @param eventId - id of the event
 * @returns its change key
 * @throws {NightlatchError} `CALENDAR_…` by cause
 */
export async function getVersion(question: Question, eventId: string): Promise<string> {
  const [got] = await getItems(question, [itemPath(eventId)], { paths: [] });
  return understood(got as GotItem, () => readItemId(childOf(itemOf(question, got as GotItem), "t:ItemId")))
    .changeKey;
}

/**
 * Finds single events and series masters that carry an own property with this very value.
 *
 * @param question - who asks about what
 * @param calendarId - folder; the default calendar when `undefined`
 * @param property - name and value
 * @returns the events, with that property
 * @throws {NightlatchError} `CALENDAR_…` by cause
 */
export async function findEvents(
  question: Question,
  calendarId: string | undefined,
  property: { readonly name: string; readonly value: string },
): Promise<readonly CalendarEvent[]> {
  const { name, value } = property;
  const ids: string[] = [];
  for (let offset = 0, isLast = false; !isLast; ) {
    const page = await findByProperty(question, calendarId, property, offset, readId);
    ids.push(...page.items);
    ({ isLast } = page);
    if (!isLast && !(page.nextOffset > offset)) throw standstill(question);
    offset = page.nextOffset;
  }
  const found = await getFoundEvents(question, ids, { includeBody: false, properties: [name] });
  // The server does not tell upper from lower case in values.
  return [...found.values()].filter(({ properties }) => properties[name] === value);
}

/**
 * Gets events that were found a moment ago.
 *
 * @param question - who asks about what
 * @param eventIds - their ids
 * @param shape - what is read
 * @returns the events by id, without those that somebody deleted meanwhile
 * @throws {NightlatchError} `CALENDAR_…` by cause
 */
export async function getFoundEvents(
  question: Question,
  eventIds: readonly string[],
  shape: EventShape,
): Promise<ReadonlyMap<string, CalendarEvent>> {
  const got = await getItems(
    question,
    eventIds.map((id) => itemPath(id)),
    itemShapeOf(shape),
  );
  const events = new Map<string, CalendarEvent>();
  for (const [index, item] of got.entries()) {
    if (GONE.has(item.message.responseCode)) continue;
    events.set(eventIds[index] ?? "", eventOf(question, item));
  }
  return events;
}

/**
 * Gives occurrences and exceptions the id of their master, which EWS tells only when it is asked for each. All of a
 * series have one UID, so that one question per series is enough.
 *
 * @param question - who asks about what
 * @param events - events of one folder
 * @param masterIds - ids of masters by series, as far as they are known; what is learnt is added
 * @returns the same events, those of series with `seriesMasterId`
 * @throws {NightlatchError} `CALENDAR_…` by cause
 */
export async function nameMasters(
  question: Question,
  events: readonly CalendarEvent[],
  masterIds: Map<string, string> = new Map(),
): Promise<readonly CalendarEvent[]> {
  const samples = new Map<string, string>();
  for (const event of events) {
    const series = seriesOf(event);
    if (series !== undefined && !masterIds.has(series)) samples.set(series, event.id);
  }
  const masters = await getItems(question, [...samples.values()].map(masterPath), { paths: [] });
  for (const [index, series] of [...samples.keys()].entries()) {
    const id = childOf(masters[index]?.item, "t:ItemId")?.attributes["Id"];
    if (id !== undefined) masterIds.set(series, id);
  }
  return events.map((event) => {
    const series = seriesOf(event);
    const seriesMasterId = series === undefined ? undefined : masterIds.get(series);
    return seriesMasterId === undefined ? event : { ...event, seriesMasterId };
  });
}

function seriesOf({ type, iCalUId, id }: CalendarEvent): string | undefined {
  if (type !== "occurrence" && type !== "exception") return undefined;
  return iCalUId === "" ? id : iCalUId;
}

function itemShapeOf({ properties = [], includeBody, bodyContentType }: EventShape): ItemShape {
  const fields = includeBody ? [...EVENT_FIELDS, "item:Body"] : EVENT_FIELDS;
  return {
    paths: [...fields.map(fieldPath), ...properties.map(propertyPath)],
    ...(includeBody && { bodyType: bodyContentType === "text" ? ("Text" as const) : ("HTML" as const) }),
  };
}

function eventOf(question: Question, got: GotItem): CalendarEvent {
  const item = itemOf(question, got);
  return understood(got, () => readEvent(item));
}

function itemOf(question: Question, { item, message, answer }: GotItem): XmlElement {
  if (message.isError) throw answer.refuse(message);
  if (item !== undefined) return item;
  throw calendarError("CALENDAR_NOT_FOUND", `Cannot ${question.act}: this id is none of a calendar item`, {
    details: { mailbox: question.mailbox, responseCode: message.responseCode },
  });
}

function understood<Value>({ answer }: GotItem, read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof RangeError) throw answer.unreadable(`cannot be understood: ${cause.message}`, cause);
    throw cause;
  }
}

function readId(item: XmlElement): string {
  return readItemId(childOf(item, "t:ItemId")).id;
}

function standstill({ act, mailbox }: Question): Error {
  return calendarError(
    "CALENDAR_UNREADABLE_ANSWER",
    `Cannot ${act}: the answer does not say where the next items begin`,
    { details: { mailbox } },
  );
}
