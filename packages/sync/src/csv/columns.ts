/** Columns of a CSV timetable: what each is called, and what else it may be called. */
import { type SourcePlace, shorten, sourceError } from "../errors.ts";

/** Columns that are understood. */
export type ColumnName =
  | "id"
  | "mailbox"
  | "subject"
  | "start"
  | "end"
  | "date"
  | "start_time"
  | "end_date"
  | "end_time"
  | "duration_minutes"
  | "zone"
  | "all_day"
  | "location"
  | "description"
  | "categories"
  | "show_as"
  | "private"
  | "cancelled"
  | "repeat_weekly_until"
  | "repeat_every_weeks"
  | "except_dates";

/** Other names of each column, as {@link normaliseHeader} gives them. */
export const COLUMN_SYNONYMS: Readonly<Record<ColumnName, readonly string[]>> = {
  id: ["uid", "event_id", "lesson_id", "key", "identifier"],
  mailbox: [
    "mailboxes",
    "email",
    "e_mail",
    "mail",
    "email_address",
    "user_principal_name",
    "upn",
    "resource",
    "attendee",
    "attendees",
    "calendar",
  ],
  subject: ["title", "summary", "name", "lesson", "event"],
  start: ["start_at", "starts_at", "starts", "start_date_time", "start_datetime", "begin", "from", "dtstart"],
  end: ["end_at", "ends_at", "ends", "end_date_time", "end_datetime", "to", "dtend"],
  date: ["day", "start_date", "on"],
  start_time: ["begin_time", "from_time", "time"],
  end_date: ["last_day"],
  end_time: ["to_time"],
  duration_minutes: ["duration", "minutes", "length_minutes"],
  zone: ["time_zone", "timezone", "tz", "tzid", "iana_zone"],
  all_day: ["all_day_event", "is_all_day", "allday", "whole_day"],
  location: ["room", "where", "place"],
  description: ["body", "notes", "note", "details", "text"],
  categories: ["category", "tags", "tag"],
  show_as: ["show_time_as", "busy_status", "free_busy"],
  private: ["is_private"],
  cancelled: ["canceled", "is_cancelled", "is_canceled"],
  repeat_weekly_until: ["weekly_until", "repeat_until", "repeats_until", "until"],
  repeat_every_weeks: ["interval", "every_weeks", "week_interval", "weeks"],
  except_dates: ["except", "except_on", "exceptions", "exdate", "exdates", "not_on", "holidays"],
};

/** Where each column stands, from 0. */
export type ColumnIndex = ReadonlyMap<ColumnName, number>;

/**
 * Brings a header into the form in which it is compared.
 *
 * @param header - as it stands in the file
 * @returns lower case, words joined by `_`: `Start Time`, `start-time` and `StartTime` give `start_time`
 */
export function normaliseHeader(header: string): string {
  return header
    .trim()
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "");
}

/**
 * Finds the columns in a header row.
 *
 * The name of a column beats its synonyms: a file with `location` and `room` means the first.
 *
 * @param headers - header row
 * @param place - file and line of the header
 * @param warn - told of every column that is not read
 * @returns position of each column that is there
 * @throws {NightlatchError} `SYNC_SOURCE_COLUMN_AMBIGUOUS`: two headers are the same column
 */
export function findColumns(
  headers: readonly string[],
  place: SourcePlace,
  warn: (message: string, place: SourcePlace) => void,
): ColumnIndex {
  const columns = new Map<ColumnName, number>();
  const names = headers.map(normaliseHeader);
  for (const column of Object.keys(COLUMN_SYNONYMS) as ColumnName[]) {
    const exact = positions(names, [column]);
    const found = exact.length > 0 ? exact : positions(names, COLUMN_SYNONYMS[column]);
    const [first, second] = found;
    if (second !== undefined && first !== undefined) {
      const problem = `the columns "${shorten(headers[first] ?? "")}" and "${shorten(headers[second] ?? "")}" both hold the ${column}`;
      throw sourceError("SYNC_SOURCE_COLUMN_AMBIGUOUS", { ...place, field: column }, problem);
    }
    if (first !== undefined) columns.set(column, first);
  }
  const read = new Set(columns.values());
  for (const [position, header] of headers.entries()) {
    if (!read.has(position)) warn(`The column "${shorten(header)}" is not read`, place);
  }
  return columns;
}

function positions(names: readonly string[], wanted: readonly string[]): readonly number[] {
  return [...names.keys()].filter((position) => wanted.includes(names[position] ?? ""));
}
