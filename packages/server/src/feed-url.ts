/**
 * Secret addresses of calendar feeds, for calendar programs that cannot send a bearer token.
 *
 * Whoever has the address reads the calendar, nothing else and no other mailbox. Changing the secret closes all
 * addresses at once.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

const MIN_SECRET_LENGTH = 32;

/**
 * Makes the secret address of a mailbox's calendar feed.
 *
 * @param baseUrl - scheme, host and port of the API, and its path if it has one
 * @param mailbox - SMTP address, user principal name or id; upper and lower case are the same
 * @param secret - the (first) secret that the API was started with, at least 32 characters
 * @returns absolute URL
 * @throws {RangeError} when the secret is too short
 * @throws {TypeError} when `baseUrl` is not a URL
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createFeedUrl } from "@nightlatch/server";
 *
 * const url = createFeedUrl("https://calendars.school.example", "room-12@school.example", "0123456789abcdef0123456789abcdef");
 * assert.match(url, /^https:\/\/calendars\.school\.example\/feeds\/room-12%40school\.example\/[\w-]{43}\.ics$/);
 * ```
 */
export function createFeedUrl(baseUrl: string, mailbox: string, secret: string): string {
  const base = new URL(baseUrl);
  const path = base.pathname.replace(/\/+$/, "");
  return `${base.origin}${path}/feeds/${encodeURIComponent(mailbox)}/${createFeedToken(mailbox, secret)}.ics`;
}

/**
 * Makes the secret part of a feed's address.
 *
 * @param mailbox - SMTP address, user principal name or id; upper and lower case are the same
 * @param secret - at least 32 characters
 * @returns base64url of HMAC-SHA-256 over the lower-case mailbox, 43 characters
 * @throws {RangeError} when the secret has fewer than 32 characters
 */
export function createFeedToken(mailbox: string, secret: string): string {
  if (secret.length < MIN_SECRET_LENGTH)
    throw new RangeError(
      `The feed secret has ${secret.length} characters, wanted at least ${MIN_SECRET_LENGTH}`,
    );
  return createHmac("sha256", secret).update(mailbox.toLowerCase()).digest("base64url");
}

/**
 * Checks the secret part of a feed's address in constant time.
 *
 * @param token - what the caller sent
 * @param secrets - every secret that is accepted
 */
export function isFeedToken(token: string, mailbox: string, secrets: readonly string[]): boolean {
  const given = Buffer.from(token);
  let isKnown = false;
  for (const secret of secrets) {
    const wanted = Buffer.from(createFeedToken(mailbox, secret));
    if (given.length === wanted.length && timingSafeEqual(given, wanted)) isKnown = true;
  }
  return isKnown;
}
