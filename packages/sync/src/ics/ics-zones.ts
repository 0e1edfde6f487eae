/**
 * Zones of an ICS file.
 *
 * The rules are: a TZID that names an IANA or Windows zone means that zone, whether or not the file defines
 * it (definitions in files are often old); any other TZID means what the VTIMEZONE of the file says; a TZID
 * without either is refused; nothing ever means the zone of this machine.
 *
 * @see RFC 5545 §3.6.5
 */
import { resolveZone, toInstant, toZoned, type ZonedDateTime } from "@nightlatch/calendar";
import ICAL from "ical.js";
import { type SourcePlace, sourceError } from "../errors.ts";
import { DAY_MS, formatWall, parseWall, startOfDay } from "../wall-time.ts";
import type { ComponentText } from "./scan-components.ts";

/** How wall times of an event become instants and back. */
export interface IcsZone {
  /** IANA name; for a zone that only the file knows, its TZID. */
  readonly name: string;
  /** Instant of a wall time, both in milliseconds. */
  readonly toInstantMs: (wallMs: number) => number;
  /** Wall time of an instant, both in milliseconds. */
  readonly toWallMs: (instantMs: number) => number;
  /** How a wall time is written into a mailbox: in an IANA zone. */
  readonly toZoned: (wallMs: number) => ZonedDateTime;
}

/** Zones that one file names. */
export class IcsZones {
  readonly #sourceName: string;
  readonly #outputZone: string;
  readonly #definitions = new Map<string, ComponentText>();
  readonly #zones = new Map<string, IcsZone>();

  /**
   * @param sourceName - name for messages
   * @param outputZone - IANA zone in which times of zones are written that only the file knows
   */
  constructor(sourceName: string, outputZone: string) {
    this.#sourceName = sourceName;
    this.#outputZone = outputZone;
  }

  /** Keeps the VTIMEZONE components of the file. */
  define(definitions: readonly ComponentText[]): void {
    for (const definition of definitions) {
      const tzid = /^TZID(?:;[^:]*)?:(.*)$/im.exec(definition.text.replace(/\r\n[ \t]/g, ""))?.[1]?.trim();
      if (tzid !== undefined) this.#definitions.set(tzid, definition);
    }
  }

  /** IANA zones of all definitions, as far as they have one. */
  definedIanaZones(): readonly string[] {
    const zones = [...this.#definitions.keys()].map((tzid) => resolveTzid(tzid, this.#definitions.get(tzid)));
    return [...new Set(zones.filter((zone) => zone !== undefined))];
  }

  /** Gives the zone of a TZID or throws `SYNC_SOURCE_ZONE_UNKNOWN`. */
  zoneOf(tzid: string, place: SourcePlace): IcsZone {
    const known = this.#zones.get(tzid);
    if (known !== undefined) return known;
    const definition = this.#definitions.get(tzid);
    const ianaZone = resolveTzid(tzid, definition);
    let zone: IcsZone;
    if (ianaZone !== undefined) zone = ianaIcsZone(ianaZone);
    else if (definition !== undefined) zone = this.#definedZone(tzid, definition);
    else {
      throw sourceError("SYNC_SOURCE_ZONE_UNKNOWN", place, `unknown zone "${tzid}"`, { value: tzid });
    }
    this.#zones.set(tzid, zone);
    return zone;
  }

  #definedZone(tzid: string, definition: ComponentText): IcsZone {
    let timezone: ICAL.Timezone;
    try {
      timezone = new ICAL.Timezone(new ICAL.Component(ICAL.parse(definition.text)));
      timezone.utcOffset(icalTime(Date.UTC(2026, 0, 1)));
    } catch (cause) {
      const place = { sourceName: this.#sourceName, line: definition.line, field: "VTIMEZONE" };
      throw sourceError("SYNC_SOURCE_ZONE_UNKNOWN", place, `the definition of "${tzid}" cannot be read`, {
        cause,
      });
    }
    const toInstantMs = (wallMs: number) => wallMs - timezone.utcOffset(icalTime(wallMs)) * 1000;
    const outputZone = this.#outputZone;
    return {
      name: tzid,
      toInstantMs,
      toWallMs: (instantMs) => {
        // An offset is asked for by wall time: two rounds settle it but for the hour that is skipped.
        const guess = instantMs + timezone.utcOffset(icalTime(instantMs)) * 1000;
        return instantMs + timezone.utcOffset(icalTime(guess)) * 1000;
      },
      toZoned: (wallMs) => toZoned(new Date(toInstantMs(wallMs)), outputZone),
    };
  }
}

/**
 * Gives an IANA zone in the form that ICS events use.
 *
 * @param ianaZone - known IANA zone
 * @returns the zone
 */
export function ianaIcsZone(ianaZone: string): IcsZone {
  const instantMs = (wallMs: number) => toInstant({ dateTime: formatWall(wallMs), ianaZone }).getTime();
  // Offset of each day on which the clock is not changed: a school asks for the same days again and again.
  const offsets = new Map<number, number | undefined>();
  const offsetOf = (dayMs: number) => {
    const offsetMs = dayMs - instantMs(dayMs);
    const isSteady = [DAY_MS / 2, DAY_MS].every((ms) => dayMs + ms - instantMs(dayMs + ms) === offsetMs);
    offsets.set(dayMs, isSteady ? offsetMs : undefined);
    return offsets.get(dayMs);
  };
  return {
    name: ianaZone,
    toInstantMs: (wallMs) => {
      const dayMs = startOfDay(wallMs);
      const offsetMs = offsets.has(dayMs) ? offsets.get(dayMs) : offsetOf(dayMs);
      return offsetMs === undefined ? instantMs(wallMs) : wallMs - offsetMs;
    },
    toWallMs: (instantMs) => parseWall(toZoned(new Date(instantMs), ianaZone).dateTime),
    toZoned: (wallMs) => ({ dateTime: formatWall(wallMs), ianaZone }),
  };
}

/** A TZID by name: as it stands, without a vendor's prefix, or by the location that a VTIMEZONE names. */
function resolveTzid(tzid: string, definition: ComponentText | undefined): string | undefined {
  const direct = resolveZone(tzid);
  if (direct !== undefined) return direct;
  const parts = tzid.split("/").filter((part) => part !== "");
  for (const count of [3, 2]) {
    if (parts.length <= count) continue;
    const zone = resolveZone(parts.slice(-count).join("/"));
    if (zone !== undefined) return zone;
  }
  const location = /^X-LIC-LOCATION(?:;[^:]*)?:(.*)$/im.exec(definition?.text ?? "")?.[1]?.trim();
  return location === undefined ? undefined : resolveZone(location);
}

function icalTime(wallMs: number): ICAL.Time {
  const date = new Date(wallMs);
  const init = {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    isDate: false,
  };
  return new ICAL.Time(init, ICAL.Timezone.localTimezone);
}
