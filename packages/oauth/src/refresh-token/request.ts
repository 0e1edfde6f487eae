/** Refresh token: a new access token for a user who signed in earlier. */
import type { ConfidentialClient } from "../confidential-client.ts";
import type { TokenResponse } from "../entra/token-response.ts";
import { exchangeToken, type TokenRequestOptions } from "../token-exchange.ts";

/** A refresh token and what is wanted for it. */
export interface RefreshTokenRequest {
  readonly refreshToken: string;
  /** Scopes of one resource; v2.0 endpoint. @defaultValue those of the sign-in */
  readonly scopes?: readonly string[] | undefined;
  /** Resource; v1 endpoint. */
  readonly resource?: string | undefined;
}

/**
 * Exchanges a refresh token.
 *
 * @param client - from {@link createConfidentialClient}
 * @param request - the refresh token and what is wanted for it
 * @param options - signal, claims, correlation
 * @returns the token; its `refreshToken` replaces the one that was sent
 * @throws {NightlatchError} `OAUTH_REFUSED` (`invalid_grant`: the user has to sign in again), `OAUTH_UNREADABLE_ANSWER`,
 *   `OAUTH_NETWORK_…`, `OAUTH_ABORTED`
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createConfidentialClient, requestTokenByRefreshToken } from "@nightlatch/oauth";
 *
 * const client = createConfidentialClient({
 *   tenantId: "school.example",
 *   clientId: "11111111-2222-4333-8444-555555555555",
 *   clientSecret: async () => "read from a file",
 *   transport: { send: async () => Promise.reject(new Error("offline")), close: () => undefined },
 * });
 * await assert.rejects(requestTokenByRefreshToken(client, { refreshToken: "0.AX" }), /offline/);
 * ```
 * @see RFC 6749 §6
 */
export async function requestTokenByRefreshToken(
  client: ConfidentialClient,
  request: RefreshTokenRequest,
  options: TokenRequestOptions = {},
): Promise<TokenResponse> {
  const { refreshToken, scopes, resource } = request;
  if (refreshToken === "") throw new TypeError("refreshToken is empty");
  if (scopes !== undefined && resource !== undefined)
    throw new TypeError("Give scopes or resource, not both");
  return exchangeToken(
    client,
    {
      version: resource === undefined ? "v2" : "v1",
      parameters: {
        grant_type: "refresh_token",
        refresh_token: refreshToken,
        ...(scopes === undefined ? {} : { scope: scopes.join(" ") }),
        ...(resource === undefined ? {} : { resource }),
      },
      repeatable: true,
    },
    options,
  );
}
