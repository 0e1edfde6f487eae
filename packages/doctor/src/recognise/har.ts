/**
 * Reads a HAR file entry by entry, so that a file of any size costs one entry's memory.
 */
import { type BodyReader, isTokenAddress, readRequest, readResponse } from "./http-exchange.ts";
import { isRecord, type Reading, stringMember } from "./reading.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const ARRAY_END = 0x5d;
const BODY_CHARACTERS = 500_000;
const ENTRY_BYTES = 64 * 1024 * 1024;
const KEPT_EXCHANGES = 200;

/**
 * Tells whether the beginning of a file is that of a HAR file.
 *
 * @param head - the first few thousand characters
 * @returns true when it begins like one
 */
export function looksLikeHar(head: string): boolean {
  return /^\s*\{\s*"log"\s*:\s*\{/.test(head);
}

/**
 * Reads every entry that has to do with sign-in, Graph or Exchange.
 *
 * @param reading - the input
 * @param bytes - the file, UTF-8
 * @param readBody - reads bodies further
 * @returns number of entries seen
 */
export function readHar(reading: Reading, bytes: Buffer, readBody: BodyReader): number {
  let at = arrayStart(bytes);
  let count = 0;
  let kept = 0;
  while (at !== -1 && at < bytes.length) {
    const start = nextObject(bytes, at);
    if (start === -1) break;
    const end = objectEnd(bytes, start);
    if (end === -1) break;
    count += 1;
    if (kept < KEPT_EXCHANGES && readEntry(reading, bytes, start, end, count, readBody)) kept += 1;
    at = end;
  }
  return count;
}

function readEntry(
  reading: Reading,
  bytes: Buffer,
  start: number,
  end: number,
  number: number,
  readBody: BodyReader,
): boolean {
  if (end - start > ENTRY_BYTES) return false;
  let entry: unknown;
  try {
    entry = JSON.parse(bytes.toString("utf8", start, end));
  } catch {
    return false;
  }
  if (!isRecord(entry) || !isRecord(entry["request"])) return false;
  const request = entry["request"];
  const url = stringMember(request, "url") ?? "";
  if (!isOurs(url)) return false;
  const place = `entry ${number}`;
  const method = stringMember(request, "method") ?? "GET";
  if (method === "OPTIONS") return false;
  const headers = headerRecord(request["headers"]);
  const response = entry["response"];
  const started = new Date(stringMember(entry, "startedDateTime") ?? "");
  const sentAt = Number.isNaN(started.getTime()) ? undefined : started;
  const answeredWith =
    isRecord(response) && typeof response["status"] === "number" ? response["status"] : undefined;
  const body = postData(request["postData"]);
  readRequest(reading, { method, url, headers, body, sentAt, answeredWith }, place, readBody);
  if (!isRecord(response)) return true;
  const status = typeof response["status"] === "number" ? response["status"] : 0;
  const answerHeaders = headerRecord(response["headers"]);
  const content = isRecord(response["content"]) ? response["content"] : {};
  const text = stringMember(content, "text") ?? "";
  const decoded =
    content["encoding"] === "base64"
      ? Buffer.from(text.slice(0, BODY_CHARACTERS), "base64").toString("utf8")
      : text;
  if (status >= 400 || isTokenAddress(url)) {
    const answer = decoded.slice(0, BODY_CHARACTERS);
    readResponse(reading, { status, headers: answerHeaders, body: answer }, place, readBody);
  }
  return true;
}

function isOurs(url: string): boolean {
  const head = url.slice(0, 2000);
  return (
    isTokenAddress(head) ||
    /^https?:\/\/(?:login\.|sts\.|graph\.|dod-graph\.|microsoftgraph\.|outlook[.-]|outlook\.|partner\.outlook)/i.test(
      head,
    ) ||
    /\/EWS\/Exchange\.asmx|\/(?:v1\.0|beta)\/(?:users|me|groups|applications|servicePrincipals|\$batch)/i.test(
      head,
    )
  );
}

function headerRecord(list: unknown): Record<string, string> {
  const headers: Record<string, string> = {};
  if (!Array.isArray(list)) return headers;
  for (const item of list.slice(0, 200)) {
    if (!isRecord(item)) continue;
    const name = stringMember(item, "name")?.toLowerCase();
    const value = stringMember(item, "value");
    if (name !== undefined && value !== undefined) headers[name] ??= value;
  }
  return headers;
}

function postData(value: unknown): string {
  if (!isRecord(value)) return "";
  const text = stringMember(value, "text");
  if (text !== undefined && text !== "") return text.slice(0, BODY_CHARACTERS);
  const parameters = value["params"];
  if (!Array.isArray(parameters)) return "";
  return parameters
    .filter(isRecord)
    .map(
      (item) =>
        `${stringMember(item, "name") ?? ""}=${encodeURIComponent(stringMember(item, "value") ?? "")}`,
    )
    .join("&");
}

/** Offset after the `[` of `"entries"`. */
function arrayStart(bytes: Buffer): number {
  let at = bytes.indexOf('"entries"');
  while (at !== -1) {
    let next = at + 9;
    while (next < bytes.length && isBlank(bytes[next])) next += 1;
    if (bytes[next] === 0x3a) {
      next += 1;
      while (next < bytes.length && isBlank(bytes[next])) next += 1;
      if (bytes[next] === 0x5b) return next + 1;
    }
    at = bytes.indexOf('"entries"', at + 9);
  }
  return -1;
}

function nextObject(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at += 1) {
    if (bytes[at] === OPEN) return at;
    if (bytes[at] === ARRAY_END) return -1;
  }
  return -1;
}

function objectEnd(bytes: Buffer, start: number): number {
  let depth = 0;
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = stringEnd(bytes, at);
      if (at === -1) return -1;
    } else if (byte === OPEN) depth += 1;
    else if (byte === CLOSE) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

/** Offset of the closing quote; native search makes long bodies cheap. */
function stringEnd(bytes: Buffer, open: number): number {
  let at = bytes.indexOf(QUOTE, open + 1);
  while (at !== -1) {
    let slashes = 0;
    while (at - 1 - slashes > open && bytes[at - 1 - slashes] === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return at;
    at = bytes.indexOf(QUOTE, at + 1);
  }
  return -1;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
