/**
 * A calendar feed as an iCalendar document.
 *
 * The rules are: every occurrence is an event of its own with its own UID, so no program has to expand rules; the
 * same events make the same bytes all day, so that an ETag holds; nothing about attendees leaves the mailbox; a
 * private event shows its time and no more.
 *
 * @see RFC 5545, RFC 7986
 */
import { createHash } from "node:crypto";
import { type CalendarEvent, toInstant, type ZonedDateTime } from "@nightlatch/calendar";
import type { TimedEvent } from "../list-page.ts";
import { isPrivate, PRIVATE_SUBJECT } from "../private-event.ts";
import type { TimeWindow } from "../window.ts";
import { escapeText, formatContentLine } from "./content-line.ts";
import { formatTimeZone } from "./time-zone.ts";
import { isShownOnce } from "./zone-transitions.ts";

const DAY_MS = 86_400_000;
/** SEQUENCE counts seconds from here, so that it grows with every change and stays below 2^31 until 2088. */
const SEQUENCE_EPOCH_MS = Date.UTC(2020, 0, 1);

/** What a feed is made from. */
export interface CalendarDocument {
  /** Shown as the name of the calendar. */
  readonly name: string;
  readonly events: readonly TimedEvent[];
  readonly window: TimeWindow;
  /** Zone that is always defined, also when no event is in it. */
  readonly ianaZone: string;
  /** The present; only its day counts. */
  readonly now: Date;
  /** Whether private events show their time only. */
  readonly maskPrivate: boolean;
}

/**
 * Formats a feed.
 *
 * @param document - events with their instants, the window they were read for, and how they are shown
 * @returns iCalendar text, UTF-8, CRLF line ends, folded at 75 octets
 */
export function formatCalendar(document: CalendarDocument): string {
  const dayStartMs = Math.floor(document.now.getTime() / DAY_MS) * DAY_MS;
  const uids = new Set<string>();
  return [
    formatContentLine("BEGIN", "VCALENDAR"),
    formatContentLine("VERSION", "2.0"),
    formatContentLine("PRODID", "-//Nightlatch//Calendar feed//EN"),
    formatContentLine("CALSCALE", "GREGORIAN"),
    formatContentLine("NAME", escapeText(document.name)),
    formatContentLine("X-WR-CALNAME", escapeText(document.name)),
    formatContentLine("REFRESH-INTERVAL", "PT1H", { VALUE: "DURATION" }),
    formatContentLine("X-PUBLISHED-TTL", "PT1H"),
    ...formatZones(document),
    ...document.events.map(({ event }) => formatEvent(event, uids, dayStartMs, document.maskPrivate)),
    formatContentLine("END", "VCALENDAR"),
  ].join("");
}

function formatZones(document: CalendarDocument): string[] {
  let fromMs = document.window.from.getTime();
  let toMs = document.window.to.getTime();
  const zones = new Set([document.ianaZone]);
  for (const { event, startMs, endMs } of document.events) {
    fromMs = Math.min(fromMs, startMs);
    toMs = Math.max(toMs, endMs);
    if (event.isAllDay) continue;
    zones.add(event.start.ianaZone).add(event.end.ianaZone);
  }
  return [...zones]
    .filter((zone) => zone !== "UTC" || zones.size === 1)
    .sort()
    .map((zone) => formatTimeZone(zone, fromMs, toMs));
}

function formatEvent(
  event: CalendarEvent,
  uids: Set<string>,
  dayStartMs: number,
  maskPrivate: boolean,
): string {
  const isMasked = maskPrivate && isPrivate(event);
  // Not every wing tells when an event changed last; the day is then the finest version that stays put.
  const revisedAt = event.lastModifiedAt ?? new Date(dayStartMs);
  const lines = [
    formatContentLine("BEGIN", "VEVENT"),
    formatContentLine("UID", escapeText(takeUid(event, uids))),
    formatContentLine("DTSTAMP", formatInstant(revisedAt)),
    formatContentLine(
      "SEQUENCE",
      String(Math.max(0, Math.floor((revisedAt.getTime() - SEQUENCE_EPOCH_MS) / 1000))),
    ),
    formatTime("DTSTART", event.start, event.isAllDay),
    formatTime("DTEND", event.end, event.isAllDay),
    formatContentLine("SUMMARY", escapeText(isMasked ? PRIVATE_SUBJECT : event.subject)),
  ];
  if (event.createdAt !== undefined) lines.push(formatContentLine("CREATED", formatInstant(event.createdAt)));
  if (event.lastModifiedAt !== undefined)
    lines.push(formatContentLine("LAST-MODIFIED", formatInstant(event.lastModifiedAt)));
  if (!isMasked && event.location !== "")
    lines.push(formatContentLine("LOCATION", escapeText(event.location)));
  if (!isMasked && event.categories.length > 0)
    lines.push(formatContentLine("CATEGORIES", event.categories.map(escapeText).join(",")));
  if (!isMasked && event.body?.contentType === "text" && event.body.content !== "")
    lines.push(formatContentLine("DESCRIPTION", escapeText(event.body.content)));
  lines.push(
    formatContentLine(
      "STATUS",
      event.isCancelled ? "CANCELLED" : event.showAs === "tentative" ? "TENTATIVE" : "CONFIRMED",
    ),
    formatContentLine("TRANSP", event.showAs === "free" ? "TRANSPARENT" : "OPAQUE"),
    formatContentLine("X-MICROSOFT-CDO-BUSYSTATUS", BUSY_STATUS[event.showAs]),
    formatContentLine("CLASS", CLASSES[event.sensitivity]),
    formatContentLine("END", "VEVENT"),
  );
  return lines.join("");
}

const BUSY_STATUS: Readonly<Record<CalendarEvent["showAs"], string>> = {
  free: "FREE",
  tentative: "TENTATIVE",
  busy: "BUSY",
  oof: "OOF",
  workingElsewhere: "WORKINGELSEWHERE",
  unknown: "BUSY",
};

const CLASSES: Readonly<Record<CalendarEvent["sensitivity"], string>> = {
  normal: "PUBLIC",
  personal: "PRIVATE",
  private: "PRIVATE",
  confidential: "CONFIDENTIAL",
};

/** Occurrences may share the UID of their series, and copies the UID of their original: those get their own. */
function takeUid(event: CalendarEvent, taken: Set<string>): string {
  let uid = event.iCalUId;
  if (event.type !== "singleInstance" || uid === "" || taken.has(uid)) uid = makeUid(event);
  taken.add(uid);
  return uid;
}

/** An occurrence stays the same event wherever it is moved: its series and the time it first had name it. */
function makeUid(event: CalendarEvent): string {
  const name =
    event.seriesMasterId === undefined || event.originalStartAt === undefined
      ? event.id
      : `${event.seriesMasterId} ${event.originalStartAt.toISOString()}`;
  return `${createHash("sha256").update(name).digest("hex").slice(0, 40)}@nightlatch`;
}

function formatTime(name: string, time: ZonedDateTime, isAllDay: boolean): string {
  const compact = time.dateTime.replace(/[-:]/g, "");
  if (isAllDay) return formatContentLine(name, compact.slice(0, 8), { VALUE: "DATE" });
  if (time.ianaZone === "UTC") return formatContentLine(name, `${compact}Z`);
  if (!isShownOnce(time)) return formatContentLine(name, formatInstant(toInstant(time)));
  return formatContentLine(name, compact, { TZID: time.ianaZone });
}

function formatInstant(instant: Date): string {
  return `${instant.toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
}
