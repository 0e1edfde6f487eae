/** Lists events day by day, as people read a diary. */
import { addDays, type CalendarEvent } from "@nightlatch/calendar";
import type { IoStreams } from "./io-streams.ts";
import { plain } from "./plain-text.ts";

const dayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/**
 * Draws events under the days on which they begin.
 *
 * @param events - in order of start
 * @param io - for colours
 * @returns lines without a final line feed
 */
export function daysText(events: readonly CalendarEvent[], io: IoStreams): string {
  const shared = sharedZone(events);
  const rows = events.map((event) => ({
    day: event.start.dateTime.slice(0, 10),
    span: spanOf(event),
    subject: event.subject === "" ? "(no subject)" : plain(event.subject),
    rest: [plain(event.location), shared === undefined && !event.isAllDay ? event.start.ianaZone : ""]
      .filter((text) => text !== "")
      .join("  "),
  }));
  const spanWidth = Math.max(...rows.map((row) => row.span.length));
  const subjectWidth = Math.min(48, Math.max(...rows.map((row) => row.subject.length)));
  const days = [...new Set(rows.map((row) => row.day))].map((day) => {
    const lines = rows
      .filter((row) => row.day === day)
      .map(({ span, subject, rest }) =>
        `  ${span.padEnd(spanWidth)}  ${subject.padEnd(subjectWidth)}  ${rest}`.trimEnd(),
      );
    return [io.paint("bold", headOf(day)), ...lines].join("\n");
  });
  return days.join("\n\n");
}

/**
 * Finds the zone that all times are in.
 *
 * @param events - any events; whole days have no time
 * @returns IANA zone; undefined when there are several or none
 */
export function sharedZone(events: readonly CalendarEvent[]): string | undefined {
  const zones = new Set(events.filter((event) => !event.isAllDay).map((event) => event.start.ianaZone));
  return zones.size === 1 ? [...zones][0] : undefined;
}

function spanOf(event: CalendarEvent): string {
  const [startDay, start] = parts(event.start.dateTime);
  const [endDay, end] = parts(event.end.dateTime);
  if (event.isAllDay) {
    const last = addDays(endDay, -1);
    return last > startDay ? `all day, to ${last}` : "all day";
  }
  return endDay === startDay ? `${start}–${end}` : `${start}–${endDay} ${end}`;
}

function parts(dateTime: string): [day: string, time: string] {
  return [dateTime.slice(0, 10), dateTime.slice(11, 16)];
}

function headOf(day: string): string {
  return `${dayNames[new Date(`${day}T00:00:00Z`).getUTCDay()]} ${day}`;
}
