/**
 * One question to EWS: envelope, headers, room to send, repetition, and an answer that is read or an error.
 *
 * The rules are: every request names its mailbox twice, by `X-AnchorMailbox` for the way and by impersonation for the
 * rights; an answer is what its SOAP says, whatever its status; a create is never sent again once it may have
 * arrived, because EWS has no way to tell the second from the first; credentials go to the endpoint and nowhere else.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/exchange-web-services/impersonation-and-ews-in-exchange
 */
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { isNightlatchError } from "@nightlatch/credential";
import {
  correlationHeaders,
  type HttpRequest,
  parseClaimsChallenge,
  type RetryPolicy,
  sendWithRetry,
  type Transport,
} from "@nightlatch/oauth";
import { calendarError } from "../errors.ts";
import { Gate, MailboxGates } from "../gate.ts";
import type { Envelope } from "./answer.ts";
import type { EwsAuthenticator } from "./authenticator.ts";
import { type EnvelopeHeader, type ImpersonateBy, writeEnvelope } from "./envelope.ts";
import { type Answered, type Asked, answerDetails, messageError, statusError } from "./refusal.ts";
import { type ResponseMessage, readFaultMessage, readMessages } from "./response-message.ts";
import type { AnswerReader, SettledResponse } from "./settled-response.ts";
import { type ReadXmlOptions, UnreadableXml, type XmlElement } from "./xml-element.ts";
import type { Xml } from "./xml-writer.ts";

/** Bounds of the retries; the wing decides itself what may be repeated. */
export type EwsRetryOptions = Pick<
  RetryPolicy,
  "maxAttempts" | "deadlineMs" | "baseDelayMs" | "maxDelayMs" | "onRetry" | "nowMs" | "sleep" | "random"
>;

/** What a service is made of. */
export interface EwsServiceOptions {
  readonly authenticate: EwsAuthenticator;
  readonly transport: Transport;
  readonly endpoint: string;
  readonly serverVersion: string;
  /** Which name of the mailbox to act under; nobody's when `undefined`. */
  readonly impersonateBy: ImpersonateBy | undefined;
  readonly maxConcurrency: number;
  readonly maxConcurrencyPerMailbox: number;
  readonly retry: EwsRetryOptions;
}

/** One question. */
export interface EwsCall extends ReadXmlOptions {
  /** What is tried, as words that follow "Cannot". */
  readonly act: string;
  readonly mailbox: string;
  /** Operation as the reference names it, for example `FindItem`. */
  readonly operation: string;
  /** Element of the operation, for example `m:FindItem`. */
  readonly content: Xml;
  /** Whether it reads, writes so that twice is the same as once, or makes something new each time. */
  readonly effect: "read" | "change" | "create";
  /** Called before each attempt: elements that were handed out before count for nothing. */
  readonly onAttempt?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An answer whose SOAP was read; each message may still be an error. */
export interface EwsAnswer {
  /** Element of the answer, for example `m:FindItemResponse`. */
  readonly content: XmlElement;
  readonly messages: readonly ResponseMessage[];
  /** Whether an earlier attempt may have been carried out without our knowing. */
  readonly lostBefore: boolean;
  /** Makes the error that a message is. */
  readonly refuse: (message: ResponseMessage) => Error;
  /** Makes the error of an answer that lacks what it should hold; `what` follows "the answer". */
  readonly unreadable: (what: string, cause?: unknown) => Error;
}

/** What happened to the attempts of one call. */
interface Attempts {
  lost: boolean;
  last: "answered" | "lost" | "not sent";
}

/** After a lost answer these may be our own doing. */
const OWN_DOING: ReadonlySet<string> = new Set([
  "CALENDAR_CONFLICT",
  "CALENDAR_NAME_TAKEN",
  "CALENDAR_THROTTLED",
]);

/** Speaks with one EWS endpoint. */
export class EwsService {
  readonly #options: EwsServiceOptions;
  readonly #mailboxes: MailboxGates;
  readonly #gate: Gate;

  constructor(options: EwsServiceOptions) {
    this.#options = options;
    this.#mailboxes = new MailboxGates(options.maxConcurrencyPerMailbox);
    this.#gate = new Gate(options.maxConcurrency);
  }

  /** Whether questions act as the mailbox; folders have to name it when they do not. */
  get isImpersonating(): boolean {
    return this.#options.impersonateBy !== undefined;
  }

  /**
   * Asks and waits for the answer.
   *
   * @param call - the question
   * @returns the answer, which may hold errors of single messages
   * @throws {NightlatchError} `CALENDAR_…` by cause when there is no answer or it is a fault; errors of the
   *   authenticator as they come
   * @throws the reason of the signal when it fires
   */
  async ask(call: EwsCall): Promise<EwsAnswer> {
    const asked = { act: call.act, mailbox: call.mailbox, clientRequestId: randomUUID() };
    const attempts: Attempts = { lost: false, last: "not sent" };
    // The mailbox stays taken while a throttled request waits, so that its other requests wait as well; the
    // room in all is given back, so that one slow mailbox does not hold up the rest.
    const response = await this.#mailboxes.run(
      call.mailbox,
      () => this.#exchange(call, asked, attempts),
      call.signal,
    );
    return this.#read(response, call, asked, attempts);
  }

  async #exchange(call: EwsCall, asked: Asked, attempts: Attempts): Promise<SettledResponse> {
    const { endpoint } = this.#options;
    const request: HttpRequest = {
      method: "POST",
      url: endpoint,
      headers: {
        "content-type": "text/xml; charset=utf-8",
        accept: "text/xml",
        "x-anchormailbox": headerText(call.mailbox),
        ...correlationHeaders(asked.clientRequestId),
      },
      body: writeEnvelope(this.#header(call.mailbox), call.content),
      signal: call.signal,
    };
    const response = await this.#send(request, call, asked, attempts, undefined);
    const claims =
      response.status === 401 ? parseClaimsChallenge(response.headers["www-authenticate"]) : undefined;
    return claims === undefined ? response : this.#send(request, call, asked, attempts, claims);
  }

  async #send(
    request: HttpRequest,
    call: EwsCall,
    asked: Asked,
    attempts: Attempts,
    claims: string | undefined,
  ): Promise<SettledResponse> {
    const credentials = await this.#authenticate(call, claims);
    const authorized = { ...request, headers: { ...request.headers, ...credentials } };
    try {
      const response = await sendWithRetry(this.#watched(call, attempts), authorized, this.#policy(call));
      return response as SettledResponse;
    } catch (cause) {
      call.signal?.throwIfAborted();
      throw networkFailure(cause, call, asked, attempts);
    }
  }

  async #authenticate(
    { mailbox, signal }: EwsCall,
    claims: string | undefined,
  ): Promise<Readonly<Record<string, string>>> {
    signal?.throwIfAborted();
    try {
      return await this.#options.authenticate({ url: this.#options.endpoint, mailbox, claims, signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  }

  #header(mailbox: string): EnvelopeHeader {
    const { serverVersion, impersonateBy } = this.#options;
    if (impersonateBy === undefined) return { serverVersion };
    const by = /^S-1-[\d-]+$/.test(mailbox) ? "SID" : impersonateBy;
    return { serverVersion, impersonated: { by, mailbox } };
  }

  /** The transport, taking room for each attempt and noting what became of it. */
  #watched(call: EwsCall, attempts: Attempts): Transport {
    return {
      send: (request) =>
        this.#gate.run(async () => {
          attempts.lost ||= attempts.last === "lost";
          attempts.last = "lost";
          try {
            const response = await exchangeOnce(this.#options.transport, request, call);
            attempts.last = isAnswered(response.status) ? "answered" : "lost";
            return response;
          } catch (error) {
            if (isNightlatchError(error) && error.details["answerLost"] === false) attempts.last = "not sent";
            throw error;
          }
        }, request.signal),
      close: () => undefined,
    };
  }

  #policy(call: EwsCall): RetryPolicy {
    const { retry } = this.#options;
    const { sleep = sleepUntil } = retry;
    return { ...retry, sleep, repeatable: () => call.effect !== "create" };
  }

  #read(settled: SettledResponse, call: EwsCall, asked: Asked, attempts: Attempts): EwsAnswer {
    const response = settled.received;
    if (response.status !== 200 && response.status !== 500) {
      throw this.#failure(statusError(response, asked, this.#nowMs()), call, attempts);
    }
    const unreadable = (what: string, cause?: unknown): Error =>
      unreadableAnswer({ response }, call, asked, what, cause);
    const envelope = readOrThrow(call, settled, (cause) => {
      if (response.status !== 200) {
        return this.#failure(statusError(response, asked, this.#nowMs()), call, attempts);
      }
      return unreadable(
        cause instanceof UnreadableXml
          ? `is not SOAP: ${cause.message}`
          : `cannot be understood: ${cause.message}`,
        cause,
      );
    });
    const { content, fault, serverVersion } = envelope;
    const answered: Answered = { response, serverVersion, isFault: fault !== undefined };
    const refuse = (message: ResponseMessage): Error =>
      this.#failure(messageError(message, asked, answered), call, attempts);
    if (fault !== undefined) throw refuse(readFaultMessage(fault));
    if (content?.name !== `m:${call.operation}Response`) {
      throw unreadable(`holds ${content?.name ?? "nothing"}, not m:${call.operation}Response`);
    }
    const messages = readMessages(content);
    return { content, messages, lostBefore: attempts.lost, refuse, unreadable };
  }

  #nowMs(): number {
    return (this.#options.retry.nowMs ?? Date.now)();
  }

  #failure(error: Error & { readonly code: string }, call: EwsCall, attempts: Attempts): Error {
    if (call.effect === "read") return error;
    const isCertain = attempts.last !== "lost" && !(attempts.lost && OWN_DOING.has(error.code));
    if (isCertain) return error;
    return uncertain(call, isNightlatchError(error) ? error.details : {}, error);
  }
}

/** Sends once. Where the call hands out elements, the answer is read while it arrives and never held whole. */
async function exchangeOnce(
  transport: Transport,
  request: HttpRequest,
  call: EwsCall,
): Promise<SettledResponse> {
  call.onAttempt?.();
  // Loads the XML parser while the first request is on its way.
  const loading = import("./settled-response.ts");
  if (call.streamed === undefined) {
    const received = await transport.send(request);
    return (await loading).settle(received);
  }
  const early: Uint8Array[] = [];
  let reader: AnswerReader | undefined;
  const opening = loading.then(({ AnswerReader }) => {
    const opened = new AnswerReader(call);
    for (const part of early) opened.write(part);
    reader = opened;
    return opened;
  });
  const onBodyPart = (part: Uint8Array): void => {
    if (reader === undefined) early.push(part);
    else reader.write(part);
  };
  const received = await transport.send({ ...request, onBodyPart });
  return (await loading).settleRead(received, await opening);
}

function readOrThrow(call: EwsCall, settled: SettledResponse, fail: (cause: Error) => Error): Envelope {
  try {
    return settled.read(call);
  } catch (cause) {
    // Codecs, which run while the answer is read, say by RangeError what an item lacks.
    throw cause instanceof UnreadableXml || cause instanceof RangeError ? fail(cause) : cause;
  }
}

function unreadableAnswer(
  answered: Answered,
  call: EwsCall,
  asked: Asked,
  what: string,
  cause: unknown,
): Error {
  const details = answerDetails(answered, asked);
  // The status says that the write was carried out, but not what became of it.
  if (call.effect !== "read") return uncertain(call, details, cause);
  return calendarError("CALENDAR_UNREADABLE_ANSWER", `Cannot ${call.act}: the answer ${what}`, {
    details,
    cause,
  });
}

function networkFailure(cause: unknown, call: EwsCall, asked: Asked, attempts: Attempts): unknown {
  const facts = { mailbox: call.mailbox, clientRequestId: asked.clientRequestId };
  if (call.effect !== "read" && (attempts.lost || attempts.last === "lost")) {
    return uncertain(call, facts, cause);
  }
  if (!isNightlatchError(cause)) return cause;
  return calendarError("CALENDAR_UNAVAILABLE", `Cannot ${call.act}: ${cause.message}`, {
    hint: cause.hint,
    retryable: cause.retryable,
    details: { ...cause.details, ...facts, code: cause.code },
    cause,
  });
}

function uncertain(call: EwsCall, details: Readonly<Record<string, unknown>>, cause: unknown): Error {
  return calendarError(
    "CALENDAR_WRITE_UNCERTAIN",
    `Cannot tell whether this has happened: ${call.act}; the answer was lost`,
    { details, cause },
  );
}

/** A gateway that gives up, or a server that fails half-way, may have carried the request out. */
function isAnswered(status: number): boolean {
  return status !== 408 && status < 500;
}

/** A header takes no line break and nothing beyond Latin-1; such a mailbox does not exist, and its server says so. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?");
}

async function sleepUntil(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  await wait(delayMs, undefined, signal === undefined ? {} : { signal });
}
