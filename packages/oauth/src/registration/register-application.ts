/** Registers an application with a certificate, its permissions, and the administrator's consent, by Graph. */
import type { GraphKeyCredential } from "@nightlatch/credential";
import { type Certificate, NightlatchError } from "@nightlatch/credential/assertion";
import { REGISTRATION_ERRORS } from "./errors.ts";
import {
  createGraphDirectoryClient,
  type GraphDirectoryClient,
  type GraphDirectoryOptions,
} from "./graph-directory-client.ts";

/** Well-known APIs by the short name that permissions may start with. */
export const WELL_KNOWN_APIS: Readonly<Record<string, string>> = {
  graph: "00000003-0000-0000-c000-000000000000",
  exchange: "00000002-0000-0ff1-ce00-000000000000",
};

/** What is to be registered. */
export interface ApplicationRequest {
  readonly displayName: string;
  /** Proves the application; absent for an API that only checks other programs' tokens. */
  readonly certificate?: Certificate | undefined;
  /**
   * Application permissions, each `Role` of Graph or `api/Role`, where `api` is `graph`, `exchange` or an
   * application id: `Calendars.ReadWrite`, `exchange/full_access_as_app`.
   */
  readonly permissions: readonly string[];
  /** Whether to grant the permissions (the administrator's consent). @defaultValue true */
  readonly grantConsent?: boolean;
  /**
   * App roles that the application offers to others as an API, by value; it then gets the application ID URI
   * `api://<client id>` and tokens of version 2. @defaultValue none
   */
  readonly appRoles?: readonly string[];
}

/** What stands in the directory afterwards. */
export interface RegisteredApplication {
  /** Application (client) id. */
  readonly clientId: string;
  readonly applicationObjectId: string;
  readonly servicePrincipalObjectId: string;
  /** Of the certificate; `undefined` without one. */
  readonly keyId: string | undefined;
  /** Permissions that are granted, in the spelling of the request. */
  readonly grantedPermissions: readonly string[];
  /** False when the application was there from an earlier run and was completed. */
  readonly created: boolean;
}

interface ApiRole {
  readonly permission: string;
  readonly appRoleId: string;
  readonly resourceAppId: string;
  readonly resourceObjectId: string;
}

interface ApplicationResource {
  readonly id: string;
  readonly appId: string;
  readonly identifierUris?: readonly string[];
  readonly appRoles?: readonly { readonly value: string }[];
  readonly keyCredentials: readonly { readonly keyId: string; readonly customKeyIdentifier: string | null }[];
}

/**
 * Registers an application: `POST /applications`, its service principal, one `appRoleAssignment` for each permission.
 * Run again after an interruption, it completes what is missing instead of registering a second one.
 *
 * @param request - name, certificate, permissions
 * @param options - Graph and an administrator's token
 * @returns ids of what stands in the directory
 * @throws NightlatchError `OAUTH_DIRECTORY_REFUSED`, `OAUTH_PERMISSION_UNKNOWN`, `OAUTH_API_UNKNOWN`, `OAUTH_NAME_TAKEN`
 * @see https://learn.microsoft.com/graph/api/application-post-applications
 */
export async function registerApplication(
  request: ApplicationRequest,
  options: GraphDirectoryOptions,
): Promise<RegisteredApplication> {
  const directory = createGraphDirectoryClient(options);
  const roles = await resolveRoles(request.permissions, directory);
  const entry = request.certificate === undefined ? undefined : await keyCredentialOf(request.certificate);
  const found = await findApplication(request, directory);
  const application =
    found ??
    ((await directory.send("POST", "/applications", {
      displayName: request.displayName,
      signInAudience: "AzureADMyOrg",
      keyCredentials: entry === undefined ? [] : [entry],
      requiredResourceAccess: requiredResourceAccess(roles),
    })) as ApplicationResource);
  await exposeApi(application, request.appRoles ?? [], directory);
  const servicePrincipalObjectId = await ensureServicePrincipal(application.appId, directory);
  const granted =
    request.grantConsent === false ? [] : await grantRoles(servicePrincipalObjectId, roles, directory);
  return {
    clientId: application.appId,
    applicationObjectId: application.id,
    servicePrincipalObjectId,
    keyId: entry === undefined ? undefined : (application.keyCredentials[0]?.keyId ?? entry.keyId),
    grantedPermissions: granted,
    created: found === undefined,
  };
}

/** The whole of `credential` is loaded on first use: who only wants tokens does not pay for it. */
async function keyCredentialOf(certificate: Certificate): Promise<GraphKeyCredential> {
  const { createKeyCredential } = await import("@nightlatch/credential");
  return createKeyCredential(certificate, "graph");
}

async function resolveRoles(
  permissions: readonly string[],
  directory: GraphDirectoryClient,
): Promise<readonly ApiRole[]> {
  const apis = new Map<string, { id: string; appRoles: readonly { id: string; value: string }[] }>();
  const roles: ApiRole[] = [];
  for (const permission of permissions) {
    const [api = "graph", role = ""] = permission.includes("/")
      ? permission.split("/", 2)
      : ["graph", permission];
    const resourceAppId = WELL_KNOWN_APIS[api.toLowerCase()] ?? api;
    let resource = apis.get(resourceAppId);
    if (resource === undefined) {
      [resource] = await directory.list<{ id: string; appRoles: { id: string; value: string }[] }>(
        `/servicePrincipals?$filter=${encodeURIComponent(`appId eq '${resourceAppId.replaceAll("'", "''")}'`)}`,
      );
      if (resource === undefined)
        throw new NightlatchError(
          REGISTRATION_ERRORS,
          "OAUTH_API_UNKNOWN",
          `No service principal for the API "${api}" in this tenant`,
        );
      apis.set(resourceAppId, resource);
    }
    const found = resource.appRoles.find((entry) => entry.value === role);
    if (found === undefined)
      throw new NightlatchError(
        REGISTRATION_ERRORS,
        "OAUTH_PERMISSION_UNKNOWN",
        `The API "${api}" offers no application permission "${role}"`,
        { details: { offered: resource.appRoles.map((entry) => entry.value).slice(0, 100) } },
      );
    roles.push({ permission, appRoleId: found.id, resourceAppId, resourceObjectId: resource.id });
  }
  return roles;
}

function requiredResourceAccess(roles: readonly ApiRole[]): unknown[] {
  const apis = [...new Set(roles.map((role) => role.resourceAppId))];
  return apis.map((resourceAppId) => ({
    resourceAppId,
    resourceAccess: roles
      .filter((role) => role.resourceAppId === resourceAppId)
      .map((role) => ({ id: role.appRoleId, type: "Role" })),
  }));
}

/** Gives the application its own URI and app roles; the URI needs the client id, hence a second request. */
async function exposeApi(
  application: ApplicationResource,
  values: readonly string[],
  directory: GraphDirectoryClient,
): Promise<void> {
  const missing = values.filter(
    (value) => application.appRoles?.some((role) => role.value === value) !== true,
  );
  if (missing.length === 0) return;
  const appRoles = missing.map((value) => ({
    id: crypto.randomUUID(),
    allowedMemberTypes: ["Application"],
    displayName: value,
    description: `Allows a program to use this API with ${value}`,
    isEnabled: true,
    value,
  }));
  await directory.send("PATCH", `/applications/${application.id}`, {
    identifierUris: [...new Set([...(application.identifierUris ?? []), `api://${application.appId}`])],
    api: { requestedAccessTokenVersion: 2 },
    appRoles: [...(application.appRoles ?? []), ...appRoles],
  });
}

async function findApplication(
  request: ApplicationRequest,
  directory: GraphDirectoryClient,
): Promise<ApplicationResource | undefined> {
  const name = request.displayName.replaceAll("'", "''");
  const namesakes = await directory.list<ApplicationResource>(
    `/applications?$filter=${encodeURIComponent(`displayName eq '${name}'`)}&$select=id,appId,identifierUris,appRoles,keyCredentials`,
  );
  if (namesakes.length === 0) return undefined;
  if (request.certificate === undefined) return namesakes[0];
  const { hex, base64 } = request.certificate.thumbprintSha1;
  const own = namesakes.find((application) =>
    application.keyCredentials.some(({ customKeyIdentifier }) =>
      [hex, base64].includes(customKeyIdentifier ?? ""),
    ),
  );
  if (own === undefined)
    throw new NightlatchError(
      REGISTRATION_ERRORS,
      "OAUTH_NAME_TAKEN",
      `An application named "${request.displayName}" is there already, without this certificate`,
    );
  return own;
}

async function ensureServicePrincipal(appId: string, directory: GraphDirectoryClient): Promise<string> {
  const filter = encodeURIComponent(`appId eq '${appId}'`);
  const [found] = await directory.list<{ id: string }>(`/servicePrincipals?$filter=${filter}&$select=id`);
  if (found !== undefined) return found.id;
  return ((await directory.send("POST", "/servicePrincipals", { appId })) as { id: string }).id;
}

async function grantRoles(
  principalId: string,
  roles: readonly ApiRole[],
  directory: GraphDirectoryClient,
): Promise<readonly string[]> {
  const path = `/servicePrincipals/${principalId}/appRoleAssignments`;
  const existing = await directory.list<{ appRoleId: string; resourceId: string }>(path);
  for (const { appRoleId, resourceObjectId: resourceId } of roles) {
    const there = existing.some((entry) => entry.appRoleId === appRoleId && entry.resourceId === resourceId);
    if (!there) await directory.send("POST", path, { principalId, resourceId, appRoleId });
  }
  return roles.map((role) => role.permission);
}
