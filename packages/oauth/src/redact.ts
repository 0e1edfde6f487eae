/** Takes secrets out of foreign text before it reaches an error. */

/** A run of base64url characters; what follows is looked at, not taken, so that every run is tried as a beginning. */
const RUN = /[\w-]+(?=(\.[\w-]*\.[\w-]*)?)/g;

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
  return withoutTokens(clean);
}

/** Run by run: a pattern for the whole token would take minutes for a few megabytes of `eyJeyJ…`. */
function withoutTokens(text: string): string {
  let clean = "";
  let at = 0;
  for (const { 0: run, 1: tail, index } of text.matchAll(RUN)) {
    const start = index < at || tail === undefined ? -1 : run.search(/eyJ[\w-]{8}/);
    if (start < 0) continue;
    clean += `${text.slice(at, index + start)}[removed]`;
    at = index + run.length + (tail?.length ?? 0);
  }
  return clean + text.slice(at);
}
