/**
 * The SOAP 1.1 envelope: what every question carries, and what every answer comes in.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/requestserverversion
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/exchangeimpersonation
 */
import {
  childOf,
  type ReadXmlOptions,
  readXml,
  textOf,
  UnreadableXml,
  type XmlElement,
} from "./xml-reader.ts";
import { type Xml, xml } from "./xml-writer.ts";

const NAMESPACES = {
  "xmlns:s": "http://schemas.xmlsoap.org/soap/envelope/",
  "xmlns:t": "http://schemas.microsoft.com/exchange/services/2006/types",
  "xmlns:m": "http://schemas.microsoft.com/exchange/services/2006/messages",
} as const;

/** Which member of `t:ConnectingSID` names the mailbox. */
export type ImpersonateBy = "SmtpAddress" | "PrimarySmtpAddress" | "PrincipalName" | "SID";

/** What stands in the header of a question. */
export interface EnvelopeHeader {
  /** `Exchange2013_SP1` and others. */
  readonly serverVersion: string;
  /** Mailbox to act as; nobody when absent. */
  readonly impersonated?: { readonly by: ImpersonateBy; readonly mailbox: string } | undefined;
}

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
 * Writes a question.
 *
 * @param header - version and mailbox
 * @param operation - element of the operation
 * @returns the document
 */
export function writeEnvelope(header: EnvelopeHeader, operation: Xml): string {
  const { serverVersion, impersonated } = header;
  const envelope = xml(
    "s:Envelope",
    NAMESPACES,
    xml(
      "s:Header",
      {},
      xml("t:RequestServerVersion", { Version: serverVersion }),
      impersonated === undefined
        ? undefined
        : xml(
            "t:ExchangeImpersonation",
            {},
            xml("t:ConnectingSID", {}, xml(`t:${impersonated.by}`, {}, impersonated.mailbox)),
          ),
    ),
    xml("s:Body", {}, operation),
  );
  return `<?xml version="1.0" encoding="utf-8"?>${envelope.markup}`;
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
  const root = readXml(body, options);
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
