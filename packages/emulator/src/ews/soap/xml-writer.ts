/**
 * Writes XML. Content is handed on as finished XML; only {@link text} and attributes take what others wrote, and
 * escape it. Elements stand in the order in which the caller gives them, which is the order of the schema.
 */

/** Attributes by name; absent ones are left out. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

// XML 1.0 §2.2 has no way to write other characters, escaped or not.
const UNWRITABLE =
  /[^\t\n\r\u0020-\ufffd]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
/** Most texts need nothing: this looks at each character once. */
const NEEDS_CARE = /[^\t\n\u0020-\u0025\u0027-\u003b=\u003f-\ud7ff\ue000-\ufffd]/;
const NEEDS_CARE_IN_ATTRIBUTES = /[^\u0020\u0021\u0023-\u0025\u0027-\u003b=\u003f-\ud7ff\ue000-\ufffd]/;
const SPECIAL = /[&<>\r]/g;
const SPECIAL_IN_ATTRIBUTES = /[&<>"\r\n\t]/g;
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#xD;",
  "\n": "&#xA;",
  "\t": "&#x9;",
};

/**
 * Writes an element.
 *
 * @param name - with its prefix
 * @param content - finished XML
 * @param attributes - values are escaped
 * @returns XML
 */
export function element(name: string, content: string, attributes?: Attributes): string {
  const start = attributes === undefined ? name : name + writeAttributes(attributes);
  return content === "" ? `<${start}/>` : `<${start}>${content}</${name}>`;
}

/**
 * Writes an element that holds text.
 *
 * @param name - with its prefix
 * @param value - anything; it is escaped, and what XML cannot say becomes U+FFFD
 * @param attributes - values are escaped
 * @returns XML
 */
export function text(name: string, value: string | number | boolean, attributes?: Attributes): string {
  return element(name, typeof value === "string" ? escapeText(value) : String(value), attributes);
}

/**
 * Escapes text between tags.
 *
 * @param value - anything
 * @returns XML
 */
export function escapeText(value: string): string {
  if (!NEEDS_CARE.test(value)) return value;
  return value.replace(UNWRITABLE, "\ufffd").replace(SPECIAL, (character) => ENTITIES[character] ?? "");
}

/**
 * Escapes the value of an attribute.
 *
 * @param value - anything
 * @returns XML, to stand between double quotes
 */
export function escapeAttribute(value: string): string {
  if (!NEEDS_CARE_IN_ATTRIBUTES.test(value)) return value;
  return value
    .replace(UNWRITABLE, "\ufffd")
    .replace(SPECIAL_IN_ATTRIBUTES, (character) => ENTITIES[character] ?? "");
}

function writeAttributes(attributes: Attributes): string {
  let written = "";
  for (const name in attributes) {
    const value = attributes[name];
    if (value !== undefined) written += ` ${name}="${escapeAttribute(String(value))}"`;
  }
  return written;
}
