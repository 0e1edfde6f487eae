/**
 * Reads XML into a tree of elements. Names are compared by namespace, never by prefix; document types, entities beside
 * the five of XML and processing instructions are refused; depth, size and number of elements are bounded.
 */
import { SaxesParser, type SaxesTagNS } from "saxes";

/** An element. */
export interface XmlElement {
  readonly name: string;
  /** Namespace; empty for none. */
  readonly namespace: string;
  /** Attributes without a namespace, by name. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Attributes with one, by `{namespace}name`. */
  readonly foreignAttributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  /** Text directly inside, joined. */
  text: string;
  /** Where the start tag ends, from 1. */
  readonly line: number;
  /** Where the start tag ends, from 1. */
  readonly position: number;
}

/** Text that is not XML, or XML that is not taken. */
export class XmlFault extends Error {
  readonly line: number;
  readonly position: number;

  constructor(message: string, line: number, position: number) {
    super(message);
    this.line = line;
    this.position = position;
  }
}

const DEEPEST = 64;
const MOST_ELEMENTS = 200_000;
const MOST_ATTRIBUTES = 32;
const NAMESPACE_OF_NAMESPACES = "http://www.w3.org/2000/xmlns/";
const XML_NAMESPACES = new Set([NAMESPACE_OF_NAMESPACES, "http://www.w3.org/XML/1998/namespace"]);
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

/**
 * Reads a document.
 *
 * @param bytes - UTF-8, with or without byte order mark
 * @returns the root element
 * @throws {XmlFault} with line and position
 */
export function readXml(bytes: Uint8Array): XmlElement {
  const source = decode(bytes);
  const parser = new SaxesParser({ xmlns: true });
  const place = (message: string): XmlFault => new XmlFault(message, parser.line, parser.column + 1);
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;
  let count = 0;
  parser.on("error", (error) => {
    throw place(error.message.replace(/^\d+:\d+: /, "").replace(/\.$/, ""));
  });
  parser.on("doctype", () => {
    throw place("For security reasons DTD is prohibited in this XML document");
  });
  parser.on("processinginstruction", () => {
    throw place("Processing instructions (other than the XML declaration) and DTDs are not supported");
  });
  parser.on("xmldecl", ({ encoding }) => {
    if (encoding !== undefined && !/^utf-?8$/i.test(encoding))
      throw place(
        `The encoding in the declaration '${encoding}' does not match the encoding of the document 'utf-8'`,
      );
  });
  parser.on(
    "attribute",
    (() => {
      let line = 0;
      let column = 0;
      let attributes = 0;
      return () => {
        // Attributes of one start tag arrive one after the other; a new tag begins the count again.
        if (count !== line || open.length !== column) [line, column, attributes] = [count, open.length, 0];
        attributes += 1;
        if (attributes > MOST_ATTRIBUTES) throw place("The start tag has too many attributes");
      };
    })(),
  );
  parser.on("opentag", (tag) => {
    count += 1;
    if (count > MOST_ELEMENTS) throw place("The document has too many elements");
    if (open.length >= DEEPEST) throw place("The document is nested too deeply");
    const element = makeElement(tag, parser.line, parser.column + 1);
    if (open.length === 0) root = element;
    else open[open.length - 1]?.children.push(element);
    open.push(element);
  });
  parser.on("closetag", () => {
    open.pop();
  });
  const addText = (text: string): void => {
    const inner = open[open.length - 1];
    if (inner !== undefined) inner.text += text;
  };
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.write(source).close();
  if (root === undefined) throw place("Root element is missing");
  return root;
}

/**
 * Finds a child.
 *
 * @param parent - where to look
 * @param name - local name; the schema has already seen to the namespace
 * @returns the first child with that name, or `undefined`
 */
export function child(parent: XmlElement | undefined, name: string): XmlElement | undefined {
  return parent?.children.find((candidate) => candidate.name === name);
}

/**
 * Gives the text of a child.
 *
 * @param parent - where to look
 * @param name - local name
 * @returns its text, or `undefined` when there is no such child
 */
export function childText(parent: XmlElement | undefined, name: string): string | undefined {
  return child(parent, name)?.text;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new XmlFault("The document is not UTF-8", 1, 1);
  }
}

function makeElement(tag: SaxesTagNS, line: number, position: number): XmlElement {
  let attributes: Map<string, string> | undefined;
  let foreign: Map<string, string> | undefined;
  for (const { uri, local, value } of Object.values(tag.attributes)) {
    // The parser trims the names of namespaces; to XML they are other names.
    if (uri === NAMESPACE_OF_NAMESPACES && value !== value.trim())
      throw new XmlFault(`The namespace name '${value}' has white space around it`, line, position);
    if (uri === "") {
      attributes ??= new Map();
      attributes.set(local, value);
    } else if (!XML_NAMESPACES.has(uri)) {
      foreign ??= new Map();
      foreign.set(`{${uri}}${local}`, value);
    }
  }
  return {
    name: tag.local,
    namespace: tag.uri,
    attributes: attributes ?? NO_ATTRIBUTES,
    foreignAttributes: foreign ?? NO_ATTRIBUTES,
    children: [],
    text: "",
    line,
    position,
  };
}
