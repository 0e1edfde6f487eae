/**
 * Zones and times on the wire: instants in UTC beside the zone in which an event was written.
 *
 * The rules are: we send instants, so that no server has to know where our wall clock hangs; the zone travels by its
 * Windows name alone, from which the server takes the rules.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/exchange-web-services/time-zones-and-ews-in-exchange
 */
import type { ZonedDateTime } from "../event.ts";
import { ianaZoneToWindows, resolveZone } from "../zones/zone-names.ts";
import { toInstant, toZoned } from "../zones/zoned-date-time.ts";
import type { XmlElement } from "./xml-element.ts";
import { type Xml, xml } from "./xml-writer.ts";

const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?$/;

/**
 * Writes a zone.
 *
 * @param name - `t:StartTimeZone` or `t:EndTimeZone`
 * @param ianaZone - IANA zone; a name that is no zone passes as it is, so that the server refuses it by name
 * @returns the element
 */
export function writeZone(name: string, ianaZone: string): Xml {
  const zone = resolveZone(ianaZone) ?? ianaZone;
  return xml(name, { Id: ianaZoneToWindows(zone) ?? zone });
}

/**
 * Reads a zone, given by its id or with all its rules.
 *
 * @param element - `t:StartTimeZone` or `t:EndTimeZone`
 * @returns IANA zone; `undefined` when there is none or it is one that somebody made up
 */
export function readZone(element: XmlElement | undefined): string | undefined {
  const id = element?.attributes["Id"];
  return id === undefined ? undefined : resolveZone(id);
}

/**
 * Writes an instant.
 *
 * @param instant - any valid date
 * @returns `xs:dateTime` in UTC, whole seconds
 */
export function formatInstant(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`;
}

/**
 * Writes a time.
 *
 * @param zoned - wall clock and zone
 * @returns `xs:dateTime` in UTC; the wall clock as it is when its zone is unknown here, which the server reads in
 *   the zone that goes with it
 */
export function formatTime(zoned: ZonedDateTime): string {
  const zone = resolveZone(zoned.ianaZone);
  if (zone === undefined) return zoned.dateTime;
  try {
    return formatInstant(toInstant({ dateTime: zoned.dateTime, ianaZone: zone }));
  } catch {
    return zoned.dateTime;
  }
}

/**
 * Reads an instant.
 *
 * @param text - `xs:dateTime`; without offset it is in UTC, because we name no zone for the answer
 * @returns the instant; `undefined` when the text is none
 */
export function parseInstant(text: string | undefined): Date | undefined {
  const match = text === undefined ? null : DATE_TIME.exec(text.trim());
  if (match === null) return undefined;
  const instant = new Date(match[2] === undefined ? `${match[0]}Z` : match[0]);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}

/**
 * Reads a time, shown in the zone in which it was written.
 *
 * @param text - `xs:dateTime`
 * @param ianaZone - that zone; UTC when unknown
 * @returns wall clock and zone; `undefined` when the text is no time
 */
export function parseTime(text: string | undefined, ianaZone: string | undefined): ZonedDateTime | undefined {
  const instant = parseInstant(text);
  return instant === undefined ? undefined : toZoned(instant, ianaZone ?? "UTC");
}
