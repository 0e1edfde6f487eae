/**
 * Time zones by Windows or IANA name. Offsets come from the zone data inside Node (`Intl`), found once per zone and
 * year and kept: they never change while the process runs, so the cache is no state of the emulator.
 */
import { WINDOWS_ZONE_ROWS } from "./windows-zones.generated.ts";

const windowsToIana = new Map<string, string>();
const ianaToWindows = new Map<string, string>();
for (const [windowsZone, ianaZone, others] of WINDOWS_ZONE_ROWS) {
  windowsToIana.set(windowsZone.toLowerCase(), ianaZone);
  for (const name of [ianaZone, ...others]) ianaToWindows.set(name.toLowerCase(), windowsZone);
}
const UTC_NAMES = new Set(["utc", "etc/utc", "etc/gmt", "gmt", "z", "tzone://microsoft/utc"]);

/** One stretch of a year with a constant offset. */
interface Stretch {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly offsetMs: number;
}

const NO_STRETCH: Stretch = { fromMs: 0, untilMs: 0, offsetMs: 0 };

interface ZoneOffsets {
  readonly format: Intl.DateTimeFormat;
  readonly years: Map<number, readonly Stretch[]>;
}

/** Resolved names; misses are kept too, but only so many that a flood of invented names stays harmless. */
const resolved = new Map<string, string | undefined>();
const RESOLVED_LIMIT = 5_000;
const offsetsByZone = new Map<string, ZoneOffsets>();

/**
 * Finds the IANA zone behind a name.
 *
 * @param name - Windows zone (`W. Europe Standard Time`) or IANA zone (`Europe/Berlin`), in any case of letters
 * @returns the IANA zone, `UTC` for Coordinated Universal Time, `undefined` when nobody knows the name
 */
export function resolveZone(name: string): string | undefined {
  if (resolved.has(name)) return resolved.get(name);
  const zone = lookUpZone(name);
  if (resolved.size >= RESOLVED_LIMIT) resolved.clear();
  resolved.set(name, zone);
  return zone;
}

function lookUpZone(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (UTC_NAMES.has(lower)) return "UTC";
  const byWindowsName = windowsToIana.get(lower);
  if (byWindowsName !== undefined) return byWindowsName;
  // A bare offset such as "+01:00" is a zone to Intl but not to Exchange.
  if (!/^[a-z][a-z0-9_+-]*(\/[a-z0-9_+-]+)*$/i.test(name)) return undefined;
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/**
 * Names a zone the way Windows does.
 *
 * @param ianaZone - IANA zone
 * @returns the Windows name, or `undefined` when the CLDR table has none
 */
export function toWindowsZone(ianaZone: string): string | undefined {
  if (UTC_NAMES.has(ianaZone.toLowerCase())) return "UTC";
  return ianaToWindows.get(ianaZone.toLowerCase());
}

/**
 * Lists the Windows zones.
 *
 * @returns Windows names with their standard IANA zone
 */
export function listWindowsZones(): readonly { readonly windowsZone: string; readonly ianaZone: string }[] {
  return WINDOWS_ZONE_ROWS.map(([windowsZone, ianaZone]) => ({ windowsZone, ianaZone }));
}

/**
 * Converts an instant into the wall clock of a zone.
 *
 * @param instantMs - milliseconds since 1970 UTC
 * @param ianaZone - zone that {@link resolveZone} gave
 * @returns milliseconds since 1970 as that clock shows them
 */
export function toWallMs(instantMs: number, ianaZone: string): number {
  return ianaZone === "UTC" ? instantMs : instantMs + offsetAt(instantMs, ianaZone);
}

/**
 * Converts a wall-clock time into an instant. A time that the clock skips in spring is read with the offset before
 * the change; a time that it shows twice in autumn is the first one.
 *
 * @param wallMs - milliseconds since 1970 as the clock of the zone shows them
 * @param ianaZone - zone that {@link resolveZone} gave
 * @returns milliseconds since 1970 UTC
 */
export function toInstantMs(wallMs: number, ianaZone: string): number {
  if (ianaZone === "UTC") return wallMs;
  const before = offsetAt(wallMs - 86_400_000, ianaZone);
  const after = offsetAt(wallMs + 86_400_000, ianaZone);
  if (before === after) return wallMs - before;
  if (offsetAt(wallMs - before, ianaZone) === before) return wallMs - before;
  if (offsetAt(wallMs - after, ianaZone) === after) return wallMs - after;
  return wallMs - before;
}

/**
 * Makes a converter for many wall-clock times of one zone, fast where neighbours share an offset.
 *
 * @param ianaZone - zone that {@link resolveZone} gave
 * @returns the same function as {@link toInstantMs} for that zone
 */
export function createInstantReader(ianaZone: string): (wallMs: number) => number {
  if (ianaZone === "UTC") return (wallMs) => wallMs;
  let [safeFromMs, safeUntilMs, offsetMs] = [0, 0, 0];
  return (wallMs) => {
    if (wallMs >= safeFromMs && wallMs < safeUntilMs) return wallMs - offsetMs;
    const stretch = stretchAt(wallMs, ianaZone);
    // A day of distance from both ends is more than any offset, so that no change lies in between.
    [safeFromMs, safeUntilMs] = [stretch.fromMs + 86_400_000, stretch.untilMs - 86_400_000];
    offsetMs = stretch.offsetMs;
    return toInstantMs(wallMs, ianaZone);
  };
}

function offsetAt(instantMs: number, ianaZone: string): number {
  return stretchAt(instantMs, ianaZone).offsetMs;
}

function stretchAt(instantMs: number, ianaZone: string): Stretch {
  let offsets = offsetsByZone.get(ianaZone);
  if (offsets === undefined) {
    offsets = { format: makeFormat(ianaZone), years: new Map() };
    offsetsByZone.set(ianaZone, offsets);
  }
  const year = new Date(instantMs).getUTCFullYear();
  let stretches = offsets.years.get(year);
  if (stretches === undefined) {
    stretches = findStretches(year, offsets.format);
    offsets.years.set(year, stretches);
  }
  return stretches.find((stretch) => instantMs < stretch.untilMs) ?? NO_STRETCH;
}

function makeFormat(ianaZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en-US", {
    timeZone: ianaZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    era: "short",
  });
}

/** Samples the year every ten days and closes in on each change of offset to the second. */
function findStretches(year: number, format: Intl.DateTimeFormat): readonly Stretch[] {
  const endMs = yearStart(year + 1);
  const stretches: Stretch[] = [];
  let fromMs = yearStart(year);
  let startMs = fromMs;
  let offsetMs = measureOffset(fromMs, format);
  while (fromMs < endMs) {
    const nextMs = Math.min(fromMs + 10 * 86_400_000, endMs);
    const nextOffsetMs = measureOffset(nextMs, format);
    if (nextOffsetMs !== offsetMs) {
      const untilMs = findChange(fromMs, nextMs, offsetMs, format);
      stretches.push({ fromMs: startMs, untilMs, offsetMs });
      startMs = untilMs;
      offsetMs = nextOffsetMs;
    }
    fromMs = nextMs;
  }
  if (startMs < endMs) stretches.push({ fromMs: startMs, untilMs: endMs, offsetMs });
  return stretches;
}

function findChange(fromMs: number, untilMs: number, offsetMs: number, format: Intl.DateTimeFormat): number {
  let low = Math.floor(fromMs / 1000);
  let high = Math.floor(untilMs / 1000);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (measureOffset(middle * 1000, format) === offsetMs) low = middle;
    else high = middle;
  }
  return high * 1000;
}

function yearStart(year: number): number {
  return new Date(0).setUTCFullYear(year, 0, 1);
}

function measureOffset(instantMs: number, format: Intl.DateTimeFormat): number {
  const wholeMs = Math.floor(instantMs / 1000) * 1000;
  const fields: Record<string, string> = {};
  for (const part of format.formatToParts(wholeMs)) fields[part.type] = part.value;
  const year = fields["era"] === "BC" ? 1 - Number(fields["year"]) : Number(fields["year"]);
  const date = new Date(0);
  date.setUTCFullYear(year, Number(fields["month"]) - 1, Number(fields["day"]));
  date.setUTCHours(Number(fields["hour"]), Number(fields["minute"]), Number(fields["second"]));
  return date.getTime() - wholeMs;
}
