/** XML that was read, as a tree; apart from the reader, whose parser is loaded with the first answer. */

/** One element as it arrived. */
export interface XmlElement {
  /** Local name with a prefix of ours for the namespace: `t:Subject`, `m:ResponseCode`; none without namespace. */
  readonly name: string;
  /** Values of the attributes without namespace, by name. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Child elements in order, without those that were handed out. */
  readonly children: readonly XmlElement[];
  /** Text directly in it. */
  readonly text: string;
}

/** What is done with elements while a document is read. */
export interface ReadXmlOptions {
  /** Names of elements to hand out, for example `t:CalendarItem`. */
  readonly streamed?: ReadonlySet<string> | undefined;
  /** Called with each of them, in order. */
  readonly onElement?: ((element: XmlElement) => void) | undefined;
}

/** The document is not XML, or none that a service sends. */
export class UnreadableXml extends Error {
  override readonly name = "UnreadableXml";
}

/**
 * Finds a child.
 *
 * @param element - where to look; `undefined` gives `undefined`
 * @param name - name with our prefix
 * @returns the first child of that name
 */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

/**
 * Reads the text of a child.
 *
 * @param element - where to look
 * @param name - name with our prefix
 * @returns its text; `undefined` when there is no such child
 */
export function textOf(element: XmlElement | undefined, name: string): string | undefined {
  return childOf(element, name)?.text;
}
