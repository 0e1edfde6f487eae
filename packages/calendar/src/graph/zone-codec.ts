/** Zones and times on the wire: `dateTimeTimeZone` of Graph. */
import type { ZonedDateTime } from "../event.ts";
import { ianaZoneToWindows, resolveZone } from "../zones/zone-names.ts";
import { toInstant, toZoned } from "../zones/zoned-date-time.ts";
import { stringOf, type WireRecord } from "./wire.ts";

/**
 * Spells a zone for Graph: Windows names, which every mailbox understands, and IANA where Windows has none.
 *
 * @param ianaZone - IANA zone
 * @returns name to send; a name that is no zone passes as it is, so that the server refuses it by name
 * @see Microsoft Graph resource type `dateTimeTimeZone`
 */
export function encodeZone(ianaZone: string): string {
  const zone = resolveZone(ianaZone) ?? ianaZone;
  return ianaZoneToWindows(zone) ?? zone;
}

/**
 * Reads a zone that Graph names.
 *
 * @param name - Windows or IANA name
 * @returns IANA zone; `undefined` for `tzone://Microsoft/Custom` and whatever else says no zone
 */
export function decodeZone(name: string | undefined): string | undefined {
  return name === undefined ? undefined : resolveZone(name);
}

/**
 * Encodes a time.
 *
 * @param zoned - wall clock and zone
 * @returns `{ dateTime, timeZone }`
 */
export function encodeTime(zoned: ZonedDateTime): WireRecord {
  return { dateTime: zoned.dateTime, timeZone: encodeZone(zoned.ianaZone) };
}

/**
 * Decodes a time, turned into the zone in which it was written.
 *
 * @param wire - `{ dateTime, timeZone }`, usually in UTC because we ask for it
 * @param originalZone - zone in which the event was written, as Graph names it
 * @param isAllDay - a date stays the date that it is: the server gives midnight whatever zone is asked for
 * @returns wall clock in the original zone; in the zone of `wire` when the original one is unknown
 * @throws {RangeError} when `wire` holds no time
 * @see https://github.com/microsoftgraph/microsoft-graph-docs/issues/1802
 */
export function decodeTime(
  wire: WireRecord,
  originalZone: string | undefined,
  isAllDay: boolean,
): ZonedDateTime {
  const text = stringOf(wire, "dateTime") ?? "";
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.\d+)?(Z)?$/.exec(text);
  if (match?.[1] === undefined) throw new RangeError(`"${text}" is not a date and time`);
  const wireZone = match[2] === "Z" ? "UTC" : (decodeZone(stringOf(wire, "timeZone")) ?? "UTC");
  const ianaZone = decodeZone(originalZone) ?? wireZone;
  const zoned = { dateTime: match[1], ianaZone: wireZone };
  if (isAllDay && match[1].endsWith("T00:00:00")) return { dateTime: match[1], ianaZone };
  if (ianaZone === wireZone) return zoned;
  return toZoned(toInstant(zoned), ianaZone);
}
