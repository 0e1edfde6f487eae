/**
 * What the codes of Graph stand for, where the message beside them says no more.
 */
import type { FindingCode, FindingDetails } from "../finding-table.ts";
import { GRAPH_ITEM_CODES } from "./graph-item-codes.ts";

/** Finding, explanation and next step. */
type Row = readonly [FindingCode, string, FindingDetails["remedy"]];

/** By the code in `error.code` of an answer of Graph. */
export const GRAPH_CODES: Readonly<Record<string, Row>> = {
  ...GRAPH_ITEM_CODES,
  InvalidAuthenticationToken: [
    "GRAPH_TOKEN_UNREADABLE",
    "Graph refuses the token: it is missing, for another API, out of date, or not one of Entra's.",
    { text: "Send an access token for Graph.", snippet: "scope=https://graph.microsoft.com/.default" },
  ],
  ErrorAccessDenied: [
    "GRAPH_ACCESS_DENIED",
    "The token is accepted, but does not reach for this mailbox: the application permission (Calendars.ReadWrite and the like) is missing or not consented to, only delegated ones are there, a scope in Exchange leaves the mailbox out, or it is a group's calendar.",
    "Look at roles in the token; if the role is there, look at application access policies and RBAC for Applications.",
  ],
  Authorization_RequestDenied: [
    "GRAPH_PRIVILEGES",
    "The token's permissions do not reach for this call to the directory: the application permission is missing, is only a delegated one, or nobody has consented. Tokens from before the consent do not learn of it.",
    "Add the application permission that the page of the call names, consent, and ask for a new token.",
  ],
  Authorization_IdentityNotFound: [
    "GRAPH_PRIVILEGES",
    "The identity of the application is not established: the token was asked for at /common, or there is no service principal in this tenant.",
    "Ask for the token at the tenant itself.",
  ],
  ExchangeRoleMissing: [
    "EXCHANGE_ROLE_MISSING",
    "The commands of Exchange Online (Connect-ExchangeOnline) want two things of an application: the permission Exchange.ManageAsApp with consent, and a directory role such as Exchange Administrator. The second is missing, was given to the registration in place of its service principal, or is not one that Exchange takes. Calendars over Graph or EWS need neither.",
    "Assign a role (Exchange Administrator, Exchange Recipient Administrator, Global Reader) to the service principal of the application, wait some minutes, and connect anew.",
  ],
  CredentialInvalidLifetimeAsPerAppPolicy: [
    "MANIFEST_REFUSED",
    "An application management policy of the tenant limits how long a secret or certificate may be valid, and this one is valid for longer.",
    "Make a certificate that ends sooner, or let an administrator change the policy that the message names.",
  ],
  CredentialTypeNotAllowedAsPerAppPolicy: [
    "MANIFEST_REFUSED",
    "An application management policy of the tenant forbids this kind of credential; mostly it is secrets that are forbidden.",
    "Register a certificate in its place, or let an administrator change the policy.",
  ],
  MailboxNotEnabledForRESTAPI: [
    "GRAPH_MAILBOX_NOT_IN_CLOUD",
    "Graph reaches mailboxes in Exchange Online only. This one is on an Exchange Server, has no licence, was not set up yet, or is inactive: all four look alike.",
    {
      text: "Look at the licence and where the mailbox lives; for a server use EWS.",
      commands: ["Get-EXORecipient <address> | Format-List RecipientTypeDetails"],
    },
  ],
  MailboxNotSupportedForRESTAPI: [
    "GRAPH_MAILBOX_NOT_IN_CLOUD",
    "Graph reaches mailboxes in Exchange Online only.",
    "Look at the licence and where the mailbox lives; for a server use EWS.",
  ],
  ErrorMissingEmailAddress: [
    "GRAPH_MAILBOX_NOT_IN_CLOUD",
    "The account that the request speaks for has no mailbox, so there is no calendar of its own: an account without a licence, one whose mailbox is elsewhere, or a personal account that was not set up yet.",
    "Name a mailbox that exists: /users/<user principal name or id>/….",
  ],
  ErrorNonExistentMailbox: [
    "GRAPH_MAILBOX_UNKNOWN",
    "No mailbox is behind this address.",
    "Check the address; look the user up with /users/<address>.",
  ],
  Request_ResourceNotFound: [
    "GRAPH_RESOURCE_UNKNOWN",
    "The directory does not have this object, in this tenant, or not yet: a new user or group takes seconds to minutes to be everywhere.",
    "Check id and tenant; right after creating it, wait and try again.",
  ],
  ResourceNotFound: [
    "GRAPH_RESOURCE_UNKNOWN",
    "The object does not exist, or not yet.",
    "Check the id; right after creating it, wait and try again.",
  ],
  ErrorInvalidUser: [
    "GRAPH_MAILBOX_UNKNOWN",
    "Exchange knows no mailbox by what stands after /users/. The directory may well have the user: one without a licence, or one made minutes ago, has no mailbox yet. An address with brackets, mailto: or blanks around it is not found either.",
    "Check the address letter by letter and the licence of the user; right after giving the licence, wait until the mailbox is there.",
  ],
  ErrorItemNotFound: [
    "GRAPH_ITEM_UNKNOWN",
    "The event or calendar was deleted or moved, or the id belongs to another mailbox; for a mailbox of somebody else that was shared with the signed-in user the same is said when the permission is missing. Ids change when an item moves unless immutable ids are asked for.",
    'Look the event up by its key; send Prefer: IdType="ImmutableId".',
  ],
  ErrorGroupIsUsedInNonGroupURI: [
    "GRAPH_GROUP_AS_USER",
    "The address under /users/ is that of a Microsoft 365 group.",
    "Expand the group into its members, or invite the group from a service mailbox.",
  ],
  InvalidDeltaToken: [
    "GRAPH_DELTA_TOKEN",
    "The delta token is malformed, too old, or for another query.",
    "Throw the token away and read everything once; plan for this to happen.",
  ],
  syncStateNotFound: [
    "GRAPH_DELTA_TOKEN",
    "Graph has dropped the state behind the token.",
    "Throw the token away and read everything once; plan for this to happen.",
  ],
  SyncStateNotFound: [
    "GRAPH_DELTA_TOKEN",
    "Graph has dropped the state behind the token.",
    "Throw the token away and read everything once; plan for this to happen.",
  ],
  SyncStateInvalid: [
    "GRAPH_DELTA_TOKEN",
    "The token does not fit this query.",
    "Throw the token away and read everything once.",
  ],
  resyncRequired: [
    "GRAPH_DELTA_TOKEN",
    "Graph asks for a full read.",
    "Throw the token away and read everything once.",
  ],
  ApplicationThrottled: [
    "GRAPH_THROTTLED",
    "The application sends more than its share.",
    "Wait as long as Retry-After says, at least; when it keeps saying 1, wait longer each time.",
  ],
  TooManyRequests: [
    "GRAPH_THROTTLED",
    "Too many requests in too short a time.",
    "Wait as long as Retry-After says, at least; when it keeps saying 1, wait longer each time.",
  ],
  activityLimitReached: [
    "GRAPH_THROTTLED",
    "Too many requests in too short a time.",
    "Wait as long as Retry-After says, at least.",
  ],
  ErrorIrresolvableConflict: [
    "GRAPH_CONFLICT",
    "The event changed between reading and writing.",
    "Read it again and decide anew.",
  ],
  resourceModified: ["GRAPH_CONFLICT", "The ETag no longer fits.", "Read it again and decide anew."],
  UnknownError: [
    "GRAPH_TRANSIENT",
    "A passing fault; a write may have happened all the same.",
    "Look the event up by its key before sending the write again.",
  ],
  ServiceNotAvailable: [
    "GRAPH_TRANSIENT",
    "A passing fault; a write may have happened all the same.",
    "Look the event up by its key before sending the write again.",
  ],
  Authentication_MissingOrMalformed: [
    "PROOF_MALFORMED",
    "addKey or removeKey could not read the proof. Which part is wrong is never said: aud must be 00000002-0000-0000-c000-000000000000, iss the object id (not the client id), exp at most ten minutes after nbf, base64url without =, and the signature by a certificate that is registered and still valid.",
    "Paste the proof here as well; each part is then checked.",
  ],
  KeyCredentialsInvalidEndDate: [
    "MANIFEST_REFUSED",
    "endDateTime of the entry lies after the certificate's own end, be it by a second.",
    "Copy the dates from the certificate, or leave them out.",
  ],
  KeyCredentialsInvalidStartDate: [
    "MANIFEST_REFUSED",
    "startDateTime of the entry lies before the certificate's own start.",
    "Copy the dates from the certificate, or leave them out.",
  ],
  KeyCredentialsInvalidValue: [
    "MANIFEST_REFUSED",
    "The key of the entry is not the base64 of a DER certificate.",
    { text: "Make it so.", commands: ["openssl x509 -in cert.pem -outform der | openssl base64 -A"] },
  ],
  KeyCredentialsInvalidUsage: [
    "MANIFEST_REFUSED",
    "usage must be Verify for sign-in (Sign is for token signing).",
    { text: "Correct it.", snippet: '"usage": "Verify"' },
  ],
  HostNameNotOnVerifiedDomain: [
    "MANIFEST_REFUSED",
    "An identifier URI must be api://<client id> or lie in a verified domain of the tenant.",
    { text: "Use the safe form.", snippet: '"identifierUris": ["api://<client id>"]' },
  ],
  ErrorOccurrenceCrossingBoundary: [
    "GRAPH_REQUEST_MALFORMED",
    "An exception of a series may not be moved onto or past its neighbour.",
    "Choose a time between the occurrences before and after it.",
  ],
  Request_BadRequest: [
    "GRAPH_REQUEST_MALFORMED",
    "The request is not well formed, or a value is not allowed.",
    "Read the message; it names the property.",
  ],
  BadRequest: [
    "GRAPH_REQUEST_MALFORMED",
    "The request is not well formed.",
    "Read the message; it names the property.",
  ],
  ErrorInvalidRequest: [
    "GRAPH_REQUEST_MALFORMED",
    "The request is not well formed.",
    "Read the message; it names the property.",
  ],
  ErrorInvalidIdMalformed: [
    "GRAPH_REQUEST_MALFORMED",
    "An id in the address is not one of Exchange: it was cut, belongs to another API, or its + / = were not URL-encoded.",
    "Send the id exactly as Graph returned it, URL-encoded.",
  ],
  ErrorInvalidParameter: [
    "GRAPH_REQUEST_MALFORMED",
    "A parameter has a value that is not allowed.",
    "Read the message; it names the parameter.",
  ],
  ErrorCalendarViewRangeTooBig: [
    "GRAPH_REQUEST_MALFORMED",
    "The window of a calendar view is longer than Exchange takes.",
    "Ask in pieces of two years at most.",
  ],
  RequestBodyRead: [
    "GRAPH_REQUEST_MALFORMED",
    "The body could not be read as this kind of object.",
    "Read the message; it names the property.",
  ],
  ErrorPropertyValidationFailure: [
    "GRAPH_REQUEST_MALFORMED",
    "A property has a value that is not allowed.",
    "Read the message; it names the property.",
  ],
  UnsupportedAppOnlyToken: [
    "SHAREPOINT_APP_ONLY_SECRET",
    "SharePoint accepts application tokens only when they were obtained with a certificate.",
    "Register a certificate on the application and ask for the token with a client assertion.",
  ],
  InvalidRequest: [
    "GRAPH_REQUEST_MALFORMED",
    "The request is not well formed.",
    "Read the message; it names the property.",
  ],
  invalidRequest: [
    "GRAPH_REQUEST_MALFORMED",
    "The request is not well formed.",
    "Read the message; it names the property.",
  ],
  unauthenticated: [
    "GRAPH_TOKEN_UNREADABLE",
    "Graph takes the caller for one who is not signed in: no token, one that ran out, or one for another API.",
    "Send an access token for Graph; paste it here and it is read.",
  ],
  accessDenied: [
    "GRAPH_PRIVILEGES",
    "The token is accepted, and its permissions do not reach for this item.",
    "Look at roles (or scp) in the token and at the page of the call; consent, and ask for a new token.",
  ],
  Forbidden: [
    "GRAPH_PRIVILEGES",
    "The token is accepted, and its permissions do not reach for this call.",
    "Look at roles (or scp) in the token and at the page of the call; consent, and ask for a new token.",
  ],
  itemNotFound: [
    "GRAPH_RESOURCE_UNKNOWN",
    "The item does not exist, or the caller may not see it.",
    "Check the id and whose it is.",
  ],
  ErrorFolderNotFound: [
    "GRAPH_ITEM_UNKNOWN",
    "The calendar or folder does not exist in this mailbox: ids belong to one mailbox, and names of well-known folders change with the language.",
    "List the calendars of the mailbox and take the id from there.",
  ],
  ErrorInternalServerError: [
    "GRAPH_TRANSIENT",
    "Exchange failed while it worked on the request; a write may have happened all the same.",
    "Look the event up by its key before sending the write again; wait longer each time.",
  ],
  ErrorInternalServerTransientError: [
    "GRAPH_TRANSIENT",
    "Exchange failed for a moment; a write may have happened all the same.",
    "Look the event up by its key before sending the write again.",
  ],
  ErrorServerBusy: [
    "GRAPH_THROTTLED",
    "Exchange asks to wait.",
    "Wait as long as Retry-After says, at least.",
  ],
  ErrorTimeoutExpired: [
    "GRAPH_TRANSIENT",
    "The request took longer than Exchange allows.",
    "Ask for less at once (a shorter window, fewer properties), then again.",
  ],
  ErrorMailboxStoreUnavailable: [
    "GRAPH_TRANSIENT",
    "The mailbox cannot be reached for the moment; it may be on the move.",
    "Try again after some minutes.",
  ],
  ErrorMailboxMoveInProgress: ["GRAPH_TRANSIENT", "The mailbox is being moved.", "Try again later."],
  generalException: [
    "GRAPH_TRANSIENT",
    "Graph failed and does not say why.",
    "Try again after a pause; keep the request-id.",
  ],
  ServiceUnavailable: [
    "GRAPH_TRANSIENT",
    "The service does not answer for the moment.",
    "Wait as long as Retry-After says, then try again.",
  ],
  quotaLimitReached: [
    "GRAPH_REQUEST_MALFORMED",
    "The mailbox or drive is full.",
    "Make room, or raise the quota.",
  ],
  ErrorQuotaExceeded: [
    "GRAPH_REQUEST_MALFORMED",
    "The mailbox is full and takes no more items.",
    "Make room, or raise the quota.",
  ],
  ErrorSendAsDenied: [
    "GRAPH_ACCESS_DENIED",
    "The caller may not send or invite in the name of this address: from or organizer names another mailbox than the one in the path.",
    "Call the mailbox that is to be the organizer, or give the right to send as it.",
  ],
  ErrorCalendarEndDateIsEarlierThanStartDate: [
    "GRAPH_REQUEST_MALFORMED",
    "end lies before start, often because the two have different zones.",
    "Send both in one zone.",
  ],
  ErrorCalendarDurationIsTooLong: [
    "GRAPH_REQUEST_MALFORMED",
    "The event is longer than Exchange takes (five years).",
    "Make it shorter, or a series.",
  ],
  ErrorInvalidRecipients: [
    "GRAPH_REQUEST_MALFORMED",
    "An attendee's address is not one.",
    "Check the addresses of attendees.",
  ],
  ErrorInvalidIdEmpty: [
    "GRAPH_REQUEST_MALFORMED",
    "An id in the address is empty: a variable that was not filled.",
    "Print the address that is sent.",
  ],
  ErrorRecurrenceHasNoOccurrence: [
    "GRAPH_REQUEST_MALFORMED",
    "The series has no day at all: its range ends before the first day of its pattern.",
    "Check startDate, endDate and daysOfWeek.",
  ],
  ValidationError: [
    "GRAPH_REQUEST_MALFORMED",
    "Graph refuses a value.",
    "Read the message; it names the value.",
  ],
  InternalServerError: [
    "GRAPH_TRANSIENT",
    "Graph failed; a write may have happened all the same.",
    "Look the event up by its key before sending the write again.",
  ],
};
