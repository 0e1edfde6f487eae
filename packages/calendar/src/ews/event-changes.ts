/** Changes of a calendar since a state that the server gave out. */
import type { CallOptions } from "../calendar.ts";
import { calendarError } from "../errors.ts";
import type { CalendarEvent } from "../event.ts";
import { readEvent, VIEW_FIELDS } from "./event-codec.ts";
import { syncFolderItems } from "./operations/sync-folder-items.ts";
import type { Question } from "./question.ts";
import { childOf, type XmlElement } from "./xml-element.ts";

/** Options of `EwsCalendar.listChanges`. */
export interface ListChangesOptions extends CallOptions {
  /** State of the last reading; everything is read when absent. */
  readonly syncState?: string | undefined;
  /** Calendar folder; the default calendar when absent. */
  readonly calendarId?: string | undefined;
  /** Names of own properties to read with each event. */
  readonly properties?: readonly string[] | undefined;
}

/** What a change does, before the state that comes after it is known. */
type Changed =
  | { readonly type: "created" | "updated"; readonly event: CalendarEvent }
  | { readonly type: "deleted"; readonly eventId: string };

/** One change, or the state after those before it. */
export type EventChange = Changed | { readonly type: "state"; readonly syncState: string };

/**
 * Lists changes. After each page of the server comes the state from which a later reading goes on; a page whose
 * state was not seen is read again then.
 *
 * @param question - who asks about what
 * @param options - where to begin
 * @returns the changes, each page ended by its state
 * @throws {NightlatchError} `CALENDAR_…` by cause
 */
export async function* listChanges(
  question: Question,
  options: ListChangesOptions,
): AsyncGenerator<EventChange> {
  const { calendarId, properties = [], signal } = options;
  const shape = { fields: VIEW_FIELDS, properties };
  for (let { syncState } = options, isLast = false; !isLast; ) {
    const page = await syncFolderItems(question, calendarId, syncState, shape, readChange);
    for (const change of page.changes) {
      signal?.throwIfAborted();
      if (change !== undefined) yield change;
    }
    yield { type: "state", syncState: page.syncState };
    // The same state again with more to come would be read for ever.
    if (!page.isLast && page.syncState === syncState) throw standstill(question);
    ({ syncState, isLast } = page);
  }
}

function readChange(element: XmlElement): Changed | undefined {
  if (element.name === "t:Delete") {
    const eventId = childOf(element, "t:ItemId")?.attributes["Id"];
    if (eventId === undefined) throw new RangeError("a deletion has no id");
    return { type: "deleted", eventId };
  }
  // What else lies in a calendar folder, a stray mail for example, is no event.
  const item = childOf(element, "t:CalendarItem");
  if (item === undefined) return undefined;
  return { type: element.name === "t:Create" ? "created" : "updated", event: readEvent(item) };
}

function standstill({ act, mailbox }: Question): Error {
  return calendarError("CALENDAR_UNREADABLE_ANSWER", `Cannot ${act}: the sync state does not move on`, {
    details: { mailbox },
  });
}
