/**
 * Signs with a key that stays in Azure Key Vault or Managed HSM. This package opens no socket: the caller sends.
 *
 * @see https://learn.microsoft.com/rest/api/keyvault/keys/sign/sign (api-version 7.4)
 */
import { createHash } from "node:crypto";
import { inspect } from "node:util";
import { refusal } from "../refusal.ts";
import type { Signer, SigningAlgorithm } from "./signer.ts";

/** A request that the caller sends. */
export interface SignerHttpRequest {
  readonly method: "POST";
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** The answer, in the shape that the transport of `@nightlatch/oauth` returns. */
export interface SignerHttpResponse {
  readonly status: number;
  readonly body: Uint8Array;
}

/** Options of {@link createKeyVaultSigner}. */
export interface KeyVaultSignerOptions {
  /** Identifier of the key with its version: `https://<vault>.vault.azure.net/keys/<name>/<version>`. */
  readonly keyId: string;
  /** Sends a request; `Transport.send` of `@nightlatch/oauth` fits. */
  readonly send: (request: SignerHttpRequest) => Promise<SignerHttpResponse>;
  /** Returns an access token for {@link KEY_VAULT_SCOPE} (`https://managedhsm.azure.net/.default` for Managed HSM). */
  readonly getToken: () => Promise<string>;
  /** @defaultValue "7.4" */
  readonly apiVersion?: string | undefined;
}

/** Scope of the access token that Key Vault wants. */
export const KEY_VAULT_SCOPE = "https://vault.azure.net/.default";

/**
 * Creates a signer whose key stays in Key Vault; only the digest travels.
 *
 * Join it to its certificate with {@link createCertificateCredential}, which proves that they fit.
 *
 * @param options - key, sender, token
 * @returns the signer
 * @throws {TypeError} when `keyId` is no https address of a key with its version
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createKeyVaultSigner } from "@nightlatch/credential";
 *
 * const signer = createKeyVaultSigner({
 *   keyId: "https://school.vault.azure.net/keys/timetable/9885aa558e8d448789683188f8c194b0",
 *   getToken: async () => "token",
 *   send: async () => ({ status: 403, body: Buffer.from("{}") }),
 * });
 * await assert.rejects(signer.sign(Buffer.from("text"), "PS256"), { code: "CREDENTIAL_SIGNER_REFUSED" });
 * ```
 * @see https://learn.microsoft.com/rest/api/keyvault/keys/sign/sign
 */
export function createKeyVaultSigner(options: KeyVaultSignerOptions): Signer {
  return new KeyVaultSigner(options);
}

class KeyVaultSigner implements Signer {
  readonly #options: KeyVaultSignerOptions;
  readonly #url: string;

  constructor(options: KeyVaultSignerOptions) {
    this.#options = options;
    this.#url = signUrl(options.keyId, options.apiVersion ?? "7.4");
  }

  async sign(signingInput: Uint8Array, algorithm: SigningAlgorithm): Promise<Uint8Array> {
    const value = createHash("sha256").update(signingInput).digest("base64url");
    const token = await this.#options.getToken();
    const response = await this.#options.send({
      method: "POST",
      url: this.#url,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ alg: algorithm, value }),
    });
    const answer = parseBody(response.body);
    if (response.status !== 200) throw refused(this.#options.keyId, response.status, answer);
    const signature = answer["value"];
    if (typeof signature !== "string" || !/^[A-Za-z0-9_-]{300,}$/.test(signature))
      throw refusal("CREDENTIAL_SIGNER_FAILED", `Key Vault returned no signature for ${this.#options.keyId}`);
    return Buffer.from(signature, "base64url");
  }

  toJSON(): string {
    return `[key ${this.#options.keyId}]`;
  }

  [inspect.custom](): string {
    return `Signer <${this.#options.keyId}>`;
  }
}

function signUrl(keyId: string, apiVersion: string): string {
  let url: URL;
  try {
    url = new URL(keyId);
  } catch {
    throw new TypeError(`The keyId "${keyId}" is no address`);
  }
  const isLoopback = url.hostname === "localhost" || url.hostname === "127.0.0.1";
  if (url.protocol !== "https:" && !isLoopback)
    throw new TypeError(`The keyId "${keyId}" is no https address`);
  const match = /^\/(keys|certificates)\/([0-9A-Za-z-]{1,127})\/([0-9a-zA-Z]{1,64})\/?$/.exec(url.pathname);
  if (match === null)
    throw new TypeError(`The keyId "${keyId}" is not of the form https://<vault>/keys/<name>/<version>`);
  // The key of a Key Vault certificate has the certificate's own name and version.
  return `${url.origin}/keys/${match[2]}/${match[3]}/sign?api-version=${encodeURIComponent(apiVersion)}`;
}

function parseBody(body: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Key Vault answers `{"error":{"code":"Forbidden","message":"…","innererror":{"code":"ForbiddenByPolicy"}}}`. */
function refused(keyId: string, status: number, answer: Readonly<Record<string, unknown>>): Error {
  const error = (answer["error"] ?? {}) as Readonly<Record<string, unknown>>;
  const inner = (error["innererror"] ?? {}) as Readonly<Record<string, unknown>>;
  const code = typeof error["code"] === "string" ? error["code"] : undefined;
  const details = { status, code, innerCode: inner["code"], message: error["message"] };
  const named = code === undefined ? "" : `, ${code}`;
  const busy = status === 429 || status >= 500;
  return refusal(
    busy ? "CREDENTIAL_SIGNER_UNAVAILABLE" : "CREDENTIAL_SIGNER_REFUSED",
    `Key Vault refused to sign with ${keyId} (status ${status}${named})`,
    {
      details,
      retryable: busy,
      hint:
        status === 403
          ? "Give the identity that asks the keys/sign permission, or the role Key Vault Crypto User"
          : undefined,
    },
  );
}
