/** Times of availability: without zone, in the zone of the request. */
import { DAY_MS, parseWallTime } from "../../mailbox/civil-days.ts";
import type { EwsCall } from "../call.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { child, childText, type XmlElement } from "../soap/xml-reader.ts";
import { type BiasZone, biasZoneOf, readBiasZone } from "../zones/bias-zone.ts";

const LONGEST_WINDOW_MS = 42 * DAY_MS;

/** A span of time, in milliseconds since 1970 UTC. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * Reads the zone of a request. Since Exchange 2010 it may stand in the header instead.
 *
 * @param call - the request
 * @returns the zone
 * @throws {EwsFault} ErrorCalendarInvalidTimeZone when none is named
 */
export function readZone({ body, contextZone, ianaZone }: EwsCall): BiasZone {
  const zone = child(body, "TimeZone");
  if (zone !== undefined) return readBiasZone(zone);
  if (contextZone === undefined) throw new EwsFault("ErrorCalendarInvalidTimeZone");
  return biasZoneOf(ianaZone);
}

/**
 * Reads a window.
 *
 * @param window - `Duration`
 * @param zone - of the request
 * @returns start and end
 * @throws {EwsFault} ErrorInvalidTimeInterval or ErrorTimeIntervalTooBig
 */
export function readTimeSpan(window: XmlElement | undefined, zone: BiasZone): TimeSpan {
  const fromMs = readTime(childText(window, "StartTime"), zone);
  const untilMs = readTime(childText(window, "EndTime"), zone);
  if (untilMs <= fromMs) throw new EwsFault("ErrorInvalidTimeInterval");
  if (untilMs - fromMs > LONGEST_WINDOW_MS) throw new EwsFault("ErrorTimeIntervalTooBig");
  return { fromMs, untilMs };
}

/**
 * Writes a time.
 *
 * @param instantMs - milliseconds since 1970 UTC
 * @param zone - of the request
 * @returns for example `2026-01-05T09:00:00`
 */
export function localTime(instantMs: number, zone: BiasZone): string {
  return new Date(instantMs + zone.offsetAt(instantMs)).toISOString().slice(0, 19);
}

function readTime(value: string | undefined, zone: BiasZone): number {
  const time = parseWallTime(value ?? "");
  if (time === undefined) throw new EwsFault("ErrorInvalidTimeInterval");
  return time.offsetMs === undefined ? zone.toInstant(time.wallMs) : time.wallMs - time.offsetMs;
}
