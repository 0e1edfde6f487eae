/** The end of a sign-in: a code, tokens, an approved device, or an administrator's consent. */
import { randomUUID } from "node:crypto";
import { ensureServicePrincipal } from "../../directory/consent.ts";
import { findServicePrincipal } from "../../directory/lookup.ts";
import type { EmulatorRequest, EmulatorResponse } from "../../host/http.ts";
import { refused } from "../aadsts.ts";
import type { AuthenticatedClient } from "../client-authentication.ts";
import {
  apiOf,
  type DelegatedScopes,
  formatGrantedScope,
  grantedScopes,
  type Requester,
} from "../delegated-scopes.ts";
import type { EntraContext } from "../entra-context.ts";
import { type Issue, signAccessToken, signIdToken } from "../issue-token.ts";
import { sealCode } from "../sign-in-grants.ts";
import { settleTerms } from "../token-terms.ts";
import { clientInfo, idTokenClaims, userAccessTokenClaims } from "../user-token.ts";
import { replyToApplication } from "./authorization-response.ts";
import type { Flow } from "./flow.ts";
import { messagePage } from "./pages.ts";
import { type Session, sessionCookie } from "./session.ts";

/** Everything that a finished sign-in is made of. */
export interface FinishedSignIn {
  readonly session: Session;
  readonly requester: Requester;
  readonly scopes: DelegatedScopes;
  readonly request: EmulatorRequest;
  readonly cookies: readonly string[];
}

/**
 * Ends a sign-in.
 *
 * @param flow - the state
 * @param finished - who signed in, for what
 * @param context - the emulator
 * @returns the answer to the application, or a page
 */
export async function authorizationOutcome(
  flow: Flow,
  finished: FinishedSignIn,
  context: EntraContext,
): Promise<EmulatorResponse> {
  const { session, request } = finished;
  const cookies = finished.cookies.length > 0 ? finished.cookies : [sessionCookie(session, context)];
  if (flow.purpose === "device") return approveDevice(flow, finished, context, cookies);
  const { tenant, application } = finished.requester;
  const servicePrincipal = ensureServicePrincipal(tenant, application);
  if (!servicePrincipal.accountEnabled)
    throw refused(7000112, { appIdentifier: application.appId, appName: application.displayName });
  const client: AuthenticatedClient = { tenant, application, servicePrincipal, strength: "0" };
  const values: Record<string, string | undefined> = {};
  if (flow.types.code) values["code"] = codeFor(flow, session, context);
  if (flow.types.token) Object.assign(values, await implicitToken(flow, finished, client, context));
  if (flow.types.idToken) values["id_token"] = await implicitIdToken(flow, finished, client, values, context);
  if (flow.wantsClientInfo) values["client_info"] = clientInfo(session.user, tenant);
  values["session_state"] = randomUUID();
  return replyToApplication(flow, values, request, cookies);
}

function codeFor(flow: Flow, { tenant, user, signedInAtMs }: Session, context: EntraContext): string {
  return sealCode(
    {
      id: randomUUID(),
      tenantId: tenant.tenantId,
      segment: flow.segment,
      userId: user.id,
      clientId: flow.clientId,
      redirectUri: flow.redirectUri,
      isExplicitRedirectUri: flow.isExplicitRedirectUri,
      platform: flow.platform,
      scope: flow.scope,
      resource: flow.resource,
      nonce: flow.nonce,
      codeChallenge: flow.codeChallenge,
      codeChallengeMethod: flow.codeChallengeMethod,
      issuedAtMs: Math.max(context.clock.nowMs(), signedInAtMs),
    },
    context,
  );
}

async function implicitToken(
  flow: Flow,
  { session, scopes, request }: FinishedSignIn,
  client: AuthenticatedClient,
  context: EntraContext,
): Promise<Record<string, string>> {
  const asked = apiOf(scopes, client);
  const terms = settleTerms(
    { client, resource: asked.resource, claims: undefined, isDelegated: true },
    context,
  );
  const issue: Issue = { request, client, resource: asked.resource, ...terms };
  const granted = grantedScopes(client, asked.resource.servicePrincipal, session.user.id, context);
  const token = await signAccessToken(userAccessTokenClaims(issue, session.user, granted, context), context);
  return {
    access_token: token,
    token_type: "Bearer",
    expires_in: String(terms.lifetimeSeconds),
    scope: formatGrantedScope(asked, scopes.oidc, granted, flow.scope),
  };
}

function implicitIdToken(
  flow: Flow,
  { session, scopes, request }: FinishedSignIn,
  client: AuthenticatedClient,
  values: Readonly<Record<string, string | undefined>>,
  context: EntraContext,
): Promise<string> {
  const claims = idTokenClaims(
    {
      request,
      client,
      user: session.user,
      endpointVersion: flow.endpointVersion,
      scopes: scopes.oidc,
      nonce: flow.nonce,
      code: values["code"],
      accessToken: values["access_token"],
    },
    context,
  );
  return signIdToken(claims, context);
}

function approveDevice(
  flow: Flow,
  { session, requester }: FinishedSignIn,
  context: EntraContext,
  cookies: readonly string[],
): EmulatorResponse {
  const waiting = context.signIns.deviceFlows.get(flow.deviceCode ?? "");
  if (waiting === undefined) throw refused(70020);
  if (findServicePrincipal(requester.tenant, requester.application.appId) === undefined)
    ensureServicePrincipal(requester.tenant, requester.application);
  waiting.tenantId = session.tenant.tenantId;
  waiting.userId = session.user.id;
  return messagePage({
    title: "You have signed in",
    text: `You have signed in to the ${requester.application.displayName} application on your device. You may now close this window.`,
    headers: { "Set-Cookie": cookies },
  });
}
