import type { FindingTable } from "../finding.ts";
import { SOURCES } from "./sources.ts";

/** Findings about token requests, and what refusals of the directory come down to. */
export const REQUEST_FINDINGS = {
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
  REQUEST_PARAMETER_MISSING: {
    severity: "fault",
    title: "A field of the token request is missing",
    see: [SOURCES.scopes],
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
  APPLICATION_CREDENTIAL_REFUSED: {
    severity: "fault",
    title: "The credential of the application was refused",
    see: [SOURCES.addCredentials],
  },
  MANAGED_IDENTITY_MISSING: {
    severity: "fault",
    title: "No managed identity is there for the program",
    see: [SOURCES.managedIdentity],
  },
  ADFS_REFUSED: {
    severity: "fault",
    title: "AD FS refused the request",
    see: [SOURCES.adfs],
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
} as const satisfies FindingTable;
