/** Service principals as Graph shows them. */
import type { ServicePrincipal, Tenant } from "../../directory/directory.ts";
import { findApplication } from "../../directory/lookup.ts";
import { MICROSOFT_SERVICES_TENANT_ID } from "../../directory/well-known-applications.ts";
import { renderKeyCredential, renderPasswordCredential } from "../applications/key-credentials.ts";
import type { EntityType } from "../odata/entity.ts";

/** A service principal with the object ids of its owners, which only Graph knows. */
export type OwnedServicePrincipal = ServicePrincipal & { owners?: string[] };

const PLAIN_DEFAULTS: Readonly<Record<string, unknown>> = {
  addIns: [],
  alternativeNames: [],
  appDescription: null,
  applicationTemplateId: null,
  description: null,
  disabledByMicrosoftStatus: null,
  homepage: null,
  info: null,
  loginUrl: null,
  logoutUrl: null,
  notes: null,
  notificationEmailAddresses: [],
  preferredSingleSignOnMode: null,
  preferredTokenSigningKeyThumbprint: null,
  resourceSpecificApplicationPermissions: [],
  samlSingleSignOnSettings: null,
  tags: [],
  tokenEncryptionKeyId: null,
  verifiedPublisher: { addedDateTime: null, displayName: null, verifiedPublisherId: null },
};

/** The entity type `servicePrincipal`. */
export const SERVICE_PRINCIPAL_TYPE: EntityType<OwnedServicePrincipal> = {
  name: "microsoft.graph.servicePrincipal",
  always: [],
  onRequest: new Set(),
  properties: {
    id: (principal) => principal.id,
    deletedDateTime: () => null,
    accountEnabled: (principal) => principal.accountEnabled,
    appDisplayName: (principal) => principal.displayName,
    appId: (principal) => principal.appId,
    appOwnerOrganizationId: (principal, call) =>
      findApplication(call.tenant, principal.appId) === undefined
        ? foreignOwner(principal, [...call.context.world.tenants.values()])
        : call.tenant.tenantId,
    appRoleAssignmentRequired: (principal) => principal.appRoleAssignmentRequired,
    displayName: (principal) => principal.displayName,
    servicePrincipalNames: (principal) => principal.servicePrincipalNames,
    servicePrincipalType: (principal) => principal.servicePrincipalType,
    signInAudience: (principal, call) =>
      findApplication(call.tenant, principal.appId)?.signInAudience ?? "AzureADMultipleOrgs",
    ...Object.fromEntries(
      Object.entries(PLAIN_DEFAULTS).map(([name, fallback]) => [
        name,
        (principal: ServicePrincipal) => principal.properties[name] ?? fallback,
      ]),
    ),
    replyUrls: (principal, call) =>
      (findApplication(call.tenant, principal.appId)?.redirectUris ?? []).map(({ uri }) => uri),
    appRoles: (principal) => principal.appRoles.map((role) => ({ ...role, origin: "Application" })),
    oauth2PermissionScopes: (principal) =>
      principal.permissionScopes.map((scope) => ({
        adminConsentDescription: scope.adminConsentDisplayName,
        userConsentDescription: null,
        userConsentDisplayName: null,
        ...scope,
      })),
    keyCredentials: (principal) =>
      principal.keyCredentials.map((credential) => renderKeyCredential(credential, false)),
    passwordCredentials: (principal) => principal.passwordCredentials.map(renderPasswordCredential),
  },
  expansions: {},
};

function foreignOwner(principal: ServicePrincipal, tenants: readonly Tenant[]): string {
  const home = tenants.find((tenant) => findApplication(tenant, principal.appId) !== undefined);
  return home?.tenantId ?? MICROSOFT_SERVICES_TENANT_ID;
}
