/** How a client proves who it is at the token endpoint: by certificate, by secret, by another issuer's token. */
import type { CertificateCredential } from "@nightlatch/credential";
import {
  type CertificateSource,
  type ClientAssertionFactoryOptions,
  createClientAssertionFactory,
} from "./client-assertion-factory.ts";

/** Value of `client_assertion_type` (RFC 7523 §2.2). */
export const CLIENT_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** One way to prove who the client is. */
export interface ClientAuthentication {
  readonly method: "certificate" | "secret" | "assertion";
  /**
   * @param audience - token endpoint the proof is sent to
   * @returns form parameters; all but `client_assertion_type` are secret
   */
  authenticate(audience: string): Promise<Readonly<Record<string, string>>>;
  /**
   * Called when the service refused the proof itself.
   *
   * @param refused - what `authenticate` gave for the attempt that was refused
   * @param audience - where it was refused
   * @returns true when another proof is at hand and one more attempt makes sense
   */
  renew(refused: Readonly<Record<string, string>>, audience: string): Promise<boolean>;
  /** Drops proofs that were made with a wrong clock. */
  forget(): void;
  /** The certificate in use, for messages; `undefined` for the other ways. */
  describeCertificate(): Promise<CertificateCredential["certificate"] | undefined>;
}

/**
 * Authenticates by a client assertion that is signed with the key of a certificate.
 *
 * @param source - credential, or a function that reads it
 * @param options - client and form of the assertion
 * @returns the authentication
 * @see RFC 7523 §2.2
 */
export function certificateAuthentication(
  source: CertificateSource,
  options: ClientAssertionFactoryOptions,
): ClientAuthentication {
  const factory = createClientAssertionFactory(source, options);
  return {
    method: "certificate",
    async authenticate(audience) {
      return assertionParameters(await factory.getAssertion(audience));
    },
    async renew(refused, audience) {
      try {
        await factory.reload();
        // Another call may have found the new certificate first: what counts is which one this attempt was made with.
        return (
          certificateNamedBy(await factory.getAssertion(audience)) !==
          certificateNamedBy(refused["client_assertion"])
        );
      } catch (error) {
        options.onWarning?.({
          code: "OAUTH_RELOAD_FAILED",
          message: `The certificate could not be read again (${codeOf(error)}); the one at hand stays in use`,
          details: { cause: codeOf(error) },
        });
        return false;
      }
    },
    forget: () => factory.forget(),
    async describeCertificate() {
      return (await factory.getCredential()).certificate;
    },
  };
}

/**
 * Authenticates by a client secret in the form body (`client_secret_post`).
 *
 * @param clientSecret - the secret's value, or a function that reads it
 * @returns the authentication
 * @see RFC 6749 §2.3.1
 */
export function secretAuthentication(clientSecret: string | (() => Promise<string>)): ClientAuthentication {
  const read = async () =>
    requireText(typeof clientSecret === "function" ? await clientSecret() : clientSecret);
  return {
    method: "secret",
    async authenticate() {
      return { client_secret: await read() };
    },
    async renew(refused) {
      return typeof clientSecret === "function" && (await read()) !== refused["client_secret"];
    },
    forget: () => undefined,
    describeCertificate: async () => undefined,
  };
}

/**
 * Authenticates by a token of another issuer that the application trusts (workload identity federation).
 *
 * @param assertion - called for each request: the caller keeps the token as long as it is good
 * @returns the authentication
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation
 */
export function assertionAuthentication(
  assertion: (audience: string) => Promise<string>,
): ClientAuthentication {
  return {
    method: "assertion",
    async authenticate(audience) {
      // A file of a token often ends in a line feed.
      return assertionParameters(requireText(await assertion(audience)).trim());
    },
    renew: async () => false,
    forget: () => undefined,
    describeCertificate: async () => undefined,
  };
}

function assertionParameters(assertion: string): Readonly<Record<string, string>> {
  return { client_assertion_type: CLIENT_ASSERTION_TYPE, client_assertion: assertion };
}

/** Nothing is sent for a proof that is not there; the service would answer that some parameter is missing. */
function requireText(proof: string): string {
  if (typeof proof === "string" && proof.trim() !== "") return proof;
  throw new TypeError(
    `The function for the client's proof gave ${proof === "" ? "an empty text" : `no text (${typeof proof})`}`,
  );
}

/** The protected header, which holds the thumbprint. */
function certificateNamedBy(assertion: string | undefined): string | undefined {
  return assertion?.slice(0, assertion.indexOf("."));
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : error instanceof Error ? error.name : "unknown";
}
