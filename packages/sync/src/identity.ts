/**
 * Identity and content of an event, as they travel in its own properties.
 *
 * The rules are: the key says which lesson it is and survives every edit; the hash says what was written and
 * changes with every edit; both are the same on every machine and in every run.
 */
import { createHash } from "node:crypto";
import type { TimetableEvent } from "./timetable.ts";

/** Longest key that is kept as text; longer ones are hashed. */
const MAX_KEY_CHARACTERS = 200;
/** Part of every hash: a change here makes every event be written anew. */
const CONTENT_SCHEMA_VERSION = 1;

/**
 * Gives the key of an event.
 *
 * @param sourceTag - tag of the source, without `|`
 * @param uid - UID of the ICS event or id of the CSV row
 * @param recurrenceId - which occurrence: `20260901T080000Z` (UTC), `20260901` for a date, empty for a single event
 * @returns `tag|uid|recurrenceId`; when that is longer than 200 characters or holds control characters,
 *   `tag|sha256:` and 43 characters base64url
 */
export function entryKey(sourceTag: string, uid: string, recurrenceId: string): string {
  const key = `${sourceTag}|${uid}|${recurrenceId}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (key.length <= MAX_KEY_CHARACTERS && !/[\u0000-\u001f\u007f]/.test(key)) return key;
  return `${sourceTag}|sha256:${sha256Base64url(key)}`;
}

/**
 * Gives the hash of the content of an event.
 *
 * @param event - content
 * @returns SHA-256 over canonical JSON, base64url without padding, 43 characters
 */
export function contentHash(event: TimetableEvent): string {
  return sha256Base64url(
    JSON.stringify([
      CONTENT_SCHEMA_VERSION,
      event.subject,
      event.start.dateTime,
      event.start.ianaZone,
      event.end.dateTime,
      event.end.ianaZone,
      event.isAllDay,
      event.location,
      event.description,
      [...event.categories].sort(),
      event.showAs,
      event.sensitivity,
      event.reminderMinutesBeforeStart ?? null,
    ]),
  );
}

/**
 * Gives the id that makes a repeated create harmless.
 *
 * @param key - key of the event
 * @param hash - hash of its content
 * @param replacedEventId - id of the event that this one takes the place of, where there is one: the
 *   server would otherwise answer with the event it knows under the id of the first create
 * @returns base64url, 43 characters
 */
export function transactionId(key: string, hash: string, replacedEventId = ""): string {
  return sha256Base64url(JSON.stringify([key, hash, replacedEventId]));
}

function sha256Base64url(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("base64url");
}
