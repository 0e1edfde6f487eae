/** REST API and ICS feeds over Microsoft 365 calendars. */
export { createApp } from "./app.ts";
export { SERVER_ERRORS, type ServerErrorCode } from "./errors.ts";
export { createFeedToken, createFeedUrl } from "./feed-url.ts";
export { type CalendarDocument, formatCalendar } from "./ics/calendar-document.ts";
export { formatTimeZone } from "./ics/time-zone.ts";
export type {
  AnonymousAuthentication,
  AppOptions,
  BearerAuthentication,
  Caller,
  FeedOptions,
  KeyTransport,
  LogEntry,
  Logger,
  MailboxPolicy,
} from "./options.ts";
export type { InvalidPart, ProblemDetails } from "./problem.ts";
export { type FetchApp, type RunningServer, type ServeOptions, serve } from "./serve.ts";
