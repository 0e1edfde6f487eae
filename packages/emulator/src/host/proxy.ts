/**
 * The forward proxy: `HTTPS_PROXY=http://localhost:8444` makes an unmodified program that calls Microsoft's hosts meet
 * the emulator. Every other host is refused unless it is allowed by name.
 */
import { createServer, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { EmulatorError } from "../errors.ts";
import { findRealHost } from "./real-hosts.ts";

/** A proxy that serves. */
export interface Proxy {
  readonly port: number;
  close(): Promise<void>;
}

/** Where connections go. */
export interface ProxyOptions {
  /** Port to listen on; 0 picks one. */
  readonly port: number;
  /** Port of the emulator's HTTPS listener on 127.0.0.1. */
  readonly emulatorPort: number;
  /** Further hosts that are really called; `*` allows every host. */
  readonly allowHosts: readonly string[];
  /** Address to bind. @defaultValue 127.0.0.1 */
  readonly address?: string | undefined;
}

const LOOPBACK = new Set(["localhost", "127.0.0.1", "::1"]);

/**
 * Starts the proxy.
 *
 * @param options - ports and allowed hosts
 * @returns the proxy, already serving
 * @throws {EmulatorError} `EMULATOR_PORT_IN_USE`
 */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    response.writeHead(403, { "Content-Type": "text/plain; charset=utf-8" });
    response.end(`${refusePlain(request)}\n`);
  });
  server.on("connect", (request, client) => {
    tunnel(request, client, options, sockets);
  });
  server.on("connection", (socket) => track(socket, sockets));
  await bind(server, options);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function bind(server: Server, { port, address = "127.0.0.1" }: ProxyOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "EADDRINUSE"
          ? new EmulatorError("EMULATOR_PORT_IN_USE", `Cannot listen on proxy port ${port}: it is in use`, {
              cause: error,
            })
          : error,
      );
    });
    server.listen(port, address, () => resolve());
  });
}

function tunnel(request: IncomingMessage, client: Duplex, options: ProxyOptions, sockets: Set<Socket>): void {
  const match = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(request.url ?? "");
  const host = (match?.[1] ?? "").toLowerCase();
  const port = Number(match?.[2] ?? 0);
  const goesToEmulator =
    (findRealHost(host) !== undefined && port === 443) || isEmulatorItself(host, port, options);
  if (!goesToEmulator && !isAllowed(host, options)) {
    refuse(
      client,
      `The emulator's proxy does not call ${JSON.stringify(request.url ?? "")}: it answers for Microsoft's sign-in, Graph and Outlook hosts on port 443 only`,
    );
    return;
  }
  const upstream = goesToEmulator ? connect(options.emulatorPort, "127.0.0.1") : connect(port, host);
  track(upstream, sockets);
  upstream.once("connect", () => {
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    upstream.pipe(client);
    client.pipe(upstream);
  });
  const end = (): void => {
    upstream.destroy();
    client.destroy();
  };
  upstream.on("error", end).on("close", end);
  client.on("error", end).on("close", end);
}

/** Programs that were told the emulator's own address and the proxy at once get there as well. */
function isEmulatorItself(host: string, port: number, { emulatorPort }: ProxyOptions): boolean {
  return LOOPBACK.has(host) && port === emulatorPort;
}

function isAllowed(host: string, { allowHosts }: ProxyOptions): boolean {
  return allowHosts.some((allowed) => allowed === "*" || allowed.toLowerCase() === host);
}

function refusePlain(request: IncomingMessage): string {
  return `The emulator's proxy passes on HTTPS only (CONNECT); ${request.method ?? "a request"} ${JSON.stringify(request.url ?? "")} over plain HTTP is refused`;
}

function refuse(client: Duplex, sentence: string): void {
  const body = `${sentence}\n`;
  client.end(
    `HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function track(socket: Socket, sockets: Set<Socket>): void {
  sockets.add(socket);
  socket.on("error", () => socket.destroy());
  socket.once("close", () => sockets.delete(socket));
}
