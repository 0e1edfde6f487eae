/**
 * Service principals: the accounts of applications in this tenant.
 *
 * @see https://learn.microsoft.com/graph/api/resources/serviceprincipal
 */
import { randomUUID } from "node:crypto";
import { ensureServicePrincipal } from "../../directory/consent.ts";
import { findApplicationAnywhere, findServicePrincipal } from "../../directory/lookup.ts";
import { addKey, addPassword, removeKey, removePassword } from "../applications/credential-actions.ts";
import { readKeyCredentials } from "../applications/key-credentials.ts";
import { readFirstOwners } from "../applications/owners.ts";
import { requireOwnership } from "../applications/ownership.ts";
import { type GraphCall, type GraphReply, param, readJsonBody } from "../call.ts";
import { expandObjects } from "../directory/directory-object.ts";
import { invalidProperty, missingProperty, refuseUnknownProperties } from "../directory-body.ts";
import { requireServicePrincipal } from "../directory-lookup.ts";
import { GraphFault } from "../errors.ts";
import { DIRECTORY_STYLE, replyCollection, replyEntity } from "../odata/collection.ts";
import type { EntityType } from "../odata/entity.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";
import { expandAssignments } from "./app-role-assignments.ts";
import { type OwnedServicePrincipal, SERVICE_PRINCIPAL_TYPE } from "./service-principal-entity.ts";

const ALL = "/servicePrincipals";
const ONE = "/servicePrincipals/{servicePrincipal}";
const RESOURCE = "ServicePrincipal";
const READ = PERMISSIONS.applicationRead;
const WRITE = PERMISSIONS.applicationWrite;
const CONTEXT = "servicePrincipals";

/** Service principals with what belongs to them. */
const WITH_RELATIONS: EntityType<OwnedServicePrincipal> = {
  ...SERVICE_PRINCIPAL_TYPE,
  expansions: {
    owners: ({ owners = [] }, call, { select }) => expandObjects(call, owners, select),
    appRoleAssignments: ({ id }, call, { select }) => expandAssignments(call, "principalId", id, select),
    appRoleAssignedTo: ({ id }, call, { select }) => expandAssignments(call, "resourceId", id, select),
  },
};

/** Rows of the route table. */
export const servicePrincipalRoutes: readonly Route[] = [
  { method: "GET", path: ALL, permission: READ, handle: listServicePrincipals },
  { method: "POST", path: ALL, permission: WRITE, handle: postServicePrincipal },
  { method: "GET", path: ONE, permission: READ, handle: getServicePrincipal },
  { method: "PATCH", path: ONE, permission: WRITE, handle: patchServicePrincipal },
  { method: "DELETE", path: ONE, permission: WRITE, handle: removeServicePrincipal },
  action("addKey", PERMISSIONS.ownKeys, addKey),
  action("removeKey", PERMISSIONS.ownKeys, removeKey),
  action("addPassword", WRITE, addPassword),
  action("removePassword", WRITE, removePassword),
];

function action(
  name: string,
  permission: Route["permission"],
  handle: (call: GraphCall, principal: OwnedServicePrincipal) => GraphReply,
): Route {
  return {
    method: "POST",
    path: `${ONE}/${name}`,
    permission,
    handle: (call) => handle(call, requirePrincipal(call)),
  };
}

function listServicePrincipals(call: GraphCall): GraphReply {
  return replyCollection(WITH_RELATIONS, [...call.tenant.servicePrincipals.values()], call, {
    style: DIRECTORY_STYLE,
    context: CONTEXT,
  });
}

function getServicePrincipal(call: GraphCall): GraphReply {
  return replyEntity(WITH_RELATIONS, requirePrincipal(call), call, { context: CONTEXT });
}

function postServicePrincipal(call: GraphCall): GraphReply {
  const body = readJsonBody(call);
  const { appId } = body;
  if (appId === undefined || appId === null) throw missingProperty("appId", RESOURCE);
  if (typeof appId !== "string") throw invalidProperty("appId", RESOURCE);
  if (findServicePrincipal(call.tenant, appId) !== undefined)
    throw new GraphFault(
      "Request_MultipleObjectsWithSameKeyValue",
      `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`,
      { status: 409 },
    );
  const found = findApplicationAnywhere(call.context.world, appId);
  const isHome = found?.homeTenant.tenantId === call.tenant.tenantId;
  if (found === undefined || (!isHome && found.application.signInAudience === "AzureADMyOrg"))
    throw new GraphFault(
      "NoBackingApplicationObject",
      `The appId '${appId}' of the service principal does not reference a valid application object.`,
    );
  refuseUnknownProperties(body, NEW, RESOURCE);
  const owners = readFirstOwners(call, body["owners@odata.bind"], RESOURCE);
  const principal: OwnedServicePrincipal = ensureServicePrincipal(
    call.tenant,
    found.application,
    randomUUID(),
  );
  if (owners.length > 0) principal.owners = owners;
  applyBody(principal, body);
  return replyEntity(SERVICE_PRINCIPAL_TYPE, principal, call, { status: 201, context: CONTEXT });
}

function patchServicePrincipal(call: GraphCall): GraphReply {
  const principal = requirePrincipal(call);
  requireOwnership(call, principal);
  applyBody(principal, readJsonBody(call));
  return { status: 204 };
}

function removeServicePrincipal(call: GraphCall): GraphReply {
  const principal = requirePrincipal(call);
  requireOwnership(call, principal);
  call.tenant.servicePrincipals.delete(principal.id);
  for (const assignment of [...call.tenant.appRoleAssignments.values()])
    if (assignment.principalId === principal.id || assignment.resourceId === principal.id)
      call.tenant.appRoleAssignments.delete(assignment.id);
  return { status: 204 };
}

function requirePrincipal(call: GraphCall): OwnedServicePrincipal {
  return requireServicePrincipal(call.tenant, param(call, "servicePrincipal"));
}

const TYPED = ["accountEnabled", "appRoleAssignmentRequired"] as const;
const KNOWN = new Set(Object.keys(SERVICE_PRINCIPAL_TYPE.properties));
const NEW = new Set([...KNOWN, "owners"]);
/** Members that come from the application or are fixed. */
const DERIVED = new Set([
  "id",
  "appId",
  "appDisplayName",
  "appOwnerOrganizationId",
  "displayName",
  "appRoles",
  "oauth2PermissionScopes",
  "replyUrls",
  "servicePrincipalNames",
  "servicePrincipalType",
  "signInAudience",
  "passwordCredentials",
]);

function applyBody(principal: OwnedServicePrincipal, body: Readonly<Record<string, unknown>>): void {
  refuseUnknownProperties(body, KNOWN, RESOURCE);
  for (const name of TYPED) {
    const value = body[name];
    if (value === undefined) continue;
    if (typeof value !== "boolean") throw invalidProperty(name, RESOURCE);
    principal[name] = value;
  }
  if (body["keyCredentials"] !== undefined)
    principal.keyCredentials = readKeyCredentials(body["keyCredentials"], principal.keyCredentials);
  for (const [name, value] of Object.entries(body))
    if (
      !name.includes("@") &&
      !DERIVED.has(name) &&
      name !== "keyCredentials" &&
      !TYPED.includes(name as "accountEnabled")
    )
      principal.properties[name] = value;
}
