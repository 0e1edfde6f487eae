/**
 * What Exchange says when it says no, turned into codes of this floor.
 *
 * The rules are: decide by response code, number of `x-ms-diagnostics` or status, never by a sentence; keep
 * everything that the server said in `details`.
 */
import type { NightlatchError } from "@nightlatch/credential";
import { type HttpResponse, parseRetryAfter } from "@nightlatch/oauth";
import { type CalendarErrorCode, calendarError } from "../errors.ts";
import { parseDiagnostics } from "./diagnostics.ts";
import { RESPONSE_CODES } from "./response-codes.ts";
import { backOffMs, type ResponseMessage } from "./response-message.ts";

/** What was asked, for the message and the details of an error. */
export interface Asked {
  /** What was tried, as words that follow "Cannot", for example `get event "AAMk…" of "room-12@school.example"`. */
  readonly act: string;
  readonly mailbox: string;
  /** `client-request-id` that was sent. */
  readonly clientRequestId: string;
}

/** What else is known of an answer. */
export interface Answered {
  readonly response: HttpResponse;
  /** Build of the server. */
  readonly serverVersion?: string | undefined;
  /** Whether a SOAP fault brought the message. */
  readonly isFault?: boolean | undefined;
}

const BY_STATUS: Readonly<Record<number, CalendarErrorCode>> = {
  401: "CALENDAR_TOKEN_REFUSED",
  403: "CALENDAR_ACCESS_DENIED",
  408: "CALENDAR_UNAVAILABLE",
  429: "CALENDAR_THROTTLED",
};

const HINTS: Readonly<Record<number, string>> = {
  401: "Check that the token was issued for Exchange (scope https://outlook.office365.com/.default), and that an Exchange Server takes this way to sign in at all",
  403: "Check whether EWS is switched on for the organisation and the mailbox (EwsEnabled, EwsAllowedAppIDs) and whether an application access policy leaves the application out; Exchange Online ends EWS on 2027-04-01, the Graph wing goes on",
  404: "Check the endpoint: it is https://<host>/EWS/Exchange.asmx",
  410: "Use the Graph wing: this server has no EWS any more",
};

/**
 * Turns a response message or fault into an error.
 *
 * @param message - what the server said
 * @param asked - what was asked
 * @param answered - the answer around it
 * @returns the error, to be thrown
 */
export function messageError(message: ResponseMessage, asked: Asked, answered: Answered): NightlatchError {
  const { responseCode, messageText } = message;
  const known = Object.hasOwn(RESPONSE_CODES, responseCode) ? RESPONSE_CODES[responseCode] : undefined;
  const text = messageText === undefined || messageText === "" ? "" : ` "${oneLine(messageText)}"`;
  return calendarError(
    known?.code ?? "CALENDAR_REJECTED",
    `Cannot ${asked.act}: the server answered ${responseCode === "" ? "an error" : responseCode}${text}`,
    {
      hint: known?.hint,
      retryAfterMs: backOffMs(message),
      details: defined({
        ...answerDetails(answered, asked),
        responseCode,
        faultCode: answered.isFault === true ? responseCode : undefined,
        messageText,
        violation: message.values["Violation"],
      }),
    },
  );
}

/**
 * Turns an answer that is no SOAP into an error.
 *
 * @param response - the answer
 * @param asked - what was asked
 * @param nowMs - milliseconds since 1970
 * @returns the error, to be thrown
 */
export function statusError(response: HttpResponse, asked: Asked, nowMs: number): NightlatchError {
  const { status } = response;
  const diagnostics = parseDiagnostics(response.headers["x-ms-diagnostics"]);
  const reason = diagnostics === undefined ? "" : ` with ${diagnostics.id} "${oneLine(diagnostics.reason)}"`;
  return calendarError(
    diagnostics?.known?.code ?? codeOf(status),
    `Cannot ${asked.act}: the server answered ${status}${reason}`,
    {
      hint: diagnostics?.known?.hint ?? HINTS[status],
      retryAfterMs: parseRetryAfter(response.headers, nowMs),
      details: answerDetails({ response }, asked),
    },
  );
}

/**
 * Collects what is known of an answer, whatever it says.
 *
 * @param answered - the answer
 * @param asked - what was asked
 * @returns facts for `details`
 */
export function answerDetails(answered: Answered, asked: Asked): Readonly<Record<string, unknown>> {
  const { headers, status } = answered.response;
  return defined({
    mailbox: asked.mailbox,
    status,
    serverVersion: answered.serverVersion,
    xMsDiagnostics: headers["x-ms-diagnostics"],
    requestId: headers["request-id"],
    clientRequestId: headers["client-request-id"] ?? asked.clientRequestId,
    frontEndServer: headers["x-feserver"],
    backEndServer: headers["x-calculatedbetarget"] ?? headers["x-targetbeserver"],
    contentType: headers["content-type"],
  });
}

function codeOf(status: number): CalendarErrorCode {
  const known = BY_STATUS[status];
  if (known !== undefined) return known;
  if (status >= 500) return "CALENDAR_UNAVAILABLE";
  return status >= 400 ? "CALENDAR_REJECTED" : "CALENDAR_UNREADABLE_ANSWER";
}

function defined(facts: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
