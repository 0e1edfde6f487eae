/** Addresses of the documents that findings point to. */
export const SOURCES = {
  certificateCredentials: "https://learn.microsoft.com/entra/identity-platform/certificate-credentials",
  errorCodes: "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
  clientCredentials: "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow",
  accessTokens: "https://learn.microsoft.com/entra/identity-platform/access-tokens",
  accessTokenClaims: "https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference",
  manifest: "https://learn.microsoft.com/entra/identity-platform/reference-microsoft-graph-app-manifest",
  manifestFormats:
    "https://learn.microsoft.com/entra/identity-platform/azure-active-directory-graph-app-manifest-deprecation",
  keyCredential: "https://learn.microsoft.com/graph/api/resources/keycredential",
  addCertificate: "https://learn.microsoft.com/graph/applications-how-to-add-certificate",
  addCredentials: "https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials",
  selfSigned: "https://learn.microsoft.com/entra/identity-platform/howto-create-self-signed-certificate",
  adminConsent: "https://learn.microsoft.com/entra/identity-platform/v2-admin-consent",
  scopes: "https://learn.microsoft.com/entra/identity-platform/scopes-oidc",
  rollKey: "https://learn.microsoft.com/graph/application-rollkey-prooftoken",
  federation: "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations",
  nationalClouds: "https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud",
  servicePrincipalless: "https://learn.microsoft.com/entra/identity-platform/deprecate-spless-auth",
  workloadConditionalAccess:
    "https://learn.microsoft.com/entra/identity/conditional-access/workload-identity",
  claimsChallenge: "https://learn.microsoft.com/entra/identity-platform/claims-challenge",
  ewsOauth:
    "https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-authenticate-an-ews-application-by-using-oauth",
  exchangeAppOnly: "https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2",
  graphWebhooks: "https://learn.microsoft.com/graph/change-notifications-delivery-webhooks",
  managedIdentity: "https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview",
  azureRoles: "https://learn.microsoft.com/azure/role-based-access-control/troubleshooting",
  adfs: "https://learn.microsoft.com/windows-server/identity/ad-fs/troubleshooting/ad-fs-tshoot-overview",
  mailOauth:
    "https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth",
  basicOff:
    "https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/deprecation-of-basic-authentication-exchange-online",
  ewsDiagnostics:
    "https://learn.microsoft.com/exchange/client-developer/exchange-web-services/instrumenting-client-requests-for-ews-and-rest-in-exchange",
  ewsImpersonation:
    "https://learn.microsoft.com/exchange/client-developer/exchange-web-services/impersonation-and-ews-in-exchange",
  ewsResponseCodes:
    "https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode",
  ewsThrottling:
    "https://learn.microsoft.com/exchange/client-developer/exchange-web-services/ews-throttling-in-exchange",
  ewsEnd: "https://techcommunity.microsoft.com/blog/exchange/4492361",
  outlookRest:
    "https://learn.microsoft.com/previous-versions/office/office-365-api/api/version-2.0/use-outlook-rest-api",
  exchangeRbac: "https://learn.microsoft.com/exchange/permissions-exo/application-rbac",
  mailboxScoping: "https://learn.microsoft.com/graph/auth-limit-mailbox-access",
  graphErrors: "https://learn.microsoft.com/graph/errors",
  graphThrottling: "https://learn.microsoft.com/graph/throttling",
  graphPermissions: "https://learn.microsoft.com/graph/permissions-reference",
  graphGroupEvents: "https://learn.microsoft.com/graph/api/group-post-events",
  graphDelta: "https://learn.microsoft.com/graph/delta-query-overview",
  graphRest:
    "https://learn.microsoft.com/exchange/troubleshoot/user-and-shared-mailboxes/rest-api-is-not-yet-supported-for-this-mailbox-error",
  graphBatching: "https://learn.microsoft.com/graph/json-batching",
  graphEvent: "https://learn.microsoft.com/graph/api/resources/event",
  graphDateTimeTimeZone: "https://learn.microsoft.com/graph/api/resources/datetimetimezone",
  graphCalendarView: "https://learn.microsoft.com/graph/api/user-list-calendarview",
  graphDeltaEvents: "https://learn.microsoft.com/graph/delta-query-events",
  graphFilter: "https://learn.microsoft.com/graph/filter-query-parameter",
  graphPaging: "https://learn.microsoft.com/graph/paging",
  graphExtendedProperties: "https://learn.microsoft.com/graph/api/resources/extended-properties-overview",
  msalTokenCache: "https://learn.microsoft.com/entra/msal/dotnet/how-to/token-cache-serialization",
  emptySource: "https://github.com/derekantrican/GAS-ICS-Sync/issues/118",
  windowsZones: "https://github.com/unicode-org/cldr/blob/main/common/supplemental/windowsZones.xml",
  rfc5545Calendar: "https://www.rfc-editor.org/rfc/rfc5545#section-3.4",
  rfc5545Tzid: "https://www.rfc-editor.org/rfc/rfc5545#section-3.2.19",
  rfc5545Exdate: "https://www.rfc-editor.org/rfc/rfc5545#section-3.8.5.1",
  rfc5545Uid: "https://www.rfc-editor.org/rfc/rfc5545#section-3.8.4.7",
  rfc7515: "https://www.rfc-editor.org/rfc/rfc7515#section-4.1.7",
  rfc7519: "https://www.rfc-editor.org/rfc/rfc7519#section-2",
  rfc7523: "https://www.rfc-editor.org/rfc/rfc7523#section-3",
  opensslProviders: "https://docs.openssl.org/3.0/man7/OSSL_PROVIDER-legacy/",
} as const;
