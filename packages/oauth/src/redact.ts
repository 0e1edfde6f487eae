/** Takes secrets out of foreign text before it reaches an error. */

const JWT = /eyJ[\w-]{8,}\.[\w-]*\.[\w-]*/g;

/**
 * Removes the given secrets, in every spelling a form or an HTML page may give them, and everything that looks
 * like a signed token.
 *
 * @param text - foreign text, for example the body of a proxy's error page
 * @param secrets - values that were sent: secret, assertion, code, refresh token; short ones (below 4 characters) are left
 * @returns the text with `[removed]` in their places
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length < 4) continue;
    const jsonEscaped = JSON.stringify(secret).slice(1, -1);
    const formEncoded = new URLSearchParams([["", secret]]).toString().slice(1);
    for (const spelling of new Set([secret, jsonEscaped, encodeURIComponent(secret), formEncoded])) {
      clean = clean.replaceAll(spelling, "[removed]");
    }
  }
  return clean.replace(JWT, "[removed]");
}
