/** Tokens for a user: claims of access tokens and id tokens. */
import { createHash } from "node:crypto";
import type { Tenant, User } from "../directory/directory.ts";
import { policyLifetimeSeconds } from "../directory/token-lifetime-policy.ts";
import type { EmulatorRequest } from "../host/http.ts";
import type { Client } from "./client.ts";
import type { EntraContext } from "./entra-context.ts";
import { accessTokenClaims, type Issue, issuerOf, pairwiseSubject, registrationOf } from "./issue-token.ts";
import { optionalClaims } from "./optional-claims.ts";
import { opaque } from "./random.ts";
import { isGraph } from "./resource.ts";

/** Template ids of the directory roles that `wids` names. */
const DIRECTORY_ROLES: Readonly<Record<string, string>> = {
  "Global Administrator": "62e90394-69f5-4237-9190-012177145e10",
  "Application Administrator": "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
  "Cloud Application Administrator": "158c047a-c907-4556-b7ef-446551a6b5f7",
  "Privileged Role Administrator": "e8611ab8-c189-46e8-94e1-60213ab1f814",
  "Exchange Administrator": "29232cdf-9323-42fd-ade2-1d097af3e4de",
  "Groups Administrator": "fdd7a751-b60b-444a-984c-02652fe8fa1c",
  "User Administrator": "fe930be7-5e62-47db-91af-98c3a49a38b1",
};

/** The role that every user of a directory has. */
const ORDINARY_USER = "b79fbf4d-3ef9-4689-8143-76b194e85509";

/**
 * Tells whether a user may consent for the organisation.
 *
 * @param user - the user
 * @returns true for administrators
 */
export function isAdministrator(user: User): boolean {
  return user.roles.some((role) =>
    [
      "Global Administrator",
      "Privileged Role Administrator",
      "Application Administrator",
      "Cloud Application Administrator",
    ].includes(role),
  );
}

/**
 * Claims of an access token for a user.
 *
 * @param issue - what the token is for
 * @param user - whom it speaks for
 * @param scopes - delegated permissions
 * @param context - the emulator
 * @returns the claims
 */
export function userAccessTokenClaims(
  issue: Issue,
  user: User,
  scopes: readonly string[],
  context: EntraContext,
): Record<string, unknown> {
  const { servicePrincipal } = issue.resource;
  const claims = accessTokenClaims(
    issue,
    { oid: user.id, sub: pairwiseSubject(user, servicePrincipal.appId) },
    context,
  );
  const roles = rolesOfUser(user, issue.client.tenant, servicePrincipal.id);
  const isVersion1 = claims["ver"] === "1.0";
  return {
    ...claims,
    ...(isVersion1
      ? { acr: "1", amr: ["pwd"], unique_name: user.userPrincipalName, upn: user.userPrincipalName }
      : {}),
    ...(isVersion1 ? {} : { preferred_username: user.userPrincipalName }),
    ...nameClaims(user, isVersion1),
    ...(isGraph(servicePrincipal) ? { idtyp: "user", wids: directoryRoles(user) } : {}),
    ...(roles.length > 0 ? { roles } : {}),
    ...optionalAccessTokenClaims(issue, user, context),
    scp: scopes.join(" "),
  };
}

/** Microsoft's own APIs ask for nothing. */
function optionalAccessTokenClaims(
  { client, resource, request }: Issue,
  user: User,
  context: EntraContext,
): Record<string, unknown> {
  const application = registrationOf(resource.servicePrincipal, context);
  if (application === undefined) return {};
  const signedInSeconds = Math.floor(context.clock.nowMs() / 1000);
  const subject = { user, tenant: client.tenant, request, signedInSeconds };
  return optionalClaims("accessToken", application, resource.servicePrincipal, subject);
}

/** What an id token is for. */
export interface IdTokenIssue {
  readonly request: EmulatorRequest;
  readonly client: Client;
  readonly user: User;
  readonly endpointVersion: 1 | 2;
  readonly scopes: readonly string[];
  readonly nonce: string | undefined;
  /** Hybrid flow: bound by `c_hash`. */
  readonly code?: string | undefined;
  /** Implicit flow: bound by `at_hash`. */
  readonly accessToken?: string | undefined;
}

/**
 * Claims of an id token.
 *
 * @param issue - what it is for
 * @param context - the emulator
 * @returns the claims, of the version of the endpoint
 * @see OpenID Connect Core 1.0 §2
 */
export function idTokenClaims(issue: IdTokenIssue, context: EntraContext): Record<string, unknown> {
  const { client, user, request, endpointVersion } = issue;
  const { tenant, application } = client;
  const nowSeconds = Math.floor(context.clock.nowMs() / 1000);
  const issuedAt = nowSeconds - 300;
  const isVersion1 = endpointVersion === 1;
  const roles = rolesOfUser(user, tenant, client.servicePrincipal.id);
  return {
    aud: application.appId,
    iss: issuerOf(tenant, endpointVersion, request),
    iat: issuedAt,
    nbf: issuedAt,
    exp: nowSeconds + (policyLifetimeSeconds(client.servicePrincipal, tenant, context.world) ?? 3600),
    aio: opaque(30),
    ...(isVersion1 ? { amr: ["pwd"] } : {}),
    ...(issue.code === undefined ? {} : { c_hash: halfHash(issue.code) }),
    ...(issue.accessToken === undefined ? {} : { at_hash: halfHash(issue.accessToken) }),
    ...(issue.scopes.includes("email") && user.mail !== undefined ? { email: user.mail } : {}),
    ...(issue.scopes.includes("profile") || isVersion1 ? nameClaims(user, isVersion1) : {}),
    ...(issue.nonce === undefined ? {} : { nonce: issue.nonce }),
    oid: user.id,
    ...(isVersion1 ? { unique_name: user.userPrincipalName, upn: user.userPrincipalName } : {}),
    ...(!isVersion1 && issue.scopes.includes("profile")
      ? { preferred_username: user.userPrincipalName }
      : {}),
    rh: `1.A${opaque(24)}.`,
    ...(roles.length > 0 ? { roles } : {}),
    sub: pairwiseSubject(user, application.appId),
    tid: tenant.tenantId,
    uti: opaque(16),
    ver: isVersion1 ? "1.0" : "2.0",
    ...optionalClaims("idToken", application, client.servicePrincipal, {
      user,
      tenant,
      request,
      signedInSeconds: nowSeconds,
    }),
  };
}

/**
 * `client_info` of MSAL.
 *
 * @param user - who signed in
 * @param tenant - where
 * @returns base64url of JSON with `uid` and `utid`
 */
export function clientInfo(user: User, tenant: Tenant): string {
  return Buffer.from(JSON.stringify({ uid: user.id, utid: tenant.tenantId })).toString("base64url");
}

function rolesOfUser(user: User, tenant: Tenant, resourceId: string): string[] {
  const resource = tenant.servicePrincipals.get(resourceId);
  const values: string[] = [];
  for (const { principalId, resourceId: target, appRoleId } of tenant.appRoleAssignments.values()) {
    if (target !== resourceId || !isUserOrGroupOf(principalId, user, tenant)) continue;
    const role = resource?.appRoles.find(({ id }) => id === appRoleId);
    if (role !== undefined && role.value !== "") values.push(role.value);
  }
  return [...new Set(values)];
}

function isUserOrGroupOf(principalId: string, user: User, tenant: Tenant): boolean {
  return principalId === user.id || (tenant.groups.get(principalId)?.members.includes(user.id) ?? false);
}

function directoryRoles(user: User): string[] {
  return [...user.roles.flatMap((role) => DIRECTORY_ROLES[role] ?? []), ORDINARY_USER];
}

function nameClaims(user: User, withParts: boolean): Record<string, unknown> {
  const parts = { given_name: user.properties["givenName"], family_name: user.properties["surname"] };
  const known = Object.fromEntries(Object.entries(parts).filter(([, value]) => typeof value === "string"));
  return { name: user.displayName, ...(withParts ? known : {}) };
}

/** @see OpenID Connect Core 1.0 §3.3.2.11: left half of the SHA-256 */
function halfHash(value: string): string {
  return createHash("sha256").update(value).digest().subarray(0, 16).toString("base64url");
}
