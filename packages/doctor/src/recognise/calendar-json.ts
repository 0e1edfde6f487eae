/** Reads events as Graph writes them: one, a page of a list, or the body of a request. */
import type { GraphEvent, GraphMoment, GraphRecurrence } from "../calendar-artifact.ts";
import { shorten } from "../secrets.ts";
import { isRecord, originOf, type Reading, stringMember } from "./reading.ts";

const EVENTS = 5000;

/**
 * Reads a JSON object that is an event of Graph, or a list of them.
 *
 * @param reading - the input
 * @param record - a plain JSON object
 * @param place - where it stood
 * @returns true when it was one
 */
export function readCalendarJson(
  reading: Reading,
  record: Readonly<Record<string, unknown>>,
  place: string,
): boolean {
  const list = record["value"];
  if (Array.isArray(list)) {
    const events = list.filter(isRecord).slice(0, EVENTS).filter(looksLikeEvent);
    if (events.length === 0) return false;
    addEvents(reading, events, place, true, stringMember(record, "@odata.nextLink") !== undefined);
    return true;
  }
  if (!looksLikeEvent(record)) return false;
  addEvents(reading, [record], place, false, false);
  return true;
}

/**
 * Tells whether a JSON object is an event of Graph.
 *
 * @param record - a plain JSON object
 * @returns true when it has a start as events have it, or is of the type
 */
function looksLikeEvent(record: Readonly<Record<string, unknown>>): boolean {
  if (record["@odata.type"] === "#microsoft.graph.event") return true;
  const others = ["end", "subject", "isAllDay", "seriesMasterId", "recurrence", "attendees", "iCalUId"];
  return momentOf(record["start"]) !== undefined && others.some((name) => record[name] !== undefined);
}

function addEvents(
  reading: Reading,
  records: ReadonlyArray<Readonly<Record<string, unknown>>>,
  place: string,
  isPage: boolean,
  hasNextLink: boolean,
): void {
  const events = records.map(eventOf);
  const [first] = events;
  reading.artifacts.push({
    kind: "graphEvents",
    origin: originOf(reading, place),
    summary: isPage
      ? `page of ${events.length} event(s) of Graph`
      : `event of Graph${first?.subject === undefined ? "" : ` "${shorten(first.subject, 60)}"`}`,
    events,
    isPage,
    hasNextLink,
  });
}

function eventOf(record: Readonly<Record<string, unknown>>): GraphEvent {
  return {
    id: stringMember(record, "id"),
    subject: stringMember(record, "subject"),
    type: stringMember(record, "type"),
    seriesMasterId: stringMember(record, "seriesMasterId"),
    start: momentOf(record["start"]),
    end: momentOf(record["end"]),
    isAllDay: record["isAllDay"] === true,
    sensitivity: stringMember(record, "sensitivity"),
    hasUid: stringMember(record, "iCalUId") !== undefined || stringMember(record, "uid") !== undefined,
    recurrence: recurrenceOf(record["recurrence"]),
    listsCancelled: record["cancelledOccurrences"] !== undefined,
    properties: propertiesOf(record["singleValueExtendedProperties"]),
  };
}

function momentOf(value: unknown): GraphMoment | undefined {
  if (!isRecord(value)) return undefined;
  const dateTime = stringMember(value, "dateTime");
  return dateTime === undefined ? undefined : { dateTime, timeZone: stringMember(value, "timeZone") };
}

function recurrenceOf(value: unknown): GraphRecurrence | undefined {
  if (!isRecord(value) || !isRecord(value["pattern"])) return undefined;
  const { pattern } = value;
  const range = isRecord(value["range"]) ? value["range"] : {};
  const days = pattern["daysOfWeek"];
  const interval = Number(pattern["interval"] ?? 1);
  return {
    type: stringMember(pattern, "type") ?? "",
    interval: Number.isInteger(interval) && interval > 0 ? interval : 1,
    daysOfWeek: Array.isArray(days) ? days.map((day) => String(day).toLowerCase()).slice(0, 7) : [],
    firstDayOfWeek: stringMember(pattern, "firstDayOfWeek")?.toLowerCase(),
    startDate: stringMember(range, "startDate"),
    timeZone: stringMember(range, "recurrenceTimeZone"),
  };
}

function propertiesOf(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter(isRecord)
    .slice(0, 20)
    .map((item) => `${stringMember(item, "id") ?? ""}=${stringMember(item, "value") ?? ""}`);
}
