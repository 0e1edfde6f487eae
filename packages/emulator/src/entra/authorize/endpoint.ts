/** `/{tenant}/oauth2[/v2.0]/authorize`, and the pages behind it. */
import type { Application } from "../../directory/directory.ts";
import { findApplicationAnywhere } from "../../directory/lookup.ts";
import type { EmulatorRequest, EmulatorResponse } from "../../host/http.ts";
import { RefusedError, refused } from "../aadsts.ts";
import { findRegistration, refuseSharedSegment } from "../client.ts";
import type { EntraContext } from "../entra-context.ts";
import { readForm } from "../form.ts";
import { readTenantSegment, type SharedSegment } from "../tenant-segment.ts";
import {
  checkCodeChallenge,
  type Parameters,
  readReplyTo,
  readResponseMode,
  readResponseTypes,
} from "./authorization-request.ts";
import { type ReplyChannel, refuseToApplication, refuseToPerson } from "./authorization-response.ts";
import type { Flow } from "./flow.ts";
import { continueFlow } from "./steps.ts";

/**
 * Answers an authorization request.
 *
 * @param request - GET or POST
 * @param segment - tenant segment, percent-decoded
 * @param endpointVersion - 1 or 2
 * @param context - the emulator
 * @returns a page, or a redirect to the application
 * @see RFC 6749 §4.1.1
 */
export async function authorizeEndpoint(
  request: EmulatorRequest,
  segment: string,
  endpointVersion: 1 | 2,
  context: EntraContext,
): Promise<EmulatorResponse> {
  let channel: ReplyChannel | undefined;
  try {
    const parameters = readParameters(request);
    const flow = readFlow(parameters, segment, endpointVersion, context, (found) => {
      channel = found;
    });
    return await continueFlow(flow, request, context);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return channel === undefined
      ? refuseToPerson(error.refusal, request, context)
      : refuseToApplication(channel, error.refusal, request, context);
  }
}

/**
 * Reads the parameters of a request from query or form.
 *
 * @param request - GET or POST
 * @returns the value of each; empty ones count as absent
 * @throws {RefusedError} 900561 for another method, 9000411 for a parameter with two values
 */
export function readParameters(request: EmulatorRequest): Parameters {
  if (request.method === "POST") return readForm(request);
  if (request.method !== "GET" && request.method !== "HEAD")
    throw refused(900561, { valid_verbs: "GET, POST", invalid_verb: request.method });
  const parameters: Record<string, string | undefined> = Object.create(null) as Record<
    string,
    string | undefined
  >;
  for (const [name, value] of request.query) {
    if (value === "") continue;
    if (parameters[name] !== undefined) throw refused(9000411, { name });
    parameters[name] = value;
  }
  return parameters;
}

function readFlow(
  parameters: Parameters,
  segment: string,
  endpointVersion: 1 | 2,
  context: EntraContext,
  found: (channel: ReplyChannel) => void,
): Flow {
  const addressed = readTenantSegment(segment, context);
  if (addressed.kind === "refused") throw new RefusedError(addressed.refusal);
  const clientId = parameters["client_id"];
  if (clientId === undefined) throw refused(900144, { name: "client_id" });
  const application =
    addressed.kind === "tenant"
      ? findRegistration(clientId, addressed.tenant, context)
      : findForSharedSegment(clientId, addressed.kind, context);
  const reply = readReplyTo(parameters, application);
  const state = parameters["state"];
  // From here on errors go to the application, in the mode it asked for as far as that can be told.
  found({ redirectUri: reply.redirectUri, mode: readModeForErrors(parameters), state });
  const types = readResponseTypes(parameters, application);
  const mode = readResponseMode(parameters, types);
  checkCodeChallenge(parameters);
  const scope = parameters["scope"] ?? "";
  if (endpointVersion === 2 && scope === "") throw refused(900144, { name: "scope" });
  return {
    purpose: "authorize",
    segment,
    tenantId: addressed.kind === "tenant" ? addressed.tenant.tenantId : undefined,
    endpointVersion,
    clientId: application.appId,
    redirectUri: reply.redirectUri,
    isExplicitRedirectUri: reply.isExplicit,
    platform: reply.platform,
    types,
    mode,
    state,
    scope: endpointVersion === 2 ? scope : "openid profile email offline_access",
    resource: parameters["resource"],
    nonce: parameters["nonce"],
    prompt: parameters["prompt"],
    loginHint: parameters["login_hint"] ?? parameters["username"],
    codeChallenge: parameters["code_challenge"],
    codeChallengeMethod: parameters["code_challenge_method"] ?? "plain",
    wantsClientInfo: parameters["client_info"] === "1",
    isSignedIn: false,
  };
}

function readModeForErrors(parameters: Parameters): ReplyChannel["mode"] {
  const mode = parameters["response_mode"];
  if (mode === "query" || mode === "fragment" || mode === "form_post") return mode;
  return /\btoken\b|\bid_token\b/.test(parameters["response_type"] ?? "") ? "fragment" : "query";
}

function findForSharedSegment(clientId: string, kind: SharedSegment, context: EntraContext): Application {
  const found = findApplicationAnywhere(context.world, clientId);
  if (found === undefined)
    throw refused(700016, { appIdentifier: clientId, tenantName: "Microsoft Services" });
  refuseSharedSegment(found.application, kind);
  return found.application;
}
