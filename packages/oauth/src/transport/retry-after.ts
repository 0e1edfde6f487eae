/** Reads `Retry-After` in the three forms that are seen: seconds, fractional seconds, HTTP date. */

/**
 * Works out how long the server asks to wait.
 *
 * A date is compared with the answer's own `Date` where there is one, so that a wrong local clock does not shorten
 * or stretch the wait.
 *
 * @param headers - headers of the answer, names in lower case
 * @param nowMs - milliseconds since 1970
 * @returns milliseconds, not negative; `undefined` when the header is absent or cannot be read
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseRetryAfter } from "@nightlatch/oauth";
 *
 * assert.equal(parseRetryAfter({ "retry-after": "2.128" }, Date.now()), 2128);
 * ```
 * @see RFC 9110 §10.2.3
 * @see https://learn.microsoft.com/graph/throttling
 */
export function parseRetryAfter(
  headers: Readonly<Record<string, string>>,
  nowMs: number,
): number | undefined {
  const text = headers["retry-after"]?.trim();
  if (text === undefined || text === "") return undefined;
  // Repeated headers may have been joined on the way: the longest wait shortens none.
  const seconds = text
    .split(",")
    .map((part) => (/^\s*\d*\.?\d+\.?\s*$/.test(part) ? Number(part) : Number.NaN));
  if (!seconds.some(Number.isNaN)) return Math.ceil(Math.max(...seconds) * 1000);
  const untilMs = Date.parse(text);
  if (Number.isNaN(untilMs) || !/^\w.*\d{4}/.test(text)) return undefined;
  const serverMs = Date.parse(headers["date"] ?? "");
  return Math.max(0, untilMs - (Number.isNaN(serverMs) ? nowMs : serverMs));
}
