/** On-behalf-of: a web API exchanges the token a user sent it for one of another API. */
import type { ConfidentialClient } from "../confidential-client.ts";
import type { TokenResponse } from "../entra/token-response.ts";
import { exchangeToken, type TokenRequestOptions } from "../token-exchange.ts";

/** Grant type of RFC 7523 §2.1, with which Entra ID spells on-behalf-of. */
const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/** A user's token and what is wanted for it. */
export interface OnBehalfOfRequest {
  /** Access token as the user's client sent it, issued for this application. */
  readonly userAssertion: string;
  /** Scopes of one resource, or its `/.default`; v2.0 endpoint. */
  readonly scopes?: readonly string[] | undefined;
  /** Resource; v1 endpoint. */
  readonly resource?: string | undefined;
}

/**
 * Exchanges a user's token for one of another API.
 *
 * @param client - from {@link createConfidentialClient}, the application the user's token was issued for
 * @param request - the user's token; exactly one of `scopes` and `resource`
 * @param options - signal, claims, correlation
 * @returns the token
 * @throws {NightlatchError} `OAUTH_REFUSED`; with `details.claims` when the user has to satisfy a policy first
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createConfidentialClient, requestTokenOnBehalfOf } from "@nightlatch/oauth";
 *
 * const client = createConfidentialClient({
 *   tenantId: "school.example",
 *   clientId: "11111111-2222-4333-8444-555555555555",
 *   clientSecret: async () => "read from a file",
 * });
 * await assert.rejects(requestTokenOnBehalfOf(client, { userAssertion: "e30.e30.e30" }), TypeError);
 * ```
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow
 */
export async function requestTokenOnBehalfOf(
  client: ConfidentialClient,
  request: OnBehalfOfRequest,
  options: TokenRequestOptions = {},
): Promise<TokenResponse> {
  const { userAssertion, scopes, resource } = request;
  if (userAssertion === "") throw new TypeError("userAssertion is empty");
  if ((scopes === undefined) === (resource === undefined)) {
    throw new TypeError("Give exactly one of scopes and resource");
  }
  return exchangeToken(
    client,
    {
      version: resource === undefined ? "v2" : "v1",
      parameters: {
        grant_type: JWT_BEARER,
        assertion: userAssertion,
        requested_token_use: "on_behalf_of",
        ...(scopes === undefined ? {} : { scope: scopes.join(" ") }),
        ...(resource === undefined ? {} : { resource }),
      },
      repeatable: true,
    },
    options,
  );
}
