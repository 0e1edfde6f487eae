/** What the keys and secrets of an application's manifest are, in either format. */
import { type Certificate, isNightlatchError, parseCertificate } from "@nightlatch/credential";
import { cliError } from "./errors.ts";

/** One entry of `keyCredentials` or `passwordCredentials`, decoded. The value of a secret is never taken over. */
export interface ManifestEntry {
  readonly kind: "certificate" | "secret";
  readonly keyId: string | undefined;
  /** `displayName`, for a secret also the first letters the directory shows as `hint`. */
  readonly displayName: string | undefined;
  readonly type: string | undefined;
  readonly usage: string | undefined;
  /** As they stand in the entry; RFC 3339. */
  readonly startsAt: string | undefined;
  readonly endsAt: string | undefined;
  /** SHA-1 of the certificate in upper-case hex, from the certificate or else from the entry. */
  readonly thumbprintSha1Hex: string | undefined;
  /** Certificate that the entry carries; absent where the directory left the value out, as Graph does. */
  readonly certificate: Certificate | undefined;
  /** What is odd, one sentence each. */
  readonly remarks: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads the entries of a manifest.
 *
 * @param text - an application as the portal or Graph shows it, a list of them with one member, or its `keyCredentials` alone
 * @param sourceName - file name for messages
 * @returns the entries in their order, certificates first
 * @throws NightlatchError `CLI_MANIFEST_UNREADABLE`
 */
export function readManifestEntries(text: string, sourceName: string): readonly ManifestEntry[] {
  const application = applicationIn(parse(text, sourceName), sourceName);
  const keys = listOf(application, "keyCredentials", sourceName).map(keyEntry);
  const secrets = listOf(application, "passwordCredentials", sourceName).map(secretEntry);
  return [...keys, ...secrets];
}

function parse(text: string, sourceName: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    // The parser quotes what it read, which may be a key file given by mistake.
    const position = /position (\d+)/.exec((error as Error).message)?.[1];
    const line = position === undefined ? undefined : text.slice(0, Number(position)).split("\n").length;
    throw cliError(
      "CLI_MANIFEST_UNREADABLE",
      `Cannot read "${sourceName}"${line === undefined ? "" : `, line ${line}`}: it is not JSON`,
    );
  }
}

function applicationIn(value: unknown, sourceName: string): Json {
  if (Array.isArray(value)) return { keyCredentials: value };
  if (!isObject(value)) throw unfit(sourceName, "it is no JSON object");
  const { value: list } = value;
  if (Array.isArray(list) && value["keyCredentials"] === undefined) {
    const [only, second] = list;
    if (second !== undefined || !isObject(only))
      throw unfit(sourceName, `it lists ${list.length} applications, wanted one`);
    return only;
  }
  if (value["keyCredentials"] === undefined && value["passwordCredentials"] === undefined)
    throw unfit(sourceName, "it has neither keyCredentials nor passwordCredentials");
  return value;
}

function listOf(application: Json, name: string, sourceName: string): readonly Json[] {
  const list = application[name] ?? [];
  if (!Array.isArray(list)) throw unfit(sourceName, `its ${name} is no list`);
  return list.map((entry, index) => {
    if (!isObject(entry)) throw unfit(sourceName, `${name}[${index}] is no object`);
    return entry;
  });
}

function unfit(sourceName: string, why: string): Error {
  return cliError("CLI_MANIFEST_UNREADABLE", `Cannot read "${sourceName}" as a manifest: ${why}`);
}

function keyEntry(entry: Json): ManifestEntry {
  const value = textOf(entry["key"]) ?? textOf(entry["value"]);
  const certificate = value === undefined ? undefined : certificateIn(value);
  const identifier = textOf(entry["customKeyIdentifier"]);
  const named = identifier === undefined ? undefined : thumbprintIn(identifier);
  const startsAt = textOf(entry["startDateTime"]) ?? textOf(entry["startDate"]);
  const endsAt = textOf(entry["endDateTime"]) ?? textOf(entry["endDate"]);
  return {
    kind: "certificate",
    keyId: textOf(entry["keyId"]),
    displayName: textOf(entry["displayName"]),
    type: textOf(entry["type"]),
    usage: textOf(entry["usage"]),
    startsAt,
    endsAt,
    thumbprintSha1Hex: certificate?.thumbprintSha1.hex ?? named,
    certificate,
    remarks: [
      value !== undefined && certificate === undefined ? "the value is no certificate" : undefined,
      certificate !== undefined && named !== undefined && named !== certificate.thumbprintSha1.hex
        ? "customKeyIdentifier is not the SHA-1 thumbprint of this certificate"
        : undefined,
      certificate !== undefined && endsAt !== undefined && Date.parse(endsAt) > certificate.notAfter.getTime()
        ? `endDate is later than the certificate's own end, ${dayOf(certificate.notAfter)}`
        : undefined,
      entry["type"] !== "AsymmetricX509Cert" ? `type is ${quoted(entry["type"])}` : undefined,
      entry["usage"] !== "Verify" ? `usage is ${quoted(entry["usage"])}` : undefined,
    ].filter((remark) => remark !== undefined),
  };
}

function secretEntry(entry: Json): ManifestEntry {
  const hint = textOf(entry["hint"]);
  const name = textOf(entry["displayName"]);
  const isShown = (textOf(entry["secretText"]) ?? textOf(entry["value"])) !== undefined;
  return {
    kind: "secret",
    keyId: textOf(entry["keyId"]),
    displayName: [name, hint === undefined ? undefined : `${hint}…`].filter(Boolean).join(" ") || undefined,
    type: undefined,
    usage: undefined,
    startsAt: textOf(entry["startDateTime"]) ?? textOf(entry["startDate"]),
    endsAt: textOf(entry["endDateTime"]) ?? textOf(entry["endDate"]),
    thumbprintSha1Hex: undefined,
    certificate: undefined,
    remarks: isShown ? ["the file holds the secret itself: do not pass it on"] : [],
  };
}

/** DER in base64, base64 of a whole PEM text as some recipes have it, or PEM as it is. */
function certificateIn(value: string): Certificate | undefined {
  for (const bytes of [value, Buffer.from(value, "base64")])
    try {
      return parseCertificate(bytes);
    } catch (error) {
      if (!isNightlatchError(error)) throw error;
    }
  return undefined;
}

/** The directory takes the thumbprint as base64 and shows it as hex, or the other way round. */
function thumbprintIn(identifier: string): string | undefined {
  const compact = identifier.replaceAll(/[\s:]/g, "");
  if (/^[0-9a-f]{40}$/i.test(compact)) return compact.toUpperCase();
  const bytes = Buffer.from(compact, "base64");
  if (bytes.length === 20) return bytes.toString("hex").toUpperCase();
  const inner = bytes.toString("latin1");
  return /^[0-9a-f]{40}$/i.test(inner) ? inner.toUpperCase() : undefined;
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function quoted(value: unknown): string {
  return value === undefined ? "missing" : `"${String(value)}"`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
