/** `directoryObjects`, organization, domains, delegated grants. */
import { randomBytes } from "node:crypto";
import type { OAuth2PermissionGrant, Tenant } from "../../directory/directory.ts";
import { type GraphCall, type GraphReply, param, readJsonBody } from "../call.ts";
import { invalidProperty, missingProperty } from "../directory-body.ts";
import { findUser, requireServicePrincipal } from "../directory-lookup.ts";
import { GraphFault } from "../errors.ts";
import { GROUP_TYPE } from "../groups/group-entity.ts";
import { notFound } from "../not-found.ts";
import { DIRECTORY_STYLE, replyCollection, replyEntity } from "../odata/collection.ts";
import type { EntityType } from "../odata/entity.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";
import { SERVICE_PRINCIPAL_TYPE } from "../service-principals/service-principal-entity.ts";
import { USER_TYPE } from "../users/user-entity.ts";
import { findDirectoryObject } from "./directory-object.ts";

const ORGANIZATION_TYPE: EntityType<Tenant> = {
  name: "microsoft.graph.organization",
  always: [],
  onRequest: new Set(),
  expansions: {},
  properties: {
    id: (tenant) => tenant.tenantId,
    deletedDateTime: () => null,
    businessPhones: () => [],
    city: () => null,
    country: () => null,
    countryLetterCode: () => null,
    createdDateTime: () => null,
    displayName: (tenant) => tenant.displayName,
    onPremisesSyncEnabled: () => null,
    postalCode: () => null,
    preferredLanguage: () => "en",
    tenantType: () => "AAD",
    verifiedDomains: (tenant) =>
      tenant.domains.map((name, index) => ({
        capabilities: "Email, OfficeCommunicationsOnline",
        isDefault: index === 0,
        isInitial: name.endsWith(".onmicrosoft.com"),
        name,
        type: "Managed",
      })),
  },
};

const DOMAIN_TYPE: EntityType<{ readonly name: string; readonly isDefault: boolean }> = {
  name: "microsoft.graph.domain",
  always: [],
  onRequest: new Set(),
  expansions: {},
  properties: {
    id: ({ name }) => name,
    authenticationType: () => "Managed",
    isAdminManaged: () => true,
    isDefault: ({ isDefault }) => isDefault,
    isInitial: ({ name }) => name.endsWith(".onmicrosoft.com"),
    isRoot: () => true,
    isVerified: () => true,
    supportedServices: () => ["Email"],
  },
};

const GRANT_TYPE: EntityType<OAuth2PermissionGrant> = {
  name: "microsoft.graph.oAuth2PermissionGrant",
  always: [],
  onRequest: new Set(),
  expansions: {},
  properties: {
    id: (grant) => grant.id,
    clientId: (grant) => grant.clientId,
    consentType: (grant) => grant.consentType,
    principalId: (grant) => grant.principalId ?? null,
    resourceId: (grant) => grant.resourceId,
    scope: (grant) => grant.scope,
  },
};

const READ_GRANTS = PERMISSIONS.permissionGrantRead;
const WRITE_GRANTS = PERMISSIONS.permissionGrantWrite;

/** Rows of the route table. */
export const directoryRoutes: readonly Route[] = [
  { method: "GET", path: "/directoryObjects/{object}", permission: PERMISSIONS.userRead, handle: getObject },
  {
    method: "GET",
    path: "/organization",
    permission: PERMISSIONS.organizationRead,
    handle: (call) => replyList(ORGANIZATION_TYPE, [call.tenant], call, "organization"),
  },
  {
    method: "GET",
    path: "/organization/{organization}",
    permission: PERMISSIONS.organizationRead,
    handle: getOrganization,
  },
  {
    method: "GET",
    path: "/domains",
    permission: PERMISSIONS.domainRead,
    handle: (call) => {
      const domains = call.tenant.domains.map((name, index) => ({ name, isDefault: index === 0 }));
      return replyList(DOMAIN_TYPE, domains, call, "domains");
    },
  },
  {
    method: "GET",
    path: "/domains/{domain}",
    permission: PERMISSIONS.domainRead,
    handle: (call) => {
      const name = param(call, "domain").toLowerCase();
      const at = call.tenant.domains.indexOf(name);
      if (at < 0) throw notFound(name);
      return replyEntity(DOMAIN_TYPE, { name, isDefault: at === 0 }, call, { context: "domains" });
    },
  },
  {
    method: "GET",
    path: "/oauth2PermissionGrants",
    permission: READ_GRANTS,
    handle: (call) =>
      replyList(GRANT_TYPE, [...call.tenant.oauth2PermissionGrants.values()], call, "oauth2PermissionGrants"),
  },
  ...["/users/{user}", "/me", "/servicePrincipals/{servicePrincipal}"].map(
    (owner): Route => ({
      method: "GET",
      path: `${owner}/oauth2PermissionGrants`,
      permission: READ_GRANTS,
      handle: (call) => replyList(GRANT_TYPE, grantsOf(call), call, "oauth2PermissionGrants"),
    }),
  ),
  { method: "POST", path: "/oauth2PermissionGrants", permission: WRITE_GRANTS, handle: postGrant },
  {
    method: "GET",
    path: "/oauth2PermissionGrants/{grant}",
    permission: READ_GRANTS,
    handle: (call) =>
      replyEntity(GRANT_TYPE, requireGrant(call), call, { context: "oauth2PermissionGrants" }),
  },
  { method: "PATCH", path: "/oauth2PermissionGrants/{grant}", permission: WRITE_GRANTS, handle: patchGrant },
  {
    method: "DELETE",
    path: "/oauth2PermissionGrants/{grant}",
    permission: WRITE_GRANTS,
    handle: (call) => {
      call.tenant.oauth2PermissionGrants.delete(requireGrant(call).id);
      return { status: 204 };
    },
  },
];

function replyList<T>(
  type: EntityType<T>,
  items: readonly T[],
  call: GraphCall,
  context: string,
): GraphReply {
  return replyCollection(type, items, call, { style: DIRECTORY_STYLE, context });
}

function getOrganization(call: GraphCall): GraphReply {
  const id = param(call, "organization");
  if (id.toLowerCase() !== call.tenant.tenantId) throw notFound(id);
  return replyEntity(ORGANIZATION_TYPE, call.tenant, call, { context: "organization" });
}

function getObject(call: GraphCall): GraphReply {
  const id = param(call, "object");
  const found = findDirectoryObject(call.tenant, id);
  if (found === undefined) throw notFound(id);
  const context = "directoryObjects";
  const reply =
    found.kind === "user"
      ? replyEntity(USER_TYPE, found.object, call, { context })
      : found.kind === "group"
        ? replyEntity(GROUP_TYPE, found.object, call, { context })
        : replyEntity(SERVICE_PRINCIPAL_TYPE, found.object, call, { context });
  const { "@odata.context": odataContext, ...body } = reply.body as Record<string, unknown>;
  return {
    ...reply,
    body: { "@odata.context": odataContext, "@odata.type": `#microsoft.graph.${found.kind}`, ...body },
  };
}

/** Those that a user gave, or that a service principal was given. */
function grantsOf(call: GraphCall): OAuth2PermissionGrant[] {
  const grants = [...call.tenant.oauth2PermissionGrants.values()];
  const principal = call.params["servicePrincipal"];
  if (principal !== undefined) {
    const { id } = requireServicePrincipal(call.tenant, principal);
    return grants.filter(({ clientId }) => clientId === id);
  }
  const name = call.params["user"] ?? call.caller.objectId;
  const user = findUser(call.tenant, name);
  if (user === undefined) throw notFound(name);
  return grants.filter(({ principalId }) => principalId === user.id);
}

function requireGrant(call: GraphCall): OAuth2PermissionGrant {
  const id = param(call, "grant");
  const grant = call.tenant.oauth2PermissionGrants.get(id);
  if (grant === undefined) throw notFound(id);
  return grant;
}

function postGrant(call: GraphCall): GraphReply {
  const resource = "OAuth2PermissionGrant";
  const body = readJsonBody(call);
  const { clientId, consentType, principalId, resourceId, scope } = body;
  if (typeof clientId !== "string") throw missingProperty("clientId", resource);
  if (typeof resourceId !== "string") throw missingProperty("resourceId", resource);
  if (consentType !== "AllPrincipals" && consentType !== "Principal")
    throw invalidProperty("consentType", resource);
  const isForOne = consentType === "Principal";
  if (isForOne !== (typeof principalId === "string")) throw invalidProperty("principalId", resource);
  for (const id of [clientId, resourceId])
    if (!call.tenant.servicePrincipals.has(id.toLowerCase())) throw notFound(id);
  const isThere = [...call.tenant.oauth2PermissionGrants.values()].some(
    (other) =>
      other.clientId === clientId.toLowerCase() &&
      other.resourceId === resourceId.toLowerCase() &&
      other.principalId === (isForOne ? String(principalId).toLowerCase() : undefined),
  );
  if (isThere)
    throw new GraphFault("Request_MultipleObjectsWithSameKeyValue", "Permission entry already exists.", {
      status: 409,
    });
  const grant: OAuth2PermissionGrant = {
    id: randomBytes(32).toString("base64url"),
    clientId: clientId.toLowerCase(),
    consentType,
    principalId: typeof principalId === "string" ? principalId.toLowerCase() : undefined,
    resourceId: resourceId.toLowerCase(),
    scope: typeof scope === "string" ? scope.trim() : "",
  };
  call.tenant.oauth2PermissionGrants.set(grant.id, grant);
  return replyEntity(GRANT_TYPE, grant, call, { status: 201, context: "oauth2PermissionGrants" });
}

function patchGrant(call: GraphCall): GraphReply {
  const grant = requireGrant(call);
  const { scope } = readJsonBody(call);
  if (typeof scope !== "string") throw invalidProperty("scope", "OAuth2PermissionGrant");
  grant.scope = scope.trim();
  return { status: 204 };
}
