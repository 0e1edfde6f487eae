/** What the readers of both formats give: single events that are not yet hashed or checked against each other. */
import type { SourcePlace } from "./errors.ts";
import type { RawContent } from "./event-content.ts";

/** One event of a source. */
export interface SourceEvent {
  /** UID or id. */
  readonly id: string;
  /** Which occurrence; empty for an event that does not repeat. */
  readonly recurrenceId: string;
  readonly mailboxes: readonly string[];
  readonly line: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly content: RawContent;
}

/** A window as numbers. */
export interface WindowMs {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a reader needs to know. */
export interface ReadContext {
  readonly sourceName: string;
  /** Zone of times that carry none: a known IANA zone. */
  readonly ianaZone: string | undefined;
  /** The mailbox of the whole file. */
  readonly mailbox: string | undefined;
  readonly mailboxDomains: readonly string[] | undefined;
  readonly dateOrder: "dmy" | "mdy" | undefined;
  readonly reminderMinutesBeforeStart: number | undefined;
  /** Events above which the source is refused. */
  readonly maxEntries: number;
  readonly warn: (message: string, place?: SourcePlace) => void;
}

/** A source whose events can be given for any window. */
export interface SourceReading {
  /** Stretch that the source itself covers; endless series count for a year. */
  readonly extent: WindowMs;
  /** Gives every event that touches a window, in no particular order. */
  readonly eventsIn: (window: WindowMs) => readonly SourceEvent[];
}

/**
 * Tells whether an event touches a window, as a calendar view sees it.
 *
 * @param startMs - start of the event
 * @param endMs - end of the event, exclusive
 * @param window - window
 * @returns true when some part of the event lies inside; an event without length counts at its start
 */
export function touches(startMs: number, endMs: number, window: WindowMs): boolean {
  return startMs < window.toMs && (endMs > window.fromMs || startMs >= window.fromMs);
}
