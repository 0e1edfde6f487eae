/**
 * Writing XML by hand, because Exchange cares about the order of elements and no generator does.
 *
 * The rules are: text and markup are two types, so that nothing is escaped twice or not at all; the prefixes `t`,
 * `m` and `s` are declared on the envelope and nowhere else; what XML 1.0 cannot carry becomes U+FFFD.
 *
 * @see https://www.w3.org/TR/xml/#charsets
 */

/** Markup that is complete and escaped. */
export class Xml {
  // Private, so that no other object of the same shape passes for markup.
  readonly #markup: string;

  /** @param markup - complete elements, escaped */
  constructor(markup: string) {
    this.#markup = markup;
  }

  /** The markup itself. */
  get markup(): string {
    return this.#markup;
  }
}

/** What may stand in an element: markup, text to be escaped, or nothing. */
export type XmlContent = Xml | string | number | boolean | undefined | readonly XmlContent[];

/** Attributes by name; `undefined` leaves one out. */
export type XmlAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Characters that no XML 1.0 document may hold, lone surrogates included. */
const FORBIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to find
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
  "\n": "&#10;",
  "\t": "&#9;",
};

/**
 * Writes one element.
 *
 * @param name - prefixed name: `t:`, `m:` or `s:`
 * @param attributes - attributes in order
 * @param content - what stands in it, in order
 * @returns the element
 */
export function xml(name: string, attributes: XmlAttributes, ...content: readonly XmlContent[]): Xml {
  let start = `<${name}`;
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== undefined) start += ` ${attribute}="${escapeAttribute(String(value))}"`;
  }
  const inner = markupOf(content);
  return new Xml(inner === "" ? `${start}/>` : `${start}>${inner}</${name}>`);
}

/**
 * Escapes text that stands between tags. A carriage return is written by number, because a parser would make a
 * line feed of it.
 *
 * @param text - any text
 * @returns text as markup
 */
export function escapeText(text: string): string {
  return text.replace(FORBIDDEN, "\ufffd").replace(/[&<>\r]/g, (character) => ESCAPES[character] ?? "");
}

function escapeAttribute(text: string): string {
  return text.replace(FORBIDDEN, "\ufffd").replace(/[&<>"\r\n\t]/g, (character) => ESCAPES[character] ?? "");
}

function markupOf(content: XmlContent): string {
  if (content === undefined) return "";
  if (content instanceof Xml) return content.markup;
  if (typeof content === "object") return content.map(markupOf).join("");
  return escapeText(String(content));
}
