/**
 * Reads requests and answers, wherever they came from: raw HTTP text, a curl command, a HAR file.
 */
import { maskText, shorten } from "../secrets.ts";
import { readChallenge, readDiagnostics } from "./exchange.ts";
import { readCompactJwt } from "./jwt.ts";
import { originOf, type Reading } from "./reading.ts";
import { addTokenRequest, listedFields, parseForm } from "./token-request.ts";

/** A request as any source gives it. */
export interface RawRequest {
  readonly method: string;
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** True when shell or program fill variables in before it is sent. */
  readonly isTemplate?: boolean | undefined;
  /** True when the body lies in a file or on standard input. */
  readonly hasHiddenBody?: boolean | undefined;
  /** When it was sent, as a HAR file tells. */
  readonly sentAt?: Date | undefined;
  /** Status of the answer, as a HAR file tells. */
  readonly answeredWith?: number | undefined;
}

/** An answer as any source gives it. */
export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Reads a body further: JSON, text, XML. */
export type BodyReader = (body: string, place: string, status?: number | undefined) => void;

/** The address of a token endpoint that stands in a line by itself. */
function toldTokenAddress(body: string): string | undefined {
  return /^\s*(?:POST\s+)?(https:\/\/login\.[\w.-]{3,100}\/[^\s"'?]{1,200}\/token)\s*$/im.exec(body)?.[1];
}

/**
 * Reads one request: a token request, or a call of an API with its bearer token.
 *
 * @param reading - the input
 * @param request - the request
 * @param place - where it stood
 * @param readBody - reads the body of a call that changes an application
 */
export function readRequest(
  reading: Reading,
  request: RawRequest,
  place: string,
  readBody: BodyReader,
): void {
  const named = {
    kind: "httpRequest",
    origin: originOf(reading, place),
    summary: maskText(`${request.method} ${shorten(request.url, 160)}`),
    method: request.method,
    url: request.url,
  } as const;
  const told = isTokenAddress(request.url) ? undefined : toldTokenAddress(request.body);
  if (told !== undefined && /(?:^|&)grant_type=/m.test(request.body)) {
    // Somebody tells of a call and, below it, how the token was obtained.
    readTokenRequest(reading, { ...request, method: "POST", url: told }, place);
    reading.artifacts.push({
      ...named,
      headers: {},
      hasBearerToken: false,
      isBareAddress: true,
      impersonates: undefined,
    });
    return;
  }
  if (isTokenAddress(request.url) || /(?:^|&)grant_type=/.test(request.body)) {
    readTokenRequest(reading, request, place);
    return;
  }
  const authorization = request.headers["authorization"] ?? "";
  const token = /^Bearer\s+(.+)$/is.exec(authorization)?.[1]?.trim();
  if (token !== undefined && token.length > 10) {
    if (token.includes(".")) readCompactJwt(reading, token, `${place}, Authorization`, "bearer");
    else reading.secrets.add(token);
  } else if (/^ey[\w-]+\./.test(authorization.trim())) {
    readCompactJwt(reading, authorization.trim(), `${place}, Authorization`, "bearer");
  } else reading.secrets.add(authorization.replace(/^\w+\s+/, ""));
  const changesApplication = /\/(?:applications|servicePrincipals)\b/i.test(request.url);
  const writesEvent = /^(?:POST|PATCH|PUT)$/.test(request.method) && /\/events?\b/i.test(request.url);
  const isSoap = /<(?:\w{1,10}:)?Envelope/i.test(request.body);
  reading.artifacts.push({
    ...named,
    headers: {
      ...request.headers,
      ...(authorization === "" ? {} : { authorization: schemeOf(authorization) }),
    },
    hasBearerToken: token !== undefined && token !== "",
    isBareAddress: Object.keys(request.headers).length === 0,
    impersonates: isSoap ? /ExchangeImpersonation/i.test(request.body) : undefined,
  });
  if ((changesApplication || writesEvent) && request.body.trim().startsWith("{"))
    readBody(request.body, place);
}

/**
 * Reads one answer: its headers, and its body by the reader that is passed in.
 *
 * @param reading - the input
 * @param response - the answer
 * @param place - where it stood
 * @param readBody - reads JSON, XML and text
 */
export function readResponse(
  reading: Reading,
  response: RawResponse,
  place: string,
  readBody: BodyReader,
): void {
  const { status, headers } = response;
  if (status > 0) {
    const date = headers["date"];
    reading.artifacts.push({
      kind: "httpResponse",
      origin: originOf(reading, place),
      summary: `HTTP ${status}${date === undefined ? "" : ` of ${date}`}`,
      status,
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name !== "set-cookie")),
    });
  }
  if (headers["x-ms-diagnostics"] !== undefined) readDiagnostics(reading, headers["x-ms-diagnostics"], place);
  if (headers["www-authenticate"] !== undefined) readChallenge(reading, headers["www-authenticate"], place);
  if (response.body.trim() !== "") readBody(response.body, place, status);
}

/**
 * Tells whether an address is a token (or authorize) endpoint.
 *
 * @param url - absolute address
 * @returns true for `/oauth2/token`, `/oauth2/v2.0/token` and their authorize siblings
 */
export function isTokenAddress(url: string): boolean {
  // The endpoint of managed identities has the same path, and takes a GET with a header.
  if (/\/metadata\/identity\/|\/msi\/token\b/i.test(url)) return false;
  return /\/oauth2\/(?:v2\.0\/)?(?:token|authorize)(?:[/?#]|$)/i.test(url);
}

function readTokenRequest(reading: Reading, request: RawRequest, place: string): void {
  const contentType = request.headers["content-type"];
  const basic = /^Basic\s+([\w+/=-]+)/i.exec(request.headers["authorization"] ?? "")?.[1];
  let basicClientId: string | undefined;
  if (basic !== undefined) {
    reading.secrets.add(basic);
    const [id, secret] = Buffer.from(basic, "base64").toString("utf8").split(":");
    basicClientId = id;
    reading.secrets.add(secret);
  }
  const { method, url, isTemplate, sentAt, answeredWith } = request;
  const frame = { method, url, contentType, basicClientId, isTemplate, sentAt, answeredWith };
  const body = request.body.trim();
  if (body.startsWith("{")) {
    const parsed = jsonFields(body);
    if (parsed !== undefined) {
      addTokenRequest(reading, parsed, "json", place, frame);
      return;
    }
  }
  const query = /\?([^#]*)/.exec(request.url)?.[1] ?? "";
  const fields = { ...parseForm(query), ...parseForm(body) };
  const listed = fields["grant_type"] === undefined ? listedFields(body) : undefined;
  const isMultipart = /^multipart\//i.test(contentType ?? "");
  if (isMultipart) {
    addTokenRequest(reading, fields, "multipart", place, frame);
    return;
  }
  // A line of a log names method and address and says nothing of the body; nor does a body that is kept elsewhere.
  const saysNothing =
    Object.keys(request.headers).length === 0 && !("grant_type" in fields) && sentAt === undefined;
  if (listed === undefined && (saysNothing || request.hasHiddenBody === true)) {
    const known = Object.entries(fields).filter(([name]) => /^[a-z_]{4,40}$/.test(name));
    addTokenRequest(reading, Object.fromEntries(known), "list", place, frame);
    return;
  }
  if (listed === undefined) addTokenRequest(reading, fields, "form", place, frame);
  else addTokenRequest(reading, { ...fields, ...listed.parameters }, "list", place, frame);
}

function jsonFields(body: string): Record<string, string> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== "object" || value === null) return undefined;
    return Object.fromEntries(
      Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    );
  } catch {
    return undefined;
  }
}

function schemeOf(authorization: string): string {
  return (
    /^(Bearer|Basic|Negotiate|NTLM|MSAuth1\.0|SharedKey|PoP|DPoP)\b/i.exec(authorization.trim())?.[1] ??
    "(none)"
  );
}
