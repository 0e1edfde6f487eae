/** A client assertion taken apart. */
import type { Refusal } from "../aadsts.ts";

/** A compact JWS whose header and payload are JSON objects; nothing is checked yet. */
export interface Assertion {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** What was signed: header and payload as sent, with the dot. */
  readonly signingInput: Buffer;
  readonly signature: Buffer;
}

const BASE64URL = /^[A-Za-z0-9_-]+={0,2}$/;

/**
 * Takes a client assertion apart.
 *
 * @param compactJws - three base64url parts; padding is tolerated
 * @returns the parts; AADSTS50027 when it is not a JWT
 */
export function readAssertion(compactJws: string): Assertion | Refusal {
  const firstDot = compactJws.indexOf(".");
  const lastDot = compactJws.lastIndexOf(".");
  const claims = readPart(compactJws.slice(firstDot + 1, lastDot));
  const header = readPart(compactJws.slice(0, firstDot));
  const signaturePart = compactJws.slice(lastDot + 1);
  // An empty signature is readable: it belongs to alg none, which has a number of its own.
  const isReadableSignature = signaturePart === "" || BASE64URL.test(signaturePart);
  if (header === undefined || claims === undefined || !isReadableSignature) return { code: 50027 };
  return {
    header,
    claims,
    signingInput: Buffer.from(compactJws.slice(0, lastDot), "latin1"),
    signature: Buffer.from(signaturePart, "base64url"),
  };
}

function readPart(part: string): Readonly<Record<string, unknown>> | undefined {
  if (!BASE64URL.test(part)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return value as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
