/**
 * Codes of Graph about single items, queries and limits, which say enough by themselves.
 */
import type { FindingCode, FindingDetails } from "../finding-table.ts";

type Row = readonly [FindingCode, string, FindingDetails["remedy"]];

/** By the code in `error.code` of an answer of Graph. */
export const GRAPH_ITEM_CODES: Readonly<Record<string, Row>> = {
  AuthOMMissingRequiredPermissions: [
    "GRAPH_PRIVILEGES",
    "The token that Graph passed on to the service behind it has no permission for this call: it was not consented to, or the user is a guest here and has the data at home (the calendar of a guest is in the tenant of their own).",
    "Consent to the permission, and for a guest ask for the token at the home tenant.",
  ],
  OrganizationFromTenantGuidNotFound: [
    "GRAPH_MAILBOX_NOT_IN_CLOUD",
    "Exchange Online knows no organisation behind the token: the tenant has no Exchange licence at all, or the account is a guest, a personal or an unlicensed one whose mailbox is elsewhere.",
    "Take a tenant and an account with a mailbox in Exchange Online; ask for the token at that tenant.",
  ],
  InvalidVersion: [
    "GRAPH_REQUEST_MALFORMED",
    "The address has no version, or one that Graph does not know: it begins with /v1.0 or /beta.",
    { text: "Write it in full.", snippet: "https://graph.microsoft.com/v1.0/users/<mailbox>/events" },
  ],
  MissingVersion: [
    "GRAPH_REQUEST_MALFORMED",
    "The address has no version.",
    { text: "Write it in full.", snippet: "https://graph.microsoft.com/v1.0/users/<mailbox>/events" },
  ],
  "0x80095ffc": [
    "APPLICATION_NOT_ASSIGNED",
    "The environment of Dataverse takes tokens of listed applications only, and this one is not on the list.",
    "Let an administrator of the environment allow the client id (client application access control).",
  ],
  AccessDenied: [
    "GRAPH_PRIVILEGES",
    "The token is accepted, and its permissions do not reach for this call.",
    "Look at roles (or scp) in the token and at the page of the call; consent, and ask for a new token.",
  ],
  Unauthorized: [
    "GRAPH_TOKEN_UNREADABLE",
    "The API does not take the token: none was sent, it has run out, or it is for another API.",
    "Paste the token here; aud has to be the API that was called.",
  ],
  Authentication_Unauthorized: [
    "GRAPH_TOKEN_UNREADABLE",
    "The directory does not take the token, or no longer serves this application (Azure AD Graph is switched off).",
    "Send a token for https://graph.microsoft.com to Microsoft Graph.",
  ],
  Authentication_ExpiredToken: ["TOKEN_EXPIRED", "The token has run out.", "Ask for a new token."],
  NotFound: [
    "GRAPH_RESOURCE_UNKNOWN",
    "Nothing is at this address: the id is of another tenant or mailbox, or the path is not one of this version.",
    "Check id and path.",
  ],
  Directory_ObjectNotFound: [
    "GRAPH_RESOURCE_UNKNOWN",
    "The directory does not have this object, in this tenant, or not yet; for a token without user also when the application has no service principal there.",
    "Check id and tenant; right after creating it, wait and try again.",
  ],
  Directory_QuotaExceeded: [
    "GRAPH_PRIVILEGES",
    "The directory's limit of objects is reached: for the whole tenant, or for what one user or application may create (250).",
    "Remove objects (deleted ones count for a while), or give the creator an administrator's role.",
  ],
  Directory_ObjectQuotaExceeded: [
    "GRAPH_PRIVILEGES",
    "What one user or application may create in the directory (250) is used up.",
    "Remove objects, or give the creator an administrator's role.",
  ],
  Request_UnsupportedQuery: [
    "GRAPH_REQUEST_MALFORMED",
    "The query is one of the advanced ones of the directory, or is not supported at all.",
    { text: "Send the header and the count with it.", snippet: "ConsistencyLevel: eventual\n…&$count=true" },
  ],
  Request_MultipleObjectsWithSameKeyValue: [
    "MANIFEST_REFUSED",
    "Another object of the tenant already has this value, also one that was deleted in the last 30 days.",
    "Take another value, or remove the other object for good.",
  ],
  Service_ServiceUnavailable: [
    "GRAPH_TRANSIENT",
    "The directory does not answer for the moment.",
    "Wait as long as Retry-After says, then try again.",
  ],
  Directory_ConcurrencyViolation: [
    "GRAPH_TRANSIENT",
    "Another change of the same object was under way.",
    "Try again after a pause, one change after the other.",
  ],
  Directory_ExpiredPageToken: [
    "GRAPH_DELTA_TOKEN",
    "The address of the next page has run out.",
    "Begin the list anew.",
  ],
  ErrorInvalidUrlQuery: [
    "GRAPH_REQUEST_MALFORMED",
    "The query is not well formed, or combines options that this address does not take together.",
    "Leave the options out one by one; URL-encode the values.",
  ],
  ErrorInvalidUrlQueryFilter: [
    "CALENDAR_FILTER_UNSUPPORTED",
    "The filter is not well formed, or on a property that cannot be filtered.",
    "Filter by start, end, subject or an extended property, and the rest in the program.",
  ],
  ErrorInvalidProperty: [
    "GRAPH_REQUEST_MALFORMED",
    "A property is not one of this type, or may not be used here.",
    "Read the message; it names the property.",
  ],
  InefficientFilter: [
    "CALENDAR_FILTER_UNSUPPORTED",
    "Filter and order do not go together: what is ordered by has to stand in the filter too, and first.",
    "Put the property of $orderby into $filter as its first condition, or order in the program.",
  ],
  ErrorMessageSizeExceeded: [
    "GRAPH_REQUEST_MALFORMED",
    "The item is larger than the mailbox takes.",
    "Send less; attachments above 3 MB by an upload session.",
  ],
  ErrorAttachmentSizeLimitExceeded: [
    "GRAPH_REQUEST_MALFORMED",
    "The attachment is too large for one request.",
    "Use an upload session.",
  ],
  ErrorNameAlreadyExists: [
    "GRAPH_REQUEST_MALFORMED",
    "A calendar or folder of this name is already there.",
    "Take the one that exists, or another name.",
  ],
  ErrorFolderExists: [
    "GRAPH_REQUEST_MALFORMED",
    "A calendar or folder of this name is already there.",
    "Take the one that exists, or another name.",
  ],
  ErrorInvalidGroup: [
    "GRAPH_GROUP_AS_USER",
    "The group is not one that has a calendar (a security group or a distribution list).",
    "Take a Microsoft 365 group, or write to the members' calendars.",
  ],
  ErrorNoFreeBusyAccess: [
    "GRAPH_ACCESS_DENIED",
    "The caller may not see when this mailbox is free.",
    "Let the default permission on the calendar be AvailabilityOnly, or use an application permission.",
  ],
  ErrorMailRecipientNotFound: [
    "GRAPH_MAILBOX_UNKNOWN",
    "Exchange finds no mailbox by this address.",
    "Check the address.",
  ],
  ErrorOrganizerIsAttendee: [
    "GRAPH_REQUEST_MALFORMED",
    "The organizer stands among the attendees.",
    "Leave the organizer out of attendees.",
  ],
  ErrorCannotDeleteObject: [
    "GRAPH_REQUEST_MALFORMED",
    "The item or calendar cannot be deleted: the default calendar stays, and some items are held.",
    "Delete its events in place of the calendar.",
  ],
  ErrorExceededMessageLimit: [
    "GRAPH_THROTTLED",
    "The mailbox has sent as many messages (invitations count) as it may in this time.",
    "Wait, and send fewer invitations.",
  ],
  ErrorSubmissionQuotaExceeded: [
    "GRAPH_THROTTLED",
    "The mailbox has sent to as many recipients as it may in a day.",
    "Wait until the day is over.",
  ],
  MailboxInfoStale: [
    "GRAPH_TRANSIENT",
    "The mailbox was moved, and Graph has not learned of it yet.",
    "Send the same request once more.",
  ],
  MailboxStoreUnavailable: [
    "GRAPH_TRANSIENT",
    "The mailbox cannot be reached for the moment.",
    "Try again after some minutes.",
  ],
  ErrorCalendarOccurrenceIsDeletedFromRecurrence: [
    "GRAPH_ITEM_UNKNOWN",
    "This day of the series was cancelled.",
    "Read the series anew.",
  ],
  ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange: [
    "GRAPH_ITEM_UNKNOWN",
    "The series has no such day.",
    "Read the series anew.",
  ],
  ErrorCalendarIsOrganizerForAccept: [
    "GRAPH_REQUEST_MALFORMED",
    "The organizer cannot answer an invitation of its own.",
    "Answer from the mailbox of an attendee.",
  ],
  ErrorCalendarMeetingRequestIsOutOfDate: [
    "GRAPH_CONFLICT",
    "The invitation was changed since.",
    "Read the event anew.",
  ],
  BadGateway: ["GRAPH_TRANSIENT", "The service behind Graph did not answer.", "Try again after a pause."],
  GatewayTimeout: [
    "GRAPH_TRANSIENT",
    "The service behind Graph took too long; a write may have happened all the same.",
    "Look the event up by its key before sending the write again.",
  ],
  Timeout: [
    "GRAPH_TRANSIENT",
    "The service behind Graph took too long; a write may have happened all the same.",
    "Look the event up by its key before sending the write again.",
  ],
  MethodNotAllowed: [
    "GRAPH_REQUEST_MALFORMED",
    "This address does not know the method.",
    "Compare method and path with the page of the call.",
  ],
  notAllowed: [
    "GRAPH_PRIVILEGES",
    "The tenant or its licence does not allow this call.",
    "Read the message; it names what is missing.",
  ],
  notSupported: [
    "GRAPH_REQUEST_MALFORMED",
    "This call does not exist for this kind of object or token.",
    "Compare it with the page of the call.",
  ],
  preconditionFailed: ["GRAPH_CONFLICT", "The ETag no longer fits.", "Read it again and decide anew."],
  PreconditionFailed: ["GRAPH_CONFLICT", "The ETag no longer fits.", "Read it again and decide anew."],
  nameAlreadyExists: ["GRAPH_REQUEST_MALFORMED", "The name is taken.", "Take another name."],
  MalformedRequest: [
    "GRAPH_REQUEST_MALFORMED",
    "The request is not well formed.",
    "Read the message; it names the place.",
  ],
  EmptyPayload: [
    "GRAPH_REQUEST_MALFORMED",
    "The request has no body where one is wanted.",
    "Send the JSON with Content-Type: application/json.",
  ],
  UnableToDeserializePostBody: [
    "GRAPH_REQUEST_MALFORMED",
    "The body is not JSON of the type that this call wants: a Content-Type that is missing, single quotes, dates or enums written otherwise.",
    "Compare the body that is really sent with the page of the call.",
  ],
};
