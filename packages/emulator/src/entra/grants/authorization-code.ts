/** The authorization-code grant, with PKCE. */
import { createHash, timingSafeEqual } from "node:crypto";
import { refused } from "../aadsts.ts";
import { refuseSharedSegment } from "../client.ts";
import {
  type AuthenticatedClient,
  authenticateClient,
  readPresentedClient,
} from "../client-authentication.ts";
import { type DelegatedScopes, readDelegatedResource, readDelegatedScopes } from "../delegated-scopes.ts";
import { requireField } from "../form.ts";
import { type CodeGrant, markRedeemed, redeemCode, requireLiveUser } from "../sign-in-grants.ts";
import { readTenantSegment } from "../tenant-segment.ts";
import { issueUserTokens } from "../user-tokens.ts";
import type { Grant, GrantRequest } from "./grant.ts";

/**
 * Redeems a code.
 *
 * @see RFC 6749 §4.1.3, RFC 7636 §4.6
 */
export const authorizationCode: Grant = async (grant) => {
  const { request, form, segment, context } = grant;
  const presented = readPresentedClient(form, request);
  const code = redeemCode(requireField(form, "code"), context);
  const tenant = context.world.tenants.get(code.tenantId);
  const addressed = readTenantSegment(segment, context);
  if (tenant === undefined || (addressed.kind === "tenant" && addressed.tenant !== tenant))
    throw refused(700005);
  const client = await authenticateClient(presented, tenant, segment, request, context);
  if (client.application.appId !== code.clientId) throw refused(700007);
  refuseSharedSegment(client.application, addressed.kind);
  checkRedirectUri(form["redirect_uri"], code);
  checkPlatform(client, code, request.headers.origin, form["code_verifier"]);
  checkVerifier(form["code_verifier"], code);
  const user = requireLiveUser(tenant.users.get(code.userId), code.issuedAtMs);
  markRedeemed(code, context);
  const requestedScope = form["scope"] ?? code.scope;
  return issueUserTokens({
    grant,
    client,
    user,
    scopes: scopesOf(grant, code, client),
    requestedScope,
    platform: code.platform,
    nonce: code.nonce,
    signedInAtMs: code.issuedAtMs,
    mayRefresh: true,
  });
};

/** The redemption may narrow the scopes or name another API; OpenID Connect scopes stay those of the sign-in. */
function scopesOf(
  { form, endpointVersion }: GrantRequest,
  code: CodeGrant,
  client: AuthenticatedClient,
): DelegatedScopes {
  if (endpointVersion === 1) return readDelegatedResource(form["resource"] ?? code.resource, client);
  const atSignIn = readDelegatedScopes(code.scope, client);
  const scope = form["scope"];
  if (scope === undefined) return atSignIn;
  const now = readDelegatedScopes(scope, client);
  return {
    oidc: [...new Set([...atSignIn.oidc, ...now.oidc])],
    resources: now.resources.length > 0 ? now.resources : atSignIn.resources,
  };
}

function checkRedirectUri(redirectUri: string | undefined, code: CodeGrant): void {
  if (redirectUri === undefined && code.isExplicitRedirectUri) throw refused(700009);
  if (redirectUri !== undefined && redirectUri !== code.redirectUri)
    throw refused(500112, { actual: redirectUri, provided: code.redirectUri });
}

function checkPlatform(
  client: AuthenticatedClient,
  code: CodeGrant,
  origin: string | undefined,
  verifier: string | undefined,
): void {
  if (code.platform === "Spa") {
    if (origin === undefined) throw refused(9002327);
    if (verifier === undefined) throw refused(9002325);
    return;
  }
  if (origin !== undefined) throw refused(9002326, { origin });
  if (code.platform === "InstalledClient") {
    if (client.strength !== "0") throw refused(700025);
  } else if (client.strength === "0") {
    throw refused(7000218);
  }
}

function checkVerifier(
  verifier: string | undefined,
  { codeChallenge, codeChallengeMethod }: CodeGrant,
): void {
  if (codeChallenge === undefined && verifier === undefined) return;
  if (codeChallenge === undefined || verifier === undefined) throw refused(50148);
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(verifier)) throw refused(501482);
  const computed =
    codeChallengeMethod === "S256" ? createHash("sha256").update(verifier).digest("base64url") : verifier;
  const [left, right] = [Buffer.from(computed), Buffer.from(codeChallenge)];
  if (left.length !== right.length || !timingSafeEqual(left, right)) throw refused(50148);
}
