/**
 * The bearer check of Exchange Web Services and of the retired Outlook REST paths, with its `x-ms-diagnostics`.
 *
 * @see learn.microsoft.com/exchange/client-developer/exchange-web-services/instrumenting-client-requests-for-ews-and-rest-in-exchange
 */
import { EXCHANGE_APP_ID } from "../directory/well-known-applications.ts";
import { type AccessTokenClaims, type TokenVerdict, verifyAccessToken } from "../entra/access-token.ts";
import type { EmulatorContext } from "../host/context.ts";
import type { EmulatorRequest, EmulatorResponse } from "../host/http.ts";
import { readSwitches } from "./switches.ts";

/** Audiences that Exchange takes. */
const AUDIENCES = [
  EXCHANGE_APP_ID,
  "https://outlook.office365.com",
  "https://outlook.office.com",
  "https://outlook.office365.us",
  "https://outlook-dod.office365.us",
  "https://partner.outlook.cn",
];

const CHALLENGE =
  'Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@*", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="invalid_token",Basic Realm=""';

/** What is wrong with a bearer token, in the words of `x-ms-diagnostics`. */
interface Diagnostics {
  readonly status: 302 | 401 | 403;
  readonly id: number;
  readonly reason: string;
  readonly category: string;
}

/** Answers that no state of an emulator brings about; the switch `ews.diagnostics` does. */
const SWITCHED: readonly Diagnostics[] = [
  { status: 401, id: 2000007, reason: "An internal error occurred.", category: "internal_error" },
  {
    status: 302,
    id: 2000020,
    reason: "The claim xms_trpid of the token does not fit the tenant restrictions policy.",
    category: "insufficient_claims",
  },
  {
    status: 401,
    id: 4000000,
    reason: "Flighting is not enabled for domain '{domain}'.",
    category: "oauth_not_available",
  },
];

/**
 * Checks the bearer token of a request.
 *
 * @param request - the request
 * @param context - the emulator
 * @returns the claims of a good token, or the answer that refuses it
 */
export function checkBearer(
  request: EmulatorRequest,
  context: EmulatorContext,
): { readonly claims: AccessTokenClaims } | { readonly refusal: EmulatorResponse } {
  const token = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (token === undefined) return { refusal: refuse(request, undefined) };
  const switched = readSwitches(context).diagnostics;
  const forced = SWITCHED.find(({ id }) => id === switched);
  if (forced !== undefined) {
    const [tenant] = context.world.tenants.values();
    const reason = forced.reason.replace("{domain}", tenant?.domains[0] ?? "");
    return { refusal: refuse(request, { ...forced, reason }) };
  }
  const verdict = verifyAccessToken(token, AUDIENCES, context);
  if (!verdict.ok) return { refusal: refuse(request, diagnose(verdict)) };
  const weakness = diagnoseAccount(verdict.claims, context) ?? diagnosePermissions(verdict.claims);
  return weakness === undefined ? { claims: verdict.claims } : { refusal: refuse(request, weakness) };
}

function diagnose(verdict: Extract<TokenVerdict, { ok: false }>): Diagnostics {
  switch (verdict.fault) {
    case "audience":
      return {
        status: 401,
        id: 2000003,
        reason: `The audience claim value is invalid '${printable(verdict.claims?.aud)}'.`,
        category: "invalid_resource",
      };
    case "signature":
    case "unknownIssuer":
      return {
        status: 401,
        id: 2000000,
        reason: "The token has an invalid signature.",
        category: "invalid_signature",
      };
    case "expired":
    case "notYetValid":
      return { status: 401, id: 2000002, reason: "The token has expired.", category: "token_expired" };
    case "unknownTenant":
      return {
        status: 401,
        id: 2000004,
        reason: `The tenant for tenant guid '${printable(verdict.claims?.tid)}' does not exist.`,
        category: "invalid_tenant",
      };
    default:
      return { status: 401, id: 2000001, reason: "The token is malformed.", category: "invalid_token" };
  }
}

/** Whoever the token was issued for may be gone since. Which program answers 2000006 is inferred from its category. */
function diagnoseAccount(claims: AccessTokenClaims, context: EmulatorContext): Diagnostics | undefined {
  const tenant = context.world.tenants.get(claims.tid);
  if (claims.scp !== undefined && tenant?.users.get(claims.oid) === undefined)
    return {
      status: 401,
      id: 2000005,
      reason: "The user specified by the user-context in the token does not exist.",
      category: "invalid_user",
    };
  const account = tenant?.servicePrincipals.get(claims.oid);
  if (claims.scp !== undefined || account?.accountEnabled !== false) return undefined;
  return {
    status: 401,
    id: 2000006,
    reason: "The application specified by the token is disabled.",
    category: "invalid_client",
  };
}

/** App-only tokens need a certificate behind them and `full_access_as_app`; delegated ones their scope. */
function diagnosePermissions(claims: AccessTokenClaims): Diagnostics | undefined {
  if (claims.scp !== undefined)
    return claims.scp.split(" ").includes("EWS.AccessAsUser.All") ? undefined : notEnough();
  if (claims.appidacr === "1")
    return {
      status: 401,
      id: 2000010,
      reason:
        "The access token is acquired using an authentication method that is too weak to allow access for this application. Presented auth strength was 1, required is 2.",
      category: "insufficient_auth_strength",
    };
  if (claims.roles === undefined || claims.roles.length === 0)
    return {
      status: 401,
      id: 2000008,
      reason: "The token contains no permissions, or permissions can not be understood.",
      category: "invalid_grant",
    };
  return claims.roles.includes("full_access_as_app") ? undefined : notEnough();
}

function notEnough(): Diagnostics {
  return {
    status: 403,
    id: 2000008,
    reason: "The token contains not enough scope to make this call.",
    category: "invalid_grant",
  };
}

function refuse(request: EmulatorRequest, diagnostics: Diagnostics | undefined): EmulatorResponse {
  const headers: Record<string, string> = { "request-id": request.id, "X-FEServer": "EMULATOR" };
  if (diagnostics === undefined || diagnostics.status === 401) headers["WWW-Authenticate"] = CHALLENGE;
  if (diagnostics !== undefined) {
    const { id, reason, category } = diagnostics;
    headers["x-ms-diagnostics"] = `${id};reason="${reason}";error_category="${category}"`;
  }
  return { status: diagnostics?.status ?? 401, headers };
}

/** What a caller put into its token must not break the header. */
function printable(value: unknown): string {
  return (typeof value === "string" ? value : "").replace(/[^\x20-\x7e]|"/g, "");
}
