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
  readonly responseBody: string;
  /** Whether the emulator has no such route. */
  readonly isMiss: boolean;
}

interface Entry {
  readonly request: EmulatorRequest;
  readonly atMs: number;
  readonly surface: string;
  readonly response: EmulatorResponse;
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
const KEPT_BYTES = 8 * 1024 * 1024;
const KEPT_MISSES = 500;
const MASK = "…";
const SECRET_FIELDS =
  /\b(client_secret|client_assertion|assertion|password|passwd|refresh_token|code|device_code|code_verifier|id_token|access_token|secretText|proof|id_token_hint)\b/;

/** A ring of requests, bounded in number and size. */
export class Recorder {
  #entries: Entry[] = [];
  #bytes = 0;
  readonly #misses = new Map<string, Miss>();

  /**
   * Keeps a request.
   *
   * @param request - the request
   * @param response - its answer
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
    this.#entries.push({ request, response, surface, atMs, isMiss });
    this.#bytes += sizeOf(request, response);
    if (this.#entries.length >= KEPT_REQUESTS * 2 || this.#bytes > KEPT_BYTES) this.#trim();
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
    return this.#entries.slice(-KEPT_REQUESTS).map((entry) => show(entry, showSecrets));
  }

  /** @returns what was asked for and is not there, each once with its count */
  misses(): Miss[] {
    return [...this.#misses.values()].map((miss) => ({ ...miss }));
  }

  /** Forgets everything. */
  clear(): void {
    this.#entries = [];
    this.#bytes = 0;
    this.#misses.clear();
  }

  /** Cuts in one go, so that a busy emulator does not move the whole ring for each request. */
  #trim(): void {
    let kept = this.#entries.slice(-KEPT_REQUESTS);
    const bytesOf = (entries: Entry[]): number =>
      entries.reduce((sum, { request, response }) => sum + sizeOf(request, response), 0);
    while (kept.length > 1 && bytesOf(kept) > KEPT_BYTES / 2) kept = kept.slice(Math.ceil(kept.length / 2));
    this.#entries = kept;
    this.#bytes = bytesOf(kept);
  }
}

function sizeOf(request: EmulatorRequest, response: EmulatorResponse): number {
  return 600 + request.body.length + (response.body?.length ?? 0);
}

function show(entry: Entry, showSecrets: boolean): RecordedRequest {
  const { request, response } = entry;
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
    body: mask(request.body.toString("utf8")),
    status: response.status,
    responseBody: mask(Buffer.from(response.body ?? "").toString("utf8")),
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
