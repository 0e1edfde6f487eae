/**
 * The public half of a certificate as an application registration holds it.
 *
 * @see https://learn.microsoft.com/graph/api/resources/keycredential
 */
import { randomUUID } from "node:crypto";
import { refusal } from "../refusal.ts";
import type { Certificate } from "../x509/certificate.ts";

/** The two spellings of an application manifest: Microsoft Graph's, and the portal's until January 2025. */
export type ManifestFormat = "graph" | "azureAdGraph";

/** An entry of `keyCredentials` in Microsoft Graph and in today's portal. */
export interface GraphKeyCredential {
  /** SHA-1 thumbprint, base64, 28 characters. */
  readonly customKeyIdentifier: string;
  /** At most 90 characters. */
  readonly displayName: string;
  /** `YYYY-MM-DDTHH:MM:SSZ`, the certificate's own end. */
  readonly endDateTime: string;
  /** GUID. */
  readonly keyId: string;
  /** DER certificate, base64 without line ends. */
  readonly key: string;
  /** `YYYY-MM-DDTHH:MM:SSZ`, the certificate's own begin. */
  readonly startDateTime: string;
  readonly type: "AsymmetricX509Cert";
  readonly usage: "Verify";
}

/** An entry of `keyCredentials` in the Azure AD Graph format. */
export interface AzureAdGraphKeyCredential {
  /** SHA-1 thumbprint, base64, 28 characters. */
  readonly customKeyIdentifier: string;
  /** GUID. */
  readonly keyId: string;
  readonly type: "AsymmetricX509Cert";
  readonly usage: "Verify";
  /** DER certificate, base64 without line ends. */
  readonly value: string;
  /** `YYYY-MM-DDTHH:MM:SSZ`, the certificate's own begin. */
  readonly startDate: string;
  /** `YYYY-MM-DDTHH:MM:SSZ`, the certificate's own end. */
  readonly endDate: string;
}

/** Options of {@link createKeyCredential}. */
export interface KeyCredentialOptions {
  /** GUID of the entry. @defaultValue a random one */
  readonly keyId?: string | undefined;
  /** At most 90 characters; Graph format only. @defaultValue the subject, cut to 90 */
  readonly displayName?: string | undefined;
}

const LONGEST_DISPLAY_NAME = 90;
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Creates the entry that registers a certificate with an application.
 *
 * @param certificate - the certificate
 * @param format - which spelling the manifest has
 * @param options - key id, display name
 * @returns the entry, in the member order of the portal
 * @throws {@link NightlatchError} `CREDENTIAL_KEY_ID_INVALID`, `CREDENTIAL_DISPLAY_NAME_TOO_LONG`
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createKeyCredential, createSelfSigned } from "@nightlatch/credential";
 *
 * const { credential } = await createSelfSigned({ subject: "CN=timetable" });
 * const entry = createKeyCredential(credential.certificate, "graph");
 * assert.equal(entry.displayName, "CN=timetable");
 * assert.equal(entry.customKeyIdentifier, credential.certificate.thumbprintSha1.base64);
 * ```
 * @see https://learn.microsoft.com/graph/applications-how-to-add-certificate
 */
export function createKeyCredential(
  certificate: Certificate,
  format: "graph",
  options?: KeyCredentialOptions,
): GraphKeyCredential;
export function createKeyCredential(
  certificate: Certificate,
  format: "azureAdGraph",
  options?: KeyCredentialOptions,
): AzureAdGraphKeyCredential;
export function createKeyCredential(
  certificate: Certificate,
  format: ManifestFormat,
  options?: KeyCredentialOptions,
): GraphKeyCredential | AzureAdGraphKeyCredential;
export function createKeyCredential(
  certificate: Certificate,
  format: ManifestFormat,
  options: KeyCredentialOptions = {},
): GraphKeyCredential | AzureAdGraphKeyCredential {
  const keyId = options.keyId ?? randomUUID();
  if (!GUID.test(keyId))
    throw refusal("CREDENTIAL_KEY_ID_INVALID", `Cannot use the keyId "${keyId}": it is no GUID`);
  const customKeyIdentifier = certificate.thumbprintSha1.base64;
  const value = Buffer.from(certificate.der).toString("base64");
  const begin = formatInstant(certificate.notBefore);
  const end = formatInstant(certificate.notAfter);
  const kind = { type: "AsymmetricX509Cert", usage: "Verify" } as const;
  if (format === "azureAdGraph")
    return { customKeyIdentifier, keyId, ...kind, value, startDate: begin, endDate: end };
  const displayName = options.displayName ?? cut(certificate.subject);
  if (displayName.length > LONGEST_DISPLAY_NAME)
    throw refusal(
      "CREDENTIAL_DISPLAY_NAME_TOO_LONG",
      `Cannot use a display name of ${displayName.length} characters, at most ${LONGEST_DISPLAY_NAME} are allowed`,
    );
  return {
    customKeyIdentifier,
    displayName,
    endDateTime: end,
    keyId,
    key: value,
    startDateTime: begin,
    ...kind,
  };
}

function formatInstant(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** Cuts without leaving half a character. */
function cut(name: string): string {
  return name.slice(0, LONGEST_DISPLAY_NAME).replace(/[\uD800-\uDBFF]$/, "");
}
