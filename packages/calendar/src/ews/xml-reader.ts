/**
 * Reading the XML that a server sends, as a stream: elements that somebody waits for are handed out as soon as they
 * are complete and kept nowhere, so that an answer of ten thousand items costs the memory of one.
 *
 * The rules are: namespaces decide, prefixes mean nothing; document types, entities of their own and processing
 * instructions are refused; depth and the number of elements held at once are bounded; bytes are UTF-8.
 *
 * @see https://www.w3.org/TR/xml-names/
 */
import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from "saxes";
import { type ReadXmlOptions, UnreadableXml, type XmlElement } from "./xml-element.ts";

/** Prefixes of ours by namespace. */
const PREFIXES: Readonly<Record<string, string>> = {
  "http://schemas.microsoft.com/exchange/services/2006/types": "t:",
  "http://schemas.microsoft.com/exchange/services/2006/messages": "m:",
  "http://schemas.microsoft.com/exchange/services/2006/errors": "e:",
  "http://schemas.xmlsoap.org/soap/envelope/": "s:",
  "": "",
};

const MAX_DEPTH = 64;
/** Elements held at once: ten meetings with a thousand people each are some 60,000. */
const MAX_HELD_ELEMENTS = 200_000;
const CHUNK_BYTES = 65_536;

interface OpenElement {
  name: string;
  attributes: Record<string, string>;
  children: OpenElement[];
  text: string;
}

/** Reads a document part by part. */
export class XmlReader {
  readonly #tree: TreeBuilder;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  readonly #parser: Parser;

  /** @param options - which elements to hand out while reading */
  constructor(options: ReadXmlOptions = {}) {
    this.#tree = new TreeBuilder(options);
    this.#parser = createParser(this.#tree);
  }

  /**
   * @param part - the next bytes, cut anywhere
   * @throws {UnreadableXml} as {@link readXml}; nothing can be written afterwards
   */
  write(part: Uint8Array): void {
    for (let offset = 0; offset < part.byteLength; offset += CHUNK_BYTES) {
      this.#parser.write(decode(this.#decoder, part.subarray(offset, offset + CHUNK_BYTES), true));
    }
  }

  /**
   * @returns the root element, without what was handed out
   * @throws {UnreadableXml} when the document does not end here
   */
  end(): XmlElement {
    this.#parser.write(decode(this.#decoder, new Uint8Array(), false));
    this.#parser.close();
    return this.#tree.root ?? refuse("no element");
  }
}

/**
 * Reads a whole document.
 *
 * @param body - UTF-8, with or without byte order mark
 * @param options - which elements to hand out while reading
 * @returns the root element, without what was handed out
 * @throws {UnreadableXml} when the document is not well-formed, not UTF-8, or breaks a bound; elements handed out
 *   before count for nothing then
 */
export function readXml(body: Uint8Array, options: ReadXmlOptions = {}): XmlElement {
  const reader = new XmlReader(options);
  reader.write(body);
  return reader.end();
}

/**
 * Handlers become members of the parser: with a seventh, V8 keeps it as a dictionary and reads five times slower. So
 * there is none for errors: nobody taking them, the parser throws them.
 */
function createParser(tree: TreeBuilder): Parser {
  const parser = new Parser({ xmlns: true, position: false });
  parser.on("opentag", (tag) => tree.open(tag));
  parser.on("text", (text) => tree.append(text));
  parser.on("cdata", (text) => tree.append(text));
  parser.on("closetag", () => tree.close());
  parser.on("doctype", () => refuse("a document type"));
  parser.on("processinginstruction", () => refuse("a processing instruction"));
  return parser;
}

class Parser extends SaxesParser<{ readonly xmlns: true; readonly position: false }> {
  override makeError(message: string): Error {
    return new UnreadableXml(`markup that is not XML: ${message}`);
  }
}

class TreeBuilder {
  root: OpenElement | undefined;
  readonly #options: ReadXmlOptions;
  readonly #open: OpenElement[] = [];
  #held = 0;

  constructor(options: ReadXmlOptions) {
    this.#options = options;
  }

  open(tag: SaxesTagNS): void {
    const element = {
      name: nameOf(tag.uri, tag.local),
      attributes: attributesOf(tag.attributes),
      children: [],
      text: "",
    };
    this.#held += 1;
    if (this.#held > MAX_HELD_ELEMENTS) refuse(`more than ${MAX_HELD_ELEMENTS} elements`);
    if (this.#open.length >= MAX_DEPTH) refuse(`elements nested deeper than ${MAX_DEPTH}`);
    this.#open.push(element);
  }

  append(text: string): void {
    const element = this.#open.at(-1);
    if (element !== undefined) element.text += text;
  }

  close(): void {
    const element = this.#open.pop();
    if (element === undefined) return;
    const parent = this.#open.at(-1);
    if (this.#options.streamed?.has(element.name)) {
      this.#held -= 1 + countBelow(element);
      this.#options.onElement?.(element);
    } else if (parent === undefined) this.root = element;
    else parent.children.push(element);
  }
}

function countBelow(element: OpenElement): number {
  let count = element.children.length;
  for (const child of element.children) if (child.children.length > 0) count += countBelow(child);
  return count;
}

function nameOf(uri: string, local: string): string {
  const prefix = Object.hasOwn(PREFIXES, uri) ? PREFIXES[uri] : undefined;
  return prefix === undefined ? `{${uri}}${local}` : prefix + local;
}

function attributesOf(attributes: Readonly<Record<string, SaxesAttributeNS>>): Record<string, string> {
  const values: Record<string, string> = Object.create(null);
  for (const name in attributes) {
    const attribute = attributes[name];
    if (attribute !== undefined && attribute.uri === "") values[attribute.local] = attribute.value;
  }
  return values;
}

function decode(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array, stream: boolean): string {
  try {
    return decoder.decode(bytes, { stream });
  } catch {
    return refuse("bytes that are not UTF-8");
  }
}

function refuse(what: string): never {
  throw new UnreadableXml(what);
}
