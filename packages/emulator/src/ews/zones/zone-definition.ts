/**
 * Time zones as they travel: by Windows name, with or without the rules behind it, or as bare rules.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/exchange-web-services/time-zones-and-ews-in-exchange
 */
import { resolveZone, toWindowsZone } from "../../mailbox/zones.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { child, type XmlElement } from "../soap/xml-reader.ts";
import { parseDurationMs } from "./durations.ts";

/** A zone that was named. */
export interface NamedZone {
  /** As it was named, or the zone that stands for bare rules. */
  readonly name: string;
  readonly ianaZone: string;
}

/** Names that Exchange and clients give to UTC in definitions. */
const UTC_NAMES = new Set([
  "tzone://microsoft/utc",
  "coordinated universal time",
  "(utc) coordinated universal time",
]);

/**
 * Reads `StartTimeZone`, `EndTimeZone` or the definition of a `TimeZoneContext`.
 *
 * @param definition - `TimeZoneDefinitionType`
 * @returns the zone
 * @throws {EwsFault} ErrorCalendarInvalidTimeZone when nobody knows it
 */
export function readZoneDefinition(definition: XmlElement): NamedZone {
  const id = definition.attributes.get("Id") ?? "";
  const name = definition.attributes.get("Name") ?? "";
  for (const candidate of [id, name]) {
    const zone = findZone(candidate);
    if (zone !== undefined) return zone;
  }
  const fixed = fixedZone(definition);
  if (fixed !== undefined) return fixed;
  throw unknownZone(id === "" ? name : id);
}

/**
 * Reads `MeetingTimeZone`, which Exchange 2007 used.
 *
 * @param zone - `TimeZoneType`
 * @returns the zone
 * @throws {EwsFault} ErrorCalendarInvalidTimeZone when nobody knows it
 */
export function readMeetingZone(zone: XmlElement): NamedZone {
  const name = zone.attributes.get("TimeZoneName") ?? "";
  const found = findZone(name);
  if (found !== undefined) return found;
  const baseOffset = child(zone, "BaseOffset");
  const offsetMs =
    child(zone, "Daylight") === undefined ? parseDurationMs(baseOffset?.text ?? "") : undefined;
  const fixed = offsetMs === undefined ? undefined : zoneOfBias(offsetMs);
  if (fixed === undefined) throw unknownZone(name);
  return fixed;
}

/**
 * Finds a zone by name.
 *
 * @param name - Windows or IANA name
 * @returns the zone, or `undefined`
 */
function findZone(name: string): NamedZone | undefined {
  if (name.trim() === "") return undefined;
  if (UTC_NAMES.has(name.toLowerCase())) return { name: "UTC", ianaZone: "UTC" };
  const ianaZone = resolveZone(name);
  return ianaZone === undefined ? undefined : { name, ianaZone };
}

/**
 * Names a zone as Exchange does in answers.
 *
 * @param name - as it is stored
 * @returns Windows name where there is one
 */
export function windowsName(name: string): string {
  const ianaZone = resolveZone(name) ?? "UTC";
  return toWindowsZone(ianaZone) ?? name;
}

/** Rules without any change of the clock stand for a fixed offset of whole hours. */
function fixedZone(definition: XmlElement): NamedZone | undefined {
  const periods = child(definition, "Periods")?.children ?? [];
  const biases = new Set(periods.map((period) => parseDurationMs(period.attributes.get("Bias") ?? "")));
  const [bias] = biases;
  return biases.size === 1 && bias !== undefined ? zoneOfBias(bias) : undefined;
}

/** The bias is what UTC is ahead by; so is the sign of `Etc/GMT+5`. */
function zoneOfBias(biasMs: number): NamedZone | undefined {
  const hours = biasMs / 3_600_000;
  if (!Number.isInteger(hours) || hours < -14 || hours > 12) return undefined;
  if (hours === 0) return { name: "UTC", ianaZone: "UTC" };
  return findZone(`Etc/GMT${hours > 0 ? "+" : ""}${hours}`);
}

function unknownZone(name: string): EwsFault {
  return new EwsFault("ErrorCalendarInvalidTimeZone", { values: { TimeZone: name } });
}
