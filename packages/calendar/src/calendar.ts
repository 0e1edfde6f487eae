/**
 * The Calendar port: what the floors above may ask of a mailbox, whichever wing (Graph or EWS) answers.
 *
 * The rules are: a list is complete or it throws; a write that may have happened although its answer was lost
 * is reported by `CALENDAR_WRITE_UNCERTAIN`, never repeated blindly; a mailbox is named by its SMTP address,
 * user principal name or id, all three as plain strings.
 */
import type { CalendarEvent, EventDraft } from "./event.ts";

/** One calendar folder of a mailbox. */
export interface CalendarInfo {
  readonly id: string;
  readonly name: string;
  readonly isDefaultCalendar: boolean;
  readonly canEdit: boolean;
}

/** Options that every call takes. */
export interface CallOptions {
  /** Cancels the call, also while it waits for a retry. */
  readonly signal?: AbortSignal | undefined;
}

/** Which events of a window are wanted. */
export interface EventWindow extends CallOptions {
  /** Start of the window, inclusive instant. */
  readonly from: Date;
  /** End of the window, exclusive instant; after `from`. */
  readonly to: Date;
  /** Calendar folder; the default calendar when absent. */
  readonly calendarId?: string | undefined;
  /** Names of own properties to read with each event. */
  readonly properties?: readonly string[] | undefined;
  /** Whether bodies are read as well. @defaultValue false */
  readonly includeBody?: boolean | undefined;
  /** Form in which the server is to give bodies. @defaultValue "html", the form in which Exchange keeps them */
  readonly bodyContentType?: "text" | "html" | undefined;
}

/** Options of {@link CalendarPort.getEvent}. The body always comes with the event. */
export interface GetEventOptions extends CallOptions {
  /** Names of own properties to read with the event. */
  readonly properties?: readonly string[] | undefined;
  /** Form in which the server is to give the body. @defaultValue "html", the form in which Exchange keeps it */
  readonly bodyContentType?: "text" | "html" | undefined;
}

/** Options of a create. */
export interface CreateOptions extends CallOptions {
  /** Calendar folder; the default calendar when absent. */
  readonly calendarId?: string | undefined;
  /** Makes a repeated create harmless where the wing supports it; at most 255 characters. */
  readonly transactionId?: string | undefined;
}

/** Options of an update or delete. */
export interface ChangeOptions extends CallOptions {
  /** Refuse with `CALENDAR_CONFLICT` when the event is no longer at this version. */
  readonly changeKey?: string | undefined;
}

/** A window of events looked up by an own property. */
export interface PropertyQuery extends CallOptions {
  /** Name of the own property; case-sensitive. */
  readonly name: string;
  /** Exact value. */
  readonly value: string;
  readonly calendarId?: string | undefined;
}

/**
 * Mailbox calendars, read and written as the application itself.
 *
 * Single events and series masters have ids that stay until they are moved to another mailbox. Occurrences and
 * exceptions of a series come from {@link CalendarPort.listEvents} and may be updated and deleted by their id.
 */
export interface CalendarPort {
  /** Which wing answers: `graph` or `ews`; `memory` for {@link createMemoryCalendar}. */
  readonly wing: "graph" | "ews" | "memory";
  /** Lists every calendar folder of the mailbox, the default one first. */
  listCalendars(mailbox: string, options?: CallOptions): Promise<readonly CalendarInfo[]>;
  /** Creates a calendar folder. */
  createCalendar(mailbox: string, name: string, options?: CallOptions): Promise<CalendarInfo>;
  /** Deletes a calendar folder and all it holds. */
  deleteCalendar(mailbox: string, calendarId: string, options?: CallOptions): Promise<void>;
  /**
   * Yields every event that touches the window, series expanded into occurrences, ordered by start. An event
   * touches the window when it starts before `to` and ends after `from`; one without length when it lies at
   * `from` or later. Whether an all-day event at the edge does is the server's judgement, which knows the zone of
   * the mailbox. Reads further pages while the caller consumes; throws when a page cannot be read, so that a
   * list that ends without an error is complete.
   */
  listEvents(mailbox: string, window: EventWindow): AsyncIterable<CalendarEvent>;
  /** Gets one event (single instance, master, occurrence or exception). */
  getEvent(mailbox: string, eventId: string, options?: GetEventOptions): Promise<CalendarEvent>;
  /** Finds single events and series masters that carry an own property with this very value. */
  findEvents(mailbox: string, query: PropertyQuery): Promise<readonly CalendarEvent[]>;
  /** Creates an event; invitations go out only when the draft names attendees. */
  createEvent(mailbox: string, draft: EventDraft, options?: CreateOptions): Promise<CalendarEvent>;
  /** Changes the members that `changes` names and leaves the others. */
  updateEvent(
    mailbox: string,
    eventId: string,
    changes: Partial<EventDraft>,
    options?: ChangeOptions,
  ): Promise<CalendarEvent>;
  /** Deletes an event; deleting a master deletes its series. */
  deleteEvent(mailbox: string, eventId: string, options?: ChangeOptions): Promise<void>;
}
