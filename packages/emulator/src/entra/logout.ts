/** `/{tenant}/oauth2[/v2.0]/logout`. */
import type { EmulatorRequest, EmulatorResponse } from "../host/http.ts";
import { readParameters } from "./authorize/endpoint.ts";
import { messagePage } from "./authorize/pages.ts";
import { ENDED_SESSION_COOKIE } from "./authorize/session.ts";
import type { EntraContext } from "./entra-context.ts";

/**
 * Signs a browser out.
 *
 * @param request - GET or POST, with `post_logout_redirect_uri` or not
 * @param context - the emulator
 * @returns a redirect to an address that some application registered, otherwise a page
 * @see OpenID Connect RP-Initiated Logout 1.0 §2
 */
export function logout(request: EmulatorRequest, context: EntraContext): EmulatorResponse {
  const parameters = readParameters(request);
  const target = parameters["post_logout_redirect_uri"];
  const cookie = { "Set-Cookie": ENDED_SESSION_COOKIE };
  if (target === undefined || !isRegistered(target, context))
    return messagePage({
      title: "You signed out of your account",
      text: "It's a good idea to close all browser windows.",
      headers: cookie,
    });
  const state = parameters["state"];
  const joined =
    state === undefined
      ? target
      : `${target}${target.includes("?") ? "&" : "?"}${new URLSearchParams({ state }).toString()}`;
  return { status: 302, headers: { ...cookie, Location: joined, "Cache-Control": "no-store, no-cache" } };
}

function isRegistered(target: string, { world }: EntraContext): boolean {
  for (const tenant of world.tenants.values())
    for (const application of tenant.applications.values())
      if (application.redirectUris.some(({ uri }) => uri === target)) return true;
  return false;
}
