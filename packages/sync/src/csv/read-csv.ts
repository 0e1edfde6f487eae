/**
 * Reads a CSV file as a whole.
 *
 * @see RFC 4180
 */
import { createHash } from "node:crypto";
import { CsvError } from "csv-parse";
import { parse } from "csv-parse/sync";
import { type SourcePlace, shorten, sourceError } from "../errors.ts";
import {
  type ReadContext,
  type SourceEvent,
  type SourceReading,
  touches,
  type WindowMs,
} from "../source-event.ts";
import { DAY_MS, formatWall } from "../wall-time.ts";
import { type ColumnIndex, findColumns } from "./columns.ts";
import { type CsvEvent, readCsvEvent, timesOn } from "./csv-event.ts";

/** A record with the line on which it begins. */
interface CsvRecord {
  readonly cells: readonly string[];
  readonly line: number;
}

/**
 * Reads every row of a CSV timetable.
 *
 * @param text - the file: a header row and one row per lesson, separated by comma, semicolon or tab
 * @param context - zone, mailbox and limits
 * @returns the rows, to be expanded for a window
 * @throws {NightlatchError} `SYNC_SOURCE_INCOMPLETE` (a quote is never closed), `SYNC_SOURCE_MALFORMED`,
 *   `SYNC_SOURCE_RAGGED`, `SYNC_SOURCE_COLUMN_MISSING`, `SYNC_SOURCE_COLUMN_AMBIGUOUS`,
 *   `SYNC_SOURCE_DUPLICATE_ID`, and those of {@link readCsvEvent}
 */
export function readCsv(text: string, context: ReadContext): SourceReading {
  const [header, ...records] = parseRecords(text, context.sourceName);
  const place = { sourceName: context.sourceName, line: header?.line ?? 1 };
  const columns = findColumns(header?.cells ?? [], place, context.warn);
  requireColumns(columns, header?.cells ?? [], place, context);
  if (!columns.has("id")) {
    context.warn(
      "The file has no id column: a lesson whose subject or time changes is deleted and created anew",
      place,
    );
  }
  const events = records
    .map((record) => readCsvEvent(record.cells, columns, record.line, context))
    .filter((event) => !event.isCancelled)
    .map((event) => (event.id === "" ? { ...event, id: contentId(event) } : event));
  return {
    extent: extentOf(events),
    eventsIn: (window) => expandAll(events, window, context),
  };
}

/**
 * Finds the separator of a CSV text.
 *
 * @param text - the file
 * @returns the one of `,`, `;` and tab that stands most often in the header outside of quotes
 */
export function sniffSeparator(text: string): string {
  const counts = new Map([
    [",", 0],
    [";", 0],
    ["\t", 0],
  ]);
  let isQuoted = false;
  for (const character of text.trimStart()) {
    if (character === '"') isQuoted = !isQuoted;
    if (!isQuoted && (character === "\n" || character === "\r")) break;
    const count = counts.get(character);
    if (!isQuoted && count !== undefined) counts.set(character, count + 1);
  }
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

function parseRecords(text: string, sourceName: string): readonly CsvRecord[] {
  // Excel may name the separator in a line of its own.
  const declared = /^sep=(.)(?:\r\n?|\n)/i.exec(text);
  // One line break throughout: csv-parse counts CR and LF as two lines inside of quotes.
  const body = text.slice(declared?.[0].length ?? 0).replace(/\r\n?/g, "\n");
  const lineOffset = declared === null ? 0 : 1;
  try {
    const parsed = parse(body, {
      delimiter: declared?.[1] ?? sniffSeparator(body),
      info: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: false,
    }) as unknown as readonly {
      readonly record: readonly string[];
      readonly info: { readonly lines: number };
    }[];
    return parsed.map(({ record, info }) => ({
      cells: record,
      line: info.lines - countLineBreaks(record) + lineOffset,
    }));
  } catch (cause) {
    throw csvError(cause, sourceName, lineOffset);
  }
}

function csvError(cause: unknown, sourceName: string, lineOffset: number): unknown {
  if (!(cause instanceof CsvError)) return cause;
  const facts = cause as CsvError & { readonly lines?: unknown; readonly record?: unknown };
  const line = typeof facts.lines === "number" ? facts.lines + lineOffset : undefined;
  const place: SourcePlace = { sourceName, line };
  if (cause.code === "CSV_QUOTE_NOT_CLOSED") {
    const problem = "a field in double quotes is not closed before the file ends";
    return sourceError("SYNC_SOURCE_INCOMPLETE", place, problem, { cause });
  }
  if (/^CSV_RECORD_INCONSISTENT/.test(cause.code)) {
    const wanted = /expect (\d+), got (\d+)/.exec(cause.message);
    const problem =
      wanted === null ? shorten(cause.message) : `the row has ${wanted[2]} fields, the header ${wanted[1]}`;
    return sourceError("SYNC_SOURCE_RAGGED", place, problem, { cause });
  }
  return sourceError("SYNC_SOURCE_MALFORMED", place, shorten(cause.message, 160), { cause });
}

function requireColumns(
  columns: ColumnIndex,
  headers: readonly string[],
  place: SourcePlace,
  context: ReadContext,
): void {
  // A first line without one known name is no header: whatever was taken for a timetable is not quoted.
  const there =
    columns.size === 0 ? "none of the names in the first line is known" : `the file has ${listed(headers)}`;
  const missing = (field: string, problem: string) =>
    sourceError("SYNC_SOURCE_COLUMN_MISSING", { ...place, field }, `${problem}; ${there}`);
  if (!columns.has("subject")) throw missing("subject", "there is no subject column");
  if (!columns.has("start") && !columns.has("date"))
    throw missing("start", "there is no start or date column");
  if (!columns.has("mailbox") && context.mailbox === undefined) {
    throw sourceError(
      "SYNC_SOURCE_MAILBOX_MISSING",
      { ...place, field: "mailbox" },
      `there is no mailbox column and no mailbox is given for the file; ${there}`,
    );
  }
}

function expandAll(
  events: readonly CsvEvent[],
  window: WindowMs,
  context: ReadContext,
): readonly SourceEvent[] {
  const result: SourceEvent[] = [];
  for (const event of events) {
    for (const date of event.dates) {
      const times = timesOn(event, date);
      if (touches(times.startMs, times.endMs, window)) result.push(sourceEvent(event, date, times, context));
    }
    if (result.length > context.maxEntries) {
      const place = { sourceName: context.sourceName, line: event.line };
      throw sourceError(
        "SYNC_SOURCE_TOO_LARGE",
        place,
        `more than ${context.maxEntries} events in the window`,
      );
    }
  }
  return result;
}

function sourceEvent(
  event: CsvEvent,
  dateWallMs: number,
  times: ReturnType<typeof timesOn>,
  context: ReadContext,
): SourceEvent {
  return {
    id: event.id,
    // A weekly row takes place once on a date, so that a new time of day stays the same lesson.
    recurrenceId: event.isRepeating ? formatWall(dateWallMs).slice(0, 10).replaceAll("-", "") : "",
    mailboxes: event.mailboxes,
    line: event.line,
    startMs: times.startMs,
    endMs: times.endMs,
    content: {
      subject: event.subject,
      start: times.start,
      end: times.end,
      isAllDay: event.isAllDay,
      location: event.location,
      description: event.description,
      categories: event.categories,
      showAs: event.showAs,
      sensitivity: event.isPrivate ? "private" : "normal",
      reminderMinutesBeforeStart: context.reminderMinutesBeforeStart,
    },
  };
}

function extentOf(events: readonly CsvEvent[]): WindowMs {
  let fromMs = Number.POSITIVE_INFINITY;
  let toMs = Number.NEGATIVE_INFINITY;
  for (const event of events) {
    for (const date of [event.dates[0], event.dates.at(-1)]) {
      if (date === undefined) continue;
      const times = timesOn(event, date);
      fromMs = Math.min(fromMs, times.startMs);
      toMs = Math.max(toMs, times.endMs + 1000);
    }
  }
  return { fromMs, toMs: Math.max(toMs, fromMs === Number.POSITIVE_INFINITY ? toMs : fromMs + DAY_MS) };
}

/** Stands in for an id: what tells two rows of a table apart. */
function contentId(event: CsvEvent): string {
  const facts = [event.subject, event.startWallMs, event.endWallMs, event.ianaZone, event.isRepeating];
  return `row-${createHash("sha256").update(JSON.stringify(facts)).digest("base64url").slice(0, 22)}`;
}

function countLineBreaks(record: readonly string[]): number {
  return record.reduce((count, cell) => count + (cell.match(/\n/g)?.length ?? 0), 0);
}

function listed(headers: readonly string[]): string {
  return shorten(headers.map((header) => `"${header}"`).join(", "), 160);
}
