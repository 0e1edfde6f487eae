/**
 * Finds out what a paste holds: bytes or text to artifacts.
 */
import type { Artifact } from "../artifact.ts";
import type { SecretKeeper } from "../secrets.ts";
import { scanForBareRefusals } from "./bare-refusal.ts";
import { scanForCalendarFeed } from "./calendar-feed.ts";
import { readBinary, scanForPem } from "./certificate.ts";
import { languageOf, scanForCode } from "./code.ts";
import { scanForCurl } from "./curl.ts";
import { scanForDiagnostics, scanForEws } from "./exchange.ts";
import { findListedEntries } from "./format-list.ts";
import { scanForGraphErrors } from "./graph-error.ts";
import { looksLikeHar, readHar } from "./har.ts";
import { readHttpText, scanForAddresses } from "./http-text.ts";
import { readJsonValue } from "./json-value.ts";
import { addDecodedJwt, CLAIM_NAMES, HEADER_NAMES, readCompactJwt, scanForJwts } from "./jwt.ts";
import { findJsonObjects, findLoosePairs, type LoosePair } from "./lenient-json.ts";
import { scanForLibraryMessages } from "./library-message.ts";
import { ENTRY_NAMES, readEntries } from "./manifest.ts";
import { lineOf, type Reading } from "./reading.ts";
import { findRepeatedRequests, scanForLogFacts } from "./run-log.ts";
import { scanForSettings } from "./setting.ts";
import { scanForSignInErrors } from "./sign-in-error.ts";
import { scanForThumbprints } from "./thumbprint.ts";
import { scanForTokenRefusals } from "./token-refusal.ts";
import { scanForTokenRequests } from "./token-request.ts";

/** Longest text that is read in full, in characters; HAR files are read entry by entry whatever their size. */
export const TEXT_LIMIT = 2_000_000;

/** One thing that was pasted. */
export interface RecogniserInput {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly passphrase: string | undefined;
}

/** What came of one input. */
export interface Recognition {
  readonly artifacts: readonly Artifact[];
  /** True when only the beginning was read. */
  readonly isCut: boolean;
}

/**
 * Finds everything that the doctor knows in one input.
 *
 * @param input - name and content
 * @param secrets - takes what must not be printed
 * @returns artifacts in the order in which they were found
 */
export function recognise(input: RecogniserInput, secrets: SecretKeeper): Recognition {
  const reading: Reading = {
    input: input.name,
    secrets,
    passphrase: input.passphrase,
    artifacts: [],
    seenJwts: new Set(),
    seenManifests: new Set(),
    seenCertificates: new Set(),
  };
  const readBody = (body: string, place: string, status?: number | undefined): void =>
    readText(reading, body.slice(0, TEXT_LIMIT), place, status);
  const bytes =
    typeof input.content === "string"
      ? undefined
      : Buffer.from(input.content.buffer, input.content.byteOffset, input.content.byteLength);
  if (bytes !== undefined && readBinary(reading, bytes, "the file"))
    return { artifacts: reading.artifacts, isCut: false };
  const head =
    bytes === undefined ? String(input.content).slice(0, 4000) : decodeText(bytes.subarray(0, 4000));
  if (looksLikeHar(head)) {
    readHar(reading, bytes ?? Buffer.from(String(input.content), "utf8"), readBody);
    findRepeatedRequests(reading);
    return { artifacts: reading.artifacts, isCut: false };
  }
  const size = bytes?.length ?? String(input.content).length;
  const text = bytes === undefined ? String(input.content) : decodeText(bytes.subarray(0, TEXT_LIMIT * 2));
  const clean = text
    .slice(0, TEXT_LIMIT)
    .replace(/^\ufeff/, "")
    .replace(/\0/g, "");
  readText(reading, clean, undefined, undefined);
  return { artifacts: reading.artifacts, isCut: size > TEXT_LIMIT && text.length > TEXT_LIMIT };
}

function readText(
  reading: Reading,
  text: string,
  place: string | undefined,
  status: number | undefined,
): void {
  const trimmed = text.trim();
  if (trimmed === "") return;
  const json = parseWhole(trimmed);
  if (json !== undefined) {
    const rest = readJsonValue(reading, json.value, place ?? "", { status });
    const strings = rest.join("\n");
    scanForPem(reading, strings);
    readBase64Pem(reading, strings);
    readPlainText(reading, strings, place);
    return;
  }
  if (readWholeToken(reading, trimmed)) return;
  const readBody = (body: string, where: string, code?: number | undefined): void =>
    readText(reading, body, where, code);
  const language = languageOf(text);
  const isCode = language !== undefined && language !== "shell";
  const hadCurl = scanForCurl(reading, text, readBody);
  const hadHttp = place === undefined && readHttpText(reading, text, readBody);
  if (!hadCurl && !hadHttp) {
    scanForTokenRequests(reading, text, isCode);
    scanForAddresses(reading, text);
  }
  const rest = readEmbeddedJson(reading, text, place, isCode);
  if (!isCode) readLoosePairs(reading, rest, text);
  scanForCode(reading, text);
  scanForSettings(reading, text);
  scanForPem(reading, text);
  readBase64Pem(reading, text);
  readBareBase64(reading, trimmed);
  const plain = withoutEnumerations(withoutImports(rest));
  readPlainText(
    reading,
    isCode ? withoutThrown(withoutComparisons(plain)) : withoutComparedCodes(plain),
    place,
  );
}

/** Names of errors that a Python program imports or catches. */
function withoutImports(text: string): string {
  if (!/^[ \t]{0,40}(?:from\s[\w.]{1,80}\simport|except)\s/m.test(text)) return text;
  return text.replace(
    /^[ \t]{0,40}(?:from\s[\w.]{1,80}\simport\s(?:\([^)]{0,2000}\)|[^\n]{1,400})|except\s[^\n]{1,400}:)[ \t]{0,20}$/gm,
    " ",
  );
}

/** Schemas list every code that there is. */
function withoutEnumerations(text: string): string {
  if (!/enum/i.test(text)) return text;
  return text
    .replace(/<(?:\w{1,10}:)?enumeration\s{1,10}value="[^"\n]{0,200}"\s{0,5}\/?>/gi, " ")
    .replace(/["']?enum["']?\s{0,3}[:=]\s{0,3}\[[^\][]{0,4000}\]/gi, " ");
}

/** A program that handles an error names it; that does not mean that it happened. */
function withoutComparisons(code: string): string {
  return code
    .replace(
      /(?:[=!]==?|\bcase|\b(?:includes|startsWith|equals|Contains|StartsWith|Equals)\()\s{0,5}["'`][^"'`\n]{1,200}["'`]/g,
      " ",
    )
    .replace(/\bServiceError\.\w{1,80}|\b(?:except|catch)\s{0,3}\(?[\w.,| ]{1,200}/g, " ");
}

/** A line of a program that is too short to be known as one. */
function withoutComparedCodes(text: string): string {
  return text.replace(
    /[=!]==?\s{0,5}["'`](?:Error[A-Z]|AADSTS|MailboxNot|[A-Z][a-z]{2,30}_)\w{0,60}["'`]/g,
    " ",
  );
}

/** What a program would say if something went wrong. */
function withoutThrown(code: string): string {
  return code.replace(/^[^\n]{0,200}?\bthrow\s[^\n]{0,400}["'][^\n]{0,400}$/gm, " ");
}

function readPlainText(reading: Reading, text: string, place: string | undefined): void {
  if (text.trim() === "") return;
  scanForSignInErrors(reading, text, place);
  scanForDiagnostics(reading, text);
  scanForEws(reading, text);
  scanForGraphErrors(reading, text);
  scanForJwts(reading, text, (offset) => place ?? lineOf(text, offset));
  scanForThumbprints(reading, text);
  scanForLibraryMessages(reading, text);
  scanForTokenRefusals(reading, text);
  scanForCalendarFeed(reading, text);
  scanForLogFacts(reading, text);
  scanForBareRefusals(reading, text);
}

function parseWhole(text: string): { value: unknown } | undefined {
  if (!/^[{["]/.test(text)) return undefined;
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** The whole input is one JWT, however broken. */
function readWholeToken(reading: Reading, text: string): boolean {
  if (text.length > 100_000 || !/^(?:Bearer\s+|["'])?ey[\w+/=-]+\.[\w+/=.\s-]+["']?$/i.test(text))
    return false;
  if (/\s[a-z]{1,12}\s/.test(text)) return false;
  readCompactJwt(reading, text, "line 1");
  return true;
}

/** Reads JSON objects inside the text and returns the text without them. */
function readEmbeddedJson(
  reading: Reading,
  text: string,
  place: string | undefined,
  isCode: boolean,
): string {
  const objects = findJsonObjects(text);
  if (objects.length === 0) return text;
  let rest = "";
  let at = 0;
  let pendingHeader: Record<string, unknown> | undefined;
  for (const object of objects) {
    rest += text.slice(at, object.start);
    at = object.end;
    const { value } = object;
    const where = place ?? lineOf(text, object.start);
    // What stands in braces in a program holds its variables, not values.
    if (isCode && object.syntaxError !== undefined && !isLogged(value)) {
      rest += ` ${text.slice(object.start, object.end)} `;
      continue;
    }
    if (typeof value["alg"] === "string" && value["iss"] === undefined && value["kty"] === undefined) {
      if (pendingHeader !== undefined) addDecodedJwt(reading, pendingHeader, undefined, where, true);
      pendingHeader = value;
      continue;
    }
    const before = reading.artifacts.length;
    const strings = readJsonValue(reading, value, where, {
      syntaxError: object.syntaxError,
      isEmbedded: true,
      status: statusBefore(text, object.start),
    });
    const made = reading.artifacts[before];
    if (pendingHeader !== undefined && made?.kind === "jwt" && made.header === undefined) {
      reading.artifacts.splice(before, 1);
      addDecodedJwt(reading, pendingHeader, made.payload ?? {}, where, false);
      pendingHeader = undefined;
    }
    rest +=
      reading.artifacts.length === before
        ? ` ${text.slice(object.start, object.end)} `
        : ` ${strings.join("\n")} `;
  }
  if (pendingHeader !== undefined)
    addDecodedJwt(reading, pendingHeader, undefined, place ?? "the text", true);
  return rest + text.slice(at);
}

/** The status in front of a body, as logs of HTTP clients print it. */
function statusBefore(text: string, at: number): number | undefined {
  const lead = text.slice(Math.max(0, at - 160), at);
  const match =
    /(?:HTTP\/[\d.]{1,3}\s|\bstatus(?:\s?code)?["']?\s{0,3}[:=]?\s{0,3}|<--\s)([45]\d\d)\b[^{]{0,120}$/i.exec(
      lead,
    );
  return match === null ? undefined : Number(match[1]);
}

/** An answer of the service or a manifest entry, which programs hold as they are. */
function isLogged(value: Readonly<Record<string, unknown>>): boolean {
  return ["error", "error_description", "keyCredentials", "customKeyIdentifier"].some(
    (name) => value[name] !== undefined,
  );
}

/** Decoded tokens and manifest entries whose braces were lost on the way. */
function readLoosePairs(reading: Reading, rest: string, whole: string): void {
  if (!reading.artifacts.some((item) => item.kind === "manifest")) {
    const listed = findListedEntries(rest);
    if (listed !== undefined)
      readEntries(reading, [...listed.entries], lineOf(whole, listed.at), {
        syntaxError: undefined,
        isFragment: true,
      });
    const groups = groupPairs(findLoosePairs(rest, ENTRY_NAMES));
    const entries = groups.filter((group) => isEntryGroup(group)).map(recordOf);
    const first = groups.find(isEntryGroup)?.[0];
    if (entries.length > 0 && first !== undefined) {
      const hasStray = groups.some((group) =>
        group.some((pair) => pair.isBare && String(pair.value).includes('"')),
      );
      readEntries(reading, entries, lineOf(whole, first.at), {
        syntaxError: hasStray ? "text stands before the quote of a value" : undefined,
        isFragment: /\.{3,}|…/.test(rest.slice(first.at)),
      });
    }
  }
  if (reading.artifacts.some((item) => item.kind === "jwt")) return;
  const header = recordOf(findLoosePairs(rest, HEADER_NAMES));
  const payload = recordOf(findLoosePairs(rest, CLAIM_NAMES));
  const hasHeader = typeof header["alg"] === "string" || header["x5t"] !== undefined;
  const claimCount = ["iss", "sub", "aud", "exp", "nbf"].filter((name) => payload[name] !== undefined).length;
  if (claimCount >= 2) addDecodedJwt(reading, hasHeader ? header : undefined, payload, "the text", true);
}

function groupPairs(pairs: readonly LoosePair[]): LoosePair[][] {
  const groups: LoosePair[][] = [];
  for (const pair of pairs) {
    const current = groups.at(-1);
    if (current === undefined || current.some((other) => other.name === pair.name)) groups.push([pair]);
    else current.push(pair);
  }
  return groups;
}

function isEntryGroup(group: readonly LoosePair[]): boolean {
  const record = recordOf(group);
  const isTyped =
    /X509|Symmetric/i.test(String(record["type"] ?? "")) ||
    /^(?:Verify|Sign)$/i.test(String(record["usage"] ?? ""));
  return (
    isTyped && ["customKeyIdentifier", "value", "key", "keyId"].some((name) => record[name] !== undefined)
  );
}

function recordOf(pairs: readonly LoosePair[]): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const pair of pairs) record[pair.name] ??= pair.value;
  return record;
}

/** A `.cer` in base64 without armour, or a PFX that was base64 encoded. */
function readBareBase64(reading: Reading, text: string): void {
  if (text.length < 200 || text.length > 400_000 || !/^MI[\w+/-]/.test(text)) return;
  const bare = text.replace(/\s+/g, "");
  if (!/^[\w+/-]+={0,2}$/.test(bare)) return;
  readBinary(reading, new Uint8Array(Buffer.from(bare, "base64")), "the text", "base64");
}

/** PEM text that was base64 encoded once more, as secrets of Kubernetes and variables of pipelines hold it. */
function readBase64Pem(reading: Reading, text: string): void {
  let count = 0;
  for (const match of text.matchAll(/(?<![\w+/])LS0tLS1CRUdJTi[\w+/\r\n]{100,200000}={0,2}/g)) {
    const pem = Buffer.from(match[0].replace(/\s+/g, ""), "base64").toString("utf8");
    if (/-----BEGIN [A-Z0-9 ]{1,40}-----/.test(pem)) scanForPem(reading, pem);
    count += 1;
    if (count >= 10) break;
  }
}

function decodeText(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString("utf16le");
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2)))
      .swap16()
      .toString("utf16le");
  if (bytes.length > 3 && bytes[1] === 0 && bytes[3] === 0) return bytes.toString("utf16le");
  return bytes.toString("utf8");
}
