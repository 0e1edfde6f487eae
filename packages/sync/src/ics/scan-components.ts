/**
 * Splits an iCalendar stream into its components by line, before the library reads any of them: so every
 * message can name a line, and a file that was cut is recognised for what it is.
 *
 * @see RFC 5545 §3.1, §3.4, §3.6
 */
import { type SourcePlace, shorten, sourceError } from "../errors.ts";

/** One component as text. */
export interface ComponentText {
  /** Line of its BEGIN, counted from 1. */
  readonly line: number;
  /** From BEGIN to END, physical lines joined by CRLF. */
  readonly text: string;
}

/** One iCalendar object of a stream. */
export interface CalendarText {
  readonly line: number;
  /** Value of METHOD, upper case. */
  readonly method: string | undefined;
  /** Zone for times that carry none. */
  readonly defaultZone: string | undefined;
  /** Values of X-NIGHTLATCH-MAILBOX that stand outside the events. */
  readonly mailboxes: readonly string[];
  readonly events: readonly ComponentText[];
  readonly zones: readonly ComponentText[];
}

interface OpenComponent {
  readonly name: string;
  readonly line: number;
}

/** The parts of a calendar while they are collected. */
interface CalendarDraft {
  line: number;
  method: string | undefined;
  defaultZone: string | undefined;
  mailboxes: string[];
  events: ComponentText[];
  zones: ComponentText[];
}

/**
 * Splits a stream.
 *
 * @param text - the whole stream
 * @param sourceName - name for messages
 * @returns its calendar objects with their events and zones; other components are passed over
 * @throws {NightlatchError} `SYNC_SOURCE_INCOMPLETE`: a component is not closed;
 *   `SYNC_SOURCE_MALFORMED`: an END without BEGIN, or text outside a calendar
 */
export function scanComponents(text: string, sourceName: string): readonly CalendarText[] {
  const lines = text.split(/\r\n|\n|\r/);
  const calendars: CalendarDraft[] = [];
  const open: OpenComponent[] = [];
  for (let index = 0; index < lines.length; index++) {
    const content = lines[index] ?? "";
    const place = { sourceName, line: index + 1 };
    if (content === "" || content.startsWith(" ") || content.startsWith("\t")) {
      if (open.length === 0 && content.trim() !== "") throw outside(content, place);
      continue;
    }
    const boundary = /^(BEGIN|END):\s*([A-Za-z0-9-]+)\s*$/i.exec(content);
    if (boundary === null) {
      if (open.length === 0 && content.trim() !== "") throw outside(content, place);
      if (open.length === 1) readCalendarProperty(calendars.at(-1), lines, index);
    } else if (boundary[1]?.toUpperCase() === "BEGIN") {
      begin(boundary[2]?.toUpperCase() ?? "", open, calendars, place);
    } else {
      const closed = end(boundary[2]?.toUpperCase() ?? "", open, place);
      if (open.length === 1) collect(closed, lines, index, calendars.at(-1));
    }
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) {
    throw sourceError(
      "SYNC_SOURCE_INCOMPLETE",
      { sourceName, line: lines.length },
      `the file ends without END:${open[0]?.name}; the ${unclosed.name} of line ${unclosed.line} is not closed`,
    );
  }
  return calendars;
}

function begin(name: string, open: OpenComponent[], calendars: CalendarDraft[], place: SourcePlace): void {
  const line = place.line ?? 0;
  if (open.length === 0) {
    if (name !== "VCALENDAR") throw outside(`BEGIN:${name}`, place);
    calendars.push({
      line,
      method: undefined,
      defaultZone: undefined,
      mailboxes: [],
      events: [],
      zones: [],
    });
  } else if (name === "VCALENDAR" || (name === "VEVENT" && open.length > 1)) {
    const outer = open.at(-1);
    throw sourceError(
      "SYNC_SOURCE_INCOMPLETE",
      place,
      `BEGIN:${name} although the ${outer?.name} of line ${outer?.line} is not closed`,
    );
  }
  open.push({ name, line });
}

function end(name: string, open: OpenComponent[], place: SourcePlace): OpenComponent {
  const closed = open.pop();
  if (closed?.name === name) return closed;
  throw sourceError(
    "SYNC_SOURCE_MALFORMED",
    place,
    closed === undefined
      ? `END:${name} without BEGIN:${name}`
      : `END:${name} where END:${closed.name} is wanted for line ${closed.line}`,
  );
}

function collect(
  closed: OpenComponent,
  lines: readonly string[],
  endIndex: number,
  calendar: CalendarDraft | undefined,
): void {
  if (calendar === undefined || (closed.name !== "VEVENT" && closed.name !== "VTIMEZONE")) return;
  const text = lines
    .slice(closed.line - 1, endIndex + 1)
    .filter((line) => line !== "")
    .join("\r\n");
  (closed.name === "VEVENT" ? calendar.events : calendar.zones).push({ line: closed.line, text });
}

function readCalendarProperty(
  calendar: CalendarDraft | undefined,
  lines: readonly string[],
  index: number,
): void {
  const match = /^(METHOD|X-WR-TIMEZONE|X-NIGHTLATCH-MAILBOX)(?:;[^:]*)?:(.*)$/i.exec(unfold(lines, index));
  const value = match?.[2]?.trim();
  if (calendar === undefined || match === null || value === undefined || value === "") return;
  const name = match[1]?.toUpperCase();
  if (name === "METHOD") calendar.method = value.toUpperCase();
  else if (name === "X-WR-TIMEZONE") calendar.defaultZone = value;
  else calendar.mailboxes.push(...value.split(/[,;]/).filter((text) => text.trim() !== ""));
}

/**
 * Finds a property in the text of a component.
 *
 * @param component - text of a component
 * @param property - name, any case
 * @returns line of the source on which the property stands; the line of BEGIN when it is not there
 */
export function lineOfProperty(component: ComponentText, property: string): number {
  const pattern = new RegExp(`^${property}[;:]`, "i");
  const offset = component.text.split("\r\n").findIndex((line) => pattern.test(line));
  return component.line + Math.max(offset, 0);
}

function unfold(lines: readonly string[], index: number): string {
  let content = lines[index] ?? "";
  for (let next = index + 1; /^[ \t]/.test(lines[next] ?? ""); next++) content += lines[next]?.slice(1) ?? "";
  return content;
}

function outside(content: string, place: SourcePlace) {
  return sourceError(
    "SYNC_SOURCE_MALFORMED",
    place,
    `"${shorten(content, 40)}" stands outside of a calendar; nothing may follow END:VCALENDAR but another one`,
  );
}
