/** From bytes to text: byte order marks, UTF-16, and what is no timetable at all. */
import { type SourcePlace, shorten, sourceError } from "./errors.ts";
import type { TimetableFormat } from "./timetable.ts";

/** A timetable as it came. */
export interface TimetableInput {
  /** The text; this or `bytes`. */
  readonly text?: string | undefined;
  /** The file as bytes: UTF-8 or UTF-16, with or without byte order mark, unless an encoding is given. */
  readonly bytes?: Uint8Array | undefined;
  /** Format; found out from the text when absent. */
  readonly format?: TimetableFormat | undefined;
  /** Name of the file or feed, for messages. */
  readonly sourceName: string;
}

/** Largest source that is read. */
const MAX_SOURCE_BYTES = 256 * 1024 * 1024;

/**
 * Gives the text of a source.
 *
 * @param input - text or bytes
 * @param encoding - WHATWG name of the encoding of `bytes`; UTF-8 and UTF-16 are recognised without it
 * @returns text without byte order mark
 * @throws {NightlatchError} `SYNC_SOURCE_ENCODING`: the bytes are not text in that encoding;
 *   `SYNC_SOURCE_EMPTY`: there is nothing; `SYNC_SOURCE_TOO_LARGE`: over 256 MiB
 * @throws {RangeError} when the encoding is unknown
 * @throws {TypeError} when the input has neither text nor bytes
 */
export function decodeSource(input: TimetableInput, encoding?: string): string {
  const place = { sourceName: input.sourceName };
  const size = input.bytes?.byteLength ?? input.text?.length;
  if (size === undefined) throw new TypeError("A timetable input needs text or bytes");
  if (size > MAX_SOURCE_BYTES) {
    throw sourceError("SYNC_SOURCE_TOO_LARGE", place, `${size} bytes, at most ${MAX_SOURCE_BYTES} are read`);
  }
  const text = input.text ?? decodeBytes(input.bytes ?? new Uint8Array(), encoding, place);
  const bare = text.startsWith("\uFEFF") ? text.slice(1) : text;
  if (bare.trim() === "") throw sourceError("SYNC_SOURCE_EMPTY", place, "the source holds nothing");
  if (bare.includes("\0")) {
    throw sourceError("SYNC_SOURCE_ENCODING", place, "the text holds NUL characters; is it a binary file?");
  }
  return bare;
}

/**
 * Finds out which format a text has.
 *
 * @param text - text of the source
 * @param sourceName - name for messages
 * @returns `ics` when it begins with an iCalendar object, else `csv`
 * @throws {NightlatchError} `SYNC_SOURCE_NOT_A_TIMETABLE`: HTML, XML, JSON, PDF or a spreadsheet
 */
export function sniffFormat(text: string, sourceName: string): TimetableFormat {
  const start = text.trimStart().slice(0, 200);
  if (/^BEGIN:VCALENDAR/i.test(start)) return "ics";
  const kind = FOREIGN_STARTS.find(([pattern]) => pattern.test(start))?.[1];
  if (kind === undefined) return "csv";
  throw sourceError(
    "SYNC_SOURCE_NOT_A_TIMETABLE",
    { sourceName, line: 1 },
    `it is ${kind}, it begins with "${shorten(start, 40)}"`,
  );
}

const FOREIGN_STARTS: readonly (readonly [RegExp, string])[] = [
  [/^<(!doctype html|html|head|body)/i, "an HTML page"],
  [/^<(\?xml|[a-z])/i, "an XML document"],
  [/^(\{|\[\s*[{"\]])/, "a JSON document"],
  [/^%PDF/, "a PDF file"],
  [/^PK\p{Cc}{2}/u, "a ZIP or spreadsheet file"],
  [/^BEGIN:(?!VCALENDAR)[A-Z-]+/i, "no iCalendar object"],
];

function decodeBytes(bytes: Uint8Array, encoding: string | undefined, place: SourcePlace): string {
  const name = encoding ?? unicodeEncodingOf(bytes);
  const decoder = new TextDecoder(name, { fatal: true });
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    const unfolded = name === "utf-8" ? decodeUnfolded(bytes) : undefined;
    if (unfolded !== undefined) return unfolded;
    throw sourceError("SYNC_SOURCE_ENCODING", place, `the bytes are not ${name.toUpperCase()} text`, {
      cause,
    });
  }
}

function unicodeEncodingOf(bytes: Uint8Array): string {
  const [first = 0, second = 0, third = 0, fourth = 0] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  // Without a mark: both formats begin with two ASCII characters.
  if (first !== 0 && second === 0 && third !== 0 && fourth === 0) return "utf-16le";
  if (first === 0 && second !== 0 && third === 0 && fourth !== 0) return "utf-16be";
  return "utf-8";
}

/** Some writers fold lines after 75 octets, in the middle of a character: join the lines before decoding. */
function decodeUnfolded(bytes: Uint8Array): string | undefined {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!/^(\uFEFF|\u00ef\u00bb\u00bf)?BEGIN:VCALENDAR/i.test(source.subarray(0, 30).toString("latin1"))) {
    return undefined;
  }
  const joined = Buffer.from(source.toString("latin1").replace(/\r?\n[ \t]/g, ""), "latin1");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(joined);
  } catch {
    return undefined;
  }
}
