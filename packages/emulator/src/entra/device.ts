/** The device flow: `/{tenant}/oauth2[/v2.0]/devicecode`, and the page on which a person enters the code. */
import { randomBytes, randomInt } from "node:crypto";
import type { Application } from "../directory/directory.ts";
import { findApplicationAnywhere } from "../directory/lookup.ts";
import type { EmulatorRequest, EmulatorResponse } from "../host/http.ts";
import { RefusedError, refused } from "./aadsts.ts";
import { authorityOf } from "./authority.ts";
import { readParameters } from "./authorize/endpoint.ts";
import type { Flow } from "./authorize/flow.ts";
import { deviceCodePage } from "./authorize/pages.ts";
import { continueFlow, guardStep } from "./authorize/steps.ts";
import { findRegistration, isMultiTenant } from "./client.ts";
import { readDelegatedScopes } from "./delegated-scopes.ts";
import type { DeviceFlow, EntraContext } from "./entra-context.ts";
import { errorResponse, tokenResponse } from "./error-response.ts";
import { readForm, requireField } from "./form.ts";
import { readTenantSegment } from "./tenant-segment.ts";

const LIFETIME_SECONDS = 900;
const INTERVAL_SECONDS = 5;
/** Letters and digits that are not mistaken for each other. */
const ALPHABET = "BCDFGHJKLMNPQRSTVWXYZ23456789";

/**
 * Starts a device flow.
 *
 * @param request - POST with client_id and scope (v2) or resource (v1)
 * @param segment - tenant segment, percent-decoded
 * @param endpointVersion - 1 or 2
 * @param context - the emulator
 * @returns codes, address, message
 * @see RFC 8628 §3.1
 */
export function deviceAuthorization(
  request: EmulatorRequest,
  segment: string,
  endpointVersion: 1 | 2,
  context: EntraContext,
): EmulatorResponse {
  try {
    if (request.method !== "POST")
      throw refused(900561, { valid_verbs: "POST", invalid_verb: request.method });
    const form = readForm(request);
    const clientId = requireField(form, "client_id");
    const application = findDeviceClient(clientId, segment, context);
    const flow = newFlow(application, segment, context, {
      scope: endpointVersion === 2 ? requireField(form, "scope") : "openid profile email offline_access",
      resource: form["resource"],
    });
    forgetOldFlows(context);
    context.signIns.deviceFlows.set(flow.deviceCode, flow);
    const address = verificationAddress(request);
    const numbers = { expires_in: LIFETIME_SECONDS, interval: INTERVAL_SECONDS };
    const texts = { expires_in: String(LIFETIME_SECONDS), interval: String(INTERVAL_SECONDS) };
    return tokenResponse(request, {
      user_code: flow.userCode,
      device_code: flow.deviceCode,
      [endpointVersion === 2 ? "verification_uri" : "verification_url"]: address,
      ...(endpointVersion === 2 ? numbers : texts),
      message: `To sign in, use a web browser to open the page ${address} and enter the code ${flow.userCode} to authenticate.`,
    });
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return errorResponse(request, error.refusal, context);
  }
}

/**
 * The page on which a person enters the code, and what follows it.
 *
 * @param request - GET, or POST with `otc`
 * @param context - the emulator
 * @returns a page
 */
export async function devicePage(request: EmulatorRequest, context: EntraContext): Promise<EmulatorResponse> {
  const { path } = request;
  const parameters = readParameters(request);
  const userCode = (parameters["otc"] ?? parameters["user_code"] ?? "")
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, "");
  const form = { action: path, flow: "" };
  if (request.method !== "POST") return deviceCodePage(form, { userCode });
  const waiting = [...context.signIns.deviceFlows.values()].find((flow) => flow.userCode === userCode);
  if (waiting === undefined || context.clock.nowMs() > waiting.expiresAtMs || waiting.userId !== undefined)
    return deviceCodePage(form, { userCode, error: "That code didn't work. Check the code and try again." });
  const flow = signInFlow(waiting, context);
  return guardStep(flow, request, context, () => continueFlow(flow, request, context));
}

function findDeviceClient(clientId: string, segment: string, context: EntraContext): Application {
  const addressed = readTenantSegment(segment, context);
  if (addressed.kind === "refused") throw new RefusedError(addressed.refusal);
  if (addressed.kind === "tenant") return findRegistration(clientId, addressed.tenant, context);
  const found = findApplicationAnywhere(context.world, clientId);
  if (found === undefined)
    throw refused(700016, { appIdentifier: clientId, tenantName: "Microsoft Services" });
  // Captured on /common with an application of one tenant.
  if (!isMultiTenant(found.application)) throw refused(50059);
  return found.application;
}

function newFlow(
  application: Application,
  segment: string,
  context: EntraContext,
  asked: { readonly scope: string; readonly resource: string | undefined },
): DeviceFlow {
  const addressed = readTenantSegment(segment, context);
  if (addressed.kind === "tenant")
    readDelegatedScopes(asked.scope, { tenant: addressed.tenant, application });
  return {
    deviceCode: `1.A${randomBytes(48).toString("base64url")}`,
    userCode: Array.from({ length: 9 }, () => ALPHABET[randomInt(ALPHABET.length)]).join(""),
    tenantName: segment,
    clientId: application.appId,
    ...asked,
    expiresAtMs: context.clock.nowMs() + LIFETIME_SECONDS * 1000,
    userId: undefined,
    tenantId: undefined,
    isDeclined: false,
  };
}

function forgetOldFlows(context: EntraContext): void {
  const { deviceFlows } = context.signIns;
  const nowMs = context.clock.nowMs();
  for (const [code, flow] of deviceFlows)
    if (flow.expiresAtMs + LIFETIME_SECONDS * 1000 < nowMs) deviceFlows.delete(code);
}

/** The service's page stands on a host of its own, on localhost it stands here. */
function verificationAddress(request: EmulatorRequest): string {
  const authority = authorityOf(request);
  return authority === "https://login.microsoftonline.com"
    ? "https://login.microsoft.com/device"
    : `${authority}/common/oauth2/deviceauth`;
}

function signInFlow(waiting: DeviceFlow, context: EntraContext): Flow {
  const addressed = readTenantSegment(waiting.tenantName, context);
  return {
    purpose: "device",
    segment: waiting.tenantName,
    tenantId: addressed.kind === "tenant" ? addressed.tenant.tenantId : undefined,
    endpointVersion: waiting.resource === undefined ? 2 : 1,
    clientId: waiting.clientId,
    redirectUri: "",
    isExplicitRedirectUri: false,
    platform: "InstalledClient",
    types: { code: false, idToken: false, token: false },
    mode: "query",
    state: undefined,
    scope: waiting.scope,
    resource: waiting.resource,
    nonce: undefined,
    prompt: undefined,
    loginHint: undefined,
    codeChallenge: undefined,
    codeChallengeMethod: "plain",
    wantsClientInfo: false,
    isSignedIn: false,
    deviceCode: waiting.deviceCode,
  };
}
