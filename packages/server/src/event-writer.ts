/**
 * Writes that are conditional, repeatable, and one at a time per event.
 *
 * The rules are: a condition is checked against the version that is changed, not against one read before; a PUT
 * that is sent again changes nothing; two PUTs of one source id that arrive together make one event; a create
 * whose answer was lost is looked up before anything else happens.
 */
import { randomUUID } from "node:crypto";
import type { CalendarEvent, CalendarPort, EventDraft } from "@nightlatch/calendar";
import { isNightlatchError } from "@nightlatch/credential";
import { changeKeyOfTag, formatEventTag, readWantedTags } from "./etag.ts";
import { SOURCE_PROPERTY } from "./event-resource.ts";
import { problem } from "./problem.ts";

/** An event of a caller, named by the caller. */
export interface SourceTarget {
  readonly mailbox: string;
  /** Value of {@link SOURCE_PROPERTY}. */
  readonly source: string;
  readonly calendarId?: string | undefined;
  /** Value of `If-Match`. */
  readonly ifMatch?: string | undefined;
  /** Value of `If-None-Match`; only `*` has a meaning for a write. */
  readonly ifNoneMatch?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a PUT did. */
export interface PutOutcome {
  readonly event: CalendarEvent;
  readonly isCreated: boolean;
}

/** Conditional writes over a calendar. */
export interface EventWriter {
  /** Creates or replaces the event that the caller named. */
  putBySource(target: SourceTarget, draft: EventDraft): Promise<PutOutcome>;
  /** Deletes it. @returns false when there was none */
  deleteBySource(target: SourceTarget): Promise<boolean>;
  /** Gives the change key that a condition on an event allows; `undefined` when any version will do. */
  wantedChangeKey(
    mailbox: string,
    eventId: string,
    ifMatch: string | undefined,
    signal?: AbortSignal,
  ): Promise<string | undefined>;
}

/** Makes a writer; one per app, because it keeps writes to one event in order. */
export function createEventWriter(calendar: CalendarPort): EventWriter {
  const inOrder = createQueues();
  const find = (target: SourceTarget): Promise<readonly CalendarEvent[]> =>
    calendar.findEvents(target.mailbox, {
      name: SOURCE_PROPERTY,
      value: target.source,
      calendarId: target.calendarId,
      signal: target.signal,
    });

  const create = async (target: SourceTarget, draft: EventDraft): Promise<CalendarEvent> => {
    try {
      return await calendar.createEvent(target.mailbox, draft, {
        calendarId: target.calendarId,
        transactionId: randomUUID(),
        signal: target.signal,
      });
    } catch (error) {
      if (!isNightlatchError(error) || error.code !== "CALENDAR_WRITE_UNCERTAIN") throw error;
      const [found] = await find(target);
      if (found === undefined) throw error;
      return found;
    }
  };

  const put = async (target: SourceTarget, draft: EventDraft): Promise<PutOutcome> => {
    const own: EventDraft = { ...draft, properties: { [SOURCE_PROPERTY]: target.source } };
    const [found, ...copies] = await find(target);
    if (found === undefined) {
      if (target.ifMatch !== undefined)
        throw preconditionFailed("There is no such event yet, and If-Match asks for one");
      return { event: await create(target, own), isCreated: true };
    }
    if (target.ifNoneMatch?.trim() === "*")
      throw preconditionFailed("The event exists already, and If-None-Match asks for none");
    const changeKey = pickChangeKey(found, target.ifMatch);
    const event = await calendar.updateEvent(target.mailbox, found.id, replaceWith(own), {
      changeKey,
      signal: target.signal,
    });
    // Two servers that created the same source id at the same moment leave two; the next PUT heals it.
    for (const copy of copies) await calendar.deleteEvent(target.mailbox, copy.id, { signal: target.signal });
    return { event, isCreated: false };
  };

  return {
    putBySource: (target, draft) => inOrder(keyOf(target), () => put(target, draft)),
    deleteBySource: (target) =>
      inOrder(keyOf(target), async () => {
        const found = await find(target);
        for (const event of found) {
          const changeKey = pickChangeKey(event, target.ifMatch);
          await calendar.deleteEvent(target.mailbox, event.id, { changeKey, signal: target.signal });
        }
        return found.length > 0;
      }),
    async wantedChangeKey(mailbox, eventId, ifMatch, signal) {
      const tags = readWantedTags(ifMatch);
      if (tags === undefined || tags.length === 1) return tags?.[0] && changeKeyOfTag(tags[0]);
      return pickChangeKey(await calendar.getEvent(mailbox, eventId, { signal }), ifMatch);
    },
  };
}

/** A PUT replaces: what the draft does not name goes back to what a new event has. */
function replaceWith(draft: EventDraft): EventDraft {
  return {
    isAllDay: false,
    location: "",
    body: { contentType: "text", content: "" },
    categories: [],
    showAs: "busy",
    sensitivity: "normal",
    attendees: [],
    ...draft,
  };
}

function pickChangeKey(event: CalendarEvent, ifMatch: string | undefined): string | undefined {
  const tags = readWantedTags(ifMatch);
  if (tags === undefined) return undefined;
  const current = formatEventTag(event.changeKey);
  if (tags.includes(current)) return event.changeKey;
  throw preconditionFailed(`The event is at version ${current}, wanted ${tags.join(" or ")}`);
}

function preconditionFailed(message: string): Error {
  return problem("SERVER_PRECONDITION_FAILED", message);
}

function keyOf(target: SourceTarget): string {
  return `${target.mailbox.toLowerCase()} ${target.source}`;
}

/** Runs what has the same key one after the other. */
function createQueues(): <T>(key: string, act: () => Promise<T>) => Promise<T> {
  const tails = new Map<string, Promise<unknown>>();
  return async (key, act) => {
    const before = tails.get(key) ?? Promise.resolve();
    const mine = before.then(act, act);
    tails.set(key, mine);
    try {
      return await mine;
    } finally {
      if (tails.get(key) === mine) tails.delete(key);
    }
  };
}
