/** From a file to a {@link Timetable}: complete, unambiguous, in a window, or refused by name. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { resolveZone } from "@nightlatch/calendar";
import { readCsv } from "./csv/read-csv.ts";
import { type SourcePlace, sourceError } from "./errors.ts";
import { timetableEvent } from "./event-content.ts";
import { readIcs } from "./ics/read-ics.ts";
import { contentHash, entryKey } from "./identity.ts";
import { parseMailbox } from "./mailbox-address.ts";
import type { ReadContext, SourceEvent, SourceReading, WindowMs } from "./source-event.ts";
import { decodeSource, sniffFormat, type TimetableInput } from "./source-text.ts";
import type { Timetable, TimetableEntry, TimetableWarning } from "./timetable.ts";
import { DAY_MS } from "./wall-time.ts";

/** How a timetable is read. */
export interface ReadTimetableOptions {
  /** Zone of times that carry none: IANA or Windows name. @defaultValue such times are refused */
  readonly ianaZone?: string | undefined;
  /** Mailbox of the whole file; what the file says about mailboxes is then ignored. */
  readonly mailbox?: string | undefined;
  /** Domains whose ICS attendees are mailboxes of ours. @defaultValue every domain */
  readonly mailboxDomains?: readonly string[] | undefined;
  /**
   * Tag under which the events are owned in mailboxes; letters, digits, dot, underscore and hyphen, at most 64.
   * Two timetables for the same mailboxes need two tags. @defaultValue "timetable"
   */
  readonly sourceTag?: string | undefined;
  /** Start of the window, inclusive. @defaultValue the UTC day that `now` gives */
  readonly from?: Date | undefined;
  /** End of the window, exclusive. @defaultValue 366 days after `from` */
  readonly to?: Date | undefined;
  /** Takes the window from the first and last event of the source instead. @defaultValue false */
  readonly isWholeSource?: boolean | undefined;
  /** Meaning of dates such as 1/9/2026 in CSV. @defaultValue such dates are refused */
  readonly dateOrder?: "dmy" | "mdy" | undefined;
  /** WHATWG name of the encoding of the bytes. @defaultValue UTF-8 or UTF-16, by the bytes */
  readonly encoding?: string | undefined;
  /** Minutes before the start at which Outlook reminds. @defaultValue no reminder */
  readonly reminderMinutesBeforeStart?: number | undefined;
  /** Events that the window must hold at least; 0 accepts an empty timetable. @defaultValue 1 */
  readonly minEntries?: number | undefined;
  /** Events above which the source is refused. @defaultValue 250,000 */
  readonly maxEntries?: number | undefined;
  /** Current time. @defaultValue the clock of the machine */
  readonly now?: (() => Date) | undefined;
}

const DEFAULT_MAX_ENTRIES = 250_000;

/**
 * Reads a timetable.
 *
 * Nothing is guessed: a file that is cut, ambiguous or empty is refused, and so is a time without a zone.
 * Repetitions become single events; changed and cancelled occurrences are taken into account.
 *
 * @param input - text or bytes of an ICS or CSV file, and its name for messages
 * @param options - zone, mailbox, window and limits
 * @returns the events of the window, ordered by mailbox, start and key
 * @throws {NightlatchError} a `SYNC_SOURCE_…` code; file, line and field stand in the message and in `details`
 * @throws {TypeError} when the input has neither text nor bytes
 * @throws {RangeError} when an option is out of range
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readTimetable } from "@nightlatch/sync";
 *
 * const timetable = readTimetable(
 *   {
 *     sourceName: "school.csv",
 *     text: [
 *       "id,mailbox,subject,start,end,zone,repeat_weekly_until",
 *       "ph-1,room-12@school.example,Physics,2026-09-07 09:00,2026-09-07 09:45,Europe/London,2026-09-21",
 *     ].join("\n"),
 *   },
 *   { from: new Date("2026-09-01T00:00:00Z"), to: new Date("2027-08-01T00:00:00Z") },
 * );
 * assert.equal(timetable.entries.length, 3);
 * assert.deepEqual(timetable.entries[2]?.event.start, {
 *   dateTime: "2026-09-21T09:00:00",
 *   ianaZone: "Europe/London",
 * });
 * ```
 * @see RFC 5545; docs/timetable.md
 */
export function readTimetable(input: TimetableInput, options: ReadTimetableOptions = {}): Timetable {
  const { sourceName } = input;
  const sourceTag = checkedTag(options.sourceTag ?? "timetable");
  const warnings: TimetableWarning[] = [];
  const context = contextOf(sourceName, options, warnings);
  const text = decodeSource(input, options.encoding);
  const format = input.format ?? sniffFormat(text, sourceName);
  if (input.format !== undefined) sniffFormat(text, sourceName);
  const reading = format === "ics" ? readIcs(text, context) : readCsv(text, context);
  const window = windowOf(reading, options, sourceName);
  const events = reading.eventsIn(window);
  const entries = entriesOf(events, sourceTag, sourceName);
  const minEntries = options.minEntries ?? 1;
  if (entries.length < minEntries) {
    const problem = `it gives ${entries.length} events from ${isoOf(window.fromMs)} to ${isoOf(window.toMs)}, wanted at least ${minEntries}`;
    throw sourceError("SYNC_SOURCE_EMPTY", { sourceName }, problem);
  }
  return {
    source: { tag: sourceTag, name: sourceName, format },
    window: { from: isoOf(window.fromMs), to: isoOf(window.toMs) },
    entries,
    mailboxes: [...new Set(entries.map((entry) => entry.mailbox))],
    warnings,
  };
}

/**
 * Reads a timetable from a file.
 *
 * @param path - ICS or CSV file
 * @param options - as for {@link readTimetable}
 * @returns the events of the window
 * @throws {NightlatchError} `SYNC_SOURCE_UNREADABLE`: the file cannot be read; and those of {@link readTimetable}
 */
export async function readTimetableFile(
  path: string,
  options: ReadTimetableOptions = {},
): Promise<Timetable> {
  const sourceName = basename(path);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const problem = code === "ENOENT" ? "there is no such file" : `the file cannot be read (${String(code)})`;
    throw sourceError("SYNC_SOURCE_UNREADABLE", { sourceName: path }, problem, { cause });
  }
  return readTimetable({ bytes, sourceName }, options);
}

function contextOf(
  sourceName: string,
  options: ReadTimetableOptions,
  warnings: TimetableWarning[],
): ReadContext {
  const ianaZone = options.ianaZone === undefined ? undefined : resolveZone(options.ianaZone);
  if (options.ianaZone !== undefined && ianaZone === undefined) {
    const problem = `unknown zone "${options.ianaZone}" is given for the file`;
    throw sourceError("SYNC_SOURCE_ZONE_UNKNOWN", { sourceName }, problem);
  }
  const mailbox = options.mailbox === undefined ? undefined : parseMailbox(options.mailbox);
  if (options.mailbox !== undefined && mailbox === undefined) {
    const problem = `"${options.mailbox}", given for the file, is no mail address`;
    throw sourceError("SYNC_SOURCE_MAILBOX_INVALID", { sourceName }, problem);
  }
  return {
    sourceName,
    ianaZone,
    mailbox,
    mailboxDomains: options.mailboxDomains?.map((domain) => domain.toLowerCase().replace(/^@/, "")),
    dateOrder: options.dateOrder,
    reminderMinutesBeforeStart: options.reminderMinutesBeforeStart,
    maxEntries: options.maxEntries ?? DEFAULT_MAX_ENTRIES,
    warn: (message: string, place?: SourcePlace) => {
      warnings.push(place?.line === undefined ? { message } : { message, line: place.line });
    },
  };
}

function windowOf(reading: SourceReading, options: ReadTimetableOptions, sourceName: string): WindowMs {
  if (options.isWholeSource === true) {
    const { fromMs, toMs } = reading.extent;
    if (fromMs < toMs && Number.isFinite(fromMs) && Number.isFinite(toMs)) return reading.extent;
    throw sourceError("SYNC_SOURCE_EMPTY", { sourceName }, "it holds no event");
  }
  const now = options.now?.() ?? new Date();
  const fromMs = options.from?.getTime() ?? Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  const toMs = options.to?.getTime() ?? fromMs + 366 * DAY_MS;
  if (fromMs < toMs) return { fromMs, toMs };
  throw new RangeError("The window must end after it starts");
}

function entriesOf(
  events: readonly SourceEvent[],
  sourceTag: string,
  sourceName: string,
): readonly TimetableEntry[] {
  const byIdentity = new Map<string, TimetableEntry & { readonly startMs: number }>();
  for (const source of events) {
    const key = entryKey(sourceTag, source.id, source.recurrenceId);
    const event = timetableEvent(source.content);
    const hash = contentHash(event);
    for (const mailbox of source.mailboxes) {
      const identity = `${mailbox} ${key}`;
      const other = byIdentity.get(identity);
      if (other !== undefined) {
        const place = { sourceName, line: source.line, field: "id", uid: source.id };
        const problem = `the id stands already in line ${other.line}, for the same mailbox ${mailbox}`;
        throw sourceError("SYNC_SOURCE_DUPLICATE_ID", place, problem);
      }
      byIdentity.set(identity, { mailbox, key, hash, event, line: source.line, startMs: source.startMs });
    }
  }
  return [...byIdentity.values()]
    .sort(
      (left, right) =>
        compareText(left.mailbox, right.mailbox) ||
        left.startMs - right.startMs ||
        compareText(left.key, right.key),
    )
    .map(({ startMs: _, ...entry }) => entry);
}

function checkedTag(tag: string): string {
  if (/^[A-Za-z0-9._-]{1,64}$/.test(tag)) return tag;
  throw new RangeError(`Source tag "${tag}" must be 1 to 64 letters, digits, dots, underscores or hyphens`);
}

function isoOf(instantMs: number): string {
  return new Date(instantMs).toISOString();
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
