/** Answers: collecting the bytes of one, and reading them. */
import type { IncomingMessage } from "node:http";
import { NightlatchError } from "@nightlatch/credential/assertion";
import { OAUTH_ERRORS } from "../errors.ts";
import type { HttpRequest, HttpResponse } from "./transport.ts";

/** An answer whose body is complete. */
export class ReceivedResponse implements HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;

  constructor(status: number, headers: Readonly<Record<string, string>>, body: Uint8Array) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  text(): string {
    const { buffer, byteOffset, byteLength } = this.body;
    const text = Buffer.from(buffer, byteOffset, byteLength).toString("utf8");
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }

  json(): unknown {
    const text = this.text();
    try {
      return JSON.parse(text);
    } catch {
      // The parser's own message quotes the text, which may be half a token: it is not carried on.
      throw new NightlatchError(
        OAUTH_ERRORS,
        "OAUTH_UNREADABLE_ANSWER",
        `Cannot read the answer: status ${this.status} with ${this.body.byteLength} bytes of ${this.headers["content-type"]?.split(";")[0] ?? "no stated type"} instead of JSON`,
        { details: { status: this.status, contentType: this.headers["content-type"] } },
      );
    }
  }

  /** Keeps bodies, which may hold tokens, out of `console.log` and `JSON.stringify`. */
  toJSON(): object {
    return { status: this.status, bodyBytes: this.body.byteLength };
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `ReceivedResponse { status: ${this.status}, body: ${this.body.byteLength} bytes }`;
  }
}

/**
 * Collects the body of an answer, or hands it on.
 *
 * @param incoming - the answer, headers complete
 * @param onBodyPart - takes the body of a 200 as it arrives
 * @param maxBytes - bound of the body
 * @param fail - called with the cause when the body cannot be completed
 * @param done - called with the complete answer
 */
export function receive(
  incoming: IncomingMessage,
  onBodyPart: HttpRequest["onBodyPart"],
  maxBytes: number,
  fail: (cause: unknown) => void,
  done: (response: ReceivedResponse) => void,
): void {
  const chunks: Buffer[] = [];
  const take =
    (incoming.statusCode === 200 ? onBodyPart : undefined) ?? ((chunk: Buffer) => void chunks.push(chunk));
  let bytes = 0;
  incoming.on("data", (chunk: Buffer) => {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) fail(new AnswerTooLarge(maxBytes));
    else take(chunk);
  });
  incoming.on("error", fail);
  incoming.once("end", () => {
    if (bytes > maxBytes) return;
    const [only] = chunks;
    const body = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
    done(new ReceivedResponse(incoming.statusCode ?? 0, flatHeaders(incoming), body));
  });
}

class AnswerTooLarge extends Error {
  readonly code = "NIGHTLATCH_TOO_LARGE";
  constructor(maxBytes: number) {
    super(`more than ${maxBytes} bytes`);
  }
}

function flatHeaders(incoming: IncomingMessage): Record<string, string> {
  const headers = incoming.headers as Record<string, string | string[]>;
  const cookies = headers["set-cookie"];
  if (Array.isArray(cookies)) headers["set-cookie"] = cookies.join(", ");
  return headers as Record<string, string>;
}
