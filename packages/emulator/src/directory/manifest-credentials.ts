/** The certificates and secrets of a manifest, in any of the three generations of its format. */
import { createHash, X509Certificate } from "node:crypto";
import type { KeyCredential, PasswordCredential } from "./directory.ts";
import { type JsonObject, JsonPlaceError } from "./json-reader.ts";
import { stableId } from "./stable-id.ts";

const FAR_FUTURE_MS = Date.UTC(2299, 11, 31);

/**
 * Reads one entry of `keyCredentials`.
 *
 * Azure AD Graph calls the parts `value`, `startDate` and `endDate`, Microsoft Graph `key`, `startDateTime` and
 * `endDateTime`. The certificate may be base64 of its DER, with line breaks or not, or base64 of the whole PEM text.
 *
 * @param entry - the entry
 * @returns the credential; `undefined` when the manifest was downloaded and therefore holds no certificate
 * @throws {JsonPlaceError} when the certificate or a date cannot be read
 */
export function readKeyCredential(entry: JsonObject): KeyCredential | undefined {
  const member = ["key", "value"].find((name) => entry.has(name));
  if (member === undefined) return undefined;
  const certificate = readCertificate(entry.requiredText(member), entry.at(member));
  const notBeforeMs = Date.parse(certificate.validFrom);
  const notAfterMs = Date.parse(certificate.validTo);
  const startAtMs = entry.instantMs("startDateTime") ?? entry.instantMs("startDate") ?? notBeforeMs;
  const endAtMs = entry.instantMs("endDateTime") ?? entry.instantMs("endDate") ?? notAfterMs;
  return {
    keyId: entry.guid("keyId") ?? stableId("keyCredential", certificate.fingerprint256),
    customKeyIdentifier: entry.text("customKeyIdentifier"),
    displayName: entry.text("displayName"),
    type: entry.text("type") ?? "AsymmetricX509Cert",
    usage: entry.text("usage") ?? "Verify",
    der: certificate.raw,
    startAtMs,
    endAtMs,
  };
}

/**
 * Reads a certificate in one of the forms that people paste.
 *
 * @param text - base64 of DER, base64 of a PEM text, or the PEM text itself
 * @param path - where it stands, for the message
 * @returns the certificate
 * @throws {JsonPlaceError} when it is none of these
 */
export function readCertificate(text: string, path: string): X509Certificate {
  const isPem = (candidate: string): boolean => candidate.includes("-----BEGIN CERTIFICATE-----");
  const decoded = Buffer.from(text, "base64");
  const source = isPem(text) ? text : isPem(decoded.toString("latin1")) ? decoded : wholeDer(decoded);
  try {
    return new X509Certificate(source);
  } catch {
    throw new JsonPlaceError(
      path,
      "must be a certificate: base64 of its DER, or base64 of the whole PEM text",
    );
  }
}

/**
 * Makes a secret's entry; only the digest of the secret is kept.
 *
 * @param entry - members `secretText` (or `value` of the old format), `startDateTime`, `endDateTime`, `displayName`
 * @param startAtMs - milliseconds since 1970 UTC when the entry names no start
 * @returns the credential; `undefined` when the entry holds no secret, as in a downloaded manifest
 * @throws {JsonPlaceError} when a member has the wrong type
 */
export function readPasswordCredential(entry: JsonObject, startAtMs: number): PasswordCredential | undefined {
  const secretText = entry.text("secretText") ?? entry.text("value");
  if (secretText === undefined || secretText === "") return undefined;
  return {
    keyId: entry.guid("keyId") ?? stableId("passwordCredential", entry.path, secretText.slice(0, 3)),
    displayName: entry.text("displayName"),
    hint: secretText.slice(0, 3),
    secretSha256: createHash("sha256").update(secretText).digest("hex"),
    startAtMs: entry.instantMs("startDateTime") ?? entry.instantMs("startDate") ?? startAtMs,
    endAtMs: entry.instantMs("endDateTime") ?? entry.instantMs("endDate") ?? FAR_FUTURE_MS,
  };
}

/** Trailing bytes after the certificate are refused; Node would ignore them. */
function wholeDer(bytes: Buffer): Buffer {
  const isSequence = bytes[0] === 0x30 && bytes[1] === 0x82;
  return isSequence && bytes.length === 4 + bytes.readUInt16BE(2) ? bytes : Buffer.alloc(0);
}
