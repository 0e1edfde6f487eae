/**
 * The check of a bearer token: signature, algorithm, issuer, tenant, audience, dates, and that it is an access
 * token at all. A refusal says which mistake was made, because "invalid token" has cost people days.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/claims-validation
 * @see RFC 6750 §3.1, RFC 8725
 */
import { isNightlatchError, type NightlatchError } from "@nightlatch/credential";
import { CLOUDS } from "@nightlatch/oauth";
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from "jose";
import type { ServerErrorCode } from "../errors.ts";
import { problem } from "../problem.ts";
import type { AcceptedTokens } from "./accepted-tokens.ts";

const ALGORITHM = "RS256";
const GRAPH_AUDIENCES: readonly string[] = [
  "00000003-0000-0000-c000-000000000000",
  ...Object.values(CLOUDS).map(({ graph }) => graph),
];

/**
 * Checks a bearer token.
 *
 * The cheap checks of what the token says about itself come first, so that the answer names the actual mistake;
 * nothing that they let through is believed before the signature has been verified.
 *
 * @param token - compact JWS, without the word Bearer
 * @param accepted - whose tokens are taken
 * @param now - the present
 * @returns the claims of the token
 * @throws {NightlatchError} `SERVER_TOKEN_MALFORMED`, `SERVER_TOKEN_SELF_SIGNED`, `SERVER_TOKEN_FOR_GRAPH`,
 * `SERVER_TOKEN_AUDIENCE`, `SERVER_TOKEN_ISSUER`, `SERVER_TOKEN_ALGORITHM`, `SERVER_TOKEN_SIGNATURE`,
 * `SERVER_TOKEN_EXPIRED`, `SERVER_TOKEN_NOT_YET_VALID`, `SERVER_TOKEN_CLAIMS`, `SERVER_KEYS_UNAVAILABLE`
 */
export async function verifyToken(token: string, accepted: AcceptedTokens, now: Date): Promise<JWTPayload> {
  checkWhatItSays(token, accepted);
  let claims: JWTPayload;
  try {
    const verified = await jwtVerify(token, accepted.getKey, {
      algorithms: [ALGORITHM],
      issuer: [...accepted.issuers],
      audience: [...accepted.audiences],
      clockTolerance: accepted.clockToleranceSeconds,
      currentDate: now,
      requiredClaims: ["exp", "nbf", "tid"],
    });
    claims = verified.payload;
  } catch (error) {
    throw explain(error, accepted, now);
  }
  const tenantId = claims["tid"];
  if (typeof tenantId !== "string" || tenantId.toLowerCase() !== accepted.tenantId)
    throw problem(
      "SERVER_TOKEN_ISSUER",
      `The token is of tenant ${quote(tenantId)}, wanted "${accepted.tenantId}"`,
    );
  // An id_token for this application would pass every check above.
  if (typeof claims["azp"] !== "string" && typeof claims["appid"] !== "string")
    throw problem(
      "SERVER_TOKEN_CLAIMS",
      "The token names no calling application (appid or azp), so it is not an access token",
    );
  return claims;
}

function checkWhatItSays(token: string, accepted: AcceptedTokens): void {
  let header: { readonly alg?: unknown };
  let claims: JWTPayload;
  try {
    header = decodeProtectedHeader(token);
    claims = decodeJwt(token);
  } catch {
    throw problem("SERVER_TOKEN_MALFORMED", "The bearer token is not a signed JSON Web Token of three parts");
  }
  if (isSelfSigned(claims)) {
    throw problem(
      "SERVER_TOKEN_SELF_SIGNED",
      `The bearer token names ${quote(claims.iss)} as issuer and subject, so it is a client assertion that the caller signed; only tokens issued by the tenant are taken`,
      {
        hint: `Send it as client_assertion to "${accepted.tokenEndpoint}" with grant_type client_credentials and scope "${accepted.scope}", then send the access_token of the answer`,
      },
    );
  }
  checkAudience(claims, accepted);
  if (typeof claims.iss !== "string" || !accepted.issuers.includes(claims.iss))
    throw problem(
      "SERVER_TOKEN_ISSUER",
      `The token was issued by ${quote(claims.iss)}, wanted ${accepted.issuers.map(quote).join(" or ")}`,
    );
  if (header.alg !== ALGORITHM)
    throw problem(
      "SERVER_TOKEN_ALGORITHM",
      `The token is signed with ${quote(header.alg)}, wanted "${ALGORITHM}"`,
    );
}

function checkAudience(claims: JWTPayload, accepted: AcceptedTokens): void {
  const audience = claims.aud;
  if (typeof audience === "string" && accepted.audiences.includes(audience)) return;
  const hint = `Request a token with scope "${accepted.scope}"`;
  if (typeof audience === "string" && GRAPH_AUDIENCES.includes(audience.replace(/\/+$/, "")))
    throw problem(
      "SERVER_TOKEN_FOR_GRAPH",
      `The token is for Microsoft Graph (audience ${quote(audience)}), not for this API`,
      {
        hint,
      },
    );
  throw problem(
    "SERVER_TOKEN_AUDIENCE",
    `The token is for audience ${quote(audience)}, wanted ${accepted.audiences.map(quote).join(" or ")}`,
    { hint },
  );
}

/** A client assertion names the application itself as issuer and subject, never a URL (RFC 7523 §3). */
function isSelfSigned(claims: JWTPayload): boolean {
  return typeof claims.iss === "string" && claims.iss === claims.sub && !claims.iss.includes("://");
}

function explain(error: unknown, accepted: AcceptedTokens, now: Date): NightlatchError {
  if (isNightlatchError(error)) return error;
  const cause = { cause: error };
  if (error instanceof errors.JWTExpired)
    return problem(
      "SERVER_TOKEN_EXPIRED",
      `The token expired at ${instant(error.payload.exp)}, now is ${now.toISOString()}`,
      cause,
    );
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === "nbf" && error.reason === "check_failed")
      return problem(
        "SERVER_TOKEN_NOT_YET_VALID",
        `The token is valid from ${instant(error.payload.nbf)}, now is ${now.toISOString()}`,
        {
          ...cause,
          hint: `Compare the clocks: more than ${accepted.clockToleranceSeconds} seconds lie between them`,
        },
      );
    return problem(
      "SERVER_TOKEN_CLAIMS",
      `The claim "${error.claim}" of the token is missing or of the wrong kind`,
      cause,
    );
  }
  return problem(
    codeOf(error),
    "The signature of the token does not fit any signing key of the tenant",
    cause,
  );
}

function codeOf(error: unknown): ServerErrorCode {
  if (error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid)
    return "SERVER_TOKEN_MALFORMED";
  return error instanceof errors.JOSEError ? "SERVER_TOKEN_SIGNATURE" : "SERVER_UNEXPECTED";
}

function instant(numericDate: number | undefined): string {
  const atMs = (numericDate ?? Number.NaN) * 1000;
  return Math.abs(atMs) <= 8.64e15 ? new Date(atMs).toISOString() : "an unreadable time";
}

function quote(value: unknown): string {
  if (value === undefined) return "(none)";
  return JSON.stringify(value).slice(0, 200);
}
