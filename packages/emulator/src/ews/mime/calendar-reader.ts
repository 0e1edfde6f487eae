/**
 * `MimeContent` of new calendar items: iCalendar, read into the members that stand for it.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-import-items-by-using-ews-in-exchange
 * @see https://www.rfc-editor.org/rfc/rfc5545
 */
import { resolveZone, toWallMs } from "../../mailbox/zones.ts";
import type { EwsCall } from "../call.ts";
import { TYPES_NAMESPACE } from "../schema/model.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { readXml, type XmlElement } from "../soap/xml-reader.ts";
import { element, text } from "../soap/xml-writer.ts";
import { readInstant } from "../zones/instants.ts";
import { type ContentLine, splitLines, unescapeValue } from "./content-lines.ts";
import { readRule } from "./recurrence-rule.ts";

/** An item that came as iCalendar. */
export interface MimeItem {
  /** Children of `t:CalendarItem` that say the same. */
  readonly members: readonly XmlElement[];
  /** Starts of occurrences that do not take place, milliseconds since 1970 UTC. */
  readonly deletedMs: readonly number[];
  readonly exceptions: readonly MimeException[];
}

/** An occurrence that differs. */
export interface MimeException {
  /** Start of the regular occurrence, milliseconds since 1970 UTC. */
  readonly originalMs: number;
  readonly members: readonly XmlElement[];
}

/** One VEVENT, its alarms apart. */
interface Component {
  readonly lines: readonly ContentLine[];
  /** TRIGGER of the first alarm; `undefined` without one. */
  readonly trigger: string | undefined;
}

/** A time as iCalendar writes it. */
interface IcalTime {
  /** `2026-01-05T09:00:00`, with Z when it is UTC. */
  readonly written: string;
  readonly isDate: boolean;
  readonly zone: string;
  readonly instantMs: number;
}

const BUSY: Readonly<Record<string, string>> = {
  FREE: "Free",
  TENTATIVE: "Tentative",
  BUSY: "Busy",
  OOF: "OOF",
  WORKINGELSEWHERE: "WorkingElsewhere",
};
const CLASSES: Readonly<Record<string, string>> = { PRIVATE: "Private", CONFIDENTIAL: "Confidential" };
const DAY_MS = 86_400_000;
/** Five years: `ReminderMinutesType` goes no further. */
const MOST_REMINDER_MINUTES = 2_629_800;

/**
 * Reads an item.
 *
 * @param call - the request, whose zone holds for times without one
 * @param base64 - text of `t:MimeContent`
 * @returns the item
 * @throws {EwsFault} ErrorMimeContentInvalidBase64String, ErrorMimeContentInvalid or ErrorCalendarInvalidRecurrence
 */
export function readMimeContent(call: EwsCall, base64: string): MimeItem {
  const compact = base64.replaceAll(/\s+/g, "");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) throw new EwsFault("ErrorMimeContentInvalidBase64String");
  const components = listComponents(splitLines(Buffer.from(compact, "base64").toString("utf8")));
  const master = components.find(({ lines }) => find(lines, "RECURRENCE-ID") === undefined);
  if (master === undefined) throw new EwsFault("ErrorMimeContentInvalid");
  const exceptions = components.flatMap((component) => {
    const original = find(component.lines, "RECURRENCE-ID");
    return component === master || original === undefined
      ? []
      : [{ originalMs: readTime(call, original).instantMs, members: readMembers(call, component) }];
  });
  const deletedMs = master.lines
    .filter(({ name }) => name === "EXDATE")
    .flatMap((line) => line.value.split(",").map((value) => readTime(call, { ...line, value }).instantMs));
  return { members: readMembers(call, master), deletedMs, exceptions };
}

function listComponents(lines: readonly ContentLine[]): Component[] {
  const found: Component[] = [];
  let open: ContentLine[] | undefined;
  let trigger: string | undefined;
  let depth = 0;
  for (const line of lines) {
    const value = line.value.toUpperCase();
    if (line.name === "BEGIN" && value === "VEVENT" && open === undefined) {
      open = [];
      trigger = undefined;
      depth = 0;
    } else if (line.name === "END" && value === "VEVENT" && open !== undefined) {
      found.push({ lines: open, trigger });
      open = undefined;
    } else if (line.name === "BEGIN") depth++;
    else if (line.name === "END") depth--;
    else if (depth === 0) open?.push(line);
    else if (line.name === "TRIGGER") trigger ??= line.value;
  }
  return found;
}

function readMembers(call: EwsCall, { lines, trigger }: Component): XmlElement[] {
  const textOf = (name: string): string => unescapeValue(find(lines, name)?.value ?? "");
  const categories = lines.filter(({ name }) => name === "CATEGORIES").flatMap(splitList);
  const content = [
    text("t:Subject", textOf("SUMMARY")),
    text("t:Sensitivity", CLASSES[textOf("CLASS").toUpperCase()] ?? "Normal"),
    body(lines),
    categories.length === 0
      ? ""
      : element("t:Categories", categories.map((name) => text("t:String", name)).join("")),
    text("t:Importance", importance(Number(textOf("PRIORITY")))),
    ...reminder(trigger),
    find(lines, "RECURRENCE-ID") === undefined && textOf("UID") !== "" ? text("t:UID", textOf("UID")) : "",
    ...times(call, lines),
    text(
      "t:LegacyFreeBusyStatus",
      BUSY[textOf("X-MICROSOFT-CDO-BUSYSTATUS").toUpperCase()] ?? busyOf(textOf),
    ),
    textOf("LOCATION") === "" ? "" : text("t:Location", textOf("LOCATION")),
    ...attendees(lines),
  ];
  const source = `<t:CalendarItem xmlns:t="${TYPES_NAMESPACE}">${content.join("")}</t:CalendarItem>`;
  return readXml(Buffer.from(source)).children;
}

function body(lines: readonly ContentLine[]): string {
  const html = find(lines, "X-ALT-DESC");
  if (html?.parameters.get("FMTTYPE")?.toLowerCase() === "text/html")
    return text("t:Body", unescapeValue(html.value), { BodyType: "HTML" });
  const plain = find(lines, "DESCRIPTION");
  return plain === undefined ? "" : text("t:Body", unescapeValue(plain.value), { BodyType: "Text" });
}

function importance(priority: number): string {
  if (priority >= 1 && priority <= 4) return "High";
  return priority >= 6 ? "Low" : "Normal";
}

function reminder(trigger: string | undefined): string[] {
  const before = trigger === undefined ? undefined : readDurationMs(trigger.replace(/^-/, ""));
  if (before === undefined) return [text("t:ReminderIsSet", false)];
  return [
    text("t:ReminderIsSet", true),
    text("t:ReminderMinutesBeforeStart", Math.min(MOST_REMINDER_MINUTES, Math.round(before / 60_000))),
  ];
}

function busyOf(textOf: (name: string) => string): string {
  if (textOf("TRANSP").toUpperCase() === "TRANSPARENT") return "Free";
  return textOf("STATUS").toUpperCase() === "TENTATIVE" ? "Tentative" : "Busy";
}

function times(call: EwsCall, lines: readonly ContentLine[]): string[] {
  const first = find(lines, "DTSTART");
  if (first === undefined) throw new EwsFault("ErrorMimeContentInvalid");
  const start = readTime(call, first);
  const last = find(lines, "DTEND");
  const end = last === undefined ? undefined : readTime(call, last);
  const rule = find(lines, "RRULE");
  const isAllDay = /^TRUE$/i.test(find(lines, "X-MICROSOFT-CDO-ALLDAYEVENT")?.value ?? "");
  const startDay = toDay(start.instantMs, start.zone);
  return [
    text("t:Start", start.written),
    text("t:End", end?.written ?? endOf(start, find(lines, "DURATION")?.value)),
    text("t:IsAllDayEvent", start.isDate || isAllDay),
    rule === undefined
      ? ""
      : readRule(rule.value, startDay, (until) => {
          const time = readTime(call, { ...first, value: until, parameters: new Map() });
          return time.isDate ? time.written.slice(0, 10) : toDay(time.instantMs, start.zone);
        }),
    element("t:StartTimeZone", "", { Id: start.zone }),
    element("t:EndTimeZone", "", { Id: end?.zone ?? start.zone }),
  ];
}

/** Without an end, a date means that day, and a time that moment. */
function endOf(start: IcalTime, duration: string | undefined): string {
  const lengthMs = duration === undefined ? undefined : readDurationMs(duration);
  return new Date(start.instantMs + (lengthMs ?? (start.isDate ? DAY_MS : 0))).toISOString();
}

function attendees(lines: readonly ContentLine[]): string[] {
  const organizer = addressOf(find(lines, "ORGANIZER"));
  const lists = new Map<string, string>();
  for (const line of lines) {
    const address = addressOf(line);
    if (line.name !== "ATTENDEE" || address === "" || address === organizer) continue;
    const isThing = /^(ROOM|RESOURCE)$/i.test(line.parameters.get("CUTYPE") ?? "");
    const role = line.parameters.get("ROLE")?.toUpperCase();
    const list =
      isThing || role === "NON-PARTICIPANT"
        ? "Resources"
        : role === "OPT-PARTICIPANT"
          ? "OptionalAttendees"
          : "RequiredAttendees";
    const name = line.parameters.get("CN") ?? address;
    const mailbox = element("t:Mailbox", text("t:Name", name) + text("t:EmailAddress", address));
    lists.set(list, (lists.get(list) ?? "") + element("t:Attendee", mailbox));
  }
  return [...lists].map(([name, content]) => element(`t:${name}`, content));
}

function addressOf(line: ContentLine | undefined): string {
  return (
    line?.value
      .replace(/^mailto:/i, "")
      .trim()
      .toLowerCase() ?? ""
  );
}

/** A zone that nobody knows, and a time without any, are those of the request, or else of the mailbox. */
function readTime(call: EwsCall, { value, parameters }: ContentLine): IcalTime {
  const match = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z)?)?$/i.exec(value.trim());
  if (match === null) throw new EwsFault("ErrorMimeContentInvalid");
  const [year, month, day, hour, minute, second, utc] = match.slice(1);
  const named = parameters.get("TZID") ?? "";
  const own = call.contextZone ?? call.owner.timeZone;
  const zone = utc !== undefined ? "UTC" : resolveZone(named) === undefined ? own : named;
  const written = `${year}-${month}-${day}T${hour ?? "00"}:${minute ?? "00"}:${second ?? "00"}${utc === undefined ? "" : "Z"}`;
  const instantMs = readInstant(written, resolveZone(zone) ?? "UTC");
  return { written, isDate: hour === undefined, zone, instantMs };
}

function toDay(instantMs: number, zone: string): string {
  return new Date(toWallMs(instantMs, resolveZone(zone) ?? "UTC")).toISOString().slice(0, 10);
}

function readDurationMs(value: string): number | undefined {
  const match = /^\+?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i.exec(value.trim());
  if (match === null) return undefined;
  const [weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return (
    ((((weeks ?? 0) * 7 + (days ?? 0)) * 24 + (hours ?? 0)) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) *
    1000
  );
}

function splitList({ value }: ContentLine): string[] {
  return value.split(/(?<!\\),/).map((part) => unescapeValue(part).trim());
}

function find(lines: readonly ContentLine[], name: string): ContentLine | undefined {
  return lines.find((line) => line.name === name);
}
