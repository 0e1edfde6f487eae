import type { FindingTable } from "../finding.ts";
import { SOURCES } from "./sources.ts";

/** Findings about answers of Graph and Exchange, and about APIs that are gone. */
export const API_FINDINGS = {
  GRAPH_TOKEN_UNREADABLE: {
    severity: "fault",
    title: "Graph cannot read the token",
    see: [SOURCES.graphErrors],
  },
  GRAPH_ACCESS_DENIED: {
    severity: "fault",
    title: "Exchange denies the mailbox to this application",
    see: [SOURCES.graphErrors, SOURCES.mailboxScoping],
  },
  GRAPH_ODATA_DISABLED: {
    severity: "fault",
    title: "A scoping policy keeps this application out of the mailbox",
    see: [SOURCES.mailboxScoping, SOURCES.exchangeRbac],
  },
  GRAPH_PRIVILEGES: {
    severity: "fault",
    title: "The application lacks the permission for this directory call",
    see: [SOURCES.graphPermissions, SOURCES.adminConsent],
  },
  EXCHANGE_ROLE_MISSING: {
    severity: "fault",
    title: "The application has no role for Exchange's own commands",
    see: ["https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2"],
  },
  GRAPH_MAILBOX_NOT_IN_CLOUD: {
    severity: "fault",
    title: "The mailbox is not one that Graph can reach",
    see: [SOURCES.graphRest],
  },
  GRAPH_MAILBOX_UNKNOWN: { severity: "fault", title: "There is no such mailbox", see: [SOURCES.graphErrors] },
  GRAPH_RESOURCE_UNKNOWN: {
    severity: "fault",
    title: "The directory has no such object, or not yet",
    see: [SOURCES.graphErrors],
  },
  GRAPH_ITEM_UNKNOWN: {
    severity: "fault",
    title: "The event does not exist any more",
    see: [SOURCES.graphErrors],
  },
  GRAPH_GROUP_AS_USER: {
    severity: "fault",
    title: "The address is a group's, used as if it were a user's",
    see: [SOURCES.graphGroupEvents],
  },
  GRAPH_DELTA_TOKEN: {
    severity: "fault",
    title: "The change-tracking token has gone; a full read is due",
    see: [SOURCES.graphDelta],
  },
  GRAPH_THROTTLED: {
    severity: "fault",
    title: "Graph is throttling",
    see: [SOURCES.graphThrottling],
  },
  GRAPH_MAILBOX_CONCURRENCY: {
    severity: "fault",
    title: "More than four requests ran on one mailbox at once",
    see: [SOURCES.graphThrottling, SOURCES.graphBatching],
  },
  GRAPH_CONFLICT: {
    severity: "fault",
    title: "The event was changed by somebody else",
    see: [SOURCES.graphErrors],
  },
  GRAPH_TRANSIENT: {
    severity: "warning",
    title: "A passing fault of the service",
    see: [SOURCES.graphErrors],
  },
  GRAPH_CLAIMS_CHALLENGE: {
    severity: "fault",
    title: "The API wants a fresh token with more claims",
    see: [SOURCES.claimsChallenge],
  },
  GRAPH_REQUEST_MALFORMED: {
    severity: "fault",
    title: "The request to Graph is malformed",
    see: [SOURCES.graphErrors],
  },
  GRAPH_ERROR_UNKNOWN: {
    severity: "warning",
    title: "An error of Graph that is not in the table",
    see: [SOURCES.graphErrors],
  },
  GRAPH_MEMBER_EXISTS: {
    severity: "info",
    title: "The member is already in the group",
    see: [SOURCES.graphErrors],
  },
  SUBSCRIPTION_NOT_VALIDATED: {
    severity: "fault",
    title: "Graph got no valid answer from the address for notifications",
    see: [SOURCES.graphWebhooks],
  },
  AZURE_ROLE_MISSING: {
    severity: "fault",
    title: "The identity has no role on the Azure resource",
    see: [SOURCES.azureRoles],
  },
  API_REFUSED_UNSAID: {
    severity: "fault",
    title: "The API refused the request, and the reason was not passed on",
    see: [SOURCES.accessTokens, SOURCES.graphErrors],
  },
  MAIL_OAUTH_REFUSED: {
    severity: "fault",
    title: "Exchange refuses the OAuth sign-in of IMAP, POP or SMTP",
    see: [SOURCES.mailOauth],
  },
  EXCHANGE_BASIC_OFF: {
    severity: "fault",
    title: "Exchange Online takes no user name and password any more",
    see: [SOURCES.basicOff, SOURCES.ewsOauth],
  },
  EWS_AUTH_TOO_WEAK: {
    severity: "fault",
    title: "Exchange refuses tokens that were obtained with a client secret",
    see: [SOURCES.ewsOauth],
  },
  EWS_TOKEN_AUDIENCE: {
    severity: "fault",
    title: "Exchange does not recognise itself in the token's audience",
    see: [SOURCES.ewsDiagnostics, SOURCES.ewsOauth],
  },
  EWS_TOKEN_SIGNATURE: {
    severity: "fault",
    title: "Exchange cannot verify the token's signature",
    see: [SOURCES.ewsDiagnostics],
  },
  EWS_TOKEN_INVALID: {
    severity: "fault",
    title: "Exchange refuses the token",
    see: [SOURCES.ewsDiagnostics],
  },
  EWS_TOKEN_EXPIRED: {
    severity: "fault",
    title: "The token had expired when Exchange saw it",
    see: [SOURCES.ewsDiagnostics],
  },
  EWS_NO_PERMISSIONS: {
    severity: "fault",
    title: "The token carries no permission for Exchange",
    see: [SOURCES.ewsOauth, SOURCES.adminConsent],
  },
  EWS_NOT_ENOUGH_SCOPE: {
    severity: "fault",
    title: "The token's permission is not full_access_as_app",
    see: [SOURCES.ewsOauth],
  },
  EWS_TENANT: {
    severity: "fault",
    title: "Exchange does not know the token's tenant",
    see: [SOURCES.ewsDiagnostics],
  },
  EWS_USER: {
    severity: "fault",
    title: "Exchange does not know the user in the token",
    see: [SOURCES.ewsDiagnostics],
  },
  EWS_CLIENT: { severity: "fault", title: "Exchange refuses the application", see: [SOURCES.ewsDiagnostics] },
  EWS_INTERNAL: { severity: "warning", title: "A passing fault of Exchange", see: [SOURCES.ewsDiagnostics] },
  EWS_OAUTH_UNAVAILABLE: {
    severity: "fault",
    title: "OAuth is not available for this domain",
    see: [SOURCES.ewsDiagnostics],
  },
  EWS_DIAGNOSTICS_UNKNOWN: {
    severity: "warning",
    title: "An x-ms-diagnostics number that is not documented",
    see: [SOURCES.ewsDiagnostics],
  },
  EWS_ONPREM_APP_ONLY: {
    severity: "fault",
    title: "Exchange Server does not take application tokens of Entra",
    see: [SOURCES.ewsOauth],
  },
  EWS_IMPERSONATION_DENIED: {
    severity: "fault",
    title: "The application may not act as this mailbox",
    see: [SOURCES.ewsImpersonation],
  },
  EWS_BLOCKED: {
    severity: "fault",
    title: "EWS is blocked for this application, mailbox or tenant",
    see: [SOURCES.ewsEnd],
  },
  EWS_REFUSED_UNSAID: {
    severity: "fault",
    title: "Exchange refused the request, and the reason was not passed on",
    see: [SOURCES.ewsDiagnostics, SOURCES.ewsOauth],
  },
  EWS_BUSY: { severity: "warning", title: "Exchange asks to wait", see: [SOURCES.ewsThrottling] },
  EWS_SYNC_STATE: {
    severity: "fault",
    title: "The sync state is not valid any more; a full read is due",
    see: [SOURCES.ewsResponseCodes],
  },
  EWS_ITEM_UNKNOWN: {
    severity: "fault",
    title: "The item does not exist any more",
    see: [SOURCES.ewsResponseCodes],
  },
  EWS_MAILBOX_UNKNOWN: {
    severity: "fault",
    title: "There is no such mailbox",
    see: [SOURCES.ewsResponseCodes],
  },
  EWS_AUTODISCOVER: {
    severity: "fault",
    title: "Autodiscover did not find the mailbox's server",
    see: [
      "https://learn.microsoft.com/exchange/client-developer/exchange-web-services/autodiscover-for-exchange",
    ],
  },
  SHAREPOINT_PASSWORD_OFF: {
    severity: "fault",
    title: "SharePoint refuses the sign-in with name and password",
    see: ["https://learn.microsoft.com/sharepoint/dev/solution-guidance/security-apponly-azuread"],
  },
  EWS_RESPONSE: {
    severity: "fault",
    title: "Exchange refused the operation",
    see: [SOURCES.ewsResponseCodes],
  },
  CHALLENGE_EXCHANGE: {
    severity: "info",
    title: "Exchange asks for a bearer token",
    see: [SOURCES.ewsDiagnostics],
  },
  CHALLENGE_OTHER: {
    severity: "info",
    title: "The API asks for a bearer token",
    see: [SOURCES.accessTokens],
  },
  SHAREPOINT_APP_ONLY_SECRET: {
    severity: "fault",
    title: "SharePoint refuses application tokens obtained with a secret",
    see: [SOURCES.certificateCredentials],
  },
  RETIRED_OUTLOOK_REST: {
    severity: "fault",
    title: "The Outlook REST API is switched off",
    see: [SOURCES.outlookRest],
  },
  RETIRED_AZURE_AD_GRAPH: {
    severity: "fault",
    title: "Azure AD Graph is switched off",
    see: [SOURCES.manifestFormats],
  },
  RETIRED_EWS: {
    severity: "warning",
    title: "EWS leaves Exchange Online on 2027-04-01",
    see: [SOURCES.ewsEnd],
  },
  RETIRED_LOGIN_WINDOWS_NET: {
    severity: "info",
    title: "login.windows.net is an old name of login.microsoftonline.com",
    see: [SOURCES.clientCredentials],
  },
  RETIRED_TLS: { severity: "fault", title: "The client speaks TLS 1.0 or 1.1", see: [SOURCES.errorCodes] },
} as const satisfies FindingTable;
