/**
 * What an answer means for repeating: EWS says by SOAP what others say by status. A busy server answers 200 or 500
 * with a response code and a time to wait in its body; a refusal for good comes as 500, too.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/exchange-web-services/ews-throttling-in-exchange
 */
import type { HttpResponse } from "@nightlatch/oauth";
import { type Envelope, readEnvelope } from "./answer.ts";
import { BUSY_CODES, TRANSIENT_CODES } from "./response-codes.ts";
import { backOffMs, type ResponseMessage, readFaultMessage, readMessages } from "./response-message.ts";
import { type ReadXmlOptions, UnreadableXml } from "./xml-element.ts";

/** Elements that fill answers and say nothing of success. */
const ITEMS: ReadonlySet<string> = new Set([
  "m:RootFolder",
  "m:Items",
  "m:Changes",
  "t:CalendarItem",
  "t:Create",
  "t:Update",
  "t:Delete",
]);

/** An answer under the status that says what its body says. */
export interface SettledResponse extends HttpResponse {
  /** As it arrived. */
  readonly received: HttpResponse;
  /**
   * Reads it as SOAP.
   *
   * @throws {UnreadableXml} when it is none
   */
  read(options: ReadXmlOptions): Envelope;
}

/**
 * Gives an answer the status by which it is repeated or not: 429 with `Retry-After` when the server is busy, 503 when
 * it failed for now, 200 when its SOAP is final.
 *
 * @param received - as it arrived
 * @returns the same answer under that status
 */
export function settle(received: HttpResponse): SettledResponse {
  const { status, headers } = received;
  if ((status !== 200 && status !== 500) || !mayHoldError(received)) return as(received, status, headers);
  const messages = messagesOf(received.body);
  if (messages === undefined) return as(received, status, headers);
  const busy = messages.find(({ responseCode }) => BUSY_CODES.has(responseCode));
  if (busy !== undefined) {
    const waitMs = backOffMs(busy);
    const retryAfter = waitMs === undefined ? {} : { "retry-after": String(waitMs / 1000) };
    return as(received, 429, { ...headers, ...retryAfter });
  }
  const isTransient = messages.some(({ responseCode }) => TRANSIENT_CODES.has(responseCode));
  return as(received, isTransient ? 503 : 200, headers);
}

/** Whole answers are read twice only where one of their messages is an error. */
function mayHoldError({ body, status }: HttpResponse): boolean {
  if (status !== 200) return true;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return bytes.includes('="Error"') || bytes.includes("='Error'") || bytes.includes("Fault>");
}

function messagesOf(body: Uint8Array): readonly ResponseMessage[] | undefined {
  try {
    const { content, fault } = readEnvelope(body, { streamed: ITEMS });
    if (fault !== undefined) return [readFaultMessage(fault)];
    return content === undefined ? undefined : readMessages(content);
  } catch (error) {
    if (error instanceof UnreadableXml) return undefined;
    throw error;
  }
}

function as(
  received: HttpResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
): SettledResponse {
  return {
    status,
    headers,
    received,
    read: (options) => readEnvelope(received.body, options),
    body: received.body,
    text: () => received.text(),
    json: () => received.json(),
  };
}
