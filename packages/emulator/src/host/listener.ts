/** The HTTPS listener: the only part of the emulator that knows sockets. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { EmulatorError } from "../errors.ts";
import type { EmulatorRequest, EmulatorResponse, ResponseStream } from "./http.ts";
import type { KeyPem } from "./local-keys.ts";

/** A request with what only the listener knows. */
export interface ListenerRequest extends EmulatorRequest {
  /** IP address of the caller. */
  readonly remoteAddress: string;
  /** Query as sent, without its question mark; empty where there is none. */
  readonly search: string;
}

/** What the listener is to do with a request. */
export type ListenerAnswer = EmulatorResponse | "drop";

/** Answers requests. */
export type ListenerHandler = (request: ListenerRequest) => ListenerAnswer | Promise<ListenerAnswer>;

/** A listener that serves. */
export interface Listener {
  readonly port: number;
  /** Stops listening and ends every connection. */
  close(): Promise<void>;
}

const BODY_LIMIT_BYTES = 8 * 1024 * 1024;
const NO_BODY = Buffer.alloc(0);
/** Longer than clients keep idle connections, so that none is closed while a request is on its way. */
const KEEP_ALIVE_MS = 75_000;

/**
 * Starts listening.
 *
 * @param options - port (0 picks one), address to bind (`undefined`: both loopback addresses), TLS leaf with its CA
 * @param handler - answers every request
 * @returns the listener, already serving
 * @throws {EmulatorError} `EMULATOR_PORT_IN_USE`
 */
export async function listen(
  options: {
    readonly port: number;
    readonly address?: string | undefined;
    readonly leaf: KeyPem;
    readonly caPem: string;
  },
  handler: ListenerHandler,
): Promise<Listener> {
  const [address = "127.0.0.1", ...further] =
    options.address === undefined ? ["127.0.0.1", "::1"] : [options.address];
  const first = makeServer(options.leaf, options.caPem, handler);
  const port = await bind(first, options.port, address);
  const servers = [first];
  for (const other of further) {
    const server = makeServer(options.leaf, options.caPem, handler);
    // Machines without IPv6 have no second loopback address; nobody can call it there either.
    const isBound = await bind(server, port, other).then(
      () => true,
      () => false,
    );
    if (isBound) servers.push(server);
  }
  return {
    port,
    close: async () => {
      await Promise.all(servers.map(closeServer));
    },
  };
}

function makeServer(leaf: KeyPem, caPem: string, handler: ListenerHandler): Server {
  const server = createServer(
    { key: leaf.privateKeyPem, cert: leaf.certificatePem + caPem, ALPNProtocols: ["http/1.1", "http/1.0"] },
    (incoming, outgoing) => receive(incoming, outgoing, handler),
  );
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = KEEP_ALIVE_MS + 1000;
  server.on("clientError", (_error, socket) => {
    if (socket.writable)
      socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  });
  return server;
}

function bind(server: Server, port: number, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "EADDRINUSE"
          ? new EmulatorError("EMULATOR_PORT_IN_USE", `Cannot listen on port ${port}: it is in use`, {
              cause: error,
            })
          : error,
      );
    });
    server.listen(port, address, () => resolve((server.address() as AddressInfo).port));
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function receive(incoming: IncomingMessage, outgoing: ServerResponse, handler: ListenerHandler): void {
  const { method } = incoming;
  const hasBody =
    incoming.headers["content-length"] !== undefined || incoming.headers["transfer-encoding"] !== undefined;
  if (!hasBody || method === "HEAD") {
    incoming.resume();
    void respond(incoming, NO_BODY, outgoing, handler);
    return;
  }
  const chunks: Buffer[] = [];
  let length = 0;
  incoming.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length <= BODY_LIMIT_BYTES) chunks.push(chunk);
  });
  incoming.on("end", () => {
    if (length > BODY_LIMIT_BYTES) {
      write(outgoing, { status: 413, headers: { Connection: "close" } });
      return;
    }
    const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
    const coding = incoming.headers["content-encoding"]?.trim().toLowerCase();
    if (coding === undefined || coding === "" || coding === "identity")
      void respond(incoming, body, outgoing, handler);
    else void respondToCompressed(incoming, body, outgoing, { handler, coding });
  });
  incoming.on("error", () => outgoing.destroy());
}

/** Some Graph clients compress what they send, and send it plain after 415. */
async function respondToCompressed(
  incoming: IncomingMessage,
  compressed: Buffer,
  outgoing: ServerResponse,
  { handler, coding }: { readonly handler: ListenerHandler; readonly coding: string },
): Promise<void> {
  const { decodeBody } = await import("./content-coding.ts");
  const body = decodeBody(compressed, coding, BODY_LIMIT_BYTES);
  if ("status" in body) {
    write(outgoing, { status: body.status, headers: { Connection: "close" } });
    return;
  }
  incoming.headers["content-length"] = String(body.length);
  delete incoming.headers["content-encoding"];
  await respond(incoming, body, outgoing, handler);
}

async function respond(
  incoming: IncomingMessage,
  body: Buffer,
  outgoing: ServerResponse,
  handler: ListenerHandler,
): Promise<void> {
  const { host } = incoming.headers;
  if (host === undefined || !/^[A-Za-z0-9._:[\]-]+$/.test(host)) {
    write(outgoing, { status: 400 });
    return;
  }
  const answer = await handler(new IncomingRequest(incoming, host, body));
  if (answer === "drop") outgoing.destroy();
  else if (answer.stream === undefined) write(outgoing, answer);
  else await writeStream(outgoing, answer, answer.stream);
}

/** Without a length, in chunks; whoever stops reading or closes ends it, and so does the emulator that closes. */
async function writeStream(
  outgoing: ServerResponse,
  { status, headers, body }: EmulatorResponse,
  stream: ResponseStream,
): Promise<void> {
  if (outgoing.destroyed) return;
  const gone = new AbortController();
  outgoing.once("close", () => gone.abort());
  outgoing.writeHead(status, headers as OutgoingHttpHeaders | undefined);
  outgoing.write(body ?? "");
  try {
    for await (const piece of stream(gone.signal)) {
      if (outgoing.destroyed) return;
      if (!outgoing.write(piece)) await once(outgoing, "drain", { signal: gone.signal });
    }
    outgoing.end();
  } catch {
    // The status is long sent: a broken connection is all that is left to say.
    outgoing.destroy();
  }
}

function write(outgoing: ServerResponse, { status, headers, body }: EmulatorResponse): void {
  if (outgoing.destroyed) return;
  // A flat list: Node writes it as it stands, without a copy of the object.
  const lines: (string | readonly string[])[] = [];
  for (const name in headers) lines.push(name, headers[name] as string | readonly string[]);
  const length = body === undefined ? 0 : Buffer.byteLength(body);
  if (status !== 204 && status !== 304) lines.push("Content-Length", String(length));
  outgoing.writeHead(status, lines as never);
  // As many bytes as characters: it is ASCII, which Node copies faster when it is told so.
  if (typeof body === "string" && length === body.length) outgoing.end(body, "latin1");
  else outgoing.end(body);
}

/** A request whose dearer parts are made when they are asked for. */
class IncomingRequest implements ListenerRequest {
  readonly id: string = randomUUID();
  readonly method: string;
  readonly origin: string;
  readonly host: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly remoteAddress: string;
  readonly search: string;
  #query: URLSearchParams | undefined;

  constructor(incoming: IncomingMessage, host: string, body: Buffer) {
    const authority = host.toLowerCase();
    // RFC 9112 §3.2.2: a request may name the whole address; then the path begins after the host.
    const url = incoming.url ?? "/";
    const target = url.startsWith("/") ? url : url.replace(/^https?:\/\/[^/?#]*/i, "");
    const mark = target.indexOf("?");
    this.method = incoming.method ?? "GET";
    this.host = authority.startsWith("[")
      ? authority.slice(0, authority.indexOf("]") + 1)
      : beforeColon(authority);
    this.origin = `https://${authority.endsWith(":443") ? authority.slice(0, -4) : authority}`;
    this.path = (mark < 0 ? target : target.slice(0, mark)) || "/";
    this.search = mark < 0 ? "" : target.slice(mark + 1);
    this.headers = incoming.headers;
    this.body = body;
    this.remoteAddress = incoming.socket.remoteAddress ?? "";
  }

  get query(): URLSearchParams {
    this.#query ??= new URLSearchParams(this.search);
    return this.#query;
  }
}

function beforeColon(authority: string): string {
  const colon = authority.indexOf(":");
  return colon < 0 ? authority : authority.slice(0, colon);
}
