import { readTimetable } from "@nightlatch/sync";
import ICAL from "ical.js";
import { isFullRun, judged, type Measure, shown } from "../measure.ts";
import { SCHOOL_YEAR, writeSchoolYear } from "../school-year.ts";

const lessons = isFullRun ? 25_000 : 2_000;
const rounds = 3;

export const timetableMeasure: Measure = {
  name: "timetable",
  title: `ICS to single events of a year, ${lessons.toLocaleString("en")} lessons, least CPU time of ${rounds}`,
  async run() {
    const text = writeSchoolYear(lessons);
    const megabytes = Buffer.byteLength(text) / 1e6;
    const best = { ours: Number.POSITIVE_INFINITY, peer: Number.POSITIVE_INFINITY };
    const counts = { ours: 0, peer: 0 };
    for (let round = 0; round < rounds; round += 1) {
      best.ours = Math.min(
        best.ours,
        cpuMs(() => (counts.ours = readByNightlatch(text))),
      );
      best.peer = Math.min(
        best.peer,
        cpuMs(() => (counts.peer = readByIcalJs(text))),
      );
    }
    if (counts.ours !== counts.peer)
      throw new Error(`readTimetable() gives ${counts.ours} events, ical.js ${counts.peer}`);
    return [
      shown(`text of ${counts.ours.toLocaleString("en")} events`, megabytes, "MB"),
      shown("ical.js, grouped by UID: times of the events", best.peer, "ms"),
      shown("readTimetable(): whole events, keys and hashes", best.ours, "ms"),
      shown("events in a second of CPU time", (counts.ours * 1000) / best.ours, "/s"),
      judged("share of ical.js's time", (100 * best.ours) / best.peer, "%", { atMost: 100 }),
    ];
  },
};

function cpuMs(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function readByNightlatch(text: string): number {
  const { entries } = readTimetable(
    { text, sourceName: "year.ics" },
    {
      mailbox: "year7@school.example",
      from: new Date(SCHOOL_YEAR.fromMs),
      to: new Date(SCHOOL_YEAR.toMs),
      maxEntries: 10_000_000,
    },
  );
  return entries.length;
}

/** The way of its documentation that gives right answers: exceptions are handed to the series they belong to. */
function readByIcalJs(text: string): number {
  const root = new ICAL.Component(ICAL.parse(text));
  for (const zone of root.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const exceptions = new Map<string, ICAL.Component[]>();
  const masters: ICAL.Component[] = [];
  for (const component of root.getAllSubcomponents("vevent")) {
    const uid = String(component.getFirstPropertyValue("uid"));
    if (!component.hasProperty("recurrence-id")) masters.push(component);
    else exceptions.set(uid, [...(exceptions.get(uid) ?? []), component]);
  }
  let count = 0;
  const inWindow = (start: ICAL.Time): boolean => {
    const ms = start.toUnixTime() * 1000;
    return ms >= SCHOOL_YEAR.fromMs && ms < SCHOOL_YEAR.toMs;
  };
  for (const component of masters) {
    const uid = String(component.getFirstPropertyValue("uid"));
    const event = new ICAL.Event(component, {
      exceptions: exceptions.get(uid) ?? [],
      strictExceptions: true,
    });
    if (!event.isRecurring()) {
      if (inWindow(event.startDate)) count += 1;
      continue;
    }
    const occurrences = event.iterator();
    for (let next = occurrences.next(); next !== undefined && next !== null; next = occurrences.next())
      if (inWindow(event.getOccurrenceDetails(next).startDate)) count += 1;
  }
  return count;
}
