/** Names, values and foreign texts on a terminal, without the library that draws tables. */

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
