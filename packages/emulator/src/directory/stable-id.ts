/** Identifiers that come out the same at every start, so that scripts may write them down. */
import { createHash } from "node:crypto";

/**
 * Derives a GUID from words.
 *
 * @param words - what the object is and whose it is, for example `["user", tenantId, "room-12@school.example"]`
 * @returns a GUID of version 8 (made by the application), lower case; equal words give equal GUIDs
 * @see RFC 9562 §5.8
 */
export function stableId(...words: readonly string[]): string {
  const hex = createHash("sha256").update(words.join("\u0000")).digest("hex");
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`;
}

/** A GUID in its usual form, either case. */
export const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
