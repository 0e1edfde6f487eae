import type { FindingTable } from "../finding.ts";
import { SOURCES } from "./sources.ts";

const token = [SOURCES.accessTokenClaims, SOURCES.accessTokens] as const;

/** Findings about access tokens, requests, and what Graph, Exchange and client libraries answer. */
export const SERVICE_FINDINGS = {
  INPUT_NOT_RECOGNISED: {
    severity: "info",
    title: "Nothing in this input is known to the doctor",
    see: [SOURCES.errorCodes],
  },
  INPUT_CUT: { severity: "info", title: "Only the beginning of this input was read", see: [] },
  ERROR_CODE_UNKNOWN: {
    severity: "warning",
    title: "This error code is not in the table",
    see: [SOURCES.errorCodes],
  },
  TOKEN_VERDICT: { severity: "info", title: "Which API takes this token", see: token },
  TOKEN_VALID: { severity: "ok", title: "The access token is in order", see: token },
  TOKEN_SELF_MADE: {
    severity: "fault",
    title: "A token of your own making was sent to the API",
    see: [SOURCES.clientCredentials, SOURCES.certificateCredentials],
  },
  TOKEN_EXPIRED: { severity: "fault", title: "The access token has expired", see: token },
  TOKEN_NOT_YET_VALID: { severity: "fault", title: "The access token is not valid yet", see: token },
  TOKEN_AUDIENCE: {
    severity: "fault",
    title: "The token is for another API than the one that was called",
    see: token,
  },
  TOKEN_AUDIENCE_AMBIGUOUS: {
    severity: "warning",
    title: "The token's audience is one that the API may not accept",
    see: token,
  },
  TOKEN_ROLES_MISSING: {
    severity: "fault",
    title: "The token carries no application permission",
    see: [SOURCES.adminConsent, SOURCES.graphPermissions],
  },
  TOKEN_ROLE_INSUFFICIENT: {
    severity: "fault",
    title: "The token's permissions do not reach for this call",
    see: [SOURCES.graphPermissions],
  },
  TOKEN_FROM_SECRET: {
    severity: "fault",
    title: "The token was obtained with a client secret; Exchange wants a certificate",
    see: [SOURCES.ewsOauth],
  },
  TOKEN_IS_ID_TOKEN: {
    severity: "fault",
    title: "An id_token was used where an access token is needed",
    see: token,
  },
  TOKEN_DELEGATED: {
    severity: "info",
    title: "The token acts for a signed-in user, not for the application itself",
    see: token,
  },
  TOKEN_ISSUER: { severity: "fault", title: "The token's issuer is not Entra ID", see: token },
  TOKEN_MALFORMED: { severity: "fault", title: "The token cannot be read", see: token },
  TOKEN_ME_PATH: {
    severity: "fault",
    title: "/me needs a signed-in user",
    see: [SOURCES.graphPermissions],
  },
  TOKEN_GROUP_CALENDAR: {
    severity: "fault",
    title: "Group calendars cannot be used without a signed-in member",
    see: [SOURCES.graphGroupEvents],
  },
  REQUEST_VALID: {
    severity: "ok",
    title: "The token request is well formed",
    see: [SOURCES.clientCredentials],
  },
  REQUEST_GRANT_TYPE: {
    severity: "fault",
    title: "grant_type is missing or not known",
    see: [SOURCES.clientCredentials],
  },
  REQUEST_CLIENT_ID: {
    severity: "fault",
    title: "client_id is missing or not a GUID",
    see: [SOURCES.clientCredentials],
  },
  REQUEST_SCOPE_MISSING: { severity: "fault", title: "scope is missing", see: [SOURCES.scopes] },
  REQUEST_SCOPE_NOT_DEFAULT: {
    severity: "fault",
    title: "An application asks for <resource>/.default, not for single permissions",
    see: [SOURCES.scopes, SOURCES.clientCredentials],
  },
  REQUEST_SCOPE_SEVERAL: {
    severity: "fault",
    title: "More than one scope or resource was asked for at once",
    see: [SOURCES.scopes],
  },
  REQUEST_RESOURCE_ON_V2: {
    severity: "fault",
    title: "resource= was sent to the v2.0 endpoint",
    see: [SOURCES.scopes],
  },
  REQUEST_SCOPE_ON_V1: {
    severity: "warning",
    title: "scope= was sent to the v1 endpoint, which reads resource=",
    see: [SOURCES.scopes],
  },
  REQUEST_RESOURCE_MISSING: {
    severity: "fault",
    title: "resource is missing or empty",
    see: [SOURCES.scopes],
  },
  REQUEST_RESOURCE_UNKNOWN: {
    severity: "fault",
    title: "The API that was asked for is not known in this tenant",
    see: [SOURCES.scopes, SOURCES.nationalClouds],
  },
  REQUEST_CREDENTIAL_MISSING: {
    severity: "fault",
    title: "The request carries no client credential",
    see: [SOURCES.clientCredentials],
  },
  REQUEST_CREDENTIALS_SEVERAL: {
    severity: "fault",
    title: "The request carries more than one client credential",
    see: [SOURCES.clientCredentials],
  },
  REQUEST_ASSERTION_TYPE: {
    severity: "fault",
    title: "client_assertion_type is missing or misspelled",
    see: [SOURCES.clientCredentials, SOURCES.rfc7523],
  },
  REQUEST_NOT_FORM: {
    severity: "fault",
    title: "The body is not application/x-www-form-urlencoded",
    see: [SOURCES.clientCredentials],
  },
  REQUEST_METHOD: {
    severity: "fault",
    title: "The token endpoint takes POST only",
    see: [SOURCES.clientCredentials],
  },
  REQUEST_SECRET_ID: {
    severity: "fault",
    title: "The secret's ID was sent instead of its value",
    see: [SOURCES.addCredentials],
  },
  REQUEST_SECRET_ENCODING: {
    severity: "warning",
    title: "The client secret may not have been URL-encoded",
    see: [SOURCES.clientCredentials],
  },
  REQUEST_TENANT_COMMON: {
    severity: "fault",
    title: "An application signs in at its tenant, not at /common",
    see: [SOURCES.clientCredentials],
  },
  REQUEST_TENANT: {
    severity: "fault",
    title: "The tenant in the address is not one",
    see: [SOURCES.clientCredentials],
  },
  REQUEST_AUTHORIZE_ENDPOINT: {
    severity: "fault",
    title: "Tokens come from the token endpoint, not from authorize",
    see: [SOURCES.clientCredentials],
  },
  REQUEST_CLOUD: {
    severity: "fault",
    title: "The token host and the API belong to different clouds",
    see: [SOURCES.nationalClouds],
  },
  REQUEST_PLACEHOLDER: {
    severity: "fault",
    title: "A placeholder was left in the request",
    see: [SOURCES.clientCredentials],
  },
  REQUEST_NO_BEARER: {
    severity: "fault",
    title: "The Authorization header does not say Bearer and the token",
    see: [SOURCES.accessTokens],
  },
  REQUEST_HTTP: { severity: "fault", title: "The address must begin with https", see: [] },
  REQUEST_EWS_ANCHOR: {
    severity: "warning",
    title: "X-AnchorMailbox is missing",
    see: [SOURCES.ewsImpersonation],
  },
  REQUEST_EWS_IMPERSONATION: {
    severity: "fault",
    title: "The SOAP header names no mailbox to act as",
    see: [SOURCES.ewsOauth, SOURCES.ewsImpersonation],
  },
  APPLICATION_NOT_FOUND: {
    severity: "fault",
    title: "The client id is not known in this tenant",
    see: [SOURCES.errorCodes],
  },
  APPLICATION_SECRET_EXPIRED: {
    severity: "fault",
    title: "The client secret has expired",
    see: [SOURCES.addCredentials],
  },
  APPLICATION_SECRET_WRONG: {
    severity: "fault",
    title: "The client secret is not the one registered",
    see: [SOURCES.addCredentials],
  },
  APPLICATION_NO_KEYS: {
    severity: "fault",
    title: "The application has no certificate registered",
    see: [SOURCES.addCredentials],
  },
  APPLICATION_PUBLIC_CLIENT: {
    severity: "fault",
    title: "The application is a public client but sent a credential",
    see: [SOURCES.manifest],
  },
  APPLICATION_DISABLED: {
    severity: "fault",
    title: "The application is switched off",
    see: [SOURCES.errorCodes],
  },
  APPLICATION_NO_SERVICE_PRINCIPAL: {
    severity: "fault",
    title: "The application is registered, but not present in this tenant",
    see: [SOURCES.servicePrincipalless],
  },
  APPLICATION_CONSENT_MISSING: {
    severity: "fault",
    title: "An administrator has not consented",
    see: [SOURCES.adminConsent],
  },
  APPLICATION_NOT_ASSIGNED: {
    severity: "fault",
    title: "The API wants the application to be assigned to a role",
    see: [SOURCES.adminConsent],
  },
  FEDERATION_MISMATCH: {
    severity: "fault",
    title: "No federated credential matches the external token",
    see: [SOURCES.federation],
  },
  TENANT_NOT_FOUND: {
    severity: "fault",
    title: "The tenant does not exist in this cloud",
    see: [SOURCES.nationalClouds],
  },
  POLICY_BLOCKED: {
    severity: "fault",
    title: "A Conditional Access policy blocks the sign-in",
    see: [SOURCES.workloadConditionalAccess],
  },
  SERVICE_BUSY: {
    severity: "warning",
    title: "The service asks to wait and try again",
    see: [SOURCES.graphThrottling],
  },
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
  CLIENT_KEY_UNREADABLE: {
    severity: "fault",
    title: "The library could not read the private key",
    see: [SOURCES.certificateCredentials],
  },
  CLIENT_CERTIFICATE_MISSING: {
    severity: "fault",
    title: "The file holds no PEM certificate",
    see: [SOURCES.certificateCredentials],
  },
  CLIENT_PRIVATE_KEY_MISSING: {
    severity: "fault",
    title: "The file holds a certificate without its private key",
    see: [SOURCES.certificateCredentials],
  },
  CLIENT_AUTHORITY_UNREACHABLE: {
    severity: "fault",
    title: "The library could not reach or resolve the authority",
    see: [SOURCES.nationalClouds],
  },
  CLIENT_KEY_ALGORITHM: {
    severity: "fault",
    title: "The library was given a key that is not RSA",
    see: [SOURCES.selfSigned],
  },
  CLIENT_KEY_NOT_EXPORTABLE: {
    severity: "fault",
    title: "The private key cannot leave its store",
    see: [SOURCES.certificateCredentials],
  },
  CLIENT_TLS: {
    severity: "fault",
    title: "The TLS connection could not be verified",
    see: [],
  },
  CLIENT_NETWORK: { severity: "fault", title: "The host could not be reached", see: [] },
} as const satisfies FindingTable;
