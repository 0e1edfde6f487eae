/**
 * `keyCredentials` and `passwordCredentials` of applications and service principals.
 *
 * @see https://learn.microsoft.com/graph/api/resources/keycredential
 */
import { createHash, randomBytes, randomUUID, type X509Certificate } from "node:crypto";
import type { KeyCredential, PasswordCredential } from "../../directory/directory.ts";
import { JsonPlaceError } from "../../directory/json-reader.ts";
import { readCertificate } from "../../directory/manifest-credentials.ts";
import { GUID } from "../../directory/stable-id.ts";
import { isJsonObject, type JsonObject } from "../call.ts";
import { invalidProperty } from "../directory-body.ts";
import { GraphFault } from "../errors.ts";

const RESOURCE = "Application";
const KEY_TYPES = ["AsymmetricX509Cert", "X509CertAndPassword", "Symmetric"];
const LONGEST_IDENTIFIER_BYTES = 32;
const LONGEST_NAME = 90;
/** Age of a secret that names no end: two years. */
const SECRET_YEARS = 2;

/**
 * Renders a certificate.
 *
 * @param credential - stored
 * @param withKey - whether the certificate itself is shown
 * @returns `keyCredential`
 */
export function renderKeyCredential(credential: KeyCredential, withKey: boolean): JsonObject {
  return {
    customKeyIdentifier: credential.customKeyIdentifier ?? null,
    displayName: credential.displayName ?? null,
    endDateTime: formatSeconds(credential.endAtMs),
    key: withKey ? Buffer.from(credential.der).toString("base64") : null,
    keyId: credential.keyId,
    startDateTime: formatSeconds(credential.startAtMs),
    type: credential.type,
    usage: credential.usage,
  };
}

/**
 * Renders a secret without its text.
 *
 * @param credential - stored
 * @returns `passwordCredential`
 */
export function renderPasswordCredential(credential: PasswordCredential): JsonObject {
  return {
    customKeyIdentifier: null,
    displayName: credential.displayName ?? null,
    endDateTime: formatInstantMs(credential.endAtMs),
    hint: credential.hint,
    keyId: credential.keyId,
    secretText: null,
    startDateTime: formatInstantMs(credential.startAtMs),
  };
}

/**
 * Reads a whole collection of certificates. An entry without `key` keeps the stored certificate of the same `keyId`.
 *
 * @param value - as it was sent
 * @param stored - credentials so far
 * @returns the new collection
 * @throws {GraphFault} KeyCredentialsInvalidValue, …StartDate, …EndDate or Request_BadRequest
 */
export function readKeyCredentials(value: unknown, stored: readonly KeyCredential[]): KeyCredential[] {
  if (!Array.isArray(value)) throw invalidProperty("keyCredentials", RESOURCE);
  return value.map((entry) => {
    if (!isJsonObject(entry)) throw invalidProperty("keyCredentials", RESOURCE);
    const known = stored.find(
      ({ keyId }) => keyId.toLowerCase() === String(entry["keyId"] ?? "").toLowerCase(),
    );
    if ((entry["key"] ?? null) === null && known !== undefined) return keepCertificate(entry, known);
    return readKeyCredential(entry);
  });
}

/**
 * Reads one certificate.
 *
 * @param entry - as it was sent
 * @returns the credential
 * @throws {GraphFault} KeyCredentialsInvalidValue, …StartDate, …EndDate or Request_BadRequest
 */
export function readKeyCredential(entry: JsonObject): KeyCredential {
  const certificate = readKey(entry["key"]);
  const type = entry["type"];
  if (typeof type !== "string" || !KEY_TYPES.includes(type)) throw invalidProperty("type", RESOURCE);
  const usage = entry["usage"];
  if (usage !== "Verify" && usage !== "Sign")
    throw new GraphFault(
      "Request_BadRequest",
      'The value for the property "usage" in one of your credentials is invalid. Acceptable values are Sign, Verify.',
    );
  return {
    keyId: readKeyId(entry["keyId"]),
    customKeyIdentifier: readIdentifier(entry["customKeyIdentifier"], certificate),
    displayName: readName(entry["displayName"]),
    type,
    usage,
    der: certificate.raw,
    ...readValidity(entry, certificate),
  };
}

/**
 * Makes a secret.
 *
 * @param entry - `displayName`, `startDateTime` and `endDateTime` as they were sent
 * @param nowMs - milliseconds since 1970 UTC
 * @returns the credential to store, and the secret's text, which is shown once
 * @throws {GraphFault} Request_BadRequest
 */
export function makePasswordCredential(
  entry: JsonObject,
  nowMs: number,
): { readonly credential: PasswordCredential; readonly secretText: string } {
  if (entry["secretText"] !== undefined && entry["secretText"] !== null)
    throw new GraphFault("Request_BadRequest", "The secretText of a password credential cannot be chosen.");
  // 40 characters with the marker that secret scanners look for, as the service makes them.
  const random = randomBytes(60).toString("base64").replaceAll(/[+/=]/g, "");
  const secretText = `${random.slice(0, 3)}8Q~${random.slice(3, 37)}`;
  const startAtMs = readInstant("startDateTime", entry["startDateTime"]) ?? nowMs;
  const end = new Date(startAtMs);
  end.setUTCFullYear(end.getUTCFullYear() + SECRET_YEARS);
  const endAtMs = readInstant("endDateTime", entry["endDateTime"]) ?? end.getTime();
  if (endAtMs <= startAtMs) throw invalidProperty("endDateTime", RESOURCE);
  const credential = {
    keyId: randomUUID(),
    displayName: readName(entry["displayName"]),
    hint: secretText.slice(0, 3),
    secretSha256: createHash("sha256").update(secretText).digest("hex"),
    startAtMs,
    endAtMs,
  };
  return { credential, secretText };
}

/**
 * Reads a date.
 *
 * @param name - of the property
 * @param value - ISO 8601, or nothing
 * @returns milliseconds since 1970 UTC; `undefined` when nothing was sent
 * @throws {GraphFault} Request_BadRequest
 */
function readInstant(name: string, value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) throw invalidProperty(name, RESOURCE);
  return ms;
}

function keepCertificate(entry: JsonObject, known: KeyCredential): KeyCredential {
  const certificate = readKey(Buffer.from(known.der).toString("base64"));
  return {
    ...known,
    displayName: entry["displayName"] === undefined ? known.displayName : readName(entry["displayName"]),
    ...readValidity(
      { startDateTime: formatSeconds(known.startAtMs), endDateTime: formatSeconds(known.endAtMs), ...entry },
      certificate,
    ),
  };
}

/** The entry may not promise more than the certificate does, not even a second. */
function readValidity(
  entry: JsonObject,
  certificate: X509Certificate,
): { startAtMs: number; endAtMs: number } {
  const notBeforeMs = Date.parse(certificate.validFrom);
  const notAfterMs = Date.parse(certificate.validTo);
  const startAtMs = readInstant("startDateTime", entry["startDateTime"]) ?? notBeforeMs;
  const endAtMs = readInstant("endDateTime", entry["endDateTime"]) ?? notAfterMs;
  if (endAtMs > notAfterMs || endAtMs <= startAtMs) throw new GraphFault("KeyCredentialsInvalidEndDate");
  if (startAtMs < notBeforeMs) throw new GraphFault("KeyCredentialsInvalidStartDate");
  return { startAtMs, endAtMs };
}

function readKey(value: unknown): X509Certificate {
  if (typeof value !== "string" || value === "") throw new GraphFault("KeyCredentialsInvalidValue");
  try {
    return readCertificate(value, "key");
  } catch (error) {
    if (error instanceof JsonPlaceError) throw new GraphFault("KeyCredentialsInvalidValue");
    throw error;
  }
}

function readKeyId(value: unknown): string {
  if (value === undefined || value === null) return randomUUID();
  if (typeof value !== "string" || !GUID.test(value)) throw invalidProperty("keyId", RESOURCE);
  return value.toLowerCase();
}

function readIdentifier(value: unknown, certificate: X509Certificate): string {
  if (value === undefined || value === null) return certificate.fingerprint.replaceAll(":", "");
  const isTooLong =
    typeof value !== "string" || Buffer.from(value, "base64").length > LONGEST_IDENTIFIER_BYTES;
  if (isTooLong || value === "")
    throw new GraphFault(
      "Request_BadRequest",
      "When present, application key identifier cannot be empty and can be at most 32 bytes.",
    );
  return value;
}

function readName(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string" || value.length > LONGEST_NAME)
    throw invalidProperty("displayName", RESOURCE);
  return value;
}

function formatSeconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.000Z$/, "Z");
}

function formatInstantMs(ms: number): string {
  return new Date(ms).toISOString().replace(/Z$/, "0000Z");
}
