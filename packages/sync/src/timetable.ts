/** A timetable as data: single events, each with its mailbox, its identity and the hash of its content. */
import type { EventDraft, Sensitivity, ShowAs, ZonedDateTime } from "@nightlatch/calendar";

/** Formats that a timetable may come in. */
export type TimetableFormat = "ics" | "csv";

/** A stretch of time. */
export interface SyncWindow {
  /** Start, inclusive; RFC 3339 in UTC. */
  readonly from: string;
  /** End, exclusive; RFC 3339 in UTC. */
  readonly to: string;
}

/** What is written of one lesson. Everything here is compared with the mailbox or stands in the hash. */
export interface TimetableEvent {
  /** One line, at most 255 characters. */
  readonly subject: string;
  readonly start: ZonedDateTime;
  /** Exclusive; at midnight for all-day events. */
  readonly end: ZonedDateTime;
  readonly isAllDay: boolean;
  /** One line, at most 255 characters; empty when there is none. */
  readonly location: string;
  /** Plain text, lines separated by LF; empty when there is none. */
  readonly description: string;
  readonly categories: readonly string[];
  readonly showAs: ShowAs;
  readonly sensitivity: Sensitivity;
  /** Minutes before the start at which Outlook reminds; no reminder when absent. */
  readonly reminderMinutesBeforeStart?: number | undefined;
}

/** One event for one mailbox. */
export interface TimetableEntry {
  /** Mail address, lower case. */
  readonly mailbox: string;
  /** Identity that stays from run to run, at most 200 characters. */
  readonly key: string;
  /** SHA-256 of the content, base64url, 43 characters. */
  readonly hash: string;
  readonly event: TimetableEvent;
  /** Line of the source on which the event begins, counted from 1. */
  readonly line: number;
}

/** Something that was read with a reservation; never a reason to stop. */
export interface TimetableWarning {
  readonly message: string;
  readonly line?: number | undefined;
}

/** Everything that a source says about a window. */
export interface Timetable {
  readonly source: {
    /** Tag under which events are owned in mailboxes (`NightlatchSource`). */
    readonly tag: string;
    /** Name of the file or feed, for messages. */
    readonly name: string;
    readonly format: TimetableFormat;
  };
  readonly window: SyncWindow;
  /** Ordered by mailbox, start and key. */
  readonly entries: readonly TimetableEntry[];
  /** Mailboxes that entries name, in order. */
  readonly mailboxes: readonly string[];
  readonly warnings: readonly TimetableWarning[];
}

/** Own property that names the timetable an event belongs to; events without it are never touched. */
export const SOURCE_PROPERTY = "NightlatchSource";
/** Own property that holds the identity of an event. */
export const KEY_PROPERTY = "NightlatchKey";
/** Own property that holds the hash of what was written. */
export const HASH_PROPERTY = "NightlatchHash";

/**
 * Gives what is sent to the calendar for one event.
 *
 * No attendees: nobody gets mail because a timetable was written.
 *
 * @param event - content
 * @param identity - tag of the source, key and hash, to be kept in own properties
 * @returns the whole draft, every member set, so that an update brings everything in line
 */
export function eventDraft(
  event: TimetableEvent,
  identity: { readonly sourceTag: string; readonly key: string; readonly hash: string },
): EventDraft {
  const reminder = event.reminderMinutesBeforeStart;
  return {
    subject: event.subject,
    start: event.start,
    end: event.end,
    isAllDay: event.isAllDay,
    location: event.location,
    body: { contentType: "text", content: event.description },
    categories: event.categories,
    showAs: event.showAs,
    sensitivity: event.sensitivity,
    isReminderOn: reminder !== undefined,
    ...(reminder === undefined ? {} : { reminderMinutesBeforeStart: reminder }),
    properties: {
      [SOURCE_PROPERTY]: identity.sourceTag,
      [KEY_PROPERTY]: identity.key,
      [HASH_PROPERTY]: identity.hash,
    },
  };
}
