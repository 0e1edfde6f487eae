/** The token response of every flow with a user. */
import type { User } from "../directory/directory.ts";
import { refused } from "./aadsts.ts";
import type { AuthenticatedClient } from "./client-authentication.ts";
import {
  apiOf,
  type DelegatedScopes,
  formatGrantedScope,
  grantedScopes,
  missingScopes,
} from "./delegated-scopes.ts";
import type { GrantRequest } from "./grants/grant.ts";
import { accessTokenMembers } from "./grants/token-members.ts";
import { type Issue, signAccessToken, signIdToken } from "./issue-token.ts";
import { isGraph, OIDC_SCOPES } from "./resource.ts";
import { type Platform, sealRefreshToken } from "./sign-in-grants.ts";
import { settleTerms } from "./token-terms.ts";
import { clientInfo, idTokenClaims, userAccessTokenClaims } from "./user-token.ts";

/** A signed-in user at a client, with what is asked for. */
export interface UserIssue {
  readonly grant: GrantRequest;
  readonly client: AuthenticatedClient;
  readonly user: User;
  readonly scopes: DelegatedScopes;
  /** The scope parameter as sent, for the wording of the answer. */
  readonly requestedScope: string;
  readonly platform: Platform;
  readonly nonce?: string | undefined;
  /** When the user signed in, milliseconds since 1970 UTC. */
  readonly signedInAtMs: number;
  /** Whether a refresh token may be part of the answer. */
  readonly mayRefresh: boolean;
}

/**
 * Issues access, refresh and id token for a user.
 *
 * @param issue - user, client and scopes
 * @returns the members of the token response
 * @throws {RefusedError} 65001 when something is asked for that nobody consented to
 */
export async function issueUserTokens(issue: UserIssue): Promise<Record<string, unknown>> {
  const { grant, client, user, scopes, requestedScope } = issue;
  const { context, request, form } = grant;
  const asked = apiOf(scopes, client);
  const members: Record<string, unknown> = {};
  const wantsIdToken = scopes.oidc.includes("openid");
  requireConsent(issue);
  if (client.tenant.conditionalAccessPolicies !== undefined) {
    const { requireUserAccess } = await import("./conditional-access.ts");
    requireUserAccess(user, client.tenant, asked.resource.servicePrincipal);
  }
  const tokenIssue: Issue = {
    request,
    client,
    resource: asked.resource,
    ...settleTerms({ client, resource: asked.resource, claims: form["claims"], isDelegated: true }, context),
  };
  const granted = grantedScopes(client, asked.resource.servicePrincipal, user.id, context);
  const scp = [...new Set([...granted, ...wantedOidc(scopes)])];
  const claims = userAccessTokenClaims(tokenIssue, user, scp, context);
  const token = await signAccessToken(claims, context);
  const { access_token, ...rest } = accessTokenMembers(grant, tokenIssue, claims, token);
  const { token_type, ...numbers } = rest;
  Object.assign(members, {
    token_type,
    scope: formatGrantedScope(asked, scopes.oidc, granted, requestedScope),
  });
  Object.assign(members, numbers, { access_token });
  if (issue.mayRefresh && scopes.oidc.includes("offline_access"))
    members["refresh_token"] = refreshToken(issue);
  if (wantsIdToken) members["id_token"] = await idToken(issue);
  if (form["client_info"] === "1") members["client_info"] = clientInfo(user, client.tenant);
  return members;
}

function requireConsent({ client, user, scopes, grant }: UserIssue): void {
  for (const asked of scopes.resources.slice(0, 1)) {
    if (missingScopes(asked, client, user.id, grant.context).length === 0) continue;
    const { appId, displayName } = client.application;
    throw refused(65001, { identifier: appId, namePhrase: ` named '${displayName}'` });
  }
}

/** Graph tokens name the OpenID Connect scopes as well. */
function wantedOidc({ oidc, resources }: DelegatedScopes): string[] {
  const [asked] = resources;
  return asked === undefined || isGraph(asked.resource.servicePrincipal)
    ? oidc.filter((scope) => OIDC_SCOPES.has(scope) && scope !== "offline_access")
    : [];
}

function refreshToken(issue: UserIssue): string {
  const { client, user, platform, signedInAtMs, grant, requestedScope, scopes } = issue;
  return sealRefreshToken(
    {
      tenantId: client.tenant.tenantId,
      userId: user.id,
      clientId: client.application.appId,
      platform,
      scope: requestedScope,
      resource: grant.endpointVersion === 1 ? scopes.resources[0]?.resource.name : undefined,
      signedInAtMs,
      issuedAtMs: grant.context.clock.nowMs(),
    },
    grant.context,
  );
}

function idToken({ grant, client, user, scopes, nonce }: UserIssue): Promise<string> {
  const claims = idTokenClaims(
    {
      request: grant.request,
      client,
      user,
      endpointVersion: grant.endpointVersion,
      scopes: scopes.oidc,
      nonce,
    },
    grant.context,
  );
  return signIdToken(claims, grant.context);
}
