/** The cheapest client there is: written requests over kept TLS connections, so that the server's cores stay the server's. */
import { once } from "node:events";
import { connect, type TLSSocket } from "node:tls";

/** A connection that carries one request at a time. */
export interface RawConnection {
  /** @returns the whole answer, head and body; it must have a `Content-Length` */
  send(request: string): Promise<string>;
  close(): void;
}

/**
 * Writes a POST request once, to be sent many times.
 *
 * @param url - where to
 * @param body - a form
 */
export function writeFormPost(url: string, body: string): string {
  const { host, pathname } = new URL(url);
  return [
    `POST ${pathname} HTTP/1.1`,
    `Host: ${host}`,
    "Content-Type: application/x-www-form-urlencoded",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "",
    body,
  ].join("\r\n");
}

/**
 * Opens a connection.
 *
 * @param url - any address of the server
 * @param ca - PEM of the certificate authority
 */
export async function openRawConnection(url: string, ca: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket: TLSSocket = connect({ host: "127.0.0.1", port: Number(port), servername: hostname, ca });
  await once(socket, "secureConnect");
  socket.setNoDelay(true);
  socket.setEncoding("latin1");
  let received = "";
  let waiting: { resolve(answer: string): void; reject(error: Error): void } | undefined;
  const settle = (): void => {
    const head = received.indexOf("\r\n\r\n");
    if (head < 0 || waiting === undefined) return;
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(received)?.[1]);
    if (received.length < head + 4 + length) return;
    const { resolve } = waiting;
    waiting = undefined;
    const answer = received;
    received = "";
    resolve(answer);
  };
  socket.on("data", (chunk: string) => {
    received += chunk;
    settle();
  });
  socket.once("error", (error) => waiting?.reject(error));
  socket.once("close", () => waiting?.reject(new Error(`${url} closed the connection`)));
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(request, "latin1");
      }),
    close: () => socket.destroy(),
  };
}
