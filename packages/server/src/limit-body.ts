/** Refuses bodies that are larger than any event can be, before they fill the memory. */
import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "./app-env.ts";
import { problem } from "./problem.ts";

/**
 * Makes the check. A body without a stated length is counted while it is read.
 *
 * Hono's own `bodyLimit` copies the request of the Node adapter, which that does not allow.
 *
 * @param maxBytes - largest body that is taken
 */
export function limitBody(maxBytes: number): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const { raw } = context.req;
    const tooLarge = (): Error =>
      problem("SERVER_BODY_TOO_LARGE", `The body of the request is larger than ${maxBytes} bytes`, {
        // What was not read cannot be skipped, so the connection is of no further use.
        headers: { Connection: "close" },
      });
    const length = raw.headers.get("content-length");
    if (length !== null) {
      if (Number(length) > maxBytes) throw tooLarge();
    } else if (raw.method !== "GET" && raw.method !== "HEAD" && raw.body !== null) {
      const body = await readAtMost(raw.body, maxBytes);
      if (body === undefined) throw tooLarge();
      const { method, headers, signal, url } = raw;
      context.req.raw = new Request(url, { method, headers, signal, ...(body.length > 0 && { body }) });
    }
    await next();
  };
}

async function readAtMost(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(Buffer.concat(chunks));
    size += value.byteLength;
    if (size > maxBytes) {
      // The rest is of no interest, and its failure neither.
      reader.cancel().catch(() => {});
      return undefined;
    }
    chunks.push(value);
  }
}
