/** The app on a socket. */
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { NightlatchError } from "@nightlatch/credential";
import { SERVER_ERRORS } from "./errors.ts";

const LOOPBACK_HOSTS = ["127.0.0.1", "::1", "localhost"];

/** What is served: a Hono app, or anything else with its `fetch`. */
export interface FetchApp {
  fetch(request: Request, env?: unknown): Response | Promise<Response>;
}

/** Where and how {@link serve} listens. */
export interface ServeOptions {
  /** TCP port; 0 picks a free one. */
  readonly port: number;
  /** Address to listen at. @defaultValue `127.0.0.1` */
  readonly host?: string | undefined;
  /** Certificate chain and private key, PEM; plain HTTP without. */
  readonly tls?: { readonly certificatePem: string; readonly privateKeyPem: string } | undefined;
  /** How long requests under way may take when the server closes, in milliseconds. @defaultValue 5000 */
  readonly graceMs?: number | undefined;
  /** Told when tokens would travel unencrypted beyond this machine. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** A server that runs. */
export interface RunningServer {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly port: number;
  /** Takes no more connections, lets requests under way finish within the grace, then ends all. */
  close(): Promise<void>;
}

/**
 * Serves an app.
 *
 * @param app - what `createApp` made
 * @param options - where to listen
 * @returns once connections are taken
 * @throws {NightlatchError} `SERVER_LISTEN_FAILED`: the port is taken or not allowed
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createMemoryCalendar } from "@nightlatch/calendar";
 * import { createApp, serve } from "@nightlatch/server";
 *
 * const app = createApp({
 *   calendar: createMemoryCalendar(),
 *   authentication: { dangerouslyAllowAnonymous: true },
 * });
 * const server = await serve(app, { port: 0 });
 * const response = await fetch(`${server.origin}/healthz`);
 * assert.deepEqual(await response.json(), { status: "ok" });
 * await server.close();
 * ```
 */
export async function serve(app: FetchApp, options: ServeOptions): Promise<RunningServer> {
  const host = options.host ?? "127.0.0.1";
  if (options.tls === undefined && !LOOPBACK_HOSTS.includes(host))
    options.onWarning?.(
      `Listening at "${host}" without TLS: tokens travel unencrypted unless a proxy in front ends TLS on this machine`,
    );
  const server = createNodeServer(app, options.tls);
  const port = await listen(server, options.port, host);
  const name = host === "0.0.0.0" || host === "::" ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return {
    origin: `${options.tls === undefined ? "http" : "https"}://${name}:${port}`,
    port,
    close: () => closeServer(server, options.graceMs ?? 5000),
  };
}

function createNodeServer(app: FetchApp, tls: ServeOptions["tls"]): Server {
  const listener = getRequestListener((request, env) => app.fetch(request, env), {
    overrideGlobalObjects: false,
  });
  const handle: Parameters<typeof createServer>[1] = (incoming, outgoing) =>
    void listener(incoming, outgoing);
  const server =
    tls === undefined
      ? createServer(handle)
      : createTlsServer({ cert: tls.certificatePem, key: tls.privateKeyPem, minVersion: "TLSv1.2" }, handle);
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = 5_000;
  return server;
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException): void => {
      const reason = cause.code === "EADDRINUSE" ? "the port is taken" : (cause.code ?? cause.message);
      reject(
        new NightlatchError(
          SERVER_ERRORS,
          "SERVER_LISTEN_FAILED",
          `Cannot listen at "${host}" port ${port}: ${reason}`,
          {
            cause,
          },
        ),
      );
    };
    server.once("error", fail);
    server.listen(port, host, () => {
      server.off("error", fail);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function closeServer(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    // A kept-alive connection becomes idle only when its request is done: look again until all are.
    const sweep = setInterval(() => server.closeIdleConnections(), 20);
    const deadline = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(deadline);
      resolve();
    });
    server.closeIdleConnections();
  });
}
