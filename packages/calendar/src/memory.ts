/**
 * A calendar in memory, for tests and dry runs: the whole port with the behaviour of Exchange where callers can
 * tell (Windows zones, versions, series, transaction ids), and nothing that survives the process.
 */
import type {
  CalendarInfo,
  CalendarPort,
  CallOptions,
  ChangeOptions,
  CreateOptions,
  EventWindow,
  GetEventOptions,
  PropertyQuery,
} from "./calendar.ts";
import { type CalendarErrorCode, calendarError } from "./errors.ts";
import type { CalendarEvent, EventDraft } from "./event.ts";
import {
  checkDraft,
  expandStored,
  findOccurrence,
  type StoredEvent,
  showOccurrence,
  showStored,
  storeDraft,
} from "./memory/stored-event.ts";

/** What a {@link createMemoryCalendar} is made of. */
export interface MemoryCalendarOptions {
  /** Addresses that have a mailbox, in any case. @defaultValue every address has one */
  readonly mailboxes?: readonly string[] | undefined;
  /** Current time, for `createdAt` and `lastModifiedAt`. @defaultValue the clock of the machine */
  readonly now?: (() => Date) | undefined;
  /** Called before each call is carried out; what it throws, the call throws. Lets a test make a mailbox fail. */
  readonly beforeCall?: ((call: MemoryCall) => void | Promise<void>) | undefined;
}

/** One call on the port, as {@link MemoryCalendar.calls} records it. */
export interface MemoryCall {
  readonly operation: Exclude<keyof CalendarPort, "wing">;
  readonly mailbox: string;
  /** Id of the event or calendar that the call names, when it names one. */
  readonly id?: string | undefined;
}

/** A {@link CalendarPort} in memory that also tells what was asked of it. */
export interface MemoryCalendar extends CalendarPort {
  readonly wing: "memory";
  /** Every call so far, oldest first. */
  readonly calls: readonly MemoryCall[];
}

interface MemoryFolder extends CalendarInfo {
  readonly events: Map<string, StoredEvent>;
}

type MemoryMailbox = Map<string, MemoryFolder>;

/**
 * Creates an empty calendar in memory.
 *
 * @param options - which mailboxes exist, the clock, and a hook for faults
 * @returns the port; each mailbox starts with one default calendar
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createMemoryCalendar } from "@nightlatch/calendar";
 *
 * const calendar = createMemoryCalendar({ mailboxes: ["room-12@school.example"] });
 * const event = await calendar.createEvent("room-12@school.example", {
 *   subject: "Physics",
 *   start: { dateTime: "2026-09-07T09:00:00", ianaZone: "Europe/London" },
 *   end: { dateTime: "2026-09-07T10:00:00", ianaZone: "Europe/London" },
 * });
 * assert.equal((await calendar.getEvent("room-12@school.example", event.id)).subject, "Physics");
 * ```
 */
export function createMemoryCalendar(options: MemoryCalendarOptions = {}): MemoryCalendar {
  return new MemoryCalendarStore(options);
}

class MemoryCalendarStore implements MemoryCalendar {
  readonly wing = "memory";
  readonly calls: MemoryCall[] = [];
  readonly #mailboxes = new Map<string, MemoryMailbox>();
  readonly #options: MemoryCalendarOptions;
  #lastNumber = 0;

  constructor(options: MemoryCalendarOptions) {
    this.#options = options;
    for (const address of options.mailboxes ?? []) this.#addMailbox(address);
  }

  async listCalendars(mailbox: string, options: CallOptions = {}): Promise<readonly CalendarInfo[]> {
    const folders = await this.#enter({ operation: "listCalendars", mailbox }, options);
    return [...folders.values()].map(showFolder);
  }

  async createCalendar(mailbox: string, name: string, options: CallOptions = {}): Promise<CalendarInfo> {
    const folders = await this.#enter({ operation: "createCalendar", mailbox }, options);
    if ([...folders.values()].some((folder) => folder.name.toLowerCase() === name.toLowerCase())) {
      throw refuse("CALENDAR_NAME_TAKEN", `Cannot create calendar "${name}"`, mailbox);
    }
    const folder = this.#addFolder(folders, name, false);
    return showFolder(folder);
  }

  async deleteCalendar(mailbox: string, calendarId: string, options: CallOptions = {}): Promise<void> {
    const folders = await this.#enter({ operation: "deleteCalendar", mailbox, id: calendarId }, options);
    const folder = findFolder(folders, mailbox, calendarId);
    if (folder.isDefaultCalendar) {
      throw refuse("CALENDAR_REJECTED", `Cannot delete the default calendar "${folder.name}"`, mailbox);
    }
    folders.delete(calendarId);
  }

  async *listEvents(mailbox: string, window: EventWindow): AsyncGenerator<CalendarEvent> {
    if (!(window.from < window.to)) throw new RangeError("The window must end after it starts");
    const folders = await this.#enter({ operation: "listEvents", mailbox }, window);
    const folder = findFolder(folders, mailbox, window.calendarId);
    const found = [...folder.events.values()].flatMap((stored) =>
      expandStored(stored, window.from, window.to, window),
    );
    found.sort((left, right) => left.startAtMs - right.startAtMs);
    for (const { event } of found) {
      window.signal?.throwIfAborted();
      yield event;
    }
  }

  async getEvent(mailbox: string, eventId: string, options: GetEventOptions = {}): Promise<CalendarEvent> {
    const folders = await this.#enter({ operation: "getEvent", mailbox, id: eventId }, options);
    const { stored, date } = findStored(folders, mailbox, eventId);
    const shown = { properties: options.properties, includeBody: true };
    return date === undefined ? showStored(stored, shown) : showOccurrence(stored, date, shown);
  }

  async findEvents(mailbox: string, query: PropertyQuery): Promise<readonly CalendarEvent[]> {
    const folders = await this.#enter({ operation: "findEvents", mailbox }, query);
    const folder = findFolder(folders, mailbox, query.calendarId);
    return [...folder.events.values()]
      .filter((stored) => stored.draft.properties?.[query.name] === query.value)
      .map((stored) => showStored(stored, { properties: [query.name], includeBody: false }));
  }

  async createEvent(mailbox: string, draft: EventDraft, options: CreateOptions = {}): Promise<CalendarEvent> {
    const folders = await this.#enter({ operation: "createEvent", mailbox }, options);
    const folder = findFolder(folders, mailbox, options.calendarId);
    checkDraft(draft, mailbox);
    const { transactionId } = options;
    const shown = { properties: Object.keys(draft.properties ?? {}), includeBody: draft.body !== undefined };
    const repeated = [...folder.events.values()].find(
      (stored) => transactionId !== undefined && stored.transactionId === transactionId,
    );
    if (repeated !== undefined) return showStored(repeated, shown);
    const stored = storeDraft(this.#nextId("event"), this.#nextId("version"), draft, this.#now());
    stored.transactionId = transactionId;
    folder.events.set(stored.id, stored);
    return showStored(stored, shown);
  }

  async updateEvent(
    mailbox: string,
    eventId: string,
    changes: Partial<EventDraft>,
    options: ChangeOptions = {},
  ): Promise<CalendarEvent> {
    const folders = await this.#enter({ operation: "updateEvent", mailbox, id: eventId }, options);
    const { stored, date } = findStored(folders, mailbox, eventId);
    checkVersion(stored, date, mailbox, options);
    const shown = {
      properties: Object.keys(changes.properties ?? {}),
      includeBody: changes.body !== undefined,
    };
    const version = this.#nextId("version");
    if (date === undefined) {
      const draft = mergeDraft(stored.draft, changes);
      checkDraft(draft, mailbox);
      // A new rule or time makes new occurrences: what was changed about the old ones is gone, as in Exchange.
      if (changes.recurrence !== undefined || changes.start !== undefined) {
        stored.exceptions.clear();
        stored.deletedDates.clear();
      }
      Object.assign(stored, storeDraft(stored.id, version, draft, stored.createdAt, this.#now()), {
        exceptions: stored.exceptions,
        deletedDates: stored.deletedDates,
        transactionId: stored.transactionId,
      });
      return showStored(stored, shown);
    }
    const occurrence = findOccurrence(stored, date);
    const draft = mergeDraft(occurrence.draft, changes);
    checkDraft({ ...draft, recurrence: undefined }, mailbox);
    stored.exceptions.set(date, storeDraft(eventId, version, draft, stored.createdAt, this.#now()));
    return showOccurrence(stored, date, shown);
  }

  async deleteEvent(mailbox: string, eventId: string, options: ChangeOptions = {}): Promise<void> {
    const folders = await this.#enter({ operation: "deleteEvent", mailbox, id: eventId }, options);
    const { stored, date, folder } = findStored(folders, mailbox, eventId);
    checkVersion(stored, date, mailbox, options);
    if (date === undefined) {
      folder.events.delete(eventId);
      return;
    }
    stored.exceptions.delete(date);
    stored.deletedDates.add(date);
  }

  async #enter(call: MemoryCall, options: CallOptions): Promise<MemoryMailbox> {
    options.signal?.throwIfAborted();
    this.calls.push(call);
    await this.#options.beforeCall?.(call);
    options.signal?.throwIfAborted();
    const known = this.#mailboxes.get(call.mailbox.toLowerCase());
    if (known !== undefined) return known;
    if (this.#options.mailboxes === undefined) return this.#addMailbox(call.mailbox);
    throw refuse("CALENDAR_MAILBOX_NOT_FOUND", `Cannot ${wordsOf(call.operation)}`, call.mailbox);
  }

  #addMailbox(address: string): MemoryMailbox {
    const folders: MemoryMailbox = new Map();
    this.#addFolder(folders, "Calendar", true);
    this.#mailboxes.set(address.toLowerCase(), folders);
    return folders;
  }

  #addFolder(folders: MemoryMailbox, name: string, isDefaultCalendar: boolean): MemoryFolder {
    const folder = {
      id: this.#nextId("calendar"),
      name,
      isDefaultCalendar,
      canEdit: true,
      events: new Map(),
    };
    folders.set(folder.id, folder);
    return folder;
  }

  #nextId(kind: string): string {
    this.#lastNumber += 1;
    return `${kind}-${this.#lastNumber}`;
  }

  #now(): Date {
    return this.#options.now?.() ?? new Date();
  }
}

function showFolder({ id, name, isDefaultCalendar, canEdit }: MemoryFolder): CalendarInfo {
  return { id, name, isDefaultCalendar, canEdit };
}

function findFolder(folders: MemoryMailbox, mailbox: string, calendarId: string | undefined): MemoryFolder {
  const folder =
    calendarId === undefined
      ? [...folders.values()].find((candidate) => candidate.isDefaultCalendar)
      : folders.get(calendarId);
  if (folder !== undefined) return folder;
  throw refuse("CALENDAR_NOT_FOUND", `No calendar "${String(calendarId)}"`, mailbox);
}

/** Finds what an id names: an event, or (`date` given) one occurrence of a series. */
function findStored(
  folders: MemoryMailbox,
  mailbox: string,
  eventId: string,
): { readonly stored: StoredEvent; readonly date: string | undefined; readonly folder: MemoryFolder } {
  const [, masterId, date] = /^(.+)\.(\d{4}-\d{2}-\d{2})$/.exec(eventId) ?? [undefined, eventId, undefined];
  for (const folder of folders.values()) {
    const stored = folder.events.get(masterId ?? eventId);
    if (stored === undefined) continue;
    if (date !== undefined && !findOccurrence(stored, date).exists) break;
    return { stored, date, folder };
  }
  throw refuse("CALENDAR_NOT_FOUND", `No event "${eventId}"`, mailbox);
}

function checkVersion(
  stored: StoredEvent,
  date: string | undefined,
  mailbox: string,
  options: ChangeOptions,
): void {
  const current = (date === undefined ? undefined : stored.exceptions.get(date)) ?? stored;
  if (options.changeKey === undefined || options.changeKey === current.changeKey) return;
  throw refuse(
    "CALENDAR_CONFLICT",
    `Event "${stored.id}" is at version "${current.changeKey}", wanted "${options.changeKey}"`,
    mailbox,
  );
}

function mergeDraft(draft: EventDraft, changes: Partial<EventDraft>): EventDraft {
  const properties = { ...draft.properties, ...changes.properties };
  return { ...draft, ...changes, properties };
}

function wordsOf(operation: string): string {
  return operation.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function refuse(code: CalendarErrorCode, message: string, mailbox: string): Error {
  return calendarError(code, `${message} in mailbox "${mailbox}"`, { details: { mailbox } });
}
