/**
 * The one way to the network: HTTPS over kept-alive connections, through a proxy where the environment names one.
 *
 * Built on `node:https`, not on `fetch`: a request costs a quarter of the CPU. The rules are: only https; a request
 * is sent once (repeating is {@link sendWithRetry}'s business); a failure says at which stage it happened and
 * whether the request may have arrived all the same (`details.answerLost`); redirects are answers; nothing is
 * asked to be compressed.
 */
import { type Agent, request as httpsRequest } from "node:https";
import { oauthError } from "../errors.ts";
import { createAgents } from "./agent.ts";
import { type ExchangeState, networkError } from "./network-error.ts";
import { EVERY_HOST_DIRECT, readProxySettings } from "./proxy-settings.ts";
import { type ReceivedResponse, receive } from "./response.ts";

/** One request. */
export interface HttpRequest {
  /** Upper case: `GET`, `POST`, …. */
  readonly method: string;
  /** Absolute https address. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Text is sent as UTF-8. */
  readonly body?: string | Uint8Array | undefined;
  /** Cancels the request. */
  readonly signal?: AbortSignal | undefined;
  /** Until the answer is complete, in milliseconds; the transport's own bound when absent. */
  readonly timeoutMs?: number | undefined;
}

/** One answer, body complete. */
export interface HttpResponse {
  /** 100 to 599. */
  readonly status: number;
  /** Names in lower case; repeated headers joined by a comma and a blank. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Body as UTF-8 text, without a byte order mark. */
  text(): string;
  /**
   * Body as JSON.
   *
   * @throws {NightlatchError} `OAUTH_UNREADABLE_ANSWER`: the body is not JSON
   */
  json(): unknown;
}

/** Sends requests. Every floor that talks to a server takes one, so that tests and programs may bring their own. */
export interface Transport {
  /**
   * Sends one request, once.
   *
   * @param request - what to send
   * @returns the answer, whatever its status
   * @throws {NightlatchError} `OAUTH_NETWORK_…` by stage, `OAUTH_ABORTED`; `details.answerLost` tells whether the
   *   request may have arrived
   */
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Closes idle connections. Requests under way fail. */
  close(): void;
}

/** Options of {@link createTransport}. */
export interface TransportOptions {
  /** PEM of further CA certificates, added to the roots Node trusts. */
  readonly ca?: string | readonly string[] | undefined;
  /** Proxy address, or `false` for none. @defaultValue `HTTPS_PROXY` and `NO_PROXY` of the environment */
  readonly proxy?: string | false | undefined;
  /** Until an answer is complete, in milliseconds. @defaultValue 30000 */
  readonly timeoutMs?: number | undefined;
  /** Largest answer taken, in bytes. @defaultValue 67108864 (64 MiB) */
  readonly maxResponseBytes?: number | undefined;
  /** Connections to one host at a time; further requests wait. @defaultValue 64 */
  readonly maxConnections?: number | undefined;
  /** `User-Agent`. @defaultValue `nightlatch/0.1.0` */
  readonly userAgent?: string | undefined;
  /** Environment to read proxy settings from. @defaultValue `process.env` */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_RESPONSE_BYTES = 64 * 2 ** 20;
const DEFAULT_MAX_CONNECTIONS = 64;

/**
 * Creates a transport. Share one: each keeps its own connections.
 *
 * @param options - trust, proxy and bounds
 * @returns the transport; idle connections do not keep the process alive
 * @throws {NightlatchError} `OAUTH_NETWORK_PROXY`: the proxy setting is not an address
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createTransport } from "@nightlatch/oauth";
 *
 * const transport = createTransport({ proxy: false, timeoutMs: 5_000 });
 * await assert.rejects(transport.send({ method: "GET", url: "http://localhost/" }), { code: "OAUTH_NETWORK_INSECURE" });
 * transport.close();
 * ```
 */
export function createTransport(options: TransportOptions = {}): Transport {
  const settings =
    options.proxy === false
      ? EVERY_HOST_DIRECT
      : readProxySettings(options.env ?? process.env, options.proxy);
  const agents = createAgents({
    ca: options.ca,
    proxyUrl: settings.proxyUrl,
    maxConnections: options.maxConnections ?? DEFAULT_MAX_CONNECTIONS,
  });
  const bounds = {
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    maxResponseBytes: options.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES,
  };
  const userAgent = options.userAgent ?? "nightlatch/0.1.0";
  return {
    async send(request) {
      const url = parseUrl(request.url);
      const agent = settings.isDirect(url) ? agents.direct() : agents.proxied();
      return exchange(request, url, agent, bounds, userAgent);
    },
    close: () => agents.close(),
  };
}

function parseUrl(text: string): URL {
  const url = new URL(text);
  if (url.protocol === "https:") return url;
  throw oauthError(
    "OAUTH_NETWORK_INSECURE",
    `Cannot send a request to ${url.protocol}//${url.host}: only https is used`,
  );
}

interface Bounds {
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
}

function exchange(
  request: HttpRequest,
  url: URL,
  agent: Agent,
  bounds: Bounds,
  userAgent: string,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const { signal, body } = request;
    const state: ExchangeState = { host: url.host, method: request.method, sent: false, reused: false };
    if (signal?.aborted === true) {
      reject(networkError(abortCause(signal), state));
      return;
    }
    const hostname = url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname;
    const outgoing = httpsRequest({
      host: hostname,
      port: url.port === "" ? 443 : url.port,
      path: url.pathname + url.search,
      method: request.method,
      headers: { "user-agent": userAgent, accept: "application/json", ...request.headers },
      agent,
    });
    const timeoutMs = request.timeoutMs ?? bounds.timeoutMs;
    const timer = setTimeout(() => outgoing.destroy(new DeadlinePassed(timeoutMs)), timeoutMs);
    const onAbort = () => outgoing.destroy(abortCause(signal as AbortSignal));
    signal?.addEventListener("abort", onAbort, { once: true });
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
    const fail = (cause: unknown) => {
      settle();
      reject(networkError(cause, state));
      outgoing.destroy();
    };
    outgoing.on("error", fail);
    outgoing.once("socket", (socket) => {
      state.reused = outgoing.reusedSocket;
      if (state.reused) state.sent = true;
      else
        socket.once("secureConnect", () => {
          state.sent = true;
        });
    });
    outgoing.once("response", (incoming) => {
      state.status = incoming.statusCode;
      receive(incoming, bounds.maxResponseBytes, fail, (received: ReceivedResponse) => {
        settle();
        resolve(received);
      });
    });
    outgoing.end(body);
  });
}

/** The time allowed is over. */
class DeadlinePassed extends Error {
  readonly code = "NIGHTLATCH_DEADLINE";
  constructor(timeoutMs: number) {
    super(`no complete answer within ${timeoutMs} ms`);
  }
}

function abortCause(signal: AbortSignal): Error {
  const error = new Error("aborted by the caller", { cause: signal.reason });
  return Object.assign(error, { code: "NIGHTLATCH_ABORTED" });
}
