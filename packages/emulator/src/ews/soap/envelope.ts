/**
 * The SOAP 1.1 envelope: read once for every operation, written once around every answer.
 *
 * @see https://www.w3.org/TR/2000/NOTE-SOAP-20000508/
 */
import type { EmulatorResponse } from "../../host/http.ts";
import { RESPONSE_CODES } from "../response-codes.ts";
import { MESSAGES_NAMESPACE, TYPES_NAMESPACE } from "../schema/model.ts";
import { isDeclared, validate } from "../schema/validate.ts";
import { EwsFault, type EwsFaultOptions } from "./ews-fault.ts";
import { type XmlElement, XmlFault } from "./xml-reader.ts";
import { type Attributes, element, escapeText, text } from "./xml-writer.ts";

/** Namespace of the envelope. */
const SOAP_NAMESPACE = "http://schemas.xmlsoap.org/soap/envelope/";
const ERRORS_NAMESPACE = "http://schemas.microsoft.com/exchange/services/2006/errors";
const SERVER_VERSION = `<h:ServerVersionInfo xmlns:h="${TYPES_NAMESPACE}" MajorVersion="15" MinorVersion="20" MajorBuildNumber="9073" MinorBuildNumber="14" Version="V2018_01_08"/>`;

/** An envelope taken apart. */
export interface Envelope {
  /** Header blocks by local name, those of the types namespace only. */
  readonly headers: ReadonlyMap<string, XmlElement>;
  /** The one element of the body. */
  readonly body: XmlElement;
}

/** A fault of SOAP itself, outside Exchange's own codes. */
export class SoapFault extends Error {
  readonly faultCode: "VersionMismatch" | "MustUnderstand" | "Client";

  constructor(faultCode: SoapFault["faultCode"], message: string) {
    super(message);
    this.faultCode = faultCode;
  }
}

/**
 * Takes an envelope apart and checks its headers.
 *
 * @param root - root element of the request
 * @returns headers and the element of the operation
 * @throws {SoapFault} when it is no SOAP 1.1 envelope
 * @throws {XmlFault} when a header breaks the schema
 */
export function readEnvelope(root: XmlElement): Envelope {
  if (root.name !== "Envelope")
    throw new SoapFault("Client", `The root element of the message must be Envelope, not '${root.name}'.`);
  if (root.namespace !== SOAP_NAMESPACE)
    throw new SoapFault(
      "VersionMismatch",
      `Envelope Version '${root.namespace}' is not supported: only SOAP 1.1 ('${SOAP_NAMESPACE}') is.`,
    );
  const parts = root.children.filter(({ namespace }) => namespace === SOAP_NAMESPACE);
  const bodies = parts.filter(({ name }) => name === "Body");
  const operation = bodies[0]?.children[0];
  if (bodies.length !== 1 || operation === undefined || bodies[0]?.children.length !== 1)
    throw new SoapFault("Client", "The message must have one Body with one element.");
  return { headers: readHeaders(parts.find(({ name }) => name === "Header")), body: operation };
}

function readHeaders(header: XmlElement | undefined): ReadonlyMap<string, XmlElement> {
  const headers = new Map<string, XmlElement>();
  for (const block of header?.children ?? []) {
    if (block.namespace === TYPES_NAMESPACE && isDeclared(block)) {
      if (block.name !== "RequestServerVersion") validate(block);
      headers.set(block.name, block);
    } else if (/^(1|true)$/.test(block.foreignAttributes.get(`{${SOAP_NAMESPACE}}mustUnderstand`) ?? ""))
      throw new SoapFault(
        "MustUnderstand",
        `The header '${block.name}' from the namespace '${block.namespace}' was not understood by the recipient of this message.`,
      );
  }
  return headers;
}

/**
 * Puts an answer into its envelope.
 *
 * @param operation - name of the operation
 * @param content - finished XML of the answer
 * @param attributes - of the element of the answer
 * @returns the answer, status 200
 */
export function writeAnswer(
  operation: string,
  content: string,
  attributes: Attributes = {},
): EmulatorResponse {
  const answer = writeAnswerElement(operation, content, attributes);
  return {
    status: 200,
    headers: { "Content-Type": "text/xml; charset=utf-8" },
    body: `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${SOAP_NAMESPACE}"><s:Header>${SERVER_VERSION}</s:Header><s:Body xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">${answer}</s:Body></s:Envelope>`,
  };
}

/**
 * Puts an answer that goes on into its envelopes, one for each content, spelled as the service spells these: without XML
 * declaration, which clients take for broken inside of a stream, and in the default namespace, because others cut the
 * stream where `</Envelope>` stands.
 *
 * @param operation - name of the operation
 * @param answer - contents
 * @returns the answer, status 200
 * @see https://github.com/nmarus/node-ews/issues/48
 */
export function writeStreamedAnswer(
  operation: string,
  { first, rest }: { readonly first: string; readonly rest: (signal: AbortSignal) => AsyncIterable<string> },
): EmulatorResponse {
  const write = (content: string): string => {
    const answer = writeAnswerElement(operation, content, {});
    return `<Envelope xmlns="${SOAP_NAMESPACE}"><soap11:Header xmlns:soap11="${SOAP_NAMESPACE}">${SERVER_VERSION}</soap11:Header><soap11:Body xmlns:soap11="${SOAP_NAMESPACE}">${answer}</soap11:Body></Envelope>`;
  };
  return {
    status: 200,
    headers: { "Content-Type": "text/xml; charset=utf-8" },
    body: write(first),
    stream: async function* (signal) {
      for await (const content of rest(signal)) yield write(content);
    },
  };
}

function writeAnswerElement(operation: string, content: string, attributes: Attributes): string {
  return element(`m:${operation}Response`, content, {
    "xmlns:m": MESSAGES_NAMESPACE,
    "xmlns:t": TYPES_NAMESPACE,
    ...attributes,
  });
}

/**
 * Turns what was thrown into a SOAP fault.
 *
 * @param error - of a reader, an operation, or anything else
 * @returns the answer, status 500; `undefined` when the error is none that a caller may see
 */
export function writeFault(error: unknown): EmulatorResponse | undefined {
  if (error instanceof XmlFault) return faultEnvelope(schemaFault(error));
  if (error instanceof EwsFault) return faultEnvelope(exchangeFault(error));
  if (error instanceof SoapFault)
    return faultEnvelope(
      `<faultcode>s:${error.faultCode}</faultcode><faultstring xml:lang="en-US">${escapeText(error.message)}</faultstring>`,
    );
  return undefined;
}

/**
 * Writes `MessageXml`.
 *
 * @param options - of a fault
 * @returns finished XML of its content
 */
export function messageValues({ values, messageXml }: EwsFaultOptions): string {
  const named = Object.entries(values ?? {}).map(([name, value]) => text("t:Value", value, { Name: name }));
  return named.join("") + (messageXml ?? "");
}

function schemaFault({ message, line, position }: XmlFault): string {
  const violation = message.endsWith(".") ? message : `${message}. Line ${line}, position ${position}.`;
  return exchangeFault(
    new EwsFault("ErrorSchemaValidation", {
      violation: `The request failed schema validation: ${violation}`,
      messageXml:
        text("t:LineNumber", line) + text("t:LinePosition", position) + text("t:Violation", violation),
    }),
  );
}

function exchangeFault({ code, message, options }: EwsFault): string {
  const values = messageValues(options);
  const faultString = options.violation ?? message;
  return [
    `<faultcode xmlns:a="${TYPES_NAMESPACE}">a:${code}</faultcode>`,
    `<faultstring xml:lang="en-US">${escapeText(faultString)}</faultstring>`,
    "<detail>",
    `<e:ResponseCode xmlns:e="${ERRORS_NAMESPACE}">${code}</e:ResponseCode>`,
    `<e:Message xmlns:e="${ERRORS_NAMESPACE}">${escapeText(message || RESPONSE_CODES[code])}</e:Message>`,
    values === "" ? "" : element("t:MessageXml", values, { "xmlns:t": TYPES_NAMESPACE }),
    "</detail>",
  ].join("");
}

function faultEnvelope(content: string): EmulatorResponse {
  return {
    status: 500,
    headers: { "Content-Type": "text/xml; charset=utf-8" },
    body: `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${SOAP_NAMESPACE}"><s:Body><s:Fault>${content}</s:Fault></s:Body></s:Envelope>`,
  };
}
