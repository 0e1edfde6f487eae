/**
 * What an answer means for repeating: EWS says by SOAP what others say by status. A busy server answers 200 or 500
 * with a response code and a time to wait in its body; a refusal for good comes as 500, too.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/exchange-web-services/ews-throttling-in-exchange
 */
import type { HttpResponse } from "@nightlatch/oauth";
import { type Envelope, envelopeOf, readEnvelope } from "./answer.ts";
import { BUSY_CODES, TRANSIENT_CODES } from "./response-codes.ts";
import { backOffMs, type ResponseMessage, readFaultMessage, readMessages } from "./response-message.ts";
import { type ReadXmlOptions, UnreadableXml } from "./xml-element.ts";
import { XmlReader } from "./xml-reader.ts";

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
  const read = (options: ReadXmlOptions): Envelope => readEnvelope(received.body, options);
  const isFinal = (status !== 200 && status !== 500) || !mayHoldError(received);
  const messages = isFinal ? undefined : messagesOf(() => read({ streamed: ITEMS }));
  return messages === undefined
    ? as(received, status, headers, read)
    : underMeaning(received, messages, read);
}

/**
 * As {@link settle}, for an answer that was read while it arrived.
 *
 * @param received - as it arrived; its body, when a transport gives it whole, is read now
 * @param reader - who read it
 * @returns the same answer under the status that it means
 */
export function settleRead(received: HttpResponse, reader: AnswerReader): SettledResponse {
  if (received.status !== 200) return settle(received);
  reader.write(received.body);
  const read = (): Envelope => reader.envelope();
  const messages = messagesOf(() => reader.document());
  return messages === undefined
    ? as(received, received.status, received.headers, read)
    : underMeaning(received, messages, read);
}

/** Reads an answer part by part, and keeps what goes wrong until somebody asks for the whole. */
export class AnswerReader {
  readonly #reader: XmlReader;
  #document: Envelope | undefined;
  /** Of the document. */
  #failure: unknown;
  /** Of the one who takes its elements. */
  #rejection: unknown;

  /** @param options - elements to hand out while reading */
  constructor({ streamed, onElement }: ReadXmlOptions) {
    this.#reader = new XmlReader({
      streamed,
      onElement: (element) => {
        if (this.#rejection !== undefined) return;
        try {
          onElement?.(element);
        } catch (error) {
          this.#rejection = error;
        }
      },
    });
  }

  /** @param part - the next bytes */
  write(part: Uint8Array): void {
    if (this.#failure !== undefined) return;
    try {
      this.#reader.write(part);
    } catch (error) {
      this.#failure = error;
    }
  }

  /**
   * @returns the answer, without the elements that were handed out
   * @throws {UnreadableXml} when it is none
   */
  document(): Envelope {
    if (this.#document !== undefined) return this.#document;
    if (this.#failure === undefined) {
      try {
        this.#document = envelopeOf(this.#reader.end());
        return this.#document;
      } catch (error) {
        this.#failure = error;
      }
    }
    throw this.#failure;
  }

  /**
   * @returns the answer, when its elements were taken
   * @throws {UnreadableXml} when it is none
   * @throws what the one who takes the elements threw first
   */
  envelope(): Envelope {
    const document = this.document();
    if (this.#rejection !== undefined) throw this.#rejection;
    return document;
  }
}

function underMeaning(
  received: HttpResponse,
  messages: readonly ResponseMessage[],
  read: SettledResponse["read"],
): SettledResponse {
  const { headers } = received;
  const busy = messages.find(({ responseCode }) => BUSY_CODES.has(responseCode));
  if (busy !== undefined) {
    const waitMs = backOffMs(busy);
    const retryAfter = waitMs === undefined ? {} : { "retry-after": String(waitMs / 1000) };
    return as(received, 429, { ...headers, ...retryAfter }, read);
  }
  const isTransient = messages.some(({ responseCode }) => TRANSIENT_CODES.has(responseCode));
  return as(received, isTransient ? 503 : 200, headers, read);
}

/** Whole answers are read twice only where one of their messages is an error. */
function mayHoldError({ body, status }: HttpResponse): boolean {
  if (status !== 200) return true;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return bytes.includes('="Error"') || bytes.includes("='Error'") || bytes.includes("Fault>");
}

function messagesOf(read: () => Envelope): readonly ResponseMessage[] | undefined {
  try {
    const { content, fault } = read();
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
  read: SettledResponse["read"],
): SettledResponse {
  return {
    status,
    headers,
    received,
    read,
    body: received.body,
    text: () => received.text(),
    json: () => received.json(),
  };
}
