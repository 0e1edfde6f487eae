/** Events of Graph: whole days, repeated events, series with gaps, what an application may see. */
import type { GraphEvent, GraphEvents } from "../calendar-artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding } from "../finding-table.ts";
import { allOf, type CaseFile } from "./case-file.ts";
import { missingOccurrences } from "./series-days.ts";

/**
 * Looks at events as Graph writes them.
 *
 * @param file - the case file
 * @returns findings
 */
export function checkCalendarEvents(file: CaseFile): Finding[] {
  const lists = allOf(file, "graphEvents");
  const all = lists.flatMap((list) => list.events);
  return [
    ...allDayFindings(all),
    ...uidFindings(all),
    ...seriesStartFindings(all),
    ...repeatedFindings(all),
    ...seriesFindings(all),
    ...pageFindings(lists),
    ...privateFindings(all),
  ];
}

function allDayFindings(events: readonly GraphEvent[]): Finding[] {
  const wholeDays = events.filter((event) => event.isAllDay && event.start !== undefined);
  const wrong = wholeDays.find((event) => allDayDefect(event) !== undefined);
  if (wrong !== undefined) {
    return [
      createFinding("EVENT_ALL_DAY_TIMES", {
        explanation: `isAllDay is true, and ${allDayDefect(wrong) ?? ""}. Graph refuses that.`,
        evidence: {
          start: wrong.start?.dateTime,
          end: wrong.end?.dateTime,
          startZone: wrong.start?.timeZone,
          endZone: wrong.end?.timeZone,
        },
        remedy: {
          text: "Send midnight of the first day and midnight after the last day, both in the same zone.",
          snippet: allDaySnippet(wrong),
        },
      }),
    ];
  }
  const [read] = wholeDays.filter((event) => event.id !== undefined);
  if (read === undefined) return [];
  return [
    createFinding("EVENT_ALL_DAY_IS_DATE", {
      explanation: `Graph writes ${read.start?.dateTime ?? ""} "${read.start?.timeZone ?? ""}" for an all-day event whatever zone was asked for: midnight to midnight, without conversion. Read as a moment and converted, it falls on two days.`,
      evidence: { start: read.start?.dateTime, timeZone: read.start?.timeZone },
      remedy: `Take the date alone (${(read.start?.dateTime ?? "").slice(0, 10)}) and do not convert it.`,
    }),
  ];
}

const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/** A series that is being made: its first day, the day of its first event and its weekdays have to agree. */
function seriesStartFindings(events: readonly GraphEvent[]): Finding[] {
  for (const { id, start, recurrence } of events) {
    const first = recurrence?.startDate;
    if (id !== undefined || start === undefined || recurrence === undefined || first === undefined) continue;
    const day = start.dateTime.slice(0, 10);
    if (!/^\d{4}-\d\d-\d\d$/.test(first) || !/^\d{4}-\d\d-\d\d$/.test(day)) continue;
    const weekday = WEEKDAYS[new Date(`${first}T00:00:00Z`).getUTCDay()] ?? "";
    const days = recurrence.daysOfWeek;
    const isOffPattern =
      recurrence.type.toLowerCase() === "weekly" && days.length > 0 && !days.includes(weekday);
    if (first === day && !isOffPattern) continue;
    const zones =
      recurrence.timeZone !== undefined && recurrence.timeZone !== start.timeZone
        ? ` The zones differ as well: ${start.timeZone ?? "none"} at the start, ${recurrence.timeZone} in the range.`
        : "";
    return [
      createFinding("EVENT_SERIES_START", {
        explanation: `${first === day ? `range.startDate is ${first}, a ${weekday}; the pattern names ${days.join(", ")}.` : `The event starts on ${day} (${start.timeZone ?? "no zone"}), the series on ${first}.`}${zones} Graph takes such a series, and its days fall elsewhere than meant.`,
        evidence: {
          start: start.dateTime,
          startZone: start.timeZone,
          startDate: first,
          daysOfWeek: days,
          recurrenceTimeZone: recurrence.timeZone,
        },
        remedy: {
          text: "Write start, end and range in the zone of the calendar, and begin the range on the day of the first event, which must be one of the pattern's days.",
          snippet: `"start": { "dateTime": "${first}T…", "timeZone": "${recurrence.timeZone ?? start.timeZone ?? "Europe/London"}" }, … "range": { "startDate": "${first}" }`,
        },
      }),
    ];
  }
  return [];
}

function allDayDefect({ start, end }: GraphEvent): string | undefined {
  const clockOf = (dateTime: string): string | undefined => /T(\d\d:\d\d(?::\d\d)?)/.exec(dateTime)?.[1];
  for (const [name, moment] of [
    ["start", start],
    ["end", end],
  ] as const) {
    const clock = moment === undefined ? undefined : clockOf(moment.dateTime);
    if (clock !== undefined && !/^00:00(?::00)?$/.test(clock))
      return `its ${name} is at ${clock}, not at midnight`;
  }
  if (start?.timeZone !== undefined && end?.timeZone !== undefined && start.timeZone !== end.timeZone)
    return `start and end are in different zones (${start.timeZone}, ${end.timeZone})`;
  if (start !== undefined && end !== undefined && start.dateTime.slice(0, 10) >= end.dateTime.slice(0, 10))
    return "its end is not a day after its start: the end is the midnight after the last day";
  return undefined;
}

function allDaySnippet({ start, end }: GraphEvent): string {
  const first = (start?.dateTime ?? "").slice(0, 10);
  const time = Date.parse(`${first}T00:00:00Z`);
  const after = Number.isNaN(time) ? "<day after>" : new Date(time + 86_400_000).toISOString().slice(0, 10);
  const last = (end?.dateTime ?? "").slice(0, 10);
  const zone = start?.timeZone ?? "Europe/London";
  return `"isAllDay": true, "start": { "dateTime": "${first}T00:00:00", "timeZone": "${zone}" }, "end": { "dateTime": "${last > first ? last : after}T00:00:00", "timeZone": "${zone}" }`;
}

function uidFindings(events: readonly GraphEvent[]): Finding[] {
  if (!events.some((event) => event.id === undefined && event.hasUid && event.type === undefined)) return [];
  return [
    createFinding("EVENT_UID_READ_ONLY", {
      explanation:
        "The event that is being sent carries iCalUId or uid. Both are read-only: Graph makes its own and takes no notice, so the event cannot be found by it afterwards.",
      remedy: {
        text: "Put the key of the source into an extended property; by that events can be filtered. transactionId guards one POST against being repeated.",
        snippet:
          '"singleValueExtendedProperties": [{ "id": "String {<your GUID>} Name SourceKey", "value": "<key of the source>" }]',
      },
    }),
  ];
}

function repeatedFindings(events: readonly GraphEvent[]): Finding[] {
  const groups = new Map<string, Set<string>>();
  let subject = "";
  for (const event of events) {
    if (event.id === undefined || event.start === undefined || event.subject === undefined) continue;
    const key = [
      event.type,
      event.subject,
      event.start.dateTime,
      event.start.timeZone,
      event.end?.dateTime,
    ].join("|");
    const ids = groups.get(key) ?? new Set<string>();
    ids.add(event.id);
    groups.set(key, ids);
    if (ids.size > 1 && subject === "") subject = event.subject;
  }
  const repeated = [...groups.values()].filter((ids) => ids.size > 1);
  if (repeated.length === 0) return [];
  return [
    createFinding("EVENTS_REPEATED", {
      explanation: `${repeated.length} event(s) stand there more than once with the same subject and times and different ids, such as "${subject.slice(0, 80)}". That is what remains when a run creates again what it does not recognise: a write whose answer was lost and was sent again, a key that Graph did not keep (iCalUId), or a window whose edge hides the event.`,
      evidence: {
        repeated: repeated.length,
        ids: [...(repeated[0] ?? [])].slice(0, 3).map((id) => id.slice(0, 200)),
      },
      remedy:
        "Keep the source's key in an extended property, look it up before a create is repeated, send transactionId, and read the window a day wider than it is written. nightlatch sync removes copies with the same key.",
    }),
  ];
}

function seriesFindings(events: readonly GraphEvent[]): Finding[] {
  const masters = events.filter((event) => event.recurrence !== undefined && event.id !== undefined);
  for (const master of masters) {
    const instances = events.filter(
      (event) => event.seriesMasterId !== undefined && event.seriesMasterId === master.id,
    );
    const missing = missingOccurrences(master, instances);
    if (missing.length === 0) continue;
    return [
      createFinding("SERIES_OCCURRENCE_CANCELLED", {
        explanation: `By its pattern the series "${(master.subject ?? "").slice(0, 80)}" falls on ${missing.slice(0, 5).join(", ")} too, and the list has no occurrence there. An occurrence that was deleted is simply not there any more: neither a list nor a delta query reports it.`,
        evidence: { missing: missing.slice(0, 20), subject: master.subject },
        remedy: {
          text: "Ask the master itself which occurrences were cancelled, or compare the pattern with the instances of the window.",
          snippet: `GET /users/<mailbox>/events/${(master.id ?? "").slice(0, 200)}?$select=subject,cancelledOccurrences&$expand=exceptionOccurrences`,
        },
      }),
    ];
  }
  const silent = masters.find((master) => !master.listsCancelled);
  if (silent === undefined) return [];
  return [
    createFinding("SERIES_CANCELLATIONS_HIDDEN", {
      explanation:
        "The answer holds the pattern of a series, but not the occurrences that were cancelled or moved; without them the series looks whole. They come only on a GET of the master, and only when they are asked for.",
      evidence: { subject: silent.subject },
      remedy: {
        text: "Ask for them by name.",
        snippet: `GET /users/<mailbox>/events/${(silent.id ?? "").slice(0, 200)}?$select=subject,cancelledOccurrences&$expand=exceptionOccurrences`,
      },
    }),
  ];
}

function pageFindings(lists: readonly GraphEvents[]): Finding[] {
  const [page] = lists.filter((list) => list.hasNextLink);
  if (page === undefined) return [];
  return [
    createFinding("EVENTS_PAGE", {
      explanation: `${page.events.length} event(s), and a link to the next page (@odata.nextLink). A calendar view gives ten events unless $top asks for more; a program that stops here takes the rest for deleted, or makes it again.`,
      evidence: { events: page.events.length },
      remedy: "Follow @odata.nextLink as it stands until none comes, and check the status of each page.",
    }),
  ];
}

function privateFindings(events: readonly GraphEvent[]): Finding[] {
  const hidden = events.filter(
    (event) => event.id !== undefined && /^(?:private|confidential)$/i.test(event.sensitivity ?? ""),
  );
  if (hidden.length === 0) return [];
  return [
    createFinding("EVENTS_PRIVATE", {
      explanation: `${hidden.length} event(s) are marked ${hidden[0]?.sensitivity ?? "private"}. For an application with Calendars.Read or Calendars.ReadWrite the mark changes nothing: subject and body come whole. Only Calendars.ReadBasic.All leaves the body out.`,
      evidence: { events: hidden.length },
      remedy:
        "Limit the application to the mailboxes it needs (RBAC for Applications in Exchange), and do not carry private events on.",
    }),
  ];
}
