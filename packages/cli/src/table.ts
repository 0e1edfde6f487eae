/** Tables and lists on a terminal. */
import Table from "cli-table3";

/**
 * Draws a table without vertical lines, as wide as its content.
 *
 * @param head - titles of the columns
 * @param rows - cells as text; line feeds are kept
 * @returns the table, ending without a line feed
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const drawn = new Table({
    head: [...head],
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 2 },
    chars: {
      top: "",
      "top-mid": "",
      "top-left": "",
      "top-right": "",
      bottom: "",
      "bottom-mid": "",
      "bottom-left": "",
      "bottom-right": "",
      left: "",
      "left-mid": "",
      mid: "",
      "mid-mid": "",
      right: "",
      "right-mid": "",
      middle: "",
    },
  });
  drawn.push(...rows.map((row) => row.map(visible)));
  return drawn
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/**
 * Makes one line of a text that comes from a file or a server: what a stranger wrote must not draw on the terminal.
 *
 * @param text - any text
 * @returns the text with blanks in place of control characters
 */
export function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ").trim();
}

function visible(cell: string): string {
  return cell.split("\n").map(plain).join("\n");
}

/**
 * Draws names and values in two columns.
 *
 * @param pairs - name and value; pairs whose value is undefined are left out
 * @returns lines without a final line feed
 */
export function facts(pairs: readonly (readonly [string, string | undefined])[]): string {
  const known = pairs.filter((pair): pair is readonly [string, string] => pair[1] !== undefined);
  const width = Math.max(0, ...known.map(([name]) => name.length));
  return known
    .map(([name, value]) => `${name.padEnd(width)}  ${value.replaceAll("\n", `\n${" ".repeat(width + 2)}`)}`)
    .join("\n");
}
