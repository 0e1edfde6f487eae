/**
 * Keeps secrets of the input out of everything that is printed.
 *
 * The rules are: whatever may be a credential is registered when it is recognised; the whole explanation is
 * scrubbed at the end, so that a check cannot leak by mistake.
 */

const MASK = "…masked…";
/** Characters of a secret that must not stand alone either. */
const PIECE = 12;

/** Collects the secrets of one explanation and takes them out of its texts. */
export class SecretKeeper {
  readonly #secrets = new Set<string>();

  /**
   * Registers a text that must not be printed; texts under six characters are left alone, because masking
   * them would deface everything else.
   *
   * @param secret - the secret as it stood in the input
   */
  add(secret: string | undefined): void {
    if (secret === undefined || secret.length < 6) return;
    this.#secrets.add(secret);
    const trimmed = secret.trim();
    if (trimmed.length >= 6) this.#secrets.add(trimmed);
  }

  /**
   * Registers a JWT: its last part, and the whole text.
   *
   * @param compact - compact JWS
   */
  addJwt(compact: string): void {
    this.add(compact);
    const parts = compact.split(".");
    if (parts.length >= 3) for (const part of parts.slice(2)) this.add(part);
  }

  /**
   * Takes every registered secret out of a value, at any depth.
   *
   * @param value - plain data
   * @returns a copy without the secrets
   */
  scrub<T>(value: T): T {
    const secrets = [...this.#secrets].sort((one, other) => other.length - one.length);
    return scrubValue(value, secrets) as T;
  }
}

/**
 * Masks what looks like a secret in free text, for quoting a line of it.
 *
 * @param text - any text
 * @returns the text with JWT signatures, form secrets, passwords and PEM bodies replaced
 */
export function maskText(text: string): string {
  return text
    .replace(/(?<![\w-])(ey[\w-]{8,}\.[\w-]*)(?:\.[\w-]*)+/g, `$1.${MASK}`)
    .replace(
      /\b(client_secret|client_assertion|assertion|refresh_token|access_token|id_token|password|code_verifier|secretText|sig)(["']?\s{0,3}[=:]\s{0,3}["']?)(?!<)([^\s"'&,}]{4,})/gi,
      (_whole, name: string, separator: string) => `${name}${separator}${MASK}`,
    )
    .replace(/\bcode(["']?\s{0,3}[=:]\s{0,3}["']?)[\w.~-]{16,}/gi, `code$1${MASK}`)
    .replace(
      /(-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----)[^-]*(-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g,
      `$1${MASK}`,
    )
    .replace(/\b(Basic|Bearer)\s+[\w+/=.~-]{8,}/gi, `$1 ${MASK}`);
}

/**
 * Shortens a text in the middle for printing.
 *
 * @param text - any text
 * @param limit - longest result in characters
 * @returns the text, with a … in the middle when it was longer
 */
export function shorten(text: string, limit = 80): string {
  if (text.length <= limit) return text;
  const half = Math.floor((limit - 1) / 2);
  return `${text.slice(0, half)}…${text.slice(-half)}`;
}

function scrubValue(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === "string") return scrubText(value, secrets);
  if (Array.isArray(value)) return value.map((item) => scrubValue(item, secrets));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, scrubValue(item, secrets)]));
  }
  return value;
}

function scrubText(text: string, secrets: readonly string[]): string {
  let result = text;
  for (const secret of secrets) {
    if (result.includes(secret)) result = result.split(secret).join(MASK);
    if (secret.length >= 2 * PIECE) result = maskEnds(result, secret);
  }
  return maskText(result);
}

/** A quotation may be cut in the middle of a secret: its beginning or its end then stands alone. */
function maskEnds(text: string, secret: string): string {
  let result = text;
  const head = result.indexOf(secret.slice(0, PIECE));
  if (head !== -1) {
    let length = PIECE;
    while (length < secret.length && result[head + length] === secret[length]) length += 1;
    result = result.slice(0, head) + MASK + result.slice(head + length);
  }
  const tail = result.indexOf(secret.slice(-PIECE));
  if (tail !== -1) {
    let start = tail;
    let at = secret.length - PIECE - 1;
    while (at >= 0 && start > 0 && result[start - 1] === secret[at]) {
      start -= 1;
      at -= 1;
    }
    result = result.slice(0, start) + MASK + result.slice(tail + PIECE);
  }
  return result;
}
