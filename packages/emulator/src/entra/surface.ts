/** The Entra surface: routes of the token service. */
import type { EmulatorRequest, EmulatorResponse, Surface } from "../host/http.ts";
import { instanceDiscovery, jwks, openidConfiguration, userRealm } from "./discovery.ts";
import type { EntraContext } from "./entra-context.ts";
import { tokenEndpoint } from "./token-endpoint.ts";

type Route = (
  request: EmulatorRequest,
  segment: string,
  context: EntraContext,
) => EmulatorResponse | undefined | Promise<EmulatorResponse | undefined>;

/** Routes below the tenant segment. */
const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ["/oauth2/v2.0/token", (request, segment, context) => tokenEndpoint(request, segment, 2, context)],
  ["/oauth2/token", (request, segment, context) => tokenEndpoint(request, segment, 1, context)],
  [
    "/v2.0/.well-known/openid-configuration",
    (request, segment, context) => openidConfiguration(request, segment, 2, context),
  ],
  [
    "/.well-known/openid-configuration",
    (request, segment, context) => openidConfiguration(request, segment, 1, context),
  ],
  ["/discovery/v2.0/keys", (request, _, context) => jwks(request, 2, context)],
  ["/discovery/keys", (request, _, context) => jwks(request, 1, context)],
  ["/discovery/instance", (request, _, context) => instanceDiscovery(request, context)],
]);

const USER_REALM = "/userrealm/";

/**
 * Makes the Entra surface.
 *
 * @param context - the emulator
 * @returns a handler that answers `undefined` for paths it does not have
 */
export function createEntraSurface(context: EntraContext): Surface {
  return (request) => {
    const slash = request.path.indexOf("/", 1);
    if (slash < 0) return undefined;
    const segment = decodeSegment(request.path.slice(1, slash));
    const rest = request.path.slice(slash);
    const route = ROUTES.get(rest);
    if (route !== undefined) return route(request, segment, context);
    if (rest.startsWith(USER_REALM))
      return userRealm(request, segment, decodeSegment(rest.slice(USER_REALM.length)), context);
    return undefined;
  };
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
