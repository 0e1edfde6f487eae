/** `/{tenant}/oauth2/token` and `/{tenant}/oauth2/v2.0/token`. */
import type { EmulatorRequest, EmulatorResponse } from "../host/http.ts";
import { RefusedError, refused } from "./aadsts.ts";
import type { EntraContext } from "./entra-context.ts";
import { errorResponse, tokenResponse } from "./error-response.ts";
import { readForm, requireField } from "./form.ts";
import { clientCredentials } from "./grants/client-credentials.ts";
import type { Grant } from "./grants/grant.ts";
import { readTenantSegment } from "./tenant-segment.ts";

/** Grants by `grant_type`. All but the first load when they are first asked for. */
const GRANTS: ReadonlyMap<string, () => Promise<Grant> | Grant> = new Map<
  string,
  () => Promise<Grant> | Grant
>([
  ["client_credentials", () => clientCredentials],
  ["authorization_code", async () => (await import("./grants/authorization-code.ts")).authorizationCode],
  ["refresh_token", async () => (await import("./grants/refresh-token.ts")).refreshToken],
  ["password", async () => (await import("./grants/password.ts")).password],
  [
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    async () => (await import("./grants/on-behalf-of.ts")).onBehalfOf,
  ],
  [
    "urn:ietf:params:oauth:grant-type:device_code",
    async () => (await import("./grants/device-code.ts")).deviceCode,
  ],
  ["device_code", async () => (await import("./grants/device-code.ts")).deviceCode],
]);

/**
 * Answers a token request.
 *
 * The order of the checks is the one that contradicts none of the public captures: verb, tenant, grant type, client,
 * credential, assertion, scope, resource, assignment.
 *
 * @param request - the request
 * @param segment - tenant segment of the path, percent-decoded
 * @param endpointVersion - 1 or 2
 * @param context - the emulator
 * @returns tokens, or an error body
 */
export async function tokenEndpoint(
  request: EmulatorRequest,
  segment: string,
  endpointVersion: 1 | 2,
  context: EntraContext,
): Promise<EmulatorResponse> {
  try {
    if (request.method === "OPTIONS" && request.headers.origin !== undefined)
      return preflight(request.headers.origin);
    if (request.method !== "POST")
      throw refused(900561, { valid_verbs: "POST", invalid_verb: request.method });
    const tenant = readTenantSegment(segment, context);
    if (tenant.kind === "refused") throw new RefusedError(tenant.refusal);
    const form = readForm(request);
    const grantType = requireField(form, "grant_type");
    const load = GRANTS.get(grantType);
    if (load === undefined) throw refused(70003, { grant: grantType });
    const loaded = load();
    const grant = loaded instanceof Promise ? await loaded : loaded;
    return tokenResponse(request, await grant({ request, form, segment, endpointVersion, context }));
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return errorResponse(request, error.refusal, context);
  }
}

function preflight(origin: string): EmulatorResponse {
  return {
    status: 200,
    headers: {
      "Access-Control-Allow-Origin": origin,
      "Access-Control-Allow-Methods": "POST, OPTIONS",
      "Access-Control-Allow-Headers": "*",
      "Access-Control-Max-Age": "86400",
    },
  };
}
