/** The Entra surface: routes of the token service. */
import type { EmulatorRequest, EmulatorResponse, Surface } from "../host/http.ts";
import { RefusedError } from "./aadsts.ts";
import { instanceDiscovery, jwks, openidConfiguration, userRealm } from "./discovery.ts";
import type { EntraContext } from "./entra-context.ts";
import { errorResponse } from "./error-response.ts";
import { tokenEndpoint } from "./token-endpoint.ts";

type Route = (
  request: EmulatorRequest,
  segment: string,
  context: EntraContext,
) => EmulatorResponse | undefined | Promise<EmulatorResponse | undefined>;

/** Sign-in pages and what belongs to them load when the first of them is asked for. */
const pages = () => import("./authorize/endpoint.ts");
const posts = () => import("./authorize/form-posts.ts");
const device = () => import("./device.ts");
const consent = () => import("./admin-consent.ts");
const signOut = () => import("./logout.ts");

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
  [
    "/oauth2/v2.0/authorize",
    async (request, segment, context) => (await pages()).authorizeEndpoint(request, segment, 2, context),
  ],
  [
    "/oauth2/authorize",
    async (request, segment, context) => (await pages()).authorizeEndpoint(request, segment, 1, context),
  ],
  ["/login", async (request, _, context) => (await posts()).takeSignIn(request, context)],
  ["/Consent/Set", async (request, _, context) => (await posts()).takeConsent(request, context)],
  [
    "/oauth2/v2.0/devicecode",
    async (request, segment, context) => (await device()).deviceAuthorization(request, segment, 2, context),
  ],
  [
    "/oauth2/devicecode",
    async (request, segment, context) => (await device()).deviceAuthorization(request, segment, 1, context),
  ],
  ["/oauth2/deviceauth", async (request, _, context) => (await device()).devicePage(request, context)],
  ["/oauth2/v2.0/logout", async (request, _, context) => (await signOut()).logout(request, context)],
  ["/oauth2/logout", async (request, _, context) => (await signOut()).logout(request, context)],
  [
    "/v2.0/adminconsent",
    async (request, segment, context) => (await consent()).adminConsent(request, segment, 2, context),
  ],
  [
    "/adminconsent",
    async (request, segment, context) => (await consent()).adminConsent(request, segment, 1, context),
  ],
  ["/oauth2/nativeclient", (request) => nativeClientPage(request)],
  [
    "/openid/userinfo",
    async (request, _, context) => (await import("./userinfo.ts")).userInfo(request, context),
  ],
]);

/** Routes without a tenant segment. */
const BARE_ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  [
    "/oidc/userinfo",
    async (request, _, context) => (await import("./userinfo.ts")).userInfo(request, context),
  ],
  ["/device", async (request, _, context) => (await device()).devicePage(request, context)],
  ["/error", async (request) => (await import("./error-lookup.ts")).errorLookup(request)],
]);

const SPELLINGS = inLowerCase(ROUTES);
const BARE_SPELLINGS = inLowerCase(BARE_ROUTES);
const USER_REALM = "/userrealm/";

/**
 * Makes the Entra surface.
 *
 * @param context - the emulator
 * @returns a handler that answers `undefined` for paths it does not have
 */
export function createEntraSurface(context: EntraContext): Surface {
  return async (request) => {
    try {
      return await route(request, context);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      return errorResponse(request, error.refusal, context);
    }
  };
}

function route(request: EmulatorRequest, context: EntraContext): ReturnType<Route> {
  const { path } = request;
  const slash = path.indexOf("/", 1);
  const rest = slash < 0 ? "" : path.slice(slash);
  // The common spelling costs one look-up; the service reads paths in any case of letters, and with a slash at the end.
  const bare = BARE_ROUTES.get(path);
  const found = bare ?? ROUTES.get(rest) ?? BARE_SPELLINGS.get(plain(path)) ?? SPELLINGS.get(plain(rest));
  if (found !== undefined)
    return found(request, slash < 0 ? "" : decodeSegment(path.slice(1, slash)), context);
  if (!rest.toLowerCase().startsWith(USER_REALM)) return undefined;
  const user = decodeSegment(rest.slice(USER_REALM.length));
  return userRealm(request, decodeSegment(path.slice(1, slash)), user, context);
}

/** Where clients without an address of their own let sign-ins end: they read the address, not the page. */
function nativeClientPage(request: EmulatorRequest): EmulatorResponse | undefined {
  if (request.method !== "GET") return undefined;
  return {
    status: 200,
    headers: { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store, no-cache" },
    body: "<!DOCTYPE html><title>Signed in</title>",
  };
}

function plain(path: string): string {
  // Without the look-behind, each of many slashes in the middle would be a start to try.
  return path.toLowerCase().replace(/(?<!\/)\/+$/, "");
}

function inLowerCase(routes: ReadonlyMap<string, Route>): ReadonlyMap<string, Route> {
  return new Map([...routes].map(([path, found]) => [path.toLowerCase(), found]));
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
