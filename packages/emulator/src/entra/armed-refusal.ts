/** A refusal that was armed as a fault: worded with what the request says, so that its text reads as the service's. */
import { findApplicationAnywhere, findTenant } from "../directory/lookup.ts";
import type { EmulatorRequest, EmulatorResponse } from "../host/http.ts";
import { RefusedError } from "./aadsts.ts";
import type { EntraContext } from "./entra-context.ts";
import { errorResponse } from "./error-response.ts";
import { type Form, readForm } from "./form.ts";

/** Parts of a text that are printed only when there is something to print. */
const OPTIONAL = new Set(["start", "end"]);

/** What a text prints for values that the request does not give. */
const FALLBACK = "unknown";

/**
 * Answers with an armed refusal.
 *
 * @param request - the request that is refused
 * @param armed - number, and JSON of a claims request
 * @param context - the emulator
 * @returns the row's status and error body
 */
export function armedRefusal(
  request: EmulatorRequest,
  armed: { readonly code: number; readonly claims?: string | undefined },
  context: EntraContext,
): EmulatorResponse {
  const values = new Proxy(requestValues(request, context), {
    get: (known, name) => (OPTIONAL.has(String(name)) ? undefined : (known[String(name)] ?? FALLBACK)),
  });
  return errorResponse(request, { code: armed.code, claims: armed.claims, values }, context);
}

/** What is armed answers also a form that would be refused itself. */
function readFormIfAny(request: EmulatorRequest): Form {
  try {
    return request.method === "POST" ? readForm(request) : {};
  } catch (error) {
    if (error instanceof RefusedError) return {};
    throw error;
  }
}

function requestValues(request: EmulatorRequest, context: EntraContext): Record<string, string | undefined> {
  const form = readFormIfAny(request);
  const field = (name: string): string | undefined => form[name] ?? request.query.get(name) ?? undefined;
  const clientId = field("client_id");
  const segment = request.path.split("/", 2)[1] ?? "";
  const tenant = findTenant(context.world, segment);
  const name = findApplicationAnywhere(context.world, clientId ?? "")?.application.displayName;
  const resource = field("resource") ?? field("scope")?.replace(/\/\.default$/, "");
  const now = new Date(context.clock.nowMs());
  const instant = `${now.toISOString().slice(0, -1)}0000Z`;
  const sameFor = (value: string | undefined, names: readonly string[]): Record<string, string | undefined> =>
    Object.fromEntries(names.map((one) => [one, value]));
  return {
    ...sameFor(clientId, [
      "appIdentifier",
      "identifier",
      "appId",
      "appid",
      "applicationId",
      "clientId",
      "id",
    ]),
    ...sameFor(clientId, ["principalId", "guid", "application"]),
    ...sameFor(name, ["appName", "name", "clientName", "principalName", "appDisplayName"]),
    ...sameFor(tenant?.displayName ?? segment, ["tenant", "tenantName", "tenant_name", "organization"]),
    ...sameFor(resource, ["resource", "resourceId", "resourceIdentifier", "resourceName", "resourceAppId"]),
    ...sameFor(instant, ["curTime", "expTime", "validTime", "issueDate", "authTime", "validDate", "time"]),
    ...sameFor("", ["namePhrase", "idPhrase", "appPhrase"]),
    tenantId: tenant?.tenantId ?? segment,
    user: field("username"),
    scope: field("scope"),
    grant: field("grant_type"),
    replyAddress: field("redirect_uri"),
    redirectTerm: "redirect URI",
    reason: "The key was not found.",
    thumbprint: "0".repeat(40),
    origin: request.headers.origin,
  };
}
