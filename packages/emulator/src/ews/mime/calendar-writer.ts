/**
 * `MimeContent` of calendar items: iCalendar, as the service writes it.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-export-items-by-using-ews-in-exchange
 * @see https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxcical
 */
import { DAY_MS, formatCivilDay } from "../../mailbox/civil-days.ts";
import type { EventAttendee, EventInstance, ShowAs } from "../../mailbox/event.ts";
import { exceptionInstance, isSeriesMaster, occurrenceTimes } from "../../mailbox/series.ts";
import { resolveZone, toWallMs } from "../../mailbox/zones.ts";
import { bodyText } from "../items/item-body.ts";
import { type ItemView, uidOf } from "../items/item-view.ts";
import { text } from "../soap/xml-writer.ts";
import { windowsName } from "../zones/zone-definition.ts";
import { type ClockChange, listClockChanges } from "../zones/zone-rules.ts";
import { escapeValue, joinLines, quote } from "./content-lines.ts";
import { WEEKDAY_CODES, writeRule } from "./recurrence-rule.ts";

const BUSY_STATUS: Readonly<Record<ShowAs, string>> = {
  unknown: "BUSY",
  free: "FREE",
  tentative: "TENTATIVE",
  busy: "BUSY",
  oof: "OOF",
  workingElsewhere: "WORKINGELSEWHERE",
};
const CLASSES = { normal: "PUBLIC", personal: "PUBLIC", private: "PRIVATE", confidential: "CONFIDENTIAL" };
const PRIORITIES = { low: 9, normal: 5, high: 1 };
const IMPORTANCES = { low: 0, normal: 1, high: 2 };
const ROLES = { required: "REQ-PARTICIPANT", optional: "OPT-PARTICIPANT", resource: "NON-PARTICIPANT" };
const STATES: Readonly<Record<EventAttendee["response"], string>> = {
  none: "NEEDS-ACTION",
  organizer: "ACCEPTED",
  tentativelyAccepted: "TENTATIVE",
  accepted: "ACCEPTED",
  declined: "DECLINED",
  notResponded: "NEEDS-ACTION",
};

/**
 * Writes an item as iCalendar; a series with the occurrences that differ from it.
 *
 * @param view - the item
 * @returns XML of `t:MimeContent`, base64 of UTF-8
 */
export function writeMimeContent(view: ItemView): string {
  const source = Buffer.from(writeCalendar(view), "utf8").toString("base64");
  return text("t:MimeContent", source, { CharacterSet: "UTF-8" });
}

function writeCalendar(view: ItemView): string {
  const { event } = view.instance;
  const lines = [
    ...["BEGIN:VCALENDAR", "METHOD:PUBLISH", "PRODID:Microsoft Exchange Server 2010", "VERSION:2.0"],
    ...new Set([event.startZone, event.endZone].map(windowsName)),
  ].flatMap((line) => (line.includes(":") ? [line] : zoneLines(line, event.startMs)));
  lines.push(...eventLines(view, view.instance));
  if (view.instance.kind === "seriesMaster" && isSeriesMaster(event))
    for (const exception of event.series.exceptions)
      lines.push(...eventLines(view, exceptionInstance(event, exception)));
  return joinLines([...lines, "END:VCALENDAR"]);
}

/** Rules are those of the year in which the event starts. */
function zoneLines(zone: string, startMs: number): string[] {
  const ianaZone = resolveZone(zone) ?? "UTC";
  const changes = listClockChanges(ianaZone, new Date(startMs).getUTCFullYear());
  const offsetMs = toWallMs(startMs, ianaZone) - startMs;
  const [first, second] = changes;
  const parts =
    first === undefined || second === undefined || changes.length > 2
      ? stretch("STANDARD", "16010101T000000", [offsetMs, offsetMs])
      : [first, second]
          .sort((left, right) => left.offsetMs - right.offsetMs)
          .flatMap((change, index) =>
            seasonLines(index === 0 ? "STANDARD" : "DAYLIGHT", change, [first, second]),
          );
  return ["BEGIN:VTIMEZONE", `TZID:${zone}`, ...parts, "END:VTIMEZONE"];
}

function seasonLines(
  name: "STANDARD" | "DAYLIGHT",
  change: ClockChange,
  changes: readonly [ClockChange, ClockChange],
): string[] {
  const other = changes[0] === change ? changes[1] : changes[0];
  const wall = new Date(change.wallMs);
  const dayOfMonth = wall.getUTCDate();
  const daysInMonth = new Date(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth() + 1, 0)).getUTCDate();
  const week = dayOfMonth + 7 > daysInMonth ? -1 : Math.ceil(dayOfMonth / 7);
  const rule = `RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=${week}${WEEKDAY_CODES[wall.getUTCDay()]};BYMONTH=${wall.getUTCMonth() + 1}`;
  const time = compact(change.wallMs).slice(8);
  return stretch(name, `16010101${time}`, [other.offsetMs, change.offsetMs], rule);
}

function stretch(
  name: "STANDARD" | "DAYLIGHT",
  start: string,
  [fromMs, toMs]: readonly [number, number],
  rule?: string,
): string[] {
  return [
    ...[`BEGIN:${name}`, `DTSTART:${start}`],
    ...[`TZOFFSETFROM:${offset(fromMs)}`, `TZOFFSETTO:${offset(toMs)}`],
    ...(rule === undefined ? [] : [rule]),
    `END:${name}`,
  ];
}

function eventLines({ owner }: ItemView, instance: EventInstance): string[] {
  const { event } = instance;
  const { extras } = event;
  const status = BUSY_STATUS[event.showAs];
  const body = bodyText(event);
  return [
    "BEGIN:VEVENT",
    ...people(instance, owner),
    ...(body === "" ? [] : [`DESCRIPTION;LANGUAGE=en-GB:${escapeValue(body)}`]),
    ...recurrenceLines(instance, owner),
    `UID:${uidOf(owner, event)}`,
    `SUMMARY;LANGUAGE=en-GB:${escapeValue(event.subject)}`,
    timeLine("DTSTART", instance.startMs, event.startZone, event.isAllDay),
    timeLine("DTEND", instance.endMs, event.endZone, event.isAllDay),
    ...[`CLASS:${CLASSES[event.sensitivity]}`, `PRIORITY:${PRIORITIES[event.importance]}`],
    `DTSTAMP:${compact(event.modifiedAtMs)}Z`,
    `TRANSP:${event.showAs === "free" ? "TRANSPARENT" : "OPAQUE"}`,
    `STATUS:${extras?.isCancelled === true ? "CANCELLED" : event.showAs === "tentative" ? "TENTATIVE" : "CONFIRMED"}`,
    "SEQUENCE:0",
    ...(event.location === "" ? [] : [`LOCATION;LANGUAGE=en-GB:${escapeValue(event.location)}`]),
    ...(event.categories.length === 0 ? [] : [`CATEGORIES:${event.categories.map(escapeValue).join(",")}`]),
    ...["X-MICROSOFT-CDO-APPT-SEQUENCE:0", `X-MICROSOFT-CDO-BUSYSTATUS:${status}`],
    `X-MICROSOFT-CDO-INTENDEDSTATUS:${status}`,
    `X-MICROSOFT-CDO-ALLDAYEVENT:${event.isAllDay ? "TRUE" : "FALSE"}`,
    `X-MICROSOFT-CDO-IMPORTANCE:${IMPORTANCES[event.importance]}`,
    `X-MICROSOFT-CDO-INSTTYPE:${{ singleInstance: 0, seriesMaster: 1, occurrence: 2, exception: 3 }[instance.kind]}`,
    `X-MICROSOFT-DISALLOW-COUNTER:${extras?.allowNewTimeProposals === false ? "TRUE" : "FALSE"}`,
    ...(event.isReminderOn
      ? [
          ...["BEGIN:VALARM", "DESCRIPTION:REMINDER", `TRIGGER;RELATED=START:-PT${event.reminderMinutes}M`],
          ...["ACTION:DISPLAY", "END:VALARM"],
        ]
      : []),
    "END:VEVENT",
  ];
}

/** Appointments that nobody is invited to have no organiser in iCalendar. */
function people({ event }: EventInstance, owner: ItemView["owner"]): string[] {
  const attendees = event.extras?.attendees ?? [];
  if (attendees.length === 0 && event.extras?.organizer === undefined) return [];
  const { address, name } = event.extras?.organizer ?? { address: owner.address, name: owner.displayName };
  return [
    `ORGANIZER;CN=${quote(name)}:MAILTO:${address}`,
    ...attendees.map(
      (attendee) =>
        `ATTENDEE;ROLE=${ROLES[attendee.type]};PARTSTAT=${STATES[attendee.response]};RSVP=TRUE;CN=${quote(attendee.name)}:MAILTO:${attendee.address}`,
    ),
  ];
}

function recurrenceLines({ kind, event, day }: EventInstance, { mailbox }: ItemView["owner"]): string[] {
  // An exception bears its own times; the regular ones are those of its series.
  const master = mailbox.events.get(event.number) ?? event;
  if (!isSeriesMaster(master)) return [];
  const { isAllDay, startZone, series } = master;
  if (kind !== "seriesMaster")
    return day === undefined
      ? []
      : [timeLine("RECURRENCE-ID", occurrenceTimes(master, day).startMs, startZone, isAllDay)];
  const until =
    series.range.type !== "endDate" || series.lastDay === undefined
      ? undefined
      : isAllDay
        ? formatCivilDay(series.lastDay).replaceAll("-", "")
        : `${compact(occurrenceTimes(master, series.lastDay).startMs)}Z`;
  return [
    `RRULE:${writeRule(series, until)}`,
    ...series.deletedDays.map((gone) =>
      timeLine("EXDATE", occurrenceTimes(master, gone).startMs, startZone, isAllDay),
    ),
  ];
}

function timeLine(name: string, instantMs: number, zone: string, isAllDay: boolean): string {
  const wallMs = toWallMs(instantMs, resolveZone(zone) ?? "UTC");
  if (isAllDay) return `${name};VALUE=DATE:${compact(Math.round(wallMs / DAY_MS) * DAY_MS).slice(0, 8)}`;
  return `${name};TZID=${windowsName(zone)}:${compact(wallMs)}`;
}

function compact(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
}

function offset(offsetMs: number): string {
  const minutes = Math.abs(Math.round(offsetMs / 60_000));
  const digits = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0"));
  return `${offsetMs < 0 ? "-" : "+"}${digits.join("")}`;
}
