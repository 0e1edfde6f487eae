/** Requests for calendars: filters, windows, change tracking, and what Graph says to them. */
import type { HttpRequestRead } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding } from "../finding-table.ts";
import { allOf, type CaseFile } from "./case-file.ts";

/**
 * Looks at the addresses of calendar requests.
 *
 * @param file - the case file
 * @returns findings
 */
export function checkCalendarRequest(file: CaseFile): Finding[] {
  return allOf(file, "httpRequest")
    .filter(({ url }) => /\/(?:v1\.0|beta)\/(?:me|users|groups)\b/i.test(url))
    .flatMap((request) => {
      const path = request.url.split(/[?#]/)[0] ?? "";
      const query = readQuery(request.url);
      return [
        ...filterFindings(path, query),
        ...windowFindings(request, path, query),
        ...deltaFindings(path, query),
      ];
    });
}

/**
 * Explains that events cannot be filtered by a property.
 *
 * @param property - name of the property as it was written
 * @param said - what Graph said, when it did
 * @returns the finding
 */
export function filterUnsupported(property: string, said?: string | undefined): Finding {
  const isUid = /^uid$/i.test(property);
  return createFinding("CALENDAR_FILTER_UNSUPPORTED", {
    explanation: `Events cannot be filtered by ${property}.${said === undefined ? "" : ` Graph says: "${said.slice(0, 200)}".`}${isUid ? " uid is readable only; v1.0 can filter by iCalUId, which Graph chooses itself and which differs for each occurrence of a series." : ""}`,
    evidence: { property },
    remedy: {
      text: "Keep the key of the source in an extended property and filter by that.",
      snippet:
        "$filter=singleValueExtendedProperties/Any(ep: ep/id eq 'String {<your GUID>} Name SourceKey' and ep/value eq '<key>')",
    },
  });
}

/**
 * Explains that a calendar view needs its window.
 *
 * @param address - what was called, when known
 * @returns the finding
 */
export function windowMissing(address: string | undefined): Finding {
  return createFinding("CALENDAR_WINDOW_MISSING", {
    explanation: `calendarView expands series over a window of time, and nobody said which.${address === undefined ? "" : ` ${address.slice(0, 200)} has no startDateTime or no endDateTime.`}`,
    evidence: { address: address?.slice(0, 200) },
    remedy: {
      text: "Add both; for a delta query they stand in the first request only, later ones take the link as it is.",
      snippet: `${(address ?? "https://graph.microsoft.com/v1.0/users/<mailbox>/calendarView").split("?")[0] ?? ""}?startDateTime=2026-09-01T00:00:00Z&endDateTime=2026-10-01T00:00:00Z`,
    },
  });
}

/**
 * Explains that a path does not track changes.
 *
 * @param address - what was called, when known
 * @returns the finding
 */
export function deltaUnsupported(address: string | undefined): Finding {
  return createFinding("CALENDAR_DELTA_PATH", {
    explanation: `${address === undefined ? "This path" : address.slice(0, 200)} does not track changes. delta belongs behind a collection of one mailbox: calendarView/delta with a window, or events/delta.`,
    evidence: { address: address?.slice(0, 200) },
    remedy: {
      text: "Ask the calendar view; each calendar is tracked by itself.",
      snippet:
        "GET /users/<mailbox>/calendars/<calendar id>/calendarView/delta?startDateTime=2026-09-01T00:00:00Z&endDateTime=2026-10-01T00:00:00Z",
    },
  });
}

function filterFindings(path: string, query: ReadonlyMap<string, string>): Finding[] {
  const filter = query.get("$filter") ?? query.get("filter");
  if (filter === undefined || !/\/(?:events|calendarView)(?:\/|$)/i.test(path)) return [];
  const bare = filter.replace(/'(?:[^']|''){0,2000}'/g, "''");
  if (/(?:^|[\s(])uid\s+(?:eq|ne)\s/i.test(bare)) return [filterUnsupported("uid")];
  if (/^\s*id\s+eq\s+''/i.test(bare) && /(?:String|StringArray|Integer|Binary)\s*\{/i.test(filter))
    return [filterUnsupported("id")];
  return [];
}

function windowFindings(
  request: HttpRequestRead,
  path: string,
  query: ReadonlyMap<string, string>,
): Finding[] {
  if (request.method !== "GET" || !/\/calendarView(?:\/delta(?:\(\))?)?\/?$/i.test(path)) return [];
  if ([...query.keys()].some((name) => /^\$(?:deltatoken|skiptoken|skip)$/.test(name))) return [];
  const [start, end] = [query.get("startdatetime"), query.get("enddatetime")];
  if (start === undefined || end === undefined || start === "" || end === "")
    return [windowMissing(request.url)];
  const blank = [start, end].find((value) => /T\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?\s\d\d:?\d\d$/.test(value));
  if (blank !== undefined) {
    const right = blank.replace(/\s(?=\d\d:?\d\d$)/, "%2B");
    return [
      createFinding("CALENDAR_WINDOW_PLUS", {
        explanation: `In an address + means a blank, so the server gets "${blank}", which is no time with an offset any more.`,
        evidence: { value: blank },
        remedy: { text: "Write the + as %2B, or write the time in UTC with Z.", snippet: right },
      }),
    ];
  }
  const [from, to] = [Date.parse(start), Date.parse(end)];
  if (Number.isNaN(from) || Number.isNaN(to) || to >= from) return [];
  return [
    createFinding("CALENDAR_WINDOW_REVERSED", {
      explanation: `startDateTime is ${start}, endDateTime ${end}.`,
      evidence: { start, end },
      remedy: "Put the earlier one first.",
    }),
  ];
}

function deltaFindings(path: string, query: ReadonlyMap<string, string>): Finding[] {
  if (!/\/(?:microsoft\.graph\.)?delta(?:\(\))?\/?$/i.test(path)) return [];
  if (
    /\/(?:calendars\/[^/]+|calendar|calendarGroups?(?:\/[^/]+){0,4})\/(?:microsoft\.graph\.)?delta/i.test(
      path,
    )
  )
    return [deltaUnsupported(path)];
  if (/\/calendarView\//i.test(path)) {
    const options = ["$select", "$expand", "$filter", "$orderby", "$search"].filter((name) =>
      query.has(name),
    );
    if (options.length === 0) return [];
    return [
      createFinding("CALENDAR_DELTA_OPTIONS", {
        explanation: `${options.join(", ")} ${options.length === 1 ? "is" : "are"} not supported with calendarView/delta.`,
        evidence: { options },
        remedy: "Leave them out, and read what else is needed of an event by its id.",
      }),
    ];
  }
  if (!/\/events\//i.test(path)) return [];
  return [
    createFinding("CALENDAR_DELTA_EVENTS", {
      explanation:
        "events/delta runs over a calendar without an end. What it gives are mostly ids and times; cancelled occurrences are not reported, and the pages of Microsoft still call the form without a window a preview.",
      remedy:
        "For a timetable use calendarView/delta with the window of the term; read each event that changed by its id, and plan for a full read when the token has gone.",
    }),
  ];
}

/** Names in lower case; values decoded as a server does. */
function readQuery(url: string): Map<string, string> {
  const query = new Map<string, string>();
  const text = /\?([^#]*)/.exec(url)?.[1] ?? "";
  for (const piece of text.split("&").slice(0, 50)) {
    const at = piece.indexOf("=");
    const [name, value] = at === -1 ? [piece, ""] : [piece.slice(0, at), piece.slice(at + 1)];
    query.set(decoded(name).toLowerCase(), decoded(value));
  }
  return query;
}

function decoded(text: string): string {
  const plain = text.replace(/\+/g, " ");
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}
