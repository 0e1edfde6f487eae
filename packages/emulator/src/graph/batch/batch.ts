/**
 * `$batch`: up to 20 requests in one, with `dependsOn`.
 *
 * @see https://learn.microsoft.com/graph/json-batching
 */
import { randomUUID } from "node:crypto";
import type { EmulatorRequest, EmulatorResponse } from "../../host/http.ts";
import { type GraphCall, type GraphReply, isJsonObject, type JsonObject, readJsonBody } from "../call.ts";
import { GraphFault } from "../errors.ts";

const STEP_LIMIT = 20;
const METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"];

/** One step as it was sent. */
interface Step {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly dependsOn: readonly string[];
}

/** Answers one request, as if it had come alone. */
export type AnswerStep = (request: EmulatorRequest) => Promise<EmulatorResponse>;

/**
 * Runs a batch.
 *
 * @param call - the request to `$batch`
 * @param answer - answers each step
 * @returns 200 with `responses`, one for each step
 * @throws {GraphFault} when the batch itself is wrong
 */
export async function runBatch(call: GraphCall, answer: AnswerStep): Promise<GraphReply> {
  const steps = readSteps(readJsonBody(call)["requests"]);
  const running = new Map<string, Promise<JsonObject>>();
  const run = async (step: Step): Promise<JsonObject> => {
    const earlier = await Promise.all(step.dependsOn.map((id) => running.get(id.toLowerCase())));
    if (earlier.some((response) => Number(response?.["status"] ?? 500) >= 400)) return failedDependency(step);
    return formatStep(step, await answer(makeRequest(call, step)));
  };
  for (const step of steps) running.set(step.id.toLowerCase(), run(step));
  return { status: 200, body: { responses: await Promise.all(running.values()) } };
}

function readSteps(requests: unknown): Step[] {
  if (!Array.isArray(requests) || requests.length === 0)
    throw new GraphFault("BadRequest", "Invalid batch payload format.");
  if (requests.length > STEP_LIMIT) throw new GraphFault("MaximumValueExceeded");
  const steps = requests.map(readStep);
  const seen = new Set<string>();
  for (const { id, dependsOn } of steps) {
    const key = id.toLowerCase();
    if (seen.has(key))
      throw new GraphFault("BadRequest", `Request Id: ${id} is repeated. Request Ids must be unique.`);
    // Steps may only wait for earlier ones, so that no circle can arise.
    for (const other of dependsOn)
      if (!seen.has(other.toLowerCase()))
        throw new GraphFault("BadRequest", `Request Id: ${id} depends on unknown request ${other}.`);
    seen.add(key);
  }
  return steps;
}

function readStep(value: unknown): Step {
  const { id, method, url, headers, body, dependsOn } = isJsonObject(value) ? value : {};
  if (typeof id !== "string" && typeof id !== "number")
    throw new GraphFault("BadRequest", "Each request of a batch must have an id.");
  if (typeof method !== "string" || !METHODS.includes(method.toUpperCase()))
    throw new GraphFault("BadRequest", `Request Id: ${id} has no valid method.`);
  if (typeof url !== "string" || url === "" || /^https?:|^\/?\$batch/i.test(url))
    throw new GraphFault("BadRequest", `Request Id: ${id} must have a relative url.`);
  const lower = isJsonObject(headers)
    ? Object.fromEntries(Object.entries(headers).map(([name, text]) => [name.toLowerCase(), String(text)]))
    : {};
  if (body !== undefined && body !== null && lower["content-type"] === undefined)
    throw new GraphFault(
      "BadRequest",
      `Write request id : ${id} does not contain Content-Type header or body.`,
    );
  if (dependsOn !== undefined && dependsOn !== null && !Array.isArray(dependsOn))
    throw new GraphFault("BadRequest", `Request Id: ${id} has no valid dependsOn.`);
  return {
    id: String(id),
    method: method.toUpperCase(),
    url: url.startsWith("/") ? url : `/${url}`,
    headers: lower,
    body,
    dependsOn: Array.isArray(dependsOn) ? dependsOn.map(String) : [],
  };
}

function makeRequest(call: GraphCall, step: Step): EmulatorRequest {
  const { request, version } = call;
  const question = step.url.indexOf("?");
  const path = question < 0 ? step.url : step.url.slice(0, question);
  const isText = typeof step.body === "string";
  const text =
    step.body === undefined || step.body === null ? "" : isText ? step.body : JSON.stringify(step.body);
  return {
    ...request,
    id: randomUUID(),
    method: step.method,
    path: `/${version}${path}`,
    query: new URLSearchParams(question < 0 ? "" : step.url.slice(question + 1)),
    headers: {
      authorization: request.headers.authorization,
      "client-request-id": request.headers["client-request-id"],
      ...step.headers,
    },
    body: Buffer.from(String(text)),
  };
}

function formatStep(step: Step, response: EmulatorResponse): JsonObject {
  const headers: Record<string, string> = {};
  for (const name of ["Content-Type", "Retry-After", "Location", "Preference-Applied", "OData-Version"]) {
    const value = response.headers?.[name];
    if (value !== undefined) headers[name] = String(value);
  }
  const text = response.body === undefined ? "" : Buffer.from(response.body).toString("utf8");
  return {
    id: step.id,
    status: response.status,
    headers: { "Cache-Control": "private", ...headers },
    ...(text === "" ? {} : { body: parseBody(text) }),
  };
}

/** What is not JSON travels as base64. */
function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return Buffer.from(text).toString("base64");
  }
}

function failedDependency(step: Step): JsonObject {
  return {
    id: step.id,
    status: 424,
    headers: { "Content-Type": "application/json" },
    body: {
      error: {
        code: "FailedDependency",
        message: `Request Id: ${step.id} failed because a request that it depends on failed.`,
      },
    },
  };
}
