/** Rules of a time zone for a year, measured from the zone data inside Node, as `GetServerTimeZones` gives them. */
import { DAY_MS } from "../../mailbox/civil-days.ts";
import { resolveZone, toWallMs } from "../../mailbox/zones.ts";
import { element, text } from "../soap/xml-writer.ts";
import { formatDuration } from "./durations.ts";
import { windowsName } from "./zone-definition.ts";

/** A change of the clock. */
export interface ClockChange {
  /** Milliseconds since 1970 UTC. */
  readonly atMs: number;
  /** Milliseconds that local time is ahead of UTC from then on. */
  readonly offsetMs: number;
  /** Milliseconds since 1970 as the clock shows them just before the change. */
  readonly wallMs: number;
}

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
/** Year whose offsets stand in titles; they have not changed for long. */
const REFERENCE_YEAR = 2026;
const titles = new Map<string, string>();
const TITLES_LIMIT = 1_000;

/**
 * Gives the title of a zone. Its standard offset is that of January or July, whichever is smaller.
 *
 * @param zoneName - Windows or IANA name
 * @returns `(UTC+00:00) GMT Standard Time`
 */
export function zoneTitle(zoneName: string): string {
  const known = titles.get(zoneName);
  if (known !== undefined) return known;
  const minutes = Math.round(standardOffsetMs(resolveZone(zoneName) ?? "UTC") / 60_000);
  const clock = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
  const sign = minutes < 0 ? "-" : "+";
  const name = windowsName(zoneName);
  const title = name === "UTC" ? "(UTC) Coordinated Universal Time" : `(UTC${sign}${clock}) ${name}`;
  if (titles.size >= TITLES_LIMIT) titles.clear();
  titles.set(zoneName, title);
  return title;
}

/**
 * Finds the changes of the clock in a year.
 *
 * @param ianaZone - zone
 * @param year - full year
 * @returns changes in order
 */
export function listClockChanges(ianaZone: string, year: number): ClockChange[] {
  const changes: ClockChange[] = [];
  const endMs = Date.UTC(year + 1, 0, 1);
  for (let fromMs = Date.UTC(year, 0, 1); fromMs < endMs; fromMs += DAY_MS) {
    if (offsetAt(fromMs, ianaZone) === offsetAt(fromMs + DAY_MS, ianaZone)) continue;
    const atMs = findChange(fromMs, fromMs + DAY_MS, ianaZone);
    changes.push({
      atMs,
      offsetMs: offsetAt(atMs, ianaZone),
      wallMs: atMs + offsetAt(atMs - 60_000, ianaZone),
    });
  }
  return changes;
}

/**
 * Writes the definition of a zone.
 *
 * @param zone - Windows name and IANA zone
 * @param year - whose rules
 * @param isFull - with its rules, or by name only
 * @param name - of the element
 * @returns XML of `TimeZoneDefinitionType`
 */
export function writeZoneDefinition(
  zone: { readonly windowsZone: string; readonly ianaZone: string },
  year: number,
  isFull: boolean,
  name = "t:TimeZoneDefinition",
): string {
  const attributes = { Id: zone.windowsZone, Name: zoneTitle(zone.windowsZone) };
  if (!isFull) return element(name, "", attributes);
  const changes = listClockChanges(zone.ianaZone, year);
  const standardMs = standardOffsetMs(zone.ianaZone);
  const id = (kind: string): string => `trule:Microsoft/Registry/${zone.windowsZone}/${year}-${kind}`;
  const period = (kind: "Standard" | "Daylight", offsetMs: number): string =>
    element("t:Period", "", { Bias: formatDuration(-offsetMs), Name: kind, Id: id(kind) });
  // Two changes a year can be told as a rule; a zone that moved once is shown as it stands.
  const isSeasonal = changes.length === 2;
  const daylightMs = Math.max(...changes.map(({ offsetMs }) => offsetMs), standardMs);
  const transitions = isSeasonal
    ? changes.map((change) =>
        writeChange(change, id(change.offsetMs === standardMs ? "Standard" : "Daylight")),
      )
    : [element("t:Transition", text("t:To", id("Standard"), { Kind: "Period" }))];
  return element(
    name,
    element(
      "t:Periods",
      period("Standard", standardMs) + (isSeasonal ? period("Daylight", daylightMs) : ""),
    ) +
      element("t:TransitionsGroups", element("t:TransitionsGroup", transitions.join(""), { Id: "0" })) +
      element("t:Transitions", element("t:Transition", text("t:To", "0", { Kind: "Group" }))),
    attributes,
  );
}

/** The n-th weekday of a month at a time of day; the last one counts from the end. */
function writeChange({ wallMs }: ClockChange, periodId: string): string {
  const date = new Date(wallMs);
  const dayOfMonth = date.getUTCDate();
  const daysInMonth = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  const occurrence = dayOfMonth + 7 > daysInMonth ? -1 : Math.ceil(dayOfMonth / 7);
  return element(
    "t:RecurringDayTransition",
    text("t:To", periodId, { Kind: "Period" }) +
      text("t:TimeOffset", formatDuration(wallMs % DAY_MS)) +
      text("t:Month", date.getUTCMonth() + 1) +
      text("t:DayOfWeek", DAYS[date.getUTCDay()] ?? "Sunday") +
      text("t:Occurrence", occurrence),
  );
}

function findChange(fromMs: number, untilMs: number, ianaZone: string): number {
  const before = offsetAt(fromMs, ianaZone);
  let [low, high] = [fromMs, untilMs];
  while (high - low > 60_000) {
    const middle = Math.floor((low + high) / 120_000) * 60_000;
    if (offsetAt(middle, ianaZone) === before) low = middle;
    else high = middle;
  }
  return high;
}

function standardOffsetMs(ianaZone: string): number {
  const [winter, summer] = [Date.UTC(REFERENCE_YEAR, 0, 1), Date.UTC(REFERENCE_YEAR, 6, 1)];
  return Math.min(offsetAt(winter, ianaZone), offsetAt(summer, ianaZone));
}

function offsetAt(instantMs: number, ianaZone: string): number {
  return toWallMs(instantMs, ianaZone) - instantMs;
}
