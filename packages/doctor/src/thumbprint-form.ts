/**
 * Finds out from the bytes of a thumbprint how they were made.
 *
 * Entra prints, in 700027, the bytes that it got by decoding `x5t`, in hex. When `x5t` was made in a wrong way the
 * printed value tells which: forty digits are right, eighty are the hex of hex digits, and so on.
 */

/** How the bytes in `x5t` came about. */
type ThumbprintForm =
  | "sha1"
  | "sha256"
  | "hexText"
  | "hexTextSeparated"
  | "hexUtf16"
  | "hexAsBase64"
  | "base64Text"
  | "keyIdText"
  | "keyIdBytes"
  | "certificate"
  | "pemText"
  | "text"
  | "empty"
  | "wrongLength";

/** What was read from the bytes of a thumbprint. */
export interface ThumbprintReading {
  readonly form: ThumbprintForm;
  /** The hash that was meant, 20 or 32 bytes, when it can be recovered. */
  readonly meant: Uint8Array | undefined;
  /** The text that was encoded instead of the bytes. */
  readonly text: string | undefined;
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Tells how the bytes that stood in `x5t` were made.
 *
 * @param bytes - the decoded value of `x5t`, or the bytes that 700027 prints in hex
 * @returns the way they were made, and the hash that was meant where it can be recovered
 */
export function readThumbprintBytes(bytes: Uint8Array): ThumbprintReading {
  const nothing = { meant: undefined, text: undefined };
  if (bytes.length === 0) return { form: "empty", ...nothing };
  if (bytes.length > 100 && bytes[0] === 0x30 && bytes[1] === 0x82)
    return { form: "certificate", ...nothing };
  const text = printable(bytes);
  if (text !== undefined) return readThumbprintAsText(text);
  if (bytes.length === 20) return { form: "sha1", meant: bytes, text: undefined };
  if (bytes.length === 32) return { form: "sha256", meant: bytes, text: undefined };
  const wide = utf16(bytes);
  if (wide !== undefined) return { form: "hexUtf16", meant: Buffer.from(wide, "hex"), text: wide };
  const asBase64 = Buffer.from(bytes).toString("base64");
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(asBase64)) {
    return { form: "hexAsBase64", meant: Buffer.from(asBase64, "hex"), text: asBase64 };
  }
  if (bytes.length === 16) return { form: "keyIdBytes", ...nothing };
  return { form: "wrongLength", ...nothing };
}

/** A thumbprint that a person wrote down. */
export interface WrittenThumbprint {
  readonly encoding: "hex" | "hexSeparated" | "base64" | "base64url" | "hexOfHex";
  readonly bytes: Uint8Array;
  readonly algorithm: "SHA-1" | "SHA-256";
  readonly hasInvisibleMark: boolean;
}

/**
 * Reads a thumbprint in whatever way it was written: hex with or without separators, base64, base64url, or the
 * hex of hex digits.
 *
 * @param text - the thumbprint as found, at most 400 characters
 * @returns the bytes and how they were written, or `undefined` when it is none
 */
export function readWrittenThumbprint(text: string): WrittenThumbprint | undefined {
  if (text.length > 400) return undefined;
  const hasInvisibleMark = /[\u200b-\u200f\u202a-\u202e\ufeff]/.test(text);
  const clean = text.replace(/[\u200b-\u200f\u202a-\u202e\ufeff]/g, "").trim();
  const fromList = byteList(clean);
  if (fromList !== undefined) return { encoding: "hexSeparated", ...sized(fromList), hasInvisibleMark };
  const digits = clean.replace(/^0x|[\s:.-]|,?\s{0,3}0x/gi, "");
  if (/^[0-9a-f]+$/i.test(digits) && (digits.length === 40 || digits.length === 64)) {
    return {
      encoding: digits === clean ? "hex" : "hexSeparated",
      ...sized(Buffer.from(digits, "hex")),
      hasInvisibleMark,
    };
  }
  if (/^[0-9a-f]+$/i.test(digits) && (digits.length === 80 || digits.length === 128)) {
    const inner = Buffer.from(digits, "hex").toString("latin1");
    if (/^[0-9a-f]+$/i.test(inner)) {
      return { encoding: "hexOfHex", ...sized(Buffer.from(inner, "hex")), hasInvisibleMark };
    }
  }
  const base64 = /^([\w+/-]{27}|[\w+/-]{43})=?$/.exec(clean);
  if (base64 === null) return undefined;
  const isBase64 = /[+/=]/.test(clean);
  if (isBase64 && /[-_]/.test(clean)) return undefined;
  return {
    encoding: isBase64 ? "base64" : "base64url",
    ...sized(Buffer.from(clean, "base64")),
    hasInvisibleMark,
  };
}

/**
 * Writes bytes as base64url without padding.
 *
 * @param bytes - any bytes
 * @returns base64url text
 */
export function toBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

/**
 * Writes bytes as upper-case hex.
 *
 * @param bytes - any bytes
 * @returns hex text
 */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex").toUpperCase();
}

/** Bytes in decimal, as PowerShell prints a `customKeyIdentifier`. */
function byteList(text: string): Buffer | undefined {
  const inner = /^[[({]\s{0,5}(\d{1,3}(?:\s{0,3},\s{0,5}\d{1,3}){19,31})\s{0,5}[\])}]$/.exec(text)?.[1];
  const values = inner?.split(",").map(Number) ?? [];
  if ((values.length !== 20 && values.length !== 32) || values.some((value) => value > 255)) return undefined;
  return Buffer.from(values);
}

function sized(bytes: Buffer): { bytes: Uint8Array; algorithm: "SHA-1" | "SHA-256" } {
  return { bytes, algorithm: bytes.length === 20 ? "SHA-1" : "SHA-256" };
}

function readThumbprintAsText(text: string): ThumbprintReading {
  const bare = text.replace(/[\u200b-\u200f\u202a-\u202e\ufeff]/g, "").trim();
  const digits = bare.replace(/[\s:-]/g, "");
  if (GUID.test(bare)) return { form: "keyIdText", meant: undefined, text: bare };
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(digits)) {
    const meant = Buffer.from(digits, "hex");
    return { form: digits === text.trim() ? "hexText" : "hexTextSeparated", meant, text: text.trim() };
  }
  const written = readWrittenThumbprint(bare);
  if (written !== undefined) return { form: "base64Text", meant: written.bytes, text: bare };
  if (/^-----BEGIN /.test(bare) || (bare.length > 200 && /^MI[\w+/=\s]+$/.test(bare))) {
    return { form: "pemText", meant: undefined, text: undefined };
  }
  return { form: "text", meant: undefined, text: bare };
}

/** UTF-8 text of visible characters, or nothing; 20 and 32 random bytes practically never are. */
function printable(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString("utf8");
  return /^[\x20-\x7e\r\n\u200b-\u200f\u202a-\u202e\ufeff]+$/.test(text) ? text : undefined;
}

function utf16(bytes: Uint8Array): string | undefined {
  if (bytes.length % 2 !== 0 || bytes.length > 300) return undefined;
  const text = Buffer.from(bytes)
    .toString("utf16le")
    .replace(/^\ufeff/, "");
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(text) ? text : undefined;
}
