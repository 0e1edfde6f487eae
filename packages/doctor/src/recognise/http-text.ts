import { readChallenge, readDiagnostics } from "./exchange.ts";
import {
  type BodyReader,
  type RawRequest,
  type RawResponse,
  readRequest,
  readResponse,
} from "./http-exchange.ts";
import { lineOf, type Reading } from "./reading.ts";

const REQUEST_LINE =
  /^[>\s]{0,4}(GET|POST|PATCH|PUT|DELETE|HEAD|OPTIONS):?\s+(\S{1,8000})(?:\s+HTTP\/[\d.]{1,3})?\s*$/;
const STATUS_LINE = /^[<\s]{0,4}HTTP\/[\d.]{1,3}\s+(\d{3})\b/;
const HEADER_LINE = /^[<>\s]{0,4}([A-Za-z][\w-]{1,60})\s{0,2}:(?!\/\/)\s?(.*)$/;

interface Message {
  readonly line: number;
  readonly request: { method: string; url: string } | undefined;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string[];
}

/**
 * Reads raw HTTP text: requests, answers (also as curl -v prints them) and lone headers.
 *
 * @param reading - the input
 * @param text - any text
 * @param readBody - reads bodies further
 * @returns true when whole messages were found, whose bodies have then been read
 */
export function readHttpText(reading: Reading, text: string, readBody: BodyReader): boolean {
  const messages = splitMessages(text);
  if (messages.length === 0) {
    readLoneHeaders(reading, text);
    return false;
  }
  for (const message of messages) {
    const place = `line ${message.line}`;
    const body = message.body.join("\n");
    if (message.request === undefined) {
      const response: RawResponse = { status: message.status, headers: message.headers, body };
      readResponse(reading, response, place, readBody);
    } else readRequest(reading, absolute(message.request, message.headers, body), place, readBody);
  }
  return true;
}

/**
 * Finds addresses of calendars in Graph and Exchange, and of retired APIs, that stand in a line by themselves.
 *
 * @param reading - the input
 * @param text - any text without whole HTTP messages
 */
export function scanForAddresses(reading: Reading, text: string): void {
  const pattern =
    /^[>\s"'`]{0,8}(?:GET\s+)?(https:\/\/(?:[\w.-]{1,100}(?::\d{1,5})?\/(?:v1\.0|beta)\/(?:me|users|groups)\/|[\w.-]{1,100}\/EWS\/Exchange\.|outlook\.office(?:365)?\.com\/api\/|graph\.windows\.net\/)[^\r\n"`<>]{1,4000}?)["'`]?\s*$/gim;
  let count = 0;
  for (const match of text.matchAll(pattern)) {
    const url = (match[1] ?? "").trim();
    // Sentences that begin with an address are no requests.
    if (/\s\w+\s+\w+\s+\w+\s/.test(url.replace(/\?.*$/s, ""))) continue;
    const request = { method: "GET", url, headers: {}, body: "" };
    readRequest(reading, request, lineOf(text, match.index), () => undefined);
    count += 1;
    if (count >= 50) break;
  }
}

function absolute(
  line: { method: string; url: string },
  headers: Record<string, string>,
  body: string,
): RawRequest {
  const host = headers["host"];
  const isGraphPath = /^\/(?:me|users|groups)(?:\/|$)/i.test(line.url);
  const url = !line.url.startsWith("/")
    ? line.url
    : host !== undefined
      ? `https://${host}${line.url}`
      : isGraphPath
        ? `https://graph.microsoft.com/v1.0${line.url}`
        : line.url;
  return { method: line.method, url, headers, body, isTemplate: /\{\{\w/.test(url + body) };
}

function splitMessages(text: string): Message[] {
  const messages: Message[] = [];
  const lines = text.split(/\r?\n/);
  let inBody = false;
  for (const [index, line] of lines.entries()) {
    const request = REQUEST_LINE.exec(line);
    const status = STATUS_LINE.exec(line);
    if (request !== null && /^(?:https?:|\/)/i.test(request[2] ?? "")) {
      messages.push(messageAt(index, { method: request[1] ?? "", url: request[2] ?? "" }, 0));
      inBody = false;
      continue;
    }
    if (status !== null) {
      messages.push(messageAt(index, undefined, Number(status[1])));
      inBody = false;
      continue;
    }
    const message = messages.at(-1);
    if (message === undefined) continue;
    const header = inBody ? null : HEADER_LINE.exec(line);
    if (header !== null) message.headers[(header[1] ?? "").toLowerCase()] ??= (header[2] ?? "").trim();
    else if (line.replace(/[<>\s]/g, "") === "" && !inBody) inBody = Object.keys(message.headers).length > 0;
    else {
      inBody = true;
      message.body.push(line);
    }
    if (messages.length > 500) break;
  }
  return messages;
}

function messageAt(index: number, request: Message["request"], status: number): Message {
  return { line: index + 1, request, status, headers: {}, body: [] };
}

function readLoneHeaders(reading: Reading, text: string): void {
  const lines = text.split(/\r?\n/).slice(0, 20_000);
  for (const [index, line] of lines.entries()) {
    const diagnostics = /x-ms-diagnostics["']?\s{0,3}[:=]\s{0,3}["']?(\d.{0,2500})/i.exec(line);
    if (diagnostics !== null)
      readDiagnostics(reading, (diagnostics[1] ?? "").replace(/\\"/g, '"'), `line ${index + 1}`);
    const challenge = /www-authenticate["']?\s{0,3}[:=]\s{0,3}\[?["']?([A-Za-z].{0,12000})/i.exec(line);
    if (challenge !== null)
      readChallenge(reading, (challenge[1] ?? "").replace(/\\"/g, '"'), `line ${index + 1}`);
    else if (/^\s*Bearer\s+(?:realm|client_id|authorization|authorization_uri|error)\s?=/i.test(line)) {
      readChallenge(reading, line.slice(0, 12_000), `line ${index + 1}`);
    }
  }
}
