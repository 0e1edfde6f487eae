/**
 * One VEVENT, read from its text: times with their zones, rules, content and mailboxes. Grammar (escapes,
 * parameters, lists) is ical.js's; the values of dates are checked here, because ical.js takes 31 February.
 *
 * @see RFC 5545 §3.6.1
 */
import type { Sensitivity, ShowAs } from "@nightlatch/calendar";
import ICAL from "ical.js";
import { type SourcePlace, shorten, sourceError } from "../errors.ts";
import { parseMailbox } from "../mailbox-address.ts";
import { DAY_MS, wallMsOf } from "../wall-time.ts";
import type { IcsZone, IcsZones } from "./ics-zones.ts";
import type { RecurrenceRule } from "./recurrence-rule.ts";
import { readRule } from "./rule-property.ts";
import { type ComponentText, lineOfProperty } from "./scan-components.ts";

/** A date or a time of an ICS event. */
export interface IcsTime {
  readonly wallMs: number;
  readonly isDate: boolean;
  readonly zone: IcsZone;
}

/** An RDATE: its own end where it is a period. */
interface IcsExtraDate {
  readonly start: IcsTime;
  readonly durationMs?: number | undefined;
}

/** A VEVENT. */
export interface IcsEvent {
  readonly uid: string;
  readonly line: number;
  readonly sequence: number;
  readonly isCancelled: boolean;
  readonly recurrenceId?: IcsTime | undefined;
  /** Whether an override also changes every later occurrence. */
  readonly isThisAndFuture: boolean;
  readonly start: IcsTime;
  readonly end: IcsTime;
  readonly rules: readonly RecurrenceRule[];
  readonly exceptionRules: readonly RecurrenceRule[];
  readonly extraDates: readonly IcsExtraDate[];
  readonly exceptionDates: readonly IcsTime[];
  readonly subject: string;
  readonly location: string;
  readonly description: string;
  readonly categories: readonly string[];
  readonly showAs: ShowAs;
  readonly sensitivity: Sensitivity;
  /** Mailboxes that the event itself names. */
  readonly mailboxes: readonly string[];
}

/** What the file says around an event. */
export interface IcsContext {
  readonly sourceName: string;
  readonly zones: IcsZones;
  /** Zone of times that carry none; refused when absent. */
  readonly floatingZone: IcsZone | undefined;
  /** Zone of all-day events; refused when absent. */
  readonly dateZone: IcsZone | undefined;
  /** Mailboxes that the calendar object names for all its events. */
  readonly calendarMailboxes: readonly string[];
  /** Whether the calendar object has METHOD:CANCEL. */
  readonly isCancelMethod: boolean;
  /** Lower-case domains whose attendees are mailboxes; every domain when absent. */
  readonly mailboxDomains: readonly string[] | undefined;
}

/**
 * Reads one VEVENT.
 *
 * @param component - its text
 * @param context - what the file says around it
 * @returns the event
 * @throws {NightlatchError} `SYNC_SOURCE_MALFORMED`, `SYNC_SOURCE_VALUE_MISSING` (no UID, no DTSTART),
 *   `SYNC_SOURCE_DATE_INVALID`, `SYNC_SOURCE_END_BEFORE_START`, `SYNC_SOURCE_ZONE_UNKNOWN`,
 *   `SYNC_SOURCE_ZONE_MISSING`, `SYNC_SOURCE_RECURRENCE_INVALID`, `SYNC_SOURCE_MAILBOX_INVALID`
 */
export function readIcsEvent(component: ComponentText, context: IcsContext): IcsEvent {
  const reader = new EventReader(component, context);
  const isCancelled = context.isCancelMethod || reader.text("status").toUpperCase() === "CANCELLED";
  const recurrence = reader.first("recurrence-id");
  const recurrenceId = recurrence === null ? undefined : reader.time(recurrence);
  const startProperty = reader.first("dtstart");
  if (startProperty === null && !isCancelled) {
    throw reader.error("SYNC_SOURCE_VALUE_MISSING", "DTSTART", "the event has no DTSTART");
  }
  const start = startProperty === null ? (recurrenceId ?? reader.anyTime()) : reader.time(startProperty);
  const range = recurrence?.getFirstParameter("range");
  return {
    uid: reader.uid,
    line: component.line,
    sequence: Number.parseInt(reader.text("sequence"), 10) || 0,
    isCancelled,
    recurrenceId,
    isThisAndFuture: typeof range === "string" && range.toUpperCase() === "THISANDFUTURE",
    start,
    end: reader.end(start),
    rules: reader.rules("rrule", start),
    exceptionRules: reader.rules("exrule", start),
    extraDates: reader.extraDates(),
    exceptionDates: reader.all("exdate").flatMap((property) => reader.times(property)),
    subject: reader.text("summary"),
    location: reader.text("location"),
    description: reader.text("description"),
    categories: reader.all("categories").flatMap((property) => property.getValues().map(String)),
    showAs: showAsOf(reader),
    sensitivity: sensitivityOf(reader),
    mailboxes: reader.mailboxes(),
  };
}

/** Reads properties of one VEVENT and knows where they stand. */
class EventReader {
  readonly uid: string;
  readonly #component: ComponentText;
  readonly #context: IcsContext;
  readonly #vevent: ICAL.Component;

  constructor(component: ComponentText, context: IcsContext) {
    this.#component = component;
    this.#context = context;
    this.#vevent = parseComponent(component, context.sourceName);
    this.uid = this.text("uid").trim();
    if (this.uid === "") throw this.error("SYNC_SOURCE_VALUE_MISSING", "UID", "the event has no UID");
  }

  error(code: Parameters<typeof sourceError>[0], field: string, problem: string, value?: unknown) {
    return sourceError(code, this.place(field), problem, { value });
  }

  place(field: string): SourcePlace {
    const line = lineOfProperty(this.#component, field);
    return { sourceName: this.#context.sourceName, line, field, uid: this.uid };
  }

  first(name: string): ICAL.Property | null {
    return this.#vevent.getFirstProperty(name);
  }

  all(name: string): readonly ICAL.Property[] {
    return this.#vevent.getAllProperties(name);
  }

  text(name: string): string {
    const value: unknown = this.#vevent.getFirstPropertyValue(name);
    return value === null || value === undefined ? "" : String(value);
  }

  time(property: ICAL.Property): IcsTime {
    const [first] = this.times(property);
    if (first !== undefined) return first;
    const field = property.name.toUpperCase();
    throw this.error("SYNC_SOURCE_DATE_INVALID", field, "the value is empty");
  }

  /** Stands in for the start of a cancelled event, which need not name one. */
  anyTime(): IcsTime {
    return { wallMs: 0, isDate: false, zone: this.#context.zones.zoneOf("UTC", this.place("DTSTART")) };
  }

  times(property: ICAL.Property): readonly IcsTime[] {
    const values = (property.toJSON() as readonly unknown[]).slice(3);
    return values.map((value) => this.#parseTime(String(value), property));
  }

  extraDates(): readonly IcsExtraDate[] {
    return this.all("rdate").flatMap((property): readonly IcsExtraDate[] => {
      if (property.type !== "period") return this.times(property).map((start) => ({ start }));
      const values = (property.toJSON() as readonly unknown[]).slice(3) as readonly (readonly string[])[];
      return values.map(([from = "", to = ""]) => {
        const start = this.#parseTime(from, property);
        const durationMs = /^[+-]?P/.test(to)
          ? this.#parseDuration(to, "RDATE")
          : instantOf(this.#parseTime(to, property)) - instantOf(start);
        return { start, durationMs };
      });
    });
  }

  end(start: IcsTime): IcsTime {
    const property = this.first("dtend");
    const duration = this.first("duration");
    const end = property === null ? undefined : this.time(property);
    if (end !== undefined) return this.#checkedEnd(start, end);
    if (duration !== null) {
      const text = String((duration.toJSON() as readonly unknown[])[3]);
      return { ...start, wallMs: start.wallMs + this.#parseDuration(text, "DURATION") };
    }
    return start.isDate ? { ...start, wallMs: start.wallMs + DAY_MS } : start;
  }

  rules(name: string, start: IcsTime): readonly RecurrenceRule[] {
    return this.all(name).map((property) => readRule(property, start, this.place(name.toUpperCase())));
  }

  mailboxes(): readonly string[] {
    const own = this.all("x-nightlatch-mailbox").flatMap((property) =>
      property
        .getValues()
        .flatMap((value) => String(value).split(/[,;]/))
        .filter((text) => text.trim() !== ""),
    );
    const named = own.length > 0 ? own : this.#context.calendarMailboxes;
    if (named.length > 0) return named.map((text) => this.#mailbox(text, "X-NIGHTLATCH-MAILBOX"));
    const invited = this.all("attendee").filter((attendee) => isInvited(attendee));
    const mailboxes = invited.map((attendee) => this.#mailbox(String(attendee.getFirstValue()), "ATTENDEE"));
    const domains = this.#context.mailboxDomains;
    if (domains === undefined) return mailboxes;
    return mailboxes.filter((mailbox) => domains.includes(mailbox.slice(mailbox.lastIndexOf("@") + 1)));
  }

  #mailbox(text: string, field: string): string {
    const mailbox = parseMailbox(text);
    if (mailbox !== undefined) return mailbox;
    throw this.error("SYNC_SOURCE_MAILBOX_INVALID", field, `"${shorten(text)}" is no mail address`, text);
  }

  #checkedEnd(start: IcsTime, end: IcsTime): IcsTime {
    if (start.isDate !== end.isDate) {
      const problem = "DTSTART and DTEND are not both dates or both times";
      throw this.error("SYNC_SOURCE_DATE_INVALID", "DTEND", problem);
    }
    // Many writers give a day as DTEND = DTSTART although the end is exclusive.
    if (start.isDate && end.wallMs === start.wallMs) return { ...end, wallMs: end.wallMs + DAY_MS };
    if (instantOf(end) >= instantOf(start)) return end;
    throw this.error("SYNC_SOURCE_END_BEFORE_START", "DTEND", "the event ends before it starts");
  }

  #parseDuration(text: string, field: string): number {
    const match = /^\+?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text);
    const [weeks, days, hours, minutes, seconds] = (match?.slice(1) ?? []).map((part) => Number(part ?? 0));
    const totalSeconds =
      (((weeks ?? 0) * 7 + (days ?? 0)) * 24 + (hours ?? 0)) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
    if (match !== null && totalSeconds <= 5 * 366 * 86_400) return totalSeconds * 1000;
    const code = text.startsWith("-") ? "SYNC_SOURCE_END_BEFORE_START" : "SYNC_SOURCE_DATE_INVALID";
    throw this.error(code, field, `"${shorten(text)}" is no duration of an event`, text);
  }

  #parseTime(text: string, property: ICAL.Property): IcsTime {
    const field = property.name.toUpperCase();
    // ical.js writes what it cannot read in pieces: 20260901 without VALUE=DATE becomes "2026-09-01T::".
    const match = /^(\d{4})-(\d{2})-(\d{2})(?:T(?:(\d{2}):(\d{2}):(\d{2})?(Z?)|::))?$/.exec(text);
    const parts = (match?.slice(1, 7) ?? []).map((part) => Number(part ?? 0));
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
    const wallMs = match === null ? undefined : wallMsOf({ year, month, day, hour, minute, second });
    if (match === null || wallMs === undefined) {
      throw this.error("SYNC_SOURCE_DATE_INVALID", field, `"${shorten(text)}" is no date or time`, text);
    }
    const isDate = match[4] === undefined;
    return { wallMs, isDate, zone: this.#zoneOf(property, field, { isDate, isUtc: match[7] === "Z" }) };
  }

  #zoneOf(
    property: ICAL.Property,
    field: string,
    form: { readonly isDate: boolean; readonly isUtc: boolean },
  ): IcsZone {
    const { zones, dateZone, floatingZone } = this.#context;
    if (form.isUtc) return zones.zoneOf("UTC", this.place(field));
    const tzid = property.getFirstParameter("tzid");
    if (!form.isDate && typeof tzid === "string" && tzid !== "") return zones.zoneOf(tzid, this.place(field));
    const zone = form.isDate ? dateZone : floatingZone;
    if (zone !== undefined) return zone;
    // The date of an exception is compared as a date; only what is written needs a zone.
    if (form.isDate && !/^DT(START|END)$/.test(field)) return zones.zoneOf("UTC", this.place(field));
    const problem = form.isDate
      ? "the file names no zone for its all-day events"
      : "the time carries no zone and the file names none";
    throw this.error("SYNC_SOURCE_ZONE_MISSING", field, problem);
  }
}

/**
 * Gives the instant of a time.
 *
 * @param time - date or time of an event
 * @returns milliseconds since 1970 in UTC
 */
export function instantOf(time: IcsTime): number {
  return time.zone.toInstantMs(time.wallMs);
}

function parseComponent(component: ComponentText, sourceName: string): ICAL.Component {
  // Rule parts may come in any case, ical.js wants capitals.
  const text = component.text.replace(/^(?:RRULE|EXRULE)[:;].*$/gim, (line) => line.toUpperCase());
  try {
    return new ICAL.Component(ICAL.parse(text));
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    const isRule = /BY[A-Z]+|frequency|integer/.test(problem) && /^(?:RRULE|EXRULE)[:;]/im.test(text);
    const code = isRule ? "SYNC_SOURCE_RECURRENCE_INVALID" : "SYNC_SOURCE_MALFORMED";
    const line = isRule ? lineOfProperty(component, "(?:RRULE|EXRULE)") : lineQuotedIn(component, problem);
    const uid = /^UID(?:;[^:]*)?:(.*)$/im.exec(text)?.[1]?.trim();
    throw sourceError(code, { sourceName, line, uid }, shorten(problem, 160), { cause });
  }
}

/** The parser quotes the content line that it refused. */
function lineQuotedIn(component: ComponentText, problem: string): number {
  const quoted = /"([^"]*)"\s*$/.exec(problem)?.[1];
  const offset =
    quoted === undefined ? -1 : component.text.split("\r\n").findIndex((line) => quoted.startsWith(line));
  return component.line + Math.max(offset, 0);
}

function isInvited(attendee: ICAL.Property): boolean {
  const status = attendee.getFirstParameter("partstat");
  return !(typeof status === "string" && status.toUpperCase() === "DECLINED");
}

function showAsOf(reader: EventReader): ShowAs {
  const outlook = SHOW_AS[reader.text("x-microsoft-cdo-busystatus").toUpperCase()];
  if (outlook !== undefined) return outlook;
  if (reader.text("transp").toUpperCase() === "TRANSPARENT") return "free";
  return reader.text("status").toUpperCase() === "TENTATIVE" ? "tentative" : "busy";
}

function sensitivityOf(reader: EventReader): Sensitivity {
  return SENSITIVITY[reader.text("class").toUpperCase()] ?? "normal";
}

const SHOW_AS: Readonly<Record<string, ShowAs>> = {
  FREE: "free",
  TENTATIVE: "tentative",
  BUSY: "busy",
  OOF: "oof",
  WORKINGELSEWHERE: "workingElsewhere",
};

const SENSITIVITY: Readonly<Record<string, Sensitivity>> = {
  PRIVATE: "private",
  CONFIDENTIAL: "confidential",
};
