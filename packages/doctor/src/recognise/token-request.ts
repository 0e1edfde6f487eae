import { maskText } from "../secrets.ts";
import { readCompactJwt } from "./jwt.ts";
import { lineOf, originOf, type Reading } from "./reading.ts";
import { unescapePercent } from "./unescape.ts";

const FORM_NAMES = [
  "grant_type",
  "client_id",
  "client_secret",
  "scope",
  "resource",
  "client_assertion_type",
  "client_assertion",
  "assertion",
  "code",
  "redirect_uri",
  "code_verifier",
  "refresh_token",
  "username",
  "password",
] as const;

const SECRET_NAMES = new Set([
  "client_secret",
  "code",
  "code_verifier",
  "refresh_token",
  "password",
  "assertion",
]);

/** What surrounds the body of a token request. */
export interface RequestFrame {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly contentType?: string | undefined;
  readonly basicClientId?: string | undefined;
  /** True when variables in it are filled in before it is sent: a command, a program, a template. */
  readonly isTemplate?: boolean | undefined;
  readonly sentAt?: Date | undefined;
  readonly answeredWith?: number | undefined;
}

/**
 * Reads a form body.
 *
 * @param text - `grant_type=client_credentials&…`
 * @returns the fields, decoded; the first of a repeated field wins
 */
export function parseForm(text: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const piece of text
    .trim()
    .split(/\s*[\r\n]\s*&?|&(?:\s*[\r\n]\s*)?/)
    .slice(0, 200)) {
    const at = piece.indexOf("=");
    const name = unescapePercent(at === -1 ? piece : piece.slice(0, at)).trim();
    if (!/^[\w.-]{1,60}$/.test(name)) continue;
    parameters[name] ??= at === -1 ? "" : decodeField(piece.slice(at + 1));
  }
  return parameters;
}

/**
 * Adds a token request to what was found, its assertion as a JWT, its secrets as secrets.
 *
 * @param reading - the input
 * @param parameters - fields of the body
 * @param form - how the body was written
 * @param place - where it stood
 * @param frame - method and address, when known
 */
export function addTokenRequest(
  reading: Reading,
  parameters: Readonly<Record<string, string>>,
  form: "form" | "json" | "multipart" | "list",
  place: string,
  frame: RequestFrame = {},
): void {
  const shown: Record<string, string> = {};
  for (const [name, value] of Object.entries(parameters)) {
    if (SECRET_NAMES.has(name)) reading.secrets.add(value);
    shown[name] = value;
  }
  const grant = parameters["grant_type"] ?? "no grant_type";
  reading.artifacts.push({
    kind: "tokenRequest",
    origin: originOf(reading, place),
    summary: maskText(
      `token request (${grant.slice(0, 60)})${frame.url === undefined ? "" : ` to ${frame.url.slice(0, 200)}`}`,
    ),
    method: frame.method,
    url: frame.url,
    parameters: shown,
    form,
    basicClientId: frame.basicClientId,
    isTemplate: frame.isTemplate,
    sentAt: frame.sentAt,
    answeredWith: frame.answeredWith,
  });
  const assertion = parameters["client_assertion"];
  const isWritten = assertion !== undefined && /\w{4}/.test(assertion) && !/\.{3}|…/.test(assertion);
  if (assertion !== undefined && isWritten && !isTemplateVariable(assertion)) {
    readCompactJwt(reading, assertion, `${place}, client_assertion`, "clientAssertion");
  }
}

/**
 * Finds a token request in free text: a form body, or a list of its fields as a program or a page writes them.
 *
 * @param reading - the input
 * @param text - any text
 * @param isCode - true for a program, where what has no quotes is a variable
 */
export function scanForTokenRequests(reading: Reading, text: string, isCode = false): void {
  for (const match of text.matchAll(/[^\s"'`<>]{10,100000}/g)) {
    const word = match[0];
    if (!word.includes("&") || !/(?:^|[?&])(?:grant_type|client_assertion|client_assertion_type)=/.test(word))
      continue;
    const body = /^https?:/i.test(word) ? (word.split("?")[1] ?? "") : word;
    addTokenRequest(reading, parseForm(body), "form", lineOf(text, match.index));
    return;
  }
  const listed = listedFields(text, isCode);
  if (listed !== undefined) {
    const url = /https:\/\/[^\s"'<>]{1,200}\/oauth2\/(?:v2\.0\/)?(?:token|authorize)[^\s"'<>]{0,100}/i.exec(
      text,
    )?.[0];
    addTokenRequest(reading, listed.parameters, "list", lineOf(text, listed.at), { url, isTemplate: true });
  }
}

/**
 * Reads the fields of a token request that are listed one a line, as programs and pages write them.
 *
 * @param text - any text
 * @param isCode - true for a program, where what has no quotes is a variable
 * @returns the fields and where they begin, or `undefined` when it is no token request
 */
export function listedFields(
  text: string,
  isCode = false,
): { parameters: Record<string, string>; at: number } | undefined {
  const pattern = new RegExp(
    `(?<![\\w-])(${FORM_NAMES.join("|")})["'’‘]?[ \\t]{0,24}(?:=>|=|:)[ \\t]{0,24}` +
      `(?:["‘’“”']([^"‘’“”'\\n]{0,100000})["‘’“”']|([^\\s"'‘’“”,&]{0,100000}))`,
    "g",
  );
  const parameters: Record<string, string> = {};
  let at = -1;
  let count = 0;
  for (const match of text.matchAll(pattern)) {
    const name = match[1] ?? "";
    if (parameters[name] !== undefined) continue;
    if (at === -1) at = match.index;
    if (isVariable(match[3]) || (isCode && match[3] !== undefined)) continue;
    parameters[name] = decodeField(match[2] ?? match[3] ?? "");
    count += 1;
    if (count > 20) break;
  }
  const hasGrant = parameters["grant_type"] !== undefined;
  const hasAssertion =
    parameters["client_assertion_type"] !== undefined || parameters["client_assertion"] !== undefined;
  if (count < 2 || !(hasGrant || hasAssertion)) return undefined;
  return { parameters, at };
}

/**
 * Tells whether a value is nothing but a variable of a shell, a program or a request template.
 *
 * @param value - a field's value
 * @returns true for `$NAME`, `${name}`, `$(command)`, `%NAME%`, `{{name}}`, `{name}` and `<name>`
 */
export function isTemplateVariable(value: string): boolean {
  return /^(?:\$\{?[A-Za-z_][\w.:[\]'"]{0,80}\}?|\$\([^()]{1,200}\)|%\w{1,80}%|\{\{[^{}]{1,100}\}\}|\{\w{1,80}\}|<[^<>]{1,100}>)$/.test(
    value.trim(),
  );
}

/** A variable of the program that the fields were copied from; what it holds is not known. */
function isVariable(value: string | undefined): boolean {
  return (
    value !== undefined &&
    /^(?:\$\w|[a-z]\w*(?:[A-Z]|\.\w|\()|new\s)/.test(value) &&
    !value.startsWith("urn:")
  );
}

function decodeField(value: string): string {
  return /%[0-9a-f]{2}|\+/i.test(value) && !/^ey[\w-]+\./.test(value) ? unescapePercent(value) : value;
}
