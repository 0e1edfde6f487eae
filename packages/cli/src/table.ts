/** Tables and lists on a terminal. */
import Table from "cli-table3";
import { plain } from "./plain-text.ts";

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

function visible(cell: string): string {
  return cell.split("\n").map(plain).join("\n");
}
