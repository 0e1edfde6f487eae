/**
 * Adds a certificate to an application manifest without touching anything else in the file.
 *
 * The rules are: every other character of the text stays as it is, also line ends, byte order mark and members that
 * nobody knows; an entry is never dropped; a certificate that is there already is not added again.
 */
import { refusal } from "../refusal.ts";
import type { Certificate } from "../x509/certificate.ts";
import { type JsonMember, type JsonNode, parseJsonText, placeAt } from "./json-text.ts";
import { createKeyCredential, type KeyCredentialOptions, type ManifestFormat } from "./key-credential.ts";

/** Options of {@link mergeKeyCredential}. */
export interface MergeOptions extends KeyCredentialOptions {
  /** Spelling of the entry. @defaultValue that of the manifest, or "graph" where nothing in it tells */
  readonly format?: ManifestFormat | undefined;
  /** File name for messages. @defaultValue "the manifest" */
  readonly sourceName?: string | undefined;
}

/** What {@link mergeKeyCredential} made. */
export interface MergedManifest {
  /** The manifest with the entry; the same text when nothing was added. */
  readonly manifestText: string;
  /** The spelling that the entry has. */
  readonly format: ManifestFormat;
  /** False when the certificate was there already. */
  readonly added: boolean;
  /** GUID of the entry, new or found; empty when the entry that was found has none. */
  readonly keyId: string;
}

const OLD_MEMBERS = [
  "replyUrlsWithType",
  "oauth2Permissions",
  "accessTokenAcceptedVersion",
  "replyUrls",
  "availableToOtherTenants",
  "oauth2AllowImplicitFlow",
  "oauth2AllowIdTokenImplicitFlow",
  "allowPublicClient",
  "informationalUrls",
  "knownClientApplications",
  "objectId",
  "homepage",
];
const NEW_MEMBERS = [
  "api",
  "web",
  "spa",
  "publicClient",
  "isFallbackPublicClient",
  "info",
  "displayName",
  "@odata.context",
];

/**
 * Adds the entry of a certificate to the `keyCredentials` of a manifest.
 *
 * @param manifestText - the manifest as the portal shows it or Graph returns it, in either spelling
 * @param certificate - the certificate
 * @param options - key id, display name, format, name for messages
 * @returns the new text and what was done
 * @throws {@link NightlatchError} `CREDENTIAL_MANIFEST_MALFORMED` with line and column, `CREDENTIAL_MANIFEST_SHAPE`,
 *   `CREDENTIAL_KEY_ID_INVALID`, `CREDENTIAL_KEY_ID_TAKEN`, `CREDENTIAL_DISPLAY_NAME_TOO_LONG`
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createSelfSigned, mergeKeyCredential } from "@nightlatch/credential";
 *
 * const { credential } = await createSelfSigned({ subject: "CN=timetable" });
 * const first = mergeKeyCredential('{"web":{},"keyCredentials":[]}', credential.certificate);
 * assert.equal(first.format, "graph");
 * const again = mergeKeyCredential(first.manifestText, credential.certificate);
 * assert.deepEqual([again.added, again.manifestText], [false, first.manifestText]);
 * ```
 * @see https://learn.microsoft.com/entra/identity-platform/reference-microsoft-graph-app-manifest
 */
export function mergeKeyCredential(
  manifestText: string,
  certificate: Certificate,
  options: MergeOptions = {},
): MergedManifest {
  const sourceName = options.sourceName ?? "the manifest";
  const top = parseJsonText(manifestText, sourceName);
  const member = findKeyCredentials(manifestText, top, sourceName);
  const entries = readEntries(manifestText, member, sourceName);
  const format = options.format ?? detectFormat(top, entries);
  const present = entries.find((entry) => isSameCertificate(entry, certificate));
  if (present !== undefined)
    return {
      manifestText,
      format,
      added: false,
      keyId: typeof present["keyId"] === "string" ? present["keyId"] : "",
    };
  const entry = createKeyCredential(certificate, format, options);
  const taken = entries.some((other) => String(other["keyId"]).toLowerCase() === entry.keyId.toLowerCase());
  if (taken)
    throw refusal(
      "CREDENTIAL_KEY_ID_TAKEN",
      `Cannot add the keyId ${entry.keyId}: another key of ${sourceName} has it`,
    );
  return { manifestText: insert(manifestText, top, member, entry), format, added: true, keyId: entry.keyId };
}

function findKeyCredentials(text: string, top: JsonNode, sourceName: string): JsonMember | undefined {
  if (top.kind !== "object")
    throw shape(
      text,
      top.start,
      sourceName,
      `it is an ${top.kind === "array" ? "array" : "plain value"}, wanted an object`,
    );
  const found = top.members.filter((one) => one.name === "keyCredentials");
  const [member, second] = found;
  if (second !== undefined) throw shape(text, second.start, sourceName, "keyCredentials stands there twice");
  if (member === undefined) {
    const value = top.members.find((one) => one.name === "value");
    if (value?.value.kind === "array")
      throw shape(text, value.start, sourceName, "it is a list of applications, wanted one");
    return undefined;
  }
  if (member.value.kind !== "array" && member.value.kind !== "null")
    throw shape(
      text,
      member.value.start,
      sourceName,
      `keyCredentials is of type ${member.value.kind}, wanted an array`,
    );
  return member;
}

type Entry = Readonly<Record<string, unknown>>;

function readEntries(text: string, member: JsonMember | undefined, sourceName: string): readonly Entry[] {
  return (member?.value.items ?? []).map((item, index) => {
    if (item.kind !== "object")
      throw shape(
        text,
        item.start,
        sourceName,
        `keyCredentials[${index}] is of type ${item.kind}, wanted an object`,
      );
    return JSON.parse(text.slice(item.start, item.end)) as Entry;
  });
}

function detectFormat(top: JsonNode, entries: readonly Entry[]): ManifestFormat {
  for (const entry of entries) {
    if ("endDateTime" in entry || "startDateTime" in entry || "key" in entry) return "graph";
    if ("endDate" in entry || "startDate" in entry || "value" in entry) return "azureAdGraph";
  }
  const names = new Set(top.members.map((member) => member.name));
  const publicClient = top.members.find((member) => member.name === "publicClient")?.value.kind;
  if (publicClient === "true" || publicClient === "false") return "azureAdGraph";
  if (OLD_MEMBERS.some((name) => names.has(name))) return "azureAdGraph";
  if (NEW_MEMBERS.some((name) => names.has(name))) return "graph";
  return names.has("name") && names.has("signInAudience") ? "azureAdGraph" : "graph";
}

/** By the certificate where the entry holds it (DER, or the PEM text that some recipes encode), else by thumbprint. */
function isSameCertificate(entry: Entry, certificate: Certificate): boolean {
  const value = entry["key"] ?? entry["value"];
  if (typeof value === "string" && value !== "") {
    const bytes = Buffer.from(value, "base64");
    if (bytes.equals(certificate.der)) return true;
    const text = bytes.toString("latin1");
    if (!text.includes("-----BEGIN")) return false;
    const body = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END/.exec(text)?.[1] ?? "";
    return Buffer.from(body, "base64").equals(certificate.der);
  }
  const identifier = entry["customKeyIdentifier"];
  if (typeof identifier !== "string") return false;
  const { thumbprintSha1: sha1, thumbprintSha256: sha256 } = certificate;
  const known = [sha1.base64, sha1.base64url, sha256.base64, sha256.base64url];
  const upper = identifier.toUpperCase();
  return known.includes(identifier) || upper === sha1.hex || upper === sha256.hex;
}

function insert(text: string, top: JsonNode, member: JsonMember | undefined, entry: object): string {
  const style = styleOf(text, top);
  if (member === undefined) {
    const last = top.members.at(-1);
    const name = `"keyCredentials":${style.space}`;
    if (last === undefined) {
      const inside = `${name}${arrayText(entry, style, style.unit)}`;
      const body = style.newline === "" ? inside : `${style.newline}${style.unit}${inside}${style.newline}`;
      return `${text.slice(0, top.start + 1)}${body}${text.slice(top.end - 1)}`;
    }
    const gap = leadingSpace(text, last.start);
    const indent = gap.slice(gap.lastIndexOf("\n") + 1);
    return splice(text, last.value.end, last.value.end, `,${gap}${name}${arrayText(entry, style, indent)}`);
  }
  const { value } = member;
  const indent = indentOfLine(text, member.start);
  const last = value.items.at(-1);
  if (last === undefined) return splice(text, value.start, value.end, arrayText(entry, style, indent));
  const gap = leadingSpace(text, last.start);
  const lineIndent = indentOfLine(text, last.start);
  const multiline =
    style.newline !== "" && (gap.includes("\n") || text.slice(last.start, last.end).includes("\n"));
  const pretty = multiline ? indented(entry, style, lineIndent) : compact(entry, style);
  return splice(text, last.end, last.end, `,${gap}${pretty}`);
}

interface Style {
  /** Line end of the file; "" when it is written on one line. */
  readonly newline: string;
  /** One step of indentation. */
  readonly unit: string;
  /** What stands between a colon and a value. */
  readonly space: string;
}

function styleOf(text: string, top: JsonNode): Style {
  const body = text.slice(top.start, top.end);
  const newline = body.includes("\r\n") ? "\r\n" : body.includes("\n") ? "\n" : "";
  const first = top.members[0];
  const unit = first === undefined ? "" : leadingSpace(text, first.start).replace(/^[\s\S]*\n/, "");
  const colon =
    first === undefined
      ? " "
      : (/:(\s?)[\s\S]$/.exec(text.slice(first.start, first.value.start + 1))?.[1] ?? "");
  return {
    newline,
    unit: newline === "" ? "" : unit || "  ",
    space: colon === "" && newline === "" ? "" : " ",
  };
}

function arrayText(entry: object, style: Style, indent: string): string {
  if (style.newline === "") return `[${compact(entry, style)}]`;
  const inner = indent + style.unit;
  return `[${style.newline}${inner}${indented(entry, style, inner)}${style.newline}${indent}]`;
}

function indented(entry: object, style: Style, indent: string): string {
  return JSON.stringify(entry, null, style.unit).replaceAll("\n", `${style.newline}${indent}`);
}

function compact(entry: object, style: Style): string {
  const members = Object.entries(entry).map(
    ([name, value]) => `${JSON.stringify(name)}:${style.space}${JSON.stringify(value)}`,
  );
  return `{${members.join(`,${style.space}`)}}`;
}

function leadingSpace(text: string, index: number): string {
  let start = index;
  while (start > 0 && " \t\r\n".includes(text[start - 1] as string)) start -= 1;
  return text.slice(start, index);
}

function indentOfLine(text: string, index: number): string {
  const line = text.slice(text.lastIndexOf("\n", index - 1) + 1, index);
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}

function splice(text: string, start: number, end: number, replacement: string): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

function shape(text: string, index: number, sourceName: string, what: string): Error {
  const { line, column } = placeAt(text, index);
  return refusal(
    "CREDENTIAL_MANIFEST_SHAPE",
    `Cannot use ${sourceName}, line ${line}, column ${column}: ${what}`,
    { details: { sourceName, line, column } },
  );
}
