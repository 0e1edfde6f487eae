/**
 * Repeating a request.
 *
 * The rules are: 429 is always repeated, since a throttled request was not carried out; 408, 5xx and a lost answer only
 * when the request may be repeated; a connection that never stood always; `Retry-After` is never shortened; what is
 * left of the deadline decides whether waiting is worth it.
 */
import { isNightlatchError } from "@nightlatch/credential/assertion";
import { oauthError } from "../errors.ts";
import { parseRetryAfter } from "./retry-after.ts";
import type { HttpRequest, HttpResponse, Transport } from "./transport.ts";

/** How a request is repeated. Every member has a default. */
export interface RetryPolicy {
  /** Requests in all, the first included. @defaultValue 4 */
  readonly maxAttempts?: number | undefined;
  /** All attempts and waits together, in milliseconds. @defaultValue 120000 */
  readonly deadlineMs?: number | undefined;
  /** First wait, doubled each time, in milliseconds; halved at most by chance. @defaultValue 500 */
  readonly baseDelayMs?: number | undefined;
  /** Longest wait of our own choosing, in milliseconds; `Retry-After` may be longer. @defaultValue 20000 */
  readonly maxDelayMs?: number | undefined;
  /**
   * Whether this request may be carried out twice.
   * @defaultValue GET, HEAD, OPTIONS, PUT and DELETE may (RFC 9110 §9.2.2)
   */
  readonly repeatable?: ((request: HttpRequest) => boolean) | undefined;
  /** Called before each wait. */
  readonly onRetry?: ((event: RetryEvent) => void) | undefined;
  /** Milliseconds since 1970. @defaultValue `Date.now` */
  readonly nowMs?: (() => number) | undefined;
  /** Waits; rejects when the signal fires. */
  readonly sleep?: ((delayMs: number, signal: AbortSignal | undefined) => Promise<void>) | undefined;
  /** From 0 up to 1. @defaultValue `Math.random` */
  readonly random?: (() => number) | undefined;
}

/** One repetition about to happen. */
export interface RetryEvent {
  /** Number of the attempt that failed, from 1. */
  readonly attempt: number;
  readonly delayMs: number;
  /** Status that led here; `undefined` when no answer came. */
  readonly status: number | undefined;
  /** Failure that led here; `undefined` when an answer came. */
  readonly error: unknown;
}

const IDEMPOTENT = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);
const NEVER = new Set([501, 505, 506, 508, 510, 511]);

/**
 * Sends a request and repeats it where that is harmless and may help.
 *
 * @param transport - sends each attempt
 * @param request - what to send; its signal also ends a wait
 * @param policy - bounds, and which requests may be repeated
 * @returns the first answer that needs no repetition, or the last one when the bounds are used up
 * @throws {NightlatchError} the last `OAUTH_NETWORK_…`; `OAUTH_ABORTED`
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sendWithRetry } from "@nightlatch/oauth";
 *
 * let requests = 0;
 * const busyOnce = {
 *   send: async () => ({
 *     status: requests++ === 0 ? 503 : 204,
 *     headers: { "retry-after": "0.01" },
 *     body: new Uint8Array(),
 *     text: () => "",
 *     json: () => null,
 *   }),
 *   close: () => undefined,
 * };
 * const response = await sendWithRetry(busyOnce, { method: "GET", url: "https://graph.microsoft.com/v1.0/users" });
 * assert.equal(response.status, 204);
 * assert.equal(requests, 2);
 * ```
 * @see https://learn.microsoft.com/graph/throttling
 */
export async function sendWithRetry(
  transport: Transport,
  request: HttpRequest,
  policy: RetryPolicy = {},
): Promise<HttpResponse> {
  const nowMs = policy.nowMs ?? Date.now;
  const maxAttempts = policy.maxAttempts ?? 4;
  const endsAtMs = nowMs() + (policy.deadlineMs ?? 120_000);
  const mayRepeat = (policy.repeatable ?? isIdempotent)(request);
  for (let attempt = 1; ; attempt++) {
    const outcome = await attemptOnce(transport, request);
    const delayMs = outcome.again(mayRepeat) ? delayBefore(attempt, outcome, policy, nowMs()) : undefined;
    if (delayMs === undefined || attempt >= maxAttempts || !isWorthWaiting(delayMs, nowMs(), endsAtMs)) {
      return outcome.finish();
    }
    policy.onRetry?.({ attempt, delayMs, status: outcome.response?.status, error: outcome.error });
    if (delayMs > 0) await (policy.sleep ?? sleep)(delayMs, request.signal);
  }
}

interface Outcome {
  readonly response?: HttpResponse;
  readonly error?: unknown;
  /** Whether the same request may be sent again. */
  again(mayRepeat: boolean): boolean;
  finish(): HttpResponse;
}

async function attemptOnce(transport: Transport, request: HttpRequest): Promise<Outcome> {
  try {
    const response = await transport.send(request);
    const { status } = response;
    return {
      response,
      again: (mayRepeat) => status === 429 || (mayRepeat && isTransient(status)),
      finish: () => response,
    };
  } catch (error) {
    return {
      error,
      again: (mayRepeat) => isRetryableFailure(error) && (mayRepeat || !mayHaveArrived(error)),
      finish: () => {
        throw error;
      },
    };
  }
}

function delayBefore(attempt: number, outcome: Outcome, policy: RetryPolicy, nowMs: number): number {
  // A kept-alive connection that the server had closed meanwhile says nothing about its health.
  if (attempt === 1 && isStaleConnection(outcome.error)) return 0;
  const random = policy.random ?? Math.random;
  const backoffMs = Math.min(policy.maxDelayMs ?? 20_000, (policy.baseDelayMs ?? 500) * 2 ** (attempt - 1));
  const askedMs = parseRetryAfter(outcome.response?.headers ?? {}, nowMs);
  // "At once", or a moment that has passed: said to all who were refused, who would come back as one.
  if (askedMs === undefined || askedMs === 0) return Math.round(backoffMs * (0.5 + random() / 2));
  return Math.ceil(askedMs + Math.min(backoffMs, askedMs) * 0.1 * random());
}

/** A timer of Node holds 2^31 - 1 ms; a longer one fires at once, which would shorten what the server asked for. */
function isWorthWaiting(delayMs: number, nowMs: number, endsAtMs: number): boolean {
  return delayMs < 2 ** 31 && nowMs + delayMs <= endsAtMs;
}

function isTransient(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && !NEVER.has(status));
}

function isIdempotent(request: HttpRequest): boolean {
  return IDEMPOTENT.has(request.method);
}

function isRetryableFailure(error: unknown): boolean {
  return isNightlatchError(error) && error.retryable && error.code !== "OAUTH_ABORTED";
}

function mayHaveArrived(error: unknown): boolean {
  return isNightlatchError(error) && error.details["answerLost"] !== false;
}

function isStaleConnection(error: unknown): boolean {
  return (
    isNightlatchError(error) &&
    error.code === "OAUTH_NETWORK_LOST" &&
    error.details["reusedConnection"] === true &&
    error.details["status"] === undefined
  );
}

function sleep(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const give = () => {
      clearTimeout(timer);
      reject(
        oauthError("OAUTH_ABORTED", "Gave up while waiting to repeat a request", {
          cause: signal?.reason,
          details: { answerLost: false },
        }),
      );
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", give);
      resolve();
    }, delayMs);
    if (signal?.aborted === true) give();
    else signal?.addEventListener("abort", give, { once: true });
  });
}
