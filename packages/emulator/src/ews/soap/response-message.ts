/** Response messages: one for each item of a batch, a success or an error of its own. */
import { RESPONSE_CODES, type ResponseCode } from "../response-codes.ts";
import { messageValues } from "./envelope.ts";
import { EwsFault } from "./ews-fault.ts";
import { type Attributes, element, text } from "./xml-writer.ts";

/** An answer that is a message itself instead of a list of them. */
export interface RootMessage {
  /** Of the element of the answer. */
  readonly attributes: Attributes;
  /** Finished XML. */
  readonly content: string;
}

/**
 * Writes the message of something that was done.
 *
 * @param name - element of the message, without prefix
 * @param content - finished XML behind the response code
 * @returns XML
 */
export function success(name: string, content: string): string {
  return `<m:${name} ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>${content}</m:${name}>`;
}

/**
 * Writes the message of something that was done, but not as the caller may think.
 *
 * @param name - element of the message, without prefix
 * @param code - what to know
 * @param content - finished XML behind the response code
 * @returns XML
 */
export function warning(name: string, code: ResponseCode, content: string): string {
  const message = text("m:MessageText", RESPONSE_CODES[code]) + text("m:ResponseCode", code);
  return element(`m:${name}`, `${message}<m:DescriptiveLinkKey>0</m:DescriptiveLinkKey>${content}`, {
    ResponseClass: "Warning",
  });
}

/**
 * Writes the message of something that was refused.
 *
 * @param name - element of the message, without prefix
 * @param fault - why
 * @param content - finished XML that the schema wants all the same
 * @returns XML
 */
export function failure(name: string, fault: EwsFault, content = ""): string {
  return element(`m:${name}`, writeRefusal(fault) + content, { ResponseClass: "Error" });
}

/**
 * Makes an answer of something that was done.
 *
 * @param content - finished XML behind the response code
 * @returns the answer
 */
export function succeedAsRoot(content: string): RootMessage {
  return {
    attributes: { ResponseClass: "Success" },
    content: `<m:ResponseCode>NoError</m:ResponseCode>${content}`,
  };
}

/**
 * Makes an answer of something that was refused.
 *
 * @param fault - why
 * @returns the answer
 */
export function failAsRoot(fault: EwsFault): RootMessage {
  return { attributes: { ResponseClass: "Error" }, content: writeRefusal(fault) };
}

function writeRefusal({ message, code, options }: EwsFault): string {
  const values = messageValues(options);
  return [
    text("m:MessageText", message),
    text("m:ResponseCode", code),
    "<m:DescriptiveLinkKey>0</m:DescriptiveLinkKey>",
    values === "" ? "" : element("m:MessageXml", values),
  ].join("");
}

/**
 * Answers a batch: what fails for one item stays with that item.
 *
 * @param name - element of each message, without prefix
 * @param items - what to go through
 * @param run - gives the finished XML behind the response code
 * @param emptyContent - XML that the schema wants in messages of refusals
 * @returns XML of `ResponseMessages`
 */
export function respondEach<T>(
  name: string,
  items: readonly T[],
  run: (item: T) => string,
  emptyContent = "",
): string {
  const messages = items.map((item) => {
    try {
      return success(name, run(item));
    } catch (error) {
      if (error instanceof EwsFault) return failure(name, error, emptyContent);
      throw error;
    }
  });
  return element("m:ResponseMessages", messages.join(""));
}
