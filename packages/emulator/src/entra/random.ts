/** Random characters for values whose inner structure is not public. */
import { randomBytes } from "node:crypto";

let pool = "";
let taken = 0;

/**
 * Makes a value that means nothing.
 *
 * @param bytes - how many random bytes it stands for
 * @returns base64url
 */
export function opaque(bytes: number): string {
  return takeRandom(Math.ceil((bytes * 4) / 3));
}

/** Random characters by the page: asking for each claim on its own costs more than making it. */
function takeRandom(count: number): string {
  if (taken + count > pool.length) {
    pool = randomBytes(6144).toString("base64url");
    taken = 0;
  }
  taken += count;
  return pool.slice(taken - count, taken);
}
