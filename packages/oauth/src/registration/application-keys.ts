/**
 * The certificates of an application in Graph: reading, adding and removing them.
 *
 * The rules are: `addKey` and `removeKey` carry a proof signed by a registered key; a PATCH sends the whole collection,
 * every entry as it was read, and only one more; an answer without the collection is never taken for an empty one.
 *
 * @see https://learn.microsoft.com/graph/api/application-addkey
 * @see https://learn.microsoft.com/graph/api/application-removekey
 * @see https://learn.microsoft.com/graph/application-rollkey-prooftoken
 */
import {
  type Certificate,
  type CertificateCredential,
  createKeyCredential,
  createProofOfPossession,
  isNightlatchError,
  type NightlatchError,
  parseCertificate,
} from "@nightlatch/credential";
import { registrationError } from "./errors.ts";
import type { GraphDirectoryClient } from "./graph-directory-client.ts";

/** One certificate of an application, for people and reports. */
export interface ApplicationKey {
  /** GUID. */
  readonly keyId: string;
  readonly displayName: string | undefined;
  /** Upper case; `undefined` when Graph shows neither the certificate nor its thumbprint. */
  readonly thumbprintSha1Hex: string | undefined;
  /** ISO 8601, UTC. */
  readonly startDateTime: string | undefined;
  /** ISO 8601, UTC. */
  readonly endDateTime: string | undefined;
}

/** An application with its certificates, as Graph gave them. */
export interface ApplicationWithKeys {
  readonly objectId: string;
  /** Client id. */
  readonly appId: string;
  readonly keys: readonly ApplicationKey[];
  /** The collection itself, to be written back unchanged. */
  readonly keyCredentials: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Reads an application and all its certificates.
 *
 * @param directory - whose token may read applications
 * @param application - object id, or client id
 * @returns ids and certificates
 * @throws {NightlatchError} `OAUTH_DIRECTORY_REFUSED`, `OAUTH_KEYS_UNREADABLE`
 * @see https://learn.microsoft.com/graph/api/application-get
 */
export async function readApplicationKeys(
  directory: GraphDirectoryClient,
  application: { readonly objectId: string } | { readonly clientId: string },
): Promise<ApplicationWithKeys> {
  const path =
    "objectId" in application
      ? `/applications/${encodeURIComponent(application.objectId)}`
      : `/applications(appId='${encodeURIComponent(application.clientId.replaceAll("'", "''"))}')`;
  const answer = (await directory.send("GET", `${path}?$select=id,appId,keyCredentials`)) as
    | Readonly<Record<string, unknown>>
    | undefined;
  const { id, appId, keyCredentials } = answer ?? {};
  if (typeof id !== "string" || typeof appId !== "string" || !isListOfKeys(keyCredentials))
    throw registrationError("OAUTH_KEYS_UNREADABLE", `Graph's answer to GET ${path} lacks keyCredentials`);
  return { objectId: id, appId, keyCredentials, keys: keyCredentials.map(describeKey) };
}

/**
 * Adds a certificate on proof that the application holds a registered one. Needs no permission.
 *
 * @param directory - with the application's own token
 * @param objectId - of the application, not its client id
 * @param certificate - the new one
 * @param prover - a credential that is registered and valid
 * @param now - instant of the proof
 * @returns keyId that Graph gave
 * @throws {NightlatchError} `OAUTH_PROOF_REFUSED`, `OAUTH_DIRECTORY_REFUSED`
 */
export async function addKey(
  directory: GraphDirectoryClient,
  objectId: string,
  certificate: Certificate,
  prover: CertificateCredential,
  now: Date,
): Promise<string | undefined> {
  const { type, usage, key } = createKeyCredential(certificate, "graph");
  const answer = await sendWithProof(directory, "addKey", objectId, prover, now, {
    keyCredential: { type, usage, key },
    passwordCredential: null,
  });
  const keyId = (answer as { readonly keyId?: unknown } | undefined)?.keyId;
  return typeof keyId === "string" ? keyId : undefined;
}

/**
 * Removes a certificate on proof that the application holds another one. Needs no permission.
 *
 * @param directory - with the application's own token
 * @param objectId - of the application
 * @param keyId - of the certificate that goes
 * @param prover - a credential that is registered, valid, and stays
 * @param now - instant of the proof
 * @throws {NightlatchError} `OAUTH_PROOF_REFUSED`, `OAUTH_DIRECTORY_REFUSED`
 */
export async function removeKey(
  directory: GraphDirectoryClient,
  objectId: string,
  keyId: string,
  prover: CertificateCredential,
  now: Date,
): Promise<void> {
  await sendWithProof(directory, "removeKey", objectId, prover, now, { keyId });
}

/**
 * Adds a certificate by writing the whole collection: every entry as it was read, unchanged and with its `keyId`, and
 * the new one behind. Nothing is ever left out, so no key can be dropped; what stands there afterwards is read again.
 *
 * @param directory - with an administrator's token
 * @param objectId - of the application
 * @param certificate - the new one
 * @param now - instant at which keys are judged expired
 * @returns keyId of the new certificate
 * @throws {NightlatchError} `OAUTH_DIRECTORY_REFUSED`, `OAUTH_KEYS_UNREADABLE`, `OAUTH_KEYS_LOST`
 * @see https://learn.microsoft.com/graph/applications-how-to-add-certificate
 */
export async function patchInKey(
  directory: GraphDirectoryClient,
  objectId: string,
  certificate: Certificate,
  now: Date,
): Promise<string> {
  const before = await readApplicationKeys(directory, { objectId });
  const there = findKeys(before.keys, certificate.thumbprintSha1.hex)[0];
  if (there !== undefined) return there.keyId;
  const entry = createKeyCredential(certificate, "graph");
  await directory.send("PATCH", `/applications/${objectId}`, {
    keyCredentials: [...before.keyCredentials, entry],
  });
  const after = await readApplicationKeys(directory, { objectId });
  const left = new Set(after.keys.map(({ keyId }) => keyId.toLowerCase()));
  const lost = before.keys.filter((key) => !left.has(key.keyId.toLowerCase()) && !isExpired(key, now));
  if (lost.length > 0)
    throw registrationError(
      "OAUTH_KEYS_LOST",
      `After the PATCH the application lacks ${lost.length} keys that have not expired: ${lost.map(({ keyId }) => keyId).join(", ")}`,
      { details: { lost } },
    );
  return findKeys(after.keys, certificate.thumbprintSha1.hex)[0]?.keyId ?? entry.keyId;
}

/**
 * Finds a certificate among the keys of an application; it may be registered more than once.
 *
 * @param keys - of the application
 * @param thumbprintSha1Hex - of the certificate, upper case
 * @returns the entries of that certificate
 */
export function findKeys(
  keys: readonly ApplicationKey[],
  thumbprintSha1Hex: string,
): readonly ApplicationKey[] {
  return keys.filter((key) => key.thumbprintSha1Hex === thumbprintSha1Hex);
}

/**
 * Tells Graph's own words for a refused proof apart from other refusals.
 *
 * @param error - what was thrown
 * @returns whether Graph did not take the proof
 */
export function isRefusedProof(error: unknown): error is NightlatchError {
  return isNightlatchError(error) && error.code === "OAUTH_PROOF_REFUSED";
}

async function sendWithProof(
  directory: GraphDirectoryClient,
  action: "addKey" | "removeKey",
  objectId: string,
  prover: CertificateCredential,
  now: Date,
  body: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const proof = await createProofOfPossession(prover, { objectId, now });
  try {
    return await directory.send("POST", `/applications/${encodeURIComponent(objectId)}/${action}`, {
      ...body,
      proof,
    });
  } catch (error) {
    if (!isNightlatchError(error) || error.details["graphCode"] !== "Authentication_MissingOrMalformed")
      throw error;
    const { certificate } = prover;
    throw registrationError(
      "OAUTH_PROOF_REFUSED",
      `Graph refused the proof for ${action} on application object "${objectId}", signed with certificate ${certificate.thumbprintSha1.hex}`,
      {
        cause: error,
        details: {
          ...error.details,
          action,
          // Graph never says which part it did not like: here is what the proof says.
          proof: {
            aud: "00000002-0000-0000-c000-000000000000",
            iss: objectId,
            nbf: now.toISOString(),
            thumbprintSha1Hex: certificate.thumbprintSha1.hex,
            certificateNotBefore: certificate.notBefore.toISOString(),
            certificateNotAfter: certificate.notAfter.toISOString(),
          },
        },
      },
    );
  }
}

function isListOfKeys(value: unknown): value is readonly Readonly<Record<string, unknown>>[] {
  return (
    Array.isArray(value) &&
    value.every((entry: unknown) => typeof (entry as { keyId?: unknown } | null)?.keyId === "string")
  );
}

function describeKey(entry: Readonly<Record<string, unknown>>): ApplicationKey {
  const text = (name: string): string | undefined => {
    const value = entry[name];
    return typeof value === "string" ? value : undefined;
  };
  return {
    keyId: text("keyId") ?? "",
    displayName: text("displayName"),
    thumbprintSha1Hex: thumbprintOf(text("key"), text("customKeyIdentifier")),
    startDateTime: text("startDateTime"),
    endDateTime: text("endDateTime"),
  };
}

/** The certificate itself decides; `customKeyIdentifier` may hold anything and is often hex, often base64. */
function thumbprintOf(key: string | undefined, identifier: string | undefined): string | undefined {
  if (key !== undefined) {
    try {
      return parseCertificate(Buffer.from(key, "base64")).thumbprintSha1.hex;
    } catch {
      return undefined;
    }
  }
  if (identifier === undefined) return undefined;
  if (/^[0-9a-f]{40}$/i.test(identifier)) return identifier.toUpperCase();
  const bytes = Buffer.from(identifier, "base64");
  return bytes.length === 20 ? bytes.toString("hex").toUpperCase() : undefined;
}

function isExpired(key: ApplicationKey, now: Date): boolean {
  return key.endDateTime !== undefined && Date.parse(key.endDateTime) <= now.getTime();
}
