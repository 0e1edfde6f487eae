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

/** What the emulator did not have. */
export interface Miss {
  readonly method: string;
  readonly url: string;
  readonly reason: string;
  count: number;
}

/** Where a record's parts lie in the store. */
interface Place {
  readonly start: number;
  readonly headLength: number;
  readonly bodyLength: number;
  readonly responseLength: number;
}

const KEPT_REQUESTS = 1000;
const KEPT_BODY_BYTES = 64 * 1024;
const STORE_BYTES = 4 * 1024 * 1024;
const KEPT_MISSES = 500;
const MASK = "…";
const SECRET_FIELDS =
  /\b(client_secret|client_assertion|assertion|password|passwd|refresh_token|code|device_code|code_verifier|id_token|access_token|secretText|proof|id_token_hint)\b/;

/**
 * A ring of requests, bounded in number and size.
 *
 * Records are bytes in one store instead of objects: a busy emulator would otherwise spend more time on collecting
 * them than on answering.
 */
export class Recorder {
  #store: Buffer | undefined;
  #offset = 0;
  #places: Place[] = [];
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
    request: EmulatorRequest & { readonly search: string },
    response: EmulatorResponse,
    surface: string,
    atMs: number,
    isMiss: boolean,
  ): void {
    const { id, method, origin, path, search, headers } = request;
    const isIssue = surface === "entra" && response.status === 200;
    // Lines, because nothing in the head of a request can hold an end of line; JSON costs twice as much.
    let head = `${id}\n${atMs}\n${method}\n${origin}${path}\n${search}\n${surface}\n${response.status}\n${isMiss}`;
    for (const name in headers) head += `\n${name}:${String(headers[name])}`;
    this.#keep(head, request.body, isIssue ? "" : (response.body ?? ""));
    if (isMiss) this.miss(method, `${origin}${path}`, "no such route");
  }

  #keep(head: string, body: Buffer, response: string | Uint8Array): void {
    this.#store ??= Buffer.allocUnsafe(STORE_BYTES);
    const longest = 3 * head.length + 2 * KEPT_BODY_BYTES;
    if (this.#offset + longest > STORE_BYTES) this.#offset = 0;
    const start = this.#offset;
    const headLength = this.#store.write(head, start, "utf8");
    const bodyLength = body.copy(this.#store, start + headLength, 0, KEPT_BODY_BYTES);
    const rest = start + headLength + bodyLength;
    const responseLength =
      typeof response === "string"
        ? this.#store.write(response, rest, KEPT_BODY_BYTES, "utf8")
        : Buffer.from(response).copy(this.#store, rest, 0, KEPT_BODY_BYTES);
    const end = rest + responseLength;
    this.#offset = end;
    this.#places.push({ start, headLength, bodyLength, responseLength });
    if (this.#places.length >= KEPT_REQUESTS * 2) this.#places = this.#places.slice(-KEPT_REQUESTS);
  }

  /** What was not yet overwritten, oldest first. */
  #intact(): Place[] {
    const recent = this.#places.slice(-KEPT_REQUESTS);
    const newest = recent.at(-1);
    if (newest === undefined) return [];
    // Going back from the newest, a record is whole until the bytes written since reach it.
    const intact: Place[] = [];
    let upperStart = Number.POSITIVE_INFINITY;
    let hasWrapped = false;
    for (const place of recent.toReversed()) {
      if (place.start >= upperStart) hasWrapped = true;
      if (hasWrapped && place.start < newest.start + lengthOf(newest)) break;
      intact.push(place);
      upperStart = place.start;
    }
    return intact.toReversed();
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
    const store = this.#store;
    return store === undefined ? [] : this.#intact().map((place) => show(store, place, showSecrets));
  }

  /** @returns what was asked for and is not there, each once with its count */
  misses(): Miss[] {
    return [...this.#misses.values()].map((miss) => ({ ...miss }));
  }

  /** Forgets everything. */
  clear(): void {
    this.#places = [];
    this.#store?.fill(0);
    this.#misses.clear();
  }
}

function lengthOf({ headLength, bodyLength, responseLength }: Place): number {
  return headLength + bodyLength + responseLength;
}

function show(
  store: Buffer,
  { start, headLength, bodyLength, responseLength }: Place,
  showSecrets: boolean,
): RecordedRequest {
  const head = store.toString("utf8", start, start + headLength).split("\n");
  const [id = "", atMs = "", method = "", url = "", search = "", surface = "", status = "", isMiss = ""] =
    head;
  const bodyEnd = start + headLength + bodyLength;
  const mask = showSecrets ? (text: string): string => text : maskSecrets;
  const headers: Record<string, string> = {};
  for (const line of head.slice(8)) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    const text = line.slice(colon + 1);
    headers[name] = !showSecrets && (name === "authorization" || name === "cookie") ? maskHeader(text) : text;
  }
  return {
    id,
    atMs: Number(atMs),
    method,
    url: `${url}${search === "" ? "" : `?${mask(search)}`}`,
    surface,
    headers,
    body: mask(store.toString("utf8", start + headLength, bodyEnd)),
    status: Number(status),
    responseBody: mask(store.toString("utf8", bodyEnd, bodyEnd + responseLength)),
    isMiss: isMiss === "true",
  };
}

/**
 * Blots out what nobody should read, in a form, in JSON or anywhere in a text.
 *
 * @param text - any text
 * @returns the text without secrets, assertions and tokens
 */
function maskSecrets(text: string): string {
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
