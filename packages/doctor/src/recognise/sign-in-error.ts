/**
 * Reads answers of the token endpoint out of any text: either layout of the trace suffix, wrapped, cut,
 * escaped, inside a stack trace.
 */
import type { AssertionReason, SignInError } from "../artifact.ts";
import { shorten } from "../secrets.ts";
import { addMention, isMention, isRule } from "./mention.ts";
import { isRecord, lineOf, originOf, type Reading, stringMember } from "./reading.ts";
import { unescapeText } from "./unescape.ts";

const GUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const DESCRIPTION_CHARACTERS = 4000;

/** What a JSON body adds to the text of an error. */
interface BodyFacts {
  readonly error?: string | undefined;
  readonly suberror?: string | undefined;
  readonly claims?: string | undefined;
  readonly codes?: readonly number[] | undefined;
  readonly correlationId?: string | undefined;
  readonly traceId?: string | undefined;
  readonly timestamp?: string | undefined;
}

/**
 * Finds sign-in errors in free text.
 *
 * @param reading - the input
 * @param source - any text, wrapped and escaped as it may be
 * @param place - the place, when the text is not the whole input
 */
export function scanForSignInErrors(reading: Reading, source: string, place?: string | undefined): void {
  // Logs of GitHub that were copied have links inside the digits.
  const text = source.includes("](https://github.com")
    ? source.replace(/\[(\d{1,4})\]\(https:\/\/github\.com[^)\n]{0,300}\)/g, "$1")
    : source;
  if (!/AADSTS/i.test(text)) {
    scanForSignInLog(reading, text);
    scanForBareSentences(reading, text, place);
    return;
  }
  // Form-encoded messages have + for blanks.
  const spaced = /AADSTS\d{4,9}:\+\S/i.test(text) ? text.replace(/\+/g, " ") : text;
  const flat = unescapeText(spaced);
  const facts = looseFacts(flat);
  const matches = [...flat.matchAll(/AADSTS\s{0,3}(\d{4,9})/gi)].slice(0, 100);
  for (let index = 0; index < matches.length; index += 1) {
    const match = matches[index];
    if (match === undefined) continue;
    if (isMention(flat, match.index, match[0].length)) {
      addMention(reading, flat, match.index, `AADSTS${match[1]}`);
      continue;
    }
    const segment = segmentAfter(flat, match.index + match[0].length);
    const inner = matches[index + 1];
    const codes = [Number(match[1])];
    if (inner !== undefined && inner.index < match.index + match[0].length + segment.description.length) {
      codes.unshift(Number(inner[1]));
      index += 1;
    }
    if (/error\?code=$/.test(flat.slice(Math.max(0, match.index - 12), match.index))) continue;
    addError(reading, codes, segment, facts, place ?? lineOf(text, text.search(/AADSTS/i)));
  }
}

/**
 * Reads a body of the token endpoint that is already JSON.
 *
 * @param reading - the input
 * @param body - the parsed body
 * @param place - where it stood
 * @returns true when it was one
 */
export function readSignInErrorBody(
  reading: Reading,
  body: Readonly<Record<string, unknown>>,
  place: string,
): boolean {
  const error = stringMember(body, "error");
  const description = stringMember(body, "error_description") ?? stringMember(body, "errorMessage");
  const codes = errorCodes(body["error_codes"]);
  const text = description ?? "";
  if (error === undefined && codes.length === 0) return false;
  if (!/AADSTS/i.test(text) && codes.length === 0) return false;
  const facts: BodyFacts = {
    error,
    suberror: stringMember(body, "suberror"),
    claims: claimsText(body["claims"]),
    codes,
    correlationId: stringMember(body, "correlation_id"),
    traceId: stringMember(body, "trace_id"),
    timestamp: stringMember(body, "timestamp"),
  };
  const flat = unescapeText(text);
  const inTextCodes = [...flat.matchAll(/AADSTS\s{0,3}(\d{4,9})/gi)].map((match) => Number(match[1]));
  const last = [...flat.matchAll(/AADSTS\s{0,3}\d{4,9}/gi)].at(-1);
  const start = last === undefined ? 0 : last.index + last[0].length;
  const all = inTextCodes.length > 0 ? inTextCodes.reverse() : codes;
  addError(reading, all, segmentAfter(flat, start), facts, place);
  return true;
}

/**
 * Reads an entry of Entra's sign-in log, as the portal and Graph export it.
 *
 * @param reading - the input
 * @param record - a plain JSON object
 * @param place - where it stood
 * @returns true when it was a failed sign-in
 */
export function readSignInLogEntry(
  reading: Reading,
  record: Readonly<Record<string, unknown>>,
  place: string,
): boolean {
  const { status } = record;
  if (!isRecord(status)) return false;
  const code = Number(status["errorCode"]);
  if (!Number.isInteger(code) || code < 10_000) return false;
  const description = logDescription(code, stringMember(status, "failureReason") ?? "");
  const facts: BodyFacts = {
    correlationId: stringMember(record, "correlationId"),
    timestamp: stringMember(record, "createdDateTime")?.replace(/\.\d+/, ""),
  };
  addError(reading, [code], segmentAfter(description, 0), facts, place);
  return true;
}

/** The log has one sentence for every cause of 700027; taken at its word it would name the wrong one. */
function logDescription(code: number, sentence: string): string {
  return code === 700027 ? "" : sentence;
}

/** The words of the portal's page about one failed sign-in. */
function scanForSignInLog(reading: Reading, text: string): void {
  const match = /Sign-in error code["']?\s{0,3}[:,]?\s{1,5}["']?(\d{5,9})\b/i.exec(text);
  if (match === null) return;
  const reason = /Failure reason["']?\s{0,3}[:,]?\s{1,5}["']?([^\n]{3,1000})/i.exec(text)?.[1] ?? "";
  const correlationId = new RegExp(`Correlation ID["']?\\s{0,3}[:,]?\\s{1,5}["']?(${GUID})`, "i").exec(
    text,
  )?.[1];
  addError(
    reading,
    [Number(match[1])],
    segmentAfter(logDescription(Number(match[1]), reason), 0),
    { correlationId },
    lineOf(text, match.index),
  );
}

/** Sentences of the service that programs print without the number in front of them. */
const SENTENCES: ReadonlyArray<readonly [number, RegExp]> = [
  [500011, /The resource principal named \S{1,200} was not found in the tenant\b/i],
  [1002012, /The provided value for scope [^\n]{1,300} is not valid\. Client credential flows must have/i],
  [700016, /Application with identifier '[^'\n]{1,200}' was not found in the directory\b/i],
  [
    50194,
    /Application '[^'\n]{1,200}'(?:\([^)\n]{1,80}\))? is not (?:supported over the \/common|configured as a multi-tenant application)/i,
  ],
  [7000215, /Invalid client secret provided\. Ensure the secret being sent/i],
  [7000222, /The provided client secret keys (?:for app '[^'\n]{1,100}' )?are expired/i],
  [700024, /Client assertion is not within its valid time range/i],
  [
    700027,
    /The certificate with identifier used to sign the client assertion is not registered on application/i,
  ],
  [7000215, /The provided value for the 'client_secret' parameter is not valid/i],
  [
    50011,
    /(?:reply (?:URL|address)|redirect URI) '?[^'\n]{0,300}'? ?specified in the request does not match|The provided value for the input parameter 'redirect_uri' is not valid/i,
  ],
  [65001, /The user or administrator has not consented to use the application/i],
  [50126, /Error validating credentials due to invalid username or password/i],
  [50076, /you must use multi-factor authentication to access/i],
  [50079, /you must enroll in multi-factor authentication to access/i],
  [700082, /The refresh token has expired due to inactivity/i],
  [700084, /The refresh token was issued to a single page app \(SPA\)/i],
  [50173, /The provided grant has expired due to it being revoked/i],
  [70008, /The provided authorization code or refresh token has expired/i],
  [54005, /OAuth2 Authorization code was already redeemed/i],
  [70021, /No matching federated identity record found for presented assertion/i],
  [90002, /Tenant '[^'\n]{1,120}' not found\. /i],
  [50105, /is not assigned to a role for the application/i],
  [50020, /User account '[^'\n]{1,120}' from identity provider '[^'\n]{1,120}' does not exist in tenant/i],
  [53003, /Access has been blocked by Conditional Access policies/i],
  [9002325, /Proof Key for Code Exchange is required for cross-origin/i],
  [9002327, /Cross-origin token redemption is permitted only for the 'Single-Page Application'/i],
  [7000229, /is missing service principal in the tenant/i],
  [650057, /Invalid resource\. The client has requested access to a resource which is not listed/i],
  [7000218, /The request body must contain the following parameter: 'client_assertion' or 'client_secret'/i],
];

function scanForBareSentences(reading: Reading, text: string, place: string | undefined): void {
  const flat = unescapeText(text);
  for (const [code, pattern] of SENTENCES) {
    const match = pattern.exec(flat);
    if (match === null || reading.artifacts.some((item) => item.kind === "signInError")) continue;
    if (isRule(flat, match.index, match[0].length)) continue;
    addError(
      reading,
      [code],
      segmentAfter(flat, match.index),
      {},
      place ?? lineOf(text, text.indexOf(match[0].slice(0, 20))),
    );
  }
}

interface Segment {
  readonly description: string;
  readonly correlationId: string | undefined;
  readonly traceId: string | undefined;
  readonly timestamp: string | undefined;
}

function segmentAfter(flat: string, start: number): Segment {
  const window = flat.slice(start, start + DESCRIPTION_CHARACTERS);
  const end =
    /Trace\s{1,3}ID:|\s-\s(?:Correlation|Trace)\s{1,3}ID|Correlation\s{1,3}ID:|"\s{0,5}[,}]|',\s{0,5}'|\n\s{0,20}at\s|\n\s{0,3}\n|\s-\s(?:Timestamp|Details):/i.exec(
      window,
    );
  const description = window.slice(0, end?.index ?? window.length);
  // Terminals and mail programs break lines inside words.
  const squeezed = squeeze(window);
  return {
    description: description
      .replace(/^[:\s]+/, "")
      .replace(/\s+/g, " ")
      .trim(),
    correlationId: new RegExp(`CorrelationID["']?:["']?(${GUID})`, "i").exec(squeezed)?.[1],
    traceId: new RegExp(`TraceID["']?:["']?(${GUID})`, "i").exec(squeezed)?.[1],
    timestamp: timestampIn(squeezed),
  };
}

/** The text without blanks, line breaks and the marks of quoted lines. */
function squeeze(text: string): string {
  return text.replace(/[\s>|│]+/g, "");
}

function timestampIn(squeezed: string): string | undefined {
  const match = /Timestamp["']?:["']?(\d{4}-\d\d-\d\d)T?(\d\d:\d\d:\d\d)/i.exec(squeezed);
  return match === null ? undefined : `${match[1]} ${match[2]}Z`;
}

function looseFacts(flat: string): BodyFacts {
  const pick = (name: string): string | undefined =>
    new RegExp(`["']?${name}["']?\\s{0,4}[:=]\\s{0,4}["']([^"'\\n]{1,200})["']`).exec(flat)?.[1];
  const codes = /["']?error_codes["']?\s{0,4}:\s{0,4}\[([\d,\s]{1,100})\]/.exec(flat)?.[1];
  return {
    error: pick("error"),
    suberror: pick("suberror"),
    codes: codes === undefined ? undefined : errorCodes(codes.split(",").map(Number)),
    correlationId: pick("correlation_id"),
    traceId: pick("trace_id"),
    timestamp: pick("timestamp"),
  };
}

function addError(
  reading: Reading,
  codes: readonly number[],
  segment: Segment,
  facts: BodyFacts,
  place: string,
): void {
  const code = codes[0];
  if (code === undefined) return;
  const timestamp = parseTimestamp(segment.timestamp ?? facts.timestamp);
  const made: SignInError = {
    kind: "signInError",
    origin: originOf(reading, place),
    summary: `sign-in error AADSTS${code}${facts.error === undefined ? "" : ` (${facts.error})`}`,
    codes: [...new Set(codes)],
    error: facts.error,
    description: segment.description,
    suberror: facts.suberror,
    claims: facts.claims,
    correlationId: segment.correlationId ?? facts.correlationId,
    traceId: segment.traceId ?? facts.traceId,
    timestamp,
    reason: readReason(segment.description),
  };
  const same = reading.artifacts.findIndex((item) => item.kind === "signInError" && item.codes[0] === code);
  const previous = reading.artifacts[same];
  if (previous?.kind !== "signInError") {
    reading.artifacts.push(made);
    return;
  }
  if (previous.reason?.thumbprintHex !== made.reason?.thumbprintHex && previous.reason && made.reason) {
    reading.artifacts.push(made);
    return;
  }
  reading.artifacts[same] = mergeErrors(previous, made);
}

function mergeErrors(one: SignInError, other: SignInError): SignInError {
  const longer = other.description.length > one.description.length ? other : one;
  return {
    ...one,
    codes: [...new Set([...one.codes, ...other.codes])],
    description: longer.description,
    reason: longer.reason ?? one.reason ?? other.reason,
    error: one.error ?? other.error,
    suberror: one.suberror ?? other.suberror,
    claims: one.claims ?? other.claims,
    correlationId: one.correlationId ?? other.correlationId,
    traceId: one.traceId ?? other.traceId,
    timestamp: one.timestamp ?? other.timestamp,
  };
}

/** Reads `[Reason - …]` of the 700027 family. */
function readReason(description: string): AssertionReason | undefined {
  const squeezed = squeeze(description);
  const start = /Reason-/i.exec(squeezed);
  if (start === null) return undefined;
  const text = squeezed.slice(start.index + start[0].length);
  const thumbprint = /Thumbprintofkeyusedbyclient:'?([0-9a-f]{2,4000})/i.exec(text)?.[1];
  const foundKey = /Foundkey'?Start=([^,]{1,40}),End=([^',\]]{1,40})/i.exec(text);
  return {
    kind: reasonKind(text),
    text: shorten(description.split(/Reason\s-\s/i)[1]?.split(/[.,]\s/)[0] ?? "", 200),
    thumbprintHex: thumbprint?.toUpperCase(),
    foundKey:
      foundKey === null ? undefined : { start: parseUsDate(foundKey[1]), end: parseUsDate(foundKey[2]) },
    appId: new RegExp(`(?:appId'?|applications/)(${GUID})`, "i").exec(text)?.[1],
    mentionsSubjectNameIssuer:
      /SNI\s+may be configured|WithSendX5C|not\s+registered\s+on\s+application/i.test(description),
  };
}

function reasonKind(text: string): AssertionReason["kind"] {
  if (/keywasnotfound/i.test(text)) return "keyNotFound";
  if (/keyusedisexpired/i.test(text)) return "keyExpired";
  if (/signaturevaluedidnotmatch|useofthekeytoverifythesignaturefailed/i.test(text)) return "signature";
  return "other";
}

function errorCodes(value: unknown): number[] {
  if (!Array.isArray(value)) return [];
  const codes = value.map(Number).filter((code) => Number.isInteger(code) && code > 0);
  return codes.reverse();
}

function claimsText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return isRecord(value) ? JSON.stringify(value) : undefined;
}

function parseTimestamp(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)Z?$/.exec(text.trim());
  if (match === null) return undefined;
  const date = new Date(`${match[1]}T${match[2]}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function parseUsDate(text: string | undefined): Date | undefined {
  const match = /^\s*(\d\d?)\/(\d\d?)\/(\d{4})\s*(?:(\d\d):(\d\d):(\d\d))?/.exec(text ?? "");
  if (match === null) return undefined;
  const [, month, day, year, hour, minute, second] = match;
  const time = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour ?? 0),
    Number(minute ?? 0),
    Number(second ?? 0),
  );
  return Number.isNaN(time) ? undefined : new Date(time);
}
