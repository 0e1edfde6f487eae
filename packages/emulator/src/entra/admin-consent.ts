/** `/{tenant}/adminconsent` and `/{tenant}/v2.0/adminconsent`. */
import { grantAdminConsent } from "../directory/consent.ts";
import type { Application, Tenant } from "../directory/directory.ts";
import { findApplicationAnywhere, findServicePrincipal } from "../directory/lookup.ts";
import type { EmulatorRequest, EmulatorResponse } from "../host/http.ts";
import { type Refusal, RefusedError, refused, wordRefusal } from "./aadsts.ts";
import { readReplyTo } from "./authorize/authorization-request.ts";
import { refuseToPerson, replyToApplication } from "./authorize/authorization-response.ts";
import { readParameters } from "./authorize/endpoint.ts";
import { type Flow, openFlow, sealFlow } from "./authorize/flow.ts";
import { type ConsentLine, consentPage, messagePage, signInPage } from "./authorize/pages.ts";
import { readSession, type Session, sessionCookie } from "./authorize/session.ts";
import { findRegistration, isMultiTenant } from "./client.ts";
import { missingScopes, readDelegatedScopes, recordConsent } from "./delegated-scopes.ts";
import type { EntraContext } from "./entra-context.ts";
import { readForm } from "./form.ts";
import { checkPassword, tenantOfUser } from "./sign-in.ts";
import { readTenantSegment } from "./tenant-segment.ts";
import { isAdministrator } from "./user-token.ts";

/**
 * Asks an administrator to consent for the organisation.
 *
 * @param request - GET with client_id, redirect_uri, state and (v2) scope
 * @param segment - tenant segment, percent-decoded
 * @param endpointVersion - 1 or 2
 * @param context - the emulator
 * @returns a page
 * @see learn.microsoft.com/entra/identity-platform/v2-admin-consent
 */
export function adminConsent(
  request: EmulatorRequest,
  segment: string,
  endpointVersion: 1 | 2,
  context: EntraContext,
): EmulatorResponse {
  return onPage(request, context, () => {
    if (request.method === "POST") return takeAnswer(request, endpointVersion, context);
    const flow = readConsentFlow(request, segment, endpointVersion, context);
    const session = readSession(request, context);
    const isUsable =
      session !== undefined && (flow.tenantId ?? session.tenant.tenantId) === session.tenant.tenantId;
    return isUsable ? askAdministrator(flow, session, request, context) : askSignIn(flow, request, context);
  });
}

function takeAnswer(
  request: EmulatorRequest,
  endpointVersion: 1 | 2,
  context: EntraContext,
): EmulatorResponse {
  const { origin } = request.headers;
  const form = readForm(request);
  const flow = openFlow(form["flow"] ?? "", context);
  if (
    flow?.purpose !== "adminConsent" ||
    (origin !== undefined && origin !== request.origin && origin !== "null")
  )
    return messagePage({
      title: "This page was left open too long",
      text: "Return to the application and start again.",
      status: 400,
    });
  if (form["action"] === "signin")
    return takeAdministrator(flow, form["login"] ?? "", form["passwd"] ?? "", request, context);
  if (form["action"] !== "accept") return declined(flow, endpointVersion, request);
  const session = readSession(request, context);
  if (session === undefined || !isAdministrator(session.user)) throw refused(90094);
  return grant(flow, session.tenant, endpointVersion, request, context);
}

function takeAdministrator(
  flow: Flow,
  userName: string,
  passwordText: string,
  request: EmulatorRequest,
  context: EntraContext,
): EmulatorResponse {
  const session = signInAdministrator(flow, userName.trim(), passwordText, context);
  if ("code" in session) {
    const { code, text } = wordRefusal(session);
    return askSignIn(flow, request, context, { userName, error: `AADSTS${code}: ${text}` });
  }
  const page = askAdministrator(flow, session, request, context);
  return { ...page, headers: { ...page.headers, "Set-Cookie": sessionCookie(session, context) } };
}

function signInAdministrator(
  flow: Flow,
  userName: string,
  passwordText: string,
  context: EntraContext,
): Session | Refusal {
  try {
    const tenant = context.world.tenants.get(flow.tenantId ?? "") ?? tenantOfUser(userName, context);
    const user = checkPassword(userName, passwordText, tenant);
    return { tenant, user, signedInAtMs: context.clock.nowMs() };
  } catch (error) {
    if (error instanceof RefusedError) return error.refusal;
    throw error;
  }
}

function grant(
  flow: Flow,
  tenant: Tenant,
  endpointVersion: 1 | 2,
  request: EmulatorRequest,
  context: EntraContext,
): EmulatorResponse {
  const application = findRegistration(flow.clientId, tenant, context);
  const nowMs = context.clock.nowMs();
  for (const problem of grantAdminConsent(tenant, application, nowMs))
    context.note(`admin consent: ${problem}`);
  const principal = findServicePrincipal(tenant, application.appId);
  if (endpointVersion === 2 && principal !== undefined) {
    for (const asked of readDelegatedScopes(flow.scope, { tenant, application }).resources)
      recordConsent(
        tenant,
        principal,
        asked,
        missingScopes(asked, { tenant, application }, "", context),
        undefined,
      );
  }
  const scope = endpointVersion === 2 ? { scope: flow.scope } : {};
  return replyToApplication(flow, { admin_consent: "True", tenant: tenant.tenantId, ...scope }, request);
}

function declined(flow: Flow, endpointVersion: 1 | 2, request: EmulatorRequest): EmulatorResponse {
  const values =
    endpointVersion === 2
      ? {
          error: "consent_required",
          error_description: "AADSTS65004: The resource owner or authorization server denied the request.",
          admin_consent: "True",
          tenant: flow.tenantId ?? flow.segment,
        }
      : { error: "permission_denied", error_description: "The admin canceled the request" };
  return replyToApplication(flow, values, request);
}

function askAdministrator(
  flow: Flow,
  session: Session,
  request: EmulatorRequest,
  context: EntraContext,
): EmulatorResponse {
  const { tenant, user } = session;
  const application = findRegistration(flow.clientId, tenant, context);
  if (!isAdministrator(user))
    return messagePage({
      title: "Need admin approval",
      text: `AADSTS90094: ${application.displayName} needs permission to access resources in your organization that only an admin can grant.`,
    });
  return consentPage(
    { action: request.path, flow: sealFlow(flow, context), redirectUri: flow.redirectUri },
    {
      appName: application.displayName,
      userName: user.userPrincipalName,
      lines: consentLines(application, tenant),
      mayConsentForAll: true,
      isForAll: true,
    },
  );
}

function consentLines(application: Application, tenant: Tenant): ConsentLine[] {
  return application.requiredResourceAccess.flatMap(({ resourceAppId, resourceAccess }) => {
    const resource = findServicePrincipal(tenant, resourceAppId);
    return resourceAccess.map(({ id, type }) => {
      const offered = type === "Role" ? resource?.appRoles : resource?.permissionScopes;
      const value = offered?.find((permission) => permission.id === id)?.value ?? id;
      const displayName = type === "Role" ? "(application permission)" : value;
      return { resource: resource?.displayName ?? resourceAppId, value, displayName };
    });
  });
}

function askSignIn(
  flow: Flow,
  request: EmulatorRequest,
  context: EntraContext,
  attempt: { readonly userName: string; readonly error?: string } = { userName: "" },
): EmulatorResponse {
  const form = { action: request.path, flow: sealFlow(flow, context), redirectUri: flow.redirectUri };
  const found = findApplicationAnywhere(context.world, flow.clientId);
  return signInPage(form, { appName: found?.application.displayName ?? flow.clientId, ...attempt });
}

function readConsentFlow(
  request: EmulatorRequest,
  segment: string,
  endpointVersion: 1 | 2,
  context: EntraContext,
): Flow {
  const parameters = readParameters(request);
  const addressed = readTenantSegment(segment, context);
  if (addressed.kind === "refused") throw new RefusedError(addressed.refusal);
  if (endpointVersion === 2 && (addressed.kind === "common" || addressed.kind === "consumers"))
    throw refused(9002328);
  const clientId = parameters["client_id"];
  if (clientId === undefined) throw refused(900144, { name: "client_id" });
  const found = findApplicationAnywhere(context.world, clientId);
  const tenant = addressed.kind === "tenant" ? addressed.tenant : found?.homeTenant;
  if (tenant === undefined)
    throw refused(700016, { appIdentifier: clientId, tenantName: "Microsoft Services" });
  const application = findRegistration(clientId, tenant, context);
  if (addressed.kind !== "tenant" && !isMultiTenant(application))
    throw refused(50194, { appId: application.appId, appName: application.displayName, time: "10/15/2018" });
  if (endpointVersion === 2 && parameters["scope"] === undefined) throw refused(900144, { name: "scope" });
  const reply = readReplyTo(parameters, application);
  return {
    purpose: "adminConsent",
    segment,
    tenantId: addressed.kind === "tenant" ? addressed.tenant.tenantId : undefined,
    endpointVersion,
    clientId: application.appId,
    redirectUri: reply.redirectUri,
    isExplicitRedirectUri: reply.isExplicit,
    platform: reply.platform,
    types: { code: false, idToken: false, token: false },
    mode: "query",
    state: parameters["state"],
    scope: parameters["scope"] ?? "",
    resource: undefined,
    nonce: undefined,
    prompt: undefined,
    loginHint: undefined,
    codeChallenge: undefined,
    codeChallengeMethod: "plain",
    wantsClientInfo: false,
    isSignedIn: false,
  };
}

function onPage(
  request: EmulatorRequest,
  context: EntraContext,
  make: () => EmulatorResponse,
): EmulatorResponse {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return refuseToPerson(error.refusal, request, context);
  }
}
