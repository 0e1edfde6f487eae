/** Which surface answers: by host name under the real names, by path on localhost. */
import type { EmulatorRequest } from "./http.ts";
import { findRealHost } from "./real-hosts.ts";

/** The surfaces. */
export type SurfaceName = "entra" | "graph" | "ews" | "control" | "portal" | "none";

const EWS_PATH = /^\/(ews|api\/v[12]\.0|autodiscover)(\/|$)/i;

/**
 * Chooses the surface of a request.
 *
 * @param request - host and path are looked at
 * @returns the surface; `none` for hosts that only answer that they are gone
 */
export function chooseSurface(request: EmulatorRequest): SurfaceName {
  const real = findRealHost(request.host);
  const { path } = request;
  if (real === undefined) return byPath(path);
  if (real.role === "login") return "entra";
  if (real.role === "graph") return path === "/oidc/userinfo" ? "entra" : "graph";
  return real.role === "outlook" ? "ews" : "none";
}

function byPath(path: string): SurfaceName {
  const end = path.indexOf("/", 1);
  const first = end < 0 ? path : path.slice(0, end);
  if (first === "/v1.0" || first === "/beta") return "graph";
  if (first === "/emulator") return "control";
  if (first === "/portal") return "portal";
  if (EWS_PATH.test(path)) return "ews";
  return "entra";
}
