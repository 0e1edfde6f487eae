/** Bodies that were compressed on their way. */
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";

/**
 * Unpacks a body.
 *
 * @param compressed - as it was sent
 * @param coding - value of `Content-Encoding`, lower case
 * @param limitBytes - longest body that is taken
 * @returns the body, or the status to answer: 415 for another coding, 413 for too much, 400 for broken bytes
 */
export function decodeBody(
  compressed: Buffer,
  coding: string,
  limitBytes: number,
): Buffer | { readonly status: 400 | 413 | 415 } {
  const decode = DECODERS.get(coding);
  if (decode === undefined) return { status: 415 };
  try {
    return decode(compressed, { maxOutputLength: limitBytes });
  } catch (error) {
    return { status: (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE" ? 413 : 400 };
  }
}

const DECODERS: ReadonlyMap<string, (bytes: Buffer, options: { maxOutputLength: number }) => Buffer> =
  new Map([
    ["gzip", gunzipSync],
    ["x-gzip", gunzipSync],
    ["deflate", inflateSync],
    ["br", brotliDecompressSync],
  ]);
