/**
 * The Exchange surface: `/EWS/Exchange.asmx` with its service description, and the bearer check of the retired Outlook
 * REST paths.
 */
import type { EmulatorContext } from "../host/context.ts";
import type { EmulatorRequest, EmulatorResponse, Surface } from "../host/http.ts";
import { checkBearer } from "./bearer.ts";
import { readSwitches } from "./switches.ts";

const PATH = /^\/(ews|api\/v[12]\.0)(\/|$)/i;
const SERVICE_PATH = /^\/ews\/exchange\.asmx\/?$/i;

/**
 * Makes the Exchange surface.
 *
 * @param context - the emulator
 * @returns a handler that refuses bad tokens as Exchange does; what it has not, it leaves to the 404 of the host
 */
export function createEwsSurface(context: EmulatorContext): Surface {
  return async (request) => {
    if (!PATH.test(request.path)) return undefined;
    const outcome = checkBearer(request, context);
    if ("refusal" in outcome) return outcome.refusal;
    const { claims } = outcome;
    const answer = isSwitchedOff(context, claims.appid ?? claims.azp)
      ? { status: 403 }
      : await answerRequest(request, context, claims);
    return answer === undefined ? undefined : withExchangeHeaders(request, answer);
  };
}

async function answerRequest(
  request: EmulatorRequest,
  context: EmulatorContext,
  claims: Parameters<typeof import("./service.ts").serve>[2],
): Promise<EmulatorResponse | undefined> {
  if (SERVICE_PATH.test(request.path)) {
    if (request.method === "GET" || request.method === "HEAD")
      return { status: 302, headers: { Location: `${request.origin}/EWS/Services.wsdl` } };
    if (request.method !== "POST") return { status: 405, headers: { Allow: "GET, HEAD, POST" } };
    // Readers, schemas and operations are loaded by the first caller who needs them.
    const { serve } = await import("./service.ts");
    return serve(request, context, claims);
  }
  if (request.method !== "GET" && request.method !== "HEAD") return undefined;
  const { findDescription } = await import("./schema/description.ts");
  return findDescription(request);
}

/** Since 2026 an organisation may close Exchange Web Services, or open it to some applications only. */
function isSwitchedOff(context: EmulatorContext, appId: string | undefined): boolean {
  const { enabled, allowedAppIds } = readSwitches(context);
  if (enabled === false) return true;
  const wanted = appId?.toLowerCase();
  return allowedAppIds !== undefined && !allowedAppIds.some((allowed) => allowed.toLowerCase() === wanted);
}

function withExchangeHeaders(request: EmulatorRequest, answer: EmulatorResponse): EmulatorResponse {
  const clientRequestId = request.headers["client-request-id"];
  const wantsBack = /^true$/i.test(String(request.headers["return-client-request-id"] ?? ""));
  return {
    ...answer,
    headers: {
      ...answer.headers,
      "request-id": request.id,
      "X-FEServer": "EMULATOR",
      "X-CalculatedBETarget": "emulator",
      ...(wantsBack && typeof clientRequestId === "string" ? { "client-request-id": clientRequestId } : {}),
    },
  };
}
