import { createPrivateKey } from "node:crypto";
import type { KeyCredentialEntry, Manifest, ValueForm } from "../artifact.ts";
import { isPlaceholder } from "../placeholder.ts";
import { addCertificate, readCertificateDer } from "./certificate.ts";
import { isRecord, originOf, type Reading, stringMember } from "./reading.ts";

/** Members of a keyCredentials entry in either format. */
export const ENTRY_NAMES = [
  "customKeyIdentifier",
  "startDate",
  "endDate",
  "startDateTime",
  "endDateTime",
  "keyId",
  "type",
  "usage",
  "value",
  "key",
  "displayName",
] as const;

/**
 * Tells whether a JSON object is an application manifest.
 *
 * @param record - plain JSON object
 * @returns true for manifests of either format, also in part
 */
export function looksLikeManifest(record: Readonly<Record<string, unknown>>): boolean {
  if (Array.isArray(record["keyCredentials"]) || Array.isArray(record["requiredResourceAccess"])) return true;
  if (Array.isArray(record["passwordCredentials"])) return true;
  if (typeof record["appId"] !== "string") return false;
  return ["signInAudience", "replyUrlsWithType", "passwordCredentials", "identifierUris"].some(
    (name) => record[name] !== undefined,
  );
}

/**
 * Tells whether a JSON object is one entry of keyCredentials.
 *
 * @param record - plain JSON object
 * @returns true when enough of its members are there
 */
export function looksLikeEntry(record: Readonly<Record<string, unknown>>): boolean {
  const has = (name: string): boolean => record[name] !== undefined;
  if (has("secretText") || has("hint")) return false;
  const looksTyped =
    /X509|Symmetric/i.test(String(record["type"] ?? "")) ||
    /^(?:Verify|Sign)$/i.test(String(record["usage"] ?? ""));
  return looksTyped && (has("customKeyIdentifier") || has("value") || has("key") || has("keyId"));
}

/**
 * Reads a manifest, or a part of one.
 *
 * @param reading - the input
 * @param record - the manifest as JSON
 * @param place - where it stood
 * @param syntaxError - why it was not strict JSON
 */
export function readManifest(
  reading: Reading,
  record: Readonly<Record<string, unknown>>,
  place: string,
  syntaxError?: string | undefined,
): void {
  const list = record["keyCredentials"];
  const entries = Array.isArray(list) ? list.filter(isRecord) : [];
  addManifest(reading, record, entries, place, {
    hasKeyCredentials: Array.isArray(list),
    syntaxError,
    isFragment: false,
  });
}

/**
 * Reads entries of keyCredentials that stand alone.
 *
 * @param reading - the input
 * @param entries - the entries
 * @param place - where they stood
 * @param options - syntax error, and whether members may be missing because the text was cut
 */
export function readEntries(
  reading: Reading,
  entries: ReadonlyArray<Record<string, unknown>>,
  place: string,
  options: { syntaxError?: string | undefined; isFragment: boolean },
): void {
  addManifest(reading, {}, entries, place, {
    hasKeyCredentials: true,
    syntaxError: options.syntaxError,
    isFragment: options.isFragment,
  });
}

function addManifest(
  reading: Reading,
  members: Readonly<Record<string, unknown>>,
  entries: ReadonlyArray<Record<string, unknown>>,
  place: string,
  facts: Pick<Manifest, "hasKeyCredentials" | "syntaxError" | "isFragment">,
): void {
  const key = JSON.stringify([members, entries]);
  if (reading.seenManifests.has(key)) return;
  reading.seenManifests.add(key);
  const read = entries.slice(0, 200).map((entry, index) => readEntry(reading, entry, index, place));
  for (const name of ["passwordCredentials"]) {
    const secrets = members[name];
    if (Array.isArray(secrets)) {
      for (const secret of secrets.filter(isRecord)) reading.secrets.add(stringMember(secret, "secretText"));
    }
  }
  const format = formatOf(members, entries);
  const appId = stringMember(members, "appId");
  const what = members["keyCredentials"] === undefined && appId === undefined ? "key credential" : "manifest";
  reading.artifacts.push({
    kind: "manifest",
    origin: originOf(reading, place),
    summary: `${what}${appId === undefined ? "" : ` of application ${appId}`}, ${read.length} key credential${read.length === 1 ? "" : "s"}`,
    format,
    appId,
    objectId: stringMember(members, "id") ?? stringMember(members, "objectId"),
    entries: read,
    members,
    ...facts,
  });
}

function formatOf(
  members: Readonly<Record<string, unknown>>,
  entries: ReadonlyArray<Record<string, unknown>>,
): Manifest["format"] {
  const has = (name: string): boolean => members[name] !== undefined;
  if (
    ["replyUrlsWithType", "oauth2Permissions", "accessTokenAcceptedVersion", "availableToOtherTenants"].some(
      has,
    )
  ) {
    return "azureAdGraph";
  }
  if (has("api") || has("web") || (has("displayName") && has("signInAudience"))) return "graph";
  const old = entries.some((entry) => "startDate" in entry || "endDate" in entry || "value" in entry);
  const current = entries.some(
    (entry) => "startDateTime" in entry || "endDateTime" in entry || "key" in entry,
  );
  if (old === current) return "unknown";
  return old ? "azureAdGraph" : "graph";
}

function readEntry(
  reading: Reading,
  members: Record<string, unknown>,
  index: number,
  place: string,
): KeyCredentialEntry {
  const source = members["value"] !== undefined ? members["value"] : members["key"];
  const isThere = "value" in members || "key" in members;
  if (source === undefined || source === null) {
    return { index, members, certificate: undefined, valueForm: isThere ? "null" : "absent" };
  }
  if (typeof source !== "string") return { index, members, certificate: undefined, valueForm: "garbage" };
  const read = readValue(source);
  if (read.form === "privateKey") reading.secrets.add(source);
  if (read.certificate !== undefined)
    addCertificate(reading, read.certificate, "manifest", `${place}, entry ${index + 1}`);
  return { index, members, certificate: read.certificate, valueForm: read.form };
}

interface ValueRead {
  readonly form: ValueForm;
  readonly certificate: ReturnType<typeof readCertificateDer>;
}

function readValue(source: string): ValueRead {
  const text = source.trim();
  const nothing = { certificate: undefined };
  if (text === "") return { form: "garbage", ...nothing };
  if (/-----BEGIN/.test(text)) return readPemValue(text, "pem");
  if (/\.{3,}|…/.test(text)) {
    const isPemInside = /^LS0tLS1CRUdJTi/.test(text);
    return { form: isPemInside ? "base64OfPem" : "cut", ...nothing };
  }
  if (isPlaceholder(text)) return { form: "placeholder", ...nothing };
  const bare = text.replace(/\s+/g, "");
  if (!/^[\w+/-]+={0,2}$/.test(bare)) return { form: "garbage", ...nothing };
  const bytes = new Uint8Array(Buffer.from(bare, "base64"));
  const inner = Buffer.from(bytes.subarray(0, 11)).toString("latin1");
  if (inner === "-----BEGIN ") return readPemValue(Buffer.from(bytes).toString("latin1"), "base64OfPem");
  const certificate = readCertificateDer(bytes);
  if (certificate !== undefined) return { form: bare === text ? "der" : "derWithBreaks", certificate };
  if (bytes[0] !== 0x30) return { form: "garbage", ...nothing };
  if (isPrivateKey(bytes)) return { form: "privateKey", ...nothing };
  if (declaredLength(bytes) > bytes.length) return { form: "cut", ...nothing };
  return { form: bytes[bytes[1] === 0x82 ? 4 : 2] === 0x02 ? "pfx" : "garbage", ...nothing };
}

function readPemValue(text: string, form: "pem" | "base64OfPem"): ValueRead {
  if (/PRIVATE KEY/.test(text)) return { form: "privateKey", certificate: undefined };
  const body = /-----BEGIN CERTIFICATE-----([^-]*)/.exec(text)?.[1] ?? "";
  const der = new Uint8Array(Buffer.from(body.replace(/\\[rn]/g, "").replace(/\s+/g, ""), "base64"));
  return { form, certificate: readCertificateDer(der) };
}

function isPrivateKey(bytes: Uint8Array): boolean {
  return (["pkcs8", "pkcs1", "sec1"] as const).some((type) => {
    try {
      createPrivateKey({ key: Buffer.from(bytes), format: "der", type });
      return true;
    } catch {
      return false;
    }
  });
}

function declaredLength(bytes: Uint8Array): number {
  const first = bytes[1] ?? 0;
  if (first < 0x80) return first + 2;
  const count = first & 0x7f;
  if (count === 0 || count > 4) return 0;
  let length = 0;
  for (let at = 0; at < count; at += 1) length = length * 256 + (bytes[2 + at] ?? 0);
  return length + 2 + count;
}
