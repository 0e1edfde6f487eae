/** Dates and times as they travel. */
import { parseWallTime } from "../../mailbox/civil-days.ts";
import { toInstantMs, toWallMs } from "../../mailbox/zones.ts";
import { EwsFault } from "../soap/ews-fault.ts";

/**
 * Reads a time. An offset in it counts; without one, it is the wall clock of a zone.
 *
 * @param text - `xs:dateTime`
 * @param ianaZone - zone of a time without offset
 * @returns milliseconds since 1970 UTC
 * @throws {EwsFault} ErrorInvalidValueForProperty for dates that do not exist
 */
export function readInstant(text: string, ianaZone: string): number {
  // 24:00:00 is midnight at the end of the day (XML Schema 1.0 part 2, §3.2.7).
  const isEndOfDay = /T24:00:00/.test(text);
  const time = parseWallTime(
    text
      .trim()
      .replace("T24:", "T00:")
      .replace(/(\.\d{9})\d+/, "$1"),
  );
  if (time === undefined)
    throw new EwsFault("ErrorInvalidValueForProperty", {
      text: `The date and time '${text.slice(0, 64)}' does not exist.`,
    });
  const wallMs = time.wallMs + (isEndOfDay ? 86_400_000 : 0);
  return time.offsetMs === undefined ? toInstantMs(wallMs, ianaZone) : wallMs - time.offsetMs;
}

/**
 * Writes a time.
 *
 * @param instantMs - milliseconds since 1970 UTC
 * @param ianaZone - zone that the caller asked for
 * @returns `2026-11-21T09:00:00Z`, or with the offset of the zone
 */
export function formatInstant(instantMs: number, ianaZone: string): string {
  const iso = new Date(toWallMs(instantMs, ianaZone)).toISOString().slice(0, 19);
  return ianaZone === "UTC" ? `${iso}Z` : iso + formatOffset(toWallMs(instantMs, ianaZone) - instantMs);
}

function formatOffset(offsetMs: number): string {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const clock = `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  return `${offsetMs < 0 ? "-" : "+"}${clock}`;
}
