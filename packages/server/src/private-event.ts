/** Events that their owner does not show to everybody. */
import type { CalendarEvent } from "@nightlatch/calendar";

/** What a masked event is called. */
export const PRIVATE_SUBJECT = "Private event";

/** Tells whether readers see the time of an event and nothing else. */
export function isPrivate(event: CalendarEvent): boolean {
  return event.sensitivity === "private" || event.sensitivity === "confidential";
}

/**
 * Leaves the time of an event and how it counts, and nothing that says what it is about.
 *
 * @returns the event itself when it is not private
 */
export function maskPrivate(event: CalendarEvent): CalendarEvent {
  if (!isPrivate(event)) return event;
  const { body: _body, recurrence: _recurrence, ...rest } = event;
  return { ...rest, subject: PRIVATE_SUBJECT, location: "", categories: [], attendees: [], properties: {} };
}
