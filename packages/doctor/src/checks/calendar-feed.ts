/** Feeds: time zones, excluded dates, identities, completeness. */
import type { IcsCalendar, IcsEvent, IcsTime } from "../calendar-artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding } from "../finding-table.ts";
import { allOf, type CaseFile } from "./case-file.ts";

/** The commonest Windows zones of Outlook's feeds, as CLDR maps them for the territory 001. */
const IANA_OF_WINDOWS: Readonly<Record<string, string>> = {
  "gmt standard time": "Europe/London",
  "greenwich standard time": "Atlantic/Reykjavik",
  "w. europe standard time": "Europe/Berlin",
  "romance standard time": "Europe/Paris",
  "central europe standard time": "Europe/Budapest",
  "central european standard time": "Europe/Warsaw",
  "e. europe standard time": "Europe/Chisinau",
  "fle standard time": "Europe/Kiev",
  "gtb standard time": "Europe/Bucharest",
  "eastern standard time": "America/New_York",
  "central standard time": "America/Chicago",
  "mountain standard time": "America/Denver",
  "pacific standard time": "America/Los_Angeles",
  "tokyo standard time": "Asia/Tokyo",
  "china standard time": "Asia/Shanghai",
  "india standard time": "Asia/Calcutta",
  "aus eastern standard time": "Australia/Sydney",
  "new zealand standard time": "Pacific/Auckland",
};

/**
 * Looks at iCalendar text.
 *
 * @param file - the case file
 * @returns findings; where nothing is wrong, that
 */
export function checkCalendarFeed(file: CaseFile): Finding[] {
  return allOf(file, "icsCalendar").flatMap((feed) => {
    const findings = [
      ...zoneFindings(feed),
      ...exdateFindings(feed),
      ...uidFindings(feed),
      ...completenessFindings(feed),
    ];
    if (findings.length > 0 || !feed.hasBegin || !feed.hasEnd) return findings;
    return [
      createFinding("FEED_VALID", {
        explanation: `${feed.events.length} event(s); zones, excluded dates and UIDs are as they should be. Rules of repetition were not expanded.`,
        remedy: "Nothing to do here.",
      }),
    ];
  });
}

function isWindowsZone(name: string): boolean {
  return /\b(?:Standard|Daylight) Time(?: \d)?$/i.test(name) || /^UTC[+-]\d\d$/.test(name);
}

function zoneFindings(feed: IcsCalendar): Finding[] {
  // A piece of a feed tells nothing about what was defined before it.
  if (!feed.hasBegin || feed.isElided) return [];
  const undefinedZones = feed.usedZones.filter(
    (zone) => !feed.definedZones.includes(zone) && !/^(?:UTC|Etc\/UTC|GMT)$/i.test(zone),
  );
  const windows = undefinedZones.filter(isWindowsZone);
  const others = undefinedZones.filter((zone) => !isWindowsZone(zone));
  const findings: Finding[] = [];
  if (windows.length > 0) {
    const pairs = windows.map((zone) => {
      const plain = zone.toLowerCase().replace(/ \d$/, "");
      return `${zone} is ${IANA_OF_WINDOWS[plain] ?? "a name of Windows"}`;
    });
    findings.push(
      createFinding("FEED_ZONE_WINDOWS", {
        explanation: `${windows.map((zone) => `"${zone}"`).join(", ")} ${windows.length === 1 ? "is" : "are"} used without a VTIMEZONE. Outlook writes names of Windows and defines only some of them. Programs that know IANA names only take such times for floating or for UTC, and the events move by whole hours.`,
        evidence: { zones: windows },
        remedy: `Translate the names with CLDR's table before the times are read: ${pairs.join("; ")}. nightlatch sync does.`,
      }),
    );
  }
  if (others.length > 0) {
    findings.push(
      createFinding("FEED_ZONE_UNDEFINED", {
        explanation: `${others.map((zone) => `"${zone}"`).join(", ")} ${others.length === 1 ? "is" : "are"} used without a VTIMEZONE. RFC 5545 demands one for each TZID. Most programs know IANA names all the same; Outlook does not, and shows the events an hour off for half of the year.`,
        evidence: { zones: others },
        remedy:
          "Write a VTIMEZONE with its daylight rules for each zone, or write the times in UTC (events that repeat across a change of the clocks need the zone).",
      }),
    );
  }
  return findings;
}

function exdateFindings(feed: IcsCalendar): Finding[] {
  const wrong: Array<{ event: IcsEvent; excluded: IcsTime; why: string }> = [];
  for (const event of feed.events) {
    if (!event.repeats || event.start === undefined) continue;
    for (const excluded of event.excluded) {
      const why = mismatch(event.start, excluded);
      if (why !== undefined) wrong.push({ event, excluded, why });
    }
  }
  const [first] = wrong;
  if (first === undefined) return [];
  return [
    createFinding("FEED_EXDATE_UNMATCHED", {
      explanation: `EXDATE ${first.excluded.value} of the event in line ${first.event.line} (${wrong.length} in all): ${first.why}. An EXDATE takes away exactly the occurrence that begins at that moment; with another form some programs take away nothing, others the day before.`,
      evidence: { exdate: first.excluded.value, start: first.event.start?.value, count: wrong.length },
      remedy:
        "Write EXDATE in the form of DTSTART: dates with dates, local times with the same TZID and the same time of day. For whole days compare calendar dates, not moments.",
    }),
  ];
}

function mismatch(start: IcsTime, excluded: IcsTime): string | undefined {
  if (start.isDate && !excluded.isDate) return "the start is a date, the excluded value has a time";
  if (!start.isDate && excluded.isDate) return "the start has a time, the excluded value is a date";
  if (start.isDate) return undefined;
  const isUtc = (time: IcsTime): boolean => time.value.endsWith("Z");
  if (isUtc(start) || isUtc(excluded) || start.zone !== excluded.zone) return undefined;
  const clock = (time: IcsTime): string => time.value.slice(9, 15);
  if (clock(start) === "" || clock(start) === clock(excluded)) return undefined;
  return "it names another time of day than the start, in the same zone";
}

function uidFindings(feed: IcsCalendar): Finding[] {
  const seen = new Map<string, number>();
  for (const { uid, isOverride } of feed.events)
    if (uid !== undefined && !isOverride) seen.set(uid, (seen.get(uid) ?? 0) + 1);
  const repeated = [...seen].filter(([, count]) => count > 1);
  if (repeated.length === 0) return [];
  return [
    createFinding("FEED_UID_REPEATED", {
      explanation: `${repeated.length} UID(s) stand at more than one event without RECURRENCE-ID, such as "${(repeated[0]?.[0] ?? "").slice(0, 120)}" (${repeated[0]?.[1] ?? 0} times). Whoever looks events up by UID overwrites one with the other, or makes new ones at each run.`,
      evidence: { uids: repeated.slice(0, 5).map(([uid]) => uid.slice(0, 120)) },
      remedy: "Give each event a UID of its own that stays the same from export to export.",
    }),
  ];
}

function completenessFindings(feed: IcsCalendar): Finding[] {
  if (!feed.hasBegin || feed.isElided) return [];
  if (!feed.hasEnd)
    return [
      createFinding("FEED_CUT", {
        explanation: `The text begins with BEGIN:VCALENDAR and does not come to END:VCALENDAR, after ${feed.events.length} event(s): the download broke off, or only the beginning was pasted.`,
        remedy:
          "Fetch it again; a feed without its end must not be applied, or the missing events are deleted.",
      }),
    ];
  if (feed.events.length > 0) return [];
  return [
    createFinding("FEED_EMPTY", {
      explanation:
        "There is a VCALENDAR without a VEVENT. An empty feed where events are expected mostly means that the export failed or that its window is wrong; carried over as it is, it empties the calendar.",
      remedy: "Look at the source before the run; nightlatch sync refuses an empty timetable by name.",
    }),
  ];
}
