/** Codes of this floor, and how a source is refused: file, line and field always stand in the message. */
import { type ErrorTable, NightlatchError } from "@nightlatch/credential";

/** Codes of this floor. `SYNC_SOURCE_…` say that a timetable was refused before any mailbox was touched. */
export const SYNC_ERRORS = {
  SYNC_SOURCE_UNREADABLE: {
    title: "The timetable file could not be read",
    hint: "Check the path and the permissions of the file",
    retryable: false,
    exitCode: 1,
    httpStatus: 422,
  },
  SYNC_SOURCE_NOT_A_TIMETABLE: {
    title: "The source is something else than an ICS or CSV file, for example a sign-in page",
    hint: "Open the source in a browser and see what it really answers; give an ICS or CSV file",
    retryable: false,
    exitCode: 1,
    httpStatus: 422,
  },
  SYNC_SOURCE_ENCODING: {
    title: "The source is not text in the encoding that was expected",
    hint: 'Save the file as UTF-8, or say which encoding it has with the option "encoding" (for example windows-1252)',
    retryable: false,
    exitCode: 1,
    httpStatus: 422,
  },
  SYNC_SOURCE_INCOMPLETE: {
    title: "The source ends in the middle: it was cut while it was written or fetched",
    hint: "Fetch or export the timetable again and check that it is complete",
    retryable: false,
    exitCode: 1,
    httpStatus: 422,
  },
  SYNC_SOURCE_MALFORMED: {
    title: "A line of the source breaks the grammar of its format",
    hint: "Correct the line that is named, or export the timetable again",
    retryable: false,
    exitCode: 1,
    httpStatus: 422,
  },
  SYNC_SOURCE_RAGGED: {
    title: "A CSV row has more or fewer fields than the header",
    hint: "Correct the row that is named; a field that contains the separator must stand in double quotes",
    retryable: false,
    exitCode: 1,
    httpStatus: 422,
  },
  SYNC_SOURCE_COLUMN_MISSING: {
    title: "A CSV file lacks a column that is needed",
    hint: "Add the column; docs/timetable.md lists every column and its other names",
    retryable: false,
    exitCode: 1,
    httpStatus: 422,
  },
  SYNC_SOURCE_COLUMN_AMBIGUOUS: {
    title: "Two CSV columns claim to hold the same thing",
    hint: "Rename one of the two columns, or remove it",
    retryable: false,
    exitCode: 1,
    httpStatus: 422,
  },
  SYNC_SOURCE_VALUE_MISSING: {
    title: "A row or event lacks a value that is needed",
    hint: "Fill in the value in the line that is named",
    retryable: false,
    exitCode: 1,
    httpStatus: 422,
  },
  SYNC_SOURCE_VALUE_INVALID: {
    title: "A value of the source cannot be understood",
    hint: "Correct the value in the line that is named; docs/timetable.md lists what each field may hold",
    retryable: false,
    exitCode: 1,
    httpStatus: 422,
  },
  SYNC_SOURCE_DATE_INVALID: {
    title: "A date or time of the source does not exist or is written in an unknown form",
    hint: "Write dates as 2026-09-01 and times as 09:00",
    retryable: false,
    exitCode: 1,
    httpStatus: 422,
  },
  SYNC_SOURCE_END_BEFORE_START: {
    title: "An event of the source ends before it starts",
    hint: "Correct the start or the end in the line that is named",
    retryable: false,
    exitCode: 1,
    httpStatus: 422,
  },
  SYNC_SOURCE_ZONE_UNKNOWN: {
    title: "A time zone of the source is neither an IANA nor a Windows zone, and the file does not define it",
    hint: "Name an IANA zone such as Europe/London",
    retryable: false,
    exitCode: 1,
    httpStatus: 422,
  },
  SYNC_SOURCE_ZONE_MISSING: {
    title: "A time of the source carries no time zone",
    hint: 'Say which zone is meant with the option "ianaZone", for example Europe/London',
    retryable: false,
    exitCode: 1,
    httpStatus: 422,
  },
  SYNC_SOURCE_DUPLICATE_ID: {
    title: "Two events of the source have the same id in the same mailbox",
    hint: "Give each event an id of its own that stays the same from one export to the next",
    retryable: false,
    exitCode: 1,
    httpStatus: 422,
  },
  SYNC_SOURCE_MAILBOX_MISSING: {
    title: "An event of the source does not say which mailbox it belongs to",
    hint: 'Add an ATTENDEE or X-NIGHTLATCH-MAILBOX (ICS) or a mailbox column (CSV), or put the whole file into one mailbox with the option "mailbox"',
    retryable: false,
    exitCode: 1,
    httpStatus: 422,
  },
  SYNC_SOURCE_MAILBOX_INVALID: {
    title: "A mailbox of the source is no mail address",
    hint: "Write the mailbox as an address such as room-12@school.example",
    retryable: false,
    exitCode: 1,
    httpStatus: 422,
  },
  SYNC_SOURCE_RECURRENCE_INVALID: {
    title: "A recurrence rule of the source is not valid",
    hint: "Correct the rule in the line that is named (RFC 5545 §3.3.10)",
    retryable: false,
    exitCode: 1,
    httpStatus: 422,
  },
  SYNC_SOURCE_RECURRENCE_TOO_LARGE: {
    title: "A recurrence rule of the source gives more events than any timetable has",
    hint: "Correct the rule in the line that is named, or choose a shorter window",
    retryable: false,
    exitCode: 1,
    httpStatus: 422,
  },
  SYNC_SOURCE_TOO_LARGE: {
    title: "The source gives more events than the limit",
    hint: "Choose a shorter window, split the source, or raise the limit",
    retryable: false,
    exitCode: 1,
    httpStatus: 422,
  },
  SYNC_SOURCE_EMPTY: {
    title: "The source gives no event, or fewer than it must, for the window",
    hint: "Check the export and the window; an empty timetable would delete everything that was written before",
    retryable: false,
    exitCode: 1,
    httpStatus: 422,
  },
  SYNC_TOO_MANY_DELETES: {
    title: "The plan would delete more events than its limit allows",
    hint: "Check the source; if the deletions are meant, apply with deletions allowed",
    retryable: false,
    exitCode: 1,
    httpStatus: 409,
  },
  SYNC_PLAN_INVALID: {
    title: "The plan is damaged or was made by another version",
    hint: "Make a new plan from the timetable",
    retryable: false,
    exitCode: 1,
    httpStatus: 422,
  },
  SYNC_MAILBOX_ALIAS: {
    title: "Two addresses of the timetable lead to the same mailbox",
    hint: "Use one and the same address for the mailbox throughout the timetable",
    retryable: false,
    exitCode: 3,
    httpStatus: 409,
  },
  SYNC_MAILBOX_FAILED: {
    title: "Something unforeseen stopped the work on one mailbox",
    hint: "Run the same synchronisation again; it continues where this one stopped",
    retryable: true,
    exitCode: 3,
    httpStatus: 500,
  },
} as const satisfies ErrorTable;

/** Any code of this floor. */
export type SyncErrorCode = keyof typeof SYNC_ERRORS;

/** Where in a source something stands. */
export interface SourcePlace {
  /** Name of the file or feed. */
  readonly sourceName: string;
  /** Line, counted from 1. */
  readonly line?: number | undefined;
  /** Column of a CSV file or property of an ICS event. */
  readonly field?: string | undefined;
  /** UID or id of the event. */
  readonly uid?: string | undefined;
}

/**
 * Makes the refusal of a source.
 *
 * @param code - a `SYNC_SOURCE_…` code
 * @param place - file, and as far as known line, field and UID
 * @param problem - what is wrong, lower case, the value quoted
 * @param options - facts and cause to keep
 * @returns the error, for the caller to throw
 */
export function sourceError(
  code: SyncErrorCode,
  place: SourcePlace,
  problem: string,
  options: { readonly hint?: string; readonly value?: unknown; readonly cause?: unknown } = {},
): NightlatchError {
  const where = [
    place.sourceName,
    place.line === undefined ? "" : `line ${place.line}`,
    place.field === undefined ? "" : `field ${place.field}`,
  ].filter((part) => part !== "");
  const ofEvent = place.uid === undefined ? "" : ` (event "${shorten(place.uid)}")`;
  const details = Object.fromEntries(
    Object.entries({ ...place, value: options.value }).filter(([, value]) => value !== undefined),
  );
  return new NightlatchError(
    SYNC_ERRORS,
    code,
    `Cannot read the timetable ${where.join(", ")}${ofEvent}: ${problem}`,
    { details, hint: options.hint, cause: options.cause },
  );
}

/**
 * Shortens a foreign text so that a message stays readable.
 *
 * @param text - any text
 * @param maxCharacters - characters kept
 * @returns the text on one line, cut with an ellipsis when longer
 */
export function shorten(text: string, maxCharacters = 80): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= maxCharacters ? line : `${line.slice(0, maxCharacters - 1)}…`;
}
