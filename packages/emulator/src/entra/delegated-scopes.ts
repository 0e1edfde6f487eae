/** Delegated permissions: what a request asks for, what was consented to, and what is missing. */
import { grantScopes } from "../directory/consent.ts";
import type { PermissionScope, ServicePrincipal, Tenant } from "../directory/directory.ts";
import { findApplicationAnywhere, findServicePrincipal } from "../directory/lookup.ts";
import { AZURE_AD_GRAPH_APP_ID, GRAPH_APP_ID } from "../directory/well-known-applications.ts";
import { refused } from "./aadsts.ts";
import type { Client } from "./client.ts";
import type { EntraContext } from "./entra-context.ts";
import {
  findRequestedResource,
  isGraph,
  OIDC_SCOPES,
  type RequestedResource,
  splitScopes,
} from "./resource.ts";

/** A client that may not have an account in the tenant yet. */
export type Requester = Pick<Client, "tenant" | "application">;

/** What is asked for at one API. */
export interface ResourceScopes {
  readonly resource: RequestedResource;
  /** Values without the API's name; empty for `.default`. */
  readonly values: readonly string[];
  /** Everything that the registration lists, by `.default` or on the v1 endpoint. */
  readonly isDefault: boolean;
}

/** A scope parameter, read. */
export interface DelegatedScopes {
  /** `openid`, `profile`, `email`, `offline_access`, as far as they were asked for. */
  readonly oidc: readonly string[];
  /** The APIs in the order of the request; the first one is whom the access token is for. */
  readonly resources: readonly ResourceScopes[];
}

const GRAPH_URI = "https://graph.microsoft.com";

/**
 * Reads a scope parameter of a flow with a user.
 *
 * @param scope - values separated by blanks
 * @param requester - who asks, and where
 * @returns the scopes by API; a value without an API is one of Graph's
 * @throws {RefusedError} 500011 for an unknown API, 650053 for an unknown permission, 70011 for what is no scope
 */
export function readDelegatedScopes(scope: string, requester: Requester): DelegatedScopes {
  const oidc: string[] = [];
  const byName = new Map<string, { resource: RequestedResource; values: string[]; isDefault: boolean }>();
  for (const one of splitScopes(scope)) {
    if (OIDC_SCOPES.has(one.toLowerCase())) {
      oidc.push(one.toLowerCase());
      continue;
    }
    const slash = one.lastIndexOf("/");
    const name = slash < 0 ? GRAPH_URI : one.slice(0, slash);
    const value = one.slice(slash + 1);
    if (value === "" || name === "") throw refused(70011, { scope: one });
    const known = byName.get(name.toLowerCase());
    const entry = known ?? { resource: findRequestedResource(name, requester), values: [], isDefault: false };
    byName.set(name.toLowerCase(), entry);
    if (value === ".default") entry.isDefault = true;
    else entry.values.push(offeredScope(entry.resource.servicePrincipal, value, requester).value);
  }
  return { oidc, resources: [...byName.values()] };
}

/**
 * The API that the access token is for.
 *
 * @param scopes - what was asked for
 * @param requester - who asks, and where
 * @returns the first API of the request; Graph when only OpenID Connect scopes were asked for, because that is where
 *   the userinfo endpoint stands, and because clients in many languages refuse an answer without an access token
 */
export function apiOf(scopes: DelegatedScopes, requester: Requester): ResourceScopes {
  return (
    scopes.resources[0] ?? {
      resource: findRequestedResource(GRAPH_URI, requester),
      values: [],
      isDefault: false,
    }
  );
}

/**
 * Reads the API of a v1 request with a user.
 *
 * @param resource - parameter of the request; Azure AD Graph when it is absent, as the service does
 * @param requester - who asks, and where
 * @returns everything that the registration lists for this API, with an id token and a refresh token
 * @throws {RefusedError} 500011
 */
export function readDelegatedResource(resource: string | undefined, requester: Requester): DelegatedScopes {
  const found = findRequestedResource(resource ?? AZURE_AD_GRAPH_APP_ID, requester);
  return {
    oidc: ["openid", "profile", "email", "offline_access"],
    resources: [{ resource: found, values: [], isDefault: true }],
  };
}

/**
 * What a user would have to consent to.
 *
 * @param asked - at one API
 * @param requester - who asks, and where
 * @param userId - object id of the user
 * @param context - the emulator
 * @returns the permissions that nobody granted yet
 */
export function missingScopes(
  asked: ResourceScopes,
  requester: Requester,
  userId: string,
  context: EntraContext,
): PermissionScope[] {
  const { servicePrincipal } = asked.resource;
  const granted = new Set(grantedScopes(requester, servicePrincipal, userId, context));
  const wanted = asked.isDefault
    ? [...asked.values, ...listedScopes(requester, servicePrincipal)]
    : asked.values;
  return [...new Set(wanted)]
    .filter((value) => !granted.has(value) && !OIDC_SCOPES.has(value))
    .map((value) => offeredScope(servicePrincipal, value, requester));
}

/**
 * What a user, an administrator, or the API's own registration granted.
 *
 * @param requester - who asks, and where
 * @param resource - the API
 * @param userId - object id of the user
 * @param context - the emulator
 * @returns values, each once
 */
export function grantedScopes(
  requester: Requester,
  resource: ServicePrincipal,
  userId: string,
  context: EntraContext,
): string[] {
  const { tenant, application } = requester;
  const client = findServicePrincipal(tenant, application.appId);
  const values: string[] = [];
  for (const grant of tenant.oauth2PermissionGrants.values()) {
    if (grant.clientId !== client?.id || grant.resourceId !== resource.id) continue;
    if (grant.principalId === undefined || grant.principalId === userId)
      values.push(...splitScopes(grant.scope));
  }
  return [...new Set([...values, ...preAuthorizedScopes(requester, resource, context)])];
}

/**
 * Writes down a user's or an administrator's consent.
 *
 * @param tenant - where
 * @param client - the application's account
 * @param asked - what at which API
 * @param permissions - what was missing
 * @param userId - the user; `undefined` for the whole organisation
 */
export function recordConsent(
  tenant: Tenant,
  client: ServicePrincipal,
  asked: ResourceScopes,
  permissions: readonly PermissionScope[],
  userId: string | undefined,
): void {
  const values = permissions.map(({ value }) => value);
  if (values.length > 0) grantScopes(tenant, client, asked.resource.servicePrincipal, values, userId);
}

/**
 * Words the granted scopes as the token response does: as they were asked for, Graph's others bare
 * unless one was asked for with Graph's name, an API's qualified.
 *
 * @param asked - at the API that the token is for
 * @param oidc - scopes of OpenID Connect
 * @param granted - values
 * @returns one text
 */
export function formatGrantedScope(
  asked: ResourceScopes,
  oidc: readonly string[],
  granted: readonly string[],
  requestedScope: string,
): string {
  const requested = new Map(
    splitScopes(requestedScope).map((one) => [one.slice(one.lastIndexOf("/") + 1).toLowerCase(), one]),
  );
  const { servicePrincipal, name } = asked.resource;
  const isQualified = [...requested.values()].some((one) =>
    one.toLowerCase().startsWith(`${name.toLowerCase()}/`),
  );
  const words = granted.map((value) => {
    const plain = isGraph(servicePrincipal) && !isQualified ? value : `${name}/${value}`;
    return requested.get(value.toLowerCase()) ?? plain;
  });
  const shownOidc = oidc.filter((value) => value !== "offline_access");
  const isDefault = asked.isDefault && requested.has(".default") ? [requested.get(".default") ?? ""] : [];
  return [...new Set([...shownOidc, ...words, ...isDefault])].join(" ");
}

function listedScopes({ application }: Requester, resource: ServicePrincipal): string[] {
  return application.requiredResourceAccess
    .filter(({ resourceAppId }) => resourceAppId === resource.appId)
    .flatMap(({ resourceAccess }) => resourceAccess)
    .filter(({ type }) => type === "Scope")
    .flatMap(({ id }) => resource.permissionScopes.find((offered) => offered.id === id)?.value ?? []);
}

function offeredScope(
  resource: ServicePrincipal,
  value: string,
  { application, tenant }: Requester,
): PermissionScope {
  const offered = offeredScopes(tenant, resource).find(
    (scope) => scope.value.toLowerCase() === value.toLowerCase(),
  );
  if (offered?.isEnabled) return offered;
  // Graph knows some six hundred delegated permissions; those that are not in our table are taken at their word.
  if (resource.appId === GRAPH_APP_ID && /^[A-Z][A-Za-z]+(\.[A-Za-z-]+)+$/.test(value))
    return {
      id: "",
      value,
      adminConsentDisplayName: value,
      isEnabled: true,
      type: value.endsWith(".All") ? "Admin" : "User",
    };
  throw refused(650053, { name: application.displayName, scope: value, resource: resource.appId });
}

/** An API registered in this tenant may have gained scopes since its account was made. */
function offeredScopes(tenant: Tenant, resource: ServicePrincipal): readonly PermissionScope[] {
  for (const application of tenant.applications.values())
    if (application.appId === resource.appId) return application.permissionScopes;
  return resource.permissionScopes;
}

/** Clients that the API's registration names need no consent. */
function preAuthorizedScopes(
  { application }: Requester,
  resource: ServicePrincipal,
  context: EntraContext,
): string[] {
  const registration = findApplicationAnywhere(context.world, resource.appId)?.application;
  const api = registration?.properties["api"] as Record<string, unknown> | undefined;
  const listed = api?.["preAuthorizedApplications"] ?? registration?.properties["preAuthorizedApplications"];
  if (!Array.isArray(listed) || registration === undefined) return [];
  return listed.flatMap((entry: unknown) => {
    const { appId, delegatedPermissionIds, permissionIds } = (entry ?? {}) as Record<string, unknown>;
    if (String(appId).toLowerCase() !== application.appId) return [];
    const ids = delegatedPermissionIds ?? permissionIds;
    return registration.permissionScopes
      .filter(({ id }) => Array.isArray(ids) && ids.includes(id))
      .map(({ value }) => value);
  });
}
