/** What people send back from the pages: name and password, or consent. */
import { ensureServicePrincipal } from "../../directory/consent.ts";
import type { Tenant, User } from "../../directory/directory.ts";
import { findUser } from "../../directory/lookup.ts";
import type { EmulatorRequest, EmulatorResponse } from "../../host/http.ts";
import { RefusedError, refused, wordRefusal } from "../aadsts.ts";
import { recordConsent } from "../delegated-scopes.ts";
import type { EntraContext } from "../entra-context.ts";
import { type Form, readForm } from "../form.ts";
import { checkPassword, tenantOfUser } from "../sign-in.ts";
import { isAdministrator } from "../user-token.ts";
import { type Flow, openFlow } from "./flow.ts";
import { messagePage } from "./pages.ts";
import { readSession, type Session, sessionCookie } from "./session.ts";
import { askForSignIn, continueFlow, guardStep, missingConsents, requesterOf, scopesOf } from "./steps.ts";

/**
 * Takes the form of the sign-in page and of the account picker.
 *
 * @param request - POST
 * @param context - the emulator
 * @returns the next page, or the answer to the application
 */
export async function takeSignIn(request: EmulatorRequest, context: EntraContext): Promise<EmulatorResponse> {
  const posted = readPost(request, context);
  if (posted === undefined) return lostSession();
  const { form, flow } = posted;
  return guardStep(flow, request, context, () => {
    if (form["action"] === "other") return askForSignIn({ ...flow, loginHint: undefined }, context);
    if (form["action"] === "continue") return continueFlow({ ...flow, isSignedIn: true }, request, context);
    const userName = (form["login"] ?? "").trim();
    const session = signIn(flow, userName, form["passwd"] ?? "", context);
    if ("error" in session) return askForSignIn(flow, context, { userName, error: session.error });
    const signedIn = { ...flow, isSignedIn: true, loginHint: undefined };
    return continueFlow(signedIn, request, context, session, [sessionCookie(session, context)]);
  });
}

/**
 * Takes the form of the consent page.
 *
 * @param request - POST
 * @param context - the emulator
 * @returns the answer to the application
 */
export async function takeConsent(
  request: EmulatorRequest,
  context: EntraContext,
): Promise<EmulatorResponse> {
  const posted = readPost(request, context);
  const session = readSession(request, context);
  if (posted === undefined || session === undefined) return lostSession();
  const { form, flow } = posted;
  return guardStep(flow, request, context, () => {
    if (form["action"] !== "accept") return decline(flow, context);
    const requester = requesterOf(flow, session, context);
    const missing = missingConsents(flow, scopesOf(flow, requester), requester, session, context);
    const isAdmin = isAdministrator(session.user);
    const needsAdmin = missing.some(({ permissions }) => permissions.some(({ type }) => type === "Admin"));
    if (needsAdmin && !isAdmin) throw refused(90094);
    const isForAll = isAdmin && (form["forAll"] === "true" || /\badmin_consent\b/.test(flow.prompt ?? ""));
    const principal = ensureServicePrincipal(requester.tenant, requester.application);
    for (const { asked, permissions } of missing)
      recordConsent(requester.tenant, principal, asked, permissions, isForAll ? undefined : session.user.id);
    const prompt = (flow.prompt ?? "").replace(/\b(admin_)?consent\b/g, "").trim();
    return continueFlow({ ...flow, prompt, isSignedIn: true }, request, context, session);
  });
}

/** A device that is declined hears of it at its next poll; an application hears of it at once. */
function decline(flow: Flow, context: EntraContext): EmulatorResponse {
  if (flow.purpose !== "device") throw refused(65004);
  const waiting = context.signIns.deviceFlows.get(flow.deviceCode ?? "");
  if (waiting !== undefined) waiting.isDeclined = true;
  return messagePage({ title: "Sign-in declined", text: "You may now close this window." });
}

/** Forms are taken from our own pages only, and with the sealed state that those pages carry. */
function readPost(request: EmulatorRequest, context: EntraContext): { form: Form; flow: Flow } | undefined {
  const { origin } = request.headers;
  // Browsers send the word null where a page withholds its address.
  if (origin !== undefined && origin !== request.origin && origin !== "null") return undefined;
  if (request.method !== "POST") return undefined;
  const form = readForm(request);
  const flow = openFlow(form["flow"] ?? "", context);
  return flow === undefined ? undefined : { form, flow };
}

function signIn(
  flow: Flow,
  userName: string,
  passwordText: string,
  context: EntraContext,
): Session | { readonly error: string } {
  try {
    const home = context.world.tenants.get(flow.tenantId ?? "") ?? tenantOfUser(userName, context);
    refuseForeigner(home, userName, flow, context);
    const user: User = checkPassword(userName, passwordText, home);
    return { tenant: home, user, signedInAtMs: context.clock.nowMs() };
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    const { code, text } = wordRefusal(error.refusal);
    return { error: `AADSTS${code}: ${text}` };
  }
}

/** A user of another tenant is told so, which is more helpful than that the account does not exist. */
function refuseForeigner(tenant: Tenant, userName: string, flow: Flow, { world }: EntraContext): void {
  if (findUser(tenant, userName) !== undefined) return;
  for (const other of world.tenants.values()) {
    if (other === tenant || findUser(other, userName) === undefined) continue;
    throw refused(50020, {
      email: userName,
      idp: `https://sts.windows.net/${other.tenantId}/`,
      tenant: tenant.displayName,
      appId: flow.clientId,
      appName: flow.clientId,
    });
  }
}

function lostSession(): EmulatorResponse {
  return messagePage({
    title: "Sorry, but we’re having trouble signing you in.",
    text: "AADSTS165000: This page was left open too long, or did not come from here. Return to the application and start again.",
    status: 400,
  });
}
