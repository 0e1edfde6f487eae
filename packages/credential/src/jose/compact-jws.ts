/**
 * JWS in compact form: three base64url parts.
 *
 * @see RFC 7515 §3.1, §7.1
 */
import { CREDENTIAL_ERRORS, NightlatchError } from "../errors.ts";
import { signInTime } from "../signing/sign-in-time.ts";
import type { Signer, SigningAlgorithm } from "../signing/signer.ts";

/** A JWS, taken apart and not verified. */
export interface CompactJws {
  /** The protected header. */
  readonly protectedHeader: Readonly<Record<string, unknown>>;
  /** The claims. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** The signature; empty for `alg` "none". */
  readonly signature: Uint8Array;
  /** The bytes that are signed: the first two parts with their dot. */
  readonly signingInput: Uint8Array;
}

/** What {@link createCompactJws} signs. */
export interface CompactJwsParts {
  /** The protected header; `alg` is added in front. */
  readonly protectedHeader: Readonly<Record<string, unknown>>;
  /** The claims. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** Signs. */
  readonly signer: Signer;
  /** @defaultValue the signer's own algorithm, otherwise PS256 */
  readonly algorithm?: SigningAlgorithm | undefined;
}

/**
 * Signs any header and claims, for exchanges other than the client assertion.
 *
 * @param parts - header, claims and signer
 * @returns the JWS in compact form
 * @throws what the signer throws
 * @see RFC 7515 §7.1
 */
export async function createCompactJws(parts: CompactJwsParts): Promise<string> {
  const algorithm = parts.algorithm ?? parts.signer.algorithm ?? "PS256";
  const header = encodeJson({ alg: algorithm, ...parts.protectedHeader });
  return signCompactJws(header, encodeJson(parts.payload), parts.signer, algorithm);
}

/**
 * Signs a header and a payload that are encoded already.
 *
 * @param headerBase64url - the protected header
 * @param payloadBase64url - the payload
 * @param signer - signs
 * @param algorithm - must be the header's `alg`
 * @param signatureBytes - length of the key's signatures, if it is known
 * @returns the JWS in compact form
 * @throws {@link NightlatchError} `CREDENTIAL_SIGNER_FAILED`: what came back is no signature;
 *   `CREDENTIAL_SIGNER_UNAVAILABLE`: nothing came back
 */
export async function signCompactJws(
  headerBase64url: string,
  payloadBase64url: string,
  signer: Signer,
  algorithm: SigningAlgorithm,
  signatureBytes?: number,
): Promise<string> {
  const signingInput = `${headerBase64url}.${payloadBase64url}`;
  const signature = await signInTime(signer, Buffer.from(signingInput, "latin1"), algorithm);
  if (!(signature instanceof Uint8Array) || signature.byteLength !== (signatureBytes ?? signature.byteLength))
    throw new NightlatchError(
      CREDENTIAL_ERRORS,
      "CREDENTIAL_SIGNER_FAILED",
      `The signer returned ${signature instanceof Uint8Array ? `${signature.byteLength} bytes` : `no bytes (${typeof signature})`} as signature${signatureBytes === undefined ? "" : `, wanted the ${signatureBytes} of the key`}`,
      { hint: "Return the signature itself as a Uint8Array: not its base64, and not wrapped in ASN.1" },
    );
  return `${signingInput}.${asBuffer(signature).toString("base64url")}`;
}

/**
 * Encodes a value as the parts of a JWS are.
 *
 * @param value - anything that JSON can hold
 * @returns base64url without padding of its JSON in UTF-8
 */
export function encodeJson(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/**
 * Takes a JWS apart without verifying it, for inspection.
 *
 * @param text - JWS in compact form; white space around it is ignored
 * @returns its parts
 * @throws {@link NightlatchError} `CREDENTIAL_JWS_MALFORMED` that names the part; the text itself is never quoted
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseCompactJws } from "@nightlatch/credential";
 *
 * const { protectedHeader, payload } = parseCompactJws("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhcHAifQ.");
 * assert.equal(protectedHeader["alg"], "none");
 * assert.equal(payload["sub"], "app");
 * ```
 * @see RFC 7515 §5.2
 */
export function parseCompactJws(text: string): CompactJws {
  const compact = text.trim();
  if (compact === "") throw malformed("token", "it is empty");
  if (/^bearer\s/i.test(compact))
    throw malformed(
      "token",
      'it begins with the word "Bearer"',
      "Give the token alone, without the word Bearer",
    );
  const parts = compact.split(".");
  if (parts.length === 5)
    throw malformed(
      "token",
      "it has five parts, so it is encrypted (JWE)",
      "Only the resource can read an encrypted token; inspect the claims there",
    );
  if (parts.length !== 3) throw malformed("token", `it has ${parts.length} parts, wanted 3 joined by dots`);
  const [header = "", payload = "", signature = ""] = parts;
  const protectedHeader = decodeJson("header", header);
  const claims = decodeJson("payload", payload);
  return {
    protectedHeader,
    payload: claims,
    signature: decodePart("signature", signature),
    signingInput: Buffer.from(`${header}.${payload}`, "latin1"),
  };
}

function decodeJson(part: string, encoded: string): Readonly<Record<string, unknown>> {
  if (encoded === "") throw malformed(part, "it is empty");
  const bytes = decodePart(part, encoded);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw malformed(part, "it is base64url, but not of JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw malformed(part, "it is JSON, but not an object");
  return value as Readonly<Record<string, unknown>>;
}

function decodePart(part: string, encoded: string): Uint8Array {
  if (/\s/.test(encoded)) throw malformed(part, "it holds white space, probably from a line break");
  if (/[+/=]/.test(encoded)) throw malformed(part, "it is base64, wanted base64url without padding");
  if (/[^A-Za-z0-9_-]/.test(encoded)) throw malformed(part, "it holds a character that is no base64url");
  if (encoded.length % 4 === 1) throw malformed(part, "a character of it is lost or added");
  return Buffer.from(encoded, "base64url");
}

function malformed(part: string, what: string, hint?: string): Error {
  const subject = part === "token" ? "the token" : `the ${part} of the token`;
  const message = `Cannot read ${subject}: ${what}`;
  return new NightlatchError(CREDENTIAL_ERRORS, "CREDENTIAL_JWS_MALFORMED", message, {
    hint,
    details: { part },
  });
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
