/** A transport that answers from a list and keeps what it was asked. */
import type { HttpRequest, HttpResponse, Transport } from "@nightlatch/oauth";

/** One answer: status with JSON or text, or a failure to throw. */
export type Scripted =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** JSON; a string is sent as it is. */
      readonly body?: unknown;
    }
  | { readonly failure: Error };

/** A transport with its record. */
export interface RecordedTransport extends Transport {
  readonly requests: HttpRequest[];
}

/**
 * @param script - answers in order, or a function from request to answer
 * @returns the transport
 */
export function recordedTransport(
  script: readonly Scripted[] | ((request: HttpRequest, index: number) => Scripted | Promise<Scripted>),
): RecordedTransport {
  const requests: HttpRequest[] = [];
  return {
    requests,
    async send(request) {
      requests.push(request);
      const index = requests.length - 1;
      const answer = typeof script === "function" ? await script(request, index) : script[index];
      if (answer === undefined) throw new Error(`No answer for request ${index + 1}: ${request.url}`);
      if ("failure" in answer) throw answer.failure;
      return respond(answer);
    },
    close: () => undefined,
  };
}

function respond(answer: Exclude<Scripted, { readonly failure: Error }>): HttpResponse {
  const text =
    typeof answer.body === "string"
      ? answer.body
      : answer.body === undefined
        ? ""
        : JSON.stringify(answer.body);
  return {
    status: answer.status,
    headers: { "content-type": "application/json", ...answer.headers },
    body: Buffer.from(text),
    text: () => text,
    json: () => JSON.parse(text),
  };
}
