/**
 * The SOAP 1.1 envelope of an answer. Loaded with the first answer, and the XML parser with it, so that a program that
 * only imports the wing does not pay for them.
 */
import { childOf, type ReadXmlOptions, textOf, UnreadableXml, type XmlElement } from "./xml-element.ts";
import { readXml } from "./xml-reader.ts";

/** A SOAP fault: the server has not even looked at the operation, or fell over it. */
export interface SoapFault {
  /** Without prefix: `ErrorServerBusy`. */
  readonly faultCode: string;
  readonly faultText: string;
  readonly detail: XmlElement | undefined;
}

/** An answer that was read. */
export interface Envelope {
  /** The one element of the body; `undefined` for a fault. */
  readonly content: XmlElement | undefined;
  readonly fault: SoapFault | undefined;
  /** Build of the server, for example `15.20.8293.19`. */
  readonly serverVersion: string | undefined;
}

/**
 * Reads an answer.
 *
 * @param body - the document, UTF-8
 * @param options - elements to hand out while reading
 * @returns what it holds
 * @throws {UnreadableXml} when it is no SOAP 1.1 envelope with one element in its body
 */
export function readEnvelope(body: Uint8Array, options?: ReadXmlOptions): Envelope {
  return envelopeOf(readXml(body, options));
}

/**
 * Takes a document that was read for an answer.
 *
 * @param root - its root element
 * @returns what it holds
 * @throws {UnreadableXml} as {@link readEnvelope}
 */
export function envelopeOf(root: XmlElement): Envelope {
  const soapBody = root.name === "s:Envelope" ? childOf(root, "s:Body") : undefined;
  const content = soapBody?.children[0];
  if (content === undefined || soapBody?.children.length !== 1) throw new UnreadableXml("no SOAP body");
  const fault = content.name === "s:Fault" ? readFault(content) : undefined;
  return {
    content: fault === undefined ? content : undefined,
    fault,
    serverVersion: readServerVersion(childOf(root, "s:Header")),
  };
}

function readFault(element: XmlElement): SoapFault {
  const faultCode = textOf(element, "faultcode")?.trim() ?? "";
  return {
    faultCode: faultCode.slice(faultCode.indexOf(":") + 1),
    faultText: textOf(element, "faultstring") ?? "",
    detail: childOf(element, "detail"),
  };
}

function readServerVersion(header: XmlElement | undefined): string | undefined {
  const { attributes } = childOf(header, "t:ServerVersionInfo") ?? {};
  if (attributes === undefined) return undefined;
  const names = ["MajorVersion", "MinorVersion", "MajorBuildNumber", "MinorBuildNumber"];
  return names.map((name) => attributes[name] ?? "0").join(".");
}
