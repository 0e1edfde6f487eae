/**
 * Response codes of EWS that mean something to a caller, with the next act where it is more than our own hint says.
 *
 * The rules are: a code that is not here passes as `CALENDAR_REJECTED` with its name in `details.responseCode`; no
 * code is told by its text, which changes with the language of the mailbox.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode
 */
import type { CalendarErrorCode } from "../errors.ts";

/** What a response code comes to. */
export interface KnownResponseCode {
  readonly code: CalendarErrorCode;
  /** Next act, where ours does not fit. */
  readonly hint?: string | undefined;
}

const IMPERSONATION_HINT =
  "Give the application full_access_as_app of Office 365 Exchange Online with administrator consent; on an Exchange Server give its account the management role ApplicationImpersonation for this mailbox";
const SCOPE_HINT =
  "Check whether an application access policy, an RBAC scope or the rights on this calendar leave the application out";
const ID_HINT =
  "Pass the id exactly as it was read from this mailbox over EWS: ids are case-sensitive, and those of Graph are others";
const PATTERN_HINT = "Correct the series: its pattern must have a date, its range must hold it";

/** By response code. */
export const RESPONSE_CODES: Readonly<Record<string, KnownResponseCode>> = {
  ErrorAccessDenied: { code: "CALENDAR_ACCESS_DENIED", hint: SCOPE_HINT },
  ErrorCreateItemAccessDenied: { code: "CALENDAR_ACCESS_DENIED", hint: SCOPE_HINT },
  ErrorCreateSubfolderAccessDenied: { code: "CALENDAR_ACCESS_DENIED", hint: SCOPE_HINT },
  ErrorImpersonateUserDenied: { code: "CALENDAR_ACCESS_DENIED", hint: IMPERSONATION_HINT },
  ErrorImpersonationDenied: { code: "CALENDAR_ACCESS_DENIED", hint: IMPERSONATION_HINT },
  ErrorImpersonationFailed: { code: "CALENDAR_ACCESS_DENIED", hint: IMPERSONATION_HINT },
  ErrorInvalidLicense: {
    code: "CALENDAR_ACCESS_DENIED",
    hint: "Assign the mailbox a licence that includes Exchange Web Services",
  },
  ErrorOrganizationAccessBlocked: {
    code: "CALENDAR_ACCESS_DENIED",
    hint: "Switch EWS on for the organisation (Set-OrganizationConfig -EwsEnabled $true) or use the Graph wing",
  },
  ErrorAccountDisabled: { code: "CALENDAR_ACCESS_DENIED", hint: "Enable the account of this mailbox" },
  ErrorNonExistentMailbox: { code: "CALENDAR_MAILBOX_NOT_FOUND" },
  ErrorInvalidUserPrincipalName: { code: "CALENDAR_MAILBOX_NOT_FOUND" },
  ErrorInvalidSmtpAddress: { code: "CALENDAR_MAILBOX_NOT_FOUND" },
  ErrorInvalidSid: { code: "CALENDAR_MAILBOX_NOT_FOUND" },
  ErrorInvalidUserSid: { code: "CALENDAR_MAILBOX_NOT_FOUND" },
  ErrorMailRecipientNotFound: { code: "CALENDAR_MAILBOX_NOT_FOUND" },
  ErrorCannotFindUser: { code: "CALENDAR_MAILBOX_NOT_FOUND" },
  ErrorNonPrimarySmtpAddress: {
    code: "CALENDAR_MAILBOX_NOT_FOUND",
    hint: "Name the mailbox by its primary SMTP address",
  },
  ErrorMissingEmailAddress: {
    code: "CALENDAR_MAILBOX_NOT_FOUND",
    hint: "Choose an account that has a mailbox: this one has no e-mail address",
  },
  ErrorItemNotFound: { code: "CALENDAR_NOT_FOUND" },
  ErrorFolderNotFound: { code: "CALENDAR_NOT_FOUND" },
  ErrorParentFolderNotFound: { code: "CALENDAR_NOT_FOUND" },
  ErrorSavedItemFolderNotFound: { code: "CALENDAR_NOT_FOUND" },
  ErrorSyncFolderNotFound: { code: "CALENDAR_NOT_FOUND" },
  ErrorObjectTypeChanged: { code: "CALENDAR_NOT_FOUND" },
  ErrorInvalidId: { code: "CALENDAR_NOT_FOUND", hint: ID_HINT },
  ErrorInvalidIdEmpty: { code: "CALENDAR_NOT_FOUND", hint: ID_HINT },
  ErrorInvalidIdMalformed: { code: "CALENDAR_NOT_FOUND", hint: ID_HINT },
  ErrorInvalidIdMalformedEwsLegacyIdFormat: { code: "CALENDAR_NOT_FOUND", hint: ID_HINT },
  ErrorInvalidIdXml: { code: "CALENDAR_NOT_FOUND", hint: ID_HINT },
  ErrorInvalidFolderId: { code: "CALENDAR_NOT_FOUND", hint: ID_HINT },
  ErrorCannotUseFolderIdForItemId: { code: "CALENDAR_NOT_FOUND", hint: ID_HINT },
  ErrorCannotUseItemIdForFolderId: { code: "CALENDAR_NOT_FOUND", hint: ID_HINT },
  ErrorCalendarOccurrenceIsDeletedFromRecurrence: { code: "CALENDAR_NOT_FOUND" },
  ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange: { code: "CALENDAR_NOT_FOUND" },
  ErrorIrresolvableConflict: { code: "CALENDAR_CONFLICT" },
  ErrorStaleObject: { code: "CALENDAR_CONFLICT" },
  ErrorInvalidChangeKey: { code: "CALENDAR_CONFLICT" },
  ErrorFolderExists: { code: "CALENDAR_NAME_TAKEN" },
  ErrorDuplicateInputFolderNames: { code: "CALENDAR_NAME_TAKEN" },
  ErrorQuotaExceeded: { code: "CALENDAR_MAILBOX_FULL" },
  ErrorQuotaExceededOnDelete: { code: "CALENDAR_MAILBOX_FULL" },
  ErrorServerBusy: { code: "CALENDAR_THROTTLED" },
  ErrorExceededConnectionCount: {
    code: "CALENDAR_THROTTLED",
    hint: "Run fewer requests at a time: the server serves 27 of one account unless its throttling policy says otherwise",
  },
  ErrorExceededFindCountLimit: {
    code: "CALENDAR_REJECTED",
    hint: "Ask for a shorter window: the throttling policy of the server bounds how many items one question may find",
  },
  ErrorInternalServerError: { code: "CALENDAR_UNAVAILABLE" },
  ErrorInternalServerTransientError: { code: "CALENDAR_UNAVAILABLE" },
  ErrorTimeoutExpired: { code: "CALENDAR_UNAVAILABLE" },
  ErrorConnectionFailed: { code: "CALENDAR_UNAVAILABLE" },
  ErrorMailboxStoreUnavailable: { code: "CALENDAR_UNAVAILABLE" },
  ErrorMailboxFailover: { code: "CALENDAR_UNAVAILABLE" },
  ErrorMailboxMoveInProgress: {
    code: "CALENDAR_UNAVAILABLE",
    hint: "Run again when the mailbox has been moved",
  },
  ErrorInsufficientResources: { code: "CALENDAR_UNAVAILABLE" },
  ErrorNotEnoughMemory: { code: "CALENDAR_UNAVAILABLE" },
  ErrorNoRespondingCASInDestinationSite: { code: "CALENDAR_UNAVAILABLE" },
  ErrorProxyRequestProcessingFailed: { code: "CALENDAR_UNAVAILABLE" },
  ErrorCalendarViewRangeTooBig: {
    code: "CALENDAR_REJECTED",
    hint: "Ask for a shorter window: the server expands at most two years at once",
  },
  ErrorCalendarDurationIsTooLong: {
    code: "CALENDAR_REJECTED",
    hint: "Shorten the event: it may last five years",
  },
  ErrorCalendarEndDateIsEarlierThanStartDate: {
    code: "CALENDAR_REJECTED",
    hint: "Let the event end after it starts",
  },
  ErrorCalendarInvalidTimeZone: { code: "CALENDAR_REJECTED", hint: "Name a time zone that Windows has" },
  ErrorTimeZone: { code: "CALENDAR_REJECTED", hint: "Name a time zone that Windows has" },
  ErrorCalendarInvalidRecurrence: { code: "CALENDAR_REJECTED", hint: PATTERN_HINT },
  ErrorRecurrenceHasNoOccurrence: { code: "CALENDAR_REJECTED", hint: PATTERN_HINT },
  ErrorRecurrenceEndDateTooBig: { code: "CALENDAR_REJECTED", hint: PATTERN_HINT },
  ErrorUnsupportedRecurrence: { code: "CALENDAR_REJECTED", hint: PATTERN_HINT },
  ErrorOccurrenceCrossingBoundary: {
    code: "CALENDAR_REJECTED",
    hint: "Keep a moved occurrence between its neighbours: it may not reach the day of the one before or after",
  },
  ErrorOccurrenceTimeSpanTooBig: {
    code: "CALENDAR_REJECTED",
    hint: "Shorten the event: an occurrence may not reach the next one",
  },
  ErrorSchemaValidation: {
    code: "CALENDAR_REJECTED",
    hint: "Correct the member that details.violation names",
  },
  ErrorInvalidSyncStateData: {
    code: "CALENDAR_REJECTED",
    hint: "Read the whole folder again without a sync state",
  },
  ErrorInvalidServerVersion: {
    code: "CALENDAR_REJECTED",
    hint: "Set serverVersion to one that this server knows, for example Exchange2013",
  },
  ErrorIncorrectSchemaVersion: {
    code: "CALENDAR_REJECTED",
    hint: "Set serverVersion to a younger one, Exchange2010_SP1 at least: the one that was named lacks what was asked for",
  },
};

/** Codes by which a server says that it has not begun, and will when it is asked later. */
export const BUSY_CODES: ReadonlySet<string> = new Set(["ErrorServerBusy", "ErrorExceededConnectionCount"]);

/** Codes of failures that pass; what was asked may have been carried out. */
export const TRANSIENT_CODES: ReadonlySet<string> = new Set(
  Object.entries(RESPONSE_CODES)
    .filter(([, { code }]) => code === "CALENDAR_UNAVAILABLE")
    .map(([responseCode]) => responseCode),
);
