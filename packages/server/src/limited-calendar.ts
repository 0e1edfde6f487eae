/**
 * A calendar that is never asked too much at once: so many calls altogether, so many to one mailbox, and so many
 * in the queue before callers are sent away.
 *
 * @see facts of Exchange Online: at most 4 requests at one time per application and mailbox
 */
import type { CalendarEvent, CalendarPort } from "@nightlatch/calendar";
import { problem } from "./problem.ts";

/** Bounds of a {@link limitCalendar}. */
export interface CalendarLimits {
  /** Calls at one time. */
  readonly maxCalls: number;
  /** Calls to one mailbox at one time. */
  readonly maxCallsPerMailbox: number;
  /** Calls that may wait for their turn. */
  readonly maxWaitingCalls: number;
}

/**
 * Puts bounds on a calendar.
 *
 * @param calendar - the calendar itself
 * @param limits - each at least 1, `maxWaitingCalls` at least 0
 * @returns the same port; calls beyond the bounds wait, calls beyond the queue throw `SERVER_BUSY`
 * @throws {RangeError} when a bound is not such an integer
 */
export function limitCalendar(calendar: CalendarPort, limits: CalendarLimits): CalendarPort {
  const turnstile = createTurnstile(limits);
  const run = async <T>(
    mailbox: string,
    signal: AbortSignal | undefined,
    call: () => Promise<T>,
  ): Promise<T> => {
    const leave = await turnstile.enter(mailbox.toLowerCase(), signal);
    try {
      return await call();
    } finally {
      leave();
    }
  };
  async function* listEvents(
    mailbox: string,
    window: Parameters<CalendarPort["listEvents"]>[1],
  ): AsyncGenerator<CalendarEvent> {
    const leave = await turnstile.enter(mailbox.toLowerCase(), window.signal);
    try {
      yield* calendar.listEvents(mailbox, window);
    } finally {
      leave();
    }
  }
  return {
    wing: calendar.wing,
    listEvents,
    listCalendars: (mailbox, options) =>
      run(mailbox, options?.signal, () => calendar.listCalendars(mailbox, options)),
    createCalendar: (mailbox, name, options) =>
      run(mailbox, options?.signal, () => calendar.createCalendar(mailbox, name, options)),
    deleteCalendar: (mailbox, id, options) =>
      run(mailbox, options?.signal, () => calendar.deleteCalendar(mailbox, id, options)),
    getEvent: (mailbox, id, options) =>
      run(mailbox, options?.signal, () => calendar.getEvent(mailbox, id, options)),
    findEvents: (mailbox, query) => run(mailbox, query.signal, () => calendar.findEvents(mailbox, query)),
    createEvent: (mailbox, draft, options) =>
      run(mailbox, options?.signal, () => calendar.createEvent(mailbox, draft, options)),
    updateEvent: (mailbox, id, changes, options) =>
      run(mailbox, options?.signal, () => calendar.updateEvent(mailbox, id, changes, options)),
    deleteEvent: (mailbox, id, options) =>
      run(mailbox, options?.signal, () => calendar.deleteEvent(mailbox, id, options)),
  };
}

interface Waiter {
  readonly key: string;
  readonly admit: () => void;
}

interface Turnstile {
  enter(key: string, signal: AbortSignal | undefined): Promise<() => void>;
}

function createTurnstile(limits: CalendarLimits): Turnstile {
  checkLimits(limits);
  let running = 0;
  const runningByKey = new Map<string, number>();
  const waiting: Waiter[] = [];
  const isFree = (key: string): boolean =>
    running < limits.maxCalls && (runningByKey.get(key) ?? 0) < limits.maxCallsPerMailbox;
  const occupy = (key: string): (() => void) => {
    running += 1;
    runningByKey.set(key, (runningByKey.get(key) ?? 0) + 1);
    return () => {
      running -= 1;
      const left = (runningByKey.get(key) ?? 1) - 1;
      if (left === 0) runningByKey.delete(key);
      else runningByKey.set(key, left);
      const next = waiting.findIndex((waiter) => isFree(waiter.key));
      if (next >= 0) waiting.splice(next, 1)[0]?.admit();
    };
  };
  return {
    async enter(key, signal) {
      signal?.throwIfAborted();
      if (isFree(key)) return occupy(key);
      if (waiting.length >= limits.maxWaitingCalls)
        throw problem("SERVER_BUSY", `${waiting.length} calls already wait for the calendar`, {
          retryAfterMs: 2000,
        });
      return await new Promise<() => void>((resolve, reject) => {
        const waiter: Waiter = {
          key,
          admit: () => {
            signal?.removeEventListener("abort", giveUp);
            resolve(occupy(key));
          },
        };
        const giveUp = (): void => {
          waiting.splice(waiting.indexOf(waiter), 1);
          reject(signal?.reason);
        };
        signal?.addEventListener("abort", giveUp, { once: true });
        waiting.push(waiter);
      });
    },
  };
}

function checkLimits(limits: CalendarLimits): void {
  for (const [name, value] of Object.entries(limits)) {
    const least = name === "maxWaitingCalls" ? 0 : 1;
    if (!Number.isInteger(value) || value < least)
      throw new RangeError(`${name} is ${value}, wanted an integer of at least ${least}`);
  }
}
