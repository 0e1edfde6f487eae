/**
 * Content lines of iCalendar: folding, escaping, parameters.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5545#section-3.1
 */

/** A line, unfolded. */
export interface ContentLine {
  /** Upper case. */
  readonly name: string;
  /** By upper-case name, without the quotes. */
  readonly parameters: ReadonlyMap<string, string>;
  /** As it stands: still escaped, if it is text. */
  readonly value: string;
}

const LONGEST_LINE_BYTES = 75;

/**
 * Joins lines and folds what is longer than 75 bytes.
 *
 * @param lines - content lines without their ends
 * @returns iCalendar
 */
export function joinLines(lines: readonly string[]): string {
  let joined = "";
  for (const line of lines) joined += `${fold(line)}\r\n`;
  return joined;
}

/**
 * Splits iCalendar into its lines.
 *
 * @param source - iCalendar with any line ends
 * @returns the lines; what is no content line is left out
 */
export function splitLines(source: string): ContentLine[] {
  const unfolded = source.replaceAll(/\r?\n[ \t]/g, "");
  return unfolded
    .split(/\r?\n/)
    .map(readLine)
    .filter((line) => line !== undefined);
}

/**
 * Escapes text.
 *
 * @param value - anything
 * @returns the value of a property of type TEXT
 */
export function escapeValue(value: string): string {
  return value
    .replaceAll(/\r\n|\r|\n/g, "\n")
    .replaceAll(/[\\;,\n]/g, (character) => (character === "\n" ? "\\n" : `\\${character}`));
}

/**
 * Reads text.
 *
 * @param value - value of a property of type TEXT
 * @returns what it says
 */
export function unescapeValue(value: string): string {
  return value.replaceAll(/\\(.)/g, (_, character: string) => (/n/i.test(character) ? "\n" : character));
}

/**
 * Writes the value of a parameter, which cannot hold quotes.
 *
 * @param value - anything
 * @returns the value between quotes
 */
export function quote(value: string): string {
  return `"${value.replaceAll(/["\r\n]/g, "'")}"`;
}

function fold(line: string): string {
  let folded = "";
  let bytes = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (bytes + size > LONGEST_LINE_BYTES) {
      folded += "\r\n ";
      bytes = 1;
    }
    folded += character;
    bytes += size;
  }
  return folded;
}

function readLine(line: string): ContentLine | undefined {
  const match = /^([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:"[^"]*"|[^";:])*)*):(.*)$/is.exec(line);
  if (match === null) return undefined;
  const parameters = new Map<string, string>();
  for (const [, name = "", value = ""] of (match[2] ?? "").matchAll(/;([A-Z0-9-]+)=((?:"[^"]*"|[^";])*)/gi))
    parameters.set(name.toUpperCase(), value.replaceAll('"', ""));
  return { name: (match[1] ?? "").toUpperCase(), parameters, value: match[3] ?? "" };
}
