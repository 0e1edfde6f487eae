/**
 * What response codes of EWS stand for, and sentences of its libraries that have none.
 */
import type { FindingCode } from "../finding-table.ts";

/** Finding, explanation and next step, by response code. */
export const EWS_RESPONSES: Readonly<Record<string, readonly [FindingCode, string, string]>> = {
  ErrorImpersonateUserDenied: [
    "EWS_IMPERSONATION_DENIED",
    "The account or application may not act as this mailbox. In Exchange Online the ApplicationImpersonation role is gone since 2025; what counts there is full_access_as_app with consent, or a role of RBAC for Applications. Groups cannot be impersonated at all.",
    "Consent to full_access_as_app, or assign the role Application EWS.AccessAsApp with a scope that holds the mailbox.",
  ],
  ErrorImpersonationDenied: [
    "EWS_IMPERSONATION_DENIED",
    "The account or application may not act as others here.",
    "Consent to full_access_as_app, or assign ApplicationImpersonation on Exchange Server.",
  ],
  ErrorImpersonationFailed: [
    "EWS_IMPERSONATION_DENIED",
    "The mailbox to act as could not be found or opened.",
    "Check the SMTP address in ConnectingSID, and send it as X-AnchorMailbox too.",
  ],
  ErrorImpersonationRequired: [
    "REQUEST_EWS_IMPERSONATION",
    "A token without user names no mailbox, so the SOAP header has to.",
    "Add t:ExchangeImpersonation with the mailbox's address.",
  ],
  ErrorImpersonationUnwanted: [
    "REQUEST_EWS_IMPERSONATION",
    "The SOAP header names a mailbox to act as, and the token already is one user's: such a token opens that user's mailbox only. (In 2018 Exchange Online said this for some weeks to passwords as well.)",
    "Leave t:ExchangeImpersonation out, or ask for a token without user (client credentials, full_access_as_app).",
  ],
  ErrorNonExistentMailbox: [
    "EWS_MAILBOX_UNKNOWN",
    "No mailbox has this address.",
    "Check the address; a group or a contact has no mailbox of its own.",
  ],
  ErrorMissingEmailAddress: [
    "EWS_MAILBOX_UNKNOWN",
    "The account has no mailbox.",
    "Name the mailbox by X-AnchorMailbox and impersonation.",
  ],
  ErrorServerBusy: [
    "EWS_BUSY",
    "Exchange is throttling.",
    "Wait as long as BackOffMilliseconds says, then go on with fewer connections.",
  ],
  ErrorExceededConnectionCount: [
    "EWS_BUSY",
    "Too many connections at once (27 for each application by default).",
    "Open fewer connections.",
  ],
  ErrorExceededSubscriptionCount: [
    "EWS_BUSY",
    "More subscriptions are open for this account than Exchange allows (20 streams by default). Those of a program that ended without closing them count until they run out.",
    "Close subscriptions when the program ends, share one for several folders, and wait half an hour for the old ones to go.",
  ],
  ErrorTooManyConcurrentMailboxes: [
    "EWS_BUSY",
    "One request named more mailboxes than Exchange opens at once for a caller (16 by default): each folder of another mailbox is a connection of its own.",
    "Ask for at most 16 mailboxes in one request, and run the requests one after the other.",
  ],
  ErrorInternalServerTransientError: [
    "EWS_BUSY",
    "A passing fault.",
    "Try again; look a write up by its key first.",
  ],
  ErrorInvalidSyncStateData: [
    "EWS_SYNC_STATE",
    "The sync state belongs to another folder or is too old.",
    "Start the synchronisation of this folder anew.",
  ],
  ErrorItemNotFound: ["EWS_ITEM_UNKNOWN", "The item was deleted or moved.", "Look it up again by its key."],
  ErrorAccessDenied: [
    "GRAPH_ACCESS_DENIED",
    "The application may not open this mailbox or folder.",
    "Check the permission and the scoping of the application.",
  ],
  TokenProfileNotApplicable: [
    "EWS_ONPREM_APP_ONLY",
    "This is Exchange Server, and it does not take application tokens of Entra on this path.",
    "Use Exchange Online for application tokens, or another way of signing in for the server.",
  ],
  Unauthorized: [
    "EWS_REFUSED_UNSAID",
    "Exchange answered 401 and the library threw the reason away: it stands in the header x-ms-diagnostics of the answer. The commonest: the token is for Graph and not for https://outlook.office365.com, has no full_access_as_app, or was obtained with a secret.",
    "Paste the token here, or the headers of the answer (in .NET: service.TraceEnabled = true).",
  ],
  Forbidden: [
    "EWS_REFUSED_UNSAID",
    "Exchange answered 403 without saying why: EWS is off for the tenant or the mailbox, or the application is not on the list (EwsAllowedAppIDs).",
    "Let an administrator look at Get-OrganizationConfig | Format-List Ews*, and Get-CASMailbox <mailbox> | Format-List Ews*.",
  ],
  EwsBlocked: [
    "EWS_BLOCKED",
    "EWS is switched off for the tenant, the mailbox or this application (EWSEnabled, EwsAllowedAppIDs); Exchange Online ends it on 2027-04-01.",
    "Use Graph; until then an administrator can put the application on the allow list: Set-OrganizationConfig -EwsAllowedAppIDs.",
  ],
  RequestRefused: [
    "EWS_REFUSED_UNSAID",
    "The request failed, and the library threw the answer away. 400 or null in Java is mostly the sign-in (NTLM where Basic or OAuth is wanted, a header that is not valid) or an address that is not that of EWS; 500 is a SOAP fault whose ResponseCode was not shown, such as a version, a folder or an element that the server does not know.",
    "Print the body of the answer (Java: service.setTraceEnabled(true); PHP: the last response of the SOAP client) and paste it here.",
  ],
  ExtensionToken: [
    "EWS_OAUTH_UNAVAILABLE",
    "The server could not make a token for the add-in: on Exchange Server OAuth is not set up (the auth certificate has ended or is missing, the external address of EWS is not set), in Exchange Online tokens of this old kind are switched off.",
    "Look at Get-AuthConfig and its certificate on the server; in Exchange Online use nested app authentication and Graph.",
  ],
  Autodiscover: [
    "EWS_AUTODISCOVER",
    "Autodiscover asks one address after the other (autodiscover.<domain>, DNS, the domain itself) and found none that answers for this mailbox: the DNS entry is missing, a firewall is in the way, the redirection to Exchange Online was not confirmed, the address is not that of a mailbox, or user and password were refused, which Exchange Online does to all of them (Basic is off).",
    "For Exchange Online leave Autodiscover out: the address is https://outlook.office365.com/EWS/Exchange.asmx for every mailbox; sign in with OAuth.",
  ],
  AutodiscoverRedirect: [
    "EWS_AUTODISCOVER",
    "Autodiscover was sent on to another address, and the library follows only when the program agrees.",
    "Give a callback that accepts https://autodiscover-s.outlook.com, or name the address of EWS itself.",
  ],
  AnswerNotXml: [
    "EWS_REFUSED_UNSAID",
    "What came back is not XML of EWS: a sign-in page, a proxy, an answer of 401 or 503 with an HTML body, or an address that is not /EWS/Exchange.asmx.",
    "Look at status and body of the answer (in .NET: service.TraceEnabled = true) and at the address that was called.",
  ],
  ErrorFolderNotFound: [
    "EWS_ITEM_UNKNOWN",
    "The folder or calendar does not exist in this mailbox, or may not be seen: ids belong to one mailbox, and an account without a mailbox of its own has no calendar.",
    "Name the mailbox in DistinguishedFolderId (Mailbox/EmailAddress) or impersonate it.",
  ],
  ErrorItemSave: [
    "EWS_RESPONSE",
    "The item could not be saved; mostly a property of it is not allowed here or too long.",
    "Read MessageText and the DescriptiveLinkKey beside it.",
  ],
  ErrorSchemaValidation: [
    "EWS_RESPONSE",
    "The request is not valid against the schema: the order of elements matters in EWS, and a name or namespace may be misspelled. The message names line and element.",
    "Put the elements in the order of the schema (types.xsd).",
  ],
  ErrorInvalidServerVersion: [
    "EWS_RESPONSE",
    "RequestServerVersion names a version that this server does not know.",
    "Send Exchange2016 (Exchange2013_SP1 for older servers).",
  ],
  ErrorIncorrectSchemaVersion: [
    "EWS_RESPONSE",
    "The request uses something that the version named in RequestServerVersion does not have.",
    "Name a later version, or leave the newer element out.",
  ],
  ErrorIrresolvableConflict: [
    "GRAPH_CONFLICT",
    "The item changed between reading and writing.",
    "Read it again, take the new ChangeKey, and write.",
  ],
  ErrorChangeKeyRequired: [
    "EWS_RESPONSE",
    "An update wants the ChangeKey that was read with the item.",
    "Read the item, and send its Id with ChangeKey.",
  ],
  ErrorInvalidIdMalformed: [
    "EWS_RESPONSE",
    "The id is not one of EWS: cut, changed in letters, of Graph (which writes / as - and + as _), or of another format.",
    "Send the id unchanged; convert ids with translateExchangeIds or ConvertId.",
  ],
  ErrorInternalServerError: [
    "EWS_BUSY",
    "Exchange failed while it worked on the request; a write may have happened all the same.",
    "Look the item up by its key, then try again after a pause.",
  ],
  ErrorMailboxStoreUnavailable: [
    "EWS_BUSY",
    "The mailbox database cannot be reached for the moment, or the mailbox is being moved.",
    "Try again after some minutes.",
  ],
  ErrorMailboxMoveInProgress: ["EWS_BUSY", "The mailbox is being moved.", "Try again later."],
  ErrorTimeoutExpired: ["EWS_BUSY", "The request took longer than Exchange allows.", "Ask for less at once."],
  ErrorConnectionFailed: [
    "EWS_BUSY",
    "The mailbox server could not be reached from the front end.",
    "Try again after a pause.",
  ],
  ErrorNoRespondingCASInDestinationSite: [
    "EWS_BUSY",
    "The server that answered handed the request on, and no server of the mailbox's site took it. With OAuth and impersonation that is mostly a request which the front end could not route: it does not say whose mailbox it is for.",
    "Send X-AnchorMailbox with the address of the mailbox that is impersonated; if it is there, try again after a pause.",
  ],
  ErrorProxyRequestNotAllowed: [
    "EWS_RESPONSE",
    "The server that was asked does not hold this mailbox and may not hand the request on.",
    "Ask Autodiscover for this mailbox's own address.",
  ],
  ErrorInvalidAuthorizationContext: [
    "EWS_IMPERSONATION_DENIED",
    "The caller has no identity in Exchange: an application token without ExchangeImpersonation, or an account that Exchange does not know.",
    "Add t:ExchangeImpersonation with the mailbox's address, or sign in with an account that has a mailbox.",
  ],
  ErrorSendAsDenied: [
    "GRAPH_ACCESS_DENIED",
    "The caller may not send in the name of this address.",
    "Call the mailbox that is to be the organizer, or give the right to send as it.",
  ],
  ErrorQuotaExceeded: ["EWS_RESPONSE", "The mailbox is full.", "Make room, or raise the quota."],
  ErrorCalendarEndDateIsEarlierThanStartDate: [
    "EWS_RESPONSE",
    "End lies before start, often because the two have different zones.",
    "Send both in one zone.",
  ],
  ErrorCalendarViewRangeTooBig: [
    "EWS_RESPONSE",
    "A CalendarView may span two years at most.",
    "Ask in pieces.",
  ],
  ErrorExceededFindCountLimit: [
    "EWS_BUSY",
    "The search asks for more items at once than the throttling policy allows (1000).",
    "Page through the result.",
  ],
  ErrorNotDelegate: [
    "GRAPH_ACCESS_DENIED",
    "The user named is not a delegate of this mailbox.",
    "List the delegates first.",
  ],
  ErrorUserNotUnifiedMessagingEnabled: [
    "EWS_RESPONSE",
    "The mailbox has no unified messaging.",
    "Leave the call out.",
  ],
  ErrorNoFreeBusyAccess: [
    "GRAPH_ACCESS_DENIED",
    "The caller may not see when this mailbox is free: its default permission on the calendar is None, or no relationship between the organisations allows it.",
    "Set the default permission to AvailabilityOnly, or use an application permission.",
  ],
  ErrorMailRecipientNotFound: [
    "EWS_MAILBOX_UNKNOWN",
    "Exchange finds no recipient by this address.",
    "Check the address.",
  ],
  ErrorInvalidSmtpAddress: [
    "EWS_MAILBOX_UNKNOWN",
    "The address is not an SMTP address.",
    "Send the primary SMTP address of the mailbox.",
  ],
  ErrorADUnavailable: [
    "EWS_BUSY",
    "The directory behind Exchange could not be reached.",
    "Try again after a pause.",
  ],
  ErrorPasswordExpired: [
    "EXCHANGE_BASIC_OFF",
    "The password of the account has run out.",
    "Sign in with OAuth and a certificate; on a server renew the password.",
  ],
  ErrorAccountDisabled: ["EWS_USER", "The account is switched off.", "Use another account, or switch it on."],
};
