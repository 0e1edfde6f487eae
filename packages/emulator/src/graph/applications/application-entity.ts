/** Applications as Graph shows them. */
import type { Application, PermissionScope } from "../../directory/directory.ts";
import type { GraphCall } from "../call.ts";
import { expandObjects } from "../directory/directory-object.ts";
import { formatInstant } from "../events/event-entity.ts";
import type { EntityType } from "../odata/entity.ts";
import { readQueryOptions } from "../odata/query-options.ts";
import { renderKeyCredential, renderPasswordCredential } from "./key-credentials.ts";

/** An application with the object ids of its owners, which only Graph knows. */
export type OwnedApplication = Application & { owners?: string[] };

/** Members without a meaning here, with what the service shows when nobody set them. */
const PLAIN_DEFAULTS: Readonly<Record<string, unknown>> = {
  addIns: [],
  applicationTemplateId: null,
  certification: null,
  defaultRedirectUri: null,
  description: null,
  disabledByMicrosoftStatus: null,
  groupMembershipClaims: null,
  isDeviceOnlyAuthSupported: null,
  notes: null,
  optionalClaims: null,
  parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: "Allow" },
  publisherDomain: null,
  requestSignatureVerification: null,
  samlMetadataUrl: null,
  serviceManagementReference: null,
  servicePrincipalLockConfiguration: null,
  tags: [],
  tokenEncryptionKeyId: null,
  uniqueName: null,
  verifiedPublisher: { addedDateTime: null, displayName: null, verifiedPublisherId: null },
};

const INFO = {
  logoUrl: null,
  marketingUrl: null,
  privacyStatementUrl: null,
  supportUrl: null,
  termsOfServiceUrl: null,
};

/** The entity type `application`. */
export const APPLICATION_TYPE: EntityType<OwnedApplication> = {
  name: "microsoft.graph.application",
  always: [],
  onRequest: new Set(),
  properties: {
    id: (application) => application.id,
    deletedDateTime: () => null,
    appId: (application) => application.appId,
    createdDateTime: (application) => formatInstant(application.createdAtMs).replace(/\.\d+Z$/, "Z"),
    displayName: (application) => application.displayName,
    identifierUris: (application) => application.identifierUris,
    isFallbackPublicClient: (application) => application.isFallbackPublicClient,
    signInAudience: (application) => application.signInAudience,
    ...Object.fromEntries(
      Object.entries(PLAIN_DEFAULTS).map(([name, fallback]) => [
        name,
        (application: Application) => application.properties[name] ?? fallback,
      ]),
    ),
    // The v1.0 endpoint does not show it, which is why Terraform writes and reads it through beta.
    oauth2RequirePostResponse: (application, call) =>
      call.version === "beta" ? (application.properties["oauth2RequirePostResponse"] ?? false) : undefined,
    publisherDomain: (application, call) =>
      application.properties["publisherDomain"] ?? call.tenant.domains[0],
    api: renderApi,
    appRoles: (application) => application.appRoles.map((role) => ({ ...role, origin: "Application" })),
    info: (application) => ({ ...INFO, ...(application.properties["info"] as object | undefined) }),
    keyCredentials: (application, call) => {
      const withKey = showsKeys(call);
      return application.keyCredentials.map((credential) => renderKeyCredential(credential, withKey));
    },
    passwordCredentials: (application) => application.passwordCredentials.map(renderPasswordCredential),
    publicClient: (application) => ({ redirectUris: redirectUris(application, "InstalledClient") }),
    requiredResourceAccess: (application) => application.requiredResourceAccess,
    web: renderWeb,
    spa: (application) => ({ redirectUris: redirectUris(application, "Spa") }),
  },
  expansions: {
    owners: ({ owners = [] }, call, { select }) => expandObjects(call, owners, select),
  },
};

/** Certificates come only for one application, and only when `$select` names them. */
function showsKeys(call: GraphCall): boolean {
  if (call.request.method !== "GET" || call.params["application"] === undefined) return false;
  return readQueryOptions(call).select?.some((name) => name.toLowerCase() === "keycredentials") === true;
}

function renderApi(application: Application): Record<string, unknown> {
  const kept = (application.properties["api"] ?? {}) as Record<string, unknown>;
  return {
    acceptMappedClaims: kept["acceptMappedClaims"] ?? null,
    knownClientApplications: kept["knownClientApplications"] ?? [],
    requestedAccessTokenVersion: application.requestedAccessTokenVersion,
    oauth2PermissionScopes: application.permissionScopes.map((scope) => renderScope(scope, kept)),
    preAuthorizedApplications: kept["preAuthorizedApplications"] ?? [],
  };
}

/** Members of a scope that have no meaning here come back as they were sent. */
function renderScope(scope: PermissionScope, kept: Record<string, unknown>): Record<string, unknown> {
  const sent = kept["oauth2PermissionScopes"];
  const list: unknown[] = Array.isArray(sent) ? sent : [];
  const own = list.find((candidate) => (candidate as { id?: unknown } | null)?.id === scope.id);
  return {
    adminConsentDescription: scope.adminConsentDisplayName,
    userConsentDescription: null,
    userConsentDisplayName: null,
    ...(own as object | undefined),
    ...scope,
  };
}

function renderWeb(application: Application): Record<string, unknown> {
  const kept = (application.properties["web"] ?? {}) as Record<string, unknown>;
  return {
    homePageUrl: kept["homePageUrl"] ?? null,
    logoutUrl: kept["logoutUrl"] ?? null,
    redirectUris: redirectUris(application, "Web"),
    implicitGrantSettings: {
      enableAccessTokenIssuance: false,
      enableIdTokenIssuance: false,
      ...(kept["implicitGrantSettings"] as object | undefined),
    },
    redirectUriSettings: redirectUris(application, "Web").map((uri) => ({ uri, index: null })),
  };
}

function redirectUris(application: Application, wanted: "Web" | "Spa" | "InstalledClient"): string[] {
  return application.redirectUris.filter(({ type }) => type === wanted).map(({ uri }) => uri);
}
