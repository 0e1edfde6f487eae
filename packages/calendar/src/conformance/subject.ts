/** What the tests of the suite have in common: the port, a mailbox, and calendars that go away again. */
import type { CalendarPort, CreateOptions, EventWindow } from "../calendar.ts";
import type { CalendarEvent, EventDraft } from "../event.ts";

/** The port under test with its mailbox. */
export class Subject {
  #port: CalendarPort | undefined;
  #mailbox = "";
  #unknownMailbox = "";
  #lastNumber = 0;
  readonly #calendarIds = new Set<string>();

  /** The port. */
  get port(): CalendarPort {
    if (this.#port === undefined) throw new Error("The calendar under test was not made");
    return this.#port;
  }

  /** Mailbox that may be filled. */
  get mailbox(): string {
    return this.#mailbox;
  }

  /** Address without mailbox. */
  get unknownMailbox(): string {
    return this.#unknownMailbox;
  }

  /**
   * @param port - the port
   * @param mailbox - mailbox that may be filled
   * @param unknownMailbox - address without mailbox
   */
  use(port: CalendarPort, mailbox: string, unknownMailbox: string): void {
    this.#port = port;
    this.#mailbox = mailbox;
    this.#unknownMailbox = unknownMailbox;
  }

  /** @returns a name that no calendar has */
  nextName(): string {
    this.#lastNumber += 1;
    return `Conformance ${process.pid} ${Date.now()} ${this.#lastNumber}`;
  }

  /** @returns id of a fresh calendar */
  async makeCalendar(): Promise<string> {
    const { id } = await this.port.createCalendar(this.#mailbox, this.nextName());
    this.#calendarIds.add(id);
    return id;
  }

  /** Deletes the calendars that were made. */
  async deleteCalendars(): Promise<void> {
    for (const id of this.#calendarIds) await this.port.deleteCalendar(this.#mailbox, id);
    this.#calendarIds.clear();
  }

  /**
   * @param calendarId - calendar
   * @param changes - what differs from an hour of physics in London
   * @param options - further options of the create
   * @returns the event as the create gave it
   */
  create(
    calendarId: string,
    changes: Partial<EventDraft> = {},
    options: CreateOptions = {},
  ): Promise<CalendarEvent> {
    return this.port.createEvent(this.#mailbox, { ...lesson(), ...changes }, { ...options, calendarId });
  }

  /**
   * @param calendarId - calendar
   * @param from - inclusive instant, ISO 8601
   * @param to - exclusive instant, ISO 8601
   * @param options - further members of the window
   * @returns all events of the window
   */
  async list(
    calendarId: string,
    from: string,
    to: string,
    options: Partial<EventWindow> = {},
  ): Promise<CalendarEvent[]> {
    const events: CalendarEvent[] = [];
    const window = { ...options, from: new Date(from), to: new Date(to), calendarId };
    for await (const event of this.port.listEvents(this.#mailbox, window)) events.push(event);
    return events;
  }
}

/**
 * @param dateTime - local start, `YYYY-MM-DDTHH:MM:SS`
 * @param endDateTime - local end
 * @param ianaZone - zone of both
 * @returns start and end of a draft
 */
export function timed(
  dateTime: string,
  endDateTime: string,
  ianaZone = "Europe/London",
): Pick<EventDraft, "start" | "end"> {
  return { start: { dateTime, ianaZone }, end: { dateTime: endDateTime, ianaZone } };
}

function lesson(): EventDraft {
  return { subject: "Physics", ...timed("2026-06-01T09:00:00", "2026-06-01T10:00:00") };
}
