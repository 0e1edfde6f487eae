/**
 * The one way to the network: HTTPS over kept-alive connections, through a proxy where the environment names one.
 *
 * Built on `node:https`, not on `fetch`: a request costs a quarter of the CPU. The rules are: only https; a request
 * is sent once (repeating is {@link sendWithRetry}'s business); a failure says at which stage it happened and
 * whether the request may have arrived all the same (`details.answerLost`); redirects are answers; nothing is
 * asked to be compressed.
 */
import { oauthError } from "../errors.ts";
import type { HttpsConnections } from "./https-connections.ts";
import { EVERY_HOST_DIRECT, readProxySettings } from "./proxy-settings.ts";

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
  /**
   * Takes the body of an answer of status 200 part by part as it arrives, so that nobody has to hold all of it; the
   * answer's own `body` is empty then. A transport may leave it alone and give the body whole. It must not throw, and
   * the answer may still fail after some parts.
   */
  readonly onBodyPart?: ((part: Uint8Array) => void) | undefined;
}

/** One answer, body complete unless {@link HttpRequest.onBodyPart} took it. */
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
  const connectionOptions = {
    ca: options.ca,
    proxyUrl: settings.proxyUrl,
    maxConnections: options.maxConnections ?? DEFAULT_MAX_CONNECTIONS,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    maxResponseBytes: options.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES,
    userAgent: options.userAgent ?? "nightlatch/0.1.0",
  };
  let connections: HttpsConnections | undefined;
  // Node's TLS and HTTPS take longer to load than all of this package: a program that sends nothing does without.
  const open = async () => {
    const { openHttpsConnections } = await import("./https-connections.ts");
    connections ??= openHttpsConnections(connectionOptions);
    return connections;
  };
  return {
    async send(request) {
      const url = parseUrl(request.url);
      return (connections ?? (await open())).exchange(request, url, settings.isDirect(url));
    },
    close() {
      connections?.close();
      connections = undefined;
    },
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
