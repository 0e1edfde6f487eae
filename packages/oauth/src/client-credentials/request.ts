/**
 * Client credentials: a token for the application itself.
 *
 * @see RFC 6749 §4.4
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
import type { ConfidentialClient } from "../confidential-client.ts";
import { requireOneTenant } from "../entra/authority.ts";
import type { TokenResponse } from "../entra/token-response.ts";
import { oauthError } from "../errors.ts";
import { exchangeToken, type TokenRequestOptions } from "../token-exchange.ts";

/** What is asked: `scope` goes to the v2.0 endpoint, `resource` to the older one. */
export type ClientCredentialsRequest =
  | {
      /** One resource and `/.default`. */
      readonly scope: string;
      readonly resource?: undefined;
    }
  | {
      /** Address or application id of the resource, for example `https://outlook.office365.com`. */
      readonly resource: string;
      readonly scope?: undefined;
    };

/**
 * Gets a token for the application itself. What the endpoint would refuse for its shape is refused before anything is
 * signed or sent.
 *
 * @param client - from {@link createConfidentialClient}
 * @param request - `scope` (v2.0 endpoint) or `resource` (v1 endpoint)
 * @param options - signal, claims, correlation
 * @returns the token
 * @throws {NightlatchError} `OAUTH_TENANT_UNFIT` for `common` and the like, `OAUTH_SCOPE_UNFIT`, `OAUTH_REFUSED`,
 *   `OAUTH_UNREADABLE_ANSWER`, `OAUTH_NETWORK_…`, `OAUTH_ABORTED`
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createConfidentialClient, requestTokenByClientCredentials } from "@nightlatch/oauth";
 *
 * const client = createConfidentialClient({
 *   tenantId: "school.example",
 *   clientId: "11111111-2222-4333-8444-555555555555",
 *   clientSecret: async () => "read from a file",
 * });
 * await assert.rejects(requestTokenByClientCredentials(client, { scope: "Calendars.Read" }), {
 *   code: "OAUTH_SCOPE_UNFIT",
 * });
 * ```
 */
export async function requestTokenByClientCredentials(
  client: ConfidentialClient,
  request: ClientCredentialsRequest,
  options: TokenRequestOptions = {},
): Promise<TokenResponse> {
  requireOneTenant(options.authority ?? client.authority);
  const wanted =
    request.scope === undefined
      ? { resource: requireResource(request.resource) }
      : { scope: requireDefaultScope(request.scope) };
  return exchangeToken(
    client,
    {
      version: request.scope === undefined ? "v1" : "v2",
      parameters: { grant_type: "client_credentials", ...wanted },
      repeatable: true,
    },
    options,
  );
}

/**
 * Refuses scopes that client credentials cannot have.
 *
 * @param scope - what a caller asks for
 * @returns the same scope
 * @throws {NightlatchError} `OAUTH_SCOPE_UNFIT`: not exactly one resource and `/.default`
 */
export function requireDefaultScope(scope: string): string {
  if (/^[^\s]+\/\.default$/.test(scope)) return scope;
  const shown = scope.slice(0, 200);
  const hint = suggestion(scope);
  throw oauthError(
    "OAUTH_SCOPE_UNFIT",
    `Cannot ask for scope "${shown}" with client credentials: ${whyUnfit(scope)}`,
    { hint, details: { scope: shown } },
  );
}

function whyUnfit(scope: string): string {
  if (scope.trim() === "") return "it is empty";
  if (/\s/.test(scope.trim())) return "it names more than one";
  return "it does not end in /.default";
}

function suggestion(scope: string): string | undefined {
  const parts = scope.trim().split(/\s+/);
  if (parts.length > 1)
    return "Ask for each resource in a request of its own, one resource and /.default each";
  const [only = ""] = parts;
  if (/^https?:\/\/[^/]+\/?$|^api:\/\/[^\s]+$/.test(only) && !only.includes("/.default")) {
    return `Ask for "${only.replace(/\/$/, "")}/.default"`;
  }
  const resource = /^(https:\/\/[^/]+)\/[A-Z]\w+(\.\w+)+$/.exec(only)?.[1];
  if (resource !== undefined) {
    return `Ask for "${resource}/.default"; which permissions come with it is decided in the registration`;
  }
  if (/^[A-Z]\w+(\.\w+)+$/.test(only)) {
    return 'Ask for "https://graph.microsoft.com/.default"; which permissions come with it is decided in the registration';
  }
  return undefined;
}

/**
 * Refuses what cannot be a resource.
 *
 * @param resource - what a caller asks for
 * @returns the same resource
 * @throws {NightlatchError} `OAUTH_SCOPE_UNFIT`: empty, several words, or a scope
 */
export function requireResource(resource: string): string {
  if (/^\S+$/.test(resource) && !resource.endsWith("/.default")) return resource;
  const shown = resource.slice(0, 200);
  throw oauthError(
    "OAUTH_SCOPE_UNFIT",
    `Cannot ask the v1 endpoint for resource "${shown}": ${/\s/.test(shown) ? "it is more than one word" : shown === "" ? "it is empty" : "/.default belongs into a scope"}`,
    {
      hint: "Give the address or the application id of the resource, for example https://outlook.office365.com",
      details: { resource: shown },
    },
  );
}
