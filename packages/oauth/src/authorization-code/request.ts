/** The second half of the authorization code flow: the code is redeemed, the client proving who it is. */
import type { ConfidentialClient } from "../confidential-client.ts";
import type { TokenResponse } from "../entra/token-response.ts";
import { exchangeToken, type TokenRequestOptions } from "../token-exchange.ts";

/** A code to redeem. */
export interface AuthorizationCodeRequest {
  readonly code: string;
  /** The very redirect URI of the authorization request. */
  readonly redirectUri: string;
  /** Verifier of {@link createPkce}; `undefined` when the sign-in began without one. */
  readonly codeVerifier?: string | undefined;
  /** Scopes of one resource; v2.0 endpoint. @defaultValue those of the authorization request */
  readonly scopes?: readonly string[] | undefined;
  /** Resource; v1 endpoint. */
  readonly resource?: string | undefined;
}

/**
 * Redeems an authorization code.
 *
 * A code can be redeemed once: when the answer is lost the request is not repeated, and the sign-in has to begin again.
 *
 * @param client - from {@link createConfidentialClient}; its certificate or secret goes with the code
 * @param request - the code and what belongs to it
 * @param options - signal, claims, correlation
 * @returns the token, with a refresh token when `offline_access` was granted
 * @throws {NightlatchError} `OAUTH_REFUSED`, `OAUTH_UNREADABLE_ANSWER`, `OAUTH_NETWORK_…`, `OAUTH_ABORTED`
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createConfidentialClient, requestTokenByAuthorizationCode } from "@nightlatch/oauth";
 *
 * const client = createConfidentialClient({
 *   tenantId: "school.example",
 *   clientId: "11111111-2222-4333-8444-555555555555",
 *   clientSecret: async () => "read from a file",
 *   transport: { send: async () => Promise.reject(new Error("offline")), close: () => undefined },
 * });
 * const redirectUri = "https://app.school.example/back";
 * await assert.rejects(requestTokenByAuthorizationCode(client, { code: "M.C107", redirectUri }), /offline/);
 * ```
 * @see RFC 6749 §4.1.3
 */
export async function requestTokenByAuthorizationCode(
  client: ConfidentialClient,
  request: AuthorizationCodeRequest,
  options: TokenRequestOptions = {},
): Promise<TokenResponse> {
  const { code, redirectUri, codeVerifier, scopes, resource } = request;
  if (code === "") throw new TypeError("code is empty");
  if (scopes !== undefined && resource !== undefined)
    throw new TypeError("Give scopes or resource, not both");
  return exchangeToken(
    client,
    {
      version: resource === undefined ? "v2" : "v1",
      parameters: {
        grant_type: "authorization_code",
        code,
        redirect_uri: redirectUri,
        ...(codeVerifier === undefined ? {} : { code_verifier: codeVerifier }),
        ...(scopes === undefined ? {} : { scope: scopes.join(" ") }),
        ...(resource === undefined ? {} : { resource }),
      },
      repeatable: false,
    },
    options,
  );
}
