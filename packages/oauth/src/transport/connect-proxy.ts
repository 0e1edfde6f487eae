/**
 * An HTTPS agent whose connections go through an HTTP proxy by `CONNECT`. The proxy sees host and port, never the
 * request.
 *
 * @see RFC 9110 §9.3.6
 */
import { Agent, type AgentOptions } from "node:https";
import * as net from "node:net";
import type { Duplex } from "node:stream";
import * as tls from "node:tls";
import { NightlatchError } from "@nightlatch/credential/assertion";
import { OAUTH_ERRORS } from "../errors.ts";

/** Longest head of a proxy's answer, in bytes. */
const MAX_HEAD_BYTES = 16_384;
/** Until the tunnel stands, in milliseconds. The request's own deadline usually comes first. */
const CONNECT_TIMEOUT_MS = 30_000;

type Connected = (error: Error | null, stream?: Duplex) => void;
type ConnectionOptions = tls.ConnectionOptions & {
  host?: string | undefined;
  port?: number | string | undefined;
  /** Where the request finds how to give up a tunnel that does not stand yet. */
  opening?: { cancel?: () => void } | undefined;
};

/** Agent for one proxy. */
export class ConnectProxyAgent extends Agent {
  readonly #proxyUrl: URL;

  /**
   * @param proxyUrl - http or https address; user name and password become `Proxy-Authorization: Basic`
   * @param options - agent options; `secureContext` applies to the server behind the proxy and to an https proxy
   */
  constructor(proxyUrl: URL, options: AgentOptions) {
    super(options);
    this.#proxyUrl = proxyUrl;
  }

  override createConnection(
    options: object,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const target = options as ConnectionOptions;
    const done = callback as Connected;
    const cancel = openTunnel(this.#proxyUrl, target, (error, tunnel) => {
      if (error !== null || tunnel === undefined) {
        done(error ?? new Error("no tunnel"));
        return;
      }
      done(
        null,
        tls.connect({
          ...(target.secureContext === undefined ? {} : { secureContext: target.secureContext }),
          ...(target.servername === undefined ? {} : { servername: target.servername }),
          host: target.host,
          socket: tunnel,
        } as tls.ConnectionOptions),
      );
    });
    if (target.opening !== undefined) target.opening.cancel = cancel;
    return undefined;
  }
}

/** Calls `done` once; what it returns gives a tunnel up that does not stand yet. */
function openTunnel(
  proxyUrl: URL,
  target: ConnectionOptions,
  done: (error: Error | null, tunnel?: net.Socket) => void,
): () => void {
  const authority = `${target.host?.includes(":") === true ? `[${target.host}]` : target.host}:${target.port}`;
  const socket = connectToProxy(proxyUrl, target.secureContext);
  let head = Buffer.alloc(0);
  let isOver = false;
  const finish = (error: Error | null) => {
    if (isOver) return;
    isOver = true;
    socket.removeAllListeners();
    socket.setTimeout(0);
    if (error === null) {
      done(null, socket);
      return;
    }
    socket.on("error", () => undefined).destroy();
    done(error);
  };
  const fail = (why: string, details: object = {}, cause?: Error) =>
    finish(
      new NightlatchError(
        OAUTH_ERRORS,
        "OAUTH_NETWORK_PROXY",
        `Cannot reach ${authority} through the proxy ${proxyUrl.host}: ${why}`,
        {
          details: { host: authority, proxy: proxyUrl.host, answerLost: false, ...details },
          retryable: cause !== undefined,
          cause,
        },
      ),
    );
  socket.setTimeout(CONNECT_TIMEOUT_MS, () => fail("the proxy does not answer"));
  socket.once("error", (error: NodeJS.ErrnoException) => {
    fail(`no connection to the proxy (${error.code ?? error.message})`, { cause: error.code }, error);
  });
  socket.once("close", () => fail("the proxy closed the connection"));
  socket.once(proxyUrl.protocol === "https:" ? "secureConnect" : "connect", () => {
    socket.write(connectHead(authority, proxyUrl));
  });
  socket.on("data", (chunk: Buffer) => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) {
      if (head.byteLength > MAX_HEAD_BYTES) fail("its answer is not HTTP");
      return;
    }
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head.toString("latin1"))?.[1]);
    if (status >= 200 && status < 300) {
      socket.pause();
      const rest = head.subarray(end + 4);
      if (rest.byteLength > 0) socket.unshift(rest);
      finish(null);
    } else if (Number.isNaN(status)) fail("its answer is not HTTP");
    else fail(`it answered ${status}${meaning(status)}`, { status });
  });
  return () => finish(new Error("given up"));
}

function connectToProxy(proxyUrl: URL, secureContext: tls.SecureContext | undefined): net.Socket {
  const host = proxyUrl.hostname.replace(/^\[|\]$/g, "");
  if (proxyUrl.protocol !== "https:") {
    return net.connect({ host, port: Number(proxyUrl.port === "" ? 80 : proxyUrl.port) });
  }
  return tls.connect({
    host,
    port: Number(proxyUrl.port === "" ? 443 : proxyUrl.port),
    ...(net.isIP(host) === 0 ? { servername: host } : {}),
    ...(secureContext === undefined ? {} : { secureContext }),
  });
}

function connectHead(authority: string, proxyUrl: URL): string {
  const lines = [`CONNECT ${authority} HTTP/1.1`, `Host: ${authority}`];
  if (proxyUrl.username !== "" || proxyUrl.password !== "") {
    const pair = `${decodePercent(proxyUrl.username)}:${decodePercent(proxyUrl.password)}`;
    lines.push(`Proxy-Authorization: Basic ${Buffer.from(pair, "utf8").toString("base64")}`);
  }
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** As curl does: a percent sign that begins no escape stands for itself, where `decodeURIComponent` would throw. */
function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text.replace(/%(?![0-9A-Fa-f]{2})/g, "%25"));
  } catch {
    // Escapes that are no UTF-8.
    return text;
  }
}

function meaning(status: number): string {
  if (status === 407) return " (it wants a user name and password)";
  if (status === 403) return " (it does not let this host through)";
  if (status === 502 || status === 503 || status === 504) return " (it cannot reach the host)";
  return "";
}
