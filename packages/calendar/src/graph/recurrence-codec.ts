/**
 * Series on the wire: `patternedRecurrence` of Graph.
 *
 * The rules are: only members that a pattern uses are sent; members that it does not use come back as `0`,
 * `"first"` or `"0001-01-01"` and are dropped here; a type that we do not know passes as it came.
 *
 * @see Microsoft Graph resource types `patternedRecurrence`, `recurrencePattern`, `recurrenceRange`
 */
import type { DayOfWeek, Recurrence, RecurrencePattern, RecurrenceRange } from "../event.ts";
import { isRecord, numberOf, stringOf, stringsOf, type WireRecord } from "./wire.ts";
import { decodeZone, encodeZone } from "./zone-codec.ts";

/** What each pattern uses beside its interval. */
const MEMBERS: Readonly<Record<RecurrencePattern["type"], readonly (keyof RecurrencePattern)[]>> = {
  daily: [],
  weekly: ["daysOfWeek", "firstDayOfWeek"],
  absoluteMonthly: ["dayOfMonth"],
  relativeMonthly: ["daysOfWeek", "index"],
  absoluteYearly: ["dayOfMonth", "month"],
  relativeYearly: ["daysOfWeek", "index", "month"],
};

/**
 * Encodes a series.
 *
 * @param recurrence - pattern and range
 * @returns the `recurrence` member of an event
 *
 * @example
 * ```ts ignore
 * encodeRecurrence(recurrence); // { pattern: { type: "weekly", … }, range: { type: "numbered", … } }
 * ```
 */
export function encodeRecurrence({ pattern, range }: Recurrence): WireRecord {
  const wire: Record<string, unknown> = { type: pattern.type, interval: pattern.interval };
  for (const name of MEMBERS[pattern.type] ?? []) {
    if (pattern[name] !== undefined) wire[name] = pattern[name];
  }
  // Both are needed by the pattern; what Graph would assume is said aloud.
  if (pattern.type === "weekly") wire["firstDayOfWeek"] ??= "sunday";
  if (pattern.type.startsWith("relative")) wire["index"] ??= "first";
  return {
    pattern: wire,
    range: {
      type: range.type,
      startDate: range.startsOn,
      ...(range.type === "endDate" && { endDate: range.endsOn }),
      ...(range.type === "numbered" && { numberOfOccurrences: range.occurrenceCount }),
      recurrenceTimeZone: encodeZone(range.ianaZone),
    },
  };
}

/**
 * Decodes a series.
 *
 * @param wire - the `recurrence` member as it arrived
 * @returns pattern and range; `undefined` when the event is no series
 */
export function decodeRecurrence(wire: unknown): Recurrence | undefined {
  if (!isRecord(wire) || !isRecord(wire["pattern"]) || !isRecord(wire["range"])) return undefined;
  return { pattern: decodePattern(wire["pattern"]), range: decodeRange(wire["range"]) };
}

function decodePattern(wire: WireRecord): RecurrencePattern {
  const type = (stringOf(wire, "type") ?? "daily") as RecurrencePattern["type"];
  const members: readonly (keyof RecurrencePattern)[] =
    MEMBERS[type] ?? Object.keys(wire).filter((name) => name !== "type" && name !== "interval");
  const has = (name: keyof RecurrencePattern): boolean => members.includes(name) && wire[name] != null;
  return {
    type,
    interval: numberOf(wire, "interval") ?? 1,
    ...(has("daysOfWeek") && { daysOfWeek: stringsOf(wire, "daysOfWeek") as readonly DayOfWeek[] }),
    ...(has("firstDayOfWeek") && { firstDayOfWeek: wire["firstDayOfWeek"] as DayOfWeek }),
    ...(has("dayOfMonth") && { dayOfMonth: numberOf(wire, "dayOfMonth") ?? 1 }),
    ...(has("month") && { month: numberOf(wire, "month") ?? 1 }),
    ...(has("index") && { index: wire["index"] as NonNullable<RecurrencePattern["index"]> }),
  };
}

function decodeRange(wire: WireRecord): RecurrenceRange {
  const startsOn = stringOf(wire, "startDate") ?? "";
  const ianaZone = decodeZone(stringOf(wire, "recurrenceTimeZone")) ?? "UTC";
  switch (stringOf(wire, "type")) {
    case "endDate":
      return { type: "endDate", startsOn, endsOn: stringOf(wire, "endDate") ?? startsOn, ianaZone };
    case "numbered":
      return {
        type: "numbered",
        startsOn,
        occurrenceCount: numberOf(wire, "numberOfOccurrences") ?? 1,
        ianaZone,
      };
    default:
      return { type: "noEnd", startsOn, ianaZone };
  }
}
