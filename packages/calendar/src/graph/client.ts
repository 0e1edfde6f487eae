/**
 * One question to Graph: token, room to send, repetition, and an answer that is either the wanted one or an error.
 *
 * The rules are: a status that was not asked for is an error, also 200 without JSON; a write that may have
 * happened although no answer said so ends as `CALENDAR_WRITE_UNCERTAIN`; a claims challenge is answered once;
 * the token goes to the origin of the endpoint and nowhere else.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { isNightlatchError } from "@nightlatch/credential";
import {
  correlationHeaders,
  type HttpRequest,
  type HttpResponse,
  parseRetryAfter,
  type RetryPolicy,
  sendAuthorized,
  sendWithRetry,
  type TokenSource,
  type Transport,
} from "@nightlatch/oauth";
import { calendarError } from "../errors.ts";
import { Gate, MailboxGates } from "../gate.ts";
import type { TokenProvider } from "../token-provider.ts";
import { type Asked, refusalDetails, refusalError } from "./refusal.ts";
import { isRecord, type WireRecord } from "./wire.ts";

/** Bounds of the retries; the wing decides itself what may be repeated. */
export type GraphRetryOptions = Pick<
  RetryPolicy,
  "maxAttempts" | "deadlineMs" | "baseDelayMs" | "maxDelayMs" | "onRetry" | "nowMs" | "sleep" | "random"
>;

/** Options that everything over Graph takes. */
export interface GraphOptions {
  /** Gives access tokens. */
  readonly tokens: TokenProvider;
  /** Sends requests. */
  readonly transport: Transport;
  /** Root of the API. @defaultValue `https://graph.microsoft.com/v1.0` */
  readonly endpoint?: string | undefined;
  /** Scope of the tokens. @defaultValue origin of the endpoint + `/.default` */
  readonly scope?: string | undefined;
  /** Requests in flight for one mailbox. @defaultValue 4 */
  readonly maxConcurrencyPerMailbox?: number | undefined;
  /** Requests in flight in all. @defaultValue 32 */
  readonly maxConcurrency?: number | undefined;
  /** Bounds of the retries. */
  readonly retry?: GraphRetryOptions | undefined;
}

/** One question. */
export interface GraphCall {
  /** What is tried, as words that follow "Cannot". */
  readonly act: string;
  /** Mailbox, or whatever else is throttled as one. */
  readonly mailbox: string;
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Below the endpoint, starting with `/`; or absolute, from a nextLink. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** JSON. */
  readonly body?: unknown;
  /** The only status that is a success. */
  readonly wanted: number;
  /** Whether carrying it out twice is the same as once. */
  readonly repeatable: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** A successful answer. */
export interface GraphAnswer {
  /** JSON object; empty when the answer has no body. */
  readonly body: WireRecord;
  readonly asked: Asked;
}

/** What happened to the attempts of one call. */
interface Attempts {
  /** Whether an attempt before the last one may have been carried out without our knowing. */
  lost: boolean;
  last: "answered" | "lost" | "not sent";
}

/** Speaks with one Graph endpoint. */
export class GraphClient {
  /** Root of the API, without trailing slash. */
  readonly endpoint: URL;
  readonly #tokens: TokenProvider;
  readonly #transport: Transport;
  readonly #scope: string;
  readonly #mailboxes: MailboxGates;
  readonly #gate: Gate;
  readonly #retry: GraphRetryOptions;

  constructor(options: GraphOptions) {
    this.endpoint = new URL((options.endpoint ?? "https://graph.microsoft.com/v1.0").replace(/\/+$/, ""));
    this.#tokens = options.tokens;
    this.#transport = options.transport;
    this.#scope = options.scope ?? `${this.endpoint.origin}/.default`;
    this.#mailboxes = new MailboxGates(options.maxConcurrencyPerMailbox ?? 4);
    this.#gate = new Gate(options.maxConcurrency ?? 32);
    this.#retry = options.retry ?? {};
  }

  /**
   * Asks and waits for the answer.
   *
   * @param call - the question
   * @returns the answer
   * @throws {NightlatchError} `CALENDAR_…` by cause; errors of the token provider as they come
   * @throws the reason of the signal when it fires
   */
  async ask(call: GraphCall): Promise<GraphAnswer> {
    const asked = { act: call.act, mailbox: call.mailbox, clientRequestId: randomUUID() };
    const attempts: Attempts = { lost: false, last: "not sent" };
    // The mailbox stays taken while a throttled request waits, so that its other requests wait as well; the
    // room in all is given back, so that one slow mailbox does not hold up the rest.
    const response = await this.#mailboxes.run(
      call.mailbox,
      () => this.#exchange(call, asked, attempts),
      call.signal,
    );
    if (response.status === call.wanted) return { body: readBody(response, call, asked), asked };
    // Our own first attempt has deleted it, only its answer was lost.
    if (call.method === "DELETE" && response.status === 404 && attempts.lost) return { body: {}, asked };
    throw this.#failure(response, call, asked, attempts);
  }

  async #exchange(call: GraphCall, asked: Asked, attempts: Attempts): Promise<HttpResponse> {
    const request: HttpRequest = {
      method: call.method,
      url: this.#resolve(call.path),
      headers: {
        ...(call.body !== undefined && { "content-type": "application/json" }),
        ...correlationHeaders(asked.clientRequestId),
        ...call.headers,
      },
      body: call.body === undefined ? undefined : JSON.stringify(call.body),
      signal: call.signal,
    };
    const watched = this.#watched(attempts);
    const send = async (attempt: HttpRequest): Promise<HttpResponse> => {
      try {
        return await sendWithRetry(watched, attempt, this.#policy(call));
      } catch (cause) {
        call.signal?.throwIfAborted();
        throw networkFailure(cause, call, asked, attempts);
      }
    };
    return sendAuthorized(watched, this.#tokensFor(call), request, { scopes: this.#scope, send });
  }

  /** The token provider, an aborted call ending with the reason of its signal whatever the provider makes of it. */
  #tokensFor(call: GraphCall): TokenSource {
    return {
      getToken: async (scopes, options) => {
        call.signal?.throwIfAborted();
        const token = await this.#tokens.getToken(scopes, options).catch((error: unknown) => {
          call.signal?.throwIfAborted();
          throw error;
        });
        if (token !== null) return token;
        throw calendarError(
          "CALENDAR_TOKEN_REFUSED",
          `Cannot ${call.act}: the token provider has no token for "${String(scopes)}"`,
          { hint: "Check how the token provider signs in", details: { mailbox: call.mailbox } },
        );
      },
    };
  }

  /** The transport, taking room for each attempt and noting what became of it. */
  #watched(attempts: Attempts): Transport {
    return {
      send: (request) =>
        this.#gate.run(async () => {
          attempts.lost ||= attempts.last === "lost";
          attempts.last = "lost";
          try {
            const response = await this.#transport.send(request);
            attempts.last = isAnswered(response.status) ? "answered" : "lost";
            return response;
          } catch (error) {
            if (isNightlatchError(error) && error.details["answerLost"] === false) attempts.last = "not sent";
            throw error;
          }
        }, request.signal),
      close: () => undefined,
    };
  }

  #policy(call: GraphCall): RetryPolicy {
    const { baseDelayMs = 500, maxDelayMs = 20_000, onRetry, sleep = sleepUntil } = this.#retry;
    let floorMs = 0;
    return {
      ...this.#retry,
      repeatable: () => call.repeatable,
      onRetry: (event) => {
        // "Retry-After: 1" again and again is common, and obeying it to the letter hammers on.
        floorMs = event.attempt === 1 ? 0 : Math.min(maxDelayMs, baseDelayMs * 2 ** (event.attempt - 1));
        onRetry?.(event);
      },
      sleep: (delayMs, signal) => sleep(Math.max(delayMs, floorMs), signal),
    };
  }

  #failure(response: HttpResponse, call: GraphCall, asked: Asked, attempts: Attempts): Error {
    const retryAfterMs = parseRetryAfter(response.headers, (this.#retry.nowMs ?? Date.now)());
    const error = refusalError(response, asked, retryAfterMs);
    if (call.method === "GET") return error;
    const { status } = response;
    if (status >= 400 && attempts.last !== "lost") {
      // After a lost answer "somebody changed it" and "already there" may both be our own doing.
      if (!attempts.lost || ![409, 412, 429].includes(status)) return error;
    }
    return uncertain(call, refusalDetails(response, asked), error);
  }

  #resolve(path: string): string {
    return path.startsWith("/") ? this.endpoint.href.replace(/\/$/, "") + path : path;
  }
}

function readBody(response: HttpResponse, call: GraphCall, asked: Asked): WireRecord {
  if (response.status === 204) return {};
  let body: unknown;
  try {
    body = response.json();
  } catch (cause) {
    throw unreadable(response, call, asked, "no JSON", cause);
  }
  if (!isRecord(body)) throw unreadable(response, call, asked, "JSON that is no object");
  return body;
}

function unreadable(
  response: HttpResponse,
  call: GraphCall,
  asked: Asked,
  what: string,
  cause?: unknown,
): Error {
  const details = { ...refusalDetails(response, asked), contentType: response.headers["content-type"] };
  // The status says that the write was carried out, but not what became of it.
  if (call.method === "POST" || call.method === "PATCH") return uncertain(call, details, cause);
  return calendarError(
    "CALENDAR_UNREADABLE_ANSWER",
    `Cannot ${call.act}: the server answered ${response.status} with ${what}`,
    {
      details,
      cause,
    },
  );
}

function networkFailure(cause: unknown, call: GraphCall, asked: Asked, attempts: Attempts): unknown {
  if (call.method !== "GET" && (attempts.lost || attempts.last === "lost")) {
    return uncertain(call, { mailbox: call.mailbox, clientRequestId: asked.clientRequestId }, cause);
  }
  if (!isNightlatchError(cause)) return cause;
  return calendarError("CALENDAR_UNAVAILABLE", `Cannot ${call.act}: ${cause.message}`, {
    hint: cause.hint,
    retryable: cause.retryable,
    details: {
      ...cause.details,
      code: cause.code,
      mailbox: call.mailbox,
      clientRequestId: asked.clientRequestId,
    },
    cause,
  });
}

function uncertain(call: GraphCall, details: Readonly<Record<string, unknown>>, cause: unknown): Error {
  return calendarError(
    "CALENDAR_WRITE_UNCERTAIN",
    `Cannot tell whether this has happened: ${call.act}; the answer was lost`,
    { details, cause },
  );
}

/** A gateway that gives up, or a server that fails half-way, may have carried the request out. */
function isAnswered(status: number): boolean {
  return status !== 408 && status < 500;
}

async function sleepUntil(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  await wait(delayMs, undefined, signal === undefined ? {} : { signal });
}
