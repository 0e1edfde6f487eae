/**
 * Graph's errors: one table from code to HTTP status and usual message, and the shape of an error answer.
 *
 * @see https://learn.microsoft.com/graph/errors
 */
import type { EmulatorResponse } from "../host/http.ts";
import { json } from "../host/http.ts";
import type { GraphIdentifiers } from "./headers.ts";

/** What the service answers under a code. */
interface GraphErrorEntry {
  readonly status: number;
  readonly message: string;
}

/** Every code that this surface answers. */
const GRAPH_ERRORS = {
  ApplicationThrottled: {
    status: 429,
    message: "Application is over its MailboxConcurrency limit.",
  },
  Authentication_MissingOrMalformed: { status: 401, message: "Access Token missing or malformed." },
  Authorization_RequestDenied: {
    status: 403,
    message: "Insufficient privileges to complete the operation.",
  },
  BadRequest: { status: 400, message: "Bad Request." },
  CannotDeleteOrUpdateEnabledEntitlement: {
    status: 400,
    message: "Permission (scope or role) cannot be deleted or updated unless disabled first.",
  },
  Directory_ObjectNotFound: {
    status: 404,
    message: "Unable to read the company information from the directory.",
  },
  ErrorAccessDenied: { status: 403, message: "Access is denied. Check credentials and try again." },
  ErrorCalendarDurationIsTooLong: { status: 400, message: "Duration is too long." },
  ErrorCalendarInvalidRecurrence: { status: 400, message: "The recurrence pattern is invalid." },
  ErrorCalendarViewRangeTooBig: {
    status: 400,
    message: "The specified view range exceeds the maximum range of 1825 days.",
  },
  ErrorCannotDeleteObject: { status: 400, message: "Cannot delete this calendar." },
  ErrorFolderExists: {
    status: 409,
    message: "A folder with the specified name already exists.",
  },
  ErrorGroupIsUsedInNonGroupURI: { status: 404, message: "Group Shard is used in non-Groups URI." },
  ErrorInvalidIdMalformed: { status: 400, message: "Id is malformed." },
  ErrorInvalidParameter: { status: 400, message: "The parameter is invalid." },
  ErrorInvalidRequest: { status: 400, message: "Your request can't be completed." },
  ErrorInvalidUrlQuery: { status: 400, message: "The URL query is invalid." },
  ErrorInvalidUser: { status: 404, message: "The requested user is invalid." },
  ErrorIrresolvableConflict: {
    status: 412,
    message:
      "The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item.",
  },
  ErrorItemNotFound: { status: 404, message: "The specified object was not found in the store." },
  ErrorMessageSizeExceeded: {
    status: 413,
    message: "The message exceeds the maximum supported size.",
  },
  ErrorMissingArgument: { status: 400, message: "The required argument is missing." },
  ErrorNonExistentMailbox: {
    status: 404,
    message: "The SMTP address has no mailbox associated with it.",
  },
  ErrorOccurrenceCrossingBoundary: {
    status: 400,
    message: "Modified occurrence is crossing or overlapping adjacent occurrence.",
  },
  ErrorPropertyValidationFailure: { status: 400, message: "At least one property failed validation." },
  ExtensionError: {
    status: 403,
    message: "Operation: Create; Exception: [Status Code: Forbidden; Reason: Access to OData is disabled.]",
  },
  HostNameNotOnVerifiedDomain: {
    status: 400,
    message:
      "Values of identifierUris property must use a verified domain of the organization or its subdomain.",
  },
  InvalidAuthenticationToken: { status: 401, message: "Access token is empty." },
  InvalidDeltaToken: { status: 400, message: "The delta token is invalid." },
  InvalidRequest: { status: 400, message: "The request is invalid." },
  InvalidAccessTokenVersion: {
    status: 400,
    message: "Property api.requestedAccessTokenVersion is invalid.",
  },
  KeyCredentialsInvalidEndDate: { status: 400, message: "Key credential end date is invalid." },
  KeyCredentialsInvalidStartDate: { status: 400, message: "Key credential start date is invalid." },
  KeyCredentialsInvalidValue: { status: 400, message: "Key credential value is invalid." },
  MailboxNotEnabledForRESTAPI: {
    status: 404,
    message: "REST API is not yet supported for this mailbox.",
  },
  MaximumValueExceeded: {
    status: 400,
    message: "Number of batch request steps exceeds the maximum value of 20.",
  },
  NoBackingApplicationObject: {
    status: 400,
    message: "The appId of the service principal does not reference a valid application object.",
  },
  Request_BadRequest: { status: 400, message: "Invalid request." },
  Request_MultipleObjectsWithSameKeyValue: {
    status: 400,
    message: "Another object with the same value for property identifierUris already exists.",
  },
  Request_ResourceNotFound: {
    status: 404,
    message: "Resource does not exist or one of its queried reference-property objects are not present.",
  },
  Request_UnsupportedQuery: { status: 400, message: "Unsupported Query." },
  RequestBodyRead: { status: 400, message: "The request body could not be read." },
  ResourceNotFound: { status: 404, message: "Resource could not be discovered." },
  SyncStateNotFound: {
    status: 410,
    message: "The sync state generation is not found; continue with a full synchronization.",
  },
  TimeZoneNotSupportedException: {
    status: 400,
    message: "A valid TimeZone value must be specified.",
  },
  TooManyRequests: { status: 429, message: "Too many requests." },
  resyncRequired: {
    status: 410,
    message: "Resync required. Replace any local items with the server's version.",
  },
  UnknownError: { status: 500, message: "An internal server error has occurred." },
  ValidationError: { status: 400, message: "The server committed a protocol violation." },
} as const satisfies Readonly<Record<string, GraphErrorEntry>>;

/** A code of {@link GRAPH_ERRORS}. */
export type GraphErrorCode = keyof typeof GRAPH_ERRORS;

/** A refusal on its way to the caller; the surface turns it into an answer. */
export class GraphFault extends Error {
  readonly code: GraphErrorCode;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: GraphErrorCode,
    message?: string,
    options: {
      readonly status?: number | undefined;
      readonly headers?: Readonly<Record<string, string>> | undefined;
    } = {},
  ) {
    super(message ?? GRAPH_ERRORS[code].message);
    this.code = code;
    this.status = options.status ?? GRAPH_ERRORS[code].status;
    this.headers = options.headers ?? {};
  }
}

/**
 * Writes an error answer.
 *
 * @param fault - the refusal
 * @param identifiers - ids of the request
 * @param nowMs - milliseconds since 1970 UTC
 * @returns status and JSON body `{"error":{"code","message","innerError":{…}}}`
 */
export function formatFault(
  fault: GraphFault,
  identifiers: GraphIdentifiers,
  nowMs: number,
): EmulatorResponse {
  const innerError = {
    ...(fault.status === 429 ? { code: "429" } : {}),
    date: new Date(nowMs).toISOString().slice(0, 19),
    "request-id": identifiers.requestId,
    "client-request-id": identifiers.clientRequestId,
  };
  return json(
    fault.status,
    { error: { code: fault.code, message: fault.message, innerError } },
    fault.headers,
  );
}
