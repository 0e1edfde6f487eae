import { readCalendarJson } from "./calendar-json.ts";
import { readBinary } from "./certificate.ts";
import { readGraphErrorBody } from "./graph-error.ts";
import { addDecodedJwt, looksLikeHeader, looksLikePayload, readCompactJwt } from "./jwt.ts";
import { looksLikeEntry, looksLikeManifest, readEntries, readManifest } from "./manifest.ts";
import { readPostmanRequest } from "./postman.ts";
import { isRecord, type Reading, stringMember } from "./reading.ts";
import { readSignInErrorBody, readSignInLogEntry } from "./sign-in-error.ts";
import { addTokenRequest } from "./token-request.ts";

const DEPTH = 12;
const NODES = 20_000;

/** What a walk through one JSON document carries along. */
interface Walk {
  /** True for an object inside other text: a dictionary of a program looks like JSON and is mostly sent as a form. */
  readonly isEmbedded: boolean;
  readonly syntaxError: string | undefined;
  readonly status: number | undefined;
  header: { record: Record<string, unknown>; place: string } | undefined;
  nodes: number;
  readonly strings: string[];
}

/**
 * Reads everything of interest in a JSON value.
 *
 * @param reading - the input
 * @param value - parsed JSON
 * @param place - where it stood
 * @param options - why it was not strict JSON; HTTP status it came with; whether it stood inside other text
 * @returns long strings inside it that nothing has read, for the text recognisers
 */
export function readJsonValue(
  reading: Reading,
  value: unknown,
  place: string,
  options: {
    syntaxError?: string | undefined;
    status?: number | undefined;
    isEmbedded?: boolean | undefined;
  } = {},
): string[] {
  const walk: Walk = {
    isEmbedded: options.isEmbedded === true,
    syntaxError: options.syntaxError,
    status: options.status,
    header: undefined,
    nodes: 0,
    strings: [],
  };
  visit(reading, walk, value, place, 0);
  flushHeader(reading, walk);
  return walk.strings;
}

function visit(reading: Reading, walk: Walk, value: unknown, place: string, depth: number): void {
  walk.nodes += 1;
  if (depth > DEPTH || walk.nodes > NODES) return;
  if (typeof value === "string") {
    if (value.length >= 12) walk.strings.push(value);
    return;
  }
  if (Array.isArray(value)) {
    const entries = value.filter(isRecord);
    if (entries.length > 0 && entries.length === value.length && entries.every(looksLikeEntry)) {
      readEntries(reading, entries, place, { syntaxError: walk.syntaxError, isFragment: false });
      return;
    }
    for (const [index, item] of value.entries()) visit(reading, walk, item, `${place}[${index}]`, depth + 1);
    return;
  }
  if (isRecord(value)) visitRecord(reading, walk, value, place, depth);
}

function visitRecord(
  reading: Reading,
  walk: Walk,
  record: Record<string, unknown>,
  place: string,
  depth: number,
): void {
  if (readSignInErrorBody(reading, record, place)) return;
  if (readSignInLogEntry(reading, record, place)) return;
  const status = typeof record["status"] === "number" ? record["status"] : walk.status;
  if (readGraphErrorBody(reading, record, place, status)) return;
  if (readPostmanRequest(reading, record, place, () => undefined)) return;
  if (readCalendarJson(reading, record, place)) return;
  if (looksLikeManifest(record)) {
    readManifest(reading, record, place, walk.syntaxError);
    return;
  }
  if (looksLikeEntry(record)) {
    readEntries(reading, [record], place, { syntaxError: walk.syntaxError, isFragment: false });
    return;
  }
  if (typeof record["grant_type"] === "string") {
    const fields = Object.entries(record).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    );
    addTokenRequest(reading, Object.fromEntries(fields), walk.isEmbedded ? "list" : "json", place, {
      isTemplate: walk.isEmbedded,
    });
    return;
  }
  if (looksLikeHeader(record)) {
    flushHeader(reading, walk);
    walk.header = { record, place };
    return;
  }
  if (looksLikePayload(record)) {
    addDecodedJwt(reading, walk.header?.record, record, walk.header?.place ?? place, false);
    walk.header = undefined;
    return;
  }
  readTokens(reading, record, place);
  readVaultBytes(reading, record, place);
  for (const [name, item] of Object.entries(record)) {
    visit(reading, walk, item, place === "" ? name : `${place}.${name}`, depth + 1);
  }
}

/** Key Vault answers the certificate as `cer`, and the secret of the same name as a PFX in base64. */
function readVaultBytes(reading: Reading, record: Record<string, unknown>, place: string): void {
  const isPfx = /pkcs12/i.test(stringMember(record, "contentType") ?? "");
  for (const name of isPfx ? ["cer", "value"] : ["cer"]) {
    const text = stringMember(record, name);
    if (text === undefined || !/^MI[\w+/]{60,400000}={0,2}$/.test(text)) continue;
    readBinary(reading, new Uint8Array(Buffer.from(text, "base64")), `${place} ${name}`.trim(), "base64");
  }
}

function readTokens(reading: Reading, record: Record<string, unknown>, place: string): void {
  for (const [name, use] of [
    ["access_token", undefined],
    ["accessToken", undefined],
    ["id_token", "idToken"],
    ["client_assertion", "clientAssertion"],
    ["proof", "proof"],
  ] as const) {
    const token = stringMember(record, name);
    // Base64url of a JSON object begins so; a name with dots in a program does not.
    if (token?.includes(".") === true && /^e[wy][\w.+/=-]+$/.test(token))
      readCompactJwt(reading, token, `${place} ${name}`.trim(), use);
  }
  for (const name of ["client_secret", "secretText", "refresh_token", "password"]) {
    reading.secrets.add(stringMember(record, name));
  }
}

function flushHeader(reading: Reading, walk: Walk): void {
  if (walk.header === undefined) return;
  addDecodedJwt(reading, walk.header.record, undefined, walk.header.place, true);
  walk.header = undefined;
}
