/**
 * Applications (registrations).
 *
 * @see https://learn.microsoft.com/graph/api/resources/application
 */
import { randomUUID } from "node:crypto";
import type { Application, Tenant } from "../../directory/directory.ts";
import { findServicePrincipal } from "../../directory/lookup.ts";
import { type GraphCall, type GraphReply, isJsonObject, param, readJsonBody } from "../call.ts";
import { requireApplication } from "../directory-lookup.ts";
import { DIRECTORY_STYLE, replyCollection, replyEntity } from "../odata/collection.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";
import { directoryState } from "../tenant-state.ts";
import { changeApplication, readNewApplication } from "./application-body.ts";
import { APPLICATION_TYPE, type OwnedApplication } from "./application-entity.ts";
import { addKey, addPassword, removeKey, removePassword } from "./credential-actions.ts";
import { makePasswordCredential, renderPasswordCredential } from "./key-credentials.ts";
import { readFirstOwners } from "./owners.ts";
import { requireOwnership } from "./ownership.ts";

const ONE = "/applications/{application}";
const WRITE = PERMISSIONS.applicationWrite;
const READ = PERMISSIONS.applicationRead;

/** Rows of the route table. */
export const applicationRoutes: readonly Route[] = [
  { method: "GET", path: "/applications", permission: READ, handle: listApplications },
  {
    method: "POST",
    path: "/applications",
    permission: PERMISSIONS.applicationCreate,
    handle: postApplication,
  },
  { method: "GET", path: ONE, permission: READ, handle: getApplication },
  { method: "PATCH", path: ONE, permission: WRITE, handle: patchApplication },
  { method: "DELETE", path: ONE, permission: WRITE, handle: removeApplication },
  action("addKey", PERMISSIONS.ownKeys, addKey),
  action("removeKey", PERMISSIONS.ownKeys, removeKey),
  action("addPassword", WRITE, addPassword),
  action("removePassword", WRITE, removePassword),
];

function action(
  name: string,
  permission: Route["permission"],
  handle: (call: GraphCall, application: OwnedApplication) => GraphReply,
): Route {
  return {
    method: "POST",
    path: `${ONE}/${name}`,
    permission,
    handle: (call) => handle(call, requireApplication(call.tenant, param(call, "application"))),
  };
}

function listApplications(call: GraphCall): GraphReply {
  return replyCollection(APPLICATION_TYPE, [...call.tenant.applications.values()], call, {
    style: DIRECTORY_STYLE,
    context: "applications",
  });
}

function getApplication(call: GraphCall): GraphReply {
  const application = requireApplication(call.tenant, param(call, "application"));
  return replyEntity(APPLICATION_TYPE, application, call, { context: "applications" });
}

/** Whoever creates an application as an application owns it. */
function postApplication(call: GraphCall): GraphReply {
  const body = readJsonBody(call);
  const application: OwnedApplication = readNewApplication(call, body, {
    id: randomUUID(),
    appId: randomUUID(),
  });
  const sent = Array.isArray(body["passwordCredentials"]) ? body["passwordCredentials"] : [];
  const secrets = sent.map((entry) =>
    makePasswordCredential(isJsonObject(entry) ? entry : {}, call.context.clock.nowMs()),
  );
  application.passwordCredentials = secrets.map(({ credential }) => credential);
  const owners = readFirstOwners(call, body["owners@odata.bind"], "Application");
  if (owners.length > 0) application.owners = owners;
  call.tenant.applications.set(application.id, application);
  const reply = replyEntity(APPLICATION_TYPE, application, call, { status: 201, context: "applications" });
  if (secrets.length === 0) return reply;
  const passwordCredentials = secrets.map(({ credential, secretText }) => ({
    ...renderPasswordCredential(credential),
    secretText,
  }));
  return { ...reply, body: { ...(reply.body as object), passwordCredentials } };
}

function patchApplication(call: GraphCall): GraphReply {
  const application: OwnedApplication = requireApplication(call.tenant, param(call, "application"));
  requireOwnership(call, application);
  changeApplication(call, application, readJsonBody(call));
  updateServicePrincipal(call.tenant, application);
  return { status: 204 };
}

/** The service principal in the home tenant goes with its application. */
function removeApplication(call: GraphCall): GraphReply {
  const application: OwnedApplication = requireApplication(call.tenant, param(call, "application"));
  requireOwnership(call, application);
  call.tenant.applications.delete(application.id);
  directoryState(call.tenant).deletedApplications.set(application.id, {
    application,
    deletedAtMs: call.context.clock.nowMs(),
  });
  const principal = findServicePrincipal(call.tenant, application.appId);
  if (principal !== undefined) {
    call.tenant.servicePrincipals.delete(principal.id);
    for (const assignment of [...call.tenant.appRoleAssignments.values()])
      if (assignment.principalId === principal.id || assignment.resourceId === principal.id)
        call.tenant.appRoleAssignments.delete(assignment.id);
  }
  return { status: 204 };
}

/** What both objects show is kept alike in the home tenant. */
function updateServicePrincipal(tenant: Tenant, application: Application): void {
  const principal = findServicePrincipal(tenant, application.appId);
  if (principal === undefined) return;
  principal.displayName = application.displayName;
  principal.appRoles = application.appRoles;
  principal.permissionScopes = application.permissionScopes;
  principal.servicePrincipalNames = [application.appId, ...application.identifierUris];
}
