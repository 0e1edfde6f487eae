/** The steps of a sign-in: who is it, do they consent, hand over the outcome. */
import type { Application, ServicePrincipal } from "../../directory/directory.ts";
import { findApplication, findServicePrincipal } from "../../directory/lookup.ts";
import type { EmulatorRequest, EmulatorResponse } from "../../host/http.ts";
import { RefusedError, refused } from "../aadsts.ts";
import { findRegistration } from "../client.ts";
import {
  type DelegatedScopes,
  missingScopes,
  type Requester,
  type ResourceScopes,
  readDelegatedResource,
  readDelegatedScopes,
} from "../delegated-scopes.ts";
import type { EntraContext } from "../entra-context.ts";
import { isAdministrator } from "../user-token.ts";
import { refuseToApplication, refuseToPerson } from "./authorization-response.ts";
import { type Flow, sealFlow } from "./flow.ts";
import { authorizationOutcome } from "./outcome.ts";
import { type ConsentLine, consentPage, messagePage, pickAccountPage, signInPage } from "./pages.ts";
import { readSession, type Session } from "./session.ts";

/** A permission that is to be consented to, with its API. */
export interface MissingConsent {
  readonly asked: ResourceScopes;
  readonly permissions: ReturnType<typeof missingScopes>;
}

/**
 * Takes a sign-in to its next page or to its end.
 *
 * @param flow - the state
 * @param request - its cookies tell who is signed in
 * @param context - the emulator
 * @param freshSession - the session that this request began
 * @param cookies - values of Set-Cookie for the answer
 * @returns a page or the answer to the application
 */
export async function continueFlow(
  flow: Flow,
  request: EmulatorRequest,
  context: EntraContext,
  freshSession?: Session,
  cookies: readonly string[] = [],
): Promise<EmulatorResponse> {
  const session = freshSession ?? usableSession(flow, request, context);
  const prompts = (flow.prompt ?? "").split(" ");
  if (session === undefined || (prompts.includes("login") && !flow.isSignedIn)) {
    if (prompts.includes("none")) throw refused(50058);
    return askForSignIn(flow, context);
  }
  if (prompts.includes("select_account") && !flow.isSignedIn)
    return pickAccountPage(formOf(flow, context), session.user.userPrincipalName);
  const requester = requesterOf(flow, session, context);
  refuseUnassigned(requester, session);
  const scopes = scopesOf(flow, requester);
  const missing = missingConsents(flow, scopes, requester, session, context);
  if (missing.length > 0) {
    if (prompts.includes("none")) throw consentRequired(requester.application);
    return withCookies(askForConsent(flow, missing, requester, session, context), cookies);
  }
  return authorizationOutcome(flow, { session, requester, scopes, request, cookies }, context);
}

/**
 * Runs a step and words its refusal: to the application where its address is known.
 *
 * @param flow - the state
 * @param request - the request that is answered
 * @param context - the emulator
 * @param step - the step
 * @returns its answer
 */
export async function guardStep(
  flow: Flow,
  request: EmulatorRequest,
  context: EntraContext,
  step: () => Promise<EmulatorResponse> | EmulatorResponse,
): Promise<EmulatorResponse> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    if (flow.redirectUri === "") return refuseToPerson(error.refusal, request, context);
    return refuseToApplication(flow, error.refusal, request, context);
  }
}

/**
 * Shows the sign-in page.
 *
 * @param flow - the state
 * @param context - the emulator
 * @param attempt - name and error of a failed attempt
 * @returns the page
 */
export function askForSignIn(
  flow: Flow,
  context: EntraContext,
  attempt?: { readonly userName: string; readonly error: string },
): EmulatorResponse {
  const appName = applicationName(flow, context);
  const userName = attempt?.userName ?? flow.loginHint ?? "";
  return signInPage(formOf(flow, context), { appName, userName, error: attempt?.error });
}

/**
 * Who asks, in the tenant of the signed-in user.
 *
 * @param flow - the state
 * @param session - the user
 * @param context - the emulator
 * @returns tenant and registration
 * @throws {RefusedError} 700016
 */
export function requesterOf(flow: Flow, session: Session, context: EntraContext): Requester {
  return { tenant: session.tenant, application: findRegistration(flow.clientId, session.tenant, context) };
}

/**
 * What a flow asks for.
 *
 * @param flow - the state
 * @param requester - who asks, and where
 * @returns scopes by API
 */
export function scopesOf(flow: Flow, requester: Requester): DelegatedScopes {
  return flow.endpointVersion === 1
    ? readDelegatedResource(flow.resource, requester)
    : readDelegatedScopes(flow.scope, requester);
}

/**
 * What the user, or the organisation, has yet to consent to.
 *
 * @param flow - the state
 * @param scopes - what it asks for
 * @param requester - who asks, and where
 * @param session - the user
 * @param context - the emulator
 * @returns permissions by API; everything again with `prompt=consent` until it is answered
 */
export function missingConsents(
  flow: Flow,
  scopes: DelegatedScopes,
  requester: Requester,
  session: Session,
  context: EntraContext,
): MissingConsent[] {
  const isForced = /\b(consent|admin_consent)\b/.test(flow.prompt ?? "");
  const userId = isForced ? "" : session.user.id;
  // Asking as nobody, with no grants looked at, yields everything that the request names.
  const asking = isForced ? { ...requester, tenant: withoutGrants(requester.tenant) } : requester;
  const missing = scopes.resources.map((asked) => ({
    asked,
    permissions: missingScopes(asked, asking, userId, context),
  }));
  return missing.filter(({ permissions }) => permissions.length > 0);
}

function withoutGrants(tenant: Requester["tenant"]): Requester["tenant"] {
  return { ...tenant, oauth2PermissionGrants: new Map() };
}

function usableSession(flow: Flow, request: EmulatorRequest, context: EntraContext): Session | undefined {
  const session = readSession(request, context);
  if (session === undefined) return undefined;
  const isElsewhere = flow.tenantId !== undefined && flow.tenantId !== session.tenant.tenantId;
  const { loginHint } = flow;
  const isOther =
    loginHint !== undefined && loginHint.toLowerCase() !== session.user.userPrincipalName.toLowerCase();
  return isElsewhere || isOther ? undefined : session;
}

function askForConsent(
  flow: Flow,
  missing: readonly MissingConsent[],
  { application }: Requester,
  { user }: Session,
  context: EntraContext,
): EmulatorResponse {
  const isAdmin = isAdministrator(user);
  const needsAdmin = missing.some(({ permissions }) => permissions.some(({ type }) => type === "Admin"));
  if (needsAdmin && !isAdmin)
    return messagePage({
      title: "Need admin approval",
      text: `AADSTS90094: ${application.displayName} needs permission to access resources in your organization that only an admin can grant. Please ask an admin to grant permission to this app before you can use it.`,
    });
  const lines: ConsentLine[] = missing.flatMap(({ asked, permissions }) =>
    permissions.map(({ value, adminConsentDisplayName }) => ({
      resource: asked.resource.servicePrincipal.displayName,
      value,
      displayName: adminConsentDisplayName,
    })),
  );
  return consentPage(formOf(flow, context, "consent"), {
    appName: application.displayName,
    userName: user.userPrincipalName,
    lines,
    mayConsentForAll: isAdmin,
    isForAll: /\badmin_consent\b/.test(flow.prompt ?? ""),
  });
}

function consentRequired(application: Application): RefusedError {
  const values = { identifier: application.appId, namePhrase: ` named '${application.displayName}'` };
  return refused(65001, values, { oauthError: "interaction_required" });
}

/** An application that wants its users assigned refuses the others. */
function refuseUnassigned({ tenant, application }: Requester, { user }: Session): void {
  const principal: ServicePrincipal | undefined = findServicePrincipal(tenant, application.appId);
  if (principal === undefined || !principal.appRoleAssignmentRequired) return;
  for (const { resourceId, principalId } of tenant.appRoleAssignments.values()) {
    if (resourceId !== principal.id) continue;
    if (principalId === user.id || tenant.groups.get(principalId)?.members.includes(user.id)) return;
  }
  throw refused(50105, {
    appName: application.displayName,
    appId: application.appId,
    user: user.userPrincipalName,
  });
}

function formOf(flow: Flow, context: EntraContext, page: "login" | "consent" = "login") {
  const { redirectUri, segment } = flow;
  const action =
    page === "login"
      ? `/${encodeURIComponent(segment)}/login`
      : `/${encodeURIComponent(segment)}/Consent/Set`;
  return { action, flow: sealFlow(flow, context), redirectUri: redirectUri === "" ? undefined : redirectUri };
}

function applicationName({ clientId }: Flow, { world }: EntraContext): string {
  for (const tenant of world.tenants.values()) {
    const application = findApplication(tenant, clientId);
    if (application !== undefined) return application.displayName;
  }
  return clientId;
}

function withCookies(response: EmulatorResponse, cookies: readonly string[]): EmulatorResponse {
  if (cookies.length === 0) return response;
  return { ...response, headers: { ...response.headers, "Set-Cookie": cookies } };
}
