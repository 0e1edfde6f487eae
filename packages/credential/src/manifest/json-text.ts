/**
 * Reads JSON with the place of every value, so that a file can be changed in one spot and stay byte for byte the same
 * elsewhere.
 *
 * @see RFC 8259
 */
import { refusal } from "../refusal.ts";

/** A value and where it stands. */
export interface JsonNode {
  /** What kind of value it is. */
  readonly kind: "object" | "array" | "string" | "number" | "true" | "false" | "null";
  /** Index of its first UTF-16 unit. */
  readonly start: number;
  /** Index after its last one. */
  readonly end: number;
  /** Members of an object in their order; empty otherwise. */
  readonly members: readonly JsonMember[];
  /** Items of an array in their order; empty otherwise. */
  readonly items: readonly JsonNode[];
}

/** A member of an object. */
export interface JsonMember {
  readonly name: string;
  /** Index of the quotation mark before the name. */
  readonly start: number;
  readonly value: JsonNode;
}

const DEEPEST_NESTING = 128;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/**
 * Parses JSON.
 *
 * @param text - the whole file; a byte order mark in front is allowed
 * @param sourceName - file name for messages
 * @returns the top value
 * @throws {@link NightlatchError} `CREDENTIAL_MANIFEST_MALFORMED` with line and column
 */
export function parseJsonText(text: string, sourceName: string): JsonNode {
  const reader = new JsonReader(text, sourceName);
  return reader.readDocument();
}

/**
 * Tells the line and the column of a place.
 *
 * @param text - the whole file
 * @param index - place in UTF-16 units
 * @returns both from 1
 */
export function placeAt(text: string, index: number): { line: number; column: number } {
  const before = text.slice(0, index);
  const lines = before.split(/\r\n|\r|\n/);
  return { line: lines.length, column: (lines.at(-1) ?? "").replace(/^\uFEFF/, "").length + 1 };
}

class JsonReader {
  readonly #text: string;
  readonly #sourceName: string;
  #at = 0;

  constructor(text: string, sourceName: string) {
    this.#text = text;
    this.#sourceName = sourceName;
    if (text.startsWith("\uFEFF")) this.#at = 1;
  }

  readDocument(): JsonNode {
    this.#skipSpace();
    const node = this.#readValue(0);
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#fault("text follows the end of the JSON");
    return node;
  }

  #readValue(depth: number): JsonNode {
    if (depth > DEEPEST_NESTING) throw this.#fault(`it is nested more than ${DEEPEST_NESTING} levels deep`);
    const start = this.#at;
    const character = this.#text[start];
    if (character === "{") return this.#readObject(depth);
    if (character === "[") return this.#readArray(depth);
    if (character === '"') {
      this.#readString();
      return this.#leaf("string", start);
    }
    for (const word of ["true", "false", "null"] as const)
      if (this.#text.startsWith(word, start)) {
        this.#at += word.length;
        return this.#leaf(word, start);
      }
    const number = /-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
    number.lastIndex = start;
    const match = number.exec(this.#text);
    if (match === null) throw this.#fault("a value is missing");
    this.#at += match[0].length;
    return this.#leaf("number", start);
  }

  #readObject(depth: number): JsonNode {
    const start = this.#at;
    const members: JsonMember[] = [];
    this.#at += 1;
    this.#skipSpace();
    while (!this.#take("}")) {
      if (members.length > 0) this.#takeComma("}");
      const memberStart = this.#at;
      if (this.#text[memberStart] !== '"')
        throw this.#fault('a member name in quotation marks or "}" is missing');
      const name = this.#readString();
      this.#skipSpace();
      if (!this.#take(":")) throw this.#fault(`the colon after "${name.slice(0, 40)}" is missing`);
      this.#skipSpace();
      members.push({ name, start: memberStart, value: this.#readValue(depth + 1) });
      this.#skipSpace();
    }
    return { kind: "object", start, end: this.#at, members, items: [] };
  }

  #readArray(depth: number): JsonNode {
    const start = this.#at;
    const items: JsonNode[] = [];
    this.#at += 1;
    this.#skipSpace();
    while (!this.#take("]")) {
      if (items.length > 0) this.#takeComma("]");
      items.push(this.#readValue(depth + 1));
      this.#skipSpace();
    }
    return { kind: "array", start, end: this.#at, members: [], items };
  }

  #readString(): string {
    const start = this.#at;
    let index = start + 1;
    for (let code = 0; ; index += 1) {
      code = this.#text.charCodeAt(index);
      if (code === QUOTE) break;
      if (code === BACKSLASH) index += 1;
      // NaN is the end of the text, below a space are line ends and other control characters.
      else if (!(code >= SPACE)) throw this.#fault("a string is not closed before the line ends", index);
    }
    this.#at = index + 1;
    try {
      return JSON.parse(this.#text.slice(start, this.#at)) as string;
    } catch {
      throw this.#fault("a string holds a wrong escape", start);
    }
  }

  #takeComma(closing: string): void {
    const before = this.#at;
    if (!this.#take(",")) throw this.#fault(`a comma or "${closing}" is missing`);
    this.#skipSpace();
    if (this.#text[this.#at] !== closing) return;
    this.#at = before;
    throw this.#fault(`a comma stands before "${closing}"`);
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #skipSpace(): void {
    const space = /[ \t\r\n]*/y;
    space.lastIndex = this.#at;
    this.#at += space.exec(this.#text)?.[0].length ?? 0;
  }

  #leaf(kind: JsonNode["kind"], start: number): JsonNode {
    return { kind, start, end: this.#at, members: [], items: [] };
  }

  #fault(what: string, at = this.#at): Error {
    const { line, column } = placeAt(this.#text, at);
    const ended = at >= this.#text.length;
    return refusal(
      "CREDENTIAL_MANIFEST_MALFORMED",
      `Cannot read ${this.#sourceName}, line ${line}, column ${column}: ${ended ? "the text ends too early" : what}`,
      { details: { sourceName: this.#sourceName, line, column } },
    );
  }
}
