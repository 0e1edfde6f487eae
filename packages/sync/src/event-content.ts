/**
 * Brings the content of an event into the form in which mailboxes keep it, so that what is read back equals
 * what was written and a second run has nothing to do.
 */
import type { Sensitivity, ShowAs, ZonedDateTime } from "@nightlatch/calendar";
import type { TimetableEvent } from "./timetable.ts";

/** Longest subject and location that Exchange keeps. */
const MAX_LINE_CHARACTERS = 255;
/** Longest description that is written. */
const MAX_DESCRIPTION_CHARACTERS = 32_000;

/** Content as a source gives it; absent members take the default. */
export interface RawContent {
  readonly subject: string;
  readonly start: ZonedDateTime;
  readonly end: ZonedDateTime;
  readonly isAllDay: boolean;
  readonly location?: string | undefined;
  readonly description?: string | undefined;
  readonly categories?: readonly string[] | undefined;
  readonly showAs?: ShowAs | undefined;
  readonly sensitivity?: Sensitivity | undefined;
  readonly reminderMinutesBeforeStart?: number | undefined;
}

/**
 * Makes the content of an event.
 *
 * @param raw - content as the source gives it
 * @returns subject and location on one line of at most 255 characters, categories trimmed and without
 *   repetition, control characters removed, defaults filled in (busy, normal, no reminder)
 */
export function timetableEvent(raw: RawContent): TimetableEvent {
  const description = cleanText(raw.description ?? "");
  return {
    subject: oneLine(raw.subject),
    start: raw.start,
    end: raw.end,
    isAllDay: raw.isAllDay,
    location: oneLine(raw.location ?? ""),
    description: cut(description, MAX_DESCRIPTION_CHARACTERS),
    categories: [...new Set((raw.categories ?? []).map(oneLine).filter((category) => category !== ""))],
    showAs: raw.showAs ?? "busy",
    sensitivity: raw.sensitivity ?? "normal",
    ...(raw.reminderMinutesBeforeStart === undefined
      ? {}
      : { reminderMinutesBeforeStart: raw.reminderMinutesBeforeStart }),
  };
}

/**
 * Brings a text onto one line, as a subject or location is kept.
 *
 * @param text - any text
 * @returns white space collapsed, trimmed, at most 255 characters
 */
export function oneLine(text: string): string {
  return cut(cleanText(text).replace(/\s+/g, " ").trim(), MAX_LINE_CHARACTERS).trimEnd();
}

function cleanText(text: string): string {
  return (
    text
      .replace(/\r\n?/g, "\n")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: no mailbox and no XML takes them
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/g, "")
      .trim()
  );
}

function cut(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const isPairSplit = /[\ud800-\udbff]/.test(text.charAt(maxCharacters - 1));
  return text.slice(0, isPairSplit ? maxCharacters - 1 : maxCharacters);
}
