/** The connections of one transport, and what happens on them: loaded at the first request. */
import { type Agent, request as httpsRequest } from "node:https";
import { type AgentsOptions, createAgents } from "./agent.ts";
import { type ExchangeState, networkError } from "./network-error.ts";
import { type ReceivedResponse, receive } from "./response.ts";
import type { HttpRequest, HttpResponse } from "./transport.ts";

/** What {@link openHttpsConnections} takes. */
export interface HttpsConnectionsOptions extends AgentsOptions, Bounds {}

interface Bounds {
  /** Until an answer is complete, in milliseconds. */
  readonly timeoutMs: number;
  /** Largest answer taken, in bytes. */
  readonly maxResponseBytes: number;
  readonly userAgent: string;
}

/** Connections that are kept alive. */
export interface HttpsConnections {
  /**
   * @param request - what to send
   * @param url - its address, parsed
   * @param isDirect - whether to go past the proxy
   * @returns the answer
   */
  exchange(request: HttpRequest, url: URL, isDirect: boolean): Promise<HttpResponse>;
  close(): void;
}

/**
 * Opens nothing yet: connections come with requests.
 *
 * @param options - trust, proxy and bounds
 * @returns the connections
 */
export function openHttpsConnections(options: HttpsConnectionsOptions): HttpsConnections {
  const agents = createAgents(options);
  return {
    exchange: (request, url, isDirect) =>
      exchange(request, url, isDirect ? agents.direct() : agents.proxied(), options),
    close: () => agents.close(),
  };
}

function exchange(request: HttpRequest, url: URL, agent: Agent, bounds: Bounds): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const { signal, body } = request;
    const state: ExchangeState = { host: url.host, method: request.method, sent: false, reused: false };
    if (signal?.aborted === true) {
      reject(networkError(abortCause(signal), state));
      return;
    }
    const hostname = url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname;
    // The agent hands unknown members on to whoever opens the connection: here, the tunnel through a proxy.
    const opening: { cancel?: () => void } = {};
    const target = {
      opening,
      host: hostname,
      port: url.port === "" ? 443 : url.port,
      path: url.pathname + url.search,
      method: request.method,
      headers: { "user-agent": bounds.userAgent, accept: "application/json", ...request.headers },
      agent,
    };
    const outgoing = httpsRequest(target);
    const timeoutMs = request.timeoutMs ?? bounds.timeoutMs;
    const timer = setTimeout(() => fail(new DeadlinePassed(timeoutMs)), timeoutMs);
    const onAbort = () => fail(abortCause(signal as AbortSignal));
    signal?.addEventListener("abort", onAbort, { once: true });
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
    const fail = (cause: unknown) => {
      settle();
      reject(networkError(cause, state));
      // Without a connection yet, a destroyed request would say so only once there is one.
      outgoing.destroy();
      opening.cancel?.();
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
      receive(incoming, request.onBodyPart, bounds.maxResponseBytes, fail, (received: ReceivedResponse) => {
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
