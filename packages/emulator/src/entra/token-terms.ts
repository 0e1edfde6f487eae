/** How long an access token lives, and what it says about its client. */
import type { ServicePrincipal } from "../directory/directory.ts";
import { findApplication } from "../directory/lookup.ts";
import { policyLifetimeSeconds } from "../directory/token-lifetime-policy.ts";
import { isMicrosofts } from "../directory/well-known-applications.ts";
import { refused } from "./aadsts.ts";
import { type ClaimsRequest, readClaimsRequest } from "./claims-request.ts";
import type { Client } from "./client.ts";
import type { EntraContext } from "./entra-context.ts";
import { type Issue, wantsOptionalClaim } from "./issue-token.ts";
import { isGraph, type RequestedResource } from "./resource.ts";

/** `expires_in` of tokens for clients that handle revocation: a day. */
const LONG_LIFETIME_SECONDS = 86_399;

/** The service draws between 60 and 90 minutes. */
const DRAWN_FROM_SECONDS = 3599;
const DRAWN_SPAN_SECONDS = 1801;

/** What `claims` and policies settle about a token. */
export type TokenTerms = Pick<
  Issue,
  "lifetimeSeconds" | "clientCapabilities" | "notBeforeSeconds" | "authenticationContexts"
>;

/** What the terms depend on. */
export interface TermsRequest {
  readonly client: Client;
  readonly resource: RequestedResource;
  /** The parameter `claims` as sent. */
  readonly claims: string | undefined;
  /** Whether the token is for a user. */
  readonly isDelegated: boolean;
}

/**
 * Settles the terms of an access token.
 *
 * @param wanted - client, resource and claims request
 * @param context - the emulator
 * @returns life in seconds, and claims that the client asked for
 * @throws {RefusedError} 90100 for unreadable claims, 53003 for claims that cannot be brought
 */
export function settleTerms(wanted: TermsRequest, context: EntraContext): TokenTerms {
  const { client, resource, isDelegated } = wanted;
  const { servicePrincipal } = resource;
  if (wanted.claims === undefined) return { lifetimeSeconds: lifetimeSeconds(wanted, context) };
  const request = readClaimsRequest(wanted.claims);
  refuseUnmet(request, wanted, context);
  const isLong =
    request.capabilities !== undefined &&
    isGraph(servicePrincipal) &&
    (isDelegated || isSingleTenant(client));
  return {
    lifetimeSeconds: isLong ? LONG_LIFETIME_SECONDS : lifetimeSeconds(wanted, context),
    clientCapabilities: tellsCapabilities(servicePrincipal, context) ? request.capabilities : undefined,
    notBeforeSeconds: request.notBeforeSeconds,
    authenticationContexts:
      request.authenticationContexts.length > 0 ? request.authenticationContexts : undefined,
  };
}

/**
 * The life of a token of a client that does not handle revocation.
 *
 * @param subject - client and API
 * @param context - the emulator
 * @returns `expires_in`, seconds
 */
function lifetimeSeconds(
  { client, resource }: Pick<TermsRequest, "client" | "resource">,
  context: EntraContext,
): number {
  const policy = policyLifetimeSeconds(resource.servicePrincipal, client.tenant, context.world);
  // `exp` is as long after the issue as the policy says; `expires_in` is one less, as captured.
  if (policy !== undefined) return policy - 1;
  if (context.switches.drawTokenLifetimes === true)
    return Math.floor(DRAWN_FROM_SECONDS + Math.random() * DRAWN_SPAN_SECONDS);
  return context.settings.accessTokenLifetimeSeconds;
}

/** A resource that will not take a token issued now, or that wants a person, cannot be served to an application. */
function refuseUnmet(request: ClaimsRequest, { claims, isDelegated }: TermsRequest, context: EntraContext) {
  const latestSeconds = context.clock.nowMs() / 1000 + context.settings.clockSkewSeconds;
  const isInFuture = request.notBeforeSeconds !== undefined && request.notBeforeSeconds > latestSeconds;
  const wantsPerson = !isDelegated && request.authenticationContexts.length > 0;
  if (isInFuture || wantsPerson) throw refused(53003, undefined, { claims });
}

/** Continuous access evaluation covers applications of one tenant only. */
function isSingleTenant({ tenant, application }: Client): boolean {
  return (
    application.signInAudience === "AzureADMyOrg" && findApplication(tenant, application.appId) !== undefined
  );
}

/** Microsoft's own APIs read `xms_cc`; others have to ask for it in their registration. */
function tellsCapabilities(servicePrincipal: ServicePrincipal, context: EntraContext): boolean {
  return isMicrosofts(servicePrincipal.appId) || wantsOptionalClaim(servicePrincipal, "xms_cc", context);
}
