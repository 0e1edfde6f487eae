/** Finds where a text stops being JSON. Node's own message names the place in some versions only. */

/**
 * Finds the first character that does not belong.
 *
 * @param text - what `JSON.parse` refused
 * @returns offset in UTF-16 units; the length of the text when it ends too early
 */
export function findJsonError(text: string): number {
  const scanner = new Scanner(text);
  return scanner.value() && scanner.isAtEnd() ? text.length : scanner.offset;
}

/** Moves over a text as far as it is JSON; `offset` stays where it is not. */
class Scanner {
  readonly #text: string;
  offset = 0;

  constructor(text: string) {
    this.#text = text;
  }

  isAtEnd(): boolean {
    this.#match(/[\s]*/y);
    return this.offset === this.#text.length;
  }

  value(): boolean {
    this.#match(/\s*/y);
    switch (this.#text[this.offset]) {
      case "{":
        return this.#list("}", () => this.#string() && this.#symbol(":") && this.value());
      case "[":
        return this.#list("]", () => this.value());
      case '"':
        return this.#string();
      default:
        return this.#match(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y);
    }
  }

  #list(end: string, entry: () => boolean): boolean {
    this.offset += 1;
    if (this.#symbol(end)) return true;
    do {
      this.#match(/\s*/y);
      if (!entry()) return false;
    } while (this.#symbol(","));
    return this.#symbol(end);
  }

  #string(): boolean {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what JSON forbids in strings
    return this.#match(/"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y);
  }

  #symbol(symbol: string): boolean {
    this.#match(/\s*/y);
    if (this.#text[this.offset] !== symbol) return false;
    this.offset += 1;
    return true;
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.offset;
    const match = pattern.exec(this.#text);
    if (match === null) return false;
    this.offset += match[0].length;
    return true;
  }
}
