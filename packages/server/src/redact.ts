/** Keeps tokens out of the log, also where a foreign error message quotes one. */

/**
 * Replaces everything that looks like a compact JWS or an Authorization value.
 *
 * @param text - text on its way to the log
 * @returns the text without tokens
 */
export function redactTokens(text: string): string {
  return text
    .replace(/eyJ[\w-]*\.[\w-]*(?:\.[\w-]*)?/g, "[token]")
    .replace(/\b(bearer)\s+[^\s"',]+/gi, "$1 [token]");
}
