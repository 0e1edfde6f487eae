/** An HTTPS server that misbehaves on demand, with a CA made by openssl, and a CONNECT proxy. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer } from "node:https";
import * as net from "node:net";
import { join } from "node:path";
import { temporaryDirectory } from "../../emulator/test/temporary-directory.ts";

export interface Leaf {
  readonly key: string;
  readonly cert: string;
}

export interface Authority {
  readonly caPem: string;
  leaf(options?: { host?: string; days?: number }): Leaf;
}

const quiet = { stdio: "pipe" as const };

export function makeAuthority(): Authority {
  const folder = temporaryDirectory("ca");
  const at = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync("openssl", args, quiet);
  openssl(
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-days",
    "2",
    "-subj",
    "/CN=Test CA",
    "-keyout",
    at("ca.key"),
    "-out",
    at("ca.pem"),
  );
  let number = 0;
  return {
    caPem: readFileSync(at("ca.pem"), "utf8"),
    leaf({ host = "localhost", days = 1 } = {}) {
      const name = `leaf${number++}`;
      writeFileSync(at(`${name}.ext`), `subjectAltName=DNS:${host}\n`);
      openssl(
        "req",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        `/CN=${host}`,
        "-keyout",
        at(`${name}.key`),
        "-out",
        at(`${name}.csr`),
      );
      openssl(
        "x509",
        "-req",
        "-in",
        at(`${name}.csr`),
        "-CA",
        at("ca.pem"),
        "-CAkey",
        at("ca.key"),
        "-CAcreateserial",
        "-days",
        String(days),
        "-extfile",
        at(`${name}.ext`),
        "-out",
        at(`${name}.pem`),
      );
      return { key: readFileSync(at(`${name}.key`), "utf8"), cert: readFileSync(at(`${name}.pem`), "utf8") };
    },
  };
}

export interface Listening {
  readonly origin: string;
  readonly port: number;
  connections(): number;
  close(): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export async function serveHttps(
  leaf: Leaf,
  handler: Handler,
  keepAliveTimeoutMs = 5_000,
): Promise<Listening> {
  const server = createServer({ ...leaf, keepAliveTimeout: keepAliveTimeoutMs }, handler);
  return listen(server, "https");
}

/** A proxy; `decide` gives a status to refuse with. */
export async function serveProxy(
  decide: (authority: string, authorization: string | undefined) => number | undefined = () => undefined,
): Promise<Listening & { readonly seen: string[] }> {
  const seen: string[] = [];
  const server = createHttpServer();
  server.on("connect", (request: IncomingMessage, socket: net.Socket, head: Buffer) => {
    seen.push(request.url ?? "");
    const status = decide(request.url ?? "", request.headers["proxy-authorization"]);
    socket.on("error", () => undefined);
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const port = Number(request.url?.split(":").at(-1));
    const target = net.connect(port, "localhost", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      target.write(head);
      target.pipe(socket).pipe(target);
    });
    target.on("error", () => socket.destroy());
    socket.on("close", () => target.destroy());
  });
  return { ...(await listen(server, "http")), seen };
}

/** A TCP server that does what it is told with each connection. */
export async function serveTcp(onConnection: (socket: net.Socket) => void): Promise<Listening> {
  return listen(net.createServer(onConnection), "https");
}

async function listen(server: net.Server, scheme: string): Promise<Listening> {
  const sockets = new Set<net.Socket>();
  let count = 0;
  server.on("connection", (socket: net.Socket) => {
    count += 1;
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const { port } = server.address() as net.AddressInfo;
  return {
    origin: `${scheme}://localhost:${port}`,
    port,
    connections: () => count,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
