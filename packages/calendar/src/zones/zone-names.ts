/**
 * Names of zones: IANA on our side, Windows on Exchange's. Comparison ignores case, because mailboxes hold
 * whatever some program once wrote; results are always in the canonical spelling.
 */
import { WINDOWS_ZONE_ROWS } from "./windows-zones.generated.ts";
import { ALIAS_TO_CLDR_ZONE, CLDR_TO_CURRENT_ZONE } from "./zone-aliases.ts";

interface ZoneIndex {
  readonly windowsByIana: ReadonlyMap<string, string>;
  readonly ianaByWindows: ReadonlyMap<string, string>;
  readonly currentByIana: ReadonlyMap<string, string>;
}

let index: ZoneIndex | undefined;

/**
 * Gives the Windows zone that Exchange uses for an IANA zone.
 *
 * Several IANA zones share one Windows zone: the way back gives the best known of them.
 *
 * @param ianaZone - IANA name in any case, current or superseded, for example `Europe/Kyiv` or `Europe/Kiev`
 * @returns Windows name, for example `FLE Standard Time`; `undefined` when Windows has no such zone
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ianaZoneToWindows } from "@nightlatch/calendar";
 *
 * assert.equal(ianaZoneToWindows("Europe/London"), "GMT Standard Time");
 * assert.equal(ianaZoneToWindows("asia/kolkata"), "India Standard Time");
 * ```
 * @see Unicode CLDR supplemental data `windowsZones`
 */
export function ianaZoneToWindows(ianaZone: string): string | undefined {
  return zoneIndex().windowsByIana.get(ianaZone.toLowerCase());
}

/**
 * Gives the IANA zone that stands for a Windows zone.
 *
 * @param windowsZone - Windows name in any case, for example `W. Europe Standard Time`; also
 *   `tzone://Microsoft/Utc`, which Outlook writes for Coordinated Universal Time
 * @returns IANA name in its current spelling (`Asia/Kolkata`, `UTC`); `undefined` when the name is unknown,
 *   which includes `tzone://Microsoft/Custom`
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { windowsZoneToIana } from "@nightlatch/calendar";
 *
 * assert.equal(windowsZoneToIana("India Standard Time"), "Asia/Kolkata");
 * assert.equal(windowsZoneToIana("tzone://Microsoft/Custom"), undefined);
 * ```
 * @see Unicode CLDR supplemental data `windowsZones`
 */
export function windowsZoneToIana(windowsZone: string): string | undefined {
  return zoneIndex().ianaByWindows.get(windowsZone.toLowerCase());
}

/**
 * Tells whether a name is an IANA zone that this runtime can compute with.
 *
 * @param zone - any text; Windows names and bare offsets such as `+01:00` are no IANA zones
 * @returns true when {@link toInstant} accepts it
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { isKnownZone } from "@nightlatch/calendar";
 *
 * assert.equal(isKnownZone("Europe/London"), true);
 * assert.equal(isKnownZone("GMT Standard Time"), false);
 * ```
 */
export function isKnownZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/**
 * Reads a zone name that may be of either kind, as Graph and timetables mix them.
 *
 * @param name - IANA or Windows name in any case
 * @returns IANA name in its current spelling; `undefined` when the name is neither
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { resolveZone } from "@nightlatch/calendar";
 *
 * assert.equal(resolveZone("Eastern Standard Time"), "America/New_York");
 * assert.equal(resolveZone("Europe/Kiev"), "Europe/Kyiv");
 * assert.equal(resolveZone("Etc/UTC"), "UTC");
 * ```
 */
export function resolveZone(name: string): string | undefined {
  const key = name.trim().toLowerCase();
  const known = zoneIndex().ianaByWindows.get(key) ?? zoneIndex().currentByIana.get(key);
  if (known !== undefined) return known;
  return isKnownZone(name.trim()) ? name.trim() : undefined;
}

/**
 * Tells whether Exchange can keep two zones apart: it stores the Windows zone, so `Europe/Paris` and
 * `Europe/Brussels` come back as the same one.
 *
 * @param left - IANA or Windows name
 * @param right - IANA or Windows name
 * @returns true when both are the same zone to Exchange, or the same zone by name
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { isSameExchangeZone } from "@nightlatch/calendar";
 *
 * assert.equal(isSameExchangeZone("Europe/Brussels", "Europe/Paris"), true);
 * assert.equal(isSameExchangeZone("Europe/London", "Europe/Paris"), false);
 * ```
 */
export function isSameExchangeZone(left: string, right: string): boolean {
  const [leftZone, rightZone] = [resolveZone(left) ?? left, resolveZone(right) ?? right];
  if (leftZone === rightZone) return true;
  const windowsZone = ianaZoneToWindows(leftZone);
  return windowsZone !== undefined && windowsZone === ianaZoneToWindows(rightZone);
}

function zoneIndex(): ZoneIndex {
  index ??= buildIndex();
  return index;
}

function buildIndex(): ZoneIndex {
  const windowsByIana = new Map<string, string>();
  const ianaByWindows = new Map<string, string>();
  const currentByIana = new Map<string, string>();
  for (const [windowsZone, standard, others] of WINDOWS_ZONE_ROWS) {
    ianaByWindows.set(windowsZone.toLowerCase(), current(standard));
    for (const zone of [standard, ...others]) {
      if (zone === "") continue;
      windowsByIana.set(zone.toLowerCase(), windowsZone);
      currentByIana.set(zone.toLowerCase(), current(zone));
    }
  }
  for (const [alias, zone] of Object.entries(ALIAS_TO_CLDR_ZONE)) {
    const windowsZone = windowsByIana.get(zone.toLowerCase());
    if (windowsZone !== undefined) windowsByIana.set(alias.toLowerCase(), windowsZone);
    currentByIana.set(alias.toLowerCase(), current(zone));
  }
  ianaByWindows.set("tzone://microsoft/utc", "UTC");
  return { windowsByIana, ianaByWindows, currentByIana };
}

function current(zone: string): string {
  return CLDR_TO_CURRENT_ZONE[zone] ?? zone;
}
