/** The first half of the authorization code flow: the address of the sign-in page, and what comes back from it. */
import { mergeClaims } from "../claims-challenge.ts";
import type { ConfidentialClient } from "../confidential-client.ts";
import { oauthError } from "../errors.ts";
import type { Pkce } from "../pkce.ts";
import { createPkce } from "../pkce.ts";

/** What the sign-in page is asked for. */
export interface AuthorizationRequest {
  /** Registered redirect URI, exactly as registered. */
  readonly redirectUri: string;
  /** Delegated permissions, for example `["openid", "https://graph.microsoft.com/Calendars.Read"]`; v2.0 endpoint. */
  readonly scopes?: readonly string[] | undefined;
  /** Resource instead of scopes; v1 endpoint. */
  readonly resource?: string | undefined;
  /** Ties the answer to this browser session. @defaultValue 128 random bits */
  readonly state?: string | undefined;
  /** Ties the id token to this request. @defaultValue none */
  readonly nonce?: string | undefined;
  /** @defaultValue a fresh pair */
  readonly pkce?: Pkce | undefined;
  readonly responseMode?: "query" | "form_post" | "fragment" | undefined;
  readonly prompt?: "login" | "none" | "consent" | "select_account" | undefined;
  /** User name to begin with. */
  readonly loginHint?: string | undefined;
  readonly domainHint?: string | undefined;
  /** JSON text of a claims request. */
  readonly claims?: string | undefined;
}

/** An address to send the browser to, and what has to be kept until it comes back. */
export interface AuthorizationUrl {
  /** https address. */
  readonly url: string;
  readonly state: string;
  /** Its verifier is secret until the code is redeemed. */
  readonly pkce: Pkce;
}

/**
 * Builds the address of the sign-in page.
 *
 * @param client - from {@link createConfidentialClient}
 * @param request - what is asked for; exactly one of `scopes` and `resource`
 * @returns address, state and PKCE pair
 * @throws {TypeError} when neither or both of `scopes` and `resource` are given
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createAuthorizationUrl, createConfidentialClient } from "@nightlatch/oauth";
 *
 * const client = createConfidentialClient({
 *   tenantId: "school.example",
 *   clientId: "11111111-2222-4333-8444-555555555555",
 *   clientSecret: async () => "read from a file",
 * });
 * const { url } = createAuthorizationUrl(client, { redirectUri: "https://app.school.example/back", scopes: ["openid"] });
 * assert.equal(new URL(url).searchParams.get("code_challenge_method"), "S256");
 * ```
 * @see RFC 6749 §4.1.1
 * @see RFC 7636 §4.3
 */
export function createAuthorizationUrl(
  client: ConfidentialClient,
  request: AuthorizationRequest,
): AuthorizationUrl {
  if ((request.scopes === undefined) === (request.resource === undefined)) {
    throw new TypeError("Give exactly one of scopes and resource");
  }
  const state = request.state ?? randomState();
  const pkce = request.pkce ?? createPkce();
  const { authorizeEndpointV1, authorizeEndpointV2 } = client.authority;
  const url = new URL(request.resource === undefined ? authorizeEndpointV2 : authorizeEndpointV1);
  const parameters: Readonly<Record<string, string | undefined>> = {
    client_id: client.clientId,
    response_type: "code",
    redirect_uri: request.redirectUri,
    scope: request.scopes?.join(" "),
    resource: request.resource,
    state,
    nonce: request.nonce,
    code_challenge: pkce.codeChallenge,
    code_challenge_method: pkce.codeChallengeMethod,
    response_mode: request.responseMode,
    prompt: request.prompt,
    login_hint: request.loginHint,
    domain_hint: request.domainHint,
    claims: mergeClaims(request.claims, client.clientCapabilities),
  };
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return { url: url.href, state, pkce };
}

/**
 * Reads what the sign-in page sent back.
 *
 * @param answer - the address the browser was sent to (query or fragment), or the fields of a form post
 * @param expected - the state that {@link createAuthorizationUrl} gave
 * @returns the code to redeem
 * @throws {NightlatchError} `OAUTH_STATE_MISMATCH`: the answer belongs to another request; `OAUTH_REFUSED`: the user or
 *   the service said no, with `error`, `errorDescription` and `aadstsCodes` in `details`; `OAUTH_UNREADABLE_ANSWER`: no code
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { processAuthorizationResponse } from "@nightlatch/oauth";
 *
 * const { code } = processAuthorizationResponse("https://app.school.example/back?code=M.C107&state=xyz", { state: "xyz" });
 * assert.equal(code, "M.C107");
 * ```
 * @see RFC 6749 §4.1.2
 */
export function processAuthorizationResponse(
  answer: string | URL | URLSearchParams,
  expected: { readonly state: string },
): { readonly code: string } {
  const fields = fieldsOf(answer);
  if (fields.get("state") !== expected.state) {
    throw oauthError(
      "OAUTH_STATE_MISMATCH",
      "Cannot take the answer of the sign-in page: its state is not that of this sign-in",
    );
  }
  const error = fields.get("error");
  if (error !== null) {
    const errorDescription = fields.get("error_description") ?? "";
    const [said = error] = errorDescription.split(/\s*Trace ID:/);
    throw oauthError("OAUTH_REFUSED", `The sign-in page refused: ${(said || error).replace(/\.$/, "")}`, {
      details: {
        error,
        errorDescription,
        aadstsCodes: [...errorDescription.matchAll(/AADSTS(\d{4,9})\b/g)].map((match) => Number(match[1])),
        ...(fields.has("error_subcode") ? { suberror: fields.get("error_subcode") } : {}),
      },
    });
  }
  const code = fields.get("code");
  if (code === null || code === "") {
    throw oauthError(
      "OAUTH_UNREADABLE_ANSWER",
      "Cannot read the answer of the sign-in page: it holds neither code nor error",
    );
  }
  return { code };
}

function fieldsOf(answer: string | URL | URLSearchParams): URLSearchParams {
  if (answer instanceof URLSearchParams) return answer;
  const url = new URL(answer);
  return url.search === "" ? new URLSearchParams(url.hash.slice(1)) : url.searchParams;
}

function randomState(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64url");
}
