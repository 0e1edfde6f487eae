/** Draws one mailbox's week as a grid of days and hours. */
import { addDays, type CalendarEvent } from "@nightlatch/calendar";
import { daysText } from "../../days-text.ts";
import type { IoStreams, Style } from "../../io-streams.ts";
import { plain } from "../../plain-text.ts";

const dayNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const hues: readonly Style[] = ["cyan", "green", "yellow", "magenta", "blue", "red"];

/**
 * Draws a week.
 *
 * @param events - timed events of the week, in one zone
 * @param monday - first day, `YYYY-MM-DD`
 * @param io - for the width and the colours
 * @returns lines, ending without a line feed
 */
export function drawWeek(events: readonly CalendarEvent[], monday: string, io: IoStreams): string {
  const dates = dayNames.map((_, index) => addDays(monday, index));
  const timed = events.filter((event) => !event.isAllDay && dates.includes(dateOf(event)));
  const lastDay = Math.max(4, ...timed.map((event) => dates.indexOf(dateOf(event))));
  const shownDates = dates.slice(0, lastDay + 1);
  const starts = [...new Set(timed.map((event) => timeOf(event.start.dateTime)))].sort();
  const width = Math.max(10, Math.min(24, Math.floor((io.columns - 8) / shownDates.length) - 3));
  // Where a grid does not fit, the days stand one under the other.
  if (shownDates.length * 13 + 9 > io.columns) return daysText(timed, io);
  const rule = (left: string, middle: string, right: string): string =>
    `${left}${"─".repeat(7)}${shownDates.map(() => middle + "─".repeat(width + 2)).join("")}${right}`;
  const head = shownDates.map((date, index) =>
    fit(`${dayNames[index]} ${date.slice(8)}.${date.slice(5, 7)}.`, width),
  );
  const lines = [
    rule("┌", "┬", "┐"),
    `│       ${head.map((cell) => `│ ${io.paint("bold", cell)} `).join("")}│`,
  ];
  for (const start of starts) {
    lines.push(rule("├", "┼", "┤"));
    const cells = shownDates.map((date) =>
      timed.filter((event) => dateOf(event) === date && timeOf(event.start.dateTime) === start),
    );
    const height = Math.max(1, ...cells.map((cell) => cell.length));
    for (let row = 0; row < height; row += 1) {
      const drawn = cells.map((cell) => paintEvent(cell[row], width, io));
      lines.push(`│ ${row === 0 ? start : "     "} ${drawn.map((cell) => `│ ${cell} `).join("")}│`);
    }
  }
  lines.push(rule("└", "┴", "┘"));
  return lines.join("\n");
}

function paintEvent(event: CalendarEvent | undefined, width: number, io: IoStreams): string {
  if (event === undefined) return " ".repeat(width);
  const hue = hues[[...event.subject].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % hues.length];
  return io.paint(hue ?? "cyan", fit(plain(event.subject), width));
}

function dateOf(event: CalendarEvent): string {
  return event.start.dateTime.slice(0, 10);
}

function timeOf(dateTime: string): string {
  return dateTime.slice(11, 16);
}

function fit(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}
