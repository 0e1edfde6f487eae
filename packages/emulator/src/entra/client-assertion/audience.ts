/** Rules for whom an assertion is meant for. */
import { CLOUDS, cloudOf, findRealHost } from "../../host/real-hosts.ts";
import type { AssertionCase, AssertionCheck } from "./check.ts";

/** Endings that name the token service of a tenant: both token endpoints, and both issuer forms. */
const ENDINGS = new Set(["/oauth2/v2.0/token", "/oauth2/token", "/v2.0", "/", ""]);
const LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"];
const SHARED_SEGMENTS = new Set(["common", "organizations"]);

/** `aud` must be a token endpoint or issuer of the tenant (AADSTS700023). */
export const checkAudience: AssertionCheck = (assertion) =>
  isAccepted(assertion.claims["aud"] as string, assertion) ? undefined : { code: 700023 };

function isAccepted(audience: string, assertion: AssertionCase): boolean {
  const match = /^https:\/\/([^/?#]+)\/([^/?#]+)(\/[^?#]*)?$/.exec(audience);
  if (match === null) return false;
  const [, host = "", name = "", ending = ""] = match;
  return (
    isOwnHost(host.toLowerCase(), assertion) &&
    isOwnTenant(name.toLowerCase(), assertion) &&
    ENDINGS.has(ending)
  );
}

function isOwnTenant(name: string, { client, segment }: AssertionCase): boolean {
  if (name === client.tenant.tenantId || client.tenant.domains.includes(name)) return true;
  // Redeeming a code on /common, a client takes that very address for its audience.
  return SHARED_SEGMENTS.has(name) && name === segment.toLowerCase();
}

function isOwnHost(host: string, { host: addressed, origin, context }: AssertionCase): boolean {
  if (findRealHost(addressed) !== undefined) {
    const { loginHosts, stsHost } = cloudOf(addressed);
    return loginHosts.includes(host) || host === stsHost || host === addressed;
  }
  if (origin === `https://${host}`) return true;
  if (LOOPBACK_HOSTS.some((name) => host === `${name}:${context.port}`)) return true;
  return CLOUDS.some(({ loginHosts, stsHost }) => loginHosts.includes(host) || host === stsHost);
}
