/** One row of a CSV timetable. */
import { resolveZone, type ShowAs, toInstant, toZoned, type ZonedDateTime } from "@nightlatch/calendar";
import { type SourcePlace, type SyncErrorCode, shorten, sourceError } from "../errors.ts";
import { parseMailbox } from "../mailbox-address.ts";
import type { ReadContext } from "../source-event.ts";
import { DAY_MS, formatWall, parseWall, startOfDay } from "../wall-time.ts";
import type { ColumnIndex, ColumnName } from "./columns.ts";
import { type CellTime, parseDate, parseDateTime, parseTimeOfDay } from "./date-fields.ts";

/** Longest weekly repetition. */
const MAX_WEEKS = 53 * 10;

/** A row with its times read. */
export interface CsvEvent {
  /** Empty when the file has no id column. */
  readonly id: string;
  readonly line: number;
  readonly mailboxes: readonly string[];
  readonly subject: string;
  readonly location: string;
  readonly description: string;
  readonly categories: readonly string[];
  readonly showAs: ShowAs;
  readonly isPrivate: boolean;
  readonly isCancelled: boolean;
  readonly isAllDay: boolean;
  readonly ianaZone: string;
  /** First start and end, wall time in `ianaZone`. */
  readonly startWallMs: number;
  readonly endWallMs: number;
  /** Local dates (midnight as wall time) on which the row takes place; one when it does not repeat. */
  readonly dates: readonly number[];
  readonly isRepeating: boolean;
}

/**
 * Reads one row.
 *
 * @param cells - fields of the row
 * @param columns - where each column stands
 * @param line - line on which the row begins, counted from 1
 * @param context - zone, mailbox and limits
 * @returns the row
 * @throws {NightlatchError} `SYNC_SOURCE_VALUE_MISSING`, `SYNC_SOURCE_VALUE_INVALID`, `SYNC_SOURCE_DATE_INVALID`,
 *   `SYNC_SOURCE_END_BEFORE_START`, `SYNC_SOURCE_ZONE_UNKNOWN`, `SYNC_SOURCE_ZONE_MISSING`,
 *   `SYNC_SOURCE_MAILBOX_MISSING`, `SYNC_SOURCE_MAILBOX_INVALID`
 */
export function readCsvEvent(
  cells: readonly string[],
  columns: ColumnIndex,
  line: number,
  context: ReadContext,
): CsvEvent {
  const row = new RowReader(cells, columns, line, context);
  const id = columns.has("id") ? row.required("id") : "";
  const ianaZone = row.zone();
  const { startWallMs, endWallMs, isAllDay } = row.times(ianaZone);
  return {
    id,
    line,
    mailboxes: row.mailboxes(),
    subject: row.required("subject"),
    location: row.text("location"),
    description: row.text("description"),
    categories: row.text("categories").split(/[;|]/),
    showAs: row.showAs(),
    isPrivate: row.flag("private"),
    isCancelled: row.flag("cancelled"),
    isAllDay,
    ianaZone,
    startWallMs,
    endWallMs,
    dates: row.dates(startWallMs),
    isRepeating: row.text("repeat_weekly_until") !== "",
  };
}

/**
 * Gives the times of a row on one of its dates.
 *
 * @param event - row
 * @param dateWallMs - one of its dates
 * @returns start and end at the same time of day as the first
 */
export function timesOn(
  event: CsvEvent,
  dateWallMs: number,
): {
  readonly start: ZonedDateTime;
  readonly end: ZonedDateTime;
  readonly startMs: number;
  readonly endMs: number;
} {
  const { ianaZone, startWallMs, endWallMs } = event;
  const shiftMs = dateWallMs - startOfDay(startWallMs);
  const start = { dateTime: formatWall(startWallMs + shiftMs), ianaZone };
  const end = { dateTime: formatWall(endWallMs + shiftMs), ianaZone };
  const startMs = toInstant(start).getTime();
  const endMs = toInstant(end).getTime();
  // A lesson inside the hour that the clock skips still has to end after it starts.
  return endMs < startMs ? { start, end: start, startMs, endMs: startMs } : { start, end, startMs, endMs };
}

/** Reads the cells of one row and knows where they stand. */
class RowReader {
  readonly #cells: readonly string[];
  readonly #columns: ColumnIndex;
  readonly #line: number;
  readonly #context: ReadContext;

  constructor(cells: readonly string[], columns: ColumnIndex, line: number, context: ReadContext) {
    this.#cells = cells;
    this.#columns = columns;
    this.#line = line;
    this.#context = context;
  }

  text(column: ColumnName): string {
    const position = this.#columns.get(column);
    return position === undefined ? "" : (this.#cells[position] ?? "").trim();
  }

  required(column: ColumnName): string {
    const text = this.text(column);
    if (text !== "") return text;
    throw this.error("SYNC_SOURCE_VALUE_MISSING", column, "the field is empty");
  }

  flag(column: ColumnName): boolean {
    const text = this.text(column).toLowerCase();
    if (["", "0", "no", "n", "false", "f"].includes(text)) return false;
    if (["1", "yes", "y", "true", "t", "x"].includes(text)) return true;
    throw this.error("SYNC_SOURCE_VALUE_INVALID", column, `"${shorten(text)}" is neither yes nor no`);
  }

  showAs(): ShowAs {
    const text = this.text("show_as");
    const showAs = text === "" ? "busy" : SHOW_AS.get(text.toLowerCase().replace(/[^a-z0-9]/g, ""));
    if (showAs !== undefined) return showAs;
    const problem = `"${shorten(text)}" is none of free, tentative, busy, oof, workingElsewhere`;
    throw this.error("SYNC_SOURCE_VALUE_INVALID", "show_as", problem);
  }

  mailboxes(): readonly string[] {
    if (this.#context.mailbox !== undefined) return [this.#context.mailbox];
    const texts = this.text("mailbox")
      .split(/[;,|\s]+/)
      .filter((text) => text !== "");
    if (texts.length === 0) {
      throw this.error("SYNC_SOURCE_MAILBOX_MISSING", "mailbox", "the row names no mailbox");
    }
    const mailboxes = texts.map((text) => {
      const mailbox = parseMailbox(text);
      if (mailbox !== undefined) return mailbox;
      throw this.error("SYNC_SOURCE_MAILBOX_INVALID", "mailbox", `"${shorten(text)}" is no mail address`);
    });
    return [...new Set(mailboxes)];
  }

  zone(): string {
    const text = this.text("zone");
    if (text === "") {
      if (this.#context.ianaZone !== undefined) return this.#context.ianaZone;
      throw this.error(
        "SYNC_SOURCE_ZONE_MISSING",
        "zone",
        "the row names no zone and none is given for the file",
      );
    }
    const zone = resolveZone(text);
    if (zone !== undefined) return zone;
    throw this.error("SYNC_SOURCE_ZONE_UNKNOWN", "zone", `unknown zone "${shorten(text)}"`);
  }

  times(ianaZone: string): { startWallMs: number; endWallMs: number; isAllDay: boolean } {
    const start = this.#start();
    const isAllDay = this.flag("all_day") || start.isDate;
    const end = this.#end(start, isAllDay);
    const startWallMs = isAllDay ? startOfDay(start.wallMs) : wallIn(start, ianaZone);
    const endWallMs = isAllDay ? this.#endOfDays(startWallMs, end) : wallIn(end, ianaZone);
    const field = this.#columns.has("end") ? "end" : "end_time";
    if (endWallMs < startWallMs || this.#isBefore({ start: startWallMs, end: endWallMs }, ianaZone)) {
      throw this.error("SYNC_SOURCE_END_BEFORE_START", field, "the event ends before it starts");
    }
    if (endWallMs - startWallMs > 5 * 366 * DAY_MS) {
      throw this.error("SYNC_SOURCE_VALUE_INVALID", field, "the event lasts more than five years");
    }
    return { startWallMs, endWallMs, isAllDay };
  }

  /** Local dates of a weekly repetition, without those that are excepted. */
  dates(startWallMs: number): readonly number[] {
    const first = startOfDay(startWallMs);
    const excepted = new Set(this.#exceptDates());
    const untilText = this.text("repeat_weekly_until");
    if (untilText === "") {
      if (excepted.size === 0 && this.text("repeat_every_weeks") === "") return [first];
      if (excepted.size === 0 && this.text("repeat_every_weeks") === "1") return [first];
      const problem = "the row names exceptions or an interval but no last date of its repetition";
      throw this.error("SYNC_SOURCE_VALUE_MISSING", "repeat_weekly_until", problem);
    }
    const until = this.#date("repeat_weekly_until", untilText);
    const weeks = this.#interval();
    if (until < first) {
      const problem = `the repetition ends on ${untilText}, before the first date`;
      throw this.error("SYNC_SOURCE_END_BEFORE_START", "repeat_weekly_until", problem);
    }
    if ((until - first) / (7 * DAY_MS) > MAX_WEEKS) {
      const problem = `the repetition runs for more than ${MAX_WEEKS} weeks`;
      throw this.error("SYNC_SOURCE_RECURRENCE_TOO_LARGE", "repeat_weekly_until", problem);
    }
    const dates: number[] = [];
    for (let date = first; date <= until; date += weeks * 7 * DAY_MS) {
      if (!excepted.delete(date)) dates.push(date);
    }
    for (const date of excepted) {
      const problem = `The row excepts ${formatWall(date).slice(0, 10)}, on which it does not take place`;
      this.#context.warn(problem, this.place("except_dates"));
    }
    return dates;
  }

  error(code: SyncErrorCode, column: ColumnName, problem: string) {
    return sourceError(code, this.place(column), problem);
  }

  place(column: ColumnName): SourcePlace {
    const id = this.text("id");
    return {
      sourceName: this.#context.sourceName,
      line: this.#line,
      field: column,
      ...(id === "" ? {} : { uid: id }),
    };
  }

  #start(): CellTime {
    const text = this.text("start");
    if (this.#columns.has("date")) {
      const isTimeOnly = text !== "" && parseTimeOfDay(text) !== undefined;
      const timeText = isTimeOnly ? text : this.text("start_time");
      return this.#dateAndTime("date", timeText, isTimeOnly ? "start" : "start_time");
    }
    return this.#dateTime("start", this.required("start"));
  }

  #end(start: CellTime, isAllDay: boolean): CellTime {
    const minutes = this.text("duration_minutes");
    const text = this.text("end");
    if (text !== "") {
      const timeMs = parseTimeOfDay(text);
      return timeMs === undefined
        ? this.#dateTime("end", text)
        : { ...start, wallMs: startOfDay(start.wallMs) + timeMs, isDate: false };
    }
    const time = this.text("end_time");
    if (this.text("end_date") !== "") return this.#dateAndTime("end_date", time, "end_time");
    if (time !== "")
      return { ...start, wallMs: startOfDay(start.wallMs) + this.#timeOfDay("end_time", time) };
    if (minutes !== "") {
      if (/^\d{1,6}$/.test(minutes)) return { ...start, wallMs: start.wallMs + Number(minutes) * 60_000 };
      const problem = `"${shorten(minutes)}" is no number of minutes`;
      throw this.error("SYNC_SOURCE_VALUE_INVALID", "duration_minutes", problem);
    }
    if (isAllDay) return { wallMs: startOfDay(start.wallMs), isDate: true };
    const column = this.#columns.has("end") || !this.#columns.has("end_time") ? "end" : "end_time";
    throw this.error("SYNC_SOURCE_VALUE_MISSING", column, "the row does not say when the event ends");
  }

  /** The last day of an all-day event is named, its end is the midnight after. */
  #endOfDays(startWallMs: number, end: CellTime): number {
    const lastDay = startOfDay(end.wallMs);
    const isMidnightAfter = !end.isDate && end.wallMs === lastDay && lastDay > startWallMs;
    return isMidnightAfter ? lastDay : lastDay + DAY_MS;
  }

  #isBefore(times: { readonly start: number; readonly end: number }, ianaZone: string): boolean {
    const instantMs = (wallMs: number) => toInstant({ dateTime: formatWall(wallMs), ianaZone }).getTime();
    return instantMs(times.end) < instantMs(times.start) && times.end < times.start;
  }

  #dateAndTime(dateColumn: ColumnName, timeText: string, timeColumn: ColumnName): CellTime {
    const dateMs = this.#date(dateColumn, this.required(dateColumn));
    if (timeText === "") return { wallMs: dateMs, isDate: true };
    return { wallMs: dateMs + this.#timeOfDay(timeColumn, timeText), isDate: false };
  }

  #dateTime(column: ColumnName, text: string): CellTime {
    const time = parseDateTime(text, this.#context.dateOrder);
    if (time !== undefined) return time;
    throw this.#dateError(column, text, "no date and time");
  }

  #date(column: ColumnName, text: string): number {
    const time = parseDateTime(text, this.#context.dateOrder);
    if (time !== undefined) return startOfDay(time.wallMs);
    throw this.#dateError(column, text, "no date");
  }

  #timeOfDay(column: ColumnName, text: string): number {
    const timeMs = parseTimeOfDay(text);
    if (timeMs !== undefined) return timeMs;
    throw this.error("SYNC_SOURCE_DATE_INVALID", column, `"${shorten(text)}" is no time of day`);
  }

  #dateError(column: ColumnName, text: string, what: string) {
    const isAmbiguous = /^\d{1,2}[-/]\d{1,2}[-/]\d{4}/.test(text) && this.#context.dateOrder === undefined;
    return isAmbiguous
      ? sourceError("SYNC_SOURCE_DATE_INVALID", this.place(column), `"${shorten(text)}" may mean two days`, {
          hint: 'Write dates as 2026-09-01, or say with the option "dateOrder" whether the day or the month comes first',
        })
      : this.error("SYNC_SOURCE_DATE_INVALID", column, `"${shorten(text)}" is ${what}`);
  }

  #exceptDates(): readonly number[] {
    return this.text("except_dates")
      .split(/[;,|\s]+/)
      .filter((text) => text !== "")
      .map((text) => {
        const date = parseDate(text, this.#context.dateOrder);
        if (date !== undefined) return date;
        throw this.#dateError("except_dates", text, "no date");
      });
  }

  #interval(): number {
    const text = this.text("repeat_every_weeks");
    if (text === "") return 1;
    const weeks = Number(text);
    if (/^\d{1,2}$/.test(text) && weeks >= 1) return weeks;
    const problem = `"${shorten(text)}" is no number of weeks from 1 to 99`;
    throw this.error("SYNC_SOURCE_VALUE_INVALID", "repeat_every_weeks", problem);
  }
}

/** A cell that names its offset means an instant; it is shown in the zone of the row. */
function wallIn(time: CellTime, ianaZone: string): number {
  if (time.offsetMinutes === undefined) return time.wallMs;
  return parseWall(toZoned(new Date(time.wallMs - time.offsetMinutes * 60_000), ianaZone).dateTime);
}

const SHOW_AS: ReadonlyMap<string, ShowAs> = new Map([
  ["free", "free"],
  ["tentative", "tentative"],
  ["busy", "busy"],
  ["oof", "oof"],
  ["outofoffice", "oof"],
  ["workingelsewhere", "workingElsewhere"],
  // The numbers that Outlook's own CSV export writes.
  ["0", "free"],
  ["1", "tentative"],
  ["2", "busy"],
  ["3", "oof"],
  ["4", "workingElsewhere"],
]);
