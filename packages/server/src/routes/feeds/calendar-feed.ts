/** Answers with a mailbox's calendar as iCalendar text; both feed routes end here. */
import type { Context } from "hono";
import type { AppEnv } from "../../app-env.ts";
import { isNotModified, makeContentTag } from "../../etag.ts";
import { formatCalendar } from "../../ics/calendar-document.ts";
import { readWindow, type TimedEvent } from "../../list-page.ts";
import type { Services } from "../../services.ts";
import type { TimeWindow } from "../../window.ts";

/** What of which mailbox a feed shows. */
export interface FeedRequest {
  readonly mailbox: string;
  readonly window: TimeWindow;
  readonly calendarId?: string | undefined;
  /** Whether private events show their time only. */
  readonly maskPrivate: boolean;
}

/**
 * Answers a feed, or 304 when the caller has it already.
 *
 * @param request - what is shown
 * @param context - the request
 * @param services - the calendar and the clock
 */
export async function answerFeed(
  request: FeedRequest,
  context: Context<AppEnv>,
  services: Services,
): Promise<Response> {
  const events: TimedEvent[] = [];
  const query = {
    ...request.window,
    calendarId: request.calendarId,
    properties: [],
    signal: context.req.raw.signal,
  };
  for await (const event of readWindow(services.calendar, request.mailbox, query)) events.push(event);
  // The order among equal starts is not promised by the calendar, and the ETag hangs on it.
  events.sort((left, right) => left.startMs - right.startMs || (left.event.id < right.event.id ? -1 : 1));
  const text = formatCalendar({
    name: request.mailbox,
    events,
    window: request.window,
    ianaZone: services.ianaZone,
    now: services.now(),
    maskPrivate: request.maskPrivate,
  });
  const tag = makeContentTag(text);
  context.header("ETag", tag);
  context.header("Cache-Control", "private, max-age=300");
  if (isNotModified(context.req.header("if-none-match"), tag)) return context.body(null, 304);
  context.header("Content-Disposition", 'inline; filename="calendar.ics"');
  return context.body(text, 200, { "Content-Type": "text/calendar; charset=utf-8" });
}
