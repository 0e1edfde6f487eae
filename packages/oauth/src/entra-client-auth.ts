/**
 * Client authentication for `oauth4webapi` and `openid-client`. Their own `PrivateKeyJwt` names no certificate in the
 * header, which Entra ID refuses with AADSTS5002723.
 *
 * @see https://github.com/panva/openid-client/issues/667
 */
import type { KeyIdHeader } from "@nightlatch/credential/assertion";
import { type CertificateSource, createClientAssertionFactory } from "./client-assertion-factory.ts";
import { CLIENT_ASSERTION_TYPE } from "./client-authentication.ts";

/** Options of {@link entraClientAuth}. */
export interface EntraClientAuthOptions {
  /** @defaultValue `PS256` */
  readonly algorithm?: "PS256" | "RS256" | undefined;
  /** Hash of the certificate in the header, or none. @defaultValue SHA-256 with PS256, SHA-1 with RS256 */
  readonly thumbprint?: "sha256" | "sha1" | "none" | undefined;
  /** `kid` of the header, for AD FS and other servers that know keys by name. @defaultValue none */
  readonly kid?: KeyIdHeader | undefined;
  /** Sends `x5c` for trust by subject name and issuer. @defaultValue false */
  readonly sendCertificateChain?: boolean | undefined;
  /** Life of an assertion; reused for four fifths of it. @defaultValue 600 */
  readonly assertionLifetimeSeconds?: number | undefined;
  /** Milliseconds since 1970. @defaultValue `Date.now` */
  readonly nowMs?: (() => number) | undefined;
}

/** `ClientAuth` of `oauth4webapi` 3 and `openid-client` 6, spelled out here so that neither has to be installed. */
export type EntraClientAuth = (
  as: { readonly token_endpoint?: string | undefined; readonly issuer: string },
  client: { readonly client_id: string },
  body: URLSearchParams,
  headers: Headers,
) => Promise<void>;

/**
 * Makes a client authentication that signs with the key of a certificate and names the certificate in the header.
 *
 * @param certificate - credential, a function that reads it (called for each signature), or a source that follows files
 * @param options - form of the assertion
 * @returns a function to pass where those libraries take a `ClientAuth`
 * @throws {TypeError} when called, if the server's metadata has no token endpoint
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createSelfSigned } from "@nightlatch/credential";
 * import { entraClientAuth } from "@nightlatch/oauth";
 *
 * const { credential } = await createSelfSigned({ subject: "CN=Timetable push" });
 * const authenticate = entraClientAuth(credential);
 * const body = new URLSearchParams();
 * const as = {
 *   issuer: "https://login.microsoftonline.com/school.example/v2.0",
 *   token_endpoint: "https://login.microsoftonline.com/school.example/oauth2/v2.0/token",
 * };
 * await authenticate(as, { client_id: "11111111-2222-4333-8444-555555555555" }, body, new Headers());
 * assert.equal(body.get("client_assertion")?.split(".").length, 3);
 * ```
 * @see RFC 7523 §2.2
 */
export function entraClientAuth(
  certificate: CertificateSource,
  options: EntraClientAuthOptions = {},
): EntraClientAuth {
  // Nobody tells this function of a refusal, so a source that is a function is asked before each signature.
  const source =
    typeof certificate === "function"
      ? { getCredential: certificate, reload: async () => true }
      : certificate;
  const factories = new Map<string, ReturnType<typeof createClientAssertionFactory>>();
  const factoryFor = (clientId: string) => {
    let factory = factories.get(clientId);
    if (factory === undefined) {
      factory = createClientAssertionFactory(source, {
        clientId,
        algorithm: options.algorithm,
        thumbprint: options.thumbprint,
        kid: options.kid,
        includeChain: options.sendCertificateChain,
        lifetimeSeconds: options.assertionLifetimeSeconds,
        nowMs: options.nowMs,
      });
      factories.set(clientId, factory);
    }
    return factory;
  };
  return async (as, client, body) => {
    if (as.token_endpoint === undefined) throw new TypeError("The server's metadata has no token_endpoint");
    const assertion = await factoryFor(client.client_id).getAssertion(as.token_endpoint);
    body.set("client_id", client.client_id);
    body.set("client_assertion_type", CLIENT_ASSERTION_TYPE);
    body.set("client_assertion", assertion);
  };
}
