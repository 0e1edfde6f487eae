/**
 * Codes of the calendar floor.
 *
 * The rules are: both wings report the same cause by the same code; `details` carries what the server said,
 * verbatim (`status`, `code`, `innerCode`, `requestId`, `clientRequestId`, and for EWS `responseCode`).
 */
import { type ErrorOptions, type ErrorTable, NightlatchError } from "@nightlatch/credential";

/** Codes of this floor. */
export const CALENDAR_ERRORS = {
  CALENDAR_ACCESS_DENIED: {
    title: "The application may not do this in this mailbox",
    hint: "Grant the application permission Calendars.ReadWrite with administrator consent, and check whether an application access policy or RBAC scope leaves this mailbox out",
    retryable: false,
    exitCode: 1,
    httpStatus: 403,
  },
  CALENDAR_MAILBOX_NOT_FOUND: {
    title: "No mailbox has this address",
    hint: "Check the spelling of the address; a mailbox that was created minutes ago may still be on its way through the directory",
    retryable: false,
    exitCode: 1,
    httpStatus: 404,
  },
  CALENDAR_MAILBOX_NOT_ENABLED: {
    title: "The account exists but has no mailbox that Microsoft Graph can reach",
    hint: "Assign an Exchange Online licence, wait until the mailbox is provisioned, or use the EWS wing when it is hosted on an Exchange Server",
    retryable: false,
    exitCode: 1,
    httpStatus: 404,
  },
  CALENDAR_MAILBOX_FULL: {
    title: "The mailbox is over its quota",
    hint: "Free space in the mailbox or raise its quota, then run again",
    retryable: false,
    exitCode: 1,
    httpStatus: 507,
  },
  CALENDAR_IS_A_GROUP: {
    title: "The address belongs to a group, and group calendars cannot be written by an application",
    hint: "Expand the group into its members and write into their own calendars, or invite the group from a service mailbox",
    retryable: false,
    exitCode: 1,
    httpStatus: 422,
  },
  CALENDAR_GROUP_NOT_FOUND: {
    title: "No group has this address or id",
    hint: "Check the spelling of the group's address; a group that was created minutes ago may still be on its way through the directory",
    retryable: false,
    exitCode: 1,
    httpStatus: 404,
  },
  CALENDAR_NOT_FOUND: {
    title: "The calendar or event does not exist in this mailbox",
    hint: "List the calendar again: what this id named was deleted, moved to another mailbox, or never was here",
    retryable: false,
    exitCode: 1,
    httpStatus: 404,
  },
  CALENDAR_NAME_TAKEN: {
    title: "The mailbox already has a calendar of this name",
    hint: "Use the calendar that is there or choose another name",
    retryable: false,
    exitCode: 1,
    httpStatus: 409,
  },
  CALENDAR_CONFLICT: {
    title: "The event has changed since it was read",
    hint: "Read the event again and decide anew",
    retryable: false,
    exitCode: 1,
    httpStatus: 412,
  },
  CALENDAR_THROTTLED: {
    title: "The server keeps asking for a slower pace",
    hint: "Run again later, with fewer mailboxes at a time",
    retryable: true,
    exitCode: 1,
    httpStatus: 429,
  },
  CALENDAR_WRITE_UNCERTAIN: {
    title: "The answer to a write was lost, so it may or may not have happened",
    hint: "Look the event up before writing again, or run again: a repeated run finds what is there",
    retryable: false,
    exitCode: 1,
    httpStatus: 502,
  },
  CALENDAR_TOKEN_REFUSED: {
    title: "The calendar service does not accept the access token",
    hint: "Check that the token was issued for this cloud and audience, and that the clock of this machine is right",
    retryable: false,
    exitCode: 4,
    httpStatus: 502,
  },
  CALENDAR_REJECTED: {
    title: "The server refuses the request as it stands",
    hint: "Correct the event as the server's message says",
    retryable: false,
    exitCode: 1,
    httpStatus: 422,
  },
  CALENDAR_UNREADABLE_ANSWER: {
    title: "The answer is not what the protocol promises",
    hint: "Check whether a proxy or portal answers in place of the calendar service, then run again",
    retryable: true,
    exitCode: 1,
    httpStatus: 502,
  },
  CALENDAR_UNAVAILABLE: {
    title: "The calendar service cannot be reached or fails",
    hint: "Run again later; when it persists, check the network and the service's health page",
    retryable: true,
    exitCode: 1,
    httpStatus: 503,
  },
} as const satisfies ErrorTable;

/** Any code of this floor. */
export type CalendarErrorCode = keyof typeof CALENDAR_ERRORS;

/**
 * Makes an error of this floor.
 *
 * @param code - one of {@link CALENDAR_ERRORS}
 * @param message - what failed, with the value quoted; no full stop
 * @param options - hint, details, cause
 * @returns the error, to be thrown
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { calendarError } from "@nightlatch/calendar";
 *
 * const error = calendarError("CALENDAR_NOT_FOUND", 'Cannot get event "AAMk" of "room-12@school.example"');
 * assert.equal(error.httpStatus, 404);
 * ```
 */
export function calendarError(
  code: CalendarErrorCode,
  message: string,
  options?: ErrorOptions,
): NightlatchError {
  return new NightlatchError(CALENDAR_ERRORS, code, message, options);
}
