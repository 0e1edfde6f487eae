/** Enumerations of calendar items, between the words of the store and those of Exchange Web Services. */
import type { EventAttendee, EventContent, EventInstance } from "../../mailbox/event.ts";
import { isKnownTo } from "../schema/since.ts";

const SHOW_AS: Readonly<Record<string, EventContent["showAs"]>> = {
  Free: "free",
  Tentative: "tentative",
  Busy: "busy",
  OOF: "oof",
  WorkingElsewhere: "workingElsewhere",
  NoData: "unknown",
};
const SENSITIVITY: Readonly<Record<string, EventContent["sensitivity"]>> = {
  Normal: "normal",
  Personal: "personal",
  Private: "private",
  Confidential: "confidential",
};
const IMPORTANCE: Readonly<Record<string, EventContent["importance"]>> = {
  Low: "low",
  Normal: "normal",
  High: "high",
};
const RESPONSES: Readonly<Record<EventAttendee["response"], string>> = {
  none: "Unknown",
  organizer: "Organizer",
  tentativelyAccepted: "Tentative",
  accepted: "Accept",
  declined: "Decline",
  notResponded: "NoResponseReceived",
};
const KINDS: Readonly<Record<EventInstance["kind"], string>> = {
  singleInstance: "Single",
  seriesMaster: "RecurringMaster",
  occurrence: "Occurrence",
  exception: "Exception",
};

/**
 * Reads `LegacyFreeBusyStatus`.
 *
 * @param word - as the schema spells it
 * @returns word of the store
 */
export function readShowAs(word: string): EventContent["showAs"] {
  return SHOW_AS[word] ?? "busy";
}

/**
 * Writes `LegacyFreeBusyStatus`.
 *
 * @param value - word of the store
 * @param version - of the request: before 2013 nobody worked elsewhere, and such a time is shown as free
 * @returns as the schema spells it
 */
export function writeShowAs(value: EventContent["showAs"], version?: string): string {
  const word = wordOf(SHOW_AS, value);
  return version === undefined || isKnownTo(version, `t:LegacyFreeBusyType =${word}`) ? word : "Free";
}

/**
 * Reads `Sensitivity`.
 *
 * @param word - as the schema spells it
 * @returns word of the store
 */
export function readSensitivity(word: string): EventContent["sensitivity"] {
  return SENSITIVITY[word] ?? "normal";
}

/**
 * Writes `Sensitivity`.
 *
 * @param value - word of the store
 * @returns as the schema spells it
 */
export function writeSensitivity(value: EventContent["sensitivity"]): string {
  return wordOf(SENSITIVITY, value);
}

/**
 * Reads `Importance`.
 *
 * @param word - as the schema spells it
 * @returns word of the store
 */
export function readImportance(word: string): EventContent["importance"] {
  return IMPORTANCE[word] ?? "normal";
}

/**
 * Writes `Importance`.
 *
 * @param value - word of the store
 * @returns as the schema spells it
 */
export function writeImportance(value: EventContent["importance"]): string {
  return wordOf(IMPORTANCE, value);
}

/**
 * Writes what an attendee answered.
 *
 * @param value - word of the store
 * @returns as the schema spells it
 */
export function writeResponse(value: EventAttendee["response"]): string {
  return RESPONSES[value];
}

/**
 * Reads what an attendee answered.
 *
 * @param word - as the schema spells it
 * @returns word of the store
 */
export function readResponse(word: string | undefined): EventAttendee["response"] {
  const found = Object.entries(RESPONSES).find(([, written]) => written === word);
  return (found?.[0] as EventAttendee["response"] | undefined) ?? "none";
}

/**
 * Writes `CalendarItemType`.
 *
 * @param kind - of the instance
 * @returns as the schema spells it
 */
export function writeKind(kind: EventInstance["kind"]): string {
  return KINDS[kind];
}

function wordOf(words: Readonly<Record<string, string>>, value: string): string {
  return Object.keys(words).find((word) => words[word] === value) ?? Object.keys(words)[0] ?? "";
}
