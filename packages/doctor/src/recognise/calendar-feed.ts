/** Reads iCalendar text as far as the questions about feeds need it; no expansion, no validation. */
import type { IcsEvent, IcsTime } from "../calendar-artifact.ts";
import { lineOf, originOf, type Reading } from "./reading.ts";

const EVENTS = 20_000;
const ZONES = 200;

interface OpenEvent {
  uid: string | undefined;
  isOverride: boolean;
  start: IcsTime | undefined;
  repeats: boolean;
  excluded: IcsTime[];
  line: number;
}

/**
 * Finds an iCalendar file, or a piece of one, in a text.
 *
 * @param reading - the input
 * @param text - any text
 */
export function scanForCalendarFeed(reading: Reading, text: string): void {
  const at = text.search(/^[>\s]{0,8}BEGIN:(?:VCALENDAR|VEVENT)\s*$/im);
  if (at === -1) return;
  const feed = text.slice(at);
  const lines = unfold(feed);
  const events: IcsEvent[] = [];
  const used = new Set<string>();
  const defined = new Set<string>();
  let open: OpenEvent | undefined;
  const inside: string[] = [];
  for (const { content, number } of lines) {
    const property = /^([A-Za-z-]{1,40})([^:]{0,400}):(.{0,4000})$/.exec(content);
    if (property === null) continue;
    const name = (property[1] ?? "").toUpperCase();
    const value = (property[3] ?? "").trim();
    const component = value.toUpperCase();
    if (name === "BEGIN") {
      inside.push(component);
      if (component === "VEVENT")
        open = {
          uid: undefined,
          isOverride: false,
          start: undefined,
          repeats: false,
          excluded: [],
          line: number,
        };
    } else if (name === "END") {
      inside.pop();
      if (component === "VEVENT" && open !== undefined) {
        if (events.length < EVENTS) events.push(open);
        open = undefined;
      }
    } else if (inside.at(-1) === "VTIMEZONE") {
      if (name === "TZID" && defined.size < ZONES) defined.add(value);
    } else if (open !== undefined && inside.at(-1) === "VEVENT") {
      readProperty(open, name, property[2] ?? "", value, used);
    }
  }
  if (open !== undefined) events.push(open);
  if (events.length === 0 && !/^[>\s]{0,8}BEGIN:VCALENDAR/i.test(feed)) return;
  reading.artifacts.push({
    kind: "icsCalendar",
    origin: originOf(reading, lineOf(text, at)),
    summary: `iCalendar text with ${events.length} event(s)`,
    events,
    usedZones: [...used],
    definedZones: [...defined],
    hasBegin: /^[>\s]{0,8}BEGIN:VCALENDAR/i.test(feed),
    hasEnd: /^[>\s]{0,8}END:VCALENDAR/im.test(feed),
    isElided: /^[>\s]{0,8}(?:\.{3}|…|\[(?:\.{3}|…)\])/m.test(feed),
  });
}

function readProperty(
  open: OpenEvent,
  name: string,
  parameters: string,
  value: string,
  used: Set<string>,
): void {
  if (name === "UID") open.uid = value === "" ? undefined : value;
  else if (name === "RECURRENCE-ID") open.isOverride = true;
  else if (name === "RRULE" || name === "RDATE") open.repeats = true;
  if (!/^(?:DTSTART|DTEND|EXDATE|RDATE|RECURRENCE-ID)$/.test(name)) return;
  const zone = /;TZID=(?:"([^"]{1,200})"|([^;:]{1,200}))/i.exec(parameters);
  const zoneName = zone?.[1] ?? zone?.[2];
  if (zoneName !== undefined && used.size < ZONES) used.add(zoneName);
  const isDate = /;VALUE=DATE(?:;|$)/i.test(parameters) || /^\d{8}$/.test(value);
  if (name === "DTSTART") open.start ??= { value, zone: zoneName, isDate };
  if (name !== "EXDATE" || open.excluded.length > 500) return;
  for (const piece of value.split(",").slice(0, 500)) {
    const single = piece.trim();
    if (single !== "") open.excluded.push({ value: single, zone: zoneName, isDate: /^\d{8}$/.test(single) });
  }
}

/** Joins folded lines; the number is that of the first. */
function unfold(text: string): Array<{ content: string; number: number }> {
  const lines: Array<{ content: string; number: number }> = [];
  let number = 0;
  for (const raw of text.split(/\r?\n/)) {
    number += 1;
    const line = raw.replace(/^(?:>\s?){1,4}/, "");
    const last = lines.at(-1);
    const folds = /^[ \t]/.test(line) && !/^\s{1,20}(?:[A-Z-]{3,20}[;:]|BEGIN:|END:)/.test(line);
    if (folds && last !== undefined && last.content.length < 5000) last.content += line.slice(1);
    else lines.push({ content: line.trim(), number });
  }
  return lines;
}
