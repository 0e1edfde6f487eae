/**
 * Reads JSON that people paste: inside other text, cut, with comments, without quotes or commas.
 *
 * The rules are: strict JSON first; every step is bounded, so that no input takes more than linear time.
 */

const PARSE_ATTEMPTS = 400;
const PARSE_CHARACTERS = 20_000_000;
const DEPTH = 60;

/** A JSON object found inside a text. */
export interface EmbeddedJson {
  readonly value: Record<string, unknown>;
  readonly start: number;
  readonly end: number;
  /** Why it is not strict JSON; `undefined` when it is. */
  readonly syntaxError: string | undefined;
}

/**
 * Finds the outermost JSON objects inside a text.
 *
 * @param text - any text
 * @returns objects in the order of the text; an object inside another one is not listed again
 */
export function findJsonObjects(text: string): EmbeddedJson[] {
  const pairs = bracePairs(text);
  const found: EmbeddedJson[] = [];
  let attempts = 0;
  let characters = 0;
  let covered = -1;
  for (const [start, end] of pairs) {
    if (start < covered) continue;
    characters += end - start;
    attempts += 1;
    if (attempts > PARSE_ATTEMPTS || characters > PARSE_CHARACTERS) break;
    const read = parseLenientObject(text.slice(start, end));
    if (read === undefined) continue;
    found.push({ ...read, start, end });
    covered = end;
  }
  return found;
}

/**
 * Reads one object, strictly if possible.
 *
 * @param text - text from `{` to `}`
 * @returns the object, and the syntax error of the strict attempt; `undefined` when it is none
 */
function parseLenientObject(
  text: string,
): { value: Record<string, unknown>; syntaxError: string | undefined } | undefined {
  let syntaxError: string;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return { value: value as Record<string, unknown>, syntaxError: undefined };
  } catch (error) {
    syntaxError = describeSyntaxError(text, error);
  }
  const parser = new LenientParser(text);
  const value = parser.readObject(0);
  if (value === undefined || Object.keys(value).length === 0) return undefined;
  return { value, syntaxError };
}

/** Pairs of `{` and the offset after its `}`, outermost first, in the order of the text. */
function bracePairs(text: string): Array<readonly [number, number]> {
  const open: number[] = [];
  const pairs: Array<readonly [number, number]> = [];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x7b) open.push(at);
    else if (code === 0x7d) {
      const start = open.pop();
      if (start !== undefined && at > start + 1) pairs.push([start, at + 1]);
    }
  }
  return pairs.sort((one, other) => one[0] - other[0]);
}

function describeSyntaxError(text: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const position = /position (\d+)/.exec(message)?.[1];
  if (position === undefined) return "not strict JSON";
  const line = text.slice(0, Number(position)).split("\n").length;
  return `not strict JSON, line ${line} of the object`;
}

/** A forgiving descent over one object; never throws, never looks back. */
class LenientParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readObject(depth: number): Record<string, unknown> | undefined {
    if (depth > DEPTH || this.#text[this.#at] !== "{") return undefined;
    this.#at += 1;
    const result: Record<string, unknown> = {};
    while (this.#at < this.#text.length) {
      this.#skip();
      if (this.#text[this.#at] === "}") {
        this.#at += 1;
        return result;
      }
      const name = this.#readName();
      if (name === undefined) return undefined;
      this.#skip();
      const separator = this.#text[this.#at];
      if (separator !== ":" && separator !== "=") return undefined;
      this.#at += 1;
      if (this.#text[this.#at] === ">") this.#at += 1;
      const value = this.#readValue(depth);
      if (value === undefined) return undefined;
      result[name] = value.value;
    }
    return undefined;
  }

  #readArray(depth: number): unknown[] | undefined {
    this.#at += 1;
    const result: unknown[] = [];
    while (this.#at < this.#text.length) {
      this.#skip();
      if (this.#text[this.#at] === "]") {
        this.#at += 1;
        return result;
      }
      const value = this.#readValue(depth);
      if (value === undefined) return undefined;
      result.push(value.value);
    }
    return undefined;
  }

  #readValue(depth: number): { value: unknown } | undefined {
    this.#skip();
    const first = this.#text[this.#at];
    if (first === undefined || depth > DEPTH) return undefined;
    if (first === "{") return boxed(this.readObject(depth + 1));
    if (first === "[") return boxed(this.#readArray(depth + 1));
    if (isQuote(first)) return boxed(this.#readString());
    const match = /[^\s,}\]]{1,20000}/y;
    match.lastIndex = this.#at;
    const word = match.exec(this.#text)?.[0];
    if (word === undefined) return undefined;
    this.#at += word.length;
    return { value: bareValue(word) };
  }

  #readName(): string | undefined {
    const first = this.#text[this.#at];
    if (first !== undefined && isQuote(first)) return this.#readString();
    const match = /[\w$.#@-]{1,100}/y;
    match.lastIndex = this.#at;
    const word = match.exec(this.#text)?.[0];
    if (word === undefined) return undefined;
    this.#at += word.length;
    return word;
  }

  #readString(): string | undefined {
    const quote = this.#text[this.#at] ?? '"';
    const closing = closingQuotes(quote);
    this.#at += 1;
    let result = "";
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at] ?? "";
      this.#at += 1;
      if (character === "\\") {
        const next = this.#text[this.#at] ?? "";
        this.#at += 1;
        result += next === "n" ? "\n" : next === "r" ? "\r" : next === "t" ? "\t" : next;
      } else if (closing.includes(character)) return result;
      else result += character;
    }
    return undefined;
  }

  #skip(): void {
    const match = /(?:[\s,;]+|\/\/[^\n]{0,500}|\/\*[^*]{0,500}\*\/|#[^\n]{0,500})+/y;
    match.lastIndex = this.#at;
    this.#at += match.exec(this.#text)?.[0].length ?? 0;
  }
}

function boxed(value: unknown): { value: unknown } | undefined {
  return value === undefined ? undefined : { value };
}

function isQuote(character: string): boolean {
  return "\"'“”‘’`".includes(character);
}

function closingQuotes(quote: string): string {
  if (quote === "“" || quote === "”") return "“”";
  if (quote === "‘" || quote === "’") return "‘’";
  return quote;
}

function bareValue(word: string): unknown {
  if (/^-?\d{1,20}(?:\.\d{1,20})?$/.test(word)) return Number(word);
  if (/^true$/i.test(word)) return true;
  if (/^false$/i.test(word)) return false;
  if (/^(?:null|none)$/i.test(word)) return null;
  return word;
}

/** A `name: value` pair found outside any whole object. */
export interface LoosePair {
  readonly name: string;
  readonly value: unknown;
  readonly at: number;
  /** True when the value was neither quoted nor a number, or had something before its quote. */
  readonly isBare: boolean;
}

/**
 * Finds `name: value` pairs of known names in text whose braces were lost.
 *
 * @param text - any text
 * @param names - member names to look for
 * @returns pairs in the order of the text
 */
export function findLoosePairs(text: string, names: readonly string[]): LoosePair[] {
  const alternatives = names.map((name) => name.replace(/[#$.]/g, "\\$&")).join("|");
  const pattern = new RegExp(
    `(?<![\\w#-])["'“”‘’]?(${alternatives})["'“”‘’]?[ \\t]{0,8}:[ \\t]{0,8}` +
      `(?:"([^"\\n]{0,20000})"?|'([^'\\n]{0,20000})'|“([^”\\n]{0,20000})”|([^\\s,}\\]]{1,20000}))`,
    "g",
  );
  const pairs: LoosePair[] = [];
  for (const match of text.matchAll(pattern)) {
    const quoted = match[2] ?? match[3] ?? match[4];
    const value = quoted ?? bareValue(match[5] ?? "");
    const isBare = quoted === undefined && typeof value === "string";
    pairs.push({ name: match[1] ?? "", value, at: match.index, isBare });
    if (pairs.length >= 500) break;
  }
  return pairs;
}
