/** The doors that a rotation goes through: tokens with either certificate, and Graph as the application or as an administrator. */
import { type CertificateCredential, isNightlatchError } from "@nightlatch/credential";
import { requestTokenByClientCredentials } from "../../client-credentials/request.ts";
import { type ConfidentialClient, createConfidentialClient } from "../../confidential-client.ts";
import { type ApplicationWithKeys, readApplicationKeys } from "../application-keys.ts";
import { createGraphDirectoryClient, type GraphDirectoryClient } from "../graph-directory-client.ts";
import type { RotationOptions } from "../rotate-certificate.ts";

/** Ways to the services. */
export interface RotationDoors {
  readonly scope: string;
  /** A client that proves itself with a certificate. */
  clientOf(credential: CertificateCredential): ConfidentialClient;
  /** Graph with a token that is issued for a certificate, the same token as long as it is valid. */
  directoryOf(credential: CertificateCredential): GraphDirectoryClient;
  /** Graph with an administrator's token; `undefined` when there is none. */
  readonly administrator: GraphDirectoryClient | undefined;
  /**
   * Reads the application with the first token that may: the application's own, then the administrator's.
   *
   * @returns `undefined` when none may
   */
  readApplication(
    which: { readonly objectId: string } | { readonly clientId: string },
    credential: CertificateCredential | undefined,
  ): Promise<ApplicationWithKeys | undefined>;
}

const REFRESH_BEFORE_END_MS = 120_000;

/**
 * Opens the doors; nothing is sent yet.
 *
 * @param options - who, where
 * @returns the doors
 */
export function openRotationDoors(options: RotationOptions): RotationDoors {
  const scope = options.graphScope ?? "https://graph.microsoft.com/.default";
  const endpoint = (options.graphEndpoint ?? "https://graph.microsoft.com/v1.0").replace(/\/+$/, "");
  const clients = new Map<CertificateCredential, ConfidentialClient>();
  const directories = new Map<CertificateCredential, GraphDirectoryClient>();
  const { transport, signal, administratorToken } = options;
  const graphWith = (accessToken: () => Promise<string>): GraphDirectoryClient =>
    createGraphDirectoryClient({ transport, endpoint, accessToken, signal });
  const clientOf = (credential: CertificateCredential): ConfidentialClient =>
    remember(clients, credential, () =>
      createConfidentialClient({
        tenantId: options.tenantId,
        clientId: options.clientId,
        authorityHost: options.authorityHost,
        transport,
        certificate: credential,
        now: options.now,
        // Rotating is the answer to this warning.
        onWarning: () => undefined,
      }),
    );
  const directoryOf = (credential: CertificateCredential): GraphDirectoryClient =>
    remember(directories, credential, () => graphWith(tokenKeeper(clientOf(credential), scope, signal)));
  const administrator = administratorToken === undefined ? undefined : graphWith(once(administratorToken));
  return {
    scope,
    clientOf,
    directoryOf,
    administrator,
    async readApplication(which, credential) {
      if (credential !== undefined) {
        try {
          return await readApplicationKeys(directoryOf(credential), which);
        } catch (error) {
          if (!isForbidden(error)) throw error;
        }
      }
      return administrator === undefined ? undefined : readApplicationKeys(administrator, which);
    },
  };
}

function tokenKeeper(
  client: ConfidentialClient,
  scope: string,
  signal: AbortSignal | undefined,
): () => Promise<string> {
  let kept: { readonly token: string; readonly untilMs: number } | undefined;
  return async () => {
    if (kept === undefined || performance.now() >= kept.untilMs) {
      const { accessToken, expiresInSeconds } = await requestTokenByClientCredentials(
        client,
        { scope },
        { signal },
      );
      const untilMs = performance.now() + expiresInSeconds * 1000 - REFRESH_BEFORE_END_MS;
      kept = { token: accessToken, untilMs };
    }
    return kept.token;
  };
}

function once(read: () => Promise<string>): () => Promise<string> {
  let reading: Promise<string> | undefined;
  return () => {
    reading ??= read();
    return reading;
  };
}

function remember<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function isForbidden(error: unknown): boolean {
  return (
    isNightlatchError(error) && error.code === "OAUTH_DIRECTORY_REFUSED" && error.details["status"] === 403
  );
}
