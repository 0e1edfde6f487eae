/** Entity tags: an event's tag is its change key. @see RFC 9110 §8.8.3, §13.1 */
import { createHash } from "node:crypto";
import { problem } from "./problem.ts";

/** Stands before a change key that cannot be written into a tag as it is. */
const ENCODED = "base64url:";

/**
 * Formats the tag of an event.
 *
 * @param changeKey - version of the event
 * @returns strong tag with its quotes
 */
export function formatEventTag(changeKey: string): string {
  const isPlain = /^[\x21\x23-\x7e]+$/.test(changeKey) && !changeKey.startsWith(ENCODED);
  return isPlain ? `"${changeKey}"` : `"${ENCODED}${Buffer.from(changeKey).toString("base64url")}"`;
}

/**
 * Makes the tag of a document.
 *
 * @param text - the whole document
 * @returns strong tag with its quotes: 27 characters, base64url of the first 20 bytes of SHA-256
 */
export function makeContentTag(text: string): string {
  return `"${createHash("sha256").update(text).digest().subarray(0, 20).toString("base64url")}"`;
}

/**
 * Tells whether the caller already has this version (weak comparison, as `If-None-Match` wants it).
 *
 * @param header - value of `If-None-Match`
 * @param tag - strong tag of the present version
 */
export function isNotModified(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return (
    header.trim() === "*" || parseTags(header).some((candidate) => candidate.replace(/^W\//, "") === tag)
  );
}

/**
 * Reads which versions a change is meant for.
 *
 * @param header - value of `If-Match`
 * @returns `undefined` when any version will do (no header, or `*`), else the wanted tags
 * @throws {NightlatchError} `SERVER_REQUEST_INVALID` when the header holds no tag;
 * `SERVER_PRECONDITION_FAILED` when all tags are weak, because those never match
 */
export function readWantedTags(header: string | undefined): readonly string[] | undefined {
  if (header === undefined || header.trim() === "*") return undefined;
  const tags = parseTags(header);
  if (tags.length === 0) {
    const message = "Not an entity tag; send the ETag of the event with its double quotes";
    throw problem("SERVER_REQUEST_INVALID", `Invalid header "If-Match": ${message}`, {
      errors: [{ in: "header", name: "If-Match", message }],
    });
  }
  const strong = tags.filter((tag) => !tag.startsWith("W/"));
  if (strong.length === 0)
    throw problem(
      "SERVER_PRECONDITION_FAILED",
      "If-Match holds only weak entity tags, and those never match",
      {
        hint: "Take the tag from the etag member of the event; a proxy that compresses answers weakens the ETag header",
      },
    );
  return strong;
}

/**
 * Gives the change key of a tag.
 *
 * @param tag - strong tag as {@link formatEventTag} made it
 */
export function changeKeyOfTag(tag: string): string {
  const value = tag.slice(1, -1);
  return value.startsWith(ENCODED) ? Buffer.from(value.slice(ENCODED.length), "base64url").toString() : value;
}

function parseTags(header: string): string[] {
  return header.match(/(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g) ?? [];
}
