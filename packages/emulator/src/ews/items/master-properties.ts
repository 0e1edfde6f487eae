/** What a series master says of its occurrences: the first, the last, the changed and the deleted ones. */
import type { EventInstance } from "../../mailbox/event.ts";
import { dayOfOrdinal } from "../../mailbox/recurrence.ts";
import {
  exceptionInstance,
  findOccurrence,
  isSeriesMaster,
  occurrenceTimes,
  type SeriesMaster,
} from "../../mailbox/series.ts";
import { element, text } from "../soap/xml-writer.ts";
import { formatInstant } from "../zones/instants.ts";
import { itemIdAttributes } from "./item-references.ts";
import type { ItemView } from "./item-view.ts";
import { writeRecurrence } from "./recurrence-codec.ts";

/** Writes one property of a master. */
type MasterWriter = (view: ItemView, master: SeriesMaster) => string;

/** Properties that only masters have, by path, in the order of the schema. */
export const MASTER_PROPERTIES: readonly (readonly [string, (view: ItemView) => string])[] = [
  ["calendar:Recurrence", ofMaster(({ call }, { series }) => writeRecurrence(series, call.version))],
  ["calendar:FirstOccurrence", ofMaster((view, master) => edgeOccurrence(view, master, "FirstOccurrence"))],
  ["calendar:LastOccurrence", ofMaster((view, master) => edgeOccurrence(view, master, "LastOccurrence"))],
  ["calendar:ModifiedOccurrences", ofMaster(modifiedOccurrences)],
  ["calendar:DeletedOccurrences", ofMaster(deletedOccurrences)],
];

function ofMaster(write: MasterWriter): (view: ItemView) => string {
  return (view) => {
    const { kind, event } = view.instance;
    return kind === "seriesMaster" && isSeriesMaster(event) ? write(view, event) : "";
  };
}

function edgeOccurrence(
  view: ItemView,
  master: SeriesMaster,
  name: "FirstOccurrence" | "LastOccurrence",
): string {
  const isFirst = name === "FirstOccurrence";
  const { lastDay } = master.series;
  // Deleted occurrences at the edge are skipped; a series has at least one that is not.
  const days = isFirst ? forward(master) : lastDay === undefined ? [] : backward(master, lastDay);
  for (const day of days) {
    const instance = findOccurrence(master, day);
    if (instance !== undefined) return occurrenceInfo(view, master, instance, day, name);
  }
  return "";
}

function* forward(master: SeriesMaster): Generator<number> {
  for (let ordinal = 1; ; ordinal++) {
    const day = dayOfOrdinal(master.series, ordinal);
    if (day === undefined) return;
    yield day;
  }
}

function* backward(master: SeriesMaster, lastDay: number): Generator<number> {
  for (let day = lastDay; day >= master.series.range.startDay; day--) yield day;
}

function modifiedOccurrences(view: ItemView, master: SeriesMaster): string {
  const written = master.series.exceptions.map((exception) =>
    occurrenceInfo(view, master, exceptionInstance(master, exception), exception.day, "Occurrence"),
  );
  return written.length === 0 ? "" : element("t:ModifiedOccurrences", written.join(""));
}

function occurrenceInfo(
  view: ItemView,
  master: SeriesMaster,
  instance: EventInstance,
  day: number,
  name: string,
): string {
  return element(
    `t:${name}`,
    element("t:ItemId", "", { ...itemIdAttributes(view.owner, instance) }) +
      time(view, "Start", instance.startMs) +
      time(view, "End", instance.endMs) +
      time(view, "OriginalStart", occurrenceTimes(master, day).startMs),
  );
}

function deletedOccurrences(view: ItemView, master: SeriesMaster): string {
  const written = master.series.deletedDays.map((day) =>
    element("t:DeletedOccurrence", time(view, "Start", occurrenceTimes(master, day).startMs)),
  );
  return written.length === 0 ? "" : element("t:DeletedOccurrences", written.join(""));
}

function time({ call }: ItemView, name: string, instantMs: number): string {
  return text(`t:${name}`, formatInstant(instantMs, call.ianaZone));
}
