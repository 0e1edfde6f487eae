/**
 * Keys and tokens that were pasted where a name belongs, `--certificate "$(cat key.pem)"` for one. What is refused is
 * quoted on the screen and in logs, so it has to be recognised before it is quoted.
 */

const pem = /-----BEGIN [\s\S]*?(?:-----END [^-]*-----|$)/g;
const jws = /\beyJ[\w-]{4,}\.[\w-]{2,}\.[\w-]*/g;
const encoded = /[A-Za-z0-9+/=_-]{200,}/g;

/**
 * Tells whether a word that should name a file is rather what stands in one: PEM, a token, base64, JSON, several lines.
 *
 * @param word - as given on the command line or in the environment
 * @returns true when it is no name that anybody gives to a file
 */
export function looksLikeContent(word: string): boolean {
  const isOneOf = [pem, jws].some((shape) => word.search(shape) >= 0);
  return isOneOf || /[\r\n]|^\s*\{\s*["}]/.test(word) || /^[A-Za-z0-9+/=_-]{200,}$/.test(word);
}

/**
 * Takes keys, tokens and long runs of base64 out of a text for people.
 *
 * @param text - a message, or the inspection of an error
 * @returns the text with `[not shown]` in their place
 */
export function withoutPastedSecrets(text: string): string {
  return [pem, jws, encoded].reduce((left, shape) => left.replaceAll(shape, "[not shown]"), text);
}
