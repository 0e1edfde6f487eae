/**
 * What Graph says when it says no, turned into codes of this floor.
 *
 * The rules are: decide by status and `error.code`, never by the message, which changes without notice; keep
 * everything the server said in `details`.
 *
 * @see Microsoft Graph, "Microsoft Graph error responses and resource types"
 */
import type { NightlatchError } from "@nightlatch/credential";
import type { HttpResponse } from "@nightlatch/oauth";
import { type CalendarErrorCode, calendarError } from "../errors.ts";
import { isRecord, recordOf, stringOf, type WireRecord } from "./wire.ts";

/** What was asked, for the message and the details of an error. */
export interface Asked {
  /** What was tried, as words that follow "Cannot", for example `get event "AAMk…" of "room-12@school.example"`. */
  readonly act: string;
  /** Mailbox, or group; absent for the directory. */
  readonly mailbox?: string | undefined;
  /** `client-request-id` that was sent. */
  readonly clientRequestId: string;
}

/** Codes of Graph that mean the same whatever their status. */
const BY_CODE: Readonly<Record<string, CalendarErrorCode>> = {
  ErrorGroupIsUsedInNonGroupURI: "CALENDAR_IS_A_GROUP",
  MailboxNotEnabledForRESTAPI: "CALENDAR_MAILBOX_NOT_ENABLED",
  MailboxNotSupportedForRESTAPI: "CALENDAR_MAILBOX_NOT_ENABLED",
  ErrorNonExistentMailbox: "CALENDAR_MAILBOX_NOT_FOUND",
  ErrorInvalidUser: "CALENDAR_MAILBOX_NOT_FOUND",
  Request_ResourceNotFound: "CALENDAR_MAILBOX_NOT_FOUND",
  ResourceNotFound: "CALENDAR_MAILBOX_NOT_FOUND",
  ErrorItemNotFound: "CALENDAR_NOT_FOUND",
  ErrorFolderNotFound: "CALENDAR_NOT_FOUND",
  ErrorInvalidIdMalformed: "CALENDAR_NOT_FOUND",
  ErrorCalendarOccurrenceIsDeletedFromRecurrence: "CALENDAR_NOT_FOUND",
  ErrorIrresolvableConflict: "CALENDAR_CONFLICT",
  ErrorFolderExists: "CALENDAR_NAME_TAKEN",
  ErrorQuotaExceeded: "CALENDAR_MAILBOX_FULL",
  ErrorAccessDenied: "CALENDAR_ACCESS_DENIED",
  Authorization_RequestDenied: "CALENDAR_ACCESS_DENIED",
  ErrorServerBusy: "CALENDAR_THROTTLED",
  ApplicationThrottled: "CALENDAR_THROTTLED",
  TooManyRequests: "CALENDAR_THROTTLED",
  activityLimitReached: "CALENDAR_THROTTLED",
  ErrorInternalServerTransientError: "CALENDAR_UNAVAILABLE",
};

const BY_STATUS: Readonly<Record<number, CalendarErrorCode>> = {
  401: "CALENDAR_TOKEN_REFUSED",
  403: "CALENDAR_ACCESS_DENIED",
  404: "CALENDAR_NOT_FOUND",
  408: "CALENDAR_UNAVAILABLE",
  409: "CALENDAR_CONFLICT",
  412: "CALENDAR_CONFLICT",
  429: "CALENDAR_THROTTLED",
  507: "CALENDAR_MAILBOX_FULL",
};

/** Next acts where the code of Graph says more than ours. */
const HINTS: Readonly<Record<string, string>> = {
  Authorization_RequestDenied:
    "Grant the application permission that reads the directory (User.Read.All, GroupMember.Read.All) with administrator consent",
  MailboxNotEnabledForRESTAPI:
    "Assign an Exchange Online licence and wait until the mailbox is provisioned; a mailbox on an Exchange Server needs the EWS wing",
  ErrorOccurrenceCrossingBoundary:
    "Keep a moved occurrence between its neighbours: it may not reach the day of the one before or after",
  ErrorCalendarViewRangeTooBig: "Ask for a shorter window: Graph expands at most 1,825 days at once",
  ErrorInvalidIdMalformed:
    "Pass the id exactly as it was read from this mailbox: ids are case-sensitive and must not be shortened",
};

/** The text by which Exchange tells a policy from a missing permission; nothing else in the answer differs. */
const ODATA_DISABLED = "Access to OData is disabled.";

/**
 * Turns an answer that is no success into an error.
 *
 * @param response - the answer
 * @param asked - what was asked
 * @param retryAfterMs - what the server asked to wait, in milliseconds
 * @returns the error, to be thrown
 */
export function refusalError(
  response: HttpResponse,
  asked: Asked,
  retryAfterMs?: number | undefined,
): NightlatchError {
  const error = readError(response);
  const code = stringOf(error, "code");
  const message = stringOf(error, "message");
  const ours = codeOf(response.status, code);
  return calendarError(ours, `Cannot ${asked.act}: ${say(response.status, code, message)}`, {
    hint: hintOf(code, message),
    details: refusalDetails(response, asked, error),
    retryAfterMs,
  });
}

/**
 * Collects what a server said, verbatim.
 *
 * @param response - the answer
 * @param asked - what was asked
 * @param error - its `error` member; read from the answer when absent
 * @returns facts for `details`
 */
export function refusalDetails(
  response: HttpResponse,
  asked: Asked,
  error: WireRecord = readError(response),
): Readonly<Record<string, unknown>> {
  const inner = isRecord(error["innerError"]) ? error["innerError"] : recordOf(error, "innererror");
  const facts = {
    mailbox: asked.mailbox,
    status: response.status,
    code: stringOf(error, "code"),
    innerCode: stringOf(inner, "code"),
    serverMessage: stringOf(error, "message"),
    requestId: stringOf(inner, "request-id") ?? response.headers["request-id"],
    clientRequestId:
      stringOf(inner, "client-request-id") ?? response.headers["client-request-id"] ?? asked.clientRequestId,
    date: stringOf(inner, "date"),
    diagnostic: response.headers["x-ms-ags-diagnostic"],
    exchangeDiagnostic: response.headers["x-ms-diagnostics"],
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

function codeOf(status: number, code: string | undefined): CalendarErrorCode {
  const known = code === undefined ? undefined : BY_CODE[code];
  // An error code in a 401 says why the token is bad, not that something is missing.
  if (known !== undefined && status !== 401) return known;
  return BY_STATUS[status] ?? (status >= 500 ? "CALENDAR_UNAVAILABLE" : statusBelow500(status));
}

function statusBelow500(status: number): CalendarErrorCode {
  return status >= 400 ? "CALENDAR_REJECTED" : "CALENDAR_UNREADABLE_ANSWER";
}

function hintOf(code: string | undefined, message: string | undefined): string | undefined {
  if (code === "ErrorAccessDenied" && message?.includes(ODATA_DISABLED)) {
    return "An application access policy or RBAC scope leaves this mailbox out, or was changed within the last hour: put the mailbox into its group, then check with Test-ApplicationAccessPolicy";
  }
  return code === undefined ? undefined : HINTS[code];
}

function say(status: number, code: string | undefined, message: string | undefined): string {
  if (code === undefined) return `the server answered ${status}`;
  const text = message === undefined || message === "" ? "" : ` "${message.replace(/\s+/g, " ").trim()}"`;
  return `the server answered ${status} ${code}${text}`;
}

function readError(response: HttpResponse): WireRecord {
  try {
    const body: unknown = response.json();
    return isRecord(body) ? recordOf(body, "error") : {};
  } catch {
    return {};
  }
}
