/** Turns the bytes of a text file into text: UTF-8 with or without BOM, UTF-16 of either order with or without BOM. */

/**
 * Decodes a text file.
 *
 * @param bytes - content of a file
 * @returns the text without its byte order mark, or `undefined` when the bytes are no text
 */
export function decodeText(bytes: Uint8Array): string | undefined {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return decode("utf-8", bytes.subarray(3));
  if (first === 0xff && second === 0xfe) return decode("utf-16le", bytes.subarray(2));
  if (first === 0xfe && second === 0xff) return decode("utf-16le", swapBytes(bytes.subarray(2)));
  // The files in question begin with ASCII, so every other byte of UTF-16 without BOM is zero.
  if (bytes.length >= 4 && second === 0 && bytes[3] === 0 && first !== 0) return decode("utf-16le", bytes);
  if (bytes.length >= 4 && first === 0 && third === 0 && second !== 0)
    return decode("utf-16le", swapBytes(bytes));
  if (bytes.includes(0)) return undefined;
  return decode("utf-8", bytes);
}

/**
 * Takes away what environments and shells wrap around a text: a BOM, white space, quotation marks, escaped line ends.
 *
 * @param text - text as it was found
 * @returns the text inside, with real line ends
 */
export function unwrapText(text: string): string {
  let inside = text.replace(/^\uFEFF/, "").trim();
  while (inside.length >= 2 && /^["'`]/.test(inside) && inside.at(-1) === inside[0])
    inside = inside.slice(1, -1).trim();
  return inside.replace(/(?:\\+r)?\\+n/g, "\n").replace(/\\+r/g, "\n");
}

function decode(encoding: "utf-8" | "utf-16le", bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function swapBytes(bytes: Uint8Array): Uint8Array {
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2))).swap16();
}
