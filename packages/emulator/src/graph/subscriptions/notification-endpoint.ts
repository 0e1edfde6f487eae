/**
 * The addresses to which notifications go. The emulator calls nothing but this machine; certificates there are not
 * checked, because an endpoint on a developer's machine has none that anybody would know.
 */
import { randomUUID } from "node:crypto";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { EmulatorContext } from "../../host/context.ts";
import { GraphFault } from "../errors.ts";

/** How long an endpoint may take to answer a validation. */
const VALIDATION_TIMEOUT_MS = 10_000;
const LOOPBACK_HOSTS = new Set(["localhost", "127.0.0.1", "[::1]"]);
const LONGEST_ANSWER_BYTES = 65_536;

/** What an endpoint answered. */
export interface EndpointAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/**
 * Asks an endpoint whether it wants notifications, as the service does before it accepts a subscription.
 *
 * @param url - absolute URL on this machine
 * @param context - the emulator, for its notes
 * @throws {GraphFault} ValidationError
 */
export async function validateEndpoint(url: string, context: EmulatorContext): Promise<void> {
  const refuse = (reason: string): GraphFault => {
    context.note(`subscription refused for ${url}: ${reason}`);
    return new GraphFault(
      "ValidationError",
      "Subscription validation request failed. Notification endpoint must respond with 200 OK to validation request.",
    );
  };
  const address = parseLoopbackUrl(url);
  if (address === undefined) throw refuse("the emulator only calls endpoints on this machine");
  const token = `Validation: Testing client application reachability for subscription Request-Id: ${randomUUID()}`;
  address.searchParams.set("validationToken", token);
  let answer: EndpointAnswer;
  try {
    answer = await postToEndpoint(address, "", VALIDATION_TIMEOUT_MS, "text/plain; charset=utf-8");
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error));
  }
  if (answer.status !== 200) throw refuse(`it answered ${answer.status}`);
  if (!answer.contentType.startsWith("text/plain")) throw refuse(`its answer is ${answer.contentType}`);
  if (answer.text !== token) throw refuse("its answer is not the validation token, decoded");
}

/**
 * Parses an address and keeps it on this machine.
 *
 * @param url - as it was sent
 * @returns the URL, or `undefined` when it leads elsewhere
 */
export function parseLoopbackUrl(url: string): URL | undefined {
  if (!URL.canParse(url)) return undefined;
  const address = new URL(url);
  const isHttp = address.protocol === "https:" || address.protocol === "http:";
  return isHttp && LOOPBACK_HOSTS.has(address.hostname) ? address : undefined;
}

/**
 * Sends a POST to an endpoint on this machine.
 *
 * @param address - loopback URL
 * @param body - text
 * @param timeoutMs - milliseconds until the attempt counts as failed
 * @param contentType - of the body
 * @returns the answer
 * @throws {Error} when nothing answers in time
 */
export function postToEndpoint(
  address: URL,
  body: string,
  timeoutMs: number,
  contentType = "application/json; charset=utf-8",
): Promise<EndpointAnswer> {
  const send = address.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const request = send(
      address,
      {
        method: "POST",
        rejectUnauthorized: false,
        timeout: timeoutMs,
        headers: { "Content-Type": contentType, "Content-Length": Buffer.byteLength(body) },
      },
      (response) => {
        const chunks: Buffer[] = [];
        let length = 0;
        response.on("data", (chunk: Buffer) => {
          length += chunk.length;
          if (length <= LONGEST_ANSWER_BYTES) chunks.push(chunk);
        });
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            contentType: response.headers["content-type"] ?? "",
            text: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      },
    );
    request.on("timeout", () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    request.on("error", reject);
    request.end(body);
  });
}
