/**
 * Reads what a token endpoint answers when it refuses. The body is kept whole; the number is what to go by, since
 * Microsoft changes the texts.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
import type { NightlatchError } from "@nightlatch/credential";
import { oauthError } from "../errors.ts";
import { withoutSecrets } from "../redact.ts";
import { parseRetryAfter } from "../transport/retry-after.ts";
import type { HttpResponse } from "../transport/transport.ts";
import { hintForRefusal } from "./refusal-hints.ts";

/** `details` of an `OAUTH_REFUSED`. */
export interface RefusalDetails {
  /** OAuth error value: `invalid_client`, `invalid_grant`, …. */
  readonly error: string;
  /** Text of the service with its trailer, HTML entities decoded. */
  readonly errorDescription: string;
  /** Numbers after AADSTS, the outer one first; empty when the service is not Entra ID. */
  readonly aadstsCodes: readonly number[];
  readonly suberror?: string;
  /** GUID under which Microsoft finds the request. */
  readonly correlationId?: string;
  /** GUID, equal to the header `x-ms-request-id`. */
  readonly traceId?: string;
  /** Time of the service, `YYYY-MM-DD HH:MM:SSZ`. */
  readonly timestamp?: string;
  readonly errorUri?: string;
  /** JSON text of a claims request, to be sent with the next request. */
  readonly claims?: string;
  /** HTTP status. */
  readonly status: number;
  /** The whole body, parsed. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** What is known about the request that was refused. */
export interface RefusedRequest {
  /** Said in the message. */
  readonly clientId?: string | undefined;
  /** Said in the message. */
  readonly tenantId?: string | undefined;
  /** Sent values that must not come back in the error. */
  readonly secrets?: readonly string[] | undefined;
  /** Id that was sent, for answers that do not repeat it. */
  readonly correlationId?: string | undefined;
}

const RETRYABLE = new Set(["temporarily_unavailable", "server_error"]);
/** The longest that was seen has 1,900. A longer one is no sentence for a message; `details` keep it whole. */
const MOST_DESCRIPTION_CHARACTERS = 16_384;
const EXCERPT_CHARACTERS = 300;

/**
 * Turns a refusing answer of a token endpoint into an error.
 *
 * @param response - any answer that carries no token
 * @param request - what was asked, for the message and for taking secrets out
 * @returns `OAUTH_REFUSED` with {@link RefusalDetails}, or `OAUTH_UNREADABLE_ANSWER` with `status`, `contentType` and
 *   `excerpt` when the body is not the JSON of a token endpoint
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { processRefusal } from "@nightlatch/oauth";
 *
 * const text = '{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided.","error_codes":[7000215]}';
 * const error = processRefusal({ status: 401, headers: {}, body: new Uint8Array(), text: () => text, json: () => JSON.parse(text) });
 * assert.equal(error.code, "OAUTH_REFUSED");
 * assert.deepEqual(error.details["aadstsCodes"], [7000215]);
 * ```
 */
export function processRefusal(response: HttpResponse, request: RefusedRequest = {}): NightlatchError {
  const text = withoutSecrets(response.text(), request.secrets ?? []);
  const body = parseObject(text);
  const error = body?.["error"];
  if (body === undefined || typeof error !== "string") return unreadable(response, text, request);
  const errorDescription = decodeEntities(stringOf(body["error_description"]) ?? "");
  const trailer = readTrailer(errorDescription);
  const aadstsCodes = readCodes(body["error_codes"], errorDescription);
  const details: RefusalDetails = {
    error,
    errorDescription,
    aadstsCodes,
    ...present("suberror", stringOf(body["suberror"])),
    ...present(
      "correlationId",
      stringOf(body["correlation_id"]) ?? trailer.correlationId ?? echoed(response, request),
    ),
    ...present(
      "traceId",
      stringOf(body["trace_id"]) ?? trailer.traceId ?? response.headers["x-ms-request-id"],
    ),
    ...present("timestamp", stringOf(body["timestamp"]) ?? trailer.timestamp),
    ...present("errorUri", stringOf(body["error_uri"])),
    ...present("claims", stringOf(body["claims"])),
    status: response.status,
    body,
  };
  const said = trailer.text === "" ? error : withoutHelpTail(trailer.text);
  return oauthError(
    "OAUTH_REFUSED",
    `The token endpoint refused${whom(request)}: ${said.replace(/\.$/, "")}`,
    {
      hint: hintForRefusal(aadstsCodes),
      details: { ...details },
      retryable: response.status === 429 || response.status >= 500 || RETRYABLE.has(error),
      retryAfterMs: parseRetryAfter(response.headers, Date.now()),
    },
  );
}

function unreadable(response: HttpResponse, text: string, request: RefusedRequest): NightlatchError {
  const { status } = response;
  const excerpt = status === 200 ? undefined : text.slice(0, EXCERPT_CHARACTERS);
  return oauthError(
    "OAUTH_UNREADABLE_ANSWER",
    `Cannot read the answer of the token endpoint${whom(request)}: status ${status} with ${describeBody(response)}`,
    {
      details: {
        status,
        ...present("contentType", response.headers["content-type"]),
        ...present("excerpt", excerpt),
        ...present("correlationId", echoed(response, request)),
      },
      hint:
        status === 429
          ? "Wait as long as Retry-After says, and cache tokens: the service throttles this application"
          : undefined,
      retryable: status === 408 || status === 429 || status >= 500,
      retryAfterMs: parseRetryAfter(response.headers, Date.now()),
    },
  );
}

/** For example `12 bytes of text/plain` or `an empty body`. */
function describeBody(response: HttpResponse): string {
  const bytes = response.body.byteLength;
  if (bytes === 0) return "an empty body";
  return `${bytes} bytes of ${response.headers["content-type"]?.split(";")[0] ?? "no stated type"}`;
}

interface Trailer {
  readonly text: string;
  readonly traceId: string | undefined;
  readonly correlationId: string | undefined;
  readonly timestamp: string | undefined;
}

/** Until 2023 each part stood on its own line (CR LF), since then after a blank. */
function readTrailer(whole: string): Trailer {
  const description = whole.slice(0, MOST_DESCRIPTION_CHARACTERS);
  const start = /\bTrace ID:\s/.exec(description);
  const tail = start === null ? "" : description.slice(start.index);
  return {
    text: (start === null ? description : description.slice(0, start.index)).replace(/\s+/g, " ").trim(),
    traceId: /Trace ID:\s*(\S+)/.exec(tail)?.[1],
    correlationId: /Correlation ID:\s*(\S+)/.exec(tail)?.[1],
    timestamp: /Timestamp:\s*(\S+ \S+Z)/.exec(tail)?.[1],
  };
}

/** The tail of the 700027 family is the same few addresses each time; it stays in `errorDescription`. */
function withoutHelpTail(text: string): string {
  return text.replace(/,?\s*Please visit (the Azure Portal|'https:).*$/, "]");
}

function readCodes(listed: unknown, description: string): readonly number[] {
  const codes = new Set<number>();
  if (Array.isArray(listed)) {
    for (const code of listed) {
      const number = Number(code);
      if (Number.isSafeInteger(number)) codes.add(number);
    }
  }
  for (const match of description.matchAll(/AADSTS(\d{4,9})\b/g)) codes.add(Number(match[1]));
  return [...codes];
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,6})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi,
    (all, decimal, hex, name) => {
      if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? all;
      const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
      return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : all;
    },
  );
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function echoed(response: HttpResponse, request: RefusedRequest): string | undefined {
  return response.headers["client-request-id"] ?? request.correlationId;
}

function whom(request: RefusedRequest): string {
  const client = request.clientId === undefined ? "" : ` client "${request.clientId}"`;
  const tenant = request.tenantId === undefined ? "" : ` in tenant "${request.tenantId}"`;
  return client + tenant;
}

function stringOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function present<Name extends string>(name: Name, value: string | undefined): { [K in Name]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { [K in Name]: string });
}
