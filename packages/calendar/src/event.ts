/**
 * Calendar events as the rest of the house sees them: wall-clock times with an IANA zone, camelCase, no wire
 * spelling. The codecs of the wings (`graph/event-codec.ts`, `ews/event-codec.ts`) are the border.
 */

/** A wall-clock time in a zone, as people write it on a timetable. */
export interface ZonedDateTime {
  /** Local date and time, `YYYY-MM-DDTHH:MM:SS`, no offset, no fraction. */
  readonly dateTime: string;
  /** IANA zone, for example `Europe/London`; `UTC` for Coordinated Universal Time. */
  readonly ianaZone: string;
}

/** How the time counts for free/busy. */
export type ShowAs = "free" | "tentative" | "busy" | "oof" | "workingElsewhere" | "unknown";

/** Who may see the content. */
export type Sensitivity = "normal" | "personal" | "private" | "confidential";

/** What an entry of a calendar is in relation to a series. */
export type EventType = "singleInstance" | "seriesMaster" | "occurrence" | "exception";

/** Days in the spelling of Graph. */
export type DayOfWeek = "sunday" | "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday";

/** Recurrence in the six patterns that Exchange has (facts: Graph `patternedRecurrence`). */
export interface RecurrencePattern {
  readonly type:
    | "daily"
    | "weekly"
    | "absoluteMonthly"
    | "relativeMonthly"
    | "absoluteYearly"
    | "relativeYearly";
  /** Every how many days, weeks, months or years; at least 1. */
  readonly interval: number;
  readonly daysOfWeek?: readonly DayOfWeek[];
  /** Week start; matters as soon as a weekly interval is above 1. */
  readonly firstDayOfWeek?: DayOfWeek;
  /** 1 to 31. */
  readonly dayOfMonth?: number;
  /** 1 to 12. */
  readonly month?: number;
  readonly index?: "first" | "second" | "third" | "fourth" | "last";
}

/** How long a series runs. Dates are local dates `YYYY-MM-DD` in `ianaZone`. */
export type RecurrenceRange =
  | { readonly type: "noEnd"; readonly startsOn: string; readonly ianaZone: string }
  | {
      readonly type: "endDate";
      readonly startsOn: string;
      readonly endsOn: string;
      readonly ianaZone: string;
    }
  | {
      readonly type: "numbered";
      readonly startsOn: string;
      readonly occurrenceCount: number;
      readonly ianaZone: string;
    };

/** A series: pattern and range. */
export interface Recurrence {
  readonly pattern: RecurrencePattern;
  readonly range: RecurrenceRange;
}

/** A person or room that is invited. */
export interface Attendee {
  readonly mailboxAddress: string;
  readonly displayName?: string;
  readonly type: "required" | "optional" | "resource";
}

/** Text of an event. */
export interface EventBody {
  readonly contentType: "text" | "html";
  readonly content: string;
}

/**
 * Named string properties of our own on an event, by name; each wing stores them in the property set
 * {@link NIGHTLATCH_PROPERTY_SET}. Names are case-sensitive.
 */
export type EventProperties = Readonly<Record<string, string>>;

/** GUID of the named-property set in which all properties of {@link EventProperties} live. */
export const NIGHTLATCH_PROPERTY_SET = "6d1f6a5e-8e0b-4b0c-9f6b-6e8a6f4c2a17";

/** What a caller writes. Absent members keep the server's default on create and their value on update. */
export interface EventDraft {
  readonly subject: string;
  readonly start: ZonedDateTime;
  readonly end: ZonedDateTime;
  readonly isAllDay?: boolean;
  readonly location?: string;
  readonly body?: EventBody;
  readonly categories?: readonly string[];
  readonly showAs?: ShowAs;
  readonly sensitivity?: Sensitivity;
  readonly isReminderOn?: boolean;
  readonly reminderMinutesBeforeStart?: number;
  readonly attendees?: readonly Attendee[];
  readonly recurrence?: Recurrence;
  readonly properties?: EventProperties;
}

/** What a calendar holds. */
export interface CalendarEvent {
  /** Opaque, case-sensitive id of the event in its mailbox. */
  readonly id: string;
  /** Version of the event; pass it back to update or delete only what was seen. */
  readonly changeKey: string;
  /** iCalendar UID given by the server; read-only. */
  readonly iCalUId: string;
  readonly type: EventType;
  readonly seriesMasterId?: string;
  /** Instant at which the rule of the series has this occurrence or exception, wherever it was moved. */
  readonly originalStartAt?: Date;
  readonly subject: string;
  readonly start: ZonedDateTime;
  readonly end: ZonedDateTime;
  readonly isAllDay: boolean;
  readonly isCancelled: boolean;
  /** Empty string when the event has no location. */
  readonly location: string;
  readonly body?: EventBody;
  readonly categories: readonly string[];
  readonly showAs: ShowAs;
  readonly sensitivity: Sensitivity;
  readonly isReminderOn?: boolean;
  readonly reminderMinutesBeforeStart?: number;
  readonly attendees: readonly Attendee[];
  readonly recurrence?: Recurrence;
  /** Only those that were asked for by name. */
  readonly properties: EventProperties;
  readonly createdAt?: Date;
  readonly lastModifiedAt?: Date;
}
