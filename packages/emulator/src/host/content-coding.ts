/** Bodies that were compressed on their way. */
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from "node:zlib";

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

type Decoder = (bytes: Buffer, options: { maxOutputLength: number }) => Buffer;

const inflateEither: Decoder = (bytes, options) =>
  hasZlibHeader(bytes) ? inflateSync(bytes, options) : inflateRawSync(bytes, options);

const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ["gzip", gunzipSync],
  ["x-gzip", gunzipSync],
  ["deflate", inflateEither],
  ["br", brotliDecompressSync],
]);

/** RFC 9110 §8.4.1.2: some senders leave out the wrapping of RFC 1950. */
function hasZlibHeader(bytes: Buffer): boolean {
  const [method = 0, flags = 0] = bytes;
  return (method & 0x0f) === 8 && (method * 256 + flags) % 31 === 0;
}
