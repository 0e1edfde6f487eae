/** The least that a client can do: requests by `node:https` over kept connections. Drives servers and is a floor. */
import { Agent, request } from "node:https";

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Sends requests to one place. */
export interface HttpsClient {
  send(
    method: string,
    url: string,
    options?: { headers?: Record<string, string>; body?: string },
  ): Promise<Answer>;
  close(): void;
}

/**
 * Creates a client.
 *
 * @param ca - PEM of the certificate authority
 */
export function createHttpsClient(ca: string): HttpsClient {
  const agent = new Agent({ keepAlive: true, ca });
  return {
    send: (method, url, { headers = {}, body = "" } = {}) =>
      new Promise((resolve, reject) => {
        const length = body === "" ? {} : { "content-length": String(Buffer.byteLength(body)) };
        const outgoing = request(url, { method, agent, headers: { ...headers, ...length } }, (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.once("error", reject);
          response.once("end", () =>
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
          );
        });
        outgoing.once("error", reject);
        outgoing.end(body);
      }),
    close: () => agent.destroy(),
  };
}

/** Headers of a token request. */
export const FORM = { "content-type": "application/x-www-form-urlencoded" };

/**
 * Sends the same kind of request again and again, some at a time.
 *
 * @param count - how many in all
 * @param lanes - how many at a time
 * @param send - sends one
 * @returns wall time of all, milliseconds
 */
export async function drive(
  count: number,
  lanes: number,
  send: (index: number) => Promise<unknown>,
): Promise<number> {
  const start = performance.now();
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      await send(index);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return performance.now() - start;
}
