/**
 * Continuous access evaluation: tokens of clients that can handle it (`xms_cc` cp1) are refused from the moment at which
 * they are revoked, with a claims challenge. Tokens of others are good until they expire.
 *
 * @see learn.microsoft.com/entra/identity/conditional-access/concept-continuous-access-evaluation-workload
 * @see learn.microsoft.com/entra/identity-platform/claims-challenge
 */
import type { Tenant, TokenRevocation, User } from "../directory/directory.ts";
import { findApplication } from "../directory/lookup.ts";
import type { AccessTokenClaims } from "../entra/access-token.ts";
import { GraphFault } from "./errors.ts";

/** Why a token is refused. */
interface Ground extends TokenRevocation {
  /** Whether new tokens are refused as well. */
  readonly isLasting: boolean;
}

/** Codes as they were seen in answers of Graph. */
const CODES: Readonly<Record<TokenRevocation["reason"], string>> = {
  revoked: "TokenIssuedBeforeRevocationTimestamp",
  outdatedPolicies: "TokenCreatedWithOutdatedPolicies",
  location: "LocationConditionEvaluationSatisfied",
};

/** Tokens name an instant this long before the true one as that of their issue. */
const BACKDATED_SECONDS = 300;

/**
 * Refuses a token that was revoked while it lives.
 *
 * @param claims - of a valid token
 * @param tenant - that issued it
 * @param nowMs - milliseconds since 1970 UTC
 * @throws {GraphFault} InvalidAuthenticationToken with `error="insufficient_claims"`
 */
export function requireContinuedAccess(claims: AccessTokenClaims, tenant: Tenant, nowMs: number): void {
  if (!handlesRevocation(claims["xms_cc"])) return;
  const revocation =
    claims.scp === undefined
      ? revocationOfApplication(claims, tenant, nowMs)
      : revocationOfUser(tenant.users.get(claims.oid), nowMs);
  if (revocation === undefined) return;
  const revokedSeconds = Math.floor(revocation.atMs / 1000);
  // A token that was asked for with the claims of the challenge says so, also within the second of the revocation.
  const isNewer = claims.iat + BACKDATED_SECONDS > revokedSeconds || claims.nbf > revokedSeconds;
  if (isNewer && !revocation.isLasting) return;
  throw challenge(CODES[revocation.reason], revokedSeconds + 1);
}

function handlesRevocation(capabilities: unknown): boolean {
  return (
    Array.isArray(capabilities) &&
    capabilities.some((value) => typeof value === "string" && value.toLowerCase() === "cp1")
  );
}

/** Only applications that are registered in the tenant and for it alone are evaluated. */
function revocationOfApplication(
  { oid, appid, azp }: AccessTokenClaims,
  tenant: Tenant,
  nowMs: number,
): Ground | undefined {
  const principal = tenant.servicePrincipals.get(oid);
  if (principal === undefined || !principal.accountEnabled)
    return { reason: "revoked", atMs: nowMs, isLasting: true };
  const application = findApplication(tenant, appid ?? azp ?? principal.appId);
  return application?.signInAudience === "AzureADMyOrg" ? groundOf(principal.revocation) : undefined;
}

function revocationOfUser(user: User | undefined, nowMs: number): Ground | undefined {
  if (user === undefined || !user.accountEnabled) return { reason: "revoked", atMs: nowMs, isLasting: true };
  const validFrom = user.properties["signInSessionsValidFromDateTime"];
  const sessions: TokenRevocation | undefined =
    typeof validFrom === "string" ? { reason: "revoked", atMs: Date.parse(validFrom) } : undefined;
  const { revocation } = user;
  return groundOf(
    revocation === undefined || (sessions !== undefined && sessions.atMs > revocation.atMs)
      ? (sessions ?? revocation)
      : revocation,
  );
}

function groundOf(revocation: TokenRevocation | undefined): Ground | undefined {
  return revocation === undefined
    ? undefined
    : { ...revocation, isLasting: revocation.reason === "location" };
}

function challenge(code: string, notBeforeSeconds: number): GraphFault {
  const message = `Continuous access evaluation resulted in challenge with result: InteractionRequired and code: ${code}`;
  const claims = Buffer.from(
    `{"access_token":{"nbf":{"essential":true, "value":"${notBeforeSeconds}"}}}`,
  ).toString("base64");
  return new GraphFault("InvalidAuthenticationToken", message, {
    headers: {
      "WWW-Authenticate": `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000", error_description="${message}", error="insufficient_claims", claims="${claims}"`,
    },
  });
}
