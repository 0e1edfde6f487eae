/**
 * Calendar items as the store keeps them: plain data, lean (a mailbox may hold thousands, an emulator 100,000
 * mailboxes), in neither surface's spelling. Instants are milliseconds since 1970 UTC; a zone is kept as it was named.
 */
import type { RecurrenceRule } from "./recurrence.ts";

/** How the time counts for free/busy. */
export type ShowAs = "unknown" | "free" | "tentative" | "busy" | "oof" | "workingElsewhere";
/** Who may see the content. */
export type Sensitivity = "normal" | "personal" | "private" | "confidential";
/** Rank of an item. */
export type Importance = "low" | "normal" | "high";

/** Where an event takes place. Members beside the name are kept as they were given. */
export interface EventLocation {
  readonly displayName: string;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

/** What somebody said to an invitation. */
export type ResponseStatus =
  | "none"
  | "organizer"
  | "tentativelyAccepted"
  | "accepted"
  | "declined"
  | "notResponded";

/** Somebody or something that is invited. */
export interface EventAttendee {
  /** SMTP address. */
  readonly address: string;
  readonly name: string;
  readonly type: "required" | "optional" | "resource";
  readonly response: ResponseStatus;
  /** Milliseconds since 1970 UTC; absent without a response. */
  readonly respondedAtMs?: number | undefined;
  /** Another time that the attendee would like better. */
  readonly proposedNewTime?: { readonly startMs: number; readonly endMs: number } | undefined;
}

/** A file that belongs to an event. */
export interface EventAttachment {
  readonly id: string;
  readonly name: string;
  /** Media type. */
  readonly contentType: string;
  readonly contentBase64: string;
  readonly isInline: boolean;
  readonly contentId: string | undefined;
  /** Milliseconds since 1970 UTC. */
  readonly modifiedAtMs: number;
}

/**
 * MAPI properties of our callers: neutral key (see `extended-properties.ts`) and value by turns, because a list of
 * pairs would cost three times the memory.
 */
export type ExtendedProperties = readonly (string | readonly string[])[];

/** An open extension of Graph. */
export interface OpenExtension {
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Members that few events set; kept apart so that the others cost no memory. */
export interface EventExtras {
  readonly attendees?: readonly EventAttendee[] | undefined;
  /** Members of the first location beside its name, as they were given. */
  readonly locationDetails?: EventLocation["details"];
  /** Locations beyond the first. */
  readonly furtherLocations?: readonly EventLocation[] | undefined;
  readonly extensions?: readonly OpenExtension[] | undefined;
  readonly transactionId?: string | undefined;
  /** SMTP address and name of the organiser, when it is not the owner of the mailbox. */
  readonly organizer?: { readonly address: string; readonly name: string } | undefined;
  /** The organiser's event of which this is somebody's copy; absent at the organiser's. */
  readonly meeting?:
    | { readonly organizerId: string; readonly number: number; readonly createdAtMs: number }
    | undefined;
  /** What the owner of the mailbox said to somebody else's meeting. */
  readonly response?: { readonly status: ResponseStatus; readonly atMs: number | undefined } | undefined;
  readonly attachments?: readonly EventAttachment[] | undefined;
  /** What the owner did with the reminder. */
  readonly reminder?:
    | { readonly isDismissed: boolean; readonly snoozedUntilMs?: number | undefined }
    | undefined;
  readonly responseRequested?: boolean | undefined;
  readonly allowNewTimeProposals?: boolean | undefined;
  readonly hideAttendees?: boolean | undefined;
  readonly isOnlineMeeting?: boolean | undefined;
  readonly onlineMeetingProvider?: string | undefined;
  readonly isDraft?: boolean | undefined;
  readonly isCancelled?: boolean | undefined;
}

/** What an event says: everything that an exception of a series may say differently. */
export interface EventContent {
  readonly subject: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Zone as it was named, Windows or IANA. */
  readonly startZone: string;
  readonly endZone: string;
  /** Start and end are midnights in `startZone`. */
  readonly isAllDay: boolean;
  readonly showAs: ShowAs;
  readonly sensitivity: Sensitivity;
  readonly importance: Importance;
  readonly isReminderOn: boolean;
  readonly reminderMinutes: number;
  /** `undefined` when the event has no body. */
  readonly body: string | undefined;
  readonly bodyType: "text" | "html";
  /** Display name of the first location; empty without one. */
  readonly location: string;
  readonly categories: readonly string[];
  readonly properties: ExtendedProperties;
  readonly extras: EventExtras | undefined;
}

/** An occurrence that differs from its series. */
export interface SeriesException {
  /** Civil day of the regular occurrence that it replaces, in the zone of the series. */
  readonly day: number;
  readonly changedAtSequence: number;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
  /** Only what differs. */
  readonly changes: Partial<EventContent>;
}

/** What makes an event a series master. */
export interface Series extends RecurrenceRule {
  /** Zone of the range as it was named, Windows or IANA. */
  readonly zone: string;
  /** Civil day of the last occurrence; `undefined` without end. */
  readonly lastDay: number | undefined;
  /** Civil days of deleted occurrences, ascending. */
  readonly deletedDays: readonly number[];
  /** Ascending by day. */
  readonly exceptions: readonly SeriesException[];
}

/** A single event or a series master. */
export interface StoredEvent extends EventContent {
  /** Unique in its mailbox, never used again. */
  readonly number: number;
  /** Number of the calendar folder. */
  readonly folder: number;
  readonly createdAtSequence: number;
  /** Sequence number of the last change; the change key is made of it. */
  readonly changedAtSequence: number;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
  /** iCalendar UID when a caller chose it (Exchange allows that, Graph does not). */
  readonly uid: string | undefined;
  readonly series: Series | undefined;
}

/** An event as a reader sees it: a stored one, or one occurrence of a series. */
export interface EventInstance {
  readonly kind: "singleInstance" | "seriesMaster" | "occurrence" | "exception";
  /** The stored event; for an exception, with its differences applied. */
  readonly event: StoredEvent;
  readonly startMs: number;
  readonly endMs: number;
  /** Civil day of the regular occurrence, for occurrences and exceptions. */
  readonly day: number | undefined;
  /** The exception itself, when there is one. */
  readonly exception: SeriesException | undefined;
}
