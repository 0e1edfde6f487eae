import { type BodyReader, type RawRequest, readRequest } from "./http-exchange.ts";
import { lineOf, type Reading } from "./reading.ts";

const VALUE_OPTIONS = new Set([
  "-X",
  "--request",
  "-H",
  "--header",
  "-d",
  "--data",
  "--data-raw",
  "--data-binary",
  "--data-ascii",
  "--data-urlencode",
  "--json",
  "--form-string",
  "--url-query",
  "-u",
  "--user",
  "-F",
  "--form",
  "--url",
  "-A",
  "--user-agent",
  "-o",
  "--output",
  "-x",
  "--proxy",
  "-E",
  "--cert",
  "--key",
  "--cacert",
  "-b",
  "--cookie",
  "--oauth2-bearer",
  "-m",
  "--max-time",
  "-w",
]);

/**
 * Finds curl commands in a text and reads the requests that they make.
 *
 * @param reading - the input
 * @param text - any text
 * @param readBody - reads bodies further
 * @returns true when there was one
 */
export function scanForCurl(reading: Reading, text: string, readBody: BodyReader): boolean {
  let found = false;
  const pattern = /(?:^|[\n;&|`$(])[ \t]{0,8}(?:[$#>][ \t]{0,4})?curl(?:\.exe)?[ \t]/g;
  let consumed = -1;
  for (const match of text.matchAll(pattern)) {
    if (match.index < consumed) continue;
    const start = match.index + match[0].length;
    const rest = text.slice(start, start + 300_000);
    const isCmd = /\^["\r\n]/.test(rest);
    const { words, length } = splitWords(isCmd ? dropCarets(rest) : rest);
    consumed = start + length;
    const request = requestOf(words);
    if (request === undefined) continue;
    readRequest(reading, request, lineOf(text, match.index + 1), readBody);
    found = true;
  }
  return found;
}

function requestOf(words: readonly string[]): RawRequest | undefined {
  const headers: Record<string, string> = {};
  const data: string[] = [];
  let method: string | undefined;
  let url: string | undefined;
  let isGet = false;
  let hasHiddenBody = false;
  for (let index = 0; index < words.length; index += 1) {
    const { name, value, used } = optionAt(words, index);
    if (used) index += 1;
    if (name === undefined) url ??= words[index];
    else if (name === "-X" || name === "--request") method = value.toUpperCase();
    else if (name === "-H" || name === "--header") addHeader(headers, value);
    else if (/^(?:-d|--data)/.test(name)) {
      if (/^(?:\w{1,60})?@/.test(value) && name !== "--data-raw") hasHiddenBody = true;
      else data.push(name === "--data-urlencode" ? encodeField(value) : value);
    } else if (name === "--json") {
      headers["content-type"] ??= "application/json";
      data.push(value);
    } else if (/^(?:-F|--form|--form-string)$/.test(name)) {
      headers["content-type"] ??= "multipart/form-data";
      data.push(encodeField(value.replace(/^([\w.-]{1,60}=)"(.{0,100000})"$/s, "$1$2")));
    } else if (name === "-u" || name === "--user") {
      headers["authorization"] = `Basic ${Buffer.from(value).toString("base64")}`;
    } else if (name === "--oauth2-bearer") headers["authorization"] = `Bearer ${value}`;
    else if (name === "--url") url = value;
    else if (name === "-G" || name === "--get") isGet = true;
  }
  if (url === undefined || !/[./]/.test(url)) return undefined;
  const hasBody = data.length > 0 || hasHiddenBody;
  if (hasBody) headers["content-type"] ??= "application/x-www-form-urlencoded";
  return {
    method: method ?? (hasBody && !isGet ? "POST" : "GET"),
    url,
    headers,
    body: data.join("&"),
    isTemplate: true,
    hasHiddenBody,
  };
}

function optionAt(
  words: readonly string[],
  index: number,
): { name: string | undefined; value: string; used: boolean } {
  const word = words[index] ?? "";
  if (!word.startsWith("-") || word === "-") return { name: undefined, value: "", used: false };
  if (VALUE_OPTIONS.has(word)) return { name: word, value: words[index + 1] ?? "", used: true };
  const short = word.slice(0, 2);
  if (!word.startsWith("--") && VALUE_OPTIONS.has(short))
    return { name: short, value: word.slice(2), used: false };
  const equals = word.indexOf("=");
  if (word.startsWith("--") && equals > 0) {
    return { name: word.slice(0, equals), value: word.slice(equals + 1), used: false };
  }
  return { name: word, value: "", used: false };
}

function addHeader(headers: Record<string, string>, line: string): void {
  const at = line.indexOf(":");
  if (at > 0) headers[line.slice(0, at).trim().toLowerCase()] = line.slice(at + 1).trim();
}

function encodeField(value: string): string {
  const at = value.indexOf("=");
  return at < 0
    ? encodeURIComponent(value)
    : `${value.slice(0, at)}=${encodeURIComponent(value.slice(at + 1))}`;
}

/** What Windows' command line makes of `^`: the next character as it is, and nothing at the end of a line. */
function dropCarets(text: string): string {
  return text.replace(/\^(\r?\n|[\s\S])/g, (_whole, next: string) => (/^\r?\n$/.test(next) ? " " : next));
}

/** Splits a command line as a POSIX shell would, also with the line ends of cmd and PowerShell. */
function splitWords(text: string): { words: string[]; length: number } {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  for (; at < text.length && words.length < 400; at += 1) {
    const character = text[at] ?? "";
    if (character === "$" && text[at + 1] === "'" && (word === undefined || word === "")) continue;
    if (character === "'" || character === '"') {
      const read = quoted(text, at);
      word = (word ?? "") + read.value;
      at = read.end;
    } else if (
      (character === "\\" || character === "^" || character === "`") &&
      /^\r?\n/.test(text.slice(at + 1, at + 3))
    ) {
      at += text[at + 1] === "\r" ? 2 : 1;
    } else if (character === "\\") {
      word = (word ?? "") + (text[at + 1] ?? "");
      at += 1;
    } else if (character === "\n" || character === ";" || character === "|") break;
    else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + character;
  }
  if (word !== undefined) words.push(word);
  return { words, length: at };
}

function quoted(text: string, start: number): { value: string; end: number } {
  const quote = text[start];
  let value = "";
  let at = start + 1;
  for (; at < text.length && text[at] !== quote; at += 1) {
    if (quote === '"' && text[at] === "\\" && /["\\$`\n]/.test(text[at + 1] ?? "")) at += 1;
    value += text[at] ?? "";
  }
  return { value, end: at };
}
