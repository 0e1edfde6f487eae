/** Property paths as answers repeat them. */
import type { XmlElement } from "../soap/xml-reader.ts";
import { element } from "../soap/xml-writer.ts";

/**
 * Writes a path as the request spelled it, for the `MessageXml` of a refusal.
 *
 * @param path - `FieldURI`, `IndexedFieldURI`, `ExtendedFieldURI` or `ExceptionFieldURI`
 * @returns XML
 */
export function repeatPath(path: XmlElement): string {
  return element(`t:${path.name}`, "", Object.fromEntries(path.attributes));
}
