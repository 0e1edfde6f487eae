/**
 * Response codes with the text that Exchange gives them.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode
 */

/** Text by code. */
export const RESPONSE_CODES = {
  NoError: "",
  ErrorAccessDenied: "Access is denied. Check credentials and try again.",
  ErrorBatchProcessingStopped: "The batch processing was stopped because of a previous error.",
  ErrorCalendarCannotMoveOrCopyOccurrence: "Cannot move or copy a calendar occurrence.",
  ErrorCalendarCannotUseIdForOccurrenceId: "The specified Id is not the Id of a recurring master.",
  ErrorCalendarCannotUseIdForRecurringMasterId: "The specified Id is not the Id of an occurrence.",
  ErrorCalendarDurationIsTooLong: "Duration is too long.",
  ErrorCalendarEndDateIsEarlierThanStartDate: "EndDate is earlier than StartDate",
  ErrorCalendarFolderIsInvalidForCalendarView: "The specified folder is not a calendar folder.",
  ErrorCalendarInvalidDayForWeeklyRecurrence:
    "Day, Weekday and WeekendDay are not valid for a weekly recurrence.",
  ErrorCalendarInvalidPropertyValue: "The property has an invalid value.",
  ErrorCalendarInvalidRecurrence: "The recurrence is invalid.",
  ErrorCalendarInvalidTimeZone: "The time zone is invalid.",
  ErrorCalendarIsCancelledForAccept: "The meeting was cancelled, so it can not be accepted.",
  ErrorCalendarIsCancelledForDecline: "The meeting was cancelled, so it can not be declined.",
  ErrorCalendarIsCancelledForTentative: "The meeting was cancelled, so it can not be accepted tentatively.",
  ErrorCalendarIsNotOrganizer: "Only the organizer can cancel a meeting.",
  ErrorCalendarIsOrganizerForAccept: "The organizer of a meeting can not accept it.",
  ErrorCalendarIsOrganizerForDecline: "The organizer of a meeting can not decline it.",
  ErrorCalendarIsOrganizerForTentative: "The organizer of a meeting can not accept it tentatively.",
  ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange: "Occurrence index is out of recurrence range.",
  ErrorCalendarOccurrenceIsDeletedFromRecurrence: "Occurrence is deleted from the recurrence.",
  ErrorCalendarViewRangeTooBig: "The calendar view exceeds the maximum time window of two years.",
  ErrorCannotEmptyFolder: "Folder cannot be emptied.",
  ErrorChangeKeyRequiredForWriteOperations: "The change key is required for this operation.",
  ErrorDeleteDistinguishedFolder: "Distinguished folders cannot be deleted.",
  ErrorEventNotFound: "The watermark used for creating this subscription was not found.",
  ErrorExceededConnectionCount:
    "You have exceeded the available concurrent connections for your account. Try again once your other requests have completed.",
  ErrorExceededFindCountLimit:
    "You have exceeded the maximum number of objects that can be returned for the find operation. Use paging to reduce the result size and try your request again.",
  ErrorExceededSubscriptionCount:
    "You have exceeded the available subscriptions for your account.  Remove unnecessary subscriptions and try your request again.",
  ErrorExpiredSubscription: "Subscription information is not available. Subscription is expired.",
  ErrorFolderExists: "A folder with the specified name already exists.",
  ErrorFolderNotFound: "The specified folder could not be found in the store.",
  ErrorImpersonateUserDenied: "The account does not have permission to impersonate the requested user.",
  ErrorImpersonationDenied: "Impersonation is not allowed for this account.",
  ErrorImpersonationFailed: "The account to impersonate could not be looked up.",
  ErrorIncorrectSchemaVersion:
    "The request is valid but does not specify the correct server version in the RequestServerVersion SOAP header.  Ensure that the RequestServerVersion SOAP header is set with the correct RequestServerVersionValue.",
  ErrorIncorrectUpdatePropertyCount:
    "An object within a change description must contain one and only one property to modify.",
  ErrorInternalServerError: "An internal server error occurred. The operation failed.",
  ErrorInternalServerTransientError: "An internal server error occurred. Try again later.",
  ErrorInvalidAttachmentId: "The specified attachment Id is invalid.",
  ErrorInvalidChangeKey: "The change key is invalid.",
  ErrorInvalidExchangeImpersonationHeaderData:
    "ExchangeImpersonation SOAP header must be present for this type of OAuth token.",
  ErrorInvalidExtendedProperty:
    "Attributes PropertySetId, PropertyTag, PropertyName and PropertyId do not fit together.",
  ErrorInvalidExtendedPropertyValue: "The value of the extended property is invalid.",
  ErrorInvalidFolderTypeForOperation: "The folder type is invalid for this operation.",
  ErrorInvalidFractionalPagingParameters: "Fractional paging parameters are invalid.",
  ErrorInvalidIdMalformed: "Id is malformed.",
  ErrorInvalidIndexedPagingParameters: "Indexed paging parameters are invalid.",
  ErrorInvalidMergedFreeBusyInterval: "The merged free/busy interval must be 5 to 1440 minutes.",
  ErrorInvalidOperation: "The requested operation is invalid.",
  ErrorInvalidPagingMaxRows: "MaxEntriesReturned must be greater than zero.",
  ErrorInvalidPropertyAppend: "Append action is invalid for property.",
  ErrorInvalidPropertyDelete: "Delete action is invalid for property.",
  ErrorInvalidPropertyRequest: "Property is not valid for this object type.",
  ErrorInvalidPropertySet: "Set action is invalid for property.",
  ErrorInvalidReferenceItem: "The reference item is invalid.",
  ErrorInvalidRequest: "The request is invalid.",
  ErrorInvalidServerVersion: "The specified server version is invalid.",
  ErrorInvalidSubscriptionRequest:
    "A subscription can only be established on a single public folder or on folders from a single mailbox.",
  ErrorInvalidSyncStateData: "Synchronization state data is corrupt or otherwise invalid.",
  ErrorInvalidTimeInterval: "The time interval is invalid.",
  ErrorInvalidUserPrincipalName: "The impersonation principal name is invalid.",
  ErrorInvalidUserSid: "The impersonation SID is invalid.",
  ErrorInvalidValueForProperty: "The specified value is invalid for property.",
  ErrorInvalidWatermark: "The watermark is invalid.",
  ErrorIrresolvableConflict:
    "The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item.",
  ErrorItemNotFound: "The specified object was not found in the store.",
  ErrorMailboxDataArrayTooBig: "The number of mailboxes is more than the 100 that one request may name.",
  ErrorMailboxStoreUnavailable: "The mailbox database is temporarily unavailable.",
  ErrorMailRecipientNotFound: "Unable to resolve e-mail address to an Active Directory object.",
  ErrorMessageDispositionRequired: "Message disposition must be specified for message-related items.",
  ErrorMimeContentInvalid: "The MIME content of the item is invalid.",
  ErrorMimeContentInvalidBase64String: "The MIME content of the item is not valid base64.",
  ErrorMissingEmailAddress:
    "When making a request as an account that does not have a mailbox, you must specify the mailbox primary SMTP address for any distinguished folder Ids.",
  ErrorMoveCopyFailed: "The move or copy operation failed.",
  ErrorMoveDistinguishedFolder: "Distinguished folders cannot be moved.",
  ErrorNameResolutionMultipleResults: "Multiple results were found.",
  ErrorNameResolutionNoResults: "No results were found.",
  ErrorNonExistentMailbox: "The SMTP address has no mailbox associated with it.",
  ErrorNonPrimarySmtpAddress: "The primary SMTP address must be specified when referencing a mailbox.",
  ErrorOccurrenceCrossingBoundary: "Modified occurrence is crossing or overlapping adjacent occurrence.",
  ErrorParentFolderNotFound: "The specified parent folder could not be found.",
  ErrorQuotaExceeded: "The operation failed because the mailbox is full.",
  ErrorRecurrenceHasNoOccurrence: "The recurrence has no occurrence.",
  ErrorSchemaValidation: "The request failed schema validation.",
  ErrorSendMeetingCancellationsRequired: "Send cancellations must be specified for meeting-related items.",
  ErrorSendMeetingInvitationsOrCancellationsRequired:
    "Send invitations or cancellations must be specified for meeting-related items.",
  ErrorSendMeetingInvitationsRequired: "Send invitations must be specified for meeting-related items.",
  ErrorServerBusy: "The server cannot service this request right now. Try again later.",
  ErrorSubscriptionAccessDenied: "Access is denied. Only the subscription owner may access the subscription.",
  ErrorSubscriptionNotFound: "The specified subscription was not found.",
  ErrorTimeIntervalTooBig: "The requested time window is longer than the 42 days that are allowed.",
  ErrorToFolderNotFound: "The specified target folder could not be found.",
  ErrorUnsupportedPathForQuery: "The property can not be used in a restriction.",
  ErrorUnsupportedPathForSortGroup: "The property can not be used to sort.",
  ErrorUnsupportedTypeForConversion: "The id format can not be converted.",
  ErrorUpdatePropertyMismatch: "The property to update and the property in the object do not match.",
} as const satisfies Readonly<Record<string, string>>;

/** A response code that this emulator gives. */
export type ResponseCode = keyof typeof RESPONSE_CODES;
