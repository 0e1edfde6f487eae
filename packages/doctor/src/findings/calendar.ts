import type { FindingTable } from "../finding.ts";
import { SOURCES } from "./sources.ts";

/** Findings about events, calendar requests, feeds and the runs that carry events over. */
export const CALENDAR_FINDINGS = {
  EVENT_ALL_DAY_TIMES: {
    severity: "fault",
    title: "An all-day event does not run from midnight to midnight",
    see: [SOURCES.graphEvent],
  },
  EVENT_ALL_DAY_IS_DATE: {
    severity: "info",
    title: "An all-day event is a date, not a moment",
    see: [SOURCES.graphEvent],
  },
  EVENT_SERIES_START: {
    severity: "warning",
    title: "The series does not begin on the day on which its first event starts",
    see: [SOURCES.graphEvent],
  },
  EVENT_UID_READ_ONLY: {
    severity: "warning",
    title: "Graph chooses the UID; what is sent is dropped",
    see: [SOURCES.graphEvent, SOURCES.graphExtendedProperties],
  },
  EVENT_TIME_ZONE: {
    severity: "fault",
    title: "Exchange does not know this time zone",
    see: [SOURCES.graphDateTimeTimeZone],
  },
  EVENTS_REPEATED: {
    severity: "warning",
    title: "The calendar holds the same event more than once",
    see: [SOURCES.graphEvent, SOURCES.graphExtendedProperties],
  },
  EVENTS_PAGE: {
    severity: "info",
    title: "This is one page of the list, not all of it",
    see: [SOURCES.graphPaging],
  },
  EVENTS_PRIVATE: {
    severity: "info",
    title: "An application sees private events whole",
    see: [SOURCES.mailboxScoping],
  },
  SERIES_OCCURRENCE_CANCELLED: {
    severity: "warning",
    title: "Occurrences are missing: they were cancelled, and no answer says so",
    see: [SOURCES.graphEvent, SOURCES.graphDeltaEvents],
  },
  SERIES_CANCELLATIONS_HIDDEN: {
    severity: "info",
    title: "A series does not show its cancelled occurrences by itself",
    see: [SOURCES.graphEvent],
  },
  CALENDAR_FILTER_UNSUPPORTED: {
    severity: "fault",
    title: "Graph cannot filter events by this property",
    see: [SOURCES.graphFilter, SOURCES.graphExtendedProperties],
  },
  CALENDAR_WINDOW_MISSING: {
    severity: "fault",
    title: "A calendar view needs startDateTime and endDateTime",
    see: [SOURCES.graphCalendarView],
  },
  CALENDAR_WINDOW_REVERSED: {
    severity: "fault",
    title: "The window of the calendar view ends before it begins",
    see: [SOURCES.graphCalendarView],
  },
  CALENDAR_WINDOW_PLUS: {
    severity: "warning",
    title: "The + of a zone offset in the address is read as a blank",
    see: [SOURCES.graphCalendarView],
  },
  CALENDAR_DELTA_PATH: {
    severity: "fault",
    title: "Changes cannot be tracked on this path",
    see: [SOURCES.graphDeltaEvents],
  },
  CALENDAR_DELTA_OPTIONS: {
    severity: "warning",
    title: "Change tracking of a calendar view does not take this option",
    see: [SOURCES.graphDeltaEvents],
  },
  CALENDAR_DELTA_EVENTS: {
    severity: "info",
    title: "Change tracking over a whole calendar gives ids, not whole events",
    see: [SOURCES.graphDeltaEvents],
  },
  FEED_ZONE_WINDOWS: {
    severity: "warning",
    title: "The feed names Windows time zones and does not define them",
    see: [SOURCES.rfc5545Tzid, SOURCES.windowsZones],
  },
  FEED_ZONE_UNDEFINED: {
    severity: "warning",
    title: "The feed uses time zones without a VTIMEZONE",
    see: [SOURCES.rfc5545Tzid],
  },
  FEED_EXDATE_UNMATCHED: {
    severity: "warning",
    title: "An excluded date has another form than the start, so it excludes nothing or the wrong day",
    see: [SOURCES.rfc5545Exdate],
  },
  FEED_UID_REPEATED: {
    severity: "warning",
    title: "One UID stands at several events",
    see: [SOURCES.rfc5545Uid],
  },
  FEED_EMPTY: {
    severity: "warning",
    title: "The feed holds no event",
    see: [SOURCES.rfc5545Calendar],
  },
  FEED_CUT: {
    severity: "warning",
    title: "The feed ends before END:VCALENDAR",
    see: [SOURCES.rfc5545Calendar],
  },
  FEED_VALID: { severity: "ok", title: "The feed is in order", see: [SOURCES.rfc5545Calendar] },
  SOURCE_EMPTY_DELETES: {
    severity: "fault",
    title: "The source could not be read, was taken for empty, and everything was deleted",
    see: [SOURCES.emptySource],
  },
  POLICY_SCOPE_GROUPS: {
    severity: "info",
    title: "An application access policy does not reach the mailboxes of groups",
    see: [SOURCES.mailboxScoping],
  },
  POLICY_DENIES: {
    severity: "fault",
    title: "The scoping of the application leaves this mailbox out",
    see: [SOURCES.mailboxScoping, SOURCES.exchangeRbac],
  },
  CLIENT_TOKEN_CACHE: {
    severity: "warning",
    title: "The library's token cache has grown, and each look into it reads all of it",
    see: [SOURCES.msalTokenCache],
  },
  REQUEST_TOKEN_REPEATED: {
    severity: "warning",
    title: "The same token was asked for again and again while it was still good",
    see: [SOURCES.clientCredentials, SOURCES.msalTokenCache],
  },
} as const satisfies FindingTable;
