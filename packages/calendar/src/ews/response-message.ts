/**
 * One response message: success, warning or error of one thing that was asked.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsemessages
 */
import type { SoapFault } from "./answer.ts";
import { childOf, textOf, type XmlElement } from "./xml-element.ts";

/** What a server says of one thing that was asked. */
export interface ResponseMessage {
  readonly isError: boolean;
  /** `NoError`, `ErrorItemNotFound`, …. */
  readonly responseCode: string;
  readonly messageText: string | undefined;
  /** Facts that come with an error, by name: `BackOffMilliseconds`, `Violation`, `LineNumber`. */
  readonly values: Readonly<Record<string, string>>;
  /** The whole message. */
  readonly element: XmlElement;
}

/**
 * Reads the messages of an answer.
 *
 * @param content - `m:…Response`
 * @returns its messages in the order of what was asked
 */
export function readMessages(content: XmlElement): readonly ResponseMessage[] {
  return (childOf(content, "m:ResponseMessages")?.children ?? []).map(readMessage);
}

function readMessage(element: XmlElement): ResponseMessage {
  return {
    // A warning comes with an answer of half a batch: "not processed because of an earlier error".
    isError: element.attributes["ResponseClass"] !== "Success",
    responseCode: textOf(element, "m:ResponseCode") ?? "",
    messageText: textOf(element, "m:MessageText"),
    values: readValues(childOf(element, "m:MessageXml")),
    element,
  };
}

/**
 * Reads a fault as a message.
 *
 * @param fault - the fault
 * @returns what it says
 */
export function readFaultMessage(fault: SoapFault): ResponseMessage {
  const { detail, faultCode, faultText } = fault;
  return {
    isError: true,
    responseCode: textOf(detail, "e:ResponseCode") ?? faultCode,
    messageText: textOf(detail, "e:Message") ?? faultText,
    values: readValues(childOf(detail, "t:MessageXml")),
    element: detail ?? { name: "detail", attributes: {}, children: [], text: "" },
  };
}

/** Both forms: `<t:Value Name="BackOffMilliseconds">…` and `<t:LineNumber>…`. */
function readValues(messageXml: XmlElement | undefined): Readonly<Record<string, string>> {
  const values: Record<string, string> = Object.create(null);
  for (const { name, attributes, text } of messageXml?.children ?? []) {
    values[attributes["Name"] ?? name.slice(name.indexOf(":") + 1)] = text;
  }
  return values;
}

/**
 * Reads how long a server asks to wait.
 *
 * @param message - a message or fault
 * @returns milliseconds; `undefined` when it does not say
 */
export function backOffMs(message: ResponseMessage): number | undefined {
  const value = Number(message.values["BackOffMilliseconds"] ?? Number.NaN);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
