/** The last requests, for whoever wants to see what a program really sent. Secrets are masked unless asked for. */
import type { EmulatorRequest, EmulatorResponse } from "./http.ts";

/** A request as it is shown. */
export interface RecordedRequest {
  readonly id: string;
  /** Milliseconds since 1970 UTC, by the emulator's clock. */
  readonly atMs: number;
  readonly method: string;
  /** Scheme, host, port, path and query. */
  readonly url: string;
  readonly surface: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status: number;
  /** Empty where it held an issued token. */
  readonly responseBody: string;
  /** Whether the emulator has no such route. */
  readonly isMiss: boolean;
}

interface Entry {
  readonly request: EmulatorRequest;
  /** A copy: what the socket delivered is part of a much larger buffer that would stay as well. */
  readonly body: Buffer;
  readonly atMs: number;
  readonly surface: string;
  readonly status: number;
  readonly responseBody: string | Uint8Array;
  readonly isMiss: boolean;
}

/** What the emulator did not have. */
export interface Miss {
  readonly method: string;
  readonly url: string;
  readonly reason: string;
  count: number;
}

const KEPT_REQUESTS = 1000;
const KEPT_BODY_BYTES = 64 * 1024;
const KEPT_MISSES = 500;
const MASK = "…";
const SECRET_FIELDS =
  /\b(client_secret|client_assertion|assertion|password|passwd|refresh_token|code|device_code|code_verifier|id_token|access_token|secretText|proof|id_token_hint)\b/;

/** A ring of requests, bounded in number and size. */
export class Recorder {
  readonly #entries: (Entry | undefined)[] = new Array<Entry | undefined>(KEPT_REQUESTS);
  #next = 0;
  readonly #misses = new Map<string, Miss>();

  /**
   * Keeps a request.
   *
   * @param request - the request
   * @param response - its answer; issued tokens are not kept
   * @param surface - who answered
   * @param atMs - milliseconds since 1970 UTC
   * @param isMiss - whether nobody had the route
   */
  record(
    request: EmulatorRequest,
    response: EmulatorResponse,
    surface: string,
    atMs: number,
    isMiss: boolean,
  ): void {
    const isIssue = surface === "entra" && response.status === 200;
    const responseBody = isIssue ? "" : (response.body ?? "").slice(0, KEPT_BODY_BYTES);
    const body = Buffer.from(request.body.subarray(0, KEPT_BODY_BYTES));
    this.#entries[this.#next % KEPT_REQUESTS] = {
      request,
      body,
      atMs,
      surface,
      status: response.status,
      responseBody,
      isMiss,
    };
    this.#next += 1;
    if (isMiss) this.miss(request.method, `${request.origin}${request.path}`, "no such route");
  }

  /**
   * Notes something that was asked for and is not there.
   *
   * @param method - HTTP method
   * @param url - address without query
   * @param reason - what is missing
   */
  miss(method: string, url: string, reason: string): void {
    const key = `${method} ${url} ${reason}`;
    const known = this.#misses.get(key);
    if (known !== undefined) known.count += 1;
    else if (this.#misses.size < KEPT_MISSES) this.#misses.set(key, { method, url, reason, count: 1 });
  }

  /**
   * Notes an option or property that a surface does not have.
   *
   * @param reason - what is missing, in the surface's words
   */
  missOption(reason: string): void {
    this.miss("", "", reason);
  }

  /**
   * Shows the kept requests, oldest first.
   *
   * @param showSecrets - true leaves secrets, assertions and tokens as they were sent
   * @returns up to 1,000 requests
   */
  list(showSecrets = false): RecordedRequest[] {
    const start = this.#next % KEPT_REQUESTS;
    const inOrder = [...this.#entries.slice(start), ...this.#entries.slice(0, start)];
    return inOrder.flatMap((entry) => (entry === undefined ? [] : [show(entry, showSecrets)]));
  }

  /** @returns what was asked for and is not there, each once with its count */
  misses(): Miss[] {
    return [...this.#misses.values()].map((miss) => ({ ...miss }));
  }

  /** Forgets everything. */
  clear(): void {
    this.#entries.fill(undefined);
    this.#next = 0;
    this.#misses.clear();
  }
}

function show(entry: Entry, showSecrets: boolean): RecordedRequest {
  const { request } = entry;
  const mask = showSecrets ? (text: string): string => text : maskSecrets;
  const query = request.query.toString();
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    const text = Array.isArray(value) ? value.join(", ") : (value ?? "");
    headers[name] = !showSecrets && (name === "authorization" || name === "cookie") ? maskHeader(text) : text;
  }
  return {
    id: request.id,
    atMs: entry.atMs,
    method: request.method,
    url: `${request.origin}${request.path}${query === "" ? "" : `?${mask(query)}`}`,
    surface: entry.surface,
    headers,
    body: mask(entry.body.toString("utf8")),
    status: entry.status,
    responseBody: mask(Buffer.from(entry.responseBody).toString("utf8")),
    isMiss: entry.isMiss,
  };
}

/**
 * Blots out what nobody should read, in a form, in JSON or anywhere in a text.
 *
 * @param text - any text
 * @returns the text without secrets, assertions and tokens
 */
export function maskSecrets(text: string): string {
  const fields = SECRET_FIELDS.source;
  return text
    .replace(new RegExp(`(^|[?&\\s])(${fields})=[^&\\s"]*`, "g"), `$1$2=${MASK}`)
    .replace(new RegExp(`("(?:${fields})"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*"`, "g"), `$1"${MASK}"`)
    .replace(/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g, MASK);
}

/** The scheme stays visible, what it carries does not. */
function maskHeader(text: string): string {
  const [scheme = ""] = text.split(" ");
  return text.includes(" ") ? `${scheme} ${MASK}` : MASK;
}
