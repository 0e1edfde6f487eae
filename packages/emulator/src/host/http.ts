/**
 * What a surface (Entra, Graph, Exchange, control API) sees of HTTP. Plain data in, plain data out, so that every
 * handler can be tested without a socket; only `host/listener.ts` knows sockets.
 */
import type { IncomingHttpHeaders } from "node:http";

/** A request as it arrived, body complete. */
export interface EmulatorRequest {
  /** Fresh GUID: `request-id` of Graph, `trace_id` of Entra. */
  readonly id: string;
  /** Upper case. */
  readonly method: string;
  /** Scheme, host and port as the client addressed it, no trailing slash: all links in answers start with it. */
  readonly origin: string;
  /** Host name without port, lower case: `login.microsoftonline.com`, `localhost`. */
  readonly host: string;
  /** Path as sent, still percent-encoded, without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * Content that comes later.
 *
 * @param signal - aborted when the caller or the emulator goes away: then it ends at once
 * @returns pieces, each sent as soon as it is there
 */
export type ResponseStream = (signal: AbortSignal) => AsyncIterable<string>;

/** An answer. */
export interface EmulatorResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
  /** Goes on after `body`; the connection stays open until it ends. Nobody records it. */
  readonly stream?: ResponseStream | undefined;
}

/** One surface. `undefined` means that it has no such route, which becomes its 404. */
export type Surface = (
  request: EmulatorRequest,
) => EmulatorResponse | undefined | Promise<EmulatorResponse | undefined>;

/**
 * Builds a JSON answer.
 *
 * @param status - HTTP status
 * @param value - anything that `JSON.stringify` takes
 * @param headers - further headers
 * @returns the answer with `Content-Type: application/json; charset=utf-8`
 */
export function json(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
): EmulatorResponse {
  return {
    status,
    headers: { "Content-Type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(value),
  };
}
