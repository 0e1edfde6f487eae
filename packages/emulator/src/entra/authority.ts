/** Under which address the issuer speaks of itself. */
import type { EmulatorRequest } from "../host/http.ts";
import { findRealHost } from "../host/real-hosts.ts";

/**
 * The authority that metadata and v2 tokens name.
 *
 * @param request - tells the host that was addressed
 * @returns the canonical host of the cloud when a real name was addressed, otherwise the origin itself; no slash at the end
 */
export function authorityOf(request: EmulatorRequest): string {
  const canonical = findRealHost(request.host)?.cloud.loginHosts[0];
  return canonical === undefined ? request.origin : `https://${canonical}`;
}
